"""One ray after another through the own tree, watertight at edges and corners.

The triangle test is that of Woop, Benthin and Wald (2013): the ray becomes the z axis, and a point of the plane lies inside when three edge
functions agree in sign. Corners and rays are single precision, the test is double: an edge function is then the exact negative of its
neighbour's and its sign is right or zero, so no ray slips between triangles that share an edge or a corner.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from whipple.vehicle.rays.with_numba import compiled, inlined
from whipple.vehicle.rays.with_numba_build import NODE_BYTES, Tree
from whipple.vehicle.rays.with_numba_lanes import CHILD, LEAF, OUTWARD, boxes_met, child_at, leaf_met, lowest

__all__ = ["STACK", "Way", "blocked", "rays_of", "way_of"]

#: Nodes that may wait while a ray walks.
STACK = 1024
#: Bytes of a leaf's corners.
LEAF_BYTES = 4 * 9 * LEAF
#: What stands for the inverse of a direction's zero.
HUGE = np.float32(1e30)

F32: TypeAlias = npt.NDArray[np.float32]
I32: TypeAlias = npt.NDArray[np.int32]
#: Numbers of either precision: the compiled code keeps the one it is given.
Real: TypeAlias = Any
Point: TypeAlias = tuple[Real, Real, Real]


class Way(NamedTuple):
    """A direction made ready: which rows of a box are near and far, the inverse per axis; the axes' order and shears of the triangle test."""

    near: tuple[int, int, int]
    inverse: Point
    axis: tuple[int, int, int]
    shear: Point


@inlined
def inverse_of(along: Real) -> Real:
    """1 / a direction's part, huge where that is nothing, in single precision."""
    if abs(along) < np.float32(1e-30):
        return -HUGE if along < 0 else HUGE
    return np.float32(1.0) / np.float32(along)


@inlined
def way_of(x: Real, y: Real, z: Real) -> Way:
    """Make a direction ready; its parts are single precision."""
    ix, iy, iz = inverse_of(x), inverse_of(y), inverse_of(z)
    near = (0 if ix > 0 else 3, 1 if iy > 0 else 4, 2 if iz > 0 else 5)
    part = (np.float64(x), np.float64(y), np.float64(z))
    main = 0
    if abs(part[1]) > abs(part[main]):
        main = 1
    if abs(part[2]) > abs(part[main]):
        main = 2
    first, second = (main + 1) % 3, (main + 2) % 3
    along = part[main]
    return Way(near, (ix, iy, iz), (first, second, main), (part[first] / along, part[second] / along, 1.0 / along))


@inlined
def entry(box: F32, node: int, place: int, origin: Point, way: Way) -> Real:
    """How far along the ray it enters one of a node's boxes."""
    far = np.float32(0)
    for axis in range(3):
        far = max(far, (box[node, way.near[axis], place] - origin[axis]) * way.inverse[axis])
    return far


@inlined
def distance_to(corner: F32, leaf: int, lane: int, origin: Point, way: Way) -> Real:
    """How far along the ray it meets a triangle of a leaf; infinite where it passes by or runs in its plane."""
    first, second, main = way.axis
    sx, sy, sz = way.shear
    o1, o2, o3 = np.float64(origin[first]), np.float64(origin[second]), np.float64(origin[main])
    az, bz, cz = corner[leaf, main, lane] - o3, corner[leaf, 3 + main, lane] - o3, corner[leaf, 6 + main, lane] - o3
    ax, ay = corner[leaf, first, lane] - o1 - sx * az, corner[leaf, second, lane] - o2 - sy * az
    bx, by = corner[leaf, 3 + first, lane] - o1 - sx * bz, corner[leaf, 3 + second, lane] - o2 - sy * bz
    cx, cy = corner[leaf, 6 + first, lane] - o1 - sx * cz, corner[leaf, 6 + second, lane] - o2 - sy * cz
    u, v, w = cx * by - cy * bx, ax * cy - ay * cx, bx * ay - by * ax
    if (u < 0 or v < 0 or w < 0) and (u > 0 or v > 0 or w > 0):
        return np.inf
    whole = u + v + w
    if whole == 0:
        return np.inf
    along = sz * (u * az + v * bz + w * cz) / whole
    return along if along > 0 else np.inf


