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


class EmbreeRays:
    """Triangles for Embree; a call releases the interpreter lock, so threads may share one object.

    >>> rays = EmbreeRays(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    >>> rays.any_hit(np.array([[0.2, 0.2, 1.0], [2.0, 2.0, 1.0]]), np.array([[0.0, 0, -1], [0, 0, -1]]), np.inf).tolist()
    [True, False]
    """

    name = "embree"

    def __init__(self, vertex_m: Array, triangle: npt.NDArray[np.int64]) -> None:
        """Build the scene; one warm-up ray commits it, so that later calls only read."""
        corners = np.asarray(vertex_m, dtype=float)
        self._middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        self._scene = EmbreeScene(robust=True)
        self._mesh = TriangleMesh(self._scene, (corners - self._middle).astype(np.float32), triangle.astype(np.int32))
        self.any_hit(corners[:1], np.array([[0.0, 0.0, 1.0]]), 1.0)

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
        if len(origin_m) == 0:
            return np.zeros(0, dtype=bool)
        return self._cast(origin_m, direction_body, length_m, "OCCLUDED") >= 0

    def first_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.int64]:
        """The index of the nearest triangle on each ray, -1 for none."""
        if len(origin_m) == 0:
            return np.zeros(0, dtype=np.int64)
        return self._cast(origin_m, direction_body, length_m, "INTERSECT").astype(np.int64)
