"""Ryan & Schonberg 2024: NNO corrected for thin bumpers (IJIE 187, 104899, as coded in pyBLOSSUM BLE_JSCwhipple_mod)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.models.christiansen_1993 import CUT_rad, fast_cm, slow_cm
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined
from whipple.impact.thin_bumper import bisected, weakening

__all__ = ["whipple_m"]

_SMALLEST_cm, _LARGEST_cm = 1e-5, 1e3


def whipple_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Whipple shield whose bumper may be thinner than breaks the particle. The projectile mass is (pi/6) d^3 rho.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.00406, bumper_m=0.000787, bumper_density_kg_m3=2700, standoff_m=0.0508)
    >>> float(whipple_m(shield, 7000.0, np.pi / 4, 2800.0).round(4))
    0.0042
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, CUT_rad)
    shape = np.broadcast(shot.v, shot.c, shot.rho).shape

    def fast(v: Array) -> Array:
        sound = np.broadcast_to(fast_cm(shot, v), shape)
        floor, roof = np.full(shape, _SMALLEST_cm), sound * 1.0000001
        return bisected(lambda d: d - sound * _weakened(shot, d, v) ** (-2 / 3), floor, roof)

    return joined(shot.v, _onset_km_s(shot, shape), 7 / shot.c, lambda v: slow_cm(shot, v), fast)


def _weakened(shot: Shot, d: Array, v: Array) -> Array:
    """F2* of a particle of d cm at v km/s: bare wall of the slow law over the sizing law's wall, at the actual speed."""
    spacing = shot.s / d
    enough = shot.rho / shot.rho_b * np.clip(0.25 - 0.05 / 15 * (spacing - 15), 0.20, 0.25)
    bare = 0.6 * d ** (19 / 18) * shot.c ** (5 / 3) * shot.rho**0.5 * v ** (2 / 3) / (shot.sigma / 40) ** 0.5
    mass = np.pi / 6 * d**3 * shot.rho
    shielded = (
        0.16
        * d**0.5
        * (shot.rho * shot.rho_b) ** (1 / 6)
        * mass ** (1 / 3)
        * v
        * shot.c
        * shot.s**-0.5
        * (70 / shot.sigma) ** 0.5
    )
    return weakening(shot.tb / d, enough, np.maximum(bare / shielded, 1.0))


def _onset_km_s(shot: Shot, shape: tuple[int, ...]) -> Array:
    """Where break-up begins: 2.60/cos, or 1.436 (t_b/d)^(-1/3)/cos for a bumper thinner than 0.16 d there."""
    low, high = np.full(shape, _SMALLEST_cm), np.full(shape, _LARGEST_cm)
    onset = bisected(lambda d: d - slow_cm(shot, 1.436 * (shot.tb / d) ** (-1 / 3) / shot.c), low, high)
    thick = shot.tb / onset >= 0.16
    return np.where(thick, 2.60, 1.436 * (shot.tb / onset) ** (-1 / 3)) / shot.c
