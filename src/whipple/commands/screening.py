"""`whipple environment screen`: did a tracked object come near?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from whipple.environment.read_elements_catalogue import CatalogueObject
    from whipple.environment.screening import Approach, Screening, Terms

__all__ = ["screen"]

Catalogue = Annotated[
    Path, typer.Option("--catalogue", help="every orbit to screen: TLE (pairs or triples) or OMM (XML, KVN, JSON, CSV)")
]
Tle = Annotated[Path | None, typer.Option("--tle", help="the ship's element sets; without it the ship is --number")]
Number = Annotated[int | None, typer.Option("--number", help="the ship's catalogue number")]
From = Annotated[str, typer.Option("--from", help="start of the window in UTC, such as 2022-12-14T12:45Z")]
Hours = Annotated[float, typer.Option("--hours", help="length of the window")]
Within = Annotated[str, typer.Option("--within", help="report approaches nearer than this")]
MaxAge = Annotated[float, typer.Option("--max-age", min=0.0, help="trust no elements older than this many days")]
Radius = Annotated[str, typer.Option("--ship-radius", help="radius of a sphere round the whole ship")]
Manoeuvre = Annotated[
    list[str] | None, typer.Option("--manoeuvre", help="a burn of the ship that no set may cross; repeat it")
]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]


def screen(
    catalogue: Catalogue,
    start: From,
    tle: Tle = None,
    number: Number = None,
    hours: Hours = 24.0,
    within: Within = "25 km",
    max_age: MaxAge = 30.0,
    ship_radius: Radius = "60 m",
    manoeuvre: Manoeuvre = None,
    as_json: Json = False,
) -> None:
    """Close approaches of every catalogued object to the ship, and every object about which nothing can be said.

    \b
    whipple environment screen --catalogue gp.json --tle iss.tle --from 2022-12-14T12:45Z
    whipple environment screen --catalogue gp.csv --number 25544 --from 2022-12-15T00:00Z --hours 6 --within "50 km" --json
    Azimuth: 0 ram, 90 starboard, 180 wake, -90 port; elevation: positive toward zenith; where the object comes from.
    """
    from whipple.casefile.units import parse_quantity
    from whipple.commands.orbit_at import moment_of
    from whipple.environment.read_elements_catalogue import read_catalogue
    from whipple.environment.screening import Terms
    from whipple.environment.screening import screen as screening

    within_m, radius_m = parse_quantity(within, "m", "--within"), parse_quantity(ship_radius, "m", "--ship-radius")
    terms = Terms(moment_of(start, "--from"), hours * 3600.0, within_m, max_age, radius_m)
    found = read_catalogue(catalogue)
    burns = [(moment_of(text, "--manoeuvre"), "named with --manoeuvre") for text in manoeuvre or ()]
    ship = _ship((tle, number), found.objects, terms, burns)
    answer = _with_progress(lambda tell: screening(ship, found, terms, tell=tell))
    typer.echo(json.dumps(_as_json(answer), sort_keys=True) if as_json else _as_text(answer))


def _ship(
    source: tuple[Path | None, int | None],
    objects: tuple[CatalogueObject, ...],
    terms: Terms,
    burns: list[tuple[datetime, str]],
) -> CatalogueObject:
    """From its own file (path, number), or the set in the catalogue nearest to the window; no burn may lie in the window."""
    from whipple.environment.screening_finding import ship_from
    from whipple.errors import RangeError
    from whipple.physics.read_elements import read_elements

    tle, number = source
    for at, _ in burns:
        if terms.start < at < terms.end:
            expected = "no burn inside the window"
            raise RangeError(
                "environment screen", "--manoeuvre", f"{at:%Y-%m-%dT%H:%MZ}", expected, "screen before and after it"
            )
    middle = terms.start + (terms.end - terms.start) / 2
    if tle is not None:
        sets = [one for one in read_elements(tle) if number in (None, one.catalogue_number)]
        numbers = sorted({one.catalogue_number for one in sets})
        if len(numbers) > 1:
            raise RangeError(str(tle), "catalogue numbers", numbers, "one object", f"--number {numbers[0]}")
        return ship_from(sets, middle, terms.max_age_days, burns)
    mine = [one for one in objects if one.catalogue_number == number]
    if not mine:
        missing = "--tle FILE, or --number N of an object in the catalogue"
        raise RangeError("environment screen", "--number", number, "the ship's catalogue number", missing)
    return min(mine, key=lambda one: abs(one.epoch - middle))


def _with_progress(work: Any) -> Screening:
    """A moving bar on stderr, on a terminal only."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("screening", total=1.0)
        answer: Screening = work(lambda share: bar.update(task, completed=share))
    return answer


