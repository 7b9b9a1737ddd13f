"""`whipple leak`: from a hole to its flow, duration and impulse, without a case."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from whipple.commands.leak_air import air, cabin
from whipple.commands.leak_figures import agree, quoted

__all__ = ["app"]

#: A liquid through a sharp edge (leak/through.py).
_LIQUID_RATIO = 0.61

app = typer.Typer(help="How big is the hole, how much has gone, and when will it be empty?", no_args_is_help=True)


@app.command()
def forward(
    diameter: Annotated[str, typer.Option(help="hole diameter, with a unit")],
    pressure: Annotated[str, typer.Option(help="loop pressure at the start")],
    inventory: Annotated[str, typer.Option(help="liquid in the loop")],
    gas_volume: Annotated[str, typer.Option(help="accumulator gas at the start")],
    pushed: Annotated[str, typer.Option(help="liquid the accumulator can push")],
    cd: Annotated[float, typer.Option(help="discharge coefficient")] = _LIQUID_RATIO,
    cv: Annotated[float, typer.Option(help="velocity coefficient")] = 0.98,
    exponent: Annotated[float, typer.Option(help="polytropic exponent of the gas, 1 to 1.4")] = 1.0,
    fluid: Annotated[str, typer.Option(help="liquid")] = "isooctane",
    temperature: Annotated[str, typer.Option(help="temperature of the liquid")] = "293.15 K",
    pipe: Annotated[str, typer.Option(help="bore of the pipe, if known; a hole above 20 mm needs it")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Two-regime leak of a loop: pressure-fed by its accumulator, then driven by its own vapour.

    \b
    whipple leak forward --diameter "0.8 mm" --pressure "3 atm" --inventory "44 L" --gas-volume "4 L" --pushed "40 L"
    whipple leak forward --diameter "1 mm" --pressure "1 bar" --inventory "44 L" --gas-volume "5 L" --pushed "5 L" --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.leak import leak_law
    from whipple.physics.fluids import fluid as fluid_named

    inventory_m3 = parse_quantity(inventory, "m**3", "--inventory")
    pushed_m3 = parse_quantity(pushed, "m**3", "--pushed")
    if pushed_m3 > inventory_m3 > 0:
        expected = f"no more than the {inventory} of --inventory"
        raise RangeError("leak forward", "--pushed", pushed, expected, "swap the two, or check the units")
    law = leak_law(
        fluid_named(fluid), parse_quantity(temperature, "K", "--temperature"),
        diameter_m=_hole_m("leak forward", diameter, pipe), discharge_ratio=cd, velocity_ratio=cv,
        pressure_Pa=parse_quantity(pressure, "Pa", "--pressure"),
        inventory_m3=inventory_m3, gas_volume_m3=parse_quantity(gas_volume, "m**3", "--gas-volume"),
        pushed_volume_m3=pushed_m3, polytropic_ratio=exponent,
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


def _lasts(seconds: float) -> str:
    return (
        f"{seconds / 3600:.2f} h"
        if seconds >= 3600
        else f"{seconds / 60:.2g} min"
        if seconds >= 60
        else f"{seconds:.2g} s"
    )


def _show(answer: dict[str, Any]) -> None:
    flow, thrust = answer["flow_at_onset_kg_s"] * 1e3, answer["thrust_at_onset_N"]
    typer.echo(f"at onset          {flow:.3g} g/s, thrust {thrust:.3g} N")
    typer.echo(f"pressure-fed for  {_lasts(answer['driven_s'])}, down to {answer['end_pressure_Pa'] / 1e5:.3f} bar")
    typer.echo(f"vapour-driven for {_lasts(answer['tail_s'])}; empty after {_lasts(answer['empty_s'])}")
    typer.echo(f"half gone after   {_lasts(answer['majority_gone_s'])}")
    typer.echo(
        f"impulse           {answer['driven_impulse_Ns']:.0f} N s pressure-fed, {answer['impulse_Ns']:.0f} N s in all"
    )
    typer.echo(f"\n{'hours':>8}{'bar':>9}{'g/s':>9}{'kg gone':>9}{'N':>9}")
    for row in answer["history"]:
        values = f"{row['pressure_Pa'] / 1e5:9.3f}{row['flow_kg_s'] * 1e3:9.3f}{row['mass_gone_kg']:9.2f}{row['thrust_N']:9.4f}"
        typer.echo(f"{row['t_s'] / 3600:8.2f}{values}")


@app.command()
def through(
    diameter: Annotated[str, typer.Option(help="hole diameter, with a unit")],
    pressure: Annotated[str, typer.Option(help="pressure before the hole")],
    fluid: Annotated[str, typer.Option(help="fluid")] = "isooctane",
    temperature: Annotated[str, typer.Option(help="its temperature")] = "293.15 K",
    wall: Annotated[str, typer.Option(help="thickness of the wall")] = "0 mm",
    edge: Annotated[str, typer.Option(help="sharp, tube or lip")] = "sharp",
    vapour: Annotated[bool, typer.Option("--vapour", help="vapour stands at the hole, not liquid")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """What comes out of a hole, in whichever regime: liquid jet, flashing, vapour-driven, choked or rarefied; with the spread of models.

    \b
    whipple leak through --diameter "0.8 mm" --pressure "3 atm"
    whipple leak through --diameter "0.5 mm" --pressure "10 bar" --fluid ammonia --wall "5 mm" --edge tube
    whipple leak through --diameter "0.8 mm" --pressure "1 Pa" --vapour --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.leak.through import EDGES, Upstream, through_hole
    from whipple.physics.fluids import fluid as fluid_named

    if edge not in EDGES:
        raise RangeError("--edge", "edge", edge, ", ".join(EDGES), "choose one of them")
    found = through_hole(
        Upstream(
            fluid_named(fluid), "vapour" if vapour else "liquid", parse_quantity(pressure, "Pa", "--pressure"),
            parse_quantity(temperature, "K", "--temperature"), parse_quantity(diameter, "m", "--diameter"),
            parse_quantity(wall, "m", "--wall"), edge,  # type: ignore[arg-type]
        )
    )  # fmt: skip
    if as_json:
        row = {
            name: [e.low, e.median, e.high]
            for name, e in (("flow_kg_s", found.flow_kg_s), ("thrust_N", found.thrust_N))
        }
        caveats = [caveat.text for caveat in found.caveats]
        typer.echo(
            json.dumps(
                {**row, "regime": found.regime, "models_kg_s": dict(found.models), "caveats": caveats}, sort_keys=True
            )
        )
        return
    flow, push = found.flow_kg_s, found.thrust_N
    typer.echo(f"regime   {found.regime}")
    typer.echo(f"flow     {flow.median * 1e3:.4g} g/s (90 %: {flow.low * 1e3:.4g} to {flow.high * 1e3:.4g} g/s)")
    typer.echo(f"thrust   {push.median:.3g} N (90 %: {push.low:.3g} to {push.high:.3g} N)")
    for name, value in found.models:
        typer.echo(f"model    {name}: {value * 1e3:.4g} g/s")
    for caveat in found.caveats:
        typer.echo(f"caveat   {caveat.text}")


