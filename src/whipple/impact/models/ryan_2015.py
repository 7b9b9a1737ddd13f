"""Ryan, Christiansen: sandwich panels with a metallic foam core (NASA/TM-2015-218593; pyBLOSSUM BLE_foamSP)."""

from __future__ import annotations

import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined

__all__ = ["foam_sandwich_m"]


def foam_sandwich_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Foam-core sandwich: `bumper_m` and `wall_m` the faces, `standoff_m` the core depth, `core_kg_m2` its areal density.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.000254, bumper_m=0.000254, standoff_m=0.0254, core_kg_m2=6.1284)
    >>> float(foam_sandwich_m(shield, 7000.0, 0.0, 2790.0).round(5))
    0.00189
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    core = shield.core_kg_m2 / 10
    front = (
        shot.tb + 3 * shot.mli / 2.78 + shot.tw * (shot.sigma / 40) ** 0.5 + shot.s**1.1 * (core / shot.s / shot.rho_w)
    )
    back = 2.152 * 0.89 * (shot.tw + 0.5 * core / shot.rho_w) ** (2 / 3) * shot.s**0.45 * (shot.sigma / 70) ** (1 / 3)
    return joined(
        shot.v,
        2.25 * shot.c ** (-1 / 3),
        4.0 * shot.c ** (-1 / 3),
        lambda v: 1.83 * front / (shot.rho**0.5 * v ** (2 / 3) * shot.c**0.8) ** (18 / 19),
        lambda v: back * shot.rho ** (-1 / 3) * shot.rho_b ** (-1 / 9) * v**-0.4 * shot.c**-0.8,
    )
