"""Where is the Sun, and does it shine on the vehicle? Directions are geometric: no aberration (0.006 deg)."""

from __future__ import annotations

from datetime import datetime

import erfa
import numpy as np
import numpy.typing as npt

from whipple.physics.constants import EARTH_RADIUS_m, OBLIQUITY_J2000_rad
from whipple.physics.time import tt_julian

__all__ = ["beta_rad", "eclipse_frac", "solar_longitude_rad", "sun_dir_gcrs", "sunlit"]

Array = npt.NDArray[np.float64]
#: Linear interpolation over 6 h errs by at most 2.2e-6 deg (measured, geometry sheet 6.2).
_KNOT_DAY = 0.25


def sun_dir_gcrs(epoch: datetime, t_s: npt.ArrayLike) -> Array:
    """Unit vectors (n, 3) to the Sun at `t_s` (n,) seconds after the UTC epoch, GCRS, geometric.

    Minus the heliocentric Earth of ERFA epv00 (TT for TDB), at knots every 6 h and linear between. Against DE440 over
    1998-2030: at most 4e-6 deg. Raises RangeError outside the leap-second table.

    >>> from datetime import UTC, datetime
    >>> np.round(sun_dir_gcrs(datetime(2022, 12, 15, 0, 45, tzinfo=UTC), [0.0])[0], 4).tolist()
    [-0.1273, -0.91, -0.3945]
    """
    day, fraction = tt_julian(epoch, np.atleast_1d(np.asarray(t_s, dtype=float)))
    count = int(np.ceil(np.ptp(fraction) / _KNOT_DAY)) + 1
    knots = np.linspace(fraction.min(), fraction.max(), count) if count > 1 else fraction[:1]
    earth = -erfa.epv00(day, knots)[0]["p"]
    sun = np.stack([np.interp(fraction, knots, earth[:, axis]) for axis in range(3)], axis=-1)
    return np.asarray(sun / np.linalg.norm(sun, axis=-1, keepdims=True), dtype=float)


def beta_rad(position_gcrs_m: npt.ArrayLike, velocity_gcrs_m_s: npt.ArrayLike, sun_dir: npt.ArrayLike) -> Array:
    """The angle of the Sun above the orbit plane (rad), toward the orbit normal r x v; negative: Sun to starboard.

    Orbit and Sun must be in one frame: a TEME orbit with a GCRS Sun is off by 0.1 to 0.3 deg. Arguments (..., 3).

    >>> round(float(beta_rad([7e6, 0, 0], [0, 7.5e3, 0], [0, 0.6, -0.8])), 6)
    -0.927295
    """
    normal = np.cross(np.asarray(position_gcrs_m, float), np.asarray(velocity_gcrs_m_s, float))
    sine = np.sum(normal * np.asarray(sun_dir, float), axis=-1) / np.linalg.norm(normal, axis=-1)
    return np.arcsin(np.clip(sine, -1.0, 1.0))


def solar_longitude_rad(epoch: datetime, t_s: npt.ArrayLike = 0.0) -> Array:
    """Ecliptic longitude of the Sun (rad, 0 to 2 pi), equinox J2000: the clock of meteor showers. Shape of `t_s`.

    >>> from datetime import UTC, datetime
    >>> round(float(np.degrees(solar_longitude_rad(datetime(2022, 12, 15, 0, 45, tzinfo=UTC)))), 2)
    262.69
    """
    sun = sun_dir_gcrs(epoch, t_s)
    cosine, sine = np.cos(float(OBLIQUITY_J2000_rad)), np.sin(float(OBLIQUITY_J2000_rad))
    longitude = np.arctan2(cosine * sun[..., 1] + sine * sun[..., 2], sun[..., 0]) % (2 * np.pi)
    return np.asarray(longitude.reshape(np.shape(t_s)), dtype=float)


def sunlit(position_gcrs_m: npt.ArrayLike, sun_dir: npt.ArrayLike) -> Array:
    """1 in sunlight, 0 in the cylindrical shadow of the Earth, for positions and Sun directions (..., 3).

    >>> sunlit([[7e6, 0, 0], [-7e6, 0, 0]], [1.0, 0, 0]).tolist()
    [1.0, 0.0]
    """
    position, sun = np.broadcast_arrays(np.asarray(position_gcrs_m, float), np.asarray(sun_dir, float))
    along = np.sum(position * sun, axis=-1)
    across = np.linalg.norm(position - along[..., None] * sun, axis=-1)
    return np.where((along < 0) & (across < EARTH_RADIUS_m), 0.0, 1.0)


def eclipse_frac(beta: npt.ArrayLike, altitude_m: float) -> Array:
    """The share of a circular orbit spent in the cylindrical shadow; 0 where sin|beta| > R/(R + h).

    cos(half arc) = sqrt(h^2 + 2 R h) / ((R + h) cos beta), from the geometry of a cylinder. `beta` in rad.

    >>> eclipse_frac(np.radians([0.0, 69.0, 71.9]), 417e3).round(4).tolist()
    [0.3879, 0.0875, 0.0]
    """
    radius = EARTH_RADIUS_m + altitude_m
    cosine = np.sqrt(altitude_m**2 + 2 * EARTH_RADIUS_m * altitude_m) / radius / np.cos(np.asarray(beta, dtype=float))
    return np.arccos(np.minimum(cosine, 1.0)) / np.pi
