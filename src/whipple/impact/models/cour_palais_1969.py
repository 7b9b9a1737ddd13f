"""Cour-Palais: penetration into aluminium, and the single aluminium wall (NASA/TM-2009-214785 section 4.1; TM-2009-214789 eq. 1-7)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot
from whipple.physics.cited import Cited

__all__ = ["FAILURE_RATIO", "Failure", "aluminium_wall_m", "failure_ratio", "penetration_m"]

Failure = Literal["perforation", "detached spall", "attached spall"]

_DEPTH = Cited(5.24, unit="cm-g-km/s form", source="hb2009_214785", grade="source")
_DENSITY_SWITCH = Cited(1.5, unit="", source="hb2009_214785", grade="source")

#: Wall thickness over penetration depth that just prevents each failure (the handbook's k).
FAILURE_RATIO: dict[str, Cited] = {
    "perforation": Cited(1.8, unit="", source="hb2009_214785", grade="source"),
    "detached spall": Cited(2.2, unit="", source="hb2009_214785", grade="source"),
    "attached spall": Cited(3.0, unit="", source="hb2009_214785", grade="source"),
}


def _factor(shot: Shot) -> Array:
    """Depth in cm of a 1 cm particle. The density exponent jumps at a ratio of 1.5: so it is published, it is not smoothed here."""
    wall = shot.shield.wall
    if wall.brinell_ratio is None or wall.sound_speed_m_s is None:
        raise RangeError(
            "Cour-Palais", "wall", wall.name, "a wall with hardness and sound speed", "use an aluminium alloy"
        )
    ratio = shot.rho / shot.rho_w
    power = np.where(ratio < _DENSITY_SWITCH, 1 / 2, 2 / 3)
    return _DEPTH * wall.brinell_ratio**-0.25 * ratio**power * (shot.vn / (wall.sound_speed_m_s / 1e3)) ** (2 / 3)


def penetration_m(
    shield: Shield,
    diameter_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
) -> Array:
    """Depth of the pit that a particle leaves in very thick aluminium (m). P = 5.24 d^(19/18) BHN^-1/4 (rho_p/rho_t)^n (V cos/C)^(2/3).

    >>> wall = Shield.single("6061-T6", 0.001)
    >>> float(penetration_m(wall, 0.0003194, 7000.0, 0.0, 2800.0).round(6))
    0.000561
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return _factor(shot) * (np.asarray(diameter_m, dtype=float) * 100) ** (19 / 18) / 100


def failure_ratio(failure: str) -> float:
    """k of a failure of an aluminium wall; RangeError for one that the law does not define.

    >>> failure_ratio("detached spall")
    2.2
    """
    if failure not in FAILURE_RATIO:
        known = f"one of {', '.join(FAILURE_RATIO)}"
        raise RangeError("aluminium wall", "failure", repr(failure), known, "choose a failure this law defines")
    return float(FAILURE_RATIO[failure])


def aluminium_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: Failure = "perforation",
) -> Array:
    """The smallest particle (m) that fails a single aluminium wall in the named way. Tested below 8 km/s, 0-85 deg, 0.5-12.7 mm.

    The density exponent is 2/3 from a ratio of 1.5 (TM eq. 2, handbook); TM eq. 7, its printed inverse, has 3/2 there, which does not invert it.

    >>> wall = Shield.single("6061-T6", 0.001)
    >>> float(aluminium_wall_m(wall, 7000.0, 0.0, 2800.0).round(6))
    0.000317
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return (shot.tw / failure_ratio(failure) / _factor(shot)) ** (18 / 19) / 100
