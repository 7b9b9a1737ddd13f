"""The room's answer for a whole case: verdicts, kinds, records, and missing evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.read_channels import Channel
from whipple.casefile.tables.channel import ChannelTable
from whipple.telemetry import detect, find_onset
from whipple.telemetry.changed import judge_channels
from whipple.telemetry.kinds import KINDS, SIGNS, weigh_kinds
from whipple.telemetry.loop_signal import LoopSignal

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
Make = Callable[..., LoopSignal]


def table(name: str, measures: str = "pressure", unit: str = "Pa", **more: object) -> ChannelTable:
    row = {"name": name, "file": "x.csv", "column": name, "unit": unit, "measures": measures, "source": "test"}
    return ChannelTable.model_validate(row | more)


def as_channels(loop: LoopSignal, pressures: np.ndarray | None = None) -> tuple[list[ChannelTable], list[Channel]]:
    rows = loop.pressure_Pa if pressures is None else pressures
    tables = [
        table(f"p{i}", loop="external", data_path="AB"[i % 2], resolution=2000.0, bias="1000 Pa")
        for i in range(len(rows))
    ]
    channels = [Channel(f"p{i}", loop.t_s, row, "Pa", True) for i, row in enumerate(rows)]
    if loop.temperature_K is not None:
        tables.append(table("t", "temperature", "K", loop="external", data_path="A"))
        channels.append(Channel("t", loop.t_s, loop.temperature_K, "K", True))
    return tables, channels


def test_no_channels_no_numbers_but_a_caveat() -> None:
    onset = find_onset(SimpleNamespace(channels=(), loops=()))  # type: ignore[arg-type]
    assert onset.onset_s is None
    assert [c.code for c in onset.caveats] == ["no-channels", "no-loop-graph"]


def test_no_loop_pressure_no_numbers() -> None:
    tables, channels = [table("cabin")], [Channel("cabin", np.arange(100.0), np.ones(100), "Pa", False)]
    onset = detect(tables, channels, EPOCH, {}, 30.0)
    assert onset.onset_s is None
    assert onset.loops == ()


def test_a_quiet_loop_is_said_to_be_quiet(simulated_loop: Make) -> None:
    onset = detect(*as_channels(simulated_loop(8, hole_m=0.0)), EPOCH, {}, 30.0)
    assert onset.onset_s is None
    assert "nothing-found" in [c.code for c in onset.caveats]


def test_a_leak_is_called_a_leak(simulated_loop: Make) -> None:
    onset = detect(*as_channels(simulated_loop(6)), EPOCH, {}, 30.0)
    assert max(onset.kinds, key=lambda kind: onset.kinds[kind]) == "leak"
    assert sum(onset.kinds.values()) == pytest.approx(1.0)
    assert [c.verdict for c in onset.channels] == ["changed", "changed", "changed", "unchanged"]
    assert onset.simulated
    assert "simulated" in onset.headline
    assert onset.quiet_until_s < onset.onset_s.low < onset.alarm_s


def test_the_record_covers_two_hours_before_to_the_end(simulated_loop: Make) -> None:
    loop = simulated_loop(6)
    (record,) = detect(*as_channels(loop), EPOCH, {}, 30.0).loops
    assert record.t_s.size <= 1500
    assert record.t_s[0] == pytest.approx(-367 - 7200, abs=40)
    assert record.t_s[-1] == pytest.approx(loop.t_s[-1], abs=120)
    assert np.isin(record.t_s, loop.t_s).all()
    assert record.sigma_Pa.min() >= 2000 / np.sqrt(12) / np.sqrt(3)
    assert record.bias_Pa == 0.0


def test_one_sensor_of_three_that_falls_is_a_sensor_fault(simulated_loop: Make) -> None:
    loop, leaking = simulated_loop(8, hole_m=0.0), simulated_loop(8)
    rows = loop.pressure_Pa.copy()
    rows[0] = leaking.pressure_Pa[0]
    onset = detect(*as_channels(loop, rows), EPOCH, {}, 30.0)
    assert max(onset.kinds, key=lambda kind: onset.kinds[kind]) == "sensor fault"
    assert [c.verdict for c in onset.channels][:3].count("changed") == 1


def test_a_loop_without_thermometer_says_so(simulated_loop: Make) -> None:
    tables, channels = as_channels(simulated_loop(6))
    onset = detect(tables[:3], channels[:3], EPOCH, {"external": 293.0}, 30.0)
    assert "not-compensated" in [c.code for c in onset.caveats]
    assert (onset.loops[0].temperature_K == 293.0).all()


def quiet_channel(shift: float, seed: int = 1) -> Channel:
    t_s = np.arange(-86400.0, 10000.0, 60.0)
    value = np.random.default_rng(seed).normal(5.0, 1.0, t_s.size) + shift * (t_s > 0)
    return Channel("x", t_s, value, "V", False)


@pytest.mark.parametrize(
    ("shift", "equivalence", "word"),
    [(3.0, 1.0, "changed"), (0.0, 1.0, "unchanged"), (0.0, 0.05, "too coarse to say"), (0.6, 2.0, "unchanged")],
)
def test_verdicts(shift: float, equivalence: float, word: str) -> None:
    channel = quiet_channel(shift)
    (verdict,) = judge_channels(
        [table("x", "voltage", "V", equivalence=equivalence)], [channel], Estimate(0.0, -1.0, 1.0, "s"), -600.0
    )
    assert verdict.verdict == word
    assert verdict.change.low <= shift <= verdict.change.high
    assert 0 < verdict.smallest_seen < 1.5


def test_a_change_of_the_size_that_would_have_been_seen_is_seen() -> None:
    rows = [table("x", "voltage", "V")]
    smallest = judge_channels(rows, [quiet_channel(0.0)], Estimate(0.0, -1.0, 1.0, "s"), -600.0)[0].smallest_seen
    seen = [
        judge_channels(rows, [quiet_channel(smallest, seed)], Estimate(0.0, -1.0, 1.0, "s"), -600.0)[0].verdict
        for seed in range(40)
    ]
    assert seen.count("changed") >= 30


def test_a_channel_without_samples_after_the_onset_is_not_judged() -> None:
    channel = quiet_channel(0.0)
    short = Channel("x", channel.t_s[:1000], channel.value[:1000], "V", False)
    assert judge_channels([table("x", "voltage", "V")], [short], Estimate(0.0, -1.0, 1.0, "s"), -600.0) == ()


def test_signs_on_one_data_path_speak_for_the_path() -> None:
    names = [sign.name for sign in SIGNS]
    found = weigh_kinds({names[0]: False, names[2]: False, names[3]: True})
    assert max(found, key=lambda kind: found[kind]) == "common data path"
    assert all(len(sign.shown_prob) == len(KINDS) for sign in SIGNS)


def test_a_step_that_stops_speaks_for_a_valve() -> None:
    names = [sign.name for sign in SIGNS]
    found = weigh_kinds({names[0]: True, names[1]: True, names[2]: True, names[4]: False, names[5]: False})
    assert max(found, key=lambda kind: found[kind]) == "pump or valve event"
