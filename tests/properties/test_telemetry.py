"""Laws that telemetry must obey."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.telemetry.alarm import cusum
from whipple.telemetry.kinds import SIGNS, weigh_kinds
from whipple.telemetry.models.page_1954 import average_run_length
from whipple.telemetry.noise import Noise
from whipple.telemetry.shapes import SHAPES, open_time_s

RATE = st.floats(1e-3, 1e4)


@settings(max_examples=30, deadline=None)
@given(rate=RATE, level=st.floats(1e3, 1e6), shape=st.sampled_from(SHAPES))
def test_a_leaking_pressure_falls_and_never_below_nothing(rate: float, level: float, shape) -> None:
    fall = shape.fall_Pa(np.linspace(0.0, 1e5, 300), np.array(rate), level)
    assert fall[0] == 0
    assert (np.diff(fall) >= -1e-9 * level).all()
    assert (fall <= level * (1 + 1e-12)).all()


@settings(max_examples=30, deadline=None)
@given(rate=RATE, shape=st.sampled_from(SHAPES))
def test_every_law_starts_at_its_rate(rate: float, shape) -> None:
    short = 1e-5 * 3e5 / rate
    assert np.isclose(float(shape.fall_Pa(np.array(short), np.array(rate), 3e5)), rate * short, rtol=1e-4)


@settings(max_examples=30, deadline=None)
@given(opening=st.floats(0.0, 1e4), since=st.floats(-1e3, 1e5))
def test_a_hole_that_grows_lags_by_at_most_half_its_opening(opening: float, since: float) -> None:
    elapsed = float(open_time_s(np.array([since]), opening)[0])
    assert max(0.0, since - opening / 2) - 1e-6 <= elapsed + 1e-9 * abs(since)
    assert elapsed <= max(0.0, since)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), k=st.floats(0.1, 2.0))
def test_the_sum_of_a_mirrored_signal_is_mirrored(seed: int, k: float) -> None:
    z = np.random.default_rng(seed).normal(size=60)
    up, down = cusum(z, k)
    assert np.array_equal(cusum(-z, k)[0], down)
    assert (up >= 0).all()


@settings(max_examples=15, deadline=None)
@given(k=st.floats(0.1, 1.0), h=st.floats(1.0, 8.0))
def test_a_higher_limit_waits_longer_and_two_arms_alarm_sooner(k: float, h: float) -> None:
    assert average_run_length(k, h + 0.5) > average_run_length(k, h)
    assert average_run_length(k, h, sides=2) < average_run_length(k, h)


@settings(max_examples=30, deadline=None)
@given(white=st.floats(0.0, 10.0), slow=st.floats(0.1, 10.0), memory=st.floats(1.0, 1e5))
def test_a_covariance_is_one(white: float, slow: float, memory: float) -> None:
    matrix = Noise(white, slow, memory).covariance_Pa2(np.arange(0.0, 200.0, 10.0), np.ones(20))
    assert np.allclose(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > -1e-9 * matrix.max()


@settings(max_examples=40, deadline=None)
@given(signs=st.dictionaries(st.sampled_from([sign.name for sign in SIGNS]), st.booleans()))
def test_kinds_are_probabilities(signs: dict[str, bool]) -> None:
    found = weigh_kinds(signs)
    assert abs(sum(found.values()) - 1) < 1e-12
    assert min(found.values()) > 0