def _row(one: Approach) -> dict[str, Any]:
    from whipple.physics.frames import azimuth_elevation

    azimuth, elevation = azimuth_elevation(one.seen.arrival_dir_lvlh)
    return {
        "catalogue_number": one.catalogue_number, "name": one.name, "kind": one.kind, "at": one.at.isoformat(),
        "miss_m": one.seen.miss_m, "miss_90_m": [one.miss_m.low, one.miss_m.high], "speed_m_s": one.seen.speed_m_s,
        "miss_rtn_m": one.seen.miss_rtn_m.tolist(), "miss_lvlh_m": one.seen.miss_lvlh_m.tolist(),
        "velocity_rtn_m_s": one.seen.velocity_rtn_m_s.tolist(), "velocity_lvlh_m_s": one.seen.velocity_lvlh_m_s.tolist(),
        "azimuth_rad": float(azimuth), "elevation_rad": float(elevation), "element_age_days": one.error.age_days,
        "along_track_error_m": one.along_m, "strike_prob_worst_error": one.strike_prob, "strike_prob_mean": one.mean_strike_prob,
    }  # fmt: skip


def _as_json(found: Screening) -> dict[str, Any]:
    return {
        "headline": found.headline, "ship": found.ship, "catalogue": found.file, "start": found.terms.start.isoformat(),
        "end": found.terms.end.isoformat(), "within_m": found.terms.within_m, "counts": found.counts,
        "passes": [_row(one) for one in found.passes], "companions": [_row(one) for one in found.companions],
        "unspoken": [{"catalogue_number": one.catalogue_number, "name": one.name, "why": one.why} for one in found.unspoken],
        "unreadable": [str(one) for one in found.unreadable], "superseded": list(found.superseded),
        "oldest_elements_days": found.oldest_days, "along_track_error_m": found.along_m,
        "caveats": [one.text for one in found.caveats],
    }  # fmt: skip


def _as_text(found: Screening) -> str:
    counts = found.counts
    lines = [
        found.headline,
        f"Ship {found.ship}; {counts['objects']} objects of {found.file}: {counts['after_perigee_apogee']} after the perigee-apogee "
        f"filter, {counts['after_paths']} after the path filter.",
    ]
    if found.passes:
        head = f"{'time UTC':<20}{'object':<34}{'miss km':>8}{'90 % km':>14}{'km/s':>7}{'az °':>7}{'el °':>6}"
        lines += ["", head + f"{'R km':>8}{'T km':>8}{'N km':>8}{'age d':>7}  kind"]
        lines += [_line(one) for one in found.passes[:40]]
        if len(found.passes) > 40:
            lines.append(f"... and {len(found.passes) - 40} more (--json lists all)")
    for one in found.companions:
        lines.append(
            f"beside the ship: {one.catalogue_number} {one.name}, {one.seen.miss_m / 1e3:.1f} km at the start of the window"
        )
    lines += _listing(
        "cannot be spoken for", [f"{one.catalogue_number} {one.name}: {one.why}" for one in found.unspoken]
    )
    lines += _listing("cannot be read", [str(one).replace("\n", " ") for one in found.unreadable])
    lines += _listing("not used", list(found.superseded))
    return "\n".join([*lines, "", *(f"* {one.text}" for one in found.caveats)])


def _line(one: Approach) -> str:
    from math import degrees

    from whipple.environment.screening_words import to_second

    row = _row(one)
    r, t, n = (value / 1e3 for value in row["miss_rtn_m"])
    between = f"{one.miss_m.low / 1e3:.1f}…{one.miss_m.high / 1e3:.1f}"
    return (
        f"{to_second(one.at):%Y-%m-%d %H:%M:%S} {f'{one.catalogue_number} {one.name}'[:32]:<34}{one.seen.miss_m / 1e3:>8.2f}{between:>14}"
        f"{one.seen.speed_m_s / 1e3:>7.2f}{degrees(row['azimuth_rad']):>+7.0f}{degrees(row['elevation_rad']):>+6.0f}"
        f"{r:>+8.2f}{t:>+8.2f}{n:>+8.2f}{one.error.age_days:>7.1f}  {one.kind}"
    )


def _listing(title: str, rows: list[str]) -> list[str]:
    """The first few in the table, all with --json; the count always."""
    if not rows:
        return []
    rest = [f"  ... and {len(rows) - 15} more (--json lists all)"] if len(rows) > 15 else []
    return ["", f"{title}: {len(rows)}", *(f"  {row}" for row in rows[:15]), *rest]
