"""Records larger than memory, window by window of their own time: Parquet files and folders, CSV, HDF5, netCDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

if TYPE_CHECKING:
    from whipple.casefile.read_arrays import Arrays
    from whipple.casefile.read_parquet import Table

__all__ = ["TABLES", "Window", "newest_so_far_s", "read_windows"]

#: Files that are tables or arrays; a folder is one of Parquet files.
TABLES = {".csv", ".parquet", ".pq", ".h5", ".hdf5", ".nc", ".nc4", ".cdf"}
_LEAP_S = 86400.0
_ARRAYS = {".h5", ".hdf5", ".nc", ".nc4", ".cdf"}


@dataclass(frozen=True)
class Window:
    """Samples of a record: sample i is `names[index[i]]` at `t_s[i]`; reading goes on at `mark` (data time, or the row of a CSV file).

    Time is in seconds since 1970 where the record is dated, else as the record counts. `text` holds the samples (by place) that are words,
    `units` the units that the record states.
    """

    mark: float
    names: tuple[str, ...]
    index: npt.NDArray[np.int64]
    t_s: Array
    value: Array
    text: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def read_windows(
    path: Path, time_column: str, columns: tuple[str, ...] = (), *, start: float = -np.inf, sample_count: int = 500_000
) -> Iterator[Window]:
    """Windows of about `sample_count` samples from the mark `start` on; `columns` empty means all.

    Parquet comes in order of time however its files are ordered, a CSV file row by row. A blank cell is no sample. Raises CaseError
    naming file, column or line.
    """
    from whipple.casefile.read_channels import open_table, read_rows

    if path.suffix in _ARRAYS:
        yield from _from_arrays(path, time_column, columns, start, sample_count)
    elif path.suffix == ".csv":
        names, t_s, value, text = read_rows(path, time_column, columns)
        per = max(1, sample_count // max(1, len(names)))
        for begin in range(int(max(start, 0)), t_s.size, per):
            part = slice(begin, begin + per)
            words = {(row - begin, column): word for (row, column), word in text.items() if begin <= row < begin + per}
            yield _flat(names, float(min(begin + per, t_s.size)), t_s[part], value[part], words)
    else:
        table = open_table(path, time_column, columns)
        low, high, rows = table.span(start)
        if rows:
            yield from _split(table, low, high, rows, max(1, sample_count // max(1, len(table.names))))


def newest_so_far_s(newest_s: float, t_s: Array) -> Array:
    """The newest time of a record up to each sample (n,), `newest_s` before them. A stamp more than a day ahead of all that follow it is wild: it
    moves nothing.

    >>> newest_so_far_s(0.0, np.array([1.0, 4e9, 2.0, 1.5])).tolist()
    [1.0, 1.0, 2.0, 2.0]
    """
    if not t_s.size:
        return t_s
    later = np.fmin.accumulate(np.concatenate([t_s[1:], [np.inf]])[::-1])[::-1]
    tame = np.where(t_s > later + _LEAP_S, np.nan, t_s)
    return np.asarray(np.fmax.accumulate(np.concatenate([[newest_s], tame]))[1:])


def _split(table: Table, low: float, high: float, rows: int, per: int) -> Iterator[Window]:
    """Windows over [low, high]; one that holds too much is cut again."""
    parts = max(1, round(rows / per))
    edges = np.linspace(low, high, parts + 1)
    edges[-1] = np.nextafter(high, np.inf)
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if end <= begin:
            continue
        inside = table.count(begin, end) if parts > 1 else rows
        if parts > 1 and inside > 4 * per and end - begin > 1e-3:
            yield from _split(table, begin, float(np.nextafter(end, -np.inf)), inside, per)
        elif inside:
            t_s, value, text = table.rows(begin, end)
            yield _flat(table.names, end, t_s, value, text)


def _flat(
    names: tuple[str, ...],
    mark: float,
    t_s: Array,
    value: np.ma.MaskedArray[tuple[int, int], np.dtype[np.float64]],
    text: Mapping[tuple[int, int], str],
) -> Window:
    """Rows (n_row, n_column) as samples; masked cells are blank, words are in `text` by row and column."""
    rows, count = value.shape
    index, times, flat = np.tile(np.arange(count), rows), np.repeat(t_s, count), np.ma.getdata(value).ravel()
    words = {row * count + column: word for (row, column), word in text.items()}
    kept = ~np.ma.getmaskarray(value).ravel() if np.ma.getmask(value) is not np.ma.nomask else np.ones(flat.size, bool)
    kept[list(words)] = True
    if not kept.all():
        place = np.cumsum(kept) - 1
        words = {int(place[old]): word for old, word in words.items()}
        index, times, flat = index[kept], times[kept], flat[kept]
    return Window(mark, names, index, times, flat, words)


@dataclass
class _Strand:
    """The signals of one clock, read block by block: rows not handed on yet, each with the newest time up to it (`lead_s`)."""

    file: Arrays
    clock: str
    names: tuple[str, ...]
    row: int = 0
    newest_s: float = -np.inf
    t_s: Array = field(default_factory=lambda: np.zeros(0))
    lead_s: Array = field(default_factory=lambda: np.zeros(0))
    value: Array = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def ended(self) -> bool:
        """Is every row read?"""
        return self.row >= self.file.size(self.clock)

    def read(self, count: int, start: float) -> None:
        """The next `count` rows; those before `start` are left out."""
        low, high = self.row, min(self.row + count, self.file.size(self.clock))
        t_s = self.file.times(self.clock, low, high)
        lead = newest_so_far_s(self.newest_s, t_s)
        self.row, self.newest_s = high, float(lead[-1])
        kept = lead >= start
        if kept.any():
            value = np.column_stack([self.file.values(name, low, high)[kept] for name in self.names])
            self.t_s, self.lead_s = np.concatenate([self.t_s, t_s[kept]]), np.concatenate([self.lead_s, lead[kept]])
            self.value = np.concatenate([self.value, value]) if self.value.size else value

    def take(self, until_s: float) -> tuple[Array, Array, Array]:
        """The rows before `until_s`: their time, newest time and values."""
        count = int(np.searchsorted(self.lead_s, until_s))
        out = self.t_s[:count], self.lead_s[:count], self.value[:count]
        self.t_s, self.lead_s, self.value = self.t_s[count:], self.lead_s[count:], self.value[count:]
        return out


def _from_arrays(
    path: Path, time_column: str, columns: tuple[str, ...], start: float, sample_count: int
) -> Iterator[Window]:
    """Every signal on its own clock, merged by time; time that goes back stays where it stands in the file, for the watch to tell."""
    from whipple.casefile.read_arrays import open_arrays

    with open_arrays(path, time_column, columns) as file:
        names = tuple(file.clock_of)
        units = {name: unit for name in names if (unit := file.unit(name))}
        clocks = dict.fromkeys(file.clock_of.values())
        strands = [_Strand(file, clock, tuple(n for n in names if file.clock_of[n] == clock)) for clock in clocks]
        per = max(1, sample_count // max(1, len(names)))
        while any(not strand.ended or strand.t_s.size for strand in strands):
            for strand in strands:
                if not strand.ended and strand.t_s.size < per:
                    strand.read(per, start)
            until = min((strand.newest_s for strand in strands if not strand.ended), default=np.inf)
            taken = [strand.take(until) for strand in strands]
            if any(t_s.size for t_s, _, _ in taken):
                yield _merged(names, strands, taken, until, units)


def _merged(
    names: tuple[str, ...],
    strands: list[_Strand],
    taken: list[tuple[Array, Array, Array]],
    until: float,
    units: Mapping[str, str],
) -> Window:
    """One window of the rows of several clocks, in the order of their newest time."""
    place = {name: i for i, name in enumerate(names)}
    rows = [np.array([place[name] for name in strand.names], np.int64) for strand in strands]
    index = np.concatenate([np.tile(row, t_s.size) for row, (t_s, _, _) in zip(rows, taken, strict=True)])
    t_s, lead = (
        np.concatenate([np.repeat(part[k], row.size) for row, part in zip(rows, taken, strict=True)]) for k in (0, 1)
    )
    order = np.argsort(lead, kind="stable")
    value = np.concatenate([part[2].ravel() for part in taken])
    mark = until if np.isfinite(until) else float(np.nextafter(lead.max(), np.inf))
    return Window(mark, names, index[order], t_s[order], value[order], units=units)
