"""How long is left? First the accumulator drives the leak, then the vapour of what remains."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["empty_after_s", "until_lost_s"]


def until_lost_s(
    rate_per_s: npt.ArrayLike,
    lost_ratio: npt.ArrayLike,
    goal_ratio: npt.ArrayLike,
    pushed_ratio: npt.ArrayLike,
    vapour_ratio: npt.ArrayLike,
) -> Array:
    """Seconds an orifice takes from `lost_ratio` to `goal_ratio`; everything broadcasts. 0 where that much is gone.

    Volumes over the gas volume at charge: `rate_per_s` the loss at the pressure at charge, `pushed_ratio` what the accumulator can push;
    `vapour_ratio` vapour pressure over the pressure at charge. Isothermal gas: dx/dt = rate/sqrt(1 + x) until x = pushed, then the rate is
    rate sqrt(vapour) (telemetry.md 5.4).

    >>> round(float(until_lost_s(2.276e-3, 0.0, 5.5, 1.0, 1 / 60)) / 3600, 2)
    4.4
    """
    rate, lost, goal, pushed = (np.asarray(x, float) for x in (rate_per_s, lost_ratio, goal_ratio, pushed_ratio))
    start, stop = np.minimum(lost, pushed), np.minimum(goal, pushed)
    driven = ((1 + stop) ** 1.5 - (1 + start) ** 1.5) / (1.5 * rate)
    slow = (np.maximum(goal, pushed) - np.maximum(lost, pushed)) / (rate * np.sqrt(vapour_ratio))
    return np.asarray(np.maximum(driven, 0.0) + np.maximum(slow, 0.0))


def empty_after_s(rate_per_s: Array, held_ratio: Array, pushed_ratio: Array, vapour_ratio: Array) -> Array:
    """Seconds from the opening of an orifice to the last liquid `held_ratio`; see `until_lost_s`. Not above `pushed_ratio` = `held_ratio`.

    >>> round(float(empty_after_s(np.array(2.276e-3), np.array(11.0), np.array(1.0), np.array(1 / 60))) / 3600, 1)
    9.6
    """
    if np.any(np.asarray(pushed_ratio) > np.asarray(held_ratio)):
        raise RangeError("time to empty", "pushed volume", "more than the inventory", "at most the inventory")
    return until_lost_s(rate_per_s, 0.0, held_ratio, pushed_ratio, vapour_ratio)
