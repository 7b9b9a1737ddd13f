"""From a hole to its history: pressure-fed while the accumulator pushes, then vapour-driven, then vapour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from whipple.errors import RangeError
from whipple.leak.accumulator import (
    Kind,
    driven_time,
    pressure_integral,
    pressure_ratio,
    reach_at_pressure,
    volume_ratio,
)
from whipple.leak.orifice import characteristic_speed_m_s, liquid_flow_kg_s, liquid_thrust_N
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["CHOKED_DISCHARGE_RATIO", "LeakLaw", "leak_law"]

#: Sharp orifice, gas into vacuum: W = 1.533 (DSMC) over the ideal choked 1.8203 (sheet 4).
CHOKED_DISCHARGE_RATIO = Cited(0.842, unit="", source="sharipov", grade="computed")


@dataclass(frozen=True)
class LeakLaw:
    """One loop, one hole, constant temperature. Each number is a float, or an array of draws that broadcasts against time.

    `stiffness_volume_m3` is the gas volume at charge (kind "gas") or p0/k (kind "spring"); `pushed_volume_m3` what the
    accumulator can push; `drain_s` the time scale of the vapour left when the liquid is gone. Times count from the onset.
    From `second_s` on a second hole adds `second_ratio` times the area of the first: everything that follows runs faster by one and
    the same factor, so the closed forms hold on a clock of the first hole (`_clock_s`).
    """

    kind: Kind
    area_m2: Any
    discharge_ratio: Any
    velocity_ratio: Any
    density_kg_m3: Any
    pressure_Pa: Any
    vapour_pressure_Pa: Any
    inventory_m3: Any
    pushed_volume_m3: Any
    stiffness_volume_m3: Any
    polytropic_ratio: Any
    drain_s: Any
    second_s: Any = np.inf
    second_ratio: Any = 0.0

    def _clock_s(self, elapsed_s: Any) -> Any:
        """How long the first hole alone would have taken to come as far."""
        time = np.asarray(elapsed_s, dtype=float)
        return time + self.second_ratio * np.maximum(time - self.second_s, 0.0) if np.any(self.second_ratio) else time

    def _when_s(self, clock_s: Any) -> Any:
        """The time at which the clock of the first hole shows this."""
        if not np.any(self.second_ratio):
            return clock_s
        return clock_s - self.second_ratio / (1 + self.second_ratio) * np.maximum(clock_s - self.second_s, 0.0)

    @property
    def time_scale_s(self) -> Any:
        """tau = S / (Cd A sqrt(2 p0/rho))."""
        speed = np.sqrt(2 * self.pressure_Pa / self.density_kg_m3)
        return self.stiffness_volume_m3 / (self.discharge_ratio * self.area_m2 * speed)

    @property
    def driven_volume_m3(self) -> Any:
        """Volume pushed out before the accumulator is at its stop, the loop empty, or the pressure down at the vapour pressure."""
        end = self.vapour_pressure_Pa / self.pressure_Pa
        boiling = self.stiffness_volume_m3 * reach_at_pressure(self.kind, end, self.polytropic_ratio)
        return np.minimum(np.minimum(self.pushed_volume_m3, self.inventory_m3), boiling)

    @property
    def driven_s(self) -> Any:
        """Duration of the pressure-fed phase."""
        return self._when_s(self._driven_s)

    @property
    def _driven_s(self) -> Any:
        """The same on the clock of the first hole."""
        leaked = self.driven_volume_m3 / self.stiffness_volume_m3
        return self.time_scale_s * driven_time(self.kind, leaked, self.polytropic_ratio)

    @property
    def end_pressure_Pa(self) -> Any:
        """Pressure just before the accumulator stops pushing."""
        return self.pressure_Pa * pressure_ratio(self.kind, self._driven_s / self.time_scale_s, self.polytropic_ratio)

    @property
    def tail_flow_kg_s(self) -> Any:
        """Flow while the liquid's own vapour drives it: Cd A sqrt(2 rho psat)."""
        return liquid_flow_kg_s(self.area_m2, self.discharge_ratio, self.density_kg_m3, self.vapour_pressure_Pa)

    @property
    def tail_s(self) -> Any:
        """Duration of the vapour-driven tail."""
        return self.empty_s - self.driven_s if np.any(self.second_ratio) else self._tail_s

    @property
    def _tail_s(self) -> Any:
        left = self.density_kg_m3 * (self.inventory_m3 - self.driven_volume_m3)
        return left / self.tail_flow_kg_s

    @property
    def empty_s(self) -> Any:
        """Time from the onset until the liquid is gone."""
        return self._when_s(self._driven_s + self._tail_s)

    @property
    def driven_impulse_Ns(self) -> Any:
        """Impulse of the pressure-fed phase, 2 Cd Cv A times the integral of p."""
        reached = self._driven_s / self.time_scale_s
        return self.thrust_at_onset_N * self.time_scale_s * pressure_integral(self.kind, reached, self.polytropic_ratio)

    @property
    def impulse_Ns(self) -> Any:
        """Impulse of the whole leak; the vapour after the liquid is left out (below 1 %)."""
        return self.driven_impulse_Ns + self._thrust(self.vapour_pressure_Pa) * self._tail_s

    @property
    def thrust_at_onset_N(self) -> Any:
        """Reaction force at the onset, 2 Cd Cv A p0."""
        return self._thrust(self.pressure_Pa)

    def _thrust(self, pressure_Pa: Any) -> Any:
        return liquid_thrust_N(self.area_m2, self.discharge_ratio, self.velocity_ratio, pressure_Pa)

    def pressure_at_Pa(self, elapsed_s: Any) -> Any:
        """Loop pressure, seconds after the onset (negative: before it)."""
        time, end = self._clock_s(elapsed_s), self._driven_s
        inside = np.clip(time, 0.0, end)
        driven = self.pressure_Pa * pressure_ratio(self.kind, inside / self.time_scale_s, self.polytropic_ratio)
        venting = self.vapour_pressure_Pa * np.exp(-np.maximum(time - end - self._tail_s, 0.0) / self.drain_s)
        return np.where(time < end, driven, venting)

    def pressure_sum_Pa_s(self, elapsed_s: Any) -> Any:
        """Integral of the pressure from the onset [Pa s], for the mean over a bin of samples; negative before the onset."""
        time = np.asarray(elapsed_s, dtype=float)
        if not np.any(self.second_ratio):
            return self._clock_sum_Pa_s(time)
        before = self._clock_sum_Pa_s(np.minimum(time, self.second_s))
        return before + (self._clock_sum_Pa_s(self._clock_s(time)) - before) / (1 + self.second_ratio)

    def _clock_sum_Pa_s(self, time: Any) -> Any:
        end, lasting = self._driven_s, self._tail_s
        inside = np.clip(time, 0.0, end) / self.time_scale_s
        driven = self.pressure_Pa * self.time_scale_s * pressure_integral(self.kind, inside, self.polytropic_ratio)
        tail = np.clip(time - end, 0.0, lasting)
        vented = self.drain_s * -np.expm1(-np.maximum(time - end - lasting, 0.0) / self.drain_s)
        return np.minimum(time, 0.0) * self.pressure_Pa + driven + self.vapour_pressure_Pa * (tail + vented)

    def volume_gone_m3(self, elapsed_s: Any) -> Any:
        """Volume of liquid lost."""
        time, end = self._clock_s(elapsed_s), self._driven_s
        inside = np.clip(time, 0.0, end) / self.time_scale_s
        driven = self.stiffness_volume_m3 * volume_ratio(self.kind, inside, self.polytropic_ratio)
        tail = np.clip(time - end, 0.0, self._tail_s) * self.tail_flow_kg_s / self.density_kg_m3
        return driven + tail

    def mass_gone_kg(self, elapsed_s: Any) -> Any:
        """Mass of liquid lost."""
        return self.density_kg_m3 * self.volume_gone_m3(elapsed_s)

    def flow_at_kg_s(self, elapsed_s: Any) -> Any:
        """Flow of liquid; zero before the onset and after the end."""
        flow = liquid_flow_kg_s(self.area_m2, self.discharge_ratio, self.density_kg_m3, self.pressure_at_Pa(elapsed_s))
        return np.where(self._flowing(elapsed_s), flow * self._open(elapsed_s), 0.0)

    def thrust_at_N(self, elapsed_s: Any) -> Any:
        """Reaction force of the liquid jet; zero before the onset and after the end."""
        return np.where(
            self._flowing(elapsed_s), self._thrust(self.pressure_at_Pa(elapsed_s)) * self._open(elapsed_s), 0.0
        )

    def time_to_lose_s(self, share_frac: float) -> Any:
        """Time from the onset until this share of the inventory is gone."""
        wanted = share_frac * self.inventory_m3
        driven = np.minimum(wanted, self.driven_volume_m3)
        pushed = self.time_scale_s * driven_time(self.kind, driven / self.stiffness_volume_m3, self.polytropic_ratio)
        return self._when_s(pushed + (wanted - driven) * self.density_kg_m3 / self.tail_flow_kg_s)

    def _open(self, elapsed_s: Any) -> Any:
        """Open area over that of the first hole."""
        return np.where(np.asarray(elapsed_s) >= self.second_s, 1 + self.second_ratio, 1.0)

    def _flowing(self, elapsed_s: Any) -> Any:
        return (np.asarray(elapsed_s) >= 0) & (np.asarray(elapsed_s) < self.empty_s)


