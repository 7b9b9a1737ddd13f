"""Which surfaces matter, and where on each is the exposure worst? Facets, distances, angles and what stands between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.contamination.exits import Exits
from whipple.contamination.plume import CONE_HALF_ANGLE_rad, cone_per_sr, shape_per_sr
from whipple.vehicle.sight import blocked
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part

__all__ = ["Spot", "exposed_spots", "in_view", "reach_per_m2", "spray_per_m2"]

#: Parts whose function suffers from deposits: their names or materials.
_SENSITIVE = (("solar", "array"), ("radiator",), ("cupola", "window"))
_EXPONENT, _FLOOR = 1.0, 0.1
_TRIED, _PER_MODULE, _EXPOSED, _ALL = 8, 2, 6, 10


@dataclass(frozen=True)
class Spot:
    """The most exposed point of a part. Over the possible axes of the hole (n_axis,): `cosine_ratio` from the axis, `facing_ratio`, the
    cosine at the surface, `seen_frac` (1 when nothing stands between), source position relative to the spot `to_source_m` (n_axis, 3),
    and the share of the droplets that would arrive per m2 with nothing in the way, `spray_per_m2`. `wettest` is the place on the part
    where most droplets are to be expected, if that is another.
    """

    part: Part
    normal_body: Array
    distance_m: float
    cosine_ratio: Array
    facing_ratio: Array
    seen_frac: Array
    to_source_m: Array
    spray_per_m2: Array
    wettest: Spot | None = None

    @property
    def sensitive(self) -> bool:
        """Does a deposit harm its function?"""
        return self.kind >= 0

    @property
    def kind(self) -> int:
        """Array 0, radiator 1, window 2, none of them -1."""
        named = f"{self.part.name} {self.part.material}".lower()
        return next((kind for kind, words in enumerate(_SENSITIVE) if any(word in named for word in words)), -1)


def exposed_spots(stack: Stack, out: Exits) -> tuple[Spot, ...]:
    """Up to ten parts: the six most exposed (two a module), then the most exposed arrays, radiators and windows, one of each first.

    The part with the hole is left out (its stain is next to the hole itself).
    """
    spots = [spot for spot in _every_spot(stack, out) if spot.part.name != stack.site_part]
    ranked = sorted(spots, key=lambda spot: (-_exposure(spot, out.share_frac), spot.part.name))
    chosen: list[Spot] = []
    for spot in ranked:
        same = sum(other.part.module == spot.part.module for other in chosen)
        if len(chosen) < _EXPOSED and same < _PER_MODULE:
            chosen.append(spot)
    rest = [spot for spot in ranked if spot.sensitive and all(spot is not other for other in chosen)]
    firsts = [next((spot for spot in rest if spot.kind == kind), None) for kind in range(len(_SENSITIVE))]
    first = [spot for spot in firsts if spot is not None and all(spot.kind != other.kind for other in chosen)]
    others = [spot for spot in rest if all(spot is not other for other in first)]
    return tuple(chosen + (first + others)[: _ALL - len(chosen)])


def _exposure(spot: Spot, axis_frac: Array) -> float:
    reach = shape_per_sr(spot.cosine_ratio, _EXPONENT, _FLOOR) * np.maximum(spot.facing_ratio, 0.0) / spot.distance_m**2
    return float(axis_frac @ ((reach + spot.spray_per_m2) * (0.01 + 0.99 * spot.seen_frac)))


def reach_per_m2(stack: Stack, out: Exits, exponent: float, floor_frac: float) -> tuple[Array, Array, Array, Array]:
    """For every way out and facet (n_axis, n_facet): share of the vapour that would arrive per m2 with nothing in the way, cosine from
    the axis, cosine at the facet, and distance; for a cosine plume with floor.
    """
    surfaces, source = stack.surfaces, out.source_m
    toward = source[:, None, :] - surfaces.centroid_m
    distance = np.linalg.norm(toward, axis=2)
    facing = np.einsum("atc,tc->at", toward, surfaces.normal_body) / distance
    cosine = -np.einsum("atc,ac->at", toward, out.axis_body) / distance
    return shape_per_sr(cosine, exponent, floor_frac) * np.maximum(facing, 0.0) / distance**2, cosine, facing, distance


def spray_per_m2(stack: Stack, out: Exits) -> Array:
    """For every way out and facet (n_axis, n_facet): share of the droplets that would arrive per m2 with nothing in the way; they leave
    the hole itself, evenly in their cone.
    """
    surfaces = stack.surfaces
    toward = out.place_m[:, None, :] - surfaces.centroid_m
    distance = np.maximum(np.linalg.norm(toward, axis=2), 1e-3)
    facing = np.einsum("atc,tc->at", toward, surfaces.normal_body) / distance
    cosine = -np.einsum("atc,ac->at", toward, out.axis_body) / distance
    return np.asarray(cone_per_sr(cosine, CONE_HALF_ANGLE_rad) * np.maximum(facing, 0.0) / distance**2)


def _every_spot(stack: Stack, out: Exits) -> list[Spot]:
    """One spot a part that faces the source from some axis: its most exposed facet, those in view first, and the wettest one."""
    surfaces, count = stack.surfaces, len(stack.surfaces.parts)
    reach, cosine, facing, distance = reach_per_m2(stack, out, _EXPONENT, _FLOOR)
    spray = spray_per_m2(stack, out)
    both = reach + spray
    mean, wet = out.share_frac @ both, out.share_frac @ spray
    tried = np.unique(np.concatenate([_candidates(one, surfaces.part_index, count) for one in (mean, wet)]))
    seen = in_view(stack, out.source_m, tried)
    visible = out.share_frac @ (both[:, tried] * seen) + 1e-6 * mean[tried]
    drenched = out.share_frac @ (spray[:, tried] * seen)

    def spot(at: int) -> Spot:
        facet = tried[at]
        return Spot(
            surfaces.parts[surfaces.part_index[facet]], surfaces.normal_body[facet], float(distance[0, facet]), cosine[:, facet],
            facing[:, facet], seen[:, at], out.source_m - surfaces.centroid_m[facet], spray[:, facet],
        )  # fmt: skip

    spots = []
    for facets in _by_part(surfaces.part_index[tried], count):
        if len(facets):
            best, wettest = (int(facets[np.argmax(score[facets])]) for score in (visible, drenched))
            apart = wettest != best and drenched[wettest] > drenched[best]
            spots.append(replace(spot(best), wettest=spot(wettest) if apart else None))
    return spots


def _candidates(mean: Array, part_index: npt.NDArray[np.int64], part_count: int) -> npt.NDArray[np.int64]:
    """The facets to cast rays at: the few most exposed of each part."""
    kept = [facets[np.argsort(-mean[facets], kind="stable")[:_TRIED]] for facets in _by_part(part_index, part_count)]
    every = np.concatenate(kept)
    return every[mean[every] > 0]


def _by_part(part_index: npt.NDArray[np.int64], part_count: int) -> Sequence[npt.NDArray[np.int64]]:
    return [np.flatnonzero(part_index == part) for part in range(part_count)]


def in_view(stack: Stack, source_m: Array, facets: npt.NDArray[np.int64]) -> Array:
    """1 where nothing stands between source (n_axis, 3) and facet: (n_axis, n_facet)."""
    ends = stack.surfaces.centroid_m[facets]
    way = ends - source_m[:, None, :]
    length = np.linalg.norm(way, axis=2)
    start = np.broadcast_to(source_m[:, None, :], way.shape).reshape(-1, 3)
    stopped = blocked(stack.surfaces, start, (way / length[..., None]).reshape(-1, 3), length.reshape(-1))
    return 1.0 - stopped.reshape(length.shape)
