"""Jenniskens (1994), without its zenith term: the mass of a meteor from its magnitude and speed."""

from __future__ import annotations

import numpy as np

__all__ = ["meteor_mass_kg"]


def meteor_mass_kg(magnitude: float, speed_m_s: float) -> float:
    """How heavy is a meteor of this visual magnitude and atmospheric speed?

    log10 m[g] = 6.31 - 0.40 M - 3.92 log10 V[km/s]. Source key jenniskens1994 (recalled). Speeds of 12 to 72 km/s.

    >>> f"{meteor_mass_kg(6.5, 36e3):.3e}"
    '4.067e-06'
    """
    return float(10 ** (6.31 - 0.40 * magnitude - 3.92 * np.log10(speed_m_s / 1e3)) * 1e-3)
