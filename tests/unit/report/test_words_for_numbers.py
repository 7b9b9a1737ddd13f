"""Numbers for people: units, digits, one-sided knowledge, shares."""

from __future__ import annotations

import math

import pytest

from whipple.casefile.estimate import Caveat, Estimate
from whipple.report.formats import UNITS, cell, clock, number, percent, shown, value_in
from whipple.report.page import Notes


@pytest.mark.parametrize(
    ("median", "low", "high", "unit", "text"),
    [
        (8e-4, 7.1e-4, 9.3e-4, "mm", "0.80 mm (0.71 to 0.93)"),
        (316.15, 312.0, 320.0, "°C", "43.0 °C (38.9 to 46.9)"),
        (math.radians(-71.9), math.radians(-73), math.radians(-70), "deg", "−71.9 deg (−73.0 to −70.0)"),
        (36e3, 32e3, 41e3, "km/s", "36.0 km/s (32.0 to 41.0)"),
        (2.1e-9, 1e-9, 4e-9, "", "2.1 × 10⁻⁹ (1.0 × 10⁻⁹ to 4.0 × 10⁻⁹)"),
        (0.0, 0.0, 0.0, "N", "0 N"),
    ],
)
def test_estimates_read_as_people_write_them(median: float, low: float, high: float, unit: str, text: str) -> None:
    assert shown(Estimate(median, low, high, "x"), unit) == text


def test_one_sided_and_unknown() -> None:
    assert shown(Estimate(1e-3, 0.0, 1e-3, "m", "upper"), "mm") == "at most 1.00 mm"
    assert shown(Estimate(10800.0, 10800.0, 2e4, "s", "lower"), "h") == "at least 3.00 h"
    assert shown(None, "mm") == "not known"


def test_a_share_is_never_rounded_to_certainty() -> None:
    assert percent(0.9999) == "> 99.9 %"
    assert percent(1e-9) == "< 0.1 %"
    assert percent(1.0) == "100 %"


def test_the_marks_of_caveats_follow_the_number() -> None:
    notes = Notes()
    assert cell(Estimate(1.0, 1.0, 1.0, "m", caveats=(Caveat("a", "Far away."),)), "m", notes) == "1.00 m ⟦^a⟧"
    assert notes.listed() == (("a", "Far away."),)


def test_every_unit_inverts() -> None:
    for unit, (factor, offset) in UNITS.items():
        assert (value_in(3.0, unit) - offset) / factor == pytest.approx(3.0, abs=1e-12)


def test_spans_get_a_readable_unit() -> None:
    assert [clock(t) for t in (-30.0, 600.0, 9000.0, 3e5, 1e8)] == ["s", "min", "h", "days", "years"]


def test_thousands_do_not_break() -> None:
    assert number(18970.0) == "18\xa0970"
