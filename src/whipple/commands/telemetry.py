"""`whipple telemetry`: date an onset in any table of telemetry, without a case."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whipple.commands import telemetry_limits
from whipple.commands.isolate import isolate
from whipple.commands.telemetry_state import state

if TYPE_CHECKING:
    from whipple.casefile.estimate import Estimate
    from whipple.casefile.findings.onset import Onset

__all__ = ["app"]

app = typer.Typer(help="When did it begin, what changed, and what did not?", no_args_is_help=True)
app.add_typer(telemetry_limits.app, name="limits")
app.command()(isolate)
app.command()(state)


@app.callback()
def _group() -> None:
    """Keeps `detect` a verb of its own."""


@app.command()
def detect(
    file: Annotated[Path, typer.Argument(help="CSV with a header line, Parquet, HDF5 or netCDF")],
    pressure: Annotated[list[str], typer.Option("--pressure", help="a pressure column; once a sensor of the loop")],
    time_column: Annotated[str, typer.Option(help="ISO 8601 UTC, or seconds since the epoch")] = "time",
    temperature: Annotated[list[str] | None, typer.Option("--temperature", help="a liquid temperature column")] = None,
    other: Annotated[list[str] | None, typer.Option("--other", help="a column to judge: did it change?")] = None,
    unit: Annotated[str, typer.Option(help="unit of the pressures")] = "bar",
    temperature_unit: Annotated[str, typer.Option(help="unit of the temperatures")] = "degC",
    epoch: Annotated[str, typer.Option(help="time zero, ISO 8601 UTC; default the first time stamp")] = "",
    mtbf_days: Annotated[float, typer.Option(help="mean time between false alarms of the detector, days")] = 30.0,
    fluid: Annotated[str, typer.Option(help="the liquid of the loop, for the leak watch")] = "isooctane",
    path: Annotated[
        list[str] | None, typer.Option(help="COLUMN=PATH: the multiplexer or bus a column comes by")
    ] = None,
    quiet: Annotated[
        Path | None, typer.Option(help="an earlier record, 12 to 24 h and quiet, same columns: learn on it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Onset with its 90 % interval, causal alarm, rate, what the live leak watch says of the same record, and which columns changed.

    With two temperatures the leak watch runs too, the same as `whipple watch`: the answer tells which rule spoke, and when they disagree.
    It says "leak" only where two data paths show it: name them with --path.

    \b
    Examples:
      whipple telemetry detect loop.csv --pressure p1_bar --pressure p2_bar --temperature t1_degC
      whipple telemetry detect today.csv --quiet yesterday.csv --pressure p1 --pressure p2 --temperature t1 \\
        --temperature t2 --path p1=A --path p2=B --path t1=A --path t2=B
    """
    from whipple.casefile.channel_sheet import after
    from whipple.casefile.read_channels import read_table
    from whipple.errors import RangeError
    from whipple.telemetry import detect as date_onset
    from whipple.telemetry.watched_record import watched_loop

    if mtbf_days <= 0:
        raise RangeError("telemetry detect", "--mtbf-days", mtbf_days, "more than 0", "30")
    _refuse_unknown(fluid)
    tables = _on_paths(
        [
            *_tables(pressure, "pressure", unit, file.name),
            *_tables(temperature or [], "temperature", temperature_unit, file.name),
            *_tables(other or [], "other", "", file.name),
        ],
        path or [],
    )
    names = [table.column for table in tables]
    zero, columns = read_table(file, time_column, names, _moment(epoch))
    quiet_s, channels = None, list(columns)
    if quiet is not None:
        before = read_table(quiet, time_column, names, zero)[1]
        channels = [after(early, late, quiet.name) for early, late in zip(before, columns, strict=True)]
        quiet_s = max(float(one.t_s[-1]) for one in before)
    loop = watched_loop("under test", fluid)
    onset = date_onset(tables, _with_units(channels, tables), zero, {}, mtbf_days, loops=[loop], quiet_until_s=quiet_s)
    typer.echo(json.dumps(_plain(onset, zero), sort_keys=True) if as_json else _told(onset, zero, unit))


def _refuse_unknown(fluid: str) -> None:
    """RangeError for a liquid without properties: the watch would take isooctane instead."""
    from whipple.casefile.problems import near_match
    from whipple.errors import RangeError
    from whipple.physics.fluids import FLUIDS

    if fluid.strip().lower() not in FLUIDS:
        remedy = near_match(fluid, FLUIDS, "name one of these")
        raise RangeError("telemetry detect", "--fluid", repr(fluid), f"one of: {', '.join(FLUIDS)}", remedy)


