"""The own tree of triangles: the back end where Embree is absent, one ray after another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.vehicle.rays.with_numba import Job, Weighing, share_blocks, sum_blocks
from whipple.vehicle.rays.with_numba_build import tree_of
from whipple.vehicle.rays.with_numba_clear import FEW_DIRECTIONS, clear_blocks, slack_m
from whipple.vehicle.rays.with_numba_ray import rays_of
from whipple.vehicle.rays.with_numba_walk import new_walk

__all__ = ["TreeRays"]


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
        self._farthest_m = float(np.ptp(corners, axis=0).max()) / 2
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

    def _clear(self, job: Job, blocks: tuple[int, int]) -> None:
        """How far the rays of these blocks need not look, where they are many."""
        if int(job.cones.lanes.sum()) >= FEW_DIRECTIONS:
            clear_blocks(self._tree, np.float32(self._farthest_m), slack_m(self._farthest_m), job, blocks)

    def sum_blocks(self, job: Job, blocks: tuple[int, int], weighing: Weighing, total: Array) -> None:
        """Add up every direction for the sides of the blocks from..to: `total` (n_side, n_channel)."""
        self._clear(job, blocks)
        sum_blocks(new_walk(self._tree), job, blocks, weighing, total)

    def share_blocks(self, job: Job, blocks: tuple[int, int], share: Array) -> None:
        """The share of each side's rays that get through, for the sides of the blocks from..to: `share` (n_side, n_dir)."""
        self._clear(job, blocks)
        share_blocks(new_walk(self._tree), job, blocks, share)
