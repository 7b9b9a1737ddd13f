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
    from whipple.commands.typed_quantity import typed_within
    from whipple.contamination.film import evaporation_kg_m2_s, film_life_s
    from whipple.contamination.words import duration
    from whipple.physics.fluids import fluid

    kelvin = parse_quantity(temperature, "K", "--temperature")
    metres = typed_within(thickness, "m", "--thickness", "0.1 nm", "10 cm")
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
    from whipple.commands.typed_quantity import typed_within
    from whipple.contamination.droplet import evaporate_droplet
    from whipple.contamination.ice import ice_grain
    from whipple.contamination.words import duration
    from whipple.physics.fluids import fluid

    metres = typed_within(diameter, "m", "--diameter", "100 nm", "10 cm")
    watts = typed_within(flux, "W/m**2", "--flux", "0 W/m**2", "10 kW/m**2")
    kelvin = parse_quantity(temperature, "K", "--temperature")
    life = evaporate_droplet(fluid(liquid), metres, watts, kelvin)
    answer = {
        "liquid": fluid(liquid).name, "diameter_m": metres, "flux_W_m2": watts, "start_K": kelvin, "end_K": life.end_K,
        "freezes": life.freezes, "life_s": life.life_s, "mass_left_frac": float(life.mass_frac[-1]) if life.freezes else 0.0,
    }  # fmt: skip
    ice = ""
    if life.freezes and watts > 0:
        grain = ice_grain(fluid(liquid), life, metres, watts)
        answer |= {"ice_K": grain.temperature_K, "ice_life_s": grain.life_s, "ice_mass_frac": grain.mass_frac}
        ice = f"; the ice settles at {grain.temperature_K:.0f} K and is gone {duration(grain.life_s)} later"
    end = (
        f"freezes at {life.end_K:.1f} K after {duration(life.life_s)} with {answer['mass_left_frac']:.3f} of its mass left{ice}"
        if life.freezes
        else f"stays liquid, stalls at {life.end_K:.1f} K and is gone in {duration(life.life_s)}"
    )
    typer.echo(
        json.dumps(answer, sort_keys=True)
        if as_json
        else f"A {metres * 1e3:g} mm droplet of {fluid(liquid).name} {end}."
    )


@app.command()
def breakup(
    diameter: Annotated[str, typer.Option(help="diameter of the hole")],
    speed: Annotated[str, typer.Option(help="speed of the jet")],
    temperature: Annotated[str, typer.Option(help="temperature of the liquid")] = "293.15 K",
    liquid: Liquid = "isooctane",
    as_json: AsJson = False,
) -> None:
    """How a jet falls apart in vacuum: drops of about its width, or shattered by its own boiling; drop size and intact length.

    \b
    whipple contamination breakup --diameter "0.8 mm" --speed "29.4 m/s"
    whipple contamination breakup --diameter "2 mm" --speed "9.4 m/s" --liquid water --json
    """
    import numpy as np

    from whipple.casefile.units import parse_quantity
    from whipple.commands.typed_quantity import typed_within
    from whipple.contamination.breakup import break_up, jet_numbers
    from whipple.physics.fluids import fluid

    metres = typed_within(diameter, "m", "--diameter", "1 um", "1 m")
    m_s = typed_within(speed, "m/s", "--speed", "1 mm/s", "10 km/s")
    kelvin, matter = parse_quantity(temperature, "K", "--temperature"), fluid(liquid)
    jet = jet_numbers(matter, kelvin, m_s, metres)
    count = 20_000
    drops = break_up(matter, kelvin, np.full(count, m_s), np.full(count, metres), np.random.default_rng(0))
    sizes = [float(one) for one in np.quantile(drops.diameter_m, (0.05, 0.5, 0.95))]
    inertia, heat = (float(one) for one in jet.shatter_ratios)
    answer = {
        "liquid": matter.name, "weber": float(jet.weber), "ohnesorge": float(jet.ohnesorge), "jakob": float(jet.jakob),
        "shatter_by_inertia_ratio": inertia, "shatter_by_heat_ratio": heat, "shattered_prob": float(drops.shattered.mean()),
        "droplet_diameter_m": sizes, "intact_m": float(np.median(drops.intact_m)),
    }  # fmt: skip
    text = (
        f"Weber {float(jet.weber):.2g}, Ohnesorge {float(jet.ohnesorge):.2g}; shattering by inertia {inertia:.2g}, by heat {heat:.2g} (above 1: "
        f"yes), chance {100 * drops.shattered.mean():.0f} %. Drops {sizes[1] * 1e3:.2g} mm (90 %: {sizes[0] * 1e3:.2g} to {sizes[2] * 1e3:.2g}); "
        f"whole for about {np.median(drops.intact_m):.2g} m."
    )
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else text)


