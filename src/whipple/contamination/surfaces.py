"""What reaches one named surface, how long it stays, and does it matter?"""

from __future__ import annotations

from functools import partial

import numpy as np

from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.deposit import SurfaceDeposit
from whipple.casefile.findings.hole import LeakHistory
from whipple.casefile.given import Given
from whipple.contamination.aftermath import YEARLY_LIMIT_m, above_limit_s, dimmed
from whipple.contamination.column import NEAREST_m, column_between_per_m2, column_per_m2
from whipple.contamination.exits import Exits
from whipple.contamination.film import film_life_s
from whipple.contamination.plume import arrival_kg_m2_s
from whipple.contamination.release import Release
from whipple.contamination.residence import RESIDUE_kg_m3, film_under
from whipple.contamination.spots import Spot
from whipple.contamination.words import builds_up, looking, sentence, verdict
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["COLUMN_LIMIT_per_m2", "at_surface"]

#: SSP 30426: column density while quiescent, 1e14 molecules per cm2.
COLUMN_LIMIT_per_m2 = Cited(1e18, unit="1/m^2", source="mikatarian2000")
ACCOMMODATION = Given(0.9, 0.5, 1.0, "", "contamination_proposal")
_HOUR_s, _TIMED = 3600.0, 512
_MODELS = ("plume laws with isotropic floor", "Hertz-Knudsen")


def at_surface(
    spot: Spot, out: Exits, spray: Release, liquid: Fluid, history: LeakHistory | None, rng: np.random.Generator
) -> SurfaceDeposit:
    """Arrival, column, film and residue at one spot, over all draws of the release; the residue at the wettest place of the part."""
    wide, narrow, seen = _per_m2(spot, spray)
    arrival = spray.vapour_kg_s * wide + (spray.flow_kg_s - spray.vapour_kg_s) * narrow
    residues = [_residue_m(one, spray) for one in (spot, spot.wettest) if one is not None]
    residue = max(residues, key=_highest)
    outward = _column(spot, out, spray, liquid)
    column = Estimate.from_samples(outward, "1/m**2", models=_MODELS)
    reached = Estimate.from_samples(arrival, "kg/m**2/s", models=_MODELS)
    hidden = () if seen.any() else (Caveat("contamination-hidden", "Out of the hole's sight."),)
    left = Estimate.from_samples(residue, "m", models=_MODELS, caveats=hidden)
    life, kelvin = _film_life(liquid, spot.part.temperature_K)
    function, function_frac = dimmed(spot.part, residue, rng)
    over = max(float((one > YEARLY_LIMIT_m).mean()) for one in residues)
    words = sentence(
        spot, reached, column, life, left, float(COLUMN_LIMIT_per_m2), float(out.share_frac @ spot.seen_frac)
    )
    toward = _toward_hole(spot, out, spray, liquid)
    films = tuple(film_under(liquid, kelvin, flow, _HOUR_s) for flow in (reached.low, reached.high))
    return SurfaceDeposit(
        spot.part.name, spot.distance_m, float(np.arccos(np.clip(spot.cosine_ratio[0], -1, 1))), bool(spot.seen_frac[0] > 0),
        reached, column, spot.part.temperature_K, life, left,
        " ".join((words, *looking(toward), builds_up(*films), verdict(over, function, function_frac))), function, function_frac, over,
        _over_column(outward, spray, history, rng), toward,
    )  # fmt: skip


def _per_m2(spot: Spot, spray: Release) -> tuple[Array, Array, Array]:
    """Shares of vapour and of droplets that arrive per m2 (n,), and whether the spot is seen (n,)."""
    axis = spray.axis
    cosine, facing, seen = spot.cosine_ratio[axis], spot.facing_ratio[axis], spot.seen_frac[axis]
    distance_m = np.linalg.norm(spot.to_source_m, axis=1)[axis]
    wide = arrival_kg_m2_s(seen, spray.vapour_per_sr(cosine), distance_m, facing)
    return wide, seen * spot.spray_per_m2[axis], seen


