"""The pressure record made ready: temperature effect taken out, samples gathered into bins that keep what they know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from whipple.casefile.estimate import Array
from whipple.casefile.findings.onset import LoopRecord
from whipple.physics.cited import Cited

__all__ = ["Bins", "gather", "lagged"]

#: Longest bin after the onset; bins are exact means of the model, so this only sets what temperature is averaged over.
LONGEST_BIN_S = Cited(600.0, unit="s", source="leak_sheet", grade="proposal")
#: Quiet time needed before the onset to learn how temperature moves the pressure: one orbit.
QUIET_S = Cited(5_600.0, unit="s", source="leak_sheet", grade="proposal")
#: 1-sigma doubt of the temperature effect once the gas has expanded, as a share of the effect.
SWING_DOUBT_FRAC = Cited(0.3, unit="", source="leak_sheet", grade="proposal")
#: How long errors of the temperature effect last: a quarter of an orbit.
SWING_DOUBT_S = Cited(1_400.0, unit="s", source="leak_sheet", grade="proposal")
#: Lags tried for the accumulator's gas, which follows the liquid late and is not measured (sheet 3.4).
LAGS_S = (600.0, 1500.0, 4000.0)


@dataclass(frozen=True)
class Bins:
    """Means over bins of consecutive samples: `from_s`, `to_s`, `pressure_Pa`, `sigma_Pa` (n,).

    `expanding_frac` and `gas_frac` (n,) are the shares by which temperature would move the pressure if nothing had leaked, as
    learnt before the onset: the liquid's expansion, at once, and the gas of the accumulator, late. `warmer_K` (n,) is the
    liquid's temperature above its mean; `quiet_Pa` the pressure before the onset.

    `sigma_Pa` is what averages down within a bin. Errors that bins share are in the covariance `common_Pa2` (n, n): doubt of the
    swing, slow errors, and codes that stand still. A shared error does not average down. `stop_Pa` is the noise near zero of gauges
    that never read below it (they read too much on the average there), 0 when some reading is negative.
    """

    from_s: Array
    to_s: Array
    pressure_Pa: Array
    sigma_Pa: Array
    common_Pa2: Array
    expanding_frac: Array
    gas_frac: Array
    warmer_K: Array
    quiet_Pa: float
    bias_Pa: float
    temperature_K: float
    swing_known: bool
    stop_Pa: float = 0.0

    @property
    def doubt_Pa(self) -> Array:
        """1-sigma of each bin by itself (n,), shared errors included."""
        return np.sqrt(self.sigma_Pa**2 + np.diag(self.common_Pa2))

    @cached_property
    def whitener_per_Pa(self) -> Array:
        """The matrix (n, n) that turns residuals into independent ones of unit size: the inverse Cholesky factor of their covariance."""
        covariance = np.diag(self.sigma_Pa**2) + self.common_Pa2
        return np.linalg.inv(np.linalg.cholesky(covariance))

    def softened(self, moments_s: Sequence[float]) -> Bins:
        """The same bins with those around some moments given little weight, for a first fit."""
        sigma = self.sigma_Pa.copy()
        for moment in moments_s:
            index = int(np.searchsorted(self.to_s, moment))
            least = float(self.sigma_Pa[max(0, index - 2) : index + 3].min())  # a jump has widened its bins already
            around = slice(max(0, index - 1), index + 2)
            sigma[around] = np.maximum(sigma[around], _SOFTENING * least)
        return replace(self, sigma_Pa=sigma)


_SOFTENING = 30.0
_SMOOTHING_S = 300.0  # takes the noise of the thermometers out before it weakens the regression
_INSTANT = 0.01
#: Near zero a gauge of negative bias reads zero and the others too much: the bias seen there is not the bias elsewhere.
_STOP_RATIO = 2.0
#: Two samples this many times the noise apart have a jump between them.
_JUMP_RATIO = 8.0
#: Of the stated noise a bin keeps at least this share for itself: codes that all stand still would leave it none, and no inverse covariance.
_OWN_FRAC = 0.03


def lagged(t_s: Array, value: Array, step_s: float, lag_s: float) -> Array:
    """First-order lag of a signal, by way of an even clock.

    >>> lagged(np.arange(3.0), np.array([0.0, 0.0, 1.0]), 1.0, 1.0).round(3).tolist()
    [0.0, 0.0, 0.632]
    """
    even_s = np.arange(t_s[0], t_s[-1] + step_s, step_s)
    steady, share = np.interp(even_s, t_s, value), -np.expm1(-step_s / lag_s)
    start = float(steady[: max(1, round(lag_s / step_s))].mean())
    return np.interp(t_s, even_s, lfilter([share], [1.0, share - 1.0], steady - start) + start)


def _smoothed(t_s: Array, value: Array, step_s: float) -> Array:
    """Centred mean over five minutes: takes the thermometers' noise out without a delay."""
    even_s = np.arange(t_s[0], t_s[-1] + step_s, step_s)
    steady, reach = np.interp(even_s, t_s, value), max(1, round(_SMOOTHING_S / step_s / 2))
    padded = np.concatenate([np.zeros(1), np.cumsum(np.pad(steady, reach, mode="edge"))])
    window = 2 * reach + 1
    return np.interp(t_s, even_s, (padded[window:] - padded[:-window]) / window)


