"""Who sees how much of the sky? One pass of rays from every facet to every direction cell; nothing is kept per ray."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.exposure.incidences import NODE_rad, between
from whipple.vehicle.rays import Rays
from whipple.vehicle.sampling import lifted, samples_on
from whipple.vehicle.sight import GRAZING
from whipple.vehicle.surfaces import Surfaces

__all__ = ["PartView", "view_by_part"]

#: Facet-direction pairs handled at once, in rays.
RAYS_AT_ONCE = 400_000
#: Ray origins a facet: at least, per square metre, at most. Sums over directions average the error of a pair down (sheet 3.1).
POINTS_LEAST, POINTS_PER_M2, POINTS_MOST = 2, 0.5, 4


@dataclass(frozen=True)
class PartView:
    """What one part sees.

    `open_m2` (n_node, n_dir): projected open area (area x cosine x share in view) of the whole part toward each direction, split between the
    two nodes of incidence (`incidences.NODE_rad`) that it lies between. `facet` (n,) the part's triangles and `face_flux` (n_stream, n): flux
    per stream on each, in the unit of the weights given.
    """

    open_m2: Array
    facet: npt.NDArray[np.int64]
    face_flux: Array
    rays_cast_count: int


def view_by_part(
    surfaces: Surfaces, rays: Rays, direction_body: Array, flux: Array, *, workers: int = 0
) -> tuple[PartView, ...]:
    """What every part sees of the directions (n_dir, 3), and the face flux of each weight row `flux` (n_stream, n_dir).

    A thread owns a part and adds its facets in order, so the answer does not depend on `workers` (0: as many as cores, at most 8).
    """
    threads = workers or min(8, os.cpu_count() or 1)
    facets = [np.flatnonzero(surfaces.part_index == index) for index in range(len(surfaces.parts))]
    with ThreadPoolExecutor(threads) as pool:
        return tuple(pool.map(lambda chosen: _view(surfaces, rays, chosen, direction_body, flux), facets))


def _view(surfaces: Surfaces, rays: Rays, facet: npt.NDArray[np.int64], direction_body: Array, flux: Array) -> PartView:
    spots = samples_on(surfaces, facet, least=POINTS_LEAST, per_m2=POINTS_PER_M2, most=POINTS_MOST)
    start, normal = lifted(surfaces, spots), surfaces.normal_body[spots.facet]
    open_m2 = np.zeros((len(NODE_rad), len(direction_body)))
    received = np.zeros((len(flux), len(facet)))
    row_of = np.searchsorted(facet, spots.facet)
    cast, step = 0, max(1, RAYS_AT_ONCE // max(1, len(direction_body)))
    for begin in range(0, len(start), step):
        rows = slice(begin, begin + step)
        share, count = _free(rays, start[rows], normal[rows], direction_body)
        cast += count
        share *= spots.share_frac[rows, None]
        _add_angles(open_m2, share * surfaces.area_m2[spots.facet[rows], None], _cosine(normal[rows], direction_body))
        for stream, face in zip(received, np.einsum("sd,pd->sp", flux, share), strict=True):
            stream += np.bincount(row_of[rows], face, minlength=len(facet))
    return PartView(open_m2, facet, received, cast)


def _cosine(normal: Array, direction: Array) -> Array:
    """Every normal (n, 3) against every direction (m, 3): (n, m). Written out, because a threaded matrix product of this shape crawls."""
    product: Array = (
        normal[:, :1] * direction[:, 0] + normal[:, 1:2] * direction[:, 1] + normal[:, 2:] * direction[:, 2]
    )
    return product


def _free(rays: Rays, start_m: Array, normal: Array, direction_body: Array) -> tuple[Array, int]:
    """Cosine of each point and direction where the view is free, else 0; and how many rays that took."""
    cosine = _cosine(normal, direction_body)
    point, way = np.nonzero(cosine > GRAZING)
    hit = rays.any_hit(start_m[point], direction_body[way], np.inf)
    free = np.zeros_like(cosine)
    free[point, way] = np.where(hit, 0.0, cosine[point, way])
    return free, len(point)


def _add_angles(open_m2: Array, weight_m2: Array, cosine: Array) -> None:
    point, way = np.nonzero(weight_m2)
    lower, share = between(np.clip(cosine[point, way], 0.0, 1.0))
    weight = weight_m2[point, way]
    for node, part in ((lower, 1.0 - share), (lower + 1, share)):
        cell = node * open_m2.shape[1] + way
        open_m2 += np.bincount(cell, weight * part, minlength=open_m2.size).reshape(open_m2.shape)
