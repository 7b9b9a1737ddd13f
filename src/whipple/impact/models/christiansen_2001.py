"""Christiansen & Kerr 2001: the general Whipple form with insulation, stuffed Whipple and multi-shock shields (IJIE 26, 93; TM 73-96)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.models.christiansen_1993 import CUT_rad
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined

__all__ = [
    "general_whipple_m",
    "hybrid_multishock_m",
    "kevlar_multishock_m",
    "multishock_m",
    "nextel_multishock_m",
    "stuffed_whipple_m",
]


def general_whipple_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    *,
    gap_powers: tuple[float, float] = (1 / 3, 1 / 3),
) -> Array:
    """Whipple shield with insulation inside, constant beyond 65 deg (eq. 1-3).

    Equation 1 prints S^(1/2) in the threshold of thin bumpers and S^(1/3) in their factor, which leaves a jump: `gap_powers` are the two,
    S^(1/3) in both fits test shots best (72.4 % right; 72.4 % as printed, 71.1 % with 1/2 in both). Insulation adds above the shatter
    regime only, and lowers its beginning from 3 to 2 km/s.

    >>> from whipple.physics.materials import Material
    >>> wall = Material("2219-T87", "aluminium", 2851, 57 * 6.894757e6, None, None, "ck01")
    >>> shield = Shield(wall=wall, wall_m=0.0032, bumper_m=0.00127, bumper_density_kg_m3=2713, standoff_m=0.102)
    >>> float(general_whipple_m(shield, 7000.0, 0.0, 2796.0).round(6))
    0.006544
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, CUT_rad)
    thin, factor = (shot.tb / (shot.tw ** (2 / 3) * shot.s**power) for power in gap_powers)
    k_h = np.where(np.asarray(thin) >= 0.126, 1.35, 7.451 * np.asarray(factor) + 0.411)
    gap_cm = shield.blanket_standoff_m * 100
    blanket = 1.4 * shot.mli * (gap_cm / shot.s) ** 0.5

    def fast(v: Array) -> Array:
        wall = k_h * shot.s**0.5 * (shot.tw * shot.rho_w) ** (2 / 3) * (shot.sigma / 70) ** (1 / 3)
        return wall * shot.rho ** (-1 / 3) * (v * shot.c) ** (-2 / 3) * shot.rho_b ** (-1 / 9) + blanket

    def slow(v: Array) -> Array:
        wall = 1.9 * (shot.tw * (shot.sigma / 40) ** 0.5 + 0.37 * shot.tb * shot.rho_b)
        return wall * shot.c ** (-11 / 6) * shot.rho**-0.5 * v ** (-2 / 3)

    low = 2.0 if shot.mli > 0 else 3.0
    return joined(shot.v, low / shot.c**1.5, 7 / shot.c, slow, fast)


def _before_wall(shot: Shot) -> float:
    """Areal density of everything in front of the wall (g/cm2)."""
    return shot.tb * shot.rho_b + shot.stuffing + shot.mli


