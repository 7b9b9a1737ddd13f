"""The own tree walked by compiled loops: the back end where Embree is absent, watertight at edges and corners.

The triangle test is that of Woop, Benthin and Wald (2013): the ray becomes the z axis, and a point of the plane lies inside when three edge
functions agree in sign. Corners and rays are single precision, the test is double: an edge function is then the exact negative of its
neighbour's and its sign is right or zero, so no ray slips between triangles that share an edge or a corner.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.vehicle.rays.with_numba import (
    BLOCK,
    Job,
    Notes,
    Weighing,
    add_direction,
    compiled,
    inlined,
    lit_sides,
    new_notes,
)
from whipple.vehicle.rays.with_numba_build import LEAF, WIDE, Tree, tree_of

__all__ = ["TreeRays"]

#: Nodes that may wait while a ray walks.
STACK = 1024
#: A box's far side is pushed out by this much, so that rounding never loses it (Ize 2013: 1 + 2 gamma(3)).
OUTWARD = np.float32(1.0 + 8 * 2.0**-24)
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


class Room(NamedTuple):
    """A thread's scratch paper: nodes that wait, and how far away they are."""

    waiting: I32
    distance: F32


@compiled
def new_room() -> Room:
    """Blank paper."""
    return Room(np.zeros(STACK, np.int32), np.zeros(STACK, np.float32))


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
def boxes_met(box: F32, node: int, origin: Point, way: Way, length: Real) -> int:
    """Which of a node's boxes the ray meets before `length`: one bit each."""
    met = np.int32(0)
    nx, ny, nz = way.near
    fx, fy, fz = 3 - nx, 5 - ny, 7 - nz
    x, y, z = origin
    ix, iy, iz = way.inverse
    for place in range(box.shape[2]):  # not WIDE: a loop of unknown length is what the compiler turns into vector code
        a, b, c = (box[node, nx, place] - x) * ix, (box[node, ny, place] - y) * iy, (box[node, nz, place] - z) * iz
        low = a if a > b else b
        low = c if c > low else low
        low = low if low > np.float32(0) else np.float32(0)
        a, b, c = (box[node, fx, place] - x) * ix, (box[node, fy, place] - y) * iy, (box[node, fz, place] - z) * iz
        high = a if a < b else b
        high = c if c < high else high
        high = high if high < length else length
        met |= np.int32(low <= high * OUTWARD) << np.int32(place)
    return int(met)


@inlined
def entry(box: F32, node: int, place: int, origin: Point, way: Way) -> Real:
    """How far along the ray it enters one of a node's boxes."""
    far = np.float32(0)
    for axis in range(3):
        far = max(far, (box[node, way.near[axis], place] - origin[axis]) * way.inverse[axis])
    return far


@inlined
def leaf_met(corner: F32, leaf: int, origin: Point, way: Way, length: Real) -> bool:
    """Does the ray meet any triangle of a leaf before `length`? `distance_to` for all of them at once, without a branch or a division."""
    first, second, main = way.axis
    sx, sy, sz = way.shear
    o1, o2, o3 = np.float64(origin[first]), np.float64(origin[second]), np.float64(origin[main])
    met, limit = np.int64(0), np.float64(length)
    for lane in range(corner.shape[2]):
        az, bz, cz = corner[leaf, main, lane] - o3, corner[leaf, 3 + main, lane] - o3, corner[leaf, 6 + main, lane] - o3
        ax, ay = corner[leaf, first, lane] - o1 - sx * az, corner[leaf, second, lane] - o2 - sy * az
        bx, by = corner[leaf, 3 + first, lane] - o1 - sx * bz, corner[leaf, 3 + second, lane] - o2 - sy * bz
        cx, cy = corner[leaf, 6 + first, lane] - o1 - sx * cz, corner[leaf, 6 + second, lane] - o2 - sy * cz
        u, v, w = cx * by - cy * bx, ax * cy - ay * cx, bx * ay - by * ax
        least = u if u < v else v
        least = w if w < least else least
        most = u if u > v else v
        most = w if w > most else most
        along, whole = sz * (u * az + v * bz + w * cz), u + v + w
        front = along if least >= 0 else -1.0
        front = front if along < limit * whole else -1.0
        back = -along if most <= 0 else -1.0
        back = back if -along < limit * -whole else -1.0
        met += np.int64((front if front > back else back) > 0)
    return bool(met > 0)


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
def blocked(tree: Tree, origin: Point, way: Way, length: Real, room: Room) -> bool:
    """Does the ray meet any triangle nearer than `length`?"""
    box, child, corner, _ident = tree
    waiting = room.waiting
    waiting[0], held = 0, 1
    while held:
        held -= 1
        node = waiting[held]
        if node < 0:
            if leaf_met(corner, -1 - node, origin, way, length):
                return True
            continue
        met = boxes_met(box, node, origin, way, length)
        for place in range(WIDE):
            waiting[held] = child[node, place]
            held += met >> place & 1
    return False


