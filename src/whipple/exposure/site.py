"""What does the suspect spot look out on? Its possible outward normals, and the sky that the stack leaves open to each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.vehicle.rays import Rays
from whipple.vehicle.sampling import lifted, samples_on
from whipple.vehicle.sight import GRAZING
from whipple.vehicle.stack import Stack

__all__ = ["Site", "bare_site", "site_of"]

#: Points on the spot, for each possible normal, that rays start from.
POINTS = 32


@dataclass(frozen=True)
class Site:
    """A spot with possible outward normals `normal_body` (n, 3), best guess first, and weights `normal_frac` (n,).

    `start_m[i]` (k, 3) are the points, just off the surface, where the spot with normal i begins to look; `rays` None means that
    nothing else is there. `body_from_lvlh` (3, 3) is the nominal attitude.
    """

    normal_body: Array
    normal_frac: Array
    body_from_lvlh: Array
    start_m: tuple[Array, ...] = ()
    rays: Rays | None = None

    def open_to(self, normal: int, direction_body: Array, points: int = POINTS) -> Array:
        """Share of the spot with that normal that each direction (n, 3) reaches: 0 behind the wall or in the stack's shadow. (n,)"""
        share: Array = (direction_body @ self.normal_body[normal] > GRAZING).astype(float)
        lit = np.flatnonzero(share)
        if self.rays is None or not len(lit):
            return share
        start = self.start_m[normal][:points]
        origin = np.repeat(start[None], len(lit), axis=0).reshape(-1, 3)
        toward = np.repeat(direction_body[lit], len(start), axis=0)
        share[lit] = 1.0 - self.rays.any_hit(origin, toward, np.inf).reshape(len(lit), len(start)).mean(axis=1)
        return share

    @property
    def normal_lvlh(self) -> Array:
        """The possible normals in LVLH at the nominal attitude. (n, 3)"""
        turned: Array = self.normal_body @ self.body_from_lvlh
        return turned


def bare_site(normal_lvlh: npt.ArrayLike) -> Site:
    """A free plate with one outward normal (3,) in LVLH and nothing around it.

    >>> bare_site([0.0, 2.0, 0.0]).open_to(0, np.array([[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]])).tolist()
    [1.0, 0.0]
    """
    normal = np.asarray(normal_lvlh, dtype=float).reshape(3)
    length = float(np.linalg.norm(normal))
    if not np.isfinite(length) or length == 0.0:
        raise RangeError("bare_site", "normal_lvlh", normal.tolist(), "three finite numbers, not all zero")
    return Site((normal / length)[None], np.ones(1), np.eye(3))


def site_of(stack: Stack, rays: Rays) -> Site:
    """The suspect site of a stack: for each possible normal, points on the facets of the site part that face it best."""
    facets = stack.surfaces.of_part(stack.site_part)
    starts: list[Array] = []
    for normal in stack.site_normal_body:
        cosine = stack.surfaces.normal_body[facets] @ normal
        facing = facets[cosine > cosine.max() - 1e-6]
        each = -(-POINTS // len(facing))
        spots = lifted(stack.surfaces, samples_on(stack.surfaces, facing, least=each, most=each))
        order = np.arange(len(spots)).reshape(len(facing), each).T.reshape(-1)
        starts.append(spots[order][:POINTS])
    return Site(stack.site_normal_body, stack.site_normal_frac, stack.body_from_lvlh, tuple(starts), rays)
