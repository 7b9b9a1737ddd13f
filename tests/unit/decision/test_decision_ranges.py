"""Probabilities stay probabilities, and the curve of harm says where it is stretched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.heat import Heat, HeatScenario
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.decision import choose
from whipple.decision.columns import column, draw_doubt

CASE = read_case(BUNDLED / "soyuz-ms22")
RISE = Estimate(0.5, 0.0, 4.0, "K")


def with_harm(low: float, value: float, high: float) -> tuple:
    """The options at another risk, within the limits of their table."""
    return tuple(
        option.model_copy(update={"other_harm_prob": replace(option.other_harm_prob, value=value, low=low, high=high)})
        for option in CASE.options
    )


def test_a_risk_that_may_be_nothing_is_never_less() -> None:
    """A range from 0 was drawn below 0 in one case of twenty, and took harm off the total."""
    doubt = draw_doubt(np.random.default_rng(1))
    for option in with_harm(0.0, 0.002, 0.01):
        found = column(CASE, option, None, doubt)
        assert found.other_prob.min() > 0.0
        assert found.other_prob.max() <= 1.0
        assert found.harm_prob.min() >= 0.0


@pytest.mark.parametrize(("hours", "told"), [(6.0, False), (0.1, True), (72.0, True)])
def test_a_trip_outside_the_curve_is_told(hours: float, told: bool) -> None:
    peak = Estimate(310.0, 305.0, 315.0, "K")
    flight = HeatScenario(
        "ride", 3, False, 3600 * hours, (), np.zeros(0), np.zeros((3, 0, 0)), peak, None, 0.1, "", RISE
    )
    found = choose(CASE, None, Heat((flight,), (), "", ()), None)
    assert any(note.code == "harm-curve-stretched" for note in found.caveats) == told


def test_a_ride_that_is_fit_only_in_the_middle_is_not_recommended() -> None:
    """Half of the draws below 1 in 270 and the upper end at most of the crews: that is not fit for a normal return (theory, two thresholds)."""
    peak = Estimate(300.0, 296.0, 322.0, "K")
    flights = tuple(
        HeatScenario(name, 3, False, 6 * 3600.0, (), np.zeros(0), np.zeros((3, 0, 0)), peak, None, 0.1, "", RISE)
        for name in ("return with 3 crew, 6 h", "return with 2 crew, 6 h")
    )
    rides = tuple(option for option in CASE.options if option.ship == "damaged")
    found = choose(replace(CASE, options=rides), None, Heat(flights, (), "", ()), None)
    assert all(row.fit_normal.startswith("only if") for row in found.options)
    assert found.recommended == ""
    assert found.headline.startswith("None yet")
