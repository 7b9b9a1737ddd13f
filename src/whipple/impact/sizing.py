"""Before a shield is built: the bumper and the wall that a particle asks for (NASA/TM-2009-214785 eq. 4-21, 4-22; Christiansen & Kerr 2001)."""

from __future__ import annotations

from whipple.errors import RangeError
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot
from whipple.physics.cited import Cited

__all__ = ["balance_ratio", "sized_whipple"]

_WALL = Cited(0.16, unit="cm-g-km/s form", source="hb2009_214785", grade="source")
_NEAR = Cited(0.25, unit="", source="hb2009_214785", grade="source")
_FAR = Cited(0.20, unit="", source="hb2009_214785", grade="source")


def sized_whipple(
    shield: Shield, diameter_m: float, speed_m_s: float, incidence_rad: float, density_kg_m3: float
) -> Shield:
    """The shield with its bumper and wall set to hold a particle; alloys and gap are the shield's. For normal speeds from 7 km/s.

    t_b = c_b d rho_p/rho_b with c_b 0.25 below S/d = 30, else 0.20; t_w = 0.16 d^1/2 (rho_p rho_b)^(1/6) M^(1/3) Vn S^(-1/2) (70/sigma)^1/2.

    >>> from whipple.physics.materials import material
    >>> sized = sized_whipple(Shield(wall=material("6061-T6"), wall_m=0.001, standoff_m=0.1), 0.01, 7000.0, 0.0, 2796.0)
    >>> round(10 * (sized.bumper_m * 270 + sized.wall_m * 270), 1)
    27.1
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    if not (diameter_m > 0 and shield.standoff_m > 0):
        raise RangeError("sizing", "diameter and gap", (diameter_m, shield.standoff_m), "both > 0", "check the units")
    if float(shot.vn) < 7.0:
        raise RangeError("sizing", "speed_m_s", speed_m_s, "a normal speed from 7 km/s", "ask for the ballistic limit")
    d, bulk = 100 * diameter_m, float(shot.rho)
    mass_g = 0.5235987755982988 * d**3 * bulk
    share = _NEAR if shot.s / d < 30 else _FAR
    wall = _WALL * d**0.5 * (bulk * shot.rho_b) ** (1 / 6) * mass_g ** (1 / 3) * float(shot.vn)
    wall *= shot.s**-0.5 * (70 / shot.sigma) ** 0.5
    return Shield(
        wall=shield.wall,
        wall_m=wall / 100,
        bumper_m=share * diameter_m * bulk / shot.rho_b,
        bumper_density_kg_m3=shield.bumper_density_kg_m3,
        standoff_m=shield.standoff_m,
    )


def balance_ratio(shield: Shield) -> float:
    """t_b/(S t_w)^1/2: 0.07 +- 0.02 in a shield whose bumper and wall are in balance.

    >>> from whipple.physics.materials import material
    >>> round(balance_ratio(Shield(wall=material("2219-T87"), wall_m=0.0048, bumper_m=0.002, standoff_m=0.107)), 3)
    0.088
    """
    return float(shield.bumper_m / (shield.standoff_m * shield.wall_m) ** 0.5)
