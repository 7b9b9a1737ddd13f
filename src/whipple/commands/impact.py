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
_Failure = Annotated[
    str, typer.Option(help='another failure than the usual: "perforation", "detached spall", "attached spall", "crack"')
]
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
    failure: _Failure = "",
    as_json: _Json = False,
) -> None:
    """The smallest particle that gets through, by every model that speaks for this wall, with range flags and the failure it means.

    With --probability (aluminium Whipple shields) also the chance, with its 90 % interval, that a particle of that size perforates.

    \b
    whipple impact limit --wall "1 mm" --material 6061-T6 --speed "7 km/s"
    whipple impact limit --wall "3.2 mm" --material 2219-T87 --bumper "1.27 mm" --standoff "10.2 cm" --speed "7 km/s" --json
    whipple impact limit --wall "3.2 mm" --bumper "1.6 mm" --standoff "10 cm" --speed "7 km/s" --probability --particle "5 mm"
    whipple impact limit --wall "12 mm" --material "fused silica" --speed "10 km/s" --failure crack
    """
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.impact.asking import chance_rows, limit_rows
    from whipple.impact.bounds import refuse_too_thick
    from whipple.impact.layers import shield_of_layers

    typed = {"wall": wall, "bumper": bumper, "standoff": standoff}
    given = {name: parse_quantity(text, "m", f"--{name}") for name, text in typed.items() if text}
    _refuse_no_shield(typed, given)
    if particle and not probability:
        raise RangeError("impact limit", "--particle", particle, "--probability beside it", "add --probability")
    size_m = parse_quantity(particle, "m", "--particle") if particle else None
    refuse_too_thick(
        {f"--{name}": value for name, value in given.items() if name != "standoff"} | {"--particle": size_m or 0.0}
    )
    shield, shot = shield_of_layers(material, given), _shot(speed, angle, density)
    rows = limit_rows(shield, *shot, options={"failure": failure} if failure else None)
    if probability:
        rows = chance_rows(shield, rows, shot, size_m)
    _print(rows, as_json)


def _refuse_no_shield(typed: dict[str, str], given: dict[str, float]) -> None:
    """RangeError for a layer of 0 or less, and for a bumper without a gap or a gap without a bumper."""
    from whipple.errors import RangeError

    for name, value in given.items():
        if not value > 0:
            alone = "check the sign" if name == "wall" else "for a single wall leave out --bumper and --standoff"
            raise RangeError("impact limit", f"--{name}", typed[name], "more than 0", alone)
    for name, other, such in (("standoff", "bumper", "1.6 mm"), ("bumper", "standoff", "10 cm")):
        if name in given and other not in given:
            remedy = f'add --{other} "{such}", or leave out --{name}'
            raise RangeError("impact limit", f"--{name}", typed[name], f"--{other} beside it", remedy)


