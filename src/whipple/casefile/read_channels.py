"""Telemetry files: columns of CSV and Parquet (a file or a folder), HDF5 and netCDF become channels, each with its own clock. DuckDB stays here."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.casefile.read_arrays import ARRAY_FILES, names_of, read_arrays
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.units import parse_quantity
from whipple.errors import CaseError, InvestigationError, Problem

__all__ = [
    "Channel",
    "Table",
    "check_channel_file",
    "columns_of",
    "open_table",
    "read_channel",
    "read_channels",
    "read_rows",
    "read_table",
    "scale_to_si",
]

#: A time of day that ends in its zone. DuckDB forgets the zone when it casts to TIMESTAMP, and takes the machine's zone where there is
#: none when it casts to TIMESTAMPTZ: each text goes through the cast that reads it right, and without a zone it is UTC.
_ZONE = r":\d\d([.,]\d+)?\s*([Zz]|[+-]\d\d(:?\d\d)?)\s*$"
_APOSTROPHE = "'"
#: Kinds of columns that are words; a memory limit above which DuckDB goes to disk.
_WORD_KINDS, _MEMORY = ("VARCHAR", "ENUM"), "2GB"


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
class _Sheet:
    """A file as read: seconds (since 1970 when `dated`), numbers with NaN for blanks, and the lines that are not numbers."""

    seconds: Array
    dated: bool
    bad_times: tuple[tuple[int, str], ...]
    values: dict[str, Array]
    bad_values: dict[str, tuple[tuple[int, str], ...]]


def read_channels(case: Case) -> tuple[Channel, ...]:
    """Every channel of the case, in the order of case.toml; each file is parsed once.

    Raises CaseError naming file, column or line when a file does not hold what the case says.
    """
    sheets: dict[tuple[str, str], _Sheet] = {}
    for file, clock in dict.fromkeys((channel.file, channel.time_column) for channel in case.channels):
        columns = [c.column for c in case.channels if (c.file, c.time_column) == (file, clock)]
        sheets[file, clock] = _read_sheet(case.path(file), file, clock, columns)
    return tuple(
        _from_sheet(channel, sheets[channel.file, channel.time_column], case.epoch) for channel in case.channels
    )


def read_channel(case: Case, channel: ChannelTable) -> Channel:
    """One channel of the case (see `read_channels`, which parses a shared file only once)."""
    sheet = _read_sheet(case.path(channel.file), channel.file, channel.time_column, [channel.column])
    return _from_sheet(channel, sheet, case.epoch)


def read_table(
    path: Path, time_column: str, columns: Sequence[str], epoch: datetime | None = None
) -> tuple[datetime, tuple[Channel, ...]]:
    """Columns of a table without a case: the epoch (given, or the first time stamp, or 1970) and a channel a column, unit "".

    Raises CaseError naming file, column or line.
    """
    sheet = _read_sheet(path, path.name, time_column, columns)
    if epoch is None:
        first = float(np.nanmin(sheet.seconds)) if sheet.dated and sheet.seconds.size else 0.0
        epoch = datetime.fromtimestamp(first, UTC)
    return epoch, tuple(_channel(name, path.name, sheet, epoch, name) for name in columns)


def check_channel_file(folder: Path, channel: ChannelTable) -> list[Problem]:
    """Everything wrong with the file behind a channel, for `whipple check`; empty when it can be read."""
    problems = _unit_problems(channel)
    try:
        sheet = _read_sheet(folder / channel.file, channel.file, channel.time_column, [channel.column])
    except CaseError as error:
        return problems + list(error.problems)
    return problems + _sheet_problems(channel.file, channel.column, channel.time_column, sheet)


def columns_of(path: Path, shown: str = "") -> tuple[str, ...]:
    """The column names of a CSV or Parquet file, a folder of Parquet files, HDF5 or netCDF. Raises CaseError when it is none of these."""
    shown = shown or path.name
    if path.suffix in ARRAY_FILES:
        return names_of(path, shown)
    if not path.is_file() and not (path.is_dir() and any(path.rglob("*.parquet"))):
        raise CaseError([_missing_file(path, shown)])
    try:
        with _ctrl_c():
            rows = _connect().execute(f"DESCRIBE SELECT * FROM {_source(path)}").fetchall()
    except Exception as error:  # DuckDB raises many kinds; each means the file is not a table
        reason = str(error).split("\n", maxsplit=1)[0]
        raise CaseError(
            [Problem(shown, "", reason, "a CSV file with a header line, or Parquet", "export the telemetry again")]
        ) from None
    return tuple(row[0] for row in rows)


def scale_to_si(unit: str, si_unit: str) -> tuple[float, float]:
    """Factor and offset from a file unit to SI: SI value = factor x value + offset. Raises RangeError for a wrong unit.

    >>> [round(x, 6) for x in scale_to_si("degC", "K")]
    [1.0, 273.15]
    """
    zero = parse_quantity(f"0 {unit}", si_unit)
    return parse_quantity(f"1 {unit}", si_unit) - zero, zero


@contextmanager
def _ctrl_c() -> Iterator[None]:
    """DuckDB answers an interrupt with a RuntimeError: hand it on as what it is, so that it reads neither as a bad file nor as our bug."""
    try:
        yield
    except RuntimeError as error:
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from None
        raise


def _connect(memory: str = "") -> Any:
    import duckdb

    return duckdb.connect(config={"threads": 2, "memory_limit": memory} if memory else {"threads": 1})


def _quoted(name: str, mark: str = '"') -> str:
    return mark + name.replace(mark, 2 * mark) + mark


def _source(path: Path) -> str:
    if path.is_dir():
        return f"read_parquet({_quoted(str(path / '**' / '*.parquet'), _APOSTROPHE)}, union_by_name=true)"
    name = _quoted(str(path), "'")
    return (
        f"read_parquet({name})"
        if path.suffix in {".parquet", ".pq"}
        else f"read_csv({name}, header=true, all_varchar=true)"
    )


def _missing_file(path: Path, shown: str) -> Problem:
    beside = sorted(p.name for p in path.parent.iterdir() if p.is_file()) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, beside, 1)
    return Problem(
        shown,
        "",
        "no such file",
        "a CSV, Parquet, HDF5 or netCDF file, or a folder of Parquet files",
        f"did you mean {near[0]!r}?" if near else "put the file into the case folder",
    )


def _missing_column(shown: str, column: str, found: Sequence[str]) -> Problem:
    near = difflib.get_close_matches(column, found, 1, 0.5)
    listed = ", ".join(found[:12]) + (", ..." if len(found) > 12 else "")
    return Problem(
        shown,
        column,
        f"no such column; the columns are {listed}",
        f"a column {column!r}",
        f"did you mean {near[0]!r}?" if near else "name one of them",
    )


class Table:
    """A Parquet file, or a folder of them, opened but not read: `names` are its columns, `span`, `count` and `rows` ask for data time.

    Times are seconds since 1970 where the time column is dated, else its numbers.
    """

    def __init__(self, path: Path, time_column: str, columns: Sequence[str]) -> None:
        kinds = _kinds(path, time_column, columns)
        self.names = tuple(columns) or tuple(name for name in kinds if name != time_column)
        self._source, self._time = _source(path), _quoted(time_column)
        self._plain = kinds[time_column] == "TIMESTAMP"
        dated = kinds[time_column].startswith("TIMESTAMP") or kinds[time_column] == "DATE"
        self._seconds = f"epoch_us({self._time}) / 1e6" if dated else f"CAST({self._time} AS DOUBLE)"
        self._words = {i for i, name in enumerate(self.names) if kinds[name].startswith(_WORD_KINDS)}
        self._connection = _connect(_MEMORY)
        self._connection.execute("SET preserve_insertion_order=false")

    @_ctrl_c()
    def span(self, start: float) -> tuple[float, float, int]:
        """First and last time from `start` on, and the number of rows; rows without a time do not count."""
        found = self._ask(
            f"min({self._seconds}), max({self._seconds}), count({self._time})", max(start, -1e18), 1e18
        ).fetchone()
        return (0.0, 0.0, 0) if not found[2] else (float(found[0]), float(found[1]), int(found[2]))

    @_ctrl_c()
    def count(self, low: float, high: float) -> int:
        """Rows with low <= time < high."""
        return int(self._ask("count(*)", low, high).fetchone()[0])

    @_ctrl_c()
    def rows(self, low: float, high: float) -> tuple[Array, Any, dict[tuple[int, int], str]]:
        """Those rows in order of time: time (n,), numbers (n, n_column) masked where blank, and the words by row and column."""
        picked = [f"{self._seconds} AS t"] + [
            f"CAST({_quoted(name)} AS {'VARCHAR' if i in self._words else 'DOUBLE'}) AS v{i}"
            for i, name in enumerate(self.names)
        ]
        got = self._ask(", ".join(picked), low, high).fetchnumpy()
        t_s = np.ma.getdata(got["t"])
        if np.any(np.diff(t_s) < 0):  # sorting here is several times faster than in DuckDB when there are many columns
            order = np.argsort(t_s, kind="stable")
            t_s, got = t_s[order], {name: column[order] for name, column in got.items()}
        value, blank = np.empty((len(self.names), t_s.size)), None
        text: dict[tuple[int, int], str] = {}
        for i in range(len(self.names)):
            one, mask = got[f"v{i}"], np.ma.getmaskarray(got[f"v{i}"])
            if i in self._words:
                text |= {(int(row), i): str(one[row]) for row in np.flatnonzero(~mask)}
                value[i], mask = 0.0, np.ones(t_s.size, bool)
            else:
                value[i] = np.ma.getdata(one)
            if mask.any():
                blank = np.zeros(value.shape, bool) if blank is None else blank
                blank[i] = mask
        return t_s, np.ma.array(value.T, mask=np.ma.nomask if blank is None else blank.T), text

    def _ask(self, what: str, low: float, high: float) -> Any:
        if self._plain and abs(low) < 1e12 and abs(high) < 1e12:  # a bare comparison lets DuckDB skip row groups
            # one microsecond wider, then exact: the literal is rounded
            bounds = [f"make_timestamp({math.floor(low * 1e6) - 1})", f"make_timestamp({math.ceil(high * 1e6) + 1})"]
            coarse = f"{self._time} >= {bounds[0]} AND {self._time} <= {bounds[1]} AND "
        else:
            coarse = ""
        fine = f"{self._seconds} >= {low!r} AND {self._seconds} < {high!r}"
        return self._connection.execute(f"SELECT {what} FROM {self._source} WHERE {coarse}{fine}")


def open_table(path: Path, time_column: str, columns: Sequence[str] = ()) -> Table:
    """A Parquet file or folder that may be larger than memory; `columns` empty means all but the time.

    Raises CaseError naming the column that is not there.
    """
    return Table(path, time_column, columns)


def read_rows(
    path: Path, time_column: str, columns: Sequence[str] = ()
) -> tuple[tuple[str, ...], Array, Any, dict[tuple[int, int], str]]:
    """A CSV file row by row, in its own order: names, time (n,), numbers (n, n_column) masked where blank, words by row and column.

    A column without a single number is one of words. Raises CaseError naming line and text of what is neither.
    """
    names = tuple(columns) or tuple(name for name in columns_of(path) if name != time_column)
    sheet = _read_sheet(path, path.name, time_column, names)
    value = np.column_stack([sheet.values[name] for name in names]) if names else np.zeros((sheet.seconds.size, 0))
    text: dict[tuple[int, int], str] = {}
    problems = _sheet_problems(path.name, "", time_column, replace(sheet, bad_values={"": ()}, seconds=np.zeros(0)))
    for i, name in enumerate(names):
        bad = sheet.bad_values[name]
        if bad and not np.isfinite(sheet.values[name]).any():
            text |= {(line - 2, i): word for line, word in bad}
        else:
            problems += _sheet_problems(path.name, name, time_column, replace(sheet, bad_times=(), seconds=np.zeros(0)))
    if problems:
        raise CaseError(problems)
    return names, sheet.seconds, np.ma.masked_invalid(value), text


@_ctrl_c()
def _kinds(path: Path, time_column: str, columns: Sequence[str]) -> dict[str, str]:
    """The kind of each column; CaseError when one is not there."""
    found = columns_of(path)
    wanted = dict.fromkeys([time_column, *columns])
    missing = [_missing_column(path.name, name, found) for name in wanted if name not in found]
    if missing:
        raise CaseError(missing)
    return {row[0]: row[1] for row in _connect().execute(f"DESCRIBE SELECT * FROM {_source(path)}").fetchall()}


def _array_sheet(path: Path, shown: str, time_column: str, columns: Sequence[str]) -> _Sheet:
    """HDF5 or netCDF as a sheet: all of them must share one clock."""
    signals = read_arrays(path, time_column, tuple(columns), shown)
    clock = signals[0]
    if any(one.t_s.size != clock.t_s.size or not np.array_equal(one.t_s, clock.t_s) for one in signals):
        raise CaseError(
            [
                Problem(
                    shown,
                    time_column,
                    "channels of different clocks",
                    "one clock a table",
                    "name each channel by itself",
                )
            ]
        )
    values = {one.name: one.value for one in signals}
    return _Sheet(clock.t_s, clock.dated, (), values, dict.fromkeys(values, ()))


@_ctrl_c()
def _read_sheet(path: Path, shown: str, time_column: str, columns: Sequence[str]) -> _Sheet:
    if path.suffix in ARRAY_FILES:
        return _array_sheet(path, shown, time_column, columns)
    found = columns_of(path, shown)
    missing = [
        _missing_column(shown, name, found) for name in dict.fromkeys([time_column, *columns]) if name not in found
    ]
    if missing:
        raise CaseError(missing)
    connection, source = _connect(), _source(path)
    kinds = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    names = list(dict.fromkeys(columns))
    picked = [_time_sql(time_column, kinds[time_column])]
    picked += [
        f"TRY_CAST({_quoted(name)} AS DOUBLE) AS v{i}, CAST({_quoted(name)} AS VARCHAR) AS s{i}"
        for i, name in enumerate(names)
    ]
    got = connection.execute(f"SELECT {', '.join(picked)} FROM {source}").fetchnumpy()
    seconds, dated = _clock(got)
    values = {name: _numbers(got[f"v{i}"]) for i, name in enumerate(names)}
    bad = {name: _not_numbers(values[name], got[f"s{i}"]) for i, name in enumerate(names)}
    return _Sheet(seconds, dated, _not_numbers(seconds, got["text"], blank_ok=False), values, bad)


def _time_sql(column: str, kind: str) -> str:
    name = _quoted(column)
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return f"epoch_us({name}) AS micros, CAST(NULL AS DOUBLE) AS number, CAST({name} AS VARCHAR) AS text"
    text = f"CAST({name} AS VARCHAR)"
    zoned = f"regexp_matches({text}, {_quoted(_ZONE, _APOSTROPHE)})"
    micros = f"CASE WHEN {zoned} THEN epoch_us(TRY_CAST({text} AS TIMESTAMPTZ)) ELSE epoch_us(TRY_CAST({text} AS TIMESTAMP)) END"
    return f"{micros} AS micros, TRY_CAST({text} AS DOUBLE) AS number, {text} AS text"


def _numbers(column: Any) -> Array:
    filled = (
        column.filled(np.nan)
        if np.ma.isMaskedArray(column) and column.dtype.kind == "f"
        else np.ma.getdata(column).astype(float)
    )
    return np.where(np.ma.getmaskarray(column), np.nan, filled)


def _clock(got: dict[str, Any]) -> tuple[Array, bool]:
    """Seconds of the time column: numbers are seconds since the epoch, dates seconds since 1970; whichever reads more rows."""
    number, micros = _numbers(got["number"]), _numbers(got["micros"])
    dated = bool(np.isfinite(micros).sum() > np.isfinite(number).sum())
    return (micros / 1e6 if dated else number), dated


def _not_numbers(value: Array, text: Any, blank_ok: bool = True) -> tuple[tuple[int, str], ...]:
    """(line, text) of the entries that could not be read; blanks, "nan" and "null" are gaps, not errors."""
    rows = np.flatnonzero(~np.isfinite(value))
    shown = [(int(i) + 2, "" if np.ma.getmaskarray(text)[i] else str(text[i]).strip()) for i in rows]
    return tuple(
        (line, word) for line, word in shown if not (blank_ok and word.lower() in {"", "nan", "null", "na", "none"})
    )


def _unit_problems(channel: ChannelTable) -> list[Problem]:
    wanted = {"pressure": "Pa", "temperature": "K", "current": "A", "voltage": "V", "momentum": "N*m*s"}.get(
        channel.measures
    )
    if wanted is None:
        return []
    try:
        scale_to_si(channel.unit, wanted)
    except InvestigationError:
        expected = f"a unit of {channel.measures}, convertible to {wanted}"
        return [
            Problem(
                "case.toml",
                f"channel {channel.name}.unit",
                repr(channel.unit),
                expected,
                "write the unit of the file, for example bar or degC",
            )
        ]
    return []


def _sheet_problems(shown: str, column: str, time_column: str, sheet: _Sheet) -> list[Problem]:
    problems = []
    for name, bad in ((time_column, sheet.bad_times), (column, sheet.bad_values[column])):
        if bad:
            expected = "ISO 8601 UTC, or seconds since the epoch" if name == time_column else "a number"
            found = f"{bad[0][1]!r} in line {bad[0][0]}" + (f" and {len(bad) - 1} more" if len(bad) > 1 else "")
            problems.append(Problem(shown, name, found, expected, "correct or delete these lines; leave a gap empty"))
    return problems + _backward(shown, time_column, sheet.seconds)


def _backward(shown: str, time_column: str, seconds: Array) -> list[Problem]:
    kept = np.flatnonzero(np.isfinite(seconds))
    back = np.flatnonzero(np.diff(seconds[kept]) < 0)
    if back.size == 0:
        return []
    found = f"time going backwards {back.size} times, first in line {int(kept[back[0] + 1]) + 2}"
    return [
        Problem(
            shown,
            time_column,
            found,
            "time that never goes back",
            "sort the file by time, or split it where the clock was reset",
        )
    ]


def _from_sheet(channel: ChannelTable, sheet: _Sheet, epoch: datetime) -> Channel:
    made = _channel(channel.column, channel.file, sheet, epoch, channel.time_column)
    return replace(made, name=channel.name, unit=channel.unit, simulated=channel.simulated)


def _channel(column: str, shown: str, sheet: _Sheet, epoch: datetime, time_column: str) -> Channel:
    problems = _sheet_problems(shown, column, time_column, sheet)
    if problems:
        raise CaseError(problems)
    seconds = sheet.seconds - (epoch.timestamp() if sheet.dated else 0.0)
    value = sheet.values[column]
    kept = np.flatnonzero(np.isfinite(seconds) & np.isfinite(value))
    kept = kept[np.concatenate([[True], np.diff(seconds[kept]) > 0])] if kept.size else kept
    return Channel(column, seconds[kept], value[kept], "", False, int(value.size - kept.size))