@inlined
def blocked(
    top: int, boxes: int, corners: int, origin: Point, way: Way, near: Real, length: Real, waiting: I32
) -> bool:
    """Does the ray meet any triangle nearer than `length`? It is known to meet none nearer than `near`, and none that is not under `top`.

    `top` is the address of a node, `boxes` and `corners` those of the tree's arrays, `waiting` scratch paper.
    """
    met = boxes_met(top, way.near, origin, origin, way.inverse, near, length)
    if met == 0:
        return False
    held, (first, second, main) = 0, way.axis
    at = (np.float64(origin[first]), np.float64(origin[second]), np.float64(origin[main]))
    while met:
        waiting[held] = child_at(top, lowest(met))
        held += 1
        met &= met - 1
    while held:
        held -= 1
        child = np.int64(waiting[held])
        if child < 0:
            if leaf_met(corners + (-1 - child) * LEAF_BYTES, way.axis, at, way.shear, np.float64(length)):
                return True
            continue
        node = boxes + child * NODE_BYTES
        met = boxes_met(node, way.near, origin, origin, way.inverse, near, length)
        while met:
            waiting[held] = child_at(node, lowest(met))
            held += 1
            met &= met - 1
    return False


@compiled
def nearest(tree: Tree, origin: Point, way: Way, length: Real, waiting: I32, distance: F32) -> int:
    """The triangle that the ray meets first nearer than `length`, the lowest number where several tie; -1 for none."""
    box, child, corner, ident = tree
    first_box, nothing = box.ctypes.data, np.float32(0)
    waiting[0], distance[0], held = 0, nothing, 1
    best: Real = np.float64(length)
    found = -1
    while held:
        held -= 1
        node: Any = np.int64(waiting[held])
        if distance[held] > best * OUTWARD:
            continue
        if node < 0:
            for lane in range(LEAF):
                along = distance_to(corner, -1 - node, lane, origin, way)
                number = ident[-1 - node, lane]
                if along < best or (along == best and 0 <= number < found):
                    best, found = along, number
            continue
        end, begin = np.float32(best), held
        met = boxes_met(first_box + node * NODE_BYTES, way.near, origin, origin, way.inverse, nothing, end)
        while met:
            place, spot = lowest(met), held
            away = entry(box, node, place, origin, way)
            while spot > begin and distance[spot - 1] < away:
                waiting[spot], distance[spot] = waiting[spot - 1], distance[spot - 1]
                spot -= 1
            waiting[spot], distance[spot] = child[node, CHILD, place], away
            held += 1
            met &= met - 1
    return found


@compiled
def rays_of(tree: Tree, origin: F32, direction: F32, length: F32, hit: npt.NDArray[np.int64], any_only: bool) -> None:
    """For each ray the triangle it meets first, or with `any_only` 0 where it meets anything; -1 for none: `hit` (n,)."""
    waiting, distance, nothing = np.zeros(STACK, np.int32), np.zeros(STACK, np.float32), np.float32(0)
    boxes, corners = tree.box.ctypes.data, tree.corner.ctypes.data
    for ray in range(len(hit)):
        start = (origin[ray, 0], origin[ray, 1], origin[ray, 2])
        way = way_of(direction[ray, 0], direction[ray, 1], direction[ray, 2])
        if any_only:
            hit[ray] = 0 if blocked(boxes, boxes, corners, start, way, nothing, length[ray], waiting) else -1
        else:
            hit[ray] = nearest(tree, start, way, length[ray], waiting, distance)
