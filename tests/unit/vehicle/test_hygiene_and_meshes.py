"""Broken meshes are named for what is wrong; units, axes and handedness are never guessed."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import CaseError
from whipple.vehicle.hygiene import examine, with_backs, without_copies
from whipple.vehicle.read_mesh import axis_map, mesh_problems, read_mesh
from whipple.vehicle.read_vehicle import mesh_table
from whipple.vehicle.shapes import Triangles, box


def write_obj(path, shape, group="hull"):
    lines = (
        [f"g {group}"]
        + [f"v {x} {y} {z}" for x, y, z in shape.vertex_m]
        + [f"f {a + 1} {b + 1} {c + 1}" for a, b, c in shape.triangle]
    )
    path.write_text("\n".join(lines) + "\n")


def said(path, shape, units="m", axes=("+x", "+y", "+z"), handedness="right"):
    write_obj(path, shape)
    table = mesh_table(path.name, units, axes, handedness)
    return [str(problem) for problem in mesh_problems(table, read_mesh(path.parent, table).health)]


CUBE = box([2.0, 2.0, 2.0])


def test_a_sound_mesh_has_no_problem(tmp_path):
    assert said(tmp_path / "cube.obj", CUBE) == []


def test_a_mesh_that_is_not_closed_is_reported(tmp_path):
    (problem,) = said(tmp_path / "open.obj", Triangles(CUBE.vertex_m, CUBE.triangle[1:]))
    assert "open.obj, mesh open: found a mesh that is not closed: 3 open edges of 11 triangles" in problem
    assert "closed = false" in problem


def test_inward_normals_winding_copies_and_slivers_are_reported(tmp_path):
    assert any("volume" in text for text in said(tmp_path / "in.obj", Triangles(CUBE.vertex_m, CUBE.triangle[:, ::-1])))
    mixed = CUBE.triangle.copy()
    mixed[0] = mixed[0, ::-1]
    assert any("inconsistent winding" in text for text in said(tmp_path / "mixed.obj", Triangles(CUBE.vertex_m, mixed)))
    twice = Triangles(CUBE.vertex_m, np.vstack([CUBE.triangle, CUBE.triangle[:1], CUBE.triangle[1:2, ::-1]]))
    health = examine(twice)
    assert (health.same_copy_count, health.opposite_copy_count) == (1, 1)
    flat = Triangles(CUBE.vertex_m, np.vstack([CUBE.triangle, [[0, 0, 1]]]))
    assert examine(flat).no_area_count == 1


def test_a_wrong_unit_is_reported(tmp_path):
    assert any("units = 'mm'" in text for text in said(tmp_path / "small.obj", CUBE, units="mm"))


def test_a_left_handed_file_is_turned_outward(tmp_path):
    write_obj(tmp_path / "left.obj", CUBE)
    table = mesh_table("left.obj", "m", ("+x", "+z", "+y"), "left")
    mesh = read_mesh(tmp_path, table)
    assert list(mesh.groups) == ["hull"]
    assert mesh.health.volume_m3 == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("axes", "handedness", "text"),
    [
        (("+x", "+z", "+y"), "right", "axes and handedness that agree"),
        (("+x", "+x", "+y"), "right", "each of x, y, z once"),
        (("x", "y", "up"), "right", "each of x, y, z once"),
    ],
)
def test_axes_must_be_a_frame_and_agree_with_handedness(tmp_path, axes, handedness, text):
    write_obj(tmp_path / "cube.obj", CUBE)
    with pytest.raises(CaseError, match=text):
        read_mesh(tmp_path, mesh_table("cube.obj", "m", axes, handedness))


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("gone.obj", None, "no such file"),
        ("thing.xyz", "x", "one of: .obj"),
        ("empty.obj", "# nothing\n", "triangles"),
        ("broken.stl", "solid x\nfacet", "triangles"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, text):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(CaseError, match=text):
        read_mesh(tmp_path, mesh_table(name, "m", ("+x", "+y", "+z"), "right"))


def test_unknown_words_are_refused():
    with pytest.raises(CaseError, match="units"):
        mesh_table("cube.obj", "yards", ("+x", "+y", "+z"), "right")


@pytest.mark.parametrize("suffix", ["stl", "ply", "glb"])
def test_other_formats_read_the_same_box(tmp_path, suffix):
    import trimesh

    trimesh.Trimesh(CUBE.vertex_m, CUBE.triangle, process=False).export(tmp_path / f"cube.{suffix}")
    mesh = read_mesh(tmp_path, mesh_table(f"cube.{suffix}", "cm", ("+x", "+y", "+z"), "right"))
    assert mesh.health.triangle_count == 12
    assert mesh.health.volume_m3 == pytest.approx(8e-6)


def test_axis_map_is_a_signed_permutation():
    assert np.linalg.det(axis_map(("+x", "+z", "+y"))) == -1.0
    assert np.linalg.det(axis_map(("-y", "x", "z"))) == 1.0


def test_backs_face_the_other_way_and_copies_go():
    sheet = Triangles(CUBE.vertex_m, np.vstack([CUBE.triangle[:1], CUBE.triangle[:1]]))
    assert len(without_copies(sheet).triangle) == 1
    both = with_backs(without_copies(sheet), 0.01)
    corner = both.vertex_m[both.triangle]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert np.allclose(normal[0], -normal[1])


def test_open_sheets_may_hold_few_inconsistent_edges(tmp_path):
    from whipple.vehicle.shapes import split_large

    fine = split_large(CUBE, 0.004)
    table = mesh_table("sheet.obj", "m", ("+x", "+y", "+z"), "right").model_copy(update={"closed": False})
    one, many = fine.triangle.copy(), fine.triangle.copy()
    one[0], many[::2] = one[0, ::-1], many[::2, ::-1]
    assert mesh_problems(table, examine(Triangles(fine.vertex_m, one))) == []
    (problem,) = mesh_problems(table, examine(Triangles(fine.vertex_m, many)))
    assert "edges with inconsistent winding" in problem.found
    assert problem.remedy == "recalculate the normals outward"


def test_exposed_area_is_that_of_the_shadow_or_the_mesh_is_refused():
    from whipple.vehicle.balance import balance_problem
    from whipple.vehicle.surfaces import Part, Surfaces

    plain = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")

    def made(faces):
        return Surfaces.from_triangles(CUBE.vertex_m, faces, np.zeros(len(faces)), [plain])

    assert balance_problem(made(CUBE.triangle), "cube.obj") is None
    assert "of its shadow" in str(balance_problem(made(CUBE.triangle[:, ::-1]), "cube.obj"))
    doubled = np.vstack([CUBE.triangle, CUBE.triangle])
    assert "drop one" in str(balance_problem(made(doubled), "cube.obj"))
    assert "closed = false" in str(balance_problem(made(CUBE.triangle[2:]), "cube.obj"))
