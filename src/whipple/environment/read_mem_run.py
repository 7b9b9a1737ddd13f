"""Reading a results folder of MEM 3: both density populations, the limiting mass and the axes of the output."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from whipple.environment.mem_files import HIGH, LOW, CubeFile, DirectionFile, MemRun
from whipple.environment.read_mem import read_mem_file
from whipple.errors import CaseError, Problem
from whipple.physics.constants import YEAR_s

__all__ = ["read_mem_run"]

#: The directional files, best first: both hold the same flux, the igloo in cells of like size.
_DIRECTIONS = ("igloo_avg.txt", "flux_avg.txt")
_CUBE = "cube_avg.txt"
_AXES = ("bo", "eq", "ec")
#: How far the cells may be from the sphere: the files print 7 digits.
_SAME_RUN = 1e-3


def read_mem_run(path: Path) -> MemRun:
    """A results folder (or a population folder, or one file of either) of MEM 3.

    The limiting mass is that of `info.txt`, else line 6 of `options.txt`, else unknown; the axes are line 11 of `options.txt`.
    A single file outside a folder named HiDensity or LoDensity is taken as it is, its population named after the file.
    Raises CaseError: nothing to read, an unreadable file, a run that did not end well.
    """
    if path.is_file():
        one = read_mem_file(path)
        home = path.parent.parent if path.parent.name in (HIGH, LOW) else path.parent
        return _run(path, home, {path.parent.name if path.parent.name in (HIGH, LOW) else path.stem: [one]})
    folders = [path / name for name in (HIGH, LOW) if (path / name).is_dir()]
    home = path
    if not folders and any((path / name).is_file() for name in (*_DIRECTIONS, _CUBE)):
        folders, home = [path], path.parent if path.name in (HIGH, LOW) else path
    found = {folder.name: _population(folder) for folder in folders}
    if not any(found.values()):
        here = ", ".join(sorted(item.name for item in path.iterdir())[:8]) if path.is_dir() else "no such folder"
        expected = f"{HIGH} and {LOW} with {_DIRECTIONS[0]}, {_DIRECTIONS[1]} or {_CUBE}"
        raise CaseError(
            [Problem(str(path), "", here or "an empty folder", expected, "give the results folder of a MEM 3 run")]
        )
    return _run(path, home, found)


def _population(folder: Path) -> list[DirectionFile | CubeFile]:
    names = next(([name] for name in _DIRECTIONS if (folder / name).is_file()), [])
    return [read_mem_file(folder / name) for name in [*names, _CUBE] if (folder / name).is_file()]


def _run(path: Path, home: Path, found: Mapping[str, Sequence[DirectionFile | CubeFile]]) -> MemRun:
    log = home / "log.txt"
    if log.is_file() and "terminated successfully" not in log.read_text(encoding="utf-8", errors="replace"):
        raise CaseError(
            [Problem(str(log), "", "a run that did not end well", "terminated successfully", "run MEM again")]
        )
    settings = _settings(home)
    directions = {name: item for name, items in found.items() for item in items if isinstance(item, DirectionFile)}
    cubes = {name: item for name, items in found.items() for item in items if isinstance(item, CubeFile)}
    for name in directions.keys() & cubes.keys():
        _check_same_run(path, name, float(directions[name].flux_per_m2_s.sum()), cubes[name].cross_section_per_m2_s)
    return MemRun(str(path), settings.mass_kg, settings.axes, directions, cubes)


def _check_same_run(path: Path, name: str, cells_per_m2_s: float, sphere_per_m2_s: float) -> None:
    """All cells together are the flux on a sphere, exactly; files of two runs in one folder are not."""
    if abs(cells_per_m2_s - sphere_per_m2_s) > _SAME_RUN * sphere_per_m2_s:
        found = f"cells that add up to {cells_per_m2_s * YEAR_s:.5g}, a cube with {sphere_per_m2_s * YEAR_s:.5g} /m2/yr on a sphere"
        expected = "the same flux in all files of a population"
        raise CaseError([Problem(str(path), name, found, expected, "do not mix the files of two runs")])


@dataclass(frozen=True)
class _Settings:
    mass_kg: float | None
    axes: str


def _settings(home: Path) -> _Settings:
    """The limiting mass and axes from the files beside the results, as far as they are there."""
    mass, axes = None, ""
    options, info = home / "options.txt", home / "info.txt"
    if options.is_file():
        lines = [x for x in options.read_text(encoding="utf-8", errors="replace").splitlines() if x and x[0] != "#"]
        if len(lines) < 16:
            found = f"{len(lines)} value lines, the file is cut short"
            raise CaseError([Problem(str(options), "", found, "16 after the comments", "copy it again")])
        mass, axes = _gram(str(options), lines[5].split()[0]), lines[10].split()[0][:2].lower()
        if axes not in _AXES:
            raise CaseError(
                [Problem(str(options), "line 11", repr(axes), "one of " + ", ".join(_AXES), "mend the line")]
            )
    if info.is_file():
        stated = re.search(r"Limiting mass:\s+10\^(\S+)\s+grams", info.read_text(encoding="utf-8", errors="replace"))
        mass = _gram(str(info), stated[1]) if stated else mass
    return _Settings(mass, axes)


def _gram(file: str, exponent: str) -> float:
    """The mass (kg) of a base-10 logarithm of grams, within the range of MEM."""
    try:
        value = float(exponent)
    except ValueError:
        value = float("nan")
    if not -6 <= value <= 1:
        expected = "a base-10 logarithm of grams in [-6, 1]"
        raise CaseError([Problem(file, "limiting mass", repr(exponent), expected, "mend the line")])
    return float(10**value * 1e-3)
