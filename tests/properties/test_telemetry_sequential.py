"""The same events however a stream is cut, shuffled within the lateness bound, or stopped and taken up again."""

from __future__ import annotations

import functools
import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.telemetry.sequential import Samples, WatchedChannel, WatchedLoop, Watcher, WatchSettings
from whipple.telemetry.simulate import Leak, Sensors, simulate_loop

SETTINGS = WatchSettings(
    tuple(WatchedChannel(f"c{i}") for i in range(4)),
    cadence_s=2.0,
    lateness_s=30.0,
    learn_s=200.0,
    mtbf_days=1.0,
    stale_s=20.0,
)


def record(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """600 s of four channels with 30 % of the samples gone, one long gap, a step at 400 s; in order of their time."""
    rng = np.random.default_rng(seed)
    t_s = np.repeat(np.arange(0.0, 600.0, 1.0), 4) + rng.uniform(0, 0.9, 2400)
    index = np.tile(np.arange(4), 600)
    value = rng.normal(size=2400) + 5.0 * ((t_s > 400.0) & (index == 1)) + 1e3 * (index == 2)
    kept = (rng.uniform(size=2400) > 0.3) & ~((index == 3) & (t_s > 250.0) & (t_s < 330.0))
    order = np.argsort(t_s[kept], kind="stable")
    return index[kept][order], t_s[kept][order], value[kept][order]


def log(index, t_s, value, cuts, *, restart: bool = False) -> list[str]:
    watch, out = Watcher(SETTINGS), []
    for part in np.split(np.arange(t_s.size), cuts):
        out += watch.update(Samples([f"c{i}" for i in index[part]], t_s[part], value[part]))
        if restart:
            watch = Watcher.from_json(watch.to_json())
    return [event.to_json() for event in out + watch.finish()]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 100), cuts=st.lists(st.integers(0, 1500), max_size=12), restart=st.booleans())
def test_events_do_not_depend_on_chunks_nor_on_a_restart(seed: int, cuts: list[int], restart: bool) -> None:
    index, t_s, value = record(seed)
    whole = log(index, t_s, value, [])
    assert log(index, t_s, value, sorted(cuts), restart=restart) == whole
    kinds = {line.split('"kind": "')[1].split('"')[0] for line in whole}
    assert kinds >= {"learned", "alarm", "stale", "fresh"}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 100), cuts=st.lists(st.integers(0, 1500), max_size=6))
def test_events_do_not_depend_on_the_order_within_the_bound(seed: int, cuts: list[int]) -> None:
    index, t_s, value = record(seed)
    order = np.argsort(t_s + np.random.default_rng(seed).uniform(0, 29.9, t_s.size))
    assert log(index[order], t_s[order], value[order], sorted(cuts)) == log(index, t_s, value, [])


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 100))
def test_a_sample_too_late_is_dropped_and_counted_in_any_chunking(seed: int) -> None:
    index, t_s, value = record(seed)
    order = np.argsort(t_s + np.random.default_rng(seed).uniform(0, 90.0, t_s.size))
    dropped = []
    for cuts in ([], list(range(0, t_s.size, 7))):
        watch = Watcher(SETTINGS)
        for part in np.split(order, cuts):
            watch.update(Samples(index[part], t_s[part], value[part]))
        dropped.append(watch.dropped)
    assert dropped[0] == dropped[1]
    assert dropped[0]["late"] > 0


@functools.cache
def leaking_log(cuts: tuple[int, ...], shuffled: bool, restart: bool) -> list[str]:
    """A leaking loop with 30 % of its samples gone: learned in five hours; the leak grows, then the accumulator is at its stop."""
    leak = Leak(18600.0, 6e-4, "orifice", changes=((20700.0, 2.5),))
    loop = simulate_loop(6.7 / 24, seed=8, sensors=Sensors(cadence_s=20.0), leak=leak)
    rng = np.random.default_rng(8)
    count, n = loop.value.shape
    t_s, index = np.repeat(loop.t_s, count), np.tile(np.arange(count), n)
    kept = rng.uniform(size=t_s.size) > 0.3 * (t_s > 18000.0)
    t_s, index, value = t_s[kept], index[kept], loop.value.T.ravel()[kept]
    order = np.argsort(t_s + shuffled * rng.uniform(0, 55.0, t_s.size), kind="stable")
    known = WatchedLoop("loop", pushed_frac=(0.08, 0.09, 0.1), vapour_ratio=(0.015, 0.017, 0.019))
    watch = Watcher(WatchSettings(loop.channels, cadence_s=20.0, lateness_s=60.0, learn_s=18000.0, loops=(known,)))
    out = []
    for part in np.split(order, [round(cut / 100 * order.size) for cut in cuts]):
        out += watch.update(Samples(index[part], t_s[part], value[part]))
        watch = Watcher.from_json(watch.to_json()) if restart else watch
    return [event.to_json() for event in out + watch.finish()]


def test_a_leak_is_told_the_same_in_any_chunks_order_and_after_restarts() -> None:
    whole = leaking_log((), False, False)
    told = {json.loads(line)["kind"] for line in whole}
    assert told >= {"leak", "leak update", "rate change suspected", "rate changed", "accumulator spent"}
    assert leaking_log((20, 76, 82, 87, 90, 95), False, True) == whole
    assert leaking_log((50, 77, 80, 93), True, False) == whole
