"""How long is how much of the crew without a good ship?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from whipple.errors import RangeError

__all__ = ["Gap", "Stretch", "crew_gap", "stretches"]


@dataclass(frozen=True)
class Stretch:
    """`crew_count` people depend on the damaged ship for `duration_s`."""

    crew_count: int
    duration_s: float


@dataclass(frozen=True)
class Gap:
    """Crew-seconds with a degraded lifeboat and with none."""

    degraded_crew_s: float
    absent_crew_s: float


def stretches(crew_count: int, ready_s: float, interim_s: float, interim_seats: int) -> tuple[Stretch, ...]:
    """Who depends on the damaged ship, and for how long: everyone until seats elsewhere are ready, the rest until the option is.

    Seats that come after the option change nothing. Raises RangeError for a time below 0 or more seats than crew.

    >>> day = 86400.0
    >>> [(s.crew_count, s.duration_s / day) for s in stretches(3, 73 * day, 33 * day, 1)]
    [(3, 33.0), (2, 40.0)]
    """
    for name, days in (("ready", ready_s / 86400), ("interim", interim_s / 86400)):
        if not 0 <= days < math.inf:
            raise RangeError("the gap", name, f"{days:.4g} days", "0 days or more", "count from the failure on")
    if not 0 <= interim_seats <= crew_count:
        expected, remedy = f"0 to {crew_count} (the crew)", "count only the seats that the crew of this ship would take"
        raise RangeError("the gap", "seats", interim_seats, expected, remedy)
    if interim_seats == 0:
        return (Stretch(crew_count, ready_s),)
    first = min(interim_s, ready_s)
    rest = (
        (Stretch(crew_count - interim_seats, ready_s - first),)
        if ready_s > first and interim_seats < crew_count
        else ()
    )
    return (Stretch(crew_count, first), *rest)


def crew_gap(parts: tuple[Stretch, ...], fit_emergency: bool) -> Gap:
    """The gap of these stretches: degraded if the damaged ship still serves in an emergency, absent if it does not.

    The published anchor: MS-22 left 3 people for 33 days and 2 for 40 days with a degraded ship (reference sheet decision.md, section 3).

    >>> day = 86400.0
    >>> crew_gap((Stretch(3, 33 * day), Stretch(2, 40 * day)), True).degraded_crew_s / day
    179.0
    """
    total = sum(part.crew_count * part.duration_s for part in parts)
    return Gap(total, 0.0) if fit_emergency else Gap(0.0, total)
