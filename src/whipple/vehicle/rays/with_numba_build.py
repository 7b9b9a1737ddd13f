"""The own tree of triangles: binned surface-area splits, then eight children a node, laid out for vector units."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from whipple.vehicle.rays.with_numba import compiled, on_cache_lines
from whipple.vehicle.rays.with_numba_lanes import CHILD, LEAF, WIDE

__all__ = ["BOX", "NODE_BYTES", "Tree", "tree_of"]

#: Bins of the split search (geometry sheet, section 1.3).
BINS = 16
#: Rows of a node's boxes, and of all of it: with that of the children and one to spare it fills four cache lines.
BOX, ROWS = 6, 8
NODE_BYTES = 4 * ROWS * WIDE
#: Below this level lists are cut in their middle, so that no walk ever stacks more than its room (7 waiting children a level).
DEEPEST = 48

F32: TypeAlias = npt.NDArray[np.float32]
I32: TypeAlias = npt.NDArray[np.int32]


class Tree(NamedTuple):
    """Triangles under boxes, single precision.

    `box` (n_node, ROWS, WIDE): low x, y, z and high x, y, z of the children, turned inside out where there is none. `child` is the same
    memory as integers, its row CHILD a node from 0 on, or -1 - leaf. `corner` (n_leaf, 9, LEAF): x, y, z of the three corners, zero where
    there is no triangle. `ident` (n_leaf, LEAF): the triangle, or -1.
    """

    box: F32
    child: I32
    corner: F32
    ident: I32


class Halves(NamedTuple):
    """The binary tree: `bound` (n, 6); `left` (n,) the first of two children, -1 at a leaf; `first`, `held` (n,) its triangles in `order`."""

    bound: F32
    left: I32
    first: I32
    held: I32
    order: I32


def tree_of(corner: F32) -> Tree:
    """The tree over triangles (n, 3 corners, 3)."""
    low, high = corner.min(axis=1), corner.max(axis=1)
    halves = _halves(np.concatenate([low, high], axis=1))
    box, child, corners, ident = _widened(halves, np.ascontiguousarray(corner.reshape(len(corner), 9)))
    node = on_cache_lines(len(box) * ROWS * WIDE).reshape(len(box), ROWS, WIDE)
    node[:, :BOX] = box
    node.view(np.int32)[:, CHILD] = child
    return Tree(node, node.view(np.int32), corners, ident)


@compiled
def _grow(bound: F32, row: int, extra: F32, other: int) -> None:
    for axis in range(3):
        bound[row, axis] = min(bound[row, axis], extra[other, axis])
        bound[row, 3 + axis] = max(bound[row, 3 + axis], extra[other, 3 + axis])


@compiled
def _clear(bound: F32, row: int) -> None:
    bound[row, :3] = np.inf
    bound[row, 3:] = -np.inf


@compiled
def _half_area(bound: F32, row: int) -> float:
    x, y, z = bound[row, 3] - bound[row, 0], bound[row, 4] - bound[row, 1], bound[row, 5] - bound[row, 2]
    return x * y + y * z + z * x if x >= 0 else 0.0


@compiled
def _bin_of(bound: F32, item: int, axis: int, low: float, scale: float) -> int:
    return min(BINS - 1, int((bound[item, axis] + bound[item, 3 + axis] - low) * scale))


@compiled
def _best_split(bound: F32, order: I32, spread: F32) -> tuple[int, int, float]:
    """The axis, the bin that begins the right half and the cost (area x triangles) of the cheapest split; axis -1 where all middles coincide."""
    best = (-1, 0, np.inf)
    room, right = np.empty((BINS, 6), np.float32), np.empty((BINS + 1, 6), np.float32)
    held, cost = np.empty(BINS, np.int64), np.empty(BINS, np.float64)
    for axis in range(3):
        low, extent = spread[0, axis], spread[0, 3 + axis] - spread[0, axis]
        if extent <= 0:
            continue
        scale = BINS / extent
        for place in range(BINS):
            _clear(room, place)
        held[:] = 0
        for item in order:
            place = _bin_of(bound, item, axis, low, scale)
            held[place] += 1
            _grow(room, place, bound, item)
        _clear(right, 0)
        count = 0
        for place in range(BINS - 1, 0, -1):
            count += held[place]
            _grow(right, 0, room, place)
            cost[place] = _half_area(right, 0) * count
        _clear(right, 0)
        count = 0
        for place in range(1, BINS):
            count += held[place - 1]
            _grow(right, 0, room, place - 1)
            total = cost[place] + _half_area(right, 0) * count
            if 0 < count < len(order) and total < best[2]:
                best = (axis, place, total)
    return best


@compiled
def _parted(bound: F32, order: I32, split: tuple[int, int, float], spread: F32) -> int:
    """Put the left half's triangles first; how many they are. Without an axis the list is cut in its middle."""
    axis, wanted, _cost = split
    if axis < 0:
        return len(order) // 2
    low = spread[0, axis]
    scale = BINS / (spread[0, 3 + axis] - low)
    begin, end = 0, len(order)
    while begin < end:
        if _bin_of(bound, order[begin], axis, low, scale) < wanted:
            begin += 1
        else:
            end -= 1
            order[begin], order[end] = order[end], order[begin]
    return begin


