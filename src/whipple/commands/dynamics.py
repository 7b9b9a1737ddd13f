"""`whipple dynamics`: a push on a station, what the gyros must hold, how the stack moves, and where the push comes from."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from whipple.commands.dynamics_record import kick, locate

__all__ = ["app"]

app = typer.Typer(help="Did the stack feel it, and can it hold attitude?", no_args_is_help=True)


@app.command()
def push(
    force: Annotated[str, typer.Option(help="force of the jet, with a unit")],
    arm: Annotated[str, typer.Option(help="lever arm about the centre of mass")],
    duration: Annotated[str, typer.Option(help="how long it pushes")] = "3 h",
    mass: Annotated[str, typer.Option(help="mass of the stack")] = "430000 kg",
    capacity: Annotated[str, typer.Option(help="momentum the gyros can hold")] = "18970 N*m*s",
    period: Annotated[str, typer.Option(help="orbital period")] = "92.6 min",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """A steady push: torque, momentum in an LVLH hold by axis, time to saturate, change of speed.

    \b
    whipple dynamics push --force "0.18 N" --arm "15 m"
    whipple dynamics push --force "0.18 N" --arm "15 m" --duration "2 h" --json
    """
    import math

    from whipple.commands.typed_quantity import typed_within
    from whipple.dynamics.momentum import roll_yaw_bound_Nms, saturation_time_s

    force_N = typed_within(force, "N", "--force", "0 N", "1e6 N")
    arm_m = typed_within(arm, "m", "--arm", "-1000 m", "1000 m")
    lasts_s, limit = _lasts_s(duration, "366 day"), _capacity_Nms(capacity)
    mass_kg = typed_within(mass, "kg", "--mass", "1 kg", "1e9 kg")
    rate, torque = _orbit_rad_s(period), force_N * arm_m
    bound = roll_yaw_bound_Nms(abs(torque), rate)
    swept = bound if rate * lasts_s >= math.pi else bound * math.sin(rate * lasts_s / 2)
    full = saturation_time_s(limit, torque)
    answer = {
        "torque_Nm": torque, "pitch_momentum_Nms": abs(torque) * lasts_s, "roll_yaw_momentum_Nms": swept,
        "roll_yaw_bound_Nms": bound, "pitch_saturates_after_s": full if math.isfinite(full) else None,
        "roll_yaw_saturates": bound > limit, "impulse_Ns": force_N * lasts_s, "speed_change_m_s": force_N * lasts_s / mass_kg,
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(answer, sort_keys=True))
        return
    typer.echo(f"torque       {torque:.3g} N m")
    typer.echo(
        f"about pitch  {abs(torque) * lasts_s:.0f} N m s and growing; the gyros are "
        + (f"full after {full / 3600:.2f} h" if math.isfinite(full) else "never full")
    )
    typer.echo(f"roll, yaw    {swept:.0f} N m s; never above 2T/n = {bound:.0f} N m s")
    typer.echo(f"speed change {answer['speed_change_m_s'] * 1e3:.2f} mm/s")


@app.command()
def hold(
    roll: Annotated[str, typer.Option(help="steady torque about ram (X)")] = "0 N*m",
    pitch: Annotated[str, typer.Option(help="steady torque about the orbit normal (Y)")] = "0 N*m",
    yaw: Annotated[str, typer.Option(help="steady torque about nadir (Z)")] = "0 N*m",
    duration: Annotated[str, typer.Option(help="how long it lasts")] = "3 h",
    capacity: Annotated[str, typer.Option(help="momentum the gyros can hold")] = "18970 N*m*s",
    period: Annotated[str, typer.Option(help="orbital period")] = "92.6 min",
    inertia: Annotated[
        str, typer.Option(help="moments about X, Y, Z, kg m2 (the station by default)")
    ] = "1.02e8,0.91e8,1.64e8",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Can gyros hold this torque in LVLH, when are they full, does a tilt balance it, and what does unloading cost?

    \b
    whipple dynamics hold --pitch "3 N*m" --duration "3 h"
    whipple dynamics hold --roll "2 N*m" --yaw "1 N*m" --json
    """
    import numpy as np

    from whipple.dynamics import held_momentum_Nms
    from whipple.dynamics.control import advice, desaturation_kg, equilibrium_tilt_rad, first_full_s, thruster_hold_kg

    torque = np.array(_torque_Nm(roll, pitch, yaw))
    lasts_s, limit, rate = _lasts_s(duration, "366 day"), _capacity_Nms(capacity), _orbit_rad_s(period)
    moments = np.array(_moments_kg_m2(inertia))
    t_s = np.linspace(0.0, lasts_s, max(50, round(lasts_s / 60)))
    steady = np.tile(torque, (t_s.size, 1))
    peak = float(np.linalg.norm(held_momentum_Nms(steady, t_s, rate), axis=1).max())
    tilt = equilibrium_tilt_rad(np.diag(moments), torque, rate)
    angle = None if tilt is None else float(np.linalg.norm(tilt))
    full = first_full_s(steady, t_s, rate, limit)
    answer = {
        "peak_momentum_Nms": peak, "full_s": full, "tilt_rad": angle, "desaturation_kg": desaturation_kg(peak),
        "thruster_hold_kg": thruster_hold_kg(lasts_s, rate), "advice": advice(angle, peak, (limit,), full),
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(answer, sort_keys=True))
        return
    typer.echo(f"held in LVLH  up to {peak:.0f} of {limit:.0f} N m s")
    typer.echo(
        f"unloading it  {desaturation_kg(peak):.2f} kg; on thrusters all the time {answer['thruster_hold_kg']:.0f} kg"
    )
    typer.echo(answer["advice"])


