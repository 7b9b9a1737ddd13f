"""Numbers a person typed into the case: an SI value, its plausible range, and where it comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.mistake import wrong
from whipple.casefile.units import parse_quantity
from whipple.errors import RangeError

__all__ = ["Given", "quantity"]

_Z90 = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True)
class Given:
    """`value` with its 90 % range `low`..`high`, all in the SI `unit`; `source` "" means the table's own source.

    `least` and `most` are what can be at all: no length is below 0, no share above 1.
    """

    value: float
    low: float
    high: float
    unit: str
    source: str = ""
    least: float = -math.inf
    most: float = math.inf

    def estimate(self) -> Estimate:
        """The same number as an Estimate.

        >>> Given(2.0, 1.0, 4.0, "m", "s").estimate().high
        4.0
        """
        return Estimate(self.value, self.low, self.high, self.unit, sources=(self.source,) if self.source else ())

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """`count` draws whose median is `value` and whose 5th and 95th percentile are `low` and `high`, none beyond what can be.

        A split normal, in the logarithm when `low` > 0 (so a positive quantity stays positive), else linear; each half is cut off at `least` or
        `most`: a draw beyond is taken again from the same half. There the range holds more than 90 %: a `low` of 0 is then never undercut.

        >>> sample = Given(2.0, 1.0, 4.0, "m").draw(np.random.default_rng(1), 20001)
        >>> bool(abs(np.median(sample) - 2.0) < 0.05 and sample.min() > 0)
        True
        >>> bool(Given(2.0, 0.0, 4.0, "m", least=0.0).draw(np.random.default_rng(1), 20001).min() > 0)
        True
        """
        in_log = self.low > 0
        up, down = _way(self.value, self.high, in_log) / _Z90, _way(self.low, self.value, in_log) / _Z90
        most, least = _way(self.value, self.most, in_log), _way(self.least, self.value, in_log)
        z = _cut(rng.standard_normal(count), least / down if down else math.inf, most / up if up else math.inf)
        step = np.where(z > 0, up, down) * z
        return self.value * np.exp(step) if in_log else self.value + step

    def sourced(self, source: str) -> Given:
        """The same number with this source if it has none of its own."""
        return self if self.source else replace(self, source=source)


def _way(low: float, high: float, in_log: bool) -> float:
    if in_log:
        return float(np.log(high / low)) if low > 0 else math.inf
    return high - low


def _cut(z: Array, down: float, up: float) -> Array:
    """Standard normal draws from -`down` to `up`: one beyond is taken again, from its own half (its excess is the new random number)."""
    limit = np.where(z > 0, up, down)
    if not (beyond := np.abs(z) > limit).any():
        return z
    from scipy.special import ndtr, ndtri

    size, limit = np.abs(z[beyond]), limit[beyond]
    again = ndtri(0.5 + (ndtr(limit) - 0.5) * ndtr(-size) / ndtr(-limit))
    out = z.copy()
    out[beyond] = np.sign(z[beyond]) * again
    return out


def _parse(value: Any, unit: str, change: bool) -> Given:
    if isinstance(value, Given):
        return value
    table = value if isinstance(value, dict) else {"is": value}
    unknown = set(table) - {"is", "low", "high", "source", "note", "known"}
    if unknown or "is" not in table:
        found = f"keys {', '.join(sorted(table))}"
        raise wrong(
            found,
            "keys is, low, high, source",
            'write { is = "0.8 mm", low = "0.6 mm", high = "1 mm", source = "key" }',
        )
    try:
        middle = parse_quantity(table["is"], unit, change=change)
        low = parse_quantity(table.get("low", table["is"]), unit, change=change)
        high = parse_quantity(table.get("high", table["is"]), unit, change=change)
    except RangeError as error:
        raise wrong(f"{error.value}", error.expected, error.remedy) from None
    if not low <= middle <= high:
        raise wrong(
            f"low {low:g}, is {middle:g}, high {high:g} (SI)", "low <= is <= high", "put the three values in order"
        )
    return Given(middle, low, high, unit, str(table.get("source", "")))


def _within(given: Given, least: float, most: float, *, zero: bool) -> Given:
    if not (given.low >= least and given.high <= most) or not (zero or given.low > 0):
        found = f"{given.value:g} ({given.low:g} to {given.high:g}) {given.unit}".rstrip()
        floor = f"at least {least:g}" if zero else "a range above zero"
        raise wrong(
            found, floor if most == math.inf else f"{floor}, at most {most:g}", "check the sign, the unit and the range"
        )
    return replace(given, least=least, most=most)


def quantity(
    unit: str, least: float = -math.inf, most: float = math.inf, *, zero: bool = True, change: bool = False
) -> Any:
    """A field that reads text with a unit (or { is, low, high, source }) into a Given in this SI unit.

    Its range must lie from `least` to `most`, and it is drawn from there; without `zero` the whole range must be above zero;
    a `change` of temperature reads 2 degC as 2 K. Use as
    `volume_m3: quantity("m**3", 0.0) = Field(alias="volume")`.
    """
    return Annotated[Given, BeforeValidator(lambda value: _within(_parse(value, unit, change), least, most, zero=zero))]
