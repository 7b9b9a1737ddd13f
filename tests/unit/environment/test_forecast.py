"""Does the shower forecast agree with the sky, add up, and refuse what it cannot do?"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from whipple.environment import fly, sky_along
from whipple.environment.forecast import ENERGIES, Limits, forecast_showers
from whipple.environment.forecast_orbit import orbit_of_elements, orbit_of_shape
from whipple.errors import EvidenceError, RangeError
from whipple.physics.orbit import choose_elements, propagate
from whipple.physics.read_elements import read_elements

ISS = Path(__file__).parents[3] / "src/whipple/cases/soyuz-ms22/iss.tle"
EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
TILT = float(np.radians(51.6))


@pytest.fixture(scope="module")
def chosen():
    return choose_elements(read_elements(ISS), EVENT).chosen


@pytest.fixture(scope="module")
def december():
    return forecast_showers(orbit_of_shape(415e3, TILT, EVENT), EVENT, 240, step_h=6.0)


def test_the_forecast_agrees_with_the_sky_of_the_same_moment(chosen):
    grams = Limits("mass", np.array([1e-9]))
    found = forecast_showers(orbit_of_elements([chosen], EVENT), EVENT, 1, limits=grams)
    sky = {stream.name: stream for stream in sky_along(fly([chosen], EVENT), EVENT).streams if stream.kind == "shower"}
    assert len(sky) == 4
    for row in found.showers:
        if row.flux_per_m2_s[0, 0] > 0:
            stream = sky.pop(row.name)
            assert row.flux_per_m2_s[0, 0] == pytest.approx(stream.flux_per_m2_s.sum(), rel=0.03)
            assert row.factor[0, 0] == pytest.approx(stream.level_factor, rel=0.02)
    assert not sky


def test_the_plane_is_that_of_sgp4(chosen):
    orbit = orbit_of_elements([chosen], EVENT)
    later = EVENT + timedelta(days=3)
    position, velocity = propagate(chosen, later, [0.0])
    normal = np.cross(position[0], velocity[0])
    place, motion = orbit.states(np.array([3 * 86_400.0]))
    ours = np.cross(place[0, 0], motion[0, 0])
    cosine = normal @ ours / np.linalg.norm(normal) / np.linalg.norm(ours)
    assert np.degrees(np.arccos(min(cosine, 1.0))) < 0.1
    assert np.allclose(np.sum(place * motion, axis=-1), 0.0, atol=1.0)


def test_totals_are_sums_and_ranges_hold_them(december):
    assert december.total_per_m2_s == pytest.approx(sum(row.flux_per_m2_s for row in december.showers))
    assert (december.low_per_m2_s <= december.total_per_m2_s).all()
    assert (december.total_per_m2_s <= december.high_per_m2_s).all()
    falling = [np.diff(row.flux_per_m2_s[row.zhr_per_h > 0], axis=1) for row in december.showers]
    assert all((step < 0).all() for step in falling), "fewer above a higher limit"


def test_scales_are_ordered_and_the_left_out_branch_is_named(december):
    geminids = next(row for row in december.showers if row.code == "GEM")
    light, middle, heavy = geminids.by_scale_per_m2_s[:, 0, 1]
    assert light < middle < heavy
    assert geminids.left_out == ("IMO 2022, jenniskens_1994",)


def test_inactive_hours_are_zero_not_missing(december):
    ursids = next(row for row in december.showers if row.code == "URS")
    quiet = ursids.zhr_per_h == 0
    assert quiet.any()
    assert (~quiet).any()
    assert (ursids.flux_per_m2_s[quiet] == 0).all()


def test_an_unknown_node_is_said_and_a_known_one_differs():
    free, fixed = (
        forecast_showers(orbit_of_shape(415e3, TILT, EVENT, node), EVENT, 1, limits=ENERGIES) for node in (None, 2.0)
    )
    assert any(caveat.code == "forecast-node" for caveat in free.caveats)
    assert not any(caveat.code == "forecast-node" for caveat in fixed.caveats)
    assert free.total_per_m2_s[0, 0] != fixed.total_per_m2_s[0, 0]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: orbit_of_shape(50e3, TILT, EVENT),
        lambda: orbit_of_shape(415e3, 4.0, EVENT),
        lambda: forecast_showers(orbit_of_shape(415e3, TILT, EVENT), EVENT, 0),
        lambda: forecast_showers(orbit_of_shape(415e3, TILT, EVENT), EVENT, 10**6),
        lambda: forecast_showers(orbit_of_shape(415e3, TILT, EVENT), EVENT, 24, step_h=0.0),
        lambda: forecast_showers(orbit_of_shape(415e3, TILT, EVENT), EVENT, 24, limits=Limits("mass", np.array([5.0]))),
        lambda: forecast_showers(orbit_of_shape(415e3, TILT, EVENT), EVENT, 24, limits=Limits("energy", np.array([]))),
    ],
)
def test_what_it_cannot_do_is_refused(ask):
    with pytest.raises(RangeError, match="expected"):
        ask()


def test_no_set_and_eccentric_sets_are_refused(chosen):
    with pytest.raises(EvidenceError):
        orbit_of_elements([], EVENT)
    from dataclasses import replace

    with pytest.raises(RangeError, match="eccentricity"):
        orbit_of_elements([replace(chosen, line2=chosen.line2[:26] + "7000000" + chosen.line2[33:])], EVENT)


def run(*words: str):
    from whipple.commands.showers import showers

    app = typer.Typer()
    app.command()(showers)
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


DAYS = ["--orbit", "415 km, 51.6 deg", "--from", "2022-12-13", "--to", "2022-12-15"]


def test_the_verb_writes_table_json_csv_and_picture(tmp_path):
    text = run(*DAYS, "--csv", str(tmp_path / "a.csv"), "--plot", str(tmp_path / "a.png")).stdout
    assert "GEM      Geminids" in text
    assert "sporadic background" in text
    lines = (tmp_path / "a.csv").read_text().splitlines()
    table = list(csv.DictReader(lines[1:]))
    assert len(table) == 49
    found = json.loads(run(*DAYS, "--json").stdout)
    assert float(table[3]["GEM_105_J_per_m2_h"]) / 3600 == pytest.approx(
        found["showers"][0]["flux_per_m2_s"][3][1], rel=1e-3
    )
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_the_verb_takes_masses_energies_years_and_moments():
    found = json.loads(run(*DAYS, "--mass", "1e-6 g", "--step", "24", "--json").stdout)
    assert found["limits"] == ["1e-06 g"]
    found = json.loads(run(*DAYS, "--energy", "105 J", "--step", "24", "--json").stdout)
    assert found["limit_value"] == [105.0]
    found = json.loads(run(*DAYS, "--size", "1 mm", "--step", "24", "--json").stdout)
    assert found["limit_value"] == [pytest.approx(104.72, abs=0.01)]
    assert len(json.loads(run("--tle", str(ISS), "--year", "2022", "--step", "24", "--json").stdout)["t_s"]) == 366
    assert "Geminids" in run("--tle", str(ISS), "--at", "2022-12-15T00:45Z").stdout


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--orbit", "415 km", "--year", "2022"],
        ["--orbit", "415 km, 51.6 deg"],
        ["--year", "2022"],
        ["--orbit", "415 km, 51.6 deg", "--tle", str(ISS), "--year", "2022"],
        ["--at", "2022-12-15"],
        ["--at", "2022-12-15", "--tle", str(ISS), "--year", "2022"],
        [*DAYS, "--mass", "1 mg", "--energy", "1 J"],
        [*DAYS, "--plot", "x.jpeg2000"],
        ["--orbit", "415 km, 51.6 deg", "--from", "2022-12-15", "--to", "2022-12-13"],
    ],
)
def test_the_verb_refuses_in_words(words):
    with pytest.raises(RangeError, match="expected"):
        run(*words)


def test_the_figure_says_what_it_shows(december):
    from whipple.report.figures.shower_year import draw_shower_year

    figure = draw_shower_year(december)
    assert figure.svg.startswith("<svg")
    assert "Geminids" in figure.alt
    assert figure.data is not None
    assert figure.data.rows[0][0] == "Geminids (GEM)"
    assert draw_shower_year(december).svg == figure.svg
