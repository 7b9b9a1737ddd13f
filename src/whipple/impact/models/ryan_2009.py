"""Ryan & Christiansen 2009: single walls of other materials (NASA/TM-2009-214789; handbook NASA/TM-2009-214785 sections 4.1 and 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot

__all__ = [
    "cfrp_wall_m",
    "fibreglass_wall_m",
    "glass_crater_particle_m",
    "polycarbonate_wall_m",
    "quartz_wall_m",
    "rcc_wall_m",
    "silica_wall_m",
    "steel_wall_m",
    "titanium_wall_m",
]


@dataclass(frozen=True)
class _Law:
    """P = factor d^size_ratio (rho_p/rho_t)^1/2 Vn^(2/3) in cm-g-km/s form; a wall of k P just prevents the failure that k belongs to."""

    factor: float
    size_ratio: float
    k: Mapping[str, float]


#: One row a material (TM eq. 8-20, 108-114; handbook 4.1). The handbook's eq. 4-10 prints fibreglass's 0.434 for steel; its inverse, 1.57, needs
#: 0.345. Titanium's factor lacks hardness and sound speed, which belong to the alloy.
_LAWS: dict[str, _Law] = {
    "titanium": _Law(5.24, 1.0, {"perforation": 1.8, "detached spall": 2.4, "attached spall": 3.0}),
    "steel": _Law(0.345, 19 / 18, {"perforation": 1.8}),
    "cfrp": _Law(0.62, 1.0, {"perforation": 1.8, "detached spall": 3.0}),
    "fibreglass": _Law(0.434, 1.0, {"perforation": 1.8}),
    "rcc": _Law(0.61, 1.0, {"perforation": 2.3, "detached spall": 4.5}),
}
#: Panes do not follow that form: thickness over depth, and for polycarbonate the factor on thickness (TM eq. 40-42; handbook 6.3).
_GLASS = {"perforation": 2.0, "detached spall": 3.0, "crack": 7.0}
_POLYCARBONATE = {"perforation": 1.04, "detached spall": 0.98, "attached spall": 0.65}


def _k(family: str, failures: Mapping[str, float], failure: str) -> float:
    if failure not in failures:
        known = f"one of {', '.join(failures)}"
        raise RangeError(f"{family} wall", "failure", repr(failure), known, "choose a failure this law defines")
    return failures[failure]


def _limit_m(family: str, shot: Shot, failure: str, *, hardness: float = 1.0, more_cm: float | Array = 0.0) -> Array:
    """The particle (m) whose depth times k is the wall (and `more_cm` of it); `hardness` multiplies the row's factor."""
    law = _LAWS[family]
    depth = law.factor * hardness * (shot.rho / shot.rho_w) ** 0.5 * shot.vn ** (2 / 3)
    return np.asarray(((shot.tw + more_cm) / (_k(family, law.k, failure) * depth)) ** (1 / law.size_ratio) / 100)


def titanium_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Single titanium wall (m). P = 5.24 d BHN^-1/4 (rho_p/rho_t)^1/2 (V cos/C)^(2/3) (TM eq. 8-12). Tested 6.4-7.0 km/s, 0 deg.

    >>> float(titanium_wall_m(Shield.single("Ti-15-3-3-3", 0.0015), 7000.0, 0.0, 2800.0, "detached spall").round(6))
    0.000446
    """
    shot, wall = Shot(shield, speed_m_s, incidence_rad, density_kg_m3), shield.wall
    if wall.brinell_ratio is None or wall.sound_speed_m_s is None:
        raise RangeError("titanium wall", "wall", wall.name, "a wall with hardness and sound speed", "use Ti-15-3-3-3")
    hardness = wall.brinell_ratio**-0.25 * (wall.sound_speed_m_s / 1e3) ** (-2 / 3)
    return _limit_m("titanium", shot, failure, hardness=hardness)


def steel_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Single wall of CRES 15-5PH steel (m). P = 0.345 d^(19/18) (rho_p/rho_t)^1/2 Vn^(2/3) (TM eq. 13-15). Tested at 7.0 km/s, 0-75 deg.

    >>> float(steel_wall_m(Shield.single("steel", 0.001), 7000.0, 0.0, 2800.0).round(6))
    0.000843
    """
    return _limit_m("steel", Shot(shield, speed_m_s, incidence_rad, density_kg_m3), failure)


