"""The sum over the sensors and the live leak watch, over the same record: the same events as live, and an answer where they differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.onset import Onset, WatchEvent
from whipple.casefile.read_channels import Channel, read_record
from whipple.casefile.tables.channel import ChannelTable
from whipple.commands.telemetry import app
from whipple.errors import CaseError, RangeError
from whipple.telemetry.clock import Parcel
from whipple.telemetry.find_onset import detect
from whipple.telemetry.limits import LimitBook
from whipple.telemetry.loop_signal import LoopSignal, gather_loop
from whipple.telemetry.onset_caveats import quiet_caveats
from whipple.telemetry.onset_posterior import onset_posterior
from whipple.telemetry.sequential import WatchedLoop
from whipple.telemetry.simulate import Leak, SimulatedLoop, simulate_loop
from whipple.telemetry.two_rules import alarm_of_watch, compare_rules
from whipple.telemetry.watch import LiveWatch, WatchPlan
from whipple.telemetry.watch_plan import Known
from whipple.telemetry.watched_record import WatchedRecord, watched_channel, watched_loop

EPOCH = datetime(2022, 12, 15, tzinfo=UTC)
QUIET_S, ONSET_S = 4.5 * 3600, 5.2 * 3600


@pytest.fixture(scope="module")
def leaking() -> SimulatedLoop:
    """Six hours of the simulated plant, a leak of 10 % of the inventory an hour after 5.2 of them."""
    return simulate_loop(0.25, seed=4, leak=Leak(ONSET_S, 30.36 * 0.1 / 3600))


def as_tables(loop: SimulatedLoop, **more: object) -> tuple[list[ChannelTable], list[Channel]]:
    tables = [
        ChannelTable.model_validate(
            {"name": c.name, "file": "x.csv", "column": c.name, "unit": c.unit, "measures": c.measures, "loop": c.loop,
             "data_path": c.data_path, "resolution": c.resolution_ratio, "source": "test", **more}
        )
        for c in loop.channels
    ]  # fmt: skip
    rows = [Channel(c.name, loop.t_s, row, c.unit, True) for c, row in zip(loop.channels, loop.value, strict=True)]
    return tables, rows


LOOPS = [watched_loop("loop", "isooctane")]


@pytest.fixture(scope="module")
def answer(leaking: SimulatedLoop) -> Onset:
    """What the room answers when told that the first 4.5 h are quiet."""
    return detect(*as_tables(leaking), EPOCH, {}, 30.0, loops=LOOPS, quiet_until_s=QUIET_S)


def test_offline_and_live_say_the_same(leaking: SimulatedLoop, answer: Onset) -> None:
    tables, channels = as_tables(leaking)
    zero_s = EPOCH.timestamp()
    known = tuple(Known(*watched_channel(table)) for table in tables)
    plan = WatchPlan(step_s=10.0, lateness_s=0.0, discover_s=0.0, learn_s=QUIET_S, known=known, loops=tuple(LOOPS))
    live, events = LiveWatch(plan, LimitBook()), []
    count, names = len(channels), tuple(table.name for table in tables)
    for low in range(0, leaking.t_s.size, 777):
        t_s = leaking.t_s[low : low + 777] + zero_s
        value = leaking.value[:, low : low + 777].T.ravel()
        events += live.put(Parcel(names, np.tile(np.arange(count), t_s.size), np.repeat(t_s, count), value))
    events += live.finish()
    kinds = {event.kind for event in answer.watch}
    heard = [(e.t_s - zero_s, e.kind, e.about, e.text) for e in events if e.kind in kinds and e.about]
    assert heard == [(e.t_s, e.kind, e.about, e.text) for e in answer.watch]
    assert {"learned", "leak suspected", "leak"} <= kinds


def test_both_rules_answer_and_a_known_quiet_record_is_learned(answer: Onset) -> None:
    onset = answer
    assert onset.onset_s is not None
    assert abs(onset.onset_s.median - ONSET_S) < 120
    assert onset.watch_onset_s is not None
    assert abs(onset.watch_onset_s.median - ONSET_S) < 120
    rate = onset.watch_rate_per_s
    assert rate.low * 3600 < 0.1 < rate.high * 3600
    assert rate.median * 3600 == pytest.approx(0.1, rel=0.03)  # four quiet hours: known to 2 % (1 sigma)
    assert "Leak watch (learned 4 h" in onset.rules
    assert "called a leak" in onset.rules
    codes = [caveat.code for caveat in onset.caveats]
    assert "leak-watch-learned-short" in codes
    assert any("the case names a quiet record" in caveat.text for caveat in onset.caveats)


def record(*events: tuple[float, str, dict[str, float]], hours: float = 24.0, **refused: str) -> WatchedRecord:
    told = tuple(WatchEvent(t_s, kind, "loop", f"{kind} text", values) for t_s, kind, values in events)
    return WatchedRecord(told, refused, 10.0, hours * 3600)


LEAK = {"onset_low_s": 90.0, "onset_s": 100.0, "onset_high_s": 110.0}
HEARD = (-10.0, "learned", {})


@pytest.mark.parametrize(
    ("onset", "alarm", "watched", "codes", "said"),
    [
        ((80.0, 90.0, 101.0), 120.0, record(HEARD, (150.0, "leak suspected", {}), (700.0, "leak", LEAK)), [], "dates the onset"),
        ((60.0, 70.0, 75.0), 120.0, record(HEARD, (150.0, "leak suspected", {}), (700.0, "leak", LEAK)), ["onset-disagree"], "dates"),
        ((60.0, 70.0, 75.0), 120.0, record(HEARD), ["rules-differ"], "silent"),
        (None, None, record(HEARD, (150.0, "leak suspected", {})), ["rules-differ"], "sum over the sensors: silent"),
        ((60.0, 70.0, 75.0), 120.0, record(HEARD, (99.0, "leak suspected", {}), (200.0, "other cause likelier", {})), ["rules-differ"],
         "other cause likelier text"),
        ((60.0, 70.0, 75.0), 120.0, record(HEARD, (99.0, "leak suspected", {}), hours=6.0), ["leak-watch-learned-short"], "suspected"),
        ((60.0, 70.0, 75.0), 120.0, record(loop="one temperature"), ["leak-watch-not-run"], ""),
    ],
)  # fmt: skip
def test_what_is_said_where_the_rules_differ(
    onset: tuple[float, float, float] | None, alarm: float | None, watched: WatchedRecord, codes: list[str], said: str
) -> None:
    when = None if onset is None else Estimate(onset[1], onset[0], onset[2], "s")
    sentence, caveats = compare_rules("loop", when, alarm, watched, EPOCH)
    assert [caveat.code for caveat in caveats] == codes
    assert said in sentence


def test_where_only_the_leak_watch_says_leak_its_onset_leads(leaking: SimulatedLoop) -> None:
    tables, channels = as_tables(leaking)
    loop = gather_loop("loop", channels[:3], channels[3:5], [table.resolution for table in tables[:3]])
    said = record(
        (ONSET_S + 600.0, "leak", {"onset_low_s": ONSET_S - 60, "onset_s": ONSET_S, "onset_high_s": ONSET_S + 60})
    )
    alarm = alarm_of_watch(loop, said, 30.0)
    assert loop.t_s[alarm.alarm] == ONSET_S + 600.0
    assert alarm.sign == -1
    assert loop.t_s[alarm.quiet_until] < ONSET_S - 600.0
    assert abs(onset_posterior(loop, alarm).onset_s.median - ONSET_S) < 120
    assert alarm_of_watch(loop, record(HEARD), 30.0) is None


def test_momentum_that_a_leak_changes_is_no_sign_of_a_common_path(leaking: SimulatedLoop) -> None:
    tables, channels = as_tables(leaking)
    rng = np.random.default_rng(1)
    push = np.where(leaking.t_s > ONSET_S, 3.0, 0.0) + rng.normal(0, 0.1, leaking.t_s.size)
    del tables[4], channels[4]  # one thermometer: the leak watch stays out of it
    spare = next(i for i, table in enumerate(tables) if table.name == "other_1")
    quiet = detect(tables, channels, EPOCH, {}, 30.0, quiet_until_s=QUIET_S).kinds
    channels[spare] = Channel("other_1", leaking.t_s, push, "N*m*s", True)
    for measures, expected in (("momentum", quiet["leak"] * 0.999), ("other", 0.0)):
        tables[spare] = tables[spare].model_copy(update={"measures": measures, "unit": "N*m*s", "component": "x"})
        onset = detect(tables, channels, EPOCH, {}, 30.0, quiet_until_s=QUIET_S)
        verdict = next(v for v in onset.channels if v.name == "other_1")
        assert verdict.verdict == "changed"
        assert ("pushes the ship" in verdict.sentence) == (measures == "momentum")
        assert (onset.kinds["leak"] >= expected) if measures == "momentum" else onset.kinds["leak"] < quiet["leak"]


def quiet_case(tmp_path: Path, quiet: str) -> SimpleNamespace:
    (tmp_path / "now.csv").write_text("time,p\n" + "\n".join(f"{t},3.0" for t in range(100, 200)))
    (tmp_path / "before.csv").write_text("time,p\n" + quiet)
    row = {"name": "p", "file": "now.csv", "column": "p", "unit": "bar", "measures": "pressure", "source": "test"}
    tables = (ChannelTable.model_validate(row | {"quiet_file": "before.csv"}),)
    return SimpleNamespace(channels=tables, epoch=EPOCH, path=lambda name: tmp_path / name)


def test_a_quiet_record_comes_before_the_record(tmp_path: Path) -> None:
    read = read_record(quiet_case(tmp_path, "0,2.5\n50,2.6\n"))
    assert read.quiet_until_s == 50.0
    assert read.channels[0].t_s[:3].tolist() == [0.0, 50.0, 100.0]
    with pytest.raises(
        CaseError, match=r"before\.csv, p: found a quiet record without samples, or one that does not end"
    ):
        read_record(quiet_case(tmp_path, "0,2.5\n150,2.6\n"))


def test_the_verb_takes_quiet_records_and_data_paths(tmp_path: Path, leaking: SimulatedLoop) -> None:
    names = [channel.name for channel in leaking.channels[:5]]
    stamps = [(EPOCH + timedelta(seconds=float(t))).isoformat() for t in leaking.t_s]
    rows = [
        ",".join([stamp, *(f"{x:.6g}" for x in column)])
        for stamp, column in zip(stamps, leaking.value[:5].T, strict=True)
    ]
    cut = int(QUIET_S / 10)
    for file, part in (("before.csv", rows[:cut]), ("now.csv", rows[cut:])):
        (tmp_path / file).write_text("\n".join([",".join(["time", *names]), *part]))
    words = [
        "detect",
        str(tmp_path / "now.csv"),
        "--quiet",
        str(tmp_path / "before.csv"),
        "--unit",
        "Pa",
        "--temperature-unit",
        "K",
    ]
    words += [
        w
        for name, path in zip(names, "ABAAB", strict=True)
        for w in (f"--{name.split('_')[0]}", name, "--path", f"{name}={path}")
    ]
    run: Callable[..., object] = CliRunner().invoke
    found = json.loads(run(app, [*words, "--json"], catch_exceptions=False).stdout)
    assert [event["kind"] for event in found["watch"]["events"]][:3] == ["learned", "leak suspected", "leak"]
    assert "called a leak" in found["rules"]
    epoch_s = datetime.fromisoformat(found["epoch"]).timestamp() - EPOCH.timestamp()
    assert abs(found["onset_s"]["median"] + epoch_s - ONSET_S) < 120
    assert isinstance(run(app, [*words, "--path", "p9=A"]).exception, RangeError)


def test_a_liquid_unknown_here_is_taken_for_the_usual_one_and_that_is_said() -> None:
    assert watched_loop("a", "isooctane").caveat == ""
    guessed = watched_loop("a", "unheard of")
    assert guessed.expansion_per_K == 1.2e-3
    assert "'unheard of' is not known here" in guessed.caveat
    assert "not known" in WatchedLoop("a").caveat


def test_a_quiet_record_that_is_old_is_told_of() -> None:
    t_s = np.r_[np.arange(0.0, 3600.0, 10.0), np.arange(30 * 3600.0, 31 * 3600.0, 10.0)]
    loop = LoopSignal("loop", t_s, np.full((1, t_s.size), 3e5), None, np.zeros(1))
    (caveat,) = quiet_caveats([loop], 3590.0)
    assert caveat.code == "quiet-record-old"
    assert "29 h before" in caveat.text
    assert quiet_caveats([loop], 30 * 3600.0) == quiet_caveats([loop], None) == []
