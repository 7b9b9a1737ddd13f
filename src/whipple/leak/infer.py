"""From the record and the absolute data to the hole: one posterior a stage of evidence.

The record fixes K = Vg0/(Cd A), the start pressure, the exponent and the onset; the diameter stays on a ridge until something
absolute is added. The priors not yet used are loosened, so that each stage shows what its own datum brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.leak.accumulator import driven_time
from whipple.leak.ending import Emptying, emptying
from whipple.leak.posterior import Posterior, fitted, sample
from whipple.leak.prior import EXPONENT_PLACE, POLYTROPIC, LoopPrior, Scored, loosened
from whipple.leak.record import Bins
from whipple.leak.student import resampled
from whipple.leak.terms import Term, record_residuals
from whipple.leak.walk import DRIFTING, WALKER_COUNT, drift_ratio

__all__ = [
    "HOPELESS",
    "Emptying",
    "Stage",
    "Weighed",
    "emptying",
    "gas_or_spring",
    "loosened_prior",
    "settled",
    "weigh_stages",
]

#: How far a quantity not yet used is widened.
_LOOSE = 30.0
#: Draws that do not stay where they are walk this many times, each time so far.
_WALKS, _LONG_STEPS = 2, 300
#: The end of the tail is first read off the record, and once more this much earlier: vapour goes on for a while.
_SHORT_TAIL = 0.75
#: A best fit worse by this much in chi-square is not worth integrating: its probability is below 1e-13.
HOPELESS = 60.0
#: One way of reckoning with the end stands alone from this share of the probability on.
_SURE = 0.99
#: A best fit worse than usual by so many standard deviations of chi-square is no fit.
_POOR = 5.0
#: Where a draw in volumes holds the logarithm of the inventory (see `LoopPrior.SIZE`).
_INVENTORY_PLACE = 2
_FULLER_NAT = 0.3


@dataclass(frozen=True)
class Stage:
    """A set of evidence: the prior with what is not yet used loosened, and the terms so far; `name` is what it adds."""

    name: str
    says: str
    sources: tuple[str, ...]
    prior: LoopPrior
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Weighed:
    """The posterior of a stage, its draws as physics, and what of the end it reckons with (`ending`)."""

    stage: Stage
    posterior: Posterior
    scored: Scored
    ways: tuple[Emptying, ...] = ()


def _misfit(stage: Stage, bins: Bins | None, draws: Array) -> tuple[Array, Array]:
    """Residuals (n, m) and log density (n,) of draws: prior, terms, record."""
    scored = stage.prior.scored(draws)
    parts = [scored.residual_nat, *(term.residual(scored)[:, None] for term in stage.terms)]
    if bins is not None:
        parts.append(record_residuals(stage.prior, bins, scored))
    return np.concatenate(parts, axis=1), scored.density_nat


def _starts(stage: Stage, bins: Bins | None, seen: Emptying | None) -> Array:
    """Starts (7, 11): of a scan over K, each with the times that the record shows, the best three; the best two with a shorter tail (the
    vapour that leaves last hides when the liquid ended); and the best at either end of the exponent, which trades against K."""

    def best(rows: Array, count: int) -> Array:
        return rows[np.argsort(np.sum(_misfit(stage, bins, rows)[0] ** 2, axis=1))[:count]]

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


def _refined(stage: Stage, bins: Bins, seen: Emptying) -> Array:
    """Starts fitted to the record with its steps softened: a step in the wrong place would hold everything else."""
    soft = bins.softened([moment for moment in (seen.bottomed_s, seen.emptied_s) if moment is not None])
    return fitted(partial(_misfit, stage, soft), _starts(stage, bins, seen))


def _facing(stage: Stage, seen: Emptying | None) -> Stage:
    """The stage in the coordinates of what the record shows: times of what it shows, volumes of what it does not."""
    stop = seen is not None and seen.bottomed_s is not None
    end = seen is not None and stop and seen.emptied_s is not None
    return replace(stage, prior=replace(stage.prior, stop_seen=stop, end_seen=end))


@dataclass(frozen=True)
class _Way:
    """One way to reckon with the end: the fits of a stage in its coordinates, best first, and the sum of squares of the best."""

    seen: Emptying
    fits: Array
    misfit: float
    over: bool


def _way(stage: Stage, bins: Bins, seen: Emptying) -> _Way:
    stage = _facing(stage, seen)
    fits = _draining_too(stage, bins, seen, fitted(partial(_misfit, stage, bins), _refined(stage, bins, seen)))
    over = _over(stage.prior.scored(fits[:1]), seen)
    return _Way(seen, fits, float(np.sum(_misfit(stage, bins, fits[:1])[0] ** 2)), bool(over[0]))


def _draining_too(stage: Stage, bins: Bins, seen: Emptying, fits: Array) -> Array:
    """The fits, and where the first is empty by the last sample though no end is seen, one more with enough left to drain on."""
    if seen.bottomed_s is None or seen.emptied_s is not None or not _over(stage.prior.scored(fits[:1]), seen)[0]:
        return fits
    fuller = fits[:1].copy()
    fuller[:, _INVENTORY_PLACE] += _FULLER_NAT
    return np.vstack([fits, fitted(partial(_misfit, stage, bins), fuller)])


def _ways(stage: Stage, bins: Bins) -> tuple[_Way, ...]:
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


def _over(scored: Scored, seen: Emptying) -> npt.NDArray[np.bool_]:
    """Which draws are empty by the last sample (n,)."""
    return np.asarray(np.ravel(scored.onset_s + scored.law.empty_s) <= seen.last_s)


def _weigh(stage: Stage, bins: Bins | None, rng: np.random.Generator, ways: Sequence[_Way]) -> Weighed:
    """The posterior of a stage from the fits of each way; where the record leaves open whether the loop is empty, both together."""
    if bins is None:
        return _sampled(_facing(stage, None), None, _starts(_facing(stage, None), None, None), rng)
    found = [_sampled(_facing(stage, way.seen), bins, way.fits, rng) for way in ways]
    seen = tuple(way.seen for way in ways)
    return replace(found[0] if len(found) == 1 else _together(found, seen, rng), ways=seen)


def _weigh_again(stage: Stage, bins: Bins, rng: np.random.Generator, before: Weighed) -> Weighed:
    """The posterior of a stage from the best fit of the stage `before` it, and from new starts."""
    found = []
    for seen in before.ways:
        faced = _facing(stage, seen)
        starts = _refined(faced, bins, seen)
        known = before.stage.prior.end_seen == faced.prior.end_seen
        starts = np.vstack([starts[:2], before.posterior.mode]) if known else starts
        found.append(_sampled(faced, bins, _draining_too(faced, bins, seen, starts), rng))
    return replace(found[0] if len(found) == 1 else _together(found, before.ways, rng), ways=before.ways)


def _sampled(stage: Stage, bins: Bins | None, starts: Array, rng: np.random.Generator) -> Weighed:
    found = sample(partial(_misfit, stage, bins), starts, rng)
    return Weighed(stage, found, stage.prior.scored(found.draws))


def _together(found: Sequence[Weighed], ways: Sequence[Emptying], rng: np.random.Generator) -> Weighed:
    """Draws of both ways by their evidence, each of its own half (empty by the last sample, or not), in volumes."""
    own = [_over(one.scored, way) == (way.emptied_s is not None) for one, way in zip(found, ways, strict=True)]
    nat = [one.posterior.evidence_nat + np.log(max(mine.mean(), 1e-300)) for one, mine in zip(found, own, strict=True)]
    shares = np.exp(nat - logsumexp(nat))
    if shares.max() > _SURE:
        return found[int(np.argmax(shares))]
    best = min(found, key=lambda one: one.posterior.least_misfit)
    count = len(best.posterior.draws)
    chosen = [rng.choice(np.flatnonzero(mine), round(count * share)) for mine, share in zip(own, shares, strict=True)]
    rows = [_in_volumes(one, one.posterior.draws[rows]) for one, rows in zip(found, chosen, strict=True)]
    worth = 1 / sum(share**2 / one.posterior.effective_count for one, share in zip(found, shares, strict=True))
    mode = _in_volumes(best, best.posterior.mode[None, :])[0]
    stage = replace(best.stage, prior=replace(best.stage.prior, end_seen=False))
    posterior = Posterior(np.vstack(rows), float(logsumexp(nat)), worth, mode, best.posterior.least_misfit)
    return Weighed(stage, posterior, stage.prior.scored(posterior.draws))


def _in_volumes(weighed: Weighed, draws: Array) -> Array:
    """The same draws with the inventory for the tail's time."""
    if not weighed.stage.prior.end_seen:
        return draws
    moved = draws.copy()
    moved[:, _INVENTORY_PLACE] = np.log(np.ravel(weighed.stage.prior.scored(draws).law.inventory_m3))
    return moved


