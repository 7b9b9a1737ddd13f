"""What a user of `whipple environment showers` asks for, in words: dates, an orbit, limits, outbursts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whipple.commands.orbit_at import moment_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from whipple.environment.forecast import Limits
    from whipple.environment.forecast_orbit import ForecastOrbit
    from whipple.environment.models.outburst_years import Outburst

__all__ = [
    "dates_of",
    "given_outbursts",
    "limits_of",
    "orbit_of",
    "refuse_no_elements",
    "refuse_other_dates",
    "refuse_other_hours",
]

#: Who says so, of an outburst that is typed.
_TYPED = "given on the command line"
_FORM = '"LEO, 2027-11-18T02:00Z, ZHR 500, r 2.2, 60 min" (r and width at half maximum may be left out)'


def dates_of(year: int | None, start: str | None, end: str | None) -> tuple[datetime, datetime]:
    """First and last moment of a forecast: a year, or from and to. Raises RangeError."""
    from datetime import UTC, datetime

    from whipple.errors import RangeError

    if year is not None and start is None and end is None:
        return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    if year is None and start is not None and end is not None:
        first, last = moment_of(start, "--from"), moment_of(end, "--to")
        if last > first:
            return first, last
        raise RangeError("environment showers", "--to", end, "a time after --from")
    raise RangeError(
        "environment showers", "dates", "none or too many", "--at, or --year, or --from and --to", "--year 2022"
    )


def orbit_of(tle: Path | None, orbit: str | None, number: int | None, start: datetime) -> ForecastOrbit:
    """The orbit of a forecast: of element sets, or of an altitude, an inclination and perhaps a node. Raises RangeError."""
    from whipple.casefile.units import parse_quantity
    from whipple.environment.forecast_orbit import orbit_of_elements, orbit_of_shape
    from whipple.errors import RangeError
    from whipple.physics.read_elements import read_elements

    if (tle is None) == (orbit is None):
        raise RangeError(
            "environment showers", "orbit", "none or two", "either --tle or --orbit", '--orbit "415 km, 51.6 deg"'
        )
    if tle is not None:
        sets = [one for one in read_elements(tle) if number in (None, one.catalogue_number)]
        numbers = sorted({one.catalogue_number for one in sets})
        if len(numbers) > 1:
            raise RangeError(str(tle), "catalogue numbers", numbers, "one object", f"--number {numbers[0]}")
        return orbit_of_elements(sets, start)
    parts = [part.strip() for part in (orbit or "").split(",")]
    if len(parts) not in (2, 3):
        raise RangeError(
            "environment showers",
            "--orbit",
            repr(orbit),
            "altitude, inclination and perhaps a node",
            '"415 km, 51.6 deg"',
        )
    altitude, *angles = (
        parse_quantity(text, unit, "--orbit") for text, unit in zip(parts, ("m", "rad", "rad"), strict=False)
    )
    return orbit_of_shape(altitude, angles[0], start, angles[1] if len(angles) > 1 else None)


def refuse_no_elements(tle: Path | None, orbit: str | None, at: str) -> None:
    """RangeError for a moment without element sets: from which side a shower comes depends on where along its orbit the vehicle is."""
    from datetime import timedelta

    from whipple.errors import RangeError

    if orbit is not None:
        first = moment_of(at, "--at").replace(minute=0, second=0, microsecond=0)
        hour = f"--from {first:%Y-%m-%dT%H:%MZ} --to {first + timedelta(hours=1):%Y-%m-%dT%H:%MZ}"
        found = f"--orbit {orbit!r} with --at"
        expected = "--tle FILE with --at: a shape alone does not say where along it the vehicle is, so not which side is struck"
        remedy = f'--at with --tle; or the hour as a mean over the revolution: --orbit "{orbit}" {hour}'
        raise RangeError("environment showers", "orbit", found, expected, remedy)
    if tle is None:
        raise RangeError("environment showers", "--at", at, "--tle FILE beside it", "name the file of element sets")


def limits_of(energy: list[str] | None, mass: list[str] | None, size: list[str] | None) -> Limits:
    """The limits that are counted: energies, masses or sizes, in words. Raises RangeError."""
    import numpy as np

    from whipple.casefile.units import parse_quantity
    from whipple.environment.forecast import ENERGIES, Limits, size_limits
    from whipple.errors import RangeError

    if sum(map(bool, (energy, mass, size))) > 1:
        raise RangeError("environment showers", "limits", "several kinds", "one of --energy, --mass, --size")
    if mass:
        return Limits("mass", np.array([parse_quantity(text, "kg", "--mass") for text in mass]))
    if size:
        return size_limits([parse_quantity(text, "m", "--size") for text in size])
    return (
        Limits("energy", np.array([parse_quantity(text, "J", "--energy") for text in energy])) if energy else ENERGIES
    )


def given_outbursts(texts: list[str] | None) -> tuple[Outburst, ...]:
    """Outbursts in words: IAU code, time of the peak (UTC), rate on top of the annual shower, perhaps r and full width at half maximum.

    RangeError for one that cannot be, or that is given twice.

    >>> storm = given_outbursts(["LEO, 2027-11-18T02:00Z, ZHR 500, r 2.2, 90 min"])[0]
    >>> storm.title, storm.zhr, storm.population_ratio, storm.width_h
    ('Leonids 2027 outburst', 500.0, 2.2, 1.5)
    """
    from whipple.environment.outbursts_given import ONCE, peaks_again
    from whipple.errors import RangeError

    given = tuple(_outburst(text) for text in texts or [])
    for again in peaks_again([(one.code, one.at) for one in given]).values():
        raise RangeError("environment showers", "--outburst", again, ONCE, "leave one out, or correct its time")
    return given


def refuse_other_dates(given: tuple[Outburst, ...], first: datetime, last: datetime) -> None:
    """RangeError for an outburst whose peak is not within the forecast: a slip in its year would leave it out unseen."""
    from whipple.errors import RangeError

    for one in given:
        if not first <= one.at <= last:
            dates = f"a peak from {first:%Y-%m-%d} to {last:%Y-%m-%d}, the dates of the forecast"
            raise RangeError(
                "environment showers",
                "--outburst",
                f"{one.code} at {one.at:%Y-%m-%d %H:%M}",
                dates,
                "correct its date, or the dates",
            )


def refuse_other_hours(given: tuple[Outburst, ...], moment: datetime) -> None:
    """RangeError for an outburst that adds nothing at a moment: a slip in its date would leave it out unseen."""
    from whipple.environment.models.outburst_years import reach_h
    from whipple.errors import RangeError

    for one in given:
        if abs((moment - one.at).total_seconds()) / 3600.0 > reach_h(one):
            expected = f"a peak within {reach_h(one):.1f} h of --at, beyond which less than a thousandth of it is left"
            found = f"{one.code} at {one.at:%Y-%m-%d %H:%M}"
            raise RangeError("environment showers", "--outburst", found, expected, "correct its date, or --at")


def _outburst(text: str) -> Outburst:
    from whipple.casefile.units import parse_quantity
    from whipple.environment.outbursts_given import given_outburst
    from whipple.errors import RangeError

    code, _, rest = (part.strip() for part in text.partition(","))
    when, _, more = (part.strip() for part in rest.partition(","))
    values = {"zhr": 0.0, "r": 0.0, "width_h": 0.0}
    for part in filter(None, (part.strip() for part in more.split(","))):
        named = re.fullmatch(r"(zhr|r)\s+(\d+\.?\d*|\.\d+)", part, re.IGNORECASE)
        if named:
            values[named[1].lower()] = float(named[2])
        else:
            values["width_h"] = parse_quantity(part, "s", "--outburst") / 3600.0
    zhr = values["zhr"]
    if not (0 < zhr <= 1e6 and (values["r"] == 0 or 1.8 <= values["r"] <= 3.5) and 0 <= values["width_h"] <= 240):
        raise RangeError("environment showers", "--outburst", repr(text), "a rate, r of 1.8 to 3.5, a width", _FORM)
    return given_outburst(
        code.upper(), moment_of(when, "--outburst"), (zhr, zhr, zhr), width_h=values["width_h"], ratio=values["r"],
        source=_TYPED,
    )  # fmt: skip
