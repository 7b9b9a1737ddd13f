"""`whipple dynamics kick` and `locate`: what the records of rates and of gyro momentum say of an impact or a leak."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

__all__ = ["kick", "locate"]


def kick(
    file: Annotated[str, typer.Argument(help="CSV or Parquet with body rates")],
    onset: Annotated[float, typer.Option(help="onset, seconds on the table's clock")],
    columns: Annotated[str, typer.Option(help="columns of the rates about X, Y, Z")] = "rate_x,rate_y,rate_z",
    unit: Annotated[str, typer.Option(help="unit of the rates")] = "rad/s",
    time_column: Annotated[str, typer.Option(help="column of the time")] = "time",
    case: Annotated[str, typer.Option(help="take the inertia from this case")] = "soyuz-ms22",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Did an impact kick the stack: a step in its body rates at the onset, or the smallest kick that would have shown.

    \b
    whipple dynamics kick rates.csv --onset 3600 --unit deg/s
    """
    from pathlib import Path

    import numpy as np

    from whipple.casefile.read_case import read_case
    from whipple.casefile.read_channels import read_table, scale_to_si
    from whipple.commands.folders import case_folder
    from whipple.dynamics.kick import rate_step

    _, channels = read_table(Path(file), time_column, columns.split(","))
    t_s, factor = channels[0].t_s, scale_to_si(unit, "rad/s")[0]
    rates = factor * np.column_stack([np.interp(t_s, one.t_s, one.value) for one in channels])
    folder = read_case(case_folder(case))
    found = rate_step(t_s, rates, onset, np.array(folder.vehicle.inertia_kg_m2), folder.rng("kick"))
    answer = {
        "seen": found.seen, "step_rad_s": [axis.median for axis in found.step_rad_s], "smallest_Nms": found.smallest_Nms,
        "momentum_Nms": None if found.momentum_Nms is None else [found.momentum_Nms.low, found.momentum_Nms.median, found.momentum_Nms.high],
    }  # fmt: skip
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else found.sentence)


def _record(
    file: str, names: str, thrust_column: str, period_s: float, noise_Nms: float, doubt: float, turn: Any
) -> Any:
    """The momentum record of a table: three momentum columns and the thrust, on the clock of the first."""
    from pathlib import Path

    import numpy as np

    from whipple.casefile.read_channels import read_table
    from whipple.dynamics.torque_fit import MomentumRecord
    from whipple.errors import RangeError

    wanted = [*names.split(","), thrust_column]
    if len(wanted) != 4:
        raise RangeError("--columns", "columns", repr(names), "three names", "write momentum_x,momentum_y,momentum_z")
    _, channels = read_table(Path(file), "time", wanted)
    t_s = channels[0].t_s
    values = [np.interp(t_s, one.t_s, one.value) for one in channels]
    rate = turn @ np.array([0.0, -2 * np.pi / period_s, 0.0])
    return MomentumRecord(t_s, np.column_stack(values[:3]), noise_Nms, values[3], doubt, rate)


def locate(
    file: Annotated[str, typer.Argument(help="CSV or Parquet: time, gyro momentum (N m s, body axes), thrust (N)")],
    case: Annotated[str, typer.Option(help="the case whose stack it is")] = "soyuz-ms22",
    carriers: Annotated[str, typer.Option(help="parts or modules that leak, comma between; 'ship', 'all'")] = "ship",
    medium: Annotated[str, typer.Option(help="gas or liquid")] = "liquid",
    columns: Annotated[str, typer.Option(help="momentum columns")] = "momentum_x,momentum_y,momentum_z",
    thrust_column: Annotated[str, typer.Option(help="thrust column, zero before the onset")] = "thrust",
    noise: Annotated[str, typer.Option(help="noise of one momentum sample")] = "2 N*m*s",
    thrust_doubt: Annotated[float, typer.Option(help="1-sigma doubt of the thrust, as a share")] = 0.05,
    period: Annotated[str, typer.Option(help="orbital period")] = "92.6 min",
    drawing: Annotated[str, typer.Option(help="write the region on the stack to this SVG file")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Where the push comes from: every place of the hull that fits a momentum record, with its probability.

    The pressure says which system leaks: name its parts with --carriers. About an orbit of quiet before the onset helps.

    \b
    whipple dynamics locate momentum.csv --case soyuz-ms22
    whipple dynamics locate momentum.csv --carriers zvezda,poisk --medium gas --drawing sites.svg --json
    """
    from pathlib import Path

    from whipple import vehicle
    from whipple.casefile.read_case import read_case
    from whipple.casefile.units import parse_quantity
    from whipple.commands.folders import case_folder
    from whipple.dynamics import locate_leak
    from whipple.dynamics.hull import carriers_of

    folder = read_case(case_folder(case))
    stack = vehicle.build(folder)
    named = {"ship": carriers_of(folder, stack), "all": ()}.get(carriers, tuple(carriers.split(",")))
    period_s, noise_Nms = parse_quantity(period, "s", "--period"), parse_quantity(noise, "N*m*s", "--noise")
    record = _record(file, columns, thrust_column, period_s, noise_Nms, thrust_doubt, stack.body_from_lvlh)
    found = locate_leak(stack, record, named, medium=medium)
    if drawing:
        from whipple.dynamics.whereabouts import as_finding
        from whipple.report.figures.push_sites import draw_sites

        figure = draw_sites(stack, as_finding(found, named))
        Path(drawing).write_text(figure.svg if figure else "", encoding="utf-8")
    _print_sites(found, as_json)


def _print_sites(found: Any, as_json: bool) -> None:
    """The sites as a table or as JSON, most likely first, with what the reader must know."""
    rows = [
        {
            "part": site.part,
            "place_m": site.place_m.round(2).tolist(),
            "probability": site.prob,
            "reach_m": site.radius_m,
        }
        for site in found.sites
    ]
    said = [caveat.text for caveat in found.caveats]
    if as_json:
        typer.echo(json.dumps({"sites": rows, "torque_Nm": found.torque_Nm.tolist(), "caveats": said}, sort_keys=True))
        return
    typer.echo("torque at its largest  " + ", ".join(f"{value:.2f}" for value in found.torque_Nm) + " N m (body axes)")
    for index, site in enumerate(found.sites, start=1):
        x, y, z = site.place_m
        typer.echo(
            f"{index:3d}  {100 * site.prob:5.1f} %  {site.part:24s} ({x:7.2f}, {y:7.2f}, {z:7.2f}) m, within {site.radius_m:.1f} m"
        )
    for text in said:
        typer.echo(text)
