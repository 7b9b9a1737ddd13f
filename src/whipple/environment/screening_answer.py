"""The nouns of a screening: what was asked, one approach, one object not spoken for, the whole answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from whipple.casefile.estimate import Caveat, Estimate
from whipple.environment.close_approach import Encounter
from whipple.environment.screening_error import ElementError
from whipple.errors import Problem

__all__ = ["Approach", "Screening", "Terms", "Unspoken"]


@dataclass(frozen=True)
class Terms:
    """What was asked: window from `start` (UTC), threshold, how old elements may be, radius of a sphere round the whole ship."""

    start: datetime
    duration_s: float
    within_m: float = 25e3
    max_age_days: float = 30.0
    ship_radius_m: float = 60.0

    @property
    def end(self) -> datetime:
        """The end of the window."""
        return self.start + timedelta(seconds=self.duration_s)


@dataclass(frozen=True)
class Approach:
    """One object at its closest. `seen` is nominal; `miss_m` holds the elements' errors; `at` is UTC.

    `strike_prob` is the chance of contact at the worst scale of the errors, `mean_strike_prob` the mean over the scales.
    `error` is that of the object alone, `along_m` the 1-sigma along-track errors of object and ship together. `kind`: "pass"; "slow" below
    100 m/s (it shares the orbit); "edge" for the closest within a window that cuts the approach; "companion" for one that stays beside
    the ship all the time (as the window opens).
    """

    catalogue_number: int
    name: str
    at: datetime
    seen: Encounter
    error: ElementError
    along_m: float
    miss_m: Estimate
    strike_prob: float
    kind: str
    mean_strike_prob: float = 0.0


@dataclass(frozen=True, order=True)
class Unspoken:
    """An object about which the screening can say nothing, or not enough, and why."""

    catalogue_number: int
    name: str
    why: str


@dataclass(frozen=True)
class Screening:
    """The answer. `unspoken`: flown or not, no statement stands for them. `superseded`: sets not used because another is nearer.

    `counts`: sets read, objects, after each filter. `oldest_days`, `along_m`: the worst elements and errors among the objects spoken for.
    """

    terms: Terms
    ship: str
    file: str
    passes: tuple[Approach, ...]
    companions: tuple[Approach, ...]
    unspoken: tuple[Unspoken, ...]
    unreadable: tuple[Problem, ...]
    superseded: tuple[str, ...]
    counts: dict[str, int]
    oldest_days: float
    along_m: float
    headline: str
    caveats: tuple[Caveat, ...]
