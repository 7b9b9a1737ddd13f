"""From channels to the answer: watch each loop, date the onset, judge every channel, name the kind of event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.onset import LoopRecord, Onset
from whipple.casefile.read_channels import Channel, read_record
from whipple.casefile.tables.channel import ChannelTable
from whipple.errors import EvidenceError
from whipple.physics.cited import Cited
from whipple.telemetry.alarm import START_FRAC, Alarm, watch
from whipple.telemetry.believed_warmth import Warmth, believed, doubt_caveats, of_loop
from whipple.telemetry.changed import judge_channels
from whipple.telemetry.isolation_answer import with_isolation
from whipple.telemetry.kinds import read_signs, weigh_kinds
from whipple.telemetry.loop_record import record_loop
from whipple.telemetry.loop_signal import LoopSignal, gather_loop
from whipple.telemetry.onset_caveats import answer_caveats, quiet_caveats, reading_caveats, stamp
from whipple.telemetry.onset_posterior import OnsetPosterior, onset_posterior
from whipple.telemetry.revolution import assumed_revolution, revolution
from whipple.telemetry.sequential import WatchedLoop
from whipple.telemetry.two_rules import alarm_of_watch, compare_rules
from whipple.telemetry.watched_record import WatchedRecord, loop_of_case, watch_record

__all__ = ["MTBF_DAYS", "detect", "find_onset"]

#: Mean time between false alarms that the causal detector is set to.
MTBF_DAYS = Cited(30.0, unit="day", source="whipple_judgement", grade="proposal")
_NOTHING = np.zeros(0)
#: The leak watch learns on no more than this: the loop drifts.
_LEARN_AT_MOST_S = 86400.0
_BARE_TEXT = "Loop {} was judged without its temperature, since no thermometer was left: thermal swings count as noise, and the onset is wider."


def find_onset(case: Case) -> Onset:
    """When the leak began, what changed and what did not, from the channels of the case.

    Never raises for missing evidence: an Onset without numbers and a caveat is returned. Raises CaseError when a file that the case
    names cannot be read.
    """
    if not case.channels:
        none = Caveat("no-channels", "The case has no telemetry channels.")
        return with_isolation(case, _silent("No telemetry was given, so nothing dates the onset.", none), ())
    warmth = {loop.name: loop.temperature_K.value for loop in case.loops}
    orbit = revolution(case)
    loops = [loop_of_case(loop, orbit[0]) for loop in case.loops]
    record = read_record(case)
    onset = detect(
        case.channels, record.channels, case.epoch, warmth, float(MTBF_DAYS), loops=loops, quiet_until_s=record.quiet_until_s, orbit=orbit
    )  # fmt: skip
    return with_isolation(case, onset, record.channels)


def detect(
    tables: Sequence[ChannelTable],
    channels: Sequence[Channel],
    epoch: datetime,
    warmth_K: Mapping[str, float],
    mtbf_days: float,
    *,
    loops: Sequence[WatchedLoop] = (),
    quiet_until_s: float | None = None,
    orbit: tuple[float, Caveat | None] | None = None,
) -> Onset:
    """The same without a case: `tables` say what each of `channels` is; `warmth_K` a liquid temperature for loops without a sensor.

    `loops` say what is known of the liquids. Up to `quiet_until_s` the record is known to be quiet; without it the first quarter is taken as quiet;
    `orbit` is the revolution [s] that channels swing with, and what is to be said of it. The sum over the sensors dates the onset; the live leak
    watch is run over the same record, and what both say is compared.
    """
    signals, caveats = _loops(tables, channels)
    caveats += [*reading_caveats(channels, signals), *quiet_caveats(signals, quiet_until_s)]
    orbit_s, assumed = orbit or assumed_revolution("no orbit was given")
    caveats += [assumed] if assumed is not None else []
    if not signals:
        return _silent("No pressure channel of a loop could be used, so nothing dates the onset.", *caveats)
    known = {loop.name: loop for loop in loops}
    watched = watch_record(
        tables, channels, [known.get(loop.name, WatchedLoop(loop.name, orbit_s=orbit_s)) for loop in signals], epoch,
        step_s=min(loop.cadence_s for loop in signals), learn_until_s=_learned_s(signals, quiet_until_s), mtbf_days=mtbf_days,
        orbit_s=orbit_s,
    )  # fmt: skip
    warmth = [believed(loop, of_loop(loop.name, tables, channels), watched, orbit_s) for loop in signals]
    caveats += doubt_caveats(warmth, watched, epoch)
    heard, bare = _hear(warmth, watched, mtbf_days, quiet_until_s)
    caveats += bare
    spoke = [(loop, alarm) for loop, alarm in heard if alarm.alarm is not None]
    if not spoke:
        return _nothing_found(signals, watched, epoch, mtbf_days, caveats)
    loop, alarm = min(spoke, key=lambda pair: pair[0].t_s[pair[1].alarm])
    when = onset_posterior(loop, alarm)
    quiet_s = float(loop.t_s[min(alarm.quiet_until, loop.t_s.size - 1)])
    sound = {one.name: one for w in warmth for one in w.channels}
    verdicts = judge_channels(tables, [sound.get(c.name, c) for c in channels], when.onset_s, quiet_s, orbit_s)
    hidden = any(one.seen is loop and one.hides_onset(alarm) for one in warmth)
    told = replace(loop, temperature_K=None) if hidden else loop
    kinds = weigh_kinds(read_signs(told, alarm, when, tables, verdicts))
    alone = float(loop.t_s[alarm.alarm or 0]) if alarm.score[alarm.alarm or 0] > alarm.limit else None
    rules, apart = compare_rules(loop.name, when.onset_s, alone, watched, epoch)
    simulated = any(channel.simulated for channel in channels)
    headline = _headline(loop, alarm, when, epoch, sum(v.verdict == "changed" for v in verdicts), len(verdicts)) + (
        " The telemetry is simulated." if simulated else ""
    )
    whole = [(one.whole, alarm) for one, (_, alarm) in zip(warmth, heard, strict=True)]
    unjudged = len(channels) - len(verdicts)
    caveats += [*apart, *answer_caveats(
        when, epoch, quiet_s, mtbf_days, unjudged, simulated=simulated, given=quiet_until_s is not None
    )]  # fmt: skip
    return Onset(
        when.onset_s, float(loop.t_s[alarm.alarm or 0]), when.t_s, when.density_per_s, kinds, when.sudden_over_slow_nat,
        verdicts, _records(whole, tables, when, warmth_K), simulated, headline, tuple(caveats), when.rate_Pa_s, quiet_s,
        watched.events, watched.onset_s(loop.name), watched.rate_frac_s(loop.name), rules,
    )  # fmt: skip


def _hear(
    warmth: Sequence[Warmth], watched: WatchedRecord, mtbf_days: float, quiet_until_s: float | None
) -> tuple[list[tuple[LoopSignal, Alarm]], list[Caveat]]:
    """The sum over the sensors of each loop; without the temperature where no thermometer was left when it may have begun. Where all are silent: the
    watch's "leak"."""
    heard, caveats = [], []
    for one in warmth:
        alarm = watch(one.seen, mtbf_days, quiet_until_s)
        heard.append((one.seen, alarm))
        if one.hides_onset(alarm):
            bare = replace(one.whole, temperature_K=None)
            again = watch(bare, mtbf_days, quiet_until_s)
            if again.alarm is not None or alarm.alarm is None:
                heard[-1] = (bare, again)
                caveats.append(Caveat("not-compensated", _BARE_TEXT.format(bare.name)))
    if all(alarm.alarm is None for _, alarm in heard):
        heard = [(loop, alarm_of_watch(loop, watched, mtbf_days) or alarm) for loop, alarm in heard]
    return heard, caveats


