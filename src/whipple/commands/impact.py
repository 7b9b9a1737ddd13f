"""`whipple impact`: ballistic limits and hole laws without a case."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(help="What would a particle do to this wall, and what particle made this hole?", no_args_is_help=True)

_Wall = Annotated[str, typer.Option(help='wall thickness, e.g. "1 mm"')]
_Material = Annotated[str, typer.Option(help="wall material, e.g. 6061-T6, AMg6, CFRP, glass")]
_Speed = Annotated[str, typer.Option(help='impact speed, e.g. "7 km/s"')]
_Angle = Annotated[str, typer.Option(help='angle from the wall\'s normal, e.g. "45 deg"')]
_Density = Annotated[str, typer.Option(help='particle density, e.g. "2.8 g/cm3"')]
_Json = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command()
def limit(
    wall: _Wall,
    speed: _Speed,
    material: _Material = "6061-T6",
    angle: _Angle = "0 deg",
    density: _Density = "2.8 g/cm3",
    bumper: Annotated[str, typer.Option(help="bumper thickness, for a Whipple shield")] = "",
    standoff: Annotated[str, typer.Option(help="gap between bumper and wall")] = "",
    probability: Annotated[
        bool, typer.Option("--probability", help="add the chance of perforation, learned from shots")
    ] = False,
    particle: Annotated[str, typer.Option(help="with --probability: a particle diameter to ask about")] = "",
    as_json: _Json = False,
) -> None:
    """The smallest particle that gets through, by every model that speaks for this wall, with range flags.

    With --probability (aluminium Whipple shields) also the chance, with its 90 % interval, that a particle of that size perforates.

    \b
    whipple impact limit --wall "1 mm" --material 6061-T6 --speed "7 km/s"
    whipple impact limit --wall "3.2 mm" --material 2219-T87 --bumper "1.27 mm" --standoff "10.2 cm" --speed "7 km/s" --json
    whipple impact limit --wall "3.2 mm" --bumper "1.6 mm" --standoff "10 cm" --speed "7 km/s" --probability --particle "5 mm"
    """
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.impact.asking import chance_rows, limit_rows
    from whipple.impact.shield import Shield
    from whipple.physics.materials import material as named

    alloy = named(material)
    shield = Shield(
        wall=alloy,
        wall_m=parse_quantity(wall, "m", "--wall"),
        bumper_m=parse_quantity(bumper, "m", "--bumper") if bumper else 0.0,
        bumper_density_kg_m3=alloy.density_kg_m3,
        standoff_m=parse_quantity(standoff, "m", "--standoff") if standoff else 0.0,
    )
    if particle and not probability:
        raise RangeError("impact limit", "--particle", particle, "--probability beside it", "add --probability")
    shot = _shot(speed, angle, density)
    rows = limit_rows(shield, *shot)
    if probability:
        rows = chance_rows(shield, rows, shot, parse_quantity(particle, "m", "--particle") if particle else None)
    _print(rows, as_json)


@app.command()
def layers(
    kind: Annotated[
        str, typer.Option(help='the sort of wall, e.g. "stuffed Whipple shield"; an unknown one lists them all')
    ],
    speed: _Speed,
    layer: Annotated[list[str] | None, typer.Option(help='a layer as name=value, repeated, e.g. "wall=4.8 mm"')] = None,
    material: _Material = "6061-T6",
    angle: _Angle = "0 deg",
    density: _Density = "2.8 g/cm3",
    as_json: _Json = False,
) -> None:
    """The smallest particle that gets through any other sort of wall: stuffed, multi-shock, triple, honeycomb, foam, tiles, equipment.

    A named ISS flight shield ("US Lab cylinder") needs no layers. Lengths: wall, bumper, standoff, second, second_standoff,
    blanket_standoff, cell, tile. Areal densities ("6 kg/m**2"): stuffing, blanket, core, felt. Densities: bumper_density, tile_density.

    \b
    whipple impact layers --speed 7km/s --kind "stuffed Whipple shield" --layer wall=5mm --layer bumper=2mm --layer standoff=11cm
        --layer stuffing=8kg/m**2
    whipple impact layers --kind "equipment behind one wall" --layer wall=1mm --layer bumper=1mm --layer standoff=5cm --speed 7km/s --json
    whipple impact layers --kind "US Lab cylinder" --speed 9km/s --angle 45deg
    """
    from whipple.errors import RangeError
    from whipple.impact.asking import flight_rows, kinds, limit_rows
    from whipple.impact.models.christiansen_2009 import ISS_SHIELDS
    from whipple.impact.shield import Shield
    from whipple.physics.materials import material as named

    if kind in ISS_SHIELDS:
        _print(flight_rows(kind, *_shot(speed, angle, density)), as_json)
        return
    if kind not in kinds():
        known = "; ".join([*kinds(), *ISS_SHIELDS])
        raise RangeError("impact layers", "--kind", kind, f"one of: {known}", "copy one of these")
    alloy = named(material)
    given = {"bumper_density_kg_m3": alloy.density_kg_m3} | dict(_layer(word) for word in layer or ())
    if "wall_m" not in given:
        raise RangeError("impact layers", "--layer", "no wall", "a wall", 'add --layer "wall=2 mm"')
    _print(limit_rows(Shield(wall=alloy, **given), *_shot(speed, angle, density), kind=kind), as_json)  # type: ignore[arg-type]


_LENGTHS = ("wall", "bumper", "standoff", "second", "second_standoff", "blanket_standoff", "cell", "tile")
_LAYERS = (
    {name: (f"{name}_m", "m") for name in _LENGTHS}
    | {name: (f"{name}_kg_m2", "kg/m**2") for name in ("stuffing", "blanket", "core", "felt")}
    | {name: (f"{name}_kg_m3", "kg/m**3") for name in ("bumper_density", "tile_density")}
)


def _layer(word: str) -> tuple[str, float]:
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError

    name, _, value = (part.strip() for part in word.partition("="))
    if name not in _LAYERS or not value:
        raise RangeError(
            "impact layers", "--layer", repr(word), f"name=value with a name of: {', '.join(_LAYERS)}", '"wall=2 mm"'
        )
    field, unit = _LAYERS[name]
    return field, parse_quantity(value, unit, f"--layer {name}")


@app.command()
def hole(
    hole: Annotated[str, typer.Option(help='hole diameter, e.g. "0.8 mm"')],
    wall: _Wall,
    speed: _Speed,
    material: _Material = "6061-T6",
    angle: _Angle = "0 deg",
    density: _Density = "2.8 g/cm3",
    as_json: _Json = False,
) -> None:
    """The particle that leaves a hole of this size, by every combination of depth law and hole law.

    \b
    whipple impact hole --hole "0.8 mm" --wall "1 mm" --material AMg6 --speed "7 km/s"
    whipple impact hole --hole "0.8 mm" --wall "1 mm" --speed "30 km/s" --density "1 g/cm3" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.impact.asking import hole_rows
    from whipple.impact.shield import Shield
    from whipple.physics.materials import material as named

    shield = Shield(wall=named(material), wall_m=parse_quantity(wall, "m", "--wall"))
    _print(hole_rows(shield, parse_quantity(hole, "m", "--hole"), *_shot(speed, angle, density)), as_json)


