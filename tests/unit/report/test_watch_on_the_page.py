"""What the live watch said, on the page: numbers in columns, words once, marks on the pressure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from whipple.casefile.findings import Findings
from whipple.casefile.findings.onset import Onset, WatchEvent
from whipple.report.figures.onset import draw_onset
from whipple.report.figures.onset_marks import key_columns, key_of, marks_of, marks_told
from whipple.report.sections.telemetry import watch_tables

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
COOL = "so fast that the gas may cool as it expands"


def three(name: str, unit: str, low: float, middle: float, high: float) -> dict[str, float]:
    return {f"{name}{end}_{unit}": x for end, x in zip(("_low", "", "_high"), (low, middle, high), strict=True)}


def leak(kind: str, t_s: float, rate: str, text: str) -> WatchEvent:
    values = three("onset", "s", -130.0, -120.0, -110.0) | three(rate, "percent_h", 36.36, 36.39, 36.42)
    values |= (
        three("gone", "percent", 7.09, 7.3, 7.67)
        | three("empty", "s", 9e3, 17e3, 35e3)
        | three("at", "s", 290.0, 300.0, 310.0)
    )
    return WatchEvent(t_s, kind, "external", text, values | three("from", "percent_h", 79.0, 80.0, 81.0))


SAID = (
    WatchEvent(-60.0, "leak suspected", "external",
        "loop external: falls at 3.7 % of the inventory an hour; cause still open", {"rate_percent_h": 3.7}),
    leak("leak", 20.0, "rate", f"loop external leaks 36.4 % of the inventory an hour; {COOL}; empty in 4.7 h (2.6 to 9.7)"),
    leak("leak update", 380.0, "rate_now", f"loop external leaks 36.4 % of the inventory an hour now; {COOL}; half is gone in 9 min"),
    leak("rate changed", 900.0, "to", f"loop external: the leak went from 80 to 36 % of the inventory an hour; {COOL}"),
    WatchEvent(90000.0, "accumulator spent", "external", "loop external: 5 min ago the pressure fell at once", {"at_s": 8e4}),
)  # fmt: skip


def watched(findings: Findings) -> Onset:
    assert findings.onset is not None
    return replace(findings.onset, watch=SAID, alarm_s=-100.0)


def test_the_table_says_each_thing_once_and_puts_numbers_in_columns(case, findings: Findings) -> None:
    (table,) = watch_tables(case, watched(findings))
    text = [" ".join(row).replace("\u00a0", " ") for row in table.rows]
    assert sum(COOL in row for row in text) == 1
    assert not any("of the inventory" in row or "half is gone" in row or "empty in" in row for row in text)
    assert text[0].endswith("leak suspected; cause still open 3.70  ")
    assert text[1].startswith("15 Dec 00:45:20 leak; begun 00:43:00 (00:42:50 to 00:43:10); so fast")
    assert text[2] == "15 Dec 00:51:20 leak update 36.4 (36.4 to 36.4) 7.30 (7.09 to 7.67) 05:28 (03:15 to 10:28)"
    assert "since 00:50:00 (00:49:50 to 00:50:10); before: 80.0 (79.0 to 81.0) %" in text[3]
    assert text[4].rstrip().endswith("accumulator spent; 5 min ago the pressure fell at once")


def test_which_thermometer_is_said_each_time_and_the_key_fits_the_drawing(case, findings: Findings) -> None:
    said = [
        WatchEvent(t, f"sensor {'fault' if n % 2 else 'back'}", "external", f"loop external: T{which} is as before; one is left", {})
        for n, t in enumerate((-90000.0, -600.0, -300.0, 300.0, 600.0, 900.0, 1200.0, 1500.0, 1800.0))
        for which in (1, 2)
    ]  # fmt: skip
    onset = replace(watched(findings), watch=(*SAID, *said))
    (table,) = watch_tables(case, onset)
    assert sum("T1 is as before" in row[1] for row in table.rows) == 9
    assert sum("one is left" in row[1] for row in table.rows) == 1
    key = key_of(marks_of(onset), EPOCH)
    labels = [str(line.get_label()) for line in key]
    assert "thermometer believed again 13 Dec 23:45:00, 15 Dec 00:40:00, 00:55:00 and 2 more" in labels
    assert (key_columns(key, 7.4), key_columns(key, 9.0)) == (1, 2)


def test_a_leak_that_may_have_stopped_is_called_so(case, findings: Findings) -> None:
    stopped = replace(SAID[3], values=SAID[3].values | three("to", "percent_h", 0.0, 0.01, 0.04))
    (table,) = watch_tables(case, replace(watched(findings), watch=(*SAID[:3], stopped)))
    assert table.rows[-1][1].endswith("the leak may have stopped")
    assert table.rows[-1][2].startswith("0.0100 (0")


def test_two_loops_are_named_in_the_table_and_in_the_key(case, findings: Findings) -> None:
    other = WatchEvent(50.0, "no leak", "internal", "loop internal: the fall is over")
    onset = replace(watched(findings), watch=(*SAID, other))
    (table,) = watch_tables(case, onset)
    assert table.rows[-1][1] == "internal, no leak; the fall is over"
    assert "leak, external" in [mark.words for mark in marks_of(onset)]


def test_what_was_said_is_marked_on_the_pressure_with_a_key(findings: Findings) -> None:
    onset = watched(findings)
    drawn = draw_onset(onset, EPOCH)
    assert drawn is not None
    texts = [re.sub(r"<[^>]+>", "", hit) for hit in re.findall(r"<text[^>]*>(.*?)</text>", drawn.svg, re.DOTALL)]
    for words in ("alarm of the sum 00:43:20", "leak suspected 00:44:00", "leak 00:45:20", "rate changed 01:00:00"):
        assert words in texts
        assert words in drawn.alt
    assert "accumulator spent 16 Dec 01:45:00" in texts, "another day is named"
    assert not any(text.startswith("leak update") for text in texts)
    assert key_of(marks_of(replace(onset, watch=(), alarm_s=None)), EPOCH) == []


def test_what_is_said_twice_has_one_row_in_the_key(findings: Findings) -> None:
    marks = marks_of(replace(watched(findings), watch=(*SAID, replace(SAID[3], t_s=4500.0))))
    rows = [line.get_label() for line in key_of(marks, EPOCH)]
    assert "rate changed 01:00:00, 02:00:00" in rows
    assert marks_told((), EPOCH) == ""
