"""What do Sun and Earth put on a surface, averaged over an orbit?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import SOLAR_CONSTANT_W_m2, STEFAN_BOLTZMANN_W_m2K4

__all__ = [
    "ALBEDO", "OUTGOING_W_m2", "absorbed_W_m2", "eclipse_frac", "equilibrium_K", "no_eclipse_beta_rad",
    "plate_factor", "sphere_factor",
]  # fmt: skip

EARTH_RADIUS_m = Cited(6_371_000.0, unit="m", source="thermal_sheet", grade="computed")
ALBEDO = Cited(0.3, unit="", source="thermal_sheet", grade="recalled")
OUTGOING_W_m2 = Cited(240.0, unit="W/m^2", source="thermal_sheet", grade="recalled")


def plate_factor(altitude_m: npt.ArrayLike) -> Array:
    """View factor of Earth from a plate facing nadir (altitude above 0 m; thermal sheet, section 3).

    >>> round(float(plate_factor(420e3)), 5)
    0.88013
    """
    return (EARTH_RADIUS_m / (EARTH_RADIUS_m + np.asarray(altitude_m, dtype=float))) ** 2


def sphere_factor(altitude_m: npt.ArrayLike) -> Array:
    """View factor of Earth from a sphere, (1 - cos rho)/2 with sin rho = R/(R + h).

    >>> round(float(sphere_factor(420e3)), 5)
    0.32689
    """
    return (1.0 - np.sqrt(1.0 - plate_factor(altitude_m))) / 2.0


def no_eclipse_beta_rad(altitude_m: npt.ArrayLike) -> Array:
    """The beta angle beyond which a circular orbit is never in the (cylindrical) shadow [rad].

    >>> round(float(np.degrees(no_eclipse_beta_rad(420e3))), 2)
    69.74
    """
    return np.arcsin(np.sqrt(plate_factor(altitude_m)))


def eclipse_frac(altitude_m: npt.ArrayLike, beta_rad: npt.ArrayLike = 0.0) -> Array:
    """Share of a circular orbit spent in the cylindrical shadow of Earth; 0 beyond the limiting beta.

    >>> round(float(eclipse_frac(420e3)), 5), float(eclipse_frac(420e3, -1.2553))
    (0.38747, 0.0)
    """
    cosine = np.cos(np.asarray(beta_rad, dtype=float))
    if not ((np.asarray(altitude_m) > 0).all() and (np.abs(beta_rad) <= np.pi / 2 + 1e-9).all()):
        raise RangeError(
            "eclipse_frac", "altitude_m or beta_rad", "out of range", "altitude above 0 and |beta| up to pi/2"
        )
    share = np.sqrt(1.0 - plate_factor(altitude_m)) / np.maximum(cosine, 1e-12)
    return np.asarray(np.arccos(np.minimum(share, 1.0)) / np.pi)


def equilibrium_K(absorbed_per_emitting_W_m2: npt.ArrayLike) -> Array:
    """Temperature at which a black surface emits this flux per unit of its own area [K].

    >>> round(float(equilibrium_K(SOLAR_CONSTANT_W_m2 / 4)), 2), round(float(equilibrium_K(SOLAR_CONSTANT_W_m2)), 2)
    (278.32, 393.61)
    """
    return (np.asarray(absorbed_per_emitting_W_m2, dtype=float) / STEFAN_BOLTZMANN_W_m2K4) ** 0.25


def absorbed_W_m2(
    absorptance: npt.ArrayLike, emittance: npt.ArrayLike, altitude_m: npt.ArrayLike, beta_rad: npt.ArrayLike, *,
    solar_W_m2: npt.ArrayLike = SOLAR_CONSTANT_W_m2, albedo: npt.ArrayLike = ALBEDO, outgoing_W_m2: npt.ArrayLike = OUTGOING_W_m2,
) -> Array:  # fmt: skip
    """Orbit-mean flux absorbed per m2 of a convex body, all its orientations alike [W/m2].

    Sun on a quarter of the area while out of the shadow, reflected sunlight with the orbit mean cos(beta)/pi of the Sun's
    height, and Earth's own infrared, both with the view factor of a sphere.

    >>> round(float(absorbed_W_m2(0.4, 0.8, 417e3, -1.2553)), 1)
    204.3
    """
    sunlit = 1.0 - eclipse_frac(altitude_m, beta_rad)
    factor = sphere_factor(altitude_m)
    reflected = np.asarray(albedo) * factor * np.cos(beta_rad) / np.pi
    visible = np.asarray(absorptance) * np.asarray(solar_W_m2) * (sunlit / 4.0 + reflected)
    return np.asarray(visible + np.asarray(emittance) * np.asarray(outgoing_W_m2) * factor)
