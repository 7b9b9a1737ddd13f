"""Schäfer, Ryan, Lambert, Putzar 2008, section 3.3: pipes, tanks, boxes and cables behind a wall, under a blanket, or in the open.

89 shots with working equipment, 2.3-7.8 km/s, 1.1-7.0 mm, mostly head on. On the safe side for small equipment (fragments may miss a pipe or a
cable) and by 60-70 % in diameter for oblique shots at boxes. There is no public ballistic limit of a radiator's flow tubes: this is the nearest.

Which law for which equipment (`wall` is always the equipment's own, at its own yield; a heat pipe counts with its thickest wall):
behind one wall, or built into a panel under its front face: `pipe_behind_wall_m`; behind a sandwich or two walls: `schaefer_2008.triple_wall_m`;
behind a blanket only: `blanket_covered_m`; bare, or with a blanket lying on it: `uncovered_m`. A vessel with an overwrap and a cable are first
given an equal wall: `vessel_wall_m`, `cable_wall_m`.
"""

from __future__ import annotations

import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.impact.models.schaefer_2008 import dual_limit_m, tilt_power
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot
from whipple.physics.cited import Cited

__all__ = ["blanket_covered_m", "cable_wall_m", "pipe_behind_wall_m", "uncovered_m", "vessel_wall_m"]

_ALUMINIUM_kg_m3 = Cited(2700.0, unit="kg/m3", source="schaefer2008", grade="source")
_OVERWRAP = Cited(0.75, unit="cm^(2/3)", source="schaefer2008", grade="source")
_CABLE = Cited(0.35, unit="", source="schaefer2008", grade="source")
_SPALL = Cited(1.4, unit="", source="schaefer2008", grade="source")
#: Metal covers and blankets break a particle from different speeds on (VL, VH in km/s).
_METAL_km_s, _BLANKET_km_s = (3.0, 7.0), (4.0, 10.0)


def pipe_behind_wall_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """A pipe or box (`wall`) behind one wall (`bumper_m`) at `standoff_m`: the triple wall whose innermost wall is none (m).

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.001, bumper_m=0.001, standoff_m=0.05)
    >>> float(pipe_behind_wall_m(shield, 7000.0, 0.0, 2700.0).round(5))
    0.00114
    """
    if not shield.bumper_m > 0:
        raise RangeError(
            "pipe behind a wall", "bumper_m", shield.bumper_m, "a cover thicker than 0", "ask for bare equipment"
        )
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return dual_limit_m(shot, tilt_power(shot), _SPALL, _METAL_km_s, _equal_cm(shield))


def blanket_covered_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Equipment (`wall`) with only a blanket (`blanket_kg_m2`) in front of it, `standoff_m` away (m).

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.002, standoff_m=0.1, blanket_kg_m2=0.6)
    >>> float(blanket_covered_m(shield, 10000.0, 0.0, 2700.0).round(5))
    0.0018
    """
    if not (shield.blanket_kg_m2 > 0 and shield.standoff_m > 0):
        found = (shield.blanket_kg_m2, shield.standoff_m)
        raise RangeError("blanket alone", "blanket and gap", found, "both > 0", "ask for bare equipment")
    shot = _without_cover(Shot(shield, speed_m_s, incidence_rad, density_kg_m3))
    return dual_limit_m(shot, tilt_power(shot), _SPALL, _BLANKET_km_s, _equal_cm(shield))


def uncovered_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Equipment (`wall`) in the open or with a blanket lying on it: the slow law at every speed (m).

    >>> from whipple.physics.materials import material
    >>> float(uncovered_m(Shield(wall=material("6061-T6"), wall_m=0.002), 7000.0, 0.0, 2700.0).round(5))
    0.00047
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    holds = _equal_cm(shield) / _SPALL * (shot.sigma / 40) ** 0.5 + 3.0 * shot.mli / (_ALUMINIUM_kg_m3 / 1e3)
    return (holds / (0.6 * shot.c ** tilt_power(shot) * shot.rho**0.5 * shot.v ** (2 / 3))) ** (18 / 19) / 100


def vessel_wall_m(aluminium_m: float, overwrap_m: float, overwrap_kg_m3: float = 1800.0) -> float:
    """The aluminium wall (m) that counts for a vessel with an overwrap of carbon fibre: t_Al + 0.75 t_CFRP^(1/3) rho/2.7, t in cm.

    >>> round(vessel_wall_m(0.00105, 0.0029, 1550.0), 5)
    0.0039
    """
    more_cm = _OVERWRAP * (100 * overwrap_m) ** (1 / 3) * overwrap_kg_m3 / _ALUMINIUM_kg_m3
    return aluminium_m + more_cm / 100


def cable_wall_m(insulation_kg_m2: float, conductor_kg_m2: float) -> float:
    """The aluminium wall (m) that counts for a cable: 0.35 of its insulation's and conductors' areal density.

    >>> round(cable_wall_m(1.4, 4.0) * 1e3, 2)
    0.7
    """
    return float(_CABLE * (insulation_kg_m2 + conductor_kg_m2) / _ALUMINIUM_kg_m3)


def _equal_cm(shield: Shield) -> float | Array:
    """The equipment's wall as aluminium of equal areal density."""
    return shield.wall_m * 100 * shield.wall.density_kg_m3 / _ALUMINIUM_kg_m3


def _without_cover(shot: Shot) -> Shot:
    """The same shot with no metal in front: the blanket counts as aluminium of equal mass."""
    shot.tb, shot.rho_b = 0.0, _ALUMINIUM_kg_m3 / 1e3
    return shot
