"""How sure is the expected number of punctures? Draws of level, law, thickness and attitude; what each doubt is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import qmc

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.sky import Stream
from whipple.exposure.phases import Source
from whipple.exposure.risk import Doubt

__all__ = ["DRAWS", "KEPT", "Counts", "counted", "doubts_of", "level_draws", "none_prob", "puncture_draws"]

#: Draws of everything that is not known: so many that the ends of an interval scatter by less than half a per cent from seed to seed.
#: The first `KEPT` of them fill their range evenly too: they stay with an answer, and each doubt alone is drawn so often.
DRAWS, KEPT = 65_536, 4096
_Z90 = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True)
class Counts:
    """Expected numbers over the exposure, best guess and branches.

    `puncture` (n_part, n_source); `by_law` (n_part, n_source, n_law) with the first law first, fewer laws repeated in turn; `by_end`
    (n_part, n_source, 2) at the thinnest and thickest wall; `by_attitude` (n_angle, 2, n_part) the ratio of all punctures of a part at
    the low and high end of each uncertain angle. `law_count` (n_part,); `family` and `wall` (n_part,) say which parts err together.
    `ray_spread` (n_part,): 1-sigma spread of ln N from the number of rays.
    """

    puncture: Array
    by_law: Array
    by_end: Array
    by_attitude: Array
    law_count: npt.NDArray[np.int64]
    family: tuple[str, ...]
    wall: tuple[str, ...]
    ray_spread: Array


def level_draws(sources: Sequence[Source] | Sequence[Stream], rng: np.random.Generator) -> Array:
    """Draws of the level of each source over its best guess, each on its own: times numbers of strikes, their sums. (DRAWS, n_source)"""
    return _levels([source.level_factor for source in sources], ndtri(_even(DRAWS, len(sources), rng)))


def counted(draws: Array) -> Estimate:
    """A number from its draws, of which the first `KEPT` stay with it.

    >>> found = counted(np.arange(5.0))
    >>> found.median, found.samples.tolist()
    (2.0, [0.0, 1.0, 2.0, 3.0, 4.0])
    """
    return replace(Estimate.from_samples(draws, ""), samples=draws[:KEPT].copy())


def none_prob(count_draws: Array) -> Estimate:
    """Probability of no puncture: exp(-N) over draws of the expected number N.

    >>> none_prob(np.array([0.1, 0.1])).median.__round__(6)
    0.904837
    """
    return counted(np.exp(-count_draws))


def puncture_draws(counts: Counts, sources: Sequence[Source], rng: np.random.Generator) -> Array:
    """Draws of the expected punctures of each part: (DRAWS, n_part)."""
    return _drawn(counts, sources, _Dice.thrown(DRAWS, counts, sources, rng))


def doubts_of(counts: Counts, sources: Sequence[Source], rng: np.random.Generator) -> tuple[Doubt, ...]:
    """Each doubt drawn alone, the others at their best guess: its share of the variances of ln N, largest first."""
    if not counts.puncture.sum() > 0:
        return ()
    dice, centre = _Dice.thrown(KEPT, counts, sources, rng), counts.puncture.sum()
    found = []
    for name, note, alone in dice.one_at_a_time(sources):
        ratio = _drawn(counts, sources, alone).sum(axis=1) / centre
        if np.ptp(ratio) > 1e-12:
            low, high = np.quantile(ratio, [0.05, 0.95])
            found.append((name, float(np.log(np.maximum(ratio, 1e-300)).var()), float(low), float(high), note))
    total = sum(row[1] for row in found) or 1.0
    ordered = sorted(found, key=lambda row: -row[1])
    return tuple(Doubt(name, variance / total, low, high, note) for name, variance, low, high, note in ordered)


def _even(count: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Numbers from 0 to 1 that fill their space evenly (scrambled Sobol; `count` a power of two), neither end among them. (count, dimensions)"""
    return np.asarray(qmc.Sobol(max(dimensions, 1), scramble=True, rng=rng).random(count)[:, :dimensions] + 2.0**-31)


