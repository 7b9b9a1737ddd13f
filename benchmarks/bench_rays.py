"""vehicle/sight: any-hit rays a second from facets toward directions, beside trimesh's own ray API in the same run."""

from __future__ import annotations

import time

import numpy as np
import trimesh

from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.vehicle import build
from whipple.vehicle.sight import open_share


def main(count: int = 200) -> None:
    """Print the ratio of rays a second (above 1: ours is faster)."""
    surfaces = build(read_case(BUNDLED / "soyuz-ms22")).surfaces
    rng = np.random.default_rng(1)
    directions = rng.normal(size=(count, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    facets = np.arange(len(surfaces.triangle))
    lit = int((surfaces.normal_body @ directions.T > 1e-4).sum())
    start = time.perf_counter()
    open_share(surfaces, facets, directions, samples=1)
    ours = time.perf_counter() - start
    mesh = trimesh.Trimesh(surfaces.vertex_m, surfaces.triangle, process=False)
    start = time.perf_counter()
    for direction in directions:
        facing = surfaces.normal_body @ direction > 1e-4
        origin = surfaces.centroid_m[facing] + 1e-4 * surfaces.normal_body[facing]
        mesh.ray.intersects_any(origin, np.broadcast_to(direction, origin.shape))
    theirs = time.perf_counter() - start
    print(
        f"rays: {lit / 1e6:.2f} M: ours {lit / ours / 1e6:.2f} M/s, trimesh {lit / theirs / 1e6:.2f} M/s, ratio {theirs / ours:.1f}"
    )


if __name__ == "__main__":
    main()
