"""The loop's graph as arrays, what is not known of it, and what is left of it when valves shut and pumps stop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.casefile.tables.loop import LoopTable
from whipple.errors import EvidenceError, RangeError
from whipple.physics.cited import Cited
from whipple.physics.flow_network import FlowNetwork, Flows, solve_flows
from whipple.physics.fluids import fluid

__all__ = ["Part", "Plant", "Unknowns", "draw_unknowns", "node_pieces", "plant_of", "settle", "split"]

#: Without `modulus` in the case: liquid, flexible hoses and a little gas; hard pipe alone would be near 1 GPa (leak sheet 3.2 names the law).
MODULUS_Pa = Given(5e8, 1e8, 1e9, "Pa", "whipple_judgement")
#: Without `uneven` in the case: how far a stretch strays from the thermometers, a tenth of the sheet's swing of 3 K.
UNEVEN_K = Cited(0.3, unit="K", source="whipple_judgement", grade="proposal")
#: Without `swing` in the case: the sheet's plant moves by 3 K (amplitude) every revolution (telemetry.md 5.1).
SWING_K = Cited(2.1, unit="K", source="telemetry_sheet", grade="computed")
#: Without `steady` in the case: how far a meter's gain may wander between quiet and leaking readings (1 sigma).
GAIN_DRIFT_RATIO = Cited(0.001, unit="", source="whipple_judgement", grade="proposal")
#: 1 sigma of a gauge's unknown offset, as in the sheet's plant (10 mbar).
BIAS_Pa = Cited(1000.0, unit="Pa", source="telemetry_sheet", grade="computed")


@dataclass(frozen=True)
class Plant:
    """A loop's graph: every segment is two half edges with a node in its middle, where its liquid is and where it may leak.

    Half edges 2i (inlet) and 2i + 1 (outlet) belong to segment i, whose middle is node `node_count` - n_segment + i. `valve_edge`, `pump_edge`,
    `gauge_node` and `meter_edge` say where things stand. `prior_prob` (n_segment,): share of the wall that can be struck.
    """

    table: LoopTable
    segments: tuple[str, ...]
    tail: npt.NDArray[np.int64]
    head: npt.NDArray[np.int64]
    node_count: int
    accumulator: int
    volume_m3: Array
    valve_edge: dict[str, int]
    pump_edge: dict[str, int]
    gauge_node: npt.NDArray[np.int64]
    gauge_Pa: Array
    meter_edge: npt.NDArray[np.int64]
    meter_m3_s: Array
    prior_prob: Array
    density_kg_m3: float
    vapour_Pa: float
    expansion_per_K: float

    @property
    def middle(self) -> npt.NDArray[np.int64]:
        """The node in the middle of each segment (n_segment,)."""
        return np.arange(self.node_count - len(self.segments), self.node_count)

    @property
    def pressure_Pa(self) -> float:
        """At the accumulator when charged."""
        return float(self.table.pressure_Pa.value)

    @property
    def meter_drift_ratio(self) -> Array:
        """1 sigma of how far each meter's gain wanders (n_meter,)."""
        given = [m.steady_ratio for m in self.table.meter]
        return np.array([float(GAIN_DRIFT_RATIO) if one is None else one.value for one in given], dtype=float)

    @property
    def uneven_K(self) -> float:
        """1 sigma between a stretch's temperature and what the thermometers show."""
        return float(UNEVEN_K if self.table.uneven_K is None else self.table.uneven_K.value)

    @property
    def swing_K(self) -> float:
        """1 sigma of how far the whole loop's temperature may move during a long hold."""
        return float(SWING_K if self.table.swing_K is None else self.table.swing_K.value)


@dataclass(frozen=True)
class Unknowns:
    """Equally likely values of what is fixed but not known exactly: `loss_Pa_s2_m6` (n, n_edge), `pump_Pa` (n, n_edge, all pumps that run),
    `modulus_Pa`, `gas_m3`, `pushed_m3` (n,)."""

    loss_Pa_s2_m6: Array
    pump_Pa: Array
    modulus_Pa: Array
    gas_m3: Array
    pushed_m3: Array


