"""From sums of moments to means and spreads, for every facet."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array
from whipple.exposure.risk import FacetRates
from whipple.exposure.weights import sectors
from whipple.physics.frames import direction_lvlh

__all__ = ["facet_rates", "means"]


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
