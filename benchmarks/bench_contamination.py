"""contamination: a million molecules and a hundred thousand droplets onto 2 000 facets, beside brute-force rays in the same run."""

from __future__ import annotations

import time

import numpy as np

from whipple.contamination.ballistics import Air, cone_of_droplets, fly_droplets
from whipple.contamination.droplet import evaporate_droplet
from whipple.contamination.plume import shape_per_sr
from whipple.contamination.transport import molecules_onto
from whipple.physics.fluids import fluid
from whipple.vehicle.surfaces import Part, Surfaces


def tiled_room(across: int = 14) -> Surfaces:
    """A box of 20 m whose six walls face inward, one of them open half way: 2 156 facets."""
    step = np.linspace(-10.0, 10.0, across + 1)
    vertices, triangles = [], []
    for axis in range(3):
        for side in (-10.0, 10.0):
            for i in range(across):
                for j in range(across // 2 if (axis, side) == (2, -10.0) else across):
                    corner = np.zeros((4, 3))
                    corner[:, axis] = side
                    corner[:, (axis + 1) % 3] = step[[i, i + 1, i + 1, i]]
                    corner[:, (axis + 2) % 3] = step[[j, j, j + 1, j + 1]]
                    turn = corner[::-1] if side > 0 else corner
                    first = 4 * len(vertices)
                    vertices.append(turn)
                    triangles += [[first, first + 1, first + 2], [first, first + 2, first + 3]]
    plate = Part("wall", "", "", 0, 0, 0, 0.5, 0.5, 200, "none")
    return Surfaces.from_triangles(np.concatenate(vertices), triangles, np.zeros(len(triangles), dtype=int), [plate])


def main(molecules: int = 1_000_000, droplets: int = 100_000) -> None:
    """Print seconds and the ratio against brute force (timed on a thousandth of the molecules)."""
    surfaces = tiled_room()
    source, axis = np.array([0.0, 0.0, -5.0]), np.array([0.0, 0.0, 1.0])

    def fly(count: int, backend: str) -> float:
        start = time.perf_counter()
        arrival = molecules_onto(
            surfaces, source, axis, lambda c: shape_per_sr(c, 1.0, 0.1), count=count, backend=backend
        )
        assert abs(arrival.total_frac - 1) < 1e-6
        return time.perf_counter() - start

    ours = fly(molecules, "auto")
    brute = fly(molecules // 1000, "numpy") * 1000
    isooctane = fluid("isooctane")
    start = time.perf_counter()
    life = evaporate_droplet(isooctane, 1e-3, 110.0)
    sizes = np.random.default_rng(1).lognormal(np.log(3e-4), 0.8, droplets)
    spray = cone_of_droplets(
        source, axis, np.radians(20), np.full(droplets, 30.0), sizes, isooctane.density_kg_m3(293.15)
    )
    landing = fly_droplets(surfaces, spray, life, 1e-3, Air(2e-12, np.array([-7660.0, 0.0, 0.0])))
    drops = time.perf_counter() - start
    print(
        f"contamination: {len(surfaces.triangle)} facets: {molecules:.0e} molecules {ours:.2f} s, {droplets:.0e} droplets {drops:.2f} s "
        f"({(landing.facet >= 0).mean():.0%} land), together {ours + drops:.2f} s; brute-force rays {brute:.0f} s, ratio {brute / ours:.0f}"
    )


if __name__ == "__main__":
    main()
