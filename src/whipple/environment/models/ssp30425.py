"""SSP 30425 Rev. B: the meteoroid design environment of the Space Station (isotropic, one speed law, one density a mass class).

Its focusing G = 1 + R/r belongs to its own slow speed law and must not be combined with the fast, directional sources.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.environment.models.grun_1985 import grun_flux_per_m2_s
from whipple.physics.cited import Cited
from whipple.physics.constants import ATMOSPHERE_m

__all__ = [
    "earth_angle_rad",
    "focusing_ratio",
    "shielding_frac",
    "ssp_density_kg_m3",
    "ssp_face_flux_per_m2_s",
    "ssp_plate_flux_per_m2_s",
    "ssp_speed_law",
]

#: The radius that these formulas use for the Earth.
_EARTH_m = Cited(6_378e3, unit="m", source="ssp30425", grade="source")
#: Bulk density by mass class: below 1e-6 g, to 1e-2 g, above.
_DENSITY_kg_m3 = tuple(Cited(value, unit="kg/m^3", source="mem_guide") for value in (2000.0, 1000.0, 500.0))
_STEPS_kg = (1e-9, 1e-5)
#: The speed law: from, to (km/s), factor, power. Earth-relative, at the atmosphere.
_LAW = (
    (11.1, 16.3, Cited(0.112, unit="s/km", source="ssp30425", grade="recalled"), 0.0),
    (16.3, 55.0, Cited(3.328e5, unit="(km/s)^4.34", source="ssp30425", grade="recalled"), -5.34),
    (55.0, 72.2, Cited(1.695e-4, unit="s/km", source="ssp30425", grade="recalled"), 0.0),
)


def earth_angle_rad(altitude_m: float) -> float:
    """Half-angle of the cone in which Earth and atmosphere block the sky: sin eta = (R + 100 km)/(R + h), R = 6378 km.

    >>> round(float(np.degrees(earth_angle_rad(400e3))), 2)
    72.89
    """
    return float(np.arcsin((_EARTH_m + ATMOSPHERE_m) / (_EARTH_m + altitude_m)))


def shielding_frac(altitude_m: float) -> float:
    """The share of an isotropic flux that Earth leaves a tumbling plate: (1 + cos eta)/2. Never for a beam or one face.

    >>> round(shielding_frac(400e3), 5)
    0.64711
    """
    return float((1 + np.cos(earth_angle_rad(altitude_m))) / 2)


def focusing_ratio(altitude_m: float) -> float:
    """How much gravity raises the flux in the SSP simplification: G = 1 + (R + 100 km)/(R + h).

    >>> round(focusing_ratio(400e3), 5)
    1.95574
    """
    return float(1 + (_EARTH_m + ATMOSPHERE_m) / (_EARTH_m + altitude_m))


def ssp_density_kg_m3(mass_kg: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Bulk density of a meteoroid of this mass: 2000, 1000 and 500 kg/m3 with steps at 1e-6 g and 1e-2 g.

    >>> ssp_density_kg_m3([1e-10, 1e-6, 1e-3]).tolist()
    [2000.0, 1000.0, 500.0]
    """
    return np.asarray(_DENSITY_kg_m3, dtype=float)[np.searchsorted(_STEPS_kg, np.asarray(mass_kg, dtype=float))]


