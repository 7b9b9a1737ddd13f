"""When would a watchman have spoken? A causal cumulative sum whose limit is a mean time between false alarms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.telemetry.compensate import Compensation, learn_compensation
from whipple.telemetry.loop_signal import LoopSignal
from whipple.telemetry.models.page_1954 import threshold_for
from whipple.telemetry.noise import Noise, fit_noise

__all__ = ["Alarm", "cusum", "listen", "watch"]

#: Half the shift, in inflated standard deviations, that the sum is tuned to.
REFERENCE_RATIO = 0.5
#: The share of the record, from its start, that is taken as quiet until the first coarse alarm.
START_FRAC = 0.25


@dataclass(frozen=True)
class Alarm:
    """What the causal detector saw. Indices into the loop's clock; `alarm` and `rise` None when it stayed silent.

    `rise` is where the sum last left zero. `quiet_until` ends the samples that noise and compensation were learned on.
    `sign` is -1 when the pressure fell. `score` (n,) is the larger arm of the sum, `limit` its threshold.
    """

    alarm: int | None
    rise: int | None
    sign: int
    quiet_until: int
    compensation: Compensation
    noise: Noise
    score: Array
    limit: float


def cusum(z: Array, k_ratio: float, ceiling: float = np.inf) -> tuple[Array, Array]:
    """Both arms (up, down) of a two-sided tabular cumulative sum of `z` (n,), each held below `ceiling`.

    >>> up, down = cusum(np.array([1.0, 2.0, -3.0]), 0.5)
    >>> up.tolist(), down.tolist()
    ([0.5, 2.0, 0.0], [0.0, 0.0, 2.5])
    """
    up, down = np.empty(z.size), np.empty(z.size)
    high = low = 0.0
    for i, value in enumerate(z.tolist()):
        high = min(max(0.0, high + value - k_ratio), ceiling)
        low = min(max(0.0, low - value - k_ratio), ceiling)
        up[i], down[i] = high, low
    return up, down


def watch(loop: LoopSignal, mtbf_days: float = 30.0, quiet_until_s: float | None = None) -> Alarm:
    """Run the detector over a loop: learn on the quiet stretch, find the first alarm, learn again on everything before it.

    It starts with what is known to be quiet, up to `quiet_until_s`, else with the first quarter. The quiet stretch ends before the alarm
    by a guard: twice the time from where the sum left zero to the alarm, at least 30 samples.
    """
    known = START_FRAC * loop.t_s.size if quiet_until_s is None else np.searchsorted(loop.t_s, quiet_until_s, "right")
    until = max(30, int(known))
    heard = listen(loop, until, mtbf_days)
    for _ in range(2):
        if heard.alarm is None or heard.rise is None:
            return listen(loop, loop.t_s.size, mtbf_days) if heard.quiet_until < loop.t_s.size else heard
        guard = max(30, 2 * (heard.alarm - heard.rise))
        until = max(heard.rise - guard, 30)
        heard = listen(loop, until, mtbf_days)
    return heard


def listen(loop: LoopSignal, quiet_until: int, mtbf_days: float) -> Alarm:
    """One pass with the noise and compensation of the first `quiet_until` samples; alarms are looked for after those."""
    quiet = np.arange(loop.t_s.size) < quiet_until
    law = learn_compensation(loop.t_s, loop.fused_Pa, loop.temperature_K, quiet, loop.means_K)
    noise = fit_noise(
        law.honest_Pa, loop.cadence_s, max(loop.quantisation_Pa, 1e-9 * float(np.abs(loop.fused_Pa).max()) + 1e-12)
    )
    limit = threshold_for(mtbf_days * 86400.0 / loop.cadence_s, REFERENCE_RATIO)
    z = law.residual_Pa / (noise.total_Pa * noise.inflation(loop.cadence_s))
    up, down = cusum(z, REFERENCE_RATIO)
    score = np.maximum(up, down)
    later = np.flatnonzero((score > limit) & ~quiet)
    if later.size == 0:
        return Alarm(None, None, 0, quiet_until, law, noise, score, limit)
    alarm = int(later[0])
    arm, sign = (down, -1) if down[alarm] >= up[alarm] else (up, 1)
    zeros = np.flatnonzero(arm[:alarm] == 0)
    return Alarm(alarm, int(zeros[-1]) if zeros.size else 0, sign, quiet_until, law, noise, score, limit)
