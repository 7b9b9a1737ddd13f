"""Two rules watch a loop, the sum over all sensors and the leak watch: which one spoke, when, and do they agree?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from whipple.casefile.estimate import Caveat, Estimate
from whipple.telemetry.alarm import Alarm, listen
from whipple.telemetry.loop_signal import LoopSignal
from whipple.telemetry.onset_caveats import stamp
from whipple.telemetry.watched_record import WatchedRecord

__all__ = ["alarm_of_watch", "compare_rules"]

_HOUR_S, _DAY_S = 3600.0, 86400.0
#: A law learned on less than this gives more false alarms than were asked for (docs/theory/telemetry_sources.md).
_LONG_LEARN_S = 12 * _HOUR_S
_PATHS = "It says leak only where sensors on two data paths show it: name them (`data_path` in the case, --path on the command line)."
_OTHER = ("other cause likelier", "cause open", "no leak")


def alarm_of_watch(loop: LoopSignal, watched: WatchedRecord, mtbf_days: float) -> Alarm | None:
    """The watch's "leak" as an alarm of this loop, where the sum over the sensors stayed silent; None when the watch did not say "leak"."""
    said, onset = watched.first("leak", loop.name), watched.onset_s(loop.name)
    if said is None or onset is None:
        return None
    rise = int(np.searchsorted(loop.t_s, onset.median))
    alarm = min(int(np.searchsorted(loop.t_s, said.t_s)), loop.t_s.size - 1)
    guard = max(30, 2 * (alarm - rise))
    return replace(listen(loop, max(rise - guard, 30), mtbf_days), alarm=alarm, rise=rise, sign=-1)


def compare_rules(
    loop: str, onset_s: Estimate | None, alarm_s: float | None, watched: WatchedRecord, epoch: datetime
) -> tuple[str, tuple[Caveat, ...]]:
    """Which rule spoke when, in a sentence, and a caveat where the two do not say the same. `onset_s`, `alarm_s` of the sum, None if silent."""
    if loop in watched.not_watched or not watched.events:
        return _unwatched(watched.not_watched.get(loop, "it has no pressure sensors"))
    own = (
        f"sum over the sensors: alarm {stamp(epoch, alarm_s)}"
        if alarm_s is not None
        else "sum over the sensors: silent"
    )
    suspected, leak = watched.first("leak suspected", loop), watched.first("leak", loop)
    other = next((e for e in watched.events if e.kind in _OTHER and e.about == loop), None)
    parts = [f"suspected {stamp(epoch, suspected.t_s)}"] if suspected else ["silent"]
    parts += [f"called a leak {stamp(epoch, leak.t_s)}"] if leak else [f"then: {other.text}"] if other else []
    sentence = f"{own}. Leak watch (learned {watched.learn_s / _HOUR_S:.0f} h): {', '.join(parts)}."
    begun = watched.onset_s(loop)
    if begun is not None:
        sentence += f" It dates the onset {_interval(epoch, begun)}."
    return sentence, (*_short(watched), *_differ(onset_s, alarm_s, watched, loop, epoch))


def _unwatched(reason: str) -> tuple[str, tuple[Caveat, ...]]:
    text = (
        f"The leak watch could not check this answer ({reason}). It wants coarse pressures, two liquid temperatures, and 12 to 24 quiet hours:"
        " a longer record, or a quiet one named by the case."
    )
    return "", (Caveat("leak-watch-not-run", text),)


def _short(watched: WatchedRecord) -> tuple[Caveat, ...]:
    if watched.learn_s >= _LONG_LEARN_S - 1:
        return ()
    text = (
        f"The leak watch learned on {watched.learn_s / _HOUR_S:.0f} h: learned on 6 h it gave 2 false alarms in 30 simulated days where 1 was asked"
        " for. Name a quiet record of 12 to 24 h."
    )
    return (Caveat("leak-watch-learned-short", text),)


def _differ(
    onset_s: Estimate | None, alarm_s: float | None, watched: WatchedRecord, loop: str, epoch: datetime
) -> tuple[Caveat, ...]:
    begun, suspected = watched.onset_s(loop), watched.first("leak suspected", loop)
    other = next((e for e in watched.events if e.kind in _OTHER and e.about == loop), None)
    out = []
    if alarm_s is not None and suspected is None:
        out.append(
            Caveat("rules-differ", "The leak watch did not suspect a leak where the sum over the sensors gave alarm.")
        )
    if alarm_s is None and suspected is not None:
        text = f"Only the leak watch spoke, at {stamp(epoch, suspected.t_s)} UTC: the sum over the sensors stayed below its limit."
        out.append(Caveat("rules-differ", text))
    if begun is None and other is not None and alarm_s is not None:
        out.append(Caveat("rules-differ", f"The leak watch did not call it a leak: {other.text}. {_PATHS}"))
    if begun is not None and onset_s is not None:
        apart = max(onset_s.low - begun.high, begun.low - onset_s.high)
        if apart > watched.step_s:  # the watch does not resolve a step of its clock
            text = f"The two rules date the onset apart: {_interval(epoch, onset_s)}, and {_interval(epoch, begun)} by the leak watch."
            out.append(Caveat("onset-disagree", text + " Neither interval holds for both: read them together."))
    return tuple(out)


def _interval(epoch: datetime, when: Estimate) -> str:
    at, low, high = (stamp(epoch, x) for x in (when.median, when.low, when.high))
    if at[:10] == low[:10] == high[:10]:
        low, high = low[11:], high[11:]
    return f"{at} UTC ({low} to {high})"
