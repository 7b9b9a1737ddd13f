"""Laws of sight: reciprocity, invariance, and areas that do not depend on how a shape is cut."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.vehicle.placement import Placement, axes_along
from whipple.vehicle.shapes import Triangles, box, cylinder, sphere, split_large
from whipple.vehicle.sight import blocked, projected_area_m2
from whipple.vehicle.surfaces import Part, Surfaces
from whipple.vehicle.view_factors import view_factors

PLAIN = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
SIZES = st.floats(0.2, 3.0)
SEEDS = st.integers(0, 2**31)


def surfaces(*shapes: Triangles) -> Surfaces:
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    faces = np.vstack([shape.triangle + start for shape, start in zip(shapes, starts, strict=False)])
    return Surfaces.from_triangles(
        np.vstack([s.vertex_m for s in shapes]),
        faces,
        np.repeat(np.arange(len(shapes)), [len(s.triangle) for s in shapes]),
        [PLAIN] * len(shapes),
    )


def moved(shape: Triangles, by) -> Triangles:
    return Triangles(shape.vertex_m + np.asarray(by), shape.triangle)


@settings(max_examples=20, deadline=None)
@given(SEEDS, SIZES)
def test_if_a_sees_b_then_b_sees_a(seed, size):
    rng = np.random.default_rng(seed)
    scene = surfaces(box([size, 1.0, 0.7]), moved(sphere(1.0, 10), [0.0, 2.0, 0.0]))
    one, other = rng.uniform(-4, 4, (2, 50, 3))
    length = np.linalg.norm(other - one, axis=1)
    way = (other - one) / length[:, None]
    assert (blocked(scene, one, way, length) == blocked(scene, other, -way, length)).mean() > 0.97
    clear = ~blocked(scene, one, way, np.inf)
    assert not blocked(scene, one[clear], way[clear], length[clear]).any()


@settings(max_examples=15, deadline=None)
@given(SEEDS, SIZES, SIZES, SIZES)
def test_mean_shadow_of_a_convex_solid_is_a_quarter_of_its_surface(seed, a, b, c):
    i = np.arange(600) + 0.5
    height, turn = 1 - 2 * i / 600, np.pi * (1 + 5**0.5) * i + seed % 7
    level = np.sqrt(1 - height**2)
    ways = np.column_stack([level * np.cos(turn), level * np.sin(turn), height])
    solid = surfaces(box([a, b, c]))
    assert abs(projected_area_m2(solid, ways).mean() / (solid.area_m2.sum() / 4) - 1) < 0.01


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 0.5), st.integers(6, 30))
def test_area_does_not_depend_on_the_facet_size(facet_m2, segments):
    whole = cylinder(2.0, 1.0, segments)
    assert abs(surfaces(split_large(whole, facet_m2)).area_m2.sum() / surfaces(whole).area_m2.sum() - 1) < 1e-12


@settings(max_examples=8, deadline=None)
@given(SIZES, SIZES, st.floats(1.0, 4.0))
def test_view_factor_rows_sum_to_one_and_are_reciprocal(a, b, gap):
    found = view_factors(surfaces(box([a, 1.0, 1.0]), moved(box([1.0, b, 1.0]), [0.0, 0.0, gap])), 2**9)
    assert np.abs(found.factor_ratio.sum(axis=1) + found.space_ratio - 1).max() < 1e-12
    exchange = found.factor_ratio * found.area_m2[:, None]
    assert np.abs(exchange - exchange.T).max() < 1e-12


@settings(max_examples=30, deadline=None)
@given(st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 1e-3), st.floats(-7, 7))
def test_frames_are_rotations_that_keep_distances(axis, clock):
    turn = axes_along(axis, clock)
    assert np.allclose(turn.T @ turn, np.eye(3), atol=1e-12)
    assert np.isclose(np.linalg.det(turn), 1.0)
    points = np.random.default_rng(0).standard_normal((5, 3))
    carried = Placement(turn, np.array([1.0, 2.0, 3.0])).carry(points)
    assert np.allclose(np.linalg.norm(carried[0] - carried[1]), np.linalg.norm(points[0] - points[1]))
