"""`whipple environment`: showers and fluxes along an orbit, without a case."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whipple.commands import screening as _screening
from whipple.commands import showers as _showers
from whipple.commands.environment_mem import igloo_export, mem_import

if TYPE_CHECKING:
    from whipple.casefile.findings.sky import OrbitFacts, ShowerTrack

__all__ = ["app", "showers"]

app = typer.Typer(help="What was flying there, and from which way?", no_args_is_help=True)
app.command("showers")(_showers.showers)
app.command("screen")(_screening.screen)
app.command("mem-import")(mem_import)
app.command("igloo-export")(igloo_export)

Tle = Annotated[Path, typer.Option("--tle", help="a file of two-line element sets; the fittest is chosen")]
At = Annotated[str, typer.Option("--at", help="time in UTC, such as 2022-12-15T00:45Z")]
Manoeuvres = Annotated[
    list[str] | None, typer.Option("--manoeuvre", help="time of a burn that no set may cross; repeat it")
]
ValidDays = Annotated[float, typer.Option(min=0.0, help="how far from its epoch a set may be used, in days")]
Number = Annotated[int | None, typer.Option("--number", help="catalogue number, when the file holds several objects")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]


def _moment(text: str, option: str) -> datetime:
    from datetime import UTC

    from whipple.errors import RangeError

    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise RangeError(option, "time", repr(text), "an ISO 8601 time in UTC", "2022-12-15T00:45Z") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _orbit(
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
    burns = [(_moment(text, "--manoeuvre"), "named with --manoeuvre") for text in texts or ()]
    orbit = fly(sets, at, burns, valid_days, revolutions=revolutions)
    typer.echo(f"orbit: {orbit.elements}", err=True)
    for reason in orbit.rejected:
        typer.echo(f"not used: {reason}", err=True)
    return orbit


def showers(
    tle: Path, at: str, orbits: float, manoeuvre: list[str] | None, valid_days: float, number: int | None, as_json: bool
) -> None:
    """The showers active at a time (`whipple environment showers --at`): how strong, from which side, how fast, how long up."""
    from whipple.environment.models.moorhead_activity import active_showers
    from whipple.environment.showers import shower_track

    orbit = _orbit(tle, _moment(at, "--at"), (manoeuvre, valid_days, number), orbits)
    rows = [_shower_row(shower_track(shower, orbit)) for shower in active_showers(orbit.solar_longitude_rad)]
    answer = {
        "elements": orbit.elements, "rejected": list(orbit.rejected), "solar_longitude_rad": orbit.solar_longitude_rad,
        "beta_rad": orbit.beta_rad, "sun_azimuth_rad": orbit.sun_azimuth_rad, "sun_elevation_rad": orbit.sun_elevation_rad,
        "showers": rows,
    }  # fmt: skip
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else _shower_table(orbit, rows))


def _shower_row(track: ShowerTrack) -> dict[str, Any]:
    """One shower: at the time asked, and lowest and highest while it is up (None when it never is)."""
    from whipple.physics.frames import azimuth_elevation

    azimuth, elevation = azimuth_elevation(track.arrival_dir_lvlh)
    up = track.visible > 0

    def over(values: Any) -> list[float] | None:
        return [float(values[up].min()), float(values[up].max())] if up.any() else None

    return {
        "code": track.code, "name": track.name, "zhr_per_h": track.zhr_per_h.median,
        "zhr_per_h_90": [track.zhr_per_h.low, track.zhr_per_h.high], "right_ascension_rad": track.right_ascension_rad,
        "declination_rad": track.declination_rad, "azimuth_rad": float(azimuth[0]), "elevation_rad": float(elevation[0]),
        "speed_m_s": float(track.speed_m_s[0]), "up_at_start": bool(up[0]), "azimuth_range_rad": over(azimuth),
        "elevation_range_rad": over(elevation), "speed_range_m_s": over(track.speed_m_s), "visible_frac": float(up.mean()),
    }  # fmt: skip


def _shower_table(orbit: OrbitFacts, rows: list[dict[str, Any]]) -> str:
    from math import degrees

    head = (
        f"Solar longitude {degrees(orbit.solar_longitude_rad):.2f}°, beta {degrees(orbit.beta_rad):.2f}°, Sun at azimuth "
        f"{degrees(orbit.sun_azimuth_rad):+.1f}°, elevation {degrees(orbit.sun_elevation_rad):+.1f}°"
    )
    titles = f"{'':<4}{'shower':<24}{'ZHR':>6}{'RA':>7}{'Dec':>7}{'az now':>8}{'el':>7}{'km/s':>7}"
    lines = [head, titles + f"{'azimuth °':>14}{'elevation °':>13}{'km/s':>9}{'up %':>6}"]
    for row in rows:
        ranges = [
            _range(row["azimuth_range_rad"], 57.29578),
            _range(row["elevation_range_rad"], 57.29578),
            _range(row["speed_range_m_s"], 1e-3),
        ]
        lines.append(
            f"{row['code']:<4}{row['name']:<24}{row['zhr_per_h']:>6.1f}{degrees(row['right_ascension_rad']):>7.1f}"
            f"{degrees(row['declination_rad']):>+7.1f}{degrees(row['azimuth_rad']):>+8.1f}{degrees(row['elevation_rad']):>+7.1f}"
            f"{row['speed_m_s'] / 1e3:>7.1f}{ranges[0]:>14}{ranges[1]:>13}{ranges[2]:>9}{100 * row['visible_frac']:>6.0f}"
        )
    return "\n".join(lines if rows else [head, "No annual shower is active."])


def _range(values: list[float] | None, scale: float) -> str:
    return "never up" if values is None else f"{values[0] * scale:.0f}…{values[1] * scale:.0f}"


@app.command()
def flux(
    tle: Tle,
    at: At,
    mass: Annotated[str, typer.Option(help="count particles heavier than this")] = "1e-6 g",
    manoeuvre: Manoeuvres = None,
    valid_days: ValidDays = 5.0,
    number: Number = None,
    as_json: Json = False,
) -> None:
    """What an unshadowed sphere and the six faces of a cube get of each stream, with its 1-sigma factor.

    \b
    whipple environment flux --tle iss.tle --at 2022-12-15T00:45Z
    whipple environment flux --tle iss.tle --at 2022-12-15T00:45Z --mass "1e-4 g" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.environment import sky_along
    from whipple.environment.faces import FACES_LVLH, cross_section_flux_per_m2_s, face_flux_per_m2_s, mean_speed_m_s

    mass_kg, moment = parse_quantity(mass, "kg", "--mass"), _moment(at, "--at")
    _check_mass(mass_kg)
    sky = sky_along(_orbit(tle, moment, (manoeuvre, valid_days, number), 4.0), moment)
    rows = [
        {
            "stream": stream.name, "kind": stream.kind, "level_factor": stream.level_factor,
            "cross_section_per_m2_s": cross_section_flux_per_m2_s(stream, mass_kg), "mean_speed_m_s": mean_speed_m_s(sky, stream),
            "face_per_m2_s": {face: face_flux_per_m2_s(sky, stream, normal, mass_kg) for face, normal in FACES_LVLH.items()},
        }
        for stream in sky.streams
    ]  # fmt: skip
    caveats = [caveat.text for stream in sky.streams for caveat in stream.caveats] + [
        caveat.text for caveat in sky.caveats
    ]
    answer = {"mass_kg": mass_kg, "streams": rows, "caveats": caveats}
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else _flux_table(mass_kg, rows, caveats))


