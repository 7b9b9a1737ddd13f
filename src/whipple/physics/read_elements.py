"""Read two-line element sets, and say everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from whipple.errors import CaseError, Problem
from whipple.physics.orbit import ElementSet

__all__ = ["checksum", "element_problems", "read_elements", "sound_elements"]

_LENGTH = 69


@dataclass(frozen=True)
class _Lines:
    """One candidate set: the two lines with their numbers in the file, and the name line before them."""

    name: str
    first: tuple[int, str]
    second: tuple[int, str]


def checksum(line: str) -> int:
    """The checksum that columns 1 to 68 of an element line call for: digits add up, a minus counts 1, modulo 10.

    >>> checksum("2 25544  51.6430 151.3097 0003678 167.7951 338.1576 15.49996899373529")
    9
    """
    return sum(int(c) if c.isdigit() else c == "-" for c in line[: _LENGTH - 1]) % 10


def read_elements(path: Path | str) -> tuple[ElementSet, ...]:
    """Every element set of a file (two or three lines each, '#' comments), in the order of the file.

    Raises CaseError with every problem found: unreadable file, line length and format, checksums, catalogue numbers.
    """
    sets, problems = _scan(Path(path))
    if problems:
        raise CaseError(problems)
    return tuple(sets)


def element_problems(path: Path | str) -> list[Problem]:
    """Everything wrong with an element file, in one pass; empty when `read_elements` would succeed."""
    return _scan(Path(path))[1]


def sound_elements(path: Path | str) -> tuple[ElementSet, ...]:
    """The sets of a file that have nothing wrong with them, so that a file with a mistake can be checked further."""
    return tuple(_scan(Path(path))[0])


def _scan(path: Path) -> tuple[list[ElementSet], list[Problem]]:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = (
            (error.strerror or "an error").lower() if isinstance(error, OSError) else "a character that is not ASCII"
        )
        expected = "a readable text file of element sets"
        return [], [Problem(path.name, "", f"{reason}", expected, "check the path and save as text")]
    problems: list[Problem] = []
    sets = []
    for lines in _pairs(path.name, text, problems):
        found = _line_problems(path.name, lines)
        problems += found
        if not found:
            sets.append(_element_set(lines))
    if not sets and not problems:
        problems.append(Problem(path.name, "", "no element set", "one pair of lines 1 and 2", "add an element set"))
    return sets, problems


def _pairs(file: str, text: str, problems: list[Problem]) -> Iterator[_Lines]:
    """Pair lines 1 and 2; a line that has no partner becomes a problem."""
    name, first = "", None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        if not line or line.startswith("#"):
            continue
        if first is None and line.startswith("1 "):
            first = (number, line)
        elif first is not None and line.startswith("2 "):
            yield _Lines(name, first, (number, line))
            name, first = "", None
        elif first is not None or line.startswith("2 "):
            problems.append(_unpaired(file, number, line))
            first = None
        else:
            name = line.removeprefix("0 ").strip()
    if first is not None:
        problems.append(_unpaired(file, *first))


def _unpaired(file: str, number: int, line: str) -> Problem:
    found = f"'{line[:24]}' without its partner"
    return Problem(file, f"line {number}", found, "line 1 followed by line 2", "restore the missing line")


def _line_problems(file: str, lines: _Lines) -> list[Problem]:
    problems = []
    for number, line in (lines.first, lines.second):
        where = f"line {number}"
        if len(line) != _LENGTH:
            found, remedy = f"{len(line)} characters", "copy the line whole, with its spaces"
            problems.append(Problem(file, where, found, f"{_LENGTH}", remedy))
        elif not line[-1].isdigit() or int(line[-1]) != checksum(line):
            expected = f"{checksum(line)} from the other columns"
            remedy = "fetch the set again: a digit was changed, or the set was made up"
            problems.append(Problem(file, where, f"checksum {line[-1]}", expected, remedy))
    if not problems:
        problems += _field_problems(file, lines)
    return problems


def _field_problems(file: str, lines: _Lines) -> list[Problem]:
    (number, line1), (_, line2) = lines.first, lines.second
    problems = []
    if line1[2:7] != line2[2:7]:
        found = f"catalogue numbers {line1[2:7]} and {line2[2:7]}"
        problems.append(Problem(file, f"line {number}", found, "the same object on both lines", "pair the right lines"))
    try:
        _element_set(lines)
        for start, stop in ((8, 16), (17, 25), (34, 42), (43, 51), (52, 63)):
            float(line2[start:stop])
        float("0." + line2[26:33])
    except ValueError as error:
        expected = "numbers in the columns of the two-line format"
        problems.append(Problem(file, f"line {number}", f"{error}", expected, "copy the set whole, with its spaces"))
    return problems


def _element_set(lines: _Lines) -> ElementSet:
    line1, line2 = lines.first[1], lines.second[1]
    year = int(line1[18:20])
    start = datetime(year + (2000 if year < 57 else 1900), 1, 1, tzinfo=UTC)
    epoch = start + timedelta(days=float(line1[20:32]) - 1.0)
    return ElementSet(line1, line2, lines.name, epoch, int(line1[2:7]))
