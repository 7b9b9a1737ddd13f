"""Time scales, frames and the Sun: each function does its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.physics.frames import azimuth_elevation, body_from_lvlh, direction_lvlh, lvlh_from_gcrs
from whipple.physics.orbit import gcrs_from_teme
from whipple.physics.sun import beta_rad, eclipse_frac, sun_dir_gcrs, sunlit
from whipple.physics.time import tt_julian, utc_julian

EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)


def test_another_time_zone_is_the_same_moment():
    moscow = EVENT.astimezone(timezone(timedelta(hours=3)))
    assert utc_julian(moscow) == utc_julian(EVENT)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(RangeError, match="a time with a zone"):
        utc_julian(datetime(2022, 12, 15))  # noqa: DTZ001


@pytest.mark.parametrize("year", [1950, 2090])
def test_a_date_outside_the_leap_second_table_is_refused(year):
    with pytest.raises(RangeError, match="leap-second table"):
        tt_julian(datetime(year, 1, 1, tzinfo=UTC))


def test_tt_runs_69_184_s_ahead_of_utc():
    day, fraction = tt_julian(EVENT)
    utc_day, utc_fraction = utc_julian(EVENT)
    assert (day - utc_day + fraction - utc_fraction) * 86400 == pytest.approx(69.184, abs=1e-4)


def test_frames_rotation_from_knots_matches_each_epoch():
    t_s = np.linspace(0, 86400, 9)
    together = gcrs_from_teme(EVENT, t_s)
    for index, one in enumerate(t_s):
        alone = gcrs_from_teme(EVENT, [one])[0]
        assert np.abs(together[index] - alone).max() < 5e-9


def test_sun_from_knots_matches_each_epoch():
    t_s = np.linspace(0, 86400, 7)
    together = sun_dir_gcrs(EVENT, t_s)
    alone = np.array([sun_dir_gcrs(EVENT, [one])[0] for one in t_s])
    assert np.degrees(np.abs(together - alone).max()) < 1e-5


def test_teme_is_not_gcrs():
    """The trap: 35 km at the ISS if forgotten."""
    gap = np.linalg.norm(gcrs_from_teme(EVENT, [0.0])[0] @ [6.8e6, 0, 0] - [6.8e6, 0, 0])
    assert 30e3 < gap < 40e3


def test_lvlh_axes_are_ram_starboard_nadir():
    position, velocity = np.array([7e6, 0, 0]), np.array([100.0, 5e3, 5e3])
    turn = lvlh_from_gcrs(position, velocity)[0]
    assert turn @ position == pytest.approx([0, 0, -7e6], abs=1e-6)
    assert (turn @ velocity)[1] == pytest.approx(0, abs=1e-9)
    assert (turn @ velocity)[0] > 0
    assert np.linalg.det(turn) == pytest.approx(1)


def test_named_directions():
    for name, (azimuth, elevation) in {
        (0, 1, 0): (90, 0),
        (0, -1, 0): (-90, 0),
        (0, 0, 1): (0, -90),
        (1, 0, 0): (0, 0),
    }.items():
        assert np.degrees(azimuth_elevation(name)) == pytest.approx([azimuth, elevation])


def test_body_turn_is_a_rotation_in_yaw_pitch_roll_order():
    turn = body_from_lvlh(0.3, -0.2, 0.1)
    assert turn @ turn.T == pytest.approx(np.eye(3))
    assert turn == pytest.approx(body_from_lvlh(0, 0, 0.1) @ body_from_lvlh(0, -0.2, 0) @ body_from_lvlh(0.3, 0, 0))
    assert (body_from_lvlh(0, np.radians(10), 0) @ direction_lvlh(0, np.radians(10)))[2] == pytest.approx(0)  # nose up


def test_negative_beta_puts_the_sun_to_starboard():
    position, velocity = np.array([7e6, 0, 0]), np.array([0, 7.5e3, 0])
    sun = np.array([0, 0, -1.0])
    assert beta_rad(position, velocity, sun) == pytest.approx(-np.pi / 2)
    assert (lvlh_from_gcrs(position, velocity)[0] @ sun)[1] > 0


def test_shadow_is_a_cylinder_behind_the_earth():
    assert sunlit([[-7e6, 6.3e6, 0], [-7e6, 6.4e6, 0], [7e6, 0, 0]], [1, 0, 0]).tolist() == [0, 1, 1]


@pytest.mark.parametrize("beta", [0.0, 30.0, 60.0, -69.0])
def test_eclipse_share_matches_counting(beta):
    height, angle = 417e3, np.linspace(0, 2 * np.pi, 20000, endpoint=False)
    circle = (6378137 + height) * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=-1)
    sun = np.array([np.cos(np.radians(beta)), 0, np.sin(np.radians(beta))])
    assert eclipse_frac(np.radians(beta), height) == pytest.approx(1 - sunlit(circle, sun).mean(), abs=2e-4)