def _shot(speed: str, angle: str, density: str) -> tuple[float, float, float]:
    from whipple.casefile.units import parse_quantity

    return (
        parse_quantity(speed, "m/s", "--speed"),
        parse_quantity(angle, "rad", "--angle"),
        parse_quantity(density.replace("cm3", "cm**3").replace("/m3", "/m**3"), "kg/m**3", "--density"),
    )


def _print(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, sort_keys=True))
        return
    chances = "perforation_prob" in rows[0]
    middle = f"{'chance (90 % interval)':>26}" if chances else ""
    typer.echo(f"{'model':<34}{'particle mm':>12}{'mass mg':>12}{middle}  grade      outside its tests?")
    for row in rows:
        flags = "; ".join(row["outside"]) or "no"
        middle = _chance(row) if chances else ""
        typer.echo(
            f"{row['model']:<34}{row['diameter_m'] * 1e3:>12.4g}{row['mass_kg'] * 1e6:>12.3g}{middle}  {row['grade']:<10} {flags}"
        )
    for text in rows[0].get("caveats", ()):
        typer.echo(f"! {text}")


def _chance(row: dict[str, Any]) -> str:
    text = f"{100 * row['perforation_prob']:.2g} % ({100 * row['low_prob']:.2g} to {100 * row['high_prob']:.2g})"
    return f"{text:>26}"
