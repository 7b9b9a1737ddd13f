"""Laws of the sky: Liouville, symmetry, monotone in size, hyperbolas there and back."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.environment.bound import fastest_bound_m_s
from whipple.environment.focusing import (
    asymptote,
    beam_flux_ratio,
    density_ratio,
    escape_speed_m_s,
    incoming_velocity_m_s,
)
from whipple.environment.grid import sky_grid
from whipple.environment.models.grun_1985 import grun_flux_per_m2_s
from whipple.environment.models.kessler_1991 import debris_flux_per_m2_s
from whipple.physics.frames import direction_lvlh

ANGLE = st.floats(0.05, 2.4)
SPEED = st.floats(8e3, 72e3)
RADIUS = st.floats(6.6e6, 4e7)
few = settings(max_examples=40, deadline=None)


@few
@given(ANGLE, SPEED, RADIUS)
def test_a_hyperbola_leads_back_to_its_asymptote_and_keeps_its_energy(angle, far, radius):
    radiant = np.array([np.sin(angle), 0.0, np.cos(angle)])
    position = np.array([0.0, 0.0, radius])
    velocity = incoming_velocity_m_s(radiant, far, position)
    back, speed = asymptote(position, velocity)
    assert np.allclose(back, radiant, atol=1e-7)
    assert np.isclose(speed, far, rtol=1e-9)
    assert np.isclose(velocity @ velocity, far**2 + escape_speed_m_s(radius) ** 2, rtol=1e-12)


@few
@given(ANGLE, SPEED, RADIUS)
def test_phase_space_density_is_constant(angle, far, radius):
    """Closed beam factor = (v / v_inf)^2 times the shrinking of solid angle that the bending makes (Liouville)."""
    position, step = np.array([0.0, 0.0, radius]), 1e-5

    def zenith(a: float) -> float:
        velocity = incoming_velocity_m_s([np.sin(a), 0.0, np.cos(a)], far, position)
        return float(np.arctan2(-velocity[0], -velocity[2]))

    stretch = (zenith(angle + step) - zenith(angle - step)) / (2 * step) * np.sin(zenith(angle)) / np.sin(angle)
    gain = 1 + (escape_speed_m_s(radius) / far) ** 2
    assert np.isclose(beam_flux_ratio(np.cos(angle), radius, far), gain * abs(stretch), rtol=1e-5)


@few
@given(st.floats(-0.99, 1.0), SPEED, RADIUS)
def test_focusing_never_thins_a_beam(cosine, far, radius):
    assert density_ratio(cosine, radius, far) >= 1.0


@few
@given(st.floats(1e-15, 1e-2), st.floats(1.01, 100.0))
def test_fewer_heavier_meteoroids(mass, ratio):
    assert grun_flux_per_m2_s(mass * ratio) < grun_flux_per_m2_s(mass)


@few
@given(st.floats(1e-5, 1.0), st.floats(1.05, 10.0), st.floats(250e3, 900e3), st.floats(70.0, 220.0))
def test_fewer_larger_debris_and_more_at_solar_minimum(diameter, ratio, altitude, solar):
    at = {"altitude_m": altitude, "inclination_rad": 0.9, "year": 2022.0}
    here = debris_flux_per_m2_s(diameter, solar_sfu=solar, **at)
    assert debris_flux_per_m2_s(diameter * ratio, solar_sfu=solar, **at) < here
    assert debris_flux_per_m2_s(diameter, solar_sfu=solar + 20, **at) < here


@few
@given(st.floats(-np.pi, np.pi), st.floats(-np.pi / 2, np.pi / 2))
def test_every_direction_falls_in_a_cell_near_it(azimuth, elevation):
    grid, direction = sky_grid(), direction_lvlh(azimuth, elevation)
    assert grid.direction_lvlh[grid.cell_of(direction)] @ direction > np.cos(np.radians(5.5))


@few
@given(st.floats(0, np.pi), st.floats(7e3, 7.8e3))
def test_bound_speed_is_symmetric_and_falls_from_ram_to_wake(azimuth, speed):
    left, right = fastest_bound_m_s([azimuth, -azimuth], speed, 6.8e6)
    assert left == right
    assert fastest_bound_m_s(azimuth + 0.01, speed, 6.8e6) <= left or azimuth > np.pi - 0.01