def _swing(record: LoopRecord, quiet: np.ndarray, step_s: float) -> tuple[Array, bool]:
    """The relative pressure change (2, n) that temperature explains, at once and late, by regression before the onset."""
    warmer = record.temperature_K - record.temperature_K[quiet].mean() if quiet.any() else record.temperature_K * 0.0
    times = record.t_s[quiet]
    if quiet.sum() < 50 or times[-1] - times[0] < QUIET_S or np.ptp(warmer[quiet]) == 0:
        return np.zeros((2, record.t_s.size)), False
    ratio = record.pressure_Pa[quiet] / record.pressure_Pa[quiet].mean() - 1
    best: tuple[float, Array] | None = None
    prompt = _smoothed(record.t_s, warmer, step_s)
    for lag_s in LAGS_S:
        columns = np.column_stack(
            [
                prompt,
                lagged(record.t_s, warmer, step_s, lag_s),
                np.ones(warmer.size),
                record.t_s / np.ptp(times),  # a drift, or a leak before the leak, is not the temperature's
            ]
        )
        weights, *_ = np.linalg.lstsq(columns[quiet], ratio, rcond=None)
        left = float(np.sum((ratio - columns[quiet] @ weights) ** 2))
        if best is None or left < best[0]:
            best = (left, (columns[:, :2] * weights[:2]).T)
    return (best[1] if best else np.zeros((2, record.t_s.size))), True


