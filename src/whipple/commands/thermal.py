"""`whipple thermal`: a node network without a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(help="How hot and humid will ship and crew get, docked and on the way home?", no_args_is_help=True)

#: Ten years: no ship stays longer, and every network has settled long before.
_LONGEST_h = 87_660.0


@app.callback()
def _group() -> None:
    """Keeps `solve` a verb of its own."""


@app.command()
def solve(
    file: Annotated[Path, typer.Argument(help="the network, a TOML file (see network.toml of the bundled case)")],
    equipment: Annotated[str, typer.Option(help="which [loads.NAME] heats; the first one if empty")] = "",
    hours: Annotated[float, typer.Option(min=0.01, help="how long, from the start temperatures")] = 6.0,
    steady: Annotated[bool, typer.Option("--steady", help="the state it settles to instead")] = False,
    free: Annotated[bool, typer.Option("--free", help="undocked instead of docked")] = False,
    altitude: Annotated[str, typer.Option(help="orbit altitude")] = "417 km",
    beta: Annotated[str, typer.Option(help="angle between the Sun and the orbit plane")] = "0 deg",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Node temperatures of a network at its best-guess values.

    \b
    whipple thermal solve network.toml --hours 48 --equipment docked_on --beta "-71.9 deg"
    whipple thermal solve network.toml --steady --free --equipment return_on --json
    """
    import numpy as np

    from whipple.commands.typed_quantity import number_within, typed_within
    from whipple.thermal.network import solve_steady, solve_transient
    from whipple.thermal.read_network import read_network
    from whipple.thermal.ship import State, first_ship

    network = read_network(file, str(file))
    chosen = equipment or next(iter(network.loads), "")
    hours = number_within(hours, "--hours", 0.01, _LONGEST_h)
    orbit = (
        typed_within(altitude, "m", "--altitude", "100 km", "400000 km"),
        np.array(typed_within(beta, "rad", "--beta", "-90 deg", "90 deg")),
    )
    built, start_K = first_ship(network, State(not free, chosen, *orbit))
    clock_s = np.linspace(0.0, hours * 3600.0, 25)
    history_K = (
        solve_steady(built, start_K)[None] if steady else solve_transient(built, start_K, clock_s, tolerance_K=1e-6)
    )
    answer: dict[str, Any] = {
        "equipment": chosen, "docked": not free, "steady": steady, "nodes": list(network.names),
        "t_s": None if steady else clock_s.tolist(), "temperature_K": history_K.tolist(), "title": network.header.title,
    }  # fmt: skip
    typer.echo(
        json.dumps(answer, sort_keys=True) if as_json else _table(network.names, start_K, history_K[-1], steady, hours)
    )


def _table(names: tuple[str, ...], start_K: Any, end_K: Any, steady: bool, hours: float) -> str:
    when = "steady" if steady else f"after {hours:g} h"
    rows = [f"{'node':<20}{'start °C':>10}{when + ' °C':>18}"]
    rows += [
        f"{name:<20}{first - 273.15:>10.1f}{last - 273.15:>18.2f}"
        for name, first, last in zip(names, start_K, end_K, strict=True)
    ]
    return "\n".join(rows)
