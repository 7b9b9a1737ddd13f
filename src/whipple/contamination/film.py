"""How fast does a surface of liquid evaporate, and how long does a film last?"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from whipple.errors import RangeError
from whipple.physics.fluids import Fluid

__all__ = ["Liquid", "density_kg_m3", "evaporation_kg_m2_s", "film_life_s"]


class Liquid(Protocol):
    """What a liquid must answer to evaporate: a `Fluid`, or `SUPERCOOLED_WATER`."""

    @property
    def triple_point_K(self) -> float:
        """Where it freezes."""
        ...

    @property
    def highest_K(self) -> float:
        """How far up its properties go."""
        ...

    @property
    def gas_constant_J_kgK(self) -> float:
        """Of the vapour."""
        ...

    def density_kg_m3(self, temperature_K: float) -> float:
        """Of the liquid."""
        ...

    def heat_capacity_J_kgK(self, temperature_K: float) -> float:
        """Of the liquid."""
        ...

    def heat_of_vaporisation_J_kg(self, temperature_K: float) -> float:
        """Of the liquid."""
        ...

    def vapour_pressure_Pa(self, temperature_K: float) -> float:
        """Over the liquid."""
        ...


def evaporation_kg_m2_s(liquid: Liquid, temperature_K: float, accommodation_frac: float = 1.0) -> float:
    """Hertz-Knudsen rate into vacuum: alpha psat(T) sqrt(M / (2 pi R T)) [kg/m2/s] (thermal sheet, section 10).

    Below the triple point the vapour pressure is that of the frozen solid.

    >>> from whipple.physics.fluids import fluid
    >>> round(evaporation_kg_m2_s(fluid("isooctane"), 200.0), 4)
    0.0109
    """
    if not 0 < accommodation_frac <= 1:
        raise RangeError("evaporation", "accommodation_frac", accommodation_frac, "above 0, up to 1")
    pressure = liquid.vapour_pressure_Pa(temperature_K)
    return float(accommodation_frac * pressure / np.sqrt(2 * np.pi * liquid.gas_constant_J_kgK * temperature_K))


def density_kg_m3(liquid: Fluid, temperature_K: float) -> float:
    """Density of liquid or frozen film [kg/m3]; outside the fit the value at its nearer end stands (a few per cent off)."""
    return float(liquid.density_kg_m3(float(np.clip(temperature_K, liquid.triple_point_K, liquid.highest_K))))


def film_life_s(
    liquid: Fluid, temperature_K: float, thickness_m: float = 1e-6, accommodation_frac: float = 1.0
) -> float:
    """Life of a film of pure liquid on a surface that keeps its temperature [s].

    From `liquid.lowest_solid_K` to the top of its vapour pressure (RangeError outside), thickness above 0.

    >>> from whipple.physics.fluids import fluid
    >>> round(film_life_s(fluid("isooctane"), 200.0), 3)
    0.07
    """
    if not thickness_m > 0:
        raise RangeError("film life", "thickness_m", thickness_m, "above 0")
    return (
        thickness_m
        * density_kg_m3(liquid, temperature_K)
        / evaporation_kg_m2_s(liquid, temperature_K, accommodation_frac)
    )
