"""What a controller sees: the word on each loop, the numbers of its leak, channels, events."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from whipple.commands.watch_loops import LoopBoard
from whipple.commands.watch_sources import Wanted, samples_of
from whipple.commands.watch_told import logged
from whipple.commands.watch_view import Screen
from whipple.telemetry.limits import LimitBook, TypeLimits, cosmos_alarm
from whipple.telemetry.line_protocol import LineParser, format_line
from whipple.telemetry.sequential import Event, WatchedChannel, WatchedLoop
from whipple.telemetry.watch import LiveWatch
from whipple.telemetry.watch_plan import Known, WatchPlan

NOW_S = 1671065100.0


def three(name: str, unit: str, low: float, middle: float, high: float) -> dict[str, float]:
    return {f"{name}{end}_{unit}": x for end, x in zip(("_low", "", "_high"), (low, middle, high), strict=True)}


LEAK = three("onset", "s", NOW_S - 370, NOW_S - 367, NOW_S - 360) | three("rate", "percent_h", 75.0, 80.0, 81.0)
UPDATE = three("rate_now", "percent_h", 48.0, 48.5, 49.0) | three("empty", "s", NOW_S + 7e3, NOW_S + 15e3, NOW_S + 3e4)
STORY = [
    ("learned", {}, "QUIET"),
    ("leak suspected", {"level_nat": 12.0}, "LEAK SUSPECTED"),
    ("leak", LEAK, "LEAK"),
    ("leak update", UPDATE, "LEAK"),
    ("rate change suspected", {}, "LEAK, ITS RATE MAY HAVE CHANGED"),
    ("other cause likelier", {}, "LEAK, CHANGE OF ITS RATE OPEN"),
    ("rate changed", three("to", "percent_h", 9.0, 10.0, 11.0), "LEAK, ITS RATE HAS CHANGED"),
    ("accumulator spent", {"at_s": NOW_S}, "LEAK, ACCUMULATOR SPENT"),
    ("rate changed", three("to", "percent_h", 0.0, 0.1, 0.3), "LEAK MAY HAVE STOPPED"),
    ("leak update", three("rate_now", "percent_h", 0.0, 0.0003, 0.001), "LEAK MAY HAVE STOPPED"),
    ("no leak", {}, "QUIET AGAIN"),
    ("leak suspected", {}, "LEAK SUSPECTED"),
    ("other cause likelier", {}, "PRESSURE LOW, OTHER CAUSE LIKELIER"),
    ("cause open", {}, "CAUSE OPEN: TAKE IT FOR A LEAK"),
]


def shown(board: LoopBoard) -> str:
    console = Console(record=True, width=200, file=StringIO())
    for one in board.draw(NOW_S, {"external": 0.25}):
        console.print(one)
    return " ".join(console.export_text().split())


def test_a_loop_is_told_in_a_word_through_its_whole_story() -> None:
    board = LoopBoard()
    assert "LEARNING" in shown(board)
    assert "25 % of the stretch heard" in shown(board)
    for number, (kind, values, word) in enumerate(STORY):
        board.hear(Event(number, NOW_S + number, kind, "external", f"loop external: said {kind}", values))
        state = board.loops["external"]
        assert state.word == word, kind
        assert f" {word} " in shown(board)
        assert f"said {kind}" in shown(board)


def test_a_broken_thermometer_is_shown_and_changes_no_word() -> None:
    board = LoopBoard()
    board.hear(Event(0, NOW_S, "learned", "external", "loop external learned from 24 h", {}))
    board.hear(Event(1, NOW_S, "sensor fault", "external", "loop external: T1 is not believed: it stands still", {}))
    assert board.loops["external"].word == "QUIET"
    assert "T1 is not believed: it stands still" in shown(board)
    board.hear(Event(2, NOW_S, "sensor back", "external", "loop external: T1 is believed again", {}))
    assert "T1 is believed again" in shown(board)


STRAYED = (
    "T2 is not believed: the liquid would have moved by +5.7 K as the pressures do not show; no thermometer is left"
)
STOOD = "T2 is not believed: it stands still while the pressures move; no thermometer is left"
JUMPED = "T2 is not believed: it moved by -90 K faster than the liquid can, and the pressures do not show it; no thermometer is left"
LOST = "NO THERMOMETER: SLOW LEAKS UNSEEN"


@pytest.mark.parametrize(
    ("before", "why", "then", "back"),
    [
        ("learned", JUMPED, LOST, "QUIET"),
        ("leak suspected", STRAYED, LOST, "QUIET AGAIN"),
        ("other cause likelier", STOOD, LOST, "QUIET AGAIN"),
        ("leak suspected", JUMPED, "LEAK SUSPECTED", "LEAK SUSPECTED"),
        ("cause open", STRAYED, "CAUSE OPEN: TAKE IT FOR A LEAK", "CAUSE OPEN: TAKE IT FOR A LEAK"),
        ("leak", STRAYED, "LEAK", "LEAK"),
    ],
)
def test_without_a_thermometer_quiet_is_not_green_and_what_rested_on_it_is_dropped(before, why, then, back) -> None:
    board = LoopBoard()
    told = [(before, "said", LEAK if before == "leak" else {}), ("sensor fault", why, {"believed_count": 0.0})]
    for number, (kind, text, values) in enumerate(told):
        board.hear(Event(number, NOW_S - 60 + number, kind, "external", f"loop external: {text}", values))
    assert f" {then} loop external " in shown(board)
    assert (board.loops["external"].shown[1] == "green") is False
    board.hear(
        Event(2, NOW_S, "sensor back", "external", "loop external: T1 is believed again", {"believed_count": 1.0})
    )
    assert f" {back} loop external " in shown(board)
    assert ("watched anew" in shown(board)) is (back == "QUIET AGAIN")


def test_the_numbers_of_a_leak_come_with_their_intervals() -> None:
    board = LoopBoard()
    for kind, values in (("leak", LEAK), ("leak update", UPDATE)):
        board.hear(Event(0, NOW_S, kind, "external", "", values))
    text = shown(board)
    assert "rate now 48.5 %/h (48.0 to 49.0)" in text
    assert "rate at first 80.0 %/h (75.0 to 81.0)" in text
    assert "begun 00:38:53 (00:38:50 to 00:39:00)" in text
    assert "empty 04:55:00 (02:41:40 to 09:05:00), in 4.2 h" in text
    board.hear(Event(1, NOW_S, "rate changed", "external", "", three("to", "percent_h", 9.0, 10.0, 11.0)))
    assert "rate now 10.0 %/h (9.00 to 11.0)" in shown(board)
    board.hear(Event(2, NOW_S, "accumulator spent", "external", "", {}))
    assert "rate now" not in shown(board)
    board.hear(
        Event(3, NOW_S, "common data path", "B", "p1, p2 moved together and share data path B; no other path did")
    )
    assert "share data path B" in shown(board)


def test_a_change_that_is_only_suspected_stands_apart_and_spent_is_no_change() -> None:
    board = LoopBoard()
    maybe = three("at", "s", NOW_S - 70, NOW_S - 60, NOW_S - 50) | three("to", "percent_h", 1.7, 1.9, 2.1)
    for kind, values in (("leak", LEAK), ("leak update", UPDATE), ("rate change suspected", maybe)):
        board.hear(Event(0, NOW_S, kind, "external", "", values))
    text = shown(board)
    assert "rate so far 48.5 %/h" in text
    assert "perhaps now 1.90 %/h (1.70 to 2.10)" in text
    assert "perhaps since 00:44:00 (00:43:50 to 00:44:10)" in text
    assert "changed 00:4" not in text
    board.hear(Event(1, NOW_S, "no rate change", "external", "", {"level_nat": 1.0}))
    assert "perhaps" not in shown(board)
    board.hear(Event(2, NOW_S + 60, "rate changed", "external", "", maybe | three("from", "percent_h", 0.9, 1.0, 1.1)))
    assert "changed 00:44:00 (00:43:50 to 00:44:10)" in shown(board)
    assert "rate before 1.00 %/h (0.900 to 1.10)" in shown(board)
    board.hear(Event(3, NOW_S + 90, "accumulator spent", "external", "", {"at_s": NOW_S + 80}))
    assert "changed 00:44:00 (00:43:50 to 00:44:10)" in shown(board), (
        "the end of the accumulator is no change of the leak"
    )


def test_since_counts_from_the_verdict_and_numbers_are_not_said_twice() -> None:
    board = LoopBoard()
    gone = three("gone", "percent", 2.9, 3.0, 3.1)
    board.hear(
        Event(0, NOW_S - 3600, "leak", "external", "loop external leaks 80 % of the inventory an hour", LEAK | gone)
    )
    board.hear(Event(1, NOW_S - 600, "rate changed", "external", "", three("to", "percent_h", 9.0, 10.0, 11.0)))
    text = "loop external leaks 48 % of the inventory an hour now; 3 % of the inventory is gone; the gas may cool"
    board.hear(Event(2, NOW_S, "leak update", "external", text, UPDATE | gone))
    assert "LEAK loop external since 14 Dec 23:45:00 (60 min)" in shown(board)
    assert "00:45:00: the gas may cool" in shown(board)
    assert "of the inventory" not in shown(board)
    assert "as told at 00:45:00; in brackets 90 % intervals" in shown(board)
    board.hear(Event(3, NOW_S + 60, "no rate change", "external", "", {"level_nat": 1.0}))
    assert "as told at 00:45:00" in shown(board), "the numbers are still those of the last update"


def test_a_small_terminal_holds_a_loop_with_all_its_numbers() -> None:
    names = [f"c{i:02d}" for i in range(20)]
    watch, screen = LiveWatch(WatchPlan(discover_s=2.0, lateness_s=1.0), LimitBook()), Screen("feed")
    for t in range(5):
        screen.heard(watch.put(LineParser().parse(b"".join(format_line(n, 1.0, NOW_S + t) for n in names))), [])
    rate = three("to", "percent_h", 9.0, 10.0, 11.0) | three("at", "s", NOW_S - 70, NOW_S - 60, NOW_S - 50)
    for number in range(9):
        kind, values = (("leak", LEAK), ("leak update", UPDATE), ("rate changed", rate))[number % 3]
        screen.heard([Event(number, NOW_S, kind, "external", "", values)], [])
    console = Console(record=True, width=80, height=24, file=StringIO())
    console.print(screen.draw(watch, 24, 80))
    lines = console.export_text().splitlines()
    assert len(lines) <= 24
    assert "rate changed" in lines[-1]


def test_the_screen_puts_the_worst_channel_first_and_fits(tmp_path: Path) -> None:
    names = [f"c{i:02d}" for i in range(60)]
    book = LimitBook.plain({name: TypeLimits("bar", default=cosmos_alarm(-2, -1, 1, 2)) for name in names})
    known = tuple(Known(WatchedChannel(name), unit="bar") for name in names)
    watch = LiveWatch(
        WatchPlan(discover_s=2.0, learn_s=5.0, lateness_s=1.0, known=known, loops=(WatchedLoop("x"),)), book
    )
    screen = Screen("feed")
    for t in range(30):
        rows = [format_line(name, 5.0 if name == "c41" and t > 20 else 0.0, NOW_S + t) for name in names]
        screen.heard(watch.put(LineParser().parse(b"".join(rows))), watch.news())
    console = Console(record=True, width=100, height=30, file=StringIO())
    console.print(screen.draw(watch, 30))
    lines = console.export_text().splitlines()
    assert len(lines) <= 30
    assert next(line for line in lines if line.startswith("c")).startswith("channel")
    assert lines[[line.split()[:1] == ["channel"] for line in lines].index(True) + 1].split()[:4] == [
        "c41",
        "5",
        "bar",
        "critical",
    ]
    assert any("not watched for leaks" in line for line in lines)


def test_an_alarm_says_which_way_and_how_long_ago_and_events_stand_in_columns() -> None:
    source = "/far/away/" + "folder/" * 20 + "loop.csv"
    watch, screen = LiveWatch(WatchPlan(discover_s=2.0, learn_s=60.0, lateness_s=1.0), LimitBook()), Screen(source)
    for t in range(215):
        row = format_line("p", float(np.sin(7 * t)) - 9.0 * (t > 200), NOW_S + t)
        screen.heard(watch.put(LineParser().parse(row)), watch.news())
    screen.heard([Event(9, NOW_S - 86400, "leak suspected", "x", "loop x: pressure falls", {})], [])
    console = Console(record=True, width=100, file=StringIO())
    console.print(screen.draw(watch, 40, 100))
    lines = console.export_text().splitlines()
    assert lines[1].endswith("folder/loop.csv")
    assert len(lines[1]) == 100
    assert re.search(r"lower 1\d s ago", next(line for line in lines if line.startswith("p ")))
    last = lines[next(i for i, line in enumerate(lines) if line.startswith("events")) + 1 :]
    assert {
        line.index(kind) for line in last for kind in ("learned", "alarm", "leak suspected") if kind in line[:45]
    } == {last[-1].index("leak suspected")}
    assert last[-1].endswith("pressure falls")


def test_steady_at_a_new_level_is_not_as_learned() -> None:
    watch, screen = LiveWatch(WatchPlan(discover_s=2.0, learn_s=60.0, lateness_s=1.0), LimitBook()), Screen("feed")
    for t in range(100):
        watch.put(LineParser().parse(format_line("p", float(np.sin(7 * t)), NOW_S + t)))
    for text, shown in (
        ("p is steady again, at another level than before", "new level"),
        ("p is back", "as learned"),
    ):
        screen.heard([Event(0, NOW_S, "cleared", "p", text, {})], [])
        console = Console(record=True, width=100, file=StringIO())
        console.print(screen.draw(watch, 40, 100))
        assert shown in next(line for line in console.export_text().splitlines() if line.startswith("p "))


def test_after_a_restart_the_screen_knows_the_earlier_events(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    log.write_text(Event(0, NOW_S, "leak", "x", "said", LEAK).to_json() + "\n" + '{"half')
    assert logged(log) == [Event(0, NOW_S, "leak", "x", "said", LEAK)]
    assert logged(None) == []
    screen, watch = Screen("feed"), LiveWatch(WatchPlan(), LimitBook())
    screen.heard(logged(log), [])
    console = Console(record=True, width=120, file=StringIO())
    console.print(screen.draw(watch, 30))
    assert "LEAK   loop x  since 15 Dec 00:45:00" in console.export_text()
    assert json.loads(log.read_text().splitlines()[0])["kind"] == "leak"


def test_a_record_played_again_comes_row_by_row(tmp_path: Path) -> None:
    record = tmp_path / "loop.csv"
    record.write_text("time,p,q\n" + "".join(f"{t},{2 * t},{3 * t}\n" for t in range(5)))
    played = list(samples_of([str(record)], Wanted((), {}, speed=1e9), None))
    assert [parcel.t_s.tolist() for parcel in played] == [[t, t] for t in range(5)]
    (whole,) = samples_of([str(record)], Wanted((), {}), None)
    assert np.concatenate([parcel.value for parcel in played]).tolist() == whole.value.tolist()


@pytest.mark.parametrize("silent", [0.0, 11.0, 61.0])
def test_a_silent_source_is_marked(silent: float, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 100.0 + silent])
    monkeypatch.setattr("whipple.commands.watch_view.time.monotonic", lambda: next(clock))
    watch, screen = LiveWatch(WatchPlan(detect=False), LimitBook()), Screen("feed")
    screen.draw(watch, 30)
    console = Console(record=True, width=120, file=StringIO())
    console.print(screen.draw(watch, 30))
    assert f"last sample {silent:.0f} s ago" in console.export_text()
    assert np.isneginf(watch.now_s)
