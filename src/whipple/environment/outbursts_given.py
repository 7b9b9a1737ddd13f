"""Outbursts that somebody gives: are they in the season of their shower, and what do they replace?

A given outburst of the shower and hour of a reported one is the same event told again, so it replaces it; adding would count it twice.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from whipple.casefile.estimate import Caveat
from whipple.casefile.problems import near_match
from whipple.casefile.tables.outburst import OutburstTable
from whipple.environment.models.moorhead_activity import SHOWERS, wrap_deg
from whipple.environment.models.outburst_years import OUTBURSTS, Outburst, excess_zhr_per_h, marked, slope_per_h
from whipple.environment.outbursts import spoken
from whipple.errors import Problem, RangeError
from whipple.physics.cited import Cited
from whipple.physics.sun import solar_longitude_rad

__all__ = [
    "ONCE",
    "Known",
    "given_outburst",
    "known_with",
    "outburst_problems",
    "outbursts_of_rows",
    "peaks_again",
    "season_deg",
]

#: A rate that somebody predicts is taken to be good to this factor (90 %) where no range is given.
DOUBT_factor = Cited(2.0, unit="", source="whipple_judgement", grade="proposal")
#: A shower that only bursts is looked for this far from the longitudes of its reported outbursts: the June Bootids (1998: 95.7 deg) were met at
#: 90.2 deg in 2022 (Global Meteor Network) and on 3 July in 1921 (101 deg).
AROUND_NODE_deg = Cited(10.0, unit="deg", source="whipple_judgement", grade="proposal")
#: What is expected of the peaks that are given.
ONCE = "each peak once: it would be counted twice"
_DEG_PER_DAY = 360.0 / 365.25636
_NAMES = {one.code: one.name for one in OUTBURSTS} | {one.code: one.name for one in SHOWERS}
#: Name; right ascension, declination (deg), geocentric km/s, as in the table of reports.
Own = tuple[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Known:
    """Every outburst that counts, reported and given, those that somebody gave, and a caveat for each of these that replaced a report."""

    outbursts: tuple[Outburst, ...] = OUTBURSTS
    given: tuple[Outburst, ...] = ()
    caveats: tuple[Caveat, ...] = ()


def season_deg(code: str) -> tuple[float, float]:
    """Solar longitudes (deg) between which a shower is active: as listed, or 10 deg either side of its reported outbursts.

    >>> season_deg("LEO"), [round(x, 1) for x in season_deg("AMO")]
    ((224.0, 245.0), [229.3, 249.3])
    """
    listed = next((one for one in SHOWERS if one.code == code), None)
    if listed is not None:
        return listed.begin, listed.end
    met = [_longitude_deg(one.at) for one in OUTBURSTS if one.code == code]
    return min(met) - AROUND_NODE_deg, max(met) + AROUND_NODE_deg


def given_outburst(
    code: str, at: datetime, zhr: tuple[float, float, float], *, width_h: float = 0.0, ratio: float = 0.0,
    source: str, total: bool = False, note: str = "", own: Own | None = None,
) -> Outburst:  # fmt: skip
    """An outburst as somebody gives it: rate and its 90 % range, a factor 2 both ways where the range has no width.

    `own`: name and radiant of a shower that is not listed; its season cannot be checked. Raises RangeError for a shower that nobody knows, one
    that is listed with a radiant of its own, a peak outside the season of its shower, and a rate that, the annual shower in it, is no more than
    that shower brings on the day.

    >>> from datetime import UTC
    >>> storm = given_outburst("LEO", datetime(2027, 11, 18, 2, tzinfo=UTC), (500, 500, 500), source="whipple_judgement")
    >>> storm.title, storm.low, storm.high
    ('Leonids 2027 outburst', 250.0, 1000.0)
    """
    name, radiant = own or _listed(code)
    if own is None:
        _refuse_other_season(code, at)
    elif code in _NAMES:
        expected = "no radiant of its own: this shower is listed"
        raise RangeError(
            "outburst", "shower", repr(code), expected, "leave name, radiant and speed out, or give another code"
        )
    middle, low, high = zhr
    if low == high:
        low, high = middle / DOUBT_factor, middle * DOUBT_factor
        note = "; ".join(filter(None, (note, f"no range given: a factor {DOUBT_factor:g} both ways")))
    one = Outburst(
        code, name, f"{at:%Y-%m-%dT%H:%M}", middle, low, high, width_h, ratio, source, "proposal",
        total=total, radiant=radiant, note=note,
    )  # fmt: skip
    if not excess_zhr_per_h(one, [0.0])[0] > 0:
        found, expected = (
            f"{middle:g} with annual_included",
            f"more than the {name} bring on that day every year",
        )
        raise RangeError("outburst", "zhr", found, expected, "correct the rate, or leave annual_included out")
    return one


def _listed(code: str) -> Own:
    """Name of a listed shower, and its radiant where only reports of outbursts have one."""
    if code in _NAMES:
        radiants = (one.radiant for one in OUTBURSTS if one.code == code and any(one.radiant))
        return _NAMES[code], next(radiants, (0.0, 0.0, 0.0))
    listed = sorted(_NAMES)
    expected = "one of: " + ", ".join(listed) + "; or another with its name, radiant and speed in a table"
    raise RangeError("outburst", "shower", repr(code), expected, near_match(code, listed, "use one of them"))


def _refuse_other_season(code: str, at: datetime) -> None:
    begin, end = season_deg(code)
    longitude = _longitude_deg(at)
    if (longitude - begin) % 360.0 > (end - begin) % 360.0:
        first = _when(begin, at)
        dates = f"{first:%d %b} to {_when(end, first):%d %b} (solar longitude {begin:.4g} to {end:.4g} deg)"
        found = f"{at:%Y-%m-%d %H:%M} UTC (solar longitude {longitude:.1f} deg)"
        expected = f"a time of the {_NAMES[code]}, {dates}"
        raise RangeError("outburst", "peak", found, expected, "correct the date, or the shower")


def _longitude_deg(at: datetime) -> float:
    return float(np.degrees(solar_longitude_rad(at)))


def _when(longitude_deg: float, near: datetime) -> datetime:
    """The moment nearest to another at which the Sun is at a longitude."""
    for _ in range(4):
        near += timedelta(days=wrap_deg(longitude_deg - _longitude_deg(near)) / _DEG_PER_DAY)
    return near


def outbursts_of_rows(rows: Sequence[OutburstTable]) -> tuple[Outburst, ...]:
    """The outbursts of [[orbit.outburst]] or [[assess.outburst]]. Raises RangeError, see `given_outburst`."""
    return tuple(_of_row(row) for row in rows)


def _of_row(row: OutburstTable) -> Outburst:
    rate, width, own = row.zhr_per_h, row.width_s, None
    if row.radiant_rad is not None and row.speed_m_s is not None:
        ra, dec = (float(np.degrees(angle.value)) for angle in row.radiant_rad)
        own = row.name, (ra, dec, row.speed_m_s.value / 1e3)
    return given_outburst(
        row.shower, row.peak, (rate.value, rate.low, rate.high), width_h=width.value / 3600.0 if width else 0.0,
        ratio=row.population_index or 0.0, source=row.source, total=row.annual_included, note=row.note, own=own,
    )  # fmt: skip


def peaks_again(peaks: Sequence[tuple[str, datetime]]) -> dict[int, str]:
    """Those of these peaks (code of the shower, time) that were told before, by place, in words: they would be counted twice.

    >>> from datetime import UTC
    >>> peaks_again([("LEO", datetime(2027, 11, 18, 2, tzinfo=UTC))] * 2)
    {1: 'LEO at 2027-11-18 02:00 UTC again'}
    """
    return {
        i: f"{code} at {at:%Y-%m-%d %H:%M} UTC again" for i, (code, at) in enumerate(peaks) if peaks[i] in peaks[:i]
    }


def outburst_problems(rows: Sequence[OutburstTable], sources: Container[str], file: str, table: str) -> list[Problem]:
    """Why an outburst of a table cannot be: a shower nobody knows, another season, given twice, a source not listed. Never raises."""
    problems, again = [], peaks_again([(row.shower, row.peak) for row in rows])
    for i, row in enumerate(rows):
        where = f"{table}.outburst[{i}]"
        if i in again:
            problems.append(Problem(file, where, again[i], ONCE, "leave one out, or correct its time"))
        try:
            _of_row(row)
        except RangeError as error:
            key = f"{where}.{error.argument}"
            problems.append(Problem(file, key, str(error.value), error.expected, error.remedy))
        if row.source not in sources:
            expected, remedy = "a key of sources.toml", "add the source there, or name one that is there"
            problems.append(Problem(file, f"{where}.source", repr(row.source), expected, remedy))
    return problems


def known_with(given: Sequence[Outburst], known: Known | None = None) -> Known:
    """The outbursts known with those given: one of the shower and hour of another that was known before replaces it.

    The same hour: peaks no further apart than an hour, or half the sum of their widths.

    >>> from datetime import UTC
    >>> again = given_outburst("LEO", datetime(1999, 11, 18, 2, 30, tzinfo=UTC), (3700, 3000, 4500), source="arlt1998")
    >>> [one.zhr for one in known_with([again]).outbursts if one.at.year == 1999]
    [3700]
    """
    before = known or Known()
    replaced = {one: [old for old in before.outbursts if _same(one, old)] for one in given}
    gone = {old for olds in replaced.values() for old in olds}
    outbursts = marked([*(one for one in before.outbursts if one not in gone), *given])
    mine = [replace(one, mark="") for one in (*before.given, *given)]
    return Known(
        outbursts,
        tuple(one for one in outbursts if replace(one, mark="") in mine),
        (*before.caveats, *(_said(one, olds) for one, olds in replaced.items() if olds)),
    )


def _same(one: Outburst, other: Outburst) -> bool:
    apart = abs((one.at - other.at).total_seconds()) / 3600.0
    return one.code == other.code and apart <= max(1.0, sum(np.log10(2) / slope_per_h(each) for each in (one, other)))


def _said(one: Outburst, olds: Sequence[Outburst]) -> Caveat:
    text = (
        f"The {one.name} outburst given for {one.at:%d %b %Y %H:%M} UTC [{one.source}] takes the place of what was known of the same hour, which is "
        f"not counted beside it: {'; '.join(map(spoken, olds))}. Leave the given one out to go by that."
    )
    return Caveat("shower-outburst-replaced", text)
