"""Ray casting by Intel Embree (through embreex), robust mode always on; coordinates in float32 about the middle of the vehicle."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import BackendError

try:
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene
except ImportError as error:  # embreex has no wheel for this machine
    raise BackendError("embreex", "pip install embreex, or choose backend='numpy'") from error

__all__ = ["EmbreeRays"]

#: What Embree is told for "as far as it goes".
ENDLESS_M = 1e30
#: A second look runs this many single-precision spacings beside the ray (spacings at the far end of the vehicle).
BESIDE_SPACINGS = 8
#: A ray that slipped through a corner is blocked on this many of its four sides; one past a straight rim on two at most.
SIDES_BLOCKED = 3


class EmbreeRays:
    """Triangles for Embree; a call releases the interpreter lock, so threads may share one object.

    Embree's robust mode is watertight along edges, but of rays that run exactly at a corner it loses one to three in 1000 (a limit its
    authors name: RenderKit/embree issues 174 and 181; none of it is rounding on our side, the same rays are lost by single, packet and
    coherent queries). With `aimed` every ray let through is therefore looked at again 8 spacings beside: to one side first, which settles
    nearly all, then to the others; blocked on three of four sides is blocked. Rays in general position need no second look.

    >>> rays = EmbreeRays(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    >>> rays.any_hit(np.array([[0.2, 0.2, 1.0], [2.0, 2.0, 1.0]]), np.array([[0.0, 0, -1], [0, 0, -1]]), np.inf).tolist()
    [True, False]
    """

    name = "embree"

    def __init__(self, vertex_m: Array, triangle: npt.NDArray[np.int64], *, aimed: bool = False) -> None:
        """Build the scene; one warm-up ray commits it, so that later calls only read."""
        self._aimed = False
        corners = np.asarray(vertex_m, dtype=float)
        self._middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        self._scene = EmbreeScene(robust=True)
        self._mesh = TriangleMesh(self._scene, (corners - self._middle).astype(np.float32), triangle.astype(np.int32))
        self._beside_m = BESIDE_SPACINGS * float(np.spacing(np.float32(np.abs(corners - self._middle).max())))
        self.any_hit(corners[:1], np.array([[0.0, 0.0, 1.0]]), 1.0)
        self._aimed = aimed

    def _cast(
        self, origin_m: Array, direction_body: Array, length_m: Array | float, query: str
    ) -> npt.NDArray[np.int32]:
        origin = np.ascontiguousarray(origin_m - self._middle, dtype=np.float32)
        direction = np.ascontiguousarray(direction_body, dtype=np.float32)
        if np.ndim(length_m) == 0 and np.isinf(length_m):
            return self._scene.run(origin, direction, query=query)
        length = np.minimum(np.broadcast_to(np.asarray(length_m, dtype=float), (len(origin),)), ENDLESS_M)
        return self._scene.run(origin, direction, dists=np.ascontiguousarray(length, dtype=np.float32), query=query)

    def any_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.bool_]:
        """Is there anything on each ray?"""
        return self._hit(origin_m, direction_body, length_m, "OCCLUDED") >= 0

    def first_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.int64]:
        """The index of the nearest triangle on each ray, -1 for none."""
        return self._hit(origin_m, direction_body, length_m, "INTERSECT").astype(np.int64)

    def _hit(
        self, origin_m: Array, direction_body: Array, length_m: Array | float, query: str
    ) -> npt.NDArray[np.int32]:
        if len(origin_m) == 0:
            return np.zeros(0, dtype=np.int32)
        hit = self._cast(origin_m, direction_body, length_m, query)
        if self._aimed:
            through = np.flatnonzero(hit < 0)
            hit[through] = self._again(
                origin_m[through], direction_body[through], np.broadcast_to(length_m, hit.shape)[through], query
            )
        return hit

    def _again(self, origin_m: Array, direction_body: Array, length_m: Array, query: str) -> npt.NDArray[np.int32]:
        """A second look at rays that met nothing, a little to their four sides."""
        met = np.full(len(origin_m), -1, dtype=np.int32)
        doubtful = np.arange(len(origin_m))
        least = np.eye(3)[np.abs(direction_body).argmin(axis=1)]
        first = np.cross(direction_body, least)
        first *= self._beside_m / np.linalg.norm(first, axis=1)[:, None]
        second = np.cross(direction_body, first)
        blocked_on = np.zeros(len(origin_m), dtype=int)
        for turn, side in enumerate((first, -first, second, -second), start=1):
            if not len(doubtful):
                break
            found = self._cast(origin_m[doubtful] + side[doubtful], direction_body[doubtful], length_m[doubtful], query)
            blocked_on[doubtful] += found >= 0
            met[doubtful] = np.where(found >= 0, found, met[doubtful])
            doubtful = doubtful[blocked_on[doubtful] >= max(turn - 1, 1)]
        return np.where(blocked_on >= SIDES_BLOCKED, met, -1).astype(np.int32)
