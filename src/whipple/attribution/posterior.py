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

__all__ = ["Race", "floored_nat", "information_nat", "run_race", "speakers"]


@dataclass(frozen=True)
class Race:
    """Causes (n_h,) against draws: `count` (n_draw, n_h) expected leaks, and the rows that speak."""

    names: tuple[str, ...]
    count: Array
    noise: Array

    def probabilities(self, rows: Sequence[Row], floor_nat: float = FLOOR_NAT) -> Array:
        """Posterior probability of each cause (n_h,), averaged over the doubt; they add to one."""
        weight = self._weights(rows, floor_nat)
        return np.asarray(weight.sum(axis=0) / weight.sum())

    def estimates(self, rows: Sequence[Row]) -> tuple[Estimate, ...]:
        """The probabilities with their 90 % intervals over base rates and elicited likelihoods.

        `median` holds the probability averaged over the doubt, so that the causes add to one; the interval is that of the draws.
        """
        weight = self._weights(rows, FLOOR_NAT)
        total = weight.sum(axis=1)
        middle = weight.sum(axis=0) / weight.sum()
        share = weight / total[:, None]
        bounds = [_weighted_quantile(share[:, h], total, (0.05, 0.95)) for h in range(len(self.names))]
        return tuple(
            Estimate(float(m), min(float(m), low), max(float(m), high), "")
            for m, (low, high) in zip(middle, bounds, strict=True)
        )

    def level(self, rows: Sequence[Row], factor: Array, unit: str) -> Estimate:
        """The expected count of all causes together, each times its `factor` (n_h,), once the leak has been seen: 90 % interval."""
        total = self._weights(rows, FLOOR_NAT).sum(axis=1)
        low, middle, high = _weighted_quantile(self.count @ factor, total, (0.05, 0.5, 0.95))
        return Estimate(middle, low, high, unit)

    def _weights(self, rows: Sequence[Row], floor_nat: float) -> Array:
        """n_h L_h for every draw and cause; a dependent row stays silent."""
        log_weight = np.log(self.count)
        for row in speakers(rows):
            nat = floored_nat(row, self.names, -np.inf)
            doubt = np.array([row.doubt_nat.get(name, 0.0) for name in self.names])
            noise = self._noise(row)
            log_weight = log_weight + np.maximum(nat + doubt * noise, floor_nat)
        return np.asarray(np.exp(log_weight - log_weight.max()))

    def _noise(self, row: Row) -> Array:
        """The same noise for one row whichever others are present: rolled by a stable number of its name."""
        key = sum((i + 1) * ord(letter) for i, letter in enumerate(row.evidence.observation))
        return np.roll(self.noise, key % len(self.noise), axis=0)


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
    return Race(tuple(names), np.asarray(count, dtype=float), noise)


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
