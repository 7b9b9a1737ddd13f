"""Laws of the race."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.attribution.base_rate import BaseRate
from whipple.attribution.ledger import settle
from whipple.attribution.observations.start import start_nat
from whipple.attribution.observations.sunlight import high_beta_frac
from whipple.attribution.posterior import floored_nat, run_race
from whipple.attribution.record import draw_levels
from whipple.attribution.row import Row
from whipple.attribution.standing import stand
from whipple.casefile.estimate import FLOOR_NAT, Estimate, Evidence

NATS = st.lists(st.floats(-50, 50), min_size=3, max_size=3)
COUNTS = st.lists(st.floats(1e-6, 10), min_size=3, max_size=3)


def row(nats, name="seen", group="g"):
    return Row(Evidence(name, group, dict(zip("abc", nats, strict=True)), {}))


def race(counts):
    return run_race("abc", np.array([counts]), np.random.default_rng(0))


@settings(max_examples=50, deadline=None)
@given(COUNTS, NATS)
def test_probabilities_add_to_one(counts, nats):
    assert race(counts).probabilities([row(nats)]).sum() == pytest.approx(1.0, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(COUNTS, NATS)
def test_no_single_observation_convicts(counts, nats):
    """Odds move by at most exp(6.9)."""
    before, after = (race(counts).probabilities(rows) for rows in ([], [row(nats)]))
    odds = (after[:, None] / after[None, :]) / (before[:, None] / before[None, :])
    assert np.abs(np.log(odds)).max() <= -FLOOR_NAT + 1e-6


@settings(max_examples=50, deadline=None)
@given(COUNTS, NATS, st.floats(-30, 30))
def test_a_common_constant_changes_nothing(counts, nats, shift):
    one, other = (race(counts).probabilities([row(values)]) for values in (nats, [x + shift for x in nats]))
    assert np.allclose(one, other, rtol=1e-6)


@settings(max_examples=50, deadline=None)
@given(COUNTS, NATS)
def test_the_same_observation_twice_in_a_group_counts_once(counts, nats):
    once, twice = (race(counts).probabilities(rows) for rows in ([row(nats)], [row(nats), row(nats, "seen again")]))
    assert np.allclose(once, twice)


@settings(max_examples=50, deadline=None)
@given(COUNTS, NATS, st.permutations([0, 1, 2]))
def test_the_order_of_causes_does_not_matter(counts, nats, order):
    plain = race(counts).probabilities([row(nats)])
    mixed = run_race([list("abc")[i] for i in order], np.array([[counts[i] for i in order]]), np.random.default_rng(0))
    assert np.allclose(mixed.probabilities([row(nats)]), plain[list(order)])


@settings(max_examples=50, deadline=None)
@given(COUNTS, st.floats(1.1, 100))
def test_doubling_a_base_rate_multiplies_its_odds(counts, factor):
    one = race(counts).probabilities([])
    more = race([counts[0] * factor, *counts[1:]]).probabilities([])
    assert (more[0] / more[1]) / (one[0] / one[1]) == pytest.approx(factor, rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-4, 1), st.floats(1.1, 30), st.floats(0, 1e4), st.floats(0.0, 2.0))
def test_a_longer_clean_record_never_raises_a_level(median, factor, record, own_nat):
    rate = BaseRate("a", "sporadic", Estimate(median, median / factor, median * factor, ""), "", (), own_nat)
    shorter, longer = (draw_levels([rate], more, np.random.default_rng(0), 500) for more in (record, 2 * record + 1.0))
    assert longer.mean() <= shorter.mean() * (1 + 1e-3)


def test_a_record_lowers_a_shower_only_through_what_is_common():
    steady = BaseRate("a", "sporadic", Estimate(0.1, 0.01, 1.0, ""), "", (), 0.5)
    shower = BaseRate("b", "shower", Estimate(0.1, 0.01, 1.0, ""), "", (), 0.5)
    alone = BaseRate("b", "shower", Estimate(0.1, 0.01, 1.0, ""), "", (), 1.4)
    for other, ratio in ((shower, 0.5), (alone, 0.95)):
        free, held = (draw_levels([steady, other], record, np.random.default_rng(0), 4000) for record in (0.0, 300.0))
        assert held[:, 0].mean() < 0.2 * free[:, 0].mean()
        assert (held[:, 1].mean() < ratio * free[:, 1].mean()) == (other is shower)


@settings(max_examples=8, deadline=None)
@given(st.floats(0.0, 1.1), st.floats(0.0, 0.4))
def test_rarer_sunlight_is_rarer(beta, step):
    assert high_beta_frac(beta + step, 0.9) <= high_beta_frac(beta, 0.9)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 0.99), st.floats(-20, 20), st.floats(0, 5))
def test_a_stronger_step_favours_sudden_causes(prob, nat, more):
    gain = start_nat(prob, nat + more) - start_nat(prob, nat)
    assert -1e-9 <= gain <= more + 1e-9


@settings(max_examples=30, deadline=None)
@given(NATS)
def test_the_floor_holds(nats):
    held = floored_nat(row(nats), "abc")
    assert held.max() == pytest.approx(0.0)
    assert held.min() >= FLOOR_NAT


@settings(max_examples=10, deadline=None)
@given(st.floats(1.5, 20))
def test_more_doubt_about_a_rate_widens_the_interval(factor):
    sure = settle({"a": Estimate.exactly(1.0, ""), "b": Estimate.exactly(1.0, "")}, [])["a"]
    unsure = settle({"a": Estimate(1.0, 1.0 / factor, factor, ""), "b": Estimate.exactly(1.0, "")}, [])["a"]
    assert unsure.high - unsure.low > sure.high - sure.low


@settings(max_examples=30, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_a_cause_that_passes_leads(counts):
    """One cause leads in every draw, and none passes 66 % in a draw in which another leads."""
    found = stand(run_race("abc", np.array(counts), np.random.default_rng(0)), [], [])
    assert sum(found.lead_frac) == pytest.approx(1.0)
    assert all(passed <= led + 1e-12 for passed, led in zip(found.pass_frac, found.lead_frac, strict=True))
