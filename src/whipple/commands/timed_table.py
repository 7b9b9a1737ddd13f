"""Columns of a table without a case: times that are known to be seconds and can be dates, units that the columns' names do not contradict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from whipple.errors import RangeError
from whipple.physics.dates import DATED_S, LAST_FLIGHT, UNIX_ZERO, flown_at

__all__ = ["TimedTable", "read_timed", "unit_of"]

#: The units of a column of times, and how else a name may end.
_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0}
_TIME_ENDS = {
    **{unit: unit for unit in _SECONDS}, "sec": "s", "secs": "s", "second": "s", "seconds": "s", "millis": "ms", "micros": "us", "nanos": "ns",
    "minutes": "min", "mins": "min", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "d": "day", "days": "day",
}  # fmt: skip
_PRESSURE_ENDS = {
    "pa": "Pa", "hpa": "hPa", "kpa": "kPa", "mpa": "MPa", "bar": "bar", "mbar": "mbar", "psi": "psi", "psia": "psi", "torr": "torr",
    "mmhg": "mmHg", "atm": "atm",
}  # fmt: skip
_WARMTH_ENDS = {
    "degc": "degC",
    "celsius": "degC",
    "c": "degC",
    "degf": "degF",
    "fahrenheit": "degF",
    "f": "degF",
    "k": "K",
    "kelvin": "K",
}


@dataclass(frozen=True)
class TimedTable:
    """Channels with times in seconds since `zero`; `undated` when `zero` stands for a start that nobody gave."""

    zero: datetime
    channels: tuple[Any, ...]
    undated: bool


def unit_of(columns: Sequence[str], typed: str, default: str, option: str) -> str:
    """The unit as typed, else `default`; RangeError when a column's name ends in another unit and none was typed.

    >>> unit_of(["p1", "p2_bar"], "", "bar", "--unit"), unit_of(["p_kPa"], "kPa", "bar", "--unit")
    ('bar', 'kPa')
    """
    if typed:
        return typed
    ends = _WARMTH_ENDS if default == "degC" else _PRESSURE_ENDS
    for column in columns:
        found = ends.get(_ending(column), default)
        if found != default:
            raise RangeError(
                "telemetry detect",
                option,
                f"the default {default}",
                f"the unit of the column {column!r}, whose name ends in {found}",
                f"write {option} {found}, or {option} {default} if that is what the numbers are",
            )
    return default


def _ending(name: str) -> str:
    """The last word of a name of several, small letters.

    >>> _ending("p1 [kPa]"), _ending("time_ms"), _ending("time")
    ('kpa', 'ms', '')
    """
    words = re.findall(r"[A-Za-z]+", name)
    return words[-1].lower() if re.search(r"[A-Za-z][^A-Za-z]+[A-Za-z]+[^A-Za-z]*$", name) else ""


def read_timed(
    path: Path, time_column: str, columns: Sequence[str], epoch: datetime | None, unit: str = ""
) -> TimedTable:
    """Columns of a table with the time in seconds since `epoch` (or the first date, or 1970).

    Dates are read as such. Numbers are seconds since 1970 when they can be; else `unit` must say what they are, or the column's name must
    end in "s". Raises RangeError when nobody says, and for times outside the years 1957 to 2100; CaseError for what cannot be read.
    """
    from whipple.casefile.read_channels import read_table

    if epoch is not None and flown_at(epoch, 0.0) is None:
        raise RangeError(
            "telemetry", "--epoch", epoch.isoformat(), "a time in the years 1957 to 2100", "correct the year"
        )
    origin, channels = read_table(path, time_column, columns)
    if origin != UNIX_ZERO:
        zero, factor, shift_s = epoch or origin, 1.0, (origin - (epoch or origin)).total_seconds()
    else:
        zero, factor, shift_s = epoch or origin, _factor(time_column, _ends(channels), unit), 0.0
    channels = tuple(replace(one, t_s=factor * one.t_s + shift_s) for one in channels)
    first_s, last_s = _ends(channels)
    if origin == UNIX_ZERO and epoch not in (None, UNIX_ZERO) and max(abs(first_s), abs(last_s)) >= DATED_S:
        raise _wrong(
            time_column,
            first_s,
            last_s,
            "s after --epoch",
            "seconds since the epoch",
            "leave --epoch out: the numbers are dates already",
        )
    _refuse_impossible(time_column, zero, first_s, last_s)
    return TimedTable(zero, channels, origin == UNIX_ZERO and epoch is None and last_s < DATED_S)


def _ends(channels: Sequence[Any]) -> tuple[float, float]:
    """The first and the last time of all channels; zero without samples."""
    times = [float(t) for one in channels if one.t_s.size for t in (one.t_s[0], one.t_s[-1])]
    return (min(times), max(times)) if times else (0.0, 0.0)


def _factor(column: str, ends: tuple[float, float], unit: str) -> float:
    """Seconds in one unit of a column of numbers."""
    if unit:
        if unit not in _SECONDS:
            raise RangeError("telemetry", "--time-unit", repr(unit), f"one of: {', '.join(_SECONDS)}")
        return _SECONDS[unit]
    named = _TIME_ENDS.get(_ending(column), "")
    if named == "s" or (not named and _dates(ends, 1.0)):
        return 1.0
    fits = named or next((one for one in ("ms", "us", "ns") if _dates(ends, _SECONDS[one])), "")
    remedy = (
        f"write --time-unit {fits}" if fits else "write --time-unit s, min or h: the unit of these times since a start"
    )
    raise _wrong(column, *ends, "of an unknown unit", "dates, seconds since 1970, or the unit of the time", remedy)


def _dates(ends: tuple[float, float], factor: float) -> bool:
    return factor * ends[0] >= DATED_S and factor * ends[1] < LAST_FLIGHT.timestamp()


def _refuse_impossible(column: str, zero: datetime, first_s: float, last_s: float) -> None:
    if flown_at(zero, first_s) is None or flown_at(zero, last_s) is None:
        remedy = "write dates or seconds, or say --time-unit ms (telemetry detect); correct --epoch or the dates"
        raise _wrong(column, first_s, last_s, f"s after {zero.isoformat()}", "times in the years 1957 to 2100", remedy)


def _wrong(column: str, first: float, last: float, what: str, expected: str, remedy: str) -> RangeError:
    return RangeError("telemetry", f"column {column!r}", f"{first:.10g} to {last:.10g} {what}", expected, remedy)
