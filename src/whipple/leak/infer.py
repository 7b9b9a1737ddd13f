"""From the record and the absolute data to the hole: one posterior a stage of evidence.

The record fixes K = Vg0/(Cd A), the start pressure, the exponent and the onset; the diameter stays on a ridge until something
absolute is added. The priors not yet used are loosened, so that each stage shows what its own datum brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.leak.ending import Emptying
from whipple.leak.posterior import Posterior, sample
from whipple.leak.prior import Scored
from whipple.leak.record import Bins
from whipple.leak.stage import Stage, facing, stage_misfit
from whipple.leak.student import resampled
from whipple.leak.walk import DRIFTING, WALKER_COUNT, drift_ratio
from whipple.leak.ways import HOPELESS, INVENTORY_PLACE, Way, draining_too, first_starts, is_over, refined, ways_to_end

__all__ = ["Weighed", "gas_or_spring", "settled", "weigh_stages"]

#: Draws that do not stay where they are walk this many times, each time so far.
_WALKS, _LONG_STEPS = 2, 300
#: One way of reckoning with the end stands alone from this share of the probability on.
_SURE = 0.99


@dataclass(frozen=True)
class Weighed:
    """The posterior of a stage, its draws as physics, and what of the end it reckons with (`ending`)."""

    stage: Stage
    posterior: Posterior
    scored: Scored
    ways: tuple[Emptying, ...] = ()


def _weigh(stage: Stage, bins: Bins | None, rng: np.random.Generator, ways: Sequence[Way]) -> Weighed:
    """The posterior of a stage from the fits of each way; where the record leaves open whether the loop is empty, both together."""
    if bins is None:
        return _sampled(facing(stage, None, None), None, first_starts(facing(stage, None, None), None, None), rng)
    found = [_sampled(facing(stage, bins, way.seen), bins, way.fits, rng) for way in ways]
    seen = tuple(way.seen for way in ways)
    return replace(found[0] if len(found) == 1 else _together(found, seen, rng), ways=seen)


def _weigh_again(stage: Stage, bins: Bins, rng: np.random.Generator, before: Weighed) -> Weighed:
    """The posterior of a stage from the best fit of the stage `before` it, and from new starts."""
    found = []
    for seen in before.ways:
        faced = facing(stage, bins, seen)
        starts = refined(faced, bins, seen)
        known = before.stage.prior.end_seen == faced.prior.end_seen
        starts = np.vstack([starts[:2], before.posterior.mode]) if known else starts
        found.append(_sampled(faced, bins, draining_too(faced, bins, seen, starts), rng))
    return replace(found[0] if len(found) == 1 else _together(found, before.ways, rng), ways=before.ways)


def _sampled(stage: Stage, bins: Bins | None, starts: Array, rng: np.random.Generator) -> Weighed:
    found = sample(partial(stage_misfit, stage, bins), starts, rng)
    return Weighed(stage, found, stage.prior.scored(found.draws))


def _together(found: Sequence[Weighed], ways: Sequence[Emptying], rng: np.random.Generator) -> Weighed:
    """Draws of both ways by their evidence, each of its own half (empty by the last sample, or not), in volumes."""
    own = [is_over(one.scored, way) == (way.emptied_s is not None) for one, way in zip(found, ways, strict=True)]
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
    moved[:, INVENTORY_PLACE] = np.log(np.ravel(weighed.stage.prior.scored(draws).law.inventory_m3))
    return moved


def weigh_stages(stages: Sequence[Stage], bins: Bins | None, rng: np.random.Generator) -> tuple[Weighed, ...]:
    """The posterior after each stage, in order; every stage starts from the best fit of the one before."""
    found: list[Weighed] = []
    for stage in stages:
        if found and bins is not None:
            found.append(_weigh_again(stage, bins, rng, found[-1]))
        else:
            found.append(_weigh(stage, bins, rng, ways_to_end(stage, bins) if bins is not None else ()))
    return tuple(found)


def settled(weighed: Weighed, bins: Bins | None, rng: np.random.Generator) -> tuple[Weighed, bool]:
    """Whether the draws stay where they are when they walk; draws that move walk on, and are asked again.

    False when they still move: then no interval of these draws can be relied on.
    """
    misfit = partial(stage_misfit, weighed.stage, bins)
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
    ways = ways_to_end(spring, bins)
    if ways[0].misfit > last.posterior.least_misfit + HOPELESS:
        return {"gas": 1.0, "spring": 0.0}, None
    other = _weigh(spring, bins, rng, ways)
    log_odds = other.posterior.evidence_nat + spring.prior.evidence_offset_nat()
    log_odds -= last.posterior.evidence_nat + last.stage.prior.evidence_offset_nat()
    share = float(1 / (1 + np.exp(np.clip(log_odds, -700, 700))))
    return {"gas": share, "spring": 1 - share}, other
