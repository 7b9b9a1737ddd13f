"""`whipple telemetry state` says when a system was disturbed, and refuses what it cannot judge in one clear line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.cli import app
from whipple.errors import InvestigationError


def record(path: Path, gap: bool = False) -> Path:
    flow = 32.0 + 0.3 * np.random.default_rng(1).standard_normal(900)
    flow[600:700] -= 2.0
    rows = [f"{t},{'' if gap and t == 500 else round(v, 4)},{1.0}" for t, v in enumerate(flow)]
    path.write_text("\n".join(["time,flow,steady", *rows]) + "\n")
    return path


def test_a_dip_of_the_flow_is_one_spell_and_two_announcements(tmp_path: Path) -> None:
    file = record(tmp_path / "pump.csv")
    found = CliRunner().invoke(app, ["telemetry", "state", str(file), "--channel", "flow:low:2%", "--json"])
    told = json.loads(found.stdout)
    assert [spell["from"] for spell in told["disturbed"]] == ["1970-01-01T00:10:00+00:00"]
    assert told["disturbed"][0]["channels"] == ["flow"]
    assert {change["channel"] for change in told["changes"]} == {"flow"}
    assert any("00:10" in change["at"] and change["size"] < 0 for change in told["changes"])
    assert any(change["at"] == "1970-01-01T00:11:40+00:00" and change["size"] > 0 for change in told["changes"])


def test_times_may_be_in_another_unit(tmp_path: Path) -> None:
    header, *rows = record(tmp_path / "pump.csv").read_text().splitlines()
    later = [f"{1000 * int(row.split(',', 1)[0])},{row.split(',', 1)[1]}" for row in rows]
    (tmp_path / "pump.csv").write_text("\n".join([header, *later]) + "\n")
    words = [
        "telemetry",
        "state",
        str(tmp_path / "pump.csv"),
        "--channel",
        "flow:low:2%",
        "--time-unit",
        "ms",
        "--json",
    ]
    told = json.loads(CliRunner().invoke(app, words).stdout)
    assert [spell["from"] for spell in told["disturbed"]] == ["1970-01-01T00:10:00+00:00"]


@pytest.mark.parametrize(
    ("options", "gap", "word"),
    [
        (["--channel", "flow:low:much"], False, "smallest change"),
        (["--channel", "flow:sideways"], False, "concern"),
        (["--channel", "flow", "--time-unit", "fortnight"], False, "one of: ns, us, ms, s, min, h, day"),
        (["--channel", "flow", "--quiet", "10"], False, "training_count"),
        (["--channel", "flow", "--channel", "steady"], True, "number in some rows"),
    ],
)
def test_what_cannot_be_judged_is_refused(tmp_path: Path, options: list[str], gap: bool, word: str) -> None:
    file = record(tmp_path / "pump.csv", gap)
    found = CliRunner().invoke(app, ["telemetry", "state", str(file), *options])
    assert isinstance(found.exception, InvestigationError)
    assert word in str(found.exception)
