"""MEM 3 and ORDEM output named in [orbit] stands in the sky of an investigation, and says so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

import whipple
from whipple.casefile.read_case import read_case
from whipple.casefile.tables.case_table import OrbitTable
from whipple.environment import sky as room
from whipple.environment.imported_models import model_problems
from whipple.environment.mem_files import DirectionFile
from whipple.environment.mem_grid import igloo
from whipple.environment.write_igloo import write_igloo
from whipple.errors import CaseError

MS22 = Path(whipple.__file__).parent / "cases" / "soyuz-ms22"
SIZES = [10 ** (-5 + k / 2) for k in range(11)]
TABLE = "".join(f"{size:.5e}  {3e-2 * (size / 1e-5) ** -2.5:.5e}\n" for size in SIZES)


@pytest.fixture
def case(tmp_path):
    """MS-22 with a MEM run of the high densities above 10 µg and an ORDEM table, over a few minutes of its orbit."""
    given = read_case(MS22)
    shutil.copy(MS22 / given.orbit.elements, tmp_path)
    cells, speed = igloo(15.0), np.arange(0.0, 80e3, 1e3) + 500.0
    up = np.maximum(np.sin(np.radians(cells.phi_deg)), 0.0)[:, None] * np.exp(-(((speed - 25e3) / 8e3) ** 2))
    (tmp_path / "mem" / "HiDensity").mkdir(parents=True)
    write_igloo(
        DirectionFile("x", "igloo", cells, speed, up / up.sum() * 1e-7), tmp_path / "mem/HiDensity/igloo_avg.txt"
    )
    (tmp_path / "mem" / "info.txt").write_text("Limiting mass: 10^-5 grams\n")
    (tmp_path / "t.out").write_text(TABLE)
    named = {"meteoroids": ("mem",), "debris_table": "t.out", "debris_meaning": "cross-section"}
    elements = {"elements": Path(given.orbit.elements).name, "catalogue": ""}
    return replace(given, folder=tmp_path, orbit=given.orbit.model_copy(update=named | elements))


def test_the_sky_of_an_investigation_holds_what_orbit_names(case, monkeypatch):
    monkeypatch.setattr(room, "fly", partial(room.fly, revolutions=0.02))
    sky = room.what_was_there(case)
    by_name = {stream.name: stream for stream in sky.streams}
    debris = next(stream for name, stream in by_name.items() if name.startswith("debris of ORDEM"))
    assert debris.hypothesis == next(one.name for one in case.hypotheses if one.kind == "debris")
    assert by_name["MEM 3 HiDensity"].hypothesis == next(one.name for one in case.hypotheses if one.kind == "sporadic")
    assert not {"sporadic meteoroids", "orbital debris", "small debris"} & set(by_name)
    # the headline counts above 1 µg, the run above 10 µg: ten times the mass, more than ten times the number
    run = 1e-7 * float(by_name["MEM 3 HiDensity"].heavier_than(1e-9)) * 3.15576e7
    assert run > 10 * 1e-7 * 3.15576e7
    assert f"sporadic meteoroids {float(f'{run:.2g}'):g} (" in sky.headline
    said = " ".join(caveat.text for caveat in sky.caveats)
    assert "imported MEM 3 output" in said
    assert "LoDensity is missing" in said


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"debris_table": "t.out"}, "debris_meaning = ''"),
        ({"debris_meaning": "plate"}, "debris_table = ''"),
        ({"debris_table": "t.out", "debris_meaning": "plate", "debris_tensors": "x.npz"}, "debris_tensors"),
    ],
)
def test_a_table_says_what_its_flux_is_per_and_there_is_one_debris(wrong, word):
    with pytest.raises(ValidationError) as caught:
        OrbitTable.model_validate({"elements": "x.tle", "source": "s"} | wrong)
    assert word in caught.value.errors()[0]["ctx"]["found"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("".join(TABLE.splitlines(keepends=True)[:6]), "cut short"),
        (TABLE.replace("1.00000e-05  3", "1.00000e-05  -3"), "flux -"),
    ],
)
def test_a_table_that_cannot_be_is_one_problem_and_stops_the_room(case, monkeypatch, table, said):
    (case.folder / "t.out").write_text(table)
    (problem,) = model_problems(case.folder, case.orbit, "case.toml", "orbit")
    assert said in str(problem)
    monkeypatch.setattr(room, "fly", partial(room.fly, revolutions=0.02))
    with pytest.raises(CaseError, match=said):
        room.what_was_there(case)


def test_a_run_without_its_mass_is_said_of_the_key_that_names_it(case):
    (case.folder / "mem" / "info.txt").unlink()
    (problem,) = model_problems(case.folder, case.orbit, "case.toml", "orbit")
    assert (problem.path, problem.key) == ("case.toml", "orbit.meteoroids")
