"""Laws of the shower forecast: activity peaks where listed, focusing and occultation bound the beam, limits order the flux."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.environment.forecast import Limits, forecast_showers
from whipple.environment.forecast_orbit import orbit_of_shape
from whipple.environment.models.moorhead_activity import SHOWERS, zhr_history_per_h, zhr_per_h

START = datetime(2022, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize("shower", SHOWERS, ids=lambda one: one.code)
def test_activity_is_highest_at_the_listed_maximum_and_zero_outside(shower):
    longitude = np.radians(np.arange(0.0, 360.0, 0.05))
    history = zhr_history_per_h(shower, longitude)
    assert history.max() <= shower.peak_zhr * 1.0001
    inside = history > 0
    assert inside.mean() == pytest.approx((shower.end - shower.begin) / 360.0, abs=1e-3)
    assert zhr_per_h(shower, float(longitude[100])) == history[100]


@settings(max_examples=15, deadline=None)
@given(
    altitude=st.floats(250e3, 2000e3),
    tilt=st.floats(0.0, np.pi),
    node=st.floats(0.0, 2 * np.pi),
    hours=st.integers(1, 48),
)
def test_a_stream_is_seen_and_focused_within_bounds(altitude, tilt, node, hours):
    limits = Limits("mass", np.array([1e-9, 1e-8]))
    found = forecast_showers(orbit_of_shape(altitude, tilt, START, node), START, hours, step_h=6.0, limits=limits)
    far = forecast_showers(orbit_of_shape(50_000e3, tilt, START, node), START, hours, step_h=6.0, limits=limits)
    for row, open_sky in zip(found.showers, far.showers, strict=True):
        active = row.zhr_per_h > 0
        assert (row.seen_frac[active] >= 0.45).all()
        assert (row.seen_frac <= 1.0).all()
        ratio = row.flux_per_m2_s[active] / open_sky.flux_per_m2_s[active]
        assert (ratio < 2.0).all(), "focusing and the vehicle's motion stay below 2 for streams above 20 km/s"
        assert (ratio > 0.25).all()
        slope = np.diff(np.log(row.flux_per_m2_s[active]), axis=1) / np.log(10.0)
        assert (slope < -0.5).all()
