"""What is a channel like while all is well? Healthy stretch of its training rows, scatter, and the excursion it makes once in a given time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited

__all__ = [
    "SIGNS",
    "Quiet",
    "extreme_limit",
    "gain_of",
    "healthy_stretch",
    "learn_quiet",
    "middle_and_scatter",
    "quiet_limit",
    "running_mean",
]

#: Which way a channel moves when something is wrong: +1 up, -1 down, 0 either way.
SIGNS = {"high": 1, "low": -1, "either": 0}
#: A step of the training rows beyond this many standard deviations splits them into two stretches.
STEP_RATIO = Cited(3.0, unit="", source="whipple_judgement", grade="proposal")
#: Blocks whose maxima the limit is extrapolated from, and the fewest samples of a stretch.
_BLOCKS, _FEWEST = 10, 40
#: The robust scatter is never below this share of the standard deviation: coarse channels have a median deviation of zero.
_LEAST_SCATTER_FRAC = 0.5
#: A limit is never below this share of the scatter.
_LEAST_LIMIT_RATIO = 0.3
#: How many healthy rows start a level, and a reference.
_LEVEL_COUNT, _START_COUNT = 20, 60


@dataclass(frozen=True)
class Quiet:
    """One channel while all is well: `healthy` rows, `middle_ratio` and `scatter_ratio` in its unit, `z_ratio` (n,) all training rows against them.

    `floor_ratio` is the smallest limit, as a multiple of the scatter.
    """

    healthy: slice
    middle_ratio: float
    scatter_ratio: float
    z_ratio: Array
    floor_ratio: float

    @property
    def level_ratio(self) -> float:
        """Where a level starts: the mean of the first training rows."""
        return float(self.z_ratio[:_LEVEL_COUNT].mean())

    @property
    def reference_ratio(self) -> float:
        """Where a reference starts: the mean of the first healthy rows."""
        return float(self.z_ratio[self.healthy][:_START_COUNT].mean())


def learn_quiet(value: Array, concern: str, least_change_frac: float) -> Quiet:
    """Learn one channel from its training rows `value` (n,); a change below `least_change_frac` of its level will not count.

    >>> quiet = learn_quiet(np.tile([31.0, 32.0, 32.0, 33.0], 100), "low", 0.1)
    >>> quiet.healthy, quiet.middle_ratio, round(quiet.floor_ratio * quiet.scatter_ratio, 6)
    (slice(0, 400, None), 32.0, 3.2)
    """
    healthy = healthy_stretch(value, concern)
    middle, scatter = middle_and_scatter(value[healthy])
    floor = max(least_change_frac * abs(middle) / scatter, _LEAST_LIMIT_RATIO)
    return Quiet(healthy, middle, scatter, (value - middle) / scatter, floor)


def gain_of(interval_s: float, memory_s: float) -> float:
    """The share of a new sample in an exponential mean that remembers `memory_s`, sampled every `interval_s`.

    >>> round(gain_of(1.0, 10.0), 4)
    0.0952
    """
    return float(1.0 - np.exp(-interval_s / memory_s))


def quiet_limit(quiet: Quiet, sign: int, gain: float, reference_gain: float, spacing_count: float) -> float:
    """The limit of level minus reference, `sign` way (0 either), from the healthy rows with the reference following freely; in scatters.

    >>> quiet = learn_quiet(np.tile([31.0, 32.0, 32.0, 33.0], 100), "low", 0.0)
    >>> round(quiet_limit(quiet, -1, 0.3, 0.01, 3600.0), 2)
    0.41
    """
    z = quiet.z_ratio[quiet.healthy]
    level = running_mean(z, gain, float(z[:_LEVEL_COUNT].mean()))
    off = level - running_mean(z, reference_gain, float(z[:_START_COUNT].mean()))
    return extreme_limit(np.abs(off) if sign == 0 else sign * off, spacing_count)


def healthy_stretch(value: Array, concern: str = "either") -> slice:
    """The training rows of one channel `value` (n,) that may be learned as quiet: all, or one side of their largest step.

    A record may begin inside a fault. When the mean steps by more than three standard deviations, only one side is kept: the one
    `concern` calls healthy (the higher one where low values are the concern), or the first when either way is. Each side has 40 rows
    or more. Judgement of this project.

    >>> leak = np.concatenate([np.full(100, 32.0), np.full(300, 28.0)]) + np.tile([0.0, 0.5], 200)
    >>> healthy_stretch(leak, "low"), healthy_stretch(leak[::-1], "low"), healthy_stretch(leak[150:], "low")
    (slice(0, 100, None), slice(300, 400, None), slice(0, 250, None))
    """
    n = value.size
    if n < 2 * _FEWEST + 1:
        return slice(0, n)
    cut = np.arange(_FEWEST, n - _FEWEST)
    total, square = (np.concatenate([[0.0], np.cumsum(x)]) for x in (value - value[0], (value - value[0]) ** 2))
    before, after = total[cut] / cut, (total[n] - total[cut]) / (n - cut)
    within = (square[n] - total[cut] ** 2 / cut - (total[n] - total[cut]) ** 2 / (n - cut)) / n
    step = np.abs(before - after) / np.sqrt(np.maximum(within, 1e-12 + 1e-12 * np.ptp(value) ** 2))
    best = int(np.argmax(step))
    if step[best] <= STEP_RATIO:
        return slice(0, n)
    sign = SIGNS[concern]
    first = sign == 0 or sign * (after[best] - before[best]) > 0
    return slice(0, int(cut[best])) if first else slice(int(cut[best]), n)


def middle_and_scatter(value: Array) -> tuple[float, float]:
    """Median, and 1.4826 times the median deviation, held above half the standard deviation (and above rounding).

    >>> middle_and_scatter(np.array([31.0, 32.0, 32.0, 32.0, 32.0, 33.0]))
    (32.0, 0.28867513459481287)
    """
    middle = float(np.median(value))
    robust = 1.4826 * float(np.median(np.abs(value - middle)))
    return middle, max(robust, _LEAST_SCATTER_FRAC * float(np.std(value)), 1e-9 * abs(middle), 1e-12)


def running_mean(value: Array, gain: float, start: float) -> Array:
    """Exponential mean of `value` (n,) from `start`: `mean += gain (value - mean)`.

    >>> running_mean(np.array([1.0, 1.0]), 0.5, 0.0).tolist()
    [0.5, 0.75]
    """
    out, _ = lfilter([gain], [1.0, gain - 1.0], value, zi=[(1.0 - gain) * start])
    return np.asarray(out)


def extreme_limit(excursion: Array, spacing_count: float) -> float:
    """The excursion that quiet behaviour exceeds once in `spacing_count` samples, by a Gumbel law through the maxima of ten blocks.

    `excursion` (n,) one-sided or absolute, in any unit, n 40 or more; the law is fitted by its mean and standard deviation (method of
    moments: `beta = s sqrt(6)/pi`, `mu = mean - 0.5772 beta`; limit `mu + beta ln(blocks)`). Far beyond the record it is an extrapolation.

    >>> round(extreme_limit(np.tile(np.linspace(0.0, 1.0, 40), 10), 3600.0), 3)   # ten equal maxima: no spread
    1.0
    """
    size = max(excursion.size // _BLOCKS, 1)
    top = excursion[: size * (excursion.size // size)].reshape(-1, size).max(axis=1)
    beta = float(np.std(top, ddof=1)) * np.sqrt(6.0) / np.pi if top.size > 1 else 0.0
    return float(np.mean(top) - np.euler_gamma * beta + beta * np.log(max(spacing_count / size, 1.0)))
