"""Broken thermometers through the whole watch: no false leak, true leaks still told, the same events however the stream is cut."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from whipple.telemetry.sequential import Samples, WatchedLoop, Watcher, WatchSettings
from whipple.telemetry.simulate import Leak, Plant, simulate_loop

pytestmark = pytest.mark.slow
LEARN_S, HOUR_S = 21600.0, 3600.0


@pytest.fixture(scope="module")
def study():
    folder = Path(__file__).parents[2] / "builders"
    sys.path.insert(0, str(folder))
    path = folder / "study_telemetry_thermometers.py"
    spec = importlib.util.spec_from_file_location("thermometer_study", path)
    made = importlib.util.module_from_spec(spec)
    sys.modules["thermometer_study"] = made
    spec.loader.exec_module(made)
    yield made
    sys.path.remove(str(folder))


@pytest.mark.parametrize("percent", [0.0, 1.0])
def test_every_fault_of_one_loop_makes_no_leak_and_hides_none_that_the_other_thermometer_shows(
    study, percent: float
) -> None:
    rng, onset = np.random.default_rng(971000), 86400 + 4500.0
    leak = Leak(onset, Plant().inventory_kg * percent / 100 / 3600) if percent else None
    row, faults = study.learned(971000, 1 + 3.5 / 24, leak), study.all_faults(rng)
    events = study.watch_all([(row, study.spoil(row[0].value[:5, study.LEARN :], one, rng)) for one in faults])
    for fault, told in zip(faults, events, strict=True):
        said = [t for t, one in told if one.kind == "leak"]
        doubted = [t - 86400 - 10 * fault.at for t, one in told if one.kind == "sensor fault"]
        assert not [t for t in said if not percent or t < onset], fault
        if fault.kind in ("none", "spikes"):
            assert not doubted, fault
        else:
            assert 0 < doubted[0] < 1800, fault  # offset and step within two minutes; a ramp of 5 K within ten
        if percent and (len(fault.which) < 2 or fault.kind == "spikes"):
            assert said, fault
            assert said[0] - onset < 2400.0, fault


def events_of(loop, chunk: int, saved_at: int) -> list[str]:
    """Everything the watch says, fed in chunks and killed once."""
    settings = WatchSettings(loop.channels, lateness_s=0.0, learn_s=LEARN_S, loops=(WatchedLoop("loop"),))
    watcher, out, count = Watcher(settings), [], loop.value.shape[0]
    for low in range(0, loop.t_s.size, chunk):
        part = slice(low, low + chunk)
        t_s, value = loop.t_s[part], loop.value[:, part]
        out += watcher.update(Samples(np.tile(np.arange(count), t_s.size), np.repeat(t_s, count), value.T.ravel()))
        if low <= saved_at < low + chunk:
            watcher = Watcher.from_json(watcher.to_json())
    return [event.to_json() for event in out + watcher.finish()]


def test_both_at_200_K_for_an_hour_are_told_and_nothing_depends_on_chunks_or_a_restart() -> None:
    loop, fault = simulate_loop(8.2 / 24, seed=910101), int((LEARN_S + 1800) / 10)
    loop.value[3:5, fault : fault + 360] = 200.1
    whole = events_of(loop, loop.t_s.size, -1)
    assert events_of(loop, 37, fault + 100) == whole
    kinds = [event for event in whole if '"about": "loop"' in event]
    assert not any('"kind": "leak' in event for event in kinds)
    assert sum('"kind": "sensor fault"' in event for event in kinds) == 2
    assert sum('"kind": "sensor back"' in event for event in kinds) == 2


def test_one_30_K_too_warm_does_not_hide_a_leak() -> None:
    onset, fault = LEARN_S + 3000.0, int((LEARN_S + 2000) / 10)
    leak = Leak(onset, Plant().inventory_kg * 0.01 / 3600)
    loop = simulate_loop(8.0 / 24, seed=910101, leak=leak)
    loop.value[3, fault : fault + 360] += 30.0
    events = [event for event in events_of(loop, 500, -1) if '"kind": "leak"' in event]
    assert len(events) == 1
    assert "it rests on temperature_2 alone: temperature_1 is not believed" in events[0]
