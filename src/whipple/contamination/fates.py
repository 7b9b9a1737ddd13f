"""Which parts of the stack does the spray meet, seen from every possible axis of the hole?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.deposit import PartShare
from whipple.casefile.given import Given
from whipple.contamination.ballistics import Air, Droplets, cone_of_droplets, fly_droplets
from whipple.contamination.droplet import DropletLife, evaporate_droplet
from whipple.contamination.plume import expansion_per_sr, shape_per_sr
from whipple.contamination.spots import SOURCE_OFFSET_m
from whipple.contamination.spray import SIZE_RATIO, UNKNOWN_HOLE_m
from whipple.contamination.transport import Law, molecules_onto
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid
from whipple.vehicle.stack import Stack

__all__ = ["Fates", "plume_law", "where_it_flies"]

MOLECULES, DROPLETS = 200_000, 20_000
#: Below this heat capacity ratio the continuum expansion has no limiting angle.
LOWEST_RATIO = Cited(1.25, unit="", source="thermal_sheet", grade="computed")
EXPONENT_ratio = Cited(1.0, unit="", source="contamination_proposal", grade="proposal")
FLOOR_frac = Cited(0.1, unit="", source="contamination_proposal", grade="proposal")
#: Air at the height of the station, quiet to active Sun, and how fast it passes.
AIR_kg_m3 = Given(2e-12, 5e-13, 8e-12, "kg/m**3", "contamination_proposal")
WIND_m_s = Cited(7660.0, unit="m/s", source="contamination_proposal", grade="computed")
USUAL_JET_m_s = Cited(30.0, unit="m/s", source="leak_sheet", grade="computed")
_FLUX_W_m2, _RELEASE_m, _LIFE_m = 110.0, 0.02, 1e-3


@dataclass(frozen=True)
class Fates:
    """Shares by part, most first, and what misses the stack of vapour and droplets (the rest of the droplets evaporated under way)."""

    parts: tuple[PartShare, ...]
    vapour_escaped_frac: float
    droplets_escaped_frac: float


def plume_law(liquid: Fluid) -> Law:
    """The plume law for the vapour of this liquid: the continuum expansion where it has a limiting angle, else a cosine; with floor."""
    ratio = float(liquid.heat_capacity_ratio)
    if ratio >= LOWEST_RATIO:
        return lambda cosine: expansion_per_sr(cosine, ratio, float(FLOOR_frac))
    return lambda cosine: shape_per_sr(cosine, float(EXPONENT_ratio), float(FLOOR_frac))


def where_it_flies(
    stack: Stack,
    liquid: Fluid,
    half_angle_rad: float,
    hole_m: Estimate | None,
    jet_m_s: Estimate | None,
    rng: np.random.Generator,
) -> Fates:
    """Fly vapour and droplets from the hole, each possible axis in proportion to its weight; no vapour sticks (films do not last)."""
    axes, weights = np.atleast_2d(stack.site_normal_body), stack.site_normal_frac / stack.site_normal_frac.sum()
    vapour, drops, again = (np.zeros(len(stack.surfaces.triangle)) for _ in range(3))
    escaped, away = 0.0, 0.0
    life = evaporate_droplet(liquid, _LIFE_m, _FLUX_W_m2, min(293.15, liquid.highest_K))
    for axis, weight in zip(axes, weights, strict=True):
        source = stack.site_m + SOURCE_OFFSET_m * axis
        arrival = molecules_onto(
            stack.surfaces,
            source,
            axis,
            plume_law(liquid),
            count=max(int(MOLECULES * weight), 1000),
            sticking_frac=0.0,
            rng=rng,
        )
        vapour, again = vapour + weight * arrival.direct_frac, again + weight * arrival.returned_frac
        escaped += weight * (1 - float(arrival.direct_frac.sum()))
        count = max(int(DROPLETS * weight), 500)
        speed = jet_m_s.median if jet_m_s is not None and jet_m_s.median > 0 else float(USUAL_JET_m_s)
        spray = cone_of_droplets(
            stack.site_m + _RELEASE_m * axis, axis, half_angle_rad, np.full(count, speed), _sizes_m(hole_m, rng, count),
            liquid.density_kg_m3(min(293.15, liquid.highest_K)),
        )  # fmt: skip
        landed, left = _landed(stack, spray, life)
        drops, away = drops + weight * landed, away + weight * left
    return Fates(_by_part(stack, vapour, drops, again), escaped, away)


def _sizes_m(hole_m: Estimate | None, rng: np.random.Generator, count: int) -> Array:
    hole = hole_m.median if hole_m is not None else UNKNOWN_HOLE_m
    return np.maximum(hole * SIZE_RATIO.draw(rng, count), 1e-6)


def _landed(stack: Stack, spray: Droplets, life: DropletLife) -> tuple[Array, float]:
    """Shares of the droplet mass released: on each facet, and still flying after a minute."""
    wind = stack.body_from_lvlh @ np.array([-float(WIND_m_s), 0.0, 0.0])
    landing = fly_droplets(stack.surfaces, spray, life, _LIFE_m, Air(AIR_kg_m3.value, wind))
    whole, missed = spray.mass_kg.sum(), landing.facet < 0
    away = (spray.mass_kg * landing.mass_frac)[missed].sum()
    return landing.onto_kg(spray, len(stack.surfaces.triangle)) / whole, float(away / whole)


def _by_part(stack: Stack, *facets: Array) -> tuple[PartShare, ...]:
    count = len(stack.surfaces.parts)
    sums = [np.bincount(stack.surfaces.part_index, share, minlength=count) for share in facets]
    shares = [
        PartShare(part.name, float(one), float(other), float(later))
        for part, one, other, later in zip(stack.surfaces.parts, *sums, strict=True)
        if one > 0 or other > 0 or later > 0
    ]
    return tuple(sorted(shares, key=lambda share: (-share.vapour_frac - share.droplet_frac, share.part)))
