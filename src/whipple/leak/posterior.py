"""Draws from a posterior: best fit, then adaptive importance sampling; deterministic for a given random stream.

Sums over draws use einsum, whose order does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import OptimizeResult, least_squares
from scipy.special import gammaln, logsumexp

from whipple.casefile.estimate import Array

__all__ = ["Misfit", "Posterior", "fitted", "least_misfit", "sample"]

#: Of draws (n, k): residuals (n, m) and what else the natural-log posterior has besides -1/2 sum residuals^2, (n,).
Misfit: TypeAlias = Callable[[Array], tuple[Array, Array]]
_ROUNDS, _ROUND_COUNT = 8, 1500
_WALKER_COUNT, _STEP_COUNT = 500, 160
_DIFFERENCE = 1e-7
_TAIL = 6.0  # degrees of freedom of the Student proposal: heavier than the posterior, so that no draw carries it all


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws (n, k), the natural-log evidence, and how many independent draws they are worth."""

    draws: Array
    evidence_nat: float
    effective_count: float
    mode: Array
    least_misfit: float


def _log_student(draws: Array, centre: Array, factor: Array) -> Array:
    size = centre.size
    whitened = np.einsum("ij,nj->in", np.linalg.inv(factor), draws - centre)
    norm = gammaln((_TAIL + size) / 2) - gammaln(_TAIL / 2) - size / 2 * np.log(_TAIL * np.pi)
    norm -= np.log(np.abs(np.diag(factor))).sum()
    return np.asarray(norm - (_TAIL + size) / 2 * np.log1p(np.sum(whitened**2, axis=0) / _TAIL))


def _draw_student(rng: np.random.Generator, centre: Array, factor: Array, count: int) -> Array:
    normal = np.einsum("nj,ij->ni", rng.standard_normal((count, centre.size)), factor)
    return np.asarray(centre + normal / np.sqrt(rng.chisquare(_TAIL, count) / _TAIL)[:, None])


