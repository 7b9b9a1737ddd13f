"""Flashing choked flow of a saturated or subcooled liquid: the omega method, which is the homogeneous-equilibrium model in one number.

J. C. Leung and M. A. Grolmes, AIChE J. 34 (1988) 688; saturated inlet J. C. Leung, AIChE J. 32 (1986) 1743; printed in API Standard 520-1,
annex C.2. Vapour and liquid at one speed and one temperature. It does not claim anything for thin plates, where liquid leaves metastable.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq

from whipple.errors import RangeError
from whipple.physics.fluids import Fluid

__all__ = ["critical_ratio", "flux_kg_m2s", "omega_ratio"]


def omega_ratio(fluid: Fluid, temperature_K: float) -> float:
    """omega = rho cp T psat (v_vapour - v_liquid)^2 / h_fg^2 of a saturated liquid [-]; the vapour is taken ideal.

    >>> from whipple.physics.fluids import fluid
    >>> round(omega_ratio(fluid("isooctane"), 293.15))
    385
    """
    kelvin = float(temperature_K)
    pressure, density = fluid.vapour_pressure_Pa(kelvin), fluid.density_kg_m3(kelvin)
    apart = fluid.gas_constant_J_kgK * kelvin / pressure - 1 / density
    heat = fluid.heat_capacity_J_kgK(kelvin)
    return float(density * heat * kelvin * pressure * (apart / fluid.heat_of_vaporisation_J_kg(kelvin)) ** 2)


def critical_ratio(omega: float, saturation_ratio: float) -> float:
    """Pressure in the choked throat over the inlet pressure; `saturation_ratio` is psat over the inlet pressure (1: saturated).

    Subcooled beyond 2 omega/(1 + 2 omega) the throat stands at the vapour pressure.

    >>> round(critical_ratio(1.481, 1.0), 2)
    0.66
    """
    if omega <= 0 or not 0 < saturation_ratio <= 1:
        found = f"{omega:g}, {saturation_ratio:g}"
        raise RangeError("omega method", "omega, saturation_ratio", found, "above zero, and above zero to one")
    if saturation_ratio <= 2 * omega / (1 + 2 * omega):
        return saturation_ratio

    def slope(ratio: float) -> float:
        bent = (omega + 1 / omega - 2) / (2 * saturation_ratio) * ratio**2 - 2 * (omega - 1) * ratio
        return bent + omega * saturation_ratio * math.log(ratio / saturation_ratio) + 1.5 * omega * saturation_ratio - 1

    return float(brentq(slope, 1e-9, saturation_ratio, xtol=1e-14))


def flux_kg_m2s(pressure_Pa: float, saturation_Pa: float, density_kg_m3: float, omega: float) -> float:
    """Ideal choked mass flux into vacuum [kg/m2/s] of a liquid at or above its vapour pressure.

    Propane of API 520-1, example C.2.3: 134.5 mm2 pass 378.5 L/min with a coefficient of 0.65.

    >>> flux = flux_kg_m2s(20.733e5, 7.419e5, 511.3, 9 * (511.3 / 262.7 - 1))
    >>> round(378.5e-3 / 60 * 511.3 / (0.65 * flux) * 1e6, 1)
    134.5
    """
    start = min(saturation_Pa / pressure_Pa, 1.0)
    throat = critical_ratio(omega, start)
    grown = omega * (start / throat - 1) + 1
    work = (1 - start) + omega * start * math.log(start / throat) - (omega - 1) * (start - throat)
    return math.sqrt(2 * work * pressure_Pa * density_kg_m3) / grown
