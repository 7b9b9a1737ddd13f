"""Student proposals for importance sampling: drawing from one, its density, and drawing again by weight.

Sums over draws use einsum, whose order does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from whipple.casefile.estimate import Array

__all__ = ["Misfit", "draw_student", "log_student", "log_target", "resampled"]

#: Of draws (n, k): residuals (n, m) and what else the natural-log posterior has besides -1/2 sum residuals^2, (n,).
Misfit: TypeAlias = Callable[[Array], tuple[Array, Array]]
_TAIL = 6.0  # degrees of freedom: heavier than the posterior, so that no draw carries it all


def log_student(draws: Array, centre: Array, factor: Array) -> Array:
    """Natural log of the density at draws (n, k) of the Student with this centre (k,) and factor (k, k) of its scale matrix."""
    size = centre.size
    whitened = np.einsum("ij,nj->in", np.linalg.inv(factor), draws - centre)
    norm = gammaln((_TAIL + size) / 2) - gammaln(_TAIL / 2) - size / 2 * np.log(_TAIL * np.pi)
    norm -= np.log(np.abs(np.diag(factor))).sum()
    return np.asarray(norm - (_TAIL + size) / 2 * np.log1p(np.sum(whitened**2, axis=0) / _TAIL))


def draw_student(rng: np.random.Generator, centre: Array, factor: Array, count: int) -> Array:
    """Draws (count, k) of the same."""
    normal = np.einsum("nj,ij->ni", rng.standard_normal((count, centre.size)), factor)
    return np.asarray(centre + normal / np.sqrt(rng.chisquare(_TAIL, count) / _TAIL)[:, None])


def log_target(misfit: Misfit, draws: Array) -> Array:
    """Natural log of the posterior, up to its evidence, at draws (n, k)."""
    values = []
    for block in np.array_split(draws, max(1, len(draws) // 500)):
        residuals, density = misfit(block)
        values.append(density - 0.5 * np.sum(residuals**2, axis=1))
    return np.concatenate(values)


def resampled(weights: Array, rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    """Systematic resampling: indices, each as often as its weight says."""
    places = (np.arange(count) + rng.random()) / count
    return np.searchsorted(np.cumsum(weights), places).clip(0, len(weights) - 1)
