"""What should the pressure be at this temperature? Gas law, expanding liquid, a gas that lags and cools as it expands: learned on quiet data."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares
from scipy.signal import lfilter

from whipple.casefile.estimate import Array
from whipple.errors import EvidenceError
from whipple.physics.cited import Cited
from whipple.telemetry.quantised import code_prob, score_information

__all__ = [
    "LEAST_VOLUME",
    "GasLaw",
    "LoopFacts",
    "followed_K",
    "lagged_K",
    "learn_gas_law",
    "predicted_Pa",
    "volume_ratio",
]

#: Before anything is learned: the lag of the gas (1-sigma of its logarithm), and cp/cv - 1 of the gas: 0 keeps its temperature, nitrogen 0.4.
#: The quiet swing shows both; where it does not, they stay this wide.
LAG_S = Cited(1500.0, unit="s", source="whipple_judgement", grade="proposal")
_LAG_SIGMA = 1.0
COOLS_RATIO = Cited(0.2, unit="", source="whipple_judgement", grade="proposal", sigma=0.2)
_RUN_IN_S, _FEWEST_COUNT, _ROUNDS = 7200.0, 400, 3
_LEAST_HEARD_FRAC, _SILENT_S = 0.6, 600.0
#: However hot a broken thermometer says the liquid is, some gas is left.
LEAST_VOLUME = 0.01
_NOISE_SHARES = np.geomspace(0.05, 2.0, 40)


@dataclass(frozen=True)
class LoopFacts:
    """What is known of the loop beforehand: expansion of the liquid, period of the orbit, what the pressures count in, clock step."""

    expansion_per_K: float = 1.2e-3
    orbit_s: float = 5560.0
    step_Pa: float = 5e5 / 255
    cadence_s: float = 10.0


@dataclass(frozen=True)
class GasLaw:
    """p = P0 (Tg/T0)/v, v = 1 - c D/(1 - b D), D = Tl - T0: `level_Pa` P0, `couple_per_K` c = V b/Vg; and how it is seen.

    The gas keeps its energy: Tg v^k follows Tl v^k with the lag `lag_s`, k = cp/cv - 1 = `cools_ratio`.

    `bias_Pa` (n_sensor,) of each sensor against P0, `noise_Pa` before rounding; liquid temperature: `temperature_K` T0, `swing_K` (4,) of sin and cos
    of the orbit and of twice it, at `zero_s`; `walk_K` per step, `reading_K` the 1-sigma of the fused reading. `known_ratio2` (4, 4) covariance
    of the relative errors of level, coupling and lag, and of the error of `cools_ratio`; `expands_sigma_ratio` of the expansion of the liquid.
    """

    level_Pa: float
    couple_per_K: float
    lag_s: float
    bias_Pa: Array
    noise_Pa: float
    temperature_K: float
    swing_K: Array
    zero_s: float
    walk_K: float
    reading_K: float
    offset_K: Array
    known_ratio2: Array
    cools_ratio: float = 0.0
    expands_sigma_ratio: float = 0.0

    @property
    def held_sigma_ratio(self) -> float:
        """Relative 1-sigma of the inventory over the gas volume: of the coupling, and of the expansion of the liquid."""
        return float(np.hypot(np.sqrt(self.known_ratio2[1, 1]), self.expands_sigma_ratio))

    def to_plain(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in asdict(self).items()}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> GasLaw:
        """Back from `to_plain`."""
        state: dict[str, Any] = {k: np.array(v, float) if isinstance(v, list) else v for k, v in plain.items()}
        return cls(**state)


def predicted_Pa(law: GasLaw, facts: LoopFacts, liquid_K: Array, gas_K: Array) -> Array:
    """Pressure of the tight loop at these temperatures, same shape."""
    return _pressure((law.level_Pa, law.couple_per_K), law.temperature_K, facts, liquid_K, gas_K)


def _pressure(told: tuple[float, float], zero_K: float, facts: LoopFacts, liquid_K: Array, gas_K: Array) -> Array:
    return np.asarray(told[0] * (gas_K / zero_K) / _volume_ratio(told[1], liquid_K - zero_K, facts))


def _volume_ratio(couple_per_K: float, warm_K: Array, facts: LoopFacts) -> Array:
    return np.maximum(1 - couple_per_K * warm_K / (1 - facts.expansion_per_K * warm_K), LEAST_VOLUME)


def volume_ratio(law: GasLaw, facts: LoopFacts, liquid_K: Array, lost_ratio: Array | float = 0.0) -> Array:
    """Volume of the gas over that at charge when `lost_ratio` of it has leaked; broadcasts."""
    swell = 1 - _volume_ratio(law.couple_per_K, liquid_K - law.temperature_K, facts)
    return np.asarray(1 - swell * (1 - lost_ratio * (facts.expansion_per_K / law.couple_per_K)) + lost_ratio)


def _gas_K(told: tuple[float, float, float], zero_K: float, facts: LoopFacts, liquid_K: Array) -> Array:
    """Gas temperature (n,) of a tight loop: coupling, lag and cp/cv - 1 `told`; in balance at its first value."""
    power = _volume_ratio(told[0], liquid_K - zero_K, facts) ** told[2]
    return np.asarray(lagged_K(liquid_K * power, facts.cadence_s, told[1]) / power)


def lagged_K(liquid_K: Array, cadence_s: float, lag_s: float) -> Array:
    """The gas: a first-order lag of the liquid (n,), begun at its first value.

    >>> lagged_K(np.full(3, 290.0), 10.0, 1500.0).tolist()
    [290.0, 290.0, 290.0]
    """
    keep = np.exp(-cadence_s / lag_s)
    return np.asarray(lfilter([1 - keep], [1, -keep], liquid_K, zi=[keep * liquid_K[0]])[0])


def learn_gas_law(t_s: Array, pressure_Pa: Array, temperature_K: Array, facts: LoopFacts) -> GasLaw:
    """Learn every number of the law from a quiet stretch: `pressure_Pa` (n_sensor, n), `temperature_K` (n_thermometer, n), even clock `t_s`.

    The first two hours only run the gas in. Raises EvidenceError with fewer than 400 complete steps after that, or where a
    sensor is heard at less than 60 % of the steps.
    """
    heard = float(np.isfinite(np.vstack([pressure_Pa, temperature_K])).mean(axis=1).min())
    if heard < _LEAST_HEARD_FRAC:
        missing = f"readings of every sensor at most steps (one is heard at {100 * heard:.0f} %)"
        raise EvidenceError("Is it leaking?", missing, "choose a step no shorter than the time between readings")
    offset = np.nanmean(temperature_K - temperature_K[0], axis=1)
    offset = offset - offset.mean()
    fused = _fused(t_s, temperature_K - offset[:, None])
    spread = temperature_K - offset[:, None] - fused
    reading = _reading_K(spread)
    zero_K, swing, rest = _swing(t_s, fused, facts)
    walk = _walk_K(rest, reading)
    ahead = _followed(rest, walk, reading)
    liquid = fused - rest + _followed(ahead[::-1], walk, reading)[::-1]
    used = (t_s >= t_s[0] + _RUN_IN_S) & np.isfinite(pressure_Pa).all(axis=0) & ~_silent(t_s, temperature_K)
    if used.sum() < _FEWEST_COUNT:
        raise EvidenceError(
            "Is it leaking?", f"{_FEWEST_COUNT} quiet steps with every sensor", "watch it for a day first"
        )
    start = GasLaw(
        float(pressure_Pa[:, used].mean()), 0.01, float(LAG_S), pressure_Pa[:, used].mean(axis=1) - pressure_Pa[:, used].mean(),
        facts.step_Pa / 4, zero_K, swing, float(t_s[0]), walk, reading, offset, np.zeros((4, 4)), float(COOLS_RATIO),
    )  # fmt: skip
    return _refine(start, facts, pressure_Pa, liquid, used)


def _fused(t_s: Array, temperature_K: Array) -> Array:
    """Mean of the thermometers that are heard (n,), straight across the steps where none is."""
    heard = np.isfinite(temperature_K)
    known = heard.any(axis=0)
    mean = np.where(heard, temperature_K, 0.0).sum(axis=0)[known] / heard.sum(axis=0)[known]
    return np.asarray(np.interp(t_s, t_s[known], mean))


def _silent(t_s: Array, temperature_K: Array) -> npt.NDArray[np.bool_]:
    """Steps (n,) in a long silence of every thermometer, and those in which the gas runs in again after it."""
    heard_s, out = t_s[np.isfinite(temperature_K).any(axis=0)], np.zeros(t_s.size, bool)
    for i in np.flatnonzero(np.diff(heard_s) > _SILENT_S):
        out |= (t_s > heard_s[i]) & (t_s < heard_s[i + 1] + _RUN_IN_S)
    return out


def followed_K(t_s: Array, temperature_K: Array, law: GasLaw, facts: LoopFacts) -> tuple[Array, Array]:
    """Liquid and gas temperature (n,) as a causal filter follows them over the quiet stretch that `law` was learned on."""
    fused = _fused(t_s, temperature_K - law.offset_K[:, None])
    _, _, rest = _swing(t_s, fused, facts)
    liquid = fused - rest + _followed(rest, law.walk_K, law.reading_K)
    return liquid, _gas_K((law.couple_per_K, law.lag_s, law.cools_ratio), law.temperature_K, facts, liquid)


def _reading_K(spread: Array) -> float:
    """1-sigma of the mean of the thermometers, from how they differ; from neighbours in time when there is only one."""
    count = spread.shape[0]
    if count == 1:
        raise EvidenceError("Is it leaking?", "second thermometer", "give two liquid temperatures of the loop")
    sigma = float(np.sqrt(np.nansum(spread**2) / np.isfinite(spread[0]).sum() / (count - 1) / count))
    if not sigma > 0:
        missing = "thermometers that scatter (they agree to the last digit at every step)"
        raise EvidenceError("Is it leaking?", missing, "give two that are read on their own, over a day with a swing")
    return sigma


def _swing(t_s: Array, fused: Array, facts: LoopFacts) -> tuple[float, Array, Array]:
    """Mean, sin and cos of the orbit and of twice it, and what is left."""
    angle = 2 * np.pi * (t_s - t_s[0]) / facts.orbit_s
    slope = (t_s - t_s.mean()) / max(float(np.ptp(t_s)), 1.0)
    waves = np.stack([np.ones(t_s.size), np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle), slope], 1)
    fit = np.linalg.lstsq(waves, fused, rcond=None)[0]
    return float(fit[0]), fit[1:5], fused - waves[:, :5] @ fit[:5]


def _gain(walk: float, reading: float) -> tuple[float, float]:
    """Steady gain of a level that walks, read with noise, and the variance of what is predicted."""
    ahead = (walk**2 + np.sqrt(walk**4 + 4 * walk**2 * reading**2)) / 2
    return ahead / (ahead + reading**2), ahead + reading**2


def _followed(rest: Array, walk: float, reading: float) -> Array:
    gain, _ = _gain(walk, reading)
    start = [(1 - gain) * float(rest[:60].mean())]
    return np.asarray(lfilter([gain], [1, gain - 1], rest, zi=start)[0])


def _walk_K(rest: Array, reading: float) -> float:
    """The walk a step that makes the readings likeliest."""
    best, walk = -np.inf, reading
    for share in np.geomspace(1e-3, 1.0, 40):
        _, variance = _gain(share * reading, reading)
        missed = (rest[1:] - _followed(rest, share * reading, reading)[:-1])[60:]
        fit = -0.5 * float((missed**2).mean()) / variance - 0.5 * np.log(variance)
        if fit > best:
            best, walk = fit, share * reading
    return float(walk)


def _refine(law: GasLaw, facts: LoopFacts, pressure_Pa: Array, liquid: Array, used: Array) -> GasLaw:
    """Level, coupling and lag by least squares on what the codes say, then biases and noise by likelihood; a few rounds."""
    target, weight = pressure_Pa.mean(axis=0), np.ones(liquid.size)
    for _ in range(_ROUNDS):
        law = _fit(law, facts, target, weight, liquid, used)
        gas = _gas_K((law.couple_per_K, law.lag_s, law.cools_ratio), law.temperature_K, facts, liquid)
        tight = predicted_Pa(law, facts, liquid, gas)
        law = _see(law, facts, pressure_Pa[:, used] - tight[used])
        off = pressure_Pa - tight - law.bias_Pa[:, None]
        slope, information = score_information(off, facts.step_Pa, law.noise_Pa)
        weight = information.sum(axis=0)
        target = tight + slope.sum(axis=0) / weight
    return law


def _fit(law: GasLaw, facts: LoopFacts, target: Array, weight: Array, liquid: Array, used: Array) -> GasLaw:
    """Level, coupling, lag and cp/cv - 1 (0 or more: no gas heats itself as it expands) by least squares; where the readings do not show the
    last two, what is held beforehand."""
    swells = (1 + law.cools_ratio) * law.couple_per_K, 1 / law.temperature_K - law.cools_ratio * law.couple_per_K
    slow_Pa = law.level_Pa * (swells[0] + abs(swells[1])) * law.reading_K
    unsure = np.hypot(slow_Pa, facts.step_Pa / 4) / 1e3

    def missed(x: Array) -> Array:
        gas = _gas_K((x[1], float(LAG_S * np.exp(x[2])), x[3]), law.temperature_K, facts, liquid)
        off = target - _pressure((law.level_Pa * (1 + x[0]), x[1]), law.temperature_K, facts, liquid, gas)
        held = np.array([x[2] / _LAG_SIGMA, (x[3] - COOLS_RATIO) / float(COOLS_RATIO.sigma or 1.0)]) * unsure
        return np.concatenate([(off * np.sqrt(weight / weight.mean()))[used] / 1e3, held])

    start = [0.0, law.couple_per_K, np.log(law.lag_s / LAG_S), max(law.cools_ratio, 1e-3)]
    least = ([-np.inf, -np.inf, -np.inf, 0.0], np.inf)
    answer = least_squares(missed, start, x_scale=[1e-4, 1e-4, 0.1, 0.01], bounds=least)
    found, slope = answer.x, np.asarray(answer.jac)
    spread = 2 * answer.cost / used.sum() + (slow_Pa / 1e3) ** 2
    scale = np.array([1.0, float(found[1]), 1.0, 1.0])
    return replace(
        law,
        level_Pa=law.level_Pa * (1 + float(found[0])),
        couple_per_K=float(found[1]),
        lag_s=float(LAG_S * np.exp(found[2])),
        cools_ratio=float(found[3]),
        known_ratio2=np.linalg.inv(slope.T @ slope) * spread / np.outer(scale, scale),
    )


def _see(law: GasLaw, facts: LoopFacts, off: Array) -> GasLaw:
    """Noise and biases that make the codes likeliest; `off` (n_sensor, n) reading less tight pressure."""
    bias = law.bias_Pa
    noise = law.noise_Pa
    for _ in range(3):
        slope, information = score_information(off - bias[:, None], facts.step_Pa, noise)
        bias = bias + slope.sum(axis=1) / information.sum(axis=1)
        noise = _likeliest_Pa(off - bias[:, None], facts.step_Pa)
    return replace(law, bias_Pa=bias, noise_Pa=noise)


def _likeliest_Pa(off: Array, step_Pa: float) -> float:
    """The noise that makes the codes likeliest, of `_NOISE_SHARES` of the step: one maximum, closed in on from both sides."""

    @functools.cache
    def fit(i: int) -> float:
        return float(np.log(np.maximum(code_prob(off, step_Pa, step_Pa * _NOISE_SHARES[i]), 1e-9)).sum())

    low, high = 0, _NOISE_SHARES.size - 1
    while high - low > 2:
        third = (high - low) // 3
        low, high = (low + third, high) if fit(low + third) < fit(high - third) else (low, high - third)
    return float(step_Pa * _NOISE_SHARES[max(range(low, high + 1), key=fit)])
