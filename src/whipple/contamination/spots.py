"""Which surfaces matter, and where on each is the exposure worst? Facets, distances, angles and what stands between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.contamination.plume import shape_per_sr
from whipple.physics.cited import Cited
from whipple.vehicle.sight import blocked
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part

__all__ = ["SOURCE_OFFSET_m", "Spot", "exposed_spots"]

#: The vapour leaves the jet within its first metre or two (droplets fly about 30 m/s and cool within 10-100 ms): the source is
#: put this far out along the hole's axis.
SOURCE_OFFSET_m = Cited(0.3, unit="m", source="contamination_proposal", grade="proposal")
#: Parts whose function suffers from deposits: their names or materials.
_SENSITIVE = (("solar", "array"), ("radiator",), ("cupola", "window"))
_EXPONENT, _FLOOR = 1.0, 0.1
_TRIED, _PER_MODULE, _EXPOSED, _ALL = 8, 2, 6, 10


@dataclass(frozen=True)
class Spot:
    """The most exposed point of a part. Over the possible axes of the hole (n_axis,): `cosine_ratio` from the axis, `facing_ratio`, the
    cosine at the surface, `seen_frac` (1 when nothing stands between), source position relative to the spot `to_source_m` (n_axis, 3).
    """

    part: Part
    normal_body: Array
    distance_m: float
    cosine_ratio: Array
    facing_ratio: Array
    seen_frac: Array
    to_source_m: Array

    @property
    def sensitive(self) -> bool:
        """Does a deposit harm its function?"""
        return self.kind >= 0

    @property
    def kind(self) -> int:
        """Array 0, radiator 1, window 2, none of them -1."""
        named = f"{self.part.name} {self.part.material}".lower()
        return next((kind for kind, words in enumerate(_SENSITIVE) if any(word in named for word in words)), -1)


def exposed_spots(stack: Stack) -> tuple[Spot, ...]:
    """Up to ten parts: the six most exposed (two a module), then the most exposed arrays, radiators and windows, one of each first.

    The part with the hole is left out (its stain is next to the hole itself).
    """
    spots = [spot for spot in _every_spot(stack) if spot.part.name != stack.site_part]
    ranked = sorted(spots, key=lambda spot: (-_exposure(spot, stack.site_normal_frac), spot.part.name))
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
    return float(axis_frac @ (reach * (0.01 + 0.99 * spot.seen_frac)))


def _every_spot(stack: Stack) -> list[Spot]:
    """One spot a part that faces the source from some axis: its most exposed facet, those in view first."""
    surfaces, axes = stack.surfaces, np.atleast_2d(stack.site_normal_body)
    source = stack.site_m + SOURCE_OFFSET_m * axes
    toward = source[:, None, :] - surfaces.centroid_m
    distance = np.linalg.norm(toward, axis=2)
    facing = np.einsum("atc,tc->at", toward, surfaces.normal_body) / distance
    cosine = -np.einsum("atc,ac->at", toward, axes) / distance
    reach = shape_per_sr(cosine, _EXPONENT, _FLOOR) * np.maximum(facing, 0.0) / distance**2
    mean = stack.site_normal_frac @ reach
    tried = _candidates(mean, surfaces.part_index, len(surfaces.parts))
    seen = _in_view(stack, source, tried)
    spots = []
    for part, facets in enumerate(_by_part(surfaces.part_index[tried], len(surfaces.parts))):
        if len(facets):
            visible = stack.site_normal_frac @ (reach[:, tried[facets]] * seen[:, facets])
            best = facets[int(np.argmax(visible + 1e-6 * mean[tried[facets]]))]
            facet = tried[best]
            spots.append(
                Spot(
                    surfaces.parts[part], surfaces.normal_body[facet], float(distance[0, facet]),
                    cosine[:, facet], facing[:, facet], seen[:, best], toward[:, facet],
                )
            )  # fmt: skip
    return spots


def _candidates(mean: Array, part_index: npt.NDArray[np.int64], part_count: int) -> npt.NDArray[np.int64]:
    """The facets to cast rays at: the few most exposed of each part."""
    kept = [facets[np.argsort(-mean[facets], kind="stable")[:_TRIED]] for facets in _by_part(part_index, part_count)]
    every = np.concatenate(kept)
    return every[mean[every] > 0]


def _by_part(part_index: npt.NDArray[np.int64], part_count: int) -> Sequence[npt.NDArray[np.int64]]:
    return [np.flatnonzero(part_index == part) for part in range(part_count)]


def _in_view(stack: Stack, source_m: Array, facets: npt.NDArray[np.int64]) -> Array:
    """1 where nothing stands between source (n_axis, 3) and facet: (n_axis, n_facet)."""
    ends = stack.surfaces.centroid_m[facets]
    way = ends - source_m[:, None, :]
    length = np.linalg.norm(way, axis=2)
    start = np.broadcast_to(source_m[:, None, :], way.shape).reshape(-1, 3)
    stopped = blocked(stack.surfaces, start, (way / length[..., None]).reshape(-1, 3), length.reshape(-1))
    return 1.0 - stopped.reshape(length.shape)
