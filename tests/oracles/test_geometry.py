"""Do rays, view factors and mesh counts agree with closed forms and with the geometry sheet?"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from whipple.vehicle.hygiene import with_backs, without_copies
from whipple.vehicle.placement import axes_along
from whipple.vehicle.read_mesh import read_mesh
from whipple.vehicle.read_vehicle import mesh_table
from whipple.vehicle.shapes import Triangles, box, cylinder, sphere
from whipple.vehicle.sight import blocked, projected_area_m2, silhouette_m2
from whipple.vehicle.surfaces import Part, Surfaces
from whipple.vehicle.view_factors import view_factors

ROOT = Path(__file__).parents[2]
PLAIN = Part("x", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")


def rows(name: str) -> list[dict[str, str]]:
    lines = (ROOT / "authorities" / f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def surfaces_of(*shapes: Triangles) -> Surfaces:
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    faces = np.vstack([shape.triangle + start for shape, start in zip(shapes, starts, strict=False)])
    index = np.repeat(np.arange(len(shapes)), [len(shape.triangle) for shape in shapes])
    parts = [Part(f"p{i}", "", "", 0, 0, 0, 0.5, 0.5, 290, "none") for i in range(len(shapes))]
    return Surfaces.from_triangles(np.vstack([shape.vertex_m for shape in shapes]), faces, index, parts)


def joined(shapes: list[Triangles]) -> Triangles:
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    return Triangles(
        np.vstack([s.vertex_m for s in shapes]),
        np.vstack([s.triangle + start for s, start in zip(shapes, starts, strict=False)]),
    )


def directions(count: int) -> np.ndarray:
    i = np.arange(count) + 0.5
    height, turn = 1 - 2 * i / count, np.pi * (1 + 5**0.5) * i
    level = np.sqrt(1 - height**2)
    return np.column_stack([level * np.cos(turn), level * np.sin(turn), height])


def square(corner: tuple, first: tuple, second: tuple) -> Triangles:
    at, one, two = (np.array(v, dtype=float) for v in (corner, first, second))
    return Triangles(np.array([at, at + one, at + one + two, at + two]), np.array([[0, 1, 2], [0, 2, 3]]))


def disc(radius: float, height: float, up: bool) -> Triangles:
    """A flat 256-gon of the circle's area, facing up or down."""
    turn = 2 * np.pi * np.arange(256) / 256
    wide = radius * np.sqrt((2 * np.pi / 256) / np.sin(2 * np.pi / 256))
    rim = np.column_stack([wide * np.cos(turn), wide * np.sin(turn), np.full(256, height)])
    faces = np.array([[256, i, (i + 1) % 256] for i in range(256)])
    return Triangles(np.vstack([rim, [[0.0, 0.0, height]]]), faces if up else faces[:, ::-1])


PAIRS = {
    "parallel unit squares one apart": lambda: (
        square((0, 0, 0), (1, 0, 0), (0, 1, 0)),
        square((0, 0, 1), (0, 1, 0), (1, 0, 0)),
    ),
    "perpendicular unit squares with a common edge": lambda: (
        square((0, 0, 0), (1, 0, 0), (0, 1, 0)),
        square((0, 0, 0), (0, 1, 0), (0, 0, 1)),
    ),
    "coaxial discs of equal radius one radius apart": lambda: (disc(1.0, 0.0, True), disc(1.0, 1.0, False)),
    "coaxial disc of radius 1 to disc of radius 2 one apart": lambda: (disc(1.0, 0.0, True), disc(2.0, 1.0, False)),
}


@pytest.mark.parametrize("row", rows("geometry_view_factors"), ids=lambda row: row["case"])
def test_view_factor_closed_forms(row, authority):
    found = view_factors(surfaces_of(*PAIRS[row["case"]]()), 2**17)
    authority(
        "geometry",
        f"view factor, {row['case']}",
        found.factor_ratio[0, 1],
        float(row["printed"]),
        source="geometry sheet 3.4",
        why=row["why"],
        atol=float(row["atol"]),
    )
    assert np.abs(found.factor_ratio.sum(axis=1) + found.space_ratio - 1).max() < 1e-12
    exchange = found.factor_ratio * found.area_m2[:, None]
    assert np.abs(exchange - exchange.T).max() < 1e-12


