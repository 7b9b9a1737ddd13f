"""How active was the Sun a year ago? The debris flux of NASA91 asks, because drag has been clearing the sky since."""

from __future__ import annotations

import numpy as np

from whipple.physics.cited import Cited

__all__ = ["solar_flux_sfu", "solar_words"]

#: 13-month running means (half weight at both ends) of the observed monthly 10.7 cm flux, solar flux units: one a quarter from the beginning of
#: 1979 to that of 2025. Straight lines between them are within 4.5 units of the mean of any month (0.8 rms).
_FIRST_year, _STEP_year = 1979.0, 0.25
_SMOOTHED_sfu = (
    167, 178, 192, 192, 199, 199, 198, 199, 196, 203, 203, 203, 195, 184, 175, 158,
    150, 139, 121, 119, 116, 107, 101, 88, 78, 75, 75, 76, 74, 74, 74, 73,
    76, 80, 86, 94, 105, 122, 141, 168, 187, 202, 213, 207, 202, 197, 190, 199,
    204, 206, 208, 202, 185, 166, 151, 132, 127, 119, 110, 102, 94, 90, 86, 82,
    81, 79, 77, 74, 73, 72, 72, 72, 73, 76, 81, 87, 96, 107, 118, 127,
    137, 145, 154, 164, 175, 180, 180, 177, 172, 172, 184, 194, 196, 196, 180, 162,
    150, 137, 130, 124, 119, 115, 107, 103, 101, 98, 94, 90, 87, 82, 81, 81,
    79, 77, 73, 72, 71, 70, 69, 68, 69, 69, 71, 74, 75, 78, 80, 85,
    93, 100, 115, 119, 123, 126, 120, 119, 120, 117, 122, 134, 137, 143, 146, 140,
    137, 130, 118, 110, 101, 96, 89, 83, 80, 79, 77, 76, 74, 71, 70, 70,
    70, 70, 70, 70, 69, 70, 73, 75, 77, 79, 82, 91, 103, 114, 125, 140,
    147, 156, 159, 158, 164, 178, 191, 195, 186,
)  # fmt: skip
_SOURCE = "celestrak_sw_smoothed"
#: The model wants the flux of so many years before the epoch.
DELAY_year = Cited(1.0, unit="year", source="kessler1989", grade="recalled")
#: Where the record does not reach: between a quiet and an active Sun.
_TYPICAL_sfu = Cited(110.0, unit="sfu", source="whipple_judgement", grade="proposal")


def solar_flux_sfu(year: float) -> tuple[Cited, bool]:
    """The 10.7 cm flux that the debris flux of this (decimal) year needs, and whether it is the real one.

    The 13-month mean about the moment one year earlier, for 1980 to 2026.0; a typical Sun outside.

    >>> [(round(float(flux)), known) for flux, known in map(solar_flux_sfu, (2022.953, 2022.999, 2023.001, 2040.0))]
    [(101, True), (103, True), (103, True), (110, False)]
    """
    then = year - DELAY_year
    last = _FIRST_year + _STEP_year * (len(_SMOOTHED_sfu) - 1)
    if not _FIRST_year <= then <= last:
        return _TYPICAL_sfu, False
    quarters = _FIRST_year + _STEP_year * np.arange(len(_SMOOTHED_sfu))
    return Cited(float(np.interp(then, quarters, _SMOOTHED_sfu)), unit="sfu", source=_SOURCE, grade="computed"), True


def solar_words(solar_sfu: float, known: bool) -> str:
    """What Sun that is, in words.

    >>> solar_words(101.4, True)
    'the 13-month mean one year before (101 units)'
    """
    what = "the 13-month mean one year before" if known else "a typical Sun, not that of the year"
    return f"{what} ({solar_sfu:.0f} units)"
