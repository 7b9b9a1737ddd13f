"""Brute-force ray casting: every ray against every triangle, watertight (Woop, Benthin and Wald 2013). Slow, plain, the oracle of the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["NumpyRays"]

#: Ray-triangle pairs held in memory at once.
PAIRS_AT_ONCE = 500_000


class NumpyRays:
    """Triangles for brute-force rays.

    >>> rays = NumpyRays(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    >>> rays.any_hit(np.array([[0.2, 0.2, 1.0], [2.0, 2.0, 1.0]]), np.array([[0.0, 0, -1], [0, 0, -1]]), np.inf).tolist()
    [True, False]
    """

    name = "numpy"

    def __init__(self, vertex_m: Array, triangle: npt.NDArray[np.int64]) -> None:
        """Keep the corners."""
        self._corner = np.asarray(vertex_m, dtype=float)[triangle]

    def _distance_m(self, origin_m: Array, direction_body: Array, length_m: Array) -> Array:
        """Distance from each ray to each triangle (n, m), infinite where it misses.

        Along the ray as z axis, a point lies inside a triangle when its three edge functions agree in sign; neighbours compute the shared
        one from the same two corners, so nothing slips between them.
        """
        ray = np.arange(len(origin_m))
        main = np.abs(direction_body).argmax(axis=1)
        first, second = (main + 1) % 3, (main + 2) % 3
        along = direction_body[ray, main]
        shear_x, shear_y = direction_body[ray, first] / along, direction_body[ray, second] / along
        seen = self._corner[None] - origin_m[:, None, None, :]
        row = ray[:, None, None], np.arange(len(self._corner))[None, :, None], np.arange(3)[None, None, :]
        z = seen[(*row, main[:, None, None])]
        x = seen[(*row, first[:, None, None])] - shear_x[:, None, None] * z
        y = seen[(*row, second[:, None, None])] - shear_y[:, None, None] * z
        edge = np.stack([x[..., 2] * y[..., 1] - y[..., 2] * x[..., 1], x[..., 0] * y[..., 2] - y[..., 0] * x[..., 2],
                         x[..., 1] * y[..., 0] - y[..., 1] * x[..., 0]], axis=-1)  # fmt: skip
        whole = edge.sum(axis=-1)
        inside = ((edge >= 0).all(axis=-1) | (edge <= 0).all(axis=-1)) & (whole != 0)
        distance: Array = (edge * z).sum(axis=-1) / np.where(inside, whole, 1.0) / along[:, None]
        return np.where(inside & (distance > 0) & (distance < length_m[:, None]), distance, np.inf)

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
