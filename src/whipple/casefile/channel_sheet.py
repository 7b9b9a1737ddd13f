"""A table of telemetry as read: its clock, its numbers, and what is wrong with it, line by line. It becomes channels."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import CaseError, Problem
from whipple.physics.dates import DATED_S, UNIX_ZERO

__all__ = [
    "Channel",
    "Sheet",
    "after",
    "channel_of",
    "distant_problems",
    "idle_problems",
    "missing_column",
    "missing_file",
    "sheet_of",
    "sheet_problems",
]

_YEAR_s = 365.25 * 86400.0
#: No sample of a record nearer to the first sign than this: it is of something else.
_FAR_days = 60.0


@dataclass(frozen=True)
class Channel:
    """One signal: `t_s` (n,) seconds since the epoch, strictly increasing, and `value` (n,) in `unit`, the unit of the file.

    `dropped_count` samples without a value or with a repeated time stamp were left out.
    """

    name: str
    t_s: Array
    value: Array
    unit: str
    simulated: bool
    dropped_count: int = 0


@dataclass(frozen=True)
class Sheet:
    """A file as read: seconds (since 1970 when `dated`), numbers with NaN for blanks, and the lines that are not numbers.

    `blank` says which cells are empty; the other NaN stand for values that are not numbers.
    """

    seconds: Array
    dated: bool
    bad_times: tuple[tuple[int, str], ...]
    values: dict[str, Array]
    bad_values: dict[str, tuple[tuple[int, str], ...]]
    blank: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)


def sheet_of(got: dict[str, Any], names: Sequence[str]) -> Sheet:
    """What DuckDB gave for `table_sql.time_sql` and `number_sql`, as a sheet."""
    number, micros = _numbers(got["number"]), _numbers(got["micros"])
    dated = bool(np.isfinite(micros).sum() > np.isfinite(number).sum())  # whichever reads more rows
    seconds = micros / 1e6 if dated else number
    values = {name: _numbers(got[f"v{i}"]) for i, name in enumerate(names)}
    bad = {name: _not_numbers(values[name], got[f"s{i}"]) for i, name in enumerate(names)}
    blank = {name: _blank(values[name], got[f"s{i}"]) for i, name in enumerate(names)}
    return Sheet(seconds, dated, _not_numbers(seconds, got["text"], blank_ok=False), values, bad, blank)


def _numbers(column: Any) -> Array:
    filled = (
        column.filled(np.nan)
        if np.ma.isMaskedArray(column) and column.dtype.kind == "f"
        else np.ma.getdata(column).astype(float)
    )
    return np.where(np.ma.getmaskarray(column), np.nan, filled)


def _not_numbers(value: Array, text: Any, blank_ok: bool = True) -> tuple[tuple[int, str], ...]:
    """(line, text) of the entries that could not be read; blanks, "nan" and "null" are gaps, not errors."""
    rows = np.flatnonzero(~np.isfinite(value))
    shown = [(int(i) + 2, "" if np.ma.getmaskarray(text)[i] else str(text[i]).strip()) for i in rows]
    return tuple(
        (line, word) for line, word in shown if not (blank_ok and word.lower() in {"", "nan", "null", "na", "none"})
    )


def _blank(value: Array, text: Any) -> npt.NDArray[np.bool_]:
    """Which cells are empty, or say so; "nan" is a value that is not a number."""
    out = np.ma.getmaskarray(text).copy()
    rows = np.flatnonzero(~np.isfinite(value) & ~out)
    out[rows] = [str(text[i]).strip().lower() in {"", "null", "na", "none"} for i in rows]
    return out


def sheet_problems(
    shown: str, column: str, time_column: str, sheet: Sheet, *, since_1970: bool = False
) -> list[Problem]:
    """Every line of this column, and of the clock, that is no number, a clock that goes back, and one that counts since another epoch.

    `since_1970`: numbers in the time column are seconds since 1970, else since the epoch of the case.
    """
    bad_values = sheet.bad_values[column]
    if whole := _of_the_whole_file(shown, sheet.bad_times, bad_values):
        return [whole]
    problems = []
    for name, bad in ((time_column, sheet.bad_times), (column, bad_values)):
        if bad:
            expected, remedy = _TIMES if name == time_column else _NUMBERS
            found = f"{bad[0][1]!r} in line {bad[0][0]}" + (f" and {len(bad) - 1} more" if len(bad) > 1 else "")
            problems.append(Problem(shown, name, found, expected, remedy))
    astray = [] if sheet.dated or since_1970 else _of_another_epoch(shown, time_column, sheet.seconds)
    return problems + _backward(shown, time_column, sheet.seconds) + astray


#: What is expected of a time and of a number, and what to try.
_TIMES = "ISO 8601 UTC, or seconds since the epoch", "write 2022-12-15T00:45:00Z; correct or delete these lines"
_NUMBERS = "a number", "correct or delete these lines; leave a gap empty"


def _of_the_whole_file(
    shown: str, bad_times: Sequence[tuple[int, str]], bad_values: Sequence[tuple[int, str]]
) -> Problem | None:
    """What is wrong with every column alike, so that it is told once: decimal commas, a row of units below the header."""
    if bad_values and all(re.fullmatch(r"[+-]?\d+,\d+", word) for _, word in bad_values):
        found, remedy = "numbers with a comma", "export with decimal points (or replace each comma in a number)"
        return Problem(shown, "", f"{found}, first in line {bad_values[0][0]}", "decimal points", remedy)
    if bad_times and bad_values and {line for line, _ in (*bad_times, *bad_values)} == {2}:
        remedy = "delete that line: units are said in [[channel]]"
        return Problem(shown, "", "words in line 2, below the header", "numbers from line 2 on", remedy)
    return None


def _of_another_epoch(shown: str, time_column: str, seconds: Array) -> list[Problem]:
    far = np.flatnonzero(np.abs(seconds) > DATED_S)
    if far.size == 0:
        return []
    line = int(far[0])
    found = f"{seconds[line]:.15g} in line {line + 2}, which is {seconds[line] / _YEAR_s:.3g} years from the epoch"
    remedy = "write ISO 8601 times, or subtract the epoch: Unix seconds or milliseconds are not read as dates"
    return [Problem(shown, time_column, found, f"seconds since the epoch, at most {DATED_S:g}", remedy)]


def _backward(shown: str, time_column: str, seconds: Array) -> list[Problem]:
    kept = np.flatnonzero(np.isfinite(seconds))
    back = np.flatnonzero(np.diff(seconds[kept]) < 0)
    if back.size == 0:
        return []
    found = f"time going backwards {back.size} times, first in line {int(kept[back[0] + 1]) + 2}"
    remedy = "sort the file by time, or split it where the clock was reset"
    return [Problem(shown, time_column, found, "time that never goes back", remedy)]


def distant_problems(shown: str, time_column: str, sheet: Sheet, epoch: datetime) -> list[Problem]:
    """A record that ends long before the epoch of the case or begins long after it: a wrong year, or a wrong epoch."""
    since = (sheet.seconds - (epoch.timestamp() if sheet.dated else 0.0)) / 86_400.0
    known = since[np.isfinite(since)]
    if not known.size or not (known.max() < -_FAR_days or known.min() > _FAR_days):
        return []
    near, far = sorted(np.abs([known.min(), known.max()]))
    side = "before" if known.max() < 0 else "after"
    found = f"a record of {near:.0f} to {far:.0f} days {side} the epoch of the case"
    remedy = "correct the dates of the file, or case.epoch"
    return [Problem(shown, time_column, found, f"a record less than {_FAR_days:g} days from it", remedy)]


def idle_problems(shown: str, column: str, name: str, sheet: Sheet) -> list[Problem]:
    """A column with fewer than two numbers that have a time, which nothing can be read from; a file without rows is told as one."""
    count = int((np.isfinite(sheet.seconds) & np.isfinite(sheet.values[column])).sum())
    if count > 1:
        return []
    rows = sheet.seconds.size
    key = f"channel {name}" if rows > 1 else ""
    found = f"{count} usable samples in {rows} rows"
    expected = "at least 2, each a number and its time"
    return [Problem(shown, key, found, expected, "export the telemetry again, or leave the channel out")]


def channel_of(column: str, shown: str, sheet: Sheet, epoch: datetime, time_column: str) -> Channel:
    """One column as a channel, times since `epoch` (1970: any number of seconds). Raises CaseError as `sheet_problems` tells."""
    problems = sheet_problems(shown, column, time_column, sheet, since_1970=epoch == UNIX_ZERO)
    if problems:
        raise CaseError(problems)
    seconds = sheet.seconds - (epoch.timestamp() if sheet.dated else 0.0)
    value = sheet.values[column]
    kept = np.flatnonzero(np.isfinite(seconds) & np.isfinite(value))
    kept = kept[np.concatenate([[True], np.diff(seconds[kept]) > 0])] if kept.size else kept
    return Channel(column, seconds[kept], value[kept], "", False, int(value.size - kept.size))


def after(quiet: Channel, channel: Channel, shown: str) -> Channel:
    """The channel behind its quiet record, which the file `shown` holds. Raises CaseError when that is not earlier."""
    if not quiet.t_s.size or not channel.t_s.size or quiet.t_s[-1] >= channel.t_s[0]:
        found = "a quiet record without samples, or one that does not end before the record begins"
        raise CaseError(
            [Problem(shown, channel.name, found, "an earlier record", "cut it off where the record begins")]
        )
    t_s, value = np.concatenate([quiet.t_s, channel.t_s]), np.concatenate([quiet.value, channel.value])
    return replace(channel, t_s=t_s, value=value, dropped_count=quiet.dropped_count + channel.dropped_count)


def missing_file(path: Path, shown: str) -> Problem:
    """A file that is not there, with the name in its folder that it resembles."""
    beside = sorted(p.name for p in path.parent.iterdir() if p.is_file()) if path.parent.is_dir() else []
    stems = {Path(name).stem: name for name in beside}
    near = [stems[stem] for stem in difflib.get_close_matches(path.stem, stems, 1, 0.8)]
    expected = "a CSV, Parquet, HDF5 or netCDF file, or a folder of Parquet files"
    remedy = f"did you mean {near[0]!r}?" if near else "put the file into the case folder"
    return Problem(shown, "", "no such file", expected, remedy)


def missing_column(shown: str, column: str, found: Sequence[str]) -> Problem:
    """A column that is not there, with the one it resembles."""
    near = difflib.get_close_matches(column, found, 1, 0.5)
    listed = ", ".join(found[:12]) + (", ..." if len(found) > 12 else "")
    remedy = f"did you mean {near[0]!r}?" if near else "name one of them"
    return Problem(shown, column, f"no such column; the columns are {listed}", f"a column {column!r}", remedy)
