"""Segments, pieces, likelihoods and tests of a leaking graph: each function does its line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import norm

from whipple.casefile.given import Given
from whipple.casefile.tables.loop import ForbidTable, GaugeTable, LoopTable, PumpTable, SegmentTable, ValveTable
from whipple.errors import EvidenceError, RangeError
from whipple.telemetry.isolation_belief import alike, believe, thinned
from whipple.telemetry.isolation_cells import Candidates, Trial, candidates
from whipple.telemetry.isolation_forward import fed_fall_Pa, rigid_level_Pa, running_pattern, unseen_m3
from whipple.telemetry.isolation_likelihood import held_log_density, likelihood_nat, misfit_sigma
from whipple.telemetry.isolation_pieces import accumulator_Pa, forecast_pieces
from whipple.telemetry.isolation_plan import next_tests, settings_of
from whipple.telemetry.isolation_plant import draw_unknowns, plant_of, split
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop

NONE = frozenset[str]()
#: Running at 3 bar, and with v2 and v6 shut: the pump lifts its dead end to 3.4 bar; p4 and p6 are shut in.
BEFORE, START = [3.0, 3.3, 3.2, 3.1], [3.0, 3.4, np.nan, np.nan]


def ring(valves: tuple[int, ...] = (0, 2, 4, 6), **changes: Any) -> LoopTable:
    return ring_loop(8, valves).model_copy(update=changes)


@pytest.fixture(scope="module")
def cells() -> Candidates:
    return candidates(plant_of(ring()), np.random.default_rng(3), 8)


def typed(
    closed: set[str], before: list[float], start: list[float], after: list[float], hold_s: float = 600.0
) -> Trial:
    bar = [1e5 * np.array(one) for one in (before, start, after)]
    return Trial(frozenset(closed), NONE, hold_s, *bar, np.full(2, np.nan))


def test_a_graph_becomes_arrays() -> None:
    plant = plant_of(ring())
    assert plant.node_count == 16
    assert plant.middle.tolist() == list(range(8, 16))
    assert plant.valve_edge == {"v0": 0, "v2": 4, "v4": 8, "v6": 12}
    assert plant.prior_prob.tolist() == [0.125] * 8
    assert 1.0e-3 < plant.expansion_per_K < 1.3e-3


def test_the_prior_is_the_wall_when_the_case_gives_it_for_every_segment() -> None:
    rows = [
        s.model_copy(update={"area_m2": Given(i + 1.0, i + 1.0, i + 1.0, "m**2")}) for i, s in enumerate(ring().segment)
    ]
    table = ring(segment=tuple(rows))
    assert plant_of(table).prior_prob.tolist() == pytest.approx((np.arange(1, 9) / 36).tolist())


def test_without_a_gauge_there_is_nothing_to_ask() -> None:
    with pytest.raises(EvidenceError, match=r"no \[\[loop.gauge\]\] in loop ring"):
        plant_of(ring(gauge=()))


def test_two_valves_cut_a_ring_and_one_does_not() -> None:
    plant = plant_of(ring())
    known = draw_unknowns(plant, 2, np.random.default_rng(1))
    one, flow = split(plant, known, {"v2"})
    assert [part.segments.tolist() for part in one] == [list(range(8))]
    assert np.abs(flow).max() < 1e-10
    parts, _ = split(plant, known, {"v2", "v6"})
    assert [(part.segments.tolist(), part.live, part.gauges.tolist()) for part in parts] == [
        ([0, 1, 6, 7], True, [0, 1]), ([2, 3, 4, 5], False, [2, 3])
    ]  # fmt: skip


def test_a_gauge_stands_upstream_of_the_valve_at_the_inlet_behind_its_node() -> None:
    """Node n2 lies before valve v2: shutting v2 and v6 leaves p2 with the accumulator."""
    plant = plant_of(ring())
    known = draw_unknowns(plant, 1, np.random.default_rng(1))
    live = next(part for part in split(plant, known, {"v2", "v6"})[0] if part.live)
    assert 1 in live.gauges


@pytest.mark.parametrize(("closed", "off"), [({"v9"}, set()), (set(), {"nope"})])
def test_unknown_valves_and_pumps_are_refused(closed: set[str], off: set[str]) -> None:
    plant = plant_of(ring())
    with pytest.raises(RangeError, match="one of: "):
        split(plant, draw_unknowns(plant, 1, np.random.default_rng(1)), closed, off)


def test_the_accumulator_falls_as_its_differential_equation() -> None:
    def rate(_: float, lost: np.ndarray) -> np.ndarray:
        return 2e-6 * np.sqrt(4e-3 / (4e-3 + lost))

    lost = solve_ivp(rate, (0.0, 900.0), [0.0], rtol=1e-10, atol=1e-14).y[0, -1]
    found = fed_fall_Pa(np.array(3e5), np.array(4e-3), np.array(9e-3), np.array(2e-6), 900.0, 5e3)
    assert float(found) == pytest.approx(3e5 * 4e-3 / (4e-3 + lost) - 3e5, rel=1e-8)
    assert float(fed_fall_Pa(np.array(3e5), np.array(4e-3), np.array(1e-3), np.array(2e-6), 900.0, 5e3)) == -295e3


def test_a_shut_in_piece_falls_as_its_differential_equation() -> None:
    def rate(_: float, p: np.ndarray) -> np.ndarray:
        return -2.5e10 * 1e-7 * np.sqrt(np.maximum(p, 5e3) / 3e5)

    for hold_s in (60.0, 600.0):
        p = solve_ivp(rate, (0.0, hold_s), [3e5], rtol=1e-10, atol=1e-6, max_step=1.0).y[0, -1]
        assert float(rigid_level_Pa(np.array(3e5), np.array(2.5e10), np.array(1e-7), hold_s, 5e3)) == pytest.approx(
            p, rel=1e-4
        )
    assert float(rigid_level_Pa(np.array(3e5), np.array(2.5e10), np.array(0.0), 1e5, 5e3)) == pytest.approx(3e5)


def test_longer_holds_hide_more_of_the_temperature() -> None:
    plant = plant_of(ring())
    part = split(plant, draw_unknowns(plant, 1, np.random.default_rng(1)))[0][0]
    seen = [unseen_m3(plant, part, hold, warm) for hold, warm in ((60.0, 0.0), (3600.0, 0.0), (3600.0, 5.0))]
    assert seen[0] < seen[1] < seen[2]


def test_the_linear_response_holds_for_small_leaks() -> None:
    """Against the whole network solved with the leak in place (the simulator's way), 1 % of the circulation."""
    from whipple.physics.flow_network import solve_flows
    from whipple.telemetry.isolation_plant import settle

    plant = plant_of(ring())
    known = draw_unknowns(plant, 1, np.random.default_rng(1))
    pattern = running_pattern(plant, known)
    network, _, still = settle(plant, known)
    drawn = np.zeros((1, plant.node_count))
    drawn[0, plant.middle[5]] = 1e-6
    full = solve_flows(network, known.loss_Pa_s2_m6, known.pump_Pa, drawn)
    change = (full.pressure_Pa - still.pressure_Pa)[0, plant.gauge_node]
    assert np.allclose(change, 1e-6 * pattern.gauge_Pa_s_m3[5, 0], rtol=0.02, atol=5.0)


def test_a_censored_normal_integrates_to_one() -> None:
    y = np.linspace(-8.0, 12.0, 40001)
    for level in (-3.0, 0.5, 2.0, 7.0):
        density = np.exp(held_log_density(y, np.array(level), np.array(2.0), 0.05, 0.0, 4.0))
        assert np.trapezoid(density, y) == pytest.approx(1.0, abs=2e-3)
    inside = float(held_log_density(np.array(2.0), np.array(1.0), np.array(2.0), 0.05, 0.0, 4.0))
    top = norm.sf(1.5) / 2 / 4  # what was held at the top and has come down again
    assert np.exp(inside) == pytest.approx(norm.pdf(2.0, 1.0, np.hypot(2.0, 0.05)) + top, rel=1e-6)


def test_a_piece_that_fell_to_the_vapour_pressure_is_accused(cells: Candidates) -> None:
    trial = typed({"v2", "v6"}, BEFORE, START, [3.0, 3.4, 0.05, 0.05])
    prob = believe(cells, [trial]).segment_prob
    assert prob[2:6].sum() > 0.95
    assert np.ptp(prob[2:6]) < 0.01


def test_a_fed_piece_that_goes_on_falling_is_accused(cells: Candidates) -> None:
    trial = typed({"v2", "v6"}, BEFORE, START, [2.9, 3.3, 3.1, 3.1])
    assert believe(cells, [trial]).segment_prob[[0, 1, 6, 7]].sum() > 0.99


def test_gauges_that_were_not_read_tell_nothing(cells: Candidates) -> None:
    gone = [np.nan] * 4
    assert np.ptp(likelihood_nat(cells, typed({"v2", "v6"}, gone, gone, gone))) == 0.0
    assert np.ptp(likelihood_nat(cells, typed(set(), gone, gone, gone))) == 0.0
    assert misfit_sigma(cells, typed(set(), gone, gone, gone)) == 0.0
    assert np.isnan(accumulator_Pa(cells, typed(set(), gone, gone, gone)))


def test_one_valve_in_a_ring_tells_little(cells: Candidates) -> None:
    """The flow stops and everything stays fed: only the pressures at the hole have changed."""
    trial = typed({"v2"}, BEFORE, [3.0, 3.4, 3.0, 3.0], [2.95, 3.35, 2.95, 2.95])
    assert np.ptp(believe(cells, [trial]).segment_prob) < 0.05


def test_readings_that_fit_nothing_are_noticed(cells: Candidates) -> None:
    risen = typed({"v2", "v6"}, BEFORE, START, [3.5, 3.9, 3.1, 3.1])
    fine = typed({"v2", "v6"}, BEFORE, START, [2.98, 3.38, 3.1, 3.1])
    assert misfit_sigma(cells, risen) > 6
    assert misfit_sigma(cells, fine) < 2
    apart = typed(set(), BEFORE, BEFORE, [2.9, 3.5, 2.9, 3.1], 1800.0)
    assert misfit_sigma(cells, apart) > 6


def test_no_single_trial_convicts_alone(cells: Candidates) -> None:
    """A blunder in one trial leaves the truth alive: two good trials bring it back."""
    wrong = typed({"v2", "v6"}, BEFORE, START, [2.5, 2.9, 3.1, 3.1])
    right = typed({"v2", "v6"}, BEFORE, START, [3.0, 3.4, 0.05, 0.05])
    assert believe(cells, [wrong]).segment_prob[2:6].sum() > 1e-6
    assert believe(cells, [wrong, right, right, right]).segment_prob[2:6].sum() > 0.9


def test_a_valve_that_may_pass_keeps_the_other_piece_alive(cells: Candidates) -> None:
    """The fed piece falls as the whole leak, what is shut in hardly: a leak in the fed piece, or a valve that lets it through."""
    fallen = typed({"v2", "v6"}, BEFORE, START, [2.9, 3.3, 3.1, 3.0])
    assert believe(cells, [fallen]).segment_prob[[0, 1, 6, 7]].sum() > 0.99
    for prob, least, most in ((0.02, 0.01, 0.1), (0.2, 0.05, 0.4)):
        valves = tuple(v.model_copy(update={"passes_prob": prob}) for v in cells.plant.table.valve)
        leaky = replace(cells, plant=plant_of(cells.plant.table.model_copy(update={"valve": valves})))
        assert least < believe(leaky, [fallen]).segment_prob[2:6].sum() < most
    held = typed({"v2", "v6"}, BEFORE, START, [3.0, 3.4, 0.05, 0.05])  # nothing is fed through: the valves are tight
    assert believe(leaky, [held]).segment_prob[2:6].sum() > 0.99


def test_segments_between_the_same_valves_are_alike(cells: Candidates) -> None:
    settings = settings_of(cells.plant, cells.unknowns)
    assert alike(cells, [(s.closed, s.off) for s in settings]) == ((0, 1), (2, 3), (4, 5), (6, 7))


def test_forbidden_valves_and_needed_cooling_leave_no_test() -> None:
    plant = plant_of(ring(forbid=(ForbidTable(closed=("v0", "v4"), why="x"),)))
    known = draw_unknowns(plant, 2, np.random.default_rng(1))
    assert all({"v0", "v4"} != set(s.closed) for s in settings_of(plant, known))
    rows = list(ring().segment)
    rows[3] = rows[3].model_copy(update={"cooling": "needed"})
    assert settings_of(plant_of(ring(segment=tuple(rows))), known) == []
    rows[3] = rows[3].model_copy(update={"pause_s": Given(1200.0, 1200.0, 1200.0, "s")})
    allowed = settings_of(plant_of(ring(segment=tuple(rows))), known)
    assert {s.limit_s for s in allowed} == {1200.0}


def radiators() -> LoopTable:
    """Two radiators in parallel behind a trunk whose cooling is needed."""

    def pipe(name: str, start: str, end: str, cooling: str = "") -> SegmentTable:
        raw = {
            "name": name,
            "from": start,
            "to": end,
            "volume": "10 L",
            "loss": "5e11 Pa*s**2/m**6",
            "cooling": cooling,
        }
        return SegmentTable.model_validate(raw)

    return ring(
        accumulator="in", segment=(pipe("trunk", "in", "out", "needed"), pipe("left", "out", "in"), pipe("right", "out", "in")),
        valve=tuple(ValveTable(name=f"{side}_{end}", segment=side, end=end) for side in ("left", "right") for end in ("from", "to")),
        pump=(PumpTable.model_validate({"name": "P", "segment": "trunk", "head": "0.4 bar"}),),
        gauge=(GaugeTable.model_validate({"channel": "p", "node": "in", "accuracy": "2 mbar"}),), meter=(),
    )  # fmt: skip


def test_a_branch_is_isolated_while_the_other_keeps_its_flow() -> None:
    plant = plant_of(radiators())
    known = draw_unknowns(plant, 2, np.random.default_rng(1))
    found = settings_of(plant, known)
    assert {frozenset({"left_from", "left_to"}), frozenset({"right_from", "right_to"})} <= {s.closed for s in found}
    assert all(0 not in s.starved for s in found)
    cells = candidates(plant, np.random.default_rng(2), 4)
    best = next_tests(believe(cells), found, 3e5, np.random.default_rng(1), count=1, holds_s=(600.0, 2400.0))[0]
    assert best.gain_nat > 0.2


def test_a_stopped_pump_may_block_or_pass() -> None:
    """In a ring with one valve shut, a pump that blocks cuts it in two."""
    for word, pieces in (("passes", 1), ("blocks", 2)):
        plant = plant_of(ring(pump=tuple(p.model_copy(update={"when_off": word}) for p in ring().pump)))
        parts, flow = split(plant, draw_unknowns(plant, 2, np.random.default_rng(1)), {"v4"}, {"pump"})
        assert len(parts) == pieces
        assert np.abs(flow).max() < 1e-9
    idle = plant_of(ring(pump=tuple(p.model_copy(update={"running": False}) for p in ring().pump)))
    assert np.abs(split(idle, draw_unknowns(idle, 2, np.random.default_rng(1)))[1]).max() < 1e-9


def test_the_best_test_halves_what_is_left(cells: Candidates) -> None:
    settings = settings_of(cells.plant, cells.unknowns)
    tests = next_tests(believe(cells), settings, 3e5, np.random.default_rng(1), holds_s=(600.0, 2400.0))
    assert len(tests) == 3
    assert sorted(len(piece) for piece in tests[0].setting.pieces) == [4, 4]
    assert 0.2 < tests[0].gain_nat <= np.log(2) + 0.02
    assert tests[0].lost_m3[0] < tests[0].lost_m3[1] < tests[0].lost_m3[2]


def test_a_test_never_spends_the_accumulator(cells: Candidates) -> None:
    settings = settings_of(cells.plant, cells.unknowns)
    belief = believe(cells)
    fast = replace(belief, weight_nat=np.where(np.arange(412) == 400, np.log(1 / 64), -np.inf) + np.zeros((8, 8, 1)))
    for test in next_tests(fast, settings, 3e5, np.random.default_rng(1)):
        assert test.lost_m3[2] <= 0.5 * 4.5e-3


def test_planning_on_fewer_cells_keeps_the_probabilities(cells: Candidates) -> None:
    belief = believe(cells, [typed({"v2", "v6"}, BEFORE, START, [3.0, 3.4, 0.05, 0.05])])
    few = thinned(belief)
    assert few.weight_nat.size < belief.weight_nat.size / 10
    assert np.allclose(few.segment_prob, belief.segment_prob)


def test_a_shut_in_piece_is_forecast_between_vapour_and_relief(cells: Candidates) -> None:
    trial = typed({"v2", "v6"}, BEFORE, START, [3.0, 3.4, 0.05, 0.05])
    fed, shut = forecast_pieces(cells, trial)
    assert fed.part.live
    assert not shut.part.live
    assert (shut.floor_Pa, shut.top_Pa) == (cells.plant.vapour_Pa, 5e5)
    assert fed.level_Pa[2, 0, 0] == pytest.approx(0.0, abs=1.0)  # no leak in it, no warming


def test_the_simulator_keeps_its_books() -> None:
    leak = leaking_loop(ring(), seed=7, segment=3, rate_per_h=0.02)
    leak.first_look(1800.0)
    assert leak.lost_m3 == pytest.approx(0.02 * 44e-3 / 2, rel=0.08)  # a little less as the pressure falls
    before = leak.lost_m3
    trial = leak.trial(frozenset({"v2", "v4"}), NONE, 600.0)
    assert leak.lost_m3 > before
    assert trial.after_Pa[1] > 2e5
    again = leaking_loop(ring(), seed=7, segment=3, rate_per_h=0.02)
    again.first_look(1800.0)
    assert again.lost_m3 == before


def test_a_segment_that_is_not_there_cannot_leak() -> None:
    with pytest.raises(RangeError, match="0 to 7"):
        leaking_loop(ring(), seed=1, segment=8)