def _check_mass(mass_kg: float) -> None:
    from whipple.errors import RangeError

    if not 1e-12 <= mass_kg <= 1e-2:
        raise RangeError("environment flux", "mass", f"{mass_kg:.3g} kg", "1e-12 to 1e-2 kg", '--mass "1e-6 g"')


def _flux_table(mass_kg: float, rows: list[dict[str, Any]], caveats: list[str]) -> str:
    from whipple.environment.faces import FACES_LVLH
    from whipple.physics.constants import YEAR_s

    lines = [
        f"Particles heavier than {mass_kg * 1e3:.3g} g per m2 and year; sphere: per m2 of cross-section; faces: per m2 of face.",
        f"{'stream':<24}{'sphere':>10}" + "".join(f"{face:>10}" for face in FACES_LVLH) + f"{'km/s':>7}{'1 sigma':>9}",
    ]
    for row in rows:
        values = [row["cross_section_per_m2_s"], *row["face_per_m2_s"].values()]
        numbers = "".join(f"{value * YEAR_s:>10.2e}" for value in values)
        lines.append(
            f"{row['stream']:<24}{numbers}{row['mean_speed_m_s'] / 1e3:>7.1f}{'x/ ' + format(row['level_factor'], '.1f'):>9}"
        )
    return "\n".join(lines + [f"* {text}" for text in caveats])


@app.command()
def grun(
    mass: Annotated[list[str], typer.Option(help="a mass with its unit; repeat it")],
    as_json: Json = False,
) -> None:
    """Grün's interplanetary flux at 1 au, far from Earth, on one side of a tumbling plate and on a sphere.

    \b
    whipple environment grun --mass "1e-6 g" --mass "1 mg"
    """
    from whipple.casefile.units import parse_quantity
    from whipple.environment.models.grun_1985 import grun_flux_per_m2_s
    from whipple.physics.constants import YEAR_s

    rows = []
    for text in mass:
        mass_kg = parse_quantity(text, "kg", "--mass")
        plate = float(grun_flux_per_m2_s(mass_kg))
        rows.append({"mass_kg": mass_kg, "plate_per_m2_s": plate, "cross_section_per_m2_s": 4 * plate})
    if as_json:
        typer.echo(json.dumps({"rows": rows}, sort_keys=True))
        return
    typer.echo(f"{'mass g':>12}{'plate /m2/yr':>16}{'sphere /m2/yr':>16}")
    for row in rows:
        typer.echo(
            f"{row['mass_kg'] * 1e3:>12.3g}{row['plate_per_m2_s'] * YEAR_s:>16.5g}{row['cross_section_per_m2_s'] * YEAR_s:>16.5g}"
        )
