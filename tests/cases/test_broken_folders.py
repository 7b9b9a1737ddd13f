"""The user who makes mistakes: each of these folders gives one clear problem, not none, not a page of them, never a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from whipple.commands.checking import problems_in
from whipple.commands.folders import BUNDLED

ROWS = [f"2024-01-10T{hour:02d}:00:00Z,3.0{hour % 10},2.9{hour % 10},20.{hour % 10}" for hour in range(24)]
CHANNELS = """
[[channel]]
name = "p1"
file = "loop.csv"
column = "p1"
unit = "bar"
measures = "pressure"
loop = "external"
source = "example"
[[channel]]
name = "p2"
file = "loop.csv"
column = "p2"
unit = "bar"
measures = "pressure"
loop = "external"
source = "example"
[[channel]]
name = "t1"
file = "loop.csv"
column = "t1"
unit = "degC"
measures = "temperature"
loop = "external"
source = "example"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The template with three channels, at an epoch that they cover."""
    made = Path(shutil.copytree(BUNDLED / "template", tmp_path / "case"))
    text = (made / "case.toml").read_text(encoding="utf-8")
    (made / "case.toml").write_text(text + CHANNELS, encoding="utf-8")
    day = next(line for line in text.splitlines() if line.startswith("epoch = ")).split()[2][:10]
    (made / "loop.csv").write_text("\n".join(["time,p1,p2,t1", *ROWS]).replace("2024-01-10", day) + "\n")
    return made


def change(file: str, old: str, new: str) -> Callable[[Path], None]:
    def broken(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, old
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return broken


def rows(how: Callable[[list[str]], list[str]], encoding: str = "utf-8") -> Callable[[Path], None]:
    """The record, its header first, as another program would have written it."""
    return lambda folder: (folder / "loop.csv").write_text(  # type: ignore[return-value]
        "\n".join(how((folder / "loop.csv").read_text().splitlines())), encoding=encoding
    )


def excel(lines: list[str]) -> list[str]:
    return [lines[0].replace(",", ";"), *(line.replace(",", ";").replace(".", ",") for line in lines[1:])]


def days_first(lines: list[str]) -> list[str]:
    return [lines[0], *(f"{line[8:10]}.{line[5:7]}.{line[:4]} {line[11:19]}{line[20:]}" for line in lines[1:])]


MISTAKES: dict[str, tuple[Callable[[Path], None], str, str, str]] = {
    "decimal commas": (rows(excel, "utf-8-sig"), "loop.csv", "numbers with a comma", "decimal points"),
    "UTF-16": (rows(list, "utf-16"), "loop.csv", "text in UTF-16", "CSV UTF-8"),
    "days first": (rows(days_first), "loop.csv", "00:00:00' in line 2 and 23 more", "write 2022-12-15T00:45:00Z"),
    "a row of units": (rows(lambda x: [x[0], "UTC,bar,bar,degC", *x[1:]]), "loop.csv", "words in line 2", "delete that line"),
    "another year": (rows(lambda x: [x[0], *("2019" + line[4:] for line in x[1:])]), "loop.csv", "before the epoch", "case.epoch"),
    "Unix seconds": (rows(lambda x: [x[0], *(f"{1704844800 + i},{line[21:]}" for i, line in enumerate(x[1:]))]), "loop.csv", "years", "ISO"),
    "time not sorted": (rows(lambda x: [x[0], *x[:0:-1]]), "loop.csv", "time going backwards", "sort"),
    "no record": (lambda folder: (folder / "loop.csv").unlink(), "loop.csv", "no such file", "put the file"),
    "unit C": (change("case.toml", 'unit = "degC"', 'unit = "C"'), "case.toml", "'C'", 'write unit = "degC"'),
    "degrees C": (change("case.toml", '{ is = "290 K", low = "280 K"', '{ is = "17 C", low = "280 K"'), "case.toml", "'17 C'", '"17 degC"'),
    "no unit": (change("case.toml", '"10 L"', '"10"'), "case.toml", "'10'", "write the unit"),
    "range the wrong way": (change("case.toml", 'low = "1 mm", high = "4 mm"', 'low = "4 mm", high = "1 mm"'), "case.toml", "low 0.004", "order"),
    "wall in m": (change("case.toml", '{ is = "2 mm", low = "1 mm", high = "4 mm" }', '"2 m"'), "case.toml", "2 m", "check the unit"),
    "a key misspelt": (change("case.toml", "site_wall =", "site_wal ="), "case.toml", "an unknown key", "'site_wall'"),
    "a loop misspelt": (change("case.toml", 'name = "external"', 'name = "externl"'), "case.toml", "here and in 2 more places", "'externl'"),
    "a source misspelt": (change("case.toml", 'source = "example"', 'source = "exampel"'), "case.toml", "'exampel'", "'example'"),
    "no sources": (lambda folder: (folder / "sources.toml").unlink(), "sources.toml", "no such file", "create it"),
    "no shapes": (lambda folder: (folder / "vehicle.toml").unlink(), "vehicle.toml", "no such file", "create vehicle.toml"),
    "no elements": (lambda folder: (folder / "elements.tle").unlink(), "elements.tle", "no such file", "check the path"),
    "a part in mm": (change("vehicle.toml", '["2 m", "2 m", "2 m"]', '["2000 m", "2 m", "2 m"]'), "vehicle.toml", "2000 m", "mm or m"),
    "a part twice": (change("vehicle.toml", 'name = "bus.array_port"', 'name = "bus.body"'), "vehicle.toml", "2 of this name", "rename"),
    "inertia not symmetric": (change("case.toml", "[[2000.0, 0.0,", "[[2000.0, 50.0,"), "case.toml", "not symmetric", "order"),
    "inertia of no body": (change("case.toml", "[[2000.0,", "[[200.0,"), "case.toml", "principal moments of 200", "order"),
    "a channel twice": (change("case.toml", 'name = "p2"', 'name = "p1"'), "case.toml", "'p1' a second time", "rename"),
    "brackets doubled": (change("case.toml", "[crew]", "[[crew]]"), "case.toml", "[[crew]]", "single brackets"),
    "curly quotes": (change("case.toml", 'ship = "bus"', "ship = “bus”"), "case.toml", "not TOML", "straight quotes"),
    "not UTF-8": (
        lambda folder: (folder / "case.toml").write_bytes((folder / "case.toml").read_bytes() + b"# K\xfchlmittel\n"),  # type: ignore[dict-item]
        "case.toml", "not UTF-8", "save the file as UTF-8",
    ),
    "a table misspelt": (change("case.toml", "[attitude]", "[atitude]"), "case.toml", "an unknown table", "'attitude'"),
    "seats in words": (change("case.toml", "seats = 0", 'seats = "none"'), "case.toml", "'none'", "whole number"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_clear_problem(folder: Path, name: str) -> None:
    broken, path, found, remedy = MISTAKES[name]
    broken(folder)
    (told,) = problems_in(folder)
    assert told.path == path
    assert found in told.found
    assert remedy in told.remedy


def test_the_folder_they_start_from_has_no_problem(folder: Path) -> None:
    assert problems_in(folder) == []


def test_a_file_that_notepad_wrote_is_read(folder: Path) -> None:
    text = (folder / "case.toml").read_bytes()
    (folder / "case.toml").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert problems_in(folder) == []
