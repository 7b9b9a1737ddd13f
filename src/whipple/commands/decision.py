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
    interim: Annotated[str, typer.Option(help="when seats in another ship are ready; at once if left out")] = "",
    seats: Annotated[int, typer.Option(min=0, help="how many such seats, needed with --interim")] = 0,
    absent: Annotated[
        bool, typer.Option("--absent", help="the damaged ship does not even serve in an emergency")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Crew-days without a good ship.

    \b
    whipple decision gap --crew 3 --ready "73 day" --interim "33 day" --seats 1      (Soyuz MS-22 with a ship on day 73: 179 crew-days)
    whipple decision gap --crew 3 --ready "11 day" --absent                          (Shenzhou-20: 33 crew-days)
    """
    from whipple.casefile.units import parse_quantity
    from whipple.decision.gap import crew_gap, stretches
    from whipple.errors import RangeError

    if interim and not seats:
        remedy = "say how many people move over, --seats 1, or leave out --interim"
        raise RangeError("whipple decision gap", "--seats", seats, f"at least 1 with --interim {interim!r}", remedy)
    ready_s, interim_s = parse_quantity(ready, "s", "--ready"), parse_quantity(interim or "0 s", "s", "--interim")
    parts = stretches(crew, ready_s, interim_s, seats)
    found = crew_gap(parts, fit_emergency=not absent)
    if as_json:
        told = {"degraded_crew_s": found.degraded_crew_s, "absent_crew_s": found.absent_crew_s}
        stretched = [{"crew_count": part.crew_count, "duration_s": part.duration_s} for part in parts]
        typer.echo(json.dumps({**told, "stretches": stretched}, sort_keys=True))
        return
    for part in (one for one in parts if one.duration_s > 0):
        typer.echo(f"{part.crew_count} people for {part.duration_s / 86400:.4g} days")
    if seats and interim_s >= ready_s:
        typer.echo("the seats come no earlier than the good ship: they change nothing")
    kind = "without any ship" if absent else "with a degraded ship"
    typer.echo(f"{(found.degraded_crew_s + found.absent_crew_s) / 86400:.4g} crew-days {kind}")


@app.command()
def heat(
    peak: Annotated[str, typer.Option(help="cabin air, held for the whole trip (a peak that lasts minutes does less)")],
    duration: Annotated[str, typer.Option(help="how long the trip takes")] = "6 h",
    humidity: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="relative humidity, 1 is saturated, the worst")
    ] = 1.0,
    metabolic: Annotated[str, typer.Option(help="heat of one body at rest")] = "117 W",
    seed: Annotated[int, typer.Option(help="seed of the draws over harm and air movement")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """How far a body warms in such air, and the probability of serious harm, with 90 % intervals (the law of harm is a proposal).

    \b
    whipple decision heat --peak "36 degC" --duration "6 h"
    whipple decision heat --peak "40 degC" --duration "1.8 h" --humidity 0.8 --json
    """
    import numpy as np

    from whipple.casefile.estimate import Estimate
    from whipple.casefile.given import Given
    from whipple.casefile.units import parse_quantity
    from whipple.decision.harm import HALF_HARM, HARM_SHAPE, TRIP_S, USUAL_CORE_C, heat_harm_prob
    from whipple.decision.sentences import percent
    from whipple.thermal.crew import core_rise_K

    rng, count, lasts_s = np.random.default_rng(seed), 4000, parse_quantity(duration, "s", "--duration")
    film = Given(4.0, 2.0, 8.0, "W/m**2/K", "whipple_elicited").draw(rng, count)
    kelvin, watt = parse_quantity(peak, "K", "--peak"), parse_quantity(metabolic, "W", "--metabolic")
    rises = core_rise_K(kelvin, humidity, lasts_s, watt, film)
    rise = Estimate.from_samples(rises, "K")
    harm = Estimate.from_samples(heat_harm_prob(rises, HALF_HARM.draw(rng, count), HARM_SHAPE.draw(rng, count)), "")
    stretched = (
        "" if TRIP_S[0] <= lasts_s <= TRIP_S[1] else "the law is meant for trips of 0.5 to 24 h: this is extrapolated"
    )
    if as_json:
        answer = {
            "air_K": kelvin, "humidity_frac": humidity, "duration_s": lasts_s, "metabolic_W": watt,
            "harm_prob": harm.median, "low_prob": harm.low, "high_prob": harm.high, "caveat": stretched,
            "core_rise_K": rise.median, "core_rise_low_K": rise.low, "core_rise_high_K": rise.high,
        }  # fmt: skip
        typer.echo(json.dumps(answer, sort_keys=True))
        return
    typer.echo(
        f"air held at {kelvin - 273.15:.4g} °C and {100 * humidity:.3g} % humidity for {lasts_s / 3600:.3g} h, {watt:.4g} W a body; "
        "thirst is not in it"
    )
    warm = f"{USUAL_CORE_C + rise.median:.1f} °C"
    typer.echo(
        f"core warms by {rise.median:.1f} K (90 %: {rise.low:.1f} to {rise.high:.1f}), from {USUAL_CORE_C:g} to {warm}"
    )
    typer.echo(f"serious harm {percent(harm.median)} (90 %: {percent(harm.low)} to {percent(harm.high)})")
    if stretched:
        typer.echo(stretched)
