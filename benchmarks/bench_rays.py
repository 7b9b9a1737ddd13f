"""vehicle/rays: facet rays a second of the exposure pipeline, as ratios to a bare Embree loop, trimesh and the own tree in the same run.

python benchmarks/bench_rays.py            the table (about four minutes)
python benchmarks/bench_rays.py iss        the ISS mesh of shared/data against trimesh, one side and both
python benchmarks/bench_rays.py curve      CPU time a ray from 13 thousand to a million facets
python benchmarks/bench_rays.py visibility shares good to 1 %, against trimesh with random points
python benchmarks/bench_rays.py whole      100 thousand facets x 10 thousand directions, time and peak memory
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np
import trimesh
from llvmlite import ir
from numba.extending import intrinsic

from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.vehicle import Surfaces, build
from whipple.vehicle.balance import directions_around
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.fused import job_of
from whipple.vehicle.hygiene import without_copies
from whipple.vehicle.rays.embree_scene import EmbreeScene
from whipple.vehicle.rays.with_embree import EmbreeRays
from whipple.vehicle.rays.with_numba import Weighing
from whipple.vehicle.rays.with_numba_packets import PacketRays
from whipple.vehicle.rays.with_numba_tree import TreeRays
from whipple.vehicle.read_mesh import read_mesh
from whipple.vehicle.read_vehicle import mesh_table
from whipple.vehicle.shapes import Triangles, split_large
from whipple.vehicle.sight import GRAZING, open_share
from whipple.vehicle.starts import blockers, moved_out, starts_of


def station(facets: int) -> Surfaces:
    """The bundled stack cut down to about so many facets."""
    coarse = build(read_case(BUNDLED / "soyuz-ms22")).surfaces
    cut = split_large(Triangles(coarse.vertex_m, coarse.triangle), coarse.area_m2.sum() / facets * 1.4)
    return Surfaces.from_triangles(cut.vertex_m, cut.triangle, np.zeros(len(cut.triangle)), coarse.parts[:1])


@intrinsic
def ask_one(typing, call, scene, ray, arguments):
    """Call rtcOccluded1 by its address."""
    signature = numba.types.void(*[numba.types.intp] * 4)

    def make(context, builder, signature, values):
        byte = ir.IntType(8).as_pointer()
        function = builder.inttoptr(values[0], ir.FunctionType(ir.VoidType(), [byte] * 3).as_pointer())
        builder.call(function, [builder.inttoptr(value, byte) for value in values[1:]])
        return context.get_dummy_value()

    return signature, make


@numba.njit(nogil=True)
def bare_loop(call, scene, origin, direction, side, way, hit):
    """The plain loop over given rays: fill an RTCRay, ask, read the answer."""
    memory = np.zeros(64, np.float32)
    skip = (64 - memory.ctypes.data % 64) % 64 // 4
    ray, arguments = memory[skip : skip + 12], np.zeros(8, np.int32)
    words = ray.view(np.int32)
    arguments[1] = -1
    for index in range(len(hit)):
        ray[0:3] = origin[side[index]]
        ray[3] = 0.0
        ray[4:7] = direction[way[index]]
        ray[8] = np.inf
        words[9] = -1
        ask_one(call, scene, ray.ctypes.data, arguments.ctypes.data)
        hit[index] = ray[8] < 0


def cpu_s(work: Callable[[], object], repeat: int = 3) -> float:
    """Least process CPU time of `repeat` runs."""
    found = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def wall_cpu_s(work: Callable[[], object]) -> np.ndarray:
    """Wall and process CPU time of one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return np.array([time.perf_counter() - wall, time.process_time() - cpu])


def sums(surfaces: Surfaces, way: np.ndarray, backend: str, threads: int, two_sided: bool = False) -> np.ndarray:
    """The pipeline as the rooms call it, one channel."""
    wall = np.zeros(len(surfaces.triangle), dtype=np.int64)
    return exposure_sums(surfaces, way, np.ones((1, len(way), 1, 1)), wall, cos_nodes=[1.0], origins_per_m2=0.0,
                         two_sided=two_sided, backend=backend, threads=threads)  # fmt: skip


