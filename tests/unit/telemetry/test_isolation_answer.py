"""From a case folder to the answer: typed-in tests, channels, the reason for silence, the command."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from whipple.casefile.case import Case
from whipple.casefile.codec import decode, encode, plain
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.isolation import Isolation
from whipple.casefile.findings.onset import Onset, WatchEvent
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.casefile.read_channels import Channel
from whipple.commands.folders import BUNDLED
from whipple.commands.isolate import _told
from whipple.commands.isolate import isolate as command
from whipple.errors import CaseError, EvidenceError
from whipple.telemetry import isolation_answer
from whipple.telemetry.isolation_answer import isolate, isolate_loop, with_isolation
from whipple.telemetry.isolation_belief import believe
from whipple.telemetry.isolation_cells import candidates
from whipple.telemetry.isolation_plant import plant_of
from whipple.telemetry.isolation_readings import running_trial, trials_of
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop

EMPTY = np.zeros(0)
RING = "".join(
    f'[[loop.segment]]\nname = "s{k}"\nfrom = "n{k}"\nto = "n{(k + 1) % 8}"\nvolume = "5.5 L"\n'
    'loss = { is = "5e11 Pa*s**2/m**6", low = "4.75e11 Pa*s**2/m**6", high = "5.25e11 Pa*s**2/m**6" }\n'
    f'[[loop.valve]]\nname = "v{k}"\nsegment = "s{k}"\n'
    for k in range(8)
)
GAUGES = "".join(
    f'[[loop.gauge]]\nchannel = "p{k}"\nnode = "n{k}"\naccuracy = "2.5 mbar"\nfull_scale = "5 bar"\n'
    for k in (0, 2, 4, 6)
)
MADE = """
[[loop.test]]
closed = ["v0", "v4"]
hold = "10 min"
before = { p0 = "2.90 bar", p2 = "3.20 bar", p4 = "3.10 bar", p6 = "3.00 bar" }
start = { p0 = "2.90 bar", p6 = "2.90 bar" }
after = { p0 = "2.90 bar", p2 = "0.06 bar", p4 = "0.05 bar", p6 = "2.90 bar" }
source = "telemetry_sheet"
"""


def written(folder: Path, test: str, gauges: str = GAUGES) -> Path:
    """The bundled case with an invented graph in place of its loop's silence, and channels that no file holds."""
    shutil.copytree(BUNDLED / "soyuz-ms22", folder, ignore=shutil.ignore_patterns("out"))
    text = re.sub(r"\[\[channel\]\]\n(?:(?!\[).*\n)*", "", (folder / "case.toml").read_text())
    channels = "".join(
        f'[[channel]]\nname = "p{k}"\nfile = "x.csv"\ncolumn = "p{k}"\nunit = "bar"\nmeasures = "pressure"\nloop = "external"\n'
        'source = "telemetry_sheet"\n'
        for k in (0, 2, 4, 6)
    )
    pump = (
        '[[loop.pump]]\nname = "pump"\nsegment = "s0"\nhead = { is = "0.4 bar", low = "0.39 bar", high = "0.41 bar" }\n'
    )
    graph = f'accumulator = "n0"\n{RING}{pump}{gauges}{test}\n'
    (folder / "case.toml").write_text(text.replace("[thermal]", f"{graph}\n[thermal]", 1) + channels)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("ring") / "case", MADE)


@pytest.fixture(scope="module")
def case(folder: Path) -> Case:
    return read_case(folder)


def onset_at(seconds: float) -> Onset:
    return Onset(
        Estimate(seconds, seconds - 5, seconds + 5, "s"),
        None,
        EMPTY,
        EMPTY,
        {},
        None,
        (),
        (),
        True,
        "",
        quiet_until_s=seconds - 60,
    )


@pytest.fixture(scope="module")
def found(case: Case) -> Isolation:
    answer = isolate(case)
    assert answer is not None
    return answer


