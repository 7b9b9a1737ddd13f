"""Could the record be something else: gas or vapour instead of liquid, two holes instead of one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array, Caveat
from whipple.leak.holes import one_or_two
from whipple.leak.infer import Weighed
from whipple.leak.prepare import Prepared
from whipple.leak.regime import regime_odds

__all__ = ["Doubts", "weigh_doubts"]

#: From here on the answer is drawn from the other law; below, and above a tenth, only a caveat says so.
_LIKELY, _WORTH_SAYING = 0.5, 0.1


@dataclass(frozen=True)
class Doubts:
    """Probabilities of regime and number of holes; `instead` is the two-hole posterior when it is the likelier one."""

    regime: Mapping[str, float]
    holes: Mapping[str, float]
    instead: Weighed | None
    caveats: tuple[Caveat, ...]


def weigh_doubts(prepared: Prepared, ones: Sequence[Weighed], rng: np.random.Generator) -> Doubts:
    """Regime and holes by evidence; `ones` are the one-hole posteriors, gas charge first. Nothing without a record."""
    bins = prepared.bins
    if bins is None:
        return Doubts({}, {}, None, ())
    prior = prepared.stages[-1].prior
    doubt = (prior.onset.high - prior.onset.low) / 3.29
    regime = regime_odds(bins, prior.fluid, prepared.onset_s, doubt, rng)
    holes = one_or_two(ones, bins, rng)
    best = max(holes.probs, key=lambda name: holes.probs[name])
    instead = holes.weighed[best] if best != "one" and holes.probs[best] > _LIKELY else None
    return Doubts(regime, holes.probs, instead, (*_regime_caveat(regime), *_hole_caveat(holes.probs, holes.weighed)))


def _regime_caveat(regime: Mapping[str, float]) -> tuple[Caveat, ...]:
    other = regime["gas"] + regime["vapour"]
    if other < _WORTH_SAYING:
        return ()
    text = (
        f"By the shape of its fall the record is liquid with {1 - other:.0%}, gas with {regime['gas']:.0%} and vapour of a boiling loop "
        f"with {regime['vapour']:.0%} probability; every figure here takes it to be liquid."
    )
    return (Caveat("leak-regime", text),)


def _span(values: Array, factor: float, unit: str) -> str:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95]) * factor
    return f"{middle:.2g} {unit} (90 %: {low:.2g} to {high:.2g} {unit})".replace("  ", " ")


def _hole_caveat(probs: Mapping[str, float], weighed: Mapping[str, Weighed]) -> tuple[Caveat, ...]:
    if probs["one"] > 1 - _WORTH_SAYING:
        return ()
    later, before = probs["a second later"], probs["one before the record"]
    name = "a second later" if later > before else "one before the record"
    law = weighed[name].scored.law
    ratio = np.ravel(law.second_ratio)
    when = f"{_span(np.ravel(law.second_s), 1 / 3600, 'h')} after the first, " if name == "a second later" else ""
    text = (
        f"The record shows one hole with {probs['one']:.0%}, a second that opened later with {later:.0%}, and one that leaked before the "
        f"record with {before:.0%} probability. The second would have opened {when}{_span(ratio, 1.0, 'times')} the area of the first."
    )
    if max(later, before) > _LIKELY:
        text += " Flow, mass and times are those of two holes; the diameter is that of the larger one."
    return (Caveat("leak-two-holes", text),)