def moved(shape: Triangles, by: list[float], axis: tuple[float, float, float] = (1.0, 0.0, 0.0)) -> Triangles:
    return Triangles(shape.vertex_m @ axes_along(axis).T + by, shape.triangle)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("box beside a sphere", [box([2.0, 3.0, 1.0]), moved(sphere(2.0, 48), [4.0, 0.5, 0.0])]),
        ("two cylinders", [cylinder(6.0, 1.0, 48), moved(cylinder(3.0, 1.5, 48), [2.0, 1.5, 0.0], (0.0, 1.0, 0.2))]),
    ],
)
def test_silhouette_balance_on_closed_solids(name, shapes, authority):
    whole, ways = surfaces_of(*shapes), directions(24)
    ratio = (
        projected_area_m2(whole, ways, per_m2=4000.0, most=20_000).sum() / silhouette_m2(whole, ways, across=600).sum()
    )
    why = "goal G7; both sides are counts of about 1e6 rays"
    authority(
        "geometry",
        f"silhouette balance, {name}",
        ratio,
        1.0,
        source="geometry sheet 2.3 (identity)",
        why=why,
        atol=5e-4,
    )


@pytest.mark.slow
@pytest.mark.parametrize("row", rows("geometry_meshes"), ids=lambda row: row["file"])
def test_station_meshes(row, authority, shared_data):
    table = mesh_table(row["file"], "m", row["axes"].split(), "left")
    mesh = read_mesh(shared_data / "stations", table)
    counted = {
        "triangles": mesh.health.triangle_count, "groups": len(mesh.groups), "open_edges": mesh.health.open_edge_count,
        "crowded_edges": mesh.health.crowded_edge_count, "opposite_copies": mesh.health.opposite_copy_count,
        "same_copies": mesh.health.same_copy_count, "flipped_edges": mesh.health.flipped_edge_count,
    }  # fmt: skip
    for key, value in counted.items():
        authority(
            "geometry",
            f"{row['file']}: {key}",
            value,
            float(row[key]),
            source="geometry sheet 4.2",
            why="a count",
            atol=0,
        )
    sheets = with_backs(without_copies(joined(list(mesh.groups.values()))))
    whole, ways = (
        Surfaces.from_triangles(sheets.vertex_m, sheets.triangle, np.zeros(len(sheets.triangle)), [PLAIN]),
        directions(32),
    )
    shadow = silhouette_m2(whole, ways, across=700).mean()
    ratio = projected_area_m2(whole, ways, per_m2=20.0, least=4).mean() / shadow
    authority(
        "geometry",
        f"silhouette balance, {row['file']}",
        ratio,
        1.0,
        source="geometry sheet 2.3 (identity)",
        why="goal G7",
        atol=2e-3,
    )
    authority(
        "geometry",
        f"mean silhouette, {row['file']}",
        shadow,
        float(row["silhouette_m2"]),
        source="geometry sheet 2.3",
        why="32 directions against 64",
        rtol=3e-3,
        unit="m²",
    )


def test_no_ray_leaks_through_the_edges_of_a_closed_sphere(authority):
    import trimesh

    ball = trimesh.creation.icosphere(subdivisions=4, radius=10.0)
    whole = Surfaces.from_triangles(
        ball.vertices + np.array([37.0, 0.0, 5.0]), ball.faces, np.zeros(len(ball.faces)), [PLAIN]
    )
    targets = whole.vertex_m[whole.triangle[:, :2]].mean(axis=1)
    inside = np.random.default_rng(5).uniform(-5, 5, (25, 1, 3)) + np.array([37.0, 0.0, 5.0])
    way = (targets[None] - inside).reshape(-1, 3)
    start = np.broadcast_to(inside, (25, len(targets), 3)).reshape(-1, 3)
    lost = 1.0 - blocked(whole, start, way / np.linalg.norm(way, axis=1)[:, None], backend="embree").mean()
    authority(
        "geometry",
        "rays lost at edge midpoints (Embree, robust)",
        lost,
        0.0,
        source="geometry sheet 2.1",
        why="none of 500 000",
        atol=0,
    )


def test_no_false_self_shadow_far_from_the_origin(authority):
    solid = cylinder(12.0, 4.2, 32)
    whole = Surfaces.from_triangles(
        solid.vertex_m + np.array([100.0, 30.0, -40.0]), solid.triangle, np.zeros(len(solid.triangle)), [PLAIN]
    )
    ways = directions(400)
    lit = np.einsum("fk,dk->fd", whole.normal_body, ways) > 1e-4
    facet, way = np.nonzero(lit)
    start = whole.centroid_m[facet] + 1e-4 * whole.normal_body[facet]
    hit = blocked(whole, start, ways[way], backend="embree").sum()
    authority(
        "geometry",
        "false self-hits on a convex solid",
        float(hit),
        0.0,
        source="geometry sheet 2.1",
        why="none at an offset of 1e-4 m",
        atol=0,
    )
