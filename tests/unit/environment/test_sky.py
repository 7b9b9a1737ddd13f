"""The sky of a case: every stream, every seam, missing evidence, bad input."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.read_case import read_case
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.environment import fly, sky_along, what_was_there
from whipple.environment.faces import (
    FACES_LVLH,
    cross_section_flux_per_m2_s,
    face_flux_per_m2_s,
    mean_speed_m_s,
)
from whipple.environment.grid import sky_grid
from whipple.environment.models import MODELS
from whipple.environment.models.grun_1985 import grun_flux_per_m2_s
from whipple.environment.models.jones_brown_1993 import CROSS_CHECK, DEFAULT, RADAR_COUNTS
from whipple.environment.models.kessler_1991 import debris_flux_per_m2_s
from whipple.environment.models.moorhead_activity import PROFILES, SHOWERS, active_showers, zhr_per_h
from whipple.environment.showers import shower_flux
from whipple.environment.sporadic import _mean_flux, source_dir_gcrs
from whipple.errors import CaseError, RangeError
from whipple.physics.read_elements import read_elements

EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
ISS = Path(__file__).parents[3] / "src/whipple/cases/soyuz-ms22/iss.tle"


@cache
def orbit():
    return fly(read_elements(ISS), EVENT)


@cache
def sky():
    return sky_along(orbit(), EVENT)


def test_the_orbit_is_on_a_60_s_clock_over_four_revolutions():
    assert orbit().t_s[1] == 60.0
    assert orbit().t_s[-1] == pytest.approx(4 * orbit().period_s, abs=60.0)
    assert (
        orbit().position_gcrs_m.shape
        == orbit().velocity_gcrs_m_s.shape
        == orbit().sun_dir_lvlh.shape
        == (len(orbit().t_s), 3)
    )
    assert orbit().sunlit.mean() == 1.0  # |beta| above the limit: no eclipse
    assert orbit().eclipse_frac == 0.0


def test_streams_carry_the_shapes_of_the_seam():
    cells, bins = sky().direction_lvlh.shape[0], sky().speed_m_s.shape[0]
    assert sky().solid_angle_sr.sum() == pytest.approx(4 * np.pi)
    for stream in sky().streams:
        assert stream.flux_per_m2_s.shape == (cells, bins)
        assert np.isfinite(stream.flux_per_m2_s).all()
        assert (stream.flux_per_m2_s >= 0).all()
        assert stream.mass_kg.shape == stream.number_ratio.shape
        assert (np.diff(stream.number_ratio) < 0).all()
        assert stream.density_frac.sum() == pytest.approx(1)
        assert stream.level_factor >= 1
        assert stream.sources
        assert stream.caveats
        assert float(stream.heavier_than(stream.mass_reference_kg)) == pytest.approx(1, rel=1e-6)


def test_the_showers_of_the_day():
    assert [track.code for track in sky().showers] == ["GEM", "HYD", "MON", "COM"]
    assert [stream.kind for stream in sky().streams] == ["sporadic", *["shower"] * 4, "debris"]


def test_streams_are_named_after_the_hypotheses_of_the_case():
    rows = [("stray", "sporadic", ""), ("geminid", "shower", "GEM"), ("junk", "debris", "")]
    causes = [HypothesisTable(name=name, title=name, kind=kind, shower=code, source="x") for name, kind, code in rows]
    named = [stream.hypothesis for stream in sky_along(orbit(), EVENT, causes).streams]
    assert named == ["stray", "geminid", "shower:HYD", "shower:MON", "shower:COM", "junk"]


def test_geminids_never_strike_starboard_but_port_they_do():
    gem = sky().streams[1]
    assert face_flux_per_m2_s(sky(), gem, FACES_LVLH["starboard"]) == 0
    assert face_flux_per_m2_s(sky(), gem, FACES_LVLH["port"]) > 0


def test_debris_is_horizontal_and_the_same_from_both_sides():
    debris = sky().streams[-1]
    faces = {name: face_flux_per_m2_s(sky(), debris, normal) for name, normal in FACES_LVLH.items()}
    assert faces["port"] == pytest.approx(faces["starboard"], rel=1e-12)
    assert faces["zenith"] == faces["nadir"] == 0
    assert faces["wake"] < 1e-12 * faces["ram"]
    assert mean_speed_m_s(sky(), debris) == pytest.approx(10.80e3, abs=30)


def test_far_from_earth_and_at_rest_the_sky_holds_exactly_the_unshielded_flux():
    grid = sky_grid()
    centre = source_dir_gcrs(orbit().solar_longitude_rad)[None]
    for shares in (DEFAULT, RADAR_COUNTS, CROSS_CHECK):
        total = _mean_flux(grid, 1e12, np.zeros(3), centre, shares).sum()
        assert total == pytest.approx(1.0, abs=0.005)


def test_the_level_of_the_sporadic_stream_is_near_four_times_grun():
    """Focusing raises, the Earth blocks a third, motion raises: the sheet's prototype has 0.95."""
    ratio = cross_section_flux_per_m2_s(sky().streams[0]) / (4 * float(grun_flux_per_m2_s(1e-9)))
    assert 0.7 < ratio < 1.1


