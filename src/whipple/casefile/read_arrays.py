"""HDF5 and netCDF files as signals: h5py for HDF5 and netCDF-4, SciPy for netCDF-3. Each signal has the clock of its own group or dimension."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import BackendError, CaseError, Problem

__all__ = ["ARRAY_FILES", "Signal", "names_of", "read_arrays"]

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
        return tuple(name for name, _ in _arrays(file))


def read_arrays(path: Path, time_name: str, names: Sequence[str] = (), shown: str = "") -> tuple[Signal, ...]:
    """Signals by name, all that have a time when `names` is empty. The time of "a/b/p" is "a/b/<time_name>", else the next one up.

    Raises CaseError naming the array that is not there, not as long as its time, or not of numbers; BackendError without h5py.
    """
    shown = shown or path.name
    with _opened(path, shown) as file:
        found = dict(_arrays(file))
        clocks = {name for name in found if name.rsplit("/", 1)[-1] == time_name}
        wanted = list(names) or [name for name in found if name not in clocks and _clock_of(name, time_name, found)]
        problems = [_missing(shown, name, list(found)) for name in wanted if name not in found]
        if not clocks:
            problems.append(_missing(shown, time_name, list(found)))
        if problems:
            raise CaseError(problems)
        return tuple(_signal(shown, name, _clock_of(name, time_name, found), found) for name in wanted)


def _opened(path: Path, shown: str) -> Any:
    if not path.is_file():
        raise CaseError([Problem(shown, "", "no such file", "an HDF5 or netCDF file", "check the path")])
    with path.open("rb") as file:
        first = file.read(8)
    if first[:3] == b"CDF":
        from scipy.io import netcdf_file

        try:
            return netcdf_file(path, "r", mmap=False)
        except Exception as error:  # SciPy raises many kinds; each means the file is broken
            raise CaseError([_broken(shown, error)]) from None
    if first != b"\x89HDF\r\n\x1a\n":
        problem = Problem(
            shown, "", f"a file that begins with {first[:4]!r}", "HDF5 or netCDF", "check that it was copied whole"
        )
        raise CaseError([problem])
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


def _arrays(file: Any) -> Iterator[tuple[str, Any]]:
    """Every array of one dimension of numbers, with its path."""
    if hasattr(file, "variables"):
        yield from ((name, one) for name, one in file.variables.items() if len(one.shape) == 1)
        return
    found: list[tuple[str, Any]] = []

    def visit(name: str, one: Any) -> None:
        if getattr(one, "ndim", 0) == 1 and one.dtype.kind in "iufb":
            found.append((name, one))

    file.visititems(visit)
    yield from found


def _clock_of(name: str, time_name: str, found: dict[str, Any]) -> str:
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


def _signal(shown: str, name: str, clock: str, found: dict[str, Any]) -> Signal:
    if not clock:
        raise CaseError(
            [
                Problem(
                    shown,
                    name,
                    "no time beside it",
                    "a time array of the same length",
                    "give its name as the time column",
                )
            ]
        )
    raw, times = found[name], found[clock]
    if raw.shape != times.shape:
        problem = Problem(
            shown, name, f"{raw.shape[0]} values for {times.shape[0]} times", "as many as times", "check the export"
        )
        raise CaseError([problem])
    t_s, dated = _seconds(shown, clock, np.asarray(times[:], float), _attribute(times, "units"))
    return Signal(name, t_s, _values(raw), _attribute(raw, "units"), dated)


def _values(raw: Any) -> Array:
    """Numbers with NaN for the fill value, scaled as netCDF says."""
    value = np.asarray(raw[:], float)
    for key in ("_FillValue", "missing_value"):
        fill = _number(raw, key)
        if fill is not None:
            value = np.where(value == fill, np.nan, value)
    factor, offset = _number(raw, "scale_factor"), _number(raw, "add_offset")
    return value * (1.0 if factor is None else factor) + (0.0 if offset is None else offset)


def _seconds(shown: str, clock: str, value: Array, unit: str) -> tuple[Array, bool]:
    """Seconds from "hours since 2022-12-15" and the like, dated; a bare unit only scales."""
    since = _SINCE.match(unit)
    word = (since[1] if since else unit.strip().rstrip("s") if unit.strip() not in _UNIT_S else unit.strip()).lower()
    if word and word not in _UNIT_S:
        raise CaseError(
            [
                Problem(
                    shown,
                    clock,
                    f"the time unit {unit!r}",
                    "seconds, or 'seconds since 2022-12-15T00:00:00Z'",
                    "correct it",
                )
            ]
        )
    scaled = value * _UNIT_S.get(word, 1.0)
    if not since:
        return scaled, False
    try:
        zero = datetime.fromisoformat(re.sub(r"\s*(Z|UTC)$", "+00:00", since[2]))
    except ValueError:
        raise CaseError(
            [Problem(shown, clock, f"the time unit {unit!r}", "an ISO 8601 moment after 'since'", "correct it")]
        ) from None
    return scaled + (zero if zero.tzinfo else zero.replace(tzinfo=UTC)).timestamp(), True


def _attribute(one: Any, key: str) -> str:
    found = one.attrs.get(key, b"") if hasattr(one, "attrs") else getattr(one, key, b"")
    found = found[0] if isinstance(found, np.ndarray) and found.size else found
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)


def _number(one: Any, key: str) -> float | None:
    found = one.attrs.get(key) if hasattr(one, "attrs") else getattr(one, key, None)
    return None if found is None else float(np.ravel(found)[0])
