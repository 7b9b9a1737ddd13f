"""Embree asked 16 rays at a time from a compiled loop, by the address of its C function: neighbouring directions of one origin share a packet."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, overload

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

__all__ = ["PacketRays"]

#: The rows of Embree's RTCRay16 (16 numbers each); then come the valid lanes and the arguments' structure.
_DIRECTION, _FAR, _MASK, _VALID, _ARGUMENTS = 4, 8, 9, 12, 13
#: The arguments' flag for rays that run side by side.
COHERENT = 1 << 16
#: Widest range of slopes in a cone whose rays make good company (1.0: 45 degrees); above, rays of neighbouring origins do.
WIDEST = 1.0


def _ask(typing: Any, call: Any, valid: Any, scene: Any, ray: Any, arguments: Any) -> Any:
    signature = types.void(types.intp, types.intp, types.intp, types.intp, types.intp)

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        function = builder.inttoptr(values[0], ir.FunctionType(ir.VoidType(), [byte] * 4).as_pointer())
        builder.call(function, [builder.inttoptr(value, byte) for value in values[1:]])
        return context.get_dummy_value()

    return signature, build


#: Call the C function at an address (first) with four addresses.
ask: Any = intrinsic(_ask)


class Packet(NamedTuple):
    """Sixteen rays as Embree reads them: `row` as numbers, `words` the same memory as integers; the place of each ray's side; the memory."""

    call: int
    scene: int
    row: npt.NDArray[np.float32]
    words: npt.NDArray[np.int32]
    place: npt.NDArray[np.int64]
    whole: npt.NDArray[np.float32]


def new_packet(embree: tuple[int, int], flags: int) -> Packet:
    """An empty packet for the function and the scene at these addresses, on a multiple of 64 bytes, its constant rows filled."""
    whole = np.zeros((_ARGUMENTS + 2) * LANES, np.float32)
    skip = (64 - whole.ctypes.data % 64) % 64 // 4
    row = whole[skip : skip + (_ARGUMENTS + 1) * LANES]
    words = row.view(np.int32)
    words[_MASK * LANES : (_MASK + 1) * LANES] = -1
    words[_ARGUMENTS * LANES : _ARGUMENTS * LANES + 2] = flags, -1
    return Packet(*embree, row, words, np.zeros(LANES, np.int64), whole)


@inlined
def fire(packet: Packet) -> None:
    """Ask for the valid rays of the packet; a blocked one comes back with a negative far end."""
    start = packet.row.ctypes.data
    valid = start + _VALID * LANES * 4
    ask(packet.call, valid, packet.scene, start, valid + LANES * 4)


@compiled
def look_along(packet: Packet, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """`look` by Embree in a narrow cone: the rays of one origin a packet."""
    row, words, origin, part, (cosine, _lit, free) = packet.row, packet.words, job.origin, job.cones.part, notes
    lanes = job.cones.lanes[cone]
    for lane in range(lanes):
        for axis in range(3):
            row[(_DIRECTION + axis) * LANES + lane] = np.float32(part[cone, axis, lane])
    for side in range(sides[0], sides[1]):
        place = side - sides[0]
        if lit_lanes(job, cone, side, place, notes) == 0:
            continue
        for lane in range(LANES):
            words[_VALID * LANES + lane] = -np.int32(cosine[place, lane] > GRAZING) if lane < lanes else 0
        for start in range(job.first[side], job.first[side + 1]):
            x, y, z = origin[start, 0], origin[start, 1], origin[start, 2]
            for lane in range(LANES):
                row[lane] = x
                row[LANES + lane] = y
                row[2 * LANES + lane] = z
                row[_FAR * LANES + lane] = np.inf
            fire(packet)
            for lane in range(lanes):
                free[place, lane] += np.int64(words[_VALID * LANES + lane] & np.int32(row[_FAR * LANES + lane] > 0))


@inlined
def told(packet: Packet, rays: int, lane: int, notes: Notes) -> None:
    """Fire the packet's first so many rays, all of one lane of the cone, and note which got through."""
    for ray in range(LANES):
        packet.words[_VALID * LANES + ray] = -1 if ray < rays else 0
    fire(packet)
    for ray in range(rays):
        notes.free[packet.place[ray], lane] += np.int64(packet.row[_FAR * LANES + ray] > 0)


@compiled
def look_across(packet: Packet, job: Job, cone: int, sides: tuple[int, int], notes: Notes) -> None:
    """`look` by Embree in a wide cone: one direction a packet, from neighbouring origins."""
    row, origin, part, (cosine, lit, _free) = packet.row, job.origin, job.cones.part, notes
    for side in range(sides[0], sides[1]):
        lit_lanes(job, cone, side, side - sides[0], notes)
    for lane in range(job.cones.lanes[cone]):
        rays = 0
        for ray in range(LANES):
            for axis in range(3):
                row[(_DIRECTION + axis) * LANES + ray] = np.float32(part[cone, axis, lane])
        for side in range(sides[0], sides[1]):
            place = side - sides[0]
            if not (lit[place] and cosine[place, lane] > GRAZING):
                continue
            for start in range(job.first[side], job.first[side + 1]):
                row[rays] = origin[start, 0]
                row[LANES + rays] = origin[start, 1]
                row[2 * LANES + rays] = origin[start, 2]
                row[_FAR * LANES + rays] = np.inf
                packet.place[rays] = place
                rays += 1
                if rays == LANES:
                    told(packet, rays, lane, notes)
                    rays = 0
        if rays:
            told(packet, rays, lane, notes)


@overload(look)
def _look(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> Any:
    if getattr(engine, "instance_class", None) is not Packet:
        return None

    def through(engine: Any, job: Any, cone: Any, sides: Any, notes: Any) -> None:
        if job.cones.width[cone] <= WIDEST:
            look_along(engine, job, cone, sides, notes)
        else:
            look_across(engine, job, cone, sides, notes)

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
                row[(_DIRECTION + axis) * LANES + lane] = direction[begin + lane, axis]
            row[_FAR * LANES + lane] = length[begin + lane]
        for lane in range(LANES):
            packet.words[_VALID * LANES + lane] = -1 if lane < lanes else 0
        fire(packet)
        for lane in range(lanes):
            hit[begin + lane] = row[_FAR * LANES + lane] < 0


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

    def sum_blocks(self, job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
        """Add up every direction for the sides of the blocks from..to: `total` (n_side, n_channel)."""
        sum_blocks(new_packet(self._embree, COHERENT), job, blocks, weighing, total)

    def share_blocks(self, job: Job, blocks: tuple[int, int], share: Array) -> None:
        """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
        share_blocks(new_packet(self._embree, COHERENT), job, blocks, share)

    def any_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.bool_]:
        """Is there anything on each ray?"""
        origin = np.ascontiguousarray(origin_m - self.middle_m, dtype=np.float32)
        length = np.broadcast_to(np.asarray(length_m, dtype=np.float32), (len(origin),))
        hit = np.zeros(len(origin), dtype=bool)
        any_of(new_packet(self._embree, 0), origin, np.ascontiguousarray(direction_body, dtype=np.float32), length, hit)
        return hit
