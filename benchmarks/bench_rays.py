"""vehicle/rays: facet rays a second of the exposure pipeline, as ratios to a bare Embree loop, trimesh and the own tree in the same run.

python benchmarks/bench_rays.py            the table (about two minutes)
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
from whipple.vehicle.rays.embree_scene import EmbreeScene
from whipple.vehicle.rays.with_embree import EmbreeRays
from whipple.vehicle.rays.with_numba_packets import PacketRays
from whipple.vehicle.shapes import Triangles, split_large
from whipple.vehicle.sight import GRAZING, open_share
from whipple.vehicle.starts import starts_of


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


def wall_s(work: Callable[[], object], repeat: int = 3) -> float:
    """Least wall time of `repeat` runs."""
    found = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def sums(surfaces: Surfaces, way: np.ndarray, backend: str, threads: int) -> np.ndarray:
    """The pipeline as the rooms call it, one channel."""
    wall = np.zeros(len(surfaces.triangle), dtype=np.int64)
    return exposure_sums(surfaces, way, np.ones((1, len(way), 1, 1)), wall, cos_nodes=[1.0], origins_per_m2=0.0,
                         backend=backend, threads=threads)  # fmt: skip


def lit_count(surfaces: Surfaces, way: np.ndarray) -> int:
    """How many facet-direction pairs face one another."""
    return int(sum((surfaces.normal_body @ one > GRAZING).sum() for one in way))


def against_bare(surfaces: Surfaces, way: np.ndarray) -> None:
    """One thread: the whole pipeline against loops over ready rays in the same order, block by block."""
    engine = PacketRays(surfaces.vertex_m, surfaces.triangle)
    job = job_of(engine, starts_of(surfaces, least=1, per_m2=0.0), way)
    lit = (job.normal.T @ way.T) > GRAZING
    blocks = [np.nonzero(lit[begin : begin + 64].T) for begin in range(0, len(lit), 64)]
    number = np.concatenate([one for one, _ in blocks])
    side = np.concatenate([64 * index + place for index, (_, place) in enumerate(blocks)])
    scene, hit = EmbreeScene(surfaces.vertex_m, surfaces.triangle), np.zeros(len(side), dtype=bool)
    narrow = way.astype(np.float32)
    call = scene.call("rtcOccluded1")
    arrays = EmbreeRays(surfaces.vertex_m, surfaces.triangle)
    start, along = starts_of(surfaces, least=1, per_m2=0.0).origin_m, way
    bare_loop(call, scene.address, job.origin, narrow, side[:1], number[:1], hit[:1])
    sums(surfaces, way[:2], "packets", 1)
    sums(surfaces, way[:2], "bvh", 1)
    ours = cpu_s(lambda: sums(surfaces, way, "packets", 1))
    bare = cpu_s(lambda: bare_loop(call, scene.address, job.origin, narrow, side, number, hit))
    through = cpu_s(lambda: [arrays.any_hit(start[side[b : b + 10**6]], along[number[b : b + 10**6]], np.inf)
                             for b in range(0, len(side), 10**6)])  # fmt: skip
    tree = cpu_s(lambda: sums(surfaces, way, "bvh", 1))
    count = len(side) / 1e6
    print(f"{len(surfaces.triangle):>8} facets, {count:.2f} M rays, one thread, M rays/core-s: pipeline {count / ours:.1f}, "
          f"bare Embree loop {count / bare:.1f}, embreex arrays {count / through:.1f}, own tree {count / tree:.1f}")  # fmt: skip
    print(f"{'':>8} pipeline / bare loop {bare / ours:.2f} (asked 0.8), / arrays {through / ours:.2f}; own tree / pipeline {ours / tree:.2f}, "
          f"/ arrays {through / tree:.2f} (asked 0.35)")  # fmt: skip


def against_trimesh(surfaces: Surfaces, way: np.ndarray) -> None:
    """The pipeline on both cores against trimesh's own ray API, as it is called (one thread) and from two threads."""
    mesh = trimesh.Trimesh(surfaces.vertex_m, surfaces.triangle, process=False)
    mesh.ray.intersects_any(surfaces.centroid_m[:1], way[:1])
    few = way[:: max(1, len(way) // 40)]

    def theirs(direction: np.ndarray) -> None:
        facing = surfaces.normal_body @ direction > GRAZING
        origin = surfaces.centroid_m[facing] + 1e-4 * surfaces.normal_body[facing]
        mesh.ray.intersects_any(origin, np.broadcast_to(direction, origin.shape))

    def once() -> None:
        for direction in few:
            theirs(direction)

    def both() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(theirs, few))

    rays, their_rays = lit_count(surfaces, way) / 1e6, lit_count(surfaces, few) / 1e6
    ours = rays / wall_s(lambda: sums(surfaces, way, "packets", 2), 2)
    one, two = their_rays / wall_s(once, 2), their_rays / wall_s(both, 2)
    per_core = rays / cpu_s(lambda: sums(surfaces, way, "packets", 2), 2)
    their_core = their_rays / cpu_s(once, 2)
    print(f"{'':>8} wall, both cores {ours:.1f} M rays/s; trimesh {one:.1f} (ratio {ours / one:.1f}, asked 6), from two threads {two:.1f} "
          f"(ratio {ours / two:.1f}); CPU time: {per_core:.1f} against {their_core:.1f} M rays/core-s (ratio {per_core / their_core:.1f}, "
          f"two cores {2 * per_core / their_core:.1f})")  # fmt: skip


def curve() -> None:
    """CPU time a ray from 13 thousand to a million facets (goal: grows by at most 1.3 times)."""
    way = directions_around(60)
    for facets in (13_000, 50_000, 100_000, 300_000, 1_000_000):
        surfaces = station(facets)
        rays = lit_count(surfaces, way)
        for backend in ("packets", "bvh"):
            sums(surfaces, way[:1], backend, 1)
            build_s = cpu_s(lambda s=surfaces, b=backend: sums(s, way[:1], b, 1), 1)
            each = (cpu_s(lambda s=surfaces, b=backend: sums(s, way, b, 1), 2) - build_s) / rays
            print(f"{len(surfaces.triangle):>8} facets, {backend:>7}: {1e9 * each:.0f} ns a ray, {1e-6 / each:.1f} M rays/core-s; "
                  f"tree, origins and one direction {build_s:.2f} s")  # fmt: skip


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
        against_bare(surfaces, directions_around(200 if facets < 50_000 else 100))
        against_trimesh(surfaces, directions_around(600))


if __name__ == "__main__":
    {"curve": curve, "whole": whole, "visibility": visibility}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