@dataclass(frozen=True)
class Part:
    """A piece of the loop cut off from the others: `segments` and `gauges` in it, its liquid, and whether the accumulator feeds it.

    `above_Pa` (n, n_node) is the pressure of each node above the piece's level: the accumulator's, or without one its mean.
    """

    segments: npt.NDArray[np.int64]
    gauges: npt.NDArray[np.int64]
    volume_m3: float
    live: bool
    above_Pa: Array


def plant_of(table: LoopTable) -> Plant:
    """The arrays of a loop that has a graph. Raises EvidenceError for one without, or without a gauge.

    >>> plant_of(LoopTable.model_construct(name="x", segment=()))
    Traceback (most recent call last):
    ...
    whipple.errors.EvidenceError: Which segment leaks?: found no [[loop.segment]] of loop x
      try: describe segments, valves, pumps and gauges of the loop in case.toml
    """
    if not table.segment:
        remedy = "describe segments, valves, pumps and gauges of the loop in case.toml"
        raise EvidenceError("Which segment leaks?", f"[[loop.segment]] of loop {table.name}", remedy)
    if not table.gauge:
        raise EvidenceError(
            "Which segment leaks?", f"[[loop.gauge]] in loop {table.name}", "name the pressure channels"
        )
    names = list(dict.fromkeys(n for s in table.segment for n in (s.from_node, s.to_node)))
    at, count = {name: i for i, name in enumerate(names)}, len(names)
    order = {s.name: i for i, s in enumerate(table.segment)}
    ends = [(at[s.from_node], count + i, at[s.to_node]) for i, s in enumerate(table.segment)]
    liquid, kelvin = fluid(table.fluid), table.temperature_K.value
    wall = [s.area_m2.value if s.area_m2 is not None else np.nan for s in table.segment]
    prior = np.array(wall) if np.isfinite(wall).all() else np.ones(len(wall))
    return Plant(
        table, tuple(order), np.array([e[:2] for e in ends]).ravel(), np.array([e[1:] for e in ends]).ravel(),
        count + len(ends), at[table.accumulator], np.array([s.volume_m3.value for s in table.segment]),
        {v.name: 2 * order[v.segment] + (v.end == "to") for v in table.valve}, {p.name: 2 * order[p.segment] for p in table.pump},
        np.array([at[g.node] for g in table.gauge]), np.array([g.accuracy_Pa.value for g in table.gauge]),
        np.array([2 * order[m.segment] for m in table.meter], dtype=int), np.array([m.accuracy_m3_s.value for m in table.meter]),
        prior / prior.sum(), float(liquid.density_kg_m3(kelvin)), float(liquid.vapour_pressure_Pa(kelvin)),
        -float(np.log(liquid.density_kg_m3(kelvin + 1) / liquid.density_kg_m3(kelvin - 1)) / 2),
    )  # fmt: skip


def draw_unknowns(plant: Plant, count: int, rng: np.random.Generator) -> Unknowns:
    """`count` equally likely plants; every loss, head, modulus and gas volume from its own range in the case.

    A Given without a range has none: then it counts as exact.

    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> known = draw_unknowns(plant_of(ring_loop()), 3, np.random.default_rng(1))
    >>> known.loss_Pa_s2_m6.shape, bool(np.all(known.pump_Pa[:, 0] > 3.8e4)), float(known.pump_Pa[0, 1])
    ((3, 16), True, 0.0)
    """
    table = plant.table
    loss = np.column_stack([s.loss_Pa_s2_m6.draw(rng, count) / 2 for s in table.segment]).repeat(2, axis=1)
    pump = np.zeros_like(loss)
    for one in table.pump:
        loss[:, plant.pump_edge[one.name]] += one.head_loss_Pa_s2_m6.draw(rng, count)
        pump[:, plant.pump_edge[one.name]] = one.head_Pa.draw(rng, count)
    modulus = (table.modulus_Pa or MODULUS_Pa).draw(rng, count)
    return Unknowns(loss, pump, modulus, table.gas_volume_m3.draw(rng, count), table.pushed_volume_m3.draw(rng, count))


