"""How much of what leaves one part lands on another? View factors by counting cosine-weighted rays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.vehicle.sampling import OFFSET_M, points_in_triangle
from whipple.vehicle.sight import rays_for
from whipple.vehicle.surfaces import Surfaces

__all__ = ["ViewFactors", "view_factors"]


@dataclass(frozen=True)
class ViewFactors:
    """`factor_ratio` (n, n): share of what leaves part i (row) that meets part j; `space_ratio` (n,): what meets nothing.

    Parts in the order of the surfaces, `area_m2` (n,) theirs. Rows with space sum to 1; `error_ratio` (n, n) is sqrt(F (1 - F) / rays),
    a bound for the low-discrepancy rays used. `backend` names the ray library that ran.
    """

    factor_ratio: Array
    space_ratio: Array
    area_m2: Array
    error_ratio: Array
    backend: str


def view_factors(
    surfaces: Surfaces, rays_each: int = 2**14, *, seed: int = 1, backend: str = "auto", reciprocal: bool = True
) -> ViewFactors:
    """View factors between the parts of `surfaces`, from the outward side of every triangle, by `rays_each` rays a part.

    Rays follow a scrambled four-dimensional Sobol sequence (place and direction); `rays_each` must be a power of two. With `reciprocal`
    the pairs are joined so that A_i F_ij = A_j F_ji, each weighted with the inverse of its variance. Raises RangeError for another ray count.
    Source: geometry sheet, section 3.4 (1e-3 needs 2**17 rays).

    >>> from whipple.vehicle.surfaces import Part
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> one = Surfaces.from_triangles([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], [0], [plate])
    >>> view_factors(one, 16, backend="numpy").space_ratio.tolist()
    [1.0]
    """
    if rays_each < 1 or rays_each & (rays_each - 1):
        raise RangeError("view_factors", "rays_each", rays_each, "a power of two", "131072")
    rays, count = rays_for(surfaces, backend), len(surfaces.parts)
    area = np.asarray(np.bincount(surfaces.part_index, surfaces.area_m2, minlength=count), dtype=float)
    factor = np.zeros((count, count))
    for index in range(count):
        start, direction = _leaving(surfaces, np.flatnonzero(surfaces.part_index == index), rays_each, seed + index)
        hit = rays.first_hit(start, direction, np.inf)
        factor[index] = np.bincount(surfaces.part_index[hit[hit >= 0]], minlength=count) / rays_each
    error = np.sqrt(factor * (1 - factor) / rays_each)
    if reciprocal:
        factor = _reciprocal(factor, area)
    return ViewFactors(factor, 1.0 - factor.sum(axis=1), area, error, rays.name)


def _leaving(surfaces: Surfaces, facet: npt.NDArray[np.int64], count: int, seed: int) -> tuple[Array, Array]:
    """Starts, uniform over the facets, and directions, cosine-weighted about their normals. (count, 3) each"""
    u = qmc.Sobol(4, scramble=True, seed=seed).random(count)
    ends = np.cumsum(surfaces.area_m2[facet])
    at = u[:, 0] * ends[-1]
    place = np.minimum(np.searchsorted(ends, at, side="right"), len(facet) - 1)
    within = (at - (ends[place] - surfaces.area_m2[facet[place]])) / surfaces.area_m2[facet[place]]
    chosen = facet[place]
    root = np.sqrt(np.clip(within, 0.0, 1.0))
    point = points_in_triangle(surfaces.vertex_m[surfaces.triangle[chosen]], root * (1 - u[:, 1]), root * u[:, 1])
    normal = surfaces.normal_body[chosen]
    helper = np.where(np.abs(normal[:, :1]) < 0.9, np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 1.0, 0.0]]))
    first = np.cross(normal, helper)
    first /= np.linalg.norm(first, axis=1)[:, None]
    second = np.cross(normal, first)
    radius, turn = np.sqrt(u[:, 2]), 2 * np.pi * u[:, 3]
    height = np.sqrt(1.0 - u[:, 2])
    direction = (
        (radius * np.cos(turn))[:, None] * first + (radius * np.sin(turn))[:, None] * second + height[:, None] * normal
    )
    return point + OFFSET_M * normal, direction


def _reciprocal(factor: Array, area_m2: Array) -> Array:
    """Join A_i F_ij and A_j F_ji, each with weight 1 / area (the inverse of its counting variance)."""
    exchange = factor * area_m2[:, None]
    weight = np.broadcast_to(1.0 / area_m2[:, None], exchange.shape)
    joined: Array = (weight * exchange + weight.T * exchange.T) / (weight + weight.T) / area_m2[:, None]
    return joined
