"""Break-ups: the two-peak law as a true mixture, weighted samples, orbits just after."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from whipple.environment.breakup import ParentOrbit, shatter
from whipple.environment.models.johnson_2001 import (
    area_m2,
    area_to_mass_density,
    collision_count,
    collision_mass_kg,
    draw_area_to_mass_m2_kg,
    draw_delta_v_m_s,
    explosion_count,
    small_law,
)
from whipple.errors import RangeError

CIRCLE = ParentOrbit(7.2e6, 0.0, np.radians(98.0), "spacecraft", "collision")


@pytest.mark.parametrize(
    ("length", "parent"), [(0.5, "spacecraft"), (0.3, "rocket body"), (0.095, "spacecraft"), (0.01, "spacecraft")]
)
def test_draws_follow_the_density(length, parent):
    drawn = np.log10(draw_area_to_mass_m2_kg(np.full(20_000, length), parent, np.random.default_rng(4)))
    x = np.linspace(-5, 3, 16_001)
    law = np.cumsum(area_to_mass_density(x, length, parent)) * (x[1] - x[0])
    assert kstest(drawn, lambda at: np.interp(at, x, law)).pvalue > 1e-3


def test_the_mixture_has_two_peaks_and_no_sum_of_draws():
    """The public codes draw share * x1 + (1 - share) * x2: that fills the valley between the peaks."""
    x = np.linspace(-3, 0.5, 701)
    density = area_to_mass_density(x, 0.8, "spacecraft")
    peaks = (density[1:-1] > density[:-2]) & (density[1:-1] > density[2:])
    assert peaks.sum() == 2
    drawn = np.log10(draw_area_to_mass_m2_kg(np.full(40_000, 0.8), "spacecraft", np.random.default_rng(1)))
    valley = (drawn > -1.7) & (drawn < -1.5)
    assert valley.mean() < 0.5 * ((drawn > -1.03) & (drawn < -0.83)).mean()


def test_below_a_millimetre_a_fragment_weighs_what_a_sphere_weighs():
    assert 10 ** small_law(1e-4)[0] == pytest.approx(1.5 / (2800 * 1e-4), rel=1e-6)


def test_catastrophic_or_not():
    mass, whole = collision_mass_kg(1000.0, 1.0, 8_944.0)
    assert (mass, whole) == (pytest.approx(80.0, rel=1e-3), False)
    assert collision_mass_kg(1000.0, 1.0, 8_945.0) == (1001.0, True)
    with pytest.raises(RangeError, match="positive"):
        collision_mass_kg(1000.0, 0.0, 1e4)


def test_area_is_nearly_continuous_and_grows():
    assert area_m2(1.6701e-3) / area_m2(1.6699e-3) == pytest.approx(1.0, rel=3e-3)


def test_collision_fragments_leave_faster_when_light():
    rng = np.random.default_rng(1)
    slow, fast = (np.median(draw_delta_v_m_s(np.full(5000, ratio), "collision", rng)) for ratio in (0.01, 1.0))
    assert fast / slow == pytest.approx(100**0.9, rel=0.1)
    with pytest.raises(RangeError, match="explosion or collision"):
        draw_delta_v_m_s(1.0, "melting", rng)


@pytest.mark.parametrize("length", [0.0, -1.0, float("nan"), 1e3])
def test_sizes_out_of_range_are_refused(length):
    for law in (explosion_count, area_m2, lambda x: collision_count(x, 100.0)):
        with pytest.raises(RangeError, match="johnson_2001"):
            law(length)


def test_weights_stand_for_the_count_law_at_both_ends():
    burst = ParentOrbit(7.4e6, 0.0, np.radians(98.0), "rocket body", "explosion")
    cloud = shatter(burst, 1000.0, 30_000, np.random.default_rng(2))
    for size, count in ((1e-3, 1000.0 * 100**1.6), (1e-2, 1000.0 * 10**1.6)):
        held = cloud.weight_count[cloud.length_m >= size].sum()
        assert 0.9 * count < held < 1.01 * count  # some re-enter at once
    assert 0.3 < (cloud.length_m > 0.1).mean() < 0.37, "a third of the samples in each decade"


def test_energy_of_the_fragments_scatters_about_the_parent():
    cloud = shatter(ParentOrbit(7.2e6, 0.0, 1.0, "spacecraft", "explosion"), 10.0, 4000, np.random.default_rng(2))
    assert np.median(cloud.orbits.axis_m) == pytest.approx(7.2e6, rel=5e-3)
    assert np.median(cloud.orbits.inclination_rad) == pytest.approx(1.0, abs=3e-3)
    reach = cloud.orbits.axis_m * (1 + cloud.orbits.eccentricity)
    low = cloud.orbits.axis_m * (1 - cloud.orbits.eccentricity)
    assert (low <= 7.2e6 * (1 + 1e-9)).all()
    assert (reach >= 7.2e6 * (1 - 1e-9)).all()


def test_an_eccentric_parent_keeps_its_elements_when_the_kick_is_small():
    parent = ParentOrbit(2e7, 0.5, 0.9, "rocket body", "explosion")
    cloud = shatter(parent, 10.0, 4000, np.random.default_rng(2))
    assert np.median(cloud.orbits.eccentricity) == pytest.approx(0.5, abs=0.01)


def test_no_samples_is_refused():
    with pytest.raises(RangeError, match="samples"):
        shatter(CIRCLE, 10.0, 0, np.random.default_rng(1))
