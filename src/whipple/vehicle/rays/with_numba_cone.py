"""A cone of rays from one origin through the own tree: boxes are asked once for all rays, triangles for sixteen at a time.

The rays of a cone leave one point o toward (slope, slope, 1) along the main axis of their cube face. A box or a triangle is passed by when it
lies beyond one of the cone's four sides, behind the origin, or below the plane that the rays rise from. A ray meets a triangle when the
three edge functions ray . (corner x corner), taken from the origin, agree in sign (Woop, Benthin and Wald 2013 in three dimensions).
Corners are single precision and seen from the origin exact in double; an edge function is the exact negative of its neighbour's, so no ray
slips between triangles that share an edge.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numba.extending import overload

from whipple.casefile.estimate import Array
from whipple.vehicle.rays.cones import LANES
from whipple.vehicle.rays.with_numba import GRAZING, Job, Notes, compiled, inlined, lit_lanes, look
from whipple.vehicle.rays.with_numba_build import LEAF, WIDE, Tree
from whipple.vehicle.rays.with_numba_clear import slack_m
from whipple.vehicle.rays.with_numba_ray import STACK, Room, blocked, way_of

__all__ = ["ConeWalk", "new_walk"]

#: Widest range of slopes in a cone that walks as one (0.7: about 35 degrees); above, it meets so much that its rays walk better alone.
WIDEST = 0.7
#: Triangles that a cone may try for each of its rays; past that the mesh is too fine for it, and the rays still free walk alone.
PATIENCE = 8
#: Rays that walk together where the whole cone lost patience; every so many origins the whole cone tries again.
FEWEST, AGAIN = 1, 4

F32: TypeAlias = npt.NDArray[np.float32]
#: Numbers of either precision: the compiled code keeps the one it is given.
Real: TypeAlias = Any


class ConeWalk(NamedTuple):
    """The tree, what rounding may do, and a thread's scratch paper.

    `waiting` nodes that wait and their `distance`; `open` which of the rays that walk are still free (0 or 1); `wanted` which are to walk.
    """

    tree: Tree
    slack: Real
    waiting: npt.NDArray[np.int32]
    distance: F32
    open: npt.NDArray[np.int64]
    wanted: npt.NDArray[np.int64]


class Beam(NamedTuple):
    """A cone at an origin: its axes and their sign, the origin and the plane's normal in that order, and the rows of boxes that tests need.

    `axis` (first, second, main); `at` (first, second, main) and `normal` alike, the latter turned to the main axis; `row` the rows of a box
    that are near and far along the main axis, and the farthest above the plane; `begin` how far along the main axis the rays begin to look.
    """

    axis: tuple[int, int, int]
    sign: Real
    at: tuple[Real, Real, Real]
    normal: tuple[Real, Real, Real]
    row: tuple[int, int, int, int, int]
    begin: Real


def new_walk(tree: Tree, farthest_m: float) -> ConeWalk:
    """Blank paper for a tree whose corners lie up to `farthest_m` from its middle along an axis."""
    return ConeWalk(
        tree,
        slack_m(farthest_m),
        np.zeros(STACK, np.int32),
        np.zeros(STACK, np.float32),
        np.zeros(LANES, np.int64),
        np.zeros(LANES, np.int64),
    )


@inlined
def beam_of(job: Job, cone: int, side: int, start: int) -> Beam:
    """The cone at one origin of a side."""
    face = job.cones.face[cone]
    main = face >> 1
    first, second = (main + 1) % 3, (main + 2) % 3
    sign = np.float32(-1) if face & 1 else np.float32(1)
    x, y, z = np.float32(job.normal[0, side]), np.float32(job.normal[1, side]), np.float32(job.normal[2, side])
    normal = (x, y, z)
    above = (3 if normal[first] > 0 else 0, 3 if normal[second] > 0 else 0, 3 if normal[main] > 0 else 0)
    at = (job.origin[start, first], job.origin[start, second], job.origin[start, main])
    near, far = (main, 3 + main) if sign > 0 else (3 + main, main)
    rows = (near, far, first + above[0], second + above[1], main + above[2])
    begin = job.near[start] * np.float32(job.cones.least[cone])
    return Beam((first, second, main), sign, at, (normal[first], normal[second], sign * normal[main]), rows, begin)


@inlined
def boxes_touched(box: F32, node: int, beam: Beam, side: tuple[Real, Real, Real, Real], slack: Real) -> int:
    """Which of a node's boxes the cone may touch: one bit each. `side` is the range of slopes (low, high, low, high)."""
    (first, second, _main), sign, (x, y, z), (nx, ny, nz), (near, far, fx, fy, fz), begin = beam
    low_u, high_u, low_v, high_v = side
    nothing, met = np.float32(0), np.int32(0)
    a, b, c, d = high_u > nothing, low_u > nothing, high_v > nothing, low_v > nothing
    for place in range(box.shape[2]):  # a loop of unknown length is what the compiler turns into vector code
        deep = (box[node, far, place] - z) * sign
        shallow = max((box[node, near, place] - z) * sign, nothing)
        out = (box[node, first, place] - x) - high_u * (deep if a else shallow)
        out = max(out, low_u * (shallow if b else deep) - (box[node, 3 + first, place] - x))
        out = max(out, (box[node, second, place] - y) - high_v * (deep if c else shallow))
        out = max(out, low_v * (shallow if d else deep) - (box[node, 3 + second, place] - y))
        rise = (
            (box[node, fx, place] - x) * nx + (box[node, fy, place] - y) * ny + (box[node, fz, place] - z) * sign * nz
        )
        out = max(max(out, -rise), begin - deep)
        met |= np.int32(out <= slack) << np.int32(place)
    return int(met)


