"""Laws of the sporadic model and of the igloo: bound orbits, weights, nothing lost between grids, there and back."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.environment.focusing import MARS, MOON, asymptote, incoming_velocity_m_s
from whipple.environment.grid import sky_grid
from whipple.environment.imported import regrid, spread_cells
from whipple.environment.mem_grid import igloo, lvlh_direction
from whipple.environment.models.pokorny_2019 import moon_speed_law_s_m
from whipple.environment.sporadic_branches import mass_limited_weight
from whipple.environment.sporadic_energy import bound_limit_m_s, speed_at_middle_m_s

few = settings(max_examples=25, deadline=None)
ANGLE = st.floats(0.05, 2.4)


@few
@given(st.floats(-1, 1), st.floats(0.0, 1e-3))
def test_the_bound_limit_rises_toward_the_apex_and_is_never_below_the_overtaking_one(cosine, more):
    here, ahead = bound_limit_m_s([cosine, min(cosine + more, 1.0)])
    assert 12.2e3 < here <= ahead < 72e3


@few
@given(st.floats(0, 72e3), st.floats(-1, 1), st.floats(-1, 1))
def test_carried_to_the_middle_and_back_is_the_same_speed(far, cosine, middle):
    there = float(speed_at_middle_m_s(far, cosine, middle))
    assert there >= 0
    if there > max(29_785.0 * middle + 1.0, 0.0) and far > 29_785.0 * cosine + 1.0:
        assert np.isclose(float(speed_at_middle_m_s(there, middle, cosine)), far, rtol=1e-6, atol=1.0)


@few
@given(st.floats(12e3, 70e3), st.floats(1.001, 1.5))
def test_the_faster_of_two_radar_meteors_counts_less(far, ratio):
    slow, fast = mass_limited_weight([far, far * ratio])
    assert 0 < fast < slow


@few
@given(st.floats(0, 90e3))
def test_no_speed_law_is_negative(speed):
    assert moon_speed_law_s_m(speed) >= 0


@few
@given(ANGLE, st.floats(5e3, 70e3), st.floats(1.01, 20.0), st.sampled_from([MOON, MARS]))
def test_hyperbolas_around_other_planets_lead_back_too(angle, far, radii, planet):
    radiant, place = (
        np.array([np.sin(angle), 0.0, np.cos(angle)]),
        np.array([0.0, 0.0, radii * planet.blocking_radius_m]),
    )
    back, speed = asymptote(place, incoming_velocity_m_s(radiant, far, place, planet), planet)
    assert np.allclose(back, radiant, atol=1e-7)
    assert np.isclose(speed, far, rtol=1e-9)


@few
@given(st.sampled_from([1.0, 2.0, 3.0, 5.0]))
def test_every_igloo_covers_the_sky_once(step):
    cells = igloo(step)
    assert np.isclose(cells.solid_angle_sr.sum(), 4 * np.pi, rtol=1e-12)
    assert np.ptp(cells.solid_angle_sr) < 0.35 * cells.solid_angle_sr.mean()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 1651), st.integers(0, 39), st.floats(1e-12, 1e3))
def test_nothing_is_lost_between_the_grids(cell, column, amount):
    flux = np.zeros((1652, 40))
    flux[cell, column] = amount
    moved = regrid(igloo(), np.arange(1e3, 80e3, 2e3), flux, sky_grid())
    assert np.isclose(moved.sum(), amount, rtol=1e-12)
    centre = lvlh_direction(igloo().phi_deg[cell], igloo().theta_deg[cell])
    reached = sky_grid().direction_lvlh[moved.sum(axis=1) > 0]
    assert (reached @ centre).min() > np.cos(np.radians(8.0)) or abs(igloo().phi_deg[cell]) > 80


def test_the_parts_of_a_cell_stay_in_it():
    direction, cell = spread_cells(igloo())
    phi = np.degrees(np.arcsin(-direction[:, 2]))
    assert (phi > igloo().low_phi_deg[cell]).all()
    assert (phi < igloo().high_phi_deg[cell]).all()
