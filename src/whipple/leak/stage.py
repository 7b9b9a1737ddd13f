"""What is weighed together: a prior and the data used so far, in the coordinates that the record fixes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.estimate import Array
from whipple.leak.ending import Emptying
from whipple.leak.prior import LoopPrior, loosened
from whipple.leak.record import Bins
from whipple.leak.terms import Term, record_residuals

__all__ = ["Stage", "facing", "loosened_prior", "stage_misfit"]

#: How far a quantity not yet used is widened.
_LOOSE = 30.0


@dataclass(frozen=True)
class Stage:
    """A set of evidence: the prior with what is not yet used loosened, and the terms so far; `name` is what it adds."""

    name: str
    says: str
    sources: tuple[str, ...]
    prior: LoopPrior
    terms: tuple[Term, ...]


def stage_misfit(stage: Stage, bins: Bins | None, draws: Array) -> tuple[Array, Array]:
    """Residuals (n, m) and log density (n,) of draws: prior, terms, record."""
    scored = stage.prior.scored(draws)
    parts = [scored.residual_nat, *(term.residual(scored)[:, None] for term in stage.terms)]
    if bins is not None:
        parts.append(record_residuals(stage.prior, bins, scored))
    return np.concatenate(parts, axis=1), scored.density_nat


def facing(stage: Stage, bins: Bins | None, seen: Emptying | None) -> Stage:
    """The stage in the coordinates of what the record shows: times of what it shows, volumes of what it does not."""
    stop = seen is not None and seen.bottomed_s is not None
    end = seen is not None and stop and seen.emptied_s is not None
    until = None if stop or bins is None else float(bins.from_s[-1])  # the last bin itself could hide the stop
    return replace(stage, prior=replace(stage.prior, stop_seen=stop, end_seen=end, pushes_until_s=until))


def loosened_prior(prior: LoopPrior, *, accumulator: bool, inventory: bool) -> LoopPrior:
    """The prior with the accumulator volumes and the inventory as if they were hardly known."""
    if accumulator:
        gas, pushed = loosened(prior.gas_volume, _LOOSE), loosened(prior.pushed_volume, _LOOSE)
        prior = replace(prior, gas_volume=gas, pushed_volume=pushed)
    return replace(prior, inventory=loosened(prior.inventory, _LOOSE)) if inventory else prior
