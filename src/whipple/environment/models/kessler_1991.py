"""Kessler et al.: the NASA90/NASA91 analytic debris flux, its collision-speed law and its direction law.

Below 1000 km; good to a factor 2 to 4 near 500 km above 10 cm, an order of magnitude or worse elsewhere; its growth terms
are assumptions of 1988, so it over-predicts centimetre sizes in the 2020s. Coefficients recalled (NASA TM-100471, SSP 30425).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import YEAR_s

__all__ = [
    "NASA89",
    "NASA91",
    "Growth",
    "collision_speed_law",
    "debris_flux_per_m2_s",
    "inclination_ratio",
    "orbit_speed_m_s",
]

Array = npt.NDArray[np.float64]
_SOURCE = "kessler1989"


def _recalled(value: float, unit: str = "") -> Cited:
    return Cited(value, unit=unit, source=_SOURCE, grade="recalled")


@dataclass(frozen=True)
class Growth:
    """One variant of the flux: the factors of its small and large population and how they grow with time."""

    name: str
    small_factor: Cited
    large_factor: Cited
    base_year: int
    yearly_ratio: tuple[float, float]

    def small_ratio(self, year: float) -> float:
        """Growth of the small population (g1)."""
        if self.base_year == 1985:
            return float(self.yearly_ratio[0] ** (year - self.base_year))
        return float(
            self.yearly_ratio[0] ** (min(year, 2011.0) - self.base_year)
            * self.yearly_ratio[1] ** max(year - 2011.0, 0.0)
        )

    def large_ratio(self, year: float) -> float:
        """Growth of the large population (g2)."""
        return 1 + 0.05 * (year - self.base_year)


NASA91 = Growth("NASA91", _recalled(1.22e-5, "cm^2.5/m^2/yr"), _recalled(8.1e10, "cm^6/m^2/yr"), 1988, (1.02, 1.04))
NASA89 = Growth("NASA89", _recalled(1.05e-5, "cm^2.5/m^2/yr"), _recalled(7.0e10, "cm^6/m^2/yr"), 1985, (1.1, 1.1))

#: psi(i): inclination (deg) and ratio, interpolated linearly.
_INCLINATION_deg = (28.5, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0, 120.0)
_INCLINATION = tuple(_recalled(x) for x in (0.91, 0.92, 0.96, 1.02, 1.09, 1.26, 1.71, 1.37, 1.78, 1.18))


def inclination_ratio(inclination_rad: float) -> float:
    """psi(i), 28.5 to 120 deg; RangeError outside.

    >>> round(inclination_ratio(np.radians(51.6)), 4)
    1.0312
    """
    degrees = float(np.degrees(inclination_rad))
    if not _INCLINATION_deg[0] <= degrees <= _INCLINATION_deg[-1]:
        raise RangeError(
            "kessler_1991", "inclination", f"{degrees:.1f} deg", "28.5 to 120 deg", "use another debris model"
        )
    return float(np.interp(degrees, _INCLINATION_deg, np.asarray(_INCLINATION, dtype=float)))


def debris_flux_per_m2_s(
    diameter_m: npt.ArrayLike,
    altitude_m: float,
    inclination_rad: float,
    *,
    year: float,
    solar_sfu: float,
    growth: Growth = NASA91,
) -> Array:
    """How much debris larger than `diameter_m` strikes one side of a tumbling plate, per m2 and second?

    F = H(d) phi(h, S) psi(i) [F1(d) g1(t) + F2(d) g2(t)]; per cross-section it is four times that. Sphere diameters from
    0.01 mm to 10 m, 200 to 1000 km. Raises RangeError outside the altitude or inclination range.

    >>> round(float(debris_flux_per_m2_s(0.01, 400e3, np.radians(51.6), year=2002, solar_sfu=140)) * 3.15576e7, 11)
    5.52891e-06
    """
    if not 200e3 <= altitude_m <= 1000e3:
        raise RangeError(
            "kessler_1991", "altitude", f"{altitude_m / 1e3:.0f} km", "200 to 1000 km", "use another debris model"
        )
    d = np.asarray(diameter_m, dtype=float) * 100.0
    hump = np.sqrt(10 ** np.exp(-(((np.log10(d) - 0.78) / 0.637) ** 2)))
    phi1 = 10 ** (altitude_m / 200e3 - solar_sfu / 140.0 - 1.5)
    small = growth.small_factor * d**-2.5 * growth.small_ratio(year)
    large = growth.large_factor * (d + 700.0) ** -6 * growth.large_ratio(year)
    return np.asarray(hump * phi1 / (phi1 + 1) * inclination_ratio(inclination_rad) * (small + large) / YEAR_s)


def orbit_speed_m_s(inclination_rad: float) -> float:
    """v0 of the speed law: 7.25 + 0.015 (i - 30) km/s below 60 deg, 7.7 above.

    >>> round(orbit_speed_m_s(np.radians(51.6)))
    7574
    """
    degrees = float(np.degrees(inclination_rad))
    return 1e3 * (7.25 + 0.015 * (degrees - 30.0) if degrees < 60.0 else 7.7)


def collision_speed_law(speed_m_s: npt.ArrayLike, inclination_rad: float) -> Array:
    """Relative frequency of a collision speed (m/s), not normalised, zero above 2 v0 where the polynomial turns up again.

    A particle of speed v arrives horizontally at +-acos(v / 2 v0) from ram.

    >>> v = np.linspace(0, 16e3, 4001)
    >>> f = collision_speed_law(v, np.radians(51.6))
    >>> round(float((f * v).sum() / f.sum() / 1e3), 2)
    10.8
    """
    i = float(np.degrees(inclination_rad))
    v, v0 = np.asarray(speed_m_s, dtype=float) / 1e3, orbit_speed_m_s(inclination_rad) / 1e3
    b, f, g, h = _shape(i)
    c = 0.0125 if i < 100 else 0.0125 + 0.00125 * (i - 100)
    d, e = 1.3 - 0.01 * (i - 30), 0.55 + 0.005 * (i - 30)
    humps = g * np.exp(-(((v - 2.5 * v0) / (b * v0)) ** 2)) + f * np.exp(-(((v - d * v0) / (e * v0)) ** 2))
    law = (2 * v * v0 - v**2) * humps + h * c * (4 * v * v0 - v**2)
    return np.where((v >= 0) & (v <= 2 * v0), np.maximum(law, 0.0), 0.0)


def _shape(i: float) -> tuple[float, float, float, float]:
    """B, F, G and H of the speed law at inclination i (deg)."""
    b = 0.5 if i < 60 else max(0.5 - 0.01 * (i - 60), 0.3)
    f = 0.3 + 0.0008 * (i - 50) ** 2 if i < 50 else max(0.3 - 0.01 * (i - 50), 0.0)
    g = 18.7 if i < 60 else min(18.7 + 0.0289 * (i - 60) ** 3, 250.0) if i < 80 else 250.0
    return b, f, g, 1 - 0.0000757 * (i - 60) ** 2
