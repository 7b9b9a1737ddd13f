"""Which wall stands where, and what do the published laws say of it? Parts with the same wall share one row of weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.casefile.case import Case
from whipple.casefile.given import Given
from whipple.casefile.read_toml import read_toml
from whipple.casefile.tables.assess_table import WallOverrideTable
from whipple.exposure.read_plan import Plan
from whipple.physics.models import Model
from whipple.vehicle.shape_tables import WallTable
from whipple.vehicle.surfaces import Part, Surfaces

__all__ = ["SHIELD", "LawsOf", "Wall", "walls_of", "with_site_wall"]

#: A part whose material begins so carries a published shield as a whole, by name.
SHIELD = "shield: "
#: `laws_of(part)`: every published ballistic limit for its wall, the one used first; empty when the wall is not known. Each is called as
#: function(speed_m_s=, incidence_rad=, density_kg_m3=) and gives the particle diameter (m) that just perforates.
LawsOf = Callable[[Part], tuple[Model, ...]]


@dataclass(frozen=True)
class Wall:
    """One kind of wall: `laws` (the first gives the answer, the others the spread), and the first law at both ends of the thickness range."""

    name: str
    laws: tuple[Model, ...]
    ends: tuple[Model, Model] | None
    source: str

    @property
    def known(self) -> bool:
        """Whether any law speaks for it."""
        return bool(self.laws)

    @property
    def family(self) -> str:
        """Walls judged by the same laws err together."""
        return " | ".join(law.name for law in self.laws)


def walls_of(
    case: Case, plan: Plan, surfaces: Surfaces, laws_of: LawsOf
) -> tuple[tuple[Wall, ...], npt.NDArray[np.int64]]:
    """The kinds of wall of a vehicle, and the index of each part's wall (n_part,). The first wall is "not known".

    The suspect part's thickness is the case's `site_wall`, whatever the shape file says; a row of assess.toml goes before both.
    """
    thickness = _thickness_ranges(case.folder, case.vehicle.file)
    walls: dict[tuple[object, ...], Wall] = {(): Wall("not known", (), None, "")}
    index = []
    for part in surfaces.parts:
        given = thickness.get(part.name) or thickness.get(part.name.split(".")[0] + ".")
        if part.name == case.vehicle.site_part:
            given, part = case.vehicle.site_wall_m, with_site_wall(case, part)
        override = next(
            (row for row in plan.walls[::-1] if any(fnmatchcase(part.name, name) for name in row.parts)), None
        )
        made, given = _overridden(part, override) if override else (part, given)
        ends = given and (given.low, given.high)
        key = (made.material, made.wall_m, made.bumper_m, made.standoff_m, made.wall_kind, made.layers, ends)
        laws = laws_of(made)
        if not laws:
            index.append(0)
            continue
        if key not in walls:
            walls[key] = Wall(_words(made), laws, _ends(made, given, laws_of), made.source)
        index.append(list(walls).index(key))
    return tuple(walls.values()), np.array(index, dtype=np.int64)


def with_site_wall(case: Case, part: Part) -> Part:
    """The part as the case describes it: the suspect part has the thickness of its `site_wall`, whatever the shape file says."""
    wall = case.vehicle.site_wall_m
    return replace(part, wall_m=wall.value, source=wall.source) if part.name == case.vehicle.site_part else part


def _thickness_ranges(folder: Path, file: str) -> dict[str, Given]:
    """Wall thickness with its range, by part name; a mesh under its name and a dot. The shape file was checked when the stack was built."""
    raw = read_toml(folder / file, file)
    walls = {row["name"]: WallTable.model_validate(row).thickness_m for row in raw.get("wall", [])}
    named = {row["name"]: walls[row["wall"]] for row in raw.get("part", [])}
    return named | {f"{row['name']}.": walls[row["wall"]] for row in raw.get("mesh", [])}


def _overridden(part: Part, row: WallOverrideTable) -> tuple[Part, Given | None]:
    if row.shield:
        return replace(
            part, material=f"{SHIELD}{row.shield}", wall_m=0.0, bumper_m=0.0, standoff_m=0.0, source=row.source
        ), None
    made = replace(
        part, material=row.material, wall_m=row.thickness_m.value, bumper_m=row.bumper_m.value,
        standoff_m=row.standoff_m.value, source=row.source, wall_kind=row.kind, layers=tuple(row.layers.said().items()),
    )  # fmt: skip
    return made, row.thickness_m


def _ends(part: Part, given: Given | None, laws_of: LawsOf) -> tuple[Model, Model] | None:
    if given is None or not given.low < given.high or given.low <= 0:
        return None
    return laws_of(replace(part, wall_m=given.low))[0], laws_of(replace(part, wall_m=given.high))[0]


def _words(part: Part) -> str:
    if part.material.startswith(SHIELD):
        return part.material.removeprefix(SHIELD)
    wall = f"{float(f'{1e3 * part.wall_m:.3g}'):g} mm {part.material}" if part.wall_m > 0 else part.material
    if part.wall_kind:
        return f"{part.wall_kind}, {wall}"
    if part.bumper_m > 0:
        gap = f"{1e3 * part.standoff_m:.4g} mm gap" if part.standoff_m > 0 else "gap not given"
        return f"{1e3 * part.bumper_m:.3g} mm bumper, {gap}, {wall}"
    return wall
