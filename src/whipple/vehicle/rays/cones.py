"""Which directions lie side by side? Cones of up to sixteen neighbours, so that what one ray of a facet learns serves the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["LANES", "Cones", "cones_of"]

#: Rays of one origin that are cast together, at most.
LANES = 16


class Cones(NamedTuple):
    """Directions in cones, each on one face of the cube around the origin; a cone's lanes from `lanes` on are idle.

    `way` (n_cone, LANES) the direction of each lane, 0 in idle ones; `part` (n_cone, 3, LANES) its x, y, z, 0 in idle ones; `width` (n_cone,)
    how far its slopes spread: the parts along the two other axes over the size of that along the face's, the larger range of the two.
    """

    way: npt.NDArray[np.int64]
    part: Array
    width: Array
    lanes: npt.NDArray[np.int64]


def cones_of(direction: Array) -> Cones:
    """Cones of unit directions (n_dir, 3): a face's directions are cut where their slopes spread most, at a multiple of LANES, until they fit.

    >>> found = cones_of(np.array([[0.0, 0, 1], [0.6, 0, 0.8], [0, 0, -1], [0, 0.5, -0.75**0.5]]))
    >>> found.way[:, :2].tolist(), found.lanes.tolist(), found.width.round(3).tolist()
    ([[0, 1], [2, 3]], [2, 2], [0.75, 0.577])
    """
    cast = direction.astype(np.float32).astype(float)
    row, main = np.arange(len(cast)), np.abs(cast).argmax(axis=1)
    along = cast[row, main]
    face = 2 * main + (along < 0)
    slope = np.stack([cast[row, (main + 1) % 3], cast[row, (main + 2) % 3]], axis=1) / np.abs(along)[:, None]
    cones = [cone for side in range(6) for cone in _cut(np.flatnonzero(face == side), slope)]
    many = len(cones)
    lanes = np.array([len(cone) for cone in cones], np.int64)
    found = Cones(np.zeros((many, LANES), np.int64), np.zeros((many, 3, LANES)), np.zeros(many), lanes)
    for number, cone in enumerate(cones):
        found.way[number, : len(cone)] = cone
        found.part[number, :, : len(cone)] = direction[cone].T
        found.width[number] = np.ptp(slope[cone], axis=0).max()
    return found


def _cut(members: npt.NDArray[np.int64], slope: Array) -> list[npt.NDArray[np.int64]]:
    """The members in cones that fit, neighbours one after another; inside a cone each pair, four and eight are neighbours too."""
    done, waiting = [], [members] if len(members) else []
    while waiting:
        here = waiting.pop()
        if len(here) <= 2:
            done.append(here)
            continue
        ordered = here[np.argsort(slope[here, np.ptp(slope[here], axis=0).argmax()], kind="stable")]
        least = min(LANES, 1 << (len(here) - 1).bit_length() >> 1)
        half = -(-len(here) // (2 * least)) * least
        waiting += [ordered[half:], ordered[:half]]
    row = np.concatenate(done) if done else members
    return [row[begin : begin + LANES] for begin in range(0, len(row), LANES)]
