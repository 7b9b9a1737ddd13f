"""When did it begin? The posterior of the onset on a grid, averaged over rates, leak laws and slow openings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from whipple.casefile.estimate import Array, Estimate
from whipple.physics.cited import Cited
from whipple.telemetry.alarm import Alarm
from whipple.telemetry.loop_signal import LoopSignal
from whipple.telemetry.shapes import SHAPES, Shape, open_time_s, steady_fall_Pa
from whipple.telemetry.stretch import Stretch, cut_stretch

__all__ = ["OnsetPosterior", "onset_posterior"]

_N_ONSET, _N_RATE = 100, 19
#: Prior probability that the hole opened slowly rather than at once.
SLOW_PROB = Cited(0.1, unit="", source="whipple_judgement", grade="proposal")
#: The opening times of a slow opening, in sampling intervals, log-uniform; a hole that opens sooner counts as opening at once.
OPENINGS_COUNT = np.geomspace(6.0, 180.0, 5)
_RISE = Shape("steady rise", steady_fall_Pa)
_STEP = Shape("step", lambda t, size, level: steady_fall_Pa((t > 0).astype(float), size, level))


@dataclass(frozen=True)
class OnsetPosterior:
    """`density_per_s` (n,) on `t_s` (n,); evidences in natural logs; `rate_Pa_s` is the rate of the fully open hole (positive down).

    `sudden_over_slow_nat`: a hole that opens at once against one that grows. `decay_over_step_nat`: a fall that goes on against a
    single step. `shape`: the law that fits best.
    """

    t_s: Array
    density_per_s: Array
    onset_s: Estimate
    rate_Pa_s: Estimate
    sudden_over_slow_nat: float
    decay_over_step_nat: float
    shape: str


@dataclass(frozen=True)
class _Alternative:
    """One law with one opening time, its prior, and its posterior weight ln(prior x likelihood) (n_onset, n_rate)."""

    shape: Shape
    opening_s: float
    prior_prob: float
    rate_Pa_s: Array
    log_weight: Array

    @property
    def log_evidence(self) -> float:
        """ln(prior x evidence), with the onset and the logarithm of the rate uniform."""
        return float(logsumexp(self.log_weight))


def onset_posterior(loop: LoopSignal, heard: Alarm) -> OnsetPosterior:
    """The posterior of the onset given that the detector spoke.

    A fall is compared with the laws of shapes.py, each with any rate (log-uniform), opening at once or growing, in the learned noise; level
    and slow drift of the stretch are free. The onset is uniform beforehand. A coarse pass finds where, a fine pass resolves it.
    """
    stretch, earliest, latest = cut_stretch(loop, heard)
    onset, laws = np.linspace(earliest, latest, _N_ONSET), _priors(loop, heard, 1)
    guess = _rate_guess(stretch, onset)
    rates = {opening: _wide_rates(stretch, guess, opening, latest) for _, opening, _ in laws}
    for _ in range(2):
        tried = [_weigh(stretch, shape, onset, rates[opening], (opening, prior)) for shape, opening, prior in laws]
        onset = _zoom(onset, logsumexp(np.concatenate([one.log_weight for one in tried], axis=1), axis=1))
        rates = {
            one.opening_s: np.exp(_zoom(np.log(one.rate_Pa_s), logsumexp(one.log_weight, axis=0))) for one in tried
        }
    every = _priors(loop, heard, len(SHAPES))
    return _summarise(
        stretch, onset, [_weigh(stretch, shape, onset, rates[x], (x, prior)) for shape, x, prior in every]
    )


def _priors(loop: LoopSignal, heard: Alarm, laws: int) -> list[tuple[Shape, float, float]]:
    """(law, opening time, prior): the first `laws` laws opening at once, the first of them also growing."""
    shapes = SHAPES[:laws] if heard.sign < 0 else (_RISE,)
    sudden = [(shape, 0.0, (1 - SLOW_PROB) / len(shapes)) for shape in shapes]
    return sudden + [(shapes[0], float(x) * loop.cadence_s, SLOW_PROB / OPENINGS_COUNT.size) for x in OPENINGS_COUNT]


def _rate_guess(stretch: Stretch, onset: Array) -> float:
    """The best constant rate over all onsets, weighted least squares."""
    ramp = stretch.whiten @ open_time_s(stretch.t_s[:, None] - onset[None, :], 0.0)
    size = (ramp**2).sum(axis=0)
    fit = stretch.whitened @ ramp / np.maximum(size, 1e-30)
    return float(max(fit[np.argmax(fit**2 * size)], 1e-12))


def _wide_rates(stretch: Stretch, guess_Pa_s: float, opening_s: float, latest_s: float) -> Array:
    """Rates worth trying: about the guess, and for a hole still growing when the stretch ends up to what it will grow to."""
    followed = max(float(stretch.t_s[-1]) - latest_s, 1e-9)
    return guess_Pa_s * np.geomspace(0.3, 3.0 * max(1.0, 2 * opening_s / followed), _N_RATE)


def _weigh(stretch: Stretch, shape: Shape, onset: Array, rate: Array, told: tuple[float, float]) -> _Alternative:
    """One law with `told` = (opening time, prior) on a grid of onsets and rates; cells weigh by their width in ln(rate)."""
    opening, prior = told
    elapsed = open_time_s(stretch.t_s[:, None] - onset[None, :], opening)
    fall = shape.fall_Pa(elapsed[:, :, None], rate[None, None, :], stretch.level_Pa)
    missed = stretch.whitened[:, None] - stretch.whiten @ fall.reshape(stretch.t_s.size, -1)
    fit = -0.5 * (missed**2).sum(axis=0).reshape(onset.size, rate.size)
    return _Alternative(shape, opening, prior, rate, fit + np.log(prior * np.log(rate[1] / rate[0])))


def _zoom(grid: Array, log_weight: Array) -> Array:
    """An even grid of the same size over the part that holds all but 1e-5 of the probability, widened by half on each side."""
    weight = np.exp(log_weight - logsumexp(log_weight))
    low = int(np.flatnonzero(np.cumsum(weight) > 1e-5)[0])
    high = grid.size - 1 - int(np.flatnonzero(np.cumsum(weight[::-1]) > 1e-5)[0])
    spare = max(2, (high - low) // 2)
    return np.linspace(grid[max(0, low - spare)], grid[min(grid.size - 1, high + spare)], grid.size)


def _summarise(stretch: Stretch, onset: Array, found: Sequence[_Alternative]) -> OnsetPosterior:
    sudden = [one for one in found if one.opening_s == 0]
    at_once = float(logsumexp([one.log_evidence for one in sudden])) - np.log1p(-SLOW_PROB)
    grown = float(logsumexp([one.log_evidence for one in found if one.opening_s > 0])) - np.log(SLOW_PROB)
    joint = np.concatenate([one.log_weight for one in found], axis=1)
    weight = np.exp(joint - logsumexp(joint))
    when = _interval(onset, weight.sum(axis=1), "s")
    how_fast = _interval(np.concatenate([one.rate_Pa_s for one in found]), weight.sum(axis=0), "Pa/s")
    density = weight.sum(axis=1) / (onset[1] - onset[0])
    decay = at_once - _step_evidence(stretch, onset, sudden[0].rate_Pa_s)
    best = max(sudden, key=lambda one: one.log_evidence)
    return OnsetPosterior(onset, density, when, how_fast, at_once - grown, decay, best.shape.name)


def _step_evidence(stretch: Stretch, onset: Array, rate: Array) -> float:
    """Log evidence of a single step of any size, between a second at the least rate and the whole stretch at the largest."""
    span = max(float(stretch.t_s[-1] - onset[0]), 2.0)
    return _weigh(stretch, _STEP, onset, np.geomspace(rate[0], rate[-1] * span, 60), (0.0, 1.0)).log_evidence


def _interval(grid: Array, weight: Array, unit: str) -> Estimate:
    """Median and 90 % interval of weighted points, each standing for the middle of its cell."""
    order = np.argsort(grid)
    value, share = grid[order], weight[order] / weight.sum()
    low, median, high = np.interp([0.05, 0.5, 0.95], np.cumsum(share) - share / 2, value)
    return Estimate(float(median), float(low), float(high), unit)
