"""`whipple debris`: break-ups, fragment clouds, tracked objects, small debris, and what licensed models wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from whipple.casefile.estimate import Estimate
    from whipple.environment.catalogue_flux import TrackedOrbits
    from whipple.environment.cloud_crossing import Ship
    from whipple.environment.clouds import CloudAnswer
    from whipple.environment.debris_tensors import DebrisTensors

__all__ = ["app"]

app = typer.Typer(help="What debris crosses this orbit, and from which way?", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Altitude = Annotated[str, typer.Option("--altitude", help="mean altitude of the ship, circular orbit")]
Inclination = Annotated[str, typer.Option("--inclination", help="inclination of the ship's orbit")]
_YEAR_s = 3.15576e7


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


def _numbers(estimate: Estimate, factor: float = 1.0) -> dict[str, float]:
    return {"median": estimate.median * factor, "low": estimate.low * factor, "high": estimate.high * factor}


def _say(answer: dict[str, Any], lines: list[str], as_json: bool) -> None:
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else "\n".join(lines))


@app.command()
def breakup(
    cause: Annotated[str, typer.Option(help="explosion or collision")] = "explosion",
    target: Annotated[str, typer.Option(help="mass of what was hit (collision)")] = "1000 kg",
    projectile: Annotated[str, typer.Option(help="mass of what hit it (collision)")] = "10 kg",
    speed: Annotated[str, typer.Option(help="speed of the collision")] = "10 km/s",
    scale: Annotated[float, typer.Option(min=0.05, max=2.0, help="S of the explosion law, 0.1 to 1")] = 1.0,
    as_json: Json = False,
) -> None:
    """How many fragments a break-up leaves, by size (NASA standard breakup model).

    \b
    whipple debris breakup
    whipple debris breakup --cause collision --target "900 kg" --projectile "560 kg" --speed "11.7 km/s" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.environment.models import johnson_2001 as model
    from whipple.errors import RangeError

    if cause not in ("explosion", "collision"):
        raise RangeError("--cause", "cause", repr(cause), "explosion or collision", "--cause collision")
    sizes = [1e-3, 1e-2, 0.05, 0.1, 1.0]
    if cause == "explosion":
        counts, text = model.explosion_count(sizes, scale), f"Explosion, S = {scale:g}"
    else:
        heavy, light = parse_quantity(target, "kg", "--target"), parse_quantity(projectile, "kg", "--projectile")
        mass, whole = model.collision_mass_kg(heavy, light, parse_quantity(speed, "m/s", "--speed"))
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
    from whipple.environment.clouds import CloudModel, cloud_spread, fly_clouds, with_spread
    from whipple.environment.read_clouds import read_clouds
    from whipple.environment.read_f107 import read_f107
    from whipple.environment.write_clouds import write_tensors

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
    _say(*_cloud_answer(answer, last, month), as_json)