def loosened_prior(prior: LoopPrior, *, accumulator: bool, inventory: bool) -> LoopPrior:
    """The prior with the accumulator volumes and the inventory as if they were hardly known."""
    if accumulator:
        gas, pushed = loosened(prior.gas_volume, _LOOSE), loosened(prior.pushed_volume, _LOOSE)
        prior = replace(prior, gas_volume=gas, pushed_volume=pushed)
    return replace(prior, inventory=loosened(prior.inventory, _LOOSE)) if inventory else prior


def weigh_stages(stages: Sequence[Stage], bins: Bins | None, rng: np.random.Generator) -> tuple[Weighed, ...]:
    """The posterior after each stage, in order; every stage starts from the best fit of the one before."""
    found: list[Weighed] = []
    for stage in stages:
        if found and bins is not None:
            found.append(_weigh_again(stage, bins, rng, found[-1]))
        else:
            found.append(_weigh(stage, bins, rng, _ways(stage, bins) if bins is not None else ()))
    return tuple(found)


def settled(weighed: Weighed, bins: Bins | None, rng: np.random.Generator) -> tuple[Weighed, bool]:
    """Whether the draws stay where they are when they walk; draws that move walk on, and are asked again.

    False when they still move: then no interval of these draws can be relied on.
    """
    misfit = partial(_misfit, weighed.stage, bins)
    for _ in range(_WALKS):
        moved, walked = drift_ratio(misfit, weighed.posterior.draws, rng)
        if moved <= DRIFTING:
            return weighed, True
        _, walked = drift_ratio(misfit, walked, rng, _LONG_STEPS)
        count = len(weighed.posterior.draws)
        draws = walked[resampled(np.full(len(walked), 1 / len(walked)), rng, count)]
        posterior = replace(weighed.posterior, draws=draws, effective_count=float(WALKER_COUNT))
        weighed = replace(weighed, posterior=posterior, scored=weighed.stage.prior.scored(draws))
    return weighed, drift_ratio(misfit, weighed.posterior.draws, rng)[0] <= DRIFTING


def gas_or_spring(
    last: Weighed, bins: Bins | None, rng: np.random.Generator
) -> tuple[dict[str, float], Weighed | None]:
    """Probability of a gas charge and of a spring bellows from their evidences (prior one half each), and the spring's posterior.

    Without a record nothing tells them apart.
    """
    if bins is None:
        return {"gas": 0.5, "spring": 0.5}, None
    spring = replace(last.stage, prior=replace(last.stage.prior, kind="spring"))
    ways = _ways(spring, bins)
    if ways[0].misfit > last.posterior.least_misfit + HOPELESS:
        return {"gas": 1.0, "spring": 0.0}, None
    other = _weigh(spring, bins, rng, ways)
    log_odds = other.posterior.evidence_nat + spring.prior.evidence_offset_nat()
    log_odds -= last.posterior.evidence_nat + last.stage.prior.evidence_offset_nat()
    share = float(1 / (1 + np.exp(np.clip(log_odds, -700, 700))))
    return {"gas": share, "spring": 1 - share}, other
