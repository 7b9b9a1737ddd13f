"""Debris below 1 mm: never one number, counts predicted without being used."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.environment.small_debris import COUNTS, implied_area_m2, leave_one_out, small_debris_flux
from whipple.errors import RangeError

PLACE = {"altitude_m": 415e3, "inclination_rad": float(np.radians(51.6)), "year": 2022.96, "solar_sfu": 82.0}


@pytest.mark.parametrize("diameter", [1e-5, 1e-4, 5e-4, 1e-3])
def test_every_number_has_a_band_of_at_least_a_factor_5(diameter):
    estimate = small_debris_flux(diameter, **PLACE)
    assert estimate.high / estimate.median >= 5**1.64
    assert estimate.median / estimate.low >= 5**1.64
    assert "factor" in estimate.caveats[0].text


@pytest.mark.parametrize("diameter", [5e-6, 2e-3, 0.0, -1.0])
def test_sizes_outside_the_family_are_refused(diameter):
    with pytest.raises(RangeError, match=r"0\.01 to 1 mm"):
        small_debris_flux(diameter, **PLACE)


@pytest.mark.parametrize("strict", [False, True])
def test_each_count_without_itself(strict):
    for each in leave_one_out(whole_hardware=strict):
        assert 1 / 3 < each.predicted.median / each.counted < 3
        assert each.predicted.low <= each.counted <= each.predicted.high
        assert each.meteoroids_count < each.all_count


def test_a_count_left_out_has_no_say():
    """Ten times as many pits must not move the prediction of that count itself."""
    from dataclasses import replace

    from whipple.environment import small_debris

    before = leave_one_out()[0].predicted.median
    kept = small_debris.COUNTS
    try:
        small_debris.COUNTS = (replace(kept[0], count=7000), *kept[1:])
        assert leave_one_out()[0].predicted.median == pytest.approx(before)
        assert leave_one_out()[1].predicted.median != pytest.approx(leave_one_out()[0].predicted.median)
    finally:
        small_debris.COUNTS = kept


def test_a_quiet_sun_leaves_more_small_debris():
    quiet, active = (small_debris_flux(1e-4, **{**PLACE, "solar_sfu": solar}).median for solar in (75.0, 200.0))
    assert quiet > 1.5 * active


def test_the_area_that_a_count_implies():
    area = implied_area_m2(700, COUNTS[0].duration_s, 3e-4, COUNTS[0])
    assert area.low < 1.76 < area.high
