"""A hole that changes between readings: what the watch says of it, and what it makes of each reading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.casefile.findings.onset import Onset, WatchEvent
from whipple.casefile.read_channels import Channel
from whipple.telemetry.isolation_belief import believe
from whipple.telemetry.isolation_cells import Trial, cells_of
from whipple.telemetry.isolation_change import Change, at_present, changes_of, said_changed, weighed_then
from whipple.telemetry.isolation_likelihood import misfit_sigma
from whipple.telemetry.isolation_plant import draw_unknowns, plant_of
from whipple.telemetry.isolation_readings import running_trial
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop

EMPTY, RING = np.zeros(0), ring_loop(8, range(8))
TEST = Trial(frozenset({"v0"}), frozenset(), 600.0, EMPTY, EMPTY, EMPTY, EMPTY)


def told(before: tuple[float, ...], after: tuple[float, ...], at: tuple[float, float] = (900.0, 1100.0)) -> Onset:
    values = {"at_low_s": at[0], "at_high_s": at[1]}
    for name, three in (("from", before), ("to", after)):
        values |= {f"{name}_{end}percent_h": x for end, x in zip(("low_", "", "high_"), three, strict=True)}
    events = tuple(WatchEvent(2000.0, "rate changed", loop, "it changed", values) for loop in ("external", "internal"))
    return Onset(None, None, EMPTY, EMPTY, {}, None, (), (), False, "", watch=events)


def test_a_change_is_the_ratio_of_the_rates_on_both_sides_of_it() -> None:
    (one,) = changes_of(told((0.9, 1.0, 1.1), (1.8, 2.0, 2.2)), "external")
    assert (one.low_s, one.high_s, one.ratio) == (900.0, 1100.0, 2.0)
    assert one.sigma_ratio == pytest.approx(np.sqrt(2) * 0.1 / 1.645, rel=0.02)
    (down,) = changes_of(told((0.9, 1.0, 1.1), (0.0, 0.2, 0.4)), "external")
    assert down.sigma_ratio == pytest.approx(np.log(2) / 1.645, rel=0.02)
    (stopped,) = changes_of(told((0.9, 1.0, 1.0), (0.0, 0.0, 0.1)), "external")
    assert (stopped.ratio, stopped.sigma_ratio) == (0.05, 1.0)


@pytest.mark.parametrize(
    ("span", "ratio", "sigma"),
    [((0.0, 800.0), 1.0, 0.0), ((1200.0, 1800.0), 3.0, 0.1), ((800.0, 1400.0), 3**0.5, 0.558), (None, 3**0.5, 0.558)],
)
def test_each_reading_is_weighed_with_the_hole_of_its_time(
    span: tuple[float, float] | None, ratio: float, sigma: float
) -> None:
    then = weighed_then(TEST, [Change(900.0, 1100.0, 3.0, 0.1)], span)
    assert (then.opening_ratio, then.opening_sigma_ratio) == pytest.approx((ratio, sigma), rel=1e-3)


def test_the_look_at_the_running_loop_ends_before_the_change() -> None:
    t = np.arange(-6000.0, 3000.0, 20.0)
    rows = {name: Channel(name, t, 3.0 - 1e-5 * np.maximum(t, 0), "bar", True) for name in ("p0", "p2", "p4", "p6")}
    free, held = (running_trial(RING, rows, [], 0.0, 0.0, until) for until in (np.inf, 900.0))
    assert free is not None
    assert held is not None
    assert (free.hold_s, held.hold_s) == (1650.0, 750.0)


def test_a_hole_that_grew_is_no_misfit_once_its_growth_is_known() -> None:
    """Leak of 2 %/h in s5, a hole four times as large before the test: with one rate the test fits nothing, with its own it tells the piece."""
    leak = leaking_loop(RING, seed=4, segment=5, rate_per_h=0.02)
    look = leak.first_look(1800.0)
    leak.opening_m2 *= 4
    test = leak.trial(frozenset({"v0", "v4"}), frozenset(), 600.0)
    plant = plant_of(RING)
    rate = 0.02 * RING.inventory_m3.value / 3600 * np.geomspace(0.5, 2.0, 60)
    cells = cells_of(plant, draw_unknowns(plant, 4, np.random.default_rng(1)), rate)
    grown = weighed_then(test, [Change(0.0, 0.0, 4.0, 0.05)], (2000.0, 2600.0))
    assert misfit_sigma(cells, test) > 4
    assert misfit_sigma(cells, grown) < 2
    belief = believe(cells, [look, grown])
    assert belief.segment_prob[4:].sum() > 0.99
    now = at_present(belief, [Change(0.0, 0.0, 4.0, 0.05)])
    assert now.rate_m3_s([0.5]) == pytest.approx(4 * belief.rate_m3_s([0.5]))
    assert at_present(belief, []) is belief


def test_what_changed_is_said_and_where_no_time_was_given() -> None:
    (one,) = changes_of(told((0.9, 1.0, 1.1), (1.8, 2.0, 2.2)), "external")
    assert said_changed([], [TEST]) == ()
    assert "without `at`" not in said_changed([one], [TEST])[0].text
    assert "without `at`" in said_changed([one], [weighed_then(TEST, [one], None)])[0].text
    assert changes_of(replace(told((0.9, 1.0, 1.1), (1.8, 2.0, 2.2)), watch=()), "external") == ()
