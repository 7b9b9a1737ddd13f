"""What does a part look like? Triangles of the primitive shapes, in the part's own axes: x along the axis, winding outward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["Triangles", "box", "cone", "cylinder", "plate", "sphere", "split_large", "tube"]

#: Corners of a box as signs of x, y, z, and its twelve outward triangles.
_BOX_CORNER = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)
_BOX_FACE = np.array(
    [
        [0, 1, 3],
        [0, 3, 2],
        [4, 6, 7],
        [4, 7, 5],
        [0, 4, 5],
        [0, 5, 1],
        [2, 3, 7],
        [2, 7, 6],
        [0, 2, 6],
        [0, 6, 4],
        [1, 5, 7],
        [1, 7, 3],
    ]
)


@dataclass(frozen=True)
class Triangles:
    """A bare shape: `vertex_m` (n_vertex, 3) and `triangle` (n, 3), counter-clockwise seen from outside."""

    vertex_m: Array
    triangle: npt.NDArray[np.int64]


def _turned(profile_m: Sequence[tuple[float, float]], segments: int, *, ring: bool = False) -> Triangles:
    """A profile of (x, radius) points turned about the x axis; `ring` joins the last point to the first.

    Radii are widened so that the polygon has the perimeter of the circle: side areas are exact for any number of segments.
    Facet normals lie at multiples of 2 pi / segments from the y axis.
    """
    angle = (np.arange(segments) + 0.5) * 2 * np.pi / segments
    wide = (np.pi / segments) / np.sin(np.pi / segments)
    vertices: list[Array] = []
    rings: list[npt.NDArray[np.int64]] = []
    for x_m, radius_m in profile_m:
        start = sum(len(row) for row in vertices)
        turn = angle if radius_m > 0 else angle[:1]
        rows = np.column_stack(
            [np.full(len(turn), x_m), wide * radius_m * np.cos(turn), wide * radius_m * np.sin(turn)]
        )
        vertices.append(rows)
        rings.append(start + np.arange(segments) % len(turn))
    pairs = list(zip(rings, rings[1:] + rings[:1], strict=True))
    faces = [_between(here, there) for here, there in (pairs if ring else pairs[:-1])]
    return Triangles(np.vstack(vertices), np.vstack(faces))


def _between(here: npt.NDArray[np.int64], there: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    after, beyond = np.roll(here, -1), np.roll(there, -1)
    faces = np.vstack([np.column_stack([here, beyond, there]), np.column_stack([here, after, beyond])])
    kept = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    return faces[kept]


def cone(
    length_m: float, diameter_m: float, end_diameter_m: float, segments: int = 16, *, closed: bool = True
) -> Triangles:
    """A truncated cone from x = 0 (`diameter_m`) to `length_m` (`end_diameter_m`); without its ends when not `closed`.

    >>> cone(1.0, 2.0, 2.0, 24, closed=False).triangle.shape
    (48, 3)
    """
    side = [(0.0, diameter_m / 2), (length_m, end_diameter_m / 2)]
    profile = [(0.0, 0.0), *side, (length_m, 0.0)] if closed else side
    return _turned([point for i, point in enumerate(profile) if i == 0 or point != profile[i - 1]], segments)


def cylinder(length_m: float, diameter_m: float, segments: int = 16, *, closed: bool = True) -> Triangles:
    """A cylinder from x = 0 to `length_m`; an open one is a band that shows its outside only."""
    return cone(length_m, diameter_m, diameter_m, segments, closed=closed)


def tube(length_m: float, diameter_m: float, wall_m: float, segments: int = 16) -> Triangles:
    """A hollow cylinder open at both ends: outer and inner wall and the two rims."""
    outer, inner = diameter_m / 2, diameter_m / 2 - wall_m
    return _turned([(0.0, inner), (0.0, outer), (length_m, outer), (length_m, inner)], segments, ring=True)


def sphere(diameter_m: float, segments: int = 16) -> Triangles:
    """A sphere about the origin; `segments` around, half as many from pole to pole."""
    tilt = np.pi * np.arange(segments // 2 + 1) / (segments // 2)
    radius = diameter_m / 2
    profile = [
        (-radius * float(np.cos(a)), 0.0 if i in (0, segments // 2) else radius * float(np.sin(a)))
        for i, a in enumerate(tilt)
    ]
    return _turned(profile, segments)


def box(size_m: Sequence[float]) -> Triangles:
    """A box about the origin, `size_m` along x, y, z.

    >>> box([1.0, 2.0, 3.0]).vertex_m.max(axis=0).tolist()
    [0.5, 1.0, 1.5]
    """
    return Triangles(_BOX_CORNER * np.asarray(size_m, dtype=float) / 2, _BOX_FACE.copy())


def plate(size_m: Sequence[float], thickness_m: float) -> Triangles:
    """A thin closed plate about the origin with its normal along x, `size_m` along y and z: two faces, never one sheet."""
    return box([thickness_m, size_m[0], size_m[1]])


def split_large(shape: Triangles, facet_m2: float) -> Triangles:
    """The same shape with every triangle larger than `facet_m2` halved at the middle of its longest edge, again and again.

    >>> len(split_large(box([1.0, 1.0, 1.0]), 0.2).triangle)
    48
    """
    vertices, faces = shape.vertex_m, shape.triangle
    while True:
        corner = vertices[faces]
        edge = np.linalg.norm(np.roll(corner, -1, axis=1) - corner, axis=2)
        area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1) / 2
        large = np.flatnonzero(area > facet_m2 * (1 + 1e-9))
        if not len(large):
            return Triangles(vertices, faces)
        longest = edge[large].argmax(axis=1)
        a, b, c = (faces[large, (longest + step) % 3] for step in range(3))
        ends, which = np.unique(np.sort(np.column_stack([a, b]), axis=1), axis=0, return_inverse=True)
        middle = len(vertices) + which.reshape(-1)
        vertices = np.vstack([vertices, vertices[ends].mean(axis=1)])
        halves = np.vstack([np.column_stack([a, middle, c]), np.column_stack([middle, b, c])])
        faces = np.vstack([np.delete(faces, large, axis=0), halves])
