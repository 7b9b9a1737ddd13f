"""`whipple dynamics`: a push on a station, its torque and what the gyros must hold, without a case."""

from __future__ import annotations

import json
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(help="Did the stack feel it, and can it hold attitude?", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `push` a verb of its own."""


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

    from whipple.casefile.units import parse_quantity
    from whipple.dynamics.momentum import roll_yaw_bound_Nms, saturation_time_s
    from whipple.errors import RangeError

    force_N, arm_m = parse_quantity(force, "N", "--force"), parse_quantity(arm, "m", "--arm")
    lasts_s, mass_kg = parse_quantity(duration, "s", "--duration"), parse_quantity(mass, "kg", "--mass")
    limit, period_s = parse_quantity(capacity, "N*m*s", "--capacity"), parse_quantity(period, "s", "--period")
    if min(lasts_s, mass_kg, period_s) <= 0:
        raise RangeError("dynamics push", "duration, mass, period", "one not above zero", "values above zero")
    rate, torque = 2 * math.pi / period_s, force_N * arm_m
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
        f"about pitch  {abs(torque) * lasts_s:.0f} N m s and growing; the gyros are full after {full / 3600:.2f} h"
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
    import math

    import numpy as np

    from whipple.casefile.units import parse_quantity
    from whipple.dynamics import held_momentum_Nms
    from whipple.dynamics.control import advice, desaturation_kg, equilibrium_tilt_rad, first_full_s, thruster_hold_kg
    from whipple.errors import RangeError

    torque = np.array(
        [parse_quantity(text, "N*m", f"--{name}") for name, text in (("roll", roll), ("pitch", pitch), ("yaw", yaw))]
    )
    lasts_s, limit = parse_quantity(duration, "s", "--duration"), parse_quantity(capacity, "N*m*s", "--capacity")
    rate = 2 * math.pi / parse_quantity(period, "s", "--period")
    try:
        moments = np.array([float(part) for part in inertia.split(",")])
    except ValueError:
        raise RangeError(
            "--inertia", "inertia", repr(inertia), "three numbers, kg m2", "write 1.02e8,0.91e8,1.64e8"
        ) from None
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
