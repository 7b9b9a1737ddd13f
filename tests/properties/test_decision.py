"""Laws of harm, gap and information."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.decision.gap import crew_gap, stretches
from whipple.decision.harm import half_harm_K, heat_harm_prob
from whipple.decision.look_next import LOOKS, expected_information_nat

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
@given(st.floats(280, 350), st.floats(0, 20), st.floats(300, 330), st.floats(0.5, 5))
def test_hotter_is_never_safer(peak_K, more_K, half_K, width_K):
    assert heat_harm_prob(peak_K + more_K, half_K, width_K) >= heat_harm_prob(peak_K, half_K, width_K)


@settings(max_examples=50, deadline=None)
@given(st.floats(1800, 80000), st.floats(1.0, 4.0), st.floats(0, 1), st.floats(0, 1))
def test_longer_and_more_humid_is_never_safer(duration_s, longer, humidity, more):
    half = np.array([315.0])
    assert half_harm_K(half, duration_s * longer, humidity)[0] <= half_harm_K(half, duration_s, humidity)[0]
    assert (
        half_harm_K(half, duration_s, max(humidity, more))[0] <= half_harm_K(half, duration_s, min(humidity, more))[0]
    )


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
