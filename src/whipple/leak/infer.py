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
from whipple.leak.prior import LoopPrior, Scored, loosened
from whipple.leak.record import Bins
from whipple.leak.terms import Term, record_residuals

__all__ = ["Emptying", "Stage", "Weighed", "emptying", "gas_or_spring", "loosened_prior", "weigh_stages"]

#: How far a quantity not yet used is widened.
_LOOSE = 30.0
#: A best fit worse by this much in chi-square is not worth integrating: its probability is below 1e-13.
_HOPELESS = 60.0


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
    """Starts (3, 11): the best of a scan over K, each with the times that the record shows."""
    scan = np.array([_start(stage.prior, bins, length_nat) for length_nat in np.linspace(*_scanned(stage.prior), 60)])
    cost = np.sum(_misfit(stage, bins, scan)[0] ** 2, axis=1)
    return scan[np.argsort(cost)[:3]]


def _scanned(prior: LoopPrior) -> tuple[float, float]:
    """Range of ln K: the gas volume of the case through the largest and through the smallest hole."""
    volume, discharge = prior.gas_volume.value, prior.discharge.value
    areas = [discharge * np.pi / 4 * size**2 for size in (prior.largest_m, prior.smallest_m)]
    return float(np.log(volume / areas[0])), float(np.log(volume / areas[1]))


def _start(prior: LoopPrior, bins: Bins | None, length_nat: float) -> Array:
    """A start for this ln K: times read off the record, or for want of one off the volumes given."""
    density = prior.fluid.density_kg_m3(prior.temperature.value)
    vapour = prior.fluid.vapour_pressure_Pa(prior.temperature.value)
    tau = np.exp(length_nat) * np.sqrt(density / (2 * prior.pressure.value))
    pushed, inventory = prior.pushed_volume.value, prior.inventory.value
    reach = min(pushed / prior.gas_volume.value, 0.9 if prior.kind == "spring" else np.inf)
    driven = tau * float(driven_time(prior.kind, reach))
    left = max(inventory - pushed, 0.1 * inventory) / pushed * reach * np.exp(length_nat)
    tail = left / np.sqrt(2 * vapour / density)
    if bins is not None:
        seen = emptying(bins, prior)
        shown = (seen.bottomed_s or seen.last_s) - prior.onset.value
        driven = max(shown, 1.0) if seen.bottomed_s is not None else max(1.3 * shown, driven)
        if seen.bottomed_s is not None and seen.emptied_s is not None:
            tail = max(seen.emptied_s - seen.bottomed_s, 1.0)
    driven = min(driven, 1.8 * tau) if prior.kind == "spring" else driven
    return prior.middle(length_nat, float(np.log(driven)), float(np.log(tail)))


def _refined(stage: Stage, bins: Bins | None, starts: Array) -> Array:
    """Starts fitted to the record with its steps softened: a step in the wrong place would hold everything else."""
    if bins is None:
        return starts
    seen = emptying(bins, stage.prior)
    soft = bins.softened([moment for moment in (seen.bottomed_s, seen.emptied_s) if moment is not None])
    return fitted(partial(_misfit, stage, soft), starts)


def _weigh(stage: Stage, bins: Bins | None, rng: np.random.Generator, warm: Array | None = None) -> Weighed:
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
        > last.posterior.least_misfit + _HOPELESS
    ):
        return {"gas": 1.0, "spring": 0.0}, None
    other = _weigh(spring, bins, rng)
    log_odds = other.posterior.evidence_nat + spring.prior.evidence_offset_nat()
    log_odds -= last.posterior.evidence_nat + last.stage.prior.evidence_offset_nat()
    share = float(1 / (1 + np.exp(np.clip(log_odds, -700, 700))))
    return {"gas": share, "spring": 1 - share}, other
