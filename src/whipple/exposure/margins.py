"""What could not have been reached, and by how many degrees? Every source's directions against what each part looks out on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import Sky
from whipple.vehicle.sight import GRAZING, open_share
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Margin", "RESOLUTION_rad", "arrival_directions", "reach_margins", "suspect_spot"]

#: Directions in which a part is asked what it sees, and their mean spacing: no margin in a shadow is known better than that.
LOOKED = 6000
RESOLUTION_rad = float(np.sqrt(4 * np.pi / LOOKED))
#: Points on each triangle from which it looks, and pairs of triangle and direction asked at once.
POINTS, PAIRS_AT_ONCE = 4, 20_000_000


@dataclass(frozen=True)
class Margin:
    """One part (or spot) and one source. `reached_frac`: share of what the source sends toward the vehicle from directions that see some of the part.

    Where that is 0: `turn_rad` is the smallest turn that would bring any of its directions onto the part, `facing_rad` the part of it that
    is due to direction alone (exact); with `turn_rad` above `facing_rad` the rest stands in the way. Both 0 where the source reaches it;
    `turn_rad` infinite where the part sees nothing at all. `grazing`: the best of its directions runs along the surface, neither onto it nor
    behind it.
    """

    part: str
    source: str
    reached_frac: float
    turn_rad: float
    facing_rad: float
    grazing: bool = False

    @property
    def sentence(self) -> str:
        """In words, with the margin in degrees."""
        turn, facing = np.degrees(self.turn_rad), np.degrees(self.facing_rad)
        if self.reached_frac > 0:
            return (
                f"{self.source} can reach {self.part} from {100 * self.reached_frac:.0f} % of its directions (by flux)."
            )
        if not np.isfinite(turn):
            return f"{self.source} cannot reach {self.part}: the part sees nothing outside."
        shaded = turn - facing > np.degrees(RESOLUTION_rad)
        if self.grazing and not shaded:
            return f"{self.source} cannot reach {self.part}: at best it runs along the surface (grazing, by direction)."
        if shaded or facing <= 0:
            behind = f"{facing:.0f}° by direction, the rest by shadow"
            why = behind if facing > 0 or self.grazing else "the rest of the vehicle stands in the way"
            return f"{self.source} cannot reach {self.part}: out of reach by about {turn:.0f}° ({why})."
        return f"{self.source} cannot reach {self.part}: out of reach by {facing:.1f}° (by direction)."


def arrival_directions(sky: Sky) -> dict[str, tuple[Array, Array]]:
    """By source the LVLH directions (n, 3) from which it arrives, and their weights (n,): showers along their tracks, others by cell.

    A cell stands for what arrives up to 3.5 degrees from its centre (5 by 5 degrees): margins of sporadic sources and debris may be so
    much smaller.
    """
    found: dict[str, tuple[Array, Array]] = {}
    for stream in sky.streams:
        level = stream.flux_per_m2_s.sum(axis=1)
        if stream.kind != "shower" and level.any():
            found[stream.name] = (sky.direction_lvlh[level > 0], level[level > 0])
    for track in sky.showers:
        up = np.asarray(track.visible) > 0
        if up.any():
            found[track.name] = (track.arrival_dir_lvlh[up], np.asarray(track.visible, dtype=float)[up])
    return found


def suspect_spot(stack: Stack) -> npt.NDArray[np.int64]:
    """The triangles of the suspect part that face the best-guess normal of the hole best."""
    facets = stack.surfaces.of_part(stack.site_part)
    cosine = stack.surfaces.normal_body[facets] @ stack.site_normal_body[0]
    return facets[cosine > cosine.max() - 1e-6]


def reach_margins(
    stack: Stack,
    arrivals: dict[str, tuple[Array, Array]],
    places: Mapping[str, npt.NDArray[np.int64]],
    *,
    backend: str = "auto",
) -> tuple[Margin, ...]:
    """Every place (triangles by name) against every source, at the nominal attitude.

    A place is seen from a direction when any of `POINTS` points on any of its triangles is; margins in a shadow are good to
    `RESOLUTION_rad` (2.6 degrees) and too large rather than too small, those by direction alone are exact for the directions given.
    """
    look = _directions(LOOKED)
    found = []
    for name, facets in places.items():
        seen = _seen(stack.surfaces, facets, look, backend)
        free = cKDTree(look[seen]) if seen.any() else None
        normals = np.unique(stack.surfaces.normal_body[facets].round(9), axis=0)
        for source, (direction, weight) in arrivals.items():
            toward = direction @ stack.body_from_lvlh.T
            reached = _seen(stack.surfaces, facets, toward, backend)
            share = float(weight[reached].sum() / weight.sum())
            best = float(np.clip((toward @ normals.T).max(), -1.0, 1.0))
            grazing, facing = abs(best) <= GRAZING, float(max(0.0, -np.arcsin(best)))
            chord = float(np.min(free.query(toward)[0])) if free else np.inf
            turn = float(2 * np.arcsin(min(chord / 2, 1.0))) if free else np.inf
            found.append(
                Margin(name, source, share, 0.0, 0.0)
                if share > 0
                else Margin(name, source, 0.0, max(turn, facing), facing, grazing)
            )
    return tuple(found)


def _seen(surfaces: Surfaces, facets: npt.NDArray[np.int64], direction: Array, backend: str) -> npt.NDArray[np.bool_]:
    """Which directions (n, 3) see any of these triangles. (n,)"""
    seen = np.zeros(len(direction), dtype=bool)
    step = max(1, PAIRS_AT_ONCE // max(len(direction), 1))
    for begin in range(0, len(facets), step):
        seen |= open_share(surfaces, facets[begin : begin + step], direction, POINTS, backend=backend).any(axis=0)
    return seen


def _directions(count: int) -> Array:
    """Unit vectors spread evenly over the sphere (Fibonacci). (count, 3)"""
    step = np.arange(count) + 0.5
    z, turn = 1 - 2 * step / count, np.pi * (1 + np.sqrt(5.0)) * step
    level = np.sqrt(1 - z**2)
    return np.stack([level * np.cos(turn), level * np.sin(turn), z], axis=1)
