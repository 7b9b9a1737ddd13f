"""Laws of the isolation: order of trials, what symmetry demands, balance in any network, information never negative."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from whipple.leak.pumped import PumpedLoop, Segment, ring_state
from whipple.physics.flow_network import FlowNetwork, solve_flows
from whipple.telemetry.isolation_belief import Belief, believe
from whipple.telemetry.isolation_cells import Candidates, candidates
from whipple.telemetry.isolation_forward import fed_fall_Pa, rigid_level_Pa
from whipple.telemetry.isolation_plan import next_tests, settings_of
from whipple.telemetry.isolation_plant import plant_of
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
from whipple.telemetry.isolation_valves import Behind, came_through

FEW = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])


@pytest.fixture(scope="module")
def cells() -> Candidates:
    return candidates(plant_of(ring_loop(8, range(8))), np.random.default_rng(3), 4)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_trials_does_not_matter(cells: Candidates, seed: int) -> None:
    leak = leaking_loop(ring_loop(8, range(8)), seed=seed)
    trials = [leak.first_look(1800.0)]
    trials += [leak.trial(frozenset(pair), frozenset(), 600.0) for pair in (("v0", "v4"), ("v2", "v6"))]
    every = [believe(cells, order).weight_nat for order in itertools.permutations(trials)]
    assert all(np.array_equal(every[0], other) for other in every[1:])
    step = believe(cells, trials[:2])
    rest = believe(cells, trials[2:]).weight_nat - cells.prior_nat + step.weight_nat  # one after the other
    assert np.allclose(np.exp(rest - np.logaddexp.reduce(rest.ravel())), np.exp(every[0]), atol=1e-12)


def test_a_trial_in_which_nothing_was_read_changes_nothing(cells: Candidates) -> None:
    leak = leaking_loop(ring_loop(8, range(8)), seed=4)
    seen = leak.first_look(1800.0)
    blind = leak.trial(frozenset({"v0", "v4"}), frozenset(), 600.0)
    for row in (blind.before_Pa, blind.start_Pa, blind.after_Pa):
        row[:] = np.nan
    assert np.allclose(believe(cells, [seen, blind]).segment_prob, believe(cells, [seen]).segment_prob, atol=1e-12)


def test_no_test_tells_less_than_nothing_or_more_than_all(cells: Candidates) -> None:
    start = believe(cells)
    for test in next_tests(
        start, settings_of(cells.plant, cells.unknowns, 2)[::6], 3e5, np.random.default_rng(1), holds_s=(1200.0,)
    ):
        assert 0.0 <= test.gain_nat <= np.log(8)
    sure = np.full_like(start.weight_nat, -60.0)
    sure[3] = -np.log(sure[3].size)
    known = next_tests(
        Belief(cells, sure),
        settings_of(cells.plant, cells.unknowns, 2)[::6],
        3e5,
        np.random.default_rng(1),
        holds_s=(1200.0,),
    )
    assert all(test.gain_nat < 1e-6 for test in known)


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(1e9, 1e12)), min_size=1, max_size=9),
    st.integers(0, 2**32 - 1),
)
def test_every_node_of_any_network_balances(extra: list[tuple[int, int, float]], seed: int) -> None:
    """A ring of six with chords: mass at every node, energy along every edge."""
    rng = np.random.default_rng(seed)
    edges = [(i, (i + 1) % 6, 1e11) for i in range(6)] + [edge for edge in extra if edge[0] != edge[1]]
    network = FlowNetwork(np.array([e[0] for e in edges]), np.array([e[1] for e in edges]), 6, np.arange(6) == 0)
    loss, pump = np.array([e[2] for e in edges]), np.zeros(len(edges))
    pump[0] = 5e4
    drawn = np.append(0.0, rng.uniform(0, 1e-5, 5))
    found = solve_flows(network, loss, pump, drawn)
    assert np.abs(network.incidence @ found.flow_m3_s + drawn)[1:].max() < 1e-13
    lost = found.pressure_Pa @ network.incidence + pump - loss * found.flow_m3_s * np.abs(found.flow_m3_s)
    assert np.abs(lost).max() < 1.0


@FEW
@given(
    st.lists(st.floats(3e8, 3e10), min_size=3, max_size=9),
    st.integers(0, 8),
    st.integers(0, 8),
    st.integers(0, 8),
    st.floats(-8.0, -5.5),
)
def test_a_ring_is_what_the_leak_room_says(losses: list[float], pump: int, feed: int, hole: int, size: float) -> None:
    """The graph solver against the ring solver of the leak room: pressures to 0.1 Pa, circulation to 1e-5."""
    count = len(losses)
    pump, feed, hole = pump % count, feed % count, hole % count
    loop = PumpedLoop(
        tuple(Segment(str(i), 5e-3, r) for i, r in enumerate(losses)),
        pump,
        feed,
        5e4,
        1e10,
        3e5,
        6e-3,
        30e-3,
        692.0,
        5156.0,
    )
    ring = ring_state(loop, 3e5, hole, 10**size / np.sqrt(2 * 3e5 / 692.0))
    tail = np.ravel([[i, count + i] for i in range(count)])
    head = np.ravel([[count + i, (i + 1) % count] for i in range(count)])
    network = FlowNetwork(tail, head, 2 * count, np.arange(2 * count) == feed)
    loss, lift, drawn = np.repeat(np.array(losses) / 2, 2), np.zeros(2 * count), np.zeros(2 * count)
    loss[2 * pump] += 1e10
    lift[2 * pump] = 5e4
    drawn[count + hole] = ring.leak_m3_s
    found = solve_flows(network, loss, lift, drawn)
    assert np.allclose(found.pressure_Pa[count:] + 3e5, ring.pressure_Pa, rtol=0, atol=0.1)
    assert found.flow_m3_s[2 * feed] == pytest.approx(ring.circulation_m3_s, rel=1e-5)


@settings(max_examples=60)
@given(st.floats(1e-9, 1e-5), st.floats(1.0, 3600.0), st.floats(1.01, 3.0))
def test_more_leak_or_more_time_never_raises_a_pressure(leak: float, hold_s: float, more: float) -> None:
    gas, left = np.array(4e-3), np.array(4e-3)
    fall = [
        float(fed_fall_Pa(np.array(3e5), gas, left, np.array(q), t, 5e3))
        for q, t in ((leak, hold_s), (leak * more, hold_s), (leak, hold_s * more))
    ]
    held = [
        float(rigid_level_Pa(np.array(3e5), np.array(2e10), np.array(q), t, 5e3))
        for q, t in ((leak, hold_s), (leak * more, hold_s), (leak, hold_s * more))
    ]
    assert fall[0] >= max(fall[1:])
    assert held[0] >= max(held[1:])


@FEW
@given(st.floats(-8.5, -5.5), st.floats(-6.0, -1.0), st.floats(60.0, 7200.0), st.floats(-5e-8, 5e-8))
def test_what_came_through_a_valve_is_what_leaked_less_what_the_piece_gave(
    hole_log: float, share_log: float, hold_s: float, swelling_m3_s: float
) -> None:
    """Never more than the hole could take or the valve could pass, and a wider valve brings no less; the level stays between its ends."""
    hole, give = 10**hole_log / 3e5**0.5, 4.4e-11
    found = []
    for share in (10**share_log, 3 * 10**share_log):
        numbers = (np.array(x) for x in (3e5, 3e5, 0.0, 4e-3, 0.0, hole, 0.0))
        valve = share / 5e11**0.5
        through, level = came_through(Behind(*numbers, valve, np.array(give), swelling_m3_s, 5e3, 5e5), hold_s)
        most = min(valve * 3e5**0.5, hole * 5e5**0.5 + 5e-8) * hold_s + 3e5 * give
        assert -1.01 * (5e-8 * hold_s + 3e5 * give) < through.item() < 1.01 * most
        assert 5e3 <= level.item() <= 5e5
        found.append(through.item())
    if swelling_m3_s <= 0:
        assert found[1] >= found[0] * (1 - 0.01) - 1e-9