def _cloud_answer(answer: CloudAnswer, last: int, month: str) -> tuple[dict[str, Any], list[str]]:
    rows: list[dict[str, Any]] = []
    for k, size in enumerate(answer.size_m):
        flux = _met(answer.tensors, last, float(size))
        rows.append(
            {
                "size_m": float(size), "released_count": float(answer.released_count[k]), "surviving_count": float(answer.surviving_count[k]),
                "plate_flux_per_m2_yr": flux and _numbers(flux, _YEAR_s), "sampling_ratio": float(answer.tensors.sampling_ratio[k]),
                "cross_section_flux_per_m2_yr": flux and _numbers(flux, 4 * _YEAR_s),
                "nasa91_cross_section_flux_per_m2_yr": _nasa91(answer.tensors.ship, last, float(size)),
            }
        )  # fmt: skip
    lines = [
        f"Fragments in orbit at the end of {month} and what they bring (plate = random plate; cross-section = 4 x plate):",
        f"  {'size':>9} {'released':>10} {'in orbit':>10}  {'flux on a cross-section, 1/m2/yr (90 %)':<40}sampling   NASA91",
    ]
    for row in rows:
        here, other = row["cross_section_flux_per_m2_yr"], row["nasa91_cross_section_flux_per_m2_yr"]
        said = (
            f"{here['median']:.2e} ({here['low']:.1e} to {here['high']:.1e})"
            if here
            else "no sample met the ship: unknown"
        )
        lines.append(
            f"  {row['size_m'] * 1e3:6.2f} mm {row['released_count']:10.3g} {row['surviving_count']:10.3g}  {said:<40}"
            f"{100 * row['sampling_ratio']:6.0f} %" + (f"  {other:.1e}" if other else "        -")
        )
    shares = {name: share for name, share in answer.share_ratio.items() if share >= 0.01}
    lines.append("From: " + ", ".join(f"{name} {100 * share:.0f} %" for name, share in list(shares.items())[:8]))
    lines.append(
        f"{answer.sample_count} samples, Monte-Carlo error {100 * answer.tensors.sampling_ratio[0]:.0f} % (1 sigma). The origins are a "
        "hypothesis of the model, not an observation; events below 10 tracked pieces and sources that are no break-up are missing."
    )
    if answer.young_ratio >= 0.05:
        lines.append(
            f"{100 * answer.young_ratio:.0f} % comes from break-ups of the last half year: their planes are not yet spread over all "
            "nodes as this flux assumes, so the true flux of the month may be lower or higher."
        )
    level = _met(answer.tensors, last, float(answer.size_m[0]))
    caveats = [caveat.text for caveat in level.caveats] if level else [answer.tensors.how_counted().text]
    return {
        "month": month,
        "rows": rows,
        "share_ratio": shares,
        "young_ratio": answer.young_ratio,
        "sampling_ratio": float(answer.tensors.sampling_ratio[0]),
        "caveats": caveats,
    }, [*lines, *(f"* {text}" for text in caveats)]


def _met(tensors: DebrisTensors, month: int, size_m: float) -> Estimate | None:
    """The flux above a size; None where no sample met the ship, which is not a flux of zero."""
    from whipple.errors import EvidenceError

    try:
        return tensors.plate_flux(month, size_m)
    except EvidenceError:
        return None


def _nasa91(ship: Ship, month: int, size_m: float) -> float | None:
    """NASA91 beside it, on a cross-section (1/m2/yr); None where it does not reach."""
    from whipple.environment.models.kessler_1991 import debris_flux_per_m2_s, solar_flux_sfu
    from whipple.errors import RangeError
    from whipple.physics.constants import EARTH_RADIUS_m

    year = (month + 0.5) / 12
    place = ship.radius_m - EARTH_RADIUS_m, ship.inclination_rad
    try:
        plate = debris_flux_per_m2_s(size_m, *place, year=year, solar_sfu=float(solar_flux_sfu(year)[0]))
    except RangeError:
        return None
    return float(4 * plate) * _YEAR_s


