"""Which uncertain inputs does the verdict rest on, and what would it be with one of them at an end of its 90 % range?

An input is the base rate of one cause, or how well causes that share their elicited doubt (all impacts; each kind of hardware) explain one
observation. The same inputs are drawn together in the race, varied alone here, and weighed by what knowing them is worth in `to_measure.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.attribution.posterior import Race, averaged_prob, speakers
from whipple.attribution.row import Row
from whipple.casefile.estimate import Z90, Array

__all__ = ["Input", "uncertain_inputs"]


@dataclass(frozen=True)
class Input:
    """One uncertain input: its draws (n_draw,) on any scale that keeps their order, and every cause's probability (n_h,) at its ends.

    `at_low_prob`, `at_high_prob`: with it alone at the low and the high end of its 90 % range, all other inputs drawn as they are.
    """

    name: str
    draws: Array
    at_low_prob: Array
    at_high_prob: Array


def uncertain_inputs(
    race: Race, rates: Sequence[BaseRate], rows: Sequence[Row], titles: Mapping[str, str]
) -> tuple[Input, ...]:
    """Every base rate and every elicited likelihood of the rows that speak."""
    spoken, log_weight = speakers(rows), race.log_weight(rows)
    found = [
        _rate(race, log_weight, index, f"the base rate of “{titles[rate.hypothesis]}”")
        for index, rate in enumerate(rates)
    ]
    return (*found, *(one for row in spoken for one in _likelihoods(race, log_weight, rates, row)))


def _rate(race: Race, log_weight: Array, index: int, name: str) -> Input:
    count = race.count[:, index]
    ends = []
    for end in np.quantile(count, [0.05, 0.95]):
        moved = log_weight.copy()
        moved[:, index] += np.log(end) - np.log(count)
        ends.append(averaged_prob(moved))
    return Input(name, count, *ends)


def _likelihoods(race: Race, log_weight: Array, rates: Sequence[BaseRate], row: Row) -> list[Input]:
    """One input for each group of causes that share the doubt of this row."""
    doubtful: dict[int, list[int]] = {}
    for index, rate in enumerate(rates):
        if row.doubt_nat.get(rate.hypothesis, 0.0) > 0:
            doubtful.setdefault(race.shared[index], []).append(index)
    noise = race.row_noise(row)
    drawn = race.row_nat(row, noise)
    found = []
    for held in doubtful.values():
        ends = []
        for side in (-Z90, Z90):
            moved = log_weight.copy()
            moved[:, held] += race.row_nat(row, np.full(len(race.names), side))[held] - drawn[:, held]
            ends.append(averaged_prob(moved))
        name = f"how well {_cause(rates[held[0]].kind)} explains “{row.evidence.observation}”"
        found.append(Input(name, noise[:, held[0]], *ends))
    return found


def _cause(kind: str) -> str:
    """A group of causes in words."""
    if kind in IMPACT_KINDS:
        return "an impact"
    return {"manufacturing": "a manufacturing defect", "fatigue": "thermal fatigue", "other": "another cause"}.get(
        kind, f"“{kind}”"
    )
