"""How many rays does each facet need? Two looks at every facet tell how far its rate is to be trusted; parts that are not sure enough get more.

Both looks use as many origins, at other places on every facet, so that their difference is the noise of either; the sums
themselves get the origins of both. Where a part is noisier than asked, its origins are shared out again by what each facet adds to that
noise, and the part is looked at once more, as far as the budget of rays goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from whipple.casefile.estimate import Array
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Looked", "Origins", "facet_order", "joined_looks", "looked_at", "origins_needed"]

#: First look: origins a facet at least (where there are few facets so many in all, up to a limit), and per square metre.
LEAST, IN_ALL, MOST_AT_FIRST, PER_M2 = 1, 10_000, 8, 0.5
#: No facet gets more than this a square metre in a look, and none more than so many unless its area asks for it.
MOST_PER_M2, MOST = 32.0, 32.0
#: Origins of a whole look: at most so many, or so many times those of the first.
BUDGET, BUDGET_ratio = 60_000, 1.0
#: Rounds of asking again, and the share of the noise asked for that is aimed at.
ROUNDS, AIMED = 5, 0.7
#: The variance of a facet's rate falls as origins to this power (geometry sheet 3.1: rms error as k**-0.6); two looks together have this.
FALL = 1.2
BOTH = 2.0**-FALL
#: A part below this share of the whole vehicle is held to the noise of one that carries it.
MINOR = 0.01
#: What the mean of its part counts beside a facet's own difference: one difference alone says little. Lit facets that agree get less.
POOLED, AGREED = 0.2, 0.05

#: `rate(count, number)`: what counts, for every facet (n_facet,), from `count` (n_facet,) origins on each, those of the `number`-th look.
Looked = Callable[[Array, int], Array]


@dataclass(frozen=True)
class Origins:
    """Origins that the sums need on every facet `count` (n_facet,), the noise they leave in each part's sum `spread_frac` (n_part,) (1 sigma
    over the sum), and the origins used up to find that out. `looks` (2, n_facet) are the rates that the two looks found, each with half of
    `count`."""

    count: Array
    spread_frac: Array
    used_count: int
    looks: Array = field(default_factory=lambda: np.zeros((2, 0)))


def facet_order(facet_count: int, number: int) -> npt.NDArray[np.int64]:
    """The order in which facets stand in the `number`-th look. (facet_count,)

    Where a facet stands decides where on it its rays start (`vehicle.sampling`). Shuffled, no look knows of another's places, and a row of
    like facets does not err the same way.
    """
    return np.random.default_rng(number).permutation(facet_count)


def looked_at(scene: Surfaces, count: Array, order: npt.NDArray[np.int64]) -> Surfaces:
    """The same scene, its facets in this order, with `count` (n_facet,) origins a facet, for `exposure_sums(..., origins_per_facet=1,
    origins_per_m2=1)`, whose rows then stand in this order too.

    A facet without any has no normal, so that no ray starts there, but still stands in the way of others.
    """
    normal = scene.normal_body * (count > 0)[:, None]
    return replace(
        scene,
        triangle=scene.triangle[order],
        normal_body=normal[order],
        area_m2=count[order],
        centroid_m=scene.centroid_m[order],
        part_index=scene.part_index[order],
    )


def origins_needed(scene: Surfaces, group: Array, rate: Looked, noise_frac: float) -> Origins:
    """Origins that leave at most `noise_frac` (1 sigma) in the sum of each part, or in `MINOR` of its group where that is more.

    `group` (n_part,) numbers the parts whose totals may be compared: punctures are not compared with strikes.
    """
    area, part, parts = scene.area_m2, scene.part_index, len(scene.parts)
    least = min(max(LEAST, IN_ALL // max(len(area), 1)), MOST_AT_FIRST)
    count = np.ceil(np.maximum(least, PER_M2 * area))
    budget = max(BUDGET, BUDGET_ratio * float(count.sum()))
    chosen, used = np.ones(len(area), dtype=bool), 0
    one, other = np.zeros(len(area)), np.zeros(len(area))
    for left in range(ROUNDS - 1, -1, -1):
        asked = np.where(chosen, count, 0.0)
        one = np.where(chosen, rate(asked, 0), one)
        other = np.where(chosen, rate(asked, 1), other)
        used += int(2 * asked.sum())
        variance = BOTH * (one - other) ** 2 / 2 * area**2
        whole = np.bincount(part, (one + other) / 2 * area, minlength=parts)
        noise = np.sqrt(np.bincount(part, variance, minlength=parts))
        wanted = noise_frac * np.maximum(whole, MINOR * np.bincount(group, whole)[group])
        more = count.copy()
        for index in np.flatnonzero(noise > wanted) if left else ():
            mine = part == index
            weight = _worth(one[mine], other[mine], variance[mine] * count[mine] ** FALL)
            more[mine] = _shared_out(weight, count[mine], area[mine], float(AIMED * wanted[index]))
        extra, room = float((more - count).sum()), budget - float(count.sum())
        if extra > room:
            more = np.floor(count + (more - count) * max(room, 0.0) / extra)
        chosen, count = more > count, more
        if not chosen.any():
            break
    return Origins(
        2 * count, np.divide(noise, whole, out=np.zeros(parts), where=whole > 0), used, np.array([one, other])
    )


def joined_looks(scene: Surfaces, needed: Origins, counted: Array) -> tuple[Array, Array]:
    """What both looks add to the sums: each part's joined rate over that of the sums alone, and its noise (1 sigma over the sum). (2 of n_part)

    `counted` (n_facet,) is the same rate from the sums, with `needed.count` origins elsewhere on each facet: four looks in all. Noise: each
    facet's variance from two differences (the looks; their mean and the sums), a quarter of it left, because where light is rare four looks are
    worth no more than four. Few facets may carry all of a part's noise, hence Student's 95th percentile over the normal one (two degrees of
    freedom a facet, joined after Welch and Satterthwaite).
    """
    part, parts, area = scene.part_index, len(scene.parts), scene.area_m2
    one, other = needed.looks
    middle = (one + other) / 2
    whole, looked = (np.bincount(part, rate * area, minlength=parts) for rate in (counted, middle))
    variance = ((one - other) ** 2 / 2 + (middle - counted) ** 2) / 2 / 4 * area**2
    total, squares = (np.bincount(part, x, minlength=parts) for x in (variance, variance**2))
    freedom = 2 * np.divide(total**2, squares, out=np.ones(parts), where=squares > 0)
    noise = np.sqrt(total) * student.ppf(0.95, np.maximum(freedom, 1.0)) / student.ppf(0.95, np.inf)
    seen = (whole > 0) & (looked > 0)
    ratio = np.where(seen, (whole + looked) / 2 / np.where(seen, whole, 1.0), 1.0)
    joined = whole * ratio
    return ratio, np.divide(noise, joined, out=np.zeros(parts), where=joined > 0)


def _worth(one: Array, other: Array, variance: Array) -> Array:
    """What each facet of a part adds to its variance with a single origin, smoothed: dark facets may see what two looks missed. (n,)"""
    differs = one != other
    mean = float(variance[differs].mean())
    dark = (one == 0) & (other == 0)
    return np.where(differs | dark, (1 - POOLED) * variance + POOLED * mean, AGREED * mean)


def _shared_out(variance: Array, count: Array, area_m2: Array, wanted: float) -> Array:
    """The fewest origins whose variances `variance` * n**-FALL add up to wanted**2, never fewer than there are. (n,)"""
    worth = variance ** (1 / (1 + FALL))
    scale = float((variance * worth**-FALL).sum() / wanted**2) ** (1 / FALL)
    most = np.ceil(np.maximum(np.maximum(MOST_PER_M2 * area_m2, MOST), count))
    return np.clip(np.ceil(scale * worth), count, most)
