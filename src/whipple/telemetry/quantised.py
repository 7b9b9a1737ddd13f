"""What does one code of a coarse sensor say about the value behind it? Score and information of a rounded reading."""

from __future__ import annotations

import functools

import numpy as np
from scipy.special import ndtr

from whipple.casefile.estimate import Array

__all__ = ["averaged_count", "code_prob", "score_information", "tabled_scores"]

_SQRT_2PI = float(np.sqrt(2 * np.pi))
_LEAST_PROB, _NODES, _REACH_RATIO = 1e-4, 4001, 5.0
_MOST_AVERAGED, _ON_GRID_RATIO, _MOSTLY_FRAC = 12, 0.02, 0.95


def averaged_count(readings: Array, step: float) -> int:
    """How many codes of a sensor that counts in `step` are averaged in each of its `readings` (n_sensor, n); 1 when it cannot be told.

    A step of the clock that holds several samples gives their mean, which counts in a fraction of the sensor's step.

    >>> averaged_count(np.array([[0.0, 1.0, 1.0 / 3, 2.0 / 3]]), 1.0)
    3
    """
    moves = np.diff(readings, axis=1).ravel() / step
    moves = moves[np.isfinite(moves)]
    for count in range(1, _MOST_AVERAGED + 1):
        off = np.abs(moves * count - np.round(moves * count))
        if moves.size and (off < _ON_GRID_RATIO).mean() > _MOSTLY_FRAC:
            return count
    return 1


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


def tabled_scores(off: Array, step: float, noise: float) -> tuple[Array, Array]:
    """`score_information` of many readings with one step and one noise, from a table: to 1e-4 of itself, many times faster.

    >>> slope, information = tabled_scores(np.array([0.3, 40.0]), 1.0, 0.2)
    >>> np.allclose([slope, information], score_information(np.array([0.3, 40.0]), 1.0, 0.2), rtol=1e-4)
    True
    """
    table, reach = _table(float(step), float(noise))
    plain, near = 1.0 / (noise**2 + step**2 / 12), np.abs(off) < reach
    place = np.where(near, off / reach + 1, 1.0) * ((_NODES - 1) / 2)
    low = np.minimum(place.astype(np.int64), _NODES - 2)
    slope, information = table[:, low] + (place - low) * (table[:, low + 1] - table[:, low])
    return np.where(near, slope, off * plain), np.where(near, information, plain)


@functools.lru_cache(maxsize=64)
def _table(step: float, noise: float) -> tuple[Array, float]:
    """Slope and information (2, n_node) at even nodes up to how far off a reading still has a probability, and that."""
    node = np.linspace(-1.0, 1.0, _NODES) * (step / 2 + _REACH_RATIO * noise)
    likely = node[code_prob(node, step, noise) >= _LEAST_PROB]
    inside = np.linspace(likely[0], likely[-1], _NODES)
    return np.array(score_information(inside, step, noise)), float(likely[-1])


def _slope(off: Array, step: Array | float, noise: Array | float) -> Array:
    high, low = (off + step / 2) / noise, (off - step / 2) / noise
    rise = (np.exp(-0.5 * low**2) - np.exp(-0.5 * high**2)) / _SQRT_2PI
    return np.asarray(rise / np.maximum(noise * (ndtr(high) - ndtr(low)), 1e-12 * noise))
