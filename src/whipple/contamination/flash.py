"""How much of a liquid boils off by its own heat when it meets the vacuum?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial.legendre import leggauss

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.physics.fluids import Fluid

__all__ = ["flash_frac", "flashed_frac"]

_NODE, _WEIGHT = leggauss(24)


def flashed_frac(
    heat_capacity_J_kgK: Callable[[Array], Array],
    vaporisation_J_kg: Callable[[Array], Array],
    from_K: float,
    to_K: float,
) -> float:
    """Share that has evaporated when an insulated liquid has cooled from one temperature to the other.

    x = 1 - exp(-integral of cp / h_fg dT) (thermal sheet, section 6); the two properties as functions of temperature.

    >>> round(flashed_frac(lambda T: 4000.0 + 0 * T, lambda T: 2.5e6 + 0 * T, 293.15, 273.15), 4)
    0.0315
    """
    if not 0 < to_K <= from_K:
        raise RangeError("flash fraction", "from_K, to_K", f"{from_K:g}, {to_K:g} K", "0 < to_K <= from_K")
    temperature = (from_K + to_K) / 2 + (from_K - to_K) / 2 * _NODE
    integral = (from_K - to_K) / 2 * np.sum(_WEIGHT * heat_capacity_J_kgK(temperature) / vaporisation_J_kg(temperature))
    return float(1.0 - np.exp(-integral))


def flash_frac(liquid: Fluid, from_K: float) -> float:
    """Share of a liquid that flashes on the way down to its triple point.

    Valid between triple point and `liquid.highest_K` (RangeError outside).

    >>> from whipple.physics.fluids import fluid
    >>> round(flash_frac(fluid("isooctane"), 293.0), 3)
    0.494
    """
    return flashed_frac(liquid.heat_capacity_J_kgK, liquid.heat_of_vaporisation_J_kg, from_K, liquid.triple_point_K)
