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
    from whipple.casefile.read_channels import Table

__all__ = ["TABLES", "Window", "read_windows"]

#: Files that are tables or arrays; a folder is one of Parquet files.
TABLES = {".csv", ".parquet", ".pq", ".h5", ".hdf5", ".nc", ".nc4", ".cdf"}
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


def _from_arrays(
    path: Path, time_column: str, columns: tuple[str, ...], start: float, sample_count: int
) -> Iterator[Window]:
    from whipple.casefile.read_arrays import read_arrays

    signals = read_arrays(path, time_column, columns)
    names = tuple(signal.name for signal in signals)
    if not names:
        return
    index = np.concatenate([np.full(signal.t_s.size, i) for i, signal in enumerate(signals)])
    t_s, value = np.concatenate([s.t_s for s in signals]), np.concatenate([s.value for s in signals])
    order = np.lexsort((index, t_s))
    order = order[t_s[order] >= start]
    begin = 0
    while begin < order.size:
        end = min(begin + sample_count, order.size)
        mark = float(np.nextafter(t_s[order[end - 1]], np.inf))
        end = int(np.searchsorted(t_s[order], mark, side="left"))
        part = order[begin:end]
        yield Window(
            mark, names, index[part], t_s[part], value[part], units={s.name: s.unit for s in signals if s.unit}
        )
        begin = end
