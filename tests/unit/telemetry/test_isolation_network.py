"""Flows through a graph of pipes: balance, parallel branches, dead ends, bad input; the ring of the leak room as an oracle is in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.physics.flow_network import FlowNetwork, respond, solve_flows


def branches() -> FlowNetwork:
    """Node 0 to 1 through a trunk, back through two branches and a stub at 2."""
    return FlowNetwork(np.array([0, 1, 1, 1]), np.array([1, 0, 0, 2]), 3, np.array([True, False, False]))


LOSS = np.array([1e11, 4e11, 1e11, 1e12])
PUMP = np.array([5e4, 0.0, 0.0, 0.0])


def test_branches_share_the_flow_as_the_roots_of_their_losses() -> None:
    found = solve_flows(branches(), LOSS, PUMP, np.zeros(3))
    flow = found.flow_m3_s
    assert flow[2] / flow[1] == pytest.approx(2.0, rel=1e-5)
    both = 1 / (1 / np.sqrt(4e11) + 1 / np.sqrt(1e11)) ** 2
    assert flow[0] == pytest.approx(np.sqrt(5e4 / (1e11 + both)), rel=1e-5)
    assert abs(flow[3]) < 1e-9 * flow[0]


def test_what_is_drawn_is_supplied_at_the_anchor() -> None:
    drawn = np.array([0.0, 2e-6, 3e-6])
    found = solve_flows(branches(), LOSS, PUMP, drawn)
    balance = branches().incidence @ found.flow_m3_s + drawn
    assert np.abs(balance[1:]).max() < 1e-15
    assert balance[0] == pytest.approx(5e-6, rel=1e-9)


def test_the_response_is_the_slope_of_the_solution() -> None:
    still = solve_flows(branches(), LOSS, PUMP, np.zeros(3))
    more = solve_flows(branches(), LOSS, PUMP, np.array([0.0, 1e-9, 0.0]))
    flow, pressure = respond(branches(), still, np.array([0.0, 1e-9, 0.0]))
    assert np.allclose(more.flow_m3_s - still.flow_m3_s, flow, rtol=1e-3, atol=1e-14)
    assert np.allclose(more.pressure_Pa - still.pressure_Pa, pressure, rtol=1e-3, atol=1e-6)


def test_many_sets_of_losses_are_solved_at_once() -> None:
    losses = np.stack([LOSS, 2 * LOSS])
    found = solve_flows(branches(), losses, np.stack([PUMP, 2 * PUMP]), np.zeros((2, 3)))
    assert np.allclose(found.flow_m3_s[0], found.flow_m3_s[1], rtol=1e-9, atol=1e-12)
    assert np.allclose(2 * found.pressure_Pa[0], found.pressure_Pa[1], rtol=1e-9)


def test_a_pump_against_a_shut_end_only_lifts_the_pressure() -> None:
    chain = FlowNetwork(np.array([0, 1]), np.array([1, 2]), 3, np.array([True, False, False]))
    found = solve_flows(chain, np.array([1e11, 1e11]), np.array([5e4, 0.0]), np.zeros(3))
    assert np.allclose(found.pressure_Pa, [0.0, 5e4, 5e4])
    assert np.abs(found.flow_m3_s).max() < 1e-12


@pytest.mark.parametrize("loss", [np.array([-1.0, 1.0, 1.0, 1.0]), np.zeros(4)])
def test_impossible_losses_are_refused(loss: np.ndarray) -> None:
    with pytest.raises(RangeError, match="none negative and some above zero"):
        solve_flows(branches(), loss, PUMP, np.zeros(3))
