"""How uncertain are the base rates together, and what does a long clean record say about them?

    n_h = median_h exp(s_common,h z + s_own,h z_h)

z is common to all impact causes (area, wall and impact laws are the same for every particle), z_h is the level of each flux. No loss
of a loop in T vehicle-years multiplies the prior of the levels by exp(-rate T) of the steady impact causes; through z it also lowers the
showers, which were not in the record at this activity. The rate is that of any hole that leaks, however small: the record lost no loop at
all, not merely none to a hole as large as this one. Where the doubt of those is not that of holes of this size (`shared_doubt.py`), z is that
of any hole and a hole of this size follows rho z + (1 - rho^2)^(1/2) z', with z' common to all impact causes and untouched by the record. The
hardware rates of the case were inferred from that record and are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import logsumexp

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.casefile.case import Case
from whipple.casefile.estimate import Z90, Array
from whipple.physics.cited import Cited

__all__ = ["RECORD_SHARE", "STEADY_KINDS", "clean_exposure_s", "draw_levels", "draw_with_any_hole"]

STEADY_KINDS = ("sporadic", "debris")
#: Share of the record flown with as free a view of the sky as the suspect part has; other ports lie behind more structure.
RECORD_SHARE = Cited(0.5, unit="", source="whipple_elicited", grade="proposal")
_GRID = np.linspace(-6.0, 6.0, 481)


def clean_exposure_s(case: Case) -> float:
    """Seconds of exposure of like vehicles without a loss, from the evidence about "history.clean_exposure_s"; 0 when there is none."""
    claims = [claim.value.value for claim in case.evidence("history.clean_exposure_s") if claim.value is not None]
    return float(max(claims, default=0.0))


def draw_levels(rates: Sequence[BaseRate], record_ratio: float, rng: np.random.Generator, draw_count: int) -> Array:
    """Expected counts (draw_count, n_h), conditioned on a clean record of `record_ratio` exposures like this one (0: no record).

    Without a record the 5 %, 50 % and 95 % points of each count are those of its estimate, but for the slight rounding of two split
    log-normals multiplied.

    >>> from whipple.casefile.estimate import Estimate
    >>> rate = BaseRate("sporadic", "sporadic", Estimate(0.02, 0.005, 0.08, ""), "", own_nat=0.5)
    >>> free, held = (draw_levels([rate], record, np.random.default_rng(1), 20000) for record in (0.0, 300.0))
    >>> np.quantile(free, [0.05, 0.5, 0.95]).round(3).tolist(), bool(held.mean() < 0.4 * free.mean())
    ([0.005, 0.02, 0.08], True)
    """
    return draw_with_any_hole(rates, record_ratio, rng, draw_count)[0]


def draw_with_any_hole(
    rates: Sequence[BaseRate], record_ratio: float, rng: np.random.Generator, draw_count: int
) -> tuple[Array, Array]:
    """The counts of `draw_levels` (draw_count, n_h), and of the same draws the holes of any size that the steady causes make (draw_count,).

    The second is what the record speaks of: the count of this size times `any_hole_ratio` would carry a doubt that the record never touched.
    """
    uniform = rng.random((draw_count, len(rates) + 1))
    exposure = float(RECORD_SHARE) * record_ratio
    steady = [rate for rate in rates if rate.kind in STEADY_KINDS]
    common = _common_levels(steady, exposure, uniform[:, -1])
    apart = any(_together(rate) < 1.0 for rate in rates)
    rest = rng.standard_normal(draw_count) if apart else np.zeros(draw_count)
    columns, any_hole = [], np.zeros(draw_count)
    for index, rate in enumerate(rates):
        recorded = rate.kind in STEADY_KINDS
        own = _own_levels(rate, common, exposure if recorded else 0.0, uniform[:, index])
        rho = _together(rate)
        columns.append(_count(rate, rho * common + np.sqrt(1.0 - rho**2) * rest, own))
        if recorded:
            any_hole += _any_count(rate, common, own)
    return np.column_stack(columns), any_hole


def _common_levels(steady: Sequence[BaseRate], exposure: float, uniform: Array) -> Array:
    """Draws of z: normal, times the chance of the clean record, the levels of the steady causes averaged over."""
    log_weight = own = -0.5 * _GRID**2
    for rate in steady:
        lost = exposure * _any_count(rate, _GRID[:, None], _GRID[None, :])
        log_weight = log_weight + logsumexp(own - lost, axis=1)
    return _inverse(_cumulative(log_weight[None, :])[0], uniform)


def _own_levels(rate: BaseRate, common: Array, exposure: float, uniform: Array) -> Array:
    """Draws of z_h of one cause at the common draws, given the clean record."""
    log_weight = -0.5 * _GRID[None, :] ** 2
    if exposure <= 0:
        return _inverse(_cumulative(log_weight)[0], uniform)
    lost = exposure * _any_count(rate, _GRID[:, None], _GRID[None, :])
    return _inverse_between(log_weight - lost, common, uniform)


def _together(rate: BaseRate) -> float:
    """Correlation of the common doubt of holes of this size with that of holes of any size."""
    if rate.shared is None or rate.kind not in IMPACT_KINDS:
        return 1.0
    up, down, _ = _doubts(rate)
    return min(rate.shared.with_size_nat / (0.5 * (up + down)), 1.0) if up + down > 0 else 1.0


def _any_count(rate: BaseRate, common: Array, own: Array) -> Array:
    """The expected holes of any size at a common and an own level (in standard deviations)."""
    if rate.shared is None:
        return rate.any_hole_ratio * _count(rate, common, own)
    level = np.exp(rate.shared.any_nat * common + _doubts(rate)[2] * own)
    return np.asarray(rate.any_hole_ratio * rate.expected_count.median * level)


def _doubts(rate: BaseRate) -> tuple[float, float, float]:
    """1-sigma doubts (natural log) of the count of an impact cause: common up, common down, and the level of its own flux."""
    count = rate.expected_count
    up = np.log(count.high / count.median) / Z90
    down = np.log(count.median / max(count.low, count.median * 1e-6)) / Z90
    shared_up, shared_down = (float(np.sqrt(max(side**2 - rate.own_nat**2, 0.0))) for side in (up, down))
    return shared_up, shared_down, min(rate.own_nat, float(up))


def _count(rate: BaseRate, common: Array, own: Array) -> Array:
    """The expected count at a common and an own level (in standard deviations)."""
    count = rate.expected_count
    if rate.kind not in IMPACT_KINDS:
        up = np.log(count.high / count.median) / Z90
        down = np.log(count.median / max(count.low, count.median * 1e-6)) / Z90
        return np.asarray(count.median * np.exp(np.where(own > 0, up, down) * own))
    up, down, self_nat = _doubts(rate)
    return np.asarray(count.median * np.exp(np.where(common > 0, up, down) * common + self_nat * own))


def _cumulative(log_weight: Array) -> Array:
    """The distribution (n, n_grid) of densities (n, n_grid) on the grid, by trapezoids."""
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    below = np.cumsum(0.5 * (weight[:, 1:] + weight[:, :-1]), axis=1)
    return np.asarray(np.pad(below / below[:, -1:], ((0, 0), (1, 0))))


def _inverse(below: Array, uniform: Array) -> Array:
    """Draws (n,) from one distribution on the grid, linear between grid points."""
    return np.asarray(np.interp(uniform, below, _GRID))


def _inverse_between(log_weight: Array, common: Array, uniform: Array) -> Array:
    """Draws (n,) from the densities (n_grid, n_grid) of the grid values of the common level, linear between the two beside each draw."""
    below = _cumulative(log_weight)
    place = np.clip(np.searchsorted(_GRID, common, side="right") - 1, 0, _GRID.size - 2)
    upper = (common - _GRID[place]) / (_GRID[1] - _GRID[0])
    drawn = np.empty_like(uniform)
    for row in np.unique(place):
        here = place == row
        low, high = (_inverse(below[at], uniform[here]) for at in (row, row + 1))
        drawn[here] = low + upper[here] * (high - low)
    return drawn
