"""What would part two segments: the accuracy asked for is enough, and a coarser one is not."""

from __future__ import annotations

import re

import numpy as np
import pytest

from whipple.casefile.given import Given
from whipple.casefile.tables.loop import MeterTable
from whipple.telemetry.isolation_belief import Belief, believe
from whipple.telemetry.isolation_cells import Candidates, Trial, candidates
from whipple.telemetry.isolation_likelihood import running_forecast
from whipple.telemetry.isolation_parting import instruments_that_part, parting_words, rivals_of, valve_that_parts
from whipple.telemetry.isolation_plant import plant_of
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop

LOOP = ring_loop(8, (0, 4))


@pytest.fixture(scope="module")
def belief() -> Belief:
    cells = candidates(plant_of(LOOP), np.random.default_rng(1), 4)
    return believe(cells, [leaking_loop(LOOP, seed=1, segment=3, rate_per_h=0.02).first_look(1800.0)])


def metered(places: tuple[str, ...], accuracy: float) -> Candidates:
    """The ring with these meters, as good as that share of its flow of 1e-4 m3/s."""
    none, steady = Given(0.0, 0.0, 0.0, "m**3/s"), Given(accuracy, accuracy, accuracy, "")
    more = tuple(
        MeterTable.model_construct(channel=f"new {p}", segment=p, accuracy_m3_s=none, steady_ratio=steady)
        for p in places
    )
    return candidates(plant_of(LOOP.model_copy(update={"meter": (*LOOP.meter, *more)})), np.random.default_rng(1), 1)


def told_apart(cells: Candidates, pair: tuple[int, int], rate_m3_s: float) -> float:
    """How often draws from the likelihood itself are closer to the one they came from, the rate being known."""
    before = 3e5 + cells.pattern.node_Pa[0, cells.plant.gauge_node]
    still = Trial(frozenset(), frozenset(), 1800.0, before, before, before, np.zeros(cells.plant.meter_m3_s.size))
    mean, covariance = running_forecast(cells, still)
    at = int(np.argmin(np.abs(cells.rate_m3_s - rate_m3_s)))
    own, other = mean[pair[0], 0, at], mean[pair[1], 0, at]
    root = np.linalg.cholesky(covariance)
    seen = own + np.random.default_rng(2).standard_normal((400, own.size)) @ root.T
    off = [np.linalg.solve(root, (seen - one).T) for one in (own, other)]
    return float(np.mean((off[0] ** 2).sum(0) < (off[1] ** 2).sum(0)))


def test_the_meters_asked_for_tell_them_apart_and_ten_times_coarser_ones_do_not(belief: Belief) -> None:
    meters = next(one for one in instruments_that_part(belief, (0, 1)) if one.kind == "meter")
    rate = float(belief.rate_m3_s([0.5])[0])
    assert told_apart(metered(meters.places, meters.accuracy), (0, 1), rate) > 0.9
    assert told_apart(metered((), 1.0), (0, 1), rate) < 0.8


def test_a_faster_leak_needs_no_finer_instrument(belief: Belief) -> None:
    fast = believe(belief.cells, [leaking_loop(LOOP, seed=1, segment=3, rate_per_h=0.1).first_look(1800.0)])
    slow_m, fast_m = (next(x for x in instruments_that_part(b, (2, 3)) if x.kind == "meter") for b in (belief, fast))
    assert (len(fast_m.places), -fast_m.accuracy) <= (len(slow_m.places), -slow_m.accuracy)


def test_a_new_valve_stands_between_the_two(belief: Belief) -> None:
    found = valve_that_parts(belief, (0, 1), 2.8e5, np.random.default_rng(1), 2)
    assert found is not None
    valve, test = found
    assert (valve.segment, valve.end) in {("s0", "to"), ("s1", "from")}
    assert valve.name in test.setting.closed
    assert not any({0, 1} <= set(piece) for piece in test.setting.pieces)


def test_the_words_name_places_holds_and_accuracies(belief: Belief) -> None:
    words = parting_words(belief, (0, 1), 2.8e5, np.random.default_rng(1), 2)
    assert re.fullmatch(
        r"A new valve at the (outlet of s0|inlet of s1), shut together with v[04] for \d+ min would tell s0 and s1 apart.",
        words[0],
    )
    assert re.match(
        r"Flow meters? at the inlets? of .*, steady to about [\d.]+ % of the flow from before the leak on", words[1]
    )


def test_rivals_are_those_that_no_test_parts(belief: Belief) -> None:
    first = int(np.argmax(belief.segment_prob))
    group = tuple(range(4)) if first < 4 else tuple(range(4, 8))
    pair = rivals_of(belief, (group,), tests=3)
    assert pair is not None
    assert set(pair) <= set(group)
    assert rivals_of(belief, tuple((i,) for i in range(8)), tests=3) is None
    assert rivals_of(belief, tuple((i,) for i in range(8)), tests=0) is not None
    sure = np.full_like(belief.weight_nat, -60.0)
    sure[3] = -np.log(sure[3].size)
    assert rivals_of(Belief(belief.cells, sure), ((2, 3),), tests=0) is None


def test_without_a_way_that_is_said() -> None:
    """A loop that does not flow: no meter says anything, and one valve parts nothing."""
    still = LOOP.model_copy(update={"valve": (), "pump": (), "meter": ()})
    cells = candidates(plant_of(still), np.random.default_rng(1), 2)
    words = parting_words(believe(cells), (0, 1), 3e5, np.random.default_rng(1), 1)
    assert words == (
        "No single new valve, and no pair of meters or gauges that can be had, would tell s0 and s1 apart.",
    )
