"""Did a tracked object come near? Every close approach in a window, and every object that cannot be spoken for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np

from whipple.casefile.estimate import Array
from whipple.environment.close_approach import Encounter, encounter
from whipple.environment.read_elements_catalogue import Catalogue, CatalogueObject
from whipple.environment.screening_answer import Approach, Screening, Terms, Unspoken
from whipple.environment.screening_error import (
    ElementError,
    SLOW_m_s,
    element_error,
    mean_strike_prob,
    miss_estimate,
    strike_prob,
)
from whipple.environment.screening_sweep import Sweep, sweep
from whipple.environment.screening_words import screening_caveats, screening_headline
from whipple.errors import EvidenceError, RangeError
from whipple.physics.cited import Cited
from whipple.physics.time import DAY_S, utc_julian

__all__ = ["Approach", "Screening", "Terms", "Unspoken", "screen"]

#: A threshold must be this many 1-sigma errors wide to speak for an object (95 % along one line).
SIGMAS = Cited(2.0, unit="", source="whipple_judgement", grade="proposal")
_LONGEST_S = 14 * DAY_S
_WIDEST_m = 500e3
_LARGEST_SHIP_m = 1e3
_INCLINATION_rad = float(np.radians(0.5))
_MOTION_ratio = 0.02


def screen(
    ship: CatalogueObject, catalogue: Catalogue, terms: Terms, *, tell: Callable[[float], None] | None = None
) -> Screening:
    """Which catalogued objects came within `terms.within_m` of the ship, and for which can nothing be said?

    Of several sets of an object the one nearest to the middle of the window is flown. The ship itself is left out by its number
    (on its orbit: a set under its number elsewhere is flown).
    Raises RangeError (window, threshold), EvidenceError (the ship's own elements do not carry it through the window).
    """
    _check(ship, terms)
    middle = terms.start + timedelta(seconds=terms.duration_s / 2)
    objects, superseded = _one_each(catalogue.objects, middle)
    others = [one for one in objects if not _is_ship(one, ship)]
    found = sweep(
        ship.satellite, [one.satellite for one in others], terms.start, terms.duration_s, terms.within_m, tell=tell
    )
    unspoken, spoken = _unspoken(ship, others, found, terms, middle)
    passes = _passes(ship, others, found, terms)
    companions = _companions(ship, others, found, terms)
    oldest = max((_age_days(others[i], middle) for i in spoken), default=0.0)
    reach = [int(i) for i in found.after_path if i in spoken]
    along = max((_along_m(ship, others[i], middle)[1] for i in reach), default=0.0)
    counts = {
        "sets": len(catalogue.objects) + len(catalogue.unreadable), "objects": len(others), "itself": len(objects) - len(others),
        "after_perigee_apogee": len(found.after_apsis), "after_paths": len(found.after_path), "spoken_for": len(spoken),
    }  # fmt: skip
    return Screening(
        terms, str(ship), catalogue.file, passes, companions, unspoken, catalogue.unreadable, superseded, counts, oldest, along,
        screening_headline(terms, passes, companions, len(spoken), len(unspoken) + len(catalogue.unreadable), oldest, along),
        screening_caveats(ship, element_error(ship.satellite, _age_days(ship, middle)), catalogue.file, passes),
    )  # fmt: skip


def _is_ship(one: CatalogueObject, ship: CatalogueObject) -> bool:
    return one.catalogue_number == ship.catalogue_number != 0 and _same_orbit(one, ship)


def _check(ship: CatalogueObject, terms: Terms) -> None:
    if not 0 < terms.duration_s <= _LONGEST_S:
        found = f"{terms.duration_s / 3600:g} h"
        raise RangeError("screening", "window", found, "above 0, at most 14 days", "screen day by day")
    if not 0 < terms.within_m <= _WIDEST_m:
        raise RangeError("screening", "threshold", f"{terms.within_m / 1e3:g} km", "above 0, at most 500 km", "25 km")
    age = max(_age_days(ship, terms.start), _age_days(ship, terms.end))
    if not 0 < terms.ship_radius_m <= min(terms.within_m, _LARGEST_SHIP_m):
        found = f"{terms.ship_radius_m:g} m"
        raise RangeError("screening", "ship radius", found, "above 0, at most 1 km and the threshold", "60 m")
    day, fraction = utc_julian(terms.start)
    times = fraction + np.linspace(0.0, terms.duration_s / DAY_S, 50)
    failed = ship.satellite.sgp4_array(np.full(times.shape, day), times)[0].any()
    if failed or age > terms.max_age_days:
        why = "sgp4 gives up in the window" if failed else f"its epoch is {age:.0f} days from the window"
        missing = f"usable elements of the ship ({ship}, epoch {ship.epoch:%Y-%m-%d %H:%M} UTC: {why})"
        raise EvidenceError(
            "Did a tracked object come near?", missing, "add a set of the ship with an epoch near the window"
        )


def _one_each(objects: Sequence[CatalogueObject], middle: datetime) -> tuple[list[CatalogueObject], tuple[str, ...]]:
    """One set an object, that nearest to the moment; the others in words. No number (0), or another orbit: another object."""
    kept: dict[int, list[CatalogueObject]] = {}
    left = []
    for one in sorted(objects, key=lambda this: abs(this.epoch - middle)):
        mine = kept.setdefault(one.catalogue_number, [])
        same = next((other for other in mine if one.catalogue_number and _same_orbit(one, other)), None)
        if same is None:
            mine.append(one)
            continue
        why = "the same epoch twice" if same.epoch == one.epoch else f"the set of {same.epoch:%Y-%m-%d %H:%M} is nearer"
        left.append(f"{one} ({one.place}), epoch {one.epoch:%Y-%m-%d %H:%M} UTC: {why}")
    return [one for mine in kept.values() for one in mine], tuple(left)


def _same_orbit(one: CatalogueObject, other: CatalogueObject) -> bool:
    """Whether two sets under one number can be the same object: inclination within 0.5 deg, mean motion within 2 %."""
    a, b = one.satellite, other.satellite
    return abs(a.inclo - b.inclo) < _INCLINATION_rad and abs(a.no_kozai / b.no_kozai - 1) < _MOTION_ratio


def _age_days(one: CatalogueObject, moment: datetime) -> float:
    return abs((moment - one.epoch).total_seconds()) / DAY_S


def _along_m(ship: CatalogueObject, one: CatalogueObject, moment: datetime) -> tuple[ElementError, float]:
    """The object's own error, and the along-track errors of object and ship together."""
    error = element_error(one.satellite, _age_days(one, moment))
    own = element_error(ship.satellite, _age_days(ship, moment))
    return error, float(np.hypot(error.along_m, own.along_m))


def _unspoken(
    ship: CatalogueObject, others: Sequence[CatalogueObject], found: Sweep, terms: Terms, middle: datetime
) -> tuple[tuple[Unspoken, ...], set[int]]:
    """Those nothing can be said about (failed, too old, or able to reach the ship with an error wider than the threshold), and the rest."""
    why = dict(found.failures)
    for i, one in enumerate(others):
        age = _age_days(one, middle)
        if i not in why and age > terms.max_age_days:
            why[i] = f"elements {age:.0f} days old, at most {terms.max_age_days:g} are trusted"
    for i in map(int, found.after_path):
        if i not in why:
            _, along = _along_m(ship, others[i], middle)
            if SIGMAS * along > terms.within_m:
                why[i] = (
                    f"the orbits meet, and 2 sigma along track is {SIGMAS * along / 1e3:.0f} km, wider than the threshold"
                )
    rows = sorted(Unspoken(others[i].catalogue_number, others[i].name, text) for i, text in why.items())
    return tuple(rows), set(range(len(others))) - set(why)


def _approach(ship: CatalogueObject, one: CatalogueObject, seen: Encounter, terms: Terms, kind: str) -> Approach:
    at = terms.start + timedelta(seconds=seen.t_s)
    error, along = _along_m(ship, one, at)
    own = element_error(ship.satellite, _age_days(ship, at))
    covariance = own.covariance_m2(_RTN_LVLH) + error.covariance_m2(_axes_of_other(seen, ship, one, terms))
    miss = miss_estimate(seen, covariance)
    no_pass = kind in ("edge", "companion")
    chance, mean = (
        0.0 if no_pass else law(seen, covariance, terms.ship_radius_m) for law in (strike_prob, mean_strike_prob)
    )
    return Approach(one.catalogue_number, one.name, at, seen, error, along, miss, chance, kind, mean)


#: Rows R, T, N of the ship in its LVLH components.
_RTN_LVLH: Array = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


def _axes_of_other(seen: Encounter, ship: CatalogueObject, one: CatalogueObject, terms: Terms) -> Array:
    """Rows R, T, N of the object in the ship's LVLH components."""
    day, fraction = utc_julian(terms.start)
    _, r, v = ship.satellite.sgp4(day, fraction + seen.t_s / DAY_S)
    here, going = np.array(r) * 1e3, np.array(v) * 1e3
    z, y = -here / np.linalg.norm(here), -np.cross(here, going) / np.linalg.norm(np.cross(here, going))
    turn = np.stack([np.cross(y, z), y, z])
    place, motion = turn @ here + seen.miss_lvlh_m, turn @ going + seen.velocity_lvlh_m_s
    radial, normal = place / np.linalg.norm(place), np.cross(place, motion) / np.linalg.norm(np.cross(place, motion))
    return np.stack([radial, np.cross(normal, radial), normal])


def _passes(
    ship: CatalogueObject, others: Sequence[CatalogueObject], found: Sweep, terms: Terms
) -> tuple[Approach, ...]:
    rows = [(i, seen, "slow" if seen.speed_m_s < SLOW_m_s else "pass") for i, seen in found.minima]
    rows += [(i, seen, "edge") for i, seen in found.edges]
    made = [_approach(ship, others[i], seen, terms, kind) for i, seen, kind in rows if i not in found.companions]
    return tuple(sorted(made, key=lambda one: (one.seen.miss_m, one.catalogue_number)))


def _companions(
    ship: CatalogueObject, others: Sequence[CatalogueObject], found: Sweep, terms: Terms
) -> tuple[Approach, ...]:
    """Objects beside the ship all the time, each at the start of the window."""
    start = utc_julian(terms.start)
    rows = [(others[i], encounter(ship.satellite, others[i].satellite, start, 0.0)) for i in sorted(found.companions)]
    return tuple(_approach(ship, one, seen, terms, "companion") for one, seen in rows)