def test_a_typed_test_accuses_the_piece_that_fell(found: Isolation) -> None:
    assert {one.name for one in found.segments[:4]} == {"s0", "s1", "s2", "s3"}
    assert sum(one.leaks_prob for one in found.segments[:4]) > 0.95
    assert sum(one.leaks_prob for one in found.segments) == pytest.approx(1.0)
    assert found.trial_count == 1
    assert len(found.tests) == 3
    assert set(found.tests[0].apart) <= {"s0", "s1", "s2", "s3"}
    assert "No segment is certain" in found.headline
    assert "Next test: shut " in found.headline
    codes = {c.code for c in found.caveats}
    assert {"one-hole", "trapped-liquid"} <= codes
    assert "no-trial" not in codes
    assert "names no relief" in next(c.text for c in found.caveats if c.code == "trapped-liquid")


def test_without_readings_the_prior_and_a_first_test_stand() -> None:
    found = isolate_loop(ring_loop(8, (0, 4)), [], np.random.default_rng(1))
    assert "No reading yet" in found.headline
    assert found.segments[0].leaks_prob == pytest.approx(0.125)
    assert found.alike == (("s0", "s1", "s2", "s3"), ("s4", "s5", "s6", "s7"))
    assert {"no-trial", "not-parted"} <= {c.code for c in found.caveats}
    assert "let off at 5.0 bar" in next(c.text for c in found.caveats if c.code == "trapped-liquid")


def test_what_would_part_two_segments_is_said_in_plain_words(found: Isolation) -> None:
    """Two valves in a ring of eight: what would tell the leading two of a half apart goes with the answer; with eight there is a test."""
    assert found.would_part == ()
    few = isolate_loop(ring_loop(8, (0, 4)), [], np.random.default_rng(1))
    assert any("would tell s0 and s1 apart" in text for text in few.would_part)
    assert next(c.text for c in few.caveats if c.code == "would-part") == " ".join(few.would_part)


def test_what_may_not_be_shut_is_said() -> None:
    rows = tuple(s.model_copy(update={"cooling": "needed"}) for s in ring_loop().segment)
    found = isolate_loop(ring_loop().model_copy(update={"segment": rows}), [], np.random.default_rng(1))
    assert found.tests == ()
    assert "no-test-allowed" in {c.code for c in found.caveats}


def test_a_gauge_without_a_channel_is_one_clear_error(tmp_path: Path) -> None:
    bad = GAUGES.replace('channel = "p4"', 'channel = "p5"')
    made = MADE.replace("p4", "p5")
    with pytest.raises(CaseError, match=r"loop\[0\].gauge\[2\].channel: found 'p5'"):
        isolate(read_case(written(tmp_path / "case", made, bad)))


def test_gauges_and_meters_in_other_units_are_told_together(tmp_path: Path) -> None:
    opened = read_case(written(tmp_path / "case", MADE))
    rows = [
        Channel(name, np.zeros(1), np.zeros(1), "K" if name in ("p2", "p6") else "bar", True)
        for name in ("p0", "p2", "p4", "p6")
    ]
    with pytest.raises(CaseError, match="'p2', a channel in K, expected a pressure") as caught:
        trials_of(opened, opened.loops[0], rows, None, None)
    assert [problem.key for problem in caught.value.problems] == [
        "loop[0].gauge[1].channel",
        "loop[0].gauge[3].channel",
    ]


def test_the_look_ends_before_a_fast_leak_has_emptied_the_accumulator(case: Case) -> None:
    """p falls to two thirds (7 L of gas push 30 L: half is out at 0.32) after 600 s: what comes later is not looked at."""
    t = np.arange(-6000.0, 3000.0, 20.0)
    fallen = np.where(t < 0, 3.0, np.maximum(3.0 * np.exp(-np.maximum(t, 0) / 600.0), 0.05))
    rows = {name: Channel(name, t, fallen, "bar", True) for name in ("p0", "p2", "p4", "p6")}
    trial = running_trial(case.loops[0], rows, [], 0.0, 0.0)
    assert trial is not None
    assert trial.hold_s < 700.0
    assert trial.after_Pa.min() > 0.3e5
    one_dead = rows | {"p0": Channel("p0", t, np.where(t < 60, 3.0, 0.0), "bar", True)}
    again = running_trial(case.loops[0], one_dead, [], 0.0, 0.0)
    assert again is not None
    assert again.hold_s == trial.hold_s


