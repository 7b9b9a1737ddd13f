"""Laws of the look ahead: finer triangles, thicker walls, shadows, several parts, moving arrays."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "assess"))

import made_by_hand as hand

from whipple.casefile.tables.assess_table import MovingTable
from whipple.exposure import origins, summing
from whipple.exposure.read_plan import Plan
from whipple.vehicle.shapes import split_large

FEW = settings(max_examples=4, deadline=None)


@FEW
@given(st.floats(0.02, 0.5), st.floats(-1.0, 1.0), st.floats(0.1, 1.0))
def test_subdividing_a_facet_changes_nothing(largest_m2, y, z):
    sky = hand.skies(hand.beam([0.5, y, z]), hand.stream())
    coarse = hand.assessed(hand.cube(), sky)
    fine = hand.assessed(hand.stack([split_large(hand.placed((1.0, 1.0, 1.0)), largest_m2)], [hand.part()]), sky)
    for one, other in zip(coarse.sources, fine.sources, strict=True):
        assert one.strike_count.median == pytest.approx(other.strike_count.median, rel=1e-9)
        assert one.puncture_count.median == pytest.approx(other.puncture_count.median, rel=1e-9)


@FEW
@given(st.floats(3e-4, 3e-3), st.floats(1.05, 3.0))
def test_a_thicker_wall_is_pierced_less_and_never_more_often_than_it_is_struck(wall_m, factor):
    thin, thick = (hand.assessed(hand.cube(wall_m=wall), hand.skies()) for wall in (wall_m, wall_m * factor))
    assert thick.sources[0].puncture_count.median < thin.sources[0].puncture_count.median
    assert (thick.facets.puncture_per_m2_s <= thin.facets.puncture_per_m2_s + 1e-30).all()


def test_nothing_behind_a_shadow():
    """A small cube inside a large one; and a plate close behind another as seen along a beam."""
    inside = hand.stack(
        [hand.placed((3.0, 3.0, 3.0)), hand.placed((1.0, 1.0, 1.0))], [hand.part("shell"), hand.part("core")]
    )
    risk = hand.assessed(inside, hand.skies())
    core = next(part for part in risk.parts if part.part == "core")
    assert core.strike_count.high == 0.0
    assert core.puncture_count.high == 0.0
    assert core.none_prob.low == 1.0
    assert core.sheltered_frac == 1.0
    assert "core" in risk.unreachable[0]
    screen = hand.stack(
        [hand.placed((0.1, 4.0, 4.0), (2.0, 0, 0)), hand.placed((0.1, 1.0, 1.0))],
        [hand.part("screen"), hand.part("behind")],
    )
    beamed = hand.assessed(screen, hand.skies(hand.beam([1.0, 0.0, 0.0])))
    assert next(part for part in beamed.parts if part.part == "behind").strike_count.high == 0.0
    assert "beam: cannot reach behind" in beamed.unreachable[-1] or "behind" in beamed.unreachable[0]


@FEW
@given(st.lists(st.floats(5e-4, 3e-3), min_size=2, max_size=4))
def test_the_chance_of_none_multiplies_over_parts(walls_m):
    shapes = [hand.placed((1.0, 1.0, 1.0), (30.0 * i, 0, 0)) for i in range(len(walls_m))]
    parts = [hand.part(f"cube {i}", wall) for i, wall in enumerate(walls_m)]
    vehicle = hand.stack(shapes, parts)
    risk = hand.assessed(vehicle, hand.skies(duration_s=1e6))
    draws = np.prod([part.none_prob.samples for part in risk.parts], axis=0)
    assert risk.total.none_prob.samples == pytest.approx(draws, rel=1e-9)
    assert risk.total.puncture_count.median >= max(part.puncture_count.median for part in risk.parts)


@FEW
@given(st.floats(0.1, 0.9), st.integers(0, 5))
def test_the_time_average_of_a_moving_array_is_the_mean_of_fixed_ones(share, seed):
    """A wing beside a body: two stretches with the Sun ahead and above, against two runs with the wing fixed, all with the same rays."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(origins, "ROUNDS", 1)
        patch.setattr(summing, "facet_order", lambda count, _: np.arange(count))
        patch.setattr(summing, "joined_looks", lambda scene, needed, _: (np.ones(len(scene.parts)), needed.spread_frac))
        _mean_of_fixed(share, seed)


def _mean_of_fixed(share, seed):
    rng = np.random.default_rng(seed)
    way = rng.normal(size=3)
    wing, body = hand.placed((0.05, 3.0, 1.0), (0, 3.0, 0)), hand.placed((1.0, 1.0, 1.0))
    vehicle = hand.stack([body, wing], [hand.part("body"), hand.part("wing")])
    one = hand.beam(way / np.linalg.norm(way))
    row = MovingTable.model_validate(
        {"name": "w", "parts": ["wing"], "axis": [0, 1, 0], "facing": [1, 0, 0], "source": "recalled"}
    )
    moving = Plan(moving=(row,))
    suns = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0))
    both = hand.skies(one, phases=[hand.phase([one], s, sun) for s, sun in zip((share, 1 - share), suns, strict=True)])
    mean = hand.assessed(vehicle, both, moving).facets.strike_per_m2_s
    fixed = [
        hand.assessed(vehicle, hand.skies(one, phases=[hand.phase([one], 1.0, sun)]), moving).facets.strike_per_m2_s
        for sun in suns
    ]
    assert mean == pytest.approx(share * fixed[0] + (1 - share) * fixed[1], rel=1e-9, abs=1e-18)


def test_two_runs_give_the_same_numbers():
    first, second = (hand.assessed(hand.cube(), hand.skies(hand.stream(level=3.0))) for _ in range(2))
    assert first.total.none_prob.samples.tobytes() == second.total.none_prob.samples.tobytes()
    assert first.facets.puncture_per_m2_s.tobytes() == second.facets.puncture_per_m2_s.tobytes()
