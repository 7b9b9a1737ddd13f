"""Read what MASTER-8 writes, as far as its layout is public: one spectrum (*.dia) with the total flux in its last lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.environment.read_ordem import read_text_rows
from whipple.errors import CaseError, Problem
from whipple.physics.constants import YEAR_s

__all__ = ["MasterSpectrum", "read_master"]

_TOTAL = re.compile(r"total\s+flux\s+in\s+this\s+spectrum\s+is\s+([-+.\dEeDd]+)\s*1/m\^?2/yr", re.IGNORECASE)


@dataclass(frozen=True)
class MasterSpectrum:
    """The total flux of one spectrum (1/m2/s), within the size limits of its run, and its rows as they stand.

    `rows` (n, k): numbers of the table; what each column means depends on the run and is not guessed: `header` holds the lines
    above them.
    """

    total_per_m2_s: float
    rows: npt.NDArray[np.float64]
    header: tuple[str, ...]
    file: str


def read_master(path: Path | str) -> MasterSpectrum:
    """The total flux of a MASTER spectrum: "Total flux in this spectrum is X 1/m^2/yr", Fortran D exponents understood.

    Raises CaseError: no such line (cut short, or another file such as STENVI, whose columns are not public: named in the error),
    a total that is negative or no number, rows of unequal length or with negative numbers in their last column.
    """
    path = Path(path)
    lines = read_text_rows(path)
    totals = [(number, found.group(1)) for number, line in lines if (found := _TOTAL.search(line))]
    header = tuple(line for _, line in lines if line[0] in "#!" and not _TOTAL.search(line))
    if not totals:
        named = next((line for line in reversed(header) if len(line) > 1), lines[0][1] if lines else "nothing")
        expected = "a line 'Total flux in this spectrum is ... 1/m^2/yr' (a MASTER .dia spectrum)"
        remedy = "give the .dia file whole; STENVI and igloo layouts are not public and are not guessed"
        raise CaseError([Problem(path.name, "", f"columns {named[:160]}", expected, remedy)])
    number, text = totals[-1]
    total = _number(path, number, text)
    return MasterSpectrum(total / float(YEAR_s), _rows(path, lines), header, path.name)


def _number(path: Path, line: int, text: str) -> float:
    try:
        value = float(text.upper().replace("D", "E"))
    except ValueError:
        value = float("nan")
    if not (np.isfinite(value) and value >= 0):
        raise CaseError([Problem(path.name, f"line {line}", f"a total of {text}", "0 or more", "run MASTER again")])
    return value


def _rows(path: Path, lines: list[tuple[int, str]]) -> npt.NDArray[np.float64]:
    rows: list[list[float]] = []
    for number, line in lines:
        if line[0] in "#!" or _TOTAL.search(line):
            continue
        try:
            values = [float(word.upper().replace("D", "E")) for word in line.split()]
        except ValueError:
            continue
        if (rows and len(values) != len(rows[0])) or not np.isfinite(values).all() or values[-1] < 0:
            found, expected = f"'{line[:60]}'", f"{len(rows[0]) if rows else 'some'} numbers, the last 0 or more"
            remedy = "the file may be cut short or changed: copy it again"
            raise CaseError([Problem(path.name, f"line {number}", found, expected, remedy)])
        rows.append(values)
    return np.array(rows, dtype=float).reshape(len(rows), -1)
