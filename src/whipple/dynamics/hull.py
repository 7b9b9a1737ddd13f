"""Which points of the hull could leak, and how much of a jet from there gets away?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.vehicle.rays import Rays
from whipple.vehicle.sampling import lifted, samples_on
from whipple.vehicle.sight import rays_for
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

__all__ = ["HullPoints", "carriers_of", "cone_directions", "hull_points", "on_facets", "struck"]

#: Half-angle of the cone in which a jet leaves (the vent cone of the US Lab).
CONE_RAD = Cited(float(np.radians(20.0)), unit="rad", source="leak_sheet", grade="source")
_CONE_COUNT, _SKY_COUNT = 12, 32
#: Turn from ray to ray around the normal: the golden ratio's fraction of a circle.
_GOLDEN_RAD = 2 * np.pi * 0.6180339887498949


@dataclass(frozen=True)
class HullPoints:
    """Points of the hull that see space: `point_m` (n, 3), outward `normal_body` (n, 3), `area_m2` (n,) each stands for, `facet` (n,).

    `free_frac` (n,) is the share of a jet along the normal that strikes nothing. What strikes is held, and thrown back off the
    struck wall: `recoil_m` (n, 3) is the lever of that, for as much momentum as the jet has.
    """

    point_m: Array
    normal_body: Array
    area_m2: Array
    facet: npt.NDArray[np.int64]
    free_frac: Array
    recoil_m: Array


def cone_directions(normal_body: Array, half_angle_rad: float, count: int) -> Array:
    """Unit directions (count, n, 3) spread evenly in solid angle over a cone about each normal (n, 3).

    >>> cone_directions(np.array([[0.0, 0.0, 1.0]]), np.radians(20.0), 3)[:, 0, 2].round(3).tolist()
    [0.99, 0.97, 0.95]
    """
    steps = (np.arange(count) + 0.5) / count
    along = 1 - steps * (1 - np.cos(half_angle_rad))
    return _around(normal_body, along)


def _around(normal_body: Array, along: Array) -> Array:
    """Directions with these cosines to each normal, turned by the golden angle from one to the next. (m, n, 3)"""
    far = np.where(np.abs(normal_body[:, :1]) < 0.9, np.array([[1.0, 0, 0]]), np.array([[0, 1.0, 0]]))
    first = np.cross(normal_body, far)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(normal_body, first)
    turn = _GOLDEN_RAD * np.arange(along.size)
    across = np.sqrt(1 - along**2)
    parts = (across * np.cos(turn), across * np.sin(turn), along)
    return np.asarray(
        sum(part[:, None, None] * axis for part, axis in zip(parts, (first, second, normal_body), strict=True))
    )


def _sees_space(rays: Rays, start_m: Array, normal_body: Array) -> npt.NDArray[np.bool_]:
    """Does any of 32 directions, spread by their cosine over the half space, look out freely? (n,)"""
    seen = np.zeros(len(start_m), dtype=bool)
    for way in _around(normal_body, np.sqrt(1 - (np.arange(_SKY_COUNT) + 0.5) / _SKY_COUNT)):
        seen |= ~rays.any_hit(start_m, way, np.inf)
    return seen


def struck(
    rays: Rays, surfaces: Surfaces, start_m: Array, normal_body: Array, centre_m: Array
) -> tuple[Array, Array, Array]:
    """Free share (n,) of a jet from each point (n, 3) along its normal (n, 3), and what the struck walls throw straight back.

    The latter as a lever about `centre_m` (n, 3) and a direction of force (n, 3), both for as much momentum as the jet has.
    """
    free, recoil, force = np.zeros(len(start_m)), np.zeros((len(start_m), 3)), np.zeros((len(start_m), 3))
    for way in cone_directions(normal_body, CONE_RAD, _CONE_COUNT):
        met = rays.first_hit(start_m, np.ascontiguousarray(way), np.inf)
        hit = np.flatnonzero(met >= 0)
        free += met < 0
        wall, ray = surfaces.normal_body[met[hit]], way[hit]
        slope = np.einsum("ni,ni->n", ray, wall)
        corner = surfaces.vertex_m[surfaces.triangle[met[hit], 0]]
        safe = np.where(np.abs(slope) > 1e-9, slope, 1.0)
        distance = np.einsum("ni,ni->n", corner - start_m[hit], wall) / safe
        spot = start_m[hit] + distance[:, None] * ray
        pushed = wall * np.sign(slope)[:, None]
        recoil[hit] += np.cross(spot - centre_m, pushed)
        force[hit] += pushed
    return free / _CONE_COUNT, recoil / _CONE_COUNT, force / _CONE_COUNT


def _named(parts: tuple[Part, ...], name: str) -> set[int]:
    """The parts that a name means: the part of that name, else every part of the module; "unity.*" is always the module."""
    exact = {index for index, part in enumerate(parts) if part.name == name}
    return exact or {index for index, part in enumerate(parts) if part.module == name.removesuffix(".*")}


def _facets(surfaces: Surfaces, carriers: tuple[str, ...]) -> npt.NDArray[np.int64]:
    parts = surfaces.parts
    meant = {name: _named(parts, name) for name in carriers}
    if unknown := [name for name, found in meant.items() if not found]:
        known = ", ".join(sorted({part.module for part in parts} | {part.name for part in parts}))
        raise RangeError(
            "hull_points", "carriers", ", ".join(unknown), f"some of {known}", "use modules or parts of the shape file"
        )
    fixed = {index for index, part in enumerate(parts) if not part.tracks_sun}
    chosen = set().union(*meant.values()) if carriers else fixed
    return np.flatnonzero(np.isin(surfaces.part_index, sorted(chosen)) & (surfaces.area_m2 > 0))


def on_facets(stack: Stack, facet: npt.NDArray[np.int64], per_m2: float) -> HullPoints:
    """The points of these facets that see space, so many a square metre; a facet that sees none has no points."""
    surfaces, rays = stack.surfaces, rays_for(stack.surfaces)
    sampled = samples_on(surfaces, facet, per_m2=per_m2, most=2000)
    start, normal = lifted(surfaces, sampled), surfaces.normal_body[sampled.facet]
    seen = np.flatnonzero(_sees_space(rays, start, normal))
    free, recoil, _ = struck(rays, surfaces, start[seen], normal[seen], np.nan_to_num(stack.centre_of_mass_m))
    area = sampled.share_frac * surfaces.area_m2[sampled.facet]
    return HullPoints(sampled.point_m[seen], normal[seen], area[seen], sampled.facet[seen], free, recoil)


def hull_points(stack: Stack, carriers: tuple[str, ...] = (), per_m2: float = 4.0) -> HullPoints:
    """Where could a leak be: points on the outside of the parts or modules named, which carry what leaks.

    Without names: every part but those that turn with the Sun (array wings carry neither fluid nor air). Walls that see no
    space (docked faces) are left out. Raises RangeError for a name that the shape file does not have.
    """
    return on_facets(stack, _facets(stack.surfaces, carriers), per_m2)


def carriers_of(case: Case, stack: Stack) -> tuple[str, ...]:
    """The parts of the case's stack that belong to the leaking system: those of the ship that leaks, but its array wings."""
    return tuple(part.name for part in stack.surfaces.parts if part.module == case.vehicle.ship and not part.tracks_sun)
