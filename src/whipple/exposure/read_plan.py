"""Reading assess.toml: strict keys, units at the door, every problem in one pass; a case without one is assessed as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from whipple.casefile.problems import keys_of, near_match, problems_of
from whipple.casefile.read_toml import load_sources, read_toml
from whipple.casefile.tables.assess_table import AcceptanceTable, AssessTable, MovingTable, WallOverrideTable
from whipple.casefile.tables.table import Table
from whipple.errors import CaseError, Problem

__all__ = ["FILE", "Plan", "plan_problems", "read_plan"]

#: The file of a case folder that holds what a look ahead needs.
FILE = "assess.toml"
_LISTS: dict[str, type[Table]] = {"moving": MovingTable, "wall": WallOverrideTable, "acceptance": AcceptanceTable}


@dataclass(frozen=True)
class Plan:
    """What assess.toml says; empty without one."""

    assess: AssessTable = field(default_factory=AssessTable)
    moving: tuple[MovingTable, ...] = ()
    walls: tuple[WallOverrideTable, ...] = ()
    acceptance: tuple[AcceptanceTable, ...] = ()


def read_plan(folder: Path, part_names: tuple[str, ...], shields: tuple[str, ...] = ()) -> Plan:
    """The plan of a case folder, checked against the parts of its vehicle and the shields known by name. Raises CaseError."""
    plan, problems = _look(folder, part_names, shields)
    if problems:
        raise CaseError(problems)
    return plan


def plan_problems(folder: Path, part_names: tuple[str, ...], shields: tuple[str, ...] = ()) -> list[Problem]:
    """Every problem of assess.toml in one pass; never raises."""
    try:
        return _look(folder, part_names, shields)[1]
    except CaseError as error:
        return list(error.problems)


def _look(folder: Path, part_names: tuple[str, ...], shields: tuple[str, ...]) -> tuple[Plan, list[Problem]]:
    if not (folder / FILE).is_file():
        return Plan(), []
    raw, problems = read_toml(folder / FILE, FILE), []
    known = ["assess", *_LISTS]
    for key in sorted(raw.keys() - set(known)):
        problems.append(Problem(FILE, key, "an unknown table", "one of: " + ", ".join(known), near_match(key, known)))
    assess = _table(AssessTable, raw.get("assess", {}), "assess", problems)
    rows: dict[str, list[Any]] = {}
    for key, table in _LISTS.items():
        listed = raw.get(key, [])
        if not isinstance(listed, list):
            problems.append(Problem(FILE, key, f"[{key}]", f"[[{key}]]", "double the brackets"))
            listed = []
        rows[key] = [_table(table, row, f"{key}[{i}]", problems) for i, row in enumerate(listed)]
    if assess is not None and all(row is not None for listed in rows.values() for row in listed):
        problems += _meanings(folder, assess, rows, part_names, shields)
    plan = Plan(assess or AssessTable(), *(tuple(row for row in rows[key] if row) for key in _LISTS))
    return plan, problems


def _table(table: type[Table], raw: Any, key: str, problems: list[Problem]) -> Any:
    if not isinstance(raw, dict):
        problems.append(Problem(FILE, key, repr(raw), "a table", f"write [{key.split('[')[0]}] and keys below it"))
        return None
    try:
        return table.model_validate(raw)
    except ValidationError as error:
        problems += problems_of(FILE, key, table, error)
    known = keys_of(table)  # with the unknown keys left out, what it means can still be looked at
    try:
        return table.model_validate({name: value for name, value in raw.items() if name in known})
    except ValidationError:
        return None


def _meanings(
    folder: Path, assess: AssessTable, rows: dict[str, list[Any]], part_names: tuple[str, ...], shields: tuple[str, ...]
) -> list[Problem]:
    """Names that must exist, axes that must be there, numbers that cannot be."""
    problems: list[Problem] = []
    for key, listed in rows.items():
        for i, row in enumerate(listed):
            where = f"{key}[{i}]"
            problems += [
                Problem(
                    FILE,
                    f"{where}.parts",
                    repr(name),
                    "a part of the shape file",
                    near_match(name, part_names, _of(part_names)),
                )
                for name in row.parts
                if not any(fnmatchcase(part, name) for part in part_names)
            ]
            problems += _known_source(folder, where, row.source)
    for i, row in enumerate(rows["moving"]):
        problems += _turning(row, f"moving[{i}]", [other.name for other in rows["moving"][:i]])
    problems += _turned_twice(rows["moving"], part_names)
    for i, row in enumerate(rows["wall"]):
        problems += _standing(row, f"wall[{i}]", shields)
    problems += _covered(rows["wall"], part_names)
    if assess.source:
        problems += _known_source(folder, "assess", assess.source)
    if assess.duration_s is not None and not assess.duration_s.value > 0:
        found = f"{assess.duration_s.value:g} s"
        problems.append(Problem(FILE, "assess.duration", found, "a time above 0", 'write duration = "365 day"'))
    for key, name in (*(("meteoroids", one) for one in assess.meteoroids), ("debris_table", assess.debris_table)):
        if name and not (folder / name).exists():
            found, expected = f"no file or folder {name!r}", "output of the model, in the case folder"
            problems.append(Problem(FILE, f"assess.{key}", found, expected, "correct the name"))
    if assess.debris_table and not assess.debris_meaning:
        expected = "what the flux of the table is per"
        remedy = 'write debris_meaning = "cross-section" or "plate"; a mistake is a factor of four'
        problems.append(Problem(FILE, "assess.debris_meaning", "nothing", expected, remedy))
    for key, value, needed in (
        ("debris_meaning", assess.debris_meaning, "debris_table"),
        ("body_frame", assess.body_frame, "attitude_history"),
    ):
        if value and not getattr(assess, needed):
            expected = f"{needed} beside it: without one it says nothing"
            problems.append(Problem(FILE, f"assess.{key}", repr(value), expected, f"add {needed}, or leave it out"))
    if assess.attitude_history and not (folder / assess.attitude_history).is_file():
        found = f"no file {assess.attitude_history!r}"
        problems.append(
            Problem(FILE, "assess.attitude_history", found, "a CCSDS AEM file of the case", "correct the name")
        )
    return problems


def _of(part_names: tuple[str, ...], most: int = 12) -> str:
    more = f" and {len(part_names) - most} more of the shape file" if len(part_names) > most else ""
    return f"name some of: {', '.join(part_names[:most])}{more}; * stands for any text"


def _known_source(folder: Path, where: str, source: str) -> list[Problem]:
    known = load_sources(folder)
    if source in known:
        return []
    return [Problem(FILE, f"{where}.source", repr(source), "a key of sources.toml", near_match(source, known))]


def _named(row: Any, part_names: tuple[str, ...]) -> set[str]:
    return {part for part in part_names if any(fnmatchcase(part, name) for name in row.parts)}


def _turned_twice(rows: list[MovingTable], part_names: tuple[str, ...]) -> list[Problem]:
    """Joints of one name, and parts that two joints turn: a part on a second joint is said by rides_on."""
    problems = []
    for i, row in enumerate(rows):
        above = rows[:i]
        if row.name in [other.name for other in above]:
            expected, remedy = "a name of its own", "rename it, or gather its parts in one [[moving]]"
            problems.append(Problem(FILE, f"moving[{i}].name", repr(row.name), expected, remedy))
        if twice := sorted(_named(row, part_names) & set().union(*(_named(other, part_names) for other in above))):
            found, expected = ", ".join(twice[:4]), "parts that no [[moving]] above turns already"
            remedy = "name each part once; rides_on says which joint carries this one"
            problems.append(Problem(FILE, f"moving[{i}].parts", found, expected, remedy))
    return problems


def _covered(rows: list[WallOverrideTable], part_names: tuple[str, ...]) -> list[Problem]:
    """Walls none of whose parts is left to them, because rows below name every one again."""
    problems = []
    for i, row in enumerate(rows):
        mine = _named(row, part_names)
        if mine and mine <= set().union(*(_named(other, part_names) for other in rows[i + 1 :])):
            found, expected = ", ".join(row.parts), "a part that no [[wall]] below names again: the last one counts"
            problems.append(
                Problem(FILE, f"wall[{i}].parts", found, expected, "leave this [[wall]] out, or put it last")
            )
    return problems


def _turning(row: MovingTable, where: str, above: list[str]) -> list[Problem]:
    problems = []
    for key, value in (("axis", row.axis), ("facing", row.facing)):
        if value is None or not any(value):
            what = "the axis it turns about" if key == "axis" else "the side it turns to the Sun"
            remedy = f"write {key} = [0, 1, 0] in station body axes"
            problems.append(Problem(FILE, f"{where}.{key}", "nothing" if value is None else "[0, 0, 0]", what, remedy))
    if row.axis and row.facing and any(row.axis) and any(row.facing) and _along(row.axis, row.facing):
        expected, remedy = (
            "a side that the axis does not point along",
            "a part cannot be turned to the Sun about the line it faces along",
        )
        problems.append(Problem(FILE, f"{where}.facing", str(list(row.facing)), expected, remedy))
    if row.rides_on and row.rides_on not in above:
        expected = f"one of: {', '.join(above) or 'none written above it'}"
        problems.append(Problem(FILE, f"{where}.rides_on", repr(row.rides_on), expected, "write that [[moving]] first"))
    return problems


def _along(axis: tuple[float, float, float], facing: tuple[float, float, float]) -> bool:
    length = float(np.linalg.norm(axis) * np.linalg.norm(facing))
    return bool(np.linalg.norm(np.cross(axis, facing)) < 1e-6 * length)


def _standing(row: WallOverrideTable, where: str, shields: tuple[str, ...]) -> list[Problem]:
    lengths = (row.thickness_m, row.bumper_m, row.standoff_m)
    if row.shield and (row.kind or row.material or row.layers.said() or any(given.high > 0 for given in lengths)):
        found, expected = "a shield by name and layers beside it", "a published shield as a whole, or a stack-up"
        return [
            Problem(FILE, f"{where}.shield", found, expected, "leave out shield, or material, lengths, kind and layers")
        ]
    if row.shield:
        if row.shield in shields:
            return []
        expected = f"one of: {', '.join(shields)}"
        return [Problem(FILE, f"{where}.shield", repr(row.shield), expected, near_match(row.shield, shields))]
    problems = []
    if not row.material or not (
        row.thickness_m.value > 0 or row.layers.wall_weight_kg_m2 or row.layers.insulation_kg_m2
    ):
        expected = "a material and a thickness, or a shield by name"
        problems.append(Problem(FILE, where, "no wall", expected, 'write material = "AMg6", thickness = "1 mm"'))
    if (row.bumper_m.value > 0 or row.layers.bumper_weight_kg_m2) and not row.standoff_m.value > 0:
        problems.append(
            Problem(FILE, f"{where}.standoff", "0 m", "a gap behind the bumper", 'write standoff = "100 mm"')
        )
    problems += [
        Problem(FILE, where, f"{given.value:g} m", "no negative length", "correct the value")
        for given in lengths
        if given.low < 0
    ]
    return problems
