"""Which segment leaks, how much, and which segments can no test tell apart? Bayes over segments, leak rates and the plant's unknowns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.telemetry.isolation_cells import Candidates, Trial
from whipple.telemetry.isolation_likelihood import likelihood_nat
from whipple.telemetry.isolation_plant import Unknowns, split

__all__ = ["Belief", "alike", "believe", "thinned"]


@dataclass(frozen=True)
class Belief:
    """What is believed of every cell (n_segment, n, n_rate), natural log, summing to one."""

    cells: Candidates
    weight_nat: Array

    @property
    def segment_prob(self) -> Array:
        """Probability of each segment (n_segment,)."""
        return np.exp(logsumexp(self.weight_nat, axis=(1, 2)))

    @property
    def rate_prob(self) -> Array:
        """Probability of each leak rate (n_rate,)."""
        return np.exp(logsumexp(self.weight_nat, axis=(0, 1)))

    def rate_m3_s(self, levels: Sequence[float]) -> Array:
        """Quantiles of the leak rate at the charged pressure."""
        share = np.cumsum(self.rate_prob)
        return np.exp(np.interp(levels, share / share[-1], np.log(self.cells.rate_m3_s)))


def believe(cells: Candidates, trials: Iterable[Trial] = ()) -> Belief:
    """Prior times the likelihood of every trial, whatever their order (to rounding).

    Trials count as independent given segment, rate and unknowns: noise, temperature and drift are new in each.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> leak = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02)
    >>> belief = believe(cells, [leak.first_look(1800.0), leak.trial(frozenset({"v2", "v6"}), frozenset(), 600.0)])
    >>> bool(belief.segment_prob[2:6].sum() > 0.99)
    True
    """
    weight = np.array(cells.prior_nat)
    for nat in sorted((likelihood_nat(cells, trial) for trial in trials), key=lambda one: float(one.sum())):
        weight = weight + nat
    return Belief(cells, weight - logsumexp(weight))


def alike(cells: Candidates, settings: Iterable[tuple[frozenset[str], frozenset[str]]]) -> tuple[tuple[int, ...], ...]:
    """Groups of segments that lie in the same piece in each of these (valves, pumps): volume alone never separates them.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> alike(cells, [(frozenset({"v0", "v4"}), frozenset())])
    ((0, 1, 2, 3), (4, 5, 6, 7))
    """
    parts = [split(cells.plant, _first(cells.unknowns), *setting)[0] for setting in settings]
    sign: dict[tuple[int, ...], list[int]] = {}
    for i in range(len(cells.plant.segments)):
        sign.setdefault(tuple(next(k for k, p in enumerate(one) if i in p.segments) for one in parts), []).append(i)
    return tuple(tuple(group) for group in sign.values())


def _first(unknowns: Unknowns, keep: Sequence[int] = (0,)) -> Unknowns:
    at = list(keep)
    return Unknowns(
        unknowns.loss_Pa_s2_m6[at],
        unknowns.pump_Pa[at],
        unknowns.modulus_Pa[at],
        unknowns.gas_m3[at],
        unknowns.pushed_m3[at],
    )


def thinned(belief: Belief, unknowns: int = 3, rates: int = 14) -> Belief:
    """The same belief on fewer cells, for planning: the likeliest unknowns, and rates spread over what is left of them.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> few = thinned(believe(cells))
    >>> few.weight_nat.shape, bool(np.allclose(few.segment_prob, 0.125))
    ((8, 3, 14), True)
    """
    cells = belief.cells
    keep = np.sort(np.argsort(-logsumexp(belief.weight_nat, axis=(0, 2)))[:unknowns])
    share = np.cumsum(belief.rate_prob)
    low, high = np.searchsorted(share, [0.002, 0.998])
    low, high = max(int(low) - 1, 0), min(int(high) + 1, cells.rate_m3_s.size - 1)
    at = np.unique(np.linspace(low, high, rates).round().astype(int))
    pattern = replace(
        cells.pattern, gauge_Pa_s_m3=cells.pattern.gauge_Pa_s_m3[:, keep], meter_ratio=cells.pattern.meter_ratio[:, keep],
        node_Pa=cells.pattern.node_Pa[keep], meter_m3_s=cells.pattern.meter_m3_s[keep], segment_m3_s=cells.pattern.segment_m3_s[keep],
    )  # fmt: skip
    few = replace(
        cells, unknowns=_first(cells.unknowns, [int(k) for k in keep]), pattern=pattern,
        opening_m2=cells.opening_m2[at], rate_m3_s=cells.rate_m3_s[at], rate_nat=cells.rate_nat[at],
    )  # fmt: skip
    weight = belief.weight_nat[:, keep][:, :, at]
    weight = weight - logsumexp(weight, axis=(1, 2), keepdims=True) + np.log(belief.segment_prob)[:, None, None]
    return Belief(few, weight)
