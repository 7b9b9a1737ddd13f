"""Rays need not look nearer than this: no ray that rises from its facet meets anything there, and neighbours on one plane share the answer."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from whipple.vehicle.balance import directions_around
from whipple.vehicle.fused import fused_for, job_of
from whipple.vehicle.shapes import Triangles, box, cylinder, sphere, split_large
from whipple.vehicle.sight import GRAZING, rays_for
from whipple.vehicle.starts import starts_of
from whipple.vehicle.surfaces import Part, Surfaces

pytestmark = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed")
PLAIN = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")


def surfaces(*shapes: Triangles, facet_m2: float = np.inf) -> Surfaces:
    start = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    faces = np.vstack([shape.triangle + at for shape, at in zip(shapes, start, strict=False)])
    whole = Triangles(np.vstack([shape.vertex_m for shape in shapes]), faces)
    cut = split_large(whole, facet_m2) if np.isfinite(facet_m2) else whole
    return Surfaces.from_triangles(cut.vertex_m, cut.triangle, np.zeros(len(cut.triangle)), [PLAIN])


def moved(shape: Triangles, by: list[float]) -> Triangles:
    return Triangles(shape.vertex_m + np.asarray(by), shape.triangle)


def nears(whole: Surfaces, count: int = 300, least: int = 1):
    """The job whose `near` the own tree has filled, and its starts."""
    engine, starts = fused_for(whole, "bvh"), starts_of(whole, least=least, per_m2=0.0)
    assert engine is not None
    job = job_of(engine, starts, directions_around(count))
    engine.share_blocks(job, (0, -(-len(starts.facet) // 64)), np.zeros((len(starts.facet), count)))
    return job.near, starts


def test_nothing_is_met_nearer():
    """Bodies that touch, pierce and shadow one another, a gap of 2 mm among them; brute force looks as far as `near` and finds nothing."""
    crowd = surfaces(
        box([2.0, 1.0, 0.5]), moved(cylinder(3.0, 0.4, 12), [0, 0, 0.2]), moved(sphere(0.5, 8), [1.2, 0.1, 0.3]),
        moved(box([2.0, 1.0, 0.1]), [0, 0, 0.552]), facet_m2=0.2,
    )  # fmt: skip
    near, starts = nears(crowd, least=2)
    way = directions_around(30)
    start, number = np.nonzero(starts.normal_body[starts.side] @ way.T > GRAZING)
    asked = near[start] > 0
    start, number = start[asked], number[asked]
    met = rays_for(crowd, "numpy").any_hit(starts.origin_m[start], way[number], near[start])
    assert len(met) > 1000
    assert not met.any()


def test_in_the_open_it_is_far():
    """A plate in fine facets, a small one above it: the plate's own facets do not count; the farthest asked for is an eighth of 2 m."""
    plates = surfaces(box([4.0, 4.0, 0.1]), moved(box([0.2, 0.2, 0.01]), [0.0, 0.0, 0.2]), facet_m2=0.05)
    near, starts = nears(plates)
    top = (starts.normal_body[:, 2] > 0.9) & (np.abs(starts.origin_m[:, 2] - 0.05) < 0.01)
    apart = np.linalg.norm(np.maximum(np.abs(starts.origin_m[top][:, :2]) - 0.1, 0), axis=1)
    height = 0.2 - 0.005 - 0.05
    expected = np.minimum(np.hypot(apart, height), 0.25)
    assert (near[top] <= expected + 1e-4).all()
    assert np.median(near[top] / expected) > 0.7
    assert near[top].min() > 0.25 * 0.145


def test_few_directions_do_not_ask():
    assert (nears(surfaces(sphere(1.0, 10)), count=100)[0] == 0).all()
