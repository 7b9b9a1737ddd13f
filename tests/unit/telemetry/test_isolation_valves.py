"""Valves that are shut and let liquid through: how likely, how much, and what it does to the pieces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from whipple.casefile.given import Given
from whipple.casefile.tables.loop import LoopTable, ValveTable
from whipple.errors import RangeError
from whipple.telemetry.isolation_belief import believe
from whipple.telemetry.isolation_cells import Candidates, candidates, cells_of
from whipple.telemetry.isolation_likelihood import misfit_sigma
from whipple.telemetry.isolation_pieces import forecast_passing, forecast_pieces
from whipple.telemetry.isolation_plant import plant_of, split
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
from whipple.telemetry.isolation_valves import Behind, came_through, passing_states, reach_m3_s_Pa05

RING = ring_loop(8, range(8))
SHUT = frozenset({"v2", "v6"})
A_THOUSANDTH = Given(1e-3, 1e-4, 1e-2, "")


def told(**of: dict[str, object]) -> LoopTable:
    """The ring with something said of some valves."""
    return RING.model_copy(update={"valve": tuple(v.model_copy(update=of.get(v.name, {})) for v in RING.valve)})


@pytest.mark.parametrize(
    ("row", "prob"),
    [({}, 0.0), ({"passes": 0.1}, 0.1), ({"leakage": 1e-3}, 1.0), ({"passes": 0.1, "leakage": 1e-3}, 0.1)],
)
def test_a_leakage_alone_is_certain(row: dict[str, object], prob: float) -> None:
    assert ValveTable.model_validate({"name": "v", "segment": "s", **row}).passing_prob == prob


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"passes": 0.0, "leakage": 1e-3}, "one or the other"),
        ({"leakage": 0.0}, "above zero"),
        ({"leakage": 2.0}, "at most 1"),
    ],
)
def test_a_leakage_that_cannot_be_is_refused(row: dict[str, object], found: str) -> None:
    with pytest.raises(ValueError, match=found):
        ValveTable.model_validate({"name": "v", "segment": "s", **row})


def test_ways_to_pass_hold_all_the_probability_and_the_range() -> None:
    loop = told(v2={"passes_prob": 0.3, "leakage_frac": A_THOUSANDTH}, v6={"passes_prob": 0.5})
    tight, ways = passing_states(plant_of(loop), SHUT)
    assert tight == pytest.approx(0.35)
    assert tight + sum(prob for prob, _ in ways) == pytest.approx(1.0)
    own = [(prob, leakage["v2"]) for prob, leakage in ways if set(leakage) == {"v2"}]
    assert sum(prob for prob, _ in own) == pytest.approx(0.15)
    assert np.median([share for _, share in own]) == pytest.approx(1e-3, rel=0.2)
    assert 1e-4 < min(share for _, share in own) < 5e-4
    assert any(leakage == {"v6": np.inf} for _, leakage in ways)
    assert passing_states(plant_of(loop), {"v0"}) == (1.0, [])


def test_ways_in_series_and_side_by_side_add_as_they_should() -> None:
    """v2, v4 and v6 shut: s2, s3 are fed through v2 from one side, and through v4 and v6 behind s4, s5 from the other."""
    plant = plant_of(RING)
    cells = candidates(plant, np.random.default_rng(1), 2)
    setting = (frozenset({"v2", "v4", "v6"}), frozenset[str]())
    parts = split(plant, cells.unknowns, *setting)[0]
    root = np.sqrt(RING.segment[0].loss_Pa_s2_m6.value)

    def passes(**leakage: float) -> list[float]:
        return [valve * root for valve, _ in reach_m3_s_Pa05(plant, parts, setting, leakage)]

    assert passes(v2=3e-3, v4=1e-3, v6=1e-3) == pytest.approx(
        [3e-3 + 1e-3 / np.sqrt(2), 1e-3 + (3e-3**-2 + 1e-3**-2) ** -0.5]
    )
    assert passes(v2=np.inf) == [np.inf, 0.0]
    assert passes(v2=np.inf, v4=1e-3)[1] == pytest.approx(1e-3)
    (_, before), (_, behind) = reach_m3_s_Pa05(plant, parts, setting, {"v2": np.inf, "v6": np.inf})
    assert before.mean() > 3.9e4  # the pump's head stands before v2,
    assert abs(behind).max() < 1.0  # not before v6
    bare = tuple(s.model_copy(update={"loss_Pa_s2_m6": Given(0.0, 0.0, 1.0, "")}) for s in RING.segment)
    with pytest.raises(RangeError, match="loss of segment s2"):
        reach_m3_s_Pa05(plant_of(RING.model_copy(update={"segment": bare})), parts, setting, {"v2": 1e-3})


@pytest.mark.parametrize("share", [1e-6, 1e-4, 1e-3, 1e-2])
@pytest.mark.parametrize(("hole_m3_s", "swelling_m3_s"), [(1.2e-7, 0.0), (1.2e-6, 3e-8), (0.0, -5e-8)])
def test_what_comes_through_is_the_solution_of_the_balance(
    share: float, hole_m3_s: float, swelling_m3_s: float
) -> None:
    """Against SciPy's stiff solver on the differential equation itself: 2 % or 1 cm3 of what the hole could take."""
    begin, gas, give, hold = 3e5, 4e-3, 4.4e-11, 1200.0
    hole, valve = hole_m3_s / np.sqrt(begin), share / np.sqrt(5e11)

    def rate(_: float, y: np.ndarray) -> list[float]:
        fed = begin * gas / (gas + y[1])
        flow = valve * np.sign(fed - y[0]) * np.sqrt(abs(fed - y[0]))
        rise = (flow - hole * np.sqrt(max(y[0], 5e3)) + swelling_m3_s) / give
        return [max(rise, 0.0) if y[0] <= 5e3 else min(rise, 0.0) if y[0] >= 5e5 else rise, flow]

    exact = solve_ivp(
        rate, (0.0, hold), [begin, 0.0], method="LSODA", rtol=1e-7, atol=[1.0, 1e-13], max_step=hold / 50
    ).y[:, -1]
    numbers = (np.array(x) for x in (begin, begin, 0.0, gas, 0.0, hole, 0.0))
    volume, level = came_through(Behind(*numbers, valve, np.array(give), swelling_m3_s, 5e3, 5e5), hold)
    assert volume.item() == pytest.approx(exact[1], rel=0.02, abs=1e-6)
    assert level.item() == pytest.approx(exact[0], rel=0.05, abs=3e3)


