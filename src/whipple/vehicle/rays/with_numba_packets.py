"""Embree asked 16 rays at a time from a compiled loop, by the address of its C function: the fused sum keeps nothing per ray."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from whipple.casefile.estimate import Array
from whipple.vehicle.rays.embree_scene import EmbreeScene
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

__all__ = ["PacketRays"]

#: Rays a packet, and the rows of Embree's RTCRay16 (16 numbers each).
LANES = 16
_ORIGIN, _NEAR, _DIRECTION, _TIME, _FAR, _MASK, _ROWS = 0, 3, 4, 7, 8, 9, 12
#: The arguments' flag for rays that run side by side.
COHERENT = 1 << 16


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


@compiled
def aligned(size: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """`size` zeros that begin on a multiple of 64 bytes, and the array that holds them."""
    whole = np.zeros(size + LANES, np.float32)
    skip = (64 - whole.ctypes.data % 64) % 64 // 4
    return whole[skip : skip + size], whole


@inlined
def fire(call: int, scene: int, packet: npt.NDArray[np.float32], words: npt.NDArray[np.int32], lanes: int) -> None:
    """Ask for the first `lanes` rays of the packet; a blocked one comes back with a negative far end.

    `packet` holds RTCRay16, then 16 flags of valid lanes, then the arguments' structure; `words` is the same memory as integers.
    """
    for lane in range(LANES):
        words[_ROWS * LANES + lane] = -1 if lane < lanes else 0
    start = packet.ctypes.data
    valid = start + _ROWS * LANES * 4
    ask(call, valid, scene, start, valid + LANES * 4)


class Packet(NamedTuple):
    """Sixteen rays as Embree reads them, the valid lanes, and the arguments: as numbers, as integers; the side of each lane; the memory."""

    row: npt.NDArray[np.float32]
    words: npt.NDArray[np.int32]
    lane_side: npt.NDArray[np.int64]
    whole: npt.NDArray[np.float32]


@compiled
def new_packet(flags: int) -> Packet:
    """A packet with its constant rows filled."""
    row, whole = aligned((_ROWS + 2) * LANES)
    words = row.view(np.int32)
    words[_MASK * LANES : (_MASK + 1) * LANES] = -1
    words[(_ROWS + 1) * LANES] = flags
    words[(_ROWS + 1) * LANES + 1] = -1
    return Packet(row, words, np.zeros(LANES, np.int64), whole)


@inlined
def look(embree: tuple[int, int], job: Job, packet: Packet, notes: Notes, sides: tuple[int, int], way: int) -> int:
    """Cast the rays of the sides from..to toward one direction; note how many of each got through, return how many sides face it."""
    call, scene = embree
    origin, first, normal, direction = job
    row, words, lane_side, _whole = packet
    along = (direction[way, 0], direction[way, 1], direction[way, 2])
    count = lit_sides(normal, sides, along, notes)
    for axis in range(3):
        for lane in range(LANES):
            row[(_DIRECTION + axis) * LANES + lane] = np.float32(along[axis])
    lanes = 0
    for place in notes.lit[:count]:
        for start in range(first[sides[0] + place], first[sides[0] + place + 1]):
            row[lanes] = origin[start, 0]
            row[LANES + lanes] = origin[start, 1]
            row[2 * LANES + lanes] = origin[start, 2]
            row[_FAR * LANES + lanes] = np.inf
            lane_side[lanes] = place
            lanes += 1
            if lanes == LANES:
                fire(call, scene, row, words, lanes)
                for lane in range(lanes):
                    notes.free[lane_side[lane]] += row[_FAR * LANES + lane] > 0
                lanes = 0
    if lanes:
        fire(call, scene, row, words, lanes)
        for lane in range(lanes):
            notes.free[lane_side[lane]] += row[_FAR * LANES + lane] > 0
    return count


@compiled
def sum_blocks(embree: tuple[int, int], job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
    """Add up every direction for the sides of the blocks from..to: `total` (n_side, n_channel)."""
    wall, weight, node = weighing
    first, packet, notes = job.first, new_packet(COHERENT), new_notes()
    for block in range(blocks[0], blocks[1]):
        begin = block * BLOCK
        end = min(begin + BLOCK, len(wall))
        for way in range(len(job.direction)):
            count = look(embree, job, packet, notes, (begin, end), way)
            for place in notes.lit[:count]:
                if notes.free[place]:
                    side = begin + place
                    share = notes.free[place] / (first[side + 1] - first[side])
                    add_direction(weight, (wall[side], way), node, notes.cosine[place], share, total, side)


@compiled
def share_blocks(embree: tuple[int, int], job: Job, blocks: tuple[int, int], share: Array) -> None:
    """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
    first, packet, notes = job.first, new_packet(COHERENT), new_notes()
    for block in range(blocks[0], blocks[1]):
        begin = block * BLOCK
        end = min(begin + BLOCK, len(first) - 1)
        for way in range(len(job.direction)):
            count = look(embree, job, packet, notes, (begin, end), way)
            for place in notes.lit[:count]:
                side = begin + place
                share[side, way] = notes.free[place] / (first[side + 1] - first[side])


@compiled
def any_of(
    embree: tuple[int, int],
    origin: npt.NDArray[np.float32],
    direction: npt.NDArray[np.float32],
    length: npt.NDArray[np.float32],
    hit: npt.NDArray[np.bool_],
) -> None:
    """Which of these rays meet anything: `hit` (n,)."""
    packet = new_packet(0)
    row = packet.row
    for begin in range(0, len(hit), LANES):
        lanes = min(LANES, len(hit) - begin)
        for lane in range(lanes):
            for axis in range(3):
                row[axis * LANES + lane] = origin[begin + lane, axis]
                row[(_DIRECTION + axis) * LANES + lane] = direction[begin + lane, axis]
            row[_FAR * LANES + lane] = length[begin + lane]
        fire(embree[0], embree[1], row, packet.words, lanes)
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
        sum_blocks(self._embree, job, blocks, weighing, total)

    def share_blocks(self, job: Job, blocks: tuple[int, int], share: Array) -> None:
        """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
        share_blocks(self._embree, job, blocks, share)

    def any_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.bool_]:
        """Is there anything on each ray?"""
        origin = np.ascontiguousarray(origin_m - self.middle_m, dtype=np.float32)
        length = np.broadcast_to(np.asarray(length_m, dtype=np.float32), (len(origin),))
        hit = np.zeros(len(origin), dtype=bool)
        any_of(self._embree, origin, np.ascontiguousarray(direction_body, dtype=np.float32), length, hit)
        return hit
