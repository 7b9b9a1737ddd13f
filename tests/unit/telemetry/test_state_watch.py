"""The state of a record: seen, held, cleared, learned anew; and records that cannot be judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.errors import EvidenceError, RangeError
from whipple.telemetry.state_watch import StateSettings, WatchedChannel, learn_state, watch_state

FLOW, SHAKE = WatchedChannel("flow", "low", 0.02), WatchedChannel("shake", "high", 0.25)


def loop(n: int = 1000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """A quiet flow of 32 and a quiet vibration of 0.2."""
    rng = np.random.default_rng(seed)
    return np.arange(float(n)), np.stack(
        [32 + 0.2 * rng.standard_normal(n), 0.2 + 0.002 * rng.standard_normal(n)], axis=1
    )


def edges(flags: np.ndarray) -> list[int]:
    return (np.flatnonzero(np.diff(flags.astype(int))) + 1).tolist()


def test_a_quiet_record_stays_quiet() -> None:
    t_s, value = loop()
    assert not watch_state(t_s, value, (FLOW, SHAKE), 400).disturbed.any()


def test_a_step_is_seen_at_once_and_cleared_a_hold_after_its_end() -> None:
    t_s, value = loop()
    value[600:800, 0] -= 3.0
    log = watch_state(t_s, value, (FLOW, SHAKE), 400)
    start, end = edges(log.disturbed)
    assert 600 <= start <= 603
    assert 830 <= end <= 845, "half the shift is gone a few samples after 800, and the alarm is held for 30 s"
    assert log.by_channel[700].tolist() == [True, False]


def test_only_the_way_that_matters_counts() -> None:
    t_s, value = loop()
    value[600:800, 0] += 3.0
    value[600:800, 1] -= 0.1
    log = watch_state(t_s, value, (FLOW, SHAKE), 400)
    assert not log.disturbed[:800].any()
    assert log.by_channel[810].all(), (
        "a harmless move that lasted is the new quiet: going back is then a fall (and a rise)"
    )
    assert watch_state(t_s, value, (replace(FLOW, concern="either"), SHAKE), 400).by_channel[700].tolist() == [
        True,
        False,
    ]


def test_a_shift_that_stays_stays_in_alarm() -> None:
    t_s, value = loop(3000)
    value[600:, 0] -= 2.0
    assert watch_state(t_s, value, (FLOW, SHAKE), 400).disturbed[605:].all(), "the reference must not learn the fault"


def test_a_fault_that_gets_smaller_but_stays_large_is_not_cleared() -> None:
    t_s, value = loop(2000)
    value[600:800, 0] -= 6.0
    value[800:, 0] -= 2.7
    assert watch_state(t_s, value, (FLOW, SHAKE), 400).disturbed[605:].all()


def test_what_is_left_of_a_large_disturbance_is_the_new_quiet() -> None:
    t_s, value = loop(2000)
    value[600:800, 1] += 1.0
    value[800:, 1] += 0.06
    log = watch_state(t_s, value, (FLOW, SHAKE), 400)
    assert log.disturbed[605:800].all()
    assert not log.disturbed[900:].any()
    value[1200:1300, 1] += 0.1
    assert watch_state(t_s, value, (FLOW, SHAKE), 400).disturbed[1205:1300].all(), (
        "a further rise counts from the new level"
    )


def test_a_slow_drift_is_followed() -> None:
    t_s, value = loop(3000)
    value[:, 0] -= 1e-3 * t_s
    assert watch_state(t_s, value, (FLOW, SHAKE), 400).disturbed.mean() < 0.01


def test_a_record_that_begins_in_a_leak_is_still_in_alarm_when_the_training_ends() -> None:
    t_s, value = loop()
    value[150:500, 0] -= 3.0
    log = watch_state(t_s, value, (FLOW, SHAKE), 400)
    assert log.healthy[0] == slice(0, 150)
    assert log.disturbed[160:500].all()
    assert not log.disturbed[560:].any()


def test_limits_are_told_in_the_unit_of_the_channel() -> None:
    t_s, value = loop()
    limit = watch_state(t_s, value, (FLOW, SHAKE), 400).limit_ratio
    assert limit.shape == (2, 2)
    assert limit[1] == pytest.approx([0.05, 0.05], rel=0.02), "a quarter of 0.2"
    assert (limit[0] >= 0.02 * 31.9).all()


def test_a_row_at_a_time_is_the_same_as_the_record() -> None:
    t_s, value = loop()
    value[600:800, 0] -= 3.0
    watch, _ = learn_state(t_s[:400], value[:400], (FLOW, SHAKE))
    live = np.array([watch.step(now, row).any() for now, row in zip(t_s, value, strict=True)])
    assert np.array_equal(live, watch_state(t_s, value, (FLOW, SHAKE), 400).disturbed)


def test_a_longer_spacing_gives_fewer_false_alarms() -> None:
    rng = np.random.default_rng(5)
    channels = [WatchedChannel(f"c{i}", "low") for i in range(40)]
    value = rng.standard_normal((400 + 3600, 40))
    often, seldom = (
        watch_state(np.arange(4000.0), value, channels, 400, StateSettings(alarm_spacing_s=s)).by_channel[400:].mean()
        for s in (1800.0, 36000.0)
    )
    assert seldom < often / 3


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"value": np.zeros((1000, 3))}, RangeError, "the shape of its values"),
        ({"t_s": np.r_[np.arange(999.0), 5.0]}, RangeError, "rising times"),
        ({"training_count": 79}, RangeError, "80 to 1000 rows"),
        ({"training_count": 1001}, RangeError, "80 to 1000 rows"),
    ],
)
def test_a_record_that_cannot_be_judged_says_why(change: dict, error: type, says: str) -> None:
    t_s, value = loop()
    with pytest.raises(error, match=says):
        watch_state(**({"t_s": t_s, "value": value, "channels": (FLOW, SHAKE), "training_count": 400} | change))


def test_missing_values_are_named() -> None:
    t_s, value = loop()
    value[700, 1] = np.nan
    with pytest.raises(EvidenceError, match="number in some rows of shake"):
        watch_state(t_s, value, (FLOW, SHAKE), 400)


def test_a_channel_of_unknown_concern_is_refused() -> None:
    with pytest.raises(RangeError, match="one of high, low, either"):
        WatchedChannel("flow", "down")
    with pytest.raises(RangeError, match="least_change_frac"):
        WatchedChannel("flow", "low", -0.1)
