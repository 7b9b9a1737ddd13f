"""Do rays, view factors and mesh counts agree with closed forms and with the geometry sheet?"""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from whipple.vehicle.balance import balance_problem, silhouette_balance
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.hygiene import examine, with_backs, without_copies
from whipple.vehicle.placement import axes_along
from whipple.vehicle.read_mesh import mesh_problems, read_mesh
from whipple.vehicle.read_vehicle import mesh_table
from whipple.vehicle.shapes import Triangles, box, cylinder, sphere
from whipple.vehicle.sight import blocked, projected_area_m2, rays_for, silhouette_m2
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
def test_two_sided_balance_of_station_meshes(row, authority, shared_data):
    mesh = read_mesh(shared_data / "stations", mesh_table(row["file"], "m", row["axes"].split(), "left"))
    raw = without_copies(joined(list(mesh.groups.values())))
    rng = np.random.default_rng(2)
    turned = np.where(rng.random(len(raw.triangle))[:, None] < 0.5, raw.triangle[:, ::-1], raw.triangle)
    mixed = Triangles(raw.vertex_m, turned)
    for what, shape, asked in (
        ("as read", raw, 2e-3),
        ("all windings flipped", Triangles(raw.vertex_m, raw.triangle[:, ::-1]), 5e-3),
    ):
        authority("geometry", f"silhouette balance of facets counted from both sides, {row['file']}, {what}",
                  silhouette_balance(surfaces_of(shape), two_sided=True), 1.0, source="geometry sheet 2.3 (identity)", why="goal G7",
                  atol=asked)  # fmt: skip
    assert balance_problem(surfaces_of(raw), row["file"], two_sided=True) is None
    problem = balance_problem(surfaces_of(mixed), row["file"], two_sided=True)
    assert problem is not None
    assert "of its shadow" in problem.found
    assert "wind all triangles the same way" in problem.remedy
    accepted = mesh_table(row["file"], "m", row["axes"].split(), "left").model_copy(update={"closed": False})
    assert mesh_problems(accepted, examine(raw)) == []
    assert any("inconsistent winding" in one.found for one in mesh_problems(accepted, examine(mixed)))


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


def missing(*libraries: str) -> pytest.MarkDecorator:
    gone = [name for name in libraries if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(gone), reason=f"not installed: {', '.join(gone)}")


BULK = [pytest.param("embree", marks=missing("embreex")), pytest.param("bvh", marks=missing("numba"))]


def inside_a_ball(kind: str, viewpoints: int) -> tuple[Surfaces, np.ndarray, dict[str, np.ndarray]]:
    """A closed ball off the origin, points inside it, and its corners and edge middles. Of the globe, slivers meet at the poles."""
    import trimesh

    makers = {
        "icosphere": lambda: trimesh.creation.icosphere(subdivisions=4, radius=10.0),
        "globe": lambda: trimesh.creation.uv_sphere(radius=10.0, count=[64, 64]),
    }
    ball = makers[kind]()
    middle = np.array([37.0, 0.0, 5.0])
    whole = Surfaces.from_triangles(ball.vertices + middle, ball.faces, np.zeros(len(ball.faces)), [PLAIN])
    targets = {
        "corners": whole.vertex_m[np.unique(whole.triangle)],
        "edge midpoints": whole.vertex_m[whole.triangle[:, :2]].mean(axis=1),
    }
    return whole, np.random.default_rng(5).uniform(-5, 5, (viewpoints, 3)) + middle, targets


