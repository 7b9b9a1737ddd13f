"""Sums over all directions: every engine gives the same, for any number of threads; arguments that do not fit are refused."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from whipple.errors import BackendError, RangeError
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.fused import every_block, fused_for
from whipple.vehicle.morton import morton_order
from whipple.vehicle.sampling import offset_m
from whipple.vehicle.shapes import Triangles, box, cylinder, sphere
from whipple.vehicle.sight import open_share
from whipple.vehicle.starts import blockers, starts_of
from whipple.vehicle.surfaces import Part, Surfaces

PLAIN = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")


def missing(*libraries: str) -> pytest.MarkDecorator:
    gone = [name for name in libraries if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(gone), reason=f"not installed: {', '.join(gone)}")


ENGINES = [
    "numpy",
    pytest.param("embree", marks=missing("embreex")),
    pytest.param("bvh", marks=missing("numba")),
    pytest.param("packets", marks=missing("numba", "embreex")),
]


def surfaces(*shapes: Triangles) -> Surfaces:
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    faces = np.vstack([shape.triangle + start for shape, start in zip(shapes, starts, strict=False)])
    return Surfaces.from_triangles(
        np.vstack([shape.vertex_m for shape in shapes]), faces, np.zeros(len(faces)), [PLAIN]
    )


def moved(shape: Triangles, by) -> Triangles:
    return Triangles(shape.vertex_m + np.asarray(by), shape.triangle)


def around(count: int) -> np.ndarray:
    i = np.arange(count) + 0.5
    height, turn = 1 - 2 * i / count, np.pi * (1 + 5**0.5) * i
    level = np.sqrt(1 - height**2)
    return np.column_stack([level * np.cos(turn), level * np.sin(turn), height])


SCENE = surfaces(box([1.0, 2.0, 0.5]), moved(sphere(1.5, 12), [2.0, 0.3, 0.1]), moved(cylinder(3.0, 0.4, 8), [0, 0, 1]))
WAYS = around(60)
RNG = np.random.default_rng(4)
NODES = np.array([0.0, 0.3, 0.6, 1.0])
WEIGHTS = RNG.uniform(0, 1, (3, 60, 4, 2))
WALLS = np.arange(len(SCENE.triangle)) % 3


def by_hand(scene: Surfaces, samples: int) -> np.ndarray:
    """The formula in plain NumPy, over the visible shares of each facet and direction."""
    share = open_share(scene, np.arange(len(scene.triangle)), WAYS, samples, backend="numpy")
    cosine = np.clip(scene.normal_body @ WAYS.T, 0, 1)
    found = np.zeros((len(scene.triangle), 2))
    for facet in range(len(found)):
        for channel in range(2):
            for way in range(len(WAYS)):
                weight = np.interp(cosine[facet, way], NODES, WEIGHTS[WALLS[facet], way, :, channel])
                found[facet, channel] += share[facet, way] * cosine[facet, way] * weight
    return found


@pytest.mark.parametrize("backend", ENGINES)
def test_the_sum_is_the_formula(backend):
    found = exposure_sums(
        SCENE, WAYS, WEIGHTS, WALLS, cos_nodes=NODES, origins_per_facet=3, origins_per_m2=0.0, backend=backend
    )
    assert found == pytest.approx(by_hand(SCENE, 3), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("backend", ENGINES[1:])
def test_shares_are_those_of_brute_force(backend):
    facets = np.array([7, 3, 3, 40])
    found = open_share(SCENE, facets, WAYS, 8, backend=backend)
    assert found == pytest.approx(open_share(SCENE, facets, WAYS, 8, backend="numpy"))


@pytest.mark.parametrize("backend", ENGINES)
def test_a_free_plate_receives_the_cosine(backend):
    plate = surfaces(Triangles(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]])))
    ways = np.array([[0.0, 0.6, 0.8], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
    found = exposure_sums(plate, ways, np.ones((1, 3, 1, 1)), [0], cos_nodes=[0.0], backend=backend)
    both = exposure_sums(plate, ways, np.ones((1, 3, 1, 1)), [0], cos_nodes=[0.0], two_sided=True, backend=backend)
    assert found[0, 0] == pytest.approx(0.8)
    assert both[0, 0] == pytest.approx(1.8)


@pytest.mark.parametrize("backend", ENGINES)
def test_of_two_opposite_sheets_each_hides_the_other(backend):
    corner = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    pair = surfaces(Triangles(corner, np.array([[0, 1, 2], [2, 1, 0]])))
    ways = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
    found = exposure_sums(
        pair, ways, np.ones((1, 2, 1, 1)), [0, 0], cos_nodes=[0.0], two_sided=True, origins_per_facet=8, backend=backend
    )
    assert found[:, 0] == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("backend", ENGINES[2:])
def test_threads_do_not_change_a_byte(backend):
    large = surfaces(*[moved(sphere(0.8, 24), [i, 0.3 * i, 0.1 * i * i]) for i in range(6)])
    wall = np.zeros(len(large.triangle), dtype=int)
    first, *others = (
        exposure_sums(large, WAYS, WEIGHTS[:1], wall, cos_nodes=NODES, backend=backend, threads=threads).tobytes()
        for threads in (1, 2, 5)
    )
    assert all(other == first for other in others)


def test_origins_follow_the_area_and_sides_lie_together():
    found = starts_of(SCENE, least=1, per_m2=20.0, two_sided=True)
    count = np.diff(found.first)
    assert count == pytest.approx(np.maximum(1, np.ceil(SCENE.area_m2[found.facet] * 20.0)))
    assert sorted(found.facet[: len(SCENE.triangle)]) == list(range(len(SCENE.triangle)))
    assert (found.normal_body[: len(SCENE.triangle)] == -found.normal_body[len(SCENE.triangle) :]).all()


def test_backs_are_not_tested_twice():
    one = surfaces(Triangles(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2], [2, 1, 0]])))
    assert len(blockers(one)) == 1


def test_only_the_same_three_corners_are_one_blocker_and_the_first_stays():
    faces = np.array([[0, 5, 7], [5, 7, 0], [0, 5, 6], [7, 5, 0], [1, 5, 7], [6, 0, 5], [5, 1, 7]])
    found = blockers(surfaces(Triangles(np.random.default_rng(3).uniform(0, 1, (8, 3)), faces)))
    assert found.tolist() == faces[[0, 2, 4]].tolist()


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("sides", [0, 1, 65, 4097, 50_000])
def test_every_block_is_walked_once_and_the_last_tasks_are_small(sides, threads):
    met: list[tuple[int, int]] = []
    every_block(sides, met.append, threads)
    blocks = -(-sides // 64)
    assert sorted(block for task in met for block in range(*task)) == list(range(blocks))
    assert all(end - begin <= max(1, min(8, -(-(blocks - begin) // 8))) for begin, end in met)


def test_the_offset_grows_with_the_vehicle():
    assert offset_m(SCENE) == pytest.approx(1e-4)
    large = Surfaces.from_triangles(SCENE.vertex_m * 100, SCENE.triangle, SCENE.part_index, SCENE.parts)
    assert offset_m(large) == pytest.approx(16 * np.spacing(np.float32(np.ptp(large.vertex_m, axis=0).max() / 2)))


def test_morton_order_is_a_walk_of_short_steps():
    point = RNG.uniform(0, 1, (4000, 3))
    walked = point[morton_order(point)]
    assert np.linalg.norm(np.diff(walked, axis=0), axis=1).mean() < 0.2 * 0.66
    assert morton_order(np.zeros((0, 3))).tolist() == []


BAD = {
    "directions_body": {"directions_body": WAYS * 2},
    "weights": {"weights": WEIGHTS[:, :5]},
    "nan": {"weights": np.where(WEIGHTS > 0.5, np.nan, WEIGHTS)},
    "cos_nodes": {"cos_nodes": [0.1, 0.3, 0.6, 1.0]},
    "wall_of_facet": {"wall_of_facet": WALLS + 5},
    "origins_per_facet": {"origins_per_facet": 0},
    "threads": {"threads": 0},
    "backend": {"backend": "cuda"},
}


@pytest.mark.parametrize("what", BAD)
def test_arguments_that_do_not_fit_are_refused(what):
    good = {"directions_body": WAYS, "weights": WEIGHTS, "wall_of_facet": WALLS, "cos_nodes": NODES, "backend": "numpy"}
    with pytest.raises(RangeError, match=what):
        exposure_sums(SCENE, **(good | BAD[what]))


def test_without_a_compiler_the_arrays_answer(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr("whipple.vehicle.fused.find_spec", lambda name: None if name == "numba" else real(name))
    assert fused_for(SCENE, "auto") is None
    with pytest.raises(BackendError, match="whipple\\[fast\\]"):
        fused_for(SCENE, "packets")


@missing("numba")
def test_without_embree_the_own_tree_answers(monkeypatch):
    monkeypatch.setattr("whipple.vehicle.rays.embree_scene.find_spec", lambda name: None)
    engine = fused_for(SCENE, "auto")
    assert engine is not None
    assert engine.name == "bvh"
    with pytest.raises(BackendError, match="embreex"):
        fused_for(SCENE, "packets")
