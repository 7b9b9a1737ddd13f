"""Which molecule ends on which facet? Free flight by rays, with what stands between in the way, and diffuse return.

Molecules leave the source by the plume law (a low-discrepancy sequence turned round the axis), fly straight to the first facet they
meet, stick with the given probability and leave again by Lambert's law. Each is counted: on a facet, escaped, or still afloat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.vehicle.rays import Rays
from whipple.vehicle.sampling import OFFSET_M, R2_FIRST, R2_SECOND
from whipple.vehicle.sight import rays_for
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Arrival", "Law", "directions_of", "molecules_onto"]

#: Share of the flow per steradian at the cosine from the axis.
Law = Callable[[Array], Array]
_ANGLES, _AT_ONCE, _MOST_BOUNCES = 8193, 1 << 18, 12


@dataclass(frozen=True)
class Arrival:
    """Shares of all that was emitted: stuck to each facet `facet_frac` (n_facet,), `escaped_frac`, and `afloat_frac` after the last flight.

    `direct_frac` (n_facet,) is what came straight from the source, before anything stuck or returned; `returned_frac` (n_facet,) what
    came from other facets, counted at every visit.
    """

    facet_frac: Array
    direct_frac: Array
    returned_frac: Array
    escaped_frac: float
    afloat_frac: float

    @property
    def total_frac(self) -> float:
        """Everything that was counted: 1 when nothing was lost."""
        return float(self.facet_frac.sum() + self.escaped_frac + self.afloat_frac)

    def per_m2(self, surfaces: Surfaces) -> Array:
        """What sticks to each facet, as a share of the emission per square metre (n_facet,)."""
        return np.asarray(self.facet_frac / surfaces.area_m2)


def directions_of(law: Law, axis_body: npt.ArrayLike, count: int, first: int = 0) -> Array:
    """`count` unit directions (count, 3) that follow the law round the axis, from number `first` of the sequence.

    >>> ways = directions_of(lambda cosine: np.where(cosine > 0, cosine, 0.0) / np.pi, [0, 0, 1.0], 20000)
    >>> round(float(ways[:, 2].mean()), 3), bool((ways[:, 2] >= 0).all())
    (0.667, True)
    """
    angle = np.linspace(0.0, np.pi, _ANGLES)
    density = np.asarray(law(np.cos(angle))) * np.sin(angle)
    heap = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    if not heap[-1] > 0:
        raise RangeError("transport", "law", "a plume with no flow", "a law that is positive somewhere")
    turn = np.arange(first, first + count) + 0.5
    polar = np.asarray(np.interp(turn * R2_FIRST % 1.0, heap / heap[-1], angle), dtype=float)
    azimuth: Array = np.asarray(2 * np.pi * (turn * R2_SECOND % 1.0), dtype=float)
    return _turned(np.cos(polar), azimuth, np.asarray(axis_body, dtype=float))


def molecules_onto(
    surfaces: Surfaces, source_m: npt.ArrayLike, axis_body: npt.ArrayLike, law: Law, *, count: int = 1_000_000,
    sticking_frac: float = 1.0, rng: np.random.Generator | None = None, backend: str = "auto",
) -> Arrival:  # fmt: skip
    """Fly `count` molecules from a point source (3,) round the axis (3,) onto the facets.

    With `sticking_frac` below 1 the rest leaves again by Lambert's law (needs `rng`), up to 12 times. On one facet of share p the
    counting error is below sqrt(p (1 - p) / count). Straight lines: no collisions, so good where the mean free path exceeds the stack.

    >>> from whipple.vehicle.surfaces import Part, Surfaces
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> wall = Surfaces.from_triangles([[-1e4, -1e4, 1], [3e4, -1e4, 1], [-1e4, 3e4, 1]], [[0, 2, 1]], [0], [plate])
    >>> forward = lambda cosine: np.where(cosine > 0, cosine, 0.0) / np.pi
    >>> seen = molecules_onto(wall, [0, 0, 0], [0, 0, 1.0], forward, count=2000, backend="numpy")
    >>> round(float(seen.facet_frac[0]), 3), round(seen.total_frac, 9)
    (1.0, 1.0)
    """
    if count < 1 or not 0 <= sticking_frac <= 1:
        raise RangeError("transport", "count, sticking_frac", f"{count}, {sticking_frac:g}", "1 or more, 0 to 1")
    if sticking_frac < 1 and rng is None:
        raise RangeError("transport", "rng", "none", "a generator, when molecules leave surfaces again")
    rays, source = rays_for(surfaces, backend), np.asarray(source_m, dtype=float)
    direct, returned, escaped, afloat = np.zeros(len(surfaces.triangle)), np.zeros(len(surfaces.triangle)), 0.0, 0.0
    for first in range(0, count, _AT_ONCE):
        way = directions_of(law, axis_body, min(_AT_ONCE, count - first), first)
        start = np.ascontiguousarray(np.broadcast_to(source, way.shape))
        hit = rays.first_hit(start, way, np.inf)
        direct += np.bincount(hit[hit >= 0], minlength=len(direct))
        escaped += float((hit < 0).sum())
        if sticking_frac < 1 and rng is not None:
            there = hit >= 0
            again, gone, left = _returned(surfaces, rays, start[there], way[there], hit[there], sticking_frac, rng)
            returned, escaped, afloat = returned + again, escaped + gone, afloat + left
    stuck = sticking_frac * (direct + returned)
    return Arrival(stuck / count, direct / count, returned / count, escaped / count, afloat / count)


def _returned(
    surfaces: Surfaces, rays: Rays, start: Array, way: Array, hit: npt.NDArray[np.int64], sticking: float,
    rng: np.random.Generator,
) -> tuple[Array, float, float]:  # fmt: skip
    """What the molecules that did not stick do: visits to each facet, escaped, still afloat (in molecules)."""
    visits, escaped, weight = np.zeros(len(surfaces.triangle)), 0.0, 1.0
    for _ in range(_MOST_BOUNCES):
        weight *= 1 - sticking
        start, way = _reflected(surfaces, start, way, hit, rng)
        met = rays.first_hit(start, way, np.inf)
        there = met >= 0
        escaped += weight * float((~there).sum())
        visits += weight * np.bincount(met[there], minlength=len(visits))
        start, way, hit = start[there], way[there], met[there]
        if not len(hit):
            return visits, escaped, 0.0
    return visits, escaped, weight * (1 - sticking) * len(hit)


def _reflected(
    surfaces: Surfaces, start: Array, way: Array, hit: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[Array, Array]:
    """Where the molecules leave, and which way: a cosine law round the side of the facet that they struck."""
    normal = surfaces.normal_body[hit]
    across = np.einsum("nc,nc->n", way, normal)
    corner = surfaces.vertex_m[surfaces.triangle[hit, 0]]
    length = np.einsum("nc,nc->n", corner - start, normal) / np.where(across == 0, 1.0, across)
    side = -np.sign(across)[:, None] * normal
    leave = start + length[:, None] * way + OFFSET_M * side
    return leave, _turned(np.sqrt(rng.random(len(hit))), 2 * np.pi * rng.random(len(hit)), side)


def _turned(cosine: Array, azimuth_rad: Array, axis: Array) -> Array:
    """Unit directions at these angles round one axis (3,) or one each (n, 3)."""
    pole = np.atleast_2d(axis)
    pole = pole / np.linalg.norm(pole, axis=1)[:, None]
    helper = np.where(np.abs(pole[:, :1]) < 0.6, np.array([[1.0, 0, 0]]), np.array([[0, 1.0, 0]]))
    first = np.cross(pole, helper)
    first /= np.linalg.norm(first, axis=1)[:, None]
    second, sine = np.cross(pole, first), np.sqrt(np.maximum(1 - cosine**2, 0.0))
    return np.asarray(
        (sine * np.cos(azimuth_rad))[:, None] * first
        + (sine * np.sin(azimuth_rad))[:, None] * second
        + cosine[:, None] * pole
    )
