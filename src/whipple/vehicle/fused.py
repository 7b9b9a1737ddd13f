"""Who casts the rays of every facet in one compiled pass? Engines that sum as they go, and the threads that walk the blocks."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import BackendError, RangeError
from whipple.vehicle.rays.cones import cones_of
from whipple.vehicle.starts import Starts, blockers
from whipple.vehicle.surfaces import Surfaces

if TYPE_CHECKING:
    from whipple.vehicle.rays.with_numba import Job, Weighing

__all__ = ["ENGINES", "FusedRays", "every_block", "fused_for", "job_of"]

#: Below so many rays a compiled loop is not worth loading.
_WORTH_RAYS = 1_000_000

#: What may be asked for: Embree from a compiled loop, the own tree, Embree through arrays, brute force.
ENGINES = ("auto", "packets", "bvh", "embree", "numpy")
#: Facet sides a block (as `with_numba.BLOCK`), and blocks a task at most; no task is more than this share of the blocks that are left.
_BLOCK, _TASK, _SHARE = 64, 8, 8


class FusedRays(Protocol):
    """A ray engine that walks blocks of facet sides by itself."""

    name: str
    middle_m: Array

    def sum_blocks(self, job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
        """Add up every direction for the sides of the blocks from..to."""
        ...

    def share_blocks(self, job: Job, blocks: tuple[int, int], share: Array) -> None:
        """The share of each side's rays that get through."""
        ...


def fused_for(surfaces: Surfaces, backend: str = "auto", rays_count: float = np.inf) -> FusedRays | None:
    """The fused engine of that name over the surfaces; None where the name asks for arrays, or "auto" finds no compiler or few rays.

    Raises BackendError when a named engine's library is absent, RangeError for an unknown name.
    """
    if backend not in ENGINES:
        raise RangeError("exposure_sums", "backend", repr(backend), "one of " + ", ".join(ENGINES))
    if backend in ("embree", "numpy") or (
        backend == "auto" and (rays_count < _WORTH_RAYS or find_spec("numba") is None)
    ):
        return None
    if find_spec("numba") is None:
        raise BackendError("numba", "pip install 'whipple[fast]', or choose backend='embree'")
    triangle = blockers(surfaces)
    if backend != "bvh":
        try:
            from whipple.vehicle.rays.with_numba_packets import PacketRays

            return PacketRays(surfaces.vertex_m, triangle)
        except BackendError:
            if backend == "packets":
                raise
    from whipple.vehicle.rays.with_numba_tree import TreeRays

    return TreeRays(surfaces.vertex_m, triangle)


def job_of(engine: FusedRays, starts: Starts, direction_body: Array) -> Job:
    """The starts and directions as the compiled loops take them."""
    from whipple.vehicle.rays.with_numba import Job

    origin = (starts.origin_m - engine.middle_m).astype(np.float32)
    normal = np.ascontiguousarray(starts.normal_body.T)
    near = np.zeros(len(origin), np.float32)
    return Job(origin, starts.first, normal, cones_of(np.asarray(direction_body, dtype=float)), near)


def every_block(side_count: int, walk: Callable[[tuple[int, int]], None], threads: int | None = None) -> None:
    """Call `walk` for all blocks of facet sides, some at a time, from `threads` threads (None: all cores).

    A block writes only the rows of its own sides, so the result does not depend on the number of threads.
    """
    blocks, workers, ends = -(-side_count // _BLOCK), threads or _cores(), [0]
    while ends[-1] < blocks:
        ends.append(ends[-1] + min(_TASK, -(-(blocks - ends[-1]) // _SHARE)))
    tasks = list(pairwise(ends))
    if workers == 1 or len(tasks) < 2:
        for task in tasks:
            walk(task)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(walk, tasks):
            pass


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