def _point(text: str, option: str, unit: str) -> list[float]:
    from whipple.casefile.units import parse_quantity
    from whipple.commands.typed_quantity import number_within, typed_within
    from whipple.errors import RangeError

    words = text.split(",")
    if len(words) != 3:
        expected = f'three values with commas, as in "{"0 m, 0 m, 10 m" if unit else "0, 0, 1"}"'
        raise RangeError("contamination column", option, repr(text), expected)
    if unit == "m":
        return [typed_within(word.strip(), unit, option, "-1e6 km", "1e6 km") for word in words]
    return [number_within(parse_quantity(word.strip(), unit, option), option, -1e6, 1e6) for word in words]


@app.command()
def column(
    eye: Annotated[str, typer.Option(help="where the camera is: x, y, z from the hole")],
    flow: Annotated[str, typer.Option(help="what leaves the hole")],
    toward: Annotated[str, typer.Option(help="what it looks at: x, y, z from the hole")] = "0 m, 0 m, 0 m",
    axis: Annotated[str, typer.Option(help="axis of the plume: x, y, z, of any length")] = "0, 0, 1",
    vapour: Annotated[float, typer.Option(help="share of the flow that is vapour")] = 1.0,
    speed: Annotated[str, typer.Option(help="speed of the vapour")] = "600 m/s",
    exponent: Annotated[float, typer.Option(help="exponent of the cosine plume")] = 1.0,
    floor: Annotated[float, typer.Option(help="share of the vapour spread evenly all round")] = 0.1,
    liquid: Liquid = "isooctane",
    as_json: AsJson = False,
) -> None:
    """How many molecules a line of sight crosses, from a camera to the hole or past it, beside the limit of SSP 30426.

    \b
    whipple contamination column --flow "7 g/s" --eye "0 m, 0 m, 10 m"
    whipple contamination column --flow "7 g/s" --vapour 0.35 --eye "-20 m, 0 m, 5 m" --toward "20 m, 0 m, 5 m" --json
    """
    import numpy as np

    from whipple.commands.typed_quantity import number_within, typed_within
    from whipple.contamination.column import column_between_per_m2
    from whipple.contamination.surfaces import COLUMN_LIMIT_per_m2
    from whipple.errors import RangeError
    from whipple.physics.fluids import fluid

    way = np.array(_point(axis, "--axis", ""))
    if not np.linalg.norm(way) > 0 or not 0 <= vapour <= 1:
        raise RangeError(
            "contamination column",
            "--axis, --vapour",
            f"{axis}; {vapour:g}",
            "an axis with a length; a share from 0 to 1",
        )
    kg_s = typed_within(flow, "kg/s", "--flow", "0 kg/s", "1000 kg/s")
    m_s = typed_within(speed, "m/s", "--speed", "1 m/s", "10 km/s")
    exponent, floor = number_within(exponent, "--exponent", 0.0, 100.0), number_within(floor, "--floor", 0.0, 1.0)
    from_m, to_m = _point(eye, "--eye", "m"), _point(toward, "--toward", "m")
    per_m2 = float(
        column_between_per_m2(
            [vapour * kg_s / m_s], fluid(liquid).molar_mass_kg_mol, from_m, to_m, [way / np.linalg.norm(way)],
            exponent=exponent, floor_frac=floor,
        )[0]
    )  # fmt: skip
    ratio = per_m2 / COLUMN_LIMIT_per_m2
    answer = {
        "liquid": fluid(liquid).name, "eye_m": from_m, "toward_m": to_m, "column_per_m2": per_m2,
        "limit_per_m2": float(COLUMN_LIMIT_per_m2), "over_limit_ratio": ratio,
    }  # fmt: skip
    text = f"{per_m2 * 1e-4:.2g} molecules per cm², {ratio:.2g} times the quiescent limit of SSP 30426 (1e14 per cm²)."
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else text)
