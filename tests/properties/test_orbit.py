"""Laws of frames and orbit: round trips, rotations, conserved quantities."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.physics.frames import azimuth_elevation, body_from_lvlh, direction_lvlh, lvlh_from_gcrs
from whipple.physics.orbit import gcrs_from_teme, propagate, propagate_teme
from whipple.physics.read_elements import checksum, read_elements
from whipple.physics.sun import solar_longitude_rad, sun_dir_gcrs

EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
ISS = read_elements(Path(__file__).parents[2] / "src/whipple/cases/soyuz-ms22/iss.tle")[1]
few = settings(max_examples=30, deadline=None)
ANGLE = st.floats(-3.1, 3.1)


@few
@given(ANGLE, st.floats(-1.5, 1.5), st.floats(0.1, 1e4))
def test_azimuth_and_elevation_there_and_back(azimuth, elevation, length):
    back = azimuth_elevation(length * direction_lvlh(azimuth, elevation))
    assert np.allclose(back, (azimuth, elevation), atol=1e-9)


@few
@given(ANGLE, ANGLE, ANGLE)
def test_attitude_is_a_proper_rotation(yaw, pitch, roll):
    turn = body_from_lvlh(yaw, pitch, roll)
    assert np.allclose(turn @ turn.T, np.eye(3))
    assert np.isclose(np.linalg.det(turn), 1)


@few
@given(st.floats(-4e5, 4e5))
def test_frame_change_keeps_lengths_and_lvlh_keeps_ram_ahead(t_s):
    position, velocity = propagate(ISS, EVENT, [t_s])
    teme, _ = propagate_teme(ISS, EVENT, [t_s])
    assert np.isclose(np.linalg.norm(position), np.linalg.norm(teme), rtol=1e-9)
    turn = gcrs_from_teme(EVENT, [t_s])[0]
    assert np.allclose(turn @ turn.T, np.eye(3), atol=1e-9)
    flight = lvlh_from_gcrs(position, velocity)[0] @ velocity[0]
    assert flight[0] > 0.999 * np.linalg.norm(flight)


@few
@given(st.floats(0, 3e7))
def test_the_sun_moves_a_degree_a_day_along_the_ecliptic(t_s):
    first, second = solar_longitude_rad(EVENT, [t_s, t_s + 86400.0])
    assert 0.94 < np.degrees((second - first) % (2 * np.pi)) < 1.03
    assert abs(np.linalg.norm(sun_dir_gcrs(EVENT, [t_s])[0]) - 1) < 1e-12


@few
@given(st.integers(2, 67), st.integers(1, 8))
def test_any_changed_digit_breaks_the_checksum(place, shift):
    line = ISS.line2
    if line[place].isdigit():
        changed = line[:place] + str((int(line[place]) + shift) % 10) + line[place + 1 :]
        assert checksum(changed) != int(line[68])
