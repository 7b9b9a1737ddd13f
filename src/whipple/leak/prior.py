"""What is known of the loop before its record is read, in coordinates that the record fixes one by one.

The record fixes K = S/(Cd A), and where it shows them, how long the accumulator pushes and how long the tail lasts. What it shows is a
coordinate of its own; the volumes, and with them the diameter, follow. What it does not show is known by volumes only, and then the volume
is the coordinate. In the other one the posterior would be a narrow bent ridge. An accumulator that still pushes when the record ends can
push more than it has by then: how much more is the coordinate, for at a stop inside the record the likelihood falls off a cliff that no
search climbs back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.leak.accumulator import Kind, pressure_ratio, volume_ratio
from whipple.leak.forward import CHOKED_DISCHARGE_RATIO, LeakLaw
from whipple.leak.orifice import characteristic_speed_m_s
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["EXPONENT_PLACE", "POLYTROPIC", "LoopPrior", "Scored", "loosened", "score"]

_Z90 = NormalDist().inv_cdf(0.95)

#: Diameters considered: a log-uniform prior between these.
SMALLEST_HOLE_M = Cited(0.05e-3, unit="m", source="leak_sheet", grade="proposal")
LARGEST_HOLE_M = Cited(20e-3, unit="m", source="leak_sheet", grade="proposal")
#: 1-sigma of the natural logarithm of the time scale of the vapour that leaves last (its volume is poorly known).
DRAIN_NAT = Cited(0.5, unit="", source="leak_sheet", grade="proposal")
#: Polytropic exponent of a gas charge: near isothermal, because leaks last hours; 1.4 would be adiabatic.
POLYTROPIC = Given(1.05, 0.9, 1.25, "", "leak_sheet")
#: Where a draw holds the logarithm of that exponent (see `LoopPrior.SIZE`).
EXPONENT_PLACE = 6
#: What a spring bellows pushes over p0/k: its end pressure over its start is uniform between 0.05 and 0.9.
SPRING_REACH = (0.1, 0.95)
_BEND = 0.5
#: Width over which the logarithm of what an accumulator could still push is bent, and the least of it (in these widths) that a search starts with.
_SPARE_NAT, _LEAST_SPARE = 0.25, 0.1
_PUSHED_PLACE = 3
_EDGE_NAT = 0.02  # softness of the ends of a flat prior


def _scale(given: Given) -> tuple[bool, float, float, float]:
    """Logarithmic or linear, the middle, and the 1-sigma widths below and above; never narrower than 0.1 %."""
    if given.low > 0:
        down, up = np.log(given.value / given.low) / _Z90, np.log(given.high / given.value) / _Z90
        return True, float(np.log(given.value)), max(float(down), 1e-3), max(float(up), 1e-3)
    least = 1e-3 * max(1.0, abs(given.value))
    return (
        False,
        given.value,
        max((given.value - given.low) / _Z90, least),
        max((given.high - given.value) / _Z90, least),
    )


def score(given: Given, coordinate: Array) -> tuple[Array, Array, Array]:
    """Value, residual and density of a quantity at a coordinate (its natural log if positive, else the quantity itself).

    The prior is the split normal that `Given.draw` draws from: residual in sigmas, and the natural log of the density lost on
    the wider side. Beyond six sigma the value is held while the residual goes on.

    >>> value, residual, density = score(Given(2.0, 1.0, 4.0, "m"), np.log(np.array([2.0, 4.0])))
    >>> value.round(6).tolist(), residual.round(4).tolist(), density.tolist()
    ([2.0, 4.0], [0.0, 1.6449], [0.0, 0.0])
    """
    logarithmic, middle, down, up = _scale(given)
    width = np.where(coordinate > middle, up, down)
    residual = (coordinate - middle) / width
    held = middle + np.clip(residual, -6.0, 6.0) * width
    return (np.exp(held) if logarithmic else held), residual, np.log(min(down, up) / width)


def loosened(given: Given, factor: float) -> Given:
    """The same quantity as if hardly anything were known of it: the range widened to at least a factor either way.

    >>> loosened(Given(4.0, 3.0, 5.0, "m3"), 10.0).high
    40.0
    """
    return replace(given, low=min(given.low, given.value / factor), high=max(given.high, given.value * factor))


@dataclass(frozen=True)
class Scored:
    """A batch of draws as physics: the law (columns (n, 1)), the onset, the bias of the pressure, the diameter.

    The prior is exp(-1/2 sum `residual_nat`^2 + `density_nat`), shapes (n, m) and (n,).
    """

    law: LeakLaw
    onset_s: Array
    bias_Pa: Array
    diameter_m: Array
    residual_nat: Array
    density_nat: Array


@dataclass(frozen=True)
class LoopPrior:
    """Everything that goes into the law, as Givens; the diameter alone is free between `smallest_m` and `largest_m`."""

    kind: Kind
    fluid: Fluid
    discharge: Given
    velocity: Given
    gas_volume: Given
    pushed_volume: Given
    inventory: Given
    pressure: Given
    temperature: Given
    onset: Given
    bias: Given
    largest_m: float
    smallest_m: float = SMALLEST_HOLE_M
    stop_seen: bool = True
    end_seen: bool = True
    #: Until when the record shows the accumulator push (s after the epoch), where it does not show the stop.
    pushes_until_s: float | None = None

    #: Numbers in a draw: ln K [m]; ln of the pressure-fed time [s] if the record shows the stop, else ln S [m3]; ln of the tail's time
    #: [s] (bent: `_tail_nat`) if it shows the end, else ln of the inventory [m3]; then pushed volume (bent, over what has been pushed by
    #: `pushes_until_s` where that is given: `_pushed_nat`), discharge, pressure, exponent, onset, bias, temperature (natural log where
    #: positive), ln of the drain factor.
    SIZE = 11

    def middle(self, length_nat: float, driven_nat: float, tail_nat: float) -> Array:
        """The draw in the middle of the prior with these three numbers, the times in ln s (11,)."""
        rest = [_scale(given)[1] for given in self._givens()]
        short = max(length_nat + self._usual_tail_nat() - tail_nat, 0.0)
        bent = tail_nat + short - (np.sqrt(1 + 4 * _BEND * short) - 1) / (2 * _BEND)
        density = self.fluid.density_kg_m3(self.temperature.value)
        vapour = self.fluid.vapour_pressure_Pa(self.temperature.value)
        tau = np.exp(length_nat) * np.sqrt(density / (2 * self.pressure.value))
        stiffness = self.pushed_volume.value / float(
            self._reach(np.exp(driven_nat) / tau, np.asarray(POLYTROPIC.value))[0]
        )
        tail = stiffness * np.exp(tail_nat - length_nat) * np.sqrt(2 * vapour / density)
        second = driven_nat if self.stop_seen else float(np.log(stiffness))
        third = bent if self.end_seen else float(np.log(self.pushed_volume.value + tail))
        return np.asarray(self.still_pushing(np.array([[length_nat, second, third, *rest, 0.0]]))[0])

    def still_pushing(self, draws: Array) -> Array:
        """The same draws (n, 11) with the pushed volume in the middle of its range, or just above what `pushes_until_s` asks for."""
        if self.pushes_until_s is None:
            return draws
        spare = (np.log(self.pushed_volume.value) - self._least_nat(draws)) / _SPARE_NAT
        spare = np.maximum(spare, _LEAST_SPARE)
        moved = draws.copy()
        moved[:, [_PUSHED_PLACE]] = _SPARE_NAT * (spare + np.log(-np.expm1(-spare)))
        return moved

    def _least_nat(self, draws: Array) -> Array:
        """ln of the volume that the accumulator has pushed by `pushes_until_s` (n, 1), with the hole of each draw (n, 11)."""
        given = dict(enumerate(self._givens(), _PUSHED_PLACE))
        pressure, polytropic, onset, temperature = (score(given[at], draws[:, [at]])[0] for at in (5, 6, 7, 9))
        elapsed = (self.pushes_until_s or 0.0) - onset
        speed = np.sqrt(2 * pressure / self.fluid.density_kg_m3(temperature))
        reach, _ = self._reach(elapsed * speed / np.exp(np.clip(draws[:, :1], -30.0, 30.0)), polytropic)
        return np.asarray(draws[:, 1:2] + np.log(reach))

    def _pushed_nat(self, draws: Array) -> tuple[Array, Array]:
        """ln of the pushed volume (n, 1), and the residual whose half square is minus the ln of its slope against the coordinate.

        Where the accumulator still pushes at `pushes_until_s` its volume is w ln(1 + exp(u/w)) above what has gone by then, u the
        coordinate. The slope counts as a residual, so that a search sees the end of the slope and does not run along it.
        """
        bent = draws[:, [_PUSHED_PLACE]]
        if self.pushes_until_s is None:
            return bent, np.zeros_like(bent)
        spare = _SPARE_NAT * np.logaddexp(0.0, bent / _SPARE_NAT)
        return self._least_nat(draws) + spare, np.sqrt(2 * np.logaddexp(0.0, -bent / _SPARE_NAT))

    def _usual_tail_nat(self) -> float:
        """ln of a usual duration of the tail over K [s/m]: of the volumes in the middle of their ranges."""
        density, vapour = (
            self.fluid.density_kg_m3(self.temperature.value),
            self.fluid.vapour_pressure_Pa(self.temperature.value),
        )
        stiffness = self.gas_volume.value if self.kind == "gas" else 2 * self.pushed_volume.value
        left = max(self.inventory.value - self.pushed_volume.value, 0.1 * self.inventory.value)
        return float(np.log(left / stiffness * np.sqrt(density / (2 * vapour))))

    def _tail_nat(self, length_nat: Array, bent_nat: Array) -> tuple[Array, Array]:
        """ln of the tail's time and its logarithmic slope. A tail of nothing is possible, so that its logarithm reaches far to the left:
        below a usual length the coordinate is bent quadratically, and the posterior in it falls off like a normal there."""
        short = np.maximum(length_nat + self._usual_tail_nat() - bent_nat, 0.0)
        return bent_nat - _BEND * short**2, 1 + 2 * _BEND * short

    def _givens(self) -> tuple[Given, ...]:
        known = (self.pushed_volume, self.discharge, self.pressure, POLYTROPIC)
        return (*known, self.onset, self.bias, self.temperature)

    def scored(self, draws: Array) -> Scored:
        """Draws (n, 11) as a law, with the prior's residuals and density."""
        column = [draws[:, [index]] for index in range(self.SIZE)]
        pushed_nat, pushes = self._pushed_nat(draws)
        scores = [score(given, part) for given, part in zip(self._givens(), [pushed_nat, *column[4:10]], strict=True)]
        pushed, discharge, pressure, polytropic, onset, bias, temperature = (value for value, _, _ in scores)
        tail_nat, bend = self._tail_nat(column[0], column[2])
        length, second, third = (np.exp(np.clip(part, -30.0, 30.0)) for part in column[:3])
        density, vapour = self.fluid.density_kg_m3(temperature), self.fluid.vapour_pressure_Pa(temperature)
        if self.stop_seen:
            steps = second / (length * np.sqrt(density / (2 * pressure)))
            reach, sharpness = self._reach(steps, polytropic)
            stiffness = pushed / reach
        else:
            stiffness, reach, sharpness, steps = second, pushed / second, np.ones_like(second), np.zeros_like(second)
        opening = stiffness / length
        area = opening / discharge
        if self.end_seen:
            tail = opening * np.exp(np.clip(tail_nat, -30.0, 30.0)) * np.sqrt(2 * vapour / density)
            inventory, slope = pushed + tail, bend * tail / (pushed + tail)
        else:
            inventory, slope = third, np.ones_like(third)
        drain = self._drain_s(inventory, area) * np.exp(np.clip(column[10], -5, 5))
        law = LeakLaw(
            self.kind, area, discharge, self.velocity.value, density, pressure, vapour, inventory, pushed, stiffness, polytropic, drain
        )  # fmt: skip
        scores.append(score(self.inventory, np.log(inventory)))
        scores.append(self._accumulator(stiffness, reach, steps))
        diameter = np.sqrt(4 / np.pi * area)
        dry = np.maximum(np.log(pushed / inventory), 0.0) / _EDGE_NAT  # the stroke is part of the inventory
        others = (column[10] / DRAIN_NAT, self._outside(np.log(diameter)), dry, pushes)
        residuals = [*(part for _, part, _ in scores), *others]
        weight = np.log(slope) + np.log(sharpness) + sum(part for _, _, part in scores)
        return Scored(law, onset, bias, diameter, np.concatenate(residuals, axis=1), weight[:, 0])

    def _reach(self, steps: Array, polytropic: Array) -> tuple[Array, Array]:
        """Pushed volume over S after `steps` = t/tau, and its logarithmic slope (the Jacobian of volume against time)."""
        held = np.clip(steps, 1e-6, 1.999 if self.kind == "spring" else None)
        reach = volume_ratio(self.kind, held, polytropic)
        slope = np.sqrt(pressure_ratio(self.kind, held, polytropic))
        return reach, slope * held / reach

    def _accumulator(self, stiffness: Array, reach: Array, steps: Array) -> tuple[Array, Array, Array]:
        """The accumulator's prior: its gas volume, or for a spring its reach, uniform (softly ended)."""
        if self.kind == "gas":
            return score(self.gas_volume, np.log(stiffness))
        low, high = SPRING_REACH
        over = np.maximum(steps - 1.99, 0.0) + np.maximum(reach - high, 0.0) + np.maximum(low - reach, 0.0)
        return stiffness, over / _EDGE_NAT, np.log(reach / high)

    def evidence_offset_nat(self) -> float:
        """The constant of the accumulator's prior that residuals leave out; needed to compare gas with spring."""
        if self.kind == "gas":  # the density of `score` is 0 on the narrower side
            return -float(np.log(np.sqrt(2 * np.pi) * min(_scale(self.gas_volume)[2:])))
        low, high = SPRING_REACH
        return float(np.log(high / (high - low)))

    def _outside(self, diameter_nat: Array) -> Array:
        low, high = np.log(self.smallest_m), np.log(self.largest_m)
        return np.asarray((np.maximum(diameter_nat - high, 0.0) + np.maximum(low - diameter_nat, 0.0)) / _EDGE_NAT)

    def _drain_s(self, inventory_m3: Array, area_m2: Array) -> Array:
        ratio, middle_K = self.fluid.heat_capacity_ratio, self.temperature.value
        speed = characteristic_speed_m_s(self.fluid.gas_constant_J_kgK, middle_K, ratio)
        return inventory_m3 / (CHOKED_DISCHARGE_RATIO * area_m2 * speed)
