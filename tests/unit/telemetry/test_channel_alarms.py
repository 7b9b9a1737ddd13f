"""Alarms of single channels: what is learned of a quiet channel, what counts as a change, and what is not promised."""

from __future__ import annotations

import json

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.telemetry import channel_watch
from whipple.telemetry.channel_quiet import QuietRows, learn_quiet, tail_ratio, walk_bound
from whipple.telemetry.channel_watch import ChannelPlan, ChannelWatch
from whipple.telemetry.sequential import Samples, WatchedChannel, Watcher, WatchSettings

ORBIT_S, STEP_S = 5560.0, 60.0
TURN_RAD = 2 * np.pi * STEP_S / ORBIT_S


def moves(value: np.ndarray, quiet_count: int, resolution: float = 0.0, learn_s: float | None = None) -> list:
    """What is said of channels (n_step, n_channel) at one reading a minute."""
    count = value.shape[1]
    plan = ChannelPlan(STEP_S, quiet_count * STEP_S if learn_s is None else learn_s, 30.0, ORBIT_S)
    watch, every = ChannelWatch(plan, [resolution] * count), np.arange(count)
    for i in range(quiet_count):
        watch.learn(i, every, value[i])
    watch.settle()
    return [one for i in range(quiet_count, value.shape[0]) for one in watch.step(i, every, value[i])]


def test_the_bound_on_the_walk_holds_for_nineteen_in_twenty_channels() -> None:
    rng = np.random.default_rng(4)
    for per_step in (0.003, 0.05, 0.5):
        value = rng.normal(size=(800, 60)) + np.cumsum(rng.normal(size=(800, 60)), axis=0) * per_step
        bound, variance, _ = walk_bound(np.arange(800.0), value, np.ones(60))
        assert np.mean(bound >= per_step**2) > 0.85  # binomial: fewer than 51 of 60 at 95 % has a chance of 0.002
        assert np.median(bound * variance) < max(6 * per_step**2, (25 / 800) ** 2)


def test_a_gap_in_the_quiet_stretch_changes_little() -> None:
    rng = np.random.default_rng(5)
    value = rng.normal(size=(900, 8)) + np.cumsum(rng.normal(size=(900, 8)), axis=0) * 0.05
    thin = np.where(rng.uniform(size=value.shape) < 0.3, np.nan, value)
    bound = [walk_bound(np.arange(900.0), one, np.ones(8))[0] for one in (value, thin)]
    assert np.median(bound[1] / bound[0]) == pytest.approx(1.0, abs=0.5)


def test_a_swing_is_learned_and_followed() -> None:
    step, phase = np.arange(1440.0), np.random.default_rng(6).uniform(0, 6, 5)
    value = 7.0 * np.cos(TURN_RAD * step[:, None] + phase) + np.random.default_rng(7).normal(0, 0.5, (1440, 5))
    learned, innovation, rest = learn_quiet(QuietRows(step, value, np.ones_like(value)), np.zeros(5), TURN_RAD)
    assert np.abs(learned.swing_ratio[0]) == pytest.approx(7.0, rel=0.03)
    assert np.angle(learned.swing_ratio[0] * np.exp(-1j * phase)) == pytest.approx(0.0, abs=0.05)
    assert learned.white_ratio == pytest.approx(0.5, rel=0.1)
    assert np.nanstd(innovation[500:]) == pytest.approx(1.0, rel=0.1)
    assert np.nanstd(rest[500:]) == pytest.approx(0.5, rel=0.1)


def test_a_step_is_told_with_its_side_and_that_it_did_not_come_back() -> None:
    value = np.random.default_rng(8).normal(size=(1900, 3))
    value[900:, 1] += 5.0
    value[900:1000, 2] -= 5.0
    said = [(one.channel_count, one.side, one.is_back) for one in moves(value, 800)]
    assert said[:2] == [(1, 1, False), (2, -1, False)]
    assert (1, 0, False) in said, "steady again at another level"
    assert (0, 1, True) not in said
    assert not [one for one in said if one[0] == 0]


def test_the_delay_of_a_step_is_a_few_readings() -> None:
    value = np.random.default_rng(9).normal(size=(960, 40))
    value[900:] += 5.0
    told = moves(value, 800)
    assert len(told) == 40
    assert np.median([one.t_s / STEP_S - 900 for one in told]) <= 4


def test_one_wild_reading_alone_never_gives_alarm() -> None:
    value = np.random.default_rng(10).normal(size=(1200, 4))
    value[[900, 1000], :] = [[1e3], [-1e6]]
    assert moves(value, 800) == []


