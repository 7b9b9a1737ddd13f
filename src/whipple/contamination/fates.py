"""Which parts of the stack does the spray meet, seen from every possible axis of the hole?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.deposit import PartShare
from whipple.casefile.given import Given
from whipple.contamination.ballistics import Air, Droplets, cone_of_droplets, fly_droplets
from whipple.contamination.breakup import Breakup
from whipple.contamination.droplet import DropletLife
from whipple.contamination.exits import Exits
from whipple.contamination.plume import expansion_per_sr, shape_per_sr
from whipple.contamination.release import EXPONENT, FLOOR, LOWEST_RATIO
from whipple.contamination.transport import Law, molecules_onto
from whipple.contamination.usual_droplet import USUAL_m, usual_life
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid
from whipple.vehicle.stack import Stack

__all__ = ["Fates", "plume_laws", "where_it_flies"]

MOLECULES, DROPLETS = 200_000, 20_000
#: Air at the height of the station, quiet to active Sun, and how fast it passes.
AIR_kg_m3 = Given(2e-12, 5e-13, 8e-12, "kg/m**3", "contamination_proposal")
WIND_m_s = Cited(7660.0, unit="m/s", source="contamination_proposal", grade="computed")
_FLUX_W_m2, _RELEASE_m = 110.0, 0.02
_MODELS = ("plume laws over the possible axes", "ray counting")


@dataclass(frozen=True)
class Fates:
    """Shares by part, most first, and what misses the stack of vapour and droplets (the rest of the droplets evaporated under way).

    The ranges span the possible axes of the hole and the plume laws.
    """

    parts: tuple[PartShare, ...]
    vapour_escaped_frac: float
    droplets_escaped_frac: float
    vapour_escaped_range_frac: Estimate
    droplets_escaped_range_frac: Estimate


@dataclass(frozen=True)
class _Flight:
    """One axis and one plume law: its weight, and shares by facet (n_facet,) and escaped."""

    weight_frac: float
    vapour: Array
    again: Array
    drops: Array
    escaped_frac: float
    away_frac: float


def plume_laws(liquid: Fluid) -> tuple[Law, ...]:
    """The plume laws to try for the vapour of this liquid, equally likely: cosine plumes from wide to narrow with their floors, and the
    continuum expansion where it has a limiting angle.

    >>> from whipple.physics.fluids import fluid
    >>> len(plume_laws(fluid("isooctane"))), len(plume_laws(fluid("ammonia")))
    (3, 4)
    """
    pairs = ((EXPONENT.low, FLOOR.high), (EXPONENT.value, FLOOR.value), (EXPONENT.high, FLOOR.low))
    laws: list[Law] = [lambda cosine, k=k, f=f: shape_per_sr(cosine, k, f) for k, f in pairs]  # type: ignore[misc]
    ratio = float(liquid.heat_capacity_ratio)
    if ratio >= LOWEST_RATIO:
        laws.append(lambda cosine: expansion_per_sr(cosine, ratio, FLOOR.value))
    return tuple(laws)


def where_it_flies(
    stack: Stack, out: Exits, liquid: Fluid, half_angle_rad: float, drops: Breakup, jet_m_s: Array,
    rng: np.random.Generator,
) -> Fates:  # fmt: skip
    """Fly vapour and droplets from every way out, in proportion to its weight; no vapour sticks (films do not last).

    `drops` and `jet_m_s` (n,) are draws of drop size and jet speed.
    """
    life = usual_life(liquid, _FLUX_W_m2)
    laws = plume_laws(liquid)
    flights = []
    for way, weight in enumerate(out.share_frac):
        landed, away = _landed(stack, _spray(out, way, liquid, half_angle_rad, drops, jet_m_s, weight, rng), life, rng)
        for law in laws:
            count = max(int(MOLECULES * weight / len(laws)), 1000)
            arrival = molecules_onto(
                stack.surfaces, out.source_m[way], out.axis_body[way], law, count=count, sticking_frac=0.0, rng=rng
            )
            escaped = 1 - float(arrival.direct_frac.sum())
            share = float(weight) / len(laws)
            flights.append(_Flight(share, arrival.direct_frac, arrival.returned_frac, landed, escaped, away))
    return _together(stack, flights)


def _spray(
    out: Exits, way: int, liquid: Fluid, half_angle_rad: float, drops: Breakup, jet_m_s: Array, weight: float,
    rng: np.random.Generator,
) -> Droplets:  # fmt: skip
    """Droplets of this way out; sizes are drawn by mass, so that each carries the same share of the liquid."""
    count = max(int(DROPLETS * weight), 500)
    picked = rng.integers(0, len(drops.diameter_m), count)
    place = out.place_m[way] + _RELEASE_m * out.axis_body[way]
    dense = liquid.density_kg_m3(min(293.15, liquid.highest_K))
    return cone_of_droplets(place, out.axis_body[way], half_angle_rad, jet_m_s[picked], drops.diameter_m[picked], dense)


def _landed(stack: Stack, spray: Droplets, life: DropletLife, rng: np.random.Generator) -> tuple[Array, float]:
    """Shares of the liquid released: on each facet, and still flying after a minute. Each droplet stands for the same mass."""
    wind = stack.body_from_lvlh @ np.array([-float(WIND_m_s), 0.0, 0.0])
    air = Air(float(AIR_kg_m3.draw(rng, 1)[0]), wind)
    landing = fly_droplets(stack.surfaces, spray, life, float(USUAL_m), air)
    there = landing.facet >= 0
    each = landing.mass_frac / len(landing.facet)
    landed = np.bincount(landing.facet[there], each[there], minlength=len(stack.surfaces.triangle))
    return np.asarray(landed, dtype=float), float(each[~there].sum())


def _together(stack: Stack, flights: list[_Flight]) -> Fates:
    weight = np.array([flight.weight_frac for flight in flights])
    vapour, again, drops = (
        np.array([_by_part(stack, getattr(flight, what)) for flight in flights])
        for what in ("vapour", "again", "drops")
    )
    shares = [
        PartShare(
            part.name, float(weight @ vapour[:, at]), float(weight @ drops[:, at]), float(weight @ again[:, at]),
            _range(vapour[:, at], weight), _range(drops[:, at], weight),
        )
        for at, part in enumerate(stack.surfaces.parts)
        if vapour[:, at].any() or drops[:, at].any() or again[:, at].any()
    ]  # fmt: skip
    escaped, away = (np.array([getattr(one, what) for one in flights]) for what in ("escaped_frac", "away_frac"))
    ranked = sorted(shares, key=lambda share: (-share.vapour_frac - share.droplet_frac, share.part))
    return Fates(
        tuple(ranked), float(weight @ escaped), float(weight @ away), _range(escaped, weight), _range(away, weight)
    )


def _range(values: Array, weight: Array) -> Estimate:
    """Weighted 5, 50 and 95 % points of the flights."""
    order = np.argsort(values, kind="stable")
    heap = np.cumsum(weight[order]) / weight.sum()
    low, middle, high = (
        float(values[order[min(int(np.searchsorted(heap, at)), len(order) - 1)]]) for at in (0.05, 0.5, 0.95)
    )
    return Estimate(middle, low, high, "", models=_MODELS)


def _by_part(stack: Stack, facets: Array) -> Array:
    sums = np.bincount(stack.surfaces.part_index, facets, minlength=len(stack.surfaces.parts))
    return np.asarray(sums, dtype=float)
