"""Reimerdes, Nölke, Schäfer 2006: the modified Cour-Palais/Christiansen damage equations for thin bumpers (IJIE 33, 645)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.models.christiansen_1993 import CUT_rad, fast_cm
from whipple.impact.models.cour_palais_1969 import Failure, failure_ratio
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined
from whipple.impact.thin_bumper import bisected, weakening
from whipple.physics.cited import Cited

__all__ = ["whipple_m"]

_DEPTH = Cited(0.42, unit="cm-g-km/s form", source="reimerdes2006", grade="source")
_SMALLEST_cm, _LARGEST_cm = 1e-5, 1e3


def whipple_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: Failure = "perforation",
) -> Array:
    """Whipple shield with any bumper, aluminium walls (R06; HB 4-26 to 4-34). Thin bumpers were tested at 0 deg only.

    `failure` sets k = 1.8, 2.2 or 3.0 (the handbook's text after eq. 4-34 prints a tenth of each). K_inf is 0.42, aluminium's.

    Between 7 and 10 km/s the published reference depends on the solver where x_c steps at S/d = 30; the smallest root is taken here.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.015, bumper_m=0.0025, bumper_density_kg_m3=2713, standoff_m=0.04)
    >>> float(whipple_m(shield, 1000.0, np.radians(75.0), 2800.0).round(5))
    0.03166
    """
    shot, k = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, CUT_rad), failure_ratio(failure)
    shape = np.broadcast(shot.v, shot.c, shot.rho).shape

    def slow(v: Array) -> Array:
        wall = shot.tw / k + shot.tb
        return (wall / (0.796 * _DEPTH * shot.rho**0.518 * (v * shot.c) ** (2 / 3))) ** (18 / 19)

    def fast(v: Array) -> Array:
        sound = np.broadcast_to(fast_cm(shot, v), shape)
        return bisected(
            lambda d: d - sound * _weakened(shot, d, k) ** (-2 / 3), np.full(shape, _SMALLEST_cm), sound * 1.0000001
        )

    low, high = np.full(shape, _SMALLEST_cm), np.full(shape, _LARGEST_cm)
    onset = bisected(lambda d: d - slow(_breakup_km_s(shot, d) / shot.c), low, high)
    return joined(shot.v, _breakup_km_s(shot, onset) / shot.c, 7 / shot.c, slow, fast)


def _breakup_km_s(shot: Shot, d: Array) -> Array:
    return 1.853 + 0.397 * (shot.tb / d) ** -0.565


def _weakened(shot: Shot, d: Array, k: float) -> Array:
    """F2* at a normal speed of 7 km/s: bare wall (eq. 8-9) over shielded wall (eq. 3)."""
    mass = np.pi / 6 * d**3 * shot.rho
    bare = k * _DEPTH * mass**0.352 * shot.rho ** (1 / 6) * 7 ** (2 / 3)
    shielded = 0.178 * mass**0.5 * shot.rho_b ** (1 / 6) * 7 * shot.s**-0.5 * (70 / shot.sigma) ** 0.5
    enough = np.where(shot.s / d < 30, 0.25, 0.20)
    return weakening(shot.tb / d, enough, np.maximum(bare / shielded, 1.0))
