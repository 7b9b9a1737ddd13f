"""A time that was typed is told as it was taken; an outburst of the year is a shower that a case may name."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from whipple.cli import app
from whipple.commands.cross_checks import _hypotheses
from whipple.commands.orbit_at import moment_of
from whipple.errors import RangeError

ISS = Path(__file__).parents[3] / "src" / "whipple" / "cases" / "soyuz-ms22" / "iss.tle"


def test_a_time_is_told_with_its_zone(capsys: pytest.CaptureFixture[str]) -> None:
    assert moment_of("2022-12-15T00:45", "--at") == moment_of("2022-12-15T03:45+03:00", "--at")
    bare, zoned = capsys.readouterr().err.splitlines()
    assert bare == "--at: 2022-12-15 00:45:00 UTC (no zone was typed: taken as UTC)"
    assert zoned == "--at: 2022-12-15 00:45:00 UTC"


def test_a_time_before_the_calendar_is_refused() -> None:
    with pytest.raises(RangeError):
        moment_of("0001-01-01T00:00+10:00", "--at")


def test_the_reach_of_showers_names_time_and_outbursts() -> None:
    asked = [
        "exposure",
        "showers",
        "--tle",
        str(ISS),
        "--at",
        "2022-12-15T00:45",
        "--azimuth",
        "135 deg",
        "--orbits",
        "0.05",
    ]
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"], catch_exceptions=False).stdout)
    assert found["at"] == "2022-12-15T00:45:00+00:00"
    assert "outburst" in found["outbursts"]


def test_a_case_may_name_the_shower_of_an_outburst() -> None:
    rows = [
        SimpleNamespace(kind="shower", shower=code, rate_per_s=None)
        for code in ("GEM", "AMO", "JBO", "ARD", "TAH", "XXX")
    ]
    told = list(_hypotheses(SimpleNamespace(hypotheses=dict(enumerate(rows)))))  # type: ignore[arg-type]
    assert [one.key for one in told] == ["hypothesis[5].shower"]
