"""Reading triangles from OBJ, STL, PLY and GLB files; each group becomes a part. The unit and the axes are stated, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import CaseError, Problem
from whipple.vehicle.hygiene import MeshHealth, examine
from whipple.vehicle.shape_tables import MeshTable
from whipple.vehicle.shapes import Triangles

__all__ = ["UNIT_M", "MeshShapes", "axis_map", "mesh_problems", "read_groups", "read_mesh"]

#: Length units of mesh files in metres, exact by definition.
UNIT_M = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
_SUFFIXES = (".obj", ".stl", ".ply", ".glb", ".gltf")


@dataclass(frozen=True)
class MeshShapes:
    """A mesh file in the axes of its module, metres: its groups by name, and the health of the whole."""

    groups: dict[str, Triangles]
    health: MeshHealth


def axis_map(axes: tuple[str, str, str]) -> Array:
    """The matrix (3, 3) from file axes to module axes: row i picks the file axis that gives the module's X, Y or Z.

    >>> axis_map(("+x", "+z", "-y")).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
    """
    matrix = np.zeros((3, 3))
    for row, text in enumerate(axes):
        sign, letter = (-1.0, text[1:]) if text.startswith("-") else (1.0, text.removeprefix("+"))
        if letter not in ("x", "y", "z"):
            raise ValueError(text)
        matrix[row, "xyz".index(letter)] = sign
    if abs(np.linalg.det(matrix)) != 1.0:
        raise ValueError(" ".join(axes))
    return matrix


def read_groups(path: Path, shown: str = "") -> dict[str, Triangles]:
    """The groups of a mesh file as they stand in it (file units and axes). Raises CaseError when it cannot be read."""
    name = shown or path.name
    if path.suffix.lower() not in _SUFFIXES:
        raise CaseError(
            [
                Problem(
                    name,
                    "",
                    f"a {path.suffix or 'nameless'} file",
                    "one of: " + ", ".join(_SUFFIXES),
                    "export the mesh as OBJ or GLB",
                )
            ]
        )
    if not path.is_file():
        raise CaseError(
            [Problem(name, "", "no such file", "a mesh file", f"put {name} into the case folder, or correct the name")]
        )
    import trimesh

    try:
        options: dict[str, Any] = (
            {"split_groups": True, "group_material": False, "skip_materials": True}
            if path.suffix.lower() == ".obj"
            else {}
        )
        scene = trimesh.load_scene(path, process=False, **options)
        groups = {
            str(node): scene.geometry[geometry].copy().apply_transform(turn)
            for node in scene.graph.nodes_geometry
            for turn, geometry in [scene.graph[node]]
        }
    except Exception as error:  # the reader raises whatever a broken file makes it raise
        reason = str(error).split("\n", maxsplit=1)[0] or type(error).__name__
        raise CaseError(
            [
                Problem(
                    name,
                    "",
                    f"a mesh that cannot be read ({reason})",
                    "triangles",
                    "open it in a mesh tool and export it again",
                )
            ]
        ) from None
    read = {
        re.sub(r"\s+", "_", key): Triangles(
            np.asarray(mesh.vertices, dtype=float), np.asarray(mesh.faces, dtype=np.int64)
        )
        for key, mesh in groups.items()
    }
    if not sum(len(shape.triangle) for shape in read.values()):
        raise CaseError([Problem(name, "", "no triangles", "a surface mesh", "export triangles, not points or lines")])
    return read


def _joined(groups: dict[str, Triangles]) -> Triangles:
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in groups.values()])
    faces = [shape.triangle + start for shape, start in zip(groups.values(), starts, strict=False)]
    return Triangles(np.vstack([shape.vertex_m for shape in groups.values()]), np.vstack(faces))


def read_mesh(folder: Path, table: MeshTable) -> MeshShapes:
    """A [[mesh]] of vehicle.toml in its module's axes, metres. Raises CaseError for a bad file, axes or handedness.

    Where the map mirrors (a left-handed file), two indices of each triangle are swapped so that normals still point outward.
    """
    problem = _map_problem(table)
    if problem:
        raise CaseError([problem])
    matrix = axis_map(table.axes) * UNIT_M[table.units]
    mirrored = np.linalg.det(matrix) < 0
    groups = {
        name: Triangles(shape.vertex_m @ matrix.T, shape.triangle[:, ::-1] if mirrored else shape.triangle)
        for name, shape in read_groups(folder / table.file, table.file).items()
    }
    return MeshShapes(groups, examine(_joined(groups)))


def _map_problem(table: MeshTable) -> Problem | None:
    try:
        mirrored = np.linalg.det(axis_map(table.axes)) < 0
    except ValueError:
        return Problem(
            "vehicle.toml",
            f"mesh {table.name}.axes",
            repr(list(table.axes)),
            "each of x, y, z once, with a sign",
            'write axes = ["+x", "+y", "+z"]',
        )
    if mirrored != (table.handedness == "left"):
        kind = "mirrors (left-handed file)" if mirrored else "does not mirror (right-handed file)"
        return Problem(
            "vehicle.toml", f"mesh {table.name}.handedness", f"{table.handedness!r} with axes whose map {kind}",
            "axes and handedness that agree", "correct one of the two: a wrong one turns the ship inside out",
        )  # fmt: skip
    return None


def mesh_problems(table: MeshTable, health: MeshHealth) -> list[Problem]:
    """What is wrong with a mesh that was read: not closed, inconsistent winding, wrong unit, empty triangles, copies.

    Open sheets (`closed = false`) may hold a few inconsistent edges, up to 0.5 % of those that join two triangles; a closed mesh none.
    """
    found: list[Problem] = []

    def say(what: str, expected: str, remedy: str) -> None:
        found.append(Problem(table.file, f"mesh {table.name}", what, expected, remedy))

    if health.implausible:
        extent = " x ".join(f"{size:.3g}" for size in health.extent_m)
        say(f"an extent of {extent} m", "that of a spacecraft (0.05 to 500 m)", f"check units = {table.units!r}")
    if health.flipped_edge_count and (table.closed or health.mixed):
        say(
            f"{health.flipped_edge_count} of {health.paired_edge_count} edges with inconsistent winding",
            "all triangles wound the same way",
            "recalculate the normals outward",
        )
    if table.closed and not health.closed:
        edges = f"a mesh that is not closed: {health.open_edge_count} open edges of {health.triangle_count} triangles"
        say(
            edges, "a closed surface", "close it, or write closed = false to accept open sheets (both sides then count)"
        )
    if table.closed and health.closed and health.volume_m3 < 0:
        say(
            f"a volume of {health.volume_m3:.3g} m3 (normals point inward)",
            "a positive volume",
            "flip the winding, or correct axes and handedness",
        )
    if table.closed and health.no_area_count:
        say(f"{health.no_area_count} triangles without area", "none", "remove degenerate triangles")
    if table.closed and health.same_copy_count + health.opposite_copy_count:
        say(
            f"{health.same_copy_count + health.opposite_copy_count} triangles that repeat another",
            "each once",
            "remove duplicates",
        )
    return found
