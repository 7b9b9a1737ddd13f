"""How much reaches every facet from all directions at once? Weights summed over the unblocked directions; nothing is kept per ray."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.vehicle.fused import FusedRays, every_block, fused_for, job_of
from whipple.vehicle.sight import GRAZING, rays_for
from whipple.vehicle.starts import Starts, moved_out, starts_of
from whipple.vehicle.surfaces import Surfaces

__all__ = ["exposure_sums"]

#: Rays handled at once where a ray library takes and returns arrays.
RAYS_AT_ONCE = 500_000
_Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Weighing:
    """What a free direction brings: `weight` (n_wall, n_dir, n_node, n_channel) at the cosines `cos_node` (n_node,); `wall` (n_facet,)."""

    direction: Array
    weight: Array
    cos_node: Array
    wall: _Index


def exposure_sums(
    surfaces: Surfaces,
    directions_body: npt.ArrayLike,
    weights: npt.ArrayLike,
    wall_of_facet: npt.ArrayLike,
    *,
    cos_nodes: npt.ArrayLike,
    origins_per_facet: int = 1,
    origins_per_m2: float = 2.0,
    two_sided: bool = False,
    backend: str = "auto",
    threads: int | None = None,
) -> Array:
    """E[f, c] = sum over directions d of V(f, d) cos(f, d) W[wall_of_facet[f], d, c](cos): what reaches each facet. (n_facet, n_channel)

    `directions_body` (n_dir, 3) are unit vectors from which things arrive; `weights` (n_wall, n_dir, n_node, n_channel) in any unit, linear
    between the cosines of incidence `cos_nodes` (n_node,), which must rise from 0 to 1 (one node alone: no dependence on incidence).
    V is the share of the facet's origins with a free view: `origins_per_facet` each, or `origins_per_m2` where that is more. Directions
    within 1e-4 of the facet's plane bring nothing. `two_sided` counts the back of every facet too and moves each facet 0.2 mm along its own
    normal, so that of two coincident opposite sheets each hides the other's back; leave it off for surfaces that hold their backs already
    (`hygiene.with_backs`). The result does not depend on `threads` (None: all cores). Raises RangeError for arguments that do not fit.
    Source: geometry sheet, sections 1.3, 2.3, 3.1.

    >>> from whipple.vehicle.surfaces import Part
    >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    >>> one = Surfaces.from_triangles([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], [0], [plate])
    >>> exposure_sums(one, [[0, 0.6, 0.8], [0, 0, -1]], np.ones((1, 2, 1, 1)), [0], cos_nodes=[0.0], backend="numpy").tolist()
    [[0.8]]
    """
    weighing = _weighing(surfaces, directions_body, weights, wall_of_facet, cos_nodes)
    if origins_per_facet < 1:
        raise RangeError("exposure_sums", "origins_per_facet", origins_per_facet, "1 or more")
    if threads is not None and threads < 1:
        raise RangeError("exposure_sums", "threads", threads, "1 or more, or None for all cores")
    scene = moved_out(surfaces) if two_sided else surfaces
    starts = starts_of(scene, least=origins_per_facet, per_m2=origins_per_m2, two_sided=two_sided)
    engine = fused_for(scene, backend, len(starts.origin_m) * len(weighing.direction))
    per_side = _fused(engine, starts, weighing, threads) if engine else _with_arrays(scene, backend, starts, weighing)
    total = np.zeros((len(surfaces.triangle), per_side.shape[1]))
    for half in np.split(np.arange(len(starts.facet)), 2 if two_sided else 1):
        total[starts.facet[half]] += per_side[half]
    return total


def _weighing(
    surfaces: Surfaces,
    directions_body: npt.ArrayLike,
    weights: npt.ArrayLike,
    wall_of_facet: npt.ArrayLike,
    cos_nodes: npt.ArrayLike,
) -> Weighing:
    direction = np.ascontiguousarray(np.atleast_2d(np.asarray(directions_body, dtype=float)))
    weight = np.ascontiguousarray(weights, dtype=float)
    node, wall = np.atleast_1d(np.asarray(cos_nodes, dtype=float)), np.ascontiguousarray(wall_of_facet, dtype=np.int64)
    if direction.shape[1:] != (3,) or not np.allclose(np.linalg.norm(direction, axis=1), 1.0, atol=1e-6):
        raise RangeError("exposure_sums", "directions_body", f"an array {direction.shape}", "unit vectors (n, 3)")
    if weight.ndim != 4 or weight.shape[1:3] != (len(direction), len(node)):
        expected = f"(n_wall, {len(direction)}, {len(node)}, n_channel)"
        raise RangeError("exposure_sums", "weights", f"an array {weight.shape}", expected)
    if not np.isfinite(weight).all():
        raise RangeError("exposure_sums", "weights", "nan or infinite entries", "finite numbers")
    if len(node) > 1 and not (node[0] == 0 and node[-1] == 1 and (np.diff(node) > 0).all()):
        raise RangeError("exposure_sums", "cos_nodes", node.tolist(), "cosines rising from 0 to 1, or one alone")
    if wall.shape != (len(surfaces.triangle),) or (len(wall) and not 0 <= wall.min() <= wall.max() < len(weight)):
        expected = f"{len(surfaces.triangle)} indices from 0 to {len(weight) - 1}"
        raise RangeError("exposure_sums", "wall_of_facet", f"an array {wall.shape}", expected)
    return Weighing(direction, weight, node, wall)


def _fused(engine: FusedRays, starts: Starts, weighing: Weighing, threads: int | None) -> Array:
    """The sums of every side, by compiled loops over blocks of neighbours. (n_side, n_channel)"""
    from whipple.vehicle.rays import with_numba

    job = job_of(engine, starts, weighing.direction)
    told = with_numba.Weighing(weighing.wall[starts.facet], weighing.weight, weighing.cos_node)
    total = np.zeros((len(starts.facet), weighing.weight.shape[3]))
    every_block(len(starts.facet), lambda blocks: engine.sum_blocks(job, blocks, told, total), threads)
    return total


def _with_arrays(surfaces: Surfaces, backend: str, starts: Starts, weighing: Weighing) -> Array:
    """The sums of every side through a ray library that takes and returns arrays, some origins at a time. (n_side, n_channel)"""
    total = np.zeros((len(starts.facet), weighing.weight.shape[3]))
    if not len(total):
        return total
    rays, side, share = rays_for(surfaces, backend), starts.side, 1.0 / np.diff(starts.first)
    step = max(1, RAYS_AT_ONCE // max(1, len(weighing.direction)))
    for begin in range(0, len(side), step):
        here = side[begin : begin + step]
        cosine = np.minimum(starts.normal_body[here] @ weighing.direction.T, 1.0)
        spot, way = np.nonzero(cosine > GRAZING)
        free = ~rays.any_hit(starts.origin_m[begin + spot], weighing.direction[way], np.inf)
        spot, way = spot[free], way[free]
        sides = slice(here[0], here[-1] + 1)
        total[sides] += _brought(weighing, starts.facet[sides], here[spot] - here[0], way, cosine[spot, way])
    return total * share[:, None]


def _brought(weighing: Weighing, facet: _Index, side: _Index, way: _Index, cosine: Array) -> Array:
    """The sums of some sides over their free rays: cosine times weight at that cosine. (n_side, n_channel)

    The weights lie between two nodes of the cosine: a sparse matrix of the shares of the nodes, times all weights.
    """
    node, (_, way_count, node_count, channel_count) = weighing.cos_node, weighing.weight.shape
    row = (weighing.wall[facet[side]] * way_count + way) * node_count
    amount = cosine
    if node_count > 1:
        low = np.clip(np.searchsorted(node, cosine, side="right") - 1, 0, node_count - 2)
        part = (cosine - node[low]) / (node[low + 1] - node[low])
        amount, row = np.concatenate([cosine * (1 - part), cosine * part]), np.concatenate([row + low, row + low + 1])
        side = np.concatenate([side, side])
    flat = weighing.weight.reshape(-1, channel_count)
    return np.asarray(csr_array((amount, (side, row)), shape=(len(facet), len(flat))) @ flat)
