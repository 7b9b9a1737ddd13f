"""Telemetry files: columns of CSV and Parquet (a file or a folder), HDF5 and netCDF become channels, each with its own clock. DuckDB stays here."""

from __future__ import annotations

import atexit
import codecs
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.channel_sheet import (
    Channel,
    Sheet,
    after,
    channel_of,
    distant_problems,
    idle_problems,
    missing_column,
    missing_file,
    sheet_of,
    sheet_problems,
)
from whipple.casefile.estimate import Array
from whipple.casefile.read_arrays import ARRAY_FILES, names_of, read_arrays
from whipple.casefile.read_parquet import Table, ctrl_c
from whipple.casefile.table_sql import PARQUET, delimiter_of, number_sql, source_sql, time_sql
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.units import parse_quantity
from whipple.errors import CaseError, Problem, RangeError

__all__ = [
    "Channel",
    "Record",
    "check_channel_files",
    "columns_of",
    "open_table",
    "read_channel",
    "read_record",
    "read_rows",
    "read_table",
    "scale_to_si",
]

#: DuckDB goes to disk above this.
_MEMORY = "2GB"
_SI_UNITS = {"pressure": "Pa", "temperature": "K", "current": "A", "voltage": "V", "momentum": "N*m*s"}


@dataclass(frozen=True)
class Record:
    """Every channel of a case, in the order of case.toml; where the case names quiet records, these come first, up to `quiet_until_s`."""

    channels: tuple[Channel, ...]
    quiet_until_s: float | None


def read_record(case: Case) -> Record:
    """Every channel of the case; each file is parsed once.

    Raises CaseError naming file, column or line when a file does not hold what the case says.
    """
    channels = _read_all(case, [(c.file, c) for c in case.channels])
    quiet = _read_all(case, [(c.quiet_file, c) for c in case.channels if c.quiet_file])
    before = {channel.name: channel for channel in quiet}
    joined = tuple(
        after(before[c.name], c, t.quiet_file) if c.name in before else c
        for c, t in zip(channels, case.channels, strict=True)
    )
    ends = [float(one.t_s[-1]) for one in quiet if one.t_s.size]
    return Record(joined, max(ends) if ends else None)


def _read_all(case: Case, wanted: Sequence[tuple[str, ChannelTable]]) -> tuple[Channel, ...]:
    """A channel for each (file, table); each file is parsed once a clock."""
    groups: dict[tuple[str, str], list[str]] = {}
    for file, table in wanted:
        groups.setdefault((file, table.time_column), []).append(table.column)
    sheets = {key: _read_sheet(case.path(key[0]), key[0], key[1], columns) for key, columns in groups.items()}
    return tuple(_from_sheet(table, file, sheets[file, table.time_column], case.epoch) for file, table in wanted)


def read_channel(case: Case, channel: ChannelTable) -> Channel:
    """One channel of the case, without a quiet record (see `read_record`, which parses a shared file only once)."""
    sheet = _read_sheet(case.path(channel.file), channel.file, channel.time_column, [channel.column])
    return _from_sheet(channel, channel.file, sheet, case.epoch)


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
    return epoch, tuple(channel_of(name, path.name, sheet, epoch, time_column) for name in columns)


def check_channel_files(folder: Path, channels: Sequence[ChannelTable], epoch: datetime | None = None) -> list[Problem]:
    """Everything wrong with the files behind channels, for `whipple check`; empty when they can be read. What they share is parsed once.

    With the `epoch` of the case also whether a record is of another time.
    """
    wanted = [(file, one) for one in channels for file in filter(None, (one.file, one.quiet_file))]
    groups: dict[tuple[str, str], list[str]] = {}
    for file, one in wanted:
        groups.setdefault((file, one.time_column), []).append(one.column)
    together: dict[tuple[str, str], Sheet] = {}
    for (file, clock), columns in groups.items():
        with suppress(CaseError):  # then each channel by itself, to be told what is wrong with it
            together[file, clock] = _read_sheet(folder / file, file, clock, columns)
    problems = [problem for one in channels for problem in _unit_problems(one)]
    for file, one in wanted:
        problems += _file_problems(folder, file, one, together.get((file, one.time_column)), epoch)
    return problems


