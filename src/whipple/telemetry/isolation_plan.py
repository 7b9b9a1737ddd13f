"""Which valve test would tell the most, how long must it be held, and what does it cost? Expected information by Monte Carlo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import entr, logsumexp

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.isolation_belief import Belief, thinned
from whipple.telemetry.isolation_cells import Trial
from whipple.telemetry.isolation_forward import MEMORY_S
from whipple.telemetry.isolation_likelihood import held_log_density
from whipple.telemetry.isolation_pieces import PieceForecast, forecast_pieces
from whipple.telemetry.isolation_plant import Part, Plant, Unknowns, split

__all__ = ["HOLDS_S", "SPENT_RATIO", "Setting", "ValveTest", "next_tests", "parting_test", "settings_of"]

#: Holds that are tried, 5 min (readings are means over some minutes) to 4 h.
HOLDS_S = tuple(60.0 * m for m in (5, 10, 15, 20, 30, 45, 60, 120, 240))
#: A segment with less than this share of its usual flow counts as without flow.
_STARVED = 0.1
#: No test may cost more than this share of what the accumulator can still push.
SPENT_RATIO = Cited(0.5, unit="", source="whipple_judgement", grade="proposal")
#: A shorter hold is taken when it tells this share of what the longest would.
_ENOUGH = 0.95
_SURE = 0.95
_DRAWS, _ROUGH_DRAWS, _TRIED, _PARTING = 200, 48, 48, 6
_SIGMAS = (-1.15, -0.32, 0.32, 1.15)  # medians of the quarters of a normal


@dataclass(frozen=True)
class Setting:
    """Valves shut and pumps off, the pieces they make of the loop, the segments left without flow, and how long that is allowed."""

    closed: frozenset[str]
    off: frozenset[str]
    pieces: tuple[tuple[int, ...], ...]
    starved: tuple[int, ...]
    limit_s: float


@dataclass(frozen=True)
class ValveTest:
    """One test worth making: what it tells on average about the segment [nat], held for `hold_s`.

    `pair` are the leading candidate and the best one that this test parts from it; `sure_s` the hold after which their readings tell them apart
    19 times in 20 (None: not within the limit). `lost_m3` is the liquid that leaves meanwhile: low, median, high (90 %).
    """

    setting: Setting
    hold_s: float
    gain_nat: float
    pair: tuple[int, int] | None
    sure_s: float | None
    lost_m3: tuple[float, float, float]


def settings_of(plant: Plant, unknowns: Unknowns, at_once: int = 2) -> list[Setting]:
    """Every allowed setting of up to `at_once` valves, and each running pump off; those with the same pieces and flow only once.

    Left out: what `forbid` names, and what leaves a segment whose cooling is needed without flow, unless its `pause` allows it.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> [sorted(one.closed | one.off) for one in settings_of(cells.plant, cells.unknowns)][:3]
    [['v0'], ['v0', 'v2'], ['v0', 'v4']]
    """
    forbidden = [frozenset(f.closed) for f in plant.table.forbid]
    valves = [frozenset(c) for n in range(1, at_once + 1) for c in combinations([v.name for v in plant.table.valve], n)]
    tried = [(closed, frozenset[str]()) for closed in valves if not any(f <= closed for f in forbidden)]
    tried += [(frozenset[str](), frozenset([p.name])) for p in plant.table.pump if p.running]
    usual = np.median(np.abs(split(plant, unknowns)[1]), axis=0)
    out: dict[tuple[object, ...], Setting] = {}
    for closed, off in tried:
        setting = _setting(plant, unknowns, closed, off, usual)
        if setting.limit_s > 0:
            out.setdefault((setting.pieces, setting.starved, off), setting)
    return list(out.values())


def _setting(plant: Plant, unknowns: Unknowns, closed: frozenset[str], off: frozenset[str], usual: Array) -> Setting:
    parts, flow = split(plant, unknowns, closed, off)
    starved = np.flatnonzero((np.median(np.abs(flow), axis=0) < _STARVED * usual) & (usual > 0))
    cooled = [plant.table.segment[i] for i in starved if plant.table.segment[i].cooling == "needed"]
    limits = [0.0 if s.pause_s is None else s.pause_s.low for s in cooled]
    pieces = tuple(tuple(part.segments.tolist()) for part in parts)
    return Setting(closed, off, pieces, tuple(starved.tolist()), min(limits, default=np.inf))


def next_tests(
    belief: Belief, settings: Iterable[Setting], level_Pa: float, rng: np.random.Generator, *, count: int = 3,
    holds_s: tuple[float, ...] = HOLDS_S,
) -> list[ValveTest]:  # fmt: skip
    """The `count` tests that tell most about the segment, best first; `level_Pa` is the accumulator's pressure now.

    Mutual information between segment and readings, I = H(segment) - E H(segment | readings), over readings drawn from the belief (Lindley
    1956). I is at most the entropy of "which piece": the settings with the most of that are tried roughly, the best of them at every hold.

    >>> from whipple.telemetry.isolation_belief import believe
    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> known = settings_of(cells.plant, cells.unknowns)
    >>> best = next_tests(believe(cells), known, 3e5, np.random.default_rng(1), count=1, holds_s=(300.0,))[0]
    >>> [len(piece) for piece in best.setting.pieces], 0.2 < best.gain_nat < 0.7
    ([4, 4], True)
    """
    few = thinned(belief)
    bound = sorted(settings, key=lambda one: -_piece_entropy(belief.segment_prob, one))[:_TRIED]
    draws = int(rng.integers(2**63, size=1)[0])
    plans = [plan for one in bound if (plan := _plan(few, one, level_Pa, holds_s)) is not None]
    rough = [_gain_nat(plan, plan.holds_s[len(plan.holds_s) // 2], draws, _ROUGH_DRAWS) for plan in plans]
    worth = [plans[i] for i in np.argsort(-np.array(rough), kind="stable")[: count + 3]]
    best = sorted((_best_hold(plan, draws) for plan in worth), key=lambda one: (-round(one.gain_nat, 3), one.hold_s))
    return [_test(one, draws) for one in best[:count]]


def parting_test(
    belief: Belief, settings: Iterable[Setting], pair: tuple[int, int], level_Pa: float, rng: np.random.Generator
) -> ValveTest | None:
    """The shortest test that tells these two segments apart 19 times in 20; None when no allowed one does.

    >>> from whipple.telemetry.isolation_belief import believe
    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> known = settings_of(cells.plant, cells.unknowns)
    >>> parting_test(believe(cells), known, (0, 1), 3e5, np.random.default_rng(1)) is None  # no valve between them
    True
    """
    few, draws = thinned(belief), int(rng.integers(2**63, size=1)[0])
    parting = [one for one in settings if not any(set(pair) <= set(piece) for piece in one.pieces)]
    tried = sorted(parting, key=lambda one: len(one.starved))[:_PARTING]
    best: ValveTest | None = None
    for plan in (plan for one in tried if (plan := _plan(few, one, level_Pa, HOLDS_S)) is not None):
        holds = [hold for hold in plan.holds_s if best is None or hold < best.hold_s]
        sure = next((hold for hold in holds if _told_apart(plan, hold, pair, draws) >= _SURE), None)
        if sure is not None:
            best = replace(_test(replace(plan, hold_s=sure), draws), pair=pair, sure_s=sure)
    return best


def _piece_entropy(prob: Array, setting: Setting) -> float:
    """The most a setting can tell [nat]; a pump's stop shifts the pressure at the hole and may tell segments of one piece apart."""
    if setting.off:
        return float(entr(prob).sum())
    return float(sum(entr(prob[list(piece)].sum()) for piece in setting.pieces))


