"""What leaves the hole: how much as vapour near the stack, how much as droplets of what size, and how it spreads? All as draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.given import Given
from whipple.casefile.tables.loop import LoopTable
from whipple.contamination.breakup import Breakup, break_up, left_frac
from whipple.contamination.exits import Exits
from whipple.contamination.plume import expansion_per_sr, shape_per_sr
from whipple.contamination.usual_droplet import USUAL_m, usual_life
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = [
    "DRAWS",
    "EXPONENT",
    "FLOOR",
    "LOWEST_RATIO",
    "LeakDraws",
    "Release",
    "breakup_draws",
    "leak_draws",
    "release",
    "vapour_near_frac",
]

#: A power of two: see `even_draws`.
DRAWS = 8192
_PROPOSED = "contamination_proposal"
#: Vapour given off within this distance counts as coming from the hole; what droplets give off further out does not find the way back.
REACH = Given(10.0, 3.0, 40.0, "m", _PROPOSED)
#: Vapour speed (upper bound sqrt(2 cp T) = 974 m/s); exponent and isotropic floor of the plume; share of the residue that fog carries.
SPEED = Given(600.0, 400.0, 974.0, "m/s", "thermal_sheet")
EXPONENT = Given(1.0, 0.3, 3.0, "", _PROPOSED)
FLOOR = Given(0.1, 0.01, 0.4, "", _PROPOSED, most=1.0)
FOG = Given(0.01, 0.001, 0.1, "", _PROPOSED, most=1.0)
#: Below this heat capacity ratio the continuum expansion has no limiting angle, and the cosine law stands alone.
LOWEST_RATIO = Cited(1.25, unit="", source="thermal_sheet", grade="computed")
USUAL_JET = Given(30.0, 20.0, 40.0, "m/s", "leak_sheet")
UNKNOWN_HOLE = Given(1e-3, 2e-4, 5e-3, "m", _PROPOSED)
_FLUX_W_m2 = 110.0


@dataclass(frozen=True)
class Release:
    """Draws (n,) of everything uncertain about the release; `axis` (n,) picks one of the open ways out.

    `expands` marks the draws in which the vapour follows the continuum expansion of `heat_capacity_ratio` in place of the cosine law.
    """

    axis: npt.NDArray[np.int64]
    flow_kg_s: Array
    vapour_kg_s: Array
    gone_kg: Array
    speed_m_s: Array
    exponent_ratio: Array
    floor_frac: Array
    residue_frac: Array
    fog_frac: Array
    expands: npt.NDArray[np.bool_]
    heat_capacity_ratio: float

    def vapour_per_sr(self, cosine: npt.ArrayLike, of: npt.NDArray[np.int64] | slice = slice(None)) -> Array:
        """Share of the vapour per steradian at this cosine (n, ...) from the axis, by each draw's own law; `of` picks draws."""
        k, f, grows = (one[of] for one in (self.exponent_ratio, self.floor_frac, self.expands))
        cos = np.asarray(cosine, dtype=float)
        wide = (slice(None),) + (None,) * (cos.ndim - 1)
        share = shape_per_sr(cos, k[wide], f[wide])
        if grows.any():
            forward = expansion_per_sr(cos[grows], self.heat_capacity_ratio)
            share[grows] = (1 - f[grows][wide]) * forward + f[grows][wide] / (4 * np.pi)
        return share


@dataclass(frozen=True)
class LeakDraws:
    """Draws (n,) of what the leak room found, each row one history of the leak where its draws are at hand; `flow_kg_s` at the onset."""

    flow_kg_s: Array
    jet_m_s: Array
    hole_m: Array
    gone_kg: Array


def leak_draws(liquid: Fluid, loop: LoopTable, hole: Hole | None, rng: np.random.Generator) -> LeakDraws:
    """Flow, jet, hole and mass gone, drawn together: a wider hole has let more out by the same reading.

    The rows of `Hole`'s samples belong together. Without samples each is drawn by itself; without an estimate a usual jet and hole are taken, the
    whole inventory and no flow.
    """
    flow, jet, size, gone = (
        getattr(hole, name, None) for name in ("flow_kg_s", "jet_speed_m_s", "diameter_m", "mass_gone_kg")
    )
    jet = jet if jet is not None and jet.low > 0 else None
    counts = {0 if one.samples is None else one.samples.size for one in (flow, jet, size, gone) if one is not None}
    rows = rng.integers(min(counts), size=DRAWS) if len(counts) == 1 and min(counts) > 1 else None

    def drawn(one: Estimate | None, usual: Given) -> Array:
        if one is None:
            return usual.draw(rng, DRAWS)
        if rows is not None and one.samples is not None:
            return np.asarray(one.samples[rows])
        return Given(one.median, one.low, one.high, one.unit, least=0.0).draw(rng, DRAWS)

    none, held = Given(0.0, 0.0, 0.0, "kg/s"), loop.inventory_m3.estimate()
    inventory = held.scaled(liquid.density_kg_m3(_start_K(liquid, loop)), "kg")
    return LeakDraws(
        drawn(flow, none), drawn(jet, USUAL_JET), drawn(size, UNKNOWN_HOLE), drawn(gone or inventory, none)
    )


def breakup_draws(liquid: Fluid, loop: LoopTable, leak: LeakDraws, rng: np.random.Generator) -> tuple[Breakup, Array]:
    """How the jet falls apart (draws), and its speed (n,)."""
    return break_up(liquid, _start_K(liquid, loop), leak.jet_m_s, leak.hole_m, rng), leak.jet_m_s


def vapour_near_frac(
    liquid: Fluid, flashed_frac: Array, drops: Breakup, jet_m_s: Array, rng: np.random.Generator
) -> Array:
    """Share of the flow (n,) that turns to vapour before droplets are further off than the stack reaches.

    `flashed_frac` (n,) carries the doubt of the loop's temperature: the share of a droplet at 293 K is scaled by it.
    """
    life = usual_life(liquid, _FLUX_W_m2)
    after = REACH.draw(rng, len(jet_m_s)) / jet_m_s
    gone = 1 - left_frac(life, float(USUAL_m), drops.diameter_m, after)
    return np.clip(gone * flashed_frac / np.median(flashed_frac), 0.0, 1.0)


def release(
    liquid: Fluid, loop: LoopTable, leak: LeakDraws, near_frac: Array, out: Exits, rng: np.random.Generator
) -> Release:
    """Draw the whole release; `near_frac` (n,) is the vapour share near the stack."""
    ratio = float(liquid.heat_capacity_ratio)
    return Release(
        axis=rng.choice(len(out.share_frac), DRAWS, p=out.share_frac),
        flow_kg_s=leak.flow_kg_s,
        vapour_kg_s=leak.flow_kg_s * near_frac,
        gone_kg=leak.gone_kg,
        speed_m_s=SPEED.draw(rng, DRAWS),
        exponent_ratio=EXPONENT.draw(rng, DRAWS),
        floor_frac=FLOOR.draw(rng, DRAWS),
        residue_frac=loop.residue_frac.draw(rng, DRAWS),
        fog_frac=FOG.draw(rng, DRAWS),
        expands=(rng.random(DRAWS) < 0.5) & (ratio >= LOWEST_RATIO),
        heat_capacity_ratio=ratio,
    )


def _start_K(liquid: Fluid, loop: LoopTable) -> float:
    return float(np.clip(loop.temperature_K.value, liquid.triple_point_K + 1, liquid.highest_K))