def _edges(t_s: Array, onset_s: float, doubt_s: float, step_s: float) -> npt.NDArray[np.int64]:
    """Indices where bins start: coarse while quiet, every sample near the onset, then growing."""
    before = np.flatnonzero(t_s < onset_s - doubt_s)
    near = np.flatnonzero((t_s >= onset_s - doubt_s) & (t_s < onset_s + doubt_s + 20 * step_s))
    starts = list(before[:: max(1, before.size // 12)]) + list(near)
    position = int(near[-1]) + 1 if near.size else (int(before[-1]) + 1 if before.size else 0)
    while position < t_s.size:
        starts.append(position)
        width = np.clip(0.05 * (t_s[position] - onset_s), step_s, LONGEST_BIN_S)
        position = max(position + 1, int(np.searchsorted(t_s, t_s[position] + width)))
    apart = np.diff(t_s)
    usual = np.maximum(
        np.append(apart[1:], apart[-1]), np.append(apart[0], apart[:-1])
    )  # a thinned record is not full of gaps
    gaps = np.flatnonzero(apart > 3 * usual) + 1
    return np.unique(np.concatenate([starts, gaps]).astype(np.int64))


def _stuck_Pa(record: LoopRecord) -> Array:
    """The part of the stated noise that does not average down: codes that stand still hide an error that stays."""
    second = np.diff(record.pressure_Pa, 2, prepend=record.pressure_Pa[:1], append=record.pressure_Pa[-1:]) ** 2 / 6
    window = min(201, record.t_s.size)
    seen = np.convolve(np.pad(second, window // 2, mode="edge"), np.ones(window) / window, "valid")[: record.t_s.size]
    stated = record.sigma_Pa**2
    return np.sqrt(np.where(seen < 0.7 * stated, stated - seen, 0.0))


def _correlated_Pa(record: LoopRecord, quiet: np.ndarray, swing: Array, step_s: float) -> float:
    """1-sigma of slow errors, from how much ten-minute means scatter while quiet beyond what the noise explains."""
    step_s = max(step_s, float(np.median(np.diff(record.t_s[quiet])))) if quiet.sum() > 2 else step_s
    count = max(2, round(LONGEST_BIN_S / step_s))
    level = record.pressure_Pa[quiet] / (1 + swing[quiet])
    whole = level.size // count
    if whole < 6:
        return 0.0
    means = level[: whole * count].reshape(whole, count).mean(axis=1)
    place = np.arange(whole) - (whole - 1) / 2
    means = means - place * (place @ means) / (place @ place)  # a steady drift is no scatter
    return float(np.sqrt(max(0.0, means.var(ddof=2) - np.mean(record.sigma_Pa[quiet] ** 2) / count)))


def _stepped_Pa(record: LoopRecord, starts: npt.NDArray[np.int64], count: npt.NDArray[np.int64]) -> Array:
    """1-sigma (n,) by which a mean of samples misses the mean over time where the pressure jumps: the jump falls anywhere between two samples.

    A bin of one sample is a moment, not a mean.
    """
    after = np.abs(np.diff(record.pressure_Pa, append=record.pressure_Pa[-1]))
    after = np.where(after > _JUMP_RATIO * record.sigma_Pa, after, 0.0)
    beside = np.maximum(after, np.concatenate([[0.0], after[:-1]]))
    return np.where(count > 1, np.maximum.reduceat(beside, starts) / (np.sqrt(12.0) * count), 0.0)


def _run_covariance(held_Pa: Array) -> Array:
    """Covariance (n, n) of an error that the bins of a run share: a run ends where the error is zero."""
    run = np.concatenate([[0], np.cumsum((held_Pa[1:] > 0) != (held_Pa[:-1] > 0))])
    return np.where(run[:, None] == run, np.multiply.outer(held_Pa, held_Pa), 0.0)


def gather(record: LoopRecord, onset_s: float, doubt_s: float) -> Bins:
    """The record as bins, for an onset known to about `doubt_s` [s].

    Averages are weighted equally; the noise that averages down is kept apart from what bins share (codes that stand still, slow
    errors seen while quiet, doubt about the swing).

    >>> t = np.arange(-500.0, 500.0, 10.0)
    >>> record = LoopRecord("a", t, np.full(100, 3e5), np.full(100, 1e3), np.full(100, 293.0), 0.0, True)
    >>> bins = gather(record, 0.0, 20.0)
    >>> round(bins.quiet_Pa), bins.swing_known, bool(bins.sigma_Pa.max() <= 1.5e3)
    (300000, False, True)
    """
    step_s = float(np.median(np.diff(record.t_s)))
    quiet = record.t_s < onset_s - doubt_s
    swing, known = _swing(record, quiet, step_s)
    stuck, slow = _stuck_Pa(record), _correlated_Pa(record, quiet, swing.sum(axis=0), step_s)
    starts = _edges(record.t_s, onset_s, doubt_s, step_s)
    ends = np.append(starts[1:], record.t_s.size)
    count = ends - starts

    def mean(value: Array) -> Array:
        return np.asarray(np.add.reduceat(value, starts) / count)

    alone = np.maximum(record.sigma_Pa**2 - stuck**2, (_OWN_FRAC * record.sigma_Pa) ** 2)
    white = np.hypot(np.sqrt(mean(alone) / count), _stepped_Pa(record, starts, count))
    level, noise = mean(record.pressure_Pa), np.sqrt(mean(record.sigma_Pa**2))
    floor = noise + _STOP_RATIO * record.bias_Pa
    # near zero the gauges share one error: a bin that flickers out of that range does not part the bins before it from those after
    low = np.where(level < 2 * floor, floor, 0.0)
    held = np.sqrt(np.maximum(mean(stuck**2) - low**2, 0.0))
    unsure = [SWING_DOUBT_FRAC * mean(part) * level for part in swing]
    apart = np.abs(np.subtract.outer(mean(record.t_s), mean(record.t_s)))
    lasting = sum((np.multiply.outer(error, error) for error in unsure), slow**2 * np.ones(apart.shape))
    common = np.exp(-apart / SWING_DOUBT_S) * lasting + _run_covariance(held) + np.multiply.outer(low, low)
    calm = float(np.median(record.pressure_Pa[quiet])) if quiet.any() else float(record.pressure_Pa.max())
    liquid = float(record.temperature_K[quiet].mean() if quiet.any() else record.temperature_K.mean())
    local = (record.t_s[ends - 1] - record.t_s[starts]) / np.maximum(count - 1, 1)
    half = np.where(count > 1, local / 2, _INSTANT * step_s)  # one sample is a moment, not a mean
    return Bins(
        record.t_s[starts] - half, record.t_s[ends - 1] + half, level, white, common,
        mean(swing[0]), mean(swing[1]), mean(record.temperature_K) - liquid, calm, record.bias_Pa, liquid, known,
        float(noise[-1]) if record.pressure_Pa.min() >= 0 else 0.0,
    )  # fmt: skip
