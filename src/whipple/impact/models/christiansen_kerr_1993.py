"""Christiansen & Kerr 1993: the mesh double bumper (IJIE 14, 169; handbook section 4.6)."""

from __future__ import annotations

import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined

__all__ = ["mesh_double_bumper_m"]


def mesh_double_bumper_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Mesh, second bumper and fabric before an aluminium wall; mesh and fabric count as `stuffing_kg_m2`. Tested 2.6-7.5 km/s, 0-75 deg.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("2219-T87"), wall_m=0.0048, bumper_m=0.002, standoff_m=0.1143, stuffing_kg_m2=8.078)
    >>> float(mesh_double_bumper_m(shield, 7000.0, 0.0, 2800.0).round(4))
    0.0088
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    before = shot.tb * shot.rho_b + shot.stuffing

    def fast(v: Array) -> Array:
        wall = 0.6 * (shot.tw * shot.rho_w) ** (1 / 3) * shot.s**0.5 * (shot.sigma / 40) ** (1 / 6)
        return wall * shot.rho ** (-1 / 3) * (v * shot.c) ** (-1 / 3)

    def slow(v: Array) -> Array:
        return (
            2.2
            * (shot.tw * (shot.sigma / 40) ** 0.5 + 0.37 * before)
            * shot.c ** (-5 / 3)
            * shot.rho**-0.5
            * v ** (-2 / 3)
        )

    return joined(shot.v, 2.8 * shot.c**-0.5, 6.4 * shot.c ** (-1 / 3), slow, fast)
