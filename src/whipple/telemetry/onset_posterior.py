"""When did it begin? The posterior of the onset on a grid, averaged over rates, leak laws and slow openings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

from whipple.casefile.estimate import Array, Estimate
from whipple.physics.cited import Cited
from whipple.telemetry.alarm import Alarm
from whipple.telemetry.loop_signal import LoopSignal
from whipple.telemetry.shapes import SHAPES, Shape, open_time_s, steady_fall_Pa

__all__ = ["OnsetPosterior", "onset_posterior"]

#: Samples of the stretch looked at; more are averaged together.
_MOST = 160
_N_ONSET, _N_RATE = 160, 25
#: The laws hold while little has gone: the stretch ends where this share of the pressure is lost.
FALL_FRAC = Cited(0.4, unit="", source="whipple_judgement", grade="proposal")
#: Prior probability that the hole opened slowly rather than at once.
SLOW_PROB = Cited(0.1, unit="", source="whipple_judgement", grade="proposal")
#: The opening times that a slow opening may take, in units of the sampling interval: log-uniform.
OPENINGS = np.geomspace(2.0, 180.0, 6)


_RISE = Shape("steady rise", steady_fall_Pa)
_STEP = Shape("step", lambda t, size, level: steady_fall_Pa((t > 0).astype(float), size, level))


@dataclass(frozen=True)
class OnsetPosterior:
    """`density_per_s` (n,) on `t_s` (n,); evidences in natural logs; `rate_Pa_s` is the first rate of fall (positive down).

    `sudden_over_slow_nat`: a hole that opens at once against one that grows. `decay_over_step_nat`: a fall that goes on against a
    single step.
    """

    t_s: Array
    density_per_s: Array
    onset_s: Estimate
    rate_Pa_s: Estimate
    sudden_over_slow_nat: float
    decay_over_step_nat: float
    shape: str


@dataclass(frozen=True)
class _Stretch:
    """The samples looked at: `fall_Pa` (n,) below the quiet level, whitened by `whiten` (n, n); `level_Pa` before the onset."""

    t_s: Array
    whitened: Array
    whiten: Array
    level_Pa: float


def onset_posterior(loop: LoopSignal, heard: Alarm) -> OnsetPosterior:
    """The posterior of the onset given that the detector spoke.

    A fall of the pressure is compared with four laws (shapes.py), each with any first rate (log-uniform), opening at once or growing,
    in the learned noise; level and slow drift of the stretch are free. The onset is uniform over the grid beforehand.
    """
    shapes = SHAPES if heard.sign < 0 else (_RISE,)
    stretch, earliest, latest = _cut(loop, heard)
    coarse = np.linspace(earliest, latest, _N_ONSET)
    rate = _rate_guess(stretch, coarse) * np.geomspace(0.3, 3.0, _N_RATE)
    table = _surface(stretch, shapes[0], coarse, rate, 0.0)
    onset, rate = _zoom(coarse, table, 1), _zoom(rate, table, 0)
    sudden = {shape.name: _surface(stretch, shape, onset, rate, 0.0) for shape in shapes}
    slow = [_surface(stretch, shapes[0], onset, rate, x * loop.cadence_s) for x in OPENINGS]
    return _summarise(stretch, onset, rate, sudden, slow)


def _cut(loop: LoopSignal, heard: Alarm) -> tuple[_Stretch, float, float]:
    """The stretch of samples, and the earliest and latest onset considered: the alarm, and five delays before its rise."""
    alarm, rise = heard.alarm or 0, heard.rise or 0
    delay = max(alarm - rise, 1)
    first = max(0, rise - max(10 * delay, 60))
    lost = np.flatnonzero(
        np.abs(loop.fused_Pa - loop.fused_Pa[max(0, rise - 30) : rise + 1].mean())
        > float(FALL_FRAC) * loop.fused_Pa[first]
    )
    lost = lost[lost > alarm]
    last = min(loop.t_s.size, alarm + max(4 * delay, 30), int(lost[0]) if lost.size else loop.t_s.size)
    last = max(last, min(alarm + 3, loop.t_s.size))
    each = int(np.ceil((last - first) / _MOST))
    groups = (np.arange(first, last) // each).astype(float)
    level = float(loop.fused_Pa[max(first, rise - 15) : rise + 1].mean())
    t_s, y = (
        _means(loop.t_s[first:last], groups),
        heard.sign * _means(_compensated_Pa(loop, heard, level)[first:last], groups),
    )
    whiten = _whitening(
        heard, t_s, np.unique(groups, return_counts=True)[1].astype(float), _moving_rounding_Pa(loop, heard)
    )
    earliest = loop.t_s[max(first + 2, rise - 5 * delay - 10)]
    return _Stretch(t_s, whiten @ y, whiten, level), float(earliest), float(loop.t_s[alarm])


def _compensated_Pa(loop: LoopSignal, heard: Alarm, level_Pa: float) -> Array:
    """The fused pressure (n,) without what the temperature does to it; the level is left free.

    Liquid that expands squeezes the gas: dp = p dV/Vg with Vg as 1/p, so the effect shrinks as p squared once the pressure falls.
    """
    warm = heard.compensation.explained_Pa
    before = warm[heard.rise or 0]
    stiffness = np.clip(loop.fused_Pa / level_Pa, 0.0, 1.0) ** 2 if level_Pa > 0 else 1.0
    return loop.fused_Pa - level_Pa - before - (warm - before) * stiffness


def _moving_rounding_Pa(loop: LoopSignal, heard: Alarm) -> float:
    """Rounding error that the quiet data did not show: a signal that crosses steps at every sample is rounded in another pattern.

    The sensors' rounding error times the steps crossed a sample, at most once.
    """
    alarm, rise = heard.alarm or 0, heard.rise or 0
    step = float(loop.step_Pa.mean())
    if step == 0:
        return 0.0
    crossed = abs(loop.fused_Pa[alarm] - loop.fused_Pa[rise]) / (max(alarm - rise, 1) * step)
    return loop.quantisation_Pa * float(min(crossed, 1.0))


def _means(value: Array, groups: Array) -> Array:
    _, where = np.unique(groups, return_inverse=True)
    return np.bincount(where, value) / np.bincount(where)


def _whitening(heard: Alarm, t_s: Array, count: Array, rounding_Pa: float) -> Array:
    """The inverse Cholesky factor of the noise with a free level and a free slow drift."""
    noise = heard.noise
    middle = (t_s - t_s.mean()) / max(float(np.ptp(t_s)), 1.0)
    covariance = (
        noise.covariance_Pa2(t_s, count)
        + np.diag(rounding_Pa**2 / count)
        + (10 * noise.total_Pa) ** 2
        + (noise.slow_Pa * middle)[:, None] * (noise.slow_Pa * middle)[None, :]
    )
    return np.asarray(solve_triangular(np.linalg.cholesky(covariance), np.eye(t_s.size), lower=True))


def _rate_guess(stretch: _Stretch, onset: Array) -> float:
    """The best constant rate over all onsets, weighted least squares."""
    ramp = stretch.whiten @ open_time_s(stretch.t_s[:, None] - onset[None, :], 0.0)
    size = (ramp**2).sum(axis=0)
    fit = stretch.whitened @ ramp / np.maximum(size, 1e-30)
    return float(max(fit[np.argmax(fit**2 * size)], 1e-12))


def _surface(stretch: _Stretch, shape: Shape, onset: Array, rate: Array, opening_s: float) -> Array:
    """Log likelihood (n_onset, n_rate) of one law."""
    elapsed = open_time_s(stretch.t_s[:, None] - onset[None, :], opening_s)
    fall = shape.fall_Pa(elapsed[:, :, None], rate[None, None, :], stretch.level_Pa)
    missed = stretch.whitened[:, None] - stretch.whiten @ fall.reshape(stretch.t_s.size, -1)
    return np.asarray(-0.5 * (missed**2).sum(axis=0).reshape(onset.size, rate.size))


def _zoom(grid: Array, table: Array, axis: int) -> Array:
    """A grid of the same size over the part that holds all but 1e-5 of the probability, widened by half on each side."""
    weight = np.exp(logsumexp(table, axis=axis) - logsumexp(table))
    inside = np.flatnonzero(np.cumsum(weight) > 1e-5), np.flatnonzero(np.cumsum(weight[::-1]) > 1e-5)
    low, high = int(inside[0][0]), grid.size - 1 - int(inside[1][0])
    spare = max(2, (high - low) // 2)
    low, high = max(0, low - spare), min(grid.size - 1, high + spare)
    return (
        np.geomspace(grid[low], grid[high], grid.size) if axis == 0 else np.linspace(grid[low], grid[high], grid.size)
    )


def _summarise(
    stretch: _Stretch, onset: Array, rate: Array, sudden: dict[str, Array], slow: list[Array]
) -> OnsetPosterior:
    each = {name: float(logsumexp(table)) - np.log(table.size) for name, table in sudden.items()}
    at_once = float(logsumexp(list(each.values()))) - np.log(len(each))
    grown = float(logsumexp([logsumexp(table) - np.log(table.size) for table in slow])) - np.log(len(slow))
    joint = logsumexp(np.array(list(sudden.values())), axis=0) - np.log(len(sudden)) + np.log1p(-SLOW_PROB)
    joint = np.logaddexp(joint, logsumexp(np.array(slow), axis=0) - np.log(len(slow)) + np.log(SLOW_PROB))
    weight = np.exp(joint - logsumexp(joint))
    density = weight.sum(axis=1) / (onset[1] - onset[0])
    when, how_fast = _interval(onset, weight.sum(axis=1), "s"), _interval(rate, weight.sum(axis=0), "Pa/s")
    return OnsetPosterior(
        onset,
        density,
        when,
        how_fast,
        at_once - grown,
        at_once - _step_evidence(stretch, onset, rate),
        max(each, key=lambda k: each[k]),
    )


def _step_evidence(stretch: _Stretch, onset: Array, rate: Array) -> float:
    """Log evidence of a single step of any size, between what the rates bring within one sample and over the whole stretch."""
    span = float(stretch.t_s[-1] - onset[0])
    sizes = np.geomspace(rate[0] * 1.0, max(rate[-1] * span, rate[0] * 2.0), 60)
    table = _surface(stretch, _STEP, onset, sizes, 0.0)
    return float(logsumexp(table)) - np.log(table.size)


def _interval(grid: Array, weight: Array, unit: str) -> Estimate:
    """Median and 90 % interval of a distribution on a grid, each grid point standing for its cell."""
    edges = np.concatenate([[grid[0]], 0.5 * (grid[1:] + grid[:-1]), [grid[-1]]])
    low, median, high = np.interp([0.05, 0.5, 0.95], np.concatenate([[0.0], np.cumsum(weight) / weight.sum()]), edges)
    return Estimate(float(median), float(low), float(high), unit)