def test_the_bundled_case_has_no_graph_and_says_so() -> None:
    bundled = read_case(BUNDLED / "soyuz-ms22")
    assert isolate(bundled) is None
    onset = with_isolation(bundled, onset_at(0.0), ())
    assert onset.isolation is None
    assert onset.caveats[-1].code == "no-loop-graph"


def test_a_watch_that_calls_another_loop_leaking_is_quoted(
    case: Case, found: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation_answer, "isolate_loop", lambda *_, **__: found)
    told = isolate(case, (), replace(onset_at(0.0), watch=(WatchEvent(60.0, "leak", "internal", ""),)))
    assert told is not None
    assert told.caveats[0].text == "The leak watch says that loop internal leaks; this is the graph of loop external."


def channels_of(seed: int, segment: int) -> tuple[list[Channel], float]:
    """Records of a leaking ring: quiet for a revolution, leaking from 0 on, v0 and v4 shut from 2400 to 3600 s."""
    leak = leaking_loop(ring_loop(8, range(8)), seed=seed, segment=segment, rate_per_h=0.02)
    look = leak.first_look(1800.0)
    leak.t_s = 2280.0
    test = leak.trial(frozenset({"v0", "v4"}), frozenset(), 1200.0)
    rows = []
    for g, name in enumerate(("p0", "p2", "p4", "p6")):
        spans = [(-5560.0, 0.0, look.before_Pa), (1500.0, 1800.0, look.after_Pa), (2100.0, 2400.0, test.before_Pa)]
        spans += [(2400.0, 2700.0, test.start_Pa), (3300.0, 3600.0, test.after_Pa)]
        t = np.concatenate([np.arange(a, b, 20.0) for a, b, _ in spans])
        value = np.concatenate([np.full(np.arange(a, b, 20.0).size, v[g] / 1e5) for a, b, v in spans])
        rows.append(Channel(name, t, value, "bar", True))
    return rows, test.warming_K


def test_channels_and_times_make_the_same_trials_as_typing_them(tmp_path: Path) -> None:
    timed = '[[loop.test]]\nclosed = ["v0", "v4"]\nbegins = 2022-12-15T01:25:00Z\nends = 2022-12-15T01:45:00Z\nsource = "telemetry_sheet"\n'
    opened = read_case(written(tmp_path / "case", timed))
    rows, _ = channels_of(5, 2)
    trials = trials_of(opened, opened.loops[0], rows, 0.0, None)
    assert [t.running for t in trials] == [True, False]
    assert trials[0].hold_s == pytest.approx(1650.0)
    assert trials[1].hold_s == pytest.approx(960.0)  # 20 min less a window and a minute of either end
    assert trials[1].after_Pa[1] < 0.2e5  # p2 is shut in with the hole
    cells = candidates(plant_of(opened.loops[0]), np.random.default_rng(1))
    assert believe(cells, trials).segment_prob[:4].sum() > 0.5  # no thermometer here


@pytest.mark.parametrize("late_s", [-50.0, 50.0])
def test_clocks_apart_by_less_than_a_minute_change_nothing(tmp_path: Path, late_s: float) -> None:
    """A gauge whose clock is 50 s off is not read across the moving of the valves; with `clocks = "0 s"` it would be."""
    timed = '[[loop.test]]\nclosed = ["v0", "v4"]\nbegins = 2022-12-15T01:25:00Z\nends = 2022-12-15T01:45:00Z\nsource = "telemetry_sheet"\n'
    opened = read_case(written(tmp_path / "case", timed))
    rows, _ = channels_of(5, 2)
    off = [replace(c, t_s=c.t_s + late_s) if c.name == "p2" else c for c in rows]
    for clocks, same in ((None, True), (Given(0.0, 0.0, 0.0, "s"), False)):
        loop = opened.loops[0].model_copy(update={"clocks_s": clocks})
        right, skewed = (trials_of(opened, loop, some, None, None)[0] for some in (rows, off))
        told = [np.allclose(getattr(right, k), getattr(skewed, k)) for k in ("before_Pa", "start_Pa", "after_Pa")]
        assert all(told) == same


