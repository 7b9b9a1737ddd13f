"""Laws of harm, gap and information."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.decision.gap import crew_gap, stretches
from whipple.decision.harm import heat_harm_prob
from whipple.decision.look_next import LOOKS, expected_information_nat
from whipple.thermal.crew import core_rise_K

KINDS = {"a": "sporadic", "b": "debris", "c": "manufacturing", "d": "fatigue", "e": "other"}


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 7), st.floats(0, 1e7), st.floats(0, 1e7), st.data())
def test_crew_time_is_kept(crew, ready_s, interim_s, data):
    seats = data.draw(st.integers(0, crew))
    parts = stretches(crew, ready_s, interim_s, seats)
    total = sum(part.crew_count * part.duration_s for part in parts)
    rest = max(ready_s - interim_s, 0.0) if seats else 0.0
    assert total == pytest.approx(crew * ready_s - seats * rest, abs=1e-6)
    for fit in (True, False):
        gap = crew_gap(parts, fit)
        assert gap.degraded_crew_s + gap.absent_crew_s == pytest.approx(total)


@settings(max_examples=50, deadline=None)
@given(st.floats(-1, 10), st.floats(0, 5), st.floats(1, 6), st.floats(2, 20))
def test_a_warmer_body_is_never_safer(rise_K, more_K, half_K, shape):
    assert heat_harm_prob(rise_K + more_K, half_K, shape) >= heat_harm_prob(rise_K, half_K, shape)


@settings(max_examples=25, deadline=None)
@given(st.floats(290, 320), st.floats(0, 5), st.floats(0, 1), st.floats(0, 1), st.floats(600, 7200), st.floats(1, 3))
def test_hotter_damper_and_longer_is_never_cooler(air_K, more_K, humidity, more, duration_s, longer):
    low, high = sorted((humidity, more))
    least = core_rise_K(air_K, low, duration_s)
    assert core_rise_K(air_K + more_K, low, duration_s) >= least - 1e-9
    assert core_rise_K(air_K, high, duration_s) >= least - 1e-9
    assert core_rise_K(air_K, low, duration_s * longer) >= least - 1e-3


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.001, 1), min_size=5, max_size=5), st.sampled_from(LOOKS))
def test_a_look_never_adds_doubt_and_never_tells_more_than_a_bit(weights, look):
    posterior = dict(zip(KINDS, np.array(weights) / sum(weights), strict=True))
    assert 0.0 <= expected_information_nat(look, posterior, KINDS) <= np.log(2) + 1e-9


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(LOOKS), st.sampled_from(sorted(KINDS)))
def test_nothing_is_learnt_about_a_settled_cause(look, settled):
    posterior = {name: float(name == settled) for name in KINDS}
    assert expected_information_nat(look, posterior, KINDS) == pytest.approx(0.0, abs=1e-9)
