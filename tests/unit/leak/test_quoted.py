"""Are the contradictions about the MS-22 leak (cases.md, section 9) flagged?"""

from __future__ import annotations

import pytest

from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.leak.quoted import LoopFigures, Quoted, emptying_range_s, liquid_contradictions
from whipple.physics.fluids import fluid


def bare(value: float, unit: str = "") -> Given:
    return Given(value, value, value, unit)


MS22 = LoopFigures(
    ((fluid("isooctane"), "a comment thread"),), bare(3.04e5), Given(293.0, 283.0, 303.0, "K"), bare(44e-3), Given(0.70, 0.57, 0.83, ""),
    (
        Quoted("diameter", bare(0.8e-3), "Y. Borisov"), Quoted("diameter", bare(1e-3), "State Commission", "upper"),
        Quoted("spray", bare(3 * 3600.0), "Spaceflight Now", "lower"), Quoted("majority", bare(17.75 * 3600.0), "NASA", "upper"),
    ),
)  # fmt: skip


def test_the_length_of_the_leak_is_told_as_an_open_question() -> None:
    (row,) = liquid_contradictions(MS22)
    assert row.between == ("Spaceflight Now", "NASA")
    assert "both can hold" in row.sentence
    assert row.ratio == pytest.approx(17.75 / 3)


def test_ammonia_is_flagged_twice() -> None:
    """Several media named ammonia: another coolant, and one that would boil at the quoted 3 atm."""
    named = LoopFigures((*MS22.coolants, (fluid("ammonia"), "several media")), *list(vars(MS22).values())[1:])
    rows = [row for row in liquid_contradictions(named) if "several media" in row.between]
    assert len(rows) == 2
    assert any("could not be liquid" in row.sentence for row in rows)


def test_a_constant_three_atmospheres_contradict_three_hours() -> None:
    """The shortest time is that at constant pressure, 1.35 h at Cd 0.61: three hours need a falling pressure, and that is possible."""
    exact = LoopFigures(MS22.coolants, bare(3.04e5), bare(293.15), bare(44e-3), bare(0.61))
    shortest, longest = emptying_range_s(exact, (0.8e-3, 0.8e-3))
    assert shortest / 3600 == pytest.approx(1.34, abs=0.01)
    assert longest / 3600 == pytest.approx(10.3, abs=0.1)


def test_two_sizes_that_do_not_meet_and_a_duration_too_long() -> None:
    said = (
        Quoted("diameter", bare(0.8e-3), "one"),
        Quoted("diameter", bare(2e-3), "two"),
        Quoted("spray", bare(30 * 3600.0), "three"),
    )
    rows = liquid_contradictions(LoopFigures(*list(vars(MS22).values())[:5], said))
    assert {row.between for row in rows} == {("one", "two"), ("three", "one"), ("three", "two")}
    assert rows[0].ratio >= rows[-1].ratio


def test_a_duration_without_an_inventory_cannot_be_judged() -> None:
    empty = LoopFigures(MS22.coolants, bare(3.04e5), bare(293.0), None, bare(0.61), MS22.quoted)
    assert [row.between for row in liquid_contradictions(empty)] == [("Spaceflight Now", "NASA")]
    with pytest.raises(RangeError, match="the charge of the loop"):
        emptying_range_s(empty, (1e-3, 1e-3))
