"""What does one code of a coarse sensor say about the value behind it? Score and information of a rounded reading."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from whipple.casefile.estimate import Array

__all__ = ["code_prob", "score_information"]

_SQRT_2PI = float(np.sqrt(2 * np.pi))
_LEAST_PROB = 1e-4


def code_prob(off: Array, step: Array | float, noise: Array | float) -> Array:
    """Probability of a reading that lies `off` from the mean before rounding to `step`, normal noise `noise`, all in one unit.

    >>> round(float(code_prob(np.array(0.0), 1.0, 0.5)), 4)
    0.6827
    """
    return np.asarray(ndtr((off + step / 2) / noise) - ndtr((off - step / 2) / noise))


def score_information(off: Array, step: Array | float, noise: Array | float) -> tuple[Array, Array]:
    """Slope of the log probability of a rounded reading in the mean behind it, and the Fisher information, `off` from that mean.

    Information is the mean square of the slope over the three codes nearest to the mean. A reading so far off that it has no
    probability (below 1e-4) counts as unrounded with the variance noise^2 + step^2/12.

    >>> slope, information = score_information(np.array([0.0, 0.5]), 1.0, 0.2)
    >>> bool(abs(slope[0]) < 1e-12), bool(information[1] > 4 * information[0])
    (True, True)
    """
    slope = _slope(off, step, noise)
    nearest = off - step * np.round(off / step)
    information = np.zeros_like(np.asarray(off, float))
    for move in (-1.0, 0.0, 1.0):
        information += code_prob(nearest + move * step, step, noise) * _slope(nearest + move * step, step, noise) ** 2
    plain = 1.0 / (np.square(noise) + np.square(step) / 12)
    far = code_prob(off, step, noise) < _LEAST_PROB
    return np.where(far, off * plain, slope), np.where(far, plain, information)


def _slope(off: Array, step: Array | float, noise: Array | float) -> Array:
    high, low = (off + step / 2) / noise, (off - step / 2) / noise
    rise = (np.exp(-0.5 * low**2) - np.exp(-0.5 * high**2)) / _SQRT_2PI
    return np.asarray(rise / np.maximum(noise * (ndtr(high) - ndtr(low)), 1e-12 * noise))
