"""Read what ORDEM 3.x writes, as far as its layout is public: the size-flux table SIZEFLUX_SC.OUT."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.errors import CaseError, Problem, RangeError
from whipple.physics.constants import YEAR_s

__all__ = ["ImportedFlux", "cumulative_flux", "read_ordem", "read_text_rows"]

Array = npt.NDArray[np.float64]
#: Files of a run whose columns are not public: named in the refusal.
_CLOSED = ("IGLOO", "VELFLUX", "BFLY")
_SIZES_m = (1e-7, 100.0)
#: A whole ORDEM table reaches from 10 um to 1 m; a little less is let pass for rounding.
_SPAN_m = (1.1e-5, 0.9)


@dataclass(frozen=True)
class ImportedFlux:
    """A cumulative flux by size from another model: particles of `size_m` (n,) and more, 1/m2/s, largest size last."""

    size_m: Array
    flux_per_m2_s: Array
    model: str
    file: str

    def between(self, low_m: float, high_m: float) -> float:
        """Flux of sizes from `low_m` to below `high_m` (1/m2/s): F(>= low) - F(>= high), log-log between the rows.

        Raises RangeError outside the table: nothing is extrapolated.

        >>> table = ImportedFlux(np.array([1e-4, 1e-3]), np.array([1e-6, 1e-8]), "x", "f")
        >>> float(f"{table.between(1e-4, 1e-3):.3g}")
        9.9e-07
        """
        for size in (low_m, high_m):
            if not self.size_m[0] <= size <= self.size_m[-1]:
                span = f"{self.size_m[0]:g} to {self.size_m[-1]:g} m"
                raise RangeError(self.file, "size", f"{size:g} m", span, "ask for a size in the table")
        log = np.log(np.maximum(self.flux_per_m2_s, 1e-300))
        low, high = (float(np.exp(np.interp(np.log(x), np.log(self.size_m), log))) for x in (low_m, high_m))
        return low - high


def read_ordem(path: Path | str) -> ImportedFlux:
    """The cumulative flux of an ORDEM 3.x spacecraft run: SIZEFLUX_SC.OUT, rows of size (m) and flux of that size and more
    (1/m2/yr), as a public third-party parser reads it.

    Raises CaseError: a file of another kind (igloo, velocity, butterfly), with the columns found, because their layout is
    not public; a file cut short; a value that is negative or no number; a flux that grows with size.
    """
    path = Path(path)
    lines = read_text_rows(path)
    if any(word in path.name.upper() for word in _CLOSED):
        raise _closed(path, lines)
    rows = [(number, line.split()) for number, line in lines if _starts_with_number(line)]
    if rows and max(len(row) for _, row in rows) != 2:
        raise _closed(path, lines)
    table = cumulative_flux(path.name, rows, "ORDEM 3.x")
    if table.size_m[0] > _SPAN_m[0] or table.size_m[-1] < _SPAN_m[1]:
        found = f"sizes {table.size_m[0]:g} to {table.size_m[-1]:g} m"
        remedy = "the file may be cut short: copy it again"
        raise CaseError([Problem(path.name, "", found, "10 um to 1 m, as ORDEM 3.x writes them", remedy)])
    return table


def read_text_rows(path: Path) -> list[tuple[int, str]]:
    """The lines of a text file that are not blank, numbered; CaseError when it cannot be read."""
    try:
        text = path.read_text(encoding="latin-1")
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise CaseError([Problem(path.name, "", reason, "a readable text file", "check the path")]) from None
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def cumulative_flux(file: str, rows: list[tuple[int, list[str]]], model: str) -> ImportedFlux:
    """Two columns, size (m) and cumulative flux (1/m2/yr), checked row by row; sorted by size. Raises CaseError."""
    if len(rows) < 2:
        found = f"{len(rows)} row of numbers"
        raise CaseError(
            [Problem(file, "", found, "a table of sizes and fluxes", "the file may be cut short: copy it again")]
        )
    values = []
    for number, words in rows:
        try:
            size, flux = (float(word.upper().replace("D", "E")) for word in words)
        except ValueError:
            found = f"'{' '.join(words)[:40]}'"
            remedy = "the file may be cut short: copy it again"
            raise CaseError([Problem(file, f"line {number}", found, "a size (m) and a flux", remedy)]) from None
        sound = np.isfinite([size, flux]).all() and flux >= 0 and _SIZES_m[0] <= size <= _SIZES_m[1]
        if not sound:
            found = f"size {size:g} m, flux {flux:g}"
            expected = "a size from 0.1 um to 100 m and a flux of 0 or more"
            raise CaseError([Problem(file, f"line {number}", found, expected, "check units and columns")])
        values.append((size, flux, number))
    values.sort()
    for (size, flux, _), (larger, more, number) in pairwise(values):
        if more > flux or larger == size:
            found = f"flux {more:g} at {larger:g} m after {flux:g} at {size:g} m"
            expected = "a cumulative flux (of that size and more), which cannot grow with size"
            remedy = "a differential table must be summed from the largest size down first"
            if number == rows[-1][0]:
                remedy += "; or the last line is cut short: copy the file again"
            raise CaseError([Problem(file, f"line {number}", found, expected, remedy)])
    table = np.array(values)
    return ImportedFlux(table[:, 0], table[:, 1] / float(YEAR_s), model, file)


def _starts_with_number(line: str) -> bool:
    try:
        float(line.split()[0].upper().replace("D", "E"))
    except ValueError:
        return False
    return True


def _closed(path: Path, lines: list[tuple[int, str]]) -> CaseError:
    text = [line for _, line in lines if not _starts_with_number(line)]
    columns = text[-1][:160] if text else f"{len(lines[0][1].split())} unnamed columns" if lines else "an empty file"
    expected = "SIZEFLUX_SC.OUT: two columns, size (m) and cumulative flux (1/m2/yr); the layout of the other files is not public"
    return CaseError([Problem(path.name, "", f"columns {columns}", expected, "give SIZEFLUX_SC.OUT of the same run")])
