"""A time and an orbit as typed on the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from whipple.casefile.findings.sky import OrbitFacts

__all__ = ["moment_of", "orbit_at"]


def moment_of(text: str, option: str) -> datetime:
    """A time as typed for an option; without a zone it is UTC. What is taken goes to stderr, with its zone."""
    from datetime import UTC

    from whipple.errors import RangeError

    try:
        typed = datetime.fromisoformat(text.replace("Z", "+00:00"))
        known = typed.tzinfo is not None
        moment = typed.astimezone(UTC) if known else typed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise RangeError(option, "time", repr(text), "an ISO 8601 time in UTC", "2022-12-15T00:45Z") from None
    typer.echo(
        f"{option}: {moment:%Y-%m-%d %H:%M:%S} UTC" + ("" if known else " (no zone was typed: taken as UTC)"), err=True
    )
    return moment


def orbit_at(
    tle: Path, at: datetime, choice: tuple[list[str] | None, float, int | None], revolutions: float
) -> OrbitFacts:
    """The orbit facts from (burns, valid days, catalogue number); the sets that were not used are named on stderr."""
    from whipple.environment import fly
    from whipple.errors import RangeError
    from whipple.physics.read_elements import read_elements

    texts, valid_days, number = choice
    sets = [element for element in read_elements(tle) if number in (None, element.catalogue_number)]
    numbers = sorted({element.catalogue_number for element in sets})
    if len(numbers) > 1:
        raise RangeError(str(tle), "catalogue numbers", numbers, "one object", f"--number {numbers[0]}")
    burns = [(moment_of(text, "--manoeuvre"), "named with --manoeuvre") for text in texts or ()]
    orbit = fly(sets, at, burns, valid_days, revolutions=revolutions)
    typer.echo(f"orbit: {orbit.elements}", err=True)
    for reason in orbit.rejected:
        typer.echo(f"not used: {reason}", err=True)
    return orbit
