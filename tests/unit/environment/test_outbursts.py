"""Is the table of outbursts sound, do they enter sky and forecast in their hours only, and is what is not known said?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.findings.sky import Sky
from whipple.casefile.read_toml import load_sources
from whipple.cli import app
from whipple.commands.showers_asked import given_outbursts
from whipple.environment import fly
from whipple.environment.forecast import Limits, forecast_showers
from whipple.environment.forecast_orbit import orbit_of_shape
from whipple.environment.grid import sky_grid
from whipple.environment.models.moorhead_activity import SHOWERS
from whipple.environment.models.outburst_years import OUTBURSTS, reach_h, used_ratio
from whipple.environment.outbursts import (
    active_outbursts,
    as_shower,
    outburst_level,
    outburst_stream,
    outburst_track,
    outbursts_of,
    spoken_outbursts,
)
from whipple.environment.sky import with_outbursts
from whipple.errors import RangeError
from whipple.physics.cited import GRADES
from whipple.physics.read_elements import read_elements

ISS = Path(__file__).parents[3] / "src/whipple/cases/soyuz-ms22/iss.tle"
EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
STORM = datetime(1999, 11, 18, 2, 5, tzinfo=UTC)
BEFORE = STORM - timedelta(hours=12)
ORBIT = orbit_of_shape(415e3, float(np.radians(51.6)), BEFORE, 0.0)


@pytest.fixture(scope="module")
def sky():
    grid, orbit = sky_grid(), fly(read_elements(ISS), EVENT, revolutions=1.0)
    none = np.zeros(0)
    return Sky(orbit, grid.direction_lvlh, grid.solid_angle_sr, grid.speed_m_s, (), (), none, none, "")


def test_the_table_is_sound():
    assert all(first.at <= then.at for first, then in pairwise(OUTBURSTS))
    known = load_sources()
    listed = {shower.code for shower in SHOWERS}
    for one in OUTBURSTS:
        assert one.low < one.zhr < one.high
        assert one.source in known
        assert one.grade in GRADES
        assert (one.code in listed) != any(one.radiant), (
            "its own radiant where the annual list has none, and only there"
        )
        assert 1.8 <= used_ratio(one) <= 3.5
        assert 0 < reach_h(one) < 100


def test_an_outburst_of_a_listed_shower_keeps_its_radiant_and_another_has_its_own():
    leonids = next(shower for shower in SHOWERS if shower.code == "LEO")
    assert as_shower(outbursts_of([1999])[0]).radiant(4.1) == leonids.radiant(4.1)
    bootids = as_shower(next(one for one in OUTBURSTS if one.code == "JBO"))
    assert np.degrees(bootids.radiant(np.radians(bootids.peak))[:2]).round(2).tolist() == [224.12, 47.77]


def test_the_sky_of_the_event_of_2022_is_as_it_was(sky):
    found = with_outbursts(sky, EVENT)
    assert found.streams == sky.streams
    assert found.showers == sky.showers
    assert [caveat.code for caveat in found.caveats[len(sky.caveats) :]] == ["shower-outbursts"]
    assert "tau Herculids 2022" in found.caveats[-1].text


def test_in_a_storm_there_is_a_stream_of_its_own(sky):
    found = with_outbursts(sky, STORM)
    stream, track = found.streams[-1], found.showers[-1]
    assert (stream.name, stream.hypothesis, track.code) == ("Leonids 1999 outburst", "shower:LEO", "LEO")
    assert track.zhr_per_h.median == pytest.approx(4980, abs=1)
    assert track.zhr_per_h.low < track.zhr_per_h.median < track.zhr_per_h.high
    assert (np.diff(stream.number_ratio) < 0).all()
    assert stream.heavier_than(stream.mass_reference_kg) == pytest.approx(1.0)
    assert stream.level_factor > 3
    assert "about 5000" in stream.caveats[0].text
    later = outburst_track(outbursts_of([1999])[0], sky.orbit, STORM + timedelta(hours=1))
    weaker = outburst_stream(sky_grid(), sky.orbit, outbursts_of([1999])[0], later, "x")
    assert weaker.flux_per_m2_s.sum() == pytest.approx(
        stream.flux_per_m2_s.sum() * later.zhr_per_h.median / track.zhr_per_h.median
    )


def test_the_mass_law_has_its_knee_at_the_mass_of_a_faint_meteor():
    steep = outbursts_of([2011])[0]
    mass = np.logspace(-10, -3, 15)
    flux = outburst_level(steep, [300.0], mass)[0][0]
    slopes = np.diff(np.log(flux)) / np.diff(np.log(mass))
    assert slopes[0] == pytest.approx(-0.88, abs=1e-6)
    assert slopes[-1] == pytest.approx(-2.5 * np.log10(2.8), abs=1e-6)
    assert (np.diff(slopes) < 1e-9).all()


def test_they_are_active_in_their_hours_only():
    assert active_outbursts(STORM) == tuple(one for one in OUTBURSTS if one.utc == "1999-11-18T02:05")
    assert active_outbursts(STORM + timedelta(days=1)) == ()
    assert active_outbursts(STORM.replace(year=2003)) == ()


def test_no_outburst_is_lost_between_two_hours():
    limits = Limits("mass", np.array([1e-8]))
    coarse, fine, none = (
        forecast_showers(ORBIT, BEFORE, 24, step_h=step, limits=limits, outbursts=known)
        for step, known in ((1.0, OUTBURSTS), (0.1, OUTBURSTS), (1.0, ()))
    )
    rows = [next(row for row in found.showers if row.code == "LEO1999") for found in (coarse, fine)]
    fluence = [float(row.flux_per_m2_s.sum()) * step for row, step in zip(rows, (1.0, 0.1), strict=True)]
    assert fluence[0] == pytest.approx(fluence[1], rel=0.03)
    assert rows[1].zhr_per_h.max() > 1.5 * rows[0].zhr_per_h.max() > 4000
    assert (coarse.total_per_m2_s >= none.total_per_m2_s).all()
    assert [row.code for row in none.showers] == [row.code for row in coarse.showers if row.code != "LEO1999"]


def test_two_peaks_of_one_year_have_two_names():
    start = datetime(2002, 11, 19, tzinfo=UTC)
    found = forecast_showers(orbit_of_shape(415e3, 0.9, start), start, 12)
    assert [row.code for row in found.showers if row.code.startswith("LEO2002")] == ["LEO2002", "LEO2002b"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (datetime(1999, 11, 1, tzinfo=UTC), datetime(1999, 12, 1, tzinfo=UTC), "ZHR 5000 (3500 to 6000)"),
        (datetime(1999, 1, 1, tzinfo=UTC), datetime(1999, 2, 1, tzinfo=UTC), "Outside these dates the table has: Leonids 1999"),
        (datetime(2013, 1, 1, tzinfo=UTC), datetime(2014, 1, 1, tzinfo=UTC), "No report of 2013 is in the table: annual activity"),
        (datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC), "predicted ones are not in the table"),
        (datetime(1998, 11, 1, tzinfo=UTC), datetime(1998, 12, 1, tzinfo=UTC), "from memory, not re-read"),
    ],
)  # fmt: skip
def test_what_is_known_of_a_span_is_said(first, last, expected):
    assert expected in spoken_outbursts(first, last)


def test_a_user_gives_one_that_is_expected():
    args = ["environment", "showers", "--orbit", "415 km, 51.6 deg", "--energy", "105 J", "--from", "2027-11-18T00:00Z"]
    args += ["--to", "2027-11-18T06:00Z", "--outburst", "LEO, 2027-11-18T02:00Z, ZHR 500"]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.output
    assert "LEO2027  Leonids 2027 " in result.stdout
    assert "given on the command line" in result.stdout
    bootids = given_outbursts(["JBO, 2027-06-27T12:00Z, ZHR 50"])[0]
    assert bootids.radiant == (224.12, 47.77, 14.0)


@pytest.mark.parametrize(
    "text",
    [
        "LEX, 2027-11-18T02:00Z, ZHR 500",
        "LEO, 2027-11-18T02:00Z",
        "LEO, soon, ZHR 5",
        "LEO, 2027-11-18T02:00Z, ZHR 5, r 9",
    ],
)
def test_an_outburst_that_cannot_be_is_refused(text):
    with pytest.raises(RangeError):
        given_outbursts([text])


def test_the_same_peak_is_not_counted_twice() -> None:
    """case.toml refuses it; typed twice it brought twice the rate."""
    storm = "LEO, 2027-11-18T02:00Z, ZHR 500"
    with pytest.raises(RangeError, match=r"LEO at 2027-11-18 02:00 UTC again, expected each peak once"):
        given_outbursts([storm, storm])
    assert len(given_outbursts([storm, storm.replace("T02", "T05")])) == 2


def test_the_showers_of_a_moment_tell_of_outbursts():
    result = CliRunner().invoke(app, ["environment", "showers", "--tle", str(ISS), "--at", "2022-12-15T00:45Z"])
    assert result.exit_code == 0, result.output
    assert "Weak outbursts, those after 2022 and predicted ones are not in the table." in result.stdout
