"""Schäfer, Ryan, Lambert, Putzar 2008 (SRL): dual walls, and equipment such as pipes behind them (IJIE 35, 1784; TM tables 11, 13)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined
from whipple.physics.cited import Cited

__all__ = [
    "as_aluminium",
    "cfrp_dual_wall_m",
    "cfrp_triple_wall_m",
    "dual_limit_m",
    "dual_wall_m",
    "tilt_power",
    "triple_wall_m",
]

_ALUMINIUM_kg_m3 = Cited(2780.0, unit="kg/m3", source="schaefer2008", grade="source")


def as_aluminium(shield: Shield) -> Shield:
    """CFRP layers as aluminium of equal areal density (reference alloy 2.78 g/cm3).

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("CFRP"), wall_m=0.00145, bumper_m=0.00145, bumper_density_kg_m3=1800, standoff_m=0.05)
    >>> round(as_aluminium(shield).bumper_m * 1e3, 3)
    0.939
    """
    lighter = shield.bumper_density_kg_m3 / _ALUMINIUM_kg_m3
    return replace(
        shield,
        bumper_m=shield.bumper_m * lighter,
        second_m=shield.second_m * lighter,
        bumper_density_kg_m3=float(_ALUMINIUM_kg_m3),
    )


def tilt_power(shot: Shot) -> Array:
    """Exponent of the cosine: 4/3 up to 45 and from 65 deg, 5/4 between (text of the paper; TM tables 11 and 13 garble it).

    >>> tilt_power(Shot(Shield.single("6061-T6", 0.001), 7000.0, np.radians([45.0, 60.0, 65.0]), 2700.0)).round(2).tolist()
    [1.33, 1.25, 1.33]
    """
    return np.where((shot.angle_deg <= 45) | (shot.angle_deg >= 65), 4 / 3, 5 / 4)


def dual_wall_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Aluminium sandwich or two plates alone: detached spall of the rear one. Tested 2-8 km/s, 0-70 deg.

    >>> from whipple.physics.materials import Material
    >>> face = Material("face", "aluminium", 2700, 63.09 * 6.894757e6, None, None, "srl08")
    >>> shield = Shield(wall=face, wall_m=0.0016, bumper_m=0.0016, standoff_m=0.05)
    >>> float(dual_wall_m(shield, 7000.0, 0.0, 2700.0).round(5))
    0.00182
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return dual_limit_m(shot, tilt_power(shot), 1.4, (3.0, 7.0), shot.tw)


def cfrp_dual_wall_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Sandwich with CFRP faces (the wall's yield strength is the reference alloy's, 59.5 ksi).

    >>> from whipple.physics.materials import Material
    >>> face = Material("CFRP", "cfrp", 1800, 59.5 * 6.894757e6, None, None, "srl08")
    >>> shield = Shield(wall=face, wall_m=0.00145, bumper_m=0.00145, bumper_density_kg_m3=1800, standoff_m=0.0506)
    >>> float(cfrp_dual_wall_m(shield, 7000.0, 0.0, 2700.0).round(5))
    0.00103
    """
    equal = as_aluminium(shield)
    shot = Shot(equal, speed_m_s, incidence_rad, density_kg_m3)
    rear = shot.tw * shield.wall.density_kg_m3 / _ALUMINIUM_kg_m3
    return dual_limit_m(shot, np.full_like(shot.angle_deg, 4 / 3), 1.1, (4.2, 8.4), rear)


