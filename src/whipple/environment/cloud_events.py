"""Which objects broke up, when, and how many pieces were tracked? Clouds of catalogued fragments, with the dates that are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from whipple.environment.breakup import ParentOrbit
from whipple.environment.models.johnson_2001 import Parent
from whipple.physics.cited import Cited
from whipple.physics.constants import EARTH_RADIUS_m

__all__ = ["KNOWN_EVENTS", "Cloud", "KnownEvent", "TRACKED_ratio"]

#: Pieces above 10 cm for one in the catalogue at its peak: losses before cataloguing and the completeness of the catalogue.
TRACKED_ratio = Cited(1.3, unit="", source="whipple_judgement", grade="proposal")
#: The median eccentricity of a cloud below this is the spread of its fragments: its parent flew a circle.
_CIRCLE = 0.03
#: Orbit classes of the snapshots whose fragments come from a rocket body.
_ROCKET_CLASSES = (5, 6, 7, 8)
_FIRST_SNAPSHOT = 2000


@dataclass(frozen=True)
class KnownEvent:
    """A break-up whose date is known; `launch` and inclination name it in the table of clouds."""

    name: str
    launch: date
    when: date
    cause: str
    parent: Parent


#: Dates recalled from the published histories of fragmentations; collisions and intercepts named as such.
KNOWN_EVENTS = (
    KnownEvent("Fengyun-1C", date(1999, 5, 10), date(2007, 1, 11), "collision", "spacecraft"),
    KnownEvent("Cosmos 2251", date(1993, 6, 16), date(2009, 2, 10), "collision", "spacecraft"),
    KnownEvent("Iridium 33", date(1997, 9, 14), date(2009, 2, 10), "collision", "spacecraft"),
    KnownEvent("Cosmos 1408", date(1982, 9, 16), date(2021, 11, 15), "collision", "spacecraft"),
    KnownEvent("Microsat-R", date(2019, 1, 24), date(2019, 3, 27), "collision", "spacecraft"),
    KnownEvent("CZ-6A upper stage", date(2022, 11, 11), date(2022, 11, 12), "explosion", "rocket body"),
    KnownEvent("NOAA-16", date(2000, 9, 21), date(2015, 11, 25), "explosion", "spacecraft"),
    KnownEvent("DMSP F13", date(1995, 3, 24), date(2015, 2, 3), "explosion", "spacecraft"),
    KnownEvent("Nimbus 4 rocket body", date(1970, 4, 8), date(1970, 10, 17), "explosion", "rocket body"),
    KnownEvent("Cosmos 1275", date(1981, 6, 4), date(1981, 7, 24), "explosion", "spacecraft"),
    KnownEvent("CBERS-1 rocket body", date(1999, 10, 14), date(2000, 3, 11), "explosion", "rocket body"),
    KnownEvent("Transit 4A rocket body", date(1961, 6, 29), date(1961, 6, 29), "explosion", "rocket body"),
    KnownEvent("Cosmos 2421", date(2006, 6, 25), date(2008, 3, 14), "explosion", "spacecraft"),
    KnownEvent("Fregat tank of Spektr-R", date(2011, 7, 18), date(2020, 5, 8), "explosion", "rocket body"),
)


@dataclass(frozen=True)
class Cloud:
    """One group of catalogued fragments (same launch, 2 deg of inclination), as a row of the user's table."""

    launch: date
    peak_count: int
    peak_year: int
    first_year: int
    altitude_m: float
    eccentricity: float
    inclination_rad: float
    object_class: int

    def known(self) -> KnownEvent | None:
        """The dated event behind it, if it is one of the list."""
        return next((event for event in KNOWN_EVENTS if event.launch == self.launch), None)

    def name(self) -> str:
        """The event's name, or launch date and inclination.

        >>> Cloud(date(1963, 5, 9), 37, 2000, 2000, 3.6e6, 0.05, 1.5, 2).name()
        'launch of 1963-05-09, 86 deg'
        """
        event = self.known()
        return event.name if event else f"launch of {self.launch}, {np.degrees(self.inclination_rad):.0f} deg"

    def year(self) -> float:
        """When it broke (decimal year): the known date, else half a year before the first snapshot that shows its pieces,
        else (seen from the first snapshot on) a year after launch: most stages burst within months of their launch."""
        event = self.known()
        if event:
            return event.when.year + (event.when.timetuple().tm_yday - 1) / 365.25
        if self.first_year > _FIRST_SNAPSHOT:
            return max(self.first_year - 0.5, self.launch.year + 0.01)
        return min(self.launch.year + 1.5, _FIRST_SNAPSHOT - 0.5)

    def parent_orbit(self) -> ParentOrbit:
        """The orbit that broke, from the medians of its pieces."""
        event = self.known()
        rocket = self.object_class in _ROCKET_CLASSES
        return ParentOrbit(
            axis_m=float(EARTH_RADIUS_m) + self.altitude_m,
            eccentricity=self.eccentricity if self.eccentricity > _CIRCLE else 0.0,
            inclination_rad=self.inclination_rad,
            parent=event.parent if event else "rocket body" if rocket else "spacecraft",
            cause=event.cause if event else "explosion",
        )

    def count_10cm(self) -> float:
        """Pieces above 10 cm in the year of the peak count (January of `peak_year`)."""
        return self.peak_count * float(TRACKED_ratio)
