"""The door: text with a unit becomes an SI float, here and nowhere else.

pint is imported only when a text is parsed (import and first parse cost about 0.7 s), with one registry for the process.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import Any

from whipple.errors import RangeError

__all__ = ["SI_OF_SUFFIX", "in_unit", "parse_quantity", "suffix_unit"]

#: The SI unit that each field suffix promises, longest suffix first when looked up. "" is a pure number.
SI_OF_SUFFIX: dict[str, str] = {
    "m": "m", "m2": "m**2", "m3": "m**3", "s": "s", "kg": "kg", "kg_s": "kg/s", "kg_m3": "kg/m**3", "kg_m2": "kg/m**2",
    "kg_m2_s": "kg/m**2/s", "Pa": "Pa", "K": "K", "W": "W", "W_K": "W/K", "W_m2": "W/m**2", "N": "N", "Nm": "N*m",
    "Nms": "N*m*s", "Ns": "N*s", "J": "J", "J_K": "J/K", "J_kgK": "J/kg/K", "rad": "rad", "m_s": "m/s", "m_s2": "m/s**2",
    "rad_s": "rad/s", "per_m2_s": "1/m**2/s", "per_m2": "1/m**2", "per_s": "1/s", "per_h": "1/hour", "per_m": "1/m", "sr": "sr",
    "kg_mol": "kg/mol", "J_kg": "J/kg", "Pas": "Pa*s", "Pa_s": "Pa/s", "N_m": "N/m",
    "frac": "", "prob": "", "ratio": "", "count": "", "nat": "", "factor": "", "px": "",
}  # fmt: skip

#: What people usually write for an SI unit, where it is not that unit itself.
_USUAL: dict[str, tuple[str, ...]] = {
    "m": ("mm", "m"), "m**2": ("cm**2", "m**2"), "m**3": ("L", "m**3"), "s": ("s", "min", "day"), "Pa": ("bar", "kPa"),
    "rad": ("deg", "rad"), "rad/s": ("deg/s", "rad/s"), "m/s": ("m/s", "km/s"), "K": ("K", "degC"), "kg": ("g", "kg"),
}  # fmt: skip

#: Units whose spelling people vary, and what they write for them that is not the unit in other letters.
_OFTEN = (
    "mm", "cm", "m", "km", "ft", "cm**2", "m**2", "L", "m**3", "s", "min", "hour", "day", "year", "mbar", "bar", "kPa", "MPa", "Pa", "atm", "psi",
    "mmHg", "deg", "K", "degC", "degF", "g", "kg", "W", "kW", "N", "kN", "N*m", "N*m*s", "km/s", "m/s",
)  # fmt: skip
_MEANT = {word.casefold(): word for word in _OFTEN} | {
    "c": "degC", "celsius": "degC", "℃": "degC", "f": "degF", "fahrenheit": "degF", "kelvin": "K", "nm": "N*m", "nms": "N*m*s", "psia": "psi",
    "hours": "hour", "days": "day", "years": "year", "kgs": "kg", "ltr": "L", "liter": "L",
}  # fmt: skip

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
#: What is no unit although pint makes arithmetic of it: why, and what to try.
_NOT_PLAIN = (
    (r",", "a comma", "write a decimal point, and nothing between thousands"),
    (r"±|\+/?-", "a range", 'write { is = "0.8 mm", low = "0.7 mm", high = "0.9 mm" }'),
    (r"\btons?\b", "which ton is not said", 'write "t" (1000 kg) or "short_ton" (907 kg)'),
    (
        r"^[_'’]|(?<![*\w])(?<!\*-)\d(?!\s*/)|\d\s+\d",
        "more than one number",
        "write one number, without spaces in it, and its unit",
    ),
)


class _NotPlain(Exception):
    """A text that is not one number and its unit: why (text), and what to try."""


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    return registry


def suffix_unit(name: str) -> str | None:
    """The SI unit promised by the end of a field name, None if no known suffix.

    >>> suffix_unit("hole_diameter_m"), suffix_unit("flux_per_m2_s"), suffix_unit("title")
    ('m', '1/m**2/s', None)
    """
    parts = name.split("_")
    for start in range(len(parts)):
        if "_".join(parts[start:]) in SI_OF_SUFFIX and start > 0:
            return SI_OF_SUFFIX["_".join(parts[start:])]
    return None


def parse_quantity(text: object, unit: str, where: str = "quantity", *, change: bool = False) -> float:
    """The value of a text such as "0.8 mm", "3 atm", "25 degC" or "-71.9 deg" in the SI `unit`; with `change`, "2 degC" is 2 K.

    The text is one plain number (decimal point, no spaces in it) and a unit; in "80 W/degC" the degree is a difference. A bare
    number is refused unless `unit` is "" (dimensionless): nothing is guessed. Raises RangeError naming what was found, what was
    expected and what to try.

    >>> parse_quantity("0.8 mm", "m")
    0.0008
    >>> parse_quantity("3", "Pa")
    Traceback (most recent call last):
    ...
    whipple.errors.RangeError: quantity: found value = '3', expected a number with a unit convertible to Pa
      try: write the unit, for example "3 bar" or "3 kPa"
    """
    wanted = unit or "a pure number"
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str):
        raise RangeError(
            where,
            "value",
            repr(text),
            f"a text with a number and a unit convertible to {wanted}",
            'write it as a text, "12.5 unit"',
        )
    try:
        value = _in_si(text, unit, change)
    except _NotPlain as error:
        why, remedy = error.args
        raise RangeError(
            where, "value", repr(text), f"one number and a unit convertible to {wanted} ({why})", remedy
        ) from None
    except Exception as error:  # pint raises many kinds; each means the text is not such a quantity
        reason = str(error).split("\n", maxsplit=1)[0]
        raise RangeError(
            where,
            "value",
            repr(text),
            f"a quantity convertible to {wanted} ({reason})",
            _with_right_unit(text, unit),
        ) from None
    if value is None:
        expected = f"a number with a unit convertible to {wanted}"
        raise RangeError(where, "value", repr(text), expected, _with_units(text.strip(), unit))
    if not math.isfinite(value):
        raise RangeError(where, "value", repr(text), "a finite number", "give a finite value")
    return value


@lru_cache(maxsize=4096)
def _in_si(text: str, unit: str, change: bool) -> float | None:
    """The value in the SI unit; None for a bare number where a unit is wanted. The same text is met again and again."""
    number, rest = _split(text)
    if not rest and unit:
        return None
    units = _registry().parse_units(rest, as_delta=True) if rest else _registry().dimensionless
    value = _registry().Quantity(number, units).to(unit or "dimensionless").magnitude
    return float(value - _registry().Quantity(0.0, units).to(unit).magnitude if change else value)


def _split(text: str) -> tuple[float, str]:
    """One plain number and its unit; refused is what pint reads as arithmetic ("1,5 mm" as 15 mm, "19 520 N" as 9880 N).

    >>> _split("-71.9 deg"), _split("0.02 / year"), _split("3 cm2")
    ((-71.9, 'deg'), (0.02, '1/ year'), (3.0, 'cm**2'))
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise _NotPlain("it does not begin with a number", 'write a number and a unit, "12.5 mm"')
    rest = re.sub(r"(?<=[a-zA-Zµ])([23])\b", r"**\1", match[2].replace("^", "**")).lstrip("* ")
    for pattern, why, remedy in _NOT_PLAIN:
        if re.search(pattern, rest):
            raise _NotPlain(why, remedy)
    return float(match[1]), f"1{rest}" if rest.startswith("/") else rest


