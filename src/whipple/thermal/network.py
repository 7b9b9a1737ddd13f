"""What does a node network do: heat balance, steady state, and temperatures against time?

    C_i dT_i/dt = Q_i + sum_j (GL_ij + F_ij) (T_j - T_i) + sigma sum_j GR_ij (T_j^4 - T_i^4)

GL conductances (symmetric), F advective mdot cp from j into i (one way), GR radiative couplings (symmetric).
Source: reference sheet thermal_and_contamination, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp

from whipple.casefile.estimate import Array
from whipple.errors import RangeError, SolveError
from whipple.physics.constants import STEFAN_BOLTZMANN_W_m2K4

__all__ = ["Network", "heat_W", "jacobian_W_K", "solve_steady", "solve_transient"]

_STEADY_W = 1e-9
_NEWTON_STEPS = 60


@dataclass(frozen=True)
class Network:
    """A node network; leading axes (many ships at once) are allowed before the node axes.

    `capacity_J_K` (..., n), 0 for an arithmetic node; `fixed` (n,) marks boundary nodes; `load_W` (..., n);
    `gl_W_K`, `flow_W_K`, `gr_m2` (..., n, n) with zero diagonals; `flow_W_K[i, j]` is carried from j into i.
    """

    names: tuple[str, ...]
    capacity_J_K: Array
    fixed: npt.NDArray[np.bool_]
    load_W: Array
    gl_W_K: Array
    gr_m2: Array
    flow_W_K: Array

    def __post_init__(self) -> None:
        n = len(self.names)
        for name in ("gl_W_K", "gr_m2", "flow_W_K"):
            shape = getattr(self, name).shape
            if shape[-2:] != (n, n):
                raise RangeError("Network", name, shape, f"a matrix of the {n} nodes")
        if (self.capacity_J_K < 0).any() or (self.gl_W_K < 0).any() or (self.gr_m2 < 0).any():
            raise RangeError("Network", "capacity_J_K, gl_W_K or gr_m2", "a negative value", "values of 0 or more")

    @cached_property
    def linear_W_K(self) -> Array:
        """Conductances and flows together."""
        return self.gl_W_K + self.flow_W_K

    @cached_property
    def linear_total_W_K(self) -> Array:
        """All that leaves a node per kelvin, by conductance and flow (..., n)."""
        return np.asarray(self.linear_W_K.sum(axis=-1))

    @cached_property
    def gr_total_m2(self) -> Array:
        """All radiative couplings of a node (..., n)."""
        return np.asarray(self.gr_m2.sum(axis=-1))


def heat_W(network: Network, temperature_K: Array) -> Array:
    """Net heat into each node (..., n) [W] at these temperatures (..., n) [K]; boundary nodes get 0.

    >>> pair = Network(("a", "b"), np.ones(2), np.array([False, True]), np.array([5.0, 0.0]),
    ...                np.array([[0.0, 2.0], [2.0, 0.0]]), np.zeros((2, 2)), np.zeros((2, 2)))
    >>> heat_W(pair, np.array([300.0, 290.0])).tolist()
    [-15.0, 0.0]
    """
    fourth = temperature_K**4
    linear = _times(network.linear_W_K, temperature_K) - network.linear_total_W_K * temperature_K
    radiated = _times(network.gr_m2, fourth) - network.gr_total_m2 * fourth
    return np.where(network.fixed, 0.0, network.load_W + linear + STEFAN_BOLTZMANN_W_m2K4 * radiated)


def _times(coupling: Array, value: Array) -> Array:
    return (coupling @ value[..., None])[..., 0]


def jacobian_W_K(network: Network, temperature_K: Array) -> Array:
    """d heat / d temperature (..., n, n) [W/K]; rows of boundary nodes are 0.

    >>> pair = Network(("a", "b"), np.ones(2), np.array([False, True]), np.zeros(2),
    ...                np.array([[0.0, 2.0], [2.0, 0.0]]), np.zeros((2, 2)), np.zeros((2, 2)))
    >>> jacobian_W_K(pair, np.array([300.0, 290.0])).tolist()
    [[-2.0, 2.0], [0.0, 0.0]]
    """
    slope = 4 * STEFAN_BOLTZMANN_W_m2K4 * temperature_K**3
    matrix = network.gr_m2 * slope[..., None, :]
    matrix += network.linear_W_K
    own = np.arange(len(network.names))
    matrix[..., own, own] -= network.linear_total_W_K + network.gr_total_m2 * slope
    matrix[..., network.fixed, :] = 0.0
    return matrix


def solve_steady(network: Network, guess_K: Array) -> Array:
    """Temperatures (n,) [K] at which every free node is in balance (Newton); boundary nodes keep `guess_K` (n,).

    Raises SolveError when Newton does not converge, RangeError when nothing holds the temperature of a node.

    >>> pair = Network(("a", "b"), np.ones(2), np.array([False, True]), np.array([5.0, 0.0]),
    ...                np.array([[0.0, 2.0], [2.0, 0.0]]), np.zeros((2, 2)), np.zeros((2, 2)))
    >>> solve_steady(pair, np.array([300.0, 290.0])).tolist()
    [292.5, 290.0]
    """
    return _newton(network, np.asarray(guess_K, dtype=float), ~network.fixed)


def _newton(network: Network, guess_K: Array, unknown: npt.NDArray[np.bool_]) -> Array:
    temperature, rows = guess_K.copy(), np.ix_(unknown, unknown)
    scale = float(np.abs(network.load_W).sum()) + 1.0
    for _ in range(_NEWTON_STEPS):
        residual = heat_W(network, temperature)[unknown]
        if not unknown.any() or float(np.abs(residual).max()) < _STEADY_W * scale:
            return temperature
        try:
            step = np.linalg.solve(jacobian_W_K(network, temperature)[rows], -residual)
        except np.linalg.LinAlgError:
            raise RangeError(
                "thermal steady state", "network", "a node tied to no boundary", "a path to a boundary node"
            ) from None
        if not np.isfinite(step).all() or float(np.abs(step).max()) > 1e7:
            raise RangeError(
                "thermal steady state", "network", "a node tied to no boundary", "a path to a boundary node"
            )
        temperature[unknown] = np.maximum(temperature[unknown] + np.clip(step, -100.0, 100.0), 1.0)
    raise SolveError(
        "thermal steady state", float(np.abs(residual).max()), "check loads and couplings, or start nearer"
    )


def solve_transient(network: Network, start_K: Array, t_s: Array, *, tolerance_K: float = 1e-8) -> Array:
    """Temperatures (n_time, n) [K] at the times `t_s` (n_time,) [s], from `start_K` (n,) at the first of them.

    BDF with the analytic Jacobian; arithmetic nodes (no capacity) are solved inside, their influence on the Jacobian
    by the Schur complement, so that the differential-algebraic system stays exact. Loads are constant.
    Raises SolveError when the integrator gives up.

    >>> lump = Network(("a", "b"), np.array([100.0, 0.0]), np.array([False, True]), np.zeros(2),
    ...                np.array([[0.0, 2.0], [2.0, 0.0]]), np.zeros((2, 2)), np.zeros((2, 2)))
    >>> after = solve_transient(lump, np.array([300.0, 290.0]), np.array([0.0, 50.0]))[-1, 0]
    >>> bool(abs(after - 290.0 - 10.0 * np.exp(-1.0)) < 1e-5)
    True
    """
    start, clock = np.asarray(start_K, dtype=float), np.asarray(t_s, dtype=float)
    moving = ~network.fixed & (network.capacity_J_K > 0)
    instant = ~network.fixed & ~moving
    full = start.copy()

    def settle(state: Array) -> Array:
        full[moving] = state
        if instant.any():
            full[:] = _newton(network, full, instant)
        return full

    def rate(_t: float, state: Array) -> Array:
        return heat_W(network, settle(state))[moving] / network.capacity_J_K[moving]

    def jacobian(_t: float, state: Array) -> Array:
        return _reduced(jacobian_W_K(network, settle(state)), moving, instant) / network.capacity_J_K[moving][:, None]

    answer = solve_ivp(
        rate,
        (clock[0], clock[-1]),
        start[moving],
        method="BDF",
        t_eval=clock,
        jac=jacobian,
        rtol=tolerance_K,
        atol=tolerance_K,
    )
    if not answer.success:
        raise SolveError("thermal transient", float("nan"), str(answer.message))
    return np.array([settle(state).copy() for state in answer.y.T])


def _reduced(matrix: Array, moving: npt.NDArray[np.bool_], instant: npt.NDArray[np.bool_]) -> Array:
    own = matrix[np.ix_(moving, moving)]
    if not instant.any():
        return own
    inner = np.linalg.solve(matrix[np.ix_(instant, instant)], matrix[np.ix_(instant, moving)])
    return own - matrix[np.ix_(moving, instant)] @ inner
