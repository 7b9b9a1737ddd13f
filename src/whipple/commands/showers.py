"""`whipple environment showers`: the showers of one moment along an orbit, or a forecast by the hour for any dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from whipple.environment.forecast import Forecast, Limits, ShowerHours
    from whipple.environment.forecast_orbit import ForecastOrbit
    from whipple.environment.models.outburst_years import Outburst

__all__ = ["showers"]

Tle = Annotated[Path | None, typer.Option("--tle", help="a file of two-line element sets")]
At = Annotated[str | None, typer.Option("--at", help="one moment in UTC: directions along the orbit")]
Year = Annotated[
    int | None,
    typer.Option("--year", min=1972, max=2100, help="forecast a whole year by the hour (up to a few years ahead)"),
]
From = Annotated[str | None, typer.Option("--from", help="start of the forecast in UTC (with --to)")]
To = Annotated[str | None, typer.Option("--to", help="end of the forecast in UTC")]
Orbit = Annotated[
    str | None, typer.Option("--orbit", help='without --tle: "415 km, 51.6 deg", and a node as a third angle')
]
Energy = Annotated[list[str] | None, typer.Option("--energy", help="count above this kinetic energy; repeat it")]
Mass = Annotated[list[str] | None, typer.Option("--mass", help="count above this mass instead; repeat it")]
Size = Annotated[
    list[str] | None,
    typer.Option("--size", help="count above the energy of this sphere, 1 g/cm3 at 20 km/s; repeat it"),
]
Step = Annotated[float, typer.Option("--step", min=0.02, max=24.0, help="hours between the rows")]
Csv = Annotated[Path | None, typer.Option("--csv", help="write every hour to this file")]
Plot = Annotated[Path | None, typer.Option("--plot", help="draw it to this file (.png, .svg, .pdf)")]
Orbits = Annotated[float, typer.Option(min=0.02, max=200, help="with --at: how many revolutions")]
Manoeuvre = Annotated[list[str] | None, typer.Option("--manoeuvre", help="with --at: a burn that no set may cross")]
ValidDays = Annotated[float, typer.Option(min=0.0, help="with --at: how far from its epoch a set may be used, in days")]
Outbursts = Annotated[
    list[str] | None,
    typer.Option(
        "--outburst", help='add one that is expected: "LEO, 2027-11-18T02:00Z, ZHR 500, r 2.2, 60 min"; repeat it'
    ),
]
Number = Annotated[int | None, typer.Option("--number", help="catalogue number, when the file holds several objects")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]


def showers(
    tle: Tle = None, at: At = None, year: Year = None, start: From = None, end: To = None, orbit: Orbit = None,
    energy: Energy = None, mass: Mass = None, size: Size = None, step: Step = 1.0, csv: Csv = None, plot: Plot = None, orbits: Orbits = 1.0,
    outburst: Outbursts = None, manoeuvre: Manoeuvre = None, valid_days: ValidDays = 5.0, number: Number = None, as_json: Json = False,
) -> None:  # fmt: skip
    """The showers at a time (which side, how fast), or a forecast by the hour: flux of each, totals, enhancement of the background.

    Reported outbursts of 1985 to 2022 are added to the annual activity in their hours; later and predicted ones only with --outburst.

    \b
    whipple environment showers --tle iss.tle --at 2022-12-15T00:45Z
    whipple environment showers --tle iss.tle --year 2022 --csv year.csv --plot year.png
    whipple environment showers --orbit "415 km, 51.6 deg" --from 2022-12-13T00:00Z --to 2022-12-16T00:00Z --energy "105 J" --json
    Azimuth: 0 ram, 90 starboard, 180 wake, -90 port; elevation: positive toward zenith.
    """
    from whipple.commands.showers_asked import (
        dates_of,
        given_outbursts,
        limits_of,
        orbit_of,
        refuse_no_elements,
        refuse_other_dates,
    )
    from whipple.errors import RangeError

    given = given_outbursts(outburst)
    if at is not None:
        from whipple.commands.showers_at import showers_at

        names = ("--year", "--from", "--to", "--energy", "--mass", "--size", "--csv", "--plot")
        values = (year, start, end, energy, mass, size, csv, plot)
        if mixed := [name for name, value in zip(names, values, strict=True) if value is not None]:
            said, expected = f"--at with {', '.join(mixed)}", "a moment or a forecast, not both"
            raise RangeError("environment showers", "options", said, expected, "leave --at out, or the others")
        refuse_no_elements(tle, orbit, at)
        assert tle is not None
        showers_at(tle, at, (manoeuvre, valid_days, number), orbits, given, as_json)
        return
    first, last = dates_of(year, start, end)
    refuse_other_dates(given, first, last)
    found = _forecast(orbit_of(tle, orbit, number, first), (first, last), step, limits_of(energy, mass, size), given)
    if csv is not None:
        csv.write_text(_as_csv(found), encoding="utf-8")
    if plot is not None:
        from whipple.report.figures.shower_year import save_shower_year

        _check_ending(plot)
        save_shower_year(found, plot)
    typer.echo(json.dumps(_as_json(found), sort_keys=True) if as_json else _as_text(found))


def _check_ending(plot: Path) -> None:
    from whipple.errors import RangeError

    if plot.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise RangeError("environment showers", "--plot", plot.name, "a name that ends in .png, .svg or .pdf")


def _forecast(
    orbit: ForecastOrbit, dates: tuple[datetime, datetime], step_h: float, limits: Limits, given: tuple[Outburst, ...]
) -> Forecast:
    from dataclasses import replace
    from math import ceil

    from whipple.environment.forecast import forecast_showers
    from whipple.environment.forecast_streams import stream_caveat
    from whipple.environment.outbursts_given import known_with

    hours, known = ceil((dates[1] - dates[0]).total_seconds() / 3600), known_with(given)
    found = forecast_showers(orbit, dates[0], hours, step_h=step_h, limits=limits, outbursts=known.outbursts)
    return replace(found, caveats=(*found.caveats, *known.caveats, stream_caveat(found)))


def _peak(found: Forecast, row: ShowerHours) -> dict[str, Any]:
    """The hour at which a shower is strongest (at the last limit but one, or the only one)."""
    from datetime import timedelta

    import numpy as np

    top = int(np.argmax(row.flux_per_m2_s.sum(axis=1)))
    flux, factor = row.flux_per_m2_s[top], row.factor[top] ** 1.645
    return {
        "code": row.code, "name": row.name, "at": (found.start + timedelta(seconds=float(found.t_s[top]))).isoformat(),
        "zhr_per_h": float(row.zhr_per_h[top]), "seen_frac": float(row.seen_frac[top]), "speed_m_s": float(row.speed_m_s[top]),
        "flux_per_m2_s": flux.tolist(), "flux_90_per_m2_s": [(flux / factor).tolist(), (flux * factor).tolist()],
        "by_scale_per_m2_s": [[None if x != x else float(x) for x in scale[top]] for scale in row.by_scale_per_m2_s],
        "enhancement_ratio": (flux / found.sporadic_per_m2_s).tolist(), "left_out": list(row.left_out),
    }  # fmt: skip


def _as_json(found: Forecast) -> dict[str, Any]:
    from whipple.environment.forecast_streams import stream_ratio

    return {
        "orbit": found.orbit, "start": found.start.isoformat(), "t_s": found.t_s.tolist(), "limits": list(found.limits.labels()),
        "limit_kind": found.limits.kind, "limit_value": found.limits.value.tolist(),
        "solar_longitude_rad": found.solar_longitude_rad.tolist(), "sporadic_per_m2_s": found.sporadic_per_m2_s.tolist(),
        "ecss_streams_ratio": stream_ratio(found).tolist(),
        "total_per_m2_s": found.total_per_m2_s.tolist(), "low_per_m2_s": found.low_per_m2_s.tolist(),
        "high_per_m2_s": found.high_per_m2_s.tolist(), "enhancement_ratio": found.enhancement_ratio.tolist(),
        "showers": [
            {"peak": _peak(found, row), "code": row.code, "zhr_per_h": row.zhr_per_h.tolist(), "flux_per_m2_s": row.flux_per_m2_s.tolist()}
            for row in found.showers
        ],
        "caveats": [one.text for one in found.caveats],
    }  # fmt: skip


def _as_csv(found: Forecast) -> str:
    """One row an hour; fluxes per m2 and hour; the first line says what and where from."""
    from datetime import timedelta

    labels = [label.replace(" ", "_") for label in found.limits.labels()]
    head = ["time_utc", "solar_longitude_deg"]
    for label in labels:
        head += [f"{part}_{label}_per_m2_h" for part in ("sporadic", "showers", "showers_low_90", "showers_high_90")]
        head.append(f"enhancement_{label}_ratio")
    head += [
        f"{row.code}_{part}" for row in found.showers for part in ("zhr_per_h", *(f"{x}_per_m2_h" for x in labels))
    ]
    lines = [
        f"# shower forecast, orbit {found.orbit}, flux across the stream above each limit; whipple environment showers",
        ",".join(head),
    ]
    for i, t in enumerate(found.t_s):
        cells = [
            f"{found.start + timedelta(seconds=float(t)):%Y-%m-%dT%H:%MZ}",
            f"{found.solar_longitude_rad[i] * 57.29577951308232:.4f}",
        ]
        for k, background in enumerate(found.sporadic_per_m2_s):
            parts = (background, found.total_per_m2_s[i, k], found.low_per_m2_s[i, k], found.high_per_m2_s[i, k])
            cells += [f"{part * 3600:.4e}" for part in parts] + [f"{found.enhancement_ratio[i, k]:.5f}"]
        for row in found.showers:
            cells += [f"{row.zhr_per_h[i]:.2f}", *(f"{value * 3600:.4e}" for value in row.flux_per_m2_s[i])]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def _tops(found: Forecast, top: Any) -> Any:
    """Limit number, hour of the largest enhancement, background."""
    return enumerate(zip(top, found.sporadic_per_m2_s, strict=True))


def _plain(value: float) -> str:
    """Two significant digits without an exponent.

    >>> _plain(513.0), _plain(1.24)
    ('510', '1.2')
    """
    return f"{float(f'{value:.2g}'):g}"


def _as_text(found: Forecast) -> str:
    """Peaks of the showers and the hours that stand out."""
    from datetime import timedelta

    import numpy as np

    labels, scale = found.limits.labels(), 3600.0
    last = found.start + timedelta(seconds=float(found.t_s[-1]))
    lines = [
        f"Shower forecast {found.start:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC, {found.orbit}; per m2 across the stream and hour, above:",
        f"{'':<67}" + "".join(f"{label:>22}" for label in labels),
        f"{'sporadic background':<67}" + "".join(f"{value * scale:>22.2e}" for value in found.sporadic_per_m2_s),
        f"{'all showers, mean':<67}"
        + "".join(f"{value * scale:>22.2e}" for value in found.total_per_m2_s.mean(axis=0)),
    ]
    top = np.argmax(found.enhancement_ratio, axis=0)
    cells = [
        f"{100 * found.enhancement_ratio[i, k]:.0f} %, {found.start + timedelta(seconds=float(found.t_s[i])):%d %b %Hh}"
        for k, i in enumerate(top)
    ]
    shares = [
        (100 * found.low_per_m2_s[i, k] / base, 100 * found.high_per_m2_s[i, k] / base)
        for k, (i, base) in _tops(found, top)
    ]
    span = [f"{low:.2g} to {_plain(high)} %" for low, high in shares]
    lines += [
        f"{'largest enhancement':<67}" + "".join(f"{cell:>22}" for cell in cells),
        f"{'  its 90 % range (showers only)':<67}" + "".join(f"{cell:>22}" for cell in span),
        "",
    ]
    lines.append(
        f"{'':<9}{'shower at its strongest':<27}{'UTC':<13}{'ZHR':>6}{'km/s':>6}{'up %':>6}"
        + "".join(f"{label:>22}" for label in labels)
    )
    for row in sorted(found.showers, key=lambda one: -float(one.flux_per_m2_s.max(axis=0)[-1])):
        peak = _peak(found, row)
        cells = [
            f"{flux * scale:.1e} ({100 * share:.1f} %)"
            for flux, share in zip(peak["flux_per_m2_s"], peak["enhancement_ratio"], strict=True)
        ]
        when = f"{peak['at'][5:10]} {peak['at'][11:13]}h"
        lines.append(
            f"{row.code:<9}{row.name.removesuffix(' outburst')[:26]:<27}"
            f"{when:<13}{peak['zhr_per_h']:>6.0f}{peak['speed_m_s'] / 1e3:>6.1f}{100 * peak['seen_frac']:>6.0f}"
            + "".join(f"{cell:>22}" for cell in cells)
        )
    if not found.showers:
        lines.append("No shower is active.")
    return "\n".join([*lines, "", *(f"* {one.text}" for one in found.caveats)])