def _plan(few: Belief, setting: Setting, level_Pa: float, holds_s: tuple[float, ...]) -> _Plan | None:
    """The setting with the holds that it may have; None when it may have none."""
    plant, known = few.cells.plant, few.cells.unknowns
    rates = few.rate_m3_s([0.05, 0.5, 0.95]) * np.sqrt(level_Pa / plant.pressure_Pa)
    gas = float(np.median(known.gas_m3)) * plant.pressure_Pa / level_Pa
    left = max(float(np.median(known.gas_m3 + known.pushed_m3)) - gas, 0.0)
    limit = min(setting.limit_s, SPENT_RATIO * left / rates[2])
    holds = tuple(hold for hold in holds_s if hold <= limit) or ((limit,) if limit >= holds_s[0] / 2 else ())
    if not holds:
        return None
    parts = tuple(split(plant, known, setting.closed, setting.off)[0])
    return _Plan(few, setting, parts, level_Pa, holds, (float(rates[0]), float(rates[1]), float(rates[2])))


def _best_hold(plan: _Plan, seed: int) -> _Plan:
    """The plan with the shortest hold that tells nearly as much as the longest allowed."""
    gains = [_gain_nat(plan, hold, seed) for hold in plan.holds_s]
    at = next(i for i, gain in enumerate(gains) if gain >= _ENOUGH * max(gains))
    return replace(plan, hold_s=plan.holds_s[at], gain_nat=gains[at])


def _test(plan: _Plan, seed: int) -> ValveTest:
    """The test of a plan, with the hold after which its leading pair is told apart."""
    pair = _pair(plan.few.segment_prob, plan.setting)
    sure = None
    if pair is not None:
        sure = next((h for h in plan.holds_s if _told_apart(plan, h, pair, seed) >= _SURE), None)
    low, middle, high = (rate * plan.hold_s for rate in plan.rates_m3_s)
    return ValveTest(plan.setting, plan.hold_s, plan.gain_nat, pair, sure, (low, middle, high))