@compiled
def _halves(bound: F32) -> Halves:
    """Split from the top until no node holds more than LEAF triangles."""
    size = max(1, 2 * len(bound))
    node, left = np.empty((size, 6), np.float32), np.full(size, -1, np.int32)
    first, count = np.zeros(size, np.int32), np.zeros(size, np.int32)
    order, spread = np.arange(len(bound)).astype(np.int32), np.empty((1, 6), np.float32)
    level = np.zeros(size, np.int32)
    count[0], used = len(bound), 1
    waiting, more = np.zeros(size, np.int64), 1
    while more:
        more -= 1
        here = waiting[more]
        items = order[first[here] : first[here] + count[here]]
        _clear(node, here)
        _clear(spread, 0)
        for item in items:
            _grow(node, here, bound, item)
            for axis in range(3):
                middle = bound[item, axis] + bound[item, 3 + axis]
                spread[0, axis] = min(spread[0, axis], middle)
                spread[0, 3 + axis] = max(spread[0, 3 + axis], middle)
        if count[here] <= LEAF:
            continue
        split = _best_split(bound, items, spread) if level[here] < DEEPEST else (-1, 0, np.inf)
        share = _parted(bound, items, split, spread)
        level[used : used + 2] = level[here] + 1
        left[here] = used
        first[used], count[used] = first[here], share
        first[used + 1], count[used + 1] = first[here] + share, count[here] - share
        waiting[more], waiting[more + 1] = used + 1, used
        more += 2
        used += 2
    return Halves(node[:used], left[:used], first[:used], count[:used], order)


@compiled
def _opened(halves: Halves, top: int, members: I32) -> int:
    """Fill `members` with up to WIDE descendants of a node that cover it, the largest opened first; how many they are."""
    members[0], held = top, 1
    while held < WIDE:
        pick, largest = -1, -1.0
        for place in range(held):
            area = _half_area(halves.bound, members[place])
            if halves.left[members[place]] >= 0 and area > largest:
                pick, largest = place, area
        if pick < 0:
            break
        child = halves.left[members[pick]]
        members[pick], members[held] = child, child + 1
        held += 1
    return held


@compiled
def _widened(halves: Halves, triangle: F32) -> tuple[F32, I32, F32, I32]:
    """The same tree with WIDE children a node, in depth-first order, its leaves padded to LEAF triangles: boxes, children, corners, triangles."""
    leaves = int(np.sum(halves.left < 0))
    box, child = np.empty((len(halves.left), BOX, WIDE), np.float32), np.zeros((len(halves.left), WIDE), np.int32)
    corner, ident = np.zeros((leaves, 9, LEAF), np.float32), np.full((leaves, LEAF), -1, np.int32)
    members, nodes, leaf = np.zeros(WIDE, np.int32), 1, 0
    waiting, more = np.zeros((len(halves.left), 2), np.int64), 1
    while more:
        more -= 1
        here = waiting[more, 0]
        held = _opened(halves, waiting[more, 1], members)
        box[here, :3], box[here, 3:] = np.inf, -np.inf
        for place in range(held):
            member = members[place]
            box[here, :, place] = halves.bound[member]
            if halves.left[member] >= 0:
                child[here, place] = nodes
                waiting[more, 0], waiting[more, 1] = nodes, member
                more += 1
                nodes += 1
                continue
            child[here, place] = -1 - leaf
            for lane in range(halves.held[member]):
                ident[leaf, lane] = halves.order[halves.first[member] + lane]
                corner[leaf, :, lane] = triangle[ident[leaf, lane]]
            leaf += 1
    return box[:nodes], child[:nodes], corner, ident
