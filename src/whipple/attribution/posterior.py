"""The race itself: expected counts times likelihoods, drawn over the doubt of both.

    P(h | all) = E[n_h L_h] / sum_k E[n_k L_k],     L_h = product over groups of exp(floored log-likelihood)

(marked Poisson process: given that one leak happened, each cause made it with probability proportional to its own intensity times
the chance of the marks seen). E runs over the levels n and the elicited L. Within one draw the same ratio gives p_h, whose spread,
weighted by how well the draw explains the leak, is the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.attribution.row import Row
from whipple.casefile.estimate import FLOOR_NAT, Array, Estimate

__all__ = ["Race", "averaged_prob", "floored_nat", "information_nat", "run_race", "speakers"]


@dataclass(frozen=True)
class Race:
    """Causes (n_h,) against draws: `count` (n_draw, n_h) expected leaks, `noise` (n_draw, n_h) of the elicited likelihoods.

    Causes with the same number in `shared` share that noise. `any_hole_count` (n_draw,): the holes of any size that leak which the steady
    impact causes make over the exposure, in the same draws; None where no such cause is weighed.
    """

    names: tuple[str, ...]
    count: Array
    noise: Array
    shared: tuple[int, ...]
    any_hole_count: Array | None = None

    def probabilities(self, rows: Sequence[Row], floor_nat: float = FLOOR_NAT) -> Array:
        """Posterior probability of each cause (n_h,), averaged over the doubt; they add to one."""
        return averaged_prob(self.log_weight(rows, floor_nat))

    def estimates(self, rows: Sequence[Row]) -> tuple[Estimate, ...]:
        """The probabilities with their 90 % intervals over base rates and elicited likelihoods.

        `median` holds the probability averaged over the doubt, so that the causes add to one; the interval is that of the draws.
        """
        share, weight = self.joint(rows)
        middle = weight @ share
        bounds = [_weighted_quantile(share[:, h], weight, (0.05, 0.95)) for h in range(len(self.names))]
        return tuple(
            Estimate(float(m), min(float(m), low), max(float(m), high), "")
            for m, (low, high) in zip(middle, bounds, strict=True)
        )

    def joint(self, rows: Sequence[Row]) -> tuple[Array, Array]:
        """Each draw of all inputs together: the probability of each cause in it (n_draw, n_h), and how well it explains the leak (n_draw,)."""
        part = _weights(self.log_weight(rows))
        total = part.sum(axis=1)
        return part / total[:, None], total / total.sum()

    def repeat(self, rows: Sequence[Row], exposure_s: float) -> Estimate | None:
        """How often steady particles pierce such a part, per second, any hole that leaks counted, once this leak has been seen."""
        if self.any_hole_count is None:
            return None
        weight = self.joint(rows)[1]
        low, middle, high = _weighted_quantile(self.any_hole_count / exposure_s, weight, (0.05, 0.5, 0.95))
        return Estimate(middle, low, high, "1/s")

    def log_weight(self, rows: Sequence[Row], floor_nat: float = FLOOR_NAT) -> Array:
        """ln(n_h L_h) for every draw and cause (n_draw, n_h); a dependent row stays silent."""
        total = np.log(self.count)
        for row in speakers(rows):
            total += self.row_nat(row, self.row_noise(row), floor_nat)
        return np.asarray(total)

    def row_nat(self, row: Row, noise: Array, floor_nat: float = FLOOR_NAT) -> Array:
        """The log-likelihoods of one row at this noise (..., n_h) of what was elicited, none below the floor."""
        doubt = np.array([row.doubt_nat.get(name, 0.0) for name in self.names])
        return np.asarray(np.maximum(floored_nat(row, self.names, -np.inf) + doubt * noise, floor_nat))

    def row_noise(self, row: Row) -> Array:
        """The same noise for one row whichever others are present: rolled by a stable number of its name; none where nothing is in doubt."""
        if not row.doubt_nat:
            return np.zeros(len(self.names))
        key = sum((i + 1) * ord(letter) for i, letter in enumerate(row.evidence.observation))
        return np.roll(self.noise, key % len(self.noise), axis=0)


def averaged_prob(log_weight: Array) -> Array:
    """The probability of each cause (n_h,) from log-weights (n_draw, n_h), averaged over the draws.

    >>> averaged_prob(np.log([[3.0, 1.0], [1.0, 3.0]])).tolist()
    [0.5, 0.5]
    """
    weight = _weights(log_weight)
    return np.asarray(weight.sum(axis=0) / weight.sum())


def _weights(log_weight: Array) -> Array:
    return np.asarray(np.exp(log_weight - log_weight.max()))


def run_race(names: Sequence[str], count: Array, rng: np.random.Generator, shared: Sequence[int] | None = None) -> Race:
    """A race from drawn counts (n_draw, n_h); causes with the same number in `shared` share their elicited doubt.

    >>> race = run_race(["a", "b"], np.array([[3.0, 1.0]]), np.random.default_rng(0))
    >>> race.probabilities([]).tolist()
    [0.75, 0.25]
    """
    if np.any(~(count > 0)):
        raise ValueError(
            "run_race: found an expected count that is not positive, expected every cause to have some base rate"
        )
    classes = list(shared) if shared is not None else list(range(len(names)))
    noise = rng.standard_normal((len(count), max(classes) + 1))[:, classes]
    return Race(tuple(names), np.asarray(count, dtype=float), noise, tuple(classes))


def speakers(rows: Sequence[Row]) -> tuple[Row, ...]:
    """One row a group, the one that separates the causes most: dependent observations are not multiplied."""
    best: dict[str, Row] = {}
    for row in rows:
        held = best.get(row.evidence.group)
        if held is None or information_nat(row) > information_nat(held):
            best[row.evidence.group] = row
    return tuple(best.values())


def information_nat(row: Row) -> float:
    """How far a row separates its best from its worst cause (natural log, floored)."""
    values = row.evidence.floored().log_likelihood_nat.values()
    return max(values) - min(values)


def floored_nat(row: Row, names: Sequence[str], floor_nat: float = FLOOR_NAT) -> Array:
    """The log-likelihoods in the order of `names`, the best at 0 and none below the floor; a cause the row is silent on stands at 0."""
    given = row.evidence.log_likelihood_nat
    best = max((given[name] for name in names if name in given), default=0.0)
    return np.asarray(np.maximum(np.array([given.get(name, best) - best for name in names]), floor_nat))


def _weighted_quantile(values: Array, weight: Array, at: tuple[float, ...]) -> tuple[float, ...]:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    where = np.minimum(np.searchsorted(below, np.array(at) * below[-1]), len(values) - 1)
    return tuple(float(value) for value in values[order][where])
