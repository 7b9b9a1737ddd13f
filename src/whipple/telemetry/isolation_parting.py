"""Two segments that no allowed test tells apart: which valve, meter or gauge would do it, and how good must it be?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.casefile.tables.loop import GaugeTable, LoopTable, MeterTable, ValveTable
from whipple.telemetry.isolation_belief import Belief
from whipple.telemetry.isolation_cells import Trial, cells_of
from whipple.telemetry.isolation_likelihood import running_forecast
from whipple.telemetry.isolation_plan import ValveTest, parting_test, settings_of
from whipple.telemetry.isolation_plant import plant_of

__all__ = ["Instrument", "instruments_that_part", "parting_words", "rivals_of", "valve_that_parts"]

#: Two normal readings this many sigma apart are told from each other 19 times in 20.
_APART_SIGMA = 3.29
#: An accuracy better than this is not asked for: of the flow, and in Pa.
_FINEST = {"meter": 1e-5, "gauge": 0.1}
_COARSEST = {"meter": 0.1, "gauge": 1e5}
_HOLD_S, _SURE_PROB, _NORMAL_90 = 1800.0, 0.95, 3.29


@dataclass(frozen=True)
class Instrument:
    """Meters at the inlets of segments, or gauges at nodes (`places`), which would tell two segments apart while the loop runs.

    `accuracy` is 1 sigma of a change between two averaged readings: for "meter" of the flow, for "gauge" in Pa.
    """

    kind: str
    places: tuple[str, ...]
    accuracy: float


def rivals_of(belief: Belief, groups: Sequence[Sequence[int]], *, tests: int) -> tuple[int, int] | None:
    """The leading segment and the likeliest that no test parts from it; None when it is all but certain, or a test would tell.

    >>> from whipple.telemetry.isolation_belief import believe
    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> belief = believe(candidates(plant_of(ring_loop()), np.random.default_rng(1), 2))
    >>> rivals_of(belief, ((0, 1), (2, 3)), tests=3)
    (0, 1)
    """
    prob = belief.segment_prob
    first = int(np.argmax(prob))
    group = [i for i in next((g for g in groups if first in g), ()) if i != first]
    others = group or ([i for i in range(prob.size) if i != first] if tests == 0 else [])
    if not others or prob[first] > _SURE_PROB:
        return None
    return first, max(others, key=lambda i: prob[i])


def valve_that_parts(
    belief: Belief, pair: tuple[int, int], level_Pa: float, rng: np.random.Generator, at_once: int
) -> tuple[ValveTable, ValveTest] | None:
    """One more valve, at an end of either segment, and the shortest allowed test with it that tells them apart; None when none does."""
    plant, found = belief.cells.plant, []
    for segment in (plant.segments[i] for i in pair):
        for valve in (
            ValveTable(name=f"a new valve at the inlet of {segment}", segment=segment, end="from"),
            ValveTable(name=f"a new valve at the outlet of {segment}", segment=segment, end="to"),
        ):
            test = _shut_with(belief, valve, pair, level_Pa, rng, at_once)
            if test is not None:
                found.append((valve, test))
    return min(found, key=lambda one: one[1].hold_s) if found else None


def _shut_with(
    belief: Belief, valve: ValveTable, pair: tuple[int, int], level_Pa: float, rng: np.random.Generator, at_once: int
) -> ValveTest | None:
    """The shortest allowed test that shuts this new valve and tells the pair apart; None where one stands there already, or none does."""
    table, cells = belief.cells.plant.table, belief.cells
    if any((v.segment, v.end) == (valve.segment, valve.end) for v in table.valve):
        return None
    plant = plant_of(table.model_copy(update={"valve": (*table.valve, valve)}))
    settings = [s for s in settings_of(plant, cells.unknowns, at_once) if valve.name in s.closed]
    return parting_test(Belief(replace(cells, plant=plant), belief.weight_nat), settings, pair, level_Pa, rng)


def parting_words(
    belief: Belief, pair: tuple[int, int], level_Pa: float, rng: np.random.Generator, at_once: int
) -> tuple[str, ...]:
    """What would tell these two apart, a sentence each; the last says so when nothing that was tried would."""
    names = belief.cells.plant.segments
    what, out = f"{names[pair[0]]} and {names[pair[1]]}", []
    valve = valve_that_parts(belief, pair, level_Pa, rng, at_once)
    if valve is not None:
        closed = sorted(valve[1].setting.closed - {valve[0].name})
        beside = f", shut together with {' and '.join(closed)}" if closed else ""
        out.append(
            f"{valve[0].name[0].upper()}{valve[0].name[1:]}{beside} for {valve[1].hold_s / 60:.0f} min would tell {what} apart."
        )
    for one in instruments_that_part(belief, pair):
        many, good = len(one.places) > 1, one.accuracy if one.kind == "gauge" else 100 * one.accuracy
        noun = ("Flow meters at the inlets" if many else "A flow meter at the inlet") + " of"
        if one.kind == "gauge":
            noun = "Pressure gauges at the nodes" if many else "A pressure gauge at the node"
        steady = f"steady to about {float(f'{good:.1g}'):g} {'Pa' if one.kind == 'gauge' else '% of the flow'} from before the leak on"
        out.append(f"{noun} {' and '.join(one.places)}, {steady}, would tell {what} apart while the loop runs.")
    return tuple(out) or (
        f"No single new valve, and no pair of meters or gauges that can be had, would tell {what} apart.",
    )


def instruments_that_part(belief: Belief, pair: tuple[int, int]) -> list[Instrument]:
    """Meters and gauges, as few as do it and each as coarse as may be, that would have told these two apart on the running loop.

    Half an hour of the leak as it is now believed: what each reading changes by, against noise, drift and temperature as the running loop's
    likelihood has them. Nothing is listed that would have to be better than 1e-5 of the flow or 0.1 Pa.
    """
    model = _Everywhere.of(belief, pair)
    return [best for kind in ("meter", "gauge") if (best := _fewest(model, kind)) is not None]


def _fewest(model: _Everywhere, kind: str) -> Instrument | None:
    """One instrument of a kind, else two: the coarsest that does."""
    free = [k for k in range(len(model.kinds)) if model.kinds[k] == kind and not model.own[k] and model.useful[k]]
    for count in (1, 2):
        tried = [(model.needed(added, kind), added) for added in combinations(free, count)]
        good = [(accuracy, added) for accuracy, added in tried if accuracy > 0]
        if good:
            accuracy, added = max(good, key=lambda one: one[0])
            return Instrument(kind, tuple(model.places[k] for k in added), accuracy)
    return None


@dataclass(frozen=True)
class _Everywhere:
    """Readings (n_seen,) as if every node had a gauge and every segment a meter: how the two differ (`apart`), what they share in
    disturbance (`wander`), the noise of those that are there (`own`, `noise`), and the flow at each meter (else 1). `useful`: not a meter where
    less flows than leaks."""

    kinds: tuple[str, ...]
    places: tuple[str, ...]
    own: npt.NDArray[np.bool_]
    apart: Array
    wander: Array
    noise: Array
    flow_m3_s: Array
    useful: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, belief: Belief, pair: tuple[int, int]) -> _Everywhere:
        plant = belief.cells.plant
        table, own = _all_seen(plant.table)
        low, rate, high = belief.rate_m3_s([0.05, 0.5, 0.95])
        cells = cells_of(plant_of(table), belief.cells.unknowns, np.array([rate, rate * 1.01]))
        before = plant.pressure_Pa + np.median(cells.pattern.node_Pa[:, cells.plant.gauge_node], axis=0)
        none = np.zeros(len(table.meter))
        mean, covariance = running_forecast(
            cells, Trial(frozenset(), frozenset(), _HOLD_S, before, before, before, none)
        )
        told = np.median(mean, axis=1)
        slope = (told[pair[0], 1] - told[pair[0], 0]) / np.log(1.01) * np.log(high / low) / _NORMAL_90
        noise = np.sqrt(2) * np.concatenate([cells.plant.gauge_Pa, cells.plant.meter_m3_s])
        flow = np.concatenate([np.ones(len(table.gauge)), np.median(np.abs(cells.pattern.meter_m3_s), axis=0)])
        wander = covariance - np.diag(noise**2) + np.outer(slope, slope)
        return cls(
            ("gauge",) * len(table.gauge) + ("meter",) * len(table.meter), tuple(g.node for g in table.gauge) + tuple(m.segment for m in table.meter),
            own, told[pair[0], 0] - told[pair[1], 0], wander, noise, flow, flow > rate,
        )  # fmt: skip

    def needed(self, added: tuple[int, ...], kind: str) -> float:
        """The coarsest accuracy of these instruments that does, beside those that are there; 0 when not even the finest does."""
        tried = np.geomspace(_COARSEST[kind], _FINEST[kind], 29)
        return next((float(x) for x in tried if self._sigma(added, x) >= _APART_SIGMA), 0.0)

    def _sigma(self, added: tuple[int, ...], accuracy: float) -> float:
        """How many sigma apart the two segments are with these instruments."""
        kept = [*np.flatnonzero(self.own), *added]
        noise = np.where(self.own, self.noise, accuracy * self.flow_m3_s)[kept]
        apart = self.apart[kept]
        return float(np.sqrt(apart @ np.linalg.solve(self.wander[np.ix_(kept, kept)] + np.diag(noise**2), apart)))


def _all_seen(table: LoopTable) -> tuple[LoopTable, npt.NDArray[np.bool_]]:
    """The loop with a gauge at every node and a meter on every segment, those that are there first; which of all those are there."""
    nodes = dict.fromkeys(node for s in table.segment for node in (s.from_node, s.to_node))
    fine = {unit: Given(0.0, 0.0, 0.0, unit) for unit in ("Pa", "m**3/s", "")}
    gauges = [
        GaugeTable.model_construct(channel=f"gauge at {n}", node=n, accuracy_Pa=fine["Pa"], full_scale_Pa=None)
        for n in nodes
        if n not in {g.node for g in table.gauge}
    ]
    meters = [
        MeterTable.model_construct(
            channel=f"meter on {s.name}", segment=s.name, accuracy_m3_s=fine["m**3/s"], steady_ratio=fine[""]
        )
        for s in table.segment
        if s.name not in {m.segment for m in table.meter}
    ]
    own = [*[True] * len(table.gauge), *[False] * len(gauges), *[True] * len(table.meter), *[False] * len(meters)]
    return table.model_copy(update={"gauge": (*table.gauge, *gauges), "meter": (*table.meter, *meters)}), np.array(own)