def dual_limit_m(shot: Shot, tilt: Array, k_spall: float, limits: tuple[float, float], rear: float | Array) -> Array:
    """The dual-wall law (m) for a rear wall of `rear` cm: `tilt` the exponent of the cosine, `limits` VL and VH in km/s.

    >>> shield = Shield(wall=Shield.single("6061-T6", 1.0).wall, wall_m=0.001, bumper_m=0.001, standoff_m=0.05)
    >>> shot = Shot(shield, 7000.0, 0.0, 2700.0)
    >>> float(dual_limit_m(shot, tilt_power(shot), 1.4, (3.0, 7.0), shot.tw).round(5))
    0.00114
    """
    front = rear / k_spall * (shot.sigma / 40) ** 0.5 + shot.tb + 3.0 * shot.mli / shot.rho_b
    back = 1.155 * shot.s ** (1 / 3) * rear ** (2 / 3) * (shot.sigma / 70) ** (1 / 3) * 0.4 ** (-2 / 3)
    return joined(
        shot.v,
        limits[0] / shot.c,
        limits[1] / shot.c,
        lambda v: (front / (0.6 * shot.c**tilt * shot.rho**0.5 * v ** (2 / 3))) ** (18 / 19),
        lambda v: back * shot.rho ** (-1 / 3) * shot.rho_b ** (-1 / 9) * v ** (-2 / 3) / shot.c**tilt,
    )


def triple_wall_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Equipment (a pipe: `wall_m`) behind an aluminium sandwich (`bumper_m`, `second_m`); gaps `standoff_m`, `second_standoff_m`.

    >>> from whipple.physics.materials import Material
    >>> pipe = Material("pipe", "aluminium", 2700, 36.26 * 6.894757e6, None, None, "srl08")
    >>> shield = Shield(wall=pipe, wall_m=0.0015, bumper_m=0.00041, standoff_m=0.035, second_m=0.00041, second_standoff_m=0.1)
    >>> float(triple_wall_m(shield, 7000.0, 0.785398, 2700.0).round(4))
    0.0034
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    tilt = tilt_power(shot)
    second = (
        0.1
        * (shield.second_standoff_m * 100) ** (2 / 3)
        * shot.tw ** (1 / 3)
        * shot.c ** -np.where(tilt == 4 / 3, 8 / 3, 10 / 4)
    )
    return _triple(shot, tilt, (1.4, 1.5), (3.0, 7.0), second)


def cfrp_triple_wall_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Equipment behind a sandwich with CFRP faces; `wall` is the equipment's aluminium.

    >>> from whipple.physics.materials import Material
    >>> pipe = Material("pipe", "aluminium", 2780, 59.5 * 6.894757e6, None, None, "srl08")
    >>> shield = Shield(wall=pipe, wall_m=0.0015, bumper_m=0.00145, bumper_density_kg_m3=1800, standoff_m=0.0506, second_m=0.00145,
    ...                 second_standoff_m=0.1)
    >>> float(cfrp_triple_wall_m(shield, 7000.0, 0.0, 2700.0).round(5))
    0.00354
    """
    shot = Shot(as_aluminium(shield), speed_m_s, incidence_rad, density_kg_m3)
    second = 1.0 * (shield.second_standoff_m * 100) ** (1 / 3) * shot.tw ** (2 / 3)
    return _triple(shot, np.full_like(shot.angle_deg, 4 / 3), (1.1, 1.0), (4.2, 8.4), second)


def _triple(
    shot: Shot, tilt: Array, k: tuple[float, float], limits: tuple[float, float], second: float | Array
) -> Array:
    """`k` is (K3S, Ktw). The square root of the equipment wall in the slow law is intended (alpha = 1/2)."""
    inner = shot.shield.second_m * 100
    front = (shot.tw**0.5 + inner) / k[0] * (shot.sigma / 40) ** 0.5 + shot.tb + 3.0 * shot.mli / shot.rho_b
    walls = shot.s ** (1 / 3) * (inner + k[1] * shot.tw) ** (2 / 3) + second
    back = 1.155 * walls * (shot.sigma / 70) ** (1 / 3) * 0.4 ** (-2 / 3)
    return joined(
        shot.v,
        limits[0] / shot.c,
        limits[1] / shot.c,
        lambda v: (front / (0.6 * shot.c**tilt * shot.rho**0.5 * v ** (2 / 3))) ** (18 / 19),
        lambda v: back * shot.rho ** (-1 / 3) * shot.rho_b ** (-1 / 9) * v ** (-2 / 3) / shot.c**tilt,
    )
