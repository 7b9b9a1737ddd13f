"""Draws from a posterior: best fit, then adaptive importance sampling; deterministic for a given random stream.

Sums over draws use einsum, whose order does not depend on the number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, least_squares
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.leak.student import Misfit, draw_student, log_student, log_target, resampled
from whipple.leak.walk import walk_on

__all__ = ["Posterior", "fitted", "least_misfit", "sample"]

_ROUNDS, _LEAST_ROUNDS, _ROUND_COUNT = 10, 3, 1500
_WALKER_COUNT, _STEP_COUNT, _AGAIN = 500, 160, 2
_DIFFERENCE = 1e-7
_PIECES = ((0.0, 0.2), (0.2, 0.8), (0.8, 1.0))


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws (n, k), the natural-log evidence, and how many independent draws they are worth."""

    draws: Array
    evidence_nat: float
    effective_count: float
    mode: Array
    least_misfit: float


def _moments(draws: Array, weights: Array) -> tuple[Array, Array]:
    centre = np.einsum("n,ni->i", weights, draws)
    spread = np.einsum("ni,nj,n->ij", draws - centre, draws - centre, weights, optimize=False)
    return centre, np.linalg.cholesky(spread + 1e-10 * np.eye(centre.size))


def _pieces(draws: Array, weights: Array) -> list[tuple[Array, Array]]:
    """Moments of all draws, and of three pieces along the most skewed coordinate: a bent ridge is followed by straight pieces."""
    centre, _ = _moments(draws, weights)
    away = np.where(weights[:, None] > 0, draws - centre, 0.0)
    spread = np.maximum(np.einsum("n,ni->i", weights, away**2), 1e-100)
    skew = np.abs(np.einsum("n,ni->i", weights, away**3)) / spread**1.5
    along = draws[:, int(np.argmax(skew))]
    order = np.argsort(along, kind="stable")
    reached = np.empty(along.size)
    reached[order] = np.cumsum(weights[order])
    found = [_moments(draws, weights)]
    for low, high in _PIECES:
        part = np.where((reached > low) & (reached <= high), weights, 0.0)
        share = part.sum()
        if share > 0 and share**2 > 3 * centre.size * np.sum(part**2):
            found.append(_moments(draws, part / share))
    return found


def _fits(misfit: Misfit, starts: Array, most: int = 60) -> list[OptimizeResult]:
    def residuals(draw: Array) -> Array:
        row: Array = misfit(draw[None, :])[0][0]
        return row

    def slopes(draw: Array) -> Array:
        """All columns of the Jacobian from one batch, by forward differences."""
        steps = _DIFFERENCE * np.maximum(1.0, np.abs(draw))
        batch = misfit(np.vstack([draw, draw + np.diag(steps)]))[0]
        return np.asarray((batch[1:] - batch[0]).T / steps)

    return [least_squares(residuals, start, slopes, x_scale="jac", max_nfev=most) for start in starts]


def _laplace(fit: OptimizeResult) -> tuple[Array, Array]:
    """Centre and Cholesky factor of the normal that touches the posterior at a fit."""
    curvature = fit.jac.T @ fit.jac + 1e-2 * np.eye(fit.x.size)
    scale = 1 / np.sqrt(np.diag(curvature))  # coordinates differ by many powers of ten: of unit size first
    value, vector = np.linalg.eigh(curvature * np.multiply.outer(scale, scale))
    root = vector / np.sqrt(np.maximum(value, 1e-12))
    spread = np.einsum("ij,kj->ik", root, root) + 1e-10 * np.eye(fit.x.size)
    return fit.x, scale[:, None] * np.linalg.cholesky(spread)


def _near_best(fits: list[OptimizeResult]) -> list[OptimizeResult]:
    """The fits that could carry weight, best first."""
    ranked = sorted(fits, key=lambda fit: float(fit.cost))
    return [fit for fit in ranked if fit.cost < ranked[0].cost + 15.0]


def sample(
    misfit: Misfit, starts: Array, rng: np.random.Generator, *,
    worth: float = 1000.0, keep: int = 2000, walk: bool = True, rounds: int = _ROUNDS,
) -> Posterior:  # fmt: skip
    """Draws from exp(-1/2 sum residuals^2 + density): least squares from every start, then rounds of importance sampling.

    The first round proposes from a Student around each fit, every later one from Students fitted to all before (`_pieces`), until the
    draws are worth `worth` independent ones; all are weighted together against their mixture. If they never get to half of
    that, the draws are only the start of a random walk (`walk.py`), unless only the evidence is wanted (`walk` False).

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
    for round_number in range(rounds):
        centres = _pieces(draws, weights) if round_number else first
        for centre, factor in centres:
            fresh = draw_student(rng, centre, factor, _ROUND_COUNT // len(centres))
            draws, target = np.vstack([draws, fresh]), np.append(target, log_target(misfit, fresh))
            proposals.append((len(fresh), centre, factor))
        parts = [np.log(n / len(draws)) + log_student(draws, c, f) for n, c, f in proposals]
        log_weight = target - logsumexp(parts, axis=0)
        weights = np.exp(log_weight - logsumexp(log_weight))
        if round_number >= min(_LEAST_ROUNDS, rounds - 2) and 1 / np.sum(weights**2) > worth:
            break
    evidence, effective = float(logsumexp(log_weight) - np.log(len(draws))), float(1 / np.sum(weights**2))
    mode, least = fits[0].x, float(2 * fits[0].cost)
    if effective > worth / 2 or not walk:
        return Posterior(draws[resampled(weights, rng, keep)], evidence, effective, mode, least)
    flat = np.exp(0.2 * (log_weight - log_weight.max()))
    walked = walk_on(misfit, draws[resampled(flat / flat.sum(), rng, _WALKER_COUNT)], rng, _STEP_COUNT)
    walked = walked[resampled(np.full(len(walked), 1 / len(walked)), rng, keep)]
    evidence, effective, again = max((_again(misfit, walked, rng) for _ in range(_AGAIN)), key=lambda row: row[1])
    if effective > worth / 2:
        return Posterior(again[:keep], evidence, effective, mode, least)
    return Posterior(walked, evidence, float(_WALKER_COUNT), mode, least)


def _again(misfit: Misfit, draws: Array, rng: np.random.Generator) -> tuple[float, float, Array]:
    """Importance sampling from Students fitted to draws that have walked: evidence, effective count, draws (as many)."""
    centres = _pieces(draws, np.full(len(draws), 1 / len(draws)))
    for _ in range(_LEAST_ROUNDS):
        fresh = np.vstack([draw_student(rng, *row, 2 * _ROUND_COUNT // len(centres)) for row in centres])
        parts = [log_student(fresh, *row) for row in centres]
        log_weight = log_target(misfit, fresh) - logsumexp(parts, axis=0) + np.log(len(parts))
        weights = np.exp(log_weight - logsumexp(log_weight))
        effective = float(1 / np.sum(weights**2))
        again = fresh[resampled(weights, rng, len(draws))]
        if effective < 4 * draws.shape[1]:
            break
        centres = _pieces(fresh, weights)
    return float(logsumexp(log_weight) - np.log(len(fresh))), effective, again


def fitted(misfit: Misfit, starts: Array, most: int = 60) -> Array:
    """The best fits from these starts in at most `most` steps each, best first."""
    return np.array([fit.x for fit in sorted(_fits(misfit, starts, most), key=lambda fit: float(fit.cost))])


def least_misfit(misfit: Misfit, starts: Array) -> float:
    """Sum of squares of the best fit from these starts."""
    return float(2 * min(fit.cost for fit in _fits(misfit, starts)))
