"""Blocks of facets look along directions through the own tree, one ray after another.

All rays of a block and one direction run inside the block's hull drawn out along it. One walk for all of them opens nodes as long as no more
than eight boxes meet that hull; the rays begin at these eight, and where nothing is left all of them are free at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numba.extending import overload

from whipple.vehicle.rays.with_numba import GRAZING, Job, Notes, compiled, inlined, lit_lanes, look, on_cache_lines
from whipple.vehicle.rays.with_numba_build import BOX, NODE_BYTES, Tree
from whipple.vehicle.rays.with_numba_lanes import CHILD, WIDE, boxes_met, how_many, lowest
from whipple.vehicle.rays.with_numba_ray import STACK, Way, blocked, way_of

__all__ = ["Walk", "new_walk"]

F32: TypeAlias = npt.NDArray[np.float32]
#: Numbers of either precision: the compiled code keeps the one it is given.
Real: TypeAlias = Any
Point: TypeAlias = tuple[Real, Real, Real]


class Walk(NamedTuple):
    """The tree and a thread's scratch paper.

    `top` (BOX + 2, WIDE) a node of its own for the rays of a block and a direction, `children` the same memory as integers; `parent` and `place`
    (WIDE,) where its boxes stand in the tree; `waiting` nodes that wait.
    """

    tree: Tree
    top: F32
    children: npt.NDArray[np.int32]
    parent: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    waiting: npt.NDArray[np.int32]


class Hull(NamedTuple):
    """Origins of rays: the low and the high corner of the box around them, and how far from all of them nothing stands."""

    low: Point
    high: Point
    near: Real


def new_walk(tree: Tree) -> Walk:
    """Blank paper for a tree."""
    top = on_cache_lines(tree.box[0].size).reshape(tree.box[0].shape)
    blank = np.zeros(WIDE, np.int64)
    return Walk(tree, top, top.view(np.int32), blank, blank.copy(), np.zeros(STACK, np.int32))


@inlined
def hull_of(job: Job, sides: tuple[int, int], notes: Notes) -> Hull:
    """The hull of the sides from..to from which any ray of the cone rises."""
    many = np.float32(np.inf)
    x0 = y0 = z0 = near = many
    x1 = y1 = z1 = -many
    for side in range(sides[0], sides[1]):
        if notes.lit[side - sides[0]] == 0:
            continue
        for start in range(job.first[side], job.first[side + 1]):
            x, y, z = job.origin[start, 0], job.origin[start, 1], job.origin[start, 2]
            x0, y0, z0, near = min(x0, x), min(y0, y), min(z0, z), min(near, job.near[start])
            x1, y1, z1 = max(x1, x), max(y1, y), max(z1, z)
    return Hull((x0, y0, z0), (x1, y1, z1), near)


@inlined
def opened(walk: Walk, way: Way, hull: Hull) -> int:
    """Fill the walk's own node with up to WIDE boxes that hold all that rays from the hull along a direction may meet; how many they are."""
    (box, child, _corner, _ident), top, children, parent, place, _waiting = walk
    (x0, y0, z0), (x1, y1, z1), near = hull
    (ix, iy, iz), all_of_it, first_box = way.inverse, np.float32(np.inf), box.ctypes.data
    enter = (x1 if ix > 0 else x0, y1 if iy > 0 else y0, z1 if iz > 0 else z0)
    leave = (x0 if ix > 0 else x1, y0 if iy > 0 else y1, z0 if iz > 0 else z1)
    met, held, turn = boxes_met(first_box, way.near, enter, leave, way.inverse, near, all_of_it), 0, 0
    while met:
        parent[held], place[held] = 0, lowest(met)
        held += 1
        met &= met - 1
    while turn < held:
        node = np.int64(child[parent[turn], CHILD, place[turn]])
        if node >= 0:
            met = boxes_met(first_box + node * NODE_BYTES, way.near, enter, leave, way.inverse, near, all_of_it)
            if held - 1 + how_many(met) <= WIDE:
                held -= 1
                parent[turn], place[turn] = parent[held], place[held]
                while met:
                    parent[held], place[held] = node, lowest(met)
                    held += 1
                    met &= met - 1
                continue
        turn += 1
    for spot in range(held):
        for row in range(BOX + 1):
            children[row, spot] = child[parent[spot], row, place[spot]]
    for spot in range(held, WIDE):
        for row in range(BOX):
            top[row, spot] = all_of_it if row < BOX // 2 else -all_of_it
    return held


@compiled
def look_through(walk: Walk, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """`look` by the own tree: one direction after another, and for each the rays of the block."""
    part, origin, first, (cosine, lit, free) = job.cones.part, job.origin, job.first, notes
    any_lit = 0
    for side in range(sides[0], sides[1]):
        any_lit += lit_lanes(job, cone, side, side - sides[0], notes)
    if any_lit == 0:
        return
    hull, tree, waiting = hull_of(job, sides, notes), walk.tree, walk.waiting
    top, boxes, corners = walk.top.ctypes.data, tree.box.ctypes.data, tree.corner.ctypes.data
    for ray in range(job.cones.lanes[cone]):
        way = way_of(np.float32(part[cone, 0, ray]), np.float32(part[cone, 1, ray]), np.float32(part[cone, 2, ray]))
        held = opened(walk, way, hull)
        for side in range(sides[0], sides[1]):
            place = side - sides[0]
            if lit[place] == 0 or not cosine[place, ray] > GRAZING:
                continue
            if held == 0:
                free[place, ray] = first[side + 1] - first[side]
                continue
            for start in range(first[side], first[side + 1]):
                at, near = (origin[start, 0], origin[start, 1], origin[start, 2]), job.near[start]
                free[place, ray] += not blocked(top, boxes, corners, at, way, near, np.float32(np.inf), waiting)


@overload(look)
def _look(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> Any:
    if getattr(engine, "instance_class", None) is not Walk:
        return None

    def through(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> None:
        look_through(engine, job, cone, sides, notes)

    return through
