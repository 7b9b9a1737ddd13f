"""After "leak": the rate followed, a change announced with its intervals, the end of the accumulator noticed, the time that is left."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.telemetry.emptying import until_lost_s
from whipple.telemetry.gas_law import GasLaw, LoopFacts, lagged_K
from whipple.telemetry.leak_window import Window, leaking_Pa
from whipple.telemetry.rate_bend import bend_at, date_bend, find_bend, over_other_nat
from whipple.telemetry.rate_forecast import Grown, Reserve, forecast
from whipple.telemetry.rate_lines import Straight, grown_ratio, lost_ratio, straight_lines
from whipple.telemetry.rate_rows import KEPT, KeptRows
from whipple.telemetry.sequential import Samples, WatchedLoop, Watcher, WatchSettings
from whipple.telemetry.simulate import Leak, Plant, Sensors, simulate_loop

HOUR_S = 3600.0
LEARN_S = 6 * HOUR_S
RATE_KG_S = Plant().inventory_kg * 0.03 / HOUR_S
LOOP = WatchedLoop("loop", pushed_frac=(0.08, 0.0909, 0.1033), vapour_ratio=(0.0142, 0.0167, 0.0196))
FACTS = LoopFacts(cadence_s=30.0)


def heard(hours: float, *, loop=LOOP, seed: int = 5, **leak):
    """The loop's events, of a 3 %/h orifice half an hour after six hours of learning, in steps of 30 s."""
    sensors = Sensors(cadence_s=30.0)
    made = simulate_loop(
        hours / 24, seed=seed, sensors=sensors, leak=Leak(LEARN_S + HOUR_S / 2, RATE_KG_S, "orifice", **leak)
    )
    watcher = Watcher(WatchSettings(made.channels, cadence_s=30.0, lateness_s=0.0, learn_s=LEARN_S, loops=(loop,)))
    count, n = made.value.shape
    events = watcher.update(Samples(np.tile(np.arange(count), n), np.repeat(made.t_s, count), made.value.T.ravel()))
    return made, [event for event in events if event.about == "loop"]


def one(events, kind: str):
    return next(event for event in events if event.kind == kind)


def test_a_leak_that_doubles_is_said_again_and_the_end_of_the_accumulator_too() -> None:
    when = LEARN_S + 1.5 * HOUR_S
    made, events = heard(10.0, changes=((when, 2.0),))
    kinds = [event.kind for event in events if event.kind != "leak update"]
    assert kinds == ["learned", "leak suspected", "leak", "rate change suspected", "rate changed", "accumulator spent"]
    said, spent = one(events, "rate changed"), one(events, "accumulator spent")
    assert 0 < one(events, "rate change suspected").t_s - when < 1200.0
    assert abs(said.values["at_s"] - when) < 300.0
    assert said.values["at_low_s"] < said.values["at_s"] < said.values["at_high_s"]
    assert said.values["to_percent_h"] / said.values["from_percent_h"] == pytest.approx(2.0, rel=0.2)
    true_s = made.t_s[np.argmax(made.true_Pa < 1e5)]
    assert abs(spent.values["at_s"] - true_s) <= 60.0
    gone = 100 * np.interp(spent.values["at_s"], made.t_s, made.lost_kg) / Plant().inventory_kg
    assert spent.values["gone_percent"] == pytest.approx(gone, rel=0.05)


def test_a_leak_that_stops_is_said_to_have_stopped() -> None:
    when = LEARN_S + 1.5 * HOUR_S
    _, events = heard(9.0, changes=((when, 0.0),))
    said = one(events, "rate changed")
    assert "the leak stopped" in said.text
    assert said.values["to_low_percent_h"] == 0.0
    assert said.values["to_high_percent_h"] < 0.6
    assert "half_gone_s" not in said.values


def test_a_steady_leak_is_followed_without_a_word_of_change_and_says_what_is_left() -> None:
    made, events = heard(8.5)
    kinds = [event.kind for event in events]
    assert kinds[:3] == ["learned", "leak suspected", "leak"]
    assert set(kinds[3:]) == {"leak update"}
    last = events[-1]
    gone = 100 * np.interp(last.t_s, made.t_s, made.lost_kg) / Plant().inventory_kg
    assert last.values["gone_percent"] == pytest.approx(gone, rel=0.02)
    rate = 2.276e-3 * RATE_KG_S / 6.28e-3
    half_s = LEARN_S + HOUR_S / 2 + float(until_lost_s(rate, 0.0, 5.5, 1.0, 1 / 60))
    assert last.values["half_gone_low_s"] < half_s < last.values["half_gone_high_s"]
    assert last.values["half_gone_high_s"] < last.values["empty_high_s"]


def test_without_a_reserve_only_what_is_gone_is_said() -> None:
    _, events = heard(7.5, loop=WatchedLoop("loop"))
    assert "gone_percent" in one(events, "leak").values
    assert "empty_s" not in one(events, "leak").values


