"""Peterson (1999), after Verniani 1964 and Jacchia 1967: the mass of a meteor from its magnitude and speed."""

from __future__ import annotations

import numpy as np

__all__ = ["meteor_mass_kg"]


def meteor_mass_kg(magnitude: float, speed_m_s: float) -> float:
    """How heavy is a meteor of this visual magnitude and atmospheric speed?

    log10 m[g] = (11.59 - 8.75 log10 V[km/s] - M)/2.25. Source key rms_flux (source). Speeds of 12 to 72 km/s.

    >>> f"{meteor_mass_kg(6.5, 36e3):.3e}"
    '1.622e-07'
    """
    return float(10 ** ((11.59 - 8.75 * np.log10(speed_m_s / 1e3) - magnitude) / 2.25) * 1e-3)
