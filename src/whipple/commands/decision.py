"""`whipple decision`: the gap without a good ship, and what heat does to a crew, without a case."""

from __future__ import annotations

import json
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(help="What should be done, by when, and what would change our mind?", no_args_is_help=True)


@app.command()
def gap(
    crew: Annotated[int, typer.Option(min=1, help="people who depend on the damaged ship")],
    ready: Annotated[str, typer.Option(help="when a good ship is there, from the failure on")],
    interim: Annotated[str, typer.Option(help="when seats in another ship are ready")] = "0 day",
    seats: Annotated[int, typer.Option(min=0, help="how many such seats")] = 0,
    absent: Annotated[
        bool, typer.Option("--absent", help="the damaged ship does not even serve in an emergency")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Crew-days without a good ship.

    \b
    whipple decision gap --crew 3 --ready "73 day" --interim "33 day" --seats 1      (Soyuz MS-22: 179 crew-days)
    whipple decision gap --crew 3 --ready "11 day" --absent                          (Shenzhou-20: 33 crew-days)
    """
    from whipple.casefile.units import parse_quantity
    from whipple.decision.gap import crew_gap, stretches

    times_s = parse_quantity(ready, "s", "--ready"), parse_quantity(interim, "s", "--interim")
    parts = stretches(crew, times_s[0], times_s[1], seats)
    found = crew_gap(parts, fit_emergency=not absent)
    if as_json:
        told = {"degraded_crew_s": found.degraded_crew_s, "absent_crew_s": found.absent_crew_s}
        stretched = [{"crew_count": part.crew_count, "duration_s": part.duration_s} for part in parts]
        typer.echo(json.dumps({**told, "stretches": stretched}, sort_keys=True))
        return
    for part in parts:
        typer.echo(f"{part.crew_count} people for {part.duration_s / 86400:.4g} days")
    kind = "without any ship" if absent else "with a degraded ship"
    typer.echo(f"{(found.degraded_crew_s + found.absent_crew_s) / 86400:.4g} crew-days {kind}")


@app.command()
def heat(
    peak: Annotated[str, typer.Option(help="hottest cabin air on the way")],
    duration: Annotated[str, typer.Option(help="how long the trip takes")] = "6 h",
    humidity: Annotated[float, typer.Option(min=0.0, max=1.0, help="relative humidity, 1 is saturated")] = 1.0,
    seed: Annotated[int, typer.Option(help="seed of the draws over the harm curve")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Probability of serious harm by heat, with its 90 % interval (the curve is a proposal of this project).

    \b
    whipple decision heat --peak "40 degC" --duration "6 h"
    whipple decision heat --peak "40 degC" --duration "1.8 h" --humidity 0.8 --json
    """
    import numpy as np

    from whipple.casefile.estimate import Estimate
    from whipple.casefile.units import parse_quantity
    from whipple.decision.harm import HALF_HARM, HARM_WIDTH, TRIP_S, half_harm_K, heat_harm_prob

    rng, count, lasts_s = np.random.default_rng(seed), 4000, parse_quantity(duration, "s", "--duration")
    half = half_harm_K(HALF_HARM.draw(rng, count), lasts_s, humidity)
    harm = Estimate.from_samples(
        heat_harm_prob(parse_quantity(peak, "K", "--peak"), half, HARM_WIDTH.draw(rng, count)), ""
    )
    stretched = (
        "" if TRIP_S[0] <= lasts_s <= TRIP_S[1] else "the curve is meant for trips of 0.5 to 24 h: this is extrapolated"
    )
    if as_json:
        answer = {"harm_prob": harm.median, "low_prob": harm.low, "high_prob": harm.high, "caveat": stretched}
        typer.echo(json.dumps(answer, sort_keys=True))
        return
    typer.echo(f"serious harm {100 * harm.median:.2g} % (90 %: {100 * harm.low:.2g} to {100 * harm.high:.2g} %)")
    if stretched:
        typer.echo(stretched)