def _pair(prob: Array, setting: Setting) -> tuple[int, int] | None:
    """The likeliest segment and the likeliest outside its piece."""
    first = int(np.argmax(prob))
    own = next(piece for piece in setting.pieces if first in piece)
    others = [i for i in range(prob.size) if i not in own]
    return (first, max(others, key=lambda i: prob[i])) if others else None


@dataclass(frozen=True)
class _Plan:
    """A setting with its pieces, the belief on few cells, and the accumulator's pressure as it would begin."""

    few: Belief
    setting: Setting
    parts: tuple[Part, ...]
    level_Pa: float
    holds_s: tuple[float, ...]
    rates_m3_s: tuple[float, float, float]
    hold_s: float = 0.0
    gain_nat: float = 0.0

    def pieces(self, hold_s: float, warming_K: float) -> list[PieceForecast]:
        """What each piece would do: the level now, the flow's own pressures as they are most likely."""
        plant, pattern = self.few.cells.plant, self.few.cells.pattern
        before = self.level_Pa + np.median(pattern.node_Pa[:, plant.gauge_node], axis=0)
        start = np.full(before.size, np.nan)
        for part in (part for part in self.parts if part.live):
            start[part.gauges] = self.level_Pa + np.median(part.above_Pa[:, plant.gauge_node[part.gauges]], axis=0)
        none = np.full(plant.meter_m3_s.size, np.nan)
        trial = Trial(
            self.setting.closed, self.setting.off, hold_s, before, start, before, none, warming_K, warming_K / 2
        )
        return forecast_pieces(self.few.cells, trial, self.parts)


def _gain_nat(plan: _Plan, hold_s: float, seed: int, draws: int = _DRAWS) -> float:
    """Information about the segment, over draws of segment, rate, unknowns and warming; never less than none."""
    few, prior, rng = plan.few, plan.few.segment_prob, np.random.default_rng(seed)
    gain = []
    for sigma in _SIGMAS:
        pieces = plan.pieces(hold_s, sigma * _grown_K(plan, hold_s))
        cell = _drawn(few, rng, draws // len(_SIGMAS))
        post = _segment_nat(few, pieces, cell, rng) + np.log(np.maximum(prior, 1e-300))
        post = np.exp(post - logsumexp(post, axis=1, keepdims=True))
        gain.append(entr(prior).sum() - entr(post).sum(axis=1).mean())
    return max(float(np.mean(gain)), 0.0)


def _grown_K(plan: _Plan, hold_s: float) -> float:
    """1 sigma of the whole loop's warming during a hold."""
    return plan.few.cells.plant.swing_K * float(np.sqrt(1 - np.exp(-hold_s / MEMORY_S)))


def _told_apart(plan: _Plan, hold_s: float, pair: tuple[int, int], seed: int) -> float:
    """How often the readings speak for the right one of a pair."""
    few, wins, rng = plan.few, [], np.random.default_rng(seed)
    for sigma in _SIGMAS:
        pieces = plan.pieces(hold_s, sigma * _grown_K(plan, hold_s))
        for own, other in (pair, pair[::-1]):
            cell = _drawn(few, rng, _DRAWS // len(_SIGMAS), own)
            nat = _segment_nat(few, pieces, cell, rng)
            wins.append(np.mean(nat[:, own] > nat[:, other]) + 0.5 * np.mean(nat[:, own] == nat[:, other]))
    return float(np.mean(wins))


def _drawn(few: Belief, rng: np.random.Generator, count: int, segment: int | None = None) -> npt.NDArray[np.int64]:
    """Flat indices of cells drawn from the belief, or from one segment's share of it."""
    weight = np.exp(few.weight_nat if segment is None else _only(few.weight_nat, segment))
    return rng.choice(weight.size, count, p=(weight / weight.sum()).ravel())


def _only(weight_nat: Array, segment: int) -> Array:
    out = np.full_like(weight_nat, -np.inf)
    out[segment] = weight_nat[segment] - weight_nat[segment].max()
    return out


def _segment_nat(
    few: Belief, pieces: list[PieceForecast], cell: npt.NDArray[np.int64], rng: np.random.Generator
) -> Array:
    """ln p(readings drawn from these cells | segment) (n_draw, n_segment)."""
    shape = few.weight_nat.shape
    total = np.zeros((cell.size, *shape))
    for piece in pieces:
        level, spread = np.broadcast_to(piece.level_Pa, shape), np.broadcast_to(piece.spread_Pa, shape)
        true = np.clip(
            level.ravel()[cell] + spread.ravel()[cell] * rng.standard_normal(cell.size), piece.floor_Pa, piece.top_Pa
        )
        seen = (true + piece.reading_Pa * rng.standard_normal(cell.size))[:, None, None, None]
        total += held_log_density(seen, level, spread, piece.reading_Pa, piece.floor_Pa, piece.top_Pa)
    within = few.weight_nat - logsumexp(few.weight_nat, axis=(1, 2), keepdims=True)
    return np.asarray(logsumexp(total + within, axis=(2, 3)))
