"""How long is left? First the accumulator drives the leak, then the vapour of what remains."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["empty_after_s", "until_lost_s"]

_STEPS = 48


def until_lost_s(
    rate_per_s: npt.ArrayLike,
    lost_ratio: npt.ArrayLike,
    goal_ratio: npt.ArrayLike,
    pushed_ratio: npt.ArrayLike,
    vapour_ratio: npt.ArrayLike,
    gas: tuple[float, float] = (0.0, np.inf),
) -> Array:
    """Seconds an orifice takes from `lost_ratio` to `goal_ratio`; everything broadcasts. 0 where that much is gone.

    Volumes over the gas volume at charge: `rate_per_s` the loss at the pressure at charge, `pushed_ratio` what the accumulator can push;
    `vapour_ratio` vapour pressure over the pressure at charge. dx/dt = rate sqrt(T/(1 + x)) until x = pushed, then the rate is
    rate sqrt(vapour) (telemetry.md 5.4). `gas` is cp/cv - 1 of the accumulator's gas and its lag [s]: T, over the temperature of the wall, falls
    as it expands (`gas_cooling.expanding_K`), having leaked at this rate so far. cp/cv 1, the default, keeps it warm: a closed form.

    >>> round(float(until_lost_s(2.276e-3, 0.0, 5.5, 1.0, 1 / 60)) / 3600, 2)
    4.4
    >>> float(until_lost_s(2.0, 0.0, 1.0, 2.0, 0.01, (0.4, 1e9)).round(4)) == round((2**1.7 - 1) / 1.7 / 2, 4)  # adiabatic: leak_and_dynamics 3.3
    True
    """
    rate, lost, goal, pushed = (np.asarray(x, float) for x in (rate_per_s, lost_ratio, goal_ratio, pushed_ratio))
    start, stop = np.minimum(lost, pushed), np.minimum(goal, pushed)
    driven = (
        ((1 + stop) ** 1.5 - (1 + start) ** 1.5) / (1.5 * rate) if gas[0] == 0 else _driven_s(rate, start, stop, gas)
    )
    slow = (np.maximum(goal, pushed) - np.maximum(lost, pushed)) / (rate * np.sqrt(vapour_ratio))
    return np.asarray(np.maximum(driven, 0.0) + np.maximum(slow, 0.0))


def _driven_s(rate: Array, start: Array, stop: Array, gas: tuple[float, float]) -> Array:
    """From `start` to `stop` while a gas that cools drives it: even steps of what would grow evenly in a warm one."""
    cools, lag_s = gas
    grown = (1 + start) ** 1.5
    step = ((1 + np.maximum(stop, start)) ** 1.5 - grown) / _STEPS
    age_s = (grown - 1) / (1.5 * rate)
    volume, cooling = 1 + start, -cools * lag_s * np.expm1(-age_s / lag_s)
    warm = 1 / (1 + rate / volume**1.5 * cooling)
    stored, took = warm * volume**cools, np.zeros(np.broadcast_shapes(rate.shape, start.shape, stop.shape))
    for _ in range(_STEPS):
        after = (grown + step) ** (2 / 3)
        middle = ((volume + after) / 2) ** cools
        along = step / (1.5 * rate * np.sqrt(warm))
        for _ in range(2):
            keep = np.exp(-along / lag_s)
            then = (keep * stored + (1 - keep) * middle) / after**cools
            along = step / (1.5 * rate * np.sqrt((warm + then) / 2))
        stored, warm, volume, grown, took = keep * stored + (1 - keep) * middle, then, after, grown + step, took + along
    return took


def empty_after_s(rate_per_s: Array, held_ratio: Array, pushed_ratio: Array, vapour_ratio: Array) -> Array:
    """Seconds from the opening of an orifice to the last liquid `held_ratio`; see `until_lost_s`. Not above `pushed_ratio` = `held_ratio`.

    >>> round(float(empty_after_s(np.array(2.276e-3), np.array(11.0), np.array(1.0), np.array(1 / 60))) / 3600, 1)
    9.6
    """
    if np.any(np.asarray(pushed_ratio) > np.asarray(held_ratio)):
        raise RangeError("time to empty", "pushed volume", "more than the inventory", "at most the inventory")
    return until_lost_s(rate_per_s, 0.0, held_ratio, pushed_ratio, vapour_ratio)