def cfrp_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
    *,
    laminate_density: bool = True,
) -> Array:
    """Carbon-fibre laminate, insulation on it counted (m). P = 0.62 d (rho_p/rho_t)^1/2 Vn^(2/3) (TM eq. 16-20). Tested at 3.8 mm, 0 deg.

    Without `laminate_density` the second printed form, P = 0.52 d rho_p^1/2 Vn^(2/3). Insulation adds 4.5 AD/rho_t to the wall (HB 4-16; 4-13
    takes it from the depth instead, which inverts to something else). The shots were 0.71-1.22 mm: the report's table prints cm.

    >>> float(cfrp_wall_m(Shield.single("CFRP", 0.0038), 7000.0, 0.0, 2700.0).round(6))
    0.00076
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    second = 1.0 if laminate_density else 0.52 / 0.62 * shot.rho_w**0.5
    return _limit_m("cfrp", shot, failure, hardness=second, more_cm=4.5 * shot.mli / shot.rho_w)


def fibreglass_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Fibreglass wall (m). P = 0.434 d (rho_p/rho_t)^1/2 Vn^(2/3) (TM, HB 4.1). Tested at 6.8 km/s, 0-60 deg.

    >>> float(fibreglass_wall_m(Shield.single("fibreglass", 0.002), 6800.0, 0.0, 2800.0).round(6))
    0.000572
    """
    return _limit_m("fibreglass", Shot(shield, speed_m_s, incidence_rad, density_kg_m3), failure)


def rcc_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Reinforced carbon-carbon (m). P = 0.61 d (rho_p/rho_t)^1/2 Vn^(2/3) (TM eq. 108-114). Tested on 6.3 mm, nine shots.

    >>> float(rcc_wall_m(Shield.single("CFRP", 0.0063), 7000.0, 0.0, 2800.0).round(6))
    0.000984
    """
    return _limit_m("rcc", Shot(shield, speed_m_s, incidence_rad, density_kg_m3), failure)


def silica_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Fused-silica pane (m). d_c = [1.89 t/(k rho_p^1/2 Vn^(2/3))]^(18/19) (HB 6.3). Tested 2.7-12 km/s, 0-60 deg.

    >>> float(silica_wall_m(Shield.single("glass", 0.015), 7000.0, 0.0, 2800.0, "crack").round(6))
    0.000763
    """
    return _pane(1.89, shield, Shot(shield, speed_m_s, incidence_rad, density_kg_m3), failure)


def quartz_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Fused-quartz pane of Russian windows (m): 1.32 for silica's 1.89 (TM). Tested 6.6-7.0 km/s, nine shots.

    >>> float(quartz_wall_m(Shield.single("quartz", 0.015), 7000.0, 0.0, 2800.0).round(5))
    0.00178
    """
    return _pane(1.32, shield, Shot(shield, speed_m_s, incidence_rad, density_kg_m3), failure)


def _pane(coefficient: float, shield: Shield, shot: Shot, failure: str) -> Array:
    return (coefficient * shot.tw / (_k("glass", _GLASS, failure) * shot.rho**0.5 * shot.vn ** (2 / 3))) ** (
        18 / 19
    ) / 100


def glass_crater_particle_m(
    crater_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    quartz: bool = False,
) -> Array:
    """The particle (m) that makes a crater of this diameter in glass: D = 30.9 d^1.33 rho_p^.44 Vn^.44, 15.1 for quartz (HB 6.3, TM).

    >>> float(glass_crater_particle_m(0.03, 7000.0, np.pi / 4, 2800.0, quartz=True).round(6))
    0.001243
    """
    shot = Shot(Shield.single("glass", 1.0), speed_m_s, incidence_rad, density_kg_m3)
    crater = np.asarray(crater_m, dtype=float) * 100
    return (crater / ((15.1 if quartz else 30.9) * (shot.rho * shot.vn) ** 0.44)) ** (1 / 1.33) / 100


def polycarbonate_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Polycarbonate pane (m). d_c = k t/(rho_p^1/3 V^(2/3) cos^1/3); here k multiplies t (TM eq. 40-42). Tested 4.0-7.1 km/s.

    The thicknesses tested are printed as "1.0-3.0 cm", probably mm: taken as unknown.

    >>> float(polycarbonate_wall_m(Shield.single("polycarbonate", 0.0095), 7000.0, 0.0, 2800.0, "detached spall").round(6))
    0.001805
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return (
        _k("polycarbonate", _POLYCARBONATE, failure)
        * shot.tw
        / (shot.rho ** (1 / 3) * shot.v ** (2 / 3) * shot.c ** (1 / 3))
        / 100
    )