def test_more_particles_hit_ram_than_wake_and_zenith_than_nadir():
    sporadic = sky().streams[0]
    faces = {name: face_flux_per_m2_s(sky(), sporadic, normal) for name, normal in FACES_LVLH.items()}
    assert faces["ram"] > 2 * faces["wake"]
    assert faces["zenith"] > 4 * faces["nadir"] > 0


def test_below_the_earths_limb_nothing_sporadic_arrives():
    below = sky().direction_lvlh[:, 2] > np.cos(np.radians(40.0))
    share = sky().streams[0].flux_per_m2_s[below].sum() / sky().streams[0].flux_per_m2_s.sum()
    assert share < 0.002


def test_an_eccentric_orbit_is_split_by_radius():
    stretched = replace(
        orbit(), position_gcrs_m=orbit().position_gcrs_m * np.linspace(1, 1.5, len(orbit().t_s))[:, None]
    )
    flux = sky_along(stretched, EVENT).streams[0].flux_per_m2_s.sum()
    assert flux != pytest.approx(sky().streams[0].flux_per_m2_s.sum(), rel=1e-3)


def test_where_the_debris_formula_ends_the_sky_says_so():
    high = replace(orbit(), altitude_m=1500e3)
    found = sky_along(high, EVENT)
    assert all(stream.kind != "debris" for stream in found.streams)
    assert "debris-out-of-range" in [caveat.code for caveat in found.caveats]


def test_a_quiet_day_has_no_showers():
    assert active_showers(np.radians(20.0)) == ()
    quiet = replace(orbit(), solar_longitude_rad=float(np.radians(20.0)))
    assert sky_along(quiet, EVENT).showers == ()


def test_the_list_holds_23_annual_showers_and_one_flagged():
    assert len(SHOWERS) == 24
    assert [shower.code for shower in SHOWERS if shower.note] == ["COM"]
    assert (
        sum(len(branch.components) for branches in PROFILES.values() for branch in branches if branch.name == "GMN")
        == 21
    )


def test_an_empty_fall_means_symmetric():
    orionid_like = next(shower for shower in SHOWERS if shower.code == "PER")
    peak = np.radians(orionid_like.peak)
    assert zhr_per_h(orionid_like, peak + 0.01) == pytest.approx(zhr_per_h(orionid_like, peak - 0.01), rel=1e-9)
    assert zhr_per_h(orionid_like, np.radians(10.0)) == 0.0


def test_branches_that_would_more_than_double_the_flux_are_left_out():
    gem = next(shower for shower in SHOWERS if shower.code == "GEM")
    level = shower_flux(gem, np.radians(262.69))
    assert level.left_out == ("IMO 2022, jenniskens_1994",)
    assert len(level.branches) == 8


@pytest.mark.parametrize(("altitude", "inclination"), [(150e3, 51.6), (1200e3, 51.6), (400e3, 5.0)])
def test_the_debris_formula_refuses_to_be_stretched(altitude, inclination):
    with pytest.raises(RangeError):
        debris_flux_per_m2_s(1e-3, altitude, np.radians(inclination), year=2022, solar_sfu=82)


def test_every_model_has_a_source_and_a_note():
    assert len({model.name for model in MODELS}) == len(MODELS)
    assert all(model.source and model.note for model in MODELS)


def test_the_headline_names_the_flux_and_the_showers():
    assert "sporadic meteoroids" in sky().headline
    assert "Geminids" in sky().headline


def test_the_bundled_case_is_answered_with_its_own_hypotheses():
    case = read_case(ISS.parent)
    found = what_was_there(case)
    names = {hypothesis.name for hypothesis in case.hypotheses}
    assert {stream.hypothesis for stream in found.streams} <= names
    assert sum("after the manoeuvre" in reason for reason in found.orbit.rejected) == 2


def test_a_wrong_catalogue_number_is_said():
    case = read_case(ISS.parent)
    wrong = replace(case, orbit=case.orbit.model_copy(update={"catalogue_number": 99999}))
    with pytest.raises(CaseError, match="25544, expected 99999"):
        what_was_there(wrong)
