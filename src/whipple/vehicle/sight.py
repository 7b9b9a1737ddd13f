"""What sees what? Rays in bulk against the stack; the library that casts them is a named argument."""

from __future__ import annotations

import importlib.util

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.vehicle.fused import every_block, fused_for, job_of
from whipple.vehicle.rays import Rays
from whipple.vehicle.rays.with_numpy import NumpyRays
from whipple.vehicle.sampling import OFFSET_M, R2_FIRST, R2_SECOND, lifted, samples_on
from whipple.vehicle.starts import starts_of
from whipple.vehicle.surfaces import Surfaces

__all__ = ["blocked", "open_share", "projected_area_m2", "rays_for", "silhouette_m2"]

#: Below this cosine a ray counts as running along the facet, and sees nothing.
GRAZING = 1e-4


def rays_for(surfaces: Surfaces, backend: str = "auto", *, aimed: bool = False) -> Rays:
    """The surfaces ready for rays; `backend` is "embree", "bvh" (own tree), "numpy" (brute force) or "auto" (the first that is installed).

    `aimed` is for rays that may run exactly at corners of the mesh: Embree then asks again about those it let through (see
    `rays.with_embree`). The result's `name` says which ran. Raises BackendError when one is asked for whose library is absent, RangeError
    for another name.
    """
    if backend not in ("auto", "embree", "bvh", "numpy"):
        raise RangeError("rays_for", "backend", repr(backend), "'embree', 'bvh', 'numpy' or 'auto'")
    if backend == "auto":
        found = [
            name for name, library in (("embree", "embreex"), ("bvh", "numba")) if importlib.util.find_spec(library)
        ]
        backend = (found or ["numpy"])[0]
    if backend == "numpy":
        return NumpyRays(surfaces.vertex_m, surfaces.triangle)
    if backend == "bvh":
        from whipple.vehicle.rays.with_numba_tree import TreeRays

        return TreeRays(surfaces.vertex_m, surfaces.triangle)
    from whipple.vehicle.rays.with_embree import EmbreeRays

    return EmbreeRays(surfaces.vertex_m, surfaces.triangle, aimed=aimed)


def blocked(
    surfaces: Surfaces,
    origin_m: npt.ArrayLike,
    direction_body: npt.ArrayLike,
    length_m: npt.ArrayLike = np.inf,
    *,
    backend: str = "auto",
) -> npt.NDArray[np.bool_]:
    """Does the stack stand in the way from each origin (n, 3) along each unit direction (n, 3), up to `length_m` (n,)?

    The ray looks between 1e-4 m and `length_m` minus 1e-4 m, so that neither end's own surface counts; an origin on a surface
    should be lifted off it along the normal by as much. Rays may be aimed at edges and corners of the mesh: none slips
    through. Source: geometry sheet, section 2.1.

    >>> from whipple.vehicle.surfaces import Part, Surfaces
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> one = Surfaces.from_triangles([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], [0], [plate])
    >>> blocked(one, [[0.2, 0.2, 1.0], [0.2, 0.2, 1.0]], [[0, 0, -1], [0, 0, -1]], [2.0, 0.5], backend="numpy").tolist()
    [True, False]
    """
    direction = np.atleast_2d(np.asarray(direction_body, dtype=float))
    origin = np.atleast_2d(np.asarray(origin_m, dtype=float))
    origin, direction = np.broadcast_arrays(origin, direction)
    length = np.asarray(length_m, dtype=float) - 2 * OFFSET_M
    return rays_for(surfaces, backend, aimed=True).any_hit(origin + OFFSET_M * direction, direction, length)