@inlined
def triangles_touched(corner: F32, leaf: int, beam: Beam, side: tuple[Real, Real, Real, Real], slack: Real) -> int:
    """Which triangles of a leaf the cone may touch: one bit each."""
    (first, second, main), sign, (x, y, z), (nx, ny, nz), _row, begin = beam
    low_u, high_u, low_v, high_v = side
    met = np.int32(0)
    for lane in range(corner.shape[2]):
        ax, ay, az = (
            corner[leaf, first, lane] - x,
            corner[leaf, second, lane] - y,
            (corner[leaf, main, lane] - z) * sign,
        )
        bx, by = corner[leaf, 3 + first, lane] - x, corner[leaf, 3 + second, lane] - y
        cx, cy = corner[leaf, 6 + first, lane] - x, corner[leaf, 6 + second, lane] - y
        bz, cz = (corner[leaf, 3 + main, lane] - z) * sign, (corner[leaf, 6 + main, lane] - z) * sign
        out = min(ax - high_u * az, min(bx - high_u * bz, cx - high_u * cz))
        out = max(out, min(low_u * az - ax, min(low_u * bz - bx, low_u * cz - cx)))
        out = max(out, min(ay - high_v * az, min(by - high_v * bz, cy - high_v * cz)))
        out = max(out, min(low_v * az - ay, min(low_v * bz - by, low_v * cz - cy)))
        rise = max(ax * nx + ay * ny + az * nz, max(bx * nx + by * ny + bz * nz, cx * nx + cy * ny + cz * nz))
        out = max(max(out, -rise), begin - max(az, max(bz, cz)))
        met |= np.int32(out <= slack) << np.int32(lane)
    return int(met)


@inlined
def close_behind(
    corner: F32, leaf: int, lane: int, beam: Beam, slope: Array, cone: int, still: npt.NDArray[np.int64]
) -> None:
    """Close the rays of a cone that meet one triangle of a leaf."""
    (first, second, main), sign, (x, y, z), _normal, _row, _begin = beam
    ax, ay = np.float64(corner[leaf, first, lane]) - x, np.float64(corner[leaf, second, lane]) - y
    bx, by = np.float64(corner[leaf, 3 + first, lane]) - x, np.float64(corner[leaf, 3 + second, lane]) - y
    cx, cy = np.float64(corner[leaf, 6 + first, lane]) - x, np.float64(corner[leaf, 6 + second, lane]) - y
    az, bz = (np.float64(corner[leaf, main, lane]) - z) * sign, (np.float64(corner[leaf, 3 + main, lane]) - z) * sign
    cz = (np.float64(corner[leaf, 6 + main, lane]) - z) * sign
    ux, uy, uz = cy * bz - cz * by, cz * bx - cx * bz, cx * by - cy * bx
    vx, vy, vz = ay * cz - az * cy, az * cx - ax * cz, ax * cy - ay * cx
    wx, wy, wz = by * az - bz * ay, bz * ax - bx * az, bx * ay - by * ax
    volume = ax * ux + ay * uy + az * uz
    if volume == 0:
        return
    turn = 1.0 if volume > 0 else -1.0
    ux, uy, uz, vx, vy, vz, wx, wy, wz = (
        turn * ux,
        turn * uy,
        turn * uz,
        turn * vx,
        turn * vy,
        turn * vz,
        turn * wx,
        turn * wy,
        turn * wz,
    )
    for ray in range(still.shape[0]):
        s, t = slope[cone, 0, ray], slope[cone, 1, ray]
        u, v, w = ux * s + uy * t + uz, vx * s + vy * t + vz, wx * s + wy * t + wz
        met = (u >= 0) & (v >= 0) & (w >= 0) & (u + v + w > 0)
        still[ray] = 0 if met else still[ray]


@inlined
def count_of(still: npt.NDArray[np.int64]) -> int:
    """How many rays are still free."""
    count = 0
    for ray in range(still.shape[0]):
        count += still[ray]
    return count


