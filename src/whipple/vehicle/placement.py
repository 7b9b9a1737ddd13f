"""Where is it, and which way does it point? Frames of modules and parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["Placement", "axes_along"]


@dataclass(frozen=True)
class Placement:
    """A frame in its parent's axes: `turn` (3, 3) has the frame's x, y, z axes as columns, `origin_m` (3,) its origin."""

    turn: Array
    origin_m: Array

    def carry(self, point_m: Array) -> Array:
        """Points (n, 3) of this frame in the parent's axes."""
        return point_m @ self.turn.T + self.origin_m

    def within(self, parent: Placement) -> Placement:
        """This frame in the axes of the parent's own parent."""
        return Placement(parent.turn @ self.turn, parent.turn @ self.origin_m + parent.origin_m)


def axes_along(axis: Sequence[float], clock_rad: float = 0.0) -> Array:
    """The frame (3, 3, columns) whose x axis points along `axis`.

    At clock 0 its y axis lies as near the parent's y as it can; for an axis along the parent's y, z stays z. A positive clock
    turns y toward z, right-handed about the axis. Raises RangeError for an axis of length zero.

    >>> axes_along([0, 0, 1]).round(6).tolist()
    [[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    along = np.asarray(axis, dtype=float)
    length = float(np.linalg.norm(along))
    if not np.isfinite(length) or length == 0.0:
        raise RangeError("axis", "axis", list(axis), "three numbers, not all zero", "write axis = [0, 0, 1]")
    x = along / length
    sideways = np.array(
        [0.0 - x[0] * x[1], x[0] ** 2 + x[2] ** 2, 0.0 - x[1] * x[2]]
    )  # y - (y.x) x without cancellation
    if float(np.linalg.norm(sideways)) < 1e-9:
        sideways = np.cross([0.0, 0.0, 1.0], x)
    y = sideways / np.linalg.norm(sideways)
    z = np.cross(x, y)
    c, s = np.cos(clock_rad), np.sin(clock_rad)
    return np.column_stack([x, c * y + s * z, c * z - s * y])
