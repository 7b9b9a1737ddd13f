"""Laws of the state and of the announcements: causal, blind to units, origin of time and direction's name; channels do not disturb each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.telemetry.level_change import announce_changes
from whipple.telemetry.state_watch import WatchedChannel, watch_state

LOW, HIGH, EITHER = (WatchedChannel("a", concern) for concern in ("low", "high", "either"))
few = settings(max_examples=8, deadline=None)


@st.composite
def records(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Correlated noise with a step or two, uneven seconds (400, ), two channels."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    t_s = np.cumsum(rng.choice([1.0, 2.0], 400, p=[0.9, 0.1]))
    value = 20.0 + np.cumsum(0.02 * rng.standard_normal((400, 2)), 0) + 0.3 * rng.standard_normal((400, 2))
    start = draw(st.integers(170, 300))
    value[start : start + draw(st.integers(5, 120)), 0] += draw(st.floats(-4, 4))
    return t_s, value


@few
@given(records(), st.integers(160, 399))
def test_what_comes_later_changes_nothing_said(record: tuple[np.ndarray, np.ndarray], cut: int) -> None:
    t_s, value = record
    whole, part = (watch_state(t_s[:n], value[:n], (LOW, EITHER), 150) for n in (400, cut))
    assert np.array_equal(whole.by_channel[:cut], part.by_channel)
    said, sooner = (announce_changes(t_s[:n], value[:n], (LOW, EITHER), 150) for n in (400, cut))
    assert tuple(c for c in said if c.t_s <= t_s[cut - 1]) == sooner


@few
@given(records(), st.sampled_from([1e-3, 0.25, 8.0, 1024.0]), st.floats(-1e6, 1e6))
def test_units_and_the_origin_of_time_do_not_matter(
    record: tuple[np.ndarray, np.ndarray], factor: float, origin_s: float
) -> None:
    t_s, value = record
    channels = (WatchedChannel("a", "low", 0.01), WatchedChannel("b", "either", 0.02))
    here, there = (
        watch_state(t_s, value, channels, 150),
        watch_state(np.round(t_s + round(origin_s)), factor * value, channels, 150),
    )
    assert np.array_equal(here.by_channel, there.by_channel)
    assert np.allclose(factor * here.limit_ratio, there.limit_ratio)


@few
@given(records())
def test_low_upside_down_is_high(record: tuple[np.ndarray, np.ndarray]) -> None:
    t_s, value = record
    low, high = (watch_state(t_s, s * value, (c, c), 150) for s, c in ((1.0, LOW), (-1.0, HIGH)))
    assert np.array_equal(low.by_channel, high.by_channel)


@few
@given(records())
def test_a_channel_is_judged_the_same_alone_and_in_company(record: tuple[np.ndarray, np.ndarray]) -> None:
    t_s, value = record
    both, alone = watch_state(t_s, value, (LOW, HIGH), 150), watch_state(t_s, value[:, :1], (LOW,), 150)
    assert np.array_equal(both.by_channel[:, :1], alone.by_channel)
    assert (both.disturbed >= alone.disturbed).all()
