"""What would the sensors of a loop say? A loop with a gas accumulator, seeded: leaks of every kind, faults of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.telemetry.faults import Fault, disturb, heat_K, pumped_Pa
from whipple.telemetry.sequential import WatchedChannel

__all__ = ["LEAKS", "Leak", "Plant", "Sensors", "SimulatedLoop", "simulate_loop"]

LEAKS = ("constant", "orifice")


@dataclass(frozen=True)
class Plant:
    """The loop of telemetry.md 5.1 (every number there is an assumption): liquid, gas of the accumulator, temperatures.

    `gas_lag_s` is the lag of the gas behind the liquid at an even volume, m cv/(h A); `heat_ratio` cp/cv of the gas: above 1 it cools as it
    expands and warms as the liquid swells. 1 is the gas of the sheet, which does neither; nitrogen 1.4.
    """

    inventory_m3: float = 44e-3
    density_kg_m3: float = 690.0
    expansion_per_K: float = 1.2e-3
    gas_m3: float = 4e-3
    pushed_m3: float = 4e-3
    pressure_Pa: float = 3e5
    vapour_Pa: float = 5e3
    temperature_K: float = 293.0
    swing_K: tuple[float, float] = (3.0, 1.2)
    orbit_s: float = 5560.0
    walk_K: float = 0.004
    gas_lag_s: float = 1500.0
    heat_ratio: float = 1.0

    @property
    def inventory_kg(self) -> float:
        """The liquid before anything leaks."""
        return self.inventory_m3 * self.density_kg_m3


@dataclass(frozen=True)
class Sensors:
    """What is measured how well (telemetry.md 5.1); `paths` name the multiplexer of each pressure, each temperature, flow and the two others."""

    cadence_s: float = 10.0
    bias_Pa: float = 1000.0
    noise_Pa: float = 400.0
    step_Pa: float = 5e5 / 255
    temperature_noise_K: float = 0.1
    temperature_step_K: float = 0.3
    temperature_offset_K: float = 0.2
    drift_Pa_day: float = 0.0
    paths: tuple[str, ...] = ("A", "B", "A", "A", "B", "B", "A", "B")


@dataclass(frozen=True)
class Leak:
    """A hole: "constant" loses `rate_kg_s`; "orifice" starts at `rate_kg_s` and follows the root of the pressure through both regimes.

    It grows evenly over `opening_s` and is closed at `stop_s`. `changes` are (when [s], times the first rate from then on).
    """

    onset_s: float
    rate_kg_s: float
    kind: str = "constant"
    opening_s: float = 0.0
    stop_s: float = np.inf
    changes: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class SimulatedLoop:
    """Readings `value` (n_channel, n) of `channels` at `t_s` (n,), and the truth: pressure, temperatures, mass lost, its rate (n,)."""

    channels: tuple[WatchedChannel, ...]
    t_s: Array
    value: Array
    true_Pa: Array
    liquid_K: Array
    gas_K: Array
    lost_kg: Array


def simulate_loop(
    days: float = 1.0,
    *,
    seed: int,
    plant: Plant | None = None,
    sensors: Sensors | None = None,
    leak: Leak | None = None,
    faults: Sequence[Fault] = (),
) -> SimulatedLoop:
    """Sensor readings of a loop over `days`, and what was true; the same seed gives the same loop, with or without a leak or faults.

    Channels: three pressures [Pa], two liquid temperatures [K], the pump's flow [m3/s], and two of other systems, on two multiplexers. The gas
    keeps its energy, dTg/dt = (Tl - Tg)/lag - (k - 1) Tg dln(Vg)/dt with k = `heat_ratio`, and is not measured. Liquid
    V = m/(rho (1 - b (T - T0))), gas p = n R Tg/Vg; once `pushed_m3` has left the accumulator the vapour pressure drives what is left
    (telemetry.md 5.1, 5.4).

    Raises RangeError for a leak of a kind that is not in `LEAKS`, or a fault that is not in `faults.FAULTS`.

    >>> leaking = simulate_loop(0.25, seed=1, leak=Leak(onset_s=10800.0, rate_kg_s=3.04e-5))
    >>> leaking.value.shape, round(float(leaking.lost_kg[-1]), 2), round(float(leaking.true_Pa[-1]), -2)
    ((8, 2160), 0.33, 273100.0)
    """
    plant, sensors = plant or Plant(), sensors or Sensors()
    t_s = np.arange(0.0, days * 86400.0, sensors.cadence_s)
    rng = np.random.default_rng([seed, 53])
    liquid_K = _liquid_K(plant, t_s, rng) + heat_K(faults, t_s, "thermal transient")
    gas_K = _lagged(liquid_K, sensors.cadence_s, plant.gas_lag_s) + heat_K(faults, t_s, "gas thermal")
    lost_kg, true_Pa, gas_K = _drain(plant, leak, t_s, liquid_K, gas_K)
    value = _read(sensors, plant, t_s, true_Pa, liquid_K, pumped_Pa(faults, t_s), rng)
    value = disturb(value, _channels(sensors), t_s, faults, rng)
    return SimulatedLoop(_channels(sensors), t_s, value, true_Pa, liquid_K, gas_K, lost_kg)


def _channels(sensors: Sensors) -> tuple[WatchedChannel, ...]:
    rows = [(f"pressure_{i}", "Pa", "pressure", sensors.step_Pa) for i in (1, 2, 3)]
    rows += [(f"temperature_{i}", "K", "temperature", sensors.temperature_step_K) for i in (1, 2)]
    rows += [("flow", "m3/s", "flow", 1e-6), ("other_1", "V", "other", 0.1), ("other_2", "K", "other", 0.1)]
    loops = ["loop"] * 6 + [""] * 2
    return tuple(
        WatchedChannel(name, unit, measures, loop, path, step)
        for (name, unit, measures, step), loop, path in zip(rows, loops, sensors.paths, strict=True)
    )


def _liquid_K(plant: Plant, t_s: Array, rng: np.random.Generator) -> Array:
    phase = rng.uniform(0, 2 * np.pi)
    angle = 2 * np.pi * t_s / plant.orbit_s
    step_s = t_s[1] - t_s[0]
    walk = np.cumsum(rng.normal(0, plant.walk_K * np.sqrt(step_s / 10), t_s.size))
    walk -= 0.5 * walk[-1] * np.arange(t_s.size) / t_s.size
    swing = plant.swing_K[0] * np.sin(angle + phase) + plant.swing_K[1] * np.sin(2 * angle + 2.1 * phase)
    return np.asarray(plant.temperature_K + swing + walk)


def _lagged(value: Array, step_s: float, lag_s: float) -> Array:
    """First-order lag that starts at the first value; a run-in of the swing is not known."""
    keep = np.exp(-step_s / lag_s)
    return np.asarray(lfilter([1 - keep], [1, -keep], value, zi=[keep * value[0]])[0])


def _drain(plant: Plant, leak: Leak | None, t_s: Array, liquid_K: Array, even_K: Array) -> tuple[Array, Array, Array]:
    """Mass lost, pressure, temperature of the gas; `even_K` (n,) is what that would be at an even volume. An orifice is marched."""
    lost, step_s = np.zeros(t_s.size), float(t_s[1] - t_s[0])
    if leak is not None and leak.kind not in LEAKS:
        raise RangeError("simulate_loop", "leak.kind", leak.kind, f"one of: {', '.join(LEAKS)}")
    if leak is not None and leak.kind == "constant":
        begin = int(np.searchsorted(t_s, leak.onset_s))
        lost[begin:] = np.minimum(_steady_kg(leak, t_s[begin:]), plant.inventory_kg)
    gas_K = even_K + _expanded_K(plant, step_s, liquid_K, _volume_ratio(plant, lost, liquid_K))
    if leak is not None and leak.kind == "orifice":
        lost, gas_K = _marched(plant, leak, t_s, liquid_K, even_K, gas_K)
    return lost, _pressure_Pa(plant, lost, liquid_K, gas_K), gas_K


def _marched(
    plant: Plant, leak: Leak, t_s: Array, liquid_K: Array, even_K: Array, tight_K: Array
) -> tuple[Array, Array]:
    """Mass lost through an orifice and the temperature of the gas, in Heun steps from the onset; `tight_K` is that without a leak."""
    lost, gas_K, step_s, most = np.zeros(t_s.size), tight_K.copy(), float(t_s[1] - t_s[0]), plant.inventory_kg
    power, (keep, old, new) = plant.heat_ratio - 1, _held(step_s, plant.gas_lag_s)
    even, gone = _followed(plant, step_s, liquid_K), 0.0

    def heat(mass: float, i: int) -> float:
        return float(_volume_ratio(plant, np.array(mass), liquid_K[i])) ** power if power else 1.0

    begin = max(int(np.searchsorted(t_s, leak.onset_s)), 1)
    stored = (gas_K[begin - 1] - even_K[begin - 1] + even[begin - 1]) * heat(0.0, begin - 1)
    for i in range(begin, t_s.size):
        here_s = min(step_s, t_s[i] - leak.onset_s)
        p0 = _pressure_Pa(plant, np.array(gone), liquid_K[i - 1], gas_K[i - 1])
        rate = _rate_kg_s(plant, leak, t_s[i] - here_s, float(p0))
        carried, guess = keep * stored + old * liquid_K[i - 1] * heat(gone, i - 1), min(gone + rate * here_s, most)
        trial_K = even_K[i] - even[i] + carried / heat(guess, i) + new * liquid_K[i]
        p1 = _pressure_Pa(plant, np.array(guess), liquid_K[i], trial_K)
        gone = min(gone + here_s * (rate + _rate_kg_s(plant, leak, float(t_s[i]), float(p1))) / 2, most)
        stored = carried + new * liquid_K[i] * heat(gone, i)
        lost[i], gas_K[i] = gone, even_K[i] - even[i] + stored / heat(gone, i)
    return lost, gas_K


def _held(step_s: float, lag_s: float) -> tuple[float, float, float]:
    """Shares of the last value, of the last input and of the new input in a first-order lag of an input that runs straight in between."""
    keep = float(np.exp(-step_s / lag_s))
    mean = (1 - keep) * lag_s / step_s
    return keep, mean - keep, 1 - mean


def _followed(plant: Plant, step_s: float, value: Array) -> Array:
    """First-order lag (n,) of an input that runs straight between its values."""
    keep, old, new = _held(step_s, plant.gas_lag_s)
    return np.asarray(lfilter([new, old], [1, -keep], value, zi=[(keep + old) * value[0]])[0])


def _expanded_K(plant: Plant, step_s: float, liquid_K: Array, volume_ratio: Array) -> Array:
    """How much warmer the gas is for the change of its volume (n,): Tg Vg^(k-1) follows Tl Vg^(k-1) with the lag."""
    power = volume_ratio ** (plant.heat_ratio - 1)
    return np.asarray(_followed(plant, step_s, liquid_K * power) / power - _followed(plant, step_s, liquid_K))


def _volume_ratio(plant: Plant, lost_kg: Array, liquid_K: Array) -> Array:
    """The gas over its volume at charge; no more than to the stop of the accumulator."""
    most = 1 + plant.pushed_m3 / plant.gas_m3
    return np.asarray(np.minimum(_gas_m3(plant, lost_kg, liquid_K) / plant.gas_m3, most))


def _steady_kg(leak: Leak, t_s: Array) -> Array:
    """Mass lost at a constant rate that grows in over `opening_s` and stops at `stop_s`."""
    open_s = np.minimum(t_s, leak.stop_s) - leak.onset_s
    slow = open_s**2 / (2 * leak.opening_s) if leak.opening_s else open_s
    grown = np.where(open_s < leak.opening_s, slow, open_s - leak.opening_s / 2)
    before = 1.0
    for at_s, factor in leak.changes:
        grown = grown + (factor - before) * np.maximum(np.minimum(t_s, leak.stop_s) - at_s, 0.0)
        before = factor
    return np.asarray(leak.rate_kg_s * grown)


def _rate_kg_s(plant: Plant, leak: Leak, t_s: float, pressure_Pa: float) -> float:
    if t_s >= leak.stop_s or t_s < leak.onset_s:
        return 0.0
    share = min((t_s - leak.onset_s) / leak.opening_s, 1.0) if leak.opening_s else 1.0
    share *= next((factor for at_s, factor in reversed(leak.changes) if t_s >= at_s), 1.0)
    return leak.rate_kg_s * share * float(np.sqrt(pressure_Pa / plant.pressure_Pa))


def _gas_m3(plant: Plant, lost_kg: Array, liquid_K: Array) -> Array:
    warm = 1 - plant.expansion_per_K * (liquid_K - plant.temperature_K)
    liquid_m3 = (plant.inventory_kg - lost_kg) / (plant.density_kg_m3 * warm)
    return np.asarray(plant.gas_m3 + plant.inventory_m3 - liquid_m3)


def _pressure_Pa(plant: Plant, lost_kg: Array, liquid_K: Array, gas_K: Array) -> Array:
    gas_m3 = _gas_m3(plant, lost_kg, liquid_K)
    driven = plant.pressure_Pa * (gas_K / plant.temperature_K) * plant.gas_m3 / gas_m3
    return np.where(gas_m3 >= plant.gas_m3 + plant.pushed_m3, plant.vapour_Pa, driven)


def _read(
    sensors: Sensors, plant: Plant, t_s: Array, true_Pa: Array, liquid_K: Array, pumped: Array, rng: np.random.Generator
) -> Array:
    """Readings before faults: bias, noise, drift and rounding of each sensor; `pumped` (4, n) what the pump adds to pressures and flow."""
    rows, n = [], t_s.size
    for i in range(3):
        bias = rng.normal(0, sensors.bias_Pa) + rng.normal(0, 1) * sensors.drift_Pa_day * t_s / 86400.0
        rows.append(_rounded(true_Pa + pumped[i] + bias + rng.normal(0, sensors.noise_Pa, n), sensors.step_Pa))
    for offset in (0.0, sensors.temperature_offset_K):
        noise = rng.normal(0, sensors.temperature_noise_K, n)
        rows.append(_rounded(liquid_K + offset + noise, sensors.temperature_step_K))
    rows.append(_rounded(1e-4 * (1 + pumped[3]) + rng.normal(0, 1e-6, n), 1e-6))
    rows.append(_rounded(28.3 + rng.normal(0, 0.1, n), 0.1))
    rows.append(_rounded(296.0 + 0.3 * np.sin(2 * np.pi * t_s / 86400.0) + rng.normal(0, 0.1, n), 0.1))
    return np.array(rows)


def _rounded(value: Array, step: float) -> Array:
    return np.asarray(np.round(value / step) * step)
