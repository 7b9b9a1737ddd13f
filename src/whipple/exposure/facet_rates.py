"""From sums of moments to means and spreads, for every facet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.exposure.risk import FacetRates, FacetRisk
from whipple.exposure.weights import sectors
from whipple.physics.frames import azimuth_elevation, direction_lvlh
from whipple.vehicle.stack import Stack

__all__ = ["facet_rates", "means", "worst_facets"]

#: Triangles that are named as those most at risk.
WORST = 10


def means(moments: Array) -> tuple[Array, Array, Array, Array]:
    """Mean and spread of speed (m/s) and of incidence (rad) from sums (..., 5) of number, speed, its square, incidence, its square.

    Zero where nothing arrives.

    >>> [float(x) for x in means(np.array([2.0, 6e3, 20e6, 1.0, 0.5]))]
    [3000.0, 1000.0, 0.5, 0.0]
    """
    number = np.where(moments[..., 0] > 0, moments[..., 0], 1.0)
    there = moments[..., 0] > 0
    speed, angle = (np.where(there, moments[..., at] / number, 0.0) for at in (1, 3))
    spread = [
        np.sqrt(np.maximum(np.where(there, moments[..., at] / number, 0.0) - mean**2, 0.0))
        for at, mean in ((2, speed), (4, angle))
    ]
    return speed, spread[0], angle, spread[1]


def facet_rates(by_facet: tuple[Array, Array, Array, Array]) -> FacetRates:
    """The rates of every facet from the blocks of its sums."""
    moments, _, sector, _ = by_facet
    strike, puncture = (np.ascontiguousarray(moments[:, :, kind].swapaxes(0, 1)) for kind in (0, 1))
    towards = direction_lvlh(*sectors().T)
    struck = sector[:, 0]
    total = struck.sum(axis=1, keepdims=True)
    mean = np.divide(struck @ towards, total, out=np.zeros((len(struck), 3)), where=total > 0)
    return FacetRates(strike[..., 0], puncture[..., 0], *means(strike), *means(puncture), mean)


def worst_facets(stack: Stack, rates: FacetRates, sources: tuple[str, ...], pierced: bool) -> tuple[FacetRisk, ...]:
    """The triangles with the highest puncture rate per m2 (`pierced`; else the highest strike rate), at most ten, highest first.

    Of a part's triangles that face the same way (a flat side) only the one with the highest rate is named, the largest of equal ones.
    """
    kind = "puncture" if pierced else "strike"
    by_source = rates.puncture_per_m2_s if pierced else rates.strike_per_m2_s
    total, area = by_source.sum(axis=0), stack.surfaces.area_m2
    level = np.round(np.log(np.where(total > 0, total, 1e-300)), 6)
    order: npt.NDArray[np.int64] = np.lexsort((-area, -level))
    speed, angle = getattr(rates, f"{kind}_speed_m_s"), getattr(rates, f"{kind}_incidence_rad")
    side = np.column_stack([stack.surfaces.part_index, np.round(stack.surfaces.normal_body, 3)])[order]
    _, first = np.unique(side, axis=0, return_index=True)
    return tuple(
        _one(stack, rates, sources, int(i), by_source[:, i], speed[:, i], angle[:, i])
        for i in order[np.sort(first)[:WORST]]
        if total[i] > 0
    )


def _one(
    stack: Stack, rates: FacetRates, sources: tuple[str, ...], at: int, brought: Array, speed: Array, angle: Array
) -> FacetRisk:
    surfaces, main = stack.surfaces, int(np.argmax(brought))
    azimuth, elevation = azimuth_elevation(surfaces.normal_body[at] @ stack.body_from_lvlh)
    x, y, z = (float(value) for value in surfaces.centroid_m[at])
    return FacetRisk(
        at, surfaces.parts[surfaces.part_index[at]].name, float(surfaces.area_m2[at]), (x, y, z), float(azimuth), float(elevation),
        float(rates.strike_per_m2_s[:, at].sum()), float(rates.puncture_per_m2_s[:, at].sum()), sources[main],
        float(brought[main] / brought.sum()), float(speed[main]), float(angle[main]),
    )  # fmt: skip
