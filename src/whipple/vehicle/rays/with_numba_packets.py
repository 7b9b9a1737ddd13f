"""Embree asked 16 rays at a time from a compiled loop, by the address of its C function: neighbouring directions of one origin share a packet."""

from __future__ import annotations

from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from numba.extending import overload

from whipple.casefile.estimate import Array
from whipple.vehicle.rays.cones import LANES
from whipple.vehicle.rays.embree_scene import EmbreeScene
from whipple.vehicle.rays.with_numba import (
    GRAZING,
    Job,
    Notes,
    Weighing,
    compiled,
    inlined,
    lit_lanes,
    look,
    share_blocks,
    sum_blocks,
)
from whipple.vehicle.rays.with_numba_build import Tree, tree_of
from whipple.vehicle.rays.with_numba_clear import FEW_DIRECTIONS, clear_blocks, slack_m
from whipple.vehicle.rays.with_numba_embree import COHERENT, DIRECTION, FAR, NEAR, VALID, Packet, fire, new_packet, told

__all__ = ["PacketRays"]

#: Widest range of slopes in a cone whose rays make good company (1.0: 45 degrees); above, rays of neighbouring origins do.
WIDEST = 1.0
#: Directions and origins of a packet spread alike at this multiple of the distance at which rays begin to look, or at this share of the
#: vehicle's half length where that is less; of two counts the one within this factor is taken.
BEYOND, REACH, ROUNDED = 2.0, 1 / 9, 1.4
#: Fewer neighbouring directions than this in a packet make worse company than one alone.
FEWEST = 8


@inlined
def side_by_side(job: Job, cone: int, sides: tuple[int, int], farthest: float) -> int:
    """How many directions of a cone share a packet with as many origins as fill it: so that both spread alike where something may stand."""
    root, open_m, origin = np.float32(0), np.float32(0), job.origin
    for side in range(sides[0] + 1, sides[1]):
        here, there = job.first[side], job.first[side - 1]
        x, y, z = (
            origin[here, 0] - origin[there, 0],
            origin[here, 1] - origin[there, 1],
            origin[here, 2] - origin[there, 2],
        )
        root += np.sqrt(np.sqrt(x * x + y * y + z * z))
        open_m += job.near[here]
    steps = max(sides[1] - sides[0] - 1, 1)
    reach = min(REACH * farthest, BEYOND * open_m / steps)
    wanted, company = LANES * (root / steps) ** 2 / max(job.cones.width[cone] * reach, 1e-9), 1
    while company < LANES and company * ROUNDED < wanted:
        company *= 2
    return company