def _with_units(number: str, unit: str) -> str:
    """What to try for a number without a unit: which one was meant nobody can tell, so more than one is shown.

    >>> _with_units("1", "m"), _with_units("5", "W")
    ('write the unit, for example "1 mm" or "1 m"', 'write the unit, for example "5 W"')
    """
    *others, last = (f'"{number} {one}"' for one in _USUAL.get(unit, (unit,)))
    return "write the unit, for example " + (f"{', '.join(others)} or {last}" if others else last)


def _with_right_unit(text: str, unit: str) -> str:
    """What to try for a unit that is none, or of something else: the one that it looks like, if that is of the right kind.

    >>> _with_right_unit("36 C", "K"), _with_right_unit("3 Bar", "Pa")
    ('write "36 degC"', 'write "3 bar"')
    >>> _with_right_unit("3 mm", "Pa")
    'check spelling and dimension of the unit; usual is bar or kPa'
    """
    match = _NUMBER.fullmatch(text.strip())
    folded = re.sub(r"[\s.]", "", match[2]).casefold().replace("°", "deg").replace("º", "deg") if match else ""
    meant = _MEANT.get(folded, "")
    if match and meant and _registry()(meant).is_compatible_with(unit or "dimensionless"):
        return f'write "{match[1]} {meant}"'
    usual = " or ".join(_USUAL.get(unit, (unit,) if unit else ()))
    return "check spelling and dimension of the unit" + (f"; usual is {usual}" if usual else "")


def in_unit(value: float, si_unit: str, wanted: str) -> float:
    """A value in SI expressed in another unit, for people to read.

    >>> round(in_unit(0.0008, "m", "mm"), 6)
    0.8
    """
    return float(_registry().Quantity(value, si_unit or "dimensionless").to(wanted).magnitude)
