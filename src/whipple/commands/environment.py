"""`whipple environment`: showers and fluxes along an orbit, without a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whipple.commands import screening as _screening
from whipple.commands import showers as _showers
from whipple.commands.environment_mem import igloo_export, mem_import
from whipple.commands.orbit_at import moment_of, orbit_at

if TYPE_CHECKING:
    pass

__all__ = ["app"]

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
    from whipple.environment.sky import with_outbursts

    mass_kg, moment = parse_quantity(mass, "kg", "--mass"), moment_of(at, "--at")
    _check_mass(mass_kg)
    sky = with_outbursts(sky_along(orbit_at(tle, moment, (manoeuvre, valid_days, number), 4.0), moment), moment)
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
