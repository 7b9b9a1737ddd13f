"""The stretch of samples around an alarm that dates the onset: compensated, averaged, whitened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.alarm import Alarm
from whipple.telemetry.loop_signal import LoopSignal

__all__ = ["FALL_FRAC", "Stretch", "cut_stretch", "earliest_onset"]

#: Samples of the stretch looked at; more are averaged together.
_MOST = 160
#: The laws hold while little has gone: the stretch ends where this share of the pressure is lost.
FALL_FRAC = Cited(0.4, unit="", source="whipple_judgement", grade="proposal")


@dataclass(frozen=True)
class Stretch:
    """The samples looked at: `fall_Pa` (n,) below the quiet level, whitened by `whiten` (n, n); `level_Pa` before the onset."""

    t_s: Array
    whitened: Array
    whiten: Array
    level_Pa: float


def earliest_onset(heard: Alarm) -> int:
    """The first sample that the onset may lie at: eight delays before the rise, delay being from there to the alarm."""
    alarm, rise = heard.alarm or 0, heard.rise or 0
    return max(0, rise - 8 * max(alarm - rise, 1) - 10)


def cut_stretch(loop: LoopSignal, heard: Alarm) -> tuple[Stretch, float, float]:
    """The stretch of samples, and the earliest and latest onset considered: the alarm, and eight delays before its rise."""
    alarm, rise = heard.alarm or 0, heard.rise or 0
    delay = max(alarm - rise, 1)
    first = max(0, rise - max(14 * delay, 60))
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
    earliest = loop.t_s[max(first + 2, earliest_onset(heard))]
    return Stretch(t_s, whiten @ y, whiten, level), float(earliest), float(loop.t_s[alarm])


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
