"""`whipple leak`: from a hole to its flow, duration and impulse, without a case."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(help="How big is the hole, how much has gone, and when will it be empty?", no_args_is_help=True)


@app.command()
def forward(
    diameter: Annotated[str, typer.Option(help="hole diameter, with a unit")],
    pressure: Annotated[str, typer.Option(help="loop pressure at the start")],
    inventory: Annotated[str, typer.Option(help="liquid in the loop")],
    gas_volume: Annotated[str, typer.Option(help="accumulator gas at the start")],
    pushed: Annotated[str, typer.Option(help="liquid the accumulator can push")],
    cd: Annotated[float, typer.Option(help="discharge coefficient")] = 0.61,
    cv: Annotated[float, typer.Option(help="velocity coefficient")] = 0.98,
    exponent: Annotated[float, typer.Option(help="polytropic exponent of the gas, 1 to 1.4")] = 1.0,
    fluid: Annotated[str, typer.Option(help="liquid")] = "isooctane",
    temperature: Annotated[str, typer.Option(help="temperature of the liquid")] = "293.15 K",
    pipe: Annotated[str, typer.Option(help="bore of the pipe, if known")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Two-regime leak of a loop: pressure-fed by its accumulator, then driven by its own vapour.

    \b
    whipple leak forward --diameter "0.8 mm" --pressure "3 atm" --inventory "44 L" --gas-volume "4 L" --pushed "40 L"
    whipple leak forward --diameter "1 mm" --pressure "1 bar" --inventory "44 L" --gas-volume "5 L" --pushed "5 L" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.leak import leak_law
    from whipple.physics.fluids import fluid as fluid_named

    law = leak_law(
        fluid_named(fluid), parse_quantity(temperature, "K", "--temperature"),
        diameter_m=parse_quantity(diameter, "m", "--diameter"), discharge_ratio=cd, velocity_ratio=cv,
        pressure_Pa=parse_quantity(pressure, "Pa", "--pressure"),
        inventory_m3=parse_quantity(inventory, "m**3", "--inventory"),
        gas_volume_m3=parse_quantity(gas_volume, "m**3", "--gas-volume"),
        pushed_volume_m3=parse_quantity(pushed, "m**3", "--pushed"), polytropic_ratio=exponent,
        pipe_m=parse_quantity(pipe, "m", "--pipe") if pipe else None,
    )  # fmt: skip
    answer = _summary(law)
    typer.echo(json.dumps(answer, sort_keys=True)) if as_json else _show(answer)


def _summary(law: Any) -> dict[str, Any]:
    import numpy as np

    empty = float(law.empty_s)
    times = np.unique(np.append(np.linspace(0.0, empty, 9), law.driven_s))
    history = [
        {"t_s": float(t), "pressure_Pa": float(law.pressure_at_Pa(t)), "flow_kg_s": float(law.flow_at_kg_s(t)),
         "mass_gone_kg": float(law.mass_gone_kg(t)), "thrust_N": float(law.thrust_at_N(t))}
        for t in times
    ]  # fmt: skip
    return {
        "driven_s": float(law.driven_s), "tail_s": float(law.tail_s), "empty_s": empty,
        "end_pressure_Pa": float(law.end_pressure_Pa), "flow_at_onset_kg_s": history[0]["flow_kg_s"],
        "thrust_at_onset_N": float(law.thrust_at_onset_N), "driven_impulse_Ns": float(law.driven_impulse_Ns),
        "impulse_Ns": float(law.impulse_Ns), "majority_gone_s": float(law.time_to_lose_s(0.5)), "history": history,
    }  # fmt: skip


def _show(answer: dict[str, Any]) -> None:
    flow, thrust = answer["flow_at_onset_kg_s"] * 1e3, answer["thrust_at_onset_N"]
    typer.echo(f"at onset          {flow:.3g} g/s, thrust {thrust:.3g} N")
    typer.echo(
        f"pressure-fed for  {answer['driven_s'] / 3600:.2f} h, down to {answer['end_pressure_Pa'] / 1e5:.3f} bar"
    )
    typer.echo(f"vapour-driven for {answer['tail_s'] / 3600:.2f} h; empty after {answer['empty_s'] / 3600:.2f} h")
    typer.echo(f"half gone after   {answer['majority_gone_s'] / 3600:.2f} h")
    typer.echo(
        f"impulse           {answer['driven_impulse_Ns']:.0f} N s pressure-fed, {answer['impulse_Ns']:.0f} N s in all"
    )
    typer.echo(f"\n{'hours':>8}{'bar':>9}{'g/s':>9}{'kg gone':>9}{'N':>9}")
    for row in answer["history"]:
        values = f"{row['pressure_Pa'] / 1e5:9.3f}{row['flow_kg_s'] * 1e3:9.3f}{row['mass_gone_kg']:9.2f}{row['thrust_N']:9.4f}"
        typer.echo(f"{row['t_s'] / 3600:8.2f}{values}")


@app.command()
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

    leak = air_leak(
        parse_quantity(diameter, "m", "--diameter"), parse_quantity(volume, "m**3", "--volume"), discharge_ratio=cd,
        pressure_Pa=parse_quantity(pressure, "Pa", "--pressure"), temperature_K=parse_quantity(temperature, "K", "--temperature"),
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(asdict(leak), sort_keys=True))
        return
    typer.echo(f"flow     {leak.flow_kg_s * 1e3:.4g} g/s, {leak.flow_kg_s * 86400:.4g} kg/day")
    typer.echo(
        f"pressure {leak.pressure_rate_Pa_s * 3600:.4g} Pa/h, {leak.pressure_rate_Pa_s * 3600 / 133.322:.4g} mmHg/h"
    )
    typer.echo(f"thrust   {leak.thrust_N:.4g} N")


@app.command()
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


@app.command()
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

    from whipple.casefile.given import Given
    from whipple.casefile.units import parse_quantity
    from whipple.leak import contradictions
    from whipple.leak.consistency import AirFlow, PressureFall

    def exactly(text: str, unit: str, where: str) -> Given:
        value = parse_quantity(text, unit, where)
        return Given(value, value, value, unit)

    flows = [AirFlow(exactly(text, "kg/s", "--flow"), f"the figure {text}") for text in flow]
    falls = []
    if begin or end or duration:
        first, last = parse_quantity(begin, "Pa", "--from"), parse_quantity(end, "Pa", "--to")
        held = exactly(volume, "m**3", "--volume")
        falls = [PressureFall(first, last, parse_quantity(duration, "s", "--duration"), held, "the fall of pressure")]
    found = contradictions(flows, falls)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in found], sort_keys=True))
        return
    typer.echo("\n".join(row.sentence for row in found) or "The figures agree within 15 %.")
