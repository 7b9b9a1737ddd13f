"""From a case to trials: readings typed into [[loop.test]], or averaged from the channels around the onset and the times of a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.onset import Onset
from whipple.casefile.given import Given
from whipple.casefile.read_channels import Channel, scale_to_si
from whipple.casefile.tables.loop import LoopTable, TrialTable
from whipple.errors import CaseError, EvidenceError, Problem, RangeError
from whipple.physics.cited import Cited
from whipple.telemetry.isolation_cells import Trial
from whipple.telemetry.isolation_change import Change, weighed_then
from whipple.telemetry.isolation_plan import SPENT_RATIO

__all__ = ["measured_rate", "running_trial", "trials_of", "typed_trial"]

#: Readings are averaged over this long before, at the start and at the end of a hold.
_WINDOW_S = 120.0
#: The running loop is looked at this long after the onset at most: later the accumulator may be empty.
_LOOK_S = 1800.0
#: The gas of the accumulator follows the liquid with this lag in the sheet's plant (telemetry.md 5.1).
GAS_LAG_S = Cited(1500.0, unit="s", source="telemetry_sheet", grade="computed")
#: Without `clocks` in the case: readings this close to the moving of a valve are not used, as clocks of channels differ.
CLOCKS_S = Cited(60.0, unit="s", source="whipple_judgement", grade="proposal")
_RATE_KEYS = ("rate_percent_h", "rate_low_percent_h", "rate_high_percent_h")
_QUESTION = "Which segment leaks?"


def measured_rate(onset: Onset | None, loop: str, *, alone: bool = False) -> Estimate | None:
    """The share of the inventory that this loop lost a second at first, 90 %, as the watch said with "leak"; None where it did not.

    A change that it announced since is no matter here (`isolation_change`). `alone`: the case has no other loop.

    >>> measured_rate(None, "external") is None
    True
    """
    if onset is None:
        return None
    said = next((e.values for e in onset.watch if e.kind == "leak" and e.about == loop), {})
    if not all(name in said for name in _RATE_KEYS):
        return onset.watch_rate_per_s if alone else None
    middle, low, high = (said[name] / 3.6e5 for name in _RATE_KEYS)
    return Estimate(middle, low, high, "1/s")


def typed_trial(loop: LoopTable, table: TrialTable) -> Trial:
    """The trial a person typed into the case.

    >>> loop = LoopTable.model_construct(gauge=(), meter=())
    >>> given = {"p": {"is": "3 bar"}}
    >>> test = TrialTable.model_validate({"hold": "10 min", "before": {"p": "3 bar"}, "after": {"p": "2.9 bar"}, "source": "log"})
    >>> typed_trial(loop, test).running
    True
    """
    gauges, meters = [g.channel for g in loop.gauge], [m.channel for m in loop.meter]
    flow = _row(table.flow_after, meters) - _row(table.flow_before, meters)
    gas = None if table.gas_warming_K is None else table.gas_warming_K.value
    before = _row(table.before, gauges)
    start = _row(table.start, gauges) if table.start else before
    hold_s = 0.0 if table.hold_s is None else table.hold_s.value
    return Trial(
        frozenset(table.closed),
        frozenset(table.off),
        hold_s,
        before,
        start,
        _row(table.after, gauges),
        flow,
        table.warming_K.value,
        gas,
    )


def _row(readings: Mapping[str, Given], names: Sequence[str]) -> Array:
    return np.array([readings[name].value if name in readings else np.nan for name in names], dtype=float)


def trials_of(
    case: Case,
    loop: LoopTable,
    channels: Sequence[Channel],
    onset_s: float | None,
    quiet_s: float | None,
    changes: Sequence[Change] = (),
) -> list[Trial]:
    """Every trial of a loop: the running loop around the onset (unless one is typed in), and each [[loop.test]], weighed with the hole of its time.

    Raises EvidenceError when a test with times has no samples in them; CaseError for gauges and meters whose channel is in another unit.
    """
    typed = [(typed_trial(loop, t), t) for t in loop.test if t.begins is None]
    out = [weighed_then(one, changes, _held_s(case, one, t, onset_s)) for one, t in typed]
    named = {channel.name: channel for channel in channels}
    _in_their_units(case, loop, named)
    warm = [
        named[c.name] for c in case.channels if c.measures == "temperature" and c.loop == loop.name and c.name in named
    ]
    for table in loop.test:
        if table.begins is not None and table.ends is not None:
            span = case.seconds(table.begins), case.seconds(table.ends)
            out.append(weighed_then(_timed_trial(loop, table, named, warm, *span), changes, span))
    if onset_s is not None and not any(trial.running for trial in out):
        quiet = onset_s if quiet_s is None else min(quiet_s, onset_s)
        until = min((one.low_s for one in changes), default=np.inf)
        seen = running_trial(loop, named, warm, onset_s, quiet, until)
        out = out if seen is None else [seen, *out]
    return out


def _held_s(case: Case, trial: Trial, table: TrialTable, onset_s: float | None) -> tuple[float, float] | None:
    """From when to when a trial typed in was held; None where that is not known."""
    if table.at is not None:
        begin = case.seconds(table.at)
    elif trial.running and onset_s is not None:
        begin = onset_s
    else:
        return None
    return begin, begin + trial.hold_s


def running_trial(
    loop: LoopTable,
    named: Mapping[str, Channel],
    warm: Sequence[Channel],
    onset_s: float,
    quiet_s: float,
    until_s: float = np.inf,
) -> Trial | None:
    """The running loop: means before `quiet_s`, and of the last minutes before it has leaked for half an hour, its accumulator is half
    empty, or the hole changes (`until_s`). None without samples."""
    gauges = [named.get(g.channel) for g in loop.gauge]
    meters = [named.get(m.channel) for m in loop.meter]
    times = [c.t_s for c in gauges if c is not None and c.t_s.size]
    if not times:
        return None
    quiet = (min(float(t[0]) for t in times), quiet_s)
    end = min(_spent_s(loop, gauges, quiet, onset_s), onset_s + _LOOK_S, until_s, min(float(t[-1]) for t in times))
    begin = max(end - 300.0, (onset_s + end) / 2)
    before, after = (_means(gauges, span, "Pa") for span in (quiet, (begin, end)))
    if end <= onset_s or not np.isfinite(before + after).any():
        return None
    flow = _means(meters, (begin, end), "m**3/s") - _means(meters, quiet, "m**3/s")
    shown, gas = _warming(warm, quiet, (begin, end))
    return Trial(frozenset(), frozenset(), (begin + end) / 2 - onset_s, before, before, after, flow, shown, gas)


def _spent_s(loop: LoopTable, gauges: Sequence[Channel | None], quiet_s: tuple[float, float], onset_s: float) -> float:
    """When half of what the accumulator can push has gone, as the gauges say (the middle one of them); never: inf."""
    gas, pushed = loop.gas_volume_m3.value, loop.pushed_volume_m3.value
    ratio, when = gas / (gas + SPENT_RATIO * pushed), []
    for channel in (c for c in gauges if c is not None and c.t_s.size):
        factor, offset = scale_to_si(channel.unit, "Pa")
        low = (channel.t_s > onset_s) & (factor * channel.value + offset < ratio * _mean(channel, quiet_s, "Pa"))
        when.append(float(channel.t_s[np.argmax(low)]) if low.any() else np.inf)
    return float(np.median(when)) if np.isfinite(when).sum() > len(when) / 2 else np.inf


def _timed_trial(
    loop: LoopTable,
    table: TrialTable,
    named: Mapping[str, Channel],
    warm: Sequence[Channel],
    begin_s: float,
    end_s: float,
) -> Trial:
    guard = min(CLOCKS_S if loop.clocks_s is None else loop.clocks_s.value, (end_s - begin_s) / 6)
    window = min(_WINDOW_S, (end_s - begin_s) / 3 - guard)
    first, last = (begin_s + guard, begin_s + guard + window), (end_s - guard - window, end_s - guard)
    gauges = [named.get(g.channel) for g in loop.gauge]
    quiet = (begin_s - guard - window, begin_s - guard)
    before, start, after = (_means(gauges, span, "Pa") for span in (quiet, first, last))
    if not np.isfinite(after).any():
        missing = f"samples of a gauge between {table.begins} and {table.ends}"
        raise EvidenceError(_QUESTION, missing, "check begins and ends of the [[loop.test]]")
    shown, gas = _warming(warm, first, last)
    none = np.full(len(loop.meter), np.nan)
    return Trial(
        frozenset(table.closed), frozenset(table.off), last[0] - first[0], before, start, after, none, shown, gas
    )


def _means(channels: Sequence[Channel | None], span_s: tuple[float, float], unit: str) -> Array:
    return np.array([np.nan if c is None else _mean(c, span_s, unit) for c in channels], dtype=float)


def _in_their_units(case: Case, loop: LoopTable, named: Mapping[str, Channel]) -> None:
    """Gauges read pressures and meters flows; else CaseError names every one that does not."""
    key = f"loop[{next(i for i, one in enumerate(case.loops) if one.name == loop.name)}]"
    used = [(f"{key}.gauge[{i}].channel", g.channel, "Pa", "a pressure") for i, g in enumerate(loop.gauge)]
    used += [(f"{key}.meter[{i}].channel", m.channel, "m**3/s", "a volume flow") for i, m in enumerate(loop.meter)]
    problems = []
    for where, name, unit, what in used:
        try:
            scale_to_si(named[name].unit if name in named else unit, unit)
        except RangeError:
            found = f"{name!r}, a channel in {named[name].unit}"
            remedy = f"name the channel that measures {what}, or correct the unit of [[channel]] {name}"
            problems.append(Problem("case.toml", where, found, f"{what}, as in {unit}", remedy))
    if problems:
        raise CaseError(problems)


def _mean(channel: Channel, span_s: tuple[float, float], unit: str) -> float:
    inside = (channel.t_s >= span_s[0]) & (channel.t_s < span_s[1])
    factor, offset = scale_to_si(channel.unit, unit)
    return factor * float(channel.value[inside].mean()) + offset if inside.any() else float("nan")


def _warming(
    warm: Sequence[Channel], first: tuple[float, float], last: tuple[float, float]
) -> tuple[float, float | None]:
    """Change of the liquid's temperature between two spans, and of a gas that follows it with a lag; 0 and None without a thermometer."""
    shown = [_mean(c, last, "K") - _mean(c, first, "K") for c in warm]
    lagged = [_mean(_followed(c), last, "K") - _mean(_followed(c), first, "K") for c in warm]
    kept = [(s, g) for s, g in zip(shown, lagged, strict=True) if np.isfinite(s)]
    return (float(np.mean([s for s, _ in kept])), float(np.mean([g for _, g in kept]))) if kept else (0.0, None)


def _followed(channel: Channel) -> Channel:
    """The channel after a first-order lag that begins at the mean over its first lag."""
    early = channel.t_s < channel.t_s[0] + GAS_LAG_S
    out, level = np.empty(channel.t_s.size), float(channel.value[early].mean())
    keep = np.exp(-np.diff(channel.t_s, prepend=channel.t_s[0]) / GAS_LAG_S)
    for k in range(out.size):
        level = out[k] = keep[k] * level + (1 - keep[k]) * channel.value[k]
    return Channel(channel.name, channel.t_s, out, channel.unit, channel.simulated)
