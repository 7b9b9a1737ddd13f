"""Brute-force ray casting: every ray against every triangle (Möller and Trumbore 1997). Slow, plain, the oracle of the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["NumpyRays"]

#: Ray-triangle pairs held in memory at once.
PAIRS_AT_ONCE = 2_000_000
#: A ray this parallel to a triangle (|determinant| in m2, relative to the edges' product) does not meet it.
PARALLEL = 1e-12


class NumpyRays:
    """Triangles for brute-force rays.

    >>> rays = NumpyRays(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    >>> rays.any_hit(np.array([[0.2, 0.2, 1.0], [2.0, 2.0, 1.0]]), np.array([[0.0, 0, -1], [0, 0, -1]]), np.inf).tolist()
    [True, False]
    """

    name = "numpy"

    def __init__(self, vertex_m: Array, triangle: npt.NDArray[np.int64]) -> None:
        """Keep the corners as one vertex and two edges."""
        corners = np.asarray(vertex_m, dtype=float)[triangle]
        self._corner = corners[:, 0]
        self._edge1, self._edge2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        self._scale = np.linalg.norm(self._edge1, axis=1) * np.linalg.norm(self._edge2, axis=1)

    def _distance_m(self, origin_m: Array, direction_body: Array, length_m: Array) -> Array:
        """Distance from each ray to each triangle (n, m), infinite where it misses."""
        across = np.cross(direction_body[:, None, :], self._edge2[None])
        determinant = np.einsum("rmk,mk->rm", across, self._edge1)
        parallel = np.abs(determinant) <= PARALLEL * self._scale
        inverse = 1.0 / np.where(parallel, 1.0, determinant)
        to_origin = origin_m[:, None, :] - self._corner[None]
        u = np.einsum("rmk,rmk->rm", to_origin, across) * inverse
        normal = np.cross(to_origin, self._edge1[None])
        v = np.einsum("rk,rmk->rm", direction_body, normal) * inverse
        distance = np.einsum("rmk,mk->rm", normal, self._edge2) * inverse
        hit = ~parallel & (u >= 0) & (v >= 0) & (u + v <= 1) & (distance > 0) & (distance < length_m[:, None])
        return np.where(hit, distance, np.inf)

    def first_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.int64]:
        """The index of the nearest triangle on each ray, -1 for none."""
        length = np.broadcast_to(np.asarray(length_m, dtype=float), (len(origin_m),))
        found = np.full(len(origin_m), -1, dtype=np.int64)
        step = max(1, PAIRS_AT_ONCE // max(1, len(self._corner)))
        for start in range(0, len(origin_m), step):
            rows = slice(start, start + step)
            distance = self._distance_m(origin_m[rows], direction_body[rows], length[rows])
            nearest = distance.argmin(axis=1)
            met = np.isfinite(distance[np.arange(len(nearest)), nearest])
            found[rows] = np.where(met, nearest, -1)
        return found

    def any_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.bool_]:
        """Is there anything on each ray?"""
        return self.first_hit(origin_m, direction_body, length_m) >= 0
