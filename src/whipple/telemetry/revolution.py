"""How long is a revolution of the ship? From the orbit of the case: what swings, swings with it."""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat
from whipple.errors import InvestigationError
from whipple.physics.cited import Cited
from whipple.physics.orbit import choose_elements
from whipple.physics.read_elements import read_elements

__all__ = ["ORBIT_S", "assumed_revolution", "revolution"]

#: One revolution in low orbit (sheet telemetry.md 5.1), where no orbit is known.
ORBIT_S = Cited(5560.0, unit="s", source="telemetry_sheet", grade="computed")


def revolution(case: Case) -> tuple[float, Caveat | None]:
    """The period [s] of the element set nearest to the epoch of the case (86 400 s over its mean motion); `ORBIT_S` with a caveat that says why
    where none can be read.

    A set that is too old to say where the ship was still says how long it takes to go round: drag and manoeuvres move the period of the ISS by
    less than 0.2 % in months.
    """
    orbit = case.orbit
    try:
        wanted = orbit.catalogue_number
        sets = [one for one in read_elements(case.path(orbit.elements)) if wanted in (None, one.catalogue_number)]
        if not sets:
            return assumed_revolution(f"{orbit.elements} holds no element set of the ship")
        try:
            chosen = choose_elements(
                sets, case.epoch, [(m.at, m.note) for m in orbit.manoeuvre], orbit.valid_days
            ).chosen
        except InvestigationError:
            chosen = min(sets, key=lambda one: abs(one.epoch - case.epoch))
        return 86_400.0 / float(chosen.line2[52:63]), None
    except (InvestigationError, ValueError, ZeroDivisionError, OSError) as error:
        return assumed_revolution(str(error).split("\n", maxsplit=1)[0])


def assumed_revolution(why: str) -> tuple[float, Caveat]:
    """The revolution that is taken where the orbit is not known, and what is to be said of it.

    >>> assumed_revolution("no orbit was given")[1].text
    'Swings are looked for at a revolution of 92.7 min, which is assumed: no orbit was given.'
    """
    text = f"Swings are looked for at a revolution of {float(ORBIT_S) / 60:.1f} min, which is assumed: {why}."
    return float(ORBIT_S), Caveat("revolution-assumed", text)
