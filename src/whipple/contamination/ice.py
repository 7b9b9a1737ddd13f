"""How long does a droplet last that froze? Ice keeps going: first it gives off its heat of fusion, then it thins in the light.

mass after freezing = mass exp(-L_fusion / h_sublimation);   -dr/dt = q / (rho h_sublimation)  at the temperature where j h = q
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from whipple.contamination.droplet import DropletLife
from whipple.contamination.film import evaporation_kg_m2_s
from whipple.errors import RangeError
from whipple.physics.fluids import Fluid

__all__ = ["IceGrain", "ice_grain"]


@dataclass(frozen=True)
class IceGrain:
    """A frozen droplet: the share `mass_frac` of the released mass that is ice, the temperature at which it settles and its life as ice."""

    mass_frac: float
    temperature_K: float
    life_s: float


def ice_grain(liquid: Fluid, life: DropletLife, diameter_m: float, flux_W_m2: float) -> IceGrain:
    """What becomes of a droplet after it froze, absorbing `flux_W_m2` per m2 of its surface (above 0).

    Ice is given the density of the liquid at its triple point (up to 10 % off). Where the solid's vapour pressure is not known far enough
    down, the temperature is the lowest known one, an upper bound. RangeError for a droplet that did not freeze.

    >>> from whipple.contamination.droplet import evaporate_droplet
    >>> from whipple.physics.fluids import fluid
    >>> cold = evaporate_droplet(fluid("isooctane"), 1e-3, 20.0)
    >>> grain = ice_grain(fluid("isooctane"), cold, 1e-3, 20.0)
    >>> cold.freezes, round(grain.mass_frac, 2), round(grain.temperature_K), round(grain.life_s / 60)
    (True, 0.41, 164, 107)
    """
    if not life.freezes or not flux_W_m2 > 0:
        raise RangeError(
            "ice grain",
            "life, flux_W_m2",
            f"freezes: {life.freezes}, {flux_W_m2:g} W/m2",
            "a droplet that froze, flux above 0",
        )
    sublimation = liquid.heat_of_vaporisation_J_kg(liquid.triple_point_K) + liquid.heat_of_fusion_J_kg
    left = float(life.mass_frac[-1]) * float(np.exp(-liquid.heat_of_fusion_J_kg / sublimation))
    start_K = float(life.temperature_K[0])
    dense = liquid.density_kg_m3(liquid.triple_point_K)
    radius = diameter_m / 2 * (left * liquid.density_kg_m3(start_K) / dense) ** (1 / 3)
    return IceGrain(left, _settled_K(liquid, flux_W_m2, sublimation), float(dense * radius * sublimation / flux_W_m2))


def _settled_K(liquid: Fluid, flux_W_m2: float, sublimation_J_kg: float) -> float:
    def surplus(kelvin: float) -> float:
        return float(np.log(evaporation_kg_m2_s(liquid, kelvin) * sublimation_J_kg / flux_W_m2))

    low, high = liquid.lowest_solid_K, liquid.triple_point_K
    if low >= high or surplus(low) > 0:
        return float(low)
    return float(high) if surplus(high) < 0 else float(brentq(surplus, low, high))
