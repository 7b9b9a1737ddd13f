"""How much water can the air hold, and what condenses on a cold wall?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited

__all__ = [
    "AIR_J_M3K",
    "ICE_POINT_K",
    "VAPORISATION_J_KG",
    "WATER_J_KGK",
    "mass_transfer_m_s",
    "saturation_Pa",
    "saturation_kg_m3",
]

WATER_J_KGK = Cited(461.523, unit="J/kg/K", source="thermal_sheet", grade="computed")
#: Heat of vaporisation of water at 303 K (leak sheet, section 5.2).
VAPORISATION_J_KG = Cited(2429.8e3, unit="J/kg", source="leak_sheet", grade="computed")
#: Volumetric heat capacity of cabin air: 4 m3 hold 4.8 kJ/K (thermal sheet, section 5).
AIR_J_M3K = Cited(1200.0, unit="J/m^3/K", source="thermal_sheet", grade="computed")
MAGNUS_Pa = Cited(611.2, unit="Pa", source="wmo_magnus", grade="recalled")
MAGNUS_SLOPE = Cited(17.62, unit="", source="wmo_magnus", grade="recalled")
MAGNUS_OFFSET_K = Cited(243.12, unit="K", source="wmo_magnus", grade="recalled")
ICE_POINT_K = Cited(273.15, unit="K", source="codata2018", grade="official")
#: Le^(2/3) of water vapour in air, the ratio of heat to mass transfer (Lewis relation).
LEWIS_POWER = Cited(0.89, unit="", source="lewis_relation", grade="recalled")


def saturation_Pa(temperature_K: npt.ArrayLike) -> Array:
    """Saturation vapour pressure over liquid water [Pa], Magnus form, 233 to 333 K (0.3 % of the water table at 293 K).

    >>> round(float(saturation_Pa(303.15)))
    4234
    """
    celsius = np.asarray(temperature_K, dtype=float) - ICE_POINT_K
    return MAGNUS_Pa * np.exp(MAGNUS_SLOPE * celsius / (MAGNUS_OFFSET_K + celsius))


def saturation_kg_m3(temperature_K: npt.ArrayLike) -> Array:
    """Water vapour density at saturation [kg/m3], 233 to 333 K: sheet section 5 has 17.24, 30.26, 50.98 g/m3 at 20, 30, 40 degC.

    >>> round(float(saturation_kg_m3(303.15)) * 1e3, 2)
    30.26
    """
    return saturation_Pa(temperature_K) / (WATER_J_KGK * np.asarray(temperature_K, dtype=float))


def mass_transfer_m_s(film_W_m2K: npt.ArrayLike) -> Array:
    """Mass transfer coefficient of vapour [m/s] beside a heat film coefficient [W/m2/K] (Lewis relation).

    >>> round(float(mass_transfer_m_s(5.0)), 5)
    0.00468
    """
    return np.asarray(film_W_m2K, dtype=float) / (AIR_J_M3K * LEWIS_POWER)
