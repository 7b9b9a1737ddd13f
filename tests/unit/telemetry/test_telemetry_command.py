"""`whipple telemetry detect` on a table without a case."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from whipple.commands.telemetry import app
from whipple.errors import CaseError, RangeError
from whipple.telemetry.loop_signal import LoopSignal


@pytest.fixture
def loop_csv(tmp_path: Path, simulated_loop: Callable[..., LoopSignal]) -> Path:
    loop = simulated_loop(6)
    rows = zip(loop.t_s, loop.pressure_Pa[0] / 1e5, loop.pressure_Pa[1] / 1e5, loop.temperature_K - 273.15, strict=True)
    path = tmp_path / "loop.csv"
    path.write_text("time,p1,p2,t1\n" + "\n".join(",".join(f"{x:.3f}" for x in row) for row in rows))
    return path


def test_json_dates_the_onset(loop_csv: Path) -> None:
    words = ["detect", str(loop_csv), "--pressure", "p1", "--pressure", "p2", "--temperature", "t1"]
    done = CliRunner().invoke(
        app, [*words, "--epoch", "2022-12-15T00:45:00Z", "--time-unit", "s", "--json"], catch_exceptions=False
    )
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert abs(found["onset_s"]["median"] + 367) < 5
    assert found["onset"].startswith("2022-12-15T00:38:5")
    assert found["alarm_s"] > found["onset_s"]["high"]
    assert [c["verdict"] for c in found["channels"]] == ["changed", "changed", "unchanged"]


def test_the_answer_for_people_gives_rate_and_alarm(loop_csv: Path) -> None:
    done = CliRunner().invoke(
        app, ["detect", str(loop_csv), "--pressure", "p1", "--time-unit", "s"], catch_exceptions=False
    )
    assert "bar/min" in done.stdout
    assert "alarm" in done.stdout
    assert "one pressure sensor" in done.stdout


def test_bad_input_is_told_apart(loop_csv: Path) -> None:
    run = CliRunner().invoke
    assert isinstance(run(app, ["detect", str(loop_csv), "--pressure", "p9"]).exception, CaseError)
    assert isinstance(run(app, ["detect", str(loop_csv), "--pressure", "p1", "--mtbf-days", "0"]).exception, RangeError)
    assert isinstance(run(app, ["detect", str(loop_csv), "--pressure", "p1", "--epoch", "noon"]).exception, RangeError)
    assert isinstance(
        run(app, ["detect", str(loop_csv), "--pressure", "p1", "--unit", "K", "--time-unit", "s"]).exception, RangeError
    )
    fluid = run(app, ["detect", str(loop_csv), "--pressure", "p1", "--fluid", "water2"]).exception
    assert isinstance(fluid, RangeError)
    assert "rename it to 'water'" in str(fluid)
