"""What torque do air and sunlight put on the stack: projected area and centre of pressure from the mesh?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import MU_EARTH_m3_s2
from whipple.vehicle.sampling import lifted, samples_on
from whipple.vehicle.sight import GRAZING, rays_for
from whipple.vehicle.stack import Stack

__all__ = ["Facing", "air_torque_Nm", "facing", "orbit_speed_m_s", "sunlight_bound_Nm", "turning_wings"]

#: Density of the air at the station's height, low and high activity of the Sun.
AIR_KG_M3 = Given(3.2e-12, 1e-12, 1e-11, "kg/m**3", "leak_sheet")
#: Drag coefficient of plates and hulls in free-molecular flow, on the projected area: 2 with all molecules held, 3 in the station's OEM header.
DRAG_RATIO = Given(2.4, 2.0, 3.0, "", "leak_sheet")
#: Pressure of sunlight on a wall that throws it all straight back (twice 1361 W/m2 over c, rounded up).
SUNLIGHT_PA = Cited(1e-5, unit="Pa", source="leak_sheet", grade="source")
_PER_M2, _MOST = 1.0, 200


@dataclass(frozen=True)
class Facing:
    """What a stream from one direction meets: the exposed area across it, and the middle of that area (centre of pressure)."""

    area_m2: float
    centre_m: Array


def _lit(stack: Stack, direction: Array, per_m2: float) -> tuple[Array, Array, Array]:
    """Points (n, 3) that see a direction, their normals (n, 3), and the area (n,) that each stands for across it."""
    surfaces = stack.surfaces
    lit = np.flatnonzero(surfaces.normal_body @ direction > GRAZING)
    spots = samples_on(surfaces, lit, per_m2=per_m2, most=_MOST)
    start, normal = lifted(surfaces, spots), surfaces.normal_body[spots.facet]
    free = ~rays_for(surfaces).any_hit(start, np.broadcast_to(direction, start.shape), np.inf)
    # a facet that is open all over counts at its centroid, exactly
    partly = np.bincount(spots.facet, ~free, len(surfaces.triangle))[spots.facet] > 0
    place = np.where(partly[:, None], spots.point_m, surfaces.centroid_m[spots.facet])
    return place, normal, surfaces.area_m2[spots.facet] * spots.share_frac * (normal @ direction) * free


def facing(stack: Stack, from_dir_body: Array, per_m2: float = _PER_M2) -> Facing:
    """Area across a stream that comes from a unit direction (3,), shadows left out, and its centre (3,).

    Rays through `vehicle.sight`; a point counts with its area times the cosine. Raises RangeError for a direction that is no unit vector.
    """
    direction = np.asarray(from_dir_body, dtype=float)
    if direction.shape != (3,) or abs(float(np.linalg.norm(direction)) - 1) > 1e-6:
        raise RangeError("facing", "from_dir_body", direction.tolist(), "a unit vector (3,)")
    place, _, across = _lit(stack, direction, per_m2)
    area = float(across.sum())
    return Facing(area, across @ place / area if area > 0 else np.asarray(stack.centre_of_mass_m, dtype=float))


def turning_wings(stack: Stack) -> Facing:
    """The array wings that turn with the Sun, face on: their area on one side and its centre; area 0 where there are none."""
    surfaces = stack.surfaces
    turns = np.array([part.tracks_sun for part in surfaces.parts])[surfaces.part_index]
    area = surfaces.area_m2 * turns
    middle = area @ surfaces.centroid_m / area.sum() if turns.any() else np.asarray(stack.centre_of_mass_m, dtype=float)
    return Facing(float(area.sum()) / 2, middle)


def orbit_speed_m_s(rate_rad_s: float) -> float:
    """Speed on a circular orbit of this rate: (mu n)^(1/3). The air turns with the Earth: up to 5 % less, left out.

    >>> round(orbit_speed_m_s(1.13115e-3))
    7668
    """
    return float((MU_EARTH_m3_s2 * rate_rad_s) ** (1 / 3))


def air_torque_Nm(
    met: Facing, centre_of_mass_m: Array, ram_dir_body: Array, density_kg_m3: Array, drag_ratio: Array, speed_m_s: float
) -> Array:  # fmt: skip
    """Torque (n, 3) of the air for densities and drag coefficients (n,): rho v^2 Cd A / 2 (r_cp - c) x (-ram), sheet 7.

    >>> met = Facing(1000.0, np.array([0.0, 5.0, 0.0]))
    >>> air_torque_Nm(met, np.zeros(3), np.array([1.0, 0, 0]), np.array([1e-12]), np.array([2.0]), 7668.0).round(3).tolist()
    [[0.0, 0.0, 0.294]]
    """
    force = 0.5 * np.asarray(density_kg_m3) * speed_m_s**2 * np.asarray(drag_ratio) * met.area_m2
    arm = np.cross(met.centre_m - np.asarray(centre_of_mass_m), -np.asarray(ram_dir_body))
    return np.asarray(force[..., None] * arm)


def sunlight_bound_Nm(stack: Stack) -> float:
    """An upper bound of the torque of sunlight [N m], over 26 directions of the Sun, walls all black or all mirrors (sheet 7).

    Half of `SUNLIGHT_PA` pushes along the light on a black wall, all of it along the normal, times the cosine, on a mirror.
    """
    steps = np.array(
        [(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1) if x or y or z], dtype=float
    )
    largest = 0.0
    for direction in steps / np.linalg.norm(steps, axis=1, keepdims=True):
        place, normal, across = _lit(stack, direction, per_m2=0.25)
        arm = place - np.nan_to_num(stack.centre_of_mass_m)
        black = -0.5 * SUNLIGHT_PA * across[:, None] * direction
        mirror = -SUNLIGHT_PA * (across * (normal @ direction))[:, None] * normal
        largest = max(largest, *(float(np.linalg.norm(np.cross(arm, force).sum(axis=0))) for force in (black, mirror)))
    return largest
