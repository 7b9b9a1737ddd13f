"""`whipple exposure showers` and `whipple vehicle check` answer without a case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import whipple
from whipple.commands.exposure import app
from whipple.commands.vehicle import app as vehicle_app
from whipple.errors import CaseError, RangeError

TLE = Path(whipple.__file__).parent / "cases" / "soyuz-ms22" / "iss.tle"
ASKED = ["showers", "--tle", str(TLE), "--at", "2022-12-15T00:45Z", "--orbits", "4"]


def test_geminids_cannot_strike_aft_starboard_but_can_strike_the_wake():
    found = {}
    for azimuth in ("135 deg", "180 deg"):
        result = CliRunner().invoke(app, [*ASKED, "--azimuth", azimuth, "--json"], catch_exceptions=False)
        found[azimuth] = {row["code"]: row for row in json.loads(result.stdout)["showers"]}["GEM"]
    assert found["135 deg"]["reach_frac"] == 0.0
    assert found["180 deg"]["reach_frac"] == pytest.approx(0.41, abs=0.02)
    text = CliRunner().invoke(app, [*ASKED, "--azimuth", "135 deg"], catch_exceptions=False).stdout
    assert "excluded by direction" in text


def test_bad_words_are_refused():
    with pytest.raises(RangeError, match="--azimuth"):
        CliRunner().invoke(app, [*ASKED, "--azimuth", "135"], catch_exceptions=False)
    with pytest.raises(RangeError, match="ISO 8601"):
        CliRunner().invoke(
            app, ["showers", "--tle", str(TLE), "--at", "noon", "--azimuth", "1 deg"], catch_exceptions=False
        )


def test_vehicle_check_reports_an_open_mesh(tmp_path):
    (tmp_path / "sheet.obj").write_text("g panel\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    with pytest.raises(CaseError, match="not closed"):
        CliRunner().invoke(vehicle_app, ["check", str(tmp_path / "sheet.obj"), "--units", "m"], catch_exceptions=False)
    result = CliRunner().invoke(vehicle_app, ["check", str(tmp_path / "sheet.obj"), "--units", "m", "--json"])
    assert json.loads(result.stdout)["open_edge_count"] == 3
