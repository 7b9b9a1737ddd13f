"""Does the room answer on a small stack and on the bundled case, and stay calm when evidence is missing?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.hole import Hole
from whipple.contamination import where_it_went
from whipple.contamination.exits import exits_of
from whipple.contamination.spots import exposed_spots
from whipple.vehicle import build
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

HOLE = Hole(
    "external", None, Estimate(8e-4, 7e-4, 9e-4, "m"), (), {}, Estimate(7e-3, 5e-3, 9e-3, "kg/s"), None, None, None,
    Estimate(28.0, 20.0, 32.0, "kg"), None, Estimate(2e4, 1e4, 4e4, "s"), None, True, "",
)  # fmt: skip


def square(x_m: float, side_m: float, facing: float) -> tuple[list[list[float]], list[list[int]]]:
    """A square in the plane X = x, its normal along X with this sign."""
    half = side_m / 2
    corners = [[x_m, -half, -half], [x_m, half, -half], [x_m, half, half], [x_m, -half, half]]
    turns = [[0, 1, 2], [0, 2, 3]] if facing > 0 else [[0, 2, 1], [0, 3, 2]]
    return corners, turns


def small_stack(shield: bool) -> Stack:
    """The hole at the origin spraying along X; a solar array 10 m ahead facing it; if asked a shield between."""
    plates = [("hole", 0.0, 0.2, 1.0), ("array", 10.0, 4.0, -1.0)] + ([("shield", 5.0, 8.0, 1.0)] if shield else [])
    vertices, triangles, index, parts = [], [], [], []
    for number, (name, x_m, side_m, facing) in enumerate(plates):
        corners, turns = square(x_m, side_m, facing)
        triangles += [[len(vertices) + corner for corner in turn] for turn in turns]
        vertices += corners
        index += [number, number]
        parts.append(Part(name, name, "solar cells", 0, 0, 0, 0.5, 0.5, 310.0 if name == "array" else 150.0, "none"))
    surfaces = Surfaces.from_triangles(vertices, triangles, index, parts)
    axis = np.array([[1.0, 0.0, 0.0]])
    return Stack(surfaces, np.eye(3), "hole", np.zeros(3), axis, np.ones(1), np.zeros(3), np.eye(3), 1.0)


def test_an_array_in_the_jet_is_hit(case: Case, sky: Any) -> None:
    deposit = where_it_went(case, small_stack(shield=False), HOLE, sky)
    (array,) = deposit.surfaces
    assert array.surface == "array"
    assert array.line_of_sight
    assert array.off_axis_rad < 0.1
    assert array.distance_m == pytest.approx(9.7, abs=0.1)
    # half of 7 g/s as droplets in a 20 degree cone, half as vapour: 1e-4 to 4e-4 kg/m2/s at 9.7 m
    assert 1e-4 < array.arrival_kg_m2_s.median < 4e-4
    assert array.residue_m.median > 1e-9
    assert array.film_life_s.median < 1e-3
    assert "in view" in array.sentence


def test_a_shield_hides_the_array(case: Case, sky: Any) -> None:
    deposit = where_it_went(case, small_stack(shield=True), HOLE, sky)
    array = next(one for one in deposit.surfaces if one.surface == "array")
    assert not array.line_of_sight
    assert array.arrival_kg_m2_s.high == 0.0
    assert array.residue_m.caveats[0].code == "contamination-hidden"
    assert "hidden" in array.sentence


def test_the_bundled_case_names_up_to_ten_surfaces(case: Case, sky: Any) -> None:
    stack = build(case)
    deposit = where_it_went(case, stack, HOLE, sky)
    names = [one.surface for one in deposit.surfaces]
    assert 5 <= len(names) <= 10
    assert len(set(names)) == len(names)
    assert stack.site_part not in names
    assert any("array" in name for name in names)
    assert deposit.flash_frac is not None
    assert deposit.flash_frac.median == pytest.approx(0.494, abs=0.01)
    assert deposit.droplet_temperature_K is not None
    assert deposit.droplet_temperature_K.low >= 165.77
    assert deposit.droplet_temperature_K.high < 185
    assert "cannot stay" in deposit.headline
    assert all(one.film_life_s.high < 1.0 for one in deposit.surfaces), (
        "no surface is cold enough to hold pure isooctane"
    )


def test_more_flow_brings_more(case: Case, sky: Any) -> None:
    once = where_it_went(case, small_stack(False), HOLE, sky).surfaces[0]
    flow = HOLE.flow_kg_s
    assert flow is not None
    twice = where_it_went(case, small_stack(False), replace(HOLE, flow_kg_s=flow.scaled(2.0, "kg/s")), sky).surfaces[0]
    assert twice.arrival_kg_m2_s.median == pytest.approx(2 * once.arrival_kg_m2_s.median, rel=1e-9)
    assert twice.column_per_m2.median == pytest.approx(2 * once.column_per_m2.median, rel=1e-9)


def test_missing_evidence_is_a_caveat(case: Case, sky: Any) -> None:
    stack = small_stack(False)
    for hole in (None, replace(HOLE, flow_kg_s=None)):
        deposit = where_it_went(case, stack, hole, None)
        assert deposit.surfaces == ()
        assert deposit.flash_frac is not None
        assert {"contamination-no-flow", "contamination-no-sky"} <= {one.code for one in deposit.caveats}
    empty = where_it_went(replace(case, loops=()), stack, HOLE, sky)
    assert empty.flash_frac is None
    assert [one.code for one in empty.caveats] == ["contamination-no-loop"]


def test_same_seed_same_answer(case: Case, sky: Any) -> None:
    first, second = (where_it_went(case, small_stack(False), HOLE, sky) for _ in range(2))
    assert first.headline == second.headline
    assert first.surfaces == second.surfaces


def test_spots_face_the_source() -> None:
    stack = small_stack(shield=False)
    (spot,) = exposed_spots(stack, exits_of(stack))
    assert spot.sensitive
    assert spot.facing_ratio[0] > 0.99
    assert spot.seen_frac.tolist() == [1.0]
