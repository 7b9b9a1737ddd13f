"""Are published facts that cannot all be true flagged, and agreeing ones left alone?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from whipple.casefile.case import Case
from whipple.casefile.given import Given
from whipple.casefile.tables.claim import ClaimTable
from whipple.contamination.consistency import Coolant, Figure, LoopState, Stain, case_contradictions, contradictions
from whipple.errors import RangeError


def exactly(value: float, unit: str) -> Given:
    return Given(value, value, value, unit)


def span(low: float, high: float, unit: str) -> Given:
    return Given((low + high) / 2, low, high, unit)


DAY_s = 86400.0
YEAR_s = 365.25 * DAY_s
#: cases.md section 9 and thermal_and_contamination.md section 13.
ISOOCTANE = Coolant("isooctane", "S51, press")
AMMONIA = Coolant("ammonia", "several media")
CHARGE = LoopState(exactly(3 * 101325.0, "Pa"), span(283.0, 303.0, "K"), "S21")
STAIN = Stain(1e-7, exactly(265.0, "K"), 3 * DAY_s, "S10: discoloured surface, 18 December")
LIMIT_2000 = Figure("deposition limit", exactly(1.3e-8 * 1000 / YEAR_s, "kg/m**2/s"), "SSP 30426")
LIMIT_1985 = Figure("deposition limit", exactly(4e-12 * 10, "kg/m**2/s"), "1985 proposal")
VENT = Figure("speed of the US-Lab vent", exactly(9.4, "m/s"), "Schmidl 2006")
VENT_FEET = Figure("speed of the US-Lab vent", exactly(31 * 0.3048, "m/s"), "Schmidl 2006, 31 ft/s")
VENT_GARBLED = Figure("speed of the US-Lab vent", exactly(31.0, "m/s"), "catalogue copy that lost the unit")


def test_the_deposit_contradictions_of_the_sheets_are_flagged() -> None:
    found = {row.between for row in contradictions([ISOOCTANE, AMMONIA, CHARGE])}
    assert found == {("S51, press", "several media"), ("several media", "S21")}
    (limits,) = contradictions([LIMIT_2000, LIMIT_1985])
    assert limits.ratio > 50
    (vent,) = contradictions([VENT, VENT_FEET, VENT_GARBLED, ISOOCTANE])[:1]
    assert vent.between == ("Schmidl 2006", "catalogue copy that lost the unit")
    (stain,) = contradictions([replace(ISOOCTANE, pure=True), STAIN])
    assert "something else was in it" in stain.sentence


def test_temperatures_of_the_first_days_and_forecasts_are_flagged() -> None:
    def kelvin(about: str, low: float, high: float, who: str) -> Figure:
        return Figure(about, span(low + 273.15, high + 273.15, "K"), who)

    first = [kelvin("first days", 50, 55, "anonymous"), kelvin("first days", 28, 32, "S41")]
    assert len(contradictions(first)) == 1
    assert len(contradictions([kelvin("crewed descent", 30, 42, "S44"), kelvin("crewed descent", 60, 70, "S47")])) == 1


def test_consistent_sets_are_left_alone() -> None:
    sum_of_parts = Figure("yearly deposit", exactly(30e-10 + 100e-10, "m"), "30 + 100 angstrom")
    assert contradictions([sum_of_parts, Figure("yearly deposit", exactly(130e-10, "m"), "130 angstrom")]) == ()
    assert contradictions([ISOOCTANE, Coolant("LZ-TK-2", "maker"), CHARGE]) == ()
    assert contradictions([ISOOCTANE, STAIN, CHARGE]) == (), "a coolant with additives may leave a stain"
    assert contradictions([VENT, VENT_FEET]) == ()
    assert (
        contradictions([Coolant("ammonia", "EATCS"), LoopState(exactly(2.1e6, "Pa"), exactly(293.0, "K"), "EATCS")])
        == ()
    )
    rate = Figure("130 angstrom a year", exactly(4.1e-13, "kg/m**2/s"), "thermal sheet 11")
    assert contradictions([rate, replace(LIMIT_2000, about="130 angstrom a year")]) == ()
    assert contradictions([LIMIT_2000, replace(LIMIT_1985, period="before 1990")]) == ()


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(RangeError, match="isooctane"):
        contradictions([ISOOCTANE, Coolant("mayonnaise", "forum")])
    with pytest.raises(RangeError, match="convert them first"):
        contradictions([VENT, replace(VENT, value=exactly(20.0, "mph"))])


def test_a_case_flags_its_own_claims_and_the_bundled_one_is_clean(case: Case) -> None:
    loop = case.loop()
    assert case_contradictions(case, loop) == ()
    said = ClaimTable(
        id="ammonia", about="loop.fluid", says="ammonia", said_by="several media", said_on=datetime(2022, 12, 15, tzinfo=UTC), use="ignore",
        source="spaceref-205228",
    )  # fmt: skip
    told = case_contradictions(replace(case, claims=(*case.claims, said)), loop)
    assert len(told) == 2
    assert any("bar to stay liquid" in one.text for one in told)
    warm = loop.model_copy(update={"fluid": "ammonia"})
    assert [one.code for one in case_contradictions(case, warm)] == ["contamination-contradiction"]
