"""What torque does gravity put on an extended body, and how stiff is it?"""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array

__all__ = ["gradient_per_s2", "gradient_torque_Nm", "point_mass_torque_Nm", "stiffness_Nm_rad"]


def gradient_per_s2(gm_m3_s2: Array, source_m: Array, at_m: Array) -> Array:
    """Gravity gradient (3, 3) at a place of point sources: sum GM (3 u u' - 1)/d^3. `source_m` (n, 3), `at_m` (3,).

    >>> gradient_per_s2(np.array([8.0]), np.zeros((1, 3)), np.array([2.0, 0.0, 0.0])).diagonal().tolist()
    [2.0, -1.0, -1.0]
    """
    away = at_m - source_m
    distance = np.linalg.norm(away, axis=1)
    outer = np.einsum("ni,nj->nij", away, away) / distance[:, None, None] ** 2
    gradient: Array = np.tensordot(gm_m3_s2 / distance**3, 3 * outer - np.eye(3), axes=1)
    return gradient


def gradient_torque_Nm(mass_kg: Array, place_body_m: Array, gradient_body_per_s2: Array) -> Array:
    """Torque on point masses about their centre of mass: sum m p x (G p), all in body axes (sheet 8.1, general form).

    >>> gradient_torque_Nm(np.array([1.0]), np.array([[1.0, 1.0, 0.0]]), np.diag([2.0, -1.0, -1.0])).tolist()
    [0.0, 0.0, -3.0]
    """
    pull = place_body_m @ gradient_body_per_s2.T
    return np.asarray(np.sum(mass_kg[:, None] * np.cross(place_body_m, pull), axis=0))


def point_mass_torque_Nm(inertia_kg_m2: Array, up_dir_body: Array, rate_rad_s: float) -> Array:
    """Torque of a point-mass planet: 3 n^2 u x (J u), u from the planet to the body, n^2 = mu/r^3 (sheet 8.1).

    >>> point_mass_torque_Nm(np.diag([1.0, 2.0, 3.0]), np.array([0.6, 0.8, 0.0]), 1.0).round(3).tolist()
    [0.0, 0.0, 1.44]
    """
    return 3 * rate_rad_s**2 * np.cross(up_dir_body, inertia_kg_m2 @ up_dir_body)


def stiffness_Nm_rad(inertia_kg_m2: Array, rate_rad_s: float) -> tuple[float, float]:
    """Stiffness in roll and in pitch of a body held on LVLH [N m/rad]: 3n^2 (Jy - Jz), 3n^2 (Jx - Jz) (sheet 8.2).

    The torque is minus stiffness times angle: below zero it drives the body away. Axes: x along track, y normal, z nadir.

    >>> roll, pitch = stiffness_Nm_rad(np.diag([1.02e8, 0.91e8, 1.64e8]), 1.13115e-3)
    >>> round(roll * np.pi / 180, 2), round(pitch * np.pi / 180, 2)
    (-4.89, -4.15)
    """
    jx, jy, jz = np.diag(inertia_kg_m2)
    return float(3 * rate_rad_s**2 * (jy - jz)), float(3 * rate_rad_s**2 * (jx - jz))
