"""How far is it from a ray's origin to anything above its facet? Nearer than that no ray needs to look.

A ray that has just left its facet passes the boxes of its own neighbours, the more of them the finer the mesh, though none of those facets can
stop it. So each origin first asks the own tree once for the distance to the nearest triangle that is not wholly below its plane, as far as
that is worth the while: a lower bound (boxes count, not triangles), less what rounding may do. All rays of the origin start looking there.
Origins on one plane share an answer: a step aside takes no more from the distance than its own length.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.vehicle.rays.with_numba import BLOCK, Job, compiled, inlined
from whipple.vehicle.rays.with_numba_build import Tree
from whipple.vehicle.rays.with_numba_lanes import CHILD, LEAF, WIDE
from whipple.vehicle.rays.with_numba_ray import STACK

__all__ = ["FEW_DIRECTIONS", "clear_blocks", "slack_m"]

#: Below so many directions an origin casts too few rays to ask first.
FEW_DIRECTIONS = 256
#: What rounding may move a corner seen from the origin, in single-precision spacings at the far end of the vehicle, both counted from its
#: middle.
SLACK_SPACINGS = 8
#: The farthest that is asked for is this share of the vehicle's half length; before that a RINGS-th of it, then RING times as far each time ...
FARTHEST, RINGS, RING = 1 / 8, 64, 4
#: ... for as long as fewer nodes than one for so many directions were met.
DIRECTIONS_A_NODE = 16
#: Answers that are remembered; one is good for origins as far away as this share of the distance, whose planes differ by no more than this.
KNOWN, NEAR_ENOUGH, SAME_NORMAL, SAME_HEIGHT_M = 16, 0.4, 1e-9, 1e-6
#: A distance is shortened by this share, for rounding in the directions' lengths.
SHORTER = 1e-5

F32: TypeAlias = npt.NDArray[np.float32]
#: Numbers of either precision: the compiled code keeps the one it is given.
Real: TypeAlias = Any


class Known(NamedTuple):
    """Answers: `at` (KNOWN, 3) the origin, `normal` (KNOWN, 3), nothing above the plane is nearer than `radius` (KNOWN,); `held` (1,) of them."""

    at: Array
    normal: Array
    radius: Array
    held: npt.NDArray[np.int64]


class Spot(NamedTuple):
    """An origin and its facet's normal, single precision, and the rows of a box that rise farthest above the plane."""

    at: tuple[Real, Real, Real]
    normal: tuple[Real, Real, Real]
    row: tuple[int, int, int]


def slack_m(farthest_m: float) -> Real:
    """What rounding may move a corner, for a vehicle whose corners lie up to `farthest_m` from its middle along an axis."""
    return np.float32(SLACK_SPACINGS) * np.spacing(np.float32(2 * farthest_m))


@inlined
def boxes_near(box: F32, node: int, spot: Spot, square: Real, slack: Real) -> int:
    """Which of a node's boxes may hold something above the plane nearer than the root of `square`: one bit each."""
    (x, y, z), (nx, ny, nz), (fx, fy, fz) = spot
    nothing, met = np.float32(0), np.int32(0)
    for place in range(box.shape[2]):  # a loop of unknown length is what the compiler turns into vector code
        rise = (box[node, fx, place] - x) * nx + (box[node, fy, place] - y) * ny + (box[node, fz, place] - z) * nz
        a = max(max(box[node, 0, place] - x, x - box[node, 3, place]), nothing)
        b = max(max(box[node, 1, place] - y, y - box[node, 4, place]), nothing)
        c = max(max(box[node, 2, place] - z, z - box[node, 5, place]), nothing)
        met |= np.int32((rise >= -slack) & (a * a + b * b + c * c < square)) << np.int32(place)
    return int(met)


