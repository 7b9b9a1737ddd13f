"""What a bumper too thin to break the particle costs: the factor F2* on the rear wall, and roots found by bisection over arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whipple.casefile.estimate import Array

__all__ = ["bisected", "weakening"]


def weakening(bumper_ratio: Array, enough_ratio: Array, bare_over_shielded: Array) -> Array:
    """F2*: 1 for a bumper thick enough (t_b/d >= x_c), rising to the bare over the shielded wall thickness as it vanishes.

    r - 2 (x/x_c)(r - 1) + (x/x_c)^2 (r - 1), from Reimerdes, Nölke, Schäfer 2006.

    >>> weakening(np.array([0.3, 0.0]), np.array([0.2, 0.2]), np.array([5.0, 5.0])).tolist()
    [1.0, 5.0]
    """
    share = np.minimum(bumper_ratio / enough_ratio, 1.0)
    gain = bare_over_shielded - 1.0
    return 1.0 + gain * (1.0 - share) ** 2


def bisected(gap: Callable[[Array], Array], low: Array, high: Array, steps: int = 60) -> Array:
    """The root of `gap` (negative at `low`, positive at `high`), elementwise, by bisection in the logarithm.

    >>> bisected(lambda x: x - np.array([2.0, 3.0]), np.array([0.1, 0.1]), np.array([10.0, 10.0])).round(6).tolist()
    [2.0, 3.0]
    """
    bottom, top = np.log(low), np.log(high)
    for _ in range(steps):
        middle = 0.5 * (bottom + top)
        beyond = gap(np.exp(middle)) > 0
        top = np.where(beyond, middle, top)
        bottom = np.where(beyond, bottom, middle)
    return np.exp(0.5 * (bottom + top))
