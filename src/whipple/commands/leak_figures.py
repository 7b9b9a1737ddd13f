"""`whipple leak quoted` and `agree`: do the figures that were published of one leak agree?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from whipple.casefile.given import Given

__all__ = ["agree", "quoted"]


def _exactly(text: str, unit: str, where: str) -> Given:
    from whipple.casefile.given import Given
    from whipple.casefile.units import parse_quantity

    value = parse_quantity(text, unit, where)
    return Given(value, value, value, unit)


def quoted(
    pressure: Annotated[str, typer.Option(help="loop pressure")],
    inventory: Annotated[str, typer.Option(help="charge of the loop")],
    diameter: Annotated[list[str] | None, typer.Option(help="a quoted hole; repeat for more")] = None,
    lasted: Annotated[
        list[str] | None, typer.Option(help="a quoted duration; > or < in front for a bound; repeat")
    ] = None,
    coolant: Annotated[list[str] | None, typer.Option(help="a coolant named; repeat for more")] = None,
    temperature: Annotated[str, typer.Option(help="temperature of the loop")] = "293.15 K",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Do published figures of one liquid leak agree: coolant, pressure, charge, hole, duration?

    \b
    whipple leak quoted --pressure "3 atm" --inventory "44 L" --coolant isooctane --coolant ammonia
    whipple leak quoted --pressure "3 atm" --inventory "44 L" --diameter "0.8 mm" --lasted "> 3 h" --lasted "< 17.75 h"
    """
    from dataclasses import asdict

    from whipple.casefile.given import Given
    from whipple.leak.quoted import Bound, LoopFigures, Quoted, liquid_contradictions
    from whipple.physics.fluids import fluid as fluid_named

    bounds: dict[str, Bound] = {">": "lower", "<": "upper"}
    holes = [Quoted("diameter", _exactly(text, "m", "--diameter"), f"the figure {text}") for text in diameter or []]
    times = [
        Quoted(
            "spray",
            _exactly(text.lstrip("<> "), "s", "--lasted"),
            f"the figure {text}",
            bounds.get(text.strip()[:1], "two-sided"),
        )
        for text in lasted or []
    ]
    figures = LoopFigures(
        tuple((fluid_named(name), f"the coolant {name}") for name in coolant or ["isooctane"]), _exactly(pressure, "Pa", "--pressure"),
        _exactly(temperature, "K", "--temperature"), _exactly(inventory, "m**3", "--inventory"), Given(0.70, 0.57, 0.83, ""),
        (*holes, *times),
    )  # fmt: skip
    found = liquid_contradictions(figures)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in found], sort_keys=True))
        return
    typer.echo("\n".join(row.sentence for row in found) or "The figures agree.")


def agree(
    volume: Annotated[str, typer.Option(help="volume that lost pressure")],
    flow: Annotated[list[str], typer.Option(help="a quoted leak; repeat for more")],
    begin: Annotated[str, typer.Option("--from", help="pressure at the start of a quoted fall")] = "",
    end: Annotated[str, typer.Option("--to", help="pressure at its end")] = "",
    duration: Annotated[str, typer.Option(help="how long the fall took")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Do published figures of one air leak agree: its flow, the fall of pressure, the volume?

    \b
    whipple leak agree --volume "915 m**3" --flow "1.4 kg/day" --from "760 mmHg" --to "759 mmHg" --duration "8 h"
    """
    from dataclasses import asdict

    from whipple.casefile.units import parse_quantity
    from whipple.leak import contradictions
    from whipple.leak.consistency import AirFlow, PressureFall

    flows = [AirFlow(_exactly(text, "kg/s", "--flow"), f"the figure {text}") for text in flow]
    falls = []
    if begin or end or duration:
        first, last = parse_quantity(begin, "Pa", "--from"), parse_quantity(end, "Pa", "--to")
        held = _exactly(volume, "m**3", "--volume")
        falls = [PressureFall(first, last, parse_quantity(duration, "s", "--duration"), held, "the fall of pressure")]
    found = contradictions(flows, falls)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in found], sort_keys=True))
        return
    typer.echo("\n".join(row.sentence for row in found) or "The figures agree within 15 %.")