def _learned_s(signals: Sequence[LoopSignal], quiet_until_s: float | None) -> float:
    """Until when the leak watch learns: to the end of the known quiet record, else for the first quarter, a day at most."""
    first = min(float(loop.t_s[0]) for loop in signals)
    if quiet_until_s is not None:
        return quiet_until_s
    span = max(float(loop.t_s[-1]) for loop in signals) - first
    return first + min(START_FRAC * span, _LEARN_AT_MOST_S)


def _nothing_found(
    signals: Sequence[LoopSignal], watched: WatchedRecord, epoch: datetime, mtbf_days: float, caveats: list[Caveat]
) -> Onset:
    """Silence of the sum; what the leak watch suspects without calling it a leak is said first."""
    text = f"No loop pressure left its quiet behaviour at one false alarm in {mtbf_days:g} days; a slower leak is not excluded."
    rules, apart = compare_rules(signals[0].name, None, None, watched, epoch)
    suspected = watched.first("leak suspected")
    headline = "The loop pressures show no change."
    if suspected is not None:
        headline = f"The leak watch suspects a leak since {stamp(epoch, suspected.t_s)} UTC and has not called it one: {suspected.text}."
        rules, apart = compare_rules(suspected.about, None, None, watched, epoch)
    quiet = _silent(headline, Caveat("nothing-found", text), *apart, *caveats)
    return replace(quiet, watch=watched.events, rules=rules)


def _silent(headline: str, *caveats: Caveat) -> Onset:
    return Onset(None, None, _NOTHING, _NOTHING, {}, None, (), (), False, headline, caveats)


def _loops(tables: Sequence[ChannelTable], channels: Sequence[Channel]) -> tuple[list[LoopSignal], list[Caveat]]:
    """Each loop that has a pressure channel, on one clock; a loop that cannot be used becomes a caveat."""
    loops, caveats = [], []
    pairs = list(zip(tables, channels, strict=True))
    for name in dict.fromkeys(table.loop for table in tables if table.loop and table.measures == "pressure"):
        pressures = [(t, c) for t, c in pairs if t.loop == name and t.measures == "pressure"]
        warm = of_loop(name, tables, channels)
        try:
            loops.append(gather_loop(name, [c for _, c in pressures], warm, [t.resolution for t, _ in pressures]))
        except EvidenceError as error:
            caveats.append(Caveat("loop-not-used", f"Loop {name} was left out: no {error.missing}."))
    return loops, caveats


def _records(
    heard: Sequence[tuple[LoopSignal, Alarm]],
    tables: Sequence[ChannelTable],
    when: OnsetPosterior,
    warmth_K: Mapping[str, float],
) -> tuple[LoopRecord, ...]:
    return tuple(
        record_loop(loop, alarm.noise, tables, when.onset_s.median, warmth_K.get(loop.name))
        for loop, alarm in heard
        if loop.temperature_K is not None or loop.name in warmth_K
    )


def _headline(loop: LoopSignal, alarm: Alarm, when: OnsetPosterior, epoch: datetime, changed: int, judged: int) -> str:
    at, low, high = (stamp(epoch, x) for x in (when.onset_s.median, when.onset_s.low, when.onset_s.high))
    if low[:10] == high[:10]:
        low, high = low[11:], high[11:]
    verb, count = "fall" if alarm.sign < 0 else "rise", loop.step_Pa.size
    sensors = "one sensor" if count == 1 else f"{count} sensors together"
    return (
        f"The pressure of loop {loop.name} began to {verb} at {at} UTC (90 % interval {low} to {high}, from {sensors}); "
        f"{changed} of {judged} channels changed."
    )
