"""`whipple contamination`: films and droplets without a case."""

from __future__ import annotations

import json
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(help="Where did the coolant go, and what did it do there?", no_args_is_help=True)

Liquid = Annotated[str, typer.Option(help="the liquid")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command()
def film(
    temperature: Annotated[str, typer.Option(help="temperature of the surface")],
    thickness: Annotated[str, typer.Option(help="thickness of the film")] = "1 um",
    liquid: Liquid = "isooctane",
    as_json: AsJson = False,
) -> None:
    """How long a film of pure liquid (or ice of it) stays on a surface in vacuum.

    \b
    whipple contamination film --temperature "200 K"
    whipple contamination film --temperature "-100 degC" --thickness "10 um" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.contamination.film import evaporation_kg_m2_s, film_life_s
    from whipple.contamination.words import duration
    from whipple.physics.fluids import fluid

    kelvin, metres = parse_quantity(temperature, "K", "--temperature"), parse_quantity(thickness, "m", "--thickness")
    matter = fluid(liquid)
    life_s, rate = film_life_s(matter, kelvin, metres), evaporation_kg_m2_s(matter, kelvin)
    answer = {
        "liquid": matter.name, "temperature_K": kelvin, "thickness_m": metres, "film_life_s": life_s,
        "evaporation_kg_m2_s": rate, "frozen": kelvin < matter.triple_point_K,
    }  # fmt: skip
    state = "frozen film" if answer["frozen"] else "film"
    text = f"A {metres * 1e6:g} µm {state} of {matter.name} at {kelvin:g} K lasts {duration(life_s)} (leaves at {rate:.3g} kg/m²/s)."
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else text)


@app.command()
def droplet(
    diameter: Annotated[str, typer.Option(help="diameter at release")],
    flux: Annotated[str, typer.Option(help="absorbed flux per area of its surface: about 60-200 W/m**2 in sunlight")],
    temperature: Annotated[str, typer.Option(help="temperature at release")] = "293.15 K",
    liquid: Liquid = "isooctane",
    as_json: AsJson = False,
) -> None:
    """How cold a droplet gets in vacuum, whether it freezes, and when it is gone.

    \b
    whipple contamination droplet --diameter "1 mm" --flux "200 W/m**2"
    """
    from whipple.casefile.units import parse_quantity
    from whipple.contamination.droplet import evaporate_droplet
    from whipple.contamination.words import duration
    from whipple.physics.fluids import fluid

    metres, watts = parse_quantity(diameter, "m", "--diameter"), parse_quantity(flux, "W/m**2", "--flux")
    kelvin = parse_quantity(temperature, "K", "--temperature")
    life = evaporate_droplet(fluid(liquid), metres, watts, kelvin)
    answer = {
        "liquid": fluid(liquid).name, "diameter_m": metres, "flux_W_m2": watts, "start_K": kelvin, "end_K": life.end_K,
        "freezes": life.freezes, "life_s": life.life_s, "mass_left_frac": float(life.mass_frac[-1]) if life.freezes else 0.0,
    }  # fmt: skip
    end = (
        f"freezes at {life.end_K:.1f} K after {duration(life.life_s)} with {answer['mass_left_frac']:.3f} of its mass left"
        if life.freezes
        else f"stays liquid, stalls at {life.end_K:.1f} K and is gone in {duration(life.life_s)}"
    )
    typer.echo(
        json.dumps(answer, sort_keys=True)
        if as_json
        else f"A {metres * 1e3:g} mm droplet of {fluid(liquid).name} {end}."
    )
