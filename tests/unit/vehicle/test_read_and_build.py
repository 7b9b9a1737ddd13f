"""vehicle.toml: every mistake in one pass, none raised by check; the bundled stack stands where it should."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import whipple
from whipple import vehicle
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.errors import CaseError
from whipple.vehicle.build import site_normals, surfaces_of
from whipple.vehicle.read_vehicle import read_vehicle

MS22 = Path(whipple.__file__).parent / "cases" / "soyuz-ms22"
GOOD = """
[vehicle]
title = "a box"
facet_area = "10 m**2"
source = "whipple_judgement"
[[wall]]
name = "skin"
material = "AMg6"
thickness = "1 mm"
absorptance = "0.3"
emittance = "0.8"
temperature = "20 degC"
source = "whipple_judgement"
[[module]]
name = "hull"
source = "whipple_judgement"
[[part]]
name = "hull.box"
module = "hull"
shape = "box"
size = ["1 m", "2 m", "3 m"]
wall = "skin"
source = "whipple_judgement"
"""

MESH = """
[[mesh]]
name = "m"
module = "hull"
file = "{file}"
units = "m"
axes = ["+x", "+y", "+z"]
handedness = "right"
wall = "skin"
source = "{source}"
"""


def problems(tmp_path, text, **names):
    (tmp_path / "vehicle.toml").write_text(text)
    return [str(problem) for problem in vehicle.vehicle_problems(tmp_path, "vehicle.toml", **names)]


def test_a_good_file_has_no_problem_and_builds(tmp_path):
    assert problems(tmp_path, GOOD, site_part="hull.box", ship="hull") == []
    surfaces = surfaces_of(read_vehicle(tmp_path, "vehicle.toml"))
    assert surfaces.area_m2.sum() == pytest.approx(22.0)
    assert surfaces.parts[0].temperature_K == pytest.approx(293.15)
    assert surfaces.parts[0].wall_m == pytest.approx(1e-3)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (("thickness =", "thicknes ="), "rename it to 'thickness'"),
        (('"1 m", "2 m", "3 m"', '"1 m", "2 m"'), "expected 3 lengths"),
        (('"1 m", "2 m", "3 m"', '"1", "2 m", "3 m"'), "unit convertible to m"),
        (('"1 m", "2 m", "3 m"', '"1 kg", "2 m", "3 m"'), "convertible to m"),
        (('"1 m", "2 m", "3 m"', '"-1 m", "2 m", "3 m"'), "expected a positive length"),
        (('size = ["1 m", "2 m", "3 m"]', 'diameter = "1 m"'), "part[0] hull.box.size: found nothing"),
        (('shape = "box"', 'shape = "cube"'), "box"),
        (('wall = "skin"', 'wall = "skim"'), "rename it to 'skin'"),
        (('module = "hull"', 'module = "hall"'), "rename it to 'hull'"),
        (('[[module]]\nname = "hull"\n', '[[module]]\nname = "hull"\nparent = "sky"\n'), "module (written above it)"),
        (('[[module]]\nname = "hull"\n', '[[module]]\nname = "hull"\naxis = [0, 0, 0]\n'), "expected a direction"),
        (("[[wall]]", "[[wal]]"), "rename it to 'wall'"),
        (("[[wall]]", "[wall]"), "double the brackets"),
        (('shape = "box"', 'shape = "box"\nends = "open"'), "only a cylinder or a cone"),
        (('source = "whipple_judgement"\n[[wall]]', 'source = "nobody"\n[[wall]]'), "a key of sources.toml"),
        (('facet_area = "10 m**2"\n', ""), "add the key 'facet_area'"),
    ],
)
def test_each_mistake_is_named(tmp_path, change, text):
    assert change[0] in GOOD
    found = problems(tmp_path, GOOD.replace(*change))
    assert any(text in problem for problem in found), found
    with pytest.raises(CaseError):
        read_vehicle(tmp_path, "vehicle.toml")


def test_all_mistakes_in_one_pass_and_no_exception(tmp_path):
    text = GOOD.replace("thickness =", "thicknes =").replace('wall = "skin"', 'wall = "skim"').replace('"3 m"', '"3 s"')
    text += MESH.format(file="gone.obj", source="x")
    found = problems(tmp_path, text)
    for word in ("thicknes", "convertible to m", "gone.obj", "'x'"):
        assert any(word in problem for problem in found), (word, found)


@pytest.mark.parametrize("text", ["", "not toml [", "[vehicle]\n"])
def test_nonsense_files_are_problems_not_exceptions(tmp_path, text):
    assert problems(tmp_path, text)
    assert vehicle.vehicle_problems(tmp_path, "absent.toml")[0].found == "no such file"


def test_names_that_the_case_points_to(tmp_path):
    found = problems(tmp_path, GOOD, site_part="hull.bax", ship="hul")
    assert any("'hull.box'" in problem for problem in found)
    assert any("'hull'" in problem for problem in found)


def test_an_open_mesh_is_a_problem_unless_accepted(tmp_path):
    (tmp_path / "sheet.obj").write_text("g panel\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    mesh = MESH.format(file="sheet.obj", source="whipple_judgement")
    assert any("not closed" in problem for problem in problems(tmp_path, GOOD + mesh))
    assert problems(tmp_path, GOOD + mesh + "closed = false\n") == []
    surfaces = surfaces_of(read_vehicle(tmp_path, "vehicle.toml"))
    panel = surfaces.of_part("m.panel")
    assert surfaces.normal_body[panel].tolist() == [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]


def test_a_doubled_sheet_that_shares_no_edge_is_refused_when_placed(tmp_path):
    outer = "v 0 0 9\nv 3 0 9\nv 3 3 9\nv 0 3 9\nf 1 2 3\nf 1 3 4\n"
    inner = "v 0.01 0.01 9\nv 2.99 0.01 9\nv 2.99 2.99 9\nv 0.01 2.99 9\nf 5 6 8\nf 6 7 8\n"
    mesh = MESH.format(file="sheet.obj", source="whipple_judgement") + "closed = false\n"
    (tmp_path / "sheet.obj").write_text("g panel\n" + outer)
    assert problems(tmp_path, GOOD + mesh) == []
    assert len(surfaces_of(read_vehicle(tmp_path, "vehicle.toml")).triangle)
    (tmp_path / "sheet.obj").write_text("g panel\n" + outer + inner)
    assert problems(tmp_path, GOOD + mesh) == []
    with pytest.raises(CaseError, match="of two equal sheets"):
        surfaces_of(read_vehicle(tmp_path, "vehicle.toml"))


@cache
def stack() -> vehicle.Stack:
    return vehicle.build(read_case(MS22))


def test_the_bundled_file_has_no_problem():
    assert vehicle.vehicle_problems(MS22, "vehicle.toml", site_part="soyuz.radiator", ship="soyuz") == []


def test_the_bundled_stack_stands_where_it_should():
    built = stack()
    surfaces = built.surfaces
    assert 3000 <= len(surfaces.triangle) <= 8000
    radiator = surfaces.of_part("soyuz.radiator")
    assert surfaces.area_m2[radiator].sum() == pytest.approx(8.0, rel=1e-3)
    assert np.abs(surfaces.normal_body[radiator, 2]).max() < 1e-9
    ship = np.isin(surfaces.part_index, [i for i, part in enumerate(surfaces.parts) if part.module == "soyuz"])
    along = surfaces.vertex_m[surfaces.triangle[ship]][..., 2]
    assert np.ptp(along) == pytest.approx(6.98, abs=0.02)
    span = surfaces.vertex_m[surfaces.triangle[ship]][..., 1]
    assert np.ptp(span) == pytest.approx(10.7, abs=0.02)
    assert (
        surfaces.centroid_m[surfaces.of_part("columbus"), 1].mean()
        > 0
        > surfaces.centroid_m[surfaces.of_part("kibo"), 1].mean()
    )
    assert (
        surfaces.centroid_m[surfaces.of_part("poisk"), 2].mean()
        < surfaces.centroid_m[surfaces.of_part("rassvet"), 2].mean()
    )


def test_the_site_is_aft_starboard_with_weights():
    built = stack()
    azimuth = np.degrees(np.arctan2(built.site_normal_body[:, 1], built.site_normal_body[:, 0])) % 360
    assert azimuth[0] == pytest.approx(135.0)
    assert sorted(azimuth.round(6)) == pytest.approx([90, 105, 120, 135, 150, 165, 180])
    assert built.site_normal_frac.sum() == pytest.approx(1.0)
    assert built.site_normal_frac.argmax() == 0
    toward = built.site_m - built.surfaces.centroid_m[built.surfaces.of_part("soyuz.radiator")].mean(axis=0)
    assert np.dot(toward, built.site_normal_body[0]) > 1.0


def test_without_a_claim_every_facet_normal_is_possible():
    built = stack()
    site = built.surfaces.of_part("soyuz.radiator")
    normals, shares = site_normals(built.surfaces, site, None)
    assert len(normals) == 24
    assert shares.sum() == pytest.approx(1.0)
    exact, one = site_normals(built.surfaces, site, Given(1.0, 1.0, 1.0, "rad"))
    assert exact.shape == (1, 3)
    assert one.tolist() == [1.0]


def test_an_unknown_site_part_is_refused():
    case = read_case(MS22)
    wrong = case.vehicle.model_copy(update={"site_part": "soyuz.radiatr"})
    from dataclasses import replace

    with pytest.raises(CaseError, match="site_part"):
        vehicle.build(replace(case, vehicle=wrong))
