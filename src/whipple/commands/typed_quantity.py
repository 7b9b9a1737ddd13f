"""A quantity typed as an option, within what can be: a number outside is a slip of the hand, and no answer is made of it."""

from __future__ import annotations

from whipple.casefile.units import parse_quantity
from whipple.errors import RangeError

__all__ = ["number_within", "typed_within"]


def typed_within(text: str, unit: str, option: str, least: str, most: str) -> float:
    """A typed quantity in the SI `unit`, from `least` to `most`. RangeError for one beyond, or of another dimension.

    >>> typed_within("92.6 min", "s", "--period", "80 min", "60 day")
    5556.0
    >>> typed_within("0 min", "s", "--period", "80 min", "60 day")
    Traceback (most recent call last):
    whipple.errors.RangeError: --period: found value = '0 min', expected 80 min to 60 day
      try: check the sign, the number and the unit
    """
    value = parse_quantity(text, unit, option)
    if not parse_quantity(least, unit) <= value <= parse_quantity(most, unit):
        raise RangeError(option, "value", repr(text), f"{least} to {most}", "check the sign, the number and the unit")
    return value


def number_within(value: float, option: str, least: float, most: float) -> float:
    """A typed number without a unit, from `least` to `most`; "nan" is beyond.

    >>> number_within(0.05, "--thrust-doubt", 0.0, 1.0)
    0.05
    """
    if not least <= value <= most:
        raise RangeError(option, "value", f"{value:g}", f"{least:g} to {most:g}", "check the sign and the number")
    return value
