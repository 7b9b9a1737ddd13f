"""Reading one output file of MEM 3 (`igloo_avg.txt`, `flux_avg.txt`, `cube_avg.txt`), with every reason to refuse it.

Layouts: environment sheet 9.1, read in public runs (LunarEjecta). Values are fluxes per bin, per m2 and year, of particles
heavier than the limiting mass; an igloo is labelled by the middles of its speed bins, a flux file by their lower edges although
its comment says midpoints. Columns are taken by their order, cell edges from their columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.environment.mem_files import CUBE_COLUMNS, CubeFile, DirectionFile
from whipple.environment.mem_grid import Igloo
from whipple.errors import CaseError, Problem
from whipple.physics.constants import YEAR_s

__all__ = ["read_mem_file"]

Array = npt.NDArray[np.float64]
_IGLOO = ("ID", "I", "J", "PHI1", "PHI2", "THETA1", "THETA2", "PHIavg", "THETAavg")
_FLUX = ("PHI1", "THETA1")
_CUBE = "+x ram"
_WHOLE = "copy the file again from the results folder of MEM"
#: How far the cells may be from covering the sky: the edges are printed to 0.01 deg.
_SKY_TOLERANCE = 2e-3


@dataclass(frozen=True)
class _Text:
    """The parts of a file: comment lines, numbers by row, and the line of each row."""

    name: str
    comments: tuple[str, ...]
    rows: Array
    lines: tuple[int, ...]

    def refuse(self, key: str, found: str, expected: str, remedy: str = _WHOLE) -> CaseError:
        return CaseError([Problem(self.name, key, found, expected, remedy)])

    def promised(self, what: str) -> int | None:
        """The number in a header such as '# 1652 rows of flux data'."""
        found = (re.match(rf"#\s*(\d+)\s+{what} of flux data", line) for line in self.comments)
        return next((int(match[1]) for match in found if match), None)


def read_mem_file(path: Path) -> DirectionFile | CubeFile:
    """One file of a MEM 3 results folder, recognised by its column names; SI units.

    Raises CaseError: no such file, cut short, a word that is not a number, a negative or missing flux, unknown columns (named),
    edges or speeds that do not rise, cells that do not cover the sky, faces beyond what the sphere can give.
    """
    text = _split(path)
    names = text.comments[-1].lstrip("# ").split() if text.comments else []
    if any(_CUBE in line for line in text.comments):
        return _cube(text)
    if tuple(names[: len(_IGLOO)]) == _IGLOO:
        return _igloo(text, names[len(_IGLOO) :])
    if tuple(names[: len(_FLUX)]) == _FLUX:
        return _flux(text, names[len(_FLUX) :])
    found = "the columns " + " ".join(names[:12]) + (" ..." if len(names) > 12 else "") if names else "no column names"
    expected = f"those of igloo_avg.txt ({' '.join(_IGLOO)} ...), flux_avg.txt ({' '.join(_FLUX)} ...) or cube_avg.txt"
    raise text.refuse("", found, expected, "give a file that MEM 3 wrote")


def _split(path: Path) -> _Text:
    if not path.is_file():
        raise CaseError([Problem(str(path), "", "no such file", "an output file of MEM 3", "check the path")])
    comments, rows, lines = [], [], []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if line.lstrip().startswith("#"):
            comments.append(line.strip())
        elif line.strip():
            rows.append(line.split())
            lines.append(number)
    if not comments:
        first = " ".join(rows[0][:8]) if rows else "nothing"
        found = f"no header lines and no column names; the file begins with {first!r}"
        raise CaseError([Problem(path.name, "", found, "the '#' lines of MEM 3", "give a file that MEM 3 wrote")])
    widths = [len(row) for row in rows]
    short = next((i for i, width in enumerate(widths) if width != max(widths)), None)
    if short is not None:
        found, expected = f"{widths[short]} columns, a line cut short", f"{max(widths)} columns"
        raise CaseError([Problem(path.name, f"line {lines[short]}", found, expected, _WHOLE)])
    return _Text(path.name, tuple(comments), _numbers(path.name, rows, lines), tuple(lines))


def _numbers(name: str, rows: list[list[str]], lines: list[int]) -> Array:
    try:
        return np.array(rows, dtype=float).reshape(len(rows), len(rows[0]) if rows else 0)
    except ValueError:
        for row, line in zip(rows, lines, strict=True):
            for word in row:
                if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?", word):
                    raise CaseError([Problem(name, f"line {line}", repr(word), "a number", _WHOLE)]) from None
        raise


def _check(text: _Text, values: Array, leading: int) -> None:
    """The promised rows and columns are there; no flux is negative or missing."""
    rows, columns = text.promised("rows"), text.promised("columns")
    if not len(text.rows):
        raise text.refuse("", "0 rows of data", f"{rows}" if rows else "at least one")
    if rows is not None and rows != len(text.rows):
        raise text.refuse(
            "", f"{len(text.rows)} rows of data, the file is cut short or joined", f"{rows} as its first line says"
        )
    if columns is not None and columns != text.rows.shape[1] - leading:
        found = f"{text.rows.shape[1] - leading} columns of flux"
        raise text.refuse("", found, f"{columns} as its second line says")
    bad = np.argwhere(~(values >= 0) | ~np.isfinite(values))
    if len(bad):
        row, column = bad[0]
        found = f"a flux of {values[row, column]:g} in column {column + leading + 1}"
        raise text.refuse(f"line {text.lines[row]}", found, "a finite flux >= 0", "do not use this file")


def _speeds(text: _Text, labels: list[str], columns: int, *, lower: bool) -> Array:
    """Middles of the speed bins (m/s) from their labels (km/s): evenly rising, from 0."""
    try:
        label = np.array(labels, dtype=float)
    except ValueError:
        found = "the speed columns " + " ".join(labels[:8])
        raise text.refuse("", found, "speeds in km/s after the cell columns", "give a file that MEM 3 wrote") from None
    if len(label) != columns:
        raise text.refuse("", f"{len(label)} speed labels above {columns} columns", "one label a column")
    step = np.diff(label)
    if len(label) < 2 or not np.allclose(step, step[0]) or step[0] <= 0:
        raise text.refuse("", "speeds " + " ".join(labels[:6]), "evenly rising speed bins")
    middle = label + step[0] / 2 if lower else label
    if not np.isclose(middle[0], step[0] / 2):
        raise text.refuse("", f"a first speed of {labels[0]} km/s", f"bins from 0 in steps of {step[0]:g} km/s")
    return np.asarray(middle * 1e3)


def _igloo(text: _Text, labels: list[str]) -> DirectionFile:
    flux = text.rows[:, len(_IGLOO) :]
    _check(text, flux, len(_IGLOO))
    band, place = text.rows[:, 1].astype(np.int64), text.rows[:, 2].astype(np.int64)
    cells = Igloo(band, place, *(text.rows[:, i].copy() for i in (3, 4, 5, 6)))
    _check_cells(text, cells)
    speed = _speeds(text, labels, flux.shape[1], lower=False)
    return DirectionFile(text.name, "igloo", cells, speed, flux / YEAR_s)


def _flux(text: _Text, labels: list[str]) -> DirectionFile:
    flux = text.rows[:, len(_FLUX) :]
    _check(text, flux, len(_FLUX))
    phi, theta = text.rows[:, 0], text.rows[:, 1]
    steps = [np.diff(np.unique(angle)) for angle in (phi, theta)]
    if any(len(step) == 0 or not np.allclose(step, step[0]) for step in steps):
        raise text.refuse("", "cells that are not evenly spaced", "PHI1 and THETA1 in even steps")
    high, end = phi + steps[0][0], theta + steps[1][0]
    band = np.searchsorted(np.unique(phi), phi) + 1
    place = np.searchsorted(np.unique(theta), theta) + 1
    cells = Igloo(band.astype(np.int64), place.astype(np.int64), phi.copy(), high, theta.copy(), end)
    _check_cells(text, cells)
    return DirectionFile(text.name, "flux", cells, _speeds(text, labels, flux.shape[1], lower=True), flux / YEAR_s)


def _check_cells(text: _Text, cells: Igloo) -> None:
    """Edges rise and the cells are the whole sky, once."""
    rising = (cells.low_phi_deg < cells.high_phi_deg) & (cells.low_theta_deg < cells.high_theta_deg)
    if not rising.all():
        line = text.lines[int(np.argmin(rising))]
        raise text.refuse(f"line {line}", "a cell whose edges do not rise", "PHI1 < PHI2 and THETA1 < THETA2")
    share = float(cells.solid_angle_sr.sum() / (4 * np.pi))
    if abs(share - 1) > _SKY_TOLERANCE:
        raise text.refuse("", f"cells that cover {100 * share:.1f} % of the sky", "100 %: every direction once")


def _cube(text: _Text) -> CubeFile:
    values = text.rows[:, 1:]
    _check(text, values, 1)
    count = len(CUBE_COLUMNS)
    if values.shape[1] != count:
        raise text.refuse("", f"{values.shape[1]} columns after the speed", f"{count}: " + ", ".join(CUBE_COLUMNS))
    total = _header(text, r"total cross-sectional flux\s+(\S+)", 1)[0]
    mean, face = (
        _header(text, r"average speed \(km/s\)\s+(.*)", count),
        _header(text, r"total flux \(#/m2/yr\)\s+(.*)", count),
    )
    off = np.abs(values.sum(axis=0) - face) > 1e-3 * np.maximum(face, 1e-12)
    if off.any():
        name = CUBE_COLUMNS[int(np.argmax(off))]
        raise text.refuse("", f"a {name} column that does not add up to its total", "the total in the header")
    if (face[:6] > total * (1 + 1e-6)).any():
        raise text.refuse("", "a face flux above the cross-sectional flux", "a face that gets less than a sphere")
    speed = _speeds(text, [f"{x:g}" for x in text.rows[:, 0]], len(text.rows), lower=False)
    return CubeFile(text.name, float(total / YEAR_s), face / YEAR_s, mean * 1e3, speed, values / YEAR_s)


def _header(text: _Text, pattern: str, count: int) -> Array:
    """The numbers of a header line of a cube file."""
    found = next((match[1].split() for line in text.comments if (match := re.search(pattern, line))), [])
    try:
        values = np.array(found[:count], dtype=float)
    except ValueError:
        values = np.empty(0)
    if len(values) != count or not (values >= 0).all():
        raise text.refuse(
            "", f"the header {' '.join(found[:4])!r} for {pattern.split(chr(92))[0].strip()!r}", f"{count} numbers >= 0"
        )
    return values
