"""Lines of sight: every back end answers the same; finite lengths, behind and beside are handled."""

from __future__ import annotations

import builtins
import importlib.util

import numpy as np
import pytest

from whipple.errors import BackendError, RangeError
from whipple.vehicle.sampling import lifted, samples_on
from whipple.vehicle.shapes import Triangles, box, sphere
from whipple.vehicle.sight import blocked, open_share, projected_area_m2, rays_for, silhouette_m2
from whipple.vehicle.surfaces import Part, Surfaces
from whipple.vehicle.view_factors import view_factors

PLAIN = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
BACKENDS = [
    "numpy",
    pytest.param(
        "embree",
        marks=pytest.mark.skipif(importlib.util.find_spec("embreex") is None, reason="embreex is not installed"),
    ),
    pytest.param(
        "bvh", marks=pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed")
    ),
]


def surfaces(*shapes: Triangles) -> Surfaces:
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    faces = np.vstack([shape.triangle + start for shape, start in zip(shapes, starts, strict=False)])
    return Surfaces.from_triangles(
        np.vstack([shape.vertex_m for shape in shapes]), faces, np.zeros(len(faces)), [PLAIN]
    )


def moved(shape: Triangles, by) -> Triangles:
    return Triangles(shape.vertex_m + np.asarray(by), shape.triangle)


SCENE = surfaces(box([1.0, 2.0, 0.5]), moved(sphere(1.5, 12), [2.0, 0.3, 0.1]))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_wall_blocks_only_within_its_distance(backend):
    wall = surfaces(moved(box([0.1, 4.0, 4.0]), [5.0, 0.0, 0.0]))
    start, way = np.zeros((4, 3)), np.array([[1.0, 0, 0], [1, 0, 0], [-1, 0, 0], [0, 1, 0]])
    assert blocked(wall, start, way, [10.0, 4.9, 10.0, 10.0], backend=backend).tolist() == [True, False, False, False]


@pytest.mark.parametrize("backend", BACKENDS[1:])
def test_back_ends_agree(backend):
    rng = np.random.default_rng(3)
    way = rng.standard_normal((10_000, 3))
    way /= np.linalg.norm(way, axis=1)[:, None]
    start = rng.uniform(-3, 3, (10_000, 3))
    assert (blocked(SCENE, start, way, backend=backend) == blocked(SCENE, start, way, backend="numpy")).all()
    first = rays_for(SCENE, backend).first_hit(start, way, np.inf)
    assert (first == rays_for(SCENE, "numpy").first_hit(start, way, np.inf)).mean() > 0.9999
    length = rng.uniform(0.1, 4.0, 10_000)
    ours, plain = (blocked(SCENE, start, way, length, backend=name) for name in (backend, "numpy"))
    assert (ours != plain).sum() <= 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_ray_along_an_axis_and_a_triangle_without_area(backend):
    corner = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0.5, 0.5, 0.5]])
    scene = Surfaces.from_triangles(corner, [[0, 1, 2], [3, 3, 3]], [0, 0], [PLAIN])
    start = np.array([[0.25, 0.25, 1.0], [0.0, 0.25, 1.0], [0.25, 0.25, -1.0], [0.9, 0.9, 1.0], [0.2, 0.2, 0.0]])
    way = np.array([[0.0, 0, -1], [0, 0, -1], [0, 0, 1], [0, 0, -1], [1, 0, 0]])
    rays = rays_for(scene, backend)
    assert rays.first_hit(start, way, np.inf)[:4].tolist() == [0, 0, 0, -1]
    assert rays.any_hit(start[:0], way[:0], np.inf).tolist() == []


@pytest.mark.parametrize("backend", BACKENDS)
def test_open_share_of_a_half_covered_plate(backend):
    floor = Triangles(np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]), np.array([[0, 1, 2], [0, 2, 3]]))
    roof = moved(box([0.5, 2.0, 0.1]), [0.25, 0.5, 1.0])
    share = open_share(surfaces(floor, roof), [0, 1], [[0, 0, 1.0], [0, 0, -1.0]], samples=256, backend=backend)
    assert share[:, 1].tolist() == [0.0, 0.0]
    assert share[:, 0].mean() == pytest.approx(0.5, abs=0.02)


def test_samples_follow_the_area_and_stay_on_the_facet():
    spots = samples_on(SCENE, np.arange(len(SCENE.triangle)), least=2, per_m2=50.0, most=9)
    assert np.bincount(spots.facet, spots.share_frac) == pytest.approx(1.0)
    assert np.bincount(spots.facet).min() >= 2
    assert np.bincount(spots.facet).max() <= 9
    height = np.einsum("ij,ij->i", lifted(SCENE, spots) - SCENE.centroid_m[spots.facet], SCENE.normal_body[spots.facet])
    assert height == pytest.approx(1e-4, abs=1e-9)


def test_silhouette_of_a_box_along_its_axes():
    shadow = silhouette_m2(surfaces(box([1.0, 2.0, 0.5])), np.eye(3), across=64)
    assert shadow == pytest.approx([1.0, 0.5, 2.0])
    assert projected_area_m2(surfaces(box([1.0, 2.0, 0.5])), np.eye(3)) == pytest.approx([1.0, 0.5, 2.0])


def test_an_unknown_back_end_is_refused():
    with pytest.raises(RangeError, match="'embree', 'bvh', 'numpy' or 'auto'"):
        rays_for(SCENE, "cuda")


def test_a_missing_library_names_its_install_line(monkeypatch):
    import sys

    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("embreex"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "whipple.vehicle.rays.with_embree", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BackendError, match="pip install embreex"):
        rays_for(SCENE, "embree")


def test_view_factors_ask_for_a_power_of_two():
    with pytest.raises(RangeError, match="a power of two"):
        view_factors(SCENE, 1000)
