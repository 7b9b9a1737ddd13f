"""Does the jet fall apart as the numbers say, and how much of it is vapour near the stack?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.contamination.breakup import break_up, jet_numbers, left_frac
from whipple.contamination.droplet import evaporate_droplet
from whipple.contamination.models import laminar_length_ratio, turbulent_length_ratio
from whipple.contamination.release import vapour_near_frac
from whipple.errors import RangeError
from whipple.physics.fluids import fluid

MANY = np.ones(3000)


def test_the_criteria_agree_on_water_and_disagree_on_isooctane() -> None:
    water, isooctane = (jet_numbers(fluid(name), 293.15, 29.4, 8e-4).shatter_ratios for name in ("water", "isooctane"))
    assert max(water) < 1
    assert isooctane[0] < 0.1 < 10 < isooctane[1]


def test_half_of_the_draws_shatter_where_they_disagree() -> None:
    rng = np.random.default_rng(1)
    drops = break_up(fluid("isooctane"), 293.15, 29.4 * MANY, 8e-4 * MANY, rng)
    assert drops.shattered.mean() == pytest.approx(0.5, abs=0.04)
    assert np.median(drops.diameter_m[drops.shattered]) < 0.2 * np.median(drops.diameter_m[~drops.shattered])
    assert drops.diameter_m[drops.shattered].max() <= 8e-4
    assert np.median(drops.diameter_m[~drops.shattered]) == pytest.approx(1.4 * 8e-4, rel=0.05)
    vent = break_up(fluid("water"), 293.15, 9.4 * MANY, 2e-3 * MANY, rng)
    assert vent.shattered.mean() < 0.15


def test_a_liquid_without_a_surface_tension_is_left_open() -> None:
    drops = break_up(fluid("meg-30"), 293.15, 20 * MANY, 1e-3 * MANY, np.random.default_rng(1))
    assert drops.shattered.mean() == pytest.approx(0.5, abs=0.04)
    with pytest.raises(RangeError, match="surface_tension"):
        jet_numbers(fluid("meg-30"), 293.15, 20.0, 1e-3)


def test_a_faster_jet_runs_further() -> None:
    for law in (laminar_length_ratio, turbulent_length_ratio):
        assert law(4e4, 1e-3) > law(1e4, 1e-3)


def test_a_jet_needs_speed_and_width() -> None:
    with pytest.raises(RangeError, match="both above 0"):
        jet_numbers(fluid("water"), 293.15, 0.0, 1e-3)


def test_small_drops_are_vapour_sooner() -> None:
    life = evaporate_droplet(fluid("isooctane"), 1e-3, 110.0)
    left = left_frac(life, 1e-3, [1e-3, 1e-4], [0.3, 0.3])
    assert 0.5 < left[1] < left[0] < 0.7
    assert left_frac(life, 1e-3, 1e-5, 1e3) == 0.0
    frozen = evaporate_droplet(fluid("isooctane"), 1e-4, 0.0)
    assert left_frac(frozen, 1e-4, 1e-4, 1e5) == pytest.approx(0.5055, abs=0.002)


def test_the_vapour_share_near_the_stack_is_below_the_flash_for_large_drops() -> None:
    rng = np.random.default_rng(2)
    drops = break_up(fluid("isooctane"), 293.15, 29.4 * MANY, 8e-4 * MANY, rng)
    near = vapour_near_frac(fluid("isooctane"), 0.49 * MANY, drops, 29.4 * MANY, rng)
    assert np.median(near[~drops.shattered]) < 0.45
    assert np.median(near[drops.shattered]) > np.median(near[~drops.shattered]) + 0.03
    assert 0 <= near.min() <= near.max() <= 1
