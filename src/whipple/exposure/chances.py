"""How sure is the expected number of punctures? Draws of level, law, thickness and attitude; what each doubt is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array, Estimate
from whipple.exposure.phases import Source
from whipple.exposure.risk import Doubt

__all__ = ["DRAWS", "Counts", "doubts_of", "none_prob", "puncture_draws", "strike_draws"]

#: Draws of everything that is not known.
DRAWS = 4000
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


def strike_draws(struck: Array, sources: Sequence[Source], rng: np.random.Generator) -> Array:
    """Draws of a number of strikes (n_source,), each source's level on its own. (DRAWS,)"""
    return np.asarray(_levels(sources, rng.standard_normal((DRAWS, len(sources)))) @ struck)


def none_prob(count_draws: Array) -> Estimate:
    """Probability of no puncture: exp(-N) over draws of the expected number N.

    >>> none_prob(np.array([0.1, 0.1])).median.__round__(6)
    0.904837
    """
    return Estimate.from_samples(np.exp(-count_draws), "")


def puncture_draws(counts: Counts, sources: Sequence[Source], rng: np.random.Generator) -> Array:
    """Draws of the expected punctures of each part: (DRAWS, n_part)."""
    return _drawn(counts, sources, _Dice.thrown(counts, sources, rng))


def doubts_of(counts: Counts, sources: Sequence[Source], rng: np.random.Generator) -> tuple[Doubt, ...]:
    """Each doubt drawn alone, the others at their best guess: its share of the variances of ln N, largest first."""
    if not counts.puncture.sum() > 0:
        return ()
    dice, centre = _Dice.thrown(counts, sources, rng), counts.puncture.sum()
    found = []
    for name, note, alone in dice.one_at_a_time(sources):
        ratio = _drawn(counts, sources, alone).sum(axis=1) / centre
        if np.ptp(ratio) > 1e-12:
            low, high = np.quantile(ratio, [0.05, 0.95])
            found.append((name, float(np.log(np.maximum(ratio, 1e-300)).var()), float(low), float(high), note))
    total = sum(row[1] for row in found) or 1.0
    ordered = sorted(found, key=lambda row: -row[1])
    return tuple(Doubt(name, variance / total, low, high, note) for name, variance, low, high, note in ordered)


@dataclass(frozen=True)
class _Dice:
    """Standard normals by source, wall and angle, and the law of each family; None where that doubt is left out."""

    level: Array | None
    law: dict[str, Array] | None
    wall: dict[str, Array] | None
    attitude: Array | None
    rays: Array | None = None

    @classmethod
    def thrown(cls, counts: Counts, sources: Sequence[Source], rng: np.random.Generator) -> _Dice:
        level = rng.standard_normal((DRAWS, len(sources)))
        law = {name: rng.random(DRAWS) for name in sorted(set(counts.family))}
        wall = {name: rng.standard_normal(DRAWS) for name in sorted(set(counts.wall))}
        attitude = rng.standard_normal((DRAWS, len(counts.by_attitude)))
        return cls(level, law, wall, attitude, rng.standard_normal((DRAWS, len(counts.puncture))))

    def one_at_a_time(self, sources: Sequence[Source]) -> list[tuple[str, str, _Dice]]:
        """Name, note and dice of each doubt alone."""
        assert self.level is not None
        found = []
        for index, source in enumerate(sources):
            only = np.zeros_like(self.level)
            only[:, index] = self.level[:, index]
            note = f"how many there are: a factor {source.level_factor:.1f} either way (1 sigma)"
            found.append((f"level of {source.name}", note, _Dice(only, None, None, None)))
        found.append(("damage law", "published ballistic limits, each as likely", _Dice(None, self.law, None, None)))
        found.append(("wall thickness", "the ranges given in the case", _Dice(None, None, self.wall, None)))
        found.append(("attitude", "yaw, pitch and roll over their ranges", _Dice(None, None, None, self.attitude)))
        found.append(
            (
                "number of rays",
                "two looks at every facet from other points on it",
                _Dice(None, None, None, None, self.rays),
            )
        )
        return found


def _levels(sources: Sequence[Source], normal: Array | None) -> Array:
    if normal is None:
        return np.ones((1, len(sources)))
    return np.asarray(np.array([source.level_factor for source in sources]) ** normal)


def _drawn(counts: Counts, sources: Sequence[Source], dice: _Dice) -> Array:
    level = _levels(sources, dice.level)
    columns = []
    for part, base in enumerate(counts.puncture):
        by_source = np.broadcast_to(base, (DRAWS, len(base)))
        if dice.law is not None and counts.law_count[part] > 1:
            chosen = (dice.law[counts.family[part]] * counts.law_count[part]).astype(np.int64)
            by_source = counts.by_law[part].T[chosen]
        if dice.wall is not None:
            by_source = by_source * _between(base, counts.by_end[part], dice.wall[counts.wall[part]])
        number = (by_source * level).sum(axis=1)
        if dice.attitude is not None:
            for angle, ends in enumerate(counts.by_attitude[:, :, part]):
                number = number * _factor(ends[0], ends[1], dice.attitude[:, angle])
        if dice.rays is not None:
            number = number * np.exp(counts.ray_spread[part] * dice.rays[:, part])
        columns.append(number)
    return np.stack(columns, axis=1)


def _between(base: Array, ends: Array, normal: Array) -> Array:
    """Ratio by source at a wall so thick: log-linear between the ends of the 90 % range and beyond. (DRAWS, n_source)"""
    safe = np.where(base > 0, base, 1.0)
    ratio = np.where((base > 0)[:, None] & (ends > 0), ends / safe[:, None], 1.0)
    return np.stack([_factor(low, high, normal) for low, high in ratio], axis=1)


def _factor(low: float, high: float, normal: Array) -> Array:
    """A split log-normal that is `low` at the 5th percentile of the normal and `high` at the 95th."""
    return np.asarray(np.where(normal < 0, low ** (-normal / _Z90), high ** (normal / _Z90)))
