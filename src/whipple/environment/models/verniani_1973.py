"""Verniani (1973), the scale that NASA is believed to use: the mass of a meteor from its magnitude and speed."""

from __future__ import annotations

import numpy as np

__all__ = ["meteor_mass_kg"]


def meteor_mass_kg(magnitude: float, speed_m_s: float) -> float:
    """How heavy is a meteor of this visual magnitude and atmospheric speed?

    M = 64.09 - 10 log10 V[cm/s] - 2.5 log10 m[g]. Source key verniani1973 (recalled). Speeds of 12 to 72 km/s.

    >>> f"{meteor_mass_kg(6.5, 36e3):.3e}"
    '6.468e-07'
    """
    return float(10 ** ((64.09 - 10 * np.log10(speed_m_s * 100.0) - magnitude) / 2.5) * 1e-3)
