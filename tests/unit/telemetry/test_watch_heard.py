"""A watch that heard nothing says so and ends with an error; a unit that limits and case do not expect does not count."""

from __future__ import annotations

import socket

import pytest
import typer
from typer.testing import CliRunner

from whipple.commands.watch import watch
from whipple.commands.watch_sources import expected_units
from whipple.commands.watch_told import conclude
from whipple.errors import EvidenceError, RangeError
from whipple.telemetry.limits import LimitBook, TypeLimits
from whipple.telemetry.line_protocol import LineParser, format_line
from whipple.telemetry.sequential import WatchedChannel
from whipple.telemetry.watch import LiveWatch
from whipple.telemetry.watch_plan import Known, WatchPlan

run = CliRunner().invoke
app = typer.Typer()
app.command()(watch)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_server_that_is_not_there_is_given_up_with_an_error() -> None:
    source = f"tcp://127.0.0.1:{unused_port()}"
    done = run(app, [source, "--give-up", "0.2 s"])
    assert isinstance(done.exception, EvidenceError)
    assert f"watch {source}: found no sample in 0.2 s" in str(done.exception)


@pytest.mark.parametrize("lines", ["", "hello\n", "time,p1\n2022-12-15T00:00:00Z,2.9\n"])
def test_a_file_without_a_sample_is_an_error(tmp_path, lines: str) -> None:
    path = tmp_path / "a.lp"
    path.write_text(lines)
    done = run(app, [str(path)])
    assert isinstance(done.exception, EvidenceError)
    assert "found no sample that can be read" in str(done.exception)


def test_what_was_heard_before_counts_after_a_restart(tmp_path) -> None:
    path, state = tmp_path / "a.lp", ["--state", str(tmp_path / "w")]
    path.write_text("p1 value=1.0 1000000000\np1 value=1.0 2000000000\n")
    assert run(app, [str(path), *state], catch_exceptions=False).exit_code == 0
    assert run(app, [str(path), *state], catch_exceptions=False).exit_code == 0
    assert isinstance(run(app, [str(path), "--channel", "p2"]).exception, EvidenceError)


def test_a_line_in_another_unit_than_the_case_does_not_count(tmp_path) -> None:
    path = tmp_path / "a.lp"
    path.write_text("".join(f"loop_pressure_1,unit=kPa value=300 {1671065100 + t}000000000\n" for t in range(3)))
    done = run(app, [str(path), "--case", "soyuz-ms22"])
    assert "found loop_pressure_1 in kPa, expected bar" in done.stderr
    assert isinstance(done.exception, EvidenceError)


def test_limits_and_case_must_name_the_same_unit() -> None:
    known = [Known(WatchedChannel("p1"), unit="bar"), Known(WatchedChannel("t1"), unit="degC")]
    both = LimitBook.plain({"p1": TypeLimits(unit="bar")})
    assert expected_units(known, both) == {"/limits/p1": "bar", "p1": "bar", "t1": "degC"}
    with pytest.raises(RangeError, match="unit of p1 = kPa, expected bar as in the case"):
        expected_units(known, LimitBook.plain({"p1": TypeLimits(unit="kPa")}))


def test_a_watch_that_only_learned_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    live = LiveWatch(WatchPlan(discover_s=2.0, learn_s=3600.0), LimitBook())
    live.put(LineParser().parse(b"".join(format_line("p1", 0.0, float(t)) for t in range(360))))
    conclude(live, ["record.csv"], "", resumed=False)
    assert "still learning, 0.0997 of 1 h heard: it has judged nothing" in capsys.readouterr().err