@pytest.mark.parametrize("kind", ["icosphere", "globe"])
@pytest.mark.parametrize("backend", [*BULK, "numpy"])
def test_no_ray_leaks_out_of_a_closed_ball(backend, kind, authority):
    whole, viewpoints, targets = inside_a_ball(kind, 1 if backend == "numpy" else 60)
    for what, target in targets.items():
        aimed = target[:: max(1, len(target) // 200)] if backend == "numpy" else target
        way = (aimed[None] - viewpoints[:, None]).reshape(-1, 3)
        way /= np.linalg.norm(way, axis=1)[:, None]
        start = np.repeat(viewpoints, len(aimed), axis=0)
        lost = 1.0 - blocked(whole, start, way, backend=backend).mean()
        authority(
            "geometry",
            f"rays lost at {what} of an {kind} ({backend})",
            lost,
            0.0,
            source="geometry sheet 2.1 and goal G5",
            why=f"of {len(way)}; asked 1e-5 at corners, none at edges",
            atol=1e-5 if what == "corners" else 0.0,
        )


@pytest.mark.parametrize("middle", [(37.0, 0.0, 0.0), (100.0, 30.0, -40.0)], ids=["37 m off", "115 m off"])
@pytest.mark.parametrize("backend", BULK)
def test_no_false_self_shadow_far_from_the_origin(backend, middle, authority):
    solid = cylinder(12.0, 4.2, 32)
    whole = Surfaces.from_triangles(
        solid.vertex_m + np.array(middle), solid.triangle, np.zeros(len(solid.triangle)), [PLAIN]
    )
    ways = directions(6400)
    facet, way = np.nonzero(np.einsum("fk,dk->fd", whole.normal_body, ways) > 1e-4)
    start = whole.centroid_m[facet] + 1e-4 * whole.normal_body[facet]
    hit = rays_for(whole, backend).any_hit(start, ways[way], np.inf).sum()
    authority(
        "geometry",
        f"false self-hits on a convex solid {np.linalg.norm(middle):.0f} m off the origin ({backend})",
        float(hit),
        0.0,
        source="geometry sheet 2.1 and goal G5",
        why=f"none of {len(way)} at an offset of 1e-4 m",
        atol=0,
    )


def test_no_false_self_shadow_in_the_fused_sums(authority):
    solid = cylinder(12.0, 4.2, 32)
    whole = Surfaces.from_triangles(
        solid.vertex_m + np.array([100.0, 30.0, -40.0]), solid.triangle, np.zeros(len(solid.triangle)), [PLAIN]
    )
    ways = directions(3000)
    wall = np.zeros(len(whole.triangle), dtype=int)
    found = exposure_sums(whole, ways, np.ones((1, 3000, 1, 1)), wall, cos_nodes=[0.0], origins_per_facet=4)
    cosine = whole.normal_body @ ways.T
    free = np.where(cosine > 1e-4, cosine, 0.0).sum(axis=1)
    authority("geometry", "exposure of a convex solid beside the sum of its cosines", np.abs(found[:, 0] / free - 1).max(), 0.0,
              source="identity: a convex solid shadows nothing", why="one lost ray in 6000 would show as 1e-4", atol=1e-12)  # fmt: skip


@pytest.mark.slow
@missing("embreex", "numba")
def test_back_ends_agree_on_a_station_mesh(authority, shared_data):
    mesh = read_mesh(shared_data / "stations", mesh_table("iss_orbiter.obj", "m", ("+x", "+z", "+y"), "left"))
    whole = surfaces_of(without_copies(joined(list(mesh.groups.values()))))
    rng = np.random.default_rng(8)
    count = 1_000_000
    way = rng.standard_normal((count, 3))
    way /= np.linalg.norm(way, axis=1)[:, None]
    low, high = whole.vertex_m.min(axis=0), whole.vertex_m.max(axis=0)
    spread = rng.uniform(low, high, (count, 3))
    facet = rng.integers(0, len(whole.triangle), count)
    flat = way - np.einsum("ij,ij->i", way, whole.normal_body[facet])[:, None] * whole.normal_body[facet]
    flat /= np.linalg.norm(flat, axis=1)[:, None]
    cosine = 10 ** rng.uniform(-4, -2, count)[:, None]
    grazing = flat * np.sqrt(1 - cosine**2) + cosine * whole.normal_body[facet]
    skimming = whole.centroid_m[facet] + 1e-4 * whole.normal_body[facet]
    for what, start, ray in (("random", spread, way), ("grazing", skimming, grazing)):
        embree, own = (rays_for(whole, name).any_hit(start, ray, np.inf) for name in ("embree", "bvh"))
        authority("geometry", f"{what} rays in a million on which Embree and the own tree differ", float((embree != own).sum()), 0.0,
                  source="goal G6", why="asked 1e-6", atol=1.0)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("row", rows("geometry_view_factors")[:2], ids=lambda row: row["case"])
def test_view_factors_converge(row, authority):
    pair = surfaces_of(*PAIRS[row["case"]]())
    for power, asked in ((17, 1e-3), (20, 1e-4)):
        off = [
            view_factors(pair, 2**power, seed=10 * seed).factor_ratio[0, 1] - float(row["printed"]) for seed in range(5)
        ]
        authority("geometry", f"view factor, {row['case']}, rms error of 5 seeds at 2^{power} rays", float(np.sqrt(np.mean(np.square(off)))),
                  0.0, source="goal G8", why="asked", atol=asked)  # fmt: skip
