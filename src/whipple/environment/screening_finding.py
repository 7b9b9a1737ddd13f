"""Was it a tracked object? The screening as an answer for an investigation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.findings.sky import TrackedObjects
from whipple.environment.read_elements_catalogue import CatalogueObject, catalogued, read_catalogue
from whipple.environment.screening import Approach, Screening, Terms, screen
from whipple.physics.cited import Cited
from whipple.physics.orbit import ElementSet, choose_elements
from whipple.physics.read_elements import read_elements

__all__ = ["ship_from", "tracked_objects", "was_it_tracked"]

#: How much of the debris that pierces a wall (above 1 mm) is in a catalogue (above 10 cm): NASA91, 400 km, 51.6 deg, 2002.
TRACKED_frac = Cited(7.74943e-7 / 1.26205e-3, unit="", source="kessler1989", grade="computed")
#: A strike shows in the telemetry at once: approaches further than this from the onset cannot have caused it.
_AROUND_S = 900.0
_SOURCES = ("kessler1989", "kelso2007", "levit_marshall2011")


def ship_from(
    sets: Sequence[ElementSet],
    moment: datetime,
    valid_days: float = 5.0,
    manoeuvres: Sequence[tuple[datetime, str]] = (),
) -> CatalogueObject:
    """The fittest set of the ship for a moment, on its side of every burn (UTC, note). Raises EvidenceError when none is fit."""
    chosen = choose_elements(sets, moment, manoeuvres, valid_days).chosen
    return catalogued(chosen.line1, chosen.line2, chosen.name, str(chosen))


def tracked_objects(case: Case, *, hours: float = 24.0) -> Screening | None:
    """The screening that the case asks for with `orbit.catalogue`, centred on its epoch and cut at burns; None when it names no catalogue.

    Raises CaseError (unreadable files), EvidenceError (no element set of the ship is fit).
    """
    name = case.orbit.catalogue
    if not name:
        return None
    wanted = case.orbit.catalogue_number
    sets = [one for one in read_elements(case.path(case.orbit.elements)) if wanted in (None, one.catalogue_number)]
    burns = [(manoeuvre.at, manoeuvre.note) for manoeuvre in case.orbit.manoeuvre]
    ship = ship_from(sets, case.epoch, case.orbit.valid_days, burns)
    half = timedelta(hours=hours / 2)
    start = max([case.epoch - half, *(at for at, _ in burns if at <= case.epoch)])
    end = min([case.epoch + half, *(at for at, _ in burns if at > case.epoch)])
    return screen(ship, read_catalogue(case.path(name)), Terms(start, (end - start).total_seconds()))


def was_it_tracked(screening: Screening, moment: datetime, around_s: float = _AROUND_S) -> TrackedObjects:
    """What the screening says about a strike at `moment` (UTC), give or take `around_s`."""
    near = _around(screening, moment, around_s)
    open_cases = len(screening.unspoken) + len(screening.unreadable)
    nearest = near[0] if near else None
    strikes = sum(one.strike_prob for one in near)
    return TrackedObjects(
        nearest_m=nearest.miss_m if nearest else None,
        nearest_object=f"{nearest.catalogue_number} {nearest.name}".strip() if nearest else "",
        strikes_count=strikes,
        around_s=around_s,
        unspoken_count=open_cases,
        ruled_out=strikes < 1e-6 and open_cases == 0,
        debris_log_nat=_debris_log_nat(screening, len(near), sum(one.mean_strike_prob for one in near), open_cases),
        headline=_words(screening, near, moment, around_s, open_cases),
        sources=_SOURCES,
        caveats=screening.caveats,
    )


def _debris_log_nat(screening: Screening, near_count: int, strikes_count: float, unspoken_count: int) -> float:
    """What the screening says of debris as such, and only by the tracked share of it.

    ln(1 - w + w L): w the tracked share of the debris that pierces (NASA91: 6e-4), L the strikes that the approaches around the moment
    would bring (mean over the scales of the errors) over those expected of as many approaches spread evenly over the threshold
    disc, N (R/D)^2. None near: L = 0, nearly nothing changes, because most of what pierces is not tracked. Objects not spoken for
    are given L = 1, in proportion.
    """
    terms = screening.terms
    even = max(near_count, 1) * (terms.ship_radius_m / terms.within_m) ** 2
    open_share = unspoken_count / max(screening.counts["spoken_for"] + unspoken_count, 1)
    level = (1 - open_share) * strikes_count / even + open_share
    return float(np.log(1 - TRACKED_frac + TRACKED_frac * level))


def _around(screening: Screening, moment: datetime, around_s: float) -> list[Approach]:
    inside = [one for one in screening.passes if abs((one.at - moment).total_seconds()) <= around_s]
    return sorted(inside, key=lambda one: one.miss_m.low)


def _words(screening: Screening, near: Sequence[Approach], moment: datetime, around_s: float, open_cases: int) -> str:
    when = f"within {around_s / 60:g} min of {moment:%Y-%m-%d %H:%M} UTC"
    spoken = screening.counts["spoken_for"]
    scope = (
        f"elements up to {screening.oldest_days:.1f} days old, expected error up to {screening.along_m / 1e3:.1f} km"
    )
    if not near:
        text = f"None of {spoken} tracked objects passed within {screening.terms.within_m / 1e3:g} km {when} ({scope})."
    else:
        one = near[0]
        text = (
            f"{len(near)} of {spoken} tracked objects passed within {screening.terms.within_m / 1e3:g} km {when} ({scope}); the nearest, "
            f"{one.catalogue_number} {one.name}, at {one.miss_m.low / 1e3:.1f} to {one.miss_m.high / 1e3:.1f} km (90 %)."
        )
    return text + (f" {open_cases} objects cannot be spoken for." if open_cases else "")