def _refuse(where: str, value: float, argument: str, expected: str, remedy: str) -> None:
    raise RangeError(where, argument, f"{value:g}", expected, remedy)


def leak_law(
    fluid: Fluid, temperature_K: float, *, diameter_m: float, discharge_ratio: float, velocity_ratio: float = 1.0,
    pressure_Pa: float, inventory_m3: float, gas_volume_m3: float, pushed_volume_m3: float, polytropic_ratio: float = 1.0,
    density_kg_m3: float | None = None, pipe_m: float | None = None,
) -> LeakLaw:  # fmt: skip
    """The law of one gas-loaded loop of a known fluid, with its input checked.

    Raises RangeError for an empty loop, no hole, a hole wider than its pipe, a start below the vapour pressure, or a coefficient above 1.

    >>> from whipple.physics.fluids import fluid
    >>> law = leak_law(fluid("isooctane"), 293.15, diameter_m=0.8e-3, discharge_ratio=0.61, pressure_Pa=3.04e5,
    ...                inventory_m3=44e-3, gas_volume_m3=4e-3, pushed_volume_m3=40e-3)
    >>> round(float(law.driven_s) / 3600, 2), round(float(law.tail_s) / 3600, 2)
    (2.89, 0.94)
    """
    vapour = fluid.vapour_pressure_Pa(float(temperature_K))
    for value, name in ((diameter_m, "diameter_m"), (inventory_m3, "inventory_m3"), (gas_volume_m3, "gas_volume_m3")):
        if not value > 0:
            _refuse("leak", value, name, "a value above zero", "a loop without it cannot leak: check the input")
    if pipe_m is not None and diameter_m > pipe_m:
        _refuse("leak", diameter_m, "diameter_m", f"at most the bore of the pipe, {pipe_m:g} m", "check both diameters")
    for value, name, most in (
        (discharge_ratio, "discharge_ratio", 1.0), (velocity_ratio, "velocity_ratio", 1.0), (polytropic_ratio, "polytropic_ratio", 5 / 3),
    ):  # fmt: skip
        if not 0 < value <= most + 1e-9:
            _refuse("leak", value, name, f"above zero, at most {most:.3g}", "check the sign, and that it is a ratio")
    if not pushed_volume_m3 >= 0:
        _refuse("leak", pushed_volume_m3, "pushed_volume_m3", "zero or more", "check the sign")
    if pressure_Pa <= vapour:
        remedy = "at this pressure the loop boils already: check pressure and temperature"
        _refuse("leak", pressure_Pa, "pressure_Pa", f"above the vapour pressure, {vapour:.0f} Pa", remedy)
    area = np.pi / 4 * diameter_m**2
    speed = characteristic_speed_m_s(fluid.gas_constant_J_kgK, temperature_K, fluid.heat_capacity_ratio)
    drain = inventory_m3 / (CHOKED_DISCHARGE_RATIO * area * speed)
    rho = fluid.density_kg_m3(float(temperature_K)) if density_kg_m3 is None else density_kg_m3
    return LeakLaw(
        "gas", area, discharge_ratio, velocity_ratio, rho, pressure_Pa, vapour, inventory_m3, pushed_volume_m3,
        gas_volume_m3, polytropic_ratio, drain,
    )  # fmt: skip
