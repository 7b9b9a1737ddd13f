"""How long does a molecule stay on a surface, and does what arrives build up or leave again?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.contamination.film import density_kg_m3, evaporation_kg_m2_s
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import GAS_CONSTANT_J_molK
from whipple.physics.fluids import Fluid

__all__ = ["Film", "RESIDUE_kg_m3", "coverage_kg_m2", "film_under", "residence_s"]

RESIDUE_kg_m3 = Cited(1000.0, unit="kg/m^3", source="contamination_proposal", grade="proposal")
#: Time of one vibration of a molecule on a surface.
VIBRATION_s = Cited(1e-13, unit="s", source="thermal_sheet", grade="recalled")


@dataclass(frozen=True)
class Film:
    """What stands on a surface after a time: `thickness_m`, whether it `grows`, what leaves again `leaving_kg_m2_s`, and how long the
    last of it takes to go once nothing arrives, `clearing_s`."""

    thickness_m: float
    grows: bool
    leaving_kg_m2_s: float
    clearing_s: float


def residence_s(binding_J_mol: float, temperature_K: float, vibration_s: float = VIBRATION_s) -> float:
    """Mean stay of a single molecule: tau0 exp(Ea / R T) (thermal sheet, section 11).

    >>> f"{residence_s(35e3, 200.0):.1e}"
    '1.4e-04'
    """
    if not (binding_J_mol >= 0 and temperature_K > 0 and vibration_s > 0):
        raise RangeError(
            "residence", "binding_J_mol, temperature_K", f"{binding_J_mol:g}, {temperature_K:g}", "0 or more, above 0 K"
        )
    return float(vibration_s * np.exp(binding_J_mol / (GAS_CONSTANT_J_molK * temperature_K)))


def coverage_kg_m2(
    arrival_kg_m2_s: float, residence_time_s: float, after_s: float, sticking_frac: float = 1.0
) -> float:
    """Mass on the surface below one layer: S Phi tau (1 - exp(-t / tau)), the solution of dm/dt = S Phi - m / tau.

    >>> coverage_kg_m2(1e-6, 2.0, 1e9)
    2e-06
    """
    if arrival_kg_m2_s < 0 or not residence_time_s > 0 or after_s < 0 or not 0 <= sticking_frac <= 1:
        raise RangeError(
            "coverage", "arrival_kg_m2_s, residence_time_s, after_s, sticking_frac", "a value out of range",
            "0 or more, above 0, 0 or more, 0 to 1",
        )  # fmt: skip
    return float(-sticking_frac * arrival_kg_m2_s * residence_time_s * np.expm1(-after_s / residence_time_s))


def film_under(
    liquid: Fluid, temperature_K: float, arrival_kg_m2_s: float, after_s: float, sticking_frac: float = 1.0
) -> Film:
    """The film of pure liquid on a surface at this temperature under a steady arrival.

    It grows only where more arrives than evaporates (Hertz-Knudsen); else less than a layer stands, by the residence time with the
    heat of vaporisation as the binding energy.

    >>> from whipple.physics.fluids import fluid
    >>> warm, cold = (film_under(fluid("isooctane"), kelvin, 1e-4, 3600.0) for kelvin in (250.0, 140.0))
    >>> warm.grows, cold.grows, f"{cold.thickness_m * 1e6:.0f} um"
    (False, True, '452 um')
    """
    leaving = evaporation_kg_m2_s(liquid, temperature_K)
    net, dense = sticking_frac * arrival_kg_m2_s - leaving, density_kg_m3(liquid, temperature_K)
    if net > 0:
        thickness = net * after_s / dense
        return Film(thickness, True, leaving, thickness * dense / leaving)
    stay = residence_s(liquid.heat_of_vaporisation_J_kg(temperature_K) * liquid.molar_mass_kg_mol, temperature_K)
    thickness = coverage_kg_m2(arrival_kg_m2_s, stay, after_s, sticking_frac) / dense
    return Film(thickness, False, sticking_frac * arrival_kg_m2_s, stay)
