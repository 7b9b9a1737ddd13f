"""Peterson (1999), after Verniani 1964 and Jacchia 1967: the mass of a meteor from its magnitude and speed."""

from __future__ import annotations

import numpy as np

from whipple.physics.cited import Cited

__all__ = ["SPEED_POWER", "meteor_mass_kg"]

_MAGNITUDE = Cited(2.25, unit="", source="rms_flux")
_SPEED = Cited(8.75, unit="", source="rms_flux")
#: At one brightness (and, by the same physics, one ionisation) the mass falls with speed to this power: 3.89.
SPEED_POWER = Cited(8.75 / 2.25, unit="", source="rms_flux")


def meteor_mass_kg(magnitude: float, speed_m_s: float) -> float:
    """How heavy is a meteor of this visual magnitude and atmospheric speed?

    log10 m[g] = (11.59 - 8.75 log10 V[km/s] - M)/2.25. Source key rms_flux (source). Speeds of 12 to 72 km/s.

    >>> f"{meteor_mass_kg(6.5, 36e3):.3e}"
    '1.622e-07'
    """
    return float(10 ** ((11.59 - _SPEED * np.log10(speed_m_s / 1e3) - magnitude) / _MAGNITUDE) * 1e-3)