def _open_edges(plant: Plant, closed: Iterable[str], off: Iterable[str]) -> npt.NDArray[np.bool_]:
    is_open, off = np.ones(plant.tail.size, bool), set(off)
    for name in closed:
        if name not in plant.valve_edge:
            raise RangeError("isolation", "valve", name, f"one of: {', '.join(plant.valve_edge) or 'there is none'}")
        is_open[plant.valve_edge[name]] = False
    for name in off - set(plant.pump_edge):
        raise RangeError("isolation", "pump", name, f"one of: {', '.join(plant.pump_edge) or 'there is none'}")
    for pump in plant.table.pump:
        if (pump.name in off or not pump.running) and pump.when_off == "blocks":
            is_open[plant.pump_edge[pump.name]] = False
    return is_open


def node_pieces(plant: Plant, closed: Iterable[str] = (), off: Iterable[str] = ()) -> npt.NDArray[np.int64]:
    """Which piece of the loop each node belongs to in this setting (n_node,).

    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> node_pieces(plant_of(ring_loop(4, (0, 2), (0,))), {"v0", "v2"}).tolist()  # four nodes, then the middles of the segments
    [0, 1, 1, 0, 1, 1, 0, 0]
    """
    return _pieces(plant, _open_edges(plant, closed, off))


def _pieces(plant: Plant, is_open: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Which piece each node belongs to (n_node,)."""
    pair = (plant.tail[is_open], plant.head[is_open])
    graph = coo_array((np.ones(pair[0].size), pair), shape=(plant.node_count, plant.node_count))
    return np.asarray(connected_components(graph, directed=False)[1])


def settle(
    plant: Plant, unknowns: Unknowns, closed: Iterable[str] = (), off: Iterable[str] = ()
) -> tuple[FlowNetwork, npt.NDArray[np.bool_], Flows]:
    """The open edges of this setting as a network, which of all edges they are, and their flows (n, n_open), without a leak.

    Raises RangeError for a valve or a pump that the loop does not have.

    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> plant = plant_of(ring_loop())
    >>> _, is_open, flows = settle(plant, draw_unknowns(plant, 1, np.random.default_rng(1)), {"v2"})
    >>> int(is_open.sum()), bool(np.abs(flows.flow_m3_s).max() < 1e-9)
    (15, True)
    """
    off = set(off)
    is_open = _open_edges(plant, closed, off)
    piece = _pieces(plant, is_open)
    anchor = np.zeros(plant.node_count, bool)
    anchor[np.unique(piece, return_index=True)[1]] = True
    anchor[piece == piece[plant.accumulator]] = False
    anchor[plant.accumulator] = True
    network = FlowNetwork(plant.tail[is_open], plant.head[is_open], plant.node_count, anchor)
    pump = unknowns.pump_Pa.copy()
    for one in plant.table.pump:
        if one.name in off or not one.running:
            pump[:, plant.pump_edge[one.name]] = 0.0
    nothing = np.zeros((len(pump), plant.node_count))
    return network, is_open, solve_flows(network, unknowns.loss_Pa_s2_m6[:, is_open], pump[:, is_open], nothing)


def split(
    plant: Plant, unknowns: Unknowns, closed: Iterable[str] = (), off: Iterable[str] = ()
) -> tuple[list[Part], Array]:
    """The pieces of the loop in this setting that hold liquid, and the flow of each segment at its inlet (n, n_segment).

    Pieces come in the order of their first segment.

    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> plant = plant_of(ring_loop())
    >>> parts, _ = split(plant, draw_unknowns(plant, 1, np.random.default_rng(1)), {"v2", "v6"})
    >>> [(part.segments.tolist(), part.live) for part in parts]
    [([0, 1, 6, 7], True), ([2, 3, 4, 5], False)]
    """
    _, is_open, flows = settle(plant, unknowns, closed, off)
    piece = _pieces(plant, is_open)
    parts = []
    for one in dict.fromkeys(piece[plant.middle].tolist()):
        inside = np.flatnonzero(piece[plant.middle] == one)
        live = one == piece[plant.accumulator]
        share = plant.volume_m3[inside] / plant.volume_m3[inside].sum()
        level = np.zeros(1) if live else flows.pressure_Pa[:, plant.middle[inside]] @ share
        gauges = np.flatnonzero(piece[plant.gauge_node] == one)
        above = flows.pressure_Pa - level[:, None]
        parts.append(Part(inside, gauges, float(plant.volume_m3[inside].sum()), bool(live), above))
    flow = np.zeros((len(flows.flow_m3_s), plant.tail.size))
    flow[:, is_open] = flows.flow_m3_s
    return parts, flow[:, ::2]