def test_a_test_without_samples_says_which(tmp_path: Path) -> None:
    timed = '[[loop.test]]\nclosed = ["v0"]\nbegins = 2022-12-16T01:25:00Z\nends = 2022-12-16T01:45:00Z\nsource = "telemetry_sheet"\n'
    opened = read_case(written(tmp_path / "case", timed))
    with pytest.raises(EvidenceError, match="samples of a gauge between 2022-12-16"):
        trials_of(opened, opened.loops[0], channels_of(5, 2)[0], None, None)


def test_a_record_that_ends_before_the_onset_gives_no_trial(case: Case) -> None:
    rows = {c.name: c for c in channels_of(5, 2)[0]}
    assert running_trial(case.loops[0], rows, [], 1e6, 1e6) is None
    assert running_trial(case.loops[0], {}, [], 0.0, 0.0) is None


def test_a_thermometer_gives_the_warming_of_liquid_and_gas(case: Case) -> None:
    rows = {c.name: c for c in channels_of(5, 2)[0]}
    t = np.arange(-6000.0, 3600.0, 10.0)
    warm = Channel("t", t, 20.0 + np.where(t > 0, 1.0, 0.0), "degC", True)
    trial = running_trial(case.loops[0], rows, [warm], 0.0, 0.0)
    assert trial is not None
    assert trial.warming_K == pytest.approx(1.0)
    assert trial.gas_warming_K == pytest.approx(1 - np.exp(-1650 / 1500), abs=0.02)


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_answer_is_told_with_bars_tests_and_notes(found: Isolation) -> None:
    text = _told(found)
    lines = text.splitlines()
    assert lines[2].split() == ["segment", "now", "before"]
    assert lines[3].count("#") >= 6
    assert "tests worth making" in text
    assert "bit  Shut " in text
    assert "from 1 trial\n" in text
    assert "note: Liquid shut in" in text
    assert "what else would tell" not in text
    more = _told(
        replace(found, would_part=("A valve would.",), caveats=(*found.caveats, Caveat("would-part", "A valve would.")))
    )
    assert "what else would tell:\n  - A valve would.\n" in more
    assert more.count("A valve would.") == 1


def test_the_command_prints_the_answer_of_the_room(
    folder: Path, found: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(isolation_answer, "isolate", lambda *given: asked.append(given) or found)
    code, text = run(str(folder), "--no-telemetry", "--at-once", "3", "--json")
    assert code == 0
    assert json.loads(text) == json.loads(json.dumps(plain(found)))
    assert asked[0][1:] == ((), None, 3)
    assert run(str(folder), "--no-telemetry")[1] == _told(found) + "\n"


def test_the_same_seed_gives_the_same_answer() -> None:
    one, two = (isolate_loop(ring_loop(8, (0, 4)), [], np.random.default_rng(5)) for _ in range(2))
    assert one == two


def test_the_answer_is_kept_in_the_notebook_as_it_is(found: Isolation) -> None:
    arrays: dict[str, np.ndarray] = {}
    onset = replace(onset_at(0.0), isolation=found)
    again = decode(Onset, encode(onset, arrays), arrays)
    assert again.isolation == found
    assert decode(Onset, encode(onset_at(0.0), {}), {"/t_s": EMPTY, "/density_per_s": EMPTY}).isolation is None


def test_the_command_says_what_is_missing() -> None:
    with pytest.raises(EvidenceError, match=r"found no \[\[loop.segment\]\]"):
        run("soyuz-ms22")
    with pytest.raises(Exception, match="--at-once = 9"):
        run("soyuz-ms22", "--at-once", "9")


def test_readings_that_fit_no_segment_name_none() -> None:
    """A gauge that jumps by half a bar against the others: left out, and every segment stays at its prior."""
    loop = ring_loop(8, (0, 4))
    look = leaking_loop(loop, seed=1, segment=3, rate_per_h=0.02).first_look(1800.0)
    assert isolate_loop(loop, [look], np.random.default_rng(5)).trial_count == 1
    spoilt = replace(look, after_Pa=look.after_Pa - np.array([5e4] + [0.0] * (look.after_Pa.size - 1)))
    told = isolate_loop(loop, [spoilt], np.random.default_rng(5))
    assert told.trial_count == 0
    assert all(one.leaks_prob == pytest.approx(one.prior_prob) for one in told.segments)
    assert "fits-nothing" in [caveat.code for caveat in told.caveats]
    assert told.headline.startswith("The readings fit no segment")
