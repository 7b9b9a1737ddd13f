"""How many rays each facet gets: none more where nothing shades, more where a part is noisy, and a noise that is true."""

from __future__ import annotations

from types import SimpleNamespace

import made_by_hand as hand
import numpy as np
import pytest

from whipple.casefile.tables.assess_table import AssessTable
from whipple.exposure import origins
from whipple.exposure.origins import Origins, facet_order, joined_looks, looked_at, origins_needed
from whipple.exposure.read_plan import Plan
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.shapes import split_large

DIRECTIONS = hand.sky_grid().direction_lvlh[::17]
ONE = np.zeros(1, dtype=int)


def rate_of(scene):
    """What every facet receives when each direction brings one."""
    weight = np.ones((1, len(DIRECTIONS), 1, 1))

    def rate(count, number):
        order = facet_order(len(count), number)
        found = np.zeros(len(count))
        found[order] = exposure_sums(
            looked_at(scene, count, order),
            DIRECTIONS,
            weight,
            np.zeros(len(count), dtype=int),
            cos_nodes=[0.0],
            origins_per_facet=1,
            origins_per_m2=1.0,
            backend="embree",
        )[:, 0]
        return found

    return rate


def shaded(gap_m: float = 0.4):
    """A plate of 36 triangles under a small roof."""
    shapes = [split_large(hand.placed((3.0, 3.0, 0.1)), 0.6), hand.placed((0.7, 0.7, 0.05), (0.2, 0.1, -gap_m))]
    return hand.stack(shapes, [hand.part("plate"), hand.part("roof")]).surfaces


def test_a_convex_body_needs_no_second_look():
    cube = hand.cube().surfaces
    found = origins_needed(cube, ONE, rate_of(cube), 0.01)
    assert found.spread_frac.tolist() == [0.0]
    assert found.count.max() == 2 * origins.MOST_AT_FIRST
    assert found.used_count == found.count.sum()


def test_a_shaded_part_is_looked_at_until_it_is_sure_enough():
    scene = shaded()
    loose, tight = (origins_needed(scene, np.zeros(2, dtype=int), rate_of(scene), noise) for noise in (0.2, 0.002))
    assert tight.spread_frac[0] <= 0.002
    assert tight.count.sum() > 1.2 * loose.count.sum()
    more = tight.count > loose.count
    assert 0 < more.mean() < 1  # only some facets: those that decide


@pytest.mark.slow
def test_the_noise_told_is_the_noise_there_is():
    """Roofs at 8 heights, against 10 times the rays: the difference over the noise told is below 2 and above 0.2 (rms)."""
    off = []
    for gap in np.linspace(0.2, 0.9, 8):
        scene = shaded(float(gap))
        rate = rate_of(scene)
        found = origins_needed(scene, np.zeros(2, dtype=int), rate, 0.01)
        mine = scene.part_index == 0
        sums = [float((rate(count, 2) * scene.area_m2)[mine].sum()) for count in (found.count, 10 * found.count)]
        off.append((sums[0] / sums[1] - 1) / found.spread_frac[0])
    assert 0.2 < np.sqrt(np.mean(np.square(off))) < 2.0


def test_the_budget_holds_and_what_is_left_is_told(monkeypatch):
    monkeypatch.setattr(origins, "BUDGET", 0)
    scene = shaded()
    first = origins_needed(scene, np.zeros(2, dtype=int), rate_of(scene), 0.2).count.sum()
    found = origins_needed(scene, np.zeros(2, dtype=int), rate_of(scene), 1e-4)
    assert found.count.sum() <= origins.BUDGET_ratio * first
    assert found.spread_frac[0] > 1e-4


def test_a_facet_without_origins_casts_none_but_still_hides_others():
    scene = shaded()
    asked = np.where(scene.part_index == 0, 4.0, 0.0)
    rate = rate_of(scene)(asked, 0)
    assert (rate[scene.part_index == 1] == 0).all()
    whole = rate_of(scene)(np.full(len(asked), 4.0), 0)
    assert rate[scene.part_index == 0] == pytest.approx(whole[scene.part_index == 0], rel=1e-12)


def test_the_noise_is_in_the_part_in_the_interval_and_in_the_caveat():
    vehicle = hand.stack(
        [hand.placed((1.0, 3.0, 3.0)), hand.placed((0.1, 0.8, 0.8), (0.7, 0.3, 0.2))],
        [hand.part("wall"), hand.part("screen")],
    )
    plan = Plan(assess=AssessTable.model_validate({"ray_noise": 0.05}))
    risk = hand.assessed(vehicle, hand.skies(), plan)
    wall = risk.parts[0]
    assert 0 < wall.ray_noise_frac <= 0.05
    assert any(doubt.name == "number of rays" for doubt in risk.doubts)
    said = next(caveat.text for caveat in risk.caveats if caveat.code == "assess-rays")
    assert "below 5 %" in said
    assert risk.ray_count > 0
    with pytest.raises(ValueError, match="ray_noise"):
        AssessTable.model_validate({"ray_noise": 0.0})


@pytest.mark.parametrize("facets", [1, 3, 40])
def test_looks_joined_with_the_sums_are_better_and_say_how_good_they_are(facets):
    """Truth known: 2000 parts of rate 1, each facet's look scattered by 0.3, the sums' with twice the origins by 0.3/sqrt(2)."""
    rng, parts = np.random.default_rng(1), 2000
    scene = SimpleNamespace(
        part_index=np.repeat(np.arange(parts), facets), parts=range(parts), area_m2=np.ones(parts * facets)
    )
    one, other = 1 + 0.3 * rng.standard_normal((2, parts * facets))
    counted = 1 + 0.3 / np.sqrt(2) * rng.standard_normal(parts * facets)
    ratio, spread = joined_looks(scene, Origins(np.ones(1), np.ones(1), 0, np.array([one, other])), counted)
    alone = np.bincount(scene.part_index, counted) / facets
    error = alone * ratio - 1
    assert error.std() == pytest.approx(0.15 / np.sqrt(facets), rel=0.05)
    assert error.std() < 0.75 * (alone - 1).std()
    assert (np.abs(error) < 1.645 * spread * alone * ratio).mean() == pytest.approx(0.9, abs=0.025)


def test_looks_of_a_part_that_the_sums_find_dark_change_nothing():
    scene = SimpleNamespace(part_index=np.array([0, 1]), parts=range(2), area_m2=np.ones(2))
    looks = np.array([[0.2, 1.0], [0.0, 1.0]])
    ratio, spread = joined_looks(scene, Origins(np.ones(1), np.ones(1), 0, looks), np.array([0.0, 1.0]))
    assert ratio.tolist() == [1.0, 1.0]
    assert spread.tolist() == [0.0, 0.0]
