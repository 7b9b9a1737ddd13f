"""Every problem of a case folder in one pass: the file itself, and every file it names."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from whipple.casefile.problems import near_match
from whipple.casefile.read_case import read_case
from whipple.casefile.tables.case_table import OrbitTable
from whipple.casefile.tables.thermal import ThermalTable
from whipple.errors import CaseError, EvidenceError, Problem

__all__ = ["problems_in"]


def _case_problems(folder: Path, as_of: str) -> list[Problem]:
    try:
        read_case(folder, as_of)
    except CaseError as error:
        return list(error.problems)
    return []


def _orbit_problems(folder: Path, orbit: OrbitTable, epoch: datetime | None) -> list[Problem]:
    from whipple.physics.orbit import choose_elements
    from whipple.physics.read_elements import element_problems, sound_elements

    problems = element_problems(folder / orbit.elements) + _file_problems(folder, orbit)
    sound, wanted = sound_elements(folder / orbit.elements), orbit.catalogue_number
    numbers = sorted({one.catalogue_number for one in sound})
    sound = tuple(one for one in sound if wanted in (None, one.catalogue_number))
    if numbers and not sound:
        expected = f"a number of {orbit.elements}: {', '.join(map(str, numbers))}"
        remedy = "correct it, or put the element sets of that object into the file"
        problems.append(Problem("case.toml", "orbit.catalogue_number", f"{wanted}", expected, remedy))
    if epoch is None or not sound:
        return problems
    try:
        choose_elements(sound, epoch, [(burn.at, burn.note) for burn in orbit.manoeuvre], orbit.valid_days)
    except EvidenceError as error:
        found = f"no {error.missing}"
        problems.append(Problem(orbit.elements, "epoch", found, "an element set valid at the case epoch", error.remedy))
    return problems


def _file_problems(folder: Path, orbit: OrbitTable) -> list[Problem]:
    """Why the catalogue of tracked objects, debris tensors or output of other models cannot be read; empty when none is named."""
    from whipple.environment.imported_models import model_problems
    from whipple.environment.read_clouds import read_tensors
    from whipple.environment.read_elements_catalogue import read_catalogue

    problems: list[Problem] = []
    for name, read in ((orbit.catalogue, read_catalogue), (orbit.debris_tensors, read_tensors)):
        try:
            if name:
                read(folder / name)
        except CaseError as error:
            problems += error.problems
    return [*problems, *model_problems(folder, orbit, "case.toml", "orbit")]


def _plan_problems(folder: Path, shapes: str) -> list[Problem]:
    """Problems of assess.toml, the optional plan of `whipple assess`; none where there is no such file or its shapes cannot be built."""
    from whipple.assessment import SHIELDS, flux_problems, wall_problems
    from whipple.exposure.read_plan import plan_problems, read_plan
    from whipple.vehicle.build import surfaces_of
    from whipple.vehicle.read_vehicle import read_vehicle

    if not (folder / "assess.toml").is_file():
        return []
    try:
        parts = surfaces_of(read_vehicle(folder, shapes)).parts
    except CaseError:
        return []
    names = tuple(part.name for part in parts)
    if found := plan_problems(folder, names, SHIELDS):
        return found
    return [*wall_problems(read_plan(folder, names, SHIELDS)), *flux_problems(folder, names)]


def _load_problems(folder: Path, thermal: ThermalTable) -> list[Problem]:
    """Scenarios that name heat loads which the network file does not have."""
    from whipple.thermal.read_network import read_network

    loads = read_network(folder / thermal.file).loads
    return [
        Problem(
            "case.toml",
            f"thermal.scenario[{i}].equipment",
            repr(row.equipment),
            f"one of: {', '.join(loads)}",
            near_match(row.equipment, loads),
        )
        for i, row in enumerate(thermal.scenario)
        if row.equipment not in loads
    ]


def problems_in(folder: Path, as_of: str = "") -> list[Problem]:
    """Problems of case.toml, and of every file it names even when case.toml itself has problems; what channels share is told once."""
    from whipple.casefile.read_channels import check_channel_files
    from whipple.casefile.read_image import check_image
    from whipple.commands.cross_checks import cross_problems
    from whipple.commands.loose_tables import loose
    from whipple.commands.plausible import sound_epoch, unlikely
    from whipple.commands.plausible_shapes import unlikely_shapes
    from whipple.thermal.read_network import network_problems
    from whipple.vehicle.read_vehicle import vehicle_problems

    problems = _case_problems(folder, as_of)
    tables = loose(folder)
    if tables.orbit:
        problems += _orbit_problems(folder, tables.orbit, sound_epoch(tables))
    problems += check_channel_files(folder, tuple(tables.channels.values()), sound_epoch(tables))
    for image in tables.images.values():
        problems += check_image(folder, image)
    if tables.vehicle:
        problems += vehicle_problems(
            folder, tables.vehicle.file, site_part=tables.vehicle.site_part, ship=tables.vehicle.ship
        )
        shapes = unlikely_shapes(folder, tables.vehicle.file)
        problems += shapes or _plan_problems(folder, tables.vehicle.file)
    if tables.thermal:
        problems += network_problems(folder, tables.thermal.file) or _load_problems(folder, tables.thermal)
    problems += [*unlikely(tables), *cross_problems(folder, tables)]
    if any(one.path == "sources.toml" for one in problems):  # there is none: which names it lacks is told once
        problems = [one for one in problems if one.expected != "a key of sources.toml"]
    return list(dict.fromkeys(problems))
