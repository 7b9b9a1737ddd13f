"""Levels given a clean record, against the plain way: free draws weighted by the chance of that record."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.attribution.base_rate import BaseRate
from whipple.attribution.ledger import start_race
from whipple.attribution.record import RECORD_SHARE, draw_levels
from whipple.attribution.shared_doubt import SharedDoubt
from whipple.casefile.estimate import Estimate

RATES = (
    BaseRate("sporadic", "sporadic", Estimate(0.02, 0.004, 0.1, ""), "", own_nat=0.5, any_hole_ratio=3.0),
    BaseRate("debris", "debris", Estimate(0.005, 0.0005, 0.05, ""), "", own_nat=0.9, any_hole_ratio=2.0),
)


@pytest.mark.parametrize("record", [3.0, 60.0])
def test_levels_given_the_record_are_the_free_ones_weighted(record):
    """Means and quantiles agree with 200 000 free draws times exp(-expected losses)."""
    held = draw_levels(RATES, record, np.random.default_rng(1), 40000)
    free = draw_levels(RATES, 0.0, np.random.default_rng(2), 200000)
    weight = np.exp(-float(RECORD_SHARE) * record * (free @ [3.0, 2.0]))
    assert held.mean(axis=0) == pytest.approx(np.average(free, axis=0, weights=weight), rel=0.03)
    for h in (0, 1):
        order = np.argsort(free[:, h])
        below = np.cumsum(weight[order]) / weight.sum()
        for at in (0.05, 0.5, 0.95):
            assert np.quantile(held[:, h], at) == pytest.approx(free[order, h][np.searchsorted(below, at)], rel=0.05)


def weighted(values, weight):
    order = np.argsort(values)
    below = np.cumsum(weight[order]) / weight.sum()
    return values[order][np.searchsorted(below, (0.05, 0.5, 0.95))]


#: A hole far larger than most that leak: little of its doubt is that of any hole.
ANY_NAT, WITH_NAT, WHOLE_NAT, OWN_NAT, RATIO, RECORD = 1.2, 0.33, 2.4, 0.8, 1000.0, 200.0


def test_the_rate_of_a_repeat_is_that_of_any_hole_and_not_above_what_the_clean_record_allows():
    """Free draws of both counts, weighed with the record and with the leak itself; no loss in 100 exposures rules out five of them."""
    factor = float(np.exp(1.6448536 * np.hypot(WHOLE_NAT, OWN_NAT)))
    count = Estimate(1e-4, 1e-4 / factor, 1e-4 * factor, "")
    doubt = SharedDoubt(ANY_NAT, WITH_NAT)
    rates = (
        BaseRate("sporadic", "sporadic", count, "", own_nat=OWN_NAT, any_hole_ratio=RATIO, shared=doubt),
        BaseRate("fatigue", "fatigue", Estimate(3e-3, 3e-5, 3e-2, ""), ""),
    )
    repeat = start_race(rates, RECORD, np.random.default_rng(1)).repeat((), 1.0)
    z, rest, own, hardware = np.random.default_rng(3).standard_normal((4, 400_000))
    rho = WITH_NAT / WHOLE_NAT
    any_hole = RATIO * 1e-4 * np.exp(ANY_NAT * z + OWN_NAT * own)
    large = 1e-4 * np.exp(WHOLE_NAT * (rho * z + np.sqrt(1 - rho**2) * rest) + OWN_NAT * own)
    leak = large + 3e-3 * np.exp(np.where(hardware > 0, np.log(10), np.log(100)) / 1.6448536 * hardware)
    exposures = float(RECORD_SHARE) * RECORD
    low, middle, high = weighted(any_hole, leak * np.exp(-exposures * any_hole))
    assert (repeat.low, repeat.median, repeat.high) == pytest.approx(
        (low, middle, high), rel=0.08
    )  # 3 sigma of 32 000 draws
    assert repeat.high * exposures < 5.0
    assert repeat.unit == "1/s"


def test_causes_that_strike_at_no_steady_rate_repeat_at_none():
    shower = BaseRate("shower:GEM", "shower", Estimate(0.02, 0.004, 0.1, ""), "")
    assert start_race([shower], 0.0, np.random.default_rng(0)).repeat((), 1.0) is None
