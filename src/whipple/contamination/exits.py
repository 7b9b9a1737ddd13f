"""Where does the jet leave the stack, and which way? For every possible normal of the hole the wall that faces that way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.vehicle.sight import blocked
from whipple.vehicle.stack import Stack

__all__ = ["Exits", "SOURCE_OFFSET_m", "exits_of"]

#: The vapour leaves the jet within its first metre or two (droplets fly about 30 m/s and cool within 10-100 ms): the source is
#: put this far out along the hole's axis.
SOURCE_OFFSET_m = Cited(0.3, unit="m", source="contamination_proposal", grade="proposal")
_LIFT_m, _SAME = 1e-3, 1e-6


@dataclass(frozen=True)
class Exits:
    """Open ways out: the hole's place `place_m` (n, 3) and axis `axis_body` (n, 3) with weights `share_frac` (n,) that add to 1.

    `closed_frac` is the weight of possible axes that lead straight into structure and were left out; with all closed n is 0.
    """

    place_m: Array
    axis_body: Array
    share_frac: Array
    closed_frac: float

    @property
    def source_m(self) -> Array:
        """Where the vapour seems to come from (n, 3)."""
        return np.asarray(self.place_m + SOURCE_OFFSET_m * self.axis_body)


def exits_of(stack: Stack) -> Exits:
    """The ways out of this stack. A way is closed where no face of the site's part looks along it, or something stands within 0.3 m."""
    axes = np.atleast_2d(np.asarray(stack.site_normal_body, dtype=float))
    weight = np.asarray(stack.site_normal_frac, dtype=float) / np.sum(stack.site_normal_frac)
    place = np.array([_place(stack, axis) for axis in axes])
    lost = np.isnan(place).any(axis=1)
    start = np.where(lost[:, None], stack.site_m, place) + _LIFT_m * axes
    closed = lost | blocked(stack.surfaces, start, axes, np.full(len(axes), float(SOURCE_OFFSET_m)))
    left = weight[~closed]
    return Exits(place[~closed], axes[~closed], left / max(left.sum(), 1e-300), float(weight[closed].sum()))


def _place(stack: Stack, axis: Array) -> Array:
    """Middle of those facets of the site's part that face the axis best; NaN where all look away."""
    facets = stack.surfaces.of_part(stack.site_part)
    if not len(facets):
        return np.asarray(stack.site_m, dtype=float)
    cosine = stack.surfaces.normal_body[facets] @ axis
    if cosine.max() <= _SAME:
        return np.full(3, np.nan)
    facing = facets[cosine > cosine.max() - _SAME]
    middle: Array = np.average(stack.surfaces.centroid_m[facing], axis=0, weights=stack.surfaces.area_m2[facing])
    return middle
