"""Bad input through the commands: an open, inverted or torn mesh, no units, flux files that cannot be; one clear error each."""

from __future__ import annotations

import shutil
from pathlib import Path

import made_by_hand as hand
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import whipple
from whipple.assessment import SHIELDS, flux_problems
from whipple.commands import assess as command
from whipple.commands.checking import problems_in
from whipple.environment.mem_files import DirectionFile
from whipple.environment.mem_grid import igloo
from whipple.environment.write_igloo import write_igloo
from whipple.errors import CaseError
from whipple.exposure.read_plan import plan_problems

TEMPLATE = Path(whipple.__file__).parent / "cases" / "template"
VEHICLE = """
[vehicle]
title = "a box"
facet_area = "100 m**2"
source = "iss-coarse-model"
[[wall]]
name = "skin"
material = "6061-T6"
thickness = "2 mm"
absorptance = "0.35"
emittance = "0.8"
temperature = "280 K"
source = "iss-coarse-model"
[[module]]
name = "station"
source = "iss-coarse-model"
[[mesh]]
name = "box"
module = "station"
file = "box.obj"
units = "m"
handedness = "right"
axes = ["x", "y", "z"]
closed = true
wall = "skin"
source = "iss-coarse-model"
"""
CORNERS = [(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
FACES = [
    (1, 3, 2), (1, 4, 3), (5, 6, 7), (5, 7, 8), (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 4, 8), (3, 8, 7), (4, 1, 5), (4, 5, 8),
]  # fmt: skip
SIZES = [10 ** (-5 + k / 2) for k in range(11)]
ROWS = [f"{size:.5e}  {3e-2 * (size / 1e-5) ** -2.5:.5e}" for size in SIZES]
DEBRIS = 'debris_table = "t.out"\ndebris_meaning = "plate"\n'


def folder_of(place: Path, faces=FACES, vehicle: str = VEHICLE, plan: str = "", table: str = "") -> Path:
    """The case that `whipple new` starts, with a box of one mesh for its vehicle."""
    folder = place / "case"
    shutil.copytree(TEMPLATE, folder)
    lines = ["g hull", *("v {} {} {}".format(*corner) for corner in CORNERS), *("f {} {} {}".format(*f) for f in faces)]
    (folder / "box.obj").write_text("\n".join(lines) + "\n")
    (folder / "vehicle.toml").write_text(vehicle)
    text = (folder / "case.toml").read_text().replace('site_part = "bus.radiator"', 'site_part = "box.hull"')
    (folder / "case.toml").write_text(text.replace('ship = "bus"', 'ship = "station"'))
    (folder / "assess.toml").write_text(f'[assess]\nduration = "1 day"\npositions = 1\n{plan}')
    if table:
        (folder / "t.out").write_text(table)
    return folder


def refused(folder: Path) -> CaseError:
    """What `whipple assess` says of a case; it must refuse it, and write nothing."""
    app = typer.Typer()
    app.command()(command.assess_case)
    out = folder.parent / "out"
    with pytest.raises(CaseError) as caught:
        CliRunner().invoke(app, [str(folder), "--out", str(out)], catch_exceptions=False)
    assert not list(out.rglob("*.html"))
    return caught.value


MESHES = {
    "open": ({"faces": FACES[:-1]}, "not closed"),
    "inverted": ({"faces": [face[::-1] for face in FACES]}, "normals point inward"),
    "one triangle the wrong way round": ({"faces": [FACES[0][::-1], *FACES[1:]]}, "inconsistent winding"),
    "no units": ({"vehicle": VEHICLE.replace('units = "m"\n', "")}, "units"),
    "units nobody knows": ({"vehicle": VEHICLE.replace('units = "m"', 'units = "parsec"')}, "parsec"),
}


@pytest.mark.parametrize("name", MESHES)
def test_a_mesh_that_cannot_be_is_refused_by_assess_and_by_check(tmp_path, name):
    made, said = MESHES[name]
    folder = folder_of(tmp_path, **made)
    error = refused(folder)
    assert said in str(error)
    assert len(error.problems) == 1
    assert any(said in str(problem) for problem in problems_in(folder))


def test_the_box_itself_is_fine(tmp_path):
    folder = folder_of(tmp_path, plan=DEBRIS, table="\n".join(ROWS) + "\n")
    assert problems_in(folder) == []
    assert flux_problems(folder, ("box.hull",)) == []


TABLES = {
    "cut short": ("\n".join(ROWS[:6]), "cut short"),
    "negative": ("\n".join(["1.0e-5 -1.0", *ROWS[1:]]) + "\n", "flux -1"),
    "grows with size": ("\n".join([*ROWS[:5], "1.0 5.0", *ROWS[6:]]) + "\n", "cannot grow with size"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_debris_table_that_cannot_be_is_refused_before_anything_is_computed(tmp_path, name):
    table, said = TABLES[name]
    folder = folder_of(tmp_path, plan=DEBRIS, table=table)
    error = refused(folder)
    assert said in str(error)
    assert "t.out" in str(error)
    assert [said in str(problem) for problem in flux_problems(folder, ("box.hull",))] == [True]


def igloo_in(folder: Path) -> Path:
    """A coarse file of MEM 3 with flux from above."""
    cells, speed = igloo(15.0), np.arange(0.0, 80e3, 1e3) + 500.0
    up = np.maximum(np.sin(np.radians(cells.phi_deg)), 0.0)[:, None] * np.exp(-(((speed - 25e3) / 8e3) ** 2))
    (folder / "mem" / "HiDensity").mkdir(parents=True)
    file = folder / "mem" / "HiDensity" / "igloo_avg.txt"
    write_igloo(DirectionFile("x", "igloo", cells, speed, up / up.sum() * 1e-7), file)
    return file


def test_a_mem_file_cut_short_or_negative_or_without_its_mass_is_refused(tmp_path):
    folder = folder_of(tmp_path, plan='meteoroids = ["mem"]\n')
    file = igloo_in(folder)
    whole = file.read_text()
    (problem,) = flux_problems(folder, ("box.hull",))
    assert "mass" in str(problem)  # no info.txt, no options.txt
    lines = [line for line in whole.splitlines() if line.strip()]
    for text, said in (
        ("\n".join(lines[: len(lines) // 2]), "cut short"),
        ("\n".join([*lines[:-1], lines[-1].replace(lines[-1].split()[-1], "-1.0")]), "-1"),
    ):
        file.write_text(text + "\n")
        assert said in str(refused(folder))


def test_names_that_lead_nowhere_and_a_meaning_left_out(tmp_path):
    folder = folder_of(tmp_path, plan='meteoroids = ["mem"]\ndebris_table = "t.out"\n')
    said = " ".join(str(problem) for problem in plan_problems(folder, ("box.hull",), SHIELDS))
    assert "no file or folder 'mem'" in said
    assert "no file or folder 't.out'" in said
    assert "a factor of four" in said


def test_imported_fluxes_stand_in_the_place_of_ours(tmp_path):
    """The skies of a run with a debris table and MEM directions: their streams, none of ours but the showers."""
    from whipple.assessment import plan_of, skies_of
    from whipple.casefile.read_case import read_case
    from whipple.environment import what_was_there

    table = "\n".join(ROWS) + "\n"
    folder = folder_of(tmp_path, plan=DEBRIS + 'meteoroids = ["mem"]\n', table=table)
    igloo_in(folder)
    (folder / "mem" / "info.txt").write_text("Limiting mass: 10^-6 grams\n")
    case = read_case(folder)
    skies = skies_of(
        case, plan_of(case, hand.stack([hand.placed((1, 1, 1))], [hand.part("box.hull")])), what_was_there(case)
    )
    names = [stream.name for stream in skies.mission]
    assert "MEM 3 HiDensity" in names
    assert any(name.startswith("debris of ORDEM") for name in names)
    assert not {"sporadic meteoroids", "orbital debris"} & set(names)
