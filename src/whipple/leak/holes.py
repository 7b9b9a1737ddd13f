"""One hole or two? A second hole that opened while the first was leaking, or one that was leaking before the record shows it.

A second hole speeds up all that follows by one factor (forward.py), so the record shows it as a kink that no single hole, whatever the
accumulator, can make. Each case is weighed by its evidence; the area ratio and the moment of the second hole are two more coordinates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import logsumexp, ndtr, ndtri

from whipple.casefile.estimate import Array
from whipple.leak.accumulator import volume_ratio
from whipple.leak.ending import emptying
from whipple.leak.evidence import fitted_together, sampled_by_cells
from whipple.leak.infer import Weighed
from whipple.leak.posterior import sample
from whipple.leak.prior import LoopPrior, Scored
from whipple.leak.record import Bins
from whipple.leak.stage import Stage
from whipple.leak.student import Misfit
from whipple.leak.terms import record_residuals
from whipple.leak.ways import HOPELESS
from whipple.physics.cited import Cited

__all__ = ["HOLE_PRIORS", "Holes", "one_or_two", "scored_two"]

#: Prior probabilities. Two independent holes in one loop are rare; nothing is published: proposals.
HOLE_PRIORS: Mapping[str, float] = {
    "one": Cited(0.90, unit="", source="leak_sheet", grade="proposal"),
    "a second later": Cited(0.05, unit="", source="leak_sheet", grade="proposal"),
    "one before the record": Cited(0.05, unit="", source="leak_sheet", grade="proposal"),
}
#: Area of the second hole over the first: log-uniform between these.
RATIO_RANGE = (Cited(0.05, unit="", source="leak_sheet", grade="proposal"), Cited(20.0, unit="", source="leak_sheet", grade="proposal"))  # fmt: skip
#: Cells over the second hole's size and moment, and how far their proposals overlap.
_SIZES, _MOMENTS, _OVERLAP = 10, 12, 0.6
_SHARP_COUNT = 100
_SCANNED = np.linspace(-1.2, 1.0, 16)  # of ln K, about what the one-hole fit says


@dataclass(frozen=True)
class Holes:
    """Probability of each case, and the posterior of the two-hole cases (their `scored` laws carry the second hole)."""

    probs: Mapping[str, float]
    weighed: Mapping[str, Weighed]


def _ratio(coordinate: Array) -> Array:
    low, high = np.log(RATIO_RANGE[0]), np.log(RATIO_RANGE[1])
    return np.asarray(np.exp(low + (high - low) * ndtr(coordinate)))


def scored_two(prior: LoopPrior, draws: Array, begin_s: float, end_s: float, before: bool) -> Scored:
    """Draws (n, 13) as physics: the 11 of the loop, then the second hole's ratio and moment (standard normal coordinates).

    `before`: the first hole leaks from `begin_s` on, the start of the record, and the second opens at the onset that was seen.
    Otherwise the second opens evenly anywhere between the onset and `end_s`. The diameter is that of the larger hole.
    """
    base = prior.scored(draws[:, : prior.SIZE])
    ratio = _ratio(draws[:, [prior.SIZE]])
    base = replace(base, diameter_m=base.diameter_m * np.sqrt(np.maximum(ratio, 1.0)))
    if before:
        law = replace(base.law, second_s=np.maximum(base.onset_s - begin_s, 1.0), second_ratio=ratio)
        return replace(base, law=law, onset_s=np.full_like(base.onset_s, begin_s))
    span = np.maximum(end_s - base.onset_s, 1.0)
    law = replace(base.law, second_s=span * ndtr(draws[:, [prior.SIZE + 1]]), second_ratio=ratio)
    return replace(base, law=law)


def _misfit(stage: Stage, bins: Bins, scoring: Callable[[Array], Scored], draws: Array) -> tuple[Array, Array]:
    scored = scoring(draws)
    extra = draws[:, stage.prior.SIZE :]
    terms = [term.residual(scored)[:, None] for term in stage.terms]
    parts = [scored.residual_nat, extra, *terms, record_residuals(stage.prior, bins, scored)]
    return np.concatenate(parts, axis=1), scored.density_nat - extra.shape[1] * 0.5 * np.log(2 * np.pi)


def _cells(before: bool) -> tuple[Array, Array]:
    """Middles (n, 2) of the cells over size and moment, each of equal prior probability, and one over their squared sizes (n, 2)."""
    shares, ratios = (np.array([0.5]) if before else _middles(_MOMENTS)), _middles(_SIZES)
    middle = np.array([(ratio, share) for share in shares for ratio in ratios])
    density = np.exp(-0.5 * ndtri(middle) ** 2) / np.sqrt(2 * np.pi)
    size = 1 / np.array([_SIZES, 1 if before else _MOMENTS]) / density
    return ndtri(middle), (_OVERLAP * size) ** -2.0


def _middles(count: int) -> Array:
    return (np.arange(count) + 0.5) / count


def _starts(one: Weighed, cells: Array, clock_s: Array, share_frac: Array) -> Array:
    """Starts (2, 16, n, 13) for cells (n, 2): the one-hole fit and the middle of the prior, for a scan over K.

    `clock_s` is where the clock of the first hole ends. A one-hole fit to a kink is so bad that its exponent and volumes may be far off.
    """
    mode, prior = one.posterior.mode, one.stage.prior
    plain = prior.middle(float(mode[0]), 0.0, 0.0)
    plain = np.concatenate([mode[:3], plain[3:8], mode[8:10], plain[10:]])
    rows = np.empty((2, _SCANNED.size, len(cells), prior.SIZE + 2))
    rows[..., : prior.SIZE] = np.array([mode, plain])[:, None, None, :]
    rows[..., prior.SIZE :] = cells
    ratio = _ratio(cells[:, 0])
    rows[..., 0] += _SCANNED[None, :, None] + np.log1p(ratio * (1 - share_frac))
    rows[..., 1] = np.log(clock_s) if prior.stop_seen else _unstopped_nat(prior, rows, clock_s)
    rows[..., 2] += np.log1p(ratio) if prior.end_seen else 0.0
    loops = rows[..., : prior.SIZE]
    rows[..., : prior.SIZE] = prior.still_pushing(loops.reshape(-1, prior.SIZE)).reshape(loops.shape)
    return rows


def _unstopped_nat(prior: LoopPrior, rows: Array, clock_s: Array) -> Array:
    """ln S of the rows, made small enough for the accumulator still to push when the clock of the first hole ends."""
    density = prior.fluid.density_kg_m3(prior.temperature.value)
    tau = np.exp(rows[..., 0]) * np.sqrt(density / (2 * prior.pressure.value))
    steps = 1.05 * clock_s / tau if prior.kind == "gas" else np.minimum(1.05 * clock_s / tau, 1.99)
    reach = volume_ratio(prior.kind, steps, np.exp(rows[..., 6]))
    return np.asarray(np.minimum(rows[..., 1], np.log(prior.pushed_volume.value) - np.log(reach)))


def _fitted_cells(misfit: Misfit, starts: Array) -> tuple[Array, Array, Array]:
    """The fit of every cell (n, 13) with its size and moment held, free fits from the best cell of every moment, and their misfits."""
    count, width = starts.shape[2:]
    cost = np.sum(misfit(starts.reshape(-1, width))[0] ** 2, axis=1).reshape(starts.shape[:-1])
    scanned = np.take_along_axis(starts, cost.argmin(axis=1)[:, None, :, None], axis=1)
    fits, left = fitted_together(misfit, scanned.reshape(-1, width), held=2, most=3)
    better = np.argmin(left.reshape(-1, count), axis=0) * count + np.arange(count)
    fits, left = fitted_together(misfit, fits[better], held=2, most=10)
    best = left.reshape(-1, _SIZES).argmin(axis=1) + _SIZES * np.arange(count // _SIZES)
    free, freely = fitted_together(misfit, fits[best], most=20)
    return fits, free, freely


def _weigh(one: Weighed, bins: Bins, rng: np.random.Generator, before: bool) -> Weighed | None:
    """The posterior of a law with two holes: fitted in every cell of size and moment, and freely from the best of them."""
    begin, seen = float(bins.from_s[0]), emptying(bins, one.stage.prior)
    end, onset = seen.bottomed_s or seen.last_s, one.stage.prior.onset.value
    scoring = partial(scored_two, one.stage.prior, begin_s=begin, end_s=end, before=before)
    misfit = partial(_misfit, one.stage, bins, scoring)
    cells, precision = _cells(before)
    share = np.zeros(len(cells)) if before else ndtr(cells[:, 1])
    lasts = float(np.exp(one.posterior.mode[1])) if one.stage.prior.stop_seen else end - onset
    later = np.maximum(lasts - share * (end - onset), 0.0)
    clock = lasts + _ratio(cells[:, 0]) * later + (onset - begin if before else 0.0)
    fits, free, freely = _fitted_cells(misfit, _starts(one, cells, clock, share))
    if np.sum(misfit(np.vstack([fits, free]))[0] ** 2, axis=1).min() > one.posterior.least_misfit + HOPELESS:
        return None
    size = np.zeros((len(fits) + len(free), free.shape[1]))
    size[: len(fits), -2:] = precision
    found = sampled_by_cells(misfit, np.vstack([fits, free]), size, rng)
    if found.effective_count < _SHARP_COUNT:  # a moment told to seconds lies inside one cell
        sharp = sample(misfit, free[np.argsort(freely, kind="stable")[:2]], rng, worth=400.0)
        found = max(found, sharp, key=lambda row: row.evidence_nat)
    return Weighed(one.stage, found, scoring(found.draws))


def one_or_two(
    ones: Sequence[Weighed], bins: Bins, rng: np.random.Generator, priors: Mapping[str, float] = HOLE_PRIORS
) -> Holes:
    """Probability of one hole, of a second that opened later, and of one that leaked before the record.

    Measured (docs/theory/leak.md): a second hole that is told is there. One that is small, early or late leaves no mark that a single hole could
    not make: then the record hardly speaks (Bayes factor about ten at most), and the answer rests on `priors`.

    `ones` are the posteriors with a single hole, one for each kind of accumulator that could be: what a spring does late, a second hole
    can do to a gas charge. The moment and the size of a second hole are integrated over their priors, so that a kink must be worth
    its two coordinates. `weighed` holds the likelier kind of each.
    """
    rows: dict[str, list[tuple[float, Weighed]]] = {name: [] for name in priors}
    for one in ones:
        offset = one.stage.prior.evidence_offset_nat()
        tried = (
            ("one", one),
            ("a second later", _weigh(one, bins, rng, False)),
            ("one before the record", _weigh(one, bins, rng, True)),
        )
        for name, found in tried:
            if found is not None:
                rows[name].append((found.posterior.evidence_nat + offset, found))
    rows = {name: found for name, found in rows.items() if found}
    evidence = np.array(
        [logsumexp([value for value, _ in found]) + np.log(priors[name]) for name, found in rows.items()]
    )
    share = np.exp(evidence - evidence.max())
    share /= share.sum()
    weighed = {name: max(found, key=lambda row: row[0])[1] for name, found in rows.items()}
    probs = dict.fromkeys(priors, 0.0) | {name: float(value) for name, value in zip(rows, share, strict=True)}
    return Holes(probs, weighed)
