"""What a screening says, and how far it goes, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from whipple.casefile.estimate import Caveat
from whipple.environment.read_elements_catalogue import CatalogueObject
from whipple.environment.screening_answer import Approach, Terms
from whipple.environment.screening_error import ElementError

__all__ = ["screening_caveats", "screening_headline", "to_second"]


def to_second(at: datetime) -> datetime:
    """The nearest whole second (a format only cuts).

    >>> f"{to_second(datetime(2022, 12, 15, 6, 29, 59, 999500)):%H:%M:%S}"
    '06:30:00'
    """
    return (at + timedelta(seconds=0.5)).replace(microsecond=0)


def screening_headline(
    terms: Terms,
    passes: Sequence[Approach],
    companions: Sequence[Approach],
    spoken: int,
    unspoken: int,
    oldest: float,
    along: float,
) -> str:
    """What can be said, how far it goes, and for whom it does not."""
    window = f"from {terms.start:%Y-%m-%d %H:%M} to {terms.end:%Y-%m-%d %H:%M} UTC"
    limit = f"{terms.within_m / 1e3:g} km"
    if passes:
        near, worst = passes[0], min(passes, key=lambda one: one.miss_m.low)
        interval = f"{near.miss_m.low / 1e3:.1f} to {near.miss_m.high / 1e3:.1f} km"
        text = (
            f"{len(passes)} approaches within {limit} {window}; the closest is {near.catalogue_number} {near.name}".rstrip()
            + f" at {near.seen.miss_m / 1e3:.1f} km by its elements ({interval} with their errors, 90 %), {to_second(near.at):%d %b %H:%M:%S} UTC, "
            f"{_speed(near.seen.speed_m_s)}; the least that the errors allow any (5 %) is {worst.miss_m.low / 1e3:.1f} km"
            f"{'' if worst is near else f' ({worst.catalogue_number} {worst.name})'}; strikes expected of all of them: "
            f"{_small(sum(one.strike_prob for one in passes))}, at the worst of errors a third to three times those expected."
        )
    else:
        text = f"No approach within {limit} {window}."
    text += (
        f" This speaks for {spoken} objects with elements up to {oldest:.1f} days old; for those whose orbits meet the ship's the "
        f"expected error along track is up to {along / 1e3:.1f} km (1 sigma)."
    )
    beside = f" {len(companions)} companions (docked or in formation) stay beside the ship." if companions else ""
    rest = f" For {unspoken} more not enough can be said; they are listed." if unspoken else ""
    return text + beside + rest


def _speed(speed_m_s: float) -> str:
    """In km/s, or in m/s where that says more.

    >>> _speed(10_420.0), _speed(8.3)
    ('10.4 km/s', '8.3 m/s')
    """
    return f"{speed_m_s / 1e3:.1f} km/s" if speed_m_s >= 100 else f"{speed_m_s:.1f} m/s"


def _small(count: float) -> str:
    """So many in words; nothing finer than 1e-9 is claimed.

    >>> _small(3.21e-5), _small(1e-80)
    ('3.2e-05', 'below 1e-9')
    """
    return f"{count:.1e}" if count > 1e-9 else "below 1e-9"


def screening_caveats(
    ship: CatalogueObject, own: ElementError, file: str, passes: Sequence[Approach]
) -> tuple[Caveat, ...]:
    """What the reader must know: the error model, the ship's own elements (`own` error), the reach of a catalogue, slow passes."""
    slow = len({one.catalogue_number for one in passes if one.kind == "slow"})
    found = [
        Caveat(
            "screening-element-error",
            "Public elements carry no covariance. Their error is taken as 1 km at epoch, growing 1 km a day and, along track, with "
            "15 % of their drag times the age squared; a manoeuvre after the epoch makes the elements worthless and is not seen here.",
        ),
        Caveat(
            "screening-ship-elements",
            f"The ship flies on {ship}, epoch {ship.epoch:%Y-%m-%d %H:%M} UTC, {own.age_days:.1f} days from the middle of the window, "
            f"{own.along_m / 1e3:.1f} km along track (1 sigma).",
        ),
        Caveat(
            "screening-catalogue-only",
            f"Only what {file} lists is screened. Objects below about 10 cm, new fragments and withheld orbits are not in any "
            "public catalogue, so a clear screening excludes no debris strike as such.",
        ),
    ]
    if slow:
        text = (
            f"{slow} objects pass below 100 m/s: they share the ship's orbit, their distance drifts for hours, and the chance of contact "
            "given for a single pass says little about them."
        )
        found.append(Caveat("screening-slow", text))
    return tuple(found)
