"""HDF5 and netCDF files as signals: h5py for HDF5 and netCDF-4, SciPy for netCDF-3. Each signal has the clock of its own group or dimension."""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import BackendError, CaseError, Problem

__all__ = ["ARRAY_FILES", "Arrays", "Signal", "names_of", "open_arrays", "read_arrays"]

#: Endings of files that hold arrays.
ARRAY_FILES = {".h5", ".hdf5", ".nc", ".nc4", ".cdf"}
_UNIT_S = {"nanosecond": 1e-9, "ns": 1e-9, "microsecond": 1e-6, "us": 1e-6, "millisecond": 1e-3, "ms": 1e-3, "second": 1.0, "sec": 1.0, "s": 1.0,
           "minute": 60.0, "min": 60.0, "hour": 3600.0, "h": 3600.0, "hr": 3600.0, "day": 86400.0, "d": 86400.0}  # fmt: skip
_SINCE = re.compile(r"\s*(\w+?)s?\s+since\s+(.+?)\s*$")


@dataclass(frozen=True)
class Signal:
    """`value` (n,) in `unit` at `t_s` (n,): seconds since 1970 when `dated` (the time says "seconds since ..."), else as the file counts."""

    name: str
    t_s: Array
    value: Array
    unit: str
    dated: bool


def names_of(path: Path, shown: str = "") -> tuple[str, ...]:
    """The names of all arrays of one dimension, times included: "group/name" below the top. CaseError when it is no such file."""
    with _opened(path, shown or path.name) as file:
        return tuple(_shapes(file))


def read_arrays(path: Path, time_name: str, names: Sequence[str] = (), shown: str = "") -> tuple[Signal, ...]:
    """Signals by name, whole, all that have a time when `names` is empty. The time of "a/b/p" is "a/b/<time_name>", else the next one up.

    Raises CaseError naming the array that is not there, not as long as its time, or not of numbers; BackendError without h5py.
    """
    with open_arrays(path, time_name, names, shown) as file:
        return tuple(
            Signal(name, file.times(clock, 0, file.size(clock)), file.values(name, 0, file.size(clock)), file.unit(name), file.dated(clock))
            for name, clock in file.clock_of.items()
        )  # fmt: skip


class Arrays:
    """A file of arrays, opened but not read: `clock_of` names the time array of each signal; rows are asked for by number."""

    def __init__(self, file: Any, shown: str, time_name: str, names: Sequence[str]) -> None:
        self._file, self._shown = file, shown
        shapes = _shapes(file)
        clocks = {name for name in shapes if name.rsplit("/", 1)[-1] == time_name}
        wanted = list(names) or [name for name in shapes if name not in clocks and _clock_of(name, time_name, shapes)]
        problems = [_missing(shown, name, list(shapes)) for name in wanted if name not in shapes]
        if not clocks:
            problems.append(_missing(shown, time_name, list(shapes)))
        if problems:
            raise CaseError(problems)
        self.clock_of = {name: _clock_of(name, time_name, shapes) for name in wanted}
        problems = [one for name, clock in self.clock_of.items() for one in _unlike(shown, name, clock, shapes)]
        if problems:
            raise CaseError(problems)

    def size(self, name: str) -> int:
        """How many rows an array has."""
        return int(_array(self._file, name).shape[0])

    def unit(self, name: str) -> str:
        """The unit the file states, "" without one."""
        return _attribute(_array(self._file, name), "units")

    def dated(self, clock: str) -> bool:
        """Are its times since 1970, because the file says "seconds since ..."?"""
        return _time_unit(self._shown, clock, self.unit(clock))[2]

    def times(self, clock: str, low: int, high: int) -> Array:
        """Times of the rows `low` to `high`: seconds since 1970 when dated, else as the file counts."""
        factor, zero_s, _ = _time_unit(self._shown, clock, self.unit(clock))
        return np.array(_array(self._file, clock)[low:high], float) * factor + zero_s

    def values(self, name: str, low: int, high: int) -> Array:
        """Numbers of those rows, NaN for the fill value, scaled as netCDF says."""
        raw = _array(self._file, name)
        value = np.array(raw[low:high], float)
        for key in ("_FillValue", "missing_value"):
            fill = _number(raw, key)
            if fill is not None:
                value = np.where(value == fill, np.nan, value)
        factor, offset = _number(raw, "scale_factor"), _number(raw, "add_offset")
        return value * (1.0 if factor is None else factor) + (0.0 if offset is None else offset)


@contextmanager
def open_arrays(path: Path, time_name: str, names: Sequence[str] = (), shown: str = "") -> Iterator[Arrays]:
    """The file, opened for reading by rows; `names` empty means all that have a time. Raises what `read_arrays` raises."""
    shown = shown or path.name
    with _opened(path, shown) as file:
        yield Arrays(file, shown, time_name, names)


