"""`whipple dynamics kick` and `locate`: what the records of rates and of gyro momentum say of an impact or a leak."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["kick", "locate"]

#: No docked stack turns faster (1.7 deg/s); LVLH in deg/s read as rad/s does.
_FASTEST_rad_s = 0.03


def kick(
    file: Annotated[str, typer.Argument(help="CSV or Parquet with body rates")],
    onset: Annotated[float, typer.Option(help="onset, seconds on the table's clock")],
    columns: Annotated[str, typer.Option(help="columns of the rates about X, Y, Z")] = "rate_x,rate_y,rate_z",
    unit: Annotated[str, typer.Option(help="unit of the rates; rad/s where nothing turns faster than 0.03 rad/s")] = "",
    time_column: Annotated[str, typer.Option(help="column of the time")] = "time",
    case: Annotated[str, typer.Option(help="take the inertia from this case")] = "soyuz-ms22",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Did an impact kick the stack: a step in its body rates at the onset, or the smallest kick that would have shown.

    \b
    whipple dynamics kick rates.csv --onset 3600 --unit deg/s
    """
    import numpy as np

    from whipple.casefile.read_case import read_case
    from whipple.casefile.units import parse_quantity
    from whipple.commands.folders import case_folder
    from whipple.dynamics.kick import rate_step
    from whipple.errors import RangeError

    factor = parse_quantity(f"1 {unit or 'rad/s'}", "rad/s", "--unit")
    t_s, values = _columns(Path(file), time_column, _three(columns, "rate_x,rate_y,rate_z"))
    rates = factor * np.column_stack(values)
    if not unit and (fastest := float(np.abs(rates).max())) > _FASTEST_rad_s:
        turning = f"the default rad/s: {fastest:.3g} rad/s, {np.degrees(fastest):.3g} deg/s"
        raise RangeError(
            "dynamics kick",
            "--unit",
            turning,
            "the unit said for a body that turns so fast",
            "write --unit deg/s, or --unit rad/s",
        )
    folder = read_case(case_folder(case))
    inertia = np.array(folder.vehicle.inertia_kg_m2)
    found = rate_step(t_s, rates, onset, inertia, folder.rng("kick"), _finest(rates))
    answer = {
        "seen": found.seen, "step_rad_s": [axis.median for axis in found.step_rad_s], "smallest_Nms": found.smallest_Nms,
        "momentum_Nms": None if found.momentum_Nms is None else [found.momentum_Nms.low, found.momentum_Nms.median, found.momentum_Nms.high],
    }  # fmt: skip
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else found.sentence)


def _three(names: str, such_as: str) -> list[str]:
    """The three columns of a vector."""
    from whipple.errors import RangeError

    columns = [name.strip() for name in names.split(",")]
    if len(columns) != 3 or len(set(columns)) != 3:
        raise RangeError("--columns", "columns", repr(names), "three names", f"write {such_as}")
    return columns


def _columns(file: Path, time_column: str, names: list[str]) -> tuple[Any, list[Any]]:
    """Times in seconds (n,) of the first column, and every column on them."""
    import numpy as np

    from whipple.commands.timed_table import read_timed
    from whipple.errors import EvidenceError

    channels = read_timed(file, time_column, names, None, "s").channels
    for one in channels:
        if not one.t_s.size:
            raise EvidenceError("dynamics", f"number in column {one.name!r} of {file.name}", "export it again")
    return channels[0].t_s, [np.interp(channels[0].t_s, one.t_s, one.value) for one in channels]


def _finest(rates: Any) -> float:
    """The smallest step between the values of any axis: that of the telemetry, where it was rounded off."""
    import numpy as np

    steps = [np.diff(np.unique(axis)) for axis in rates.T]
    return max((float(one.min()) for one in steps if one.size), default=0.0)


def _record(
    file: str, names: str, thrust_column: str, period_s: float, noise_Nms: float, doubt: float, turn: Any
) -> Any:
    """The momentum record of a table: three momentum columns and the thrust, on the clock of the first."""
    import numpy as np

    from whipple.dynamics.torque_fit import MomentumRecord

    wanted = [*_three(names, "momentum_x,momentum_y,momentum_z"), thrust_column]
    t_s, values = _columns(Path(file), "time", wanted)
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
    from whipple import vehicle
    from whipple.casefile.read_case import read_case
    from whipple.commands.folders import case_folder
    from whipple.commands.typed_quantity import number_within, typed_within
    from whipple.dynamics import locate_leak
    from whipple.dynamics.hull import carriers_of

    folder = read_case(case_folder(case))
    stack = vehicle.build(folder)
    named = {"ship": carriers_of(folder, stack), "all": ()}.get(carriers, tuple(carriers.split(",")))
    period_s = typed_within(period, "s", "--period", "84 min", "60 day")
    noise_Nms = typed_within(noise, "N*m*s", "--noise", "1e-6 N*m*s", "1e6 N*m*s")
    number_within(thrust_doubt, "--thrust-doubt", 0.0, 1.0)
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