@app.command()
def boil(
    diameter: Annotated[str, typer.Option(help="hole diameter, with a unit")],
    liquid: Annotated[str, typer.Option(help="mass of liquid left")],
    volume: Annotated[str, typer.Option(help="volume of the loop, liquid and vapour")],
    fluid: Annotated[str, typer.Option(help="fluid")] = "isooctane",
    temperature: Annotated[str, typer.Option(help="temperature at the start")] = "293.15 K",
    cd: Annotated[
        float | None, typer.Option(help="discharge coefficient; 0.61 for liquid and 0.842 for vapour if not given")
    ] = None,
    heat: Annotated[str, typer.Option(help="heat that flows in")] = "0 W",
    vapour: Annotated[
        bool, typer.Option("--vapour", help="vapour leaves, the liquid stays away from the hole")
    ] = False,
    longest: Annotated[str, typer.Option(help="stop after this time")] = "10 day",
    pipe: Annotated[str, typer.Option(help="bore of the pipe, if known; a hole above 20 mm needs it")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """A loop that only its own vapour pushes: how long it lasts and how cold it gets.

    \b
    whipple leak boil --diameter "0.8 mm" --liquid "2.8 kg" --volume "44 L"
    whipple leak boil --diameter "1 mm" --liquid "20 kg" --volume "40 L" --fluid ammonia --vapour --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.leak.boiling import Boiling, boil_down
    from whipple.leak.forward import CHOKED_DISCHARGE_RATIO
    from whipple.physics.fluids import fluid as fluid_named

    longest_s = parse_quantity(longest, "s", "--longest")
    if not longest_s > 0:
        raise RangeError("leak boil", "--longest", longest, "a time above zero", "leave it out, or give a later time")
    if cd is None and vapour:
        cd = float(CHOKED_DISCHARGE_RATIO)
    loop = Boiling(
        fluid_named(fluid), "vapour" if vapour else "liquid", parse_quantity(liquid, "kg", "--liquid"),
        parse_quantity(volume, "m**3", "--volume"), parse_quantity(temperature, "K", "--temperature"),
        _opening_m2(_LIQUID_RATIO if cd is None else cd, _hole_m("leak boil", diameter, pipe)), parse_quantity(heat, "W", "--heat"),
    )  # fmt: skip
    found = boil_down(loop, longest_s, 9)
    names = ("t_s", "temperature_K", "pressure_Pa", "liquid_kg", "lost_kg")
    rows = [{name: float(getattr(found, name)[i]) for name in names} for i in range(found.t_s.size)]
    caveats = [caveat.text for caveat in found.caveats]
    if as_json:
        typer.echo(json.dumps({"ended": found.ended, "history": rows, "caveats": caveats}, sort_keys=True))
        return
    last = float(found.t_s[-1])
    clock, lasts = next(
        row for row in (("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0)) if last >= row[1] or row[1] == 1
    )
    typer.echo(f"{found.ended} after {_lasts(last)} at {found.temperature_K[-1]:.1f} K")
    typer.echo(f"{clock:>8}{'K':>9}{'bar':>11}{'kg left':>9}{'kg lost':>9}")
    for row in rows:
        values = (
            f"{row['temperature_K']:9.2f}{row['pressure_Pa'] / 1e5:11.3g}{row['liquid_kg']:9.3f}{row['lost_kg']:9.3f}"
        )
        typer.echo(f"{row['t_s'] / lasts:8.2f}{values}")
    for text in caveats:
        typer.echo(text)


@app.command()
def segments(
    hole_at: Annotated[int, typer.Option(help="segment that leaks, counted from 0")],
    diameter: Annotated[str, typer.Option(help="hole diameter, with a unit")],
    volume: Annotated[list[str], typer.Option(help="volume of a segment; repeat in the order of the flow")],
    loss: Annotated[list[float], typer.Option(help="its loss coefficient R in Pa s2/m6 (dp = R q2); repeat")],
    close: Annotated[list[int] | None, typer.Option(help="inlet valve closed, by segment; repeat")] = None,
    close_after: Annotated[str, typer.Option(help="when the valves close")] = "10 min",
    duration: Annotated[str, typer.Option(help="how long")] = "20 min",
    pressure: Annotated[str, typer.Option(help="accumulator pressure")] = "3 bar",
    head: Annotated[str, typer.Option(help="head of the pump")] = "0.5 bar",
    gas_volume: Annotated[str, typer.Option(help="accumulator gas")] = "6 L",
    pushed: Annotated[str, typer.Option(help="liquid the accumulator can push")] = "30 L",
    fluid: Annotated[str, typer.Option(help="liquid")] = "isooctane",
    temperature: Annotated[str, typer.Option(help="its temperature")] = "293.15 K",
    cd: Annotated[float, typer.Option(help="discharge coefficient")] = _LIQUID_RATIO,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """A pumped loop with a hole in one segment: what every segment's gauge reads, before and after valves close.

    Pump and accumulator stand at the inlet of segment 0.

    \b
    whipple leak segments --hole-at 1 --diameter "0.8 mm" --volume "5 L" --volume "5 L" --loss 1e10 --loss 1e10
    whipple leak segments --hole-at 1 --diameter "0.8 mm" --volume "5 L" --volume "5 L" --loss 1e10 --loss 1e10 --close 0 --close 1
    """
    import numpy as np

    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.leak.pumped import PumpedLoop, Segment, march_ring
    from whipple.physics.fluids import fluid as fluid_named

    if len(volume) != len(loss):
        raise RangeError(
            "--volume, --loss", "count", f"{len(volume)} and {len(loss)}", "one loss a volume", "repeat both"
        )
    kelvin, liquid = parse_quantity(temperature, "K", "--temperature"), fluid_named(fluid)
    parts = tuple(
        Segment(str(i), parse_quantity(text, "m**3", "--volume"), value)
        for i, (text, value) in enumerate(zip(volume, loss, strict=True))
    )
    loop = PumpedLoop(
        parts, 0, 0, parse_quantity(head, "Pa", "--head"), 0.0, parse_quantity(pressure, "Pa", "--pressure"),
        parse_quantity(gas_volume, "m**3", "--gas-volume"), parse_quantity(pushed, "m**3", "--pushed"),
        float(liquid.density_kg_m3(kelvin)), float(liquid.vapour_pressure_Pa(kelvin)),
    )  # fmt: skip
    opening = _opening_m2(cd, parse_quantity(diameter, "m", "--diameter"))
    valves = [(parse_quantity(close_after, "s", "--close-after"), frozenset(close))] if close else []
    times = np.linspace(0.0, parse_quantity(duration, "s", "--duration"), 11)
    found = march_ring(loop, times, hole_at=hole_at, opening_m2=opening, valves=valves)
    answer = {"t_s": found.t_s.tolist(), "pressure_Pa": found.pressure_Pa.tolist(), "lost_m3": found.lost_m3.tolist()}
    typer.echo(json.dumps(answer, sort_keys=True)) if as_json else _show_ring(answer)


def _hole_m(where: str, diameter: str, pipe: str) -> float:
    """The diameter of the hole; RangeError for one wider than its pipe, or above 20 mm where no pipe is given."""
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.leak.prior import LARGEST_HOLE_M

    hole_m = parse_quantity(diameter, "m", "--diameter")
    most_m = parse_quantity(pipe, "m", "--pipe") if pipe else float(LARGEST_HOLE_M)
    if hole_m > most_m:
        known = "the bore of the pipe" if pipe else "where the bore of the pipe is not known"
        expected = f"at most {most_m * 1e3:g} mm, {known}"
        raise RangeError(where, "--diameter", diameter, expected, "check the unit, or give the bore with --pipe")
    return hole_m


def _opening_m2(cd: float, diameter_m: float) -> float:
    """Cd times the area of the hole; RangeError for a coefficient above 1."""
    from whipple.errors import RangeError
    from whipple.leak.orifice import hole_area_m2

    if not 0 < cd <= 1:
        raise RangeError(
            "--cd", "discharge coefficient", f"{cd:g}", "above zero, at most 1", "check that it is a ratio"
        )
    return cd * float(hole_area_m2(diameter_m))


def _show_ring(answer: dict[str, Any]) -> None:
    heads = "".join(f"{f'bar {index}':>9}" for index in range(len(answer["pressure_Pa"])))
    typer.echo(f"{'min':>8}{'L lost':>9}{heads}")
    for i, moment in enumerate(answer["t_s"]):
        values = "".join(f"{row[i] / 1e5:9.3f}" for row in answer["pressure_Pa"])
        typer.echo(f"{moment / 60:8.1f}{answer['lost_m3'][i] * 1e3:9.3f}{values}")


for _verb in (quoted, air, cabin, agree):
    app.command()(_verb)
