"""Mean run length of Page's cumulative sum, from its integral equation solved by Nystroem's method."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["average_run_length", "threshold_for"]

_NODES = 80
#: Fewer samples between false alarms are no watch; at more than this the linear system is singular to double precision.
_LEAST, _MOST = 10.0, 1e14


def average_run_length(k_ratio: float, h_ratio: float, shift_ratio: float = 0.0, sides: int = 1) -> float:
    """Mean number of samples until a cumulative sum alarms [count].

    S <- max(0, S + z - k), alarm when S > h; z independent normal with mean `shift_ratio`, everything in standard deviations of z.
    `sides` 2 adds the mirrored arm (1/L = 1/L+ + 1/L-). Valid for 0 <= k <= 2, 1 <= h <= 40.

    L(x) = 1 + L(0) Phi(k - x - shift) + integral over 0..h of L(y) phi(y - x + k - shift) dy; L(0) is returned (Page 1954; Goel and
    Wu 1971; Vance 1986, as implemented and compared with the printed tables in R package spc, xcusum.arl).

    >>> round(average_run_length(0.5, 4.0, sides=2))
    168
    """
    up = _one_sided(k_ratio, h_ratio, shift_ratio)
    return up if sides == 1 else 1 / (1 / up + 1 / _one_sided(k_ratio, h_ratio, -shift_ratio))


@lru_cache(maxsize=512)
def threshold_for(samples_count: float, k_ratio: float, sides: int = 2) -> float:
    """The alarm limit h (in standard deviations) whose mean run length without a change is `samples_count`.

    Raises RangeError below 10 samples, or what a sum without a limit has, and above what double precision can solve (about 1e13).

    >>> round(threshold_for(168.0, 0.5), 1)
    4.0
    """
    wanted, ceiling, reached = samples_count, 0.0, average_run_length(k_ratio, 0.0, 0.0, sides)
    if not (wanted >= _LEAST and wanted > reached):
        raise _beyond(wanted, f"at least {max(_LEAST, reached):.3g} samples between false alarms", "a longer")
    while reached < wanted:
        ceiling += 1.0
        before, reached = reached, average_run_length(k_ratio, ceiling, 0.0, sides)
        if not before < reached < _MOST:
            raise _beyond(wanted, f"at most {before:.1e} samples between false alarms", "a shorter")
    return float(
        brentq(lambda h: average_run_length(k_ratio, h, 0.0, sides) / wanted - 1, ceiling - 1, ceiling, xtol=1e-4)
    )


def _beyond(samples: float, expected: str, way: str) -> RangeError:
    remedy = f"ask for {way} time between false alarms (--mtbf-days)"
    return RangeError("alarm limit", "samples_count", f"{samples:.3g}", expected, remedy)


@cache
def _gauss() -> tuple[Array, Array]:
    node, weight = np.polynomial.legendre.leggauss(_NODES)
    return node, weight


def _one_sided(k: float, h: float, shift: float) -> float:
    node, weight = _gauss()
    y = np.concatenate([[0.0], 0.5 * h * (node + 1)])
    w = np.concatenate([[0.0], 0.5 * h * weight])
    jump = y[None, :] - y[:, None] + k - shift
    kernel = np.exp(-0.5 * jump**2) / np.sqrt(2 * np.pi) * w[None, :]
    kernel[:, 0] += ndtr(k - y - shift)
    return float(np.linalg.solve(np.eye(y.size) - kernel, np.ones(y.size))[0])