@app.command()
def thrust(
    regime: Annotated[str, typer.Option(help="liquid, flashing, gas, effusion or between")],
    diameter: Annotated[str, typer.Option(help="diameter of the hole")],
    pressure: Annotated[str, typer.Option(help="pressure behind it")],
    discharge: Annotated[float, typer.Option(help="discharge coefficient")] = 0.61,
    velocity: Annotated[float, typer.Option(help="velocity coefficient of a liquid")] = 0.97,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """How hard a round hole pushes: momentum and pressure at the hole, regime by regime.

    \b
    whipple dynamics thrust --regime flashing --diameter "0.8 mm" --pressure "3 bar"
    whipple dynamics thrust --regime gas --diameter "1 mm" --pressure "1 atm" --discharge 0.84 --json
    """
    import math

    from whipple.commands.typed_quantity import number_within, typed_within
    from whipple.dynamics.reaction import regime_of_gas, thrust_N

    metres = typed_within(diameter, "m", "--diameter", "1 nm", "1 m")
    pascals = typed_within(pressure, "Pa", "--pressure", "1e-9 Pa", "1 GPa")
    number_within(discharge, "--discharge", 0.01, 1.0)
    number_within(velocity, "--velocity", 0.01, 1.0)
    push = thrust_N(regime, math.pi / 4 * metres**2, discharge, pascals, velocity)
    answer = {"regime": regime, "thrust_N": push.value, "low_N": push.low, "high_N": push.high}
    if regime in ("gas", "effusion", "between"):
        answer["regime_by_knudsen_number"] = regime_of_gas(metres, pascals)
    if as_json:
        typer.echo(json.dumps(answer, sort_keys=True))
        return
    width = f" ({push.low:.3g} to {push.high:.3g} N)" if push.high > push.low else ""
    typer.echo(f"thrust  {push.value:.3g} N{width}")
    if answer.get("regime_by_knudsen_number", regime) != regime:
        typer.echo(f"by its Knudsen number this hole is in the regime {answer['regime_by_knudsen_number']!r}")


@app.command()
def fly(
    roll: Annotated[str, typer.Option(help="steady body torque about X")] = "0 N*m",
    pitch: Annotated[str, typer.Option(help="steady body torque about Y")] = "0 N*m",
    yaw: Annotated[str, typer.Option(help="steady body torque about Z")] = "0 N*m",
    law: Annotated[str, typer.Option(help="lvlh, equilibrium or free")] = "lvlh",
    duration: Annotated[str, typer.Option(help="how long")] = "3 h",
    capacity: Annotated[str, typer.Option(help="momentum the gyros can hold")] = "18970 N*m*s",
    lock: Annotated[bool, typer.Option("--lock", help="full gyros lock instead of being unloaded")] = False,
    case: Annotated[str, typer.Option(help="take the inertia from this case")] = "soyuz-ms22",
    period: Annotated[str, typer.Option(help="orbital period")] = "92.6 min",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Fly the controlled stack through time: gravity gradient, a steady torque, gyros that fill and are unloaded.

    \b
    whipple dynamics fly --pitch "3 N*m"
    whipple dynamics fly --pitch "3 N*m" --law equilibrium --duration "6 h" --json
    """
    import numpy as np

    from whipple.casefile.read_case import read_case
    from whipple.commands.folders import case_folder
    from whipple.dynamics.held_stack import Gyros, fly_stack

    torque = np.array(_torque_Nm(roll, pitch, yaw))
    lasts_s, limit, rate = _lasts_s(duration, "30 day"), _capacity_Nms(capacity), _orbit_rad_s(period)
    inertia = np.array(read_case(case_folder(case)).vehicle.inertia_kg_m2)
    t_s = np.linspace(0.0, lasts_s, 121)
    gyros = None if law == "free" else Gyros(limit, unload=not lock)
    run = fly_stack(inertia, rate, lambda t, turn: torque, t_s, law=law, gyros=gyros)
    size, tilt = np.linalg.norm(run.momentum_Nms, axis=1), np.degrees(np.linalg.norm(run.tilt_rad, axis=1))
    answer = {
        "law": law, "peak_momentum_Nms": float(size.max()), "end_momentum_Nms": float(size[-1]), "start_tilt_deg": float(tilt[0]),
        "largest_tilt_deg": float(tilt.max()), "end_tilt_deg": float(tilt[-1]), "full_s": list(run.full_s), "propellant_kg": run.propellant_kg,
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(answer, sort_keys=True))
        return
    full = f"full {len(run.full_s)} times, first after {run.full_s[0] / 3600:.2f} h" if run.full_s else "never full"
    typer.echo(
        f"gyros     up to {size.max():.0f} of {limit:.0f} N m s, {full}; unloading took {run.propellant_kg:.2f} kg"
    )
    typer.echo(
        f"attitude  {tilt[0]:.1f} deg from LVLH at the start, {tilt.max():.1f} at most, {tilt[-1]:.1f} at the end"
    )


def _orbit_rad_s(period: str) -> float:
    """The rate of LVLH; no orbit about the Earth is shorter than 84 minutes."""
    from math import pi

    from whipple.commands.typed_quantity import typed_within

    return 2 * pi / typed_within(period, "s", "--period", "84 min", "60 day")


def _lasts_s(duration: str, longest: str) -> float:
    from whipple.commands.typed_quantity import typed_within

    return typed_within(duration, "s", "--duration", "1 s", longest)


def _capacity_Nms(capacity: str) -> float:
    from whipple.commands.typed_quantity import typed_within

    return typed_within(capacity, "N*m*s", "--capacity", "0.001 N*m*s", "1e9 N*m*s")


def _torque_Nm(roll: str, pitch: str, yaw: str) -> list[float]:
    """The torque about X, Y, Z."""
    from whipple.commands.typed_quantity import typed_within

    typed = {"--roll": roll, "--pitch": pitch, "--yaw": yaw}
    return [typed_within(text, "N*m", option, "-1e6 N*m", "1e6 N*m") for option, text in typed.items()]


def _moments_kg_m2(text: str) -> list[float]:
    """Three moments of inertia; those of a cube of a kilogram and of a ship of a million tons are the ends."""
    from whipple.errors import RangeError

    try:
        moments = [float(part) for part in text.split(",")]
    except ValueError:
        moments = []
    if len(moments) != 3 or not all(1e-3 <= one <= 1e14 for one in moments):
        expected = "three numbers from 0.001 to 1e14, kg m2"
        raise RangeError("--inertia", "inertia", repr(text), expected, "write 1.02e8,0.91e8,1.64e8")
    return moments


for _verb in (kick, locate):
    app.command()(_verb)
