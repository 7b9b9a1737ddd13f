"""Christiansen & Lear 2015: insulation toughened with fabric and foam, "enhanced MLI" (Procedia Engineering 103, 73)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined
from whipple.impact.thin_bumper import bisected

__all__ = ["enhanced_blanket_m"]

_SMALLEST_cm, _LARGEST_cm = 1e-5, 1e3


def enhanced_blanket_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Fabric bumper (`bumper_m`, `stuffing_kg_m2`), insulation and foam (`blanket_kg_m2`) of depth `standoff_m`, then the wall.

    From 6.4 cos^-1/4 km/s the root of 29 (pi/6) d^3 rho_p Vn/S^2 + 0.185 d rho_p = mb + mw + 0.25 m_blanket, to 2.4 cos^-1/2 km/s the
    fabric-wall law 2.7 [0.5 mw + 0.37 mb]. No printed value is known here; without the 0.185 term it is the Kevlar-wall multi-shock law.

    >>> from whipple.physics.materials import Material
    >>> fabric = Material("Kevlar", "fabric", 1000, None, None, None, "ck01")
    >>> shield = Shield(wall=fabric, wall_m=0.003, standoff_m=0.05, stuffing_kg_m2=1.0, blanket_kg_m2=0.6)
    >>> float(enhanced_blanket_m(shield, 7000.0, 0.0, 2800.0).round(5))
    0.00283
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    shape = np.broadcast(shot.v, shot.c, shot.rho).shape
    front, wall = shot.tb * shot.rho_b + shot.stuffing, shot.tw * shot.rho_w

    def fast(v: Array) -> Array:
        holds = front + wall + 0.25 * shot.mli

        def excess(d: Array) -> Array:
            return 29 * np.pi / 6 * d**3 * shot.rho * v * shot.c / shot.s**2 + 0.185 * d * shot.rho - holds

        return bisected(excess, np.full(shape, _SMALLEST_cm), np.full(shape, _LARGEST_cm))

    def slow(v: Array) -> Array:
        return 2.7 * (0.5 * wall + 0.37 * front) * shot.c ** (-4 / 3) * shot.rho**-0.5 * v ** (-2 / 3)

    return joined(shot.v, 2.4 * shot.c**-0.5, 6.4 * shot.c**-0.25, slow, fast)