def _residue_m(spot: Spot, spray: Release) -> Array:
    """Residue at the spot (n,) when all has gone."""
    wide, narrow, _ = _per_m2(spot, spray)
    return spray.gone_kg * spray.residue_frac * (spray.fog_frac * wide + (1 - spray.fog_frac) * narrow) / RESIDUE_kg_m3


def _highest(draws: Array) -> float:
    return float(np.quantile(draws, 0.95))


def _film_life(liquid: Fluid, kelvin: float) -> tuple[Estimate, float]:
    """Life of a 1 um film over the accommodation of the surface, and the temperature at which it was taken.

    Where the surface is colder or warmer than the vapour pressure is known, the nearer end is a bound and says so.
    """
    at = float(np.clip(kelvin, liquid.lowest_solid_K, liquid.highest_K))
    low, median, high = (
        film_life_s(liquid, at, 1e-6, share) for share in (1.0, ACCOMMODATION.value, ACCOMMODATION.low)
    )
    models, sources = ("Hertz-Knudsen",), (liquid.source,)
    if at == kelvin:
        return Estimate(median, low, high, "s", models=models, sources=sources), at
    side = "longer" if kelvin < at else "shorter"
    text = f"The vapour pressure of {liquid.name} is not known at {kelvin:.0f} K; at {at:.0f} K a film lasts this long, here {side}."
    bound = Caveat("contamination-film-bound", text)
    return Estimate(
        median, low, high, "s", "lower" if kelvin < at else "upper", models=models, sources=sources, caveats=(bound,)
    ), at


def _column(spot: Spot, out: Exits, spray: Release, liquid: Fluid) -> Array:
    """Vapour column (n,) [1/m2] when looking out from the spot along its normal, whether or not the hole is in view."""
    column = np.zeros(len(spray.axis))
    for index, axis in enumerate(out.axis_body):
        mine = np.flatnonzero(spray.axis == index)
        if len(mine):
            column[mine] = column_per_m2(
                spray.vapour_kg_s[mine] / spray.speed_m_s[mine], liquid.molar_mass_kg_mol, -spot.to_source_m[index],
                spot.normal_body, np.broadcast_to(axis, (len(mine), 3)), law=partial(spray.vapour_per_sr, of=mine),
            )  # fmt: skip
    return column


def _toward_hole(spot: Spot, out: Exits, spray: Release, liquid: Fluid) -> Estimate | None:
    """Vapour column of a line of sight from the spot to the hole, over the axes from which it is open; None where there is none."""
    column = np.full(len(spray.axis), np.nan)
    for index, axis in enumerate(out.axis_body):
        mine = np.flatnonzero(spray.axis == index)
        eye = -spot.to_source_m[index]
        if len(mine) and spot.seen_frac[index] > 0 and np.linalg.norm(eye) > NEAREST_m:
            column[mine] = column_between_per_m2(
                spray.vapour_kg_s[mine] / spray.speed_m_s[mine], liquid.molar_mass_kg_mol, eye, [0.0, 0.0, 0.0],
                np.broadcast_to(axis, (len(mine), 3)), law=partial(spray.vapour_per_sr, of=mine),
            )  # fmt: skip
    known = column[np.isfinite(column)]
    return Estimate.from_samples(known, "1/m**2", models=_MODELS) if len(known) else None


def _over_column(
    outward_per_m2: Array, spray: Release, history: LeakHistory | None, rng: np.random.Generator
) -> Estimate | None:
    """How long after the onset the column looking out stays above the limit; it falls with the flow."""
    if history is None:
        return None
    per_kg_s = (outward_per_m2 / np.maximum(spray.flow_kg_s, 1e-12))[:_TIMED]
    return above_limit_s(history, per_kg_s, float(COLUMN_LIMIT_per_m2), rng)
