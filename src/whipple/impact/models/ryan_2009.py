"""Ryan & Christiansen 2009: single walls of other materials (NASA/TM-2009-214789; handbook NASA/TM-2009-214785 sections 4.1 and 6.3)."""

from __future__ import annotations

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

#: The factor k on penetration depth for each way to fail, by material (TM eq. 8-20, 40-42, 108-114; handbook 6.3).
_K: dict[str, dict[str, float]] = {
    "titanium": {"perforation": 1.8, "detached spall": 2.4, "attached spall": 3.0},
    "steel": {"perforation": 1.8},
    "cfrp": {"perforation": 1.8, "detached spall": 3.0},
    "fibreglass": {"perforation": 1.8},
    "glass": {"perforation": 2.0, "detached spall": 3.0, "crack": 7.0},
    "polycarbonate": {"perforation": 1.04, "detached spall": 0.98, "attached spall": 0.65},
    "rcc": {"perforation": 2.3, "detached spall": 4.5},
}


def _k(family: str, failure: str) -> float:
    if failure not in _K[family]:
        raise RangeError(
            f"{family} wall",
            "failure",
            repr(failure),
            f"one of {', '.join(_K[family])}",
            "choose a failure this law defines",
        )
    return _K[family][failure]


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
    speed = shot.vn / (wall.sound_speed_m_s / 1e3)
    depth = 5.24 * wall.brinell_ratio**-0.25 * (shot.rho / shot.rho_w) ** 0.5 * speed ** (2 / 3)
    return shot.tw / (_k("titanium", failure) * depth) / 100


def steel_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Single wall of CRES 15-5PH steel (m). P = 0.345 d^(19/18) (rho_p/rho_t)^1/2 Vn^(2/3) (TM eq. 13-15; HB 4-10 misprints 0.434).

    >>> float(steel_wall_m(Shield.single("steel", 0.001), 7000.0, 0.0, 2800.0).round(6))
    0.000843
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    depth = 0.345 * (shot.rho / shot.rho_w) ** 0.5 * shot.vn ** (2 / 3)
    return (shot.tw / (_k("steel", failure) * depth)) ** (18 / 19) / 100


def cfrp_wall_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    failure: str = "perforation",
) -> Array:
    """Carbon-fibre laminate, insulation on it counted (m). P = 0.62 d (rho_p/rho_t)^1/2 Vn^(2/3) (TM eq. 16-20). Tested at 3.8 mm, 0 deg.

    >>> float(cfrp_wall_m(Shield.single("CFRP", 0.0038), 7000.0, 0.0, 2700.0).round(6))
    0.00076
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    depth = 0.62 * (shot.rho / shot.rho_w) ** 0.5 * shot.vn ** (2 / 3)
    return (shot.tw + 4.5 * shot.mli / shot.rho_w) / (_k("cfrp", failure) * depth) / 100


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
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    depth = 0.434 * (shot.rho / shot.rho_w) ** 0.5 * shot.vn ** (2 / 3)
    return shot.tw / (_k("fibreglass", failure) * depth) / 100


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
    return (coefficient * shot.tw / (_k("glass", failure) * shot.rho**0.5 * shot.vn ** (2 / 3))) ** (18 / 19) / 100


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

    >>> float(polycarbonate_wall_m(Shield.single("polycarbonate", 0.0095), 7000.0, 0.0, 2800.0, "detached spall").round(6))
    0.001805
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return _k("polycarbonate", failure) * shot.tw / (shot.rho ** (1 / 3) * shot.v ** (2 / 3) * shot.c ** (1 / 3)) / 100


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
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    depth = 0.61 * (shot.rho / shot.rho_w) ** 0.5 * shot.vn ** (2 / 3)
    return shot.tw / (_k("rcc", failure) * depth) / 100
