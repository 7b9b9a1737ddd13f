"""Announcements: one for a step, several for a ramp, none for quiet; both ways; never more often than told."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.telemetry.level_change import AnnouncementSettings, announce_changes, learn_announcer
from whipple.telemetry.state_watch import WatchedChannel

FLOW, SHAKE = WatchedChannel("flow", "low", 0.02), WatchedChannel("shake", "high", 0.25)
CALM = AnnouncementSettings(alarm_spacing_s=36000.0)


def loop(n: int = 1000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.arange(float(n)), np.stack(
        [32 + 0.1 * rng.standard_normal(n), 0.2 + 0.002 * rng.standard_normal(n)], axis=1
    )


def test_quiet_rows_and_constant_ones_say_nothing() -> None:
    t_s, value = loop()
    assert announce_changes(t_s, value, (FLOW, SHAKE), 400, CALM) == ()
    assert announce_changes(t_s, np.full((1000, 1), 5.0), (FLOW,), 400) == ()


def test_a_step_is_announced_once_with_its_sign_and_so_is_the_return() -> None:
    t_s, value = loop()
    value[600:800, 0] -= 3.0
    down, up = announce_changes(t_s, value, (FLOW, SHAKE), 400, CALM)
    assert (down.channel, up.channel) == ("flow", "flow")
    assert 600 <= down.t_s <= 602
    assert 800 <= up.t_s <= 802
    assert -3.2 < down.size_ratio < -0.3 < 0.3 < up.size_ratio < 3.2


def test_the_channel_that_moved_is_named() -> None:
    t_s, value = loop()
    value[600:, 1] += 0.2
    assert [change.channel for change in announce_changes(t_s, value, (FLOW, SHAKE), 400, CALM)] == ["shake"]


def test_a_ramp_is_announced_again_while_it_lasts_and_no_more_often_than_told() -> None:
    t_s, value = loop(1200)
    value[600:, 0] -= 0.03 * np.minimum(np.arange(600.0), 200)
    said = np.array([change.t_s for change in announce_changes(t_s, value, (FLOW, SHAKE), 400, CALM)])
    assert said.size >= 3
    assert said.min() > 600
    assert said.max() < 850
    assert np.diff(said).min() >= CALM.gap_s


def test_a_row_at_a_time_is_the_same_as_the_record() -> None:
    t_s, value = loop()
    value[600:800, 0] -= 3.0
    announcer = learn_announcer(t_s[:400], value[:400], (FLOW, SHAKE), CALM)
    live = [announcer.step(now, row) for now, row in zip(t_s, value, strict=True)]
    assert tuple(c for c in live[400:] if c) == announce_changes(t_s, value, (FLOW, SHAKE), 400, CALM)


def test_too_few_training_rows_are_refused() -> None:
    t_s, value = loop()
    with pytest.raises(RangeError, match="training_count = 20"):
        announce_changes(t_s, value, (FLOW, SHAKE), 20)
