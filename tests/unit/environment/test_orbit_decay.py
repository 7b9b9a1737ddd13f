"""Drag, J2 and sunlight against direct integration and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from whipple.environment.models.picone_2002 import density_kg_m3
from whipple.environment.orbit_decay import (
    Orbits,
    REFLECTION_ratio,
    SUN_PRESSURE_Pa,
    drag_rates,
    pressed_by_the_sun,
    shrink,
)
from whipple.errors import RangeError
from whipple.physics.constants import EARTH_RADIUS_m, MU_EARTH_m3_s2

DAY = 86_400.0


def one(*elements: float) -> Orbits:
    return Orbits(*(np.array([x]) for x in elements))


def test_drag_of_an_eccentric_orbit_equals_integration_over_one_revolution():
    axis, e, drag = 7.4e6, 0.09, 1.1
    orbit = one(axis, e, np.pi / 2, 0.0, 0.0)
    fall, dip = drag_rates(orbit, np.array([drag]), 120.0)

    def rates(mean: float, _: object) -> list[float]:
        anomaly = mean
        for _i in range(30):
            anomaly = mean + e * np.sin(anomaly)
        radius = axis * (1 - e * np.cos(anomaly))
        speed = np.sqrt(MU_EARTH_m3_s2 * (2 / radius - 1 / axis))
        push = -0.5 * drag * float(density_kg_m3(radius - EARTH_RADIUS_m, 120.0)) * speed**2
        change = 2 * axis**2 * speed / MU_EARTH_m3_s2 * push
        true = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(anomaly / 2), np.sqrt(1 - e) * np.cos(anomaly / 2))
        return [change, 2 * (e + np.cos(true)) / speed * push]

    mean = np.linspace(0, 2 * np.pi, 20_001)[:-1]
    change = np.mean([rates(x, None) for x in mean[::10]], axis=0)
    assert fall[0] == pytest.approx(change[0], rel=0.02)
    assert dip[0] == pytest.approx(change[0] * (1 - e) - axis * change[1], rel=0.03)


def test_lifetime_from_400_km_equals_the_integral_of_the_rate():
    height = np.linspace(120e3, 400e3, 4001)
    radius = EARTH_RADIUS_m + height
    rate = 1.1 * np.sqrt(MU_EARTH_m3_s2 * radius) * density_kg_m3(height, 100.0)
    days = np.trapezoid(1 / rate, height) / DAY
    orbit = one(EARTH_RADIUS_m + 400e3, 0.0, np.pi / 2, 0.0, 0.0)
    assert not shrink(one(EARTH_RADIUS_m + 400e3, 0.0, np.pi / 2, 0.0, 0.0), np.array([1.1]), 100.0, 0.96 * days * DAY)[
        0
    ]
    assert shrink(orbit, np.array([1.1]), 100.0, 1.04 * days * DAY)[0]


def test_the_watch_sees_all_the_time_there_is():
    seen = np.zeros(3)

    def watch(index, orbits, seconds):
        np.add.at(seen, index, seconds)

    orbits = Orbits(*(np.full(3, x) for x in (EARTH_RADIUS_m + 500e3, 0.0, 1.0, 0.0, 0.0)))
    gone = shrink(orbits, np.array([1e-3, 0.1, 0.5]), 150.0, 20 * DAY, watch)
    assert not gone.any()
    assert seen == pytest.approx(np.full(3, 20 * DAY))


def _cartesian(orbit: Orbits, area_to_mass: float, longitude: float, days: float) -> np.ndarray:
    """Mean eccentricity vector over the last hours of a flight under J2 and a Sun that never sets."""
    a, e, i, node, w = (float(getattr(orbit, name)[0]) for name in Orbits.__dataclass_fields__)
    first = np.array([np.cos(node) * np.cos(w) - np.sin(node) * np.sin(w) * np.cos(i),
                      np.sin(node) * np.cos(w) + np.cos(node) * np.sin(w) * np.cos(i), np.sin(w) * np.sin(i)])  # fmt: skip
    second = np.array([-np.cos(node) * np.sin(w) - np.sin(node) * np.cos(w) * np.cos(i),
                       -np.sin(node) * np.sin(w) + np.cos(node) * np.cos(w) * np.cos(i), np.cos(w) * np.sin(i)])  # fmt: skip
    state = np.concatenate([a * (1 - e) * first, np.sqrt(MU_EARTH_m3_s2 / (a * (1 - e**2))) * (1 + e) * second])
    tilt = 0.40909260060058289

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        r, d = y[:3], np.linalg.norm(y[:3])
        bulge = 1.5 * 1.0826359e-3 * MU_EARTH_m3_s2 * EARTH_RADIUS_m**2 / d**5
        up = 5 * (r[2] / d) ** 2
        sun = longitude + 2 * np.pi * t / 3.15576e7
        toward = np.array([np.cos(sun), np.sin(sun) * np.cos(tilt), np.sin(sun) * np.sin(tilt)])
        push = SUN_PRESSURE_Pa * REFLECTION_ratio * area_to_mass * toward
        return np.concatenate(
            [y[3:], -MU_EARTH_m3_s2 * r / d**3 - bulge * r * np.array([1 - up, 1 - up, 3 - up]) - push]
        )

    end = days * DAY
    flown = solve_ivp(
        rates, (0, end), state, method="DOP853", rtol=1e-8, atol=1e-2, t_eval=np.linspace(end - 49e3, end, 300)
    )
    vectors = []
    for y in flown.y.T:
        momentum = np.cross(y[:3], y[3:])
        vectors.append(np.cross(y[3:], momentum) / MU_EARTH_m3_s2 - y[:3] / np.linalg.norm(y[:3]))
    return np.mean(vectors, axis=0)


def test_sunlight_and_the_bulge_against_cartesian_integration():
    start = (EARTH_RADIUS_m + 900e3, 0.004, np.radians(82.0), 1.0, 0.5)
    orbit = one(*start)
    for step in range(2):
        pressed_by_the_sun(orbit, np.array([0.5]), 0.3 + 2 * np.pi * step * 15 * DAY / 3.15576e7, 15 * DAY)
    there = np.linalg.norm(_cartesian(one(*start), 0.5, 0.3, 30.0))
    assert orbit.eccentricity[0] == pytest.approx(there, abs=1e-4)
    assert abs(orbit.eccentricity[0] - 0.004) > 3e-4, "sunlight must have moved it"


def test_without_area_sunlight_changes_no_eccentricity():
    orbit = one(7.3e6, 0.02, 1.2, 0.3, 0.4)
    pressed_by_the_sun(orbit, np.zeros(1), 1.0, 30 * DAY)
    assert orbit.eccentricity[0] == pytest.approx(0.02, rel=1e-12)


@pytest.mark.parametrize(("altitude", "solar"), [(90e3, 100.0), (400e3, 20.0), (400e3, 500.0)])
def test_air_out_of_range_is_refused(altitude, solar):
    with pytest.raises(RangeError, match="picone_2002"):
        density_kg_m3(altitude, solar)
