"""Laws of outbursts: they fall away from their peak, means over steps add up, heavier limits count fewer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.environment.models.outburst_years import OUTBURSTS, excess_zhr_per_h, slope_per_h
from whipple.environment.outbursts import outburst_level

ONE = st.sampled_from(OUTBURSTS)


@settings(max_examples=30, deadline=None)
@given(one=ONE, t_h=st.floats(0.0, 20.0), more_h=st.floats(0.01, 5.0))
def test_the_rate_falls_on_both_sides_alike(one, t_h, more_h):
    near, far, mirrored = excess_zhr_per_h(one, [t_h, t_h + more_h, -t_h])
    assert far < near == pytest.approx(mirrored)
    assert near / far == pytest.approx(10 ** (slope_per_h(one) * more_h), rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(one=ONE, start_h=st.floats(-5.0, 5.0), step_h=st.floats(0.05, 24.0), parts=st.integers(2, 9))
def test_the_mean_over_a_step_is_the_mean_of_its_parts(one, start_h, step_h, parts):
    whole = excess_zhr_per_h(one, [start_h], step_h)[0]
    middles = start_h + step_h * ((np.arange(parts) + 0.5) / parts - 0.5)
    assert excess_zhr_per_h(one, middles, step_h / parts).mean() == pytest.approx(whole, rel=1e-9, abs=1e-9)
    assert 0 < whole <= excess_zhr_per_h(one, [0.0])[0] * (1 + 1e-9)


@settings(max_examples=20, deadline=None)
@given(one=ONE, light=st.floats(-11.0, -4.0), more=st.floats(0.1, 3.0), scale=st.floats(0.1, 10.0))
def test_heavier_limits_count_fewer_and_the_flux_goes_with_the_rate(one, light, more, scale):
    mass = [10**light, 10 ** (light + more)]
    flux, factor = outburst_level(one, [100.0, 100.0 * scale], mass)
    assert flux[0, 1] < flux[0, 0]
    assert (flux[1] / flux[0]) == pytest.approx(scale)
    assert (factor >= 3.0).all()
