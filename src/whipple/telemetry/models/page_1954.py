"""Mean run length of Page's cumulative sum, from its integral equation solved by Nystroem's method."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

__all__ = ["average_run_length", "threshold_for"]

_NODES = 80


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


def threshold_for(samples_count: float, k_ratio: float, sides: int = 2) -> float:
    """The alarm limit h (in standard deviations) whose mean run length without a change is `samples_count`.

    >>> round(threshold_for(168.0, 0.5), 1)
    4.0
    """
    wanted, ceiling = max(samples_count, 10.0), 1.0
    while average_run_length(k_ratio, ceiling, 0.0, sides) < wanted:
        ceiling += 1.0
    return float(
        brentq(lambda h: average_run_length(k_ratio, h, 0.0, sides) / wanted - 1, ceiling - 1, ceiling, xtol=1e-4)
    )


def _one_sided(k: float, h: float, shift: float) -> float:
    node, weight = np.polynomial.legendre.leggauss(_NODES)
    y = np.concatenate([[0.0], 0.5 * h * (node + 1)])
    w = np.concatenate([[0.0], 0.5 * h * weight])
    jump = y[None, :] - y[:, None] + k - shift
    kernel = np.exp(-0.5 * jump**2) / np.sqrt(2 * np.pi) * w[None, :]
    kernel[:, 0] += ndtr(k - y - shift)
    return float(np.linalg.solve(np.eye(y.size) - kernel, np.ones(y.size))[0])
