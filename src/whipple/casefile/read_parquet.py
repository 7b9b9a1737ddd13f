"""Parquet larger than memory: a file or a folder of files, asked for by data time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.table_sql import quoted, source_sql

__all__ = ["Table", "ctrl_c"]

#: Kinds of columns that are words.
_WORD_KINDS = ("VARCHAR", "ENUM")


@contextmanager
def ctrl_c() -> Iterator[None]:
    """DuckDB answers an interrupt with a RuntimeError: hand it on as what it is, so that it reads neither as a bad file nor as our bug."""
    try:
        yield
    except RuntimeError as error:
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from None
        raise


class Table:
    """A Parquet file, or a folder of them, opened but not read: `names` are its columns, `span`, `count` and `rows` ask for data time.

    Times are seconds since 1970 where the time column is dated, else its numbers. `kinds` are the kinds of all columns by name.
    """

    def __init__(
        self, connection: Any, path: Path, time_column: str, columns: Sequence[str], kinds: Mapping[str, str]
    ) -> None:
        self.names = tuple(columns) or tuple(name for name in kinds if name != time_column)
        self._source, self._time = source_sql(path), quoted(time_column)
        self._plain = kinds[time_column] == "TIMESTAMP"
        dated = kinds[time_column].startswith("TIMESTAMP") or kinds[time_column] == "DATE"
        self._seconds = f"epoch_us({self._time}) / 1e6" if dated else f"CAST({self._time} AS DOUBLE)"
        self._words = {i for i, name in enumerate(self.names) if kinds[name].startswith(_WORD_KINDS)}
        self._connection = connection
        self._connection.execute("SET preserve_insertion_order=false")

    @ctrl_c()
    def span(self, start: float) -> tuple[float, float, int]:
        """First and last time from `start` on, and the number of rows; rows without a time do not count."""
        found = self._ask(
            f"min({self._seconds}), max({self._seconds}), count({self._time})", max(start, -1e18), 1e18
        ).fetchone()
        return (0.0, 0.0, 0) if not found[2] else (float(found[0]), float(found[1]), int(found[2]))

    @ctrl_c()
    def count(self, low: float, high: float) -> int:
        """Rows with low <= time < high."""
        return int(self._ask("count(*)", low, high).fetchone()[0])

    @ctrl_c()
    def rows(self, low: float, high: float) -> tuple[Array, Any, dict[tuple[int, int], str]]:
        """Those rows in order of time: time (n,), numbers (n, n_column) masked where blank, and the words by row and column."""
        picked = [f"{self._seconds} AS t"] + [
            f"CAST({quoted(name)} AS {'VARCHAR' if i in self._words else 'DOUBLE'}) AS v{i}"
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