def _moment(text: str) -> datetime | None:
    """The epoch as typed; without a zone it is UTC."""
    from datetime import UTC

    from whipple.errors import RangeError

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise RangeError(
            "telemetry detect", "--epoch", text, "an ISO 8601 time in UTC", "2022-12-15T00:45:00Z"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tables(columns: list[str], measures: str, unit: str, file: str) -> list[Any]:
    """What a case would say about these columns."""
    from whipple.casefile.tables.channel import ChannelTable

    loop = "" if measures == "other" else "under test"
    rows = [{"name": c, "file": file, "column": c, "unit": unit, "measures": measures, "loop": loop} for c in columns]
    return [ChannelTable.model_validate(row | {"source": "command line"}) for row in rows]


def _on_paths(tables: list[Any], typed: list[str]) -> list[Any]:
    """The tables with the data paths that were typed."""
    from whipple.errors import RangeError

    paths = dict(word.rpartition("=")[::2] for word in typed)
    known = [table.column for table in tables]
    for column, path in paths.items():
        if column not in known or not path:
            expected = f"COLUMN=PATH with one of {', '.join(known)}"
            raise RangeError("telemetry detect", "--path", f"{column}={path}", expected, f"--path {known[0]}=A")
    return [table.model_copy(update={"data_path": paths.get(table.column, "")}) for table in tables]


def _with_units(channels: Any, tables: list[Any]) -> list[Any]:
    from dataclasses import replace

    return [replace(channel, unit=table.unit) for channel, table in zip(channels, tables, strict=True)]


def _clock(zero: datetime, t_s: float) -> str:
    from datetime import timedelta

    return (zero + timedelta(seconds=t_s)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")[:-5] + "Z"


def _plain(onset: Onset, zero: datetime) -> dict[str, Any]:
    """The answer as plain values for JSON."""
    when = onset.onset_s
    return {
        "headline": onset.headline,
        "epoch": zero.isoformat(),
        "onset_s": _ends(when),
        "onset": None if when is None else _clock(zero, when.median),
        "alarm_s": onset.alarm_s,
        "rate_Pa_s": _ends(onset.rate_Pa_s),
        "kinds": onset.kinds,
        "step_over_ramp_nat": onset.step_over_ramp_nat,
        "rules": onset.rules,
        "watch": {
            "onset_s": _ends(onset.watch_onset_s),
            "rate_per_s": _ends(onset.watch_rate_per_s),
            "events": [
                {"t_s": e.t_s, "kind": e.kind, "about": e.about, "text": e.text, "values": e.values}
                for e in onset.watch
            ],
        },
        "channels": [{"name": c.name, "verdict": c.verdict, "sentence": c.sentence} for c in onset.channels],
        "caveats": [{"code": c.code, "text": c.text} for c in onset.caveats],
    }


def _ends(one: Estimate | None) -> dict[str, float] | None:
    return None if one is None else {"median": one.median, "low": one.low, "high": one.high}


def _told(onset: Onset, zero: datetime, unit: str) -> str:
    """The answer for people."""
    lines = [onset.headline]
    if onset.alarm_s is not None and onset.rate_Pa_s is not None:
        from whipple.casefile.read_channels import scale_to_si

        per_minute = 60 / scale_to_si(unit, "Pa")[0]
        rate = [f"{x * per_minute:.3g}" for x in (onset.rate_Pa_s.median, onset.rate_Pa_s.low, onset.rate_Pa_s.high)]
        lines += [f"alarm   {_clock(zero, onset.alarm_s)}", f"rate    {rate[0]} {unit}/min ({rate[1]} to {rate[2]})"]
        lines += [
            "kind    " + ", ".join(f"{k} {p:.2f}" for k, p in sorted(onset.kinds.items(), key=lambda item: -item[1]))
        ]
    lines += [f"rules   {onset.rules}"] if onset.rules else []
    lines += [
        f"watch   {_clock(zero, e.t_s)}  {e.kind}: {e.text}"
        for e in onset.watch
        if e.kind not in ("learned", "not watched")
    ]
    lines += [f"{channel.name}: {channel.sentence}" for channel in onset.channels]
    return "\n".join([*lines, *(f"note: {caveat.text}" for caveat in onset.caveats)])