@compiled
def look_along(packet: Packet, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """`look` by Embree in a narrow cone: the rays of one origin a packet."""
    row, words, (cosine, lit, free), lanes = packet.row, packet.words, notes, job.cones.lanes[cone]
    origin, first, nears, part = job.origin, job.first, job.near, job.cones.part
    for lane in range(lanes):
        for axis in range(3):
            row[(DIRECTION + axis) * LANES + lane] = np.float32(part[cone, axis, lane])
    for side in range(sides[0], sides[1]):
        place = side - sides[0]
        for lane in range(LANES):
            words[VALID * LANES + lane] = -np.int32(cosine[place, lane] > GRAZING) if lane < lanes else 0
        for start in range(first[side], first[side + 1] if lit[place] else 0):
            x, y, z, near = origin[start, 0], origin[start, 1], origin[start, 2], nears[start]
            for lane in range(LANES):
                row[lane] = x
                row[LANES + lane] = y
                row[2 * LANES + lane] = z
                row[NEAR * LANES + lane] = near
                row[FAR * LANES + lane] = np.inf
            fire(packet)
            for lane in range(lanes):
                free[place, lane] += np.int64(words[VALID * LANES + lane] & np.int32(row[FAR * LANES + lane] > 0))
    for lane in range(LANES):
        words[VALID * LANES + lane] = -1


@compiled
def look_together(packet: Packet, job: Job, cone: int, sides: tuple[int, int], company: int, notes: Notes) -> None:
    """`look` by Embree: packets of so many neighbouring directions from a few neighbouring origins."""
    row, places, ways, (cosine, lit, free) = packet.row, packet.place, packet.lane, notes
    origin, first, nears, part = job.origin, job.first, job.near, job.cones.part
    count, rays = job.cones.lanes[cone], 0
    for begin in range(0, count, company):
        end = min(begin + company, count)
        for side in range(sides[0], sides[1]):
            place = side - sides[0]
            if lit[place] == 0:
                continue
            for start in range(first[side], first[side + 1]):
                x, y, z, near = origin[start, 0], origin[start, 1], origin[start, 2], nears[start]
                for lane in range(begin, end):
                    if not cosine[place, lane] > GRAZING:
                        continue
                    row[rays] = x
                    row[LANES + rays] = y
                    row[2 * LANES + rays] = z
                    row[NEAR * LANES + rays] = near
                    row[DIRECTION * LANES + rays] = np.float32(part[cone, 0, lane])
                    row[(DIRECTION + 1) * LANES + rays] = np.float32(part[cone, 1, lane])
                    row[(DIRECTION + 2) * LANES + rays] = np.float32(part[cone, 2, lane])
                    row[FAR * LANES + rays] = np.inf
                    places[rays] = place
                    ways[rays] = lane
                    rays += 1
                    if rays == LANES:
                        told(packet, rays, free)
                        rays = 0
    if rays:
        told(packet, rays, free)


@compiled
def look_across(packet: Packet, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """`look` by Embree in a wide cone or a fine mesh: one direction a packet, from neighbouring origins."""
    row, places, ways, (cosine, lit, free) = packet.row, packet.place, packet.lane, notes
    origin, first, nears, part = job.origin, job.first, job.near, job.cones.part
    for lane in range(job.cones.lanes[cone]):
        rays = 0
        for ray in range(LANES):
            ways[ray] = lane
            for axis in range(3):
                row[(DIRECTION + axis) * LANES + ray] = np.float32(part[cone, axis, lane])
        for side in range(sides[0], sides[1]):
            place = side - sides[0]
            if not (lit[place] and cosine[place, lane] > GRAZING):
                continue
            for start in range(first[side], first[side + 1]):
                row[rays] = origin[start, 0]
                row[LANES + rays] = origin[start, 1]
                row[2 * LANES + rays] = origin[start, 2]
                row[NEAR * LANES + rays] = nears[start]
                row[FAR * LANES + rays] = np.inf
                places[rays] = place
                rays += 1
                if rays == LANES:
                    told(packet, rays, free)
                    rays = 0
        if rays:
            told(packet, rays, free)


@overload(look)
def _look(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> Any:
    if getattr(engine, "instance_class", None) is not Packet:
        return None

    def through(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> None:
        for side in range(sides[0], sides[1]):
            lit_lanes(job, cone, side, side - sides[0], notes)
        company = 1 if job.cones.width[cone] > WIDEST else side_by_side(job, cone, sides, engine.farthest)
        if company == LANES:
            look_along(engine, job, cone, sides, notes)
        elif company < FEWEST:
            look_across(engine, job, cone, sides, notes)
        else:
            look_together(engine, job, cone, sides, company, notes)

    return through


@compiled
def any_of(
    packet: Packet,
    origin: npt.NDArray[np.float32],
    direction: npt.NDArray[np.float32],
    length: npt.NDArray[np.float32],
    hit: npt.NDArray[np.bool_],
) -> None:
    """Which of these rays meet anything: `hit` (n,)."""
    row = packet.row
    for begin in range(0, len(hit), LANES):
        lanes = min(LANES, len(hit) - begin)
        for lane in range(lanes):
            for axis in range(3):
                row[axis * LANES + lane] = origin[begin + lane, axis]
                row[(DIRECTION + axis) * LANES + lane] = direction[begin + lane, axis]
            row[FAR * LANES + lane] = length[begin + lane]
        for lane in range(LANES):
            packet.words[VALID * LANES + lane] = -1 if lane < lanes else 0
        fire(packet)
        for lane in range(lanes):
            hit[begin + lane] = row[FAR * LANES + lane] < 0


class PacketRays:
    """Triangles for Embree, asked 16 rays at a time.

    >>> rays = PacketRays(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    >>> rays.any_hit(np.array([[0.2, 0.2, 1.0], [2.0, 2.0, 1.0]]), np.array([[0.0, 0, -1], [0, 0, -1]]), np.inf).tolist()
    [True, False]
    """

    name = "embree, fused"

    def __init__(self, vertex_m: Array, triangle: npt.NDArray[np.int64]) -> None:
        """Build the scene."""
        self._scene = EmbreeScene(vertex_m, triangle)
        self.middle_m = self._scene.middle_m
        self._embree = (self._scene.call("rtcOccluded16"), self._scene.address)
        self._vertex_m, self._triangle = np.asarray(vertex_m, dtype=float), triangle
        self._farthest_m = float(np.ptp(self._vertex_m, axis=0).max()) / 2
        self._tree: Tree | None = None
        self._planting = Lock()

    def _clear(self, job: Job, blocks: tuple[int, int]) -> None:
        """How far the rays of these blocks need not look, where they are many: the own tree says, built when it is first asked."""
        if int(job.cones.lanes.sum()) < FEW_DIRECTIONS:
            return
        with self._planting:
            if self._tree is None:
                self._tree = tree_of((self._vertex_m - self.middle_m).astype(np.float32)[self._triangle])
        clear_blocks(self._tree, np.float32(self._farthest_m), slack_m(self._farthest_m), job, blocks)

    def sum_blocks(self, job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
        """Add up every direction for the sides of the blocks from..to: `total` (n_side, n_channel)."""
        self._clear(job, blocks)
        sum_blocks(new_packet(self._embree, COHERENT, self._farthest_m), job, blocks, weighing, total)

    def share_blocks(self, job: Job, blocks: tuple[int, int], share: Array) -> None:
        """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
        self._clear(job, blocks)
        share_blocks(new_packet(self._embree, COHERENT, self._farthest_m), job, blocks, share)

    def any_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.bool_]:
        """Is there anything on each ray?"""
        origin = np.ascontiguousarray(origin_m - self.middle_m, dtype=np.float32)
        length = np.broadcast_to(np.asarray(length_m, dtype=np.float32), (len(origin),))
        hit = np.zeros(len(origin), dtype=bool)
        any_of(
            new_packet(self._embree, 0, self._farthest_m),
            origin,
            np.ascontiguousarray(direction_body, dtype=np.float32),
            length,
            hit,
        )
        return hit