@pytest.mark.parametrize(("codes", "expected"), [(1.0, 0), (3.0, 4)])
def test_a_coarse_channel_that_stood_still_may_move_by_one_code(codes: float, expected: int) -> None:
    value = np.full((1000, 4), 10.0)
    value[900:] += codes
    assert len(moves(value, 800, resolution=1.0)) == expected


def test_a_still_channel_of_unknown_step_is_not_judged() -> None:
    watch = ChannelWatch(ChannelPlan(1.0, 60.0, 30.0, 0.0), [0.0])
    for i in range(60):
        watch.learn(i, np.arange(1), np.array([4.0]))
    watch.settle()
    assert not watch.ready.any()
    assert watch.step(61, np.arange(1), np.array([9.0])) == []


def test_nothing_heard_while_quiet_leaves_nothing_judged() -> None:
    watch = ChannelWatch(ChannelPlan(1.0, 60.0, 30.0, ORBIT_S), [0.0, 1.0])
    watch.settle()
    assert not watch.ready.any()
    assert watch.step(61, np.arange(2), np.array([9.0, 9.0])) == []


def test_rare_readings_far_out_are_seen_as_such() -> None:
    rng = np.random.default_rng(11)
    assert tail_ratio(rng.standard_t(3, size=(3000, 1)))[0] > 1.3
    assert tail_ratio(rng.normal(size=(3000, 1)))[0] < 1.15


@pytest.mark.parametrize(("hours", "doubted"), [(13.0, False), (6.0, True)])
def test_a_short_quiet_stretch_says_what_it_cannot_promise(hours: float, doubted: bool) -> None:
    count = round(hours * 60)
    value = np.random.default_rng(12).normal(size=(count + 100, 1))
    value[count + 50 :] += 8.0
    watch = Watcher(WatchSettings((WatchedChannel("p"),), cadence_s=STEP_S, lateness_s=0.0, learn_s=hours * 3600.0))
    t_s = 1e9 + STEP_S * np.arange(value.shape[0])
    events = watch.update(Samples(["p"] * t_s.size, t_s, value[:, 0])) + watch.finish()
    learned, alarm = events[0], next(one for one in events if one.kind == "alarm")
    assert ("more often than one in 30 days" in learned.text) == doubted
    assert learned.values == {"channels_count": 1.0, "promised_count": 0.0 if doubted else 1.0}
    assert ("too little to promise" in alarm.text) == doubted
    assert alarm.text.startswith("p is higher than its quiet behaviour explains")


@pytest.mark.parametrize("most_steps", [4096, 200])
def test_a_restart_at_any_step_changes_nothing_also_when_steps_are_averaged(
    most_steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_watch, "_MOST_STEPS", most_steps)
    rng, quiet = np.random.default_rng(13), 500
    plan, rows = ChannelPlan(1.0, float(quiet), 1.0, ORBIT_S), rng.normal(size=(quiet + 300, 3))
    assert plan.steps_at_once(3) == (1 if most_steps > quiet else 3)
    rows[-150:, 1] += 6.0
    heard = [np.flatnonzero(rng.uniform(size=3) < 0.8) for _ in rows]
    logs = []
    for cuts in (set(), {7, quiet - 1, quiet, quiet + 1, quiet + 151, quiet + 152, quiet + 155}):
        watch, log = ChannelWatch(plan, [0.0] * 3), []
        for i, (row, index) in enumerate(zip(rows, heard, strict=True)):
            if i in cuts:
                state = json.loads(json.dumps(watch.to_plain()))
                watch = ChannelWatch(plan, [0.0] * 3)
                watch.restore(state)
            if i < quiet:
                watch.learn(i, index, row[index])
            else:
                log += watch.step(i, index, row[index])
            if i == quiet - 1:
                watch.settle()
        logs.append(log)
    assert logs[0] == logs[1]
    assert [one.channel_count for one in logs[0]] == [1]


def test_a_revolution_below_zero_is_refused() -> None:
    with pytest.raises(RangeError, match="orbit_s"):
        WatchSettings((WatchedChannel("p"),), orbit_s=-1.0)


