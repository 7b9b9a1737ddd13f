"""The six sporadic sources: where they lie around the Sun, how fast they are, how strong.

Positions and speeds: the radar literature (Jones & Brown 1993 and followers). Strengths: no open measurement at a limiting mass
is known. The default is the dynamical weighting of Fentzke & Janches (2008). Radar meteor counts are carried as the
alternative, and the split inferred from published MEM 3 output only as a cross-check: no number here was fitted to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.physics.cited import Cited

__all__ = [
    "CROSS_CHECK",
    "DEFAULT",
    "RADAR_COUNTS",
    "SOURCES",
    "SPREAD_rad",
    "SporadicSource",
    "lobe_per_sr",
    "speed_law_s_m",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SporadicSource:
    """One source: centre in ecliptic longitude from the Sun and latitude, speed far from Earth with its spread."""

    name: str
    longitude_rad: float
    latitude_rad: float
    speed_m_s: Cited
    spread_m_s: Cited
    long_period: bool


def _speed(km_s: float) -> Cited:
    return Cited(km_s * 1e3, unit="m/s", source="jones_brown1993", grade="recalled")


def _spread(km_s: float) -> Cited:
    return Cited(km_s * 1e3, unit="m/s", source="wmpl_sporadic", grade="source")


def _source(
    name: str, longitude_deg: float, latitude_deg: float, km_s: float, spread: float, long_period: bool
) -> SporadicSource:
    longitude, latitude = np.radians(longitude_deg), np.radians(latitude_deg)
    return SporadicSource(name, float(longitude), float(latitude), _speed(km_s), _spread(spread), long_period)


#: Positions as in the case facts (recalled, Jones & Brown type); WMPL has the same but for the helion (340) and antihelion.
SOURCES: tuple[SporadicSource, ...] = (
    _source("helion", 342.0, 0.0, 30.0, 10.0, False),
    _source("antihelion", 198.0, 0.0, 30.0, 10.0, False),
    _source("north apex", 270.0, 15.0, 55.0, 5.0, True),
    _source("south apex", 270.0, -15.0, 55.0, 5.0, True),
    _source("north toroidal", 270.0, 60.0, 35.0, 5.0, True),
    _source("south toroidal", 270.0, -60.0, 35.0, 5.0, True),
)

#: Angular 1-sigma width of every source. WMPL codes 5 to 10 deg; radar maps show about 16 deg.
SPREAD_rad = Cited(np.radians(16.0), unit="rad", source="jones_brown1993", grade="recalled")


def _shares(source: str, grade: str, raw: tuple[float, ...]) -> tuple[Cited, ...]:
    return tuple(Cited(value / sum(raw), unit="", source=source, grade=grade) for value in raw)


#: Shares in the order of SOURCES. Helion and antihelion 0.70 each, the other four 0.21 each, as coded from the paper.
DEFAULT = _shares("fentzke_janches2008", "source", (0.70, 0.70, 0.21, 0.21, 0.21, 0.21))
#: Radar meteor counts, not corrected to a limiting mass: fast sources count too much.
RADAR_COUNTS = _shares("wmpl_sporadic", "source", (0.35, 0.58, 0.46, 0.46, 1.0, 1.0))
#: Inferred from published MEM 3 lunar output: compared with, never used.
CROSS_CHECK = _shares("lunar_ejecta_mem3", "computed", (0.3355, 0.3355, 0.0615, 0.0615, 0.103, 0.103))


def lobe_per_sr(cosine: npt.ArrayLike) -> Array:
    """Probability per steradian of a radiant whose cosine with the centre of its source is given (von Mises-Fisher).

    p = k / (2 pi (1 - e^-2k)) e^(k (cos - 1)), k = 1 / SPREAD_rad^2.

    >>> x = np.linspace(-1, 1, 20001)
    >>> round(float(np.trapezoid(lobe_per_sr(x), x) * 2 * np.pi), 4)
    1.0
    """
    k = 1.0 / float(SPREAD_rad) ** 2
    return np.asarray(k / (2 * np.pi * (1 - np.exp(-2 * k))) * np.exp(k * (np.asarray(cosine, dtype=float) - 1)))


def speed_law_s_m(source: SporadicSource, speed_m_s: npt.ArrayLike) -> Array:
    """Probability per m/s of a speed far from Earth: a normal law cut at two standard deviations.

    >>> v = np.linspace(0, 72e3, 72001)
    >>> round(float(np.trapezoid(speed_law_s_m(SOURCES[0], v), v)), 3)
    1.0
    """
    z = (np.asarray(speed_m_s, dtype=float) - source.speed_m_s) / source.spread_m_s
    inside = 0.9544997361036416  # of a normal law within two standard deviations
    return np.where(np.abs(z) <= 2.0, np.exp(-0.5 * z**2) / (np.sqrt(2 * np.pi) * source.spread_m_s * inside), 0.0)
