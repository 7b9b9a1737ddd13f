"""Outbursts that somebody gives: refused out of season, in the place of a report of the same hour, and said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

import whipple
from whipple.casefile.findings.sky import Sky
from whipple.casefile.problems import problems_of
from whipple.casefile.read_case import read_case
from whipple.casefile.tables.case_table import OrbitTable
from whipple.casefile.tables.outburst import OutburstTable
from whipple.cli import app
from whipple.environment import fly, what_was_there
from whipple.environment.grid import sky_grid
from whipple.environment.imported_models import model_problems
from whipple.environment.models.moorhead_activity import SHOWERS
from whipple.environment.models.outburst_years import OUTBURSTS
from whipple.environment.outbursts_given import (
    given_outburst,
    known_with,
    outburst_problems,
    outbursts_of_rows,
    season_deg,
)
from whipple.environment.sky import with_outbursts
from whipple.errors import CaseError, RangeError
from whipple.physics.read_elements import read_elements
from whipple.physics.sun import solar_longitude_rad

CASE = Path(whipple.__file__).parent / "cases" / "soyuz-ms22"
ISS = CASE / "iss.tle"
EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
ROW = {"shower": "GEM", "peak": "2022-12-15T01:00Z", "zhr": 500, "width": "60 min", "source": "whipple_judgement"}


def row(**said) -> OutburstTable:
    return OutburstTable.model_validate(ROW | said)


def given(code="LEO", at=datetime(1999, 11, 18, 2, 30, tzinfo=UTC), zhr=3700.0, **more):
    return given_outburst(code, at, (zhr, zhr, zhr), source="whipple_judgement", **more)


@pytest.fixture(scope="module")
def sky():
    grid, orbit = sky_grid(), fly(read_elements(ISS), EVENT, revolutions=1.0)
    none = np.zeros(0)
    return Sky(orbit, grid.direction_lvlh, grid.solid_angle_sr, grid.speed_m_s, (), (), none, none, "")


def test_a_row_becomes_an_outburst_with_its_own_range_or_a_factor_of_two():
    plain, ranged = outbursts_of_rows(
        [row(), row(zhr={"is": 500, "low": 400, "high": 900}, r=2.2, shower=" leo ", peak="2022-11-18T02:00Z")]
    )
    assert (plain.title, plain.zhr, plain.low, plain.high, plain.width_h, plain.total) == (
        "Geminids 2022 outburst",
        500,
        250,
        1000,
        1,
        False,
    )
    assert "a factor 2 both ways" in plain.note
    assert (ranged.code, ranged.low, ranged.high, ranged.population_ratio, ranged.note) == ("LEO", 400, 900, 2.2, "")


@pytest.mark.parametrize(
    ("said", "key", "expected"),
    [
        ({"zhr": -3}, "zhr", "a range above zero"),
        ({"zhr": "many"}, "zhr", "number"),
        ({"zhr": {"is": 500, "low": 600, "high": 900}}, "zhr", "low <= is <= high"),
        ({"width": "0 min"}, "width", "above zero"),
        ({"width": "60"}, "width", "unit"),
        ({"r": 9.0}, "r", "3.5"),
        ({"peak": "soon"}, "peak", "ISO 8601"),
        ({"peek": "2022-12-15"}, "peek", "one of: shower, peak"),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_the_door(said, key, expected):
    with pytest.raises(ValidationError) as caught:
        OrbitTable.model_validate({"elements": "x", "source": "s", "outburst": [ROW | said]})
    (problem,) = problems_of("case.toml", "orbit", OrbitTable, caught.value)
    assert f"orbit.outburst[0].{key}" in str(problem)
    assert expected in str(problem)


def test_every_reported_outburst_is_in_the_season_of_its_shower():
    for one in OUTBURSTS:
        begin, end = season_deg(one.code)
        longitude = float(np.degrees(solar_longitude_rad(one.at)))
        assert (longitude - begin) % 360 <= (end - begin) % 360, one.title


def test_half_a_year_from_its_season_a_shower_is_refused_with_the_dates_of_it():
    start, days = datetime(2026, 1, 1, tzinfo=UTC), np.arange(365.0)
    longitude = solar_longitude_rad(start, 86_400 * days)
    said = r"solar longitude .*expected a time of the .*, \d\d \w\w\w to \d\d \w\w\w \(solar longitude"
    for code in sorted({one.code for one in (*OUTBURSTS, *SHOWERS)}):
        begin, end = season_deg(code)
        near = np.cos(longitude - np.radians(begin + ((end - begin) % 360) / 2))
        inside, outside = (start + timedelta(days=float(days[at])) for at in (near.argmax(), near.argmin()))
        assert given(code, inside, 900.0).code == code
        with pytest.raises(RangeError, match=said):
            given(code, outside, 900.0)


def test_a_shower_nobody_knows_and_a_rate_below_the_annual_one_are_refused():
    with pytest.raises(RangeError, match="'LEX', expected one of: AMO, "):
        given("LEX")
    with pytest.raises(RangeError, match="more than the Leonids bring"):
        given(zhr=5.0, total=True)
    assert given(zhr=5.0).zhr == 5.0


CAM = {"shower": "CAM", "peak": "2014-05-24T07:00Z", "zhr": 20, "source": "whipple_judgement"}
OWN = {"name": "Camelopardalids", "radiant": ["122 deg", "79 deg"], "speed": "16 km/s", "r": 2.6}


def test_a_shower_that_no_list_has_is_given_with_its_radiant(sky):
    (one,) = outbursts_of_rows([OutburstTable.model_validate(CAM | OWN)])
    assert (one.title, one.radiant) == ("Camelopardalids 2014 outburst", pytest.approx((122.0, 79.0, 16.0)))
    found = with_outbursts(sky, one.at, (), known_with([one]))
    track = found.showers[0]
    assert np.degrees([track.right_ascension_rad, track.declination_rad]) == pytest.approx([122.0, 79.0])
    assert (track.zhr_per_h.median, found.streams[0].flux_per_m2_s.sum() > 0) == (pytest.approx(20.0), True)
    with pytest.raises(RangeError, match="or another with its name, radiant and speed"):
        outbursts_of_rows([OutburstTable.model_validate(CAM)])
    with pytest.raises(RangeError, match="this shower is listed"):
        outbursts_of_rows([row(**OWN)])
    with pytest.raises(ValidationError, match="name, radiant, speed and r together"):
        OutburstTable.model_validate(CAM | {"name": "Camelopardalids"})


def test_a_problem_a_mistake_and_one_for_what_is_given_twice():
    rows = [row(), row(), row(peak="2022-06-15T01:00Z"), row(source="nobody", peak="2022-12-14T01:00Z")]
    said = [str(one) for one in outburst_problems(rows, {"whipple_judgement"}, "case.toml", "orbit")]
    assert len(said) == 3
    assert "orbit.outburst[1]" in said[0]
    assert "counted twice" in said[0]
    assert "orbit.outburst[2].peak" in said[1]
    assert "08 Dec to 18 Dec" in said[1]
    assert "orbit.outburst[3].source" in said[2]


def test_a_given_one_of_the_same_shower_and_hour_replaces_the_reported_and_says_so():
    known = known_with([given()])
    storms = [one for one in known.outbursts if one.at.year == 1999]
    assert [(one.zhr, one.title) for one in storms] == [(3700.0, "Leonids 1999 outburst")]
    assert known.given == tuple(storms)
    (caveat,) = known.caveats
    assert caveat.code == "shower-outburst-replaced"
    assert "takes the place of" in caveat.text
    assert "ZHR 5000" in caveat.text
    assert "not counted beside it" in caveat.text


def test_at_another_hour_or_of_another_shower_it_is_added():
    later = given(at=datetime(1999, 11, 18, 6, tzinfo=UTC))
    other = given("NTA", datetime(1999, 11, 18, 2, tzinfo=UTC), 50.0)
    known = known_with([later, other])
    assert len(known.outbursts) == len(OUTBURSTS) + 2
    assert not known.caveats
    assert [one.title for one in known.outbursts if one.at.year == 1999][-1] == "Leonids 1999b outburst"
    both = [given(), given(at=datetime(1999, 11, 18, 2, 10, tzinfo=UTC))]
    assert len(known_with(both).outbursts) == len(OUTBURSTS) + 1, (
        "two that are given together do not replace one another"
    )


def test_what_is_given_later_replaces_what_was_given_before():
    first = known_with([given()])
    second = known_with([given(zhr=4200.0)], first)
    assert [one.zhr for one in second.given] == [4200.0]
    assert len(second.caveats) == 2


def test_in_the_sky_of_a_case_it_is_a_stream_with_its_caveat(sky):
    near, far = row(), row(shower="URS", peak="2022-12-22T22:00Z")
    found = with_outbursts(sky, EVENT, (), known_with(outbursts_of_rows([near, far])))
    assert [stream.name for stream in found.streams] == ["Geminids 2022 outburst"]
    assert found.showers[0].zhr_per_h.median == pytest.approx(500 * 10 ** (-2 * np.log10(2) * 0.25))
    said = [one.text for one in found.caveats if one.code == "shower-outburst-given"]
    assert "0.25 h after the epoch: it is in this sky" in said[0]
    assert "too far to add anything" in said[1]
    assert "whipple assess" in said[1]


def test_the_case_that_gives_one_out_of_season_is_refused_by_investigate_and_check():
    case = read_case(CASE)
    orbit = case.orbit.model_copy(update={"outburst": (row(peak="2022-07-15T01:00Z"),)})
    with pytest.raises(CaseError, match=r"case.toml, orbit.outburst\[0\].peak"):
        what_was_there(replace(case, orbit=orbit))
    (problem,) = model_problems(case.folder, orbit, "case.toml", "orbit")
    assert "Geminids, 08 Dec to 18 Dec" in str(problem)


def _refused(*args: str) -> RangeError:
    result = CliRunner().invoke(app, ["environment", "showers", *args])
    assert isinstance(result.exception, RangeError)
    return result.exception


def test_a_moment_needs_element_sets_and_the_message_says_why_and_what_to_do():
    error = str(_refused("--orbit", "415 km, 51.6 deg", "--at", "2022-12-15T00:45Z"))
    assert "which side is struck" in error
    assert '--orbit "415 km, 51.6 deg" --from 2022-12-15T00:00Z --to 2022-12-15T01:00Z' in error
    assert "--at with --year" in str(_refused("--tle", str(ISS), "--at", "2022-12-15T00:45Z", "--year", "2022"))


def test_on_the_command_line_too():
    at = ["--tle", str(ISS), "--at", "2022-12-15T00:45Z", "--outburst"]
    assert "within 2.4 h of --at" in str(_refused(*at, "GEM, 2022-12-14T02:00Z, ZHR 500"))
    assert "08 Dec to 18 Dec" in str(_refused(*at, "GEM, 2022-07-14T02:00Z, ZHR 500"))
    result = CliRunner().invoke(app, ["environment", "showers", *at, "GEM, 2022-12-15T01:00Z, ZHR 500, 60 min"])
    assert "Geminids 2022 outburst" in result.stdout
