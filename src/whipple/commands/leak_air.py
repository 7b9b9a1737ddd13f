"""`whipple leak air` and `cabin`: air that leaks into vacuum, choked, and a cabin whose pressure has other reasons to move."""

from __future__ import annotations

import json
from typing import Annotated

import typer

__all__ = ["air", "cabin"]


def air(
    diameter: Annotated[str, typer.Option(help="hole diameter, with a unit")],
    volume: Annotated[str, typer.Option(help="volume of the cabin")],
    cd: Annotated[float, typer.Option(help="discharge coefficient")] = 0.84,
    pressure: Annotated[str, typer.Option(help="cabin pressure")] = "101325 Pa",
    temperature: Annotated[str, typer.Option(help="air temperature")] = "295 K",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Air leak of a cabin into vacuum, choked.

    \b
    whipple leak air --diameter "1 mm" --volume "1000 m**3"
    """
    from dataclasses import asdict

    from whipple.casefile.units import parse_quantity
    from whipple.leak import air_leak

    hole_m = parse_quantity(diameter, "m", "--diameter")
    leak = air_leak(
        hole_m, parse_quantity(volume, "m**3", "--volume"), discharge_ratio=cd,
        pressure_Pa=parse_quantity(pressure, "Pa", "--pressure"), temperature_K=parse_quantity(temperature, "K", "--temperature"),
    )  # fmt: skip
    caveats = _wide(hole_m, leak.time_constant_s)
    if as_json:
        typer.echo(json.dumps(asdict(leak) | {"caveats": caveats}, sort_keys=True))
        return
    typer.echo(f"flow     {leak.flow_kg_s * 1e3:.4g} g/s, {leak.flow_kg_s * 86400:.4g} kg/day")
    typer.echo(
        f"pressure {leak.pressure_rate_Pa_s * 3600:.4g} Pa/h, {leak.pressure_rate_Pa_s * 3600 / 133.322:.4g} mmHg/h"
    )
    typer.echo(f"thrust   {leak.thrust_N:.4g} N")
    for text in caveats:
        typer.echo(f"* {text}")


def _wide(hole_m: float, empties_s: float) -> list[str]:
    """What to say of a hole wider than any that is considered elsewhere: its unit, and how long its figures hold."""
    from whipple.leak.prior import LARGEST_HOLE_M

    if hole_m <= LARGEST_HOLE_M:
        return []
    return [
        f"A hole of {hole_m * 1e3:.4g} mm is wider than any considered here ({LARGEST_HOLE_M * 1e3:g} mm): check its unit. The figures are those of"
        f" the first moment; the air falls to 37 % of its pressure in {empties_s:.3g} s if it stays as warm."
    ]


def cabin(
    diameter: Annotated[str, typer.Option(help="hole diameter, with a unit")],
    volume: Annotated[str, typer.Option(help="volume of the cabin")],
    makeup: Annotated[str, typer.Option(help="gas let in by the crew")] = "0 kg/day",
    drift: Annotated[str, typer.Option(help="how fast the air warms (a negative value: cools)")] = "0 K/hour",
    duration: Annotated[str, typer.Option(help="how long")] = "24 h",
    cd: Annotated[float, typer.Option(help="discharge coefficient")] = 0.84,
    pressure: Annotated[str, typer.Option(help="cabin pressure at the start")] = "101325 Pa",
    temperature: Annotated[str, typer.Option(help="air temperature at the start")] = "295 K",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Air cabin that leaks while its temperature drifts and the crew lets gas in: pressure alone does not tell the leak.

    \b
    whipple leak cabin --diameter "0.3 mm" --volume "915 m**3" --makeup "1.4 kg/day"
    whipple leak cabin --diameter "0.3 mm" --volume "915 m**3" --drift "0.02 K/hour" --json
    """
    import numpy as np

    from whipple.casefile.units import parse_quantity
    from whipple.leak.cabin import Cabin, march_cabin

    let_in, slope = parse_quantity(makeup, "kg/s", "--makeup"), parse_quantity(drift, "K/s", "--drift")
    room = Cabin(
        parse_quantity(volume, "m**3", "--volume"), parse_quantity(pressure, "Pa", "--pressure"),
        parse_quantity(temperature, "K", "--temperature"), parse_quantity(diameter, "m", "--diameter"), cd,
        lambda _: let_in, temperature_rate_K_s=lambda _: slope,
    )  # fmt: skip
    found = march_cabin(room, np.linspace(0.0, parse_quantity(duration, "s", "--duration"), 9))
    rows = [
        {"t_s": float(t), "pressure_Pa": float(p), "temperature_K": float(k), "lost_kg": float(lost), "made_up_kg": float(made)}
        for t, p, k, lost, made in zip(
            found.t_s, found.pressure_Pa, found.temperature_K, found.lost_kg, found.made_up_kg, strict=True
        )
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, sort_keys=True))
        return
    typer.echo(f"{'hours':>8}{'mmHg':>9}{'K':>9}{'kg lost':>9}{'let in':>9}")
    for row in rows:
        values = f"{row['pressure_Pa'] / 133.322:9.2f}{row['temperature_K']:9.2f}{row['lost_kg']:9.3f}{row['made_up_kg']:9.3f}"
        typer.echo(f"{row['t_s'] / 3600:8.2f}{values}")
