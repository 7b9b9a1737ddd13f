"""How probable is a law with a few coordinates that the record may hardly show? Its evidence, integrated cell by cell.

A coordinate that the record does not show spreads over its whole prior, bending everything else with it; one normal around the best fit
misses most of that. So the shown coordinates are fitted in every cell of a grid over the others (all cells in one batch), and
importance sampling proposes from a Student in every cell that could carry weight.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.leak.posterior import Posterior
from whipple.leak.student import Misfit, draw_student, log_student, log_target, resampled

__all__ = ["fitted_together", "sampled_by_cells"]

_STEP, _ENOUGH, _HOPELESS_NAT = 1e-6, 1e-2, 12.0
#: Draws in the three rounds; each round gives the cells their share by what they were worth so far, evenly for this part.
_ROUNDS, _EVEN = (1500, 2000, 2500), 0.3
_BLOCK = 600


def _residuals(misfit: Misfit, draws: Array) -> Array:
    blocks = np.array_split(draws, max(1, len(draws) // _BLOCK))
    return np.concatenate([misfit(block)[0] for block in blocks])


def _slopes(misfit: Misfit, draws: Array, columns: int) -> tuple[Array, Array]:
    """Residuals (n, m) and their slopes (n, m, columns) by forward differences, from one batch."""
    count, size = draws.shape
    steps = _STEP * np.maximum(1.0, np.abs(draws[:, :columns]))
    moved = np.repeat(draws[:, None, :], columns + 1, axis=1)
    for column in range(columns):
        moved[:, column + 1, column] += steps[:, column]
    found = _residuals(misfit, moved.reshape(-1, size)).reshape(count, columns + 1, -1)
    return found[:, 0], np.moveaxis((found[:, 1:] - found[:, :1]) / steps[:, :, None], 1, 2)


def _normal(slopes: Array, residuals: Array) -> tuple[Array, Array]:
    """Curvature (n, k, k) and gradient (n, k) of half the sum of squares."""
    return np.einsum("nmi,nmj->nij", slopes, slopes), np.einsum("nmi,nm->ni", slopes, residuals)


def fitted_together(misfit: Misfit, starts: Array, held: int = 0, most: int = 14) -> tuple[Array, Array]:
    """Least squares from every start (n, k) at once, the last `held` coordinates fixed: the fits and their sums of squares.

    Levenberg-Marquardt with a damping of its own for each start.

    >>> fits, left = fitted_together(lambda u: (u - np.array([1.0, 2.0]), np.zeros(len(u))), np.zeros((1, 2)), held=1)
    >>> fits.round(1).tolist(), left.round(1).tolist()
    ([[1.0, 0.0]], [4.0])
    """
    now, free = starts.copy(), starts.shape[1] - held
    damping, left, idle = np.full(len(now), 1e-2), np.full(len(now), np.inf), 0
    for _ in range(most):
        residuals, slopes = _slopes(misfit, now, free)
        left = np.sum(residuals**2, axis=1)
        curvature, gradient = _normal(slopes, residuals)
        diagonal = np.einsum("nii->ni", curvature)
        curvature = curvature + damping[:, None, None] * np.eye(free) * (diagonal + 1e-9)[:, :, None]
        moved = now.copy()
        moved[:, :free] -= np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        there = np.sum(_residuals(misfit, moved) ** 2, axis=1)
        better = there < left
        idle = 0 if np.any(there < left - _ENOUGH) else idle + 1
        now, left = np.where(better[:, None], moved, now), np.where(better, there, left)
        damping = np.clip(np.where(better, damping / 5, damping * 6), 1e-8, 1e8)
        if idle == 2:
            break
    return now, left


def _students(misfit: Misfit, fits: Array, precision: Array) -> tuple[Array, Array, Array]:
    """Centres (n, k), factors (n, k, k) and log evidences (n,) of the normals that touch the posterior at fits, held together by
    `precision` (n, k) of each coordinate: the size of its cell."""
    residuals, slopes = _slopes(misfit, fits, fits.shape[1])
    curvature, gradient = _normal(slopes, residuals)
    curvature = curvature + np.eye(fits.shape[1]) * (precision + 1e-2)[:, None, :]
    shift = -np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
    shift *= np.minimum(1.0, 2.0 / np.sqrt(np.maximum(np.sum(precision * shift**2, axis=1), 1e-12)))[:, None]
    scale = 1 / np.sqrt(np.einsum("nii->ni", curvature))
    value, vector = np.linalg.eigh(curvature * scale[:, :, None] * scale[:, None, :])
    root = vector / np.sqrt(np.maximum(value, 1e-12))[:, None, :]
    spread = np.einsum("nij,nkj->nik", root, root) + 1e-10 * np.eye(fits.shape[1])
    factor = scale[:, :, None] * np.linalg.cholesky(spread)
    volume = np.sum(np.log(np.abs(np.einsum("nii->ni", factor))), axis=1)
    held = np.sum(precision, axis=1) > 0
    return fits + np.where(held[:, None], shift, 0.0), factor, log_target(misfit, fits) + volume


def sampled_by_cells(
    misfit: Misfit, fits: Array, precision: Array, rng: np.random.Generator, keep: int = 2000
) -> Posterior:
    """Draws and evidence by importance sampling from a Student at each fit (n, k).

    `precision` (n, k) is one over the square of the cell's size in each coordinate that the fit held, 0 elsewhere. The draws of all rounds are
    weighted together against their mixture.

    >>> rng = np.random.default_rng(0)
    >>> places = np.linspace(-2.5, 2.5, 6)[:, None]
    >>> flat = lambda u: (np.maximum(np.abs(u) - 3.0, 0.0) / 0.01, np.zeros(len(u)))
    >>> found = sampled_by_cells(flat, places, np.ones((6, 1)), rng)
    >>> round(float(np.exp(found.evidence_nat)))
    6
    """
    centres, factors, worth = _students(misfit, fits, precision)
    chosen = np.flatnonzero(worth > worth.max() - _HOPELESS_NAT)
    centres, factors = centres[chosen], factors[chosen]
    share = np.exp(0.5 * (worth[chosen] - worth.max()))
    draws, target, parts, given = (
        np.empty((0, fits.shape[1])),
        np.empty(0),
        np.empty((0, len(chosen))),
        np.zeros(len(chosen)),
    )
    for count in _ROUNDS:
        share = (1 - _EVEN) * share / share.sum() + _EVEN / len(chosen)
        each = np.maximum(np.floor(count * share), 1).astype(int)
        fresh = np.vstack([draw_student(rng, *row) for row in zip(centres, factors, each, strict=True)])
        given += each
        draws, target = np.vstack([draws, fresh]), np.append(target, log_target(misfit, fresh))
        density = np.column_stack([log_student(fresh, *row) for row in zip(centres, factors, strict=True)])
        parts = np.vstack([parts, density])
        mixed = parts + np.log(given / given.sum())
        total = logsumexp(mixed, axis=1)
        log_weight = target - total
        weights = np.exp(log_weight - logsumexp(log_weight))
        share = np.einsum("n,nj->j", weights, np.exp(mixed - total[:, None]))
    effective = float(1 / np.sum(weights**2))
    evidence = float(logsumexp(log_weight) - np.log(len(draws)))
    best = int(np.argmax(target))
    least = float(np.min(np.sum(_residuals(misfit, fits) ** 2, axis=1)))
    return Posterior(draws[resampled(weights, rng, keep)], evidence, effective, draws[best], least)