def _file_problems(
    folder: Path, file: str, channel: ChannelTable, sheet: Sheet | None, epoch: datetime | None
) -> list[Problem]:
    try:
        sheet = sheet or _read_sheet(folder / file, file, channel.time_column, [channel.column])
    except CaseError as error:
        return list(error.problems)
    wrong = sheet_problems(file, channel.column, channel.time_column, sheet)
    if not wrong and epoch is not None and file == channel.file:
        wrong = distant_problems(file, channel.time_column, sheet, epoch)
    return wrong or idle_problems(file, channel.column, channel.name, sheet)


def columns_of(path: Path, shown: str = "") -> tuple[str, ...]:
    """The column names of a CSV or Parquet file, a folder of Parquet files, HDF5 or netCDF. Raises CaseError when it is none of these."""
    if path.suffix in ARRAY_FILES:
        return names_of(path, shown or path.name)
    return tuple(_kinds_of(path, shown or path.name)[1])


def scale_to_si(unit: str, si_unit: str) -> tuple[float, float]:
    """Factor and offset from a file unit to SI: SI value = factor x value + offset. Raises RangeError for a wrong unit.

    >>> [round(x, 6) for x in scale_to_si("degC", "K")]
    [1.0, 273.15]
    """
    zero = parse_quantity(f"0 {unit}", si_unit)
    return parse_quantity(f"1 {unit}", si_unit) - zero, zero


def open_table(path: Path, time_column: str, columns: Sequence[str] = ()) -> Table:
    """A Parquet file or folder that may be larger than memory; `columns` empty means all but the time.

    Raises CaseError naming the column that is not there.
    """
    _, kinds = _with_columns(path, path.name, time_column, columns)
    return Table(_connect(_MEMORY), path, time_column, columns, kinds)


def read_rows(
    path: Path, time_column: str, columns: Sequence[str] = ()
) -> tuple[tuple[str, ...], Array, Any, dict[tuple[int, int], str]]:
    """A CSV file row by row, in its own order: names, time (n,), numbers (n, n_column) masked where blank, words by row and column.

    A column without a single number is one of words. Raises CaseError naming line and text of what is neither.
    """
    names = tuple(columns) or tuple(name for name in columns_of(path) if name != time_column)
    sheet = _read_sheet(path, path.name, time_column, names)
    empty = np.zeros((sheet.seconds.size, 0))
    value = np.column_stack([empty, *(sheet.values[name] for name in names)])
    blank = np.column_stack([empty.astype(bool), *(sheet.blank[name] for name in names)])
    text: dict[tuple[int, int], str] = {}
    problems = sheet_problems(path.name, "", time_column, replace(sheet, bad_values={"": ()}, seconds=np.zeros(0)))
    for i, name in enumerate(names):
        bad = sheet.bad_values[name]
        if bad and not np.isfinite(sheet.values[name]).any():
            text |= {(line - 2, i): word for line, word in bad}
        else:
            problems += sheet_problems(path.name, name, time_column, replace(sheet, bad_times=(), seconds=np.zeros(0)))
    if problems:
        raise CaseError(problems)
    return names, sheet.seconds, np.ma.array(value, mask=blank), text


def _connect(memory: str = "") -> Any:
    import duckdb

    return duckdb.connect(config={"threads": 2, "memory_limit": memory}) if memory else _library().cursor()


@cache
def _library() -> Any:
    """DuckDB for whole files: begun once, each question asked on a cursor of its own; let go before the interpreter ends."""
    import duckdb

    atexit.register(_library.cache_clear)
    return duckdb.connect(config={"threads": 1})


def _kinds_of(path: Path, shown: str) -> tuple[str, dict[str, str]]:
    """What to select from, and the columns with their kinds. Raises CaseError when it is no table."""
    if not path.is_file() and not (path.is_dir() and any(path.rglob("*.parquet"))):
        raise CaseError([missing_file(path, shown)])
    if path.is_file() and path.suffix not in PARQUET and _is_utf16(path):
        expected, remedy = "UTF-8", 'save it as "CSV UTF-8"'
        raise CaseError([Problem(shown, "", "text in UTF-16", expected, remedy)])
    if path.is_file() and _blank(path):
        expected, remedy = "a CSV file with a header line, or Parquet", "export the telemetry again"
        raise CaseError([Problem(shown, "", "the file is empty", expected, remedy)])
    source = source_sql(path)
    kinds = _described(source, shown)
    if len(kinds) == 1 and path.is_file() and path.suffix not in PARQUET:
        with path.open("rb") as file:
            header = file.readline(1 << 20).decode("utf-8-sig", "replace")
        if (mark := delimiter_of(header)) in header:  # a last line cut short makes DuckDB take the file for one column
            source = source_sql(path, mark)
            kinds = _described(source, shown)
    return source, kinds