@app.command()
def layers(
    kind: Annotated[
        str, typer.Option(help='the sort of wall, e.g. "stuffed Whipple shield"; an unknown one lists them all')
    ],
    speed: _Speed,
    layer: Annotated[list[str] | None, typer.Option(help='a layer as name=value, repeated, e.g. "wall=4.8 mm"')] = None,
    material: Annotated[
        str, typer.Option(help="wall material, e.g. 6061-T6, AMg6, CFRP, Nextel", show_default="6061-T6")
    ] = "",
    angle: _Angle = "0 deg",
    density: _Density = "2.8 g/cm3",
    failure: _Failure = "",
    length_ratio: Annotated[
        float | None,
        typer.Option(min=0.05, max=20.0, help="length over width of a projectile that is no sphere, end on"),
    ] = None,
    depth_frac: Annotated[
        float | None, typer.Option(min=0.01, max=1.0, help="share of an ablator to be reached")
    ] = None,
    as_json: _Json = False,
) -> None:
    """The smallest particle that gets through any other sort of wall: stuffed, multi-shock, triple, honeycomb, foam, tiles, equipment.

    A named ISS flight shield ("US Lab cylinder") needs no layers. Lengths: wall, bumper, standoff, second, second_standoff,
    blanket_standoff, cell, tile. Weights per area ("6 kg/m**2"): stuffing, blanket, core, felt, and wall_weight, bumper_weight for cloth
    (--material Nextel or Kevlar). Densities: bumper_density, tile_density. An alloy of your own: wall_density, wall_yield. A vessel's
    overwrap (and overwrap_density); a cable's insulation and conductor (weights per area).

    \b
    whipple impact layers --speed 7km/s --kind "stuffed Whipple shield" --layer wall=5mm --layer bumper=2mm --layer standoff=11cm
        --layer stuffing=8kg/m**2
    whipple impact layers --kind "equipment behind one wall" --layer wall=1mm --layer bumper=1mm --layer standoff=5cm --speed 7km/s --json
    whipple impact layers --kind "multi-shock shield" --material Kevlar --layer wall_weight=3kg/m**2 --layer standoff=15cm
        --layer stuffing=6kg/m**2 --speed 7km/s
    whipple impact layers --kind "Whipple shield, spheroid end on" --length-ratio 0.42 --layer wall=3.2mm --layer bumper=1.6mm
        --layer standoff=10cm --speed 6.5km/s
    whipple impact layers --kind "equipment behind a dual wall" --layer wall=1.05mm --layer overwrap=2.9mm --layer bumper=0.8mm
        --layer second=0.8mm --layer standoff=5cm --layer second_standoff=20cm --speed 6.5km/s
    whipple impact layers --kind "single PICA wall" --material PICA --layer wall=5cm --depth-frac 0.5 --speed 7km/s
    whipple impact layers --kind "US Lab cylinder" --speed 9km/s --angle 45deg
    """
    from whipple.commands.typed_layers import USUAL_ALLOY, refuse_unheard, typed_layers
    from whipple.impact.asking import flight_rows, limit_rows
    from whipple.impact.bounds import refuse_too_thick
    from whipple.impact.layers import shield_of_layers
    from whipple.impact.models.christiansen_2009 import ISS_SHIELDS

    asked = {"failure": failure or None, "length_ratio": length_ratio, "depth_frac": depth_frac}
    options = {name: value for name, value in asked.items() if value is not None}
    given, shot = typed_layers(layer or []), _shot(speed, angle, density)
    refuse_unheard(kind, material, given, options)
    if kind in ISS_SHIELDS:
        _print(flight_rows(kind, *shot), as_json)
        return
    shield = shield_of_layers(material or USUAL_ALLOY, given)
    thick = {"wall": shield.wall_m, "bumper": shield.bumper_m, "second": shield.second_m, "tile": shield.tile_m}
    refuse_too_thick({name: float(value) for name, value in thick.items()})
    _print(limit_rows(shield, *shot, kind=kind, options=options), as_json)


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
    from whipple.impact.bounds import refuse_too_thick
    from whipple.impact.shield import Shield
    from whipple.physics.materials import material as named

    wall_m, hole_m = parse_quantity(wall, "m", "--wall"), parse_quantity(hole, "m", "--hole")
    refuse_too_thick({"--wall": wall_m, "--hole": hole_m})
    shield = Shield(wall=named(material), wall_m=wall_m)
    _print(hole_rows(shield, hole_m, *_shot(speed, angle, density)), as_json)


