"""The verbs: what they print, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from whipple.commands.folders import BUNDLED
from whipple.commands.telemetry_limits import app as limits_app
from whipple.commands.watch import _plan, _simulated, watch
from whipple.errors import CaseError, RangeError

XTCE = Path(__file__).parent / "every_alarm.xml"
run = CliRunner().invoke
app = typer.Typer()
app.command()(watch)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "loop.csv"
    rows = [f"{i},{3.0 if i < 100 else 2.2},{'NOMINAL' if i < 50 else 'SAFE'}" for i in range(150)]
    path.write_text("time,PRESSURE,MODE\n" + "\n".join(rows) + "\n")
    return path


def test_judge_a_record_by_xtce_and_by_typed_limits(record: Path) -> None:
    done = run(limits_app, ["judge", str(record), "--limits", str(XTCE), "--json"], catch_exceptions=False)
    told = json.loads(done.stdout)["events"]
    assert [(event["about"], event["t_s"], event["values"]["level"]) for event in told[:1]] == [("MODE", 50.0, 2.0)]
    typed = run(
        limits_app,
        ["judge", str(record), "--limit", "PRESSURE=2,2.4,3.4,3.8", "--persistence", "3"],
        catch_exceptions=False,
    )
    assert "102.000 s  limit                 PRESSURE normal -> warning at 2.2" in typed.stdout


def test_a_typed_limit_on_a_channel_that_the_record_lacks_is_refused(record: Path) -> None:
    words = ["judge", str(record), "--limit", "PRESSURE=2,2.4,3.4,3.8", "--limit"]
    refused = run(limits_app, [*words, "PRESURE=2,2.4,3.4,3.8"]).exception
    assert isinstance(refused, RangeError)
    assert "'PRESURE', expected a channel of the record: PRESSURE, MODE" in str(refused)
    assert "rename it to 'PRESSURE'" in str(refused)
    beside = run(limits_app, [*words[:-1], "--limits", str(XTCE)])
    assert beside.exit_code == 0, "a file of limits may know more channels than one record has"


def test_show_and_write(tmp_path: Path) -> None:
    shown = run(limits_app, ["show", str(XTCE)], catch_exceptions=False).stdout
    assert "/Ship/PRESSURE [bar]" in shown
    assert "default, 3 in a row, 2 to leave: severe outside (1, 4)" in shown
    assert "not evaluated" in shown
    assert "7 of 18 parameters" in shown
    out = tmp_path / "copy.xml"
    assert run(limits_app, ["write", str(out), "--limits", str(XTCE)], catch_exceptions=False).exit_code == 0
    assert run(limits_app, ["show", str(out)], catch_exceptions=False).stdout == shown
    assert (
        json.loads(run(limits_app, ["show", str(out), "--json"], catch_exceptions=False).stdout)["parameters"][
            "/Ship/MODE"
        ]["kind"]
        == "Enumerated"
    )


def test_watch_prints_lines_and_what_was_wrong(record: Path) -> None:
    done = run(
        app,
        [str(record), "--no-detect", "--limit", "PRESSURE=2,2.4,3.4,3.8", "--limit", "P2=1,2,3,4"],
        catch_exceptions=False,
    )
    assert "PRESSURE normal -> warning" in done.stdout
    assert "limits without a channel: P2" in done.stderr
    assert "300 samples up to 149.000 s, 0 refused" in done.stderr


def test_a_simulated_record_of_a_case_is_told_to_be_one(record: Path) -> None:
    made = str(BUNDLED / "soyuz-ms22" / "channels" / "loop_simulated.csv")
    assert _simulated("", [made]) == _simulated("soyuz-ms22", [str(record), made]) == "loop_simulated.csv"
    assert _simulated("soyuz-ms22", [str(record)]) == _simulated("", [str(record)]) == ""


def test_what_is_typed_wrong_is_refused(record: Path) -> None:
    for words in (
        ["tcp://nowhere"],
        ["ftp://a:1"],
        [str(record), "--limit", "p=1,2"],
        [str(record), "--step", "5"],
        [str(record), "--stale", "0.5 s"],
    ):
        assert isinstance(run(app, words).exception, RangeError), words
    assert isinstance(run(app, ["none.csv"]).exception, CaseError)


@pytest.mark.parametrize("words", [["watch"], ["show"], ["judge"], ["write"]])
def test_every_verb_has_an_example(words: list[str]) -> None:
    done = run(app, ["--help"]) if words == ["watch"] else run(limits_app, [*words, "--help"])
    assert "Example" in done.stdout
    assert "whipple " in done.stdout


def test_a_case_says_what_is_watched_and_the_loops_are_learned_for_a_day() -> None:
    words = {"channel": [], "step": "20 s", "lateness": "5 s", "jump": "1 day", "discover": "60 s", "stale": "10 min"}
    asked = SimpleNamespace(**words, learn="", detect=True, mtbf_days=30.0, case="soyuz-ms22")
    plan = _plan(asked)
    assert plan.learn_s == 86400.0
    assert _plan(SimpleNamespace(**{**vars(asked), "case": ""})).learn_s == 3600.0
    assert _plan(SimpleNamespace(**{**vars(asked), "learn": "2 h"})).learn_s == 7200.0
    (loop,) = plan.loops
    assert loop.expansion_per_K == pytest.approx(1.19e-3, rel=0.01)
    assert loop.pushed_frac == pytest.approx((0.1, 30 / 44, 1.0))
    assert loop.vapour_ratio[1] == pytest.approx(5.1e3 / 3.04e5, rel=0.02)
    by_name = {one.channel.name: one for one in plan.known}
    pressure = by_name["loop_pressure_1_bar"]
    assert (pressure.unit, pressure.factor, pressure.channel.data_path) == ("bar", pytest.approx(1e5), "multiplexer A")
    assert pressure.channel.resolution_ratio == pytest.approx(2000.0)
