"""Which orbits can come near the ship's at all? Perigee and apogee, then the distance of the paths where their planes cross.

Both filters work on osculating orbits sampled through the window and are generous: SGP4's short- and long-period terms move a radius
by up to some 15 km in low orbit, lunar and solar terms more on high orbits, and every allowance below exceeds them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.physics.cited import Cited
from whipple.physics.constants import MU_EARTH_m3_s2

__all__ = ["Paths", "apsis_passes", "path_passes", "paths"]

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: How far an osculating perigee, apogee or path may be from the true one between samples: near-Earth and deep space (period over 225 min).
_NEAR_m = Cited(40e3, unit="m", source="whipple_judgement", grade="proposal")
_DEEP_m = Cited(150e3, unit="m", source="whipple_judgement", grade="proposal")
_DEEP_PERIOD_s = 225.0 * 60.0
#: How far the crossing of two planes, or a perigee, may turn between samples 3 h apart (20 deg a day or less in low orbit).
_TURN_rad = Cited(float(np.radians(3.0)), unit="rad", source="whipple_judgement", grade="proposal")


@dataclass(frozen=True)
class Paths:
    """Osculating orbits (n, k samples): perigee and apogee radius, semi-latus rectum, plane normal, eccentricity vector, allowance (n,)."""

    perigee_m: Array
    apogee_m: Array
    parameter_m: Array
    normal: Array
    eccentricity: Array
    allowance_m: Array


def paths(position_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike) -> Paths:
    """The osculating orbits of states (n, k, 3). Unbound or missing states get a perigee of 0 and an endless apogee, so they pass.

    >>> p = paths([[[7e6, 0, 0]]], [[[0, 7546.0491, 0]]])
    >>> round(float(p.perigee_m[0, 0]) / 1e3), round(float(p.apogee_m[0, 0]) / 1e3)
    (7000, 7000)
    """
    r, v = np.asarray(position_m, float), np.asarray(velocity_m_s, float)
    radius = np.linalg.norm(r, axis=-1)
    momentum = np.cross(r, v)
    parameter = np.sum(momentum**2, axis=-1) / MU_EARTH_m3_s2
    vector = np.cross(v, momentum) / MU_EARTH_m3_s2 - r / radius[..., None]
    e = np.linalg.norm(vector, axis=-1)
    inverse = (
        2 / radius - np.sum(v**2, axis=-1) / MU_EARTH_m3_s2
    )  # vis-viva: exact also where the orbit is all but a straight line
    bound = (inverse > 0) & (e <= 1)
    axis = 1 / np.where(bound, inverse, 1.0)
    period = 2 * np.pi * np.sqrt(axis**3 / MU_EARTH_m3_s2)
    allowance = np.where(np.nanmax(np.where(bound, period, np.inf), axis=-1) < _DEEP_PERIOD_s, _NEAR_m, _DEEP_m)
    return Paths(
        np.where(bound, parameter / (1 + e), 0.0),
        np.where(bound, axis * (1 + e), np.inf),
        parameter,
        momentum / np.maximum(np.linalg.norm(momentum, axis=-1, keepdims=True), 1.0),
        vector,
        allowance.astype(float),
    )


def apsis_passes(ship: Paths, others: Paths, within_m: float) -> Mask:
    """Whether each object's shell of radii (n,) comes within `within_m` of the ship's, allowances included.

    >>> low, high = (paths([[[r, 0, 0]]], [[[0, (3.986004418e14 / r) ** 0.5, 0]]]) for r in (6.8e6, 7.2e6))
    >>> apsis_passes(low, high, 10e3).tolist(), apsis_passes(low, high, 350e3).tolist()
    ([False], [True])
    """
    pad = within_m + others.allowance_m + ship.allowance_m.max()
    below = np.nanmax(others.apogee_m, axis=-1) < ship.perigee_m.min() - pad
    above = np.nanmin(others.perigee_m, axis=-1) > ship.apogee_m.max() + pad
    return np.asarray(~(below | above))


def path_passes(ship: Paths, others: Paths, within_m: float) -> Mask:
    """Whether the two paths come within reach of each other near a crossing of their planes, at any sample. (n,)

    Nearer than D, each object is within asin(D / (r sin I)) of the crossing; over that arc, widened by the turn allowance, each
    orbit spans an interval of radii. Where the intervals are farther apart than D and the allowances, they cannot meet there.
    Nearly coplanar orbits (the arc reaches a quarter turn) always pass.
    """
    crossing = np.cross(ship.normal, others.normal)
    sine = np.linalg.norm(crossing, axis=-1)
    pad = within_m + others.allowance_m[:, None] + ship.allowance_m.max()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # planes that all but coincide
        ratio = pad / (np.minimum(others.perigee_m, ship.perigee_m) * sine)
        arc = np.arcsin(np.minimum(ratio, 1.0)) + _TURN_rad * (1 + 1 / sine)
        unit = crossing / sine[..., None]
    passes = ~(arc < np.pi / 2)
    for side in (1.0, -1.0):
        low, high = _radii(others, side * unit, arc)
        ship_low, ship_high = _radii(ship, side * unit, arc)
        passes |= ~((low - ship_high > pad) | (ship_low - high > pad))
    return np.asarray(passes.any(axis=-1))


def _radii(orbit: Paths, toward: Array, arc: Array) -> tuple[Array, Array]:
    """Least and greatest radius of a conic over an arc of +-`arc` about a direction in its plane."""
    e = np.linalg.norm(orbit.eccentricity, axis=-1)
    aside = np.cross(orbit.normal, orbit.eccentricity)
    with np.errstate(invalid="ignore"):
        anomaly = np.abs(np.arctan2(np.sum(aside * toward, axis=-1), np.sum(orbit.eccentricity * toward, axis=-1)))
        near, far = np.maximum(anomaly - arc, 0.0), np.minimum(anomaly + arc, np.pi)
        low = orbit.parameter_m / (1 + e * np.cos(near))
        slow = 1 + e * np.cos(far)
    return low, np.where(slow > 0, orbit.parameter_m / np.where(slow > 0, slow, 1.0), np.inf)
