"""What reaches each named surface, how long it stays, and does it matter?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.deposit import Deposit, SurfaceDeposit
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.sky import Sky
from whipple.casefile.given import Given
from whipple.casefile.tables.loop import LoopTable
from whipple.contamination.aftermath import (
    YEARLY_LIMIT_m,
    advice,
    dimmed,
    how_long,
    spacewalk_after_s,
    spacewalk_words,
    summary,
    worst_column_per_kg_s,
)
from whipple.contamination.column import column_per_m2
from whipple.contamination.fates import Fates, where_it_flies
from whipple.contamination.film import film_life_s
from whipple.contamination.flash import flash_frac
from whipple.contamination.plume import arrival_kg_m2_s, cone_per_sr, shape_per_sr
from whipple.contamination.residence import film_under
from whipple.contamination.spots import Spot, exposed_spots
from whipple.contamination.spray import droplet_fate, shared_flux
from whipple.contamination.words import (
    AFTER,
    CAVEATS,
    NO_FLOW,
    NO_LOOP,
    builds_up,
    handed_on,
    headline,
    sentence,
    verdict,
)
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid, fluid
from whipple.vehicle.stack import Stack

__all__ = ["COLUMN_LIMIT_per_m2", "where_it_went"]

#: SSP 30426: column density while quiescent, 1e14 molecules per cm2.
COLUMN_LIMIT_per_m2 = Cited(1e18, unit="1/m^2", source="mikatarian2000")
#: Bulk of a vented liquid lies within 20 degrees of the axis (US-Lab condensate vent).
CONE_HALF_ANGLE_rad = Cited(0.34906585, unit="rad", source="schmidl2006")
RESIDUE_kg_m3 = Cited(1000.0, unit="kg/m^3", source="contamination_proposal", grade="proposal")
_PROPOSED = "contamination_proposal"
#: Share of the flash that happens near the stack; vapour speed (upper bound sqrt(2 cp T) = 974 m/s); exponent and isotropic
#: floor of the plume; share of the residue that fog carries along with the vapour; accommodation of the surface.
NEAR = Given(0.8, 0.5, 0.98, "", _PROPOSED)
SPEED = Given(600.0, 400.0, 974.0, "m/s", "thermal_sheet")
EXPONENT = Given(1.0, 0.3, 3.0, "", _PROPOSED)
FLOOR = Given(0.1, 0.01, 0.4, "", _PROPOSED)
FOG = Given(0.01, 0.001, 0.1, "", _PROPOSED)
ACCOMMODATION = Given(0.9, 0.5, 1.0, "", _PROPOSED)
_DRAWS, _HOUR_s = 2000, 3600.0
_MODELS = ("cosine plume with isotropic floor", "Hertz-Knudsen")


@dataclass(frozen=True)
class _Spray:
    """Draws (n,) of everything uncertain about the release; `axis` (n,) picks one of the possible normals."""

    axis: npt.NDArray[np.int64]
    flow_kg_s: Array
    vapour_kg_s: Array
    gone_kg: Array
    speed_m_s: Array
    exponent_ratio: Array
    floor_frac: Array
    residue_frac: Array
    fog_frac: Array


def where_it_went(case: Case, stack: Stack, hole: Hole | None, sky: Sky | None) -> Deposit:
    """Flash, droplets, and what reaches up to ten named surfaces of the stack, with 90 % intervals.

    Without a loop there is nothing to say; without a flow from `leak` only the fluid's own fate is given. Each gap is a caveat.
    """
    nothing = np.zeros(0)
    if not case.loops:
        return Deposit(None, None, None, (), float(COLUMN_LIMIT_per_m2), nothing, NO_LOOP.text, (NO_LOOP,))
    loop = case.loop(hole.loop) if hole is not None and hole.loop in {one.name for one in case.loops} else case.loop()
    liquid, rng = fluid(loop.fluid), case.rng("contamination")
    flashed = _flashed(liquid, loop, rng)
    cold, life, frozen_frac = droplet_fate(liquid, hole.diameter_m if hole is not None else None, sky, rng)
    caveats = (*CAVEATS, *shared_flux(sky))
    if hole is None or hole.flow_kg_s is None:
        text = headline(loop.fluid, flashed, cold, life, frozen_frac, (), float(COLUMN_LIMIT_per_m2))
        return Deposit(flashed, cold, life, (), float(COLUMN_LIMIT_per_m2), nothing, text, (*caveats, NO_FLOW))
    spray = _spray(stack, hole, hole.flow_kg_s, loop, flashed, rng)
    surfaces = tuple(_surface(spot, stack, spray, liquid, rng) for spot in exposed_spots(stack))
    clock = (
        hole.history.t_s if hole.history is not None else np.array([0.0, hole.empty_s.median if hole.empty_s else 0.0])
    )
    fates = where_it_flies(stack, liquid, float(CONE_HALF_ANGLE_rad), hole.diameter_m, hole.jet_speed_m_s, rng)
    wait = _spacewalk(hole, spray, liquid, rng)
    told = advice(surfaces, hole, life)
    again = _handed_on_kg_m2_s(stack, fates, float(np.median(spray.vapour_kg_s)))
    surfaces = tuple(
        replace(
            one, sentence=f"{one.sentence} {handed_on(again.get(one.surface, 0.0))} {told.get(one.surface, '')}".strip()
        )
        for one in surfaces
    )
    text = headline(loop.fluid, flashed, cold, life, frozen_frac, surfaces, float(COLUMN_LIMIT_per_m2))
    parts = (text, summary(told, how_long(hole, None)), spacewalk_words(wait, float(COLUMN_LIMIT_per_m2)))
    text = " ".join(part for part in parts if part)
    return Deposit(
        flashed, cold, life, surfaces, float(COLUMN_LIMIT_per_m2), clock, text, (*caveats, *AFTER),
        fates.parts, fates.vapour_escaped_frac, fates.droplets_escaped_frac, tuple(told.values()), wait,
    )  # fmt: skip


def _spacewalk(hole: Hole, spray: _Spray, liquid: Fluid, rng: np.random.Generator) -> Estimate | None:
    if hole.history is None:
        return None
    per_kg_s = worst_column_per_kg_s(spray.speed_m_s, spray.exponent_ratio, spray.floor_frac, liquid.molar_mass_kg_mol)
    return spacewalk_after_s(hole.history, per_kg_s, float(COLUMN_LIMIT_per_m2), rng)


def _handed_on_kg_m2_s(stack: Stack, fates: Fates, vapour_kg_s: float) -> dict[str, float]:
    """Vapour that reaches each part from other surfaces, over its whole area."""
    area = np.bincount(stack.surfaces.part_index, stack.surfaces.area_m2, minlength=len(stack.surfaces.parts))
    of_part = {part.name: float(size) for part, size in zip(stack.surfaces.parts, area, strict=True)}
    return {one.part: vapour_kg_s * one.returned_frac / of_part[one.part] for one in fates.parts}


def _flashed(liquid: Fluid, loop: LoopTable, rng: np.random.Generator) -> Estimate:
    start = np.clip(loop.temperature_K.draw(rng, 200), liquid.triple_point_K + 1, liquid.highest_K)
    draws = [flash_frac(liquid, float(kelvin)) for kelvin in start]
    return Estimate.from_samples(
        draws, "", models=("adiabatic flash",), sources=(liquid.source, loop.temperature_K.source)
    )


def _draws(estimate: Estimate, rng: np.random.Generator) -> Array:
    given = Given(estimate.median, estimate.low, estimate.high, estimate.unit)
    return np.maximum(given.draw(rng, _DRAWS), 0.0)


def _share(given: Given, rng: np.random.Generator) -> Array:
    return np.minimum(given.draw(rng, _DRAWS), 1.0)


def _spray(
    stack: Stack, hole: Hole, onset_flow: Estimate, loop: LoopTable, flashed: Estimate, rng: np.random.Generator
) -> _Spray:
    liquid = fluid(loop.fluid)
    flow = _draws(onset_flow, rng)
    inventory = loop.inventory_m3.estimate().scaled(liquid.density_kg_m3(loop.temperature_K.value), "kg")
    share = np.asarray(flashed.samples)[rng.integers(0, len(np.asarray(flashed.samples)), _DRAWS)]
    return _Spray(
        axis=rng.choice(len(stack.site_normal_frac), _DRAWS, p=stack.site_normal_frac / stack.site_normal_frac.sum()),
        flow_kg_s=flow,
        vapour_kg_s=flow * share * _share(NEAR, rng),
        gone_kg=_draws(hole.mass_gone_kg or inventory, rng),
        speed_m_s=SPEED.draw(rng, _DRAWS),
        exponent_ratio=EXPONENT.draw(rng, _DRAWS),
        floor_frac=_share(FLOOR, rng),
        residue_frac=_share(loop.residue_frac, rng),
        fog_frac=_share(FOG, rng),
    )


def _surface(spot: Spot, stack: Stack, spray: _Spray, liquid: Fluid, rng: np.random.Generator) -> SurfaceDeposit:
    axis = spray.axis
    cosine, facing, seen = spot.cosine_ratio[axis], spot.facing_ratio[axis], spot.seen_frac[axis]
    distance_m = np.linalg.norm(spot.to_source_m, axis=1)[axis]
    wide = arrival_kg_m2_s(seen, shape_per_sr(cosine, spray.exponent_ratio, spray.floor_frac), distance_m, facing)
    narrow = arrival_kg_m2_s(seen, cone_per_sr(cosine, CONE_HALF_ANGLE_rad), distance_m, facing)
    arrival = spray.vapour_kg_s * wide + (spray.flow_kg_s - spray.vapour_kg_s) * narrow
    residue = (
        spray.gone_kg * spray.residue_frac * (spray.fog_frac * wide + (1 - spray.fog_frac) * narrow) / RESIDUE_kg_m3
    )
    column = Estimate.from_samples(_column(spot, stack, spray, liquid), "1/m**2", models=_MODELS)
    reached = Estimate.from_samples(arrival, "kg/m**2/s", models=_MODELS)
    life = _film_life(liquid, spot.part.temperature_K)
    left = Estimate.from_samples(
        residue,
        "m",
        models=_MODELS,
        caveats=() if seen.any() else (Caveat("contamination-hidden", "Out of the hole's sight."),),
    )
    function, function_frac = dimmed(spot.part, residue, rng)
    over = float((residue > YEARLY_LIMIT_m).mean())
    words = sentence(
        spot, reached, column, life, left, float(COLUMN_LIMIT_per_m2), float(stack.site_normal_frac @ spot.seen_frac)
    )
    films = tuple(film_under(liquid, spot.part.temperature_K, flow, _HOUR_s) for flow in (reached.low, reached.high))
    return SurfaceDeposit(
        spot.part.name, spot.distance_m, float(np.arccos(np.clip(spot.cosine_ratio[0], -1, 1))), bool(spot.seen_frac[0] > 0),
        reached, column, spot.part.temperature_K, life, left,
        " ".join((words, builds_up(*films), verdict(over, function, function_frac))), function, function_frac, over,
    )  # fmt: skip


def _film_life(liquid: Fluid, kelvin: float) -> Estimate:
    """Life of a 1 um film over the accommodation of the surface."""
    low, median, high = (
        film_life_s(liquid, kelvin, 1e-6, share) for share in (1.0, ACCOMMODATION.value, ACCOMMODATION.low)
    )
    return Estimate(median, low, high, "s", models=("Hertz-Knudsen",), sources=(liquid.source,))


def _column(spot: Spot, stack: Stack, spray: _Spray, liquid: Fluid) -> Array:
    """Vapour column (n,) [1/m2] when looking out from the spot along its normal, whether or not the hole is in view."""
    column = np.zeros(_DRAWS)
    for index, axis in enumerate(np.atleast_2d(stack.site_normal_body)):
        mine = spray.axis == index
        if mine.any():
            column[mine] = column_per_m2(
                spray.vapour_kg_s[mine] / spray.speed_m_s[mine], liquid.molar_mass_kg_mol, -spot.to_source_m[index],
                spot.normal_body, np.broadcast_to(axis, (int(mine.sum()), 3)),
                exponent=spray.exponent_ratio[mine], floor_frac=spray.floor_frac[mine],
            )  # fmt: skip
    return column