@dataclass(frozen=True)
class _Dice:
    """Standard normals by source, wall and angle, and the law of each family; None where that doubt is left out. `rays` seeds the
    normals of each part, which need no even filling."""

    count: int
    level: Array | None = None
    law: dict[str, Array] | None = None
    wall: dict[str, Array] | None = None
    attitude: Array | None = None
    rays: int | None = None

    @classmethod
    def thrown(cls, count: int, counts: Counts, sources: Sequence[Source], rng: np.random.Generator) -> _Dice:
        families, walls = sorted(set(counts.family)), sorted(set(counts.wall))
        sizes = np.cumsum([len(sources), len(families), len(walls)])
        even = _even(count, int(sizes[-1]) + len(counts.by_attitude), rng)
        level, law, wall, attitude = np.split(even, sizes, axis=1)
        return cls(
            count,
            ndtri(level),
            dict(zip(families, law.T, strict=True)),
            dict(zip(walls, ndtri(wall).T, strict=True)),
            ndtri(attitude),
            int(rng.integers(2**63)),
        )

    def one_at_a_time(self, sources: Sequence[Source]) -> list[tuple[str, str, _Dice]]:
        """Name, note and dice of each doubt alone."""
        assert self.level is not None
        found = []
        for index, source in enumerate(sources):
            only = np.zeros_like(self.level)
            only[:, index] = self.level[:, index]
            note = f"how many there are: a factor {source.level_factor:.1f} either way (1 sigma)"
            found.append((f"level of {source.name}", note, _Dice(self.count, level=only)))
        found.append(("damage law", "published ballistic limits, each as likely", _Dice(self.count, law=self.law)))
        found.append(("wall thickness", "the ranges given in the case", _Dice(self.count, wall=self.wall)))
        found.append(("attitude", "yaw, pitch and roll over their ranges", _Dice(self.count, attitude=self.attitude)))
        found.append(
            (
                "number of rays",
                "two looks at every facet from other points on it",
                _Dice(self.count, rays=self.rays),
            )
        )
        return found


def _levels(factor: Sequence[float], normal: Array) -> Array:
    return np.asarray(np.exp(np.log(np.array(factor)) * normal))


def _drawn(counts: Counts, sources: Sequence[Source], dice: _Dice) -> Array:
    """Expected punctures of each part, a column each; those that nothing pierces stay zero. (count, n_part)"""
    level = None if dice.level is None else _levels([source.level_factor for source in sources], dice.level)
    found = np.zeros((dice.count, len(counts.puncture)), order="F")
    for part in np.flatnonzero(counts.puncture.any(axis=1) | counts.by_law.any(axis=(1, 2))):
        found[:, part] = _of_part(counts, int(part), dice, level)
    return found


def _of_part(counts: Counts, part: int, dice: _Dice, level: Array | None) -> Array:
    base = counts.puncture[part]
    by_source = np.broadcast_to(base, (dice.count, len(base)))
    if dice.law is not None and counts.law_count[part] > 1:
        chosen = (dice.law[counts.family[part]] * counts.law_count[part]).astype(np.int64)
        by_source = counts.by_law[part].T[chosen]
    if dice.wall is not None:
        by_source = by_source * _between(base, counts.by_end[part], dice.wall[counts.wall[part]])
    number = by_source.sum(axis=1) if level is None else np.einsum("ds,ds->d", by_source, level)
    if dice.attitude is not None:
        for angle, ends in enumerate(counts.by_attitude[:, :, part]):
            number = number * _factor(ends[0], ends[1], dice.attitude[:, angle])
    if dice.rays is not None:
        noise = np.random.default_rng([dice.rays, part]).standard_normal(dice.count)
        number = number * np.exp(counts.ray_spread[part] * noise)
    return np.asarray(number)


def _between(base: Array, ends: Array, normal: Array) -> Array:
    """Ratio by source at a wall so thick: log-linear between the ends of the 90 % range and beyond. (count, n_source)"""
    safe = np.where(base > 0, base, 1.0)
    ratio = np.where((base > 0)[:, None] & (ends > 0), ends / safe[:, None], 1.0)
    return np.stack([_factor(low, high, normal) for low, high in ratio], axis=1)


def _factor(low: float, high: float, normal: Array) -> Array:
    """A split log-normal that is `low` at the 5th percentile of the normal and `high` at the 95th."""
    return np.asarray(np.exp(normal * (np.where(normal < 0, -np.log(low), np.log(high)) / _Z90)))
