"""Reading vehicle.toml: strict keys, units at the door, every problem in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from whipple.casefile.given import Given
from whipple.casefile.problems import near_match, problems_of
from whipple.casefile.read_toml import load_sources, read_toml
from whipple.casefile.tables.table import Table
from whipple.errors import CaseError, Problem
from whipple.vehicle.read_mesh import MeshShapes, mesh_problems, read_mesh
from whipple.vehicle.shape_tables import DIMENSIONS, MeshTable, ModuleTable, PartTable, ShapeFileTable, WallTable

__all__ = ["VehicleFile", "mesh_table", "read_vehicle", "vehicle_problems"]

_LISTS: dict[str, type[Table]] = {"wall": WallTable, "module": ModuleTable, "part": PartTable, "mesh": MeshTable}
_SIZES = ("length", "diameter", "end_diameter", "thickness", "size")


@dataclass
class VehicleFile:
    """What vehicle.toml says, in the order of the file; `shapes` holds the mesh of each [[mesh]] by name."""

    about: ShapeFileTable | None = None
    wall: list[WallTable] = field(default_factory=list)
    module: list[ModuleTable] = field(default_factory=list)
    part: list[PartTable] = field(default_factory=list)
    mesh: list[MeshTable] = field(default_factory=list)
    shapes: dict[str, MeshShapes] = field(default_factory=dict)


def read_vehicle(folder: Path, file: str) -> VehicleFile:
    """The shape file of a case, checked. Raises CaseError listing every problem, meshes included."""
    vehicle, problems = _look(folder, file)
    if problems:
        raise CaseError(problems)
    return vehicle


def vehicle_problems(folder: Path, file: str, *, site_part: str = "", ship: str = "") -> list[Problem]:
    """Every problem of a shape file and its meshes, for `whipple check`; never raises.

    `site_part` and `ship`, when given, must be names of a part and a module of the file.
    """
    vehicle, problems = _look(folder, file)
    if vehicle.about is None and not vehicle.part:
        return problems
    names = [part.name for part in vehicle.part] + [
        f"{name}.{group}" for name, shape in vehicle.shapes.items() for group in shape.groups
    ]
    if site_part and site_part not in names:
        problems.append(
            Problem(file, "part", f"no part {site_part!r}", "the site_part of case.toml", near_match(site_part, names))
        )
    modules = [module.name for module in vehicle.module]
    if ship and ship not in modules:
        problems.append(
            Problem(file, "module", f"no module {ship!r}", "the ship of case.toml", near_match(ship, modules))
        )
    return problems


def _look(folder: Path, file: str) -> tuple[VehicleFile, list[Problem]]:
    try:
        raw, sources = read_toml(folder / file, file), load_sources(folder)
    except CaseError as error:
        return VehicleFile(), list(error.problems)
    vehicle, problems = _tables(raw, file)
    problems += _names(vehicle, file) + _sources(vehicle, file, sources)
    for i, part in enumerate(vehicle.part):
        problems += _sizes(part, f"part[{i}] {part.name}", file)
    for mesh in vehicle.mesh:
        try:
            vehicle.shapes[mesh.name] = read_mesh(folder, mesh)
            problems += mesh_problems(mesh, vehicle.shapes[mesh.name].health)
        except CaseError as error:
            problems += error.problems
    return vehicle, problems


def _tables(raw: dict[str, Any], file: str) -> tuple[VehicleFile, list[Problem]]:
    vehicle, problems = VehicleFile(), []
    known = ["vehicle", *_LISTS]
    for key in sorted(raw.keys() - set(known)):
        problems.append(Problem(file, key, "an unknown table", "one of: " + ", ".join(known), near_match(key, known)))
    if not isinstance(raw.get("vehicle"), dict):
        problems.append(
            Problem(file, "vehicle", "no such table", "[vehicle]", "write [vehicle] with title, facet_area and source")
        )
    else:
        vehicle.about = _table(ShapeFileTable, raw["vehicle"], "vehicle", file, problems)
    for key, table in _LISTS.items():
        rows = raw.get(key, [])
        if not isinstance(rows, list):
            problems.append(Problem(file, key, f"[{key}]", f"[[{key}]]", "double the brackets"))
            continue
        read = [_table(table, row, f"{key}[{i}]", file, problems) for i, row in enumerate(rows)]
        setattr(vehicle, key, [row for row in read if row is not None])
    if not raw.get("part") and not raw.get("mesh"):
        problems.append(Problem(file, "part", "no shapes", "at least one [[part]] or [[mesh]]", "describe one shape"))
    return vehicle, problems


def _table(table: type[Table], raw: Any, key: str, file: str, problems: list[Problem]) -> Any:
    if not isinstance(raw, dict):
        problems.append(Problem(file, key, repr(raw), "a table", f"write [[{key.split('[')[0]}]] and keys below it"))
        return None
    try:
        return table.model_validate(raw)
    except ValidationError as error:
        problems += problems_of(file, key, table, error)
        return None


def _names(vehicle: VehicleFile, file: str) -> list[Problem]:
    """Names that point to other names, and names used twice."""
    problems: list[Problem] = []
    modules, walls = [module.name for module in vehicle.module], [wall.name for wall in vehicle.wall]

    def points(key: str, name: str, known: list[str], what: str) -> None:
        if name not in known:
            problems.append(Problem(file, key, repr(name), f"the name of a [[{what}]]", near_match(name, known)))

    for i, module in enumerate(vehicle.module):
        if module.parent:
            points(f"module[{i}].parent", module.parent, modules[:i], "module (written above it)")
        if not any(module.axis):
            problems.append(
                Problem(file, f"module[{i}].axis", repr(list(module.axis)), "a direction", "write axis = [1, 0, 0]")
            )
    shapes: list[PartTable | MeshTable] = [*vehicle.part, *vehicle.mesh]
    for shape in shapes:
        kind = "part" if isinstance(shape, PartTable) else "mesh"
        points(f"{kind} {shape.name}.module", shape.module, modules, "module")
        points(f"{kind} {shape.name}.wall", shape.wall, walls, "wall")
    for kind, names in {"module": modules, "wall": walls, "part or mesh": [shape.name for shape in shapes]}.items():
        for name in sorted({name for name in names if names.count(name) > 1}):
            problems.append(
                Problem(file, f"{kind} {name}", f"{names.count(name)} of this name", "each name once", "rename one")
            )
    return problems


def _sizes(part: PartTable, key: str, file: str) -> list[Problem]:
    """Dimensions that the shape lacks, does not use, or that cannot be."""
    problems: list[Problem] = []
    needed = DIMENSIONS[part.shape]
    given = {
        "length": part.length_m,
        "diameter": part.diameter_m,
        "end_diameter": part.end_diameter_m,
        "thickness": part.thickness_m,
        "size": part.size_m,
    }
    for name in _SIZES:
        if name in needed and given[name] is None:
            problems.append(
                Problem(
                    file,
                    f"{key}.{name}",
                    "nothing",
                    f"the {name} of a {part.shape}",
                    f"a {part.shape} needs {', '.join(needed)}",
                )
            )
        if name not in needed and given[name] is not None:
            problems.append(
                Problem(
                    file,
                    f"{key}.{name}",
                    "a dimension it does not have",
                    f"{', '.join(needed)} for a {part.shape}",
                    "remove it",
                )
            )
    sides = {"box": 3, "plate": 2}.get(part.shape)
    if part.size_m is not None and sides and len(part.size_m) != sides:
        problems.append(
            Problem(
                file,
                f"{key}.size",
                f"{len(part.size_m)} lengths",
                f"{sides} lengths",
                'write size = ["1 m", "2 m"' + (', "3 m"]' if sides == 3 else "]"),
            )
        )
    for name, value in given.items():
        lengths = [] if value is None else ([value] if isinstance(value, Given) else list(value))
        lowest = 0.0 if name == "end_diameter" else 1e-4
        problems += [
            Problem(file, f"{key}.{name}", f"{one.value:g} m", "a positive length", "correct the value")
            for one in lengths
            if one.value < lowest
        ]
    if not any(part.axis):
        problems.append(Problem(file, f"{key}.axis", repr(list(part.axis)), "a direction", "write axis = [1, 0, 0]"))
    if part.ends == "open" and part.shape not in ("cylinder", "cone"):
        problems.append(
            Problem(
                file, f"{key}.ends", f"'open' on a {part.shape}", "'closed'", "only a cylinder or a cone may be open"
            )
        )
    return problems


def _sources(vehicle: VehicleFile, file: str, sources: Iterable[str]) -> list[Problem]:
    known = list(sources)
    rows: list[tuple[str, Any]] = [("vehicle", vehicle.about)] if vehicle.about else []
    rows += [(f"{key} {row.name}", row) for key in _LISTS for row in getattr(vehicle, key)]
    return [
        Problem(file, f"{key}.source", repr(source), "a key of sources.toml", near_match(source, known))
        for key, row in rows
        for source in sorted(
            {row.source} | {value.source for _, value in row if isinstance(value, Given) and value.source}
        )
        if source not in known
    ]


def mesh_table(file: str, units: str, axes: Sequence[str], handedness: str) -> MeshTable:
    """A [[mesh]] for a file on its own, as `whipple vehicle check` looks at it. Raises CaseError for words it does not know."""
    raw = {
        "name": Path(file).stem,
        "module": "",
        "file": file,
        "units": units,
        "axes": tuple(axes),
        "handedness": handedness,
        "wall": "",
        "source": "",
    }
    problems: list[Problem] = []
    table = _table(MeshTable, raw, "mesh", file, problems)
    if table is None:
        raise CaseError(problems)
    return table