def open_share(
    surfaces: Surfaces, facets: npt.ArrayLike, directions: npt.ArrayLike, samples: int = 4, *, backend: str = "auto"
) -> Array:
    """The share of each facet (n_facet,) that looks out freely toward each unit direction (n_dir, 3): (n_facet, n_dir).

    Zero where the direction is behind the facet. `backend` as in `exposure_sums`. `samples` points a facet;
    error about 0.5 samples**-0.6 (sheet 3.1).

    >>> from whipple.vehicle.surfaces import Part, Surfaces
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> one = Surfaces.from_triangles([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], [0], [plate])
    >>> open_share(one, [0], [[0, 0, 1], [0, 0, -1]], backend="numpy").tolist()
    [[1.0, 0.0]]
    """
    chosen = np.asarray(facets, dtype=np.int64)
    toward = np.atleast_2d(np.asarray(directions, dtype=float))
    engine = fused_for(surfaces, backend, len(chosen) * samples * len(toward))
    if engine:
        starts = starts_of(surfaces, least=samples, per_m2=0.0, chosen=np.unique(chosen))
        job, share = job_of(engine, starts, toward), np.zeros((len(starts.facet), len(toward)))
        every_block(len(share), lambda blocks: engine.share_blocks(job, blocks, share))
        row = np.argsort(starts.facet)
        return np.asarray(share[row[np.searchsorted(starts.facet[row], chosen)]])
    spots = samples_on(surfaces, chosen, least=samples, most=samples)
    start = lifted(surfaces, spots)
    lit = surfaces.normal_body[spots.facet] @ toward.T > GRAZING
    point, way = np.nonzero(lit)
    free = np.zeros(lit.shape)
    free[point, way] = ~rays_for(surfaces, backend).any_hit(start[point], toward[way], np.inf)
    return free.reshape(len(chosen), samples, len(toward)).mean(axis=1)


def projected_area_m2(
    surfaces: Surfaces,
    direction_body: npt.ArrayLike,
    *,
    per_m2: float = 4.0,
    least: int = 1,
    most: int = 2000,
    backend: str = "auto",
) -> Array:
    """Exposed area as seen from each direction (n_dir, 3): sum of area times cosine over the unblocked facets. (n_dir,)

    Equals `silhouette_m2` for closed solids; that balance is the test of any mesh (geometry sheet, section 2.3).
    """
    rays = rays_for(surfaces, backend)
    spots = samples_on(surfaces, np.arange(len(surfaces.triangle)), least=least, per_m2=per_m2, most=most)
    weight, normal = surfaces.area_m2[spots.facet] * spots.share_frac, surfaces.normal_body[spots.facet]
    start = lifted(surfaces, spots)

    def one(direction: Array) -> float:
        cosine = normal @ direction
        lit = np.flatnonzero(cosine > GRAZING)
        free = ~rays.any_hit(start[lit], np.broadcast_to(direction, (len(lit), 3)), np.inf)
        return float((weight[lit] * cosine[lit])[free].sum())

    return np.array([one(way) for way in np.atleast_2d(np.asarray(direction_body, dtype=float))])


def silhouette_m2(
    surfaces: Surfaces, direction_body: npt.ArrayLike, *, across: int = 512, backend: str = "auto"
) -> Array:
    """Area of the shadow seen from each direction (n_dir, 3): `across`**2 parallel rays that only ask hit or miss. (n_dir,)

    Blind to normals, twins and winding. A grid shifted by an irrational step per row keeps straight edges from aliasing.
    """
    rays = rays_for(surfaces, backend)
    return np.array(
        [_shadow_m2(surfaces, rays, across, way) for way in np.atleast_2d(np.asarray(direction_body, dtype=float))]
    )


def _shadow_m2(surfaces: Surfaces, rays: Rays, across: int, direction: Array) -> float:
    first = np.cross(direction, np.eye(3)[np.abs(direction).argmin()])
    first /= np.linalg.norm(first)
    second = np.cross(direction, first)
    plane = surfaces.vertex_m @ np.column_stack([first, second])
    low, span = plane.min(axis=0), np.ptp(plane, axis=0)
    row, column = np.divmod(np.arange(across * across), across)
    u = low[0] + span[0] * (column + (row * R2_FIRST) % 1.0) / across
    v = low[1] + span[1] * (row + (column * R2_SECOND) % 1.0) / across
    above = float((surfaces.vertex_m @ direction).max()) + 1.0
    start = u[:, None] * first + v[:, None] * second + above * direction
    hit = rays.any_hit(start, np.broadcast_to(-direction, start.shape), np.inf)
    return float(hit.mean() * span[0] * span[1])
