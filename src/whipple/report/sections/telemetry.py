"""When did it begin, what changed, and what did not?"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.findings.onset import Onset, WatchEvent
from whipple.report.figures.onset import draw_channels, draw_onset
from whipple.report.formats import cell, clock, number, percent, value_in
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities

__all__ = ["telemetry_section", "time_line_json", "watch_tables"]

#: Samples a channel keeps in the linked time line.
_KEPT = 400
#: Names of the ends of a 90 % interval, and what marks the clauses of an event whose numbers stand in columns.
_ENDS = ("_low", "", "_high")
_IN_COLUMNS = ("of the inventory", "half is gone", "empty in")


def telemetry_section(case: Case, findings: Findings) -> Section:
    """Onset, alarm, kinds of event, and every channel."""
    onset = findings.onset
    if onset is None:
        return answer("telemetry", None)
    notes = Notes(onset.caveats)
    table = quantities("When it began", _when(case, onset, notes))
    kinds = quantities(
        "What kind of event the record shows",
        ((kind, percent(share)) for kind, share in sorted(onset.kinds.items(), key=lambda row: (-row[1], row[0]))),
    )
    return answer(
        "telemetry",
        onset,
        (draw_onset(onset, case.epoch), draw_channels(onset)),
        (table, kinds, *watch_tables(case, onset), *_isolation(onset, notes)),
        notes,
        template="time_line.html.j2",
        extra={"json": time_line_json(onset)},
    )


def _when(case: Case, onset: Onset, notes: Notes) -> list[tuple[str, str]]:
    rows = []
    if onset.onset_s is not None:
        low, middle, high = (
            case.moment(round(t)) for t in (onset.onset_s.low, onset.onset_s.median, onset.onset_s.high)
        )
        rows.append(
            (
                "onset, UTC",
                f"{middle:%d %b %Y %H:%M:%S} ({low:%H:%M:%S} to {high:%H:%M:%S})" + notes.mark(onset.onset_s.caveats),
            )
        )
        rows.append(("onset, from the epoch of the case", cell(onset.onset_s, "s", notes)))
    if onset.alarm_s is not None:
        since = onset.alarm_s - (onset.onset_s.median if onset.onset_s else 0.0)
        unit = clock(since)
        rows.append(
            (
                "sum over the sensors would have spoken, UTC",
                f"{case.moment(round(onset.alarm_s)):%d %b %Y %H:%M:%S}, {number(value_in(since, unit), 0.5)} {unit} after the onset",
            )
        )
    if onset.rules:
        rows.append(("which rule spoke when", onset.rules))
    if onset.step_over_ramp_nat is not None:
        says = "a sudden start" if onset.step_over_ramp_nat > 0 else "a slow ramp"
        rows.append(
            ("sudden start against slow ramp", f"natural-log evidence {number(onset.step_over_ramp_nat)}: {says}")
        )
    return rows


def watch_tables(case: Case, onset: Onset) -> tuple[Table, ...]:
    """What the live watch would have said of this record: numbers in columns, and in words only what is new."""
    if not onset.watch:
        return ()
    rows, said = [], set[str]()
    several = len({event.about for event in onset.watch}) > 1
    for event in onset.watch:
        words = [f"{event.about}, {event.kind}" if several and event.about else event.kind]
        if event.kind == "leak" and "onset_s" in event.values:
            words.append(f"begun {_times(case, event, 'onset')}")
        if event.kind.startswith("rate change") and "at_s" in event.values:
            words.append(f"since {_times(case, event, 'at')}; before: {_three(event, 'from', 'percent_h')} %")
            words += ["the leak may have stopped"] if event.values.get("to_low_percent_h") == 0 else []
        clauses = _clauses(event)
        named = clauses[:1] if event.kind.startswith("sensor") else []  # which thermometer it is, is said each time
        words += [clause for clause in clauses if clause not in said or clause in named]
        said |= set(clauses)
        if len(words) > 1 and words[1].startswith(words[0]):
            del words[0]
        rate = next((stem for stem in ("to", "rate_now", "rate") if f"{stem}_percent_h" in event.values), "")
        numbers = (_three(event, rate, "percent_h"), _three(event, "gone", "percent"), _times(case, event, "empty"))
        rows.append((f"{case.moment(round(event.t_s)):%d\u00a0%b\u00a0%H:%M:%S}", "; ".join(words), *numbers))
    head = ("UTC", "what", "% of the inventory an hour", "% gone", "empty at")
    return (Table("What the live watch would have said (90 % intervals in brackets)", head, tuple(rows), folded=True),)


def _clauses(event: WatchEvent) -> list[str]:
    """What an event says in words beside the numbers of its row, without the name of its loop."""
    parts = event.text.removeprefix(f"loop {event.about}").lstrip(": ").split("; ")
    return [part for part in parts if not any(shown in part for shown in _IN_COLUMNS)]


def _three(event: WatchEvent, stem: str, unit: str) -> str:
    """A number of an event with its 90 % interval; "" without it."""
    low, middle, high = (event.values.get(f"{stem}{end}_{unit}") for end in _ENDS)
    if middle is None:
        return ""
    if low is None or high is None or low == high:
        return number(middle)
    return f"{number(middle)} ({number(low)}\u00a0to\u00a0{number(high)})"


def _times(case: Case, event: WatchEvent, stem: str) -> str:
    """A time of an event with its 90 % interval, as time of day: to the minute where the interval is wider than ten; "" without it."""
    low, middle, high = (event.values.get(f"{stem}{end}_s") for end in _ENDS)
    if middle is None or low is None or high is None:
        return ""
    at = [case.moment(round(t_s)) for t_s in (middle, low, high)]
    clock_of = "%H:%M" if high - low > 600 else "%H:%M:%S"
    shape = clock_of if all(one.date() == case.moment(round(event.t_s)).date() for one in at) else f"%d %b {clock_of}"
    first, second, third = (f"{one:{shape}}".replace(" ", "\u00a0") for one in at)
    return f"{first} ({second}\u00a0to\u00a0{third})"


def _isolation(onset: Onset, notes: Notes) -> tuple[Table, ...]:
    """The segments of the leaking loop with their probabilities, and the valve tests that would tell them apart."""
    found = onset.isolation
    if found is None:
        return ()
    mark = notes.mark(found.caveats)
    rows = tuple((one.name, percent(one.leaks_prob) + mark, percent(one.prior_prob)) for one in found.segments)
    segments = Table(f"Which segment of loop {found.loop} leaks", ("segment", "probability", "beforehand"), rows)
    choices = tuple((str(n), test.sentence) for n, test in enumerate(found.tests, 1))
    tests = Table("The valve test that would tell", ("choice", "what it would tell, and what it costs"), choices)
    return (segments, tests) if found.tests else (segments,)


def time_line_json(onset: Onset) -> str:
    """Channels by unit for the linked time line, thinned, times in hours after the epoch; "" without samples."""
    groups: dict[tuple[bool, str], list[dict[str, Any]]] = {}
    for channel in sorted(onset.channels, key=lambda c: (c.verdict != "changed", c.unit, c.name)):
        if not len(channel.t_s):
            continue
        keep = np.unique(np.linspace(0, len(channel.t_s) - 1, min(len(channel.t_s), _KEPT)).astype(int))
        hours = [round(float(v) / 3600, 4) for v in channel.t_s[keep]]
        line = {"name": channel.name, "t": hours, "v": [float(f"{v:.6g}") for v in channel.value[keep]]}
        groups.setdefault((channel.verdict == "changed", channel.unit), []).append(line)
    if not groups:
        return ""
    band = [onset.onset_s.low / 3600, onset.onset_s.high / 3600] if onset.onset_s else None
    whole = {"onset": band, "groups": [{"unit": unit, "channels": lines} for (_, unit), lines in groups.items()]}
    return json.dumps(whole, separators=(",", ":"), sort_keys=True, ensure_ascii=False).replace("</", "<\\/")
