"""Where do the rays of every facet start? Origins by area, off the facet on the side they look from, neighbours beside one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.vehicle.hygiene import SHIFT_M
from whipple.vehicle.morton import morton_order
from whipple.vehicle.sampling import offset_m, samples_on
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Starts", "blockers", "moved_out", "starts_of"]


@dataclass(frozen=True)
class Starts:
    """Rays' origins, side by side: a side is a facet seen from its front, or from its back.

    `origin_m` (n_start, 3), those of side i from `first[i]` to `first[i + 1]`; `facet` (n_side,) into the surfaces; `normal_body`
    (n_side, 3) of the side.
    """

    origin_m: Array
    first: npt.NDArray[np.int64]
    facet: npt.NDArray[np.int64]
    normal_body: Array

    @property
    def side(self) -> npt.NDArray[np.int64]:
        """The side of each origin. (n_start,)"""
        return np.repeat(np.arange(len(self.facet)), np.diff(self.first))


def starts_of(
    surfaces: Surfaces,
    *,
    least: int,
    per_m2: float,
    two_sided: bool = False,
    chosen: npt.NDArray[np.int64] | None = None,
) -> Starts:
    """Origins on the chosen facets (None: all): `least` each, `per_m2` per square metre where that is more.

    Sides stand in Morton order, backs after fronts.

    >>> from whipple.vehicle.surfaces import Part
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> one = Surfaces.from_triangles([[0, 0, 0], [2, 0, 0], [0, 2, 0]], [[0, 1, 2]], [0], [plate])
    >>> found = starts_of(one, least=1, per_m2=1.0, two_sided=True)
    >>> found.first.tolist(), found.origin_m[:, 2].tolist()
    ([0, 2, 4], [0.0001, 0.0001, -0.0001, -0.0001])
    """
    facets = np.arange(len(surfaces.triangle)) if chosen is None else chosen
    order = facets[morton_order(surfaces.centroid_m[facets])]
    spots = samples_on(surfaces, order, least=least, per_m2=per_m2, most=np.iinfo(np.int64).max)
    off = offset_m(surfaces) * surfaces.normal_body[spots.facet]
    count = np.bincount(spots.facet, minlength=len(surfaces.triangle))[order]
    sides = 2 if two_sided else 1
    normal = surfaces.normal_body[order]
    return Starts(
        np.concatenate([spots.point_m + off, spots.point_m - off][:sides]),
        np.concatenate([[0], np.cumsum(np.tile(count, sides))]),
        np.tile(order, sides),
        np.concatenate([normal, -normal][:sides]),
    )


def moved_out(surfaces: Surfaces) -> Surfaces:
    """Every facet on three corners of its own, moved 0.2 mm along its normal: of two coincident opposite sheets each hides the other's back."""
    corner = surfaces.vertex_m[surfaces.triangle] + SHIFT_M * surfaces.normal_body[:, None, :]
    faces = np.arange(3 * len(surfaces.triangle)).reshape(-1, 3)
    return Surfaces.from_triangles(corner.reshape(-1, 3), faces, surfaces.part_index, surfaces.parts)


def blockers(surfaces: Surfaces) -> npt.NDArray[np.int64]:
    """The triangles (n, 3) that stand in a ray's way: each once, though a facet's back may repeat it."""
    low, middle, high = np.sort(surfaces.triangle, axis=1).T
    _, edge = np.unique(low * len(surfaces.vertex_m) + middle, return_inverse=True)
    _, kept = np.unique(edge * len(surfaces.vertex_m) + high, return_index=True)
    return surfaces.triangle[np.sort(kept)]
