"""Parts that follow the Sun: how far each is turned, and the vehicle with them so turned."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from whipple.casefile.estimate import Array
from whipple.casefile.tables.assess_table import MovingTable
from whipple.errors import RangeError
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Joint", "joints_of", "sun_angles_rad", "turned"]


@dataclass(frozen=True)
class Joint:
    """One group of parts on an axis. Directions and point in station body axes as drawn; `vertex` the corners it carries itself."""

    name: str
    axis_body: Array
    point_m: Array
    facing_body: Array
    step_rad: float
    rides_on: str
    vertex: npt.NDArray[np.int64]


def joints_of(moving: tuple[MovingTable, ...], surfaces: Surfaces) -> tuple[Joint, ...]:
    """The joints of a plan, each with the corners of its parts. RangeError for one without axis or facing, or with both along one line."""
    return tuple(_joint(row, surfaces) for row in moving)


def _joint(row: MovingTable, surfaces: Surfaces) -> Joint:
    if row.axis is None or row.facing is None:
        raise RangeError(f"moving {row.name}", "axis", row.axis, "an axis and a facing side", "write axis = [0, 1, 0]")
    axis, facing = (np.asarray(way, dtype=float) for way in (row.axis, row.facing))
    axis, facing = axis / np.linalg.norm(axis), facing / np.linalg.norm(facing)
    if np.linalg.norm(np.cross(axis, facing)) < 1e-6:
        raise RangeError(
            f"moving {row.name}", "facing", list(row.facing), "a side that the axis does not point along",
            "a part cannot be turned to the Sun about the line it faces along",
        )  # fmt: skip
    chosen = [i for i, part in enumerate(surfaces.parts) if any(fnmatchcase(part.name, name) for name in row.parts)]
    corners = np.unique(surfaces.triangle[np.isin(surfaces.part_index, chosen)])
    point = np.array([given.value for given in row.point_m])
    return Joint(row.name, axis, point, facing, row.step_rad.value, row.rides_on, corners)


def sun_angles_rad(joints: tuple[Joint, ...], sun_dir_body: Array) -> tuple[float, ...]:
    """The turn of each joint that brings its facing side nearest the Sun, a joint on another after that one's turn; whole steps.

    >>> wing = Joint("wing", np.array([0.0, 1, 0]), np.zeros(3), np.array([1.0, 0, 0]), 0.0, "", np.zeros(0, dtype=np.int64))
    >>> [round(float(np.degrees(a)), 6) for a in sun_angles_rad((wing,), np.array([0.0, 0.6, -0.8]))]
    [90.0]
    """
    found: dict[str, float] = {}
    frames: dict[str, Rotation] = {}
    for joint in joints:
        carried = frames.get(joint.rides_on, Rotation.identity())
        sun = carried.inv().apply(sun_dir_body)  # as the undrawn joint would see it
        across = sun - (sun @ joint.axis_body) * joint.axis_body
        side = joint.facing_body - (joint.facing_body @ joint.axis_body) * joint.axis_body
        angle = (
            float(np.arctan2(joint.axis_body @ np.cross(side, across), side @ across))
            if np.linalg.norm(across) > 1e-9
            else 0.0
        )
        step = joint.step_rad
        angle = round(angle / step) * step if step > 0 else angle
        angle = angle - 2 * np.pi if angle > np.pi - 1e-9 and step > 0 else angle
        found[joint.name] = angle
        frames[joint.name] = carried * Rotation.from_rotvec(angle * joint.axis_body)
    return tuple(found.values())


def turned(surfaces: Surfaces, joints: tuple[Joint, ...], angles_rad: tuple[float, ...]) -> Surfaces:
    """The same triangles with every joint at its angle; a joint on another is turned with it."""
    if not any(angles_rad):
        return surfaces
    vertex = surfaces.vertex_m.copy()
    by_name = {joint.name: (joint, angle) for joint, angle in zip(joints, angles_rad, strict=True)}
    for joint in joints:
        place, at = vertex[joint.vertex], joint.name
        while at:
            carrier, angle = by_name[at]
            place = Rotation.from_rotvec(angle * carrier.axis_body).apply(place - carrier.point_m) + carrier.point_m
            at = carrier.rides_on
        vertex[joint.vertex] = place
    return Surfaces.from_triangles(vertex, surfaces.triangle, surfaces.part_index, surfaces.parts)
