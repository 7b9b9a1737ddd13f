"""Ryan & Christiansen 2009, thermal protection: tiles, ablators, holes in carbon-carbon (NASA/TM-2009-214789 eq. 97-117, page images)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot, joined

__all__ = [
    "ablator_m",
    "aetb_tile_m",
    "avcoat_m",
    "bare_tile_m",
    "rcc_hole_particle_m",
    "tile_cavity_particle_m",
    "tiled_structure_m",
]

#: Depth of a 1 cm particle in PICA and in Avcoat (dense and light particles), cm-g-km/s form (eq. 115-117).
_PICA, _AVCOAT_DENSE, _AVCOAT_LIGHT = 0.72, 1.61, 1.25


def tiled_structure_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Tile on an aluminium structure (m), eq. 100-102; `standoff_m` is the depth of honeycomb behind the face, `felt_kg_m2` the felt.

    Printed to 2.5 km/s and from 7 km/s (normal speed), with an interpolation that starts at 3: it starts at 2.5 here. Twelve shots.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("2024-T3"), wall_m=0.0015, tile_m=0.05, tile_density_kg_m3=144, felt_kg_m2=0.6)
    >>> float(tiled_structure_m(shield, 7000.0, 0.0, 2800.0).round(5))
    0.00275
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    tile = _tile_cm(shield)

    def slow(v: Array) -> Array:
        holds = shot.tw * (shot.sigma / 40) ** 0.5 + tile * (shield.tile_density_kg_m3 / 1e3 / shot.rho_w) ** 0.5
        return holds / (0.55 * shot.c ** (5 / 3) * shot.rho**0.5 * v ** (2 / 3))

    def fast(v: Array) -> Array:
        wall = (shot.tw + shield.felt_kg_m2 / 10 / shot.rho_w) ** (2 / 3) * (shot.sigma / 70) ** (1 / 3)
        return 3 * (tile + 0.5 * shot.s) ** (1 / 3) * wall * shot.rho ** (-1 / 3) * (v * shot.c) ** (-2 / 3)

    return joined(shot.v, 2.5 / shot.c, 7 / shot.c, slow, fast)


def aetb_tile_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """AETB-8 tile on its sandwich (m), one built-up structure whatever the shield says: 2.64 and 2.98 as printed.

    >>> float(aetb_tile_m(Shield.single("6061-T6", 0.001), 7000.0, 0.0, 2800.0).round(5))
    0.00578
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return joined(
        shot.v,
        2.5 / shot.c,
        7 / shot.c,
        lambda v: 2.64 * shot.rho**-0.5 * v ** (-2 / 3) * shot.c ** (-5 / 3),
        lambda v: 2.98 * shot.rho ** (-1 / 3) * (v * shot.c) ** (-2 / 3),
    )


def bare_tile_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    *,
    factor: float = 1.27,
) -> Array:
    """The particle that goes just through the tile itself (m): P = 1.27 d (rho_p/rho_T)^1/2 Vn^(2/3), as deep as the tile (eq. 97).

    `factor` 1.27 for LI-900 and LI-2200, 1.177 for AETB-8. Inverted from eq. 97: eq. 99 prints d on both sides and a K it does not define.

    >>> shield = Shield(wall=Shield.single("6061-T6", 1.0).wall, wall_m=0.001, tile_m=0.05)
    >>> float(bare_tile_m(shield, 7000.0, 0.0, 2800.0).round(5))
    0.00244
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    depth = factor * (shot.rho / (shield.tile_density_kg_m3 / 1e3)) ** 0.5 * shot.vn ** (2 / 3)
    return np.asarray(_tile_cm(shield) / depth / 100)


def _tile_cm(shield: Shield) -> float:
    if not shield.tile_m > 0:
        raise RangeError("tile", "tile_m", shield.tile_m, "a tile thicker than 0", "give the thickness of the tile")
    return shield.tile_m * 100


def tile_cavity_particle_m(
    cavity_m: npt.ArrayLike, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """The particle (m) that leaves a cavity of this mouth in a tile: D = 1.85 d rho_p^1/3 V^(2/3) (1 + 0.25 sin)^(2/3).

    >>> float(tile_cavity_particle_m(0.02, 7000.0, 0.0, 2800.0).round(5))
    0.0021
    """
    shot = Shot(Shield.single("6061-T6", 1.0), speed_m_s, incidence_rad, density_kg_m3)
    tilt = (1 + 0.25 * np.sin(np.radians(shot.angle_deg))) ** (2 / 3)
    return np.asarray(cavity_m, dtype=float) / (1.85 * shot.rho ** (1 / 3) * shot.v ** (2 / 3) * tilt)


def rcc_hole_particle_m(
    hole_m: npt.ArrayLike, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """The particle (m) that leaves a hole in 6.3 mm carbon-carbon: D = 2.20 d rho_p^1/3 Vn^1/3 - 0.36 cm. That thickness only.

    >>> float(rcc_hole_particle_m(0.01, 7000.0, 0.0, 2800.0).round(5))
    0.00229
    """
    shot = Shot(Shield.single("6061-T6", 1.0), speed_m_s, incidence_rad, density_kg_m3)
    hole = np.asarray(hole_m, dtype=float) * 100
    return np.asarray((hole + 0.36) / (2.20 * (shot.rho * shot.vn) ** (1 / 3)) / 100)


def ablator_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    depth_frac: float = 1.0,
) -> Array:
    """The particle (m) that reaches `depth_frac` of a PICA layer of `wall_m`: P = 0.72 d^(19/18) rho_p^1/2 Vn^(2/3) (eq. 117).

    >>> float(ablator_m(Shield.single("6061-T6", 0.05), 7000.0, 0.0, 2800.0).round(5))
    0.01127
    """
    return _reaching(np.array(_PICA), Shot(shield, speed_m_s, incidence_rad, density_kg_m3), depth_frac)


def avcoat_m(
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
    depth_frac: float = 1.0,
) -> Array:
    """The same in Avcoat: 1.61 where the particle is more than four times as dense as the layer, else 1.25 (a jump, as published).

    >>> from whipple.physics.materials import Material
    >>> layer = Material("layer", "ablator", 500, None, None, None, "tm2009_214789")
    >>> float(avcoat_m(Shield(wall=layer, wall_m=0.05), 7000.0, 0.0, 2800.0).round(5))
    0.00526
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    return _reaching(np.where(shot.rho / shot.rho_w > 4, _AVCOAT_DENSE, _AVCOAT_LIGHT), shot, depth_frac)


def _reaching(factor: Array, shot: Shot, depth_frac: float) -> Array:
    if not 0 < depth_frac <= 1:
        raise RangeError(
            "ablator", "depth_frac", depth_frac, "a share of the layer between 0 and 1", "1 is right through"
        )
    return (depth_frac * shot.tw / (factor * shot.rho**0.5 * shot.vn ** (2 / 3))) ** (18 / 19) / 100
