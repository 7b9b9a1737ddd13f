"""Outbursts of showers in given years: what was reported, as printed. Each is a peak of some minutes or hours on top of the annual shower.

Only years since 1972 (the leap-second table begins there). A width or r of 0 is not printed. The grade is that of the rate: `source` is a
report of the Central Bureau, of the International Meteor Organization or a paper; `recalled` was not re-read.

ZHR(t) = Z 10^(-B |t - t0|) with B = 2 log10(2) / width, Z without the annual rate. Where no width is printed B is 30 per degree of solar
longitude, "typical" of the 35 outbursts of Jenniskens (1995). Where no r is printed: the median of those printed for outbursts of the
shower, else that of the annual list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from whipple.environment.models.moorhead_activity import SHOWERS, zhr_per_h
from whipple.physics.cited import Cited
from whipple.physics.sun import solar_longitude_rad

__all__ = ["OUTBURSTS", "Outburst", "excess_zhr_per_h", "marked", "reach_h", "slope_per_h", "used_ratio"]

Array = npt.NDArray[np.float64]

#: The typical slope of an outburst per degree of solar longitude (they range from 7 to 220).
TYPICAL_per_deg = Cited(30.0, unit="1/deg", source="jenniskens1995", grade="source")
_DEG_PER_H = 360.0 / 365.25636 / 24.0
#: The range of r for which the flux formula of Koschack and Rendtel is used.
RATIO_low = Cited(1.8, unit="", source="koschack_rendtel1990", grade="source")
RATIO_high = Cited(3.5, unit="", source="koschack_rendtel1990", grade="source")
#: An outburst is followed until its rate has fallen to a thousandth of the peak.
_FALL_decades = 3.0


@dataclass(frozen=True)
class Outburst:
    """One reported peak: UTC minute, ZHR with 90 % range, full width at half maximum in hours, population index r.

    `total`: the annual shower is in the rate. `longitude`: the solar longitude as printed (deg, J2000; 0 where a time is printed).
    `radiant`: right ascension, declination (deg), geocentric km/s, where the annual list has none. `mark`: "b" for the second of a shower
    in its year, "c" for the third.
    """

    code: str
    name: str
    utc: str
    zhr: float
    low: float
    high: float
    width_h: float
    population_ratio: float
    source: str
    grade: str
    total: bool = True
    longitude: float = 0.0
    radiant: tuple[float, float, float] = (0.0, 0.0, 0.0)
    note: str = ""
    mark: str = ""

    @property
    def at(self) -> datetime:
        """The minute of the peak (UTC)."""
        return datetime.fromisoformat(self.utc).replace(tzinfo=UTC)

    @property
    def title(self) -> str:
        """The name with its year.

        >>> OUTBURSTS[0].title
        'Draconids 1985 outburst'
        """
        return f"{self.name} {self.at.year}{self.mark} outburst"


def marked(outbursts: Iterable[Outburst]) -> tuple[Outburst, ...]:
    """Outbursts in the order of their peaks, each with a title of its own.

    >>> [one.title for one in OUTBURSTS if one.at.year == 2002]
    ['Leonids 2002 outburst', 'Leonids 2002b outburst']
    """
    before, found = Counter[tuple[str, int]](), []
    for one in sorted(outbursts, key=lambda one: (one.at, one.code)):
        count = before[one.code, one.at.year]
        before[one.code, one.at.year] += 1
        found.append(replace(one, mark=chr(ord("a") + count) if count else ""))
    return tuple(found)


_AMO, _JBO, _TAH, _ARD = (117.1, 0.8, 63.0), (224.12, 47.77, 14.0), (208.6, 27.7, 11.4), (256.8, -48.3, 10.5)
#: Columns: code, name, UTC, ZHR, low, high (1.645 x the printed error where there is one), FWHM h, r, source, grade.
# fmt: off
OUTBURSTS: tuple[Outburst, ...] = marked((
    Outburst("DRA", "Draconids", "1985-10-08T09:35", 700, 400, 900, 0, 0, "miskotte2019", "recalled",
             note="700 and 850 are quoted second-hand; the time is recalled"),
    Outburst("PER", "Perseids", "1991-08-12T15:28", 284, 180, 390, 0, 0, "brown_rendtel1996", "recalled"),
    Outburst("PER", "Perseids", "1992-08-11T20:00", 220, 184, 256, 0, 0, "brown_rendtel1996", "recalled"),
    Outburst("PER", "Perseids", "1993-08-12T03:25", 264, 236, 292, 0, 0, "brown_rendtel1996", "recalled"),
    Outburst("PER", "Perseids", "1994-08-12T11:00", 250, 176, 324, 2.0, 1.8, "rendtel1994", "source", longitude=139.595,
             note="width from the hourly rates of IMO bulletin 2 of 13 August 1994"),
    Outburst("AMO", "alpha Monocerotids", "1995-11-22T01:25", 420, 300, 550, 0.15, 2.4, "imo_calendar_amo", "source", radiant=_AMO,
             note="the time follows from the longitude printed (239.32 deg); it lasted 30 minutes, its ends taken at a tenth of the peak"),
    Outburst("JBO", "June Bootids", "1998-06-27T12:40", 81, 69, 200, 3.5, 2.2, "arlt1999", "source", radiant=_JBO,
             note="the time follows from the longitude printed (95.7 deg); single observers had about 200"),
    Outburst("DRA", "Draconids", "1998-10-08T13:10", 600, 400, 800, 0, 0, "miskotte2019", "recalled",
             note="500 and 700 are quoted second-hand; the time is recalled"),
    Outburst("LEO", "Leonids", "1998-11-17T01:55", 350, 250, 450, 17.0, 1.3, "arlt1998", "recalled", note="mostly fireballs"),
    Outburst("LEO", "Leonids", "1999-11-18T02:05", 5000, 3500, 6000, 0.61, 0, "imo_leonids1999", "source", longitude=235.287,
             note="first report, 'about 5000'; width from the interval above 1000, 235.26 to 235.32 deg; a later analysis had 3700 (recalled)"),
    Outburst("LEO", "Leonids", "2000-11-17T08:10", 150, 117, 183, 0, 0, "imo_leonids2000", "source"),
    Outburst("LEO", "Leonids", "2000-11-18T03:24", 290, 230, 350, 0, 0, "arlt2000", "recalled"),
    Outburst("LEO", "Leonids", "2000-11-18T07:12", 480, 400, 560, 0, 0, "arlt2000", "recalled"),
    Outburst("LEO", "Leonids", "2001-11-18T10:39", 1620, 1200, 2200, 0, 0, "arlt2001", "recalled"),
    Outburst("LEO", "Leonids", "2001-11-18T18:16", 3430, 2600, 4500, 0, 0, "arlt2001", "recalled"),
    Outburst("LEO", "Leonids", "2002-11-19T04:10", 2350, 2200, 3500, 0, 2.0, "imo_leonids2002", "source",
             note="r = 2 was applied there and a larger one, with a higher rate, thought likely"),
    Outburst("LEO", "Leonids", "2002-11-19T10:50", 2660, 2500, 4000, 0, 2.0, "imo_leonids2002", "source",
             note="r = 2 was applied there and a larger one, with a higher rate, thought likely"),
    Outburst("PER", "Perseids", "2004-08-11T20:54", 200, 130, 300, 2.0, 0, "baa2016", "recalled",
             note="level and width from a journal's note; the time is recalled"),
    Outburst("AUR", "Aurigids", "2007-09-01T11:27", 132, 89, 175, 0, 0, "ogawa2021", "source",
             note="the time follows from the longitude printed (158.556 deg)"),
    Outburst("PER", "Perseids", "2008-08-13T01:53", 75, 58, 92, 1.9, 0, "cbet1480", "source", total=False, longitude=140.58),
    Outburst("LEO", "Leonids", "2009-11-17T20:19", 101, 88, 114, 4.0, 1.9, "cbet2046", "source"),
    Outburst("DRA", "Draconids", "2011-10-08T20:03", 300, 250, 350, 1.67, 2.8, "cbet2862", "source"),
    Outburst("DRA", "Draconids", "2012-10-08T16:40", 200, 100, 400, 0, 2.249, "ye2014", "source",
             note="visual rate; the radar's 9000 is that of particles of 0.1 mg; r from its mass index of 1.88"),
    Outburst("PER", "Perseids", "2016-08-11T22:49", 140, 110, 180, 1.0, 0, "cbet4296", "source", longitude=139.446),
    Outburst("PER", "Perseids", "2016-08-11T23:22", 190, 150, 240, 0.43, 0, "cbet4296", "source", longitude=139.468,
             note="on the fall of the peak of 22:49, of which some 40 are counted twice"),
    Outburst("PER", "Perseids", "2018-08-14T00:14", 25, 12, 50, 0, 2.15, "miskotte2021", "source", total=False, longitude=140.935),
    Outburst("DRA", "Draconids", "2018-10-08T23:15", 150, 80, 220, 0, 1.977, "vida2020", "recalled",
             note="rate and time recalled; r from a mass index of 1.74 +- 0.18"),
    Outburst("PER", "Perseids", "2019-08-14T08:30", 30, 12, 50, 0, 0, "miskotte2021", "source", total=False, longitude=141.02),
    Outburst("AUR", "Aurigids", "2019-08-31T21:26", 65, 45, 85, 0, 0, "ogawa2021", "source",
             note="the time follows from the longitude printed (157.918 deg)"),
    Outburst("AMO", "alpha Monocerotids", "2019-11-22T04:54", 102, 60, 150, 0, 2.5, "miskotte2020", "source", radiant=_AMO, note="r assumed there"),
    Outburst("PER", "Perseids", "2021-08-14T08:12", 165, 97, 280, 2.0, 3.59, "cbet5016", "source", total=False, longitude=141.474,
             note="130 +- 20 by video, 210 +- 20 by eye, 280 in a later analysis of video: their middle and range"),
    Outburst("AUR", "Aurigids", "2021-08-31T21:45", 85, 41, 129, 0.3, 0, "ogawa2021", "source", longitude=158.402,
             note="by radio; lasted about an hour, its ends taken at a tenth of the peak"),
    Outburst("ARD", "Arids", "2021-10-07T00:41", 80, 20, 100, 0, 4.2, "cbet5055", "source", longitude=193.68, radiant=_ARD,
             note="'as high as 80' (IMO)"),
    Outburst("TAH", "tau Herculids", "2022-05-31T04:18", 30, 15, 60, 4.0, 2.51, "rms_flux", "recalled", radiant=_TAH,
             note="rate and width recalled; the time follows from the longitude printed by Egal et al. 2023 (69.42 deg)"),
))
# fmt: on


def slope_per_h(outburst: Outburst) -> float:
    """Decades of rate per hour on either side of the peak: 2 log10(2) / width, or 30 per degree where no width is printed.

    >>> round(slope_per_h(OUTBURSTS[4]), 3), round(slope_per_h(OUTBURSTS[0]), 3)
    (0.301, 1.232)
    """
    return float(2 * np.log10(2) / outburst.width_h if outburst.width_h else TYPICAL_per_deg * _DEG_PER_H)


def reach_h(outburst: Outburst) -> float:
    """How far from its peak an outburst is followed, in hours.

    >>> round(reach_h(OUTBURSTS[4]), 1)
    10.0
    """
    return _FALL_decades / slope_per_h(outburst)


def used_ratio(outburst: Outburst) -> float:
    """The population index r: printed, else the median of those printed for the shower, else the annual one; within 1.8 to 3.5.

    >>> [round(used_ratio(one), 2) for one in OUTBURSTS if one.at.year in (1999, 2011)]
    [2.0, 2.8]
    """
    printed = [one.population_ratio for one in OUTBURSTS if one.code == outburst.code and one.grade != "recalled"]
    known = [ratio for ratio in printed if ratio]
    annual = next((one.population_ratio for one in SHOWERS if one.code == outburst.code), float(RATIO_high))
    wanted = outburst.population_ratio or (float(np.median(known)) if known else annual)
    return float(np.clip(wanted, RATIO_low, RATIO_high))


def excess_zhr_per_h(outburst: Outburst, t_h: npt.ArrayLike, step_h: float = 0.0) -> Array:
    """The rate that the outburst adds, hours `t_h` (n,) after its peak: at that moment, or the mean over a step centred on it.

    Where the annual shower is in the reported rate, its rate on that day is taken off.

    >>> storm = next(one for one in OUTBURSTS if one.at.year == 1999)
    >>> excess_zhr_per_h(storm, [-0.305, 0.0]).round().tolist(), excess_zhr_per_h(storm, [0.0], 1.0).round().tolist()
    ([2490.0, 4980.0], [2976.0])
    """
    t, b = np.asarray(t_h, dtype=float), slope_per_h(outburst)
    peak = outburst.zhr - (_annual(outburst) if outburst.total else 0.0)
    if step_h == 0.0:
        return np.asarray(peak * 10 ** (-b * np.abs(t)))
    first, last = (np.sign(x) * (1 - 10 ** (-b * np.abs(x))) for x in (t - step_h / 2, t + step_h / 2))
    return np.asarray(peak * (last - first) / (step_h * b * np.log(10)))


def _annual(outburst: Outburst) -> float:
    listed = next((one for one in SHOWERS if one.code == outburst.code), None)
    return zhr_per_h(listed, float(solar_longitude_rad(outburst.at, np.zeros(1))[0])) if listed else 0.0
