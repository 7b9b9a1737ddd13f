"""How does a liquid run through a graph of pipes and pumps? Mass balance at every node, dp = R q|q| along every edge.

Newton's method on flows and pressures together (Todini and Pilati 1988, the gradient algorithm of EPANET). All arrays may carry leading
axes: many sets of losses are solved at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError, SolveError

__all__ = ["FlowNetwork", "Flows", "respond", "solve_flows"]

_Array = npt.NDArray[np.float64]
#: Below this share of the usual flow a loss is taken as linear in the flow, so that a pipe at rest can be solved.
_STILL = 1e-6
_ROUNDS, _CLOSE = 200, 1e-12


@dataclass(frozen=True)
class FlowNetwork:
    """Edges (n_edge,) `tail` to `head` between `node_count` nodes; `anchor` (n_node,) marks one node of each piece, held at pressure 0."""

    tail: npt.NDArray[np.int64]
    head: npt.NDArray[np.int64]
    node_count: int
    anchor: npt.NDArray[np.bool_]

    @property
    def incidence(self) -> _Array:
        """(n_node, n_edge): 1 where an edge leaves a node, -1 where it arrives."""
        out = np.zeros((self.node_count, self.tail.size))
        out[self.tail, np.arange(self.tail.size)] += 1.0
        out[self.head, np.arange(self.head.size)] -= 1.0
        return out


@dataclass(frozen=True)
class Flows:
    """Flow of each edge (..., n_edge) and pressure of each node above its anchor (..., n_node); `slope_Pa_s_m3` = d(loss)/dq of each edge."""

    flow_m3_s: _Array
    pressure_Pa: _Array
    slope_Pa_s_m3: _Array


def solve_flows(network: FlowNetwork, loss_Pa_s2_m6: _Array, pump_Pa: _Array, drawn_m3_s: _Array) -> Flows:
    """Steady flows for losses R and pump heads (..., n_edge) and what is drawn off at each node (..., n_node).

    Each anchor supplies what its piece loses. `pump_Pa` pushes along its edge. A mean flow of zero everywhere is a valid answer. Raises
    RangeError for a negative loss or a network without one; SolveError when Newton's method does not settle.

    >>> ring = FlowNetwork(np.array([0, 1]), np.array([1, 0]), 2, np.array([True, False]))
    >>> found = solve_flows(ring, np.array([1e10, 3e10]), np.array([4e4, 0.0]), np.zeros(2))
    >>> found.flow_m3_s.round(8).tolist(), found.pressure_Pa.round(1).tolist()
    ([0.001, 0.001], [0.0, 30000.0])
    """
    if np.any(loss_Pa_s2_m6 < 0) or not np.any(loss_Pa_s2_m6 > 0):
        found = f"{np.min(loss_Pa_s2_m6, initial=0.0):g} to {np.max(loss_Pa_s2_m6, initial=0.0):g}"
        raise RangeError(
            "flow network", "loss_Pa_s2_m6", found, "none negative and some above zero", "R of dp = R q|q|"
        )
    loss = np.maximum(loss_Pa_s2_m6, 1e-9 * np.max(loss_Pa_s2_m6))
    usual = _usual_m3_s(loss, pump_Pa, drawn_m3_s)
    flow = np.broadcast_to(usual, np.broadcast_shapes(loss.shape, pump_Pa.shape)).copy()
    net, free = network.incidence, ~network.anchor
    scale = np.max(np.abs(pump_Pa), initial=0.0) + np.max(loss * usual**2)
    slope, fallen = _loss_Pa(loss, flow, usual)
    for _ in range(_ROUNDS):
        pressure = _node_pressures(net, free, slope, (pump_Pa - fallen) / slope + flow, drawn_m3_s)
        flow = flow + (pressure @ net + pump_Pa - fallen) / slope
        slope, fallen = _loss_Pa(loss, flow, usual)
        left = float(np.max(np.abs(pressure @ net + pump_Pa - fallen)) / scale)
        if left < _CLOSE:
            return Flows(flow, pressure, slope)
    raise SolveError("flow network", left, "check the losses: they differ by too many orders of magnitude")


def respond(network: FlowNetwork, flows: Flows, drawn_m3_s: _Array) -> tuple[_Array, _Array]:
    """Change of flow (..., n_edge) and pressure (..., n_node) for a small draw-off (..., n_node), to first order in it.

    >>> ring = FlowNetwork(np.array([0, 1]), np.array([1, 0]), 2, np.array([True, False]))
    >>> still = solve_flows(ring, np.array([1e10, 3e10]), np.array([4e4, 0.0]), np.zeros(2))
    >>> more, _ = respond(ring, still, np.array([0.0, 1e-6]))
    >>> (more * 1e6).round(3).tolist()
    [0.75, -0.25]
    """
    pressure = _node_pressures(network.incidence, ~network.anchor, flows.slope_Pa_s_m3, 0.0, drawn_m3_s)
    return (pressure @ network.incidence) / flows.slope_Pa_s_m3, pressure


def _node_pressures(
    net: _Array, free: npt.NDArray[np.bool_], slope: _Array, pushed_m3_s: _Array | float, drawn_m3_s: _Array
) -> _Array:
    """Pressures that make every free node balance: N G^-1 N^T p = -drawn - N pushed."""
    rows = net[free]
    matrix = (rows / slope[..., None, :]) @ rows.T
    wanted = -drawn_m3_s[..., free] - np.broadcast_to(pushed_m3_s, slope.shape) @ rows.T
    size = np.sqrt(np.diagonal(matrix, axis1=-2, axis2=-1))  # scaled, so that widely different losses stay solvable
    scaled = np.linalg.solve(matrix / (size[..., :, None] * size[..., None, :]), (wanted / size)[..., None])[..., 0]
    pressure = np.zeros((*scaled.shape[:-1], net.shape[0]))
    pressure[..., free] = scaled / size
    return pressure


def _loss_Pa(loss: _Array, flow: _Array, usual: _Array) -> tuple[_Array, _Array]:
    """d(loss)/dq and the loss of each edge."""
    return loss * (2 * np.abs(flow) + _STILL * usual), loss * flow * (np.abs(flow) + _STILL * usual)


def _usual_m3_s(loss: _Array, pump_Pa: _Array, drawn_m3_s: _Array) -> _Array:
    """A flow of the right size (..., 1): what the pumps drive through half the losses, or what is drawn."""
    driven = np.sqrt(2 * pump_Pa.sum(-1, keepdims=True) / loss.sum(-1, keepdims=True))
    return np.maximum(driven, np.abs(drawn_m3_s).sum(-1, keepdims=True)) + 1e-12