@inlined
def leaf_square(corner: F32, ident: npt.NDArray[np.int32], leaf: int, spot: Spot, square: Real, slack: Real) -> Real:
    """The least of `square` and the squared distances to the boxes of a leaf's triangles that are not wholly below the plane."""
    (x, y, z), (nx, ny, nz), _row = spot
    nothing = np.float32(0)
    for lane in range(LEAF):
        if ident[leaf, lane] < 0:
            continue
        ax, ay, az = corner[leaf, 0, lane] - x, corner[leaf, 1, lane] - y, corner[leaf, 2, lane] - z
        bx, by, bz = corner[leaf, 3, lane] - x, corner[leaf, 4, lane] - y, corner[leaf, 5, lane] - z
        cx, cy, cz = corner[leaf, 6, lane] - x, corner[leaf, 7, lane] - y, corner[leaf, 8, lane] - z
        rise = max(ax * nx + ay * ny + az * nz, max(bx * nx + by * ny + bz * nz, cx * nx + cy * ny + cz * nz))
        if rise < -slack:
            continue
        a = max(max(min(ax, min(bx, cx)), -max(ax, max(bx, cx))), nothing)
        b = max(max(min(ay, min(by, cy)), -max(ay, max(by, cy))), nothing)
        c = max(max(min(az, min(bz, cz)), -max(az, max(bz, cz))), nothing)
        square = min(square, a * a + b * b + c * c)
    return square


@inlined
def nearest_within(
    tree: Tree, spot: Spot, within: Real, slack: Real, waiting: npt.NDArray[np.int32]
) -> tuple[Real, int]:
    """How far the nearest triangle not wholly below the plane is at least, `within` where none is nearer; and how many nodes were met."""
    box, child, corner, ident = tree
    square, met = within * within, 0
    waiting[0], held = 0, 1
    while held:
        held -= 1
        node = waiting[held]
        met += 1
        if node < 0:
            square = leaf_square(corner, ident, -1 - node, spot, square, slack)
            continue
        near = boxes_near(box, node, spot, square, slack)
        for place in range(WIDE):
            waiting[held] = child[node, CHILD, place]
            held += near >> place & 1
    return np.sqrt(square), met


@inlined
def recalled(known: Known, x: Real, y: Real, z: Real, nx: Real, ny: Real, nz: Real) -> Real:
    """What the answers say about an origin: nothing above its plane is nearer; 0 where they do not say."""
    at, normal, radius, held = known
    best = 0.0
    for number in range(min(held[0], KNOWN)):
        apart = abs(normal[number, 0] - nx) + abs(normal[number, 1] - ny) + abs(normal[number, 2] - nz)
        a, b, c = x - at[number, 0], y - at[number, 1], z - at[number, 2]
        if apart > SAME_NORMAL or abs(a * nx + b * ny + c * nz) > SAME_HEIGHT_M:
            continue
        aside = np.sqrt(a * a + b * b + c * c)
        if aside <= NEAR_ENOUGH * radius[number]:
            best = max(best, radius[number] - aside)
    return best


@compiled
def clear_blocks(tree: Tree, farthest: Real, slack: Real, job: Job, blocks: tuple[int, int]) -> None:
    """Fill `job.near` for the origins of the blocks from..to; `farthest` is the vehicle's half length."""
    waiting, most, normal, near = np.zeros(STACK, np.int32), np.float32(farthest * FARTHEST), job.normal, job.near
    known = Known(np.zeros((KNOWN, 3)), np.zeros((KNOWN, 3)), np.zeros(KNOWN), np.zeros(1, np.int64))
    enough = 0
    for lanes in job.cones.lanes:
        enough += lanes
    enough //= DIRECTIONS_A_NODE
    for side in range(blocks[0] * BLOCK, min(blocks[1] * BLOCK, len(job.first) - 1)):
        nx, ny, nz = normal[0, side], normal[1, side], normal[2, side]
        row = (3 if nx > 0 else 0, 4 if ny > 0 else 1, 5 if nz > 0 else 2)
        for start in range(job.first[side], job.first[side + 1]):
            x, y, z = job.origin[start, 0], job.origin[start, 1], job.origin[start, 2]
            radius = recalled(known, x, y, z, nx, ny, nz)
            if radius == 0:
                spot = Spot((x, y, z), (np.float32(nx), np.float32(ny), np.float32(nz)), row)
                within, met = most / np.float32(RINGS), 0
                while True:
                    found, more = nearest_within(tree, spot, within, slack, waiting)
                    met += more
                    radius = np.float64(found)
                    if found < within or met > enough or within >= most:
                        break
                    within *= np.float32(RING)
                place = known.held[0] % KNOWN
                known.at[place, 0], known.at[place, 1], known.at[place, 2] = x, y, z
                known.normal[place, 0], known.normal[place, 1], known.normal[place, 2] = nx, ny, nz
                known.radius[place] = radius
                known.held[0] += 1
            near[start] = max(radius * (1 - SHORTER) - slack, 0.0)
