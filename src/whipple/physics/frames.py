"""Frames: LVLH (X ram, Y starboard, Z nadir), azimuth and elevation in it, and the body frame turned away from it.

Azimuth runs from ram toward starboard (0 ram, 90 deg starboard, 180 wake, -90 port); elevation is positive
toward zenith.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["azimuth_elevation", "body_from_lvlh", "direction_lvlh", "lvlh_from_gcrs"]

Array = npt.NDArray[np.float64]


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True), dtype=float)


def lvlh_from_gcrs(position_gcrs_m: npt.ArrayLike, velocity_gcrs_m_s: npt.ArrayLike) -> Array:
    """The rotation (n, 3, 3) that turns GCRS components into LVLH components, from position and velocity (n, 3).

    Z = -r, Y = -(r x v), X = Y x Z: the horizontal direction of flight, not exactly the velocity (geometry sheet 5).

    >>> lvlh_from_gcrs([[7e6, 0.0, 0.0]], [[0.0, 7.5e3, 0.0]])[0].tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]]
    """
    position = np.atleast_2d(np.asarray(position_gcrs_m, dtype=float))
    velocity = np.atleast_2d(np.asarray(velocity_gcrs_m_s, dtype=float))
    z = -_unit(position)
    y = -_unit(np.cross(position, velocity))
    return np.stack([np.cross(y, z), y, z], axis=-2) + 0.0


def azimuth_elevation(direction_lvlh: npt.ArrayLike) -> tuple[Array, Array]:
    """Azimuth and elevation (rad) of LVLH directions (..., 3) of any length.

    >>> azimuth, elevation = azimuth_elevation([0.0, 2.0, 0.0])
    >>> round(float(np.degrees(azimuth)), 6), round(float(elevation), 6) + 0.0
    (90.0, 0.0)
    """
    unit = _unit(np.asarray(direction_lvlh, dtype=float))
    return np.arctan2(unit[..., 1], unit[..., 0]), np.arcsin(np.clip(-unit[..., 2], -1.0, 1.0))


def direction_lvlh(azimuth_rad: npt.ArrayLike, elevation_rad: npt.ArrayLike) -> Array:
    """The LVLH unit vector (..., 3) of an azimuth and an elevation.

    >>> np.round(direction_lvlh(0.0, np.pi / 2), 9).tolist()
    [0.0, 0.0, -1.0]
    """
    azimuth, elevation = np.broadcast_arrays(np.asarray(azimuth_rad, float), np.asarray(elevation_rad, float))
    level = np.cos(elevation)
    return np.stack([level * np.cos(azimuth), level * np.sin(azimuth), -np.sin(elevation)], axis=-1)


def body_from_lvlh(yaw_rad: float, pitch_rad: float, roll_rad: float) -> Array:
    """The rotation (3, 3) that turns LVLH components into body components: about Z, then the new Y, then the new X.

    The order is a convention that the case states (`attitude.order`); identity is +XVV +ZLV.

    >>> np.round(body_from_lvlh(np.pi / 2, 0.0, 0.0) @ [0.0, 1.0, 0.0], 9).tolist()  # yawed: the nose looks starboard
    [1.0, 0.0, 0.0]
    """
    (cy, sy), (cp, sp), (cr, sr) = ((np.cos(a), np.sin(a)) for a in (yaw_rad, pitch_rad, roll_rad))
    about_z = np.array([[cy, sy, 0], [-sy, cy, 0], [0, 0, 1]])
    about_y = np.array([[cp, 0, -sp], [0, 1, 0], [sp, 0, cp]])
    about_x = np.array([[1, 0, 0], [0, cr, sr], [0, -sr, cr]])
    return np.asarray(about_x @ about_y @ about_z, dtype=float)
