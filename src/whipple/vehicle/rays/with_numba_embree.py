"""Sixteen rays as Embree's C function reads them, and how a compiled loop calls it: by its address, so that Numba can keep its machine code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from whipple.vehicle.rays.cones import LANES
from whipple.vehicle.rays.with_numba import inlined, on_cache_lines

__all__ = ["COHERENT", "DIRECTION", "FAR", "NEAR", "VALID", "Packet", "fire", "new_packet", "told"]

#: The rows of Embree's RTCRay16 (16 numbers each); then come the valid lanes and the arguments' structure.
NEAR, DIRECTION, FAR, _MASK, VALID, _ARGUMENTS = 3, 4, 8, 9, 12, 13
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


class Packet(NamedTuple):
    """Sixteen rays as Embree reads them: `row` as numbers, `words` the same memory as integers; the place and lane of each ray."""

    call: int
    scene: int
    address: int
    row: npt.NDArray[np.float32]
    words: npt.NDArray[np.int32]
    place: npt.NDArray[np.int64]
    lane: npt.NDArray[np.int64]
    farthest: float


def new_packet(embree: tuple[int, int], flags: int, farthest: float) -> Packet:
    """An empty packet for the function and the scene at these addresses, on a multiple of 64 bytes, its constant rows filled."""
    row = on_cache_lines((_ARGUMENTS + 1) * LANES)
    words = row.view(np.int32)
    words[_MASK * LANES : (_MASK + 1) * LANES] = -1
    words[_ARGUMENTS * LANES : _ARGUMENTS * LANES + 2] = flags, -1
    words[VALID * LANES : (VALID + 1) * LANES] = -1
    return Packet(*embree, row.ctypes.data, row, words, np.zeros(LANES, np.int64), np.zeros(LANES, np.int64), farthest)


@inlined
def fire(packet: Packet) -> None:
    """Ask for the valid rays of the packet; a blocked one comes back with a negative far end."""
    valid = packet.address + VALID * LANES * 4
    ask(packet.call, valid, packet.scene, packet.address, valid + LANES * 4)


@inlined
def told(packet: Packet, rays: int, free: npt.NDArray[np.int64]) -> None:
    """Fire the packet's first so many rays, and note which got through."""
    words, row, place, lane = packet.words, packet.row, packet.place, packet.lane
    for ray in range(rays, LANES):
        words[VALID * LANES + ray] = 0
    fire(packet)
    for ray in range(rays, LANES):
        words[VALID * LANES + ray] = -1
    for ray in range(rays):
        free[place[ray], lane[ray]] += np.int64(row[FAR * LANES + ray] > 0)
