"""How cold is the gas of the accumulator while a leak expands it? Its energy balance, between keeping its heat and sharing the wall's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts, volume_ratio

__all__ = ["LAG_AS_IT_GROWS", "begun_ratio", "cooling_s", "expanding_K", "follow"]

#: The lag of a gas that expands is known to this beyond what the quiet stretch shows (1-sigma of its logarithm): the film at the wall thins with
#: the gas, h about as the root of its density, while the wall grows.
LAG_AS_IT_GROWS = Cited(0.15, unit="", source="whipple_judgement", grade="proposal")


def follow(value: Array, step_s: float, lag_s: float, start: npt.ArrayLike) -> Array:
    """First-order lag of `value` (..., n) that runs straight between its values, from `start` (...,) on.

    >>> follow(np.array([0.0, 1.0, 2.0]), 1.0, 1e-3, 0.0).round(2).tolist()
    [0.0, 1.0, 2.0]
    """
    keep = np.exp(-step_s / lag_s)
    mean = (1 - keep) * lag_s / step_s
    old, new = mean - keep, 1 - mean
    first = np.broadcast_to(np.asarray(start, float), value.shape[:-1])[..., None]
    return np.asarray(lfilter([new, old], [1, -keep], value, zi=first - new * value[..., :1])[0])


def expanding_K(
    law: GasLaw, facts: LoopFacts, liquid_K: Array, lost: Array, begun: tuple[float, Array | float, float]
) -> Array:
    """Temperature of the gas (..., n) while `lost` (..., n) over its volume at charge goes, and the liquid is at `liquid_K` (n,).

    `begun`: its temperature at the first step in a loop that keeps tight, the ratio to that at which it begins, the step [s]. Balance of
    heat: Tg v^k follows Tl v^k with the lag (see `GasLaw`); between isothermal (k 0, or much slower than the lag) and adiabatic.

    >>> law = GasLaw(3e5, 0.0132, 1500.0, np.zeros(1), 400.0, 293.0, np.zeros(4), 0.0, 0.0, 0.1, np.zeros(2), np.zeros((4, 4)), 0.4)
    >>> at_once = expanding_K(law, LoopFacts(), np.full(2, 293.0), np.array([0.0, 1.0]), (293.0, 1.0, 1.0))
    >>> round(float(at_once[1]), 1), round(293.0 / 2**0.4, 1)
    (222.1, 222.1)
    """
    tight_K, ratio, step_s = begun
    power = volume_ratio(law, facts, liquid_K, lost) ** law.cools_ratio
    warm = liquid_K * power
    return follow(warm, step_s, law.lag_s, tight_K * ratio * power[..., 0]) / power


def cooling_s(law: GasLaw, age_s: Array) -> Array:
    """What a gas that cools adds to the age of an even leak, for small leaks (same shape): the pressure falls as rate x (age + this).

    >>> law = GasLaw(3e5, 0.0132, 1500.0, np.zeros(1), 400.0, 293.0, np.zeros(4), 0.0, 0.0, 0.1, np.zeros(2), np.zeros((4, 4)), 0.4)
    >>> cooling_s(law, np.array([15.0, 1e5])).round(1).tolist()
    [6.0, 600.0]
    """
    return np.asarray(-law.cools_ratio * law.lag_s * np.expm1(-age_s / law.lag_s))


def begun_ratio(law: GasLaw, lost: npt.ArrayLike, rate_per_s: npt.ArrayLike) -> Array:
    """Temperature of the gas over that in a tight loop when `lost` has gone and `rate_per_s` goes (over the volume at charge), as if at that rate
    since it began; broadcasts."""
    lost, rate = np.asarray(lost, float), np.maximum(np.asarray(rate_per_s, float), 0.0)
    age_s = np.maximum(lost, 0.0) / np.maximum(rate, 1e-12)
    return np.asarray(1 / (1 + rate / (1 + np.maximum(lost, 0.0)) * cooling_s(law, age_s)))
