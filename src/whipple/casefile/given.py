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
    """`value` with its 90 % range `low`..`high`, all in the SI `unit`; `source` "" means the table's own source."""

    value: float
    low: float
    high: float
    unit: str
    source: str = ""

    def estimate(self) -> Estimate:
        """The same number as an Estimate.

        >>> Given(2.0, 1.0, 4.0, "m", "s").estimate().high
        4.0
        """
        return Estimate(self.value, self.low, self.high, self.unit, sources=(self.source,) if self.source else ())

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """`count` draws whose median is `value` and whose 5th and 95th percentile are `low` and `high`.

        A split normal, in the logarithm when `low` > 0 (so a positive quantity stays positive), else linear.

        >>> sample = Given(2.0, 1.0, 4.0, "m").draw(np.random.default_rng(1), 20001)
        >>> bool(abs(np.median(sample) - 2.0) < 0.05 and sample.min() > 0)
        True
        """
        z = rng.standard_normal(count)
        if self.low > 0:
            up, down = np.log(self.high / self.value) / _Z90, np.log(self.value / self.low) / _Z90
            return self.value * np.exp(np.where(z > 0, up, down) * z)
        return self.value + np.where(z > 0, (self.high - self.value) / _Z90, (self.value - self.low) / _Z90) * z

    def sourced(self, source: str) -> Given:
        """The same number with this source if it has none of its own."""
        return self if self.source else replace(self, source=source)


def _parse(value: Any, unit: str) -> Given:
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
        middle = parse_quantity(table["is"], unit)
        low = parse_quantity(table.get("low", table["is"]), unit)
        high = parse_quantity(table.get("high", table["is"]), unit)
    except RangeError as error:
        raise wrong(f"{error.value}", error.expected, error.remedy) from None
    if not low <= middle <= high:
        raise wrong(
            f"low {low:g}, is {middle:g}, high {high:g} (SI)", "low <= is <= high", "put the three values in order"
        )
    return Given(middle, low, high, unit, str(table.get("source", "")))


def _within(given: Given, least: float, most: float, *, zero: bool) -> Given:
    if not (given.low >= least and given.high <= most) or (not zero and not given.value > 0):
        found = f"{given.value:g} ({given.low:g} to {given.high:g}) {given.unit}".rstrip()
        floor = f"at least {least:g}" if zero else "above zero"
        raise wrong(
            found, floor if most == math.inf else f"{floor}, at most {most:g}", "check the sign, the unit and the range"
        )
    return given


def quantity(unit: str, least: float = -math.inf, most: float = math.inf, *, zero: bool = True) -> Any:
    """A field that reads text with a unit (or { is, low, high, source }) into a Given in this SI unit.

    Its range must lie from `least` to `most`; without `zero` the value itself must be above zero. Use as
    `volume_m3: quantity("m**3", 0.0) = Field(alias="volume")`.
    """
    return Annotated[Given, BeforeValidator(lambda value: _within(_parse(value, unit), least, most, zero=zero))]
