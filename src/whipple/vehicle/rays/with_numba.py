"""What the compiled loops share: how they are compiled, what a block of facets is given, and how a free direction is added to its facet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import BackendError

try:
    import numba
except ImportError as error:
    raise BackendError("numba", "pip install 'whipple[fast]', or choose backend='embree'") from error

__all__ = ["BLOCK", "Job", "Notes", "Weighing", "add_direction", "compiled", "inlined", "lit_sides", "new_notes"]

#: Neighbouring facet sides that a thread walks all directions with.
BLOCK = 64
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


class Job(NamedTuple):
    """What the rays of many facet sides need, in the order they are walked.

    `origin` (n_start, 3) single precision about the middle; `first` (n_side + 1,) where each side's origins begin; `normal` (3, n_side);
    `direction` (n_dir, 3).
    """

    origin: npt.NDArray[np.float32]
    first: npt.NDArray[np.int64]
    normal: Array
    direction: Array


class Weighing(NamedTuple):
    """What a free direction brings: `wall` (n_side,), `weight` (n_wall, n_dir, n_node, n_channel), at the cosines `node` (n_node,)."""

    wall: npt.NDArray[np.int64]
    weight: Array
    node: Array


class Notes(NamedTuple):
    """What a thread writes down about one block and one direction.

    `cosine` (BLOCK,) of each side; `lit` (BLOCK,) the places of those that face the direction; `free` (BLOCK,) how many of a side's rays
    got through.
    """

    cosine: Array
    lit: npt.NDArray[np.int64]
    free: npt.NDArray[np.int64]


@compiled
def new_notes() -> Notes:
    """Blank notes."""
    return Notes(np.zeros(BLOCK), np.zeros(BLOCK, np.int64), np.zeros(BLOCK, np.int64))


@inlined
def lit_sides(normal: Array, sides: tuple[int, int], along: tuple[float, float, float], notes: Notes) -> int:
    """Note the cosines of the sides from..to, which of them face the direction, and nothing free yet; how many face it."""
    cosine, lit, free = notes
    begin, end = sides
    for side in range(begin, end):
        cosine[side - begin] = normal[0, side] * along[0] + normal[1, side] * along[1] + normal[2, side] * along[2]
    count = 0
    for place in range(end - begin):
        lit[count] = place
        count += cosine[place] > GRAZING
        free[place] = 0
    return count


@inlined
def add_direction(
    weight: Array, wall_way: tuple[int, int], node: Array, cosine: float, amount: float, total: Array, side: int
) -> None:
    """Add `amount` x cosine x the weight of wall and direction at that cosine, linear between nodes, to `total[side]` (n_channel,)."""
    wall, way = wall_way
    cosine = min(cosine, 1.0)
    amount *= cosine
    if len(node) == 1:
        for channel in range(total.shape[1]):
            total[side, channel] += amount * weight[wall, way, 0, channel]
        return
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
