"""Ryan & Christiansen 2009, what changes a known wall: insulation on it, a honeycomb core, a projectile that is no sphere (TM 118-125, HB 6-1)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.impact.models.christiansen_1993 import CUT_rad, fast_cm, slow_cm
from whipple.impact.models.christiansen_1993 import whipple_m as plain_whipple_m
from whipple.impact.models.cour_palais_1969 import aluminium_wall_m
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined

__all__ = ["honeycomb_m", "insulated_wall_m", "insulated_whipple_m", "shaped_whipple_m"]

#: Constants of the shape correction (TM Table 21).
_A1, _A2, _B1, _B2, _B3 = 0.08, 0.3, 0.25, 0.4, 1.4


def insulated_wall_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Aluminium wall with insulation lying on it (m): Cour-Palais + 2.2 AD rho_p^-0.47 Vn^-0.63 (TM 122, HB 4-20). Tested 2-8 km/s.

    >>> wall = Shield(wall=Shield.single("6061-T6", 1.0).wall, wall_m=0.001, blanket_kg_m2=0.6)
    >>> float(insulated_wall_m(wall, 7000.0, 0.0, 2800.0).round(6))
    0.000556
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    more = 2.2 * shot.mli * shot.rho**-0.47 * shot.vn**-0.63
    return aluminium_wall_m(shield, speed_m_s, incidence_rad, density_kg_m3) + more / 100


def insulated_whipple_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Whipple shield (NNO) with insulation outside: counts as 3 AD/rho_b of bumper in the ballistic regime, as nothing above (TM 124).

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.0032, bumper_m=0.0016, standoff_m=0.1, blanket_kg_m2=0.6)
    >>> [float(insulated_whipple_m(shield, v, 0.0, 2800.0).round(5)) for v in (2000.0, 7000.0)]
    [0.00363, 0.00569]
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, CUT_rad)
    thicker = replace(shield, bumper_m=shield.bumper_m + 3 * shield.blanket_kg_m2 / shield.bumper_density_kg_m3)
    slow = Shot(thicker, speed_m_s, incidence_rad, density_kg_m3, CUT_rad)
    return joined(shot.v, 3 / shot.c, 7 / shot.c, lambda v: slow_cm(slow, v), lambda v: fast_cm(shot, v))


def honeycomb_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Aluminium honeycomb sandwich (m) as a Whipple shield (NNO) whose gap is the lesser of core depth and two cells (HB 6-1).

    >>> from whipple.physics.materials import material
    >>> panel = Shield(wall=material("6061-T6"), wall_m=0.0004, bumper_m=0.0004, standoff_m=0.025, cell_m=0.0048)
    >>> float(honeycomb_m(panel, 7000.0, 0.0, 2800.0).round(5))
    0.00065
    """
    if not shield.cell_m > 0:
        raise RangeError("honeycomb", "cell_m", shield.cell_m, "a cell wider than 0", "give the cell size of the core")
    gap_m = min(2 * shield.cell_m, shield.standoff_m)
    return plain_whipple_m(replace(shield, standoff_m=gap_m), speed_m_s, incidence_rad, density_kg_m3)


def shaped_whipple_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    length_ratio: float = 1.0,
    slow_exponent: float = _A1,
) -> Array:
    """Whipple shield (NNO) struck end on by a spheroid of length over width `length_ratio` (m: the sphere of the same mass at failure).

    To Vn = 3 f^a1 the ballistic law's denominator times f^a, from 7 f^b1 the limit times f^b1 / b3^((f-1)^2/b2), linear between (TM
    118-121). The report prints a1 in the equation and a2 = 0.3 in the text for a: `slow_exponent` is either. Tested at 0.42, 1 and 1.53,
    0 deg, 0.85-6.8 km/s.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.0032, bumper_m=0.0016, standoff_m=0.1)
    >>> [float(shaped_whipple_m(shield, 7000.0, 0.0, 2800.0, f).round(5)) for f in (0.42, 1.0, 1.53)]
    [0.00345, 0.00569, 0.00427]
    """
    if not length_ratio > 0:
        raise RangeError("projectile shape", "length_ratio", length_ratio, "a ratio > 0", "1 is a sphere")
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, CUT_rad)
    blunt = length_ratio**_B1 / _B3 ** ((length_ratio - 1) ** 2 / _B2)
    slower = length_ratio ** (-slow_exponent * 18 / 19)
    return joined(
        shot.v,
        3 * length_ratio**_A1 / shot.c,
        7 * length_ratio**_B1 / shot.c,
        lambda v: slow_cm(shot, v) * slower,
        lambda v: fast_cm(shot, v) * np.asarray(blunt),
    )
