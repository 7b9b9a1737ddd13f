"""Koschack & Rendtel (1990): the flux of shower meteors brighter than magnitude +6.5 from the zenithal hourly rate."""

from __future__ import annotations

import numpy as np

from whipple.physics.cited import Cited

__all__ = ["flux_brighter_per_m2_s", "flux_heavier_per_m2_s", "mass_index"]

#: The sky area that one visual observer watches, as coded in RMS Flux.py.
_AREA_km2 = Cited(37_200.0, unit="km^2", source="rms_flux")


def flux_brighter_per_m2_s(zhr_per_h: float, population_ratio: float) -> float:
    """How many meteors brighter than +6.5 fall per m2 (normal to the radiant) and second, from the ZHR?

    f = ZHR (13.1 r - 16.5)(r - 1.3)^0.748 / 37 200 km2 per hour; r from 1.8 to 3.5. Source: KR90 as coded in RMS.

    >>> round(flux_brighter_per_m2_s(120.83, 1.9) * 3600e6 * 1e3, 2)  # per 1000 km2 and hour
    18.6
    """
    r = population_ratio
    return float(zhr_per_h * (13.1 * r - 16.5) * (r - 1.3) ** 0.748 / _AREA_km2 / 1e6 / 3600.0)


def mass_index(population_ratio: float) -> float:
    """The mass index s of a population index r: s = 1 + 2.5 log10 r.

    >>> round(mass_index(1.9), 2)
    1.7
    """
    return float(1 + 2.5 * np.log10(population_ratio))


def flux_heavier_per_m2_s(zhr_per_h: float, population_ratio: float, mass_kg: float, faint_mass_kg: float) -> float:
    """The shower flux heavier than `mass_kg`, normal to the radiant, far from Earth: f6.5 (m / m6.5)^(1 - s).

    `faint_mass_kg` is the mass of a +6.5 meteor on one of the magnitude-mass scales.

    >>> round(flux_heavier_per_m2_s(118, 1.9, 1.05e-8, 1.6e-7) * 3600 * 1e7, 1)  # per m2 and hour
    1.2
    """
    faint = flux_brighter_per_m2_s(zhr_per_h, population_ratio)
    return float(faint * (mass_kg / faint_mass_kg) ** (1 - mass_index(population_ratio)))
