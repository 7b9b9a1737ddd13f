"""Has the loop run empty, or does it still drain? The ways to reckon with the end that the record leaves open, each with its best fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.leak.accumulator import driven_time
from whipple.leak.ending import Emptying, emptying
from whipple.leak.posterior import fitted
from whipple.leak.prior import EXPONENT_PLACE, POLYTROPIC, LoopPrior, Scored
from whipple.leak.record import Bins
from whipple.leak.stage import Stage, facing, stage_misfit

__all__ = ["HOPELESS", "INVENTORY_PLACE", "Way", "draining_too", "first_starts", "is_over", "refined", "ways_to_end"]

#: The end of the tail is first read off the record, and once more this much earlier: vapour goes on for a while.
_SHORT_TAIL = 0.75
#: A best fit worse by this much in chi-square is not worth integrating: its probability is below 1e-13.
HOPELESS = 60.0
#: A best fit worse than usual by so many standard deviations of chi-square is no fit.
_POOR = 5.0
#: Where a draw in volumes holds the logarithm of the inventory (see `LoopPrior.SIZE`).
INVENTORY_PLACE = 2
_FULLER_NAT = 0.3


def first_starts(stage: Stage, bins: Bins | None, seen: Emptying | None) -> Array:
    """Starts (7, 11): of a scan over K, each with the times that the record shows, the best three; the best two with a shorter tail (the
    vapour that leaves last hides when the liquid ended); and the best at either end of the exponent, which trades against K."""

    def best(rows: Array, count: int) -> Array:
        return rows[np.argsort(np.sum(stage_misfit(stage, bins, rows)[0] ** 2, axis=1))[:count]]

    lengths = np.linspace(*_scanned(stage.prior), 60)
    scan, short = (np.array([_start(stage.prior, seen, nat, share) for nat in lengths]) for share in (1.0, _SHORT_TAIL))
    ends = [_with_exponent(scan, exponent) for exponent in (POLYTROPIC.low, POLYTROPIC.high)]
    return np.vstack([best(scan, 3), best(short, 2), *(best(rows, 1) for rows in ends)])


def _with_exponent(starts: Array, exponent: float) -> Array:
    """The same starts at another polytropic exponent of the gas."""
    moved = starts.copy()
    moved[:, EXPONENT_PLACE] = np.log(exponent)
    return moved


def _scanned(prior: LoopPrior) -> tuple[float, float]:
    """Range of ln K: the gas volume of the case through the largest and through the smallest hole."""
    volume, discharge = prior.gas_volume.value, prior.discharge.value
    areas = [discharge * np.pi / 4 * size**2 for size in (prior.largest_m, prior.smallest_m)]
    return float(np.log(volume / areas[0])), float(np.log(volume / areas[1]))


def _start(prior: LoopPrior, seen: Emptying | None, length_nat: float, tail_share: float = 1.0) -> Array:
    """A start for this ln K: times read off the record, or for want of one off the volumes given."""
    density = prior.fluid.density_kg_m3(prior.temperature.value)
    vapour = prior.fluid.vapour_pressure_Pa(prior.temperature.value)
    tau = np.exp(length_nat) * np.sqrt(density / (2 * prior.pressure.value))
    pushed, inventory = prior.pushed_volume.value, prior.inventory.value
    reach = min(pushed / prior.gas_volume.value, 0.9 if prior.kind == "spring" else np.inf)
    driven = tau * float(driven_time(prior.kind, reach))
    left = max(inventory - pushed, 0.1 * inventory) / pushed * reach * np.exp(length_nat)
    tail = left / np.sqrt(2 * vapour / density)
    if seen is not None:
        shown = (seen.bottomed_s or seen.last_s) - prior.onset.value
        driven = max(shown, 1.0) if seen.bottomed_s is not None else max(1.3 * shown, driven)
        if seen.bottomed_s is not None and seen.emptied_s is not None:
            tail = tail_share * max(seen.emptied_s - seen.bottomed_s, 1.0)
        elif seen.bottomed_s is not None:
            tail = max(1.3 * (seen.last_s - seen.bottomed_s), tail)
    driven = min(driven, 1.8 * tau) if prior.kind == "spring" else driven
    return prior.middle(length_nat, float(np.log(driven)), float(np.log(tail)))


def refined(stage: Stage, bins: Bins, seen: Emptying) -> Array:
    """Starts fitted to the record with its steps softened: a step in the wrong place would hold everything else; and the best two of
    them with the stop put back where it is seen: between two samples a law has no slope to find it by."""
    soft = bins.softened([moment for moment in (seen.bottomed_s, seen.emptied_s) if moment is not None])
    fits = fitted(partial(stage_misfit, stage, soft), first_starts(stage, bins, seen))
    if seen.bottomed_s is None:
        return fits
    stopped = fits[:2].copy()
    stopped[:, 1] = np.log(np.maximum(seen.bottomed_s - np.ravel(stage.prior.scored(stopped).onset_s), 1.0))
    return np.vstack([fits, stopped])


@dataclass(frozen=True)
class Way:
    """One way to reckon with the end: the fits of a stage in its coordinates, best first, and the sum of squares of the best."""

    seen: Emptying
    fits: Array
    misfit: float
    over: bool


def _way(stage: Stage, bins: Bins, seen: Emptying) -> Way:
    stage = facing(stage, bins, seen)
    fits = draining_too(stage, bins, seen, fitted(partial(stage_misfit, stage, bins), refined(stage, bins, seen)))
    over = is_over(stage.prior.scored(fits[:1]), seen)
    return Way(seen, fits, float(np.sum(stage_misfit(stage, bins, fits[:1])[0] ** 2)), bool(over[0]))


def draining_too(stage: Stage, bins: Bins, seen: Emptying, fits: Array) -> Array:
    """The fits, and where the first is empty by the last sample though no end is seen, one more with enough left to drain on."""
    if seen.bottomed_s is None or seen.emptied_s is not None or not is_over(stage.prior.scored(fits[:1]), seen)[0]:
        return fits
    fuller = fits[:1].copy()
    fuller[:, INVENTORY_PLACE] += _FULLER_NAT
    return np.vstack([fits, fitted(partial(stage_misfit, stage, bins), fuller)])


def ways_to_end(stage: Stage, bins: Bins) -> tuple[Way, ...]:
    """The ways to reckon with the end, the best first: a loop that seems empty may still drain.

    Either is fitted unless the end stands out beyond doubt and fits, and left out where it is hopeless or fits only as the other does.
    """
    seen = emptying(bins, stage.prior)
    first = _way(stage, bins, seen)
    usual = len(bins.pressure_Pa) + _POOR * np.sqrt(2 * len(bins.pressure_Pa))
    if seen.emptied_s is None or (seen.fall_sigma**2 > 2 * HOPELESS and first.misfit < usual):
        return (first,)
    # what looks like the end may also be the stop of an accumulator that had pushed nearly down to the vapour pressure
    stop = seen.emptied_s if seen.fall_sigma == 0 else seen.bottomed_s
    draining = [replace(seen, bottomed_s=moment, emptied_s=None) for moment in dict.fromkeys((seen.bottomed_s, stop))]
    other = min((_way(stage, bins, way) for way in draining), key=lambda way: way.misfit)
    both = sorted((first, other), key=lambda way: way.misfit)
    good = [
        way for way in both if way.over == (way.seen.emptied_s is not None) and way.misfit < both[0].misfit + HOPELESS
    ]
    return tuple(good or both[:1])


def is_over(scored: Scored, seen: Emptying) -> npt.NDArray[np.bool_]:
    """Which draws are empty by the last sample (n,)."""
    return np.asarray(np.ravel(scored.onset_s + scored.law.empty_s) <= seen.last_s)