@app.command()
def flux(
    catalogue: Annotated[Path, typer.Argument(help="TLE, OMM (XML, KVN, JSON, CSV) or SATCAT (CSV) of all objects")],
    altitude: Altitude = "415 km",
    inclination: Inclination = "51.6 deg",
    size: Annotated[str, typer.Option(help="size of an object whose size is not known")] = "10 cm",
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
    from whipple.physics.frames import azimuth_elevation

    unknown_m = parse_quantity(size, "m", "--size")
    if not 0 < unknown_m <= 100:
        raise RangeError("debris flux", "--size", size, "above 0, at most 100 m", '--size "10 cm"')
    grid, ship = sky_grid(), _ship(altitude, inclination)
    orbits = _tracked(catalogue).without(without or [])
    answer = catalogue_flux(orbits, ship, grid, unknown_m)
    azimuth, _ = azimuth_elevation(grid.direction_lvlh)
    cells = answer.flux_per_m2_s.sum(axis=1)
    sides = {
        name: float(cells[np.abs(np.degrees(azimuth)) <= 60].sum() / cells.sum()) if name == "within 60 deg of ram"
        else float(cells[np.abs(np.degrees(azimuth)) > 120].sum() / cells.sum()) for name in ("within 60 deg of ram", "from behind")
    }  # fmt: skip
    row = _numbers(answer.cross_section, _YEAR_s)
    lines = [
        f"Tracked objects on a cross-section: {row['median']:.3g} /m2/yr ({row['low']:.2g} to {row['high']:.2g}, 90 %), mean "
        f"relative speed {answer.mean_speed_m_s / 1e3:.1f} km/s; {answer.crossing_count} objects cross the ship's heights.",
        "Arrival: " + ", ".join(f"{100 * share:.0f} % {name}" for name, share in sides.items()) + ".",
        *(caveat.text for caveat in answer.cross_section.caveats),
    ]
    held = {"cross_section_flux_per_m2_yr": row, "mean_speed_m_s": answer.mean_speed_m_s, "crossing_count": answer.crossing_count,
            "arrival_frac": sides, "caveats": [caveat.text for caveat in answer.cross_section.caveats]}  # fmt: skip
    _say(held, lines, as_json)


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
    from whipple.environment.models.kessler_1991 import solar_flux_sfu
    from whipple.environment.small_debris import leave_one_out, small_debris_flux
    from whipple.physics.constants import EARTH_RADIUS_m

    ship = _ship(altitude, inclination)
    solar, known = solar_flux_sfu(year)
    flux = small_debris_flux(
        parse_quantity(diameter, "m", "--diameter"), ship.radius_m - EARTH_RADIUS_m, ship.inclination_rad, year=year, solar_sfu=float(solar)
    )  # fmt: skip
    sun = f"Sun: {solar:g} units, {'the mean of the year before' if known else 'a typical Sun, not that of the year'}"
    text = f"{sun}; NASA91 lets the number grow by 4 % a year from 2011 on, an assumption of 1988."
    row = _numbers(flux, _YEAR_s)
    counts: list[dict[str, Any]] = [
        {
            "name": each.name,
            "counted": each.counted,
            "predicted": _numbers(each.predicted),
            "meteoroids_count": each.meteoroids_count,
        }
        for each in leave_one_out()
    ]
    lines = [
        f"Debris larger than {diameter} on a random plate: {row['median']:.2g} /m2/yr ({row['low']:.2g} to {row['high']:.2g}, 90 %); "
        f"on a cross-section four times that: {4 * row['median']:.2g} ({4 * row['low']:.2g} to {4 * row['high']:.2g}).",
        flux.caveats[0].text,
        text,
        "Each count predicted from the others:",
    ]
    lines += [
        f"  {each['name']}: counted {each['counted']}, predicted {each['predicted']['median']:.0f} "
        f"({each['predicted']['low']:.0f} to {each['predicted']['high']:.0f}), meteoroids alone {each['meteoroids_count']:.0f}"
        for each in counts
    ]  # fmt: skip
    held = {
        "plate_flux_per_m2_yr": row,
        "cross_section_flux_per_m2_yr": _numbers(flux, 4 * _YEAR_s),
        "caveats": [*(caveat.text for caveat in flux.caveats), text],
        "leave_one_out": counts,
    }
    _say(held, lines, as_json)


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="SIZEFLUX_SC.OUT of ORDEM 3.x, or a spectrum (.dia) of MASTER-8")],
    as_json: Json = False,
) -> None:
    """Read the flux that ORDEM 3.x or MASTER-8 wrote, checked; files whose layout is not public are refused with their columns.

    \b
    whipple debris import SIZEFLUX_SC.OUT
    whipple debris import master_d.dia --json
    """
    from whipple.environment.read_master import read_master
    from whipple.environment.read_ordem import read_ordem

    if file.suffix.lower() in (".dia", ".sei", ".mas"):
        spectrum = read_master(file)
        total = spectrum.total_per_m2_s * _YEAR_s
        _say({"file": spectrum.file, "model": "MASTER", "total_per_m2_yr": total, "rows_count": len(spectrum.rows)},
             [f"MASTER spectrum {spectrum.file}: total flux {total:.4g} /m2/yr within the size limits of its run."], as_json)  # fmt: skip
        return
    table = read_ordem(file)
    rows = [
        {"size_m": float(d), "flux_per_m2_yr": float(f) * _YEAR_s}
        for d, f in zip(table.size_m, table.flux_per_m2_s, strict=True)
    ]
    lines = [f"{table.model} {table.file}: flux of that size and more, 1/m2/yr"]
    lines += [f"  {row['size_m'] * 1e3:10.4g} mm  {row['flux_per_m2_yr']:.4g}" for row in rows]
    _say({"file": table.file, "model": table.model, "rows": rows}, lines, as_json)
