"""The log of a watch depends on the samples, not on how they arrive."""

from __future__ import annotations

import itertools
import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.telemetry.clock import DataClock, Parcel
from whipple.telemetry.limits import Alarm, Band, Change, LimitBook, Ranges, TypeLimits, cosmos_alarm
from whipple.telemetry.limits_match import Comparison
from whipple.telemetry.watch import LiveWatch, WatchPlan

NAMES = ("mode", "p1", "p2", "t1", "word")
LATENESS_S = 4.0


def book() -> LimitBook:
    band = Ranges((Band(2, low=-1.0, high=1.0), Band(4, low=-2.0, high=2.0)))
    tight = Alarm(
        static=Ranges((Band(5, low=-0.2, high=0.2),)), context=Comparison("mode", ">=", "1"), min_violations=2
    )
    return LimitBook.plain(
        {
            "p1": TypeLimits(default=cosmos_alarm(-2.0, -1.0, 1.0, 2.0, 2)),
            "p2": TypeLimits(default=Alarm(static=band, min_violations=2, min_conformance=3), contexts=(tight,)),
            "t1": TypeLimits(default=Alarm(change=Change(Ranges((Band(3, high=0.4),)), span_s=2.0))),
            "word": TypeLimits("String", default=Alarm(patterns=(("BA.*", 4),))),
        }
    )


def record(seed: int, gap_frac: float = 0.3, length: int = 240) -> Parcel:
    rng = np.random.default_rng(seed)
    t_s = np.repeat(np.arange(length, dtype=float), len(NAMES)) + 1000.0
    index = np.tile(np.arange(len(NAMES)), length)
    t_s = t_s + np.where(index == 2, 0.25, np.where(index == 3, 0.5, 0.0))  # each channel has its own clock
    drift = np.where(t_s > 1180, (t_s - 1180) * 0.05, 0.0)
    value = rng.standard_normal(t_s.size) * 0.5 + drift
    value = np.where(index == 0, np.floor((t_s - 1000) / 60) % 2, value)
    value[rng.random(t_s.size) < 0.02] = np.nan
    kept = rng.random(t_s.size) > gap_frac
    kept &= ~((index == 1) & (t_s > 1100) & (t_s < 1140))  # one channel falls silent
    index, t_s, value = index[kept], t_s[kept], value[kept]
    text = {int(i): str(rng.choice(["OK", "BAD"])) for i in np.flatnonzero(index == 4)}
    value[list(text)] = 0.0
    return Parcel(NAMES, index, t_s, value, text)


def plan(**changed: float) -> WatchPlan:
    return WatchPlan(
        **{"lateness_s": LATENESS_S, "discover_s": 20.0, "stale_s": 15.0, "learn_s": 60.0, "mtbf_days": 0.01, **changed}
    )


def taken(whole: Parcel, order: np.ndarray) -> Parcel:
    text = {new: whole.text[old] for new, old in enumerate(order.tolist()) if old in whole.text}
    return Parcel(NAMES, whole.index[order], whole.t_s[order], whole.value[order], text)


def log_of(watch: LiveWatch, whole: Parcel, cuts: list[int], restart_at: set[int] = frozenset()) -> list[str]:
    edges = [0, *sorted(cuts), whole.t_s.size]
    out = []
    for number, (low, high) in enumerate(itertools.pairwise(edges)):
        out += watch.put(taken(whole, np.arange(low, high)))
        if number in restart_at:
            state = json.loads(json.dumps(watch.to_plain()))
            watch = LiveWatch(watch.plan, watch.book)
            watch.restore(state)
    return [event.to_json() for event in out + watch.finish()]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_the_log_is_the_same_for_any_cut_any_order_within_the_lateness_and_any_restart(
    seed: int, data: st.DataObject
) -> None:
    whole = record(seed)
    offline = log_of(LiveWatch(plan(), book()), whole, [])
    assert len(offline) > 3, "the record has something to tell"
    assert [json.loads(line)["number"] for line in offline] == list(range(len(offline)))
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    late = whole.t_s + rng.uniform(0, LATENESS_S, whole.t_s.size)
    shuffled = taken(whole, np.argsort(late, kind="stable"))
    cuts = data.draw(st.lists(st.integers(0, whole.t_s.size), max_size=12))
    restarts = set(data.draw(st.lists(st.integers(0, len(cuts)), max_size=3)))
    watch = LiveWatch(plan(), book())
    assert log_of(watch, shuffled, cuts, restarts) == offline


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 100), st.floats(-5, 5)), max_size=60), st.integers(0, 60))
def test_every_sample_leaves_the_clock_once_or_is_refused(rows: list[tuple[int, float, float]], cut: int) -> None:
    clock = DataClock(1.0, 10.0)
    index, t_s, value = (
        np.array([row[i] for row in rows], kind) for i, kind in ((0, np.int64), (1, float), (2, float))
    )
    word, rank = np.full(len(rows), -1, np.int64), np.arange(4)
    refused, out = 0, []
    for part in (slice(0, cut), slice(cut, None)):
        found = clock.put(index[part], t_s[part], value[part], word[part])
        refused += sum(places.size for places, _, _ in found.values())
        out += list(clock.release(rank, []))
    out += list(clock.release(rank, [], np.inf))
    left = np.concatenate([block.t_s for block in out]) if out else np.zeros(0)
    assert np.all(np.diff(left) >= 0)
    repeats = len(rows) - refused - left.size
    assert 0 <= repeats <= len(rows) - len({(i, t) for i, t, _ in rows})


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_one_wild_time_stamp_does_not_make_the_others_late(seed: int, cut: int) -> None:
    whole = record(seed, length=90)
    wild = whole.t_s.copy()
    wild[whole.t_s.size // 2] += 1e9
    broken = Parcel(NAMES, whole.index, wild, whole.value, whole.text)
    watch = LiveWatch(plan(jump_s=3600.0), book())
    log_of(watch, broken, list(range(0, whole.t_s.size, 7 * cut)))
    assert sum(count for key, count in watch.refused.items() if key.startswith("jumped")) <= 1
    assert not any(key.startswith("late") for key in watch.refused)
    assert watch.now_s < 1e6
