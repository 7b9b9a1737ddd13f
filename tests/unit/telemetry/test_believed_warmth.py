"""Thermometers that the leak watch does not believe leave the temperature of the record: since when, what stands in, what is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from whipple.casefile.findings.onset import WatchEvent
from whipple.casefile.read_channels import Channel
from whipple.telemetry.alarm import watch
from whipple.telemetry.believed_warmth import Warmth, believed, doubt_caveats
from whipple.telemetry.loop_signal import LoopSignal, gather_loop
from whipple.telemetry.watched_record import WatchedRecord

HOUR_S, ORBIT_S = 3600.0, 5560.0
BEGUN_S, BACK_S = -5 * HOUR_S, -4 * HOUR_S
EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
Make = Callable[..., LoopSignal]


def told(*events: tuple[float, str, int]) -> WatchedRecord:
    """The watch learned ten hours before the epoch, and said this of thermometers t1, t2."""
    words = {"sensor fault": "not believed", "sensor back": "believed again", "sensors differ": "in doubt"}
    made = [WatchEvent(t, kind, "external", f"loop external: t{i} is {words[kind]}: so") for t, kind, i in events]
    learned = WatchEvent(-10 * HOUR_S, "learned", "external", "")
    return WatchedRecord((learned, *made), {}, 20.0, 6 * HOUR_S)


FAULT_AND_BACK = [(BEGUN_S + 120.0, "sensor fault", 1), (BACK_S + 600.0, "sensor back", 1)]


def thermometers(
    loop: LoopSignal, spoil: dict[int, Callable], of: tuple[float, float] = (BEGUN_S, BACK_S)
) -> list[Channel]:
    """Two thermometers 0.2 K apart, each with its noise; `spoil` changes readings between two times."""
    rng, out = np.random.default_rng(960), []
    for i in (1, 2):
        value = loop.temperature_K + 0.2 * i + rng.normal(0, 0.1, loop.t_s.size)
        at = (loop.t_s >= of[0]) & (loop.t_s < of[1])
        value[at] = spoil[i](value[at]) if i in spoil else value[at]
        out.append(Channel(f"t{i}", loop.t_s, value, "K", True))
    return out


def both(loop: LoopSignal, channels: list[Channel], record: WatchedRecord) -> tuple[LoopSignal, Warmth]:
    """The loop with every reading taken, and with those alone that are believed."""
    pressures = [Channel(f"p{i}", loop.t_s, row, "Pa", True) for i, row in enumerate(loop.pressure_Pa)]
    taken = gather_loop("external", pressures, channels, [2000.0] * 3)
    return taken, believed(taken, channels, record, ORBIT_S)


def cold(value: np.ndarray) -> np.ndarray:
    return np.full_like(value, 200.0)


def test_a_record_without_a_fault_is_the_same_object(simulated_loop: Make) -> None:
    loop = simulated_loop(6)
    taken, warmth = both(loop, thermometers(loop, {}), told())
    assert warmth.whole is taken
    assert warmth.seen is taken
    assert doubt_caveats([warmth], told(), EPOCH) == []


def test_both_at_200_K_for_an_hour_are_bridged_and_the_onset_stays(simulated_loop: Make) -> None:
    loop = simulated_loop(6)
    record = told(*FAULT_AND_BACK, *((t + 20.0, kind, 2) for t, kind, _ in FAULT_AND_BACK))
    taken, warmth = both(loop, thermometers(loop, {1: cold, 2: cold}), record)
    assert watch(taken).alarm is not None
    assert taken.t_s[watch(taken).alarm] < BACK_S, "every reading taken: the fault is the onset"
    heard = watch(warmth.seen)
    assert warmth.seen.t_s[heard.alarm] == pytest.approx(-340.0, abs=120.0)
    assert not warmth.hides_onset(heard)
    gap = loop.t_s[warmth.blind]
    assert BEGUN_S - 1500.0 < gap[0] <= BEGUN_S
    assert gap[-1] == pytest.approx(BACK_S + 580.0)
    missed = warmth.whole.temperature_K - loop.temperature_K
    assert np.abs(missed - np.median(missed)).max() < 0.7
    codes = [one.code for one in doubt_caveats([warmth], record, EPOCH)]
    assert codes == ["thermometer-not-believed", "no-thermometer-left"]


def test_of_one_wrong_thermometer_the_other_takes_over_at_its_own_level(simulated_loop: Make) -> None:
    loop = simulated_loop(6)
    _, warmth = both(loop, thermometers(loop, {1: lambda v: v + 30.0}), told(*FAULT_AND_BACK))
    assert not warmth.blind.any()
    assert np.ptp(warmth.whole.temperature_K - loop.temperature_K) < 0.9  # noise of 0.1 K; the two lie 0.2 K apart
    (one,) = warmth.doubted
    assert (one.name, one.until_s) == ("t1", BACK_S + 600.0)
    assert BEGUN_S - 400.0 < one.from_s <= BEGUN_S
    (text,) = [c.text for c in doubt_caveats([warmth], told(*FAULT_AND_BACK), EPOCH)]
    assert "t1 from 2022-12-14 19:39:40" in text
    assert "to 2022-12-14 20:55:00 UTC" in text
    assert warmth.channels[0].value.max() < 300.0, "the channel is judged without them"


@pytest.mark.parametrize(
    ("spoil", "late_s"),
    [
        (lambda v: np.full_like(v, v[0]), 3000.0),  # stands still
        (lambda v: v + np.linspace(0.0, 4.0, v.size), 2500.0),  # drifts
    ],
)
def test_a_fault_told_late_is_left_out_from_its_beginning(simulated_loop: Make, spoil: Callable, late_s: float) -> None:
    loop = simulated_loop(6)
    record = told((BEGUN_S + late_s, "sensor fault", 1))
    _, warmth = both(loop, thermometers(loop, {1: spoil}), record)
    (one,) = warmth.doubted
    assert BEGUN_S - 1200.0 < one.from_s < BEGUN_S + 420.0  # of the drift no more than 0.4 K is taken
    assert np.isinf(one.until_s)
    assert "UTC on, to the end" in doubt_caveats([warmth], record, EPOCH)[0].text


def test_single_wild_readings_are_left_out_though_the_watch_says_nothing(simulated_loop: Make) -> None:
    loop = simulated_loop(6)
    channels = thermometers(loop, {1: cold, 2: cold}, (BEGUN_S, BEGUN_S + 60.0))
    taken, warmth = both(loop, channels, told())
    assert taken.t_s[watch(taken).alarm] < BACK_S
    assert warmth.wild_count == (3, 3)
    assert not warmth.blind.any(), "a minute is bridged"
    assert warmth.seen.t_s[watch(warmth.seen).alarm] == pytest.approx(-340.0, abs=120.0)
    (caveat,) = doubt_caveats([warmth], told(), EPOCH)
    assert "6 single readings" in caveat.text


def test_an_onset_while_no_thermometer_is_left_is_known_to_be_hidden(simulated_loop: Make) -> None:
    loop, for_good = simulated_loop(6), [(-1080.0, "sensor fault", i) for i in (1, 2)]
    channels = thermometers(loop, {1: cold, 2: cold}, (-1200.0, np.inf))
    _, warmth = both(loop, channels, told(*for_good))
    assert warmth.hides_onset(watch(warmth.seen))
    bare = watch(replace(warmth.whole, temperature_K=None))
    assert -367.0 < loop.t_s[bare.alarm] < 600.0


def test_thermometers_that_differ_are_said_to_count() -> None:
    caveats = doubt_caveats([], told((0.0, "sensors differ", 1)), EPOCH)
    assert [one.code for one in caveats] == ["thermometers-differ"]
