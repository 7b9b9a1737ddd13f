"""[[orbit.outburst]] of case.toml and [[assess.outburst]] of assess.toml: an outburst of a shower that the table of reported ones has not."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from whipple.casefile.given import quantity
from whipple.casefile.mistake import wrong
from whipple.casefile.tables.table import Moment, Table

__all__ = ["OutburstTable"]

_LONGEST_s = 10 * 86_400.0


class OutburstTable(Table):
    """[[orbit.outburst]], [[assess.outburst]]: a peak of a shower, predicted or reported, on top of what it brings every year.

    `shower` is its IAU code; `peak` the time of the maximum (UTC); `zhr` the rate at the maximum, per hour (a bare number is taken to be
    good to a factor 2), without the annual shower unless `annual_included`; `width` the full width at half of the maximum; `r` the
    population index. Width and r may be left out. A shower that no list here has needs r, its `name`, its `radiant` (right ascension and
    declination, J2000, at the peak) and its geocentric `speed`.
    """

    shower: Annotated[str, BeforeValidator(lambda value: value.strip().upper() if isinstance(value, str) else value)]
    peak: Moment
    zhr_per_h: quantity("", 0.0, 1e6, zero=False) = Field(alias="zhr")  # type: ignore[valid-type]
    width_s: quantity("s", 0.0, _LONGEST_s, zero=False) | None = Field(alias="width", default=None)  # type: ignore[valid-type]
    population_index: float | None = Field(alias="r", default=None, ge=1.8, le=3.5)
    annual_included: bool = False
    name: str = ""
    radiant_rad: tuple[quantity("rad"), quantity("rad", -1.5708, 1.5708)] | None = Field(alias="radiant", default=None)  # type: ignore[valid-type]
    speed_m_s: quantity("m/s", 5e3, 75e3) | None = Field(alias="speed", default=None)  # type: ignore[valid-type]
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        own = {"name": self.name, "radiant": self.radiant_rad, "speed": self.speed_m_s}
        needed = own | {"r": self.population_index}
        if any(own.values()) and not all(needed.values()):
            found = "only " + " and ".join(key for key, value in needed.items() if value)
            expected = "name, radiant, speed and r together, of a shower that is not listed"
            raise wrong(found, expected, "add the others, or leave them out for a listed shower")
        return self
