"""Kitamura, Morimitsu and Takahashi: does a superheated jet shatter by boiling when it meets a low pressure?

Two criteria go by this name and are recalled, not read: one by the inertia of the vapour (We_v phi > 400, leak sheet 3.6), one by the heat
at hand (Ja phi > 100 We_v^(-1/7)); phi = 1 - exp(-2300 rho_v / rho_l) counts how much vapour there is to blow the jet apart.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited

__all__ = ["shatter_by_heat_ratio", "shatter_by_inertia_ratio", "vapour_weight"]

DENSITY_FACTOR = Cited(2300.0, unit="", source="kitamura1986", grade="recalled")
INERTIA_LIMIT = Cited(400.0, unit="", source="leak_sheet", grade="recalled")
HEAT_LIMIT = Cited(100.0, unit="", source="kitamura1986", grade="recalled")
HEAT_POWER = Cited(1 / 7, unit="", source="kitamura1986", grade="recalled")


def vapour_weight(vapour_kg_m3: npt.ArrayLike, liquid_kg_m3: npt.ArrayLike) -> Array:
    """phi, from 0 for a thin vapour (water at room temperature) to 1 for a dense one (ammonia).

    >>> vapour_weight([0.017, 6.7], 700.0).round(3).tolist()
    [0.054, 1.0]
    """
    return np.asarray(-np.expm1(-DENSITY_FACTOR * np.asarray(vapour_kg_m3) / np.asarray(liquid_kg_m3)))


def shatter_by_inertia_ratio(weber_vapour: npt.ArrayLike, phi: npt.ArrayLike) -> Array:
    """We_v phi / 400: above 1 the jet shatters.

    >>> float(shatter_by_inertia_ratio(800.0, 1.0))
    2.0
    """
    return np.asarray(np.asarray(weber_vapour) * np.asarray(phi) / INERTIA_LIMIT)


def shatter_by_heat_ratio(jakob: npt.ArrayLike, weber_vapour: npt.ArrayLike, phi: npt.ArrayLike) -> Array:
    """Ja phi We_v^(1/7) / 100: above 1 the jet shatters.

    >>> float(shatter_by_heat_ratio(200.0, 1.0, 1.0))
    2.0
    """
    return np.asarray(np.asarray(jakob) * np.asarray(phi) * np.asarray(weber_vapour) ** float(HEAT_POWER) / HEAT_LIMIT)
