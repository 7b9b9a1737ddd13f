"""At which angles is a wall asked? Nodes of incidence every 5 degrees, and the share of each of the two that an angle lies between.

The sky's cells lie at multiples of 5 degrees, so on faces along the axes every incidence falls on an edge: bins would take all of them to
one side. Nodes with shares take them as they are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["NODE_rad", "STEEPEST_rad", "between", "cos_nodes"]

#: Incidences (from the normal) at which walls are asked, steepest last; every 5 degrees, so the cut-off angles of the laws are among them.
NODE_rad = np.radians(np.arange(90.0, -1.0, -5.0))
#: Ballistic limits are asked no closer to the surface than this.
STEEPEST_rad = float(np.radians(89.9))


def cos_nodes() -> Array:
    """Cosines of the incidences at which walls are asked, rising from 0 to 1. (19,)"""
    cosine = np.cos(NODE_rad)
    cosine[0], cosine[-1] = 0.0, 1.0
    return cosine


def between(cosine: Array) -> tuple[npt.NDArray[np.int64], Array]:
    """The node at or below each cosine (0 to 1), and the share of the next one: linear in the cosine. (n,) each.

    >>> lower, share = between(np.cos(np.radians([90.0, 62.0, 0.0])))
    >>> lower.tolist(), share.round(3).tolist(), np.degrees(NODE_rad[5:7]).round(6).tolist()
    ([0, 5, 17], [0.0, 0.605, 1.0], [65.0, 60.0])
    """
    node = cos_nodes()
    step = np.pi / 2 / (len(node) - 1)
    lower = np.clip(((np.pi / 2 - np.arccos(cosine)) / step).astype(np.int64), 0, len(node) - 2)
    return lower, np.clip((cosine - node[lower]) / (node[lower + 1] - node[lower]), 0.0, 1.0)