@compiled
def nearest(tree: Tree, origin: Point, way: Way, length: Real, room: Room) -> int:
    """The triangle that the ray meets first nearer than `length`, the lowest number where several tie; -1 for none."""
    box, child, corner, ident = tree
    waiting, distance = room
    waiting[0], distance[0], held = 0, np.float32(0), 1
    best: Real = np.float64(length)
    found = -1
    while held:
        held -= 1
        node = waiting[held]
        if distance[held] > best * OUTWARD:
            continue
        if node < 0:
            for lane in range(LEAF):
                along = distance_to(corner, -1 - node, lane, origin, way)
                number = ident[-1 - node, lane]
                if along < best or (along == best and 0 <= number < found):
                    best, found = along, number
            continue
        met, begin = boxes_met(box, node, origin, way, np.float32(best)), held
        for place in range(WIDE):
            if met >> place & 1:
                away, spot = entry(box, node, place, origin, way), held
                while spot > begin and distance[spot - 1] < away:
                    waiting[spot], distance[spot] = waiting[spot - 1], distance[spot - 1]
                    spot -= 1
                waiting[spot], distance[spot] = child[node, place], away
                held += 1
    return found


@compiled
def rays_of(tree: Tree, origin: F32, direction: F32, length: F32, hit: npt.NDArray[np.int64], any_only: bool) -> None:
    """For each ray the triangle it meets first, or with `any_only` 0 where it meets anything; -1 for none: `hit` (n,)."""
    room = new_room()
    for ray in range(len(hit)):
        start = (origin[ray, 0], origin[ray, 1], origin[ray, 2])
        way = way_of(direction[ray, 0], direction[ray, 1], direction[ray, 2])
        if any_only:
            hit[ray] = 0 if blocked(tree, start, way, length[ray], room) else -1
        else:
            hit[ray] = nearest(tree, start, way, length[ray], room)


@inlined
def look(tree: Tree, job: Job, room: Room, notes: Notes, sides: tuple[int, int], number: int) -> int:
    """Cast the rays of the sides from..to toward one direction; note how many of each got through, return how many sides face it."""
    origin, first, normal, direction = job
    x, y, z = direction[number, 0], direction[number, 1], direction[number, 2]
    count = lit_sides(normal, sides, (x, y, z), notes)
    way = way_of(np.float32(x), np.float32(y), np.float32(z))
    for place in notes.lit[:count]:
        for start in range(first[sides[0] + place], first[sides[0] + place + 1]):
            at = (origin[start, 0], origin[start, 1], origin[start, 2])
            notes.free[place] += not blocked(tree, at, way, np.float32(np.inf), room)
    return count


@compiled
def sum_blocks(tree: Tree, job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
    """Add up every direction for the sides of the blocks from..to: `total` (n_side, n_channel)."""
    wall, weight, node = weighing
    first, room, notes = job.first, new_room(), new_notes()
    for block in range(blocks[0], blocks[1]):
        begin = block * BLOCK
        end = min(begin + BLOCK, len(wall))
        for way in range(len(job.direction)):
            count = look(tree, job, room, notes, (begin, end), way)
            for place in notes.lit[:count]:
                if notes.free[place]:
                    side = begin + place
                    share = notes.free[place] / (first[side + 1] - first[side])
                    add_direction(weight, (wall[side], way), node, notes.cosine[place], share, total, side)


@compiled
def share_blocks(tree: Tree, job: Job, blocks: tuple[int, int], share: Array) -> None:
    """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
    first, room, notes = job.first, new_room(), new_notes()
    for block in range(blocks[0], blocks[1]):
        begin = block * BLOCK
        end = min(begin + BLOCK, len(first) - 1)
        for way in range(len(job.direction)):
            count = look(tree, job, room, notes, (begin, end), way)
            for place in notes.lit[:count]:
                side = begin + place
                share[side, way] = notes.free[place] / (first[side + 1] - first[side])


class TreeRays:
    """Triangles in the own tree, single precision about the middle of the vehicle.

    >>> rays = TreeRays(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    >>> rays.any_hit(np.array([[0.2, 0.2, 1.0], [2.0, 2.0, 1.0]]), np.array([[0.0, 0, -1], [0, 0, -1]]), np.inf).tolist()
    [True, False]
    """

    name = "bvh"

    def __init__(self, vertex_m: Array, triangle: npt.NDArray[np.int64]) -> None:
        """Build the tree."""
        corners = np.asarray(vertex_m, dtype=float)
        self.middle_m: Array = (corners.min(axis=0) + corners.max(axis=0)) / 2
        self._tree = tree_of((corners - self.middle_m).astype(np.float32)[triangle])

    def _cast(
        self, origin_m: Array, direction_body: Array, length_m: Array | float, any_only: bool
    ) -> npt.NDArray[np.int64]:
        origin = np.ascontiguousarray(origin_m - self.middle_m, dtype=np.float32)
        length = np.ascontiguousarray(np.broadcast_to(np.asarray(length_m, dtype=np.float32), (len(origin),)))
        hit = np.empty(len(origin), dtype=np.int64)
        rays_of(self._tree, origin, np.ascontiguousarray(direction_body, dtype=np.float32), length, hit, any_only)
        return hit

    def any_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.bool_]:
        """Is there anything on each ray?"""
        return self._cast(origin_m, direction_body, length_m, True) >= 0

    def first_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.int64]:
        """The index of the nearest triangle on each ray, -1 for none."""
        return self._cast(origin_m, direction_body, length_m, False)

    def sum_blocks(self, job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
        """Add up every direction for the sides of the blocks from..to: `total` (n_side, n_channel)."""
        sum_blocks(self._tree, job, blocks, weighing, total)

    def share_blocks(self, job: Job, blocks: tuple[int, int], share: Array) -> None:
        """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
        share_blocks(self._tree, job, blocks, share)