@app.command()
def size(
    particle: Annotated[str, typer.Option(help='the particle to be held, e.g. "1 cm"')],
    standoff: Annotated[str, typer.Option(help="gap between bumper and wall")],
    speed: _Speed,
    material: _Material = "6061-T6",
    angle: _Angle = "0 deg",
    density: _Density = "2.8 g/cm3",
    as_json: _Json = False,
) -> None:
    """Before a shield is built: bumper and wall of an aluminium Whipple shield that just holds a particle (normal speed from 7 km/s).

    \b
    whipple impact size --particle "1 cm" --standoff "10 cm" --speed "7 km/s"
    whipple impact size --particle "5 mm" --standoff "30 cm" --material 2219-T87 --speed "9 km/s" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.impact.bounds import refuse_too_thick
    from whipple.impact.layers import shield_of_layers
    from whipple.impact.sizing import balance_ratio, sized_whipple

    frame = shield_of_layers(material, {"wall": 0.001, "standoff": parse_quantity(standoff, "m", "--standoff")})
    particle_m = parse_quantity(particle, "m", "--particle")
    refuse_too_thick({"--particle": particle_m})
    made = sized_whipple(frame, particle_m, *_shot(speed, angle, density))
    wall_m, weight = float(made.wall_m), made.bumper_m * made.bumper_density_kg_m3
    weight += wall_m * made.wall.density_kg_m3
    row = {"bumper_m": made.bumper_m, "wall_m": wall_m, "weight_kg_m2": weight, "balance_ratio": balance_ratio(made),
           "source": "hb2009_214785"}  # fmt: skip
    if as_json:
        typer.echo(json.dumps(row, sort_keys=True))
        return
    typer.echo(
        f"bumper {made.bumper_m * 1e3:.3g} mm, wall {wall_m * 1e3:.3g} mm of {made.wall.name}: {weight:.3g} kg/m2"
    )
    typer.echo(f"balance t_b/(S t_w)^1/2 = {balance_ratio(made):.3f}; 0.07 +- 0.02 is balanced")


@app.command()
def crater(
    target: Annotated[str, typer.Option(help="glass (fused silica), quartz, tile or carbon-carbon (6.3 mm)")],
    mouth: Annotated[str, typer.Option(help='diameter of the pit, cavity or hole, e.g. "5 mm"')],
    speed: _Speed,
    angle: _Angle = "0 deg",
    density: _Density = "2.8 g/cm3",
    as_json: _Json = False,
) -> None:
    """The particle that left a crater in a window, a cavity in a tile or a hole in carbon-carbon.

    \b
    whipple impact crater --target glass --mouth "5 mm" --speed "10 km/s"
    whipple impact crater --target carbon-carbon --mouth "1 cm" --speed "7 km/s" --angle "45 deg" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.impact.asking import crater_rows
    from whipple.impact.bounds import refuse_too_thick

    mouth_m = parse_quantity(mouth, "m", "--mouth")
    refuse_too_thick({"--mouth": mouth_m})
    _print(crater_rows(target, mouth_m, *_shot(speed, angle, density)), as_json)


def _shot(speed: str, angle: str, density: str) -> tuple[float, float, float]:
    """Speed, angle and density as typed, in SI. RangeError for a strike along the wall or from behind it, and for what no particle is."""
    from math import pi

    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.impact.bounds import refuse_impossible_shot

    incidence_rad = parse_quantity(angle, "rad", "--angle")
    if not 0 <= incidence_rad < pi / 2 * (1 - 1e-9):
        expected = "an angle from the wall's normal, from 0 to below 90 deg"
        raise RangeError("impact", "--angle", angle, expected, "check the unit, and that 0 deg is head on")
    speed_m_s = parse_quantity(speed, "m/s", "--speed")
    density_kg_m3 = parse_quantity(density, "kg/m**3", "--density")
    refuse_impossible_shot(speed_m_s, density_kg_m3)
    return speed_m_s, incidence_rad, density_kg_m3


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
    meant: dict[str, list[str]] = {}
    for row in rows:
        meant.setdefault(str(row.get("failure", "")), []).append(row["model"])
    for failure, models in meant.items():
        if failure:
            typer.echo(f"failure means {failure}: {', '.join(models)}")
    for text in rows[0].get("caveats", ()):
        typer.echo(f"! {text}")


def _chance(row: dict[str, Any]) -> str:
    said, low, high = (_percent(row[name]) for name in ("perforation_prob", "low_prob", "high_prob"))
    return f"{f'{said} % ({low} to {high})':>26}"


def _percent(chance: float) -> str:
    """Two digits of a chance in per cent; no chance learned from shots is sure.

    >>> [_percent(chance) for chance in (0.00001, 0.0081, 0.43, 0.9999)]
    ['< 0.01', '0.81', '43', '> 99']
    """
    if chance > 0.99:
        return "> 99"
    return f"{100 * chance:.2g}" if chance >= 1e-4 else "< 0.01"