def _blank(path: Path) -> bool:
    with path.open("rb") as file:
        return not file.read(1 << 16).strip()


def _is_utf16(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _described(source: str, shown: str) -> dict[str, str]:
    return {row[0]: row[1] for row in _asked(f"DESCRIBE SELECT * FROM {source}", shown, "fetchall")}


def _asked(words: str, shown: str, how: str) -> Any:
    """What DuckDB answers; CaseError with its reason where the file is not a table, or a line of it is not like the others."""
    try:
        with ctrl_c():
            return getattr(_connect().execute(words), how)()
    except Exception as error:  # DuckDB raises many kinds; each means the file is not a table
        lines = [line.strip() for line in str(error).split("\n") if line.strip()] or [type(error).__name__]
        told = [lines[0], *(line for line in lines[1:] if line.startswith("Expected Number"))]
        expected, remedy = "a CSV file with a header line, or Parquet", "export the telemetry again; it may be cut off"
        raise CaseError([Problem(shown, "", "; ".join(told), expected, remedy)]) from None


def _with_columns(path: Path, shown: str, time_column: str, columns: Sequence[str]) -> tuple[str, dict[str, str]]:
    """What to select from, and the kinds of the columns; CaseError naming each that is not there."""
    source, kinds = _kinds_of(path, shown)
    lacks = [name for name in dict.fromkeys([time_column, *columns]) if name not in kinds]
    if lacks:
        raise CaseError([missing_column(shown, name, tuple(kinds)) for name in lacks])
    return source, kinds


def _array_sheet(path: Path, shown: str, time_column: str, columns: Sequence[str]) -> Sheet:
    """HDF5 or netCDF as a sheet: all of them must share one clock."""
    signals = read_arrays(path, time_column, tuple(columns), shown)
    clock = signals[0]
    if any(one.t_s.size != clock.t_s.size or not np.array_equal(one.t_s, clock.t_s) for one in signals):
        found, remedy = "channels of different clocks", "name each channel by itself"
        raise CaseError([Problem(shown, time_column, found, "one clock a table", remedy)])
    values = {one.name: one.value for one in signals}
    return Sheet(clock.t_s, clock.dated, (), values, dict.fromkeys(values, ()))


def _read_sheet(path: Path, shown: str, time_column: str, columns: Sequence[str]) -> Sheet:
    if path.suffix in ARRAY_FILES:
        return _array_sheet(path, shown, time_column, columns)
    source, kinds = _with_columns(path, shown, time_column, columns)
    names = list(dict.fromkeys(columns))
    picked = [time_sql(time_column, kinds[time_column]), *(number_sql(name, i) for i, name in enumerate(names))]
    return sheet_of(_asked(f"SELECT {', '.join(picked)} FROM {source}", shown, "fetchnumpy"), names)


def _from_sheet(channel: ChannelTable, file: str, sheet: Sheet, epoch: datetime) -> Channel:
    made = channel_of(channel.column, file, sheet, epoch, channel.time_column)
    return replace(made, name=channel.name, unit=channel.unit, simulated=channel.simulated)


def _unit_problems(channel: ChannelTable) -> list[Problem]:
    wanted = _SI_UNITS.get(channel.measures)
    if wanted is None:
        return []
    try:
        scale_to_si(channel.unit, wanted)
    except RangeError as error:
        expected = f"a unit of {channel.measures}, convertible to {wanted}"
        meant = re.fullmatch('write "0 (.+)"', error.remedy)
        remedy = f'write unit = "{meant[1]}"' if meant else "write the unit of the file, for example bar or degC"
        return [Problem("case.toml", f"channel {channel.name}.unit", repr(channel.unit), expected, remedy)]
    return []
