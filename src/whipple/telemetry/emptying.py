"""How long is left? First the accumulator drives the leak, then the vapour of what remains."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.telemetry.leak_posterior import LeakPosterior

__all__ = ["empty_after_s", "time_to_empty"]


def empty_after_s(rate_per_s: Array, held_ratio: Array, pushed_ratio: Array, vapour_ratio: Array) -> Array:
    """Seconds from the opening of an orifice to the last liquid; everything broadcasts.

    Volumes over the gas volume at charge: `rate_per_s` the first loss, `held_ratio` the liquid, `pushed_ratio` what the accumulator can
    push; `vapour_ratio` vapour pressure over the pressure at charge. Isothermal gas: dx/dt = rate/sqrt(1 + x) until x = pushed, then the
    rate is rate sqrt(vapour) (telemetry.md 5.4). Not above `pushed_ratio` = `held_ratio`.

    >>> round(float(empty_after_s(np.array(2.276e-3), np.array(11.0), np.array(1.0), np.array(1 / 60))) / 3600, 1)
    9.6
    """
    if np.any(np.asarray(pushed_ratio) > np.asarray(held_ratio)):
        raise RangeError("time to empty", "pushed volume", "more than the inventory", "at most the inventory")
    driven = ((1 + pushed_ratio) ** 1.5 - 1) / (1.5 * rate_per_s)
    return np.asarray(driven + (held_ratio - pushed_ratio) / (rate_per_s * np.sqrt(vapour_ratio)))


def time_to_empty(
    post: LeakPosterior,
    inventory_m3: Given,
    gas_m3: Given,
    pushed_m3: Given,
    vapour_ratio: Given,
    rng: np.random.Generator,
) -> Estimate:
    """When the last liquid leaves [s], on the clock of the onset, from draws of the posterior (its orifice law) and of what is given."""
    mine = np.array([name == "orifice" for name in post.law])
    if not mine.any():
        raise RangeError("time to empty", "law", sorted(set(post.law)), "a posterior that tried the orifice law")
    weight = np.where(mine, post.weight_prob, 0.0)
    count = 20000
    pick = rng.choice(weight.size, count, p=weight / weight.sum())
    gas = gas_m3.draw(rng, count)
    held = inventory_m3.draw(rng, count) / gas
    pushed = np.minimum(pushed_m3.draw(rng, count) / gas, held)
    after = empty_after_s(post.rate_per_s[pick], held, pushed, np.minimum(vapour_ratio.draw(rng, count), 1.0))
    return Estimate.from_samples(post.onset_s[pick] + after, "s")
