"""Are the contradictions of the sheet (9.7, 4 and 5) flagged, and consistent figures left alone?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.casefile.given import Given
from whipple.dynamics.consistency import Quote, Tumble, contradictions, quote, quote_of
from whipple.errors import RangeError

#: Peak rate and duration of 29 July 2021: 0.5 deg/s; out of control from 8 min after 12:34 EDT to the end of the firing, 13:29.
RATE = Quote("rate", np.radians(0.5), np.radians(0.45), np.radians(0.55), "rad/s", "NASA, flight director")
LASTING = quote("lasting", "2820", "s", "NASA")


def test_two_capacities_of_the_gyros() -> None:
    found = contradictions(
        [quote("gyro capacity", "4 880", "N*m*s", "Boeing"), quote("gyro capacity", "4742.5", "N*m*s", "Frost")]
    )
    assert [row.between for row in found] == [("Boeing", "Frost")]
    assert "2.8% apart" in found[0].sentence


def test_three_masses_of_the_station() -> None:
    masses = [
        quote("mass", "400 000", "kg", "JEOD"),
        quote("mass", "419 700", "kg", "go4liftoff"),
        quote("mass", "459 692", "kg", "OEM"),
    ]
    assert {row.between for row in contradictions(masses)} == {
        ("JEOD", "OEM"),
        ("go4liftoff", "OEM"),
    }  # 400 t is rounded: it allows 419.7
    other = [quote("mass", "419 700", "kg", "a", "2015"), quote("mass", "459 692", "kg", "b", "2022")]
    assert contradictions(other) == ()  # other times, other ships: no contradiction


def test_nauka_rotation_and_start() -> None:
    first, second = quote("Nauka", "45", "deg", "first report"), quote("Nauka", "540", "deg", "New York Times")
    assert len(contradictions([first, second])) == 1
    turned = [
        Quote("Nauka", np.radians(one.value), np.radians(one.low), np.radians(one.high), "rad", one.said_by)
        for one in (first, second)
    ]
    found = contradictions(turned, [Tumble(one, RATE, LASTING) for one in turned])
    assert {row.between for row in found} == {
        ("first report", "New York Times"),
        ("first report", RATE.said_by, "NASA"),
    }
    start = [
        Quote(
            "start",
            60.0 * (12 * 60 + minute),
            60.0 * (12 * 60 + minute) - 30,
            60.0 * (12 * 60 + minute) + 30,
            "s",
            f"NASA {minute}",
        )
        for minute in (34, 45)
    ]
    assert len(contradictions(start)) == 1


def test_a_rotation_beyond_the_peak_rate_is_impossible() -> None:
    far = Quote("turn", np.radians(3000.0), np.radians(2995.0), np.radians(3005.0), "rad", "press")
    assert "makes" in contradictions([], [Tumble(far, RATE, LASTING)])[0].sentence


def test_case_values_and_bad_input() -> None:
    assert (
        contradictions(
            [
                quote_of("m", Given(430e3, 400e3, 460e3, "kg"), "a"),
                quote_of("m", Given(419.7e3, 419.7e3, 419.7e3, "kg"), "b"),
            ]
        )
        == ()
    )
    with pytest.raises(RangeError, match="a number as printed"):
        quote("mass", "about four hundred", "t", "press")
    with pytest.raises(RangeError, match="one unit"):
        contradictions([quote("mass", "400", "t", "a"), quote("mass", "400000", "kg", "b")])
