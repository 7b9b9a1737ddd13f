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

from whipple.casefile.estimate import Array
from whipple.leak.accumulator import driven_time
from whipple.leak.posterior import Posterior, fitted, least_misfit, sample
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
    """The posterior of a stage and its draws as physics."""

    stage: Stage
    posterior: Posterior
    scored: Scored


@dataclass(frozen=True)
class Emptying:
    """What the record shows of the end: the accumulator at its stop, the flow over, the last sample (s after the epoch)."""

    bottomed_s: float | None
    emptied_s: float | None
    last_s: float


def emptying(bins: Bins, prior: LoopPrior) -> Emptying:
    """When the pressure first stays near the vapour pressure, and when it falls clearly below, as far as the record shows."""
    vapour = prior.fluid.vapour_pressure_Pa(bins.temperature_K)
    doubt = np.hypot(bins.bias_Pa, bins.doubt_Pa)
    steps = (2 * vapour + doubt, 0.5 * vapour + doubt), (vapour, 0.0)
    ends = [_fall_s(bins, bins.pressure_Pa > above, below) for above, below in zip(*steps, strict=True)]
    return Emptying(ends[0], ends[1] if ends[0] is not None else None, float(bins.to_s[-1]))


def _fall_s(bins: Bins, above: npt.NDArray[np.bool_], below_Pa: float) -> float | None:
    """When the pressure steps down to `below_Pa`, to a part of a bin; None when it is still above in the last bin."""
    if not above.any() or above[-1]:
        return None
    last = int(np.flatnonzero(above)[-1])
    before = float(bins.pressure_Pa[max(last - 1, 0)] - below_Pa)
    share = np.clip((bins.pressure_Pa[last : last + 2] - below_Pa) / max(before, 1.0), 0.0, 1.0)
    return float(bins.from_s[last] + np.sum(share * (bins.to_s - bins.from_s)[last : last + 2]))


def _misfit(stage: Stage, bins: Bins | None, draws: Array) -> tuple[Array, Array]:
    """Residuals (n, m) and log density (n,) of draws: prior, terms, record."""
    scored = stage.prior.scored(draws)
    parts = [scored.residual_nat, *(term.residual(scored)[:, None] for term in stage.terms)]
    if bins is not None:
        parts.append(record_residuals(stage.prior, bins, scored))
    return np.concatenate(parts, axis=1), scored.density_nat


def _starts(stage: Stage, bins: Bins | None) -> Array:
    """Starts (7, 11): of a scan over K, each with the times that the record shows, the best three; the best two with a shorter tail (the
    vapour that leaves last hides when the liquid ended); and the best at either end of the exponent, which trades against K."""

    def best(rows: Array, count: int) -> Array:
        return rows[np.argsort(np.sum(_misfit(stage, bins, rows)[0] ** 2, axis=1))[:count]]

    seen = emptying(bins, stage.prior) if bins is not None else None
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
    driven = min(driven, 1.8 * tau) if prior.kind == "spring" else driven
    return prior.middle(length_nat, float(np.log(driven)), float(np.log(tail)))


def _refined(stage: Stage, bins: Bins | None, starts: Array) -> Array:
    """Starts fitted to the record with its steps softened: a step in the wrong place would hold everything else."""
    if bins is None:
        return starts
    seen = emptying(bins, stage.prior)
    soft = bins.softened([moment for moment in (seen.bottomed_s, seen.emptied_s) if moment is not None])
    return fitted(partial(_misfit, stage, soft), starts)


def _facing(stage: Stage, bins: Bins | None) -> Stage:
    """The stage in the coordinates of what the record shows: times of what it shows, volumes of what it does not."""
    seen = emptying(bins, stage.prior) if bins is not None else Emptying(None, None, 0.0)
    stop = seen.bottomed_s is not None
    return replace(stage, prior=replace(stage.prior, stop_seen=stop, end_seen=stop and seen.emptied_s is not None))


def _weigh(stage: Stage, bins: Bins | None, rng: np.random.Generator, warm: Array | None = None) -> Weighed:
    stage = _facing(stage, bins)
    starts = _refined(stage, bins, _starts(stage, bins))
    starts = starts if warm is None else np.vstack([starts[:2], warm])
    found = sample(partial(_misfit, stage, bins), starts, rng)
    return Weighed(stage, found, stage.prior.scored(found.draws))


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
        found.append(_weigh(stage, bins, rng, found[-1].posterior.mode if found else None))
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
        weighed = Weighed(weighed.stage, posterior, weighed.stage.prior.scored(draws))
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
    if (
        least_misfit(partial(_misfit, spring, bins), _refined(spring, bins, _starts(spring, bins)))
        > last.posterior.least_misfit + HOPELESS
    ):
        return {"gas": 1.0, "spring": 0.0}, None
    other = _weigh(spring, bins, rng)
    log_odds = other.posterior.evidence_nat + spring.prior.evidence_offset_nat()
    log_odds -= last.posterior.evidence_nat + last.stage.prior.evidence_offset_nat()
    share = float(1 / (1 + np.exp(np.clip(log_odds, -700, 700))))
    return {"gas": share, "spring": 1 - share}, other
