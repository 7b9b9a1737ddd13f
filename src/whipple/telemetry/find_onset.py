"""From channels to the answer: watch each loop, date the onset, judge every channel, name the kind of event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.onset import LoopRecord, Onset
from whipple.casefile.read_channels import Channel, read_channels
from whipple.casefile.tables.channel import ChannelTable
from whipple.errors import EvidenceError
from whipple.physics.cited import Cited
from whipple.telemetry.alarm import Alarm, watch
from whipple.telemetry.changed import judge_channels
from whipple.telemetry.kinds import read_signs, weigh_kinds
from whipple.telemetry.loop_record import record_loop
from whipple.telemetry.loop_signal import LoopSignal, gather_loop
from whipple.telemetry.onset_posterior import OnsetPosterior, onset_posterior

__all__ = ["MTBF_DAYS", "detect", "find_onset"]

#: Mean time between false alarms that the causal detector is set to.
MTBF_DAYS = Cited(30.0, unit="day", source="whipple_judgement", grade="proposal")
#: An onset vaguer than this belongs to a leak so slow that the interval is known to be a little narrow (docs/theory/telemetry.md).
_SLOW_S = 240.0
_NOTHING = np.zeros(0)


def find_onset(case: Case) -> Onset:
    """When the leak began, what changed and what did not, from the channels of the case.

    Never raises for missing evidence: an Onset without numbers and a caveat is returned. Raises CaseError when a file that the case
    names cannot be read.
    """
    if not case.channels:
        return _silent(
            "No telemetry was given, so nothing dates the onset.",
            Caveat("no-channels", "The case has no telemetry channels."),
        )
    warmth = {loop.name: loop.temperature_K.value for loop in case.loops}
    return detect(case.channels, read_channels(case), case.epoch, warmth, float(MTBF_DAYS))


def detect(
    tables: Sequence[ChannelTable],
    channels: Sequence[Channel],
    epoch: datetime,
    warmth_K: Mapping[str, float],
    mtbf_days: float,
) -> Onset:
    """The same without a case: `tables` say what each of `channels` is; `warmth_K` a liquid temperature for loops without a sensor."""
    loops, caveats = _loops(tables, channels)
    caveats += _reading_caveats(channels, loops)
    if not loops:
        return _silent("No pressure channel of a loop could be used, so nothing dates the onset.", *caveats)
    heard = [(loop, watch(loop, mtbf_days)) for loop in loops]
    spoke = [(loop, alarm) for loop, alarm in heard if alarm.alarm is not None]
    if not spoke:
        quiet = Caveat(
            "nothing-found",
            f"No loop pressure left its quiet behaviour at one false alarm in {mtbf_days:g} days; a slower leak is not excluded.",
        )
        return _silent("The loop pressures show no change.", quiet, *caveats)
    loop, alarm = min(spoke, key=lambda pair: pair[0].t_s[pair[1].alarm])
    when = onset_posterior(loop, alarm)
    quiet_s = float(loop.t_s[min(alarm.quiet_until, loop.t_s.size - 1)])
    verdicts = judge_channels(tables, channels, when.onset_s, quiet_s)
    kinds = weigh_kinds(read_signs(loop, alarm, when, tables, verdicts))
    records = _records(heard, tables, when, warmth_K)
    simulated = any(channel.simulated for channel in channels)
    headline = _headline(loop, alarm, when, epoch, sum(v.verdict == "changed" for v in verdicts), len(verdicts)) + (
        " The telemetry is simulated." if simulated else ""
    )
    caveats += _answer_caveats(loop, when, epoch, quiet_s, mtbf_days, len(channels) - len(verdicts), simulated)
    return Onset(
        when.onset_s, float(loop.t_s[alarm.alarm]), when.t_s, when.density_per_s, kinds, when.sudden_over_slow_nat,
        verdicts, records, simulated, headline, tuple(caveats), when.rate_Pa_s, quiet_s,
    )  # fmt: skip


def _silent(headline: str, *caveats: Caveat) -> Onset:
    return Onset(None, None, _NOTHING, _NOTHING, {}, None, (), (), False, headline, caveats)


def _loops(tables: Sequence[ChannelTable], channels: Sequence[Channel]) -> tuple[list[LoopSignal], list[Caveat]]:
    """Each loop that has a pressure channel, on one clock; a loop that cannot be used becomes a caveat."""
    loops, caveats = [], []
    pairs = list(zip(tables, channels, strict=True))
    for name in dict.fromkeys(table.loop for table in tables if table.loop and table.measures == "pressure"):
        pressures = [(t, c) for t, c in pairs if t.loop == name and t.measures == "pressure"]
        warm = [c for t, c in pairs if t.loop == name and t.measures == "temperature"]
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


def _stamp(epoch: datetime, t_s: float) -> str:
    return (epoch + timedelta(seconds=round(t_s))).strftime("%Y-%m-%d %H:%M:%S")


def _headline(loop: LoopSignal, alarm: Alarm, when: OnsetPosterior, epoch: datetime, changed: int, judged: int) -> str:
    at, low, high = (_stamp(epoch, x) for x in (when.onset_s.median, when.onset_s.low, when.onset_s.high))
    if low[:10] == high[:10]:
        low, high = low[11:], high[11:]
    verb, count = "fall" if alarm.sign < 0 else "rise", loop.step_Pa.size
    sensors = "one sensor" if count == 1 else f"{count} sensors together"
    return (
        f"The pressure of loop {loop.name} began to {verb} at {at} UTC (90 % interval {low} to {high}, from {sensors}); "
        f"{changed} of {judged} channels changed."
    )


def _reading_caveats(channels: Sequence[Channel], loops: Sequence[LoopSignal]) -> list[Caveat]:
    out, dropped = [], {c.name: c.dropped_count for c in channels if c.dropped_count}
    if dropped:
        told = ", ".join(f"{count} of {name}" for name, count in dropped.items())
        out.append(
            Caveat("samples-dropped", f"Samples without a value or with a repeated time stamp were left out: {told}.")
        )
    for loop in loops:
        if loop.bridged:
            out.append(
                Caveat(
                    "clocks-matched",
                    f"The channels of loop {loop.name} have different clocks; they were interpolated onto the densest.",
                )
            )
        if loop.temperature_K is None:
            out.append(
                Caveat(
                    "not-compensated",
                    f"Loop {loop.name} has no temperature channel: thermal swings count as noise, and the onset is wider.",
                )
            )
        if loop.step_Pa.size == 1:
            out.append(
                Caveat(
                    "one-sensor",
                    f"Loop {loop.name} has one pressure sensor: a fault of that sensor cannot be told from a leak.",
                )
            )
    return out


def _answer_caveats(
    loop: LoopSignal,
    when: OnsetPosterior,
    epoch: datetime,
    quiet_s: float,
    mtbf_days: float,
    unjudged: int,
    simulated: bool,
) -> list[Caveat]:
    out = (
        [Caveat("simulated", "These channels are simulated from the physics: the real telemetry was never published.")]
        if simulated
        else []
    )
    out.append(
        Caveat(
            "quiet-stretch",
            f"Noise and thermal law were learned before {_stamp(epoch, quiet_s)} UTC; the first quarter of the record is assumed quiet.",
        )
    )
    out.append(
        Caveat(
            "sensor-lag",
            "Sensors are taken to respond at once and their time stamps to be exact; a lag would date the onset late by as much.",
        )
    )
    out.append(
        Caveat(
            "alarm-limit",
            f"The alarm limit stands for one false alarm in {mtbf_days:g} days if the noise stays as it was in the quiet stretch.",
        )
    )
    out.append(
        Caveat(
            "kinds-judged",
            "The probabilities of the kinds of event rest on a table of judgements, all kinds equally likely beforehand.",
        )
    )
    if max(when.density_per_s[0], when.density_per_s[-1]) > 0.01 * when.density_per_s.max():
        out.append(
            Caveat(
                "onset-at-edge", "The onset runs into the edge of the stretch that was searched; it may lie outside."
            )
        )
    if when.onset_s.high - when.onset_s.low > _SLOW_S:
        text = "For leaks this slow the 90 % interval held 85 % of the time on simulated loops: read it as somewhat too narrow."
        out.append(Caveat("slow-onset", text))
    if unjudged:
        out.append(
            Caveat(
                "channels-not-judged",
                f"{unjudged} channels have too few samples around the onset, or too little quiet data, and were not judged.",
            )
        )
    return out
