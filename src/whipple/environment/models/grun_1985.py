"""Grün et al. (1985): the interplanetary meteoroid flux at 1 au, as printed in ECSS-E-ST-10-04C clause 10.2.4.1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.physics.cited import Cited

__all__ = ["CROSS_SECTION_PER_PLATE_ratio", "LARGEST_kg", "SMALLEST_kg", "grun_flux_per_m2_s"]

#: The (factor, exponent) pairs of the three terms; mass in gram, flux per m2 and second.
_LARGE = (Cited(2.2e3, unit="g^-0.306", source="ecss_10_04"), Cited(15.0, unit="", source="ecss_10_04"))
_MIDDLE = Cited(1.3e-9, unit="1/m^2/s", source="ecss_10_04")
_SMALL = Cited(1.3e-16, unit="1/m^2/s", source="ecss_10_04")
SMALLEST_kg = Cited(1e-21, unit="kg", source="ecss_10_04")
LARGEST_kg = Cited(0.1, unit="kg", source="ecss_10_04")
#: An isotropic flux per cross-section is four times the flux on one side of a tumbling plate (a sphere: 4 pi r2 / pi r2).
CROSS_SECTION_PER_PLATE_ratio = Cited(4.0, unit="", source="ecss_10_04", grade="computed")


def grun_flux_per_m2_s(mass_kg: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How many meteoroids heavier than `mass_kg` (any shape) strike one side of a tumbling plate at 1 au, per m2 and second?

    F(m) = (2.2e3 m^0.306 + 15)^-4.38 + 1.3e-9 (m + 1e11 m^2 + 1e27 m^4)^-0.36 + 1.3e-16 (m + 1e6 m^2)^-0.85, m in gram.
    No Earth: no focusing, no shielding. Shower activity is in it on average. Range 1e-18 g to 100 g.
    Source: ECSS-E-ST-10-04C clause 10.2.4.1 after Icarus 62, 244.

    >>> round(float(grun_flux_per_m2_s(1e-9)) * 3.15576e7, 5)  # 1e-6 g, per year
    1.48799
    """
    m = np.asarray(mass_kg, dtype=float) * 1e3
    large = (_LARGE[0] * m**0.306 + _LARGE[1]) ** -4.38
    middle = _MIDDLE * (m + 1e11 * m**2 + 1e27 * m**4) ** -0.36
    small = _SMALL * (m + 1e6 * m**2) ** -0.85
    return np.asarray(large + middle + small)
