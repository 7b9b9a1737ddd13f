"""Random numbers that fill their range evenly, so that few draws scatter little: a scrambled Sobol sequence, one dimension a question."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from whipple.casefile.estimate import Array

__all__ = ["EvenDraws"]

_DIMENSIONS = 64


class EvenDraws(np.random.Generator):
    """A generator that draws `count` (a power of two) evenly: each call for so many takes the next dimension of one scrambled Sobol sequence
    (Owen 1998), so that all calls together fill their space evenly too. Calls for another number are even each by itself (Latin hypercube,
    McKay et al. 1979). Any draw by itself follows the law that was asked for.

    >>> even = EvenDraws(np.random.default_rng(1), 1024)
    >>> np.histogram(even.random(1024), 8, (0.0, 1.0))[0].tolist() == [128] * 8
    True
    >>> abs(float(even.standard_normal(1024).mean())) < 0.001
    True
    """

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        super().__init__(rng.bit_generator)
        points = qmc.Sobol(_DIMENSIONS, scramble=True, seed=int(rng.integers(2**32))).random(count)
        self._columns = iter(points.T)
        self._count = count

    def _even(self, size: int) -> Array:
        column = next(self._columns, None) if size == self._count else None
        return column.copy() if column is not None else (self.permutation(size) + super().random(size)) / size

    def random(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        """Draws from 0 to 1; of a shape (rows, n), each row by itself."""
        if size is None:
            return super().random()
        return self._even(int(size)) if np.ndim(size) == 0 else np.array([self._even(size[1]) for _ in range(size[0])])

    def standard_normal(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        """Draws of the normal law."""
        return ndtri(self.random(size))

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """Draws from `low` to `high`."""
        return low + (high - low) * self.random(size)

    def integers(
        self, low: Any, high: Any = None, size: Any = None, dtype: Any = np.int64, endpoint: bool = False
    ) -> Any:
        """Whole numbers from 0 (or `low`) to below `low` (or `high`); with `endpoint` up to it."""
        first, end = (0, low + endpoint) if high is None else (low, high + endpoint)
        return (first + np.floor((end - first) * self.random(size))).astype(dtype)

    def choice(self, a: Any, size: Any = None, *how: Any, p: Any = None, **more: Any) -> Any:
        """Elements of `a` (or numbers below it), each with its share `p`."""
        among = np.arange(a) if np.ndim(a) == 0 else np.asarray(a)
        edges = np.linspace(0.0, 1.0, len(among) + 1)[1:] if p is None else np.cumsum(p)
        return among[np.minimum(np.searchsorted(edges, self.random(size), side="right"), len(among) - 1)]
