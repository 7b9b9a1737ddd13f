"""McBride 1997 (Jenniskens 1994), as ECSS-E-ST-10-04C tabulates it: annual streams with a flux law of mass each, on the heaviest mass scale.

F(> m) = k m^-alpha at the maximum (m in kg, per m2 and s, normal to the stream, far from Earth); the level goes with the ZHR, which falls off
exponentially on both sides, for six streams over a broader background. 49 of the 50 rows (omega Scorpiids are missing), **all recalled**:
for a second opinion on what showers add, never as an oracle. The Ursids' k is a tenth of the recalled one, which misses their own ZHR
tenfold; the Bootids' is five times below theirs and stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["STREAMS", "Annual", "streams_per_m2_s"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Annual:
    """One row as printed: solar longitude of the maximum (deg), ZHR there, its fall-off B per degree, alpha, k, speed (km/s).

    `broad`: ZHR of the background, its rise and fall per degree.
    """

    name: str
    peak: float
    peak_zhr: float
    fall: float
    alpha: float
    k: float
    speed_km_s: float
    broad: tuple[float, float, float] | None = None
    source: str = "mcbride1997"

    def level_ratio(self, longitude_rad: npt.ArrayLike) -> Array:
        """ZHR at solar longitudes over that of the maximum.

        >>> STREAMS[0].level_ratio(np.radians([283.3, 284.3])).round(4).tolist()
        [1.0, 0.0573]
        """
        ahead = (np.degrees(np.asarray(longitude_rad, dtype=float)) - self.peak + 180.0) % 360.0 - 180.0
        rate, top = self.peak_zhr * 10.0 ** (-self.fall * np.abs(ahead)), self.peak_zhr
        if self.broad is not None:
            level, rise, fall = self.broad
            rate = rate + level * 10.0 ** np.where(ahead < 0, rise * ahead, -fall * ahead)
            top += level
        return np.asarray(rate / top)


STREAMS: tuple[Annual, ...] = (
    Annual("Bootids", 283.3, 110, 2.5, 0.77, 8.4e-17, 43, (20, 0.37, 0.45)),
    Annual("gVelids", 285.7, 2.4, 0.12, 1.1, 5.8e-19, 35),
    Annual("aCrucids", 294.5, 3, 0.11, 1.06, 1.9e-19, 50),
    Annual("aHydrusids", 300, 2, 0.2, 1.03, 3.4e-19, 44),
    Annual("aCarinids", 311.2, 2.3, 0.16, 0.92, 1.3e-17, 25),
    Annual("dVelids", 318, 1.3, 0.2, 1.1, 3.1e-19, 35),
    Annual("aCentaurids", 319.4, 7.3, 0.18, 0.83, 3.7e-18, 57),
    Annual("oCentaurids", 323.4, 2.2, 0.15, 1.03, 1.9e-19, 51),
    Annual("tCentaurids", 334, 4.5, 0.2, 0.95, 4.4e-19, 60),
    Annual("dLeonids", 335, 1.1, 0.049, 1.1, 1.9e-18, 23),
    Annual("Virginids", 340, 1.5, 0.2, 1.1, 1.5e-18, 26),
    Annual("gNormids", 353, 5.8, 0.19, 0.87, 1.9e-18, 56),
    Annual("dPavonids", 11.1, 5.3, 0.075, 0.95, 5.1e-19, 60),
    Annual("Lyrids", 32.4, 12.8, 0.22, 0.99, 2.0e-18, 49),
    Annual("mVirginids", 40, 2.2, 0.045, 1.1, 1.1e-18, 30),
    Annual("eAquarids", 46.5, 36.7, 0.08, 0.99, 1.5e-18, 66),
    Annual("bCoronaAus", 56, 3, 0.2, 1.13, 1.5e-19, 45),
    Annual("aScorpiids", 55.9, 3.2, 0.13, 0.92, 4.7e-17, 21),
    Annual("DaArietids", 77, 54, 0.1, 0.99, 2.6e-17, 38),
    Annual("gSagitarids", 89.2, 2.4, 0.037, 1.06, 1.9e-18, 29),
    Annual("tCetids", 95.7, 3.6, 0.18, 0.92, 3.7e-19, 66),
    Annual("tOphiuchids", 98, 2.3, 0.037, 1.03, 3.5e-18, 27),
    Annual("tAquarids", 98, 7.1, 0.24, 0.92, 8.9e-19, 63),
    Annual("nPhoenicids", 111.2, 5, 0.25, 1.1, 2.6e-19, 48),
    Annual("oCygnids", 116.7, 2.5, 0.13, 0.99, 1.4e-18, 37),
    Annual("Capricornids", 122.4, 2.2, 0.041, 0.69, 8.3e-17, 25),
    Annual("dAquaridsN", 124.1, 1, 0.063, 1.19, 3.6e-20, 42),
    Annual("PiscesAus", 124.4, 2, 0.4, 1.16, 1.5e-19, 42, (0.9, 0.03, 0.1)),
    Annual("dAquaridsS", 125.6, 11.4, 0.091, 1.19, 3.6e-19, 43),
    Annual("iAquaridsS", 131.7, 1.5, 0.07, 1.19, 1.2e-19, 36),
    Annual("Perseids", 140.2, 70, 0.35, 0.92, 1.2e-17, 61, (23, 0.05, 0.092)),
    Annual("kCygnids", 146.7, 2.3, 0.069, 0.79, 3.0e-17, 27),
    Annual("pEridanids", 153, 4, 0.2, 1.03, 1.7e-19, 59),
    Annual("gDoradids", 155.7, 4.8, 0.18, 1.03, 1.1e-18, 41),
    Annual("Aurigids", 158.2, 9, 0.19, 0.99, 2.9e-19, 69),
    Annual("kAquarids", 177.2, 2.7, 0.11, 1.03, 1.9e-17, 19),
    Annual("eGeminids", 206.7, 2.9, 0.082, 1.1, 2.1e-20, 71),
    Annual("Orionids", 208.6, 25, 0.12, 1.13, 1.6e-19, 67),
    Annual("LeoMinorids", 209.7, 1.9, 0.14, 0.99, 1.1e-19, 61),
    Annual("Taurids", 223.6, 7.3, 0.026, 0.83, 4.3e-17, 30),
    Annual("dEridanids", 229, 0.9, 0.2, 1.03, 7.5e-19, 31),
    Annual("zPuppids", 232.2, 3.2, 0.13, 1.22, 9.5e-20, 41),
    Annual("Leonids", 235.1, 19, 0.55, 1.22, 3.4e-20, 71, (4, 0.025, 0.15)),
    Annual("PuppidsVel", 252, 4.5, 0.034, 1.06, 8.2e-19, 40),
    Annual("Phoenicids", 252.4, 2.8, 0.3, 1.03, 2.5e-17, 18),
    Annual("Monoceroids", 260.9, 2, 0.25, 1.25, 3.3e-20, 43),
    Annual("Geminids", 262.1, 74, 0.81, 0.95, 7.8e-17, 36, (18, 0.09, 0.31)),
    Annual("sHydrusids", 265.5, 2.5, 0.1, 1.1, 4.7e-20, 59),
    Annual("Ursids", 271, 10, 0.9, 1.22, 8.1e-19, 35, (2, 0.08, 0.2)),
)  # fmt: skip


def streams_per_m2_s(longitude_rad: npt.ArrayLike, mass_of: Callable[[float], Array]) -> Array:
    """All streams together (n, limits) at solar longitudes (n,), above `mass_of(speed_m_s)` (limits,) kg of each stream, far from Earth.

    >>> flux = streams_per_m2_s(np.radians([262.1]), lambda speed: np.array([1e-6]))
    >>> f"{float(flux[0, 0]):.2e}"
    '4.16e-11'
    """
    longitude = np.asarray(longitude_rad, dtype=float)
    return np.asarray(
        sum(
            one.level_ratio(longitude)[:, None] * (one.k * mass_of(1e3 * one.speed_km_s) ** -one.alpha)[None, :]
            for one in STREAMS
        )
    )