@inlined
def range_of(slope: Array, cone: int, still: npt.NDArray[np.int64]) -> tuple[Real, Real, Real, Real]:
    """The range of slopes (low, high, low, high) of the rays still free."""
    low_u, high_u, low_v, high_v = np.inf, -np.inf, np.inf, -np.inf
    for ray in range(still.shape[0]):
        if still[ray]:
            u, v = slope[cone, 0, ray], slope[cone, 1, ray]
            low_u, high_u = min(low_u, u), max(high_u, u)
            low_v, high_v = min(low_v, v), max(high_v, v)
    return np.float32(low_u), np.float32(high_u), np.float32(low_v), np.float32(high_v)


@inlined
def walk(job: Job, cone: int, beam: Beam, paper: ConeWalk) -> bool:
    """Close the rays of the cone (`paper.open`) that meet anything, near boxes first; False where patience ended before all was seen."""
    (box, child, corner, _ident), slack, waiting, distance, still, _wanted = paper
    slope, near = job.cones.slope, beam.row[0]
    side, left = range_of(slope, cone, still), count_of(still)
    waiting[0], held, patience = 0, 1, PATIENCE * left
    while held and left:
        held -= 1
        node = waiting[held]
        if node < 0:
            touched = triangles_touched(corner, -1 - node, beam, side, slack)
            for lane in range(LEAF if touched else 0):
                if touched >> lane & 1:
                    close_behind(corner, -1 - node, lane, beam, slope, cone, still)
                    patience -= 1
            if touched and count_of(still) < left:
                side, left = range_of(slope, cone, still), count_of(still)
            if patience < 0:
                return left == 0
            continue
        touched, begin = boxes_touched(box, node, beam, side, slack), held
        for place in range(WIDE):
            if touched >> place & 1:
                away, spot = box[node, near, place] * beam.sign, held
                while spot > begin and distance[spot - 1] < away:
                    waiting[spot], distance[spot] = waiting[spot - 1], distance[spot - 1]
                    spot -= 1
                waiting[spot], distance[spot] = child[node, place], away
                held += 1
    return True


@compiled
def look_as_one(paper: ConeWalk, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """`look` by the own tree in a narrow cone: all rays of one origin at once, or one by one where that ended in impatience before."""
    still, wanted, (cosine, _lit, free), count = paper.open, paper.wanted, notes, job.cones.lanes[cone]
    part, origin, room, company = job.cones.part, job.origin, Room(paper.waiting, paper.distance), LANES
    for side in range(sides[0], sides[1]):
        place = side - sides[0]
        if lit_lanes(job, cone, side, place, notes) == 0:
            continue
        for start in range(job.first[side], job.first[side + 1]):
            beam, at = beam_of(job, cone, side, start), (origin[start, 0], origin[start, 1], origin[start, 2])
            near = job.near[start]
            for ray in range(LANES):
                wanted[ray] = np.int64(ray < count and cosine[place, ray] > GRAZING)
            begin, hasty = 0, 0
            while begin < count:
                end, left = min(begin + company, count), 0
                for ray in range(LANES):
                    still[ray] = wanted[ray] if begin <= ray < end else 0
                    left += still[ray]
                seen = left == 0 or walk(job, cone, beam, paper)
                if not seen and company > FEWEST:
                    for ray in range(begin, end):
                        wanted[ray] = still[ray]
                    company, hasty = FEWEST, 1
                    continue
                for ray in range(begin, end):
                    if still[ray] and not seen:
                        way = way_of(
                            np.float32(part[cone, 0, ray]),
                            np.float32(part[cone, 1, ray]),
                            np.float32(part[cone, 2, ray]),
                        )
                        still[ray] = not blocked(paper.tree, at, way, near, np.float32(np.inf), room)
                    free[place, ray] += still[ray]
                begin = end
            company = FEWEST if hasty or (company < LANES and start % AGAIN) else LANES


@compiled
def look_alone(paper: ConeWalk, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """`look` by the own tree in a wide cone: one ray after another."""
    part, origin, room, (cosine, lit, free) = job.cones.part, job.origin, Room(paper.waiting, paper.distance), notes
    for side in range(sides[0], sides[1]):
        lit_lanes(job, cone, side, side - sides[0], notes)
    for ray in range(job.cones.lanes[cone]):
        way = way_of(np.float32(part[cone, 0, ray]), np.float32(part[cone, 1, ray]), np.float32(part[cone, 2, ray]))
        for side in range(sides[0], sides[1]):
            place = side - sides[0]
            if not (lit[place] and cosine[place, ray] > GRAZING):
                continue
            for start in range(job.first[side], job.first[side + 1]):
                at = (origin[start, 0], origin[start, 1], origin[start, 2])
                free[place, ray] += not blocked(paper.tree, at, way, job.near[start], np.float32(np.inf), room)


@overload(look)
def _look(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> Any:
    if getattr(engine, "instance_class", None) is not ConeWalk:
        return None

    def through(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> None:
        if job.cones.width[cone] <= WIDEST:
            look_as_one(engine, job, cone, sides, notes)
        else:
            look_alone(engine, job, cone, sides, notes)

    return through
