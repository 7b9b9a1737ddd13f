"""The simulated loop, the learned gas law, the bank of onsets and the watch that drives them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.errors import EvidenceError, RangeError
from whipple.telemetry.faults import FAULTS, Fault
from whipple.telemetry.gas_law import LoopFacts, learn_gas_law
from whipple.telemetry.leak_window import fallen_ratio
from whipple.telemetry.path_watch import new_path_watch, shared_path
from whipple.telemetry.sequential import Samples, WatchedChannel, WatchedLoop, Watcher, WatchSettings
from whipple.telemetry.simulate import Leak, Plant, simulate_loop

LEARN_S, HOUR_S = 21600.0, 3600.0


def watch(loop, **settings):
    """Everything the watch says of a simulated loop after six hours of learning."""
    watcher = Watcher(
        WatchSettings(loop.channels, lateness_s=0.0, learn_s=LEARN_S, loops=(WatchedLoop("loop"),), **settings)
    )
    count, n = loop.value.shape
    index = np.tile(np.arange(count), n)
    return watcher.update(Samples(index, np.repeat(loop.t_s, count), loop.value.T.ravel())) + watcher.finish()


def kinds(events, about: str = "loop") -> list[str]:
    return [event.kind for event in events if event.about == about]


def test_a_tight_loop_keeps_its_mass_and_repeats_with_its_seed() -> None:
    one, two = simulate_loop(0.1, seed=4), simulate_loop(0.1, seed=4)
    assert np.array_equal(one.value, two.value)
    assert not one.lost_kg.any()
    assert not np.array_equal(one.value, simulate_loop(0.1, seed=5).value)


def test_leaks_lose_what_their_rate_says() -> None:
    rate = 1e-3
    steady = simulate_loop(0.1, seed=1, leak=Leak(1000.0, rate)).lost_kg
    assert steady[-1] == pytest.approx(rate * (8630.0 - 1000.0))
    growing = simulate_loop(0.1, seed=1, leak=Leak(1000.0, rate, opening_s=2000.0)).lost_kg
    assert growing[-1] == pytest.approx(steady[-1] - rate * 1000.0)
    stopped = simulate_loop(0.1, seed=1, leak=Leak(1000.0, rate, stop_s=2000.0)).lost_kg
    assert stopped[-1] == pytest.approx(rate * 1000.0)


def test_an_orifice_empties_in_two_regimes() -> None:
    still = replace(Plant(), swing_K=(0.0, 0.0), walk_K=0.0)
    loop = simulate_loop(1.0, seed=1, plant=still, leak=Leak(0.0, 6.28e-3, "orifice"))
    hours = [loop.t_s[np.argmax(loop.lost_kg >= share * still.inventory_kg)] / HOUR_S for share in (0.5, 0.9)]
    assert hours == pytest.approx(
        [4.38, 8.50], abs=0.1
    )  # telemetry.md 5.4: the same hole in the same plant, computed there


def test_a_fault_or_a_leak_nobody_knows_is_refused() -> None:
    with pytest.raises(RangeError, match=r"fault\.kind"):
        Fault("gremlin", 0.0)
    with pytest.raises(RangeError, match=r"leak\.kind"):
        simulate_loop(0.1, seed=1, leak=Leak(0.0, 1.0, "sieve"))


@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind.split(" ")[0] in ("sensor", "multiplexer")])
def test_a_fault_touches_only_what_it_is_about(kind: str) -> None:
    about = "pressure_2" if kind.startswith("sensor") else "B"
    plain = simulate_loop(0.1, seed=2)
    spoilt = simulate_loop(0.1, seed=2, faults=(Fault(kind, 4000.0, about, 0.1 if "multi" in kind else 5e3, 1000.0),))
    moved = {
        c.name for c, a, b in zip(plain.channels, plain.value, spoilt.value, strict=True) if not np.array_equal(a, b)
    }
    named = {c.name for c in plain.channels if about in (c.name, c.data_path)}
    assert moved == named
    assert np.array_equal(plain.value[:, plain.t_s < 4000.0], spoilt.value[:, plain.t_s < 4000.0])


def test_the_law_is_learned_from_a_quiet_day() -> None:
    loop, plant = simulate_loop(1.0, seed=7), Plant()
    law = learn_gas_law(loop.t_s, loop.value[:3], loop.value[3:5], LoopFacts())
    assert law.couple_per_K == pytest.approx(plant.inventory_m3 * plant.expansion_per_K / plant.gas_m3, rel=0.02)
    assert law.lag_s == pytest.approx(plant.gas_lag_s, rel=0.1)
    assert law.noise_Pa == pytest.approx(400.0, rel=0.1)
    assert law.walk_K == pytest.approx(plant.walk_K, rel=0.3)


def test_too_short_a_stretch_cannot_be_learned() -> None:
    loop = simulate_loop(0.1, seed=7)
    with pytest.raises(EvidenceError, match="quiet steps"):
        learn_gas_law(loop.t_s, loop.value[:3], loop.value[3:5], LoopFacts())


def test_the_orifice_law_solves_its_equation() -> None:
    age = np.linspace(0.0, 2e4, 20001)
    lost = fallen_ratio("orifice", np.array(1e-4), age)
    assert np.gradient(lost, age)[1:-1] == pytest.approx((1e-4 / np.sqrt(1 + lost))[1:-1], rel=1e-6)


def test_a_leak_is_suspected_then_called_and_dated() -> None:
    onset = LEARN_S + HOUR_S
    events = watch(simulate_loop(9.0 / 24, seed=11, leak=Leak(onset, Plant().inventory_kg * 0.01 / 3600)))
    assert [kind for kind in kinds(events) if kind != "leak update"] == ["learned", "leak suspected", "leak"]
    suspected, leak = (next(event for event in events if event.kind == kind) for kind in ("leak suspected", "leak"))
    assert 0 <= suspected.t_s - onset < 600.0
    assert abs(leak.values["onset_s"] - onset) < 300.0
    assert leak.values["rate_percent_h"] == pytest.approx(1.0, rel=0.2)
    assert leak.values["onset_low_s"] < leak.values["onset_s"] < leak.values["onset_high_s"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sensor ramp", LEARN_S + 1800.0, "pressure_2", -2e4, 3000.0),
        Fault("sensor step", LEARN_S + 1800.0, "temperature_1", 4.0),
        Fault("multiplexer step", LEARN_S + 1800.0, "A", -0.1),
        Fault("valve", LEARN_S + 1800.0, "", -1e4),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_fault_is_never_called_a_leak(fault: Fault) -> None:
    events = watch(simulate_loop(9.0 / 24, seed=12, faults=(fault,)))
    assert "leak" not in kinds(events)
    paths = {event.about for event in events if event.kind == "common data path"}
    assert paths == ({"A"} if fault.kind.startswith("multiplexer") else set())


def test_one_data_path_alone_never_makes_a_leak() -> None:
    loop = simulate_loop(9.0 / 24, seed=11, leak=Leak(LEARN_S + HOUR_S, Plant().inventory_kg * 0.01 / 3600))
    shared = tuple(replace(channel, data_path="A") for channel in loop.channels)
    events = watch(replace(loop, channels=shared))
    assert "leak suspected" in kinds(events)
    assert "leak" not in kinds(events)


def test_a_loop_without_its_sensors_is_refused_in_words() -> None:
    with pytest.raises(RangeError, match="two liquid temperatures"):
        Watcher(WatchSettings((WatchedChannel("p", "Pa", "pressure", "x", "A", 100.0),), loops=(WatchedLoop("x"),)))


def test_a_sensor_that_was_never_heard_leaves_the_loop_unwatched() -> None:
    loop = simulate_loop(0.3, seed=3)
    dumb = loop.value.copy()
    dumb[1] = np.nan
    assert kinds(watch(replace(loop, value=dumb))) == ["not watched"]


def test_a_channel_nobody_named_is_refused_and_nothing_is_lost() -> None:
    watcher = Watcher(WatchSettings((WatchedChannel("pressure_1"),)))
    before = watcher.to_json()
    with pytest.raises(RangeError, match="'pressure_1'"):
        watcher.update(Samples(["presure_1"], [0.0], [1.0]))
    assert watcher.to_json() == before


def test_values_that_are_not_numbers_and_repeats_are_counted() -> None:
    watcher = Watcher(WatchSettings((WatchedChannel("p"),), cadence_s=1.0, lateness_s=5.0))
    watcher.update(Samples(["p"] * 4, [0.0, 0.0, 1.0, 20.0], [1.0, 1.0, np.nan, 1.0]))
    watcher.update(Samples(["p"], [3.0], [1.0]))
    assert watcher.dropped == {"late": 1, "missing": 1, "repeated": 1}


def test_channels_of_one_path_that_stand_still_together_are_seen_sooner_than_one_alone() -> None:
    rng, every, seen = np.random.default_rng(3), np.arange(3), []
    quiet, then = np.round(rng.normal(0, 1.0, (2000, 3))), np.round(rng.normal(0, 1.0, (60, 3)))
    for paths in (["A", "A", "B"], ["A", "C", "B"]):
        moves = new_path_watch(paths)
        for i, row in enumerate(quiet):
            moves.step(float(i), every, row, learning=True)
        stuck = [
            moves.step(float(i), every, np.array([0.0, 0.0, one[2]]), learning=False) for i, one in enumerate(then)
        ]
        seen.append(next(i for i, who in enumerate(stuck) if {0, 1} <= set(who.tolist())))
    assert seen[0] < 20 < seen[1]


def test_a_path_is_named_only_when_no_loop_ties_the_channels() -> None:
    moves = new_path_watch(["A", "A", "B"])
    assert np.isnan(moves.moved_s).all()
    paths, ties = ("A", "A", "B"), ("x", "", "x")
    assert shared_path(paths, ties, np.array([True, True, False])) == "A"
    assert shared_path(paths, ties, np.array([True, True, True])) == ""
    assert shared_path(paths, ties, np.array([True, False, False])) == ""


def test_a_loop_whose_numbers_break_down_is_told_once_and_the_channels_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from whipple.telemetry import loop_watch

    def broken(*_: object) -> None:
        raise np.linalg.LinAlgError("singular")

    monkeypatch.setattr(loop_watch, "step_bank", broken)
    events = watch(simulate_loop(0.5, seed=3))
    assert kinds(events) == ["learned", "not watched"]
    assert "NOT watched for leaks any more" in next(event.text for event in events if event.kind == "not watched")
