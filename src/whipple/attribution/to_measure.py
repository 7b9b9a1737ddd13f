"""Which two or three inputs would have to be measured to decide?

    worth of inputs X = P_X[a cause passes 66 % given X, on average and in 8 of 10 draws]

the chance that knowing X would name a cause, read off the joint draws in slices of X (the one-level way of Strong and Oakley 2013 to a partial
value of perfect information). An input counts as known when one knows in which fifth of its draws it lies. A slice counts only where both
halves of its draws pass, and the most probable cause is chosen on one half and scored on the other, so that noise earns little.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from whipple.attribution.inputs import Input
from whipple.attribution.posterior import Race
from whipple.attribution.row import Row
from whipple.attribution.standing import AGREEMENT_FRAC, THRESHOLD_PROB
from whipple.attribution.words import joined, percent
from whipple.casefile.estimate import Array
from whipple.casefile.findings.verdict import Measurement
from whipple.physics.cited import Cited

__all__ = ["inputs_to_measure"]

#: An input is known to this share of its draws; the slices are read as in source="strong2013".
_SLICES = 5
_MOST = 3
#: Sets are tried among so many inputs, those that move the leading cause most.
_LOOKED_AT = 8
#: A set that raises the chance of a name by less than this over a smaller one is not worth listing.
_LEAST_GAIN = Cited(0.05, unit="", source="whipple_elicited", grade="proposal")
#: A cause less probable than this has no slice worth looking at.
_RARE_PROB = Cited(0.01, unit="", source="whipple_elicited", grade="proposal")

Cells = npt.NDArray[np.int64]


def inputs_to_measure(race: Race, rows: Sequence[Row], inputs: Sequence[Input]) -> tuple[Measurement, ...]:
    """The best one, two and three inputs to measure, each only where it adds to the smaller set; empty where none would help to name a cause."""
    share, weight = race.joint(rows)
    mean = weight @ share
    leader, share = int(np.argmax(mean)), share[:, mean > _RARE_PROB]
    strongest = sorted(inputs, key=lambda one: -abs(one.at_high_prob[leader] - one.at_low_prob[leader]))[:_LOOKED_AT]
    slices = [_slices(one.draws) for one in strongest]
    named, found = _named_prob(np.zeros(len(weight), dtype=np.int64), share, weight), []
    for size in range(1, min(_MOST, len(strongest)) + 1):
        cells = {which: _cell([slices[i] for i in which]) for which in combinations(range(len(strongest)), size)}
        worth = {which: _named_prob(cell, share, weight) for which, cell in cells.items()}
        best = max(worth, key=lambda which: worth[which])
        if worth[best] < named + float(_LEAST_GAIN):
            continue
        named, right = worth[best], _right_prob(cells[best], share, weight)
        names = tuple(strongest[i].name for i in best)
        found.append(Measurement(names, right, named, _sentence(names, right, named)))
    return tuple(found)


def _cell(slices: Sequence[Cells]) -> Cells:
    """One number for each combination of slices."""
    cell = slices[0]
    for more in slices[1:]:
        cell = cell * _SLICES + more
    return cell


def _slices(draws: Array) -> Cells:
    """In which fifth of the draws each one lies, 0 to 4."""
    rank = np.argsort(np.argsort(draws, kind="stable"), kind="stable")
    return np.asarray(rank * _SLICES // len(draws), dtype=np.int64)


def _halves(cell: Cells, share: Array, weight: Array) -> tuple[Array, Array]:
    """Per half of the draws the weight of each cause in each cell, (n_cell, n_h)."""
    count = int(cell.max()) + 1
    part = share * weight[:, None]
    even, odd = (
        np.column_stack([np.bincount(cell[k::2], part[k::2, h], count) for h in range(share.shape[1])]).astype(float)
        for k in (0, 1)
    )
    return even, odd


def _right_prob(cell: Cells, share: Array, weight: Array) -> float:
    """The chance that the most probable cause of the cell is the right one: chosen on one half of the draws, scored on the other."""
    even, odd = _halves(cell, share, weight)
    scored = (
        float(score[np.arange(len(score)), chosen.argmax(axis=1)].sum() / weight[k::2].sum())
        for k, chosen, score in ((1, even, odd), (0, odd, even))
    )
    return 0.5 * sum(scored)


def _named_prob(cell: Cells, share: Array, weight: Array) -> float:
    """The chance of a cell in which a cause passes the threshold, on average and in 8 of 10 draws, in both halves of its draws."""
    threshold, agreement = float(THRESHOLD_PROB), float(AGREEMENT_FRAC)
    whole = np.bincount(cell, weight)
    named = np.ones(share.shape[1], dtype=bool)
    values = (share, (share > threshold).astype(float), np.ones((len(weight), 1)))
    for mean, agreed, held in zip(*(_halves(cell, value, weight) for value in values), strict=True):
        named = named & (mean > threshold * held) & (agreed >= agreement * held)
    return float(whole[named.any(axis=1)].sum() / whole.sum())


def _sentence(names: Sequence[str], right_prob: float, named_prob: float) -> str:
    listed = joined(names)
    ranges = "its range" if len(names) == 1 else "their ranges"
    passes = f"would let a cause pass the first two of the three conditions with a chance of {percent(named_prob)}"
    right = f"the most probable cause would then be the right one with a chance of {percent(right_prob)}"
    return f"Known to a fifth of {ranges}, {listed} {passes}; {right}."