def ssp_speed_law(speed_m_s: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Probability per km/s of an Earth-relative speed (m/s) at the atmosphere, normalised; mean 16.9 km/s.

    >>> ssp_speed_law([10e3, 12e3]).round(4).tolist()
    [0.0, 0.1116]
    """
    v = np.asarray(speed_m_s, dtype=float) / 1e3
    pieces = [
        np.where((low <= v) & (v < high), factor * np.maximum(v, low) ** power, 0.0)
        for low, high, factor, power in _LAW
    ]
    return np.asarray(sum(pieces) / _law_integral())


def _law_integral() -> float:
    return float(
        sum(
            factor * ((high - low) if power == 0 else (high ** (power + 1) - low ** (power + 1)) / (power + 1))
            for low, high, factor, power in _LAW
        )
    )


def ssp_face_flux_per_m2_s(
    normal_lvlh: npt.ArrayLike, mass_kg: float, altitude_m: float, orbit_speed_m_s: float, *, points: int = 96
) -> float:
    """How many meteoroids heavier than `mass_kg` strike a face of this outward normal (LVLH), per m2 of face and second?

    Isotropic outside the cone of Earth, speed law taken at the spacecraft, the orbital speed added as a vector.
    Gauss-Legendre in elevation and speed, uniform in azimuth. HB Table 2-2 zenith face: 0.1 %, see the oracles.

    >>> mass = np.pi / 6 * 1000 * 0.1e-3**3
    >>> round(ssp_face_flux_per_m2_s([0, 0, -1], mass, 400e3, 7669.0) * 3.15576e7, 2)
    5.16
    """
    direction, solid = _open_sky(altitude_m, points)
    speed, share = _speed_nodes(points)
    toward = np.asarray(direction @ np.asarray(normal_lvlh, dtype=float))
    ram = float(np.asarray(normal_lvlh, dtype=float)[0]) * orbit_speed_m_s
    # -v_rel.n / v = d.n + u.n / v for a particle of speed v coming from d
    weight = np.maximum(toward[:, None] + ram / speed, 0.0) @ share
    intensity = grun_flux_per_m2_s(mass_kg) * focusing_ratio(altitude_m) / np.pi
    return float(intensity * (solid @ weight))


def ssp_plate_flux_per_m2_s(mass_kg: float, altitude_m: float, orbit_speed_m_s: float, *, points: int = 48) -> float:
    """How many meteoroids heavier than `mass_kg` strike one side of a tumbling plate in low orbit, per m2 and second?

    The same chain as for a face, averaged over all orientations: a quarter of the flux on a sphere. HB Table 2-3, level 6 %.

    >>> mass = np.pi / 6 * 1000 * 3e-3**3
    >>> f"{ssp_plate_flux_per_m2_s(mass, 400e3, 7669.0) * 3.15576e7:.3e}"
    '2.673e-05'
    """
    direction, solid = _open_sky(altitude_m, points)
    speed, share = _speed_nodes(points)
    # |v_rel| / v for a particle of speed v coming from d: v_rel = -v d - u
    motion = orbit_speed_m_s / speed
    relative = np.sqrt(1 + 2 * direction[:, :1] * motion + motion**2) @ share
    intensity = grun_flux_per_m2_s(mass_kg) * focusing_ratio(altitude_m) / np.pi
    return float(intensity * (solid @ relative) / 4)


def _open_sky(altitude_m: float, points: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Directions (LVLH, from which) and solid angles of the sky outside the cone of Earth."""
    lowest = -np.cos(earth_angle_rad(altitude_m))
    directions, solids = [], []
    for low, high in ((lowest, 0.0), (0.0, 1.0)):
        node, weight = np.polynomial.legendre.leggauss(points)
        sine = low + (high - low) * (node + 1) / 2
        azimuth = (np.arange(2 * points) + 0.5) * np.pi / points
        level = np.sqrt(1 - sine**2)[:, None]
        grid = np.broadcast_arrays(level * np.cos(azimuth), level * np.sin(azimuth), -sine[:, None])
        directions.append(np.stack([part.ravel() for part in grid], axis=-1))
        solids.append(np.repeat(weight * (high - low) / 2 * np.pi / points, 2 * points))
    return np.concatenate(directions), np.concatenate(solids)


def _speed_nodes(points: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Speeds (m/s) and their shares by Gauss-Legendre on each piece of the law."""
    node, weight = np.polynomial.legendre.leggauss(points)
    speeds = np.concatenate([low + (high - low) * (node + 1) / 2 for low, high, _, _ in _LAW]) * 1e3
    widths = np.concatenate([weight * (high - low) / 2 for low, high, _, _ in _LAW])
    return speeds, widths * ssp_speed_law(speeds)