def stuffed_whipple_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    *,
    fast_factor: float = 0.6,
) -> Array:
    """Aluminium bumper, fabric in the gap, aluminium wall (eq. 7-9). Tested 2.9-11.4 km/s, 0-60 deg; above 8 km/s by shaped charges.

    `fast_factor` is 0.6 (CK01, handbook); TM eq. 73 prints 0.321, which is the constant of the interpolation. Use 0.45 where the stuffing is
    only 10 to 15 % of the shield's mass. No angle is held constant.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("2219-T87"), wall_m=0.0048, bumper_m=0.002, standoff_m=0.114, stuffing_kg_m2=8.5)
    >>> float(stuffed_whipple_m(shield, 7030.0, 0.0, 2800.0).round(5))
    0.01324
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)

    def fast(v: Array) -> Array:
        wall = fast_factor * (shot.tw * shot.rho_w) ** (1 / 3) * shot.s ** (2 / 3) * (shot.sigma / 40) ** (1 / 6)
        return wall * shot.rho ** (-1 / 3) * v ** (-1 / 3) * shot.c**-0.5

    def slow(v: Array) -> Array:
        return (
            2.35
            * (shot.tw * (shot.sigma / 40) ** 0.5 + 0.37 * _before_wall(shot))
            * v ** (-2 / 3)
            * shot.c ** (-4 / 3)
            * shot.rho**-0.5
        )

    return joined(shot.v, 2.6 * shot.c**-0.5, 6.5 * shot.c**-0.75, slow, fast)


def multishock_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Fabric bumpers in front of an aluminium wall; `stuffing_kg_m2` is all bumpers, `standoff_m` the whole depth. Tested 2.5-7 km/s.

    For S/d above 15 (the report's Table 10 prints "below").

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("2219-T87"), wall_m=0.0048, standoff_m=0.1143, stuffing_kg_m2=6.0)
    >>> float(multishock_m(shield, 7000.0, 0.0, 2800.0).round(4))
    0.0079
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)

    def fast(v: Array) -> Array:
        wall = 0.358 * (shot.tw * shot.rho_w) ** (1 / 3) * shot.s ** (2 / 3) * (shot.sigma / 40) ** (1 / 6)
        return wall * shot.rho ** (-1 / 3) * (v * shot.c) ** (-1 / 3)

    def slow(v: Array) -> Array:
        return (
            2.0
            * (shot.tw * (shot.sigma / 40) ** 0.5 + 0.37 * _before_wall(shot))
            * shot.c ** (-4 / 3)
            * shot.rho**-0.5
            * v ** (-2 / 3)
        )

    return joined(shot.v, 2.4 * shot.c**-0.5, 6.4 * shot.c**-0.25, slow, fast)


def nextel_multishock_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Multi-shock with a Nextel wall; thickness times density of the wall is its areal density.

    >>> from whipple.physics.materials import Material
    >>> fabric = Material("Nextel", "fabric", 1000, None, None, None, "ck01")
    >>> shield = Shield(wall=fabric, wall_m=0.003, standoff_m=0.12, stuffing_kg_m2=6.0)
    >>> float(nextel_multishock_m(shield, 10000.0, 0.0, 2700.0).round(5))
    0.00412
    """
    return _fabric_wall(43.6, Shot(shield, speed_m_s, incidence_rad, density_kg_m3))


def kevlar_multishock_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Multi-shock with a Kevlar wall: 29.0 for Nextel's 43.6 (TM; 1.24 x 29^(-1/3) = 0.404 where the paper prints 0.41, 1.6 % apart).

    >>> from whipple.physics.materials import Material
    >>> fabric = Material("Kevlar", "fabric", 1000, None, None, None, "ck01")
    >>> shield = Shield(wall=fabric, wall_m=0.003, standoff_m=0.15, stuffing_kg_m2=6.0)
    >>> float(kevlar_multishock_m(shield, 7000.0, 0.0, 2700.0).round(5))
    0.00617
    """
    return _fabric_wall(29.0, Shot(shield, speed_m_s, incidence_rad, density_kg_m3))


def _fabric_wall(strength: float, shot: Shot) -> Array:
    wall = shot.tw * shot.rho_w

    def fast(v: Array) -> Array:
        return (
            1.24
            * wall ** (1 / 3)
            * shot.s ** (2 / 3)
            * strength ** (-1 / 3)
            * shot.rho ** (-1 / 3)
            * (v * shot.c) ** (-1 / 3)
        )

    def slow(v: Array) -> Array:
        return 2.7 * (0.5 * wall + 0.37 * _before_wall(shot)) * shot.c ** (-4 / 3) * shot.rho**-0.5 * v ** (-2 / 3)

    return joined(shot.v, 2.4 * shot.c**-0.5, 6.4 * shot.c**-0.25, slow, fast)


def hybrid_multishock_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Two Nextel bumpers and one of aluminium before an aluminium wall, constant beyond 75 deg; gap to the wall twice the others.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("2219-T87"), wall_m=0.0048, standoff_m=0.1143, stuffing_kg_m2=7.51)
    >>> float(hybrid_multishock_m(shield, 7000.0, 0.0, 2800.0).round(4))
    0.013
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, float(np.radians(75)))
    power = np.where(shot.angle_deg <= 45, -7 / 3, -2.0)

    def fast(v: Array) -> Array:
        wall = 2.15 * (shot.tw * shot.rho_w) ** (2 / 3) * shot.s ** (1 / 3) * (shot.sigma / 40) ** (1 / 3)
        return wall * shot.rho ** (-1 / 3) * (v * shot.c) ** (-2 / 3)

    def slow(v: Array) -> Array:
        return (
            2.0
            * (shot.tw * (shot.sigma / 40) ** 0.5 + 0.37 * _before_wall(shot))
            * shot.c**power
            * shot.rho**-0.5
            * v ** (-2 / 3)
        )

    return joined(shot.v, 2.7 * shot.c**-0.5, 6.5 * shot.c ** (-2 / 3), slow, fast)
