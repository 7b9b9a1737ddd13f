"""Maiden's hole in a thin aluminium plate, recalled: D/d = 0.45 V (t/d)^(2/3) + 0.90 (V in km/s, normal part here)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot
from whipple.physics.cited import Cited

__all__ = ["hole_m", "particle_m"]

_SPEED = Cited(0.45, unit="s/km", source="maiden1963", grade="recalled")
_LEAST = Cited(0.90, unit="", source="maiden1963", grade="recalled")


def hole_m(
    shield: Shield,
    diameter_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
) -> Array:
    """The hole (m) that a particle of this diameter makes in a plate much thinner than itself. The law has no density in it.

    >>> float(hole_m(Shield.single("6061-T6", 0.0003), 0.001, 7000.0, 0.0, 2800.0).round(6))
    0.002312
    """
    shot, diameter = Shot(shield, speed_m_s, incidence_rad, density_kg_m3), np.asarray(diameter_m, dtype=float)
    return diameter * (_SPEED * shot.vn * (shield.wall_m / diameter) ** (2 / 3) + _LEAST)


def particle_m(
    shield: Shield,
    hole_diameter_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
) -> Array:
    """The particle (m) that makes a hole of this diameter: the real root x = d^(1/3) of 0.90 x^3 + a x - D = 0, a = 0.45 Vn t^(2/3).

    >>> float(particle_m(Shield.single("6061-T6", 0.0003), 0.002312, 7000.0, 0.0, 2800.0).round(6))
    0.001
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    p = _SPEED * shot.vn * np.asarray(shield.wall_m) ** (2 / 3) / _LEAST
    q = np.asarray(hole_diameter_m, dtype=float) / _LEAST
    root = 2 * np.sqrt(p / 3) * np.sinh(np.arcsinh(1.5 * q / p * np.sqrt(3 / p)) / 3)
    return root**3