def test_the_swing_is_followed_whichever_step_of_the_clock_the_readings_fall_on() -> None:
    rng, found = np.random.default_rng(930002), []
    t_s = np.arange(0.0, 86400.0, 60.0)
    value = 3 * np.sin(2 * np.pi * t_s / ORBIT_S) + rng.normal(size=t_s.size)
    for phase_s in (0.0, 10.0):  # even and odd steps: the swing is moved every other step of this clock
        watch = Watcher(WatchSettings((WatchedChannel("p"),), cadence_s=10.0, lateness_s=0.0, learn_s=40000.0))
        watch.update(Samples(["p"] * t_s.size, t_s + phase_s, value))
        made = watch._single._layers[0].filter
        found.append(abs(made.swing_ratio[0, 0]))
        assert made.pull_ratio[0] == 0.0
    assert found[0] == pytest.approx(found[1], rel=0.05) == pytest.approx(3.0, abs=0.5)


def test_garbage_in_the_quiet_stretch_overflows_nothing() -> None:
    value = np.random.default_rng(930003).normal(size=(300, 1))
    for garbage in (1e40, 1e300):
        value[50] = garbage
        assert moves(value, 200) == []


def excursion(size: float, hours: float, *, stays: bool = False) -> np.ndarray:
    """Ten channels that swing and scatter by 1, one of every two off by `size` for some hours, 5 h after a day of learning."""
    t_s, rng = STEP_S * np.arange(33 * 60), np.random.default_rng(997000)
    value = 3 * np.sin(2 * np.pi * t_s / ORBIT_S)[:, None] + rng.normal(size=(t_s.size, 10))
    off = (t_s >= 29 * 3600) & ((t_s < (29 + hours) * 3600) | stays)
    value[off, ::2] += size
    return value


@pytest.mark.parametrize(("size", "hours"), [(-900.0, 1.0), (40.0, 2.0), (6.0, 1.0)])
def test_an_alarm_ends_soon_after_the_readings_are_back(size: float, hours: float) -> None:
    said = moves(excursion(size, hours), 24 * 60)
    ends = [one.t_s / STEP_S - (29 + hours) * 60 for one in said if not one.side]
    assert sorted(one.channel_count for one in said if one.side) == [0, 2, 4, 6, 8], "each once"
    assert len(ends) == 5
    assert max(ends) <= 36.0  # a quarter of an hour, and ten minutes for each mean that is off by chance
    assert np.median(ends) <= 16.0
    assert all(one.is_back for one in said if not one.side)


def test_an_alarm_whose_readings_stay_away_is_not_ended_as_back() -> None:
    said = moves(excursion(6.0, 1.0, stays=True), 24 * 60)
    assert sorted(one.channel_count for one in said if one.side) == [0, 2, 4, 6, 8]
    assert not [one for one in said if one.is_back]


def test_a_restart_while_a_channel_comes_back_changes_nothing() -> None:
    value, quiet, logs = excursion(-900.0, 1.0)[: 32 * 60, :3], 24 * 60, []
    plan, every = ChannelPlan(STEP_S, quiet * STEP_S, 30.0, ORBIT_S), np.arange(3)
    for cuts in (set(), {29 * 60 + 30, 30 * 60 + 8, 30 * 60 + 14}):
        watch, log = ChannelWatch(plan, [0.0] * 3), []
        for i, row in enumerate(value):
            if i in cuts:
                state = json.loads(json.dumps(watch.to_plain()))
                watch = ChannelWatch(plan, [0.0] * 3)
                watch.restore(state)
            if i < quiet:
                watch.learn(i, every, row)
            else:
                log += watch.step(i, every, row)
            if i == quiet - 1:
                watch.settle()
        logs.append(log)
    assert logs[0] == logs[1]
    assert [one.side for one in logs[0]] == [-1, -1, 0, 0]


@pytest.mark.parametrize(("heard_by_quick_pace", "far_at", "back_at"), [(1.0, -1, 14), (0.0, -1, -1), (0.0, 4, 19)])
def test_an_alarm_of_the_slow_pace_alone_waits_for_a_reading_far_off(
    heard_by_quick_pace: float, far_at: int, back_at: int
) -> None:
    value, every = np.random.default_rng(997001).normal(size=(900, 1)), np.arange(1)
    watch = ChannelWatch(ChannelPlan(STEP_S, 800 * STEP_S, 30.0, ORBIT_S), [0.0])
    for i in range(800):
        watch.learn(i, every, value[i])
    watch.settle()
    watch._layers[0].sums.alarmed[0] = heard_by_quick_pace
    watch._back.alarmed(800, 0, watch._layers[0].filter.level_ratio[0])
    value[801:] = 0.5 * (-1.0) ** np.arange(99)[:, None]
    if far_at >= 0:
        value[801 + far_at] = 20.0
    found = [i for i in range(60) if watch._back.step(801 + i, every, value[801 + i])[0]]
    assert (found[0] if found else -1) == back_at
