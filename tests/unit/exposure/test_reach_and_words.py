"""Reach of a shower over a made-up track, and the sentence that says it."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.sky import ShowerTrack
from whipple.errors import RangeError
from whipple.exposure import bare_site, shower_reach
from whipple.exposure.reach import by_azimuth_frac
from whipple.physics.frames import body_from_lvlh, direction_lvlh

T_S = np.arange(0.0, 3600.0, 10.0)


def track(azimuth_deg, visible=None) -> ShowerTrack:
    way = direction_lvlh(np.radians(np.broadcast_to(azimuth_deg, T_S.shape)), 0.0)
    up = np.ones(len(T_S)) if visible is None else visible
    return ShowerTrack(
        "Testids", "TST", 0.0, 0.0, Estimate.exactly(1.0, "1/hour"), 2.0, np.full(len(T_S), 40e3), way, up, ()
    )


def wall(azimuth_deg):
    return bare_site(direction_lvlh(np.radians(azimuth_deg), 0.0))


def test_a_radiant_to_port_never_reaches_a_starboard_wall():
    reach = shower_reach(track(-80.0), T_S, wall(135.0))
    assert reach.reach_frac == 0.0
    assert reach.reach_frac_range == (0.0, 0.0)
    assert reach.best_cosine_ratio == pytest.approx(np.cos(np.radians(145.0)))
    assert reach.sentence.startswith("Testids: excluded by direction: it arrives from port")
    assert "a wall facing azimuth -165° instead of 135°" in reach.sentence


def test_half_of_the_time_in_view_counts_as_half():
    swing = np.where(T_S < 1800, 90.0, -90.0)
    reach = shower_reach(track(swing), T_S, wall(90.0))
    assert reach.reach_frac == pytest.approx(0.5, abs=0.01)
    unseen = shower_reach(track(swing, (T_S < 1800).astype(float)), T_S, wall(90.0))
    assert unseen.reach_frac == pytest.approx(1.0)
    assert unseen.visible_frac == pytest.approx(0.5, abs=0.01)
    assert "can strike" in unseen.sentence


def test_grazing_is_called_grazing():
    assert "can graze" in shower_reach(track(70.0), T_S, wall(0.0)).sentence


def test_never_in_view():
    reach = shower_reach(track(0.0, np.zeros(len(T_S))), T_S, wall(0.0))
    assert (reach.visible_frac, reach.reach_frac) == (0.0, 0.0)
    assert "excluded by the Earth" in reach.sentence


def test_the_arc_across_the_wake_is_the_short_one():
    swing = np.linspace(170.0, 190.0, len(T_S))
    low, high = np.degrees(shower_reach(track(swing), T_S, wall(180.0)).arrival_azimuth_rad)
    assert (low, high) == pytest.approx((170.0, 190.0))


def test_attitude_draws_widen_the_range():
    turns = np.array([body_from_lvlh(yaw, 0.0, 0.0) for yaw in np.radians(np.linspace(-20, 20, 41))])
    reach = shower_reach(track(-80.0), T_S, wall(5.0), attitudes=turns, rng=np.random.default_rng(1))
    assert reach.reach_frac == 1.0
    assert reach.reach_frac_range == (0.0, 1.0)


def test_by_azimuth_is_half_of_the_circle():
    assert by_azimuth_frac(track(0.0), T_S).sum() == pytest.approx(35.0, abs=2.0)


def test_clock_and_track_must_match():
    with pytest.raises(RangeError, match="one for each direction"):
        shower_reach(track(0.0), T_S[:-1], wall(0.0))


def test_a_wall_needs_a_direction():
    with pytest.raises(RangeError, match="not all zero"):
        bare_site([0.0, 0.0, 0.0])
