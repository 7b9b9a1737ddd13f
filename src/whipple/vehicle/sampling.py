"""Where do rays start on a surface? Points spread evenly over triangles, the same every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.vehicle.surfaces import Surfaces

__all__ = ["OFFSET_M", "R2_FIRST", "R2_SECOND", "Samples", "lifted", "offset_m", "points_in_triangle", "samples_on"]

#: Rays start this far above their facet: no false self-hit from 1e-5 m upward at station scale.
OFFSET_M = Cited(1e-4, unit="m", source="geometry-sheet", grade="measured")
#: ... and never nearer than this many spacings of single-precision numbers.
SPACINGS = 16
#: Steps of the R2 low-discrepancy sequence (powers of the inverse plastic number).
R2_FIRST = Cited(0.7548776662466927, unit="", source="geometry-sheet", grade="source")
R2_SECOND = Cited(0.5698402909980532, unit="", source="geometry-sheet", grade="source")
#: The fractions of the golden ratio and of the square root of two shift the sequence from facet to facet (independent of one another).
GOLDEN = Cited(0.6180339887498949, unit="", source="geometry-sheet", grade="computed")
ROOT_TWO = Cited(0.41421356237309515, unit="", source="geometry-sheet", grade="computed")


@dataclass(frozen=True)
class Samples:
    """Points on facets: `point_m` (n, 3) on the facet, `facet` (n,) its index in the surfaces, `share_frac` (n,) of that facet."""

    point_m: Array
    facet: npt.NDArray[np.int64]
    share_frac: Array


def points_in_triangle(corner_m: Array, first: Array, second: Array) -> Array:
    """Points of triangles (n, 3 corners, 3) at unit-square coordinates (n,), folded so that they stay uniform.

    >>> points_in_triangle(np.array([[[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]]), np.array([0.9]), np.array([0.4])).round(3).tolist()
    [[0.1, 0.6, 0.0]]
    """
    fold = first + second > 1.0
    u, v = np.where(fold, 1.0 - first, first), np.where(fold, 1.0 - second, second)
    return (
        corner_m[:, 0] + u[:, None] * (corner_m[:, 1] - corner_m[:, 0]) + v[:, None] * (corner_m[:, 2] - corner_m[:, 0])
    )


def samples_on(
    surfaces: Surfaces, facet: npt.ArrayLike, *, least: int = 1, per_m2: float = 0.0, most: int = 64
) -> Samples:
    """Points on the named facets: `least` each, `per_m2` per square metre, `most` each; R2 sequence, shifted by facet.

    >>> from whipple.vehicle.surfaces import Part, Surfaces
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> one = Surfaces.from_triangles([[0, 0, 0], [2, 0, 0], [0, 2, 0]], [[0, 1, 2]], [0], [plate])
    >>> samples_on(one, [0], per_m2=2.0).share_frac.tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    chosen = np.asarray(facet, dtype=np.int64)
    count = np.clip(np.ceil(surfaces.area_m2[chosen] * per_m2).astype(np.int64), least, most)
    which = np.repeat(chosen, count)
    turn = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    first = (0.5 + turn * R2_FIRST + which * GOLDEN) % 1.0
    second = (0.5 + turn * R2_SECOND + which * ROOT_TWO) % 1.0
    points = points_in_triangle(surfaces.vertex_m[surfaces.triangle[which]], first, second)
    return Samples(points, which, 1.0 / np.repeat(count, count))


def offset_m(surfaces: Surfaces) -> float:
    """How far off their facets rays start: 1e-4 m, or 16 single-precision spacings at the far end of a vehicle above 64 m half-width.

    Coordinates count from the middle of the vehicle, as in every ray back end. Source: geometry sheet, section 2.1.

    >>> from whipple.vehicle.surfaces import Part, Surfaces
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> offset_m(Surfaces.from_triangles([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], [0], [plate]))
    0.0001
    """
    if not len(surfaces.vertex_m):
        return float(OFFSET_M)
    farthest = np.ptp(surfaces.vertex_m, axis=0).max() / 2
    return max(float(OFFSET_M), SPACINGS * float(np.spacing(np.float32(farthest))))


def lifted(surfaces: Surfaces, samples: Samples) -> Array:
    """The sample points moved off their facets along the outward normal, where rays start. (n, 3)"""
    return samples.point_m + offset_m(surfaces) * surfaces.normal_body[samples.facet]
