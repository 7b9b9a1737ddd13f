"""Single channels where nothing happens stay quiet for every kind of noise; a change is seen. The large study is study_channels.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from whipple.telemetry.sequential import Samples, WatchedChannel, Watcher, WatchSettings

pytestmark = pytest.mark.slow
CASE = Path(__file__).parents[2] / "src" / "whipple" / "cases" / "soyuz-ms22" / "channels"
ONSET_S, START_S = -367.0, -86400.0  # builders/make_ms22_channels.py


@pytest.fixture(scope="module")
def study():
    path = Path(__file__).parent / "study_channels.py"
    spec = importlib.util.spec_from_file_location("channel_study", path)
    made = importlib.util.module_from_spec(spec)
    sys.modules["channel_study"] = made
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize(
    "kind",
    [
        "white",
        "white + AR(1), 1 h",
        "white + walk 0.8 in sqrt(h)",
        "white + swing 20, 10 % a day",
        "white + swing 3 + walk 0.8, counts in 1",
    ],
)
def test_no_more_false_alarms_than_asked(study, kind: str) -> None:
    assert study.false_alarms(kind, 90100, 100, 3.0, 60.0, 24.0) <= 10  # asked: 10 in 10 channel-months


def test_steps_and_ramps_are_seen(study) -> None:
    assert np.median(study.delays_s("white", "step 5", 90200, 30, 60.0, 24.0, 2.0)) <= 240.0
    assert np.isfinite(study.delays_s("white + walk 0.8 in sqrt(h)", "step 10", 90200, 30, 60.0, 24.0, 2.0)).all()
    assert np.median(study.delays_s("white + swing 3, 10 % a day", "ramp 5/h", 90200, 30, 60.0, 24.0, 4.0)) <= 2400.0


def readings(name: str, step_s: float) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Times, values (n_row, n_channel) and names of a bundled file."""
    names = (CASE / name).read_text().split("\n", 1)[0].split(",")[1:]
    value = np.genfromtxt(CASE / name, delimiter=",", skip_header=1, usecols=range(1, len(names) + 1))
    return START_S + step_s * np.arange(value.shape[0]), value, names


def test_on_the_bundled_record_only_the_leaking_pressures_give_alarm() -> None:
    loop_s, loop, first = readings("loop_simulated.csv", 20.0)
    other_s, other, then = readings("other_simulated.csv", 60.0)
    channels = tuple(WatchedChannel(name) for name in first + then)
    index = np.concatenate(
        [
            np.tile(np.arange(len(first)), loop_s.size),
            np.tile(np.arange(len(first), len(channels)), other_s.size),
        ]
    )
    t_s = np.concatenate([np.repeat(loop_s, len(first)), np.repeat(other_s, len(then))])
    order = np.lexsort((index, t_s))
    value = np.concatenate([loop.ravel(), other.ravel()])
    watch = Watcher(WatchSettings(channels, cadence_s=20.0, lateness_s=0.0, learn_s=11 * 3600.0, stale_s=1200.0))
    events = watch.update(Samples(index[order], t_s[order], value[order])) + watch.finish()
    alarms = [event for event in events if event.kind == "alarm"]
    assert sorted(event.about for event in alarms) == [f"loop_pressure_{i}_bar" for i in (1, 2, 3)]
    assert all(0 < event.t_s - ONSET_S < 180.0 for event in alarms)
