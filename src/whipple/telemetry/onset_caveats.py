"""What must be known beside an onset: how the record was read, what was learned where, what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from whipple.casefile.estimate import Caveat
from whipple.casefile.read_channels import Channel
from whipple.errors import RangeError
from whipple.physics.dates import flown_at
from whipple.telemetry.loop_signal import LoopSignal
from whipple.telemetry.onset_posterior import OnsetPosterior

__all__ = ["answer_caveats", "quiet_caveats", "reading_caveats", "stamp"]

#: An onset vaguer than this belongs to a leak so slow that the interval is known to be a little narrow (docs/theory/telemetry.md).
_SLOW_S = 240.0
#: A quiet record older than this is told of.
_OLD_H = 6.0


def stamp(epoch: datetime, t_s: float) -> str:
    """A time since the epoch for people, UTC. Raises RangeError for one outside the years 1957 to 2100: times in another unit.

    >>> from datetime import UTC
    >>> stamp(datetime(2022, 12, 15, 0, 45, tzinfo=UTC), -367.9)
    '2022-12-15 00:38:52'
    """
    moment = flown_at(epoch, round(t_s))
    if moment is None:
        found, remedy = (
            f"{t_s:.10g} s after {epoch.isoformat()}",
            "write dates or seconds into the time column; are these milliseconds?",
        )
        raise RangeError("telemetry", "time", found, "a time in the years 1957 to 2100", remedy)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def reading_caveats(channels: Sequence[Channel], loops: Sequence[LoopSignal]) -> list[Caveat]:
    """Samples left out, clocks matched, thermometers and sensors that are missing."""
    out, dropped = [], {c.name: c.dropped_count for c in channels if c.dropped_count}
    if dropped:
        told = ", ".join(f"{count} of {name}" for name, count in dropped.items())
        text = f"Samples without a value or with a repeated time stamp were left out: {told}."
        out.append(Caveat("samples-dropped", text))
    for loop in loops:
        if loop.bridged:
            text = f"The channels of loop {loop.name} have different clocks; they were interpolated onto the densest."
            out.append(Caveat("clocks-matched", text))
        if loop.temperature_K is None:
            text = (
                f"Loop {loop.name} has no temperature channel: thermal swings count as noise, and the onset is wider."
            )
            out.append(Caveat("not-compensated", text))
        if loop.step_Pa.size == 1:
            text = f"Loop {loop.name} has one pressure sensor: a fault of that sensor cannot be told from a leak."
            out.append(Caveat("one-sensor", text))
    return out


def quiet_caveats(loops: Sequence[LoopSignal], quiet_until_s: float | None) -> list[Caveat]:
    """A quiet record that ended long before the record begins."""
    if quiet_until_s is None:
        return []
    next_s = [loop.t_s[int(np.searchsorted(loop.t_s, quiet_until_s, "right")) :][:1] for loop in loops]
    gap_h = max((float(one[0]) - quiet_until_s for one in next_s if one.size), default=0.0) / 3600
    if gap_h < _OLD_H:
        return []
    text = (
        f"The quiet record ends {gap_h:.0f} h before the record begins: after 24 h the sum over the sensors gave a false alarm in 2 of 6 simulated"
        " loops, the leak watch in none."
    )
    return [Caveat("quiet-record-old", text)]


def answer_caveats(
    when: OnsetPosterior,
    epoch: datetime,
    quiet_s: float,
    mtbf_days: float,
    unjudged: int,
    *,
    simulated: bool,
    given: bool,
) -> list[Caveat]:
    """What the answer rests on; `given` says that the quiet record was named by the case and not taken from the record's start."""
    out = []
    if simulated:
        text = "These channels are simulated from the physics: the real telemetry was never published."
        out.append(Caveat("simulated", text))
    assumed = "the case names a quiet record" if given else "the first quarter of the record is assumed quiet"
    text = f"Noise and thermal law were learned before {stamp(epoch, quiet_s)} UTC; {assumed}."
    out.append(Caveat("quiet-stretch", text))
    text = "Sensors are taken to respond at once and their time stamps to be exact; a lag would date the onset late by as much."
    out.append(Caveat("sensor-lag", text))
    text = f"The alarm limit stands for one false alarm in {mtbf_days:g} days if the noise stays as it was in the quiet stretch."
    out.append(Caveat("alarm-limit", text))
    text = "The probabilities of the kinds of event rest on a table of judgements, all kinds equally likely beforehand."
    out.append(Caveat("kinds-judged", text))
    if max(when.density_per_s[0], when.density_per_s[-1]) > 0.01 * when.density_per_s.max():
        text = "The onset runs into the edge of the stretch that was searched; it may lie outside."
        out.append(Caveat("onset-at-edge", text))
    if when.onset_s.high - when.onset_s.low > _SLOW_S:
        text = "For leaks this slow the 90 % interval held 85 % of the time on simulated loops: read it as somewhat too narrow."
        out.append(Caveat("slow-onset", text))
    if unjudged:
        text = (
            f"{unjudged} channels have too few samples around the onset, or too little quiet data, and were not judged."
        )
        out.append(Caveat("channels-not-judged", text))
    return out
