"""Annual showers: activity of the NASA Meteoroid Environment Office list with radiants of the Global Meteor Network.

ZHR = ZHR0 10^(+Bp D) before and ZHR0 10^(-Bm D) after the maximum, D in degrees of solar longitude; Bm = 0 in the list means
Bm = Bp. The radiant drifts from its own reference longitude, which is not that of the maximum. Angles in degrees here, as
printed. Sources: RMS share/flux_showers.csv, share/flux_activity.csv; Moorhead et al. (2019) for the method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = [
    "PROFILES",
    "SHOWERS",
    "Branch",
    "Shower",
    "active_showers",
    "profile_history_per_h",
    "profile_zhr_per_h",
    "wrap_deg",
    "zhr_history_per_h",
    "zhr_per_h",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shower:
    """One row of the list, as printed: degrees, km/s, per hour. `rise`, `fall` are Bp and Bm per degree.

    `begin`, `end`, `radiant_at`, `peak` are solar longitudes (J2000); `drift_*` and `drift_speed` are per degree of them.
    """

    code: str
    name: str
    begin: float
    end: float
    radiant_at: float
    right_ascension: float
    drift_right_ascension: float
    declination: float
    drift_declination: float
    speed_km_s: float
    drift_speed: float
    peak: float
    peak_zhr: float
    rise: float
    fall: float
    population_ratio: float
    source: str = "rms_flux"
    note: str = ""

    def radiant(self, longitude_rad: float) -> tuple[float, float, float]:
        """Right ascension and declination (rad, J2000) and geocentric speed (m/s) at a solar longitude (rad).

        >>> ra, dec, speed = SHOWERS[2].radiant(np.radians(262.69))
        >>> round(float(np.degrees(ra)), 1), round(float(np.degrees(dec)), 1), round(speed)
        (114.1, 32.2, 34076)
        """
        ahead = wrap_deg(float(np.degrees(longitude_rad)) - self.radiant_at)
        ra = self.right_ascension + self.drift_right_ascension * ahead
        dec = self.declination + self.drift_declination * ahead
        return float(np.radians(ra)), float(np.radians(dec)), 1e3 * (self.speed_km_s + self.drift_speed * ahead)

    def is_active(self, longitude_rad: float) -> bool:
        """Whether the solar longitude lies in the listed interval (drifts and activity are not carried beyond it)."""
        return wrap_deg(float(np.degrees(longitude_rad)) - self.begin) % 360.0 <= (self.end - self.begin) % 360.0


@dataclass(frozen=True)
class Branch:
    """Another published activity profile of a shower: components (peak longitude deg, ZHR, rise, fall) and a background ZHR."""

    name: str
    components: tuple[tuple[float, float, float, float], ...]
    background_zhr: float
    population_ratio: float
    source: str


def wrap_deg(angle: float) -> float:
    """An angle in degrees wrapped to -180..180.

    >>> wrap_deg(359.0)
    -1.0
    """
    return (angle + 180.0) % 360.0 - 180.0


def zhr_per_h(shower: Shower, longitude_rad: float) -> float:
    """The zenithal hourly rate of a shower of the list at a solar longitude (rad), 0 outside its interval.

    >>> round(zhr_per_h(SHOWERS[2], np.radians(262.69)), 1)
    56.6
    """
    return float(zhr_history_per_h(shower, np.array([longitude_rad]))[0])


def zhr_history_per_h(shower: Shower, longitude_rad: npt.ArrayLike) -> Array:
    """The same at many solar longitudes (n,) rad: 10^(rise D) before the maximum, 10^(-fall D) after it, 0 outside the interval.

    >>> zhr_history_per_h(SHOWERS[2], np.radians([255.0, 262.0, 263.0])).round(1).tolist()
    [0.0, 118.0, 40.7]
    """
    degrees = np.degrees(np.asarray(longitude_rad, dtype=float))
    inside = (degrees - shower.begin) % 360.0 <= (shower.end - shower.begin) % 360.0
    part = (shower.peak, shower.peak_zhr, shower.rise, shower.fall or shower.rise)
    return np.where(inside, _component(degrees, part), 0.0)


def profile_zhr_per_h(branch: Branch, longitude_rad: float, *, background: bool = False) -> float:
    """The ZHR of another profile; its background is a baseline of the fit, not shower activity, so it is left out.

    >>> round(profile_zhr_per_h(PROFILES["GEM"][0], np.radians(262.69)), 1)
    40.9
    """
    return float(profile_history_per_h(branch, np.array([longitude_rad]))[0]) + (
        branch.background_zhr if background else 0.0
    )


def profile_history_per_h(branch: Branch, longitude_rad: npt.ArrayLike) -> Array:
    """The same at many solar longitudes (n,) rad: its components added, without the background.

    >>> profile_history_per_h(PROFILES["PER"][0], np.radians([138.604, 140.586])).round(1).tolist()
    [49.9, 132.3]
    """
    degrees = np.degrees(np.asarray(longitude_rad, dtype=float))
    return np.sum([_component(degrees, part) for part in branch.components], axis=0)


def _component(degrees: Array, part: tuple[float, float, float, float]) -> Array:
    peak, zhr, rise, fall = part
    after = (degrees - peak + 180.0) % 360.0 - 180.0
    return np.asarray(zhr * 10 ** np.where(after <= 0, rise * after, -fall * after))


def active_showers(longitude_rad: float) -> tuple[Shower, ...]:
    """The showers whose listed interval holds this solar longitude (rad).

    >>> [shower.code for shower in active_showers(np.radians(262.69))]
    ['GEM', 'HYD', 'MON', 'COM']
    """
    return tuple(shower for shower in SHOWERS if shower.is_active(longitude_rad))


#: Columns: code, name, begin, end, radiant longitude, RA, drift, Dec, drift, Vg, drift, peak, ZHR, Bp, Bm, r.
# fmt: off
SHOWERS: tuple[Shower, ...] = (
    Shower("CAP", "alpha Capricornids", 110.0, 135.0, 127.1, 305.7, 0.7, -9.3, 0.24, 22.2, -0.13, 125.48, 4.0, 0.059, 0.091, 2.5),
    Shower("STA", "Southern Taurids", 190.0, 230.0, 216.0, 46.6, 0.77, 12.9, 0.25, 27.5, -0.06, 223.0, 5.0, 0.026, 0.0, 2.3),
    Shower("GEM", "Geminids", 256.0, 266.0, 262.0, 113.4, 1.06, 32.3, -0.21, 34.0, 0.11, 262.0, 118.0, 0.15, 0.462, 1.9),
    Shower("SDA", "Southern delta Aquariids", 114.0, 145.0, 125.5, 339.0, 0.76, -16.8, 0.2, 40.4, -0.2, 124.93, 20.0, 0.109, 0.071, 2.3),
    Shower("LYR", "April Lyrids", 30.0, 34.0, 32.4, 272.3, 0.95, 33.3, -0.32, 46.6, 0.29, 33.15, 18.0, 1.229, 4.62, 2.1),
    Shower("PER", "Perseids", 123.0, 147.0, 140.4, 49.2, 1.46, 58.1, 0.23, 59.1, 0.03, 140.05, 80.0, 0.35, 0.0, 2.0),
    Shower("ORI", "Orionids", 198.0, 225.0, 209.0, 96.1, 0.79, 15.6, 0.04, 65.5, -0.07, 209.18, 23.0, 0.12, 0.119, 2.2),
    Shower("DRA", "October Draconids", 192.0, 197.0, 195.5, 264.6, 2.61, 56.5, -0.29, 20.7, 0.0, 195.438, 2.0, 7.225, 0.0, 2.5),
    Shower("QUA", "Quadrantids", 281.0, 285.0, 283.0, 229.4, 0.48, 50.0, -0.4, 40.7, 0.17, 283.58, 120.0, 0.865, 0.827, 2.1),
    Shower("KCG", "kappa Cygnids", 130.0, 152.2, 145.0, 288.2, 0.55, 53.7, 0.82, 23.6, 0.22, 145.0, 3.0, 0.069, 0.0, 2.1),
    Shower("LEO", "Leonids", 224.0, 245.0, 235.0, 153.7, 0.6, 22.0, -0.39, 70.2, 0.04, 235.27, 20.0, 0.55, 0.0, 2.9),
    Shower("URS", "Ursids", 269.0, 272.0, 270.4, 218.6, 2.37, 75.4, 0.89, 33.2, -0.6, 270.96, 12.0, 2.292, 1.258, 1.7),
    Shower("HYD", "sigma Hydrids", 238.0, 270.0, 256.0, 125.2, 0.86, 2.5, -0.25, 58.7, -0.07, 260.0, 2.0, 0.1, 0.0, 3.0),
    Shower("NTA", "Northern Taurids", 217.0, 241.0, 224.5, 52.3, 0.93, 21.9, 0.18, 28.0, -0.07, 230.0, 5.0, 0.026, 0.0, 2.3),
    Shower("MON", "December Monocerotids", 250.0, 266.0, 261.0, 102.3, 0.65, 7.8, -0.11, 41.4, -0.16, 257.0, 3.0, 0.25, 0.0, 3.0),
    Shower("LMI", "Leonis Minorids", 199.0, 221.0, 208.7, 159.7, 1.17, 36.9, -0.32, 61.9, -0.02, 206.14, 2.0, 0.093, 0.079, 2.0),
    Shower("ETA", "eta Aquariids", 30.0, 66.0, 46.0, 338.1, 0.71, -0.8, 0.34, 65.7, 0.03, 46.0, 60.0, 0.125, 0.079, 2.1),
    Shower("SSG", "Southern mu Sagittariids", 71.0, 96.0, 86.0, 273.1, 0.78, -29.3, -0.05, 25.8, -0.16, 88.5, 2.0, 0.037, 0.0, 2.9),
    Shower("ARI", "Daytime Arietids", 62.0, 99.0, 78.5, 45.1, 0.96, 24.6, 0.14, 41.1, 0.03, 79.72, 60.0, 0.065, 0.055, 1.9),
    Shower("PAU", "Piscis Austrinids", 124.0, 142.0, 136.0, 353.9, 0.72, -20.7, 0.28, 43.8, 0.06, 123.7, 2.0, 0.4, 0.0, 3.2),
    Shower("AUR", "Aurigids", 154.2, 167.7, 158.6, 91.4, 1.19, 39.4, 0.06, 65.6, 0.07, 158.6, 9.0, 0.19, 0.0, 2.6),
    Shower("SPE", "September epsilon Perseids", 161.9, 178.4, 166.8, 47.3, 1.15, 39.5, 0.09, 63.8, 0.0, 166.7, 5.0, 0.193, 0.0, 2.0),
    Shower("DSX", "Daytime Sextantids", 174.0, 197.0, 188.4, 156.3, 0.95, -2.3, -0.53, 32.3, 0.14, 189.44, 5.0, 0.063, 0.167, 2.2),
    Shower("COM", "Comae Berenicids", 259.0, 271.0, 263.0, 156.8, 0.9, 32.7, -0.43, 62.7, 0.0, 264.0, 3.0, 0.0, 0.0, 3.0,
           "stellarium_imo", "radiant of the Global Meteor Network; interval, ZHR and r of the IMO list, which gives no slope"),
)

#: Other published profiles: components (peak, ZHR, Bp, Bm), background ZHR, r.
PROFILES: dict[str, tuple[Branch, ...]] = {
    "CAP": (Branch("GMN", ((128.032, 2.87, 0.06, 0.106),), 0.67, 2.5, "rms_flux"),),
    "GEM": (Branch("GMN", ((262.253, 120.83, 0.321, 1.084), (261.65, 27.48, 2.282, 1.88)), 0.91, 1.9, "rms_flux"),
            Branch("IMO 2022", ((262.2, 150.0, 0.39, 0.72),), 0.0, 2.6, "stellarium_imo"),),
    "SDA": (Branch("GMN", ((126.034, 27.22, 0.175, 0.087),), 0.6, 2.3, "rms_flux"),),
    "LYR": (Branch("GMN", ((32.366, 19.14, 0.746, 0.623),), 1.57, 2.1, "rms_flux"),),
    "PER": (Branch("GMN", ((138.604, 27.19, 0.05, 0.07), (140.586, 112.56, 0.351, 0.417)), 1.6, 2.0, "rms_flux"),),
    "ORI": (Branch("GMN", ((209.111, 55.28, 0.114, 0.09),), 0, 2.2, "rms_flux"),),
    "QUA": (Branch("GMN", ((283.141, 105.09, 1.606, 2.197),), 3.47, 2.1, "rms_flux"),),
    "NTA": (Branch("GMN", ((229.683, 2.04, 0.028, 0.024),), 0.13, 2.3, "rms_flux"),),
    "STA": (Branch("GMN", ((202.008, 0.89, 0.073, 0.062), (209.994, 0.66, 0.016, 0.151)), 1.34, 2.3, "rms_flux"),),
    "LEO": (Branch("GMN", ((235.141, 12.29, 0.13, 0.095),), 3.67, 2.9, "rms_flux"),),
    "URS": (Branch("GMN", ((270.314, 14.41, 1.224, 1.325),), 0, 1.7, "rms_flux"),),
    "HYD": (Branch("GMN", ((254.928, 6.52, 0.072, 0.045),), 0.94, 3.0, "rms_flux"),),
    "MON": (Branch("GMN", ((257.933, 2.39, 0.068, 0.067),), 0, 3.0, "rms_flux"),),
    "LMI": (Branch("GMN", ((209.868, 4.24, 0.048, 0.044),), 0, 2.0, "rms_flux"),),
    "ETA": (Branch("GMN", ((43.261, 59.86, 0.268, 0.091), (47.025, 60.05, 0.189, 0.158)), 6.08, 2.1, "rms_flux"),),
    "AUR": (Branch("GMN", ((157.587, 2.94, 0.363, 0.147),), 2.97, 2.6, "rms_flux"),),
    "SPE": (Branch("GMN", ((166.894, 2.85, 0.202, 0.533),), 1.78, 2.0, "rms_flux"),),
}
# fmt: on
