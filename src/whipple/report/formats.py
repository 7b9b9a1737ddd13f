"""How a number is written for people: the field's unit, digits that fit the doubt, and the 90 % interval."""

from __future__ import annotations

import math
import re

from whipple.casefile.estimate import Estimate
from whipple.report.page import Notes

__all__ = ["CLOCKS", "UNITS", "cell", "clock", "number", "percent", "shown", "tidy", "times_ten", "value_in"]

_YEAR_S = 365.25 * 86_400.0

#: Unit for people -> factor from SI and offset after it.
UNITS: dict[str, tuple[float, float]] = {
    "": (1.0, 0.0),
    "m": (1.0, 0.0),
    "mm": (1e3, 0.0),
    "µm": (1e6, 0.0),
    "nm": (1e9, 0.0),
    "km": (1e-3, 0.0),
    "m²": (1.0, 0.0),
    "°C": (1.0, -273.15),
    "K": (1.0, 0.0),
    "deg": (180.0 / math.pi, 0.0),
    "deg/s": (180.0 / math.pi, 0.0),
    "km/s": (1e-3, 0.0),
    "m/s": (1.0, 0.0),
    "mm/s": (1e3, 0.0),
    "bar": (1e-5, 0.0),
    "Pa": (1.0, 0.0),
    "kg": (1.0, 0.0),
    "g": (1e3, 0.0),
    "mg": (1e6, 0.0),
    "g/s": (1e3, 0.0),
    "g/cm³": (1e-3, 0.0),
    "N": (1.0, 0.0),
    "N s": (1.0, 0.0),
    "N m": (1.0, 0.0),
    "N m s": (1.0, 0.0),
    "kN m s": (1e-3, 0.0),
    "J": (1.0, 0.0),
    "kJ": (1e-3, 0.0),
    "%": (100.0, 0.0),
    "s": (1.0, 0.0),
    "ms": (1e3, 0.0),
    "µs": (1e6, 0.0),
    "min": (1 / 60.0, 0.0),
    "h": (1 / 3600.0, 0.0),
    "days": (1 / 86_400.0, 0.0),
    "years": (1 / _YEAR_S, 0.0),
    "per year": (_YEAR_S, 0.0),
    "per m² and year": (_YEAR_S, 0.0),
    "per m²": (1.0, 0.0),
    "per hour": (1.0, 0.0),
    "mg/m²/s": (1e6, 0.0),
}

#: Units of a duration, each used from the seconds named.
CLOCKS: tuple[tuple[float, str], ...] = (
    (2 * _YEAR_S, "years"),
    (2 * 86_400.0, "days"),
    (7200.0, "h"),
    (180.0, "min"),
    (0.1, "s"),
    (1e-4, "ms"),
    (0.0, "µs"),
)

_HELD = re.compile(
    r"(?<=\d) (?=(?:%|°C|mm|µm|nm|km/s|m/s|km|kg|mg|g/s|bar|N|J|h|s|ms|µs|deg|days?|years?|UTC|Å)\b|%|×|\d{3}\b)|(?<=×) (?=10)"
)

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def value_in(value: float, unit: str) -> float:
    """An SI value in a unit for people.

    >>> value_in(300.0, "°C"), value_in(8e-4, "mm")
    (26.850000000000023, 0.8)
    """
    factor, offset = UNITS[unit]
    return value * factor + offset


def clock(seconds: float) -> str:
    """The unit in which a duration reads best.

    >>> clock(90.0), clock(4000.0), clock(6e4), clock(1e6)
    ('s', 'min', 'h', 'days')
    """
    return next(unit for start, unit in CLOCKS if abs(seconds) >= start) if seconds else "s"


def times_ten(value: float, digits: int = 2) -> str:
    """A number in powers of ten.

    >>> times_ten(0.000213)
    '2.1 × 10⁻⁴'
    """
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}".replace("-", "−")


def number(value: float, step: float | None = None) -> str:
    """A number with the digits its doubt allows: two significant digits of the width (twice `step`) of its interval, 0 beside a millionth of it.

    >>> number(-2e-13, 1.0)
    '0'
    >>> number(0.80312, 0.12), number(1234.6, 80.0), number(3.2e-6), number(-71.92, 0.4)
    ('0.80', '1\xa0235', '3.2 × 10⁻⁶', '−71.92')
    """
    if value == 0 or abs(value) < 1e-6 * (step or 0.0):
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -3 or size > 5:
        return times_ten(value)
    decimals = 1 - math.floor(math.log10(2 * step)) if step and step > 0 else 2 - size
    decimals = min(max(decimals, 1 - size, 0), 4)
    return f"{value:,.{decimals}f}".replace(",", "\u00a0").replace("-", "−")


def shown(estimate: Estimate | None, unit: str) -> str:
    """An estimate for people: median, unit and 90 % interval; one-sided knowledge as such; None as "not known".

    >>> shown(Estimate(8e-4, 7e-4, 9.2e-4, "m"), "mm")
    '0.80 mm (0.70 to 0.92)'
    >>> shown(Estimate(0.0, 0.0, 0.05, "", "upper"), "%"), shown(None, "mm")
    ('at most 5.00 %', 'not known')
    """
    if estimate is None:
        return "not known"
    low, middle, high = (value_in(x, unit) for x in (estimate.low, estimate.median, estimate.high))
    tail = f" {unit}" if unit else ""
    if estimate.bound == "upper":
        return f"at most {number(high)}{tail}"
    if estimate.bound == "lower":
        return f"at least {number(low)}{tail}"
    step = (high - low) / 2
    if step == 0:
        return f"{number(middle)}{tail}"
    return f"{number(middle, step)}{tail} ({number(low, step)} to {number(high, step)})"


def cell(estimate: Estimate | None, unit: str, notes: Notes) -> str:
    """The estimate with the marks of its caveats beside it."""
    return shown(estimate, unit) + (notes.mark(estimate.caveats) if estimate else "")


def percent(share: float) -> str:
    """A share in per cent, never rounded to a false 0 or 100.

    >>> percent(0.873), percent(0.0004), percent(0.99996), percent(0.0)
    ('87 %', '< 0.1 %', '> 99.9 %', '0 %')
    """
    if share in (0.0, 1.0):
        return f"{100 * share:.0f} %"
    if share < 0.001:
        return "< 0.1 %"
    if share > 0.999:
        return "> 99.9 %"
    return f"{100 * share:.1f} %" if share < 0.0995 or share > 0.99 else f"{100 * share:.0f} %"


def tidy(text: str) -> str:
    """Text in which no line may break between a number and its unit, or inside "(90 %".

    >>> tidy("0.8 mm at 90 %").count("\xa0")
    2
    """
    return _HELD.sub("\u00a0", text)