def _log_target(misfit: Misfit, draws: Array) -> Array:
    values = []
    for block in np.array_split(draws, max(1, len(draws) // 500)):
        residuals, density = misfit(block)
        values.append(density - 0.5 * np.sum(residuals**2, axis=1))
    return np.concatenate(values)


def _moments(draws: Array, weights: Array) -> tuple[Array, Array]:
    centre = np.einsum("n,ni->i", weights, draws)
    spread = np.einsum("ni,nj,n->ij", draws - centre, draws - centre, weights, optimize=False)
    return centre, np.linalg.cholesky(spread + 1e-10 * np.eye(centre.size))


def _fits(misfit: Misfit, starts: Array) -> list[OptimizeResult]:
    def residuals(draw: Array) -> Array:
        row: Array = misfit(draw[None, :])[0][0]
        return row

    def slopes(draw: Array) -> Array:
        """All columns of the Jacobian from one batch, by forward differences."""
        steps = _DIFFERENCE * np.maximum(1.0, np.abs(draw))
        batch = misfit(np.vstack([draw, draw + np.diag(steps)]))[0]
        return np.asarray((batch[1:] - batch[0]).T / steps)

    return [least_squares(residuals, start, slopes, x_scale="jac", max_nfev=60) for start in starts]


def _laplace(fit: OptimizeResult) -> tuple[Array, Array]:
    """Centre and Cholesky factor of the normal that touches the posterior at a fit."""
    curvature = fit.jac.T @ fit.jac + 1e-2 * np.eye(fit.x.size)
    return fit.x, np.linalg.cholesky(np.linalg.inv(curvature))


def _near_best(fits: list[OptimizeResult]) -> list[OptimizeResult]:
    """The fits that could carry weight, best first."""
    ranked = sorted(fits, key=lambda fit: float(fit.cost))
    return [fit for fit in ranked if fit.cost < ranked[0].cost + 15.0]


def sample(
    misfit: Misfit, starts: Array, rng: np.random.Generator, *,
    worth: float = 1000.0, keep: int = 2000,
) -> Posterior:  # fmt: skip
    """Draws from exp(-1/2 sum residuals^2 + density): least squares from every start, then rounds of importance sampling.

    The first round proposes from a Student around each fit, every later one from a Student fitted to all before, until the
    draws are worth `worth` independent ones; all are weighted together against their mixture. If they never get to half of
    that, the draws are only the start of a random walk (`_walk`).

    >>> rng = np.random.default_rng(0)
    >>> found = sample(lambda u: ((u - 3.0) / 2.0, np.zeros(len(u))), np.zeros((1, 2)), rng)
    >>> bool(abs(found.draws.mean() - 3.0) < 0.1), bool(abs(found.draws.std() - 2.0) < 0.1)
    (True, True)
    >>> round(float(found.evidence_nat - np.log(2 * np.pi * 4)), 1)
    0.0
    """
    fits = _near_best(_fits(misfit, starts))
    first = [_laplace(fit) for fit in fits]
    draws, target, proposals = np.empty((0, starts.shape[1])), np.empty(0), []
    weights = np.empty(0)
    for round_number in range(_ROUNDS):
        centres = [_moments(draws, weights)] if round_number else first
        for centre, factor in centres:
            fresh = _draw_student(rng, centre, factor, _ROUND_COUNT // len(centres))
            draws, target = np.vstack([draws, fresh]), np.append(target, _log_target(misfit, fresh))
            proposals.append((len(fresh), centre, factor))
        parts = [np.log(n / len(draws)) + _log_student(draws, c, f) for n, c, f in proposals]
        log_weight = target - logsumexp(parts, axis=0)
        weights = np.exp(log_weight - logsumexp(log_weight))
        if round_number and 1 / np.sum(weights**2) > worth:
            break
    evidence, effective = float(logsumexp(log_weight) - np.log(len(draws))), float(1 / np.sum(weights**2))
    mode, least = fits[0].x, float(2 * fits[0].cost)
    if effective > worth / 2:
        return Posterior(draws[_resampled(weights, rng, keep)], evidence, effective, mode, least)
    flat = np.exp(0.2 * (log_weight - log_weight.max()))
    walked = _walk(misfit, draws[_resampled(flat / flat.sum(), rng, _WALKER_COUNT)], rng)
    return Posterior(
        walked[_resampled(np.full(len(walked), 1 / len(walked)), rng, keep)],
        evidence,
        float(_WALKER_COUNT),
        mode,
        least,
    )


def fitted(misfit: Misfit, starts: Array) -> Array:
    """The best fits from these starts, best first."""
    return np.array([fit.x for fit in sorted(_fits(misfit, starts), key=lambda fit: float(fit.cost))])


def least_misfit(misfit: Misfit, starts: Array) -> float:
    """Sum of squares of the best fit from these starts."""
    return float(2 * min(fit.cost for fit in _fits(misfit, starts)))


def _resampled(weights: Array, rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    """Systematic resampling: indices, each as often as its weight says."""
    places = (np.arange(count) + rng.random()) / count
    return np.searchsorted(np.cumsum(weights), places).clip(0, len(weights) - 1)


def _walk(misfit: Misfit, walkers: Array, rng: np.random.Generator) -> Array:
    """Differential-evolution Metropolis steps: each half of the walkers moves along differences of the other half.

    For posteriors too bent for importance sampling. Returns the walkers at the end of the last few spaced steps.
    """
    count, size = walkers.shape
    half, now, kept = count // 2, _log_target(misfit, walkers), []
    for step in range(_STEP_COUNT):
        for mine, other in ((slice(0, half), slice(half, 2 * half)), (slice(half, 2 * half), slice(0, half))):
            pairs = rng.permuted(np.tile(np.arange(half), (2, 1)), axis=1)
            gamma = 1.0 if step % 10 == 9 else 2.38 / np.sqrt(2 * size) * rng.uniform(0.5, 1.2)
            difference = walkers[other][pairs[0]] - walkers[other][pairs[1]]
            moved = walkers[mine] + gamma * difference + 1e-6 * rng.standard_normal((half, size))
            there = _log_target(misfit, moved)
            taken = np.log(rng.random(half)) < there - now[mine]
            walkers[mine] = np.where(taken[:, None], moved, walkers[mine])
            now[mine] = np.where(taken, there, now[mine])
        if step >= _STEP_COUNT // 2 and step % 20 == 0:
            kept.append(walkers.copy())
    return np.vstack(kept)
