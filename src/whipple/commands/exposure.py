"""`whipple exposure`: which showers can reach a wall, and what could not have reached the parts of a case."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from whipple.casefile.findings.strikes import ShowerReach
    from whipple.exposure.margins import Margin

__all__ = ["app"]

app = typer.Typer(
    help="How often is each surface struck or pierced, by what, and could it come from there at all?",
    no_args_is_help=True,
)


@app.command()
def showers(
    tle: Annotated[Path, typer.Option("--tle", help="a file of two-line element sets; the fittest is chosen")],
    at: Annotated[str, typer.Option("--at", help="time in UTC, such as 2022-12-15T00:45Z")],
    azimuth: Annotated[str, typer.Option(help="outward azimuth of the wall: 0 ram, 90 starboard, 180 wake, -90 port")],
    elevation: Annotated[str, typer.Option(help="outward elevation of the wall, positive toward zenith")] = "0 deg",
    orbits: Annotated[float, typer.Option(min=0.02, max=200, help="how many revolutions")] = 4.0,
    valid_days: Annotated[float, typer.Option(min=0.0, help="how far from its epoch a set may be used, in days")] = 5.0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Which showers of the day can strike a free wall, for what share of the time that they are in view, and how squarely.

    \b
    whipple exposure showers --tle iss.tle --at 2022-12-15T00:45Z --azimuth "135 deg"
    whipple exposure showers --tle iss.tle --at 2022-12-15T00:45Z --azimuth "180 deg" --orbits 1 --json
    No vehicle, so no shadow: `whipple investigate` adds that of the stack.
    """
    from whipple.casefile.units import parse_quantity
    from whipple.commands.orbit_at import moment_of
    from whipple.environment import fly, sky_along
    from whipple.environment.sky import with_outbursts
    from whipple.exposure import bare_site, shower_reach
    from whipple.physics.frames import direction_lvlh
    from whipple.physics.read_elements import read_elements

    moment = moment_of(at, "--at")
    normal = direction_lvlh(
        parse_quantity(azimuth, "rad", "--azimuth"), parse_quantity(elevation, "rad", "--elevation")
    )
    orbit = fly(read_elements(tle), moment, (), valid_days, revolutions=orbits)
    typer.echo(f"orbit: {orbit.elements}", err=True)
    for reason in orbit.rejected:
        typer.echo(f"not used: {reason}", err=True)
    sky = with_outbursts(sky_along(orbit, moment), moment)
    reaches = [shower_reach(track, orbit.t_s, bare_site(normal)) for track in sky.showers]
    outbursts = next(caveat.text for caveat in sky.caveats if caveat.code == "shower-outbursts")
    answer = {
        "at": moment.isoformat(),
        "elements": orbit.elements,
        "normal_lvlh": normal.tolist(),
        "orbits": orbits,
        "showers": [_row(reach) for reach in reaches],
        "outbursts": outbursts,
    }
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else f"{_told(reaches)}\n\n* {outbursts}")


@app.command()
def reach(
    case: Annotated[str, typer.Argument(help="a bundled case by name, or a path to a case folder")],
    part: Annotated[
        str,
        typer.Option(
            "--part",
            help="parts of the shape file, with * for any text; default: the suspect spot and the part it is on",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """What could not have been reached: every source of the day against each part, with the margin in degrees.

    The margin is the smallest turn of the vehicle that would bring a source onto the part: by direction alone, and with the shadow of the
    rest (good to 2.6 degrees). Attitude and moving parts as the case has them. Sporadic and debris directions are centres of 5-degree cells:
    their margins may be up to 3.5 degrees smaller.

    \b
    whipple exposure reach soyuz-ms22
    whipple exposure reach soyuz-ms22 --part "soyuz.*" --json
    """
    from fnmatch import fnmatchcase

    import numpy as np

    from whipple.casefile.problems import near_match
    from whipple.casefile.read_case import read_case
    from whipple.commands.folders import case_folder
    from whipple.environment import what_was_there
    from whipple.errors import RangeError
    from whipple.exposure.margins import arrival_directions, reach_margins, suspect_spot
    from whipple.physics.frames import azimuth_elevation
    from whipple.vehicle import build

    asked = read_case(case_folder(case))
    stack = build(asked)
    names = [one.name for one in stack.surfaces.parts]
    chosen = [name for name in names if fnmatchcase(name, part or stack.site_part)]
    if not chosen:
        remedy = near_match(part, names, "name one of these")
        raise RangeError("--part", "part", repr(part), "one of: " + ", ".join(names), remedy)
    places = {name: stack.surfaces.of_part(name) for name in chosen}
    if not part:
        facing = np.degrees(azimuth_elevation(stack.site_normal_body[0] @ stack.body_from_lvlh)[0])
        places = {f"the suspect spot (facing azimuth {facing:.0f}°)": suspect_spot(stack), **places}
    rows = reach_margins(stack, arrival_directions(what_was_there(asked)), places)
    if as_json:
        typer.echo(json.dumps([_margin_row(row) for row in rows], sort_keys=True))
        return
    typer.echo("\n".join(row.sentence for row in sorted(rows, key=lambda row: (row.reached_frac > 0, row.part))))


def _margin_row(row: Margin) -> dict[str, Any]:
    """One part and source; no turn where the part sees nothing at all."""
    turn = row.turn_rad if row.turn_rad < 4 else None
    return {**asdict(row), "turn_rad": turn, "sentence": row.sentence}


def _row(reach: ShowerReach) -> dict[str, Any]:
    row = asdict(reach)
    row["azimuth_rad"], row["by_azimuth_frac"] = reach.azimuth_rad.tolist(), reach.by_azimuth_frac.tolist()
    return row


def _told(reaches: list[ShowerReach]) -> str:
    head = f"{'shower':<8}{'in view %':>10}{'reach %':>9}{'best cosine':>13}{'speed km/s':>14}"
    rows = [
        f"{reach.code:<8}{100 * reach.visible_frac:>10.0f}{100 * reach.reach_frac:>9.1f}{reach.best_cosine_ratio:>13.2f}"
        f"{f'{reach.relative_speed_m_s[0] / 1e3:.0f} to {reach.relative_speed_m_s[1] / 1e3:.0f}':>14}"
        for reach in reaches
    ]
    return (
        "\n".join([head, *rows, "", *(reach.sentence for reach in reaches)]) if reaches else "no shower is active then"
    )