@pytest.mark.parametrize("rate_per_h", [0.002, 0.05])
@pytest.mark.parametrize("share", [1e-5, 1e-4, 1e-3, 0.1])
def test_the_forecast_follows_the_simulated_loop(share: float, rate_per_h: float) -> None:
    """The simulator exchanges liquid between pieces quarter second by quarter second, with the pump's pressures at the valve's ends."""
    leak = leaking_loop(RING, seed=3, segment=3, rate_per_h=rate_per_h)
    leak.leakage_frac = {"v2": share}
    rates = rate_per_h * RING.inventory_m3.value / 3600 * np.array([1.0, 1.03])
    leak.first_look(1800.0)
    test = leak.trial(SHUT, frozenset(), 900.0)
    fed, shut = forecast_passing(cells_of(leak.plant, leak.unknowns, rates), test, {"v2": share})
    seen = float(np.mean((test.after_Pa - test.start_Pa)[fed.part.gauges]))
    assert abs(fed.level_Pa[3, 0, 0] - seen) < 3 * np.hypot(
        np.broadcast_to(fed.spread_Pa, fed.level_Pa.shape)[3, 0, 0], fed.reading_Pa
    )
    assert (
        abs(
            shut.level_Pa[3, 0, 0]
            + np.mean(shut.part.above_Pa[0, leak.plant.gauge_node[shut.part.gauges]])
            - np.mean(test.after_Pa[shut.part.gauges])
        )
        < 3e4
    )


@pytest.fixture(scope="module")
def cells() -> Candidates:
    return candidates(plant_of(RING), np.random.default_rng(1), 4)


def test_a_valve_that_hardly_passes_is_a_tight_one(cells: Candidates) -> None:
    test = leaking_loop(RING, seed=3, segment=3, rate_per_h=0.02).trial(SHUT, frozenset(), 600.0)
    tight, loose = forecast_pieces(cells, test), forecast_passing(cells, test, {"v2": 1e-9})
    assert np.allclose(loose[0].level_Pa, tight[0].level_Pa, atol=50.0)
    assert np.allclose(
        loose[1].level_Pa[0], np.clip(tight[1].level_Pa[0], tight[1].floor_Pa, tight[1].top_Pa), atol=2e3
    )
    whole = forecast_passing(cells, test, {"v2": np.inf})
    assert [piece.joined for piece in whole] == [False, True]
    assert whole[0].part.segments.size == 8


def test_a_partly_leaking_valve_told_of_is_no_false_conviction(cells: Candidates) -> None:
    """Leak in s3 behind v2, which lets a thousandth through: taken for tight, the accumulator's side is convicted; told of, it is not."""
    leak = leaking_loop(RING, seed=11, segment=3, rate_per_h=0.02)
    leak.leakage_frac = {"v2": 1e-3}
    trials = [leak.first_look(1800.0), leak.trial(SHUT, frozenset(), 900.0)]
    behind = []
    for loop in (RING, told(v2={"leakage_frac": A_THOUSANDTH})):
        some = replace(cells, plant=plant_of(loop))
        assert misfit_sigma(some, trials[1]) < 4
        behind.append(believe(some, trials).segment_prob[2:6].sum())
    assert behind[0] < 0.05
    assert behind[1] > 0.2
