"""Does the network solver do its line: steady, transient, arithmetic nodes, bad input?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.thermal.network import Network, heat_W, jacobian_W_K, solve_steady, solve_transient


def chain(capacity: list[float], load: float = 10.0) -> Network:
    """a - b - boundary: GL 2 W/K, GR 0.5 m2; heat into a."""
    n = len(capacity)
    gl, gr = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n - 1):
        gl[i, i + 1] = gl[i + 1, i] = 2.0
    gr[0, n - 1] = gr[n - 1, 0] = 0.5
    return Network(
        tuple("abcde"[:n]), np.array(capacity), np.arange(n) == n - 1, np.eye(n)[0] * load, gl, gr, np.zeros((n, n))
    )


def test_steady_state_balances_every_free_node() -> None:
    network = chain([100.0, 50.0, 0.0])
    settled = solve_steady(network, np.array([300.0, 250.0, 280.0]))
    assert np.abs(heat_W(network, settled)).max() < 1e-7
    assert settled[2] == 280.0
    assert settled[0] > settled[1] > settled[2]


def test_transient_ends_in_the_steady_state() -> None:
    network = chain([100.0, 50.0, 0.0])
    start = np.array([300.0, 250.0, 280.0])
    end = solve_transient(network, start, np.array([0.0, 1e4]))[-1]
    assert end == pytest.approx(solve_steady(network, start), abs=1e-6)


def test_an_arithmetic_node_is_the_limit_of_a_tiny_capacity() -> None:
    start, clock = np.array([300.0, 250.0, 280.0]), np.linspace(0.0, 300.0, 7)
    none = solve_transient(chain([100.0, 0.0, 0.0]), start, clock)
    tiny = solve_transient(chain([100.0, 1e-4, 0.0]), start, clock)
    assert none[1:] == pytest.approx(tiny[1:], abs=1e-3)
    assert np.abs(heat_W(chain([100.0, 0.0, 0.0]), none[-1])[1]) < 1e-6


def test_advection_carries_heat_one_way_only() -> None:
    flow = np.zeros((2, 2))
    flow[1, 0] = 3.0
    network = Network(
        ("up", "down"), np.ones(2), np.zeros(2, bool), np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2)), flow
    )
    assert heat_W(network, np.array([310.0, 300.0])).tolist() == [0.0, 30.0]


def test_jacobian_is_the_derivative_of_the_heat() -> None:
    network, at = chain([100.0, 50.0, 0.0]), np.array([310.0, 290.0, 280.0])
    step = 1e-3 * np.eye(3)
    slope = np.array([(heat_W(network, at + d) - heat_W(network, at - d)) / 2e-3 for d in step]).T
    assert jacobian_W_K(network, at) == pytest.approx(slope, abs=1e-5)


def test_a_node_tied_to_nothing_has_no_steady_state() -> None:
    loose = Network(
        ("a",), np.ones(1), np.array([False]), np.array([1.0]), np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1))
    )
    with pytest.raises(RangeError, match="tied to no boundary"):
        solve_steady(loose, np.array([300.0]))


def test_wrong_shapes_and_signs_are_refused() -> None:
    square = np.zeros((2, 2))
    with pytest.raises(RangeError, match="a matrix of the 1 nodes"):
        Network(("a",), np.ones(1), np.array([False]), np.zeros(1), square, square, square)
    with pytest.raises(RangeError, match="negative"):
        Network(("a", "b"), -np.ones(2), np.zeros(2, bool), np.zeros(2), square, square, square)
