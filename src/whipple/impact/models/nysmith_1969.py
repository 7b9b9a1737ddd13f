"""Nysmith & Denardo's hole in a thin aluminium plate, recalled: D/d = 0.88 V^(1/2) (t/d)^0.45 (V in km/s, normal part here)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot
from whipple.physics.cited import Cited

__all__ = ["particle_m"]

_HOLE = Cited(0.88, unit="(s/km)^1/2", source="nysmith1969", grade="recalled")
_THICKNESS = Cited(0.45, unit="", source="nysmith1969", grade="recalled")


def particle_m(
    shield: Shield,
    hole_diameter_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
) -> Array:
    """The particle (m) that makes a hole of this diameter in a thin plate; never wider than the hole it made.

    >>> float(particle_m(Shield.single("6061-T6", 0.0003), 0.0013543, 7000.0, 0.0, 2800.0).round(5))
    0.001
    """
    shot, hole = Shot(shield, speed_m_s, incidence_rad, density_kg_m3), np.asarray(hole_diameter_m, dtype=float)
    made = (hole / (_HOLE * shot.vn**0.5 * shield.wall_m**_THICKNESS)) ** (1 / (1 - _THICKNESS))
    return np.minimum(made, hole)
