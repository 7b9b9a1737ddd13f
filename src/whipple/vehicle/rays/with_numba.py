"""What the compiled loops share: how they are compiled, how blocks of facets walk cones of directions, and how a free ray counts.

An engine says which rays of a block and a cone get through (`look`, one `overload` an engine); the loops around it are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import BackendError
from whipple.vehicle.rays.cones import LANES, Cones

try:
    import numba
except ImportError as error:
    raise BackendError("numba", "pip install 'whipple[fast]', or choose backend='embree'") from error

__all__ = [
    "BLOCK",
    "Job",
    "Notes",
    "Weighing",
    "compiled",
    "inlined",
    "lit_lanes",
    "look",
    "on_cache_lines",
    "share_blocks",
    "sum_blocks",
]

#: Neighbouring facet sides that a thread walks all cones with.
BLOCK = 64
#: From so many cones on, all blocks of a task look along one before the next.
MANY_CONES = 24
#: Below this cosine a ray counts as running along the facet (as `sight.GRAZING`).
GRAZING = 1e-4

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function compiled, its machine code kept on disk where a folder can be written; it runs without the interpreter lock."""
    return _compiled(function, forceinline=False)


def inlined(function: F) -> F:
    """As `compiled`, for a small function that is to vanish into each of its callers."""
    return _compiled(function, forceinline=True)


def _compiled(function: F, *, forceinline: bool) -> F:
    compiler: Any = numba.njit
    try:
        return cast(F, compiler(cache=True, nogil=True, error_model="numpy", forceinline=forceinline)(function))
    except RuntimeError:  # no folder for the cache
        return cast(F, compiler(nogil=True, error_model="numpy", forceinline=forceinline)(function))


def on_cache_lines(count: int) -> npt.NDArray[np.float32]:
    """So many zeros in single precision that begin at a multiple of 64 bytes."""
    whole = np.zeros(count + 16, np.float32)
    skip = -whole.ctypes.data % 64 // 4
    return whole[skip : skip + count]


class Job(NamedTuple):
    """What the rays of many facet sides need, in the order they are walked.

    `origin` (n_start, 3) single precision about the middle; `first` (n_side + 1,) where each side's origins begin; `normal` (3, n_side);
    the directions in `cones`; `near` (n_start,) how far from each origin its rays may begin to look, which the engines fill in.
    """

    origin: npt.NDArray[np.float32]
    first: npt.NDArray[np.int64]
    normal: Array
    cones: Cones
    near: npt.NDArray[np.float32]


class Weighing(NamedTuple):
    """What a free direction brings: `wall` (n_side,), `weight` (n_wall, n_dir, n_node, n_channel), at the cosines `node` (n_node,)."""

    wall: npt.NDArray[np.int64]
    weight: Array
    node: Array


class Notes(NamedTuple):
    """What a thread writes down about one block and one cone.

    `cosine` (BLOCK, LANES) of each side and ray; `lit` (BLOCK,) how many rays rise from the side; `free` (BLOCK, LANES) how many of the
    side's origins look out along the ray.
    """

    cosine: Array
    lit: npt.NDArray[np.int64]
    free: npt.NDArray[np.int64]


@compiled
def new_notes() -> Notes:
    """Blank notes."""
    return Notes(np.zeros((BLOCK, LANES)), np.zeros(BLOCK, np.int64), np.zeros((BLOCK, LANES), np.int64))


def look(engine: Any, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """Cast the rays of a cone from the sides from..to and fill the notes; each engine gives its own through `numba.extending.overload`."""
    raise NotImplementedError(type(engine).__name__)


@inlined
def lit_lanes(job: Job, cone: int, side: int, place: int, notes: Notes) -> int:
    """Note the cosines of a side with the rays of a cone, and nothing free yet; how many rays rise from it."""
    x, y, z = job.normal[0, side], job.normal[1, side], job.normal[2, side]
    part, lanes, (cosine, lit, free) = job.cones.part, job.cones.lanes[cone], notes
    count = 0
    for lane in range(lanes):
        along = x * part[cone, 0, lane] + y * part[cone, 1, lane] + z * part[cone, 2, lane]
        cosine[place, lane] = along
        count += along > GRAZING
    for lane in range(lanes):
        free[place, lane] = 0
    lit[place] = count
    return count


@compiled
def add_cone(job: Job, cone: int, sides: tuple[int, int], weighing: Weighing, notes: Notes, total: Array) -> None:
    """Add cosine x weight of the free rays of a block and a cone to `total` (n_side, n_channel), linear between the cosine nodes."""
    (walls, weight, node), (cosines, lit, free) = weighing, notes
    first, ways, count = job.first, job.cones.way, job.cones.lanes[cone]
    for side in range(sides[0], sides[1]):
        place, wall, origins = side - sides[0], walls[side], first[side + 1] - first[side]
        for lane in range(count if lit[place] else 0):
            if free[place, lane] == 0:
                continue
            cosine, way = min(cosines[place, lane], 1.0), ways[cone, lane]
            amount = cosine * free[place, lane] / origins
            if len(node) == 1:
                for channel in range(total.shape[1]):
                    total[side, channel] += amount * weight[wall, way, 0, channel]
                continue
            low, high = 0, len(node) - 1
            while high - low > 1:
                middle = (low + high) >> 1
                if node[middle] <= cosine:
                    low = middle
                else:
                    high = middle
            part = (cosine - node[low]) / (node[high] - node[low])
            near, far = amount * (1.0 - part), amount * part
            for channel in range(total.shape[1]):
                total[side, channel] += near * weight[wall, way, low, channel] + far * weight[wall, way, high, channel]


@inlined
def blocks_together(job: Job, blocks: tuple[int, int]) -> int:
    """How many neighbouring blocks look along a cone before the next: all of them, so that they meet the same boxes; one where cones are few."""
    return max(blocks[1] - blocks[0], 1) if len(job.cones.lanes) >= MANY_CONES else 1


@compiled
def sum_blocks(engine: Any, job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
    """Add up every direction for the sides of the blocks from..to: `total` (n_side, n_channel)."""
    notes, together = new_notes(), blocks_together(job, blocks)
    for group in range(blocks[0], blocks[1], together):
        for cone in range(len(job.cones.lanes)):
            for block in range(group, min(group + together, blocks[1])):
                sides = (block * BLOCK, min((block + 1) * BLOCK, len(job.first) - 1))
                look(engine, job, cone, sides, notes)
                add_cone(job, cone, sides, weighing, notes, total)


@compiled
def share_blocks(engine: Any, job: Job, blocks: tuple[int, int], share: Array) -> None:
    """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
    first, cones, notes, together = job.first, job.cones, new_notes(), blocks_together(job, blocks)
    for group in range(blocks[0], blocks[1], together):
        for cone in range(len(cones.lanes)):
            for block in range(group, min(group + together, blocks[1])):
                begin = block * BLOCK
                end = min(begin + BLOCK, len(first) - 1)
                look(engine, job, cone, (begin, end), notes)
                for side in range(begin, end):
                    place, origins = side - begin, first[side + 1] - first[side]
                    for lane in range(cones.lanes[cone] if notes.lit[place] else 0):
                        share[side, cones.way[cone, lane]] = notes.free[place, lane] / origins
