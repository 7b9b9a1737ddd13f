"""Cones of directions: every direction once, neighbours together; blocks see along a cone what each ray would see alone, and nothing leaks."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from whipple.vehicle.balance import directions_around
from whipple.vehicle.fused import fused_for, job_of
from whipple.vehicle.rays.cones import LANES, cones_of
from whipple.vehicle.shapes import Triangles, box, sphere
from whipple.vehicle.sight import GRAZING, rays_for
from whipple.vehicle.starts import starts_of
from whipple.vehicle.surfaces import Part, Surfaces

PLAIN = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
NUMBA = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed")
BOTH = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("numba", "embreex")), reason="numba and embreex"
)
ENGINES = [pytest.param("bvh", "bvh", marks=NUMBA), pytest.param("packets", "embree", marks=BOTH)]


def scene(finer: int = 1) -> Surfaces:
    """Two balls and a thin box that shadow one another, 60 m off the middle of the frame."""
    shapes = [sphere(1.0, 14 * finer), sphere(0.6, 10 * finer), box([4.0, 0.02, 1.0])]
    moved = [
        Triangles(s.vertex_m + by, s.triangle)
        for s, by in zip(shapes, [[60, 0, 0], [61.5, 0.2, 0], [60, -1.3, 0]], strict=True)
    ]
    start = np.cumsum([0] + [len(s.vertex_m) for s in moved])
    faces = np.vstack([s.triangle + at for s, at in zip(moved, start, strict=False)])
    return Surfaces.from_triangles(np.vstack([s.vertex_m for s in moved]), faces, np.zeros(len(faces)), [PLAIN])


@pytest.mark.parametrize("count", [1, 7, 600, 5000])
def test_every_direction_is_in_one_cone(count):
    way = directions_around(count)
    found = cones_of(way)
    named = np.concatenate([row[:lanes] for row, lanes in zip(found.way, found.lanes, strict=True)])
    assert sorted(named) == list(range(count))
    assert found.lanes.max() <= LANES
    for cone, lanes in enumerate(found.lanes):
        assert found.part[cone, :, :lanes] == pytest.approx(way[found.way[cone, :lanes]].T)
        assert (found.part[cone, :, lanes:] == 0).all()
        main = np.abs(found.part[cone, :, 0]).argmax()
        along = found.part[cone, main, :lanes] * np.sign(found.part[cone, main, 0])
        assert (along > 0.57).all()
        slope = np.delete(found.part[cone, :, :lanes], main, axis=0) / along
        assert found.width[cone] == pytest.approx(np.ptp(slope, axis=1).max(), abs=1e-6)


def test_five_thousand_directions_make_narrow_cones():
    assert np.median(cones_of(directions_around(5000)).width) < 0.4


@pytest.mark.parametrize(("fused", "single"), ENGINES)
@pytest.mark.parametrize(
    ("count", "finer"), [(40, 1), (3000, 1), (600, 3)], ids=["wide cones", "narrow cones", "fine mesh"]
)
def test_a_cone_sees_what_its_rays_see_alone(fused, single, count, finer):
    whole, way = scene(finer), directions_around(count)
    starts, rays = starts_of(whole, least=1, per_m2=0.0), fused_for(whole, fused)
    assert rays is not None
    share = np.zeros((len(starts.facet), count))
    rays.share_blocks(job_of(rays, starts, way), (0, -(-len(share) // 64)), share)
    side, number = np.nonzero(starts.normal_body @ way.T > GRAZING)
    free = ~rays_for(whole, single).any_hit(starts.origin_m[side], way[number], np.inf)
    assert (share[side, number] == free).all()
    assert share.sum() == free.sum()
    assert 0.5 < free.mean() < 0.95


@pytest.mark.parametrize(("fused", "_single"), ENGINES)
def test_no_ray_of_a_cone_leaks_at_an_edge(fused, _single):
    """From inside a closed ball, 37 m off, toward its corners and the middles of its edges: nothing gets out (corners: 1 in 100 with Embree)."""
    ball = sphere(10.0, 40)
    inward = Surfaces.from_triangles(
        np.vstack([ball.vertex_m + np.array([37.0, 0, 5]), [[37.2, 0.1, 5.3], [37.3, 0.1, 5.3], [37.2, 0.2, 5.3]]]),
        np.vstack([ball.triangle, len(ball.vertex_m) + np.array([[0, 1, 2], [0, 2, 1]])]),
        np.zeros(len(ball.triangle) + 2), [PLAIN],
    )  # fmt: skip
    starts = starts_of(inward, least=1, per_m2=0.0, chosen=np.array([len(ball.triangle), len(ball.triangle) + 1]))
    corner = ball.vertex_m + np.array([37.0, 0, 5])
    middle = corner[ball.triangle[:, :2]].mean(axis=1)
    for target, lost in ((middle, 0.0), (corner, 0.01 if fused == "packets" else 0.0)):
        way = target - starts.origin_m[0]
        way /= np.linalg.norm(way, axis=1)[:, None]
        rays = fused_for(inward, fused)
        assert rays is not None
        share = np.zeros((2, len(way)))
        rays.share_blocks(job_of(rays, starts, way), (0, 1), share)
        assert share.mean() <= lost
