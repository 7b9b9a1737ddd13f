"""What gets through a valve that is shut but not tight? How likely, and how a shut-in piece is fed through it during a hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.tables.loop import ValveTable
from whipple.errors import RangeError
from whipple.telemetry.isolation_plant import Part, Plant, node_pieces

__all__ = ["Behind", "came_through", "passing_states", "reach_m3_s_Pa05"]

#: When the steps of a hold end, as shares of it: short ones first, for a stiff piece, then even ones, for an accumulator that falls.
_STEPS = np.concatenate([np.geomspace(1e-5, 0.03, 16), np.linspace(0.06, 1.0, 32)])
#: A range of leakage stands as so many equally likely values; ways to pass with less than this share of all are left out.
_VALUES, _RARE_PROB = 6, 0.005
_GOLDEN = 0.6180339887
#: A shut valve from one piece: to which other, what it passes for a root of a pascal, and the node there.
_Way = tuple[int, float, int]


def passing_states(plant: Plant, closed: Iterable[str]) -> tuple[float, list[tuple[float, dict[str, float]]]]:
    """How likely all these shut valves are tight, and the ways in which they are not: probability, and the leakage of each that passes (inf: it
    passes whatever is asked for).

    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> loop = ring_loop()
    >>> weak = loop.valve[0].model_copy(update={"passes_prob": 0.1})
    >>> tight_prob, ways = passing_states(plant_of(loop.model_copy(update={"valve": (weak, *loop.valve[1:])})), {"v0", "v4"})
    >>> round(tight_prob, 3), [(round(prob, 3), leakage) for prob, leakage in ways]
    (0.9, [(0.1, {'v0': inf})])
    """
    shut = set(closed)
    loose = [v for v in plant.table.valve if v.name in shut and v.passing_prob > 0]
    tight = float(np.prod([1.0 - v.passing_prob for v in loose]))
    ways = []
    for passes in product((False, True), repeat=len(loose)):
        prob = float(
            np.prod([v.passing_prob if own else 1.0 - v.passing_prob for v, own in zip(loose, passes, strict=True)])
        )
        if any(passes) and prob > _RARE_PROB * (1.0 - tight):
            ways.append((prob, [v for v, own in zip(loose, passes, strict=True) if own]))
    share = (1.0 - tight) / sum(prob for prob, _ in ways) if ways else 0.0
    return tight, [(prob * share * one, values) for prob, some in ways for one, values in _values(some)]


def _values(valves: Sequence[ValveTable]) -> list[tuple[float, dict[str, float]]]:
    """Equally likely leakages of valves that pass, spread evenly over their ranges."""
    if all(v.leakage_frac is None for v in valves):
        return [(1.0, dict.fromkeys((v.name for v in valves), np.inf))]
    out: list[dict[str, float]] = [{} for _ in range(_VALUES)]
    for j, valve in enumerate(valves):
        place = ((np.arange(_VALUES) + 0.5) / _VALUES + j * _GOLDEN) % 1.0
        given = valve.leakage_frac
        drawn = None if given is None else np.quantile(given.draw(np.random.default_rng(1), 4001), place)
        for k in range(_VALUES):
            out[k][valve.name] = np.inf if drawn is None else float(drawn[k])
    return [(1.0 / _VALUES, one) for one in out]


def reach_m3_s_Pa05(
    plant: Plant, parts: Sequence[Part], trial: tuple[Iterable[str], Iterable[str]], leakage_frac: Mapping[str, float]
) -> list[tuple[float, Array]]:
    """What passes from the accumulator's piece to each shut-in one of `parts`, for a root of a pascal between them (inf; 0 for none), and how far
    the pressure that drives it is above the accumulator's (n,).

    `trial` are the valves shut and the pumps off. A valve passes `leakage_frac` of what its open segment would: q = f sqrt(dp/R). Ways in series
    add as 1/q^2, side by side as q, their pressures as they pass. RangeError for a leaking valve on a segment without loss.
    """
    piece = node_pieces(plant, *trial)
    joined: dict[int, list[_Way]] = {}
    for name, share in leakage_frac.items():
        edge = plant.valve_edge[name]
        for here, there in ((plant.tail[edge], plant.head[edge]), (plant.head[edge], plant.tail[edge])):
            joined.setdefault(int(piece[here]), []).append((int(piece[there]), _passes(plant, edge, share), int(there)))
    own = next(part for part in parts if part.live)
    fed = int(piece[plant.accumulator])
    return [
        _together(_ways(joined, int(piece[plant.middle[part.segments[0]]]), fed), own)
        for part in parts
        if not part.live
    ]


def _together(ways: Sequence[tuple[float, int]], own: Part) -> tuple[float, Array]:
    """All ways into a piece as one; those without any loss alone count where there are such."""
    total = float(sum(passes for passes, _ in ways))
    if not ways:
        return 0.0, np.zeros(own.above_Pa.shape[0])
    weight = [float(np.isinf(passes)) if np.isinf(total) else passes for passes, _ in ways]
    return total, np.asarray(np.average(own.above_Pa[:, [node for _, node in ways]], axis=1, weights=weight))


def _passes(plant: Plant, edge: int, share: float) -> float:
    segment = plant.table.segment[edge // 2]
    if np.isinf(share):
        return share
    if not segment.loss_Pa_s2_m6.value > 0:
        remedy = "give the segment its loss: the leakage is a share of its flow"
        raise RangeError(
            "isolation", f"loss of segment {segment.name}", 0.0, "more than 0 at a valve with leakage", remedy
        )
    return share / float(np.sqrt(segment.loss_Pa_s2_m6.value))


def _ways(
    joined: Mapping[int, Sequence[_Way]], here: int, fed: int, so_far: float = 0.0, been: frozenset[int] = frozenset()
) -> list[tuple[float, int]]:
    """Every way from a piece to the fed one: what it passes, and at which node it begins; `so_far` is the sum of 1/q^2 on the way here."""
    out = []
    for there, passes, node in joined.get(here, ()):
        far = so_far + (0.0 if np.isinf(passes) else passes**-2)
        if there == fed:
            out.append((np.inf if far == 0 else float(far**-0.5), node))
        elif there not in been:
            out += _ways(joined, there, fed, far, been | {here})
    return out


@dataclass(frozen=True)
class Behind:
    """A rigid piece behind valves that pass, arrays that broadcast to (n_segment, n, n_rate).

    `level_Pa` it begins at, `fed_Pa` of the accumulator with `gas_m3` (which gives `drain_m3_s` to a hole of its own), `over_Pa` more at the valve.
    The piece loses `hole` times the root of the pressure there (`above_Pa` over the level), gets `valve` times the root of the difference,
    yields `give_m3_Pa` (V/B), and swells by `swelling_m3_s`. Its level stays from `floor_Pa` to `top_Pa`.
    """

    level_Pa: Array
    fed_Pa: Array
    over_Pa: Array
    gas_m3: Array
    drain_m3_s: Array
    hole_m3_s_Pa05: Array
    above_Pa: Array
    valve_m3_s_Pa05: float
    give_m3_Pa: Array
    swelling_m3_s: float
    floor_Pa: float
    top_Pa: float


def came_through(one: Behind, hold_s: float) -> tuple[Array, Array]:
    """What has come through the valves into the piece in `hold_s` (m3, negative: out of it), and its level then (Pa).

    (V/B) dp/dt = g sqrt(p_fed - p) - Cd A sqrt(2 p/rho) + dG/dt, p_fed by the gas law with what has left; the valve's term is solved exactly in
    each step, the hole's to first order.

    >>> hole, valve = 1.2e-7 / 3e5**0.5, 1e-4 / 5e11**0.5
    >>> numbers = (np.array(x) for x in (3e5, 3e5, 0.0, 4e-3, 0.0, hole, 0.0))
    >>> volume, level = came_through(Behind(*numbers, valve, np.array(4.4e-11), 0.0, 5e3, 5e5), 1200.0)
    >>> round(volume.item() * 1e6, 1), round(level.item() / 1e5, 2), round(3 / (1 + (hole / valve) ** 2), 2)  # cm3, bar; bar while the feed is 3 bar
    (74.3, 0.87, 0.88)
    """
    t_s = hold_s * _STEPS
    level, through = one.level_Pa, np.zeros(1)
    for now_s, step_s in zip(t_s, np.diff(t_s, prepend=0.0), strict=True):
        room = np.maximum(one.gas_m3 + through + one.drain_m3_s * now_s, 0.1 * one.gas_m3)
        fed = np.maximum(one.fed_Pa * one.gas_m3 / room, one.floor_Pa) + one.over_Pa
        root = np.sqrt(np.maximum(level + one.above_Pa, one.floor_Pa))
        draws, eased = (
            one.hole_m3_s_Pa05 * root - one.swelling_m3_s,
            step_s * one.hole_m3_s_Pa05 / (2 * one.give_m3_Pa * root),
        )
        pull = (fed - level) * (1 + eased) + step_s / one.give_m3_Pa * draws
        half = step_s * one.valve_m3_s_Pa05 / (2 * one.give_m3_Pa)
        flow = np.sign(pull) * (np.sqrt(half**2 + (1 + eased) * np.abs(pull)) - half) / (1 + eased)
        level = np.clip(fed - flow * np.abs(flow), one.floor_Pa, one.top_Pa)
        through = through + step_s * one.valve_m3_s_Pa05 * np.sign(fed - level) * np.sqrt(np.abs(fed - level))
    return through, level
