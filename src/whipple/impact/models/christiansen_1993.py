"""Christiansen 1993: the "New Non-Optimum" (NNO) Whipple shield (IJIE 14, 145; NASA/TM-2009-214785 eq. 4-23 to 4-25)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined
from whipple.physics.cited import Cited

__all__ = ["CUT_rad", "fast_cm", "slow_cm", "whipple_m"]

CUT_rad = Cited(float(np.radians(65.0)), unit="rad", source="christiansen1993", grade="source")
_FAST = Cited(3.918, unit="cm-g-km/s form", source="christiansen1993", grade="source")
_SLOW = Cited(0.6, unit="cm-g-km/s form", source="christiansen1993", grade="source")


def fast_cm(shot: Shot, v: Array) -> Array:
    """The hypervelocity law in cm at v km/s: 3.918 tw^(2/3) rho_p^(-1/3) rho_b^(-1/9) Vn^(-2/3) S^(1/3) (sigma/70)^(1/3)."""
    wall = shot.tw ** (2 / 3) * shot.s ** (1 / 3) * (shot.sigma / 70) ** (1 / 3)
    return _FAST * wall * shot.rho ** (-1 / 3) * shot.rho_b ** (-1 / 9) * (v * shot.c) ** (-2 / 3)


def slow_cm(shot: Shot, v: Array) -> Array:
    """The ballistic law in cm at v km/s: [(tw (sigma/40)^1/2 + tb)/(0.6 cos^(5/3) rho_p^1/2 V^(2/3))]^(18/19)."""
    wall = shot.tw * (shot.sigma / 40) ** 0.5 + shot.tb
    return (wall / (_SLOW * shot.c ** (5 / 3) * shot.rho**0.5 * v ** (2 / 3))) ** (18 / 19)


def whipple_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """The smallest particle (m) that perforates or spalls the wall of an all-aluminium Whipple shield. Tested 2.5-8 km/s, S/d > 15.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("2219-T87"), wall_m=0.0032, bumper_m=0.00127, bumper_density_kg_m3=2713, standoff_m=0.102)
    >>> float(whipple_m(shield, 7000.0, 0.0, 2796.0).round(6))
    0.006445
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, CUT_rad)
    return joined(shot.v, 3 / shot.c, 7 / shot.c, lambda v: slow_cm(shot, v), lambda v: fast_cm(shot, v))