def lit_count(surfaces: Surfaces, way: np.ndarray) -> int:
    """How many facet-direction pairs face one another."""
    return int(sum((surfaces.normal_body @ one > GRAZING).sum() for one in way))


def rays_of_blocks(job, tasks: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Side and direction of every ray of these blocks, neighbours in side and direction one after another."""
    cones, kept = job.cones, []
    for begin, end in tasks:
        for block in range(begin, end):
            sides = np.arange(64 * block, min(64 * block + 64, job.normal.shape[1]))
            cosine = np.einsum("xs,cxl->csl", job.normal[:, sides], cones.part)
            cone, side, one = np.nonzero(cosine > GRAZING)
            kept.append(np.stack([sides[side], cones.way[cone, one]]))
    side, way = np.concatenate(kept, axis=1)
    return side, way


def against_bare(surfaces: Surfaces, way: np.ndarray) -> None:
    """One thread, two tasks of eight blocks: the pipeline's loops against loops over the same rays made ready."""
    triangle = blockers(surfaces)
    engine, tree = PacketRays(surfaces.vertex_m, triangle), TreeRays(surfaces.vertex_m, triangle)
    starts = starts_of(surfaces, least=1, per_m2=0.0)
    job, blocks = job_of(engine, starts, way), len(starts.facet) // 64
    tasks = [(blocks // 5, blocks // 5 + 8), (2 * blocks // 3, 2 * blocks // 3 + 8)]
    side, number = rays_of_blocks(job, tasks)
    scene, hit, narrow = (
        EmbreeScene(surfaces.vertex_m, triangle),
        np.zeros(len(side), dtype=bool),
        way.astype(np.float32),
    )
    call, arrays = scene.call("rtcOccluded1"), EmbreeRays(surfaces.vertex_m, triangle)
    told = Weighing(np.zeros(len(starts.facet), np.int64), np.ones((1, len(way), 1, 1)), np.array([1.0]))
    total = np.zeros((len(starts.facet), 1))

    def fused(rays) -> None:
        for task in tasks:
            rays.sum_blocks(job, task, told, total)

    def through() -> None:
        for b in range(0, len(side), 10**6):
            arrays.any_hit(starts.origin_m[side[b : b + 10**6]], way[number[b : b + 10**6]], np.inf)

    for rays in (engine, tree):
        rays.sum_blocks(job, (0, 0), told, total)
    bare_loop(call, scene.address, job.origin, narrow, side[:1], number[:1], hit[:1])
    works = [
        lambda: fused(engine),
        lambda: bare_loop(call, scene.address, job.origin, narrow, side, number, hit),
        through,
        lambda: fused(tree),
    ]
    ours, bare, embreex, own = np.median([[cpu_s(work, 1) for work in works] for _ in range(5)], axis=0)
    each = 1e9 / len(side)
    print(f"{len(surfaces.triangle):>8} facets x {len(way)} directions, one thread, CPU ns a ray: pipeline {each * ours:.0f}, bare Embree loop "
          f"{each * bare:.0f}, embreex arrays {each * embreex:.0f}, own tree {each * own:.0f}")  # fmt: skip
    print(f"{'':>8} pipeline / bare loop {bare / ours:.2f} (asked 0.8), / arrays {embreex / ours:.2f}; own tree / pipeline {ours / own:.2f} "
          f"(asked 0.35), / arrays {embreex / own:.2f}")  # fmt: skip


def against_trimesh(surfaces: Surfaces, way: np.ndarray, two_sided: bool = False) -> None:
    """The pipeline on both cores against trimesh's own ray API in its best case: all lit facets of one direction a call."""
    scene = moved_out(surfaces) if two_sided else surfaces
    mesh = trimesh.Trimesh(scene.vertex_m, scene.triangle, process=False)
    mesh.ray.intersects_any(surfaces.centroid_m[:1], way[:1])
    few = way[:: max(1, len(way) // 40)]

    def theirs(direction: np.ndarray) -> int:
        cosine = scene.normal_body @ direction
        facing = np.abs(cosine) > GRAZING if two_sided else cosine > GRAZING
        origin = scene.centroid_m[facing] + 1e-4 * np.sign(cosine[facing])[:, None] * scene.normal_body[facing]
        mesh.ray.intersects_any(origin, np.broadcast_to(direction, origin.shape))
        return len(origin)

    def both() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(theirs, few))

    each = sum(theirs(one) for one in few) / len(few)
    sums(surfaces, way[:20], "packets", 2, two_sided)
    ours, one, two = np.min([
        [wall_cpu_s(work) / count for work, count in (
            (lambda: sums(surfaces, way, "packets", 2, two_sided), each * len(way)),
            (lambda: [theirs(direction) for direction in few], each * len(few)), (both, each * len(few)))]
        for _ in range(3)], axis=0)  # fmt: skip
    sides = "both sides" if two_sided else "one side"
    print(f"{len(surfaces.triangle):>8} facets, {sides}, x {len(way)} directions, both cores by the clock: {1e-6 / ours[0]:.1f} M rays/s, trimesh "
          f"{1e-6 / one[0]:.1f} (ratio {one[0] / ours[0]:.1f}, asked 6), from two threads {1e-6 / two[0]:.1f} ({two[0] / ours[0]:.1f}); CPU ns a "
          f"ray {1e9 * ours[1]:.0f} against {1e9 * one[1]:.0f} (ratio {one[1] / ours[1]:.1f}, two cores {2 * one[1] / ours[1]:.1f})")  # fmt: skip


def iss() -> None:
    """The public ISS mesh against trimesh."""
    folder = Path(__file__).parents[2] / "shared/data/stations"
    mesh = read_mesh(folder, mesh_table("iss_project_alpha.obj", "m", ("+z", "+x", "-y"), "left"))
    starts = np.cumsum([0] + [len(group.vertex_m) for group in mesh.groups.values()])
    shape = without_copies(Triangles(
        np.vstack([group.vertex_m for group in mesh.groups.values()]),
        np.vstack([group.triangle + start for group, start in zip(mesh.groups.values(), starts, strict=False)])))  # fmt: skip
    surfaces = Surfaces.from_triangles(
        shape.vertex_m, shape.triangle, np.zeros(len(shape.triangle)), station(1000).parts[:1]
    )
    against_bare(surfaces, directions_around(10_000))
    for two_sided in (True, False):
        against_trimesh(surfaces, directions_around(5_000), two_sided)


def curve() -> None:
    """CPU time a ray from 13 thousand to a million facets (goal: grows by at most 1.3 times): sixteen tasks of eight blocks, 2592 directions."""
    way = directions_around(2592)
    for facets in (13_000, 50_000, 100_000, 300_000, 1_000_000):
        surfaces = station(facets)
        triangle, starts = blockers(surfaces), starts_of(surfaces, least=1, per_m2=0.0)
        told = Weighing(np.zeros(len(starts.facet), np.int64), np.ones((1, len(way), 1, 1)), np.array([1.0]))
        total, blocks = np.zeros((len(starts.facet), 1)), len(starts.facet) // 64
        tasks = [(begin, begin + 8) for begin in range(0, blocks - 8, blocks // 16)]
        sides = np.concatenate([np.arange(64 * begin, 64 * end) for begin, end in tasks])
        rays = sum(int((starts.normal_body[sides] @ one > GRAZING).sum()) for one in way)
        for kind in (PacketRays, TreeRays):
            kind(surfaces.vertex_m[:3], triangle[:1] * 0)
            begin = time.process_time()
            engine = kind(surfaces.vertex_m, triangle)
            build_s, job = time.process_time() - begin, job_of(engine, starts, way)
            engine.sum_blocks(job, (0, 0), told, total)
            each = (
                cpu_s(lambda e=engine, j=job, t=tasks, w=told, o=total: [e.sum_blocks(j, task, w, o) for task in t], 2)
                / rays
            )
            print(f"{len(surfaces.triangle):>8} facets, {engine.name:>13}: {1e9 * each:.0f} ns a ray, {1e-6 / each:.1f} M rays/core-s; "
                  f"tree {build_s:.2f} s")  # fmt: skip


def whole() -> None:
    """100 thousand facets x 10 thousand directions on all cores."""
    surfaces, way = station(100_000), directions_around(10_000)
    sums(surfaces, way[:4], "packets", 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, begin = time.perf_counter(), time.process_time()
    sums(surfaces, way, "packets", 2)
    took, spent = time.perf_counter() - start, time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(surfaces.triangle)} facets x {len(way)} directions: {took:.1f} s wall, {spent:.1f} s CPU on two threads; "
          f"for 1e5 facets {took * 1e5 / len(surfaces.triangle):.1f} s (asked 30), CPU / 2 {spent / 2 * 1e5 / len(surfaces.triangle):.1f} s; "
          f"peak memory {peak:.0f} MiB, {peak - before:.0f} above the scene (asked 1024)")  # fmt: skip


def visibility() -> None:
    """Time for visible shares good to 1 % (RMS a facet and direction, weighted by projected area), against trimesh with random points."""
    surfaces, way = station(100_000), directions_around(20)
    some = np.arange(0, len(surfaces.triangle), 10)
    cosine = np.clip(surfaces.normal_body[some] @ way.T, 0, None) * surfaces.area_m2[some, None]
    truth = open_share(surfaces, some, way, 256, backend="packets")

    def rms(square: np.ndarray) -> float:
        return float(np.sqrt((square * cosine).sum() / cosine.sum()))

    errors = {k: rms((open_share(surfaces, some, way, k, backend="packets") - truth) ** 2) for k in (16, 32, 64, 128)}
    spread = rms(truth * (1 - truth))
    fit = np.polyfit(np.log(list(errors.values())), np.log(list(errors)), 1)
    ours, theirs = float(np.exp(np.polyval(fit, np.log(0.01)))), (spread / 0.01) ** 2
    lit = int((cosine > 0).sum())
    each = cpu_s(lambda: open_share(surfaces, some, way, 64, backend="packets")) / (64 * lit)
    mesh = trimesh.Trimesh(surfaces.vertex_m, surfaces.triangle, process=False)
    off = surfaces.centroid_m[some] + 1e-4 * surfaces.normal_body[some]
    slow = cpu_s(lambda: [mesh.ray.intersects_any(off, np.broadcast_to(one, off.shape)) for one in way]) / cosine.size
    print("RMS error by origins a facet: " + ", ".join(f"{k}: {error:.4f}" for k, error in errors.items())
          + f"; 1 % needs {ours:.0f} ours, {theirs:.0f} random points")  # fmt: skip
    print(f"CPU ns a ray: ours {1e9 * each:.0f}, trimesh {1e9 * slow:.0f}; trimesh casts every pair, ours the {lit / cosine.size:.2f} that face; "
          f"ratio {theirs * slow * cosine.size / (ours * each * lit):.0f} (asked 20)")  # fmt: skip


def main() -> None:
    """The table."""
    for facets in (13_000, 87_000):
        surfaces = station(facets)
        against_bare(surfaces, directions_around(10_000))
        for count in (600, 2592, 10_000) if facets < 50_000 else (600, 2592):
            against_trimesh(surfaces, directions_around(count))


if __name__ == "__main__":
    {"curve": curve, "whole": whole, "visibility": visibility, "iss": iss}.get(
        sys.argv[1] if len(sys.argv) > 1 else "", main
    )()
