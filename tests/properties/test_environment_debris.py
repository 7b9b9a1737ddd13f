"""Laws that the debris part must keep whatever the numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.environment.cloud_crossing import Ship, encounters
from whipple.environment.models.johnson_2001 import area_to_mass_density, collision_count, explosion_count, large_law
from whipple.environment.models.picone_2002 import density_kg_m3
from whipple.environment.orbit_decay import Orbits, drag_rates, pressed_by_the_sun, shrink
from whipple.environment.small_debris import small_debris_flux

SHIP = Ship(6_378_137.0 + 415e3, 0.9)
few = settings(max_examples=25, deadline=None)


@few
@given(st.floats(1e-3, 1.0), st.sampled_from(["spacecraft", "rocket body"]))
def test_the_area_to_mass_law_is_a_density(length, parent):
    x = np.linspace(-6, 4, 10_001)
    assert abs(area_to_mass_density(x, length, parent).sum() * 1e-3 - 1) < 1e-3
    assert 0 <= large_law(length, parent)[0] <= 1


@few
@given(st.floats(1e-3, 0.9), st.floats(1.01, 5.0), st.floats(1.0, 1e4))
def test_counts_fall_with_size_and_grow_with_mass(length, ratio, mass):
    assert explosion_count(length) > explosion_count(min(length * ratio, 90.0))
    assert collision_count(length, mass * ratio) > collision_count(length, mass)


@few
@given(st.floats(130e3, 1990e3), st.floats(65, 279), st.floats(1.0, 50.0))
def test_air_is_thinner_above_and_denser_under_an_active_sun(height, solar, more):
    assert density_kg_m3(height + 5e3, solar) < density_kg_m3(height, solar)
    if height > 200e3:
        assert density_kg_m3(height, min(solar + more, 280.0)) >= density_kg_m3(height, solar)


@few
@given(st.floats(200e3, 900e3), st.floats(0.0, 0.3), st.floats(0.0, 3.1), st.floats(1e-3, 2.0), st.floats(70, 250))
def test_drag_only_takes(perigee, eccentricity, tilt, drag, solar):
    axis = (6_378_137.0 + perigee) / (1 - eccentricity)
    orbit = Orbits(*(np.array([x]) for x in (axis, eccentricity, tilt, 0.0, 0.0)))
    fall, dip = drag_rates(orbit, np.array([drag]), solar)
    assert fall[0] < 0
    assert dip[0] <= 0
    assert abs(dip[0]) <= abs(fall[0]) * 1.001
    twice, _ = drag_rates(orbit, np.array([2 * drag]), solar)
    assert np.isclose(twice[0], 2 * fall[0])


@few
@given(st.floats(300e3, 900e3), st.floats(0.0, 0.1), st.floats(0.01, 0.5))
def test_two_half_months_are_one_month(perigee, eccentricity, drag):
    axis = (6_378_137.0 + perigee) / (1 - eccentricity)
    whole, halves = (Orbits(*(np.array([x]) for x in (axis, eccentricity, 1.0, 0.0, 0.0))) for _ in range(2))
    lost = shrink(whole, np.array([drag]), 100.0, 2.6e6)
    if not lost[0]:
        for _ in range(2):
            shrink(halves, np.array([drag]), 100.0, 1.3e6)
        assert abs(whole.axis_m[0] - halves.axis_m[0]) < 0.03 * abs(axis - whole.axis_m[0]) + 50.0


@few
@given(st.floats(0.0, 0.05), st.floats(0.1, 3.0), st.floats(0, 6.28), st.floats(0, 6.28), st.floats(0.01, 2.0))
def test_sunlight_keeps_the_energy_and_steps_add_up(eccentricity, tilt, node, perigee, area):
    start = (7.4e6, eccentricity, tilt, node, perigee)
    one, two = (Orbits(*(np.array([x]) for x in start)) for _ in range(2))
    rate = 2 * np.pi / 3.15576e7
    pressed_by_the_sun(one, np.array([area]), 1.0, 4e5)
    for k in range(2):
        pressed_by_the_sun(two, np.array([area]), 1.0 + k * 2e5 * rate, 2e5)
    assert one.axis_m[0] == 7.4e6
    z = [each.eccentricity[0] * np.exp(1j * each.perigee_rad[0]) for each in (one, two)]
    assert abs(z[0] - z[1]) < 0.02 * abs(z[0] - eccentricity * np.exp(1j * perigee)) + 2e-4


@few
@given(st.floats(6.7e6, 7.5e6), st.floats(0.0, 0.1), st.floats(0.05, 3.0))
def test_encounters_are_left_right_and_up_down_symmetric(axis, eccentricity, tilt):
    met = encounters(np.array([axis]), np.array([eccentricity]), np.array([tilt]), SHIP, np.random.default_rng(1))
    assert (met.flux_per_m2_s >= 0).all()
    if met.index.size:
        assert np.allclose(np.linalg.norm(met.direction_lvlh, axis=1), 1.0)
        mean = (met.flux_per_m2_s[:, None] * met.direction_lvlh).sum(axis=0)
        assert np.allclose(mean[1:], 0.0, atol=1e-9 * max(met.flux_per_m2_s.sum(), 1e-30))


@few
@given(st.floats(1e-5, 9e-4), st.floats(1.01, 1.1))
def test_small_debris_falls_with_size(diameter, ratio):
    place = {"altitude_m": 415e3, "inclination_rad": 0.9, "year": 2010.0, "solar_sfu": 100.0}
    assert small_debris_flux(diameter, **place).median > small_debris_flux(min(diameter * ratio, 1e-3), **place).median
