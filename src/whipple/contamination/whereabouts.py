"""Where did it all go? The room's answer put together: release, surfaces, fates, verdicts and advice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.deposit import Deposit, SurfaceDeposit
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.sky import Sky
from whipple.casefile.tables.loop import LoopTable
from whipple.contamination.aftermath import (
    above_limit_s,
    advice,
    how_long,
    spacewalk_words,
    summary,
    worst_column_per_kg_s,
)
from whipple.contamination.breakup import Breakup
from whipple.contamination.consistency import case_contradictions
from whipple.contamination.doubts import AFTER, CAVEATS, CLOSED, NO_FLOW, NO_LOOP, NO_STACK, some_closed
from whipple.contamination.even_draws import EvenDraws
from whipple.contamination.exits import Exits, exits_of
from whipple.contamination.fates import Fates, where_it_flies
from whipple.contamination.flash import flash_frac
from whipple.contamination.plume import CONE_HALF_ANGLE_rad
from whipple.contamination.release import DRAWS, Release, breakup_draws, leak_draws, release, vapour_near_frac
from whipple.contamination.residue_map import residue_map_m
from whipple.contamination.spots import exposed_spots
from whipple.contamination.spray import droplet_fate, shared_flux
from whipple.contamination.surfaces import COLUMN_LIMIT_per_m2, at_surface
from whipple.contamination.words import handed_on, headline, limit_words
from whipple.physics.fluids import Fluid, fluid
from whipple.vehicle.stack import Stack

__all__ = ["where_it_went"]


def where_it_went(case: Case, stack: Stack | None, hole: Hole | None, sky: Sky | None) -> Deposit:
    """Flash, droplets, and what reaches up to ten named surfaces of the stack, with 90 % intervals.

    Without a loop there is nothing to say; without a flow from `leak`, without a stack, or with every way out of the hole closed by
    structure, only the fluid's own fate is given. Each gap is a caveat. An unknown fluid raises RangeError with the known names.
    """
    limit = float(COLUMN_LIMIT_per_m2)
    if not case.loops:
        return Deposit(None, None, None, (), limit, np.zeros(0), NO_LOOP.text, (NO_LOOP,))
    loop = case.loop(hole.loop) if hole is not None and hole.loop in {one.name for one in case.loops} else case.loop()
    liquid, rng = fluid(loop.fluid), EvenDraws(case.rng("contamination"), DRAWS)
    flashed, outside = _flashed(liquid, loop, rng)
    leak = leak_draws(liquid, loop, hole, rng)
    drops, jet = breakup_draws(liquid, loop, leak, rng)
    cold, life, frozen_frac = droplet_fate(liquid, drops.diameter_m, sky, rng)
    near = vapour_near_frac(liquid, rng.choice(np.asarray(flashed.samples), DRAWS), drops, jet, rng)
    caveats = (*CAVEATS, *outside, *shared_flux(sky), *case_contradictions(case, loop))
    text = headline(loop.fluid, flashed, cold, life, frozen_frac, ())
    own = _with_breakup(Deposit(flashed, cold, life, (), limit, np.zeros(0), text, caveats), drops, near)
    out = exits_of(stack) if stack is not None and len(stack.surfaces.triangle) else None
    gap = NO_STACK if out is None else CLOSED if not len(out.share_frac) else None
    if hole is None or hole.flow_kg_s is None:
        return replace(own, caveats=(*own.caveats, NO_FLOW))
    if stack is None or out is None or gap is not None:
        return replace(own, caveats=(*own.caveats, gap or NO_STACK), headline=f"{text} {(gap or NO_STACK).text}")
    spray = release(liquid, loop, leak, near, out, rng)
    found = _on_the_stack(own, stack, out, hole, spray, liquid, (drops, jet), rng)
    return replace(found, headline=_headline(found, loop.fluid, frozen_frac, hole))


def _with_breakup(own: Deposit, drops: Breakup, near: Array) -> Deposit:
    models = ("Rayleigh break-up", "flash shattering, two criteria")
    return replace(
        own,
        vapour_near_frac=Estimate.from_samples(near, "", models=("droplet energy balance", *models)),
        droplet_diameter_m=Estimate.from_samples(drops.diameter_m, "m", models=models, sources=("kofsky_pike",)),
        intact_m=_intact(drops),
        shattered_prob=float(drops.shattered.mean()),
    )


def _intact(drops: Breakup) -> Estimate | None:
    """How far the jet runs before it falls apart, in the draws in which boiling does not shatter it."""
    whole = drops.intact_m[~drops.shattered]
    models = ("grant_1966_laminar", "grant_1966_turbulent")
    return Estimate.from_samples(whole, "m", models=models, sources=("grant1966",)) if len(whole) else None


def _on_the_stack(
    own: Deposit, stack: Stack, out: Exits, hole: Hole, spray: Release, liquid: Fluid, jet: tuple[Breakup, Array],
    rng: np.random.Generator,
) -> Deposit:  # fmt: skip
    """The answer with everything that needs the stack and the flow."""
    surfaces = tuple(at_surface(spot, out, spray, liquid, hole.history, rng) for spot in exposed_spots(stack, out))
    plain = np.random.Generator(rng.bit_generator)
    fates = where_it_flies(stack, out, liquid, float(CONE_HALF_ANGLE_rad), *jet, plain)
    told = advice(surfaces, hole, own.droplet_life_s)
    again = _handed_on_kg_m2_s(stack, fates, float(np.median(spray.vapour_kg_s)))
    surfaces = tuple(_whole_sentence(one, again.get(one.surface, 0.0), told.get(one.surface, "")) for one in surfaces)
    clock = (
        hole.history.t_s if hole.history is not None else np.array([0.0, hole.empty_s.median if hole.empty_s else 0.0])
    )
    return replace(
        own,
        surfaces=surfaces,
        plume_t_s=clock,
        caveats=(*own.caveats, *AFTER, *some_closed(out.closed_frac)),
        reached=fates.parts,
        vapour_escaped_frac=fates.vapour_escaped_frac,
        droplets_escaped_frac=fates.droplets_escaped_frac,
        vapour_escaped_range_frac=fates.vapour_escaped_range_frac,
        droplets_escaped_range_frac=fates.droplets_escaped_range_frac,
        advice=tuple(told.values()),
        spacewalk_s=_spacewalk(hole, spray, liquid, rng),
        facet_residue_m=residue_map_m(stack, out, spray),
        limit=limit_words(surfaces),
    )


def _headline(found: Deposit, name: str, frozen_frac: float, hole: Hole) -> str:
    assert found.flash_frac is not None
    assert found.droplet_temperature_K is not None
    assert found.droplet_life_s is not None
    own = (found.flash_frac, found.droplet_temperature_K, found.droplet_life_s)
    text = headline(name, *own, frozen_frac, found.surfaces)
    turned = [one.surface for one in found.surfaces if any(line in one.sentence for line in found.advice)]
    parts = (
        text,
        summary(dict.fromkeys(turned, ""), how_long(hole, None)),
        spacewalk_words(found.spacewalk_s),
    )
    return " ".join(part for part in parts if part)


def _whole_sentence(one: SurfaceDeposit, again_kg_m2_s: float, told: str) -> SurfaceDeposit:
    return replace(one, sentence=f"{one.sentence} {handed_on(again_kg_m2_s)} {told}".strip())


def _spacewalk(hole: Hole, spray: Release, liquid: Fluid, rng: np.random.Generator) -> Estimate | None:
    if hole.history is None:
        return None
    per_kg_s = worst_column_per_kg_s(spray.speed_m_s, spray.vapour_per_sr, liquid.molar_mass_kg_mol)
    return above_limit_s(hole.history, per_kg_s, float(COLUMN_LIMIT_per_m2), rng)


def _handed_on_kg_m2_s(stack: Stack, fates: Fates, vapour_kg_s: float) -> dict[str, float]:
    """Vapour that reaches each part from other surfaces, over its whole area."""
    area = np.bincount(stack.surfaces.part_index, stack.surfaces.area_m2, minlength=len(stack.surfaces.parts))
    of_part = {part.name: float(size) for part, size in zip(stack.surfaces.parts, area, strict=True)}
    return {one.part: vapour_kg_s * one.returned_frac / of_part[one.part] for one in fates.parts}


def _flashed(liquid: Fluid, loop: LoopTable, rng: np.random.Generator) -> tuple[Estimate, tuple[Caveat, ...]]:
    given, coldest, hottest = loop.temperature_K, liquid.triple_point_K + 1, liquid.highest_K
    if coldest < given.value < hottest:
        start = replace(given, least=coldest, most=hottest).draw(rng, 200)
    else:
        start = np.full(200, np.clip(given.value, coldest, hottest))
    draws = [flash_frac(liquid, float(kelvin)) for kelvin in start]
    found = Estimate.from_samples(draws, "", models=("adiabatic flash",), sources=(liquid.source, given.source))
    if coldest <= given.low and given.high <= hottest:
        return found, ()
    text = (
        f"The loop's temperature ({given.low:.0f} to {given.high:.0f} K) leaves the range in which {liquid.name} is "
        f"known as a liquid ({liquid.triple_point_K:.0f} to {liquid.highest_K:.0f} K): "
        f"{'the nearer end was taken' if start[0] == start[-1] else 'only what lies inside was taken'}."
    )
    return found, (Caveat("contamination-temperature", text),)