def test_a_reserve_in_the_wrong_order_is_refused() -> None:
    with pytest.raises(RangeError, match="pushed_frac"):
        WatchedLoop("loop", pushed_frac=(0.5, 0.2, 0.7))
    with pytest.raises(RangeError, match="vapour_ratio"):
        WatchedLoop("loop", vapour_ratio=(0.5,))


@pytest.mark.parametrize("law", ["constant", "orifice"])
def test_what_grows_evenly_is_what_was_lost(law: str) -> None:
    lost = np.array([0.0, 0.1, 2.0, 6.0])
    assert lost_ratio(law, grown_ratio(law, lost)) == pytest.approx(lost)


def law_and_window(lost, seed: int = 1) -> tuple[GasLaw, Window]:
    """A known law and 8 h of two readings in steps of 30 s, while `lost(t)` goes."""
    rng, t_s = np.random.default_rng(seed), np.arange(0.0, 8 * HOUR_S, 30.0)
    liquid = 293 + 2 * np.sin(2 * np.pi * t_s / 5560.0)
    law = GasLaw(3e5, 0.0132, 1500.0, np.zeros(2), 400.0, 293.0, np.zeros(4), 0.0, 0.007, 0.1, np.zeros(2), np.eye(4) * 1e-6)  # fmt: skip
    gas = lagged_K(liquid, 30.0, 1500.0)
    tight = leaking_Pa(law, FACTS, lost(t_s), liquid, gas)
    read = np.round((tight + rng.normal(0, 400.0, (2, t_s.size))) / FACTS.step_Pa) * FACTS.step_Pa
    return law, Window(t_s, liquid, gas, read)


def test_a_bend_is_found_dated_and_told_from_a_step() -> None:
    law, window = law_and_window(lambda t: 1e-5 * t + 1e-5 * np.maximum(t - 4 * HOUR_S, 0.0))
    straight = Straight(window, law, FACTS)
    bend = find_bend(straight, 1e-5 * window.t_s)
    assert bend.level_nat > 50
    assert over_other_nat(straight, bend, law) > 10
    dated = date_bend(window, law, FACTS, bend)
    low, high = np.quantile(dated.at_s, [0.005, 0.995])
    assert low < 4 * HOUR_S < high
    assert np.median(dated.after_per_s / dated.before_per_s) == pytest.approx(2.0, rel=0.1)
    alone = replace(window, pressure_Pa=np.where([[True], [False]], window.pressure_Pa, np.nan))
    level, change = bend_at(alone, law, FACTS, bend)
    assert 0.2 * bend.level_nat < level < bend.level_nat
    assert change == pytest.approx(1e-5, rel=0.3)


def test_a_step_of_the_pressure_is_no_bend_and_a_straight_leak_has_none() -> None:
    law, window = law_and_window(lambda t: 1e-5 * t + 0.02 * (t > 4 * HOUR_S))
    straight = Straight(window, law, FACTS)
    assert over_other_nat(straight, find_bend(straight, 1e-5 * window.t_s), law) < -10
    law, window = law_and_window(lambda t: lost_ratio("orifice", 6e-5 * t))
    assert find_bend(Straight(window, law, FACTS), 5e-5 * window.t_s).level_nat < 8
    lines = straight_lines(window, law, FACTS, 5e-5 * window.t_s)
    assert lines["orifice"].level_nat > lines["constant"].level_nat + 20
    assert lines["orifice"].mean[1] == pytest.approx(6e-5, rel=0.01)


def test_the_accumulator_can_push_no_less_than_it_has_pushed() -> None:
    law, _ = law_and_window(lambda t: 0 * t)
    reserve = Reserve((0.1, 0.3, 0.9), (0.015, 0.016, 0.017))
    some = np.full(4000, 5.0)  # of 11 gas volumes: more than the likeliest reserve
    grown = Grown(0.0, grown_ratio("orifice", some), np.full(4000, 1e-3), np.full(4000, True))
    told = forecast(grown, law, FACTS, reserve).values
    assert told["gone_percent"] == pytest.approx(100 * 5 / 11, rel=0.01)
    assert told["half_gone_low_s"] >= float(until_lost_s(1e-3, 5.0, 5.4, 11.0, 0.016)) * 0.8
    assert told["half_gone_high_s"] <= float(until_lost_s(1e-3, 5.0, 5.6, 5.0, 0.015)) * 1.1
    spent = forecast(grown, law, FACTS, reserve, is_spent=True).values
    assert spent["half_gone_s"] > told["half_gone_s"]


def test_rows_are_forgotten_from_the_oldest_and_come_back_from_a_checkpoint() -> None:
    kept = KeptRows(np.ones((1, 1), bool), 2)
    for i in range(2 * KEPT + 7):
        kept.put(float(i), np.array([293.0]), np.array([292.0]), np.array([3e5, np.nan]))
    assert kept.rows().shape[0] == KEPT
    assert kept.window(0.0).since_count == KEPT + 7
    again = KeptRows(np.ones((1, 1), bool), 2)
    again.restore(json.loads(json.dumps(kept.to_plain())))
    assert again.count == kept.count
    assert np.array_equal(again.rows(), kept.rows(), equal_nan=True)
