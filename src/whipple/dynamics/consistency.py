"""Do published figures of the vehicle and its motion agree: capacity, mass, times, and how far it turned?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from whipple.casefile.given import Given
from whipple.casefile.quoted_figures import BARE_RATIO, Contradiction
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["Quote", "Tumble", "contradictions", "quote", "quote_of"]

#: A rate that rises and falls again turns the body by this share of peak rate times duration: half for a steady rise and fall.
LEAST_SHAPE_FRAC = Cited(0.15, unit="", source="leak_sheet", grade="proposal")


@dataclass(frozen=True)
class Quote:
    """A published figure as printed: `low` to `high` is what its last printed digit (or its own range) leaves open."""

    about: str
    value: float
    low: float
    high: float
    unit: str
    said_by: str
    period: str = ""


@dataclass(frozen=True)
class Tumble:
    """A turn out of control as told: whole rotation, peak rate and how long it lasted."""

    rotation: Quote
    peak_rate: Quote
    lasting: Quote


def quote(about: str, printed: str, unit: str, said_by: str, period: str = "") -> Quote:
    """A figure from its printed digits: half a unit of the last digit that counts is open (zeros at the end do not count).

    >>> one = quote("capacity", "4 880", "N*m*s", "Boeing")
    >>> one.low, one.high
    (4875.0, 4885.0)
    >>> other = quote("capacity", "4742.5", "N*m*s", "Frost")
    >>> round(other.high - other.low, 6)
    0.1
    """
    digits = printed.replace(" ", "").replace(",", "")
    try:
        value = float(digits)
    except ValueError:
        raise RangeError("quote", "printed", repr(printed), "a number as printed", "write it as '4742.5'") from None
    whole, _, fraction = digits.lstrip("+-").partition(".")
    zeros = len(whole) - len(whole.rstrip("0")) if not fraction and value else 0
    half = 0.5 * 10.0 ** (-len(fraction) if fraction else zeros)
    return Quote(about, value, value - half, value + half, unit, said_by, period)


def quote_of(about: str, given: Given, said_by: str, period: str = "") -> Quote:
    """A figure from a case: its own range where it has one, else what its digits leave open.

    >>> quote_of("mass", Given(430e3, 400e3, 460e3, "kg"), "case").low
    400000.0
    """
    if given.high > given.low:
        return Quote(about, given.value, given.low, given.high, given.unit, said_by, period)
    return quote(about, np.format_float_positional(given.value, trim="-"), given.unit, said_by, period)


def _miss(one: Quote, other: Quote) -> float:
    """How many times the gap between two ranges is their half-width taken together, plus one; 1 when they meet."""
    gap = max(one.low - other.high, other.low - one.high)
    width = 0.5 * (one.high - one.low + other.high - other.low)
    return 1.0 if gap <= 1e-12 * max(abs(one.value), abs(other.value)) else 1.0 + gap / max(width, 1e-300)


def _two(one: Quote, other: Quote) -> Contradiction | None:
    if one.unit != other.unit:
        raise RangeError("contradictions", "unit", f"{one.unit} and {other.unit}", f"one unit for {one.about}")
    ratio = _miss(one, other)
    apart = abs(one.value - other.value) / max(abs(one.value), abs(other.value), 1e-300)
    text = (
        f"{one.about}: {one.said_by} says {one.value:g} {one.unit}, {other.said_by} {other.value:g} {other.unit}: "
        f"{apart:.1%} apart, more than their printed digits leave open."
    )
    return Contradiction((one.said_by, other.said_by), ratio, text) if ratio > 1 else None


def _turned(tumble: Tumble) -> Contradiction | None:
    """A rotation lies between a share of peak rate times duration and all of it."""
    rotation, rate, lasting = tumble.rotation, tumble.peak_rate, tumble.lasting
    most = rate.high * lasting.high * BARE_RATIO
    least = LEAST_SHAPE_FRAC * rate.low * lasting.low / BARE_RATIO
    if least <= rotation.high and rotation.low <= most:
        return None
    ratio = least / rotation.high if rotation.high < least else rotation.low / most
    text = (
        f"{rotation.about}: {rotation.said_by} says {np.degrees(rotation.value):.0f} deg in all, but {np.degrees(rate.value):.2g} deg/s at the "
        f"peak ({rate.said_by}) over {lasting.value / 60:.0f} min ({lasting.said_by}) makes {np.degrees(least):.0f} to "
        f"{np.degrees(most):.0f} deg."
    )
    return Contradiction((rotation.said_by, rate.said_by, lasting.said_by), float(ratio), text)


def contradictions(quotes: Sequence[Quote], tumbles: Sequence[Tumble] = ()) -> tuple[Contradiction, ...]:
    """Every pair of figures about one thing in one period that cannot both hold, and turns that their own rate denies, worst first.

    A contradiction is a question to ask, not a verdict; figures of other periods (a stack with other ships) are not compared.

    >>> both = [quote("mass", "419.7", "t", "one"), quote("mass", "400", "t", "other"), quote("mass", "459.692", "t", "third")]
    >>> [row.between for row in contradictions(both)]
    [('one', 'third'), ('other', 'third')]
    """
    rows = [
        _two(one, other)
        for one, other in combinations(quotes, 2)
        if one.about == other.about and one.period == other.period
    ]
    rows += [_turned(tumble) for tumble in tumbles]
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: -row.ratio))