@contextmanager
def _opened(path: Path, shown: str) -> Iterator[Any]:
    if not path.is_file():
        raise CaseError([Problem(shown, "", "no such file", "an HDF5 or netCDF file", "check the path")])
    with path.open("rb") as begun:
        first = begun.read(8)
    if first[:3] != b"CDF" and first != b"\x89HDF\r\n\x1a\n":
        problem = Problem(
            shown, "", f"a file that begins with {first[:4]!r}", "HDF5 or netCDF", "check that it was copied whole"
        )
        raise CaseError([problem])
    file = _netcdf(path, shown) if first[:3] == b"CDF" else _hdf5(path, shown)
    try:
        yield file
    finally:
        with warnings.catch_warnings():  # SciPy warns when an error on its way up still holds a view of the file
            warnings.simplefilter("ignore", RuntimeWarning)
            file.close()


def _netcdf(path: Path, shown: str) -> Any:
    from scipy.io import netcdf_file

    try:
        return netcdf_file(path, "r", mmap=True)
    except Exception as error:  # SciPy raises many kinds; each means the file is broken
        raise CaseError([_broken(shown, error)]) from None


def _hdf5(path: Path, shown: str) -> Any:
    try:
        import h5py
    except ImportError:
        raise BackendError("h5py", "pip install whipple[sources]") from None
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise CaseError([_broken(shown, error)]) from None


def _broken(shown: str, error: Exception) -> Problem:
    reason = str(error).split("\n", maxsplit=1)[0]
    return Problem(
        shown, "", f"a damaged file ({reason})", "a whole HDF5 or netCDF file", "copy it again; it may be cut off"
    )


def _array(file: Any, name: str) -> Any:
    return file.variables[name] if hasattr(file, "variables") else file[name]


def _shapes(file: Any) -> dict[str, int]:
    """The length of every array of one dimension of numbers, by its path."""
    if hasattr(file, "variables"):
        return {name: int(one.shape[0]) for name, one in file.variables.items() if len(one.shape) == 1}
    found: dict[str, int] = {}

    def visit(name: str, one: Any) -> None:
        if getattr(one, "ndim", 0) == 1 and one.dtype.kind in "iufb":
            found[name] = int(one.shape[0])

    file.visititems(visit)
    return found


def _clock_of(name: str, time_name: str, found: Mapping[str, int]) -> str:
    """The time array of a signal: in its own group, else in the next one up; "" without one."""
    group = name
    while "/" in group:
        group = group.rsplit("/", 1)[0]
        if f"{group}/{time_name}" in found:
            return f"{group}/{time_name}"
    return time_name if time_name in found else ""


def _missing(shown: str, name: str, found: list[str]) -> Problem:
    near = difflib.get_close_matches(name, found, 1, 0.5)
    listed = ", ".join(found[:12]) + (", ..." if len(found) > 12 else "")
    remedy = f"did you mean {near[0]!r}?" if near else "name one of them"
    return Problem(shown, name, f"no such array; the arrays are {listed}", f"an array {name!r}", remedy)


def _unlike(shown: str, name: str, clock: str, shapes: Mapping[str, int]) -> list[Problem]:
    """A signal without a time, or of another length."""
    if not clock:
        remedy = "give its name as the time column"
        return [Problem(shown, name, "no time beside it", "a time array of the same length", remedy)]
    if shapes[name] != shapes[clock]:
        found = f"{shapes[name]} values for {shapes[clock]} times"
        return [Problem(shown, name, found, "as many as times", "check the export")]
    return []


def _time_unit(shown: str, clock: str, unit: str) -> tuple[float, float, bool]:
    """Seconds of one count, seconds since 1970 of its zero, and whether "hours since 2022-12-15" and the like dates it; a bare unit only scales."""
    since = _SINCE.match(unit)
    word = (since[1] if since else unit.strip().rstrip("s") if unit.strip() not in _UNIT_S else unit.strip()).lower()
    if word and word not in _UNIT_S:
        expected = "seconds, or 'seconds since 2022-12-15T00:00:00Z'"
        raise CaseError([Problem(shown, clock, f"the time unit {unit!r}", expected, "correct it")])
    if not since:
        return _UNIT_S.get(word, 1.0), 0.0, False
    try:
        zero = datetime.fromisoformat(re.sub(r"\s*(Z|UTC)$", "+00:00", since[2]))
    except ValueError:
        problem = Problem(shown, clock, f"the time unit {unit!r}", "an ISO 8601 moment after 'since'", "correct it")
        raise CaseError([problem]) from None
    return _UNIT_S[word], (zero if zero.tzinfo else zero.replace(tzinfo=UTC)).timestamp(), True


def _attribute(one: Any, key: str) -> str:
    found = one.attrs.get(key, b"") if hasattr(one, "attrs") else getattr(one, key, b"")
    found = found[0] if isinstance(found, np.ndarray) and found.size else found
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)


def _number(one: Any, key: str) -> float | None:
    found = one.attrs.get(key) if hasattr(one, "attrs") else getattr(one, key, None)
    return None if found is None else float(np.ravel(found)[0])
