"""Laws of the sums over all directions: linear in the weights, blind to order and place, and never more than without shadows."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.vehicle.balance import directions_around
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.shapes import box, sphere
from whipple.vehicle.surfaces import Part, Surfaces

PLAIN = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
SEEDS = st.integers(0, 2**31)
WAYS = directions_around(48)


def scene(gap: float) -> Surfaces:
    ball, block = sphere(1.0, 10), box([1.0, 0.5, 0.5])
    faces = np.vstack([block.triangle, ball.triangle + len(block.vertex_m)])
    vertices = np.vstack([block.vertex_m, ball.vertex_m + np.array([0.3, gap, 0.1])])
    return Surfaces.from_triangles(vertices, faces, np.zeros(len(faces)), [PLAIN])


def summed(whole: Surfaces, weights: np.ndarray, **options) -> np.ndarray:
    wall = np.zeros(len(whole.triangle), dtype=int)
    return exposure_sums(whole, WAYS, weights, wall, cos_nodes=[0.0, 0.5, 1.0], **options)


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.floats(1.0, 3.0), st.floats(-2, 2), st.floats(-2, 2))
def test_sums_are_linear_in_the_weights(seed, gap, a, b):
    one, other = np.random.default_rng(seed).uniform(0, 1, (2, 1, 48, 3, 1))
    whole = scene(gap)
    joined = summed(whole, a * one + b * other)
    assert np.allclose(joined, a * summed(whole, one) + b * summed(whole, other), atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.floats(1.0, 3.0))
def test_a_shadow_only_takes_away(seed, gap):
    weights = np.random.default_rng(seed).uniform(0, 1, (1, 48, 3, 1))
    whole = scene(gap)
    alone = Surfaces.from_triangles(whole.vertex_m, whole.triangle[:12], np.zeros(12), [PLAIN])
    assert (summed(whole, weights)[:12] <= summed(alone, weights) + 1e-12).all()


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.tuples(*[st.floats(-200, 200)] * 3))
def test_sums_do_not_depend_on_where_the_vehicle_stands(seed, by):
    weights = np.random.default_rng(seed).uniform(0, 1, (1, 48, 3, 1))
    whole = scene(1.7)
    away = Surfaces.from_triangles(whole.vertex_m + np.array(by), whole.triangle, whole.part_index, whole.parts)
    assert np.abs(summed(away, weights) - summed(whole, weights)).max() <= 1.0
    assert np.median(np.abs(summed(away, weights) - summed(whole, weights))) < 1e-9


@settings(max_examples=6, deadline=None)
@given(st.lists(st.floats(0.3, 2.0), min_size=3, max_size=3), st.integers(1, 4))
def test_a_convex_solid_shows_a_quarter_of_its_surface(size, origins):
    solid = box(size)
    whole = Surfaces.from_triangles(solid.vertex_m, solid.triangle, np.zeros(12), [PLAIN])
    way = directions_around(600)
    found = exposure_sums(
        whole, way, np.ones((1, 600, 1, 1)), np.zeros(12, int), cos_nodes=[1.0], origins_per_facet=origins
    )
    assert abs((found[:, 0] * whole.area_m2).sum() / 600 / (whole.area_m2.sum() / 4) - 1) < 0.01
