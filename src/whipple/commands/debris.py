"""`whipple debris`: break-ups, fragment clouds, tracked objects, small debris, and what licensed models wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whipple.commands.debris_words import YEAR_s, cloud_answer, small_answer, tracked_answer

if TYPE_CHECKING:
    from whipple.environment.catalogue_flux import TrackedOrbits
    from whipple.environment.cloud_crossing import Ship

__all__ = ["app"]

app = typer.Typer(help="What debris crosses this orbit, and from which way?", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Altitude = Annotated[str, typer.Option("--altitude", help="mean altitude of the ship, circular orbit")]
Inclination = Annotated[str, typer.Option("--inclination", help="inclination of the ship's orbit")]


def _ship(altitude: str, inclination: str) -> Ship:
    from whipple.casefile.units import parse_quantity
    from whipple.environment.cloud_crossing import Ship
    from whipple.errors import RangeError
    from whipple.physics.constants import EARTH_RADIUS_m

    height, tilt = parse_quantity(altitude, "m", "--altitude"), parse_quantity(inclination, "rad", "--inclination")
    if not 150e3 <= height <= 5e7:
        raise RangeError("--altitude", "altitude", altitude, "150 to 50 000 km", '"415 km"')
    if not 0 <= tilt <= 3.1416:
        raise RangeError("--inclination", "inclination", inclination, "0 to 180 deg", '"51.6 deg"')
    return Ship(float(EARTH_RADIUS_m) + height, tilt)


def _month(text: str, option: str) -> int:
    from whipple.errors import RangeError

    try:
        year, month = (int(part) for part in text.split("-"))
    except ValueError:
        year, month = 0, 0
    if not (1957 <= year <= 2100 and 1 <= month <= 12):
        raise RangeError(option, "month", repr(text), "a year and a month", "2022-12")
    return 12 * year + month - 1


def _say(answer: dict[str, Any], lines: list[str], as_json: bool) -> None:
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else "\n".join(lines))


def _positive(text: str, unit: str, option: str) -> float:
    """A typed quantity in SI. RangeError for 0 and less."""
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError

    value = parse_quantity(text, unit, option)
    if not value > 0:
        raise RangeError("debris breakup", option, text, "more than 0", "check the sign")
    return value


def _refuse_unheard(where: str, options: dict[str, Any], expected: str) -> None:
    """RangeError for options that were typed and that this answer would pass over in silence."""
    from whipple.errors import RangeError

    if typed := [f"{name} {value}" for name, value in options.items() if value not in (None, "")]:
        raise RangeError(where, "option", ", ".join(typed), expected, "leave it out")


@app.command()
def breakup(
    cause: Annotated[str, typer.Option(help="explosion or collision")] = "explosion",
    target: Annotated[str, typer.Option(help="mass of what was hit (collision)", show_default="1000 kg")] = "",
    projectile: Annotated[str, typer.Option(help="mass of what hit it (collision)", show_default="10 kg")] = "",
    speed: Annotated[str, typer.Option(help="speed of the collision", show_default="10 km/s")] = "",
    scale: Annotated[
        float | None,
        typer.Option(min=0.05, max=2.0, help="S of the explosion law, 0.1 to 1 (explosion)", show_default="1"),
    ] = None,
    as_json: Json = False,
) -> None:
    """How many fragments a break-up leaves, by size (NASA standard breakup model).

    \b
    whipple debris breakup
    whipple debris breakup --cause collision --target "900 kg" --projectile "560 kg" --speed "11.7 km/s" --json
    """
    from whipple.environment.models import johnson_2001 as model
    from whipple.errors import RangeError

    if cause not in ("explosion", "collision"):
        raise RangeError("--cause", "cause", repr(cause), "explosion or collision", "--cause collision")
    if cause == "explosion":
        typed = {"--target": target, "--projectile": projectile, "--speed": speed}
        _refuse_unheard("debris breakup", typed, "--scale alone: the rest is of a collision (--cause collision)")
    else:
        _refuse_unheard("debris breakup", {"--scale": scale}, "--target, --projectile, --speed: S is of an explosion")
    sizes = [1e-3, 1e-2, 0.05, 0.1, 1.0]
    if cause == "explosion":
        scale = 1.0 if scale is None else scale
        counts, text = model.explosion_count(sizes, scale), f"Explosion, S = {scale:g}"
    else:
        heavy = _positive(target or "1000 kg", "kg", "--target")
        light = _positive(projectile or "10 kg", "kg", "--projectile")
        mass, whole = model.collision_mass_kg(heavy, light, _positive(speed or "10 km/s", "m/s", "--speed"))
        counts = model.collision_count(sizes, mass)
        text = f"Collision, {'catastrophic' if whole else 'not catastrophic'}, mass of the count law {mass:.3g} kg"
    rows = [{"size_m": size, "larger_count": float(count)} for size, count in zip(sizes, counts, strict=True)]
    lines = [text + "; fragments larger than:"]
    lines += [f"  {row['size_m'] * 1e3:7.1f} mm  {row['larger_count']:.4g}" for row in rows]
    _say({"cause": cause, "text": text, "rows": rows, "source": "johnson2001"}, lines, as_json)


@app.command()
def clouds(
    events: Annotated[Path, typer.Option(help="table of fragment clouds (CSV)")],
    f107: Annotated[Path, typer.Option(help="monthly record of the 10.7 cm solar flux (CSV)")],
    month: Annotated[str, typer.Option(help="the (last) month wanted, such as 2022-12")],
    months: Annotated[int, typer.Option(min=1, max=24, help="how many months up to that one")] = 1,
    altitude: Altitude = "415 km",
    inclination: Inclination = "51.6 deg",
    samples: Annotated[int, typer.Option(min=1000, max=2_000_000, help="weighted fragments to fly")] = 230_000,
    members: Annotated[int, typer.Option(min=0, max=64, help="members of the ensemble (0: stated factors only)")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="random seed")] = 1,
    anchored: Annotated[
        bool,
        typer.Option("--anchored/--as-born", help="scale each cloud to its catalogued peak, or let it begin with it"),
    ] = True,
    out: Annotated[Path | None, typer.Option(help="write the flux tensors here (.npz)")] = None,
    as_json: Json = False,
) -> None:
    """Fly the fragments of every break-up to a month, and count what meets the ship: flux from 1 mm by size, and its origins.

    \b
    whipple debris clouds --events fragment_clouds.csv --f107 f107_monthly.csv --month 2022-12
    whipple debris clouds --events fragment_clouds.csv --f107 f107_monthly.csv --month 2022-12 --months 3 --members 8 --out dec.npz
    Drag, J2 and sunlight move the fragments; a run of 230 000 takes about half a minute. Fragments of break-ups only: a lower bound of
    all debris below 1 cm; NASA91 stands beside them.
    """
    from whipple.environment.cloud_ensemble import cloud_spread, with_spread
    from whipple.environment.clouds import CloudModel, fly_clouds
    from whipple.environment.read_clouds import read_clouds
    from whipple.environment.read_f107 import read_f107
    from whipple.environment.write_clouds import write_tensors

    if out is None and months > 1:
        _refuse_unheard("debris clouds", {"--months": months}, "--out beside it: only the last month is printed")
    table, record = read_clouds(events), read_f107(f107)
    last, ship = _month(month, "--month"), _ship(altitude, inclination)

    def tell(text: str) -> None:
        typer.echo(text, err=True)

    model = CloudModel(samples=samples, seed=seed, anchored=anchored)
    answer = fly_clouds(table, record, ship, (last - months + 1, last), model, tell)
    if members:
        few = CloudModel(samples=min(samples, 40_000), seed=seed, anchored=anchored)
        answer = with_spread(answer, cloud_spread(table, record, ship, last, members, few, tell))
    if out is not None:
        typer.echo(f"wrote {write_tensors(answer.tensors, out)}", err=True)
    _say(*cloud_answer(answer, last, month), as_json)


@app.command()
def flux(
    catalogue: Annotated[Path, typer.Argument(help="TLE, OMM (XML, KVN, JSON, CSV) or SATCAT (CSV) of all objects")],
    altitude: Altitude = "415 km",
    inclination: Inclination = "51.6 deg",
    size: Annotated[str, typer.Option(help="size of an object whose size is not known", show_default="10 cm")] = "",
    without: Annotated[
        list[int] | None, typer.Option(help="catalogue number to leave out (the ship); repeat it")
    ] = None,
    as_json: Json = False,
) -> None:
    """Flux of tracked objects (10 cm and more) on an orbit, from your own catalogue, with its Poisson interval.

    \b
    whipple debris flux catalogue.tle --altitude "415 km" --inclination "51.6 deg" --without 25544
    whipple debris flux satcat.csv --json
    """
    import numpy as np

    from whipple.casefile.units import parse_quantity
    from whipple.environment.catalogue_flux import catalogue_flux
    from whipple.environment.grid import sky_grid
    from whipple.errors import RangeError

    unknown_m = parse_quantity(size or "10 cm", "m", "--size")
    if not 0 < unknown_m <= 100:
        raise RangeError("debris flux", "--size", size, "above 0, at most 100 m", '--size "10 cm"')
    grid, ship, listed = sky_grid(), _ship(altitude, inclination), _tracked(catalogue)
    if np.isfinite(listed.size_m).all():
        _refuse_unheard("debris flux", {"--size": size}, "no size: the catalogue knows that of every object")
    if absent := [number for number in without or [] if number not in listed.catalogue_number]:
        typer.echo(f"--without {', '.join(map(str, absent))}: not in the catalogue", err=True)
    orbits = listed.without(without or [])
    answer = catalogue_flux(orbits, ship, grid, unknown_m)
    _say(*tracked_answer(answer, grid), as_json)


def _tracked(path: Path) -> TrackedOrbits:
    """The orbits of a catalogue, its kind told from its first line."""
    from whipple.environment.catalogue_flux import from_elements, from_satcat
    from whipple.environment.read_elements_catalogue import read_catalogue
    from whipple.environment.read_satcat import read_satcat

    with path.open(encoding="utf-8-sig", errors="replace") as file:
        first = file.readline()
    return (
        from_satcat(read_satcat(path))
        if "APOGEE" in first and "PERIGEE" in first
        else from_elements(read_catalogue(path))
    )


@app.command()
def small(
    diameter: Annotated[str, typer.Option(help="count debris larger than this, 10 um to 1 mm")] = "0.3 mm",
    altitude: Altitude = "415 km",
    inclination: Inclination = "51.6 deg",
    year: Annotated[float, typer.Option(min=1980, max=2060, help="year, such as 2022.96")] = 2022.96,
    as_json: Json = False,
) -> None:
    """Debris below 1 mm with its band, and how well each count on returned hardware is predicted from the others.

    \b
    whipple debris small --diameter "0.3 mm"
    whipple debris small --diameter "100 um" --altitude "590 km" --inclination "28.5 deg" --year 2001 --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.environment.debris_sun import solar_flux_sfu, solar_words
    from whipple.environment.small_debris import small_debris_flux
    from whipple.physics.constants import EARTH_RADIUS_m

    ship = _ship(altitude, inclination)
    solar, known = solar_flux_sfu(year)
    flux = small_debris_flux(
        parse_quantity(diameter, "m", "--diameter"), ship.radius_m - EARTH_RADIUS_m, ship.inclination_rad, year=year, solar_sfu=float(solar)
    )  # fmt: skip
    _say(*small_answer(flux, diameter, f"Sun: {solar_words(float(solar), known)}"), as_json)


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="SIZEFLUX_SC.OUT of ORDEM 3.x, or a spectrum (.dia) of MASTER-8")],
    as_json: Json = False,
) -> None:
    """Read the flux that ORDEM 3.x or MASTER-8 wrote, checked; files whose layout is not public are refused with their columns.

    In Python, `with_debris_of` (whipple.environment.debris_imported) puts an ORDEM table into a sky in the place of our debris.

    \b
    whipple debris import SIZEFLUX_SC.OUT
    whipple debris import master_d.dia --json
    """
    from whipple.environment.read_master import read_master
    from whipple.environment.read_ordem import read_ordem

    band = "The file states no uncertainty. Below 1 cm published debris models differ by factors of 3 to 10 and more: no number here stands alone."
    if file.suffix.lower() in (".dia", ".sei", ".mas"):
        spectrum = read_master(file)
        total = spectrum.total_per_m2_s * YEAR_s
        held: dict[str, Any] = {
            "file": spectrum.file,
            "model": "MASTER",
            "total_per_m2_yr": total,
            "rows_count": len(spectrum.rows),
        }
        lines = [f"MASTER spectrum {spectrum.file}: total flux {total:.4g} /m2/yr within the size limits of its run."]
        _say(held | {"caveats": [band]}, [*lines, f"* {band}"], as_json)
        return
    table = read_ordem(file)
    rows = [
        {"size_m": float(d), "flux_per_m2_yr": float(f) * YEAR_s}
        for d, f in zip(table.size_m, table.flux_per_m2_s, strict=True)
    ]
    lines = [f"{table.model} {table.file}: flux of that size and more, 1/m2/yr"]
    lines += [f"  {row['size_m'] * 1e3:10.4g} mm  {row['flux_per_m2_yr']:.4g}" for row in rows]
    held = {"file": table.file, "model": table.model, "rows": rows, "caveats": [band]}
    _say(held, [*lines, f"* {band}"], as_json)
