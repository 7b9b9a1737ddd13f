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
    time_column: Annotated[str, typer.Option(help="ISO 8601 UTC, Unix seconds, or in --time-unit")] = "time",
    temperature: Annotated[list[str] | None, typer.Option("--temperature", help="a liquid temperature column")] = None,
    other: Annotated[list[str] | None, typer.Option("--other", help="a column to judge: did it change?")] = None,
    unit: Annotated[str, typer.Option(help="unit of the pressures; bar, asked for where a name ends in another")] = "",
    temperature_unit: Annotated[
        str, typer.Option(help="of the temperatures; degC, asked for where a name says else")
    ] = "",
    time_unit: Annotated[str, typer.Option(help="ns, us, ms, s, min, h or day: of times that are no dates")] = "",
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
    from whipple.commands.timed_table import read_timed, unit_of
    from whipple.commands.typed_quantity import number_within
    from whipple.telemetry import detect as date_onset
    from whipple.telemetry.watched_record import watched_loop

    number_within(mtbf_days, "--mtbf-days", 0.1, 36525.0)
    _refuse_unknown(fluid)
    unit = unit_of(pressure, unit, "bar", "--unit")
    temperature_unit = unit_of(temperature or [], temperature_unit, "degC", "--temperature-unit")
    columns = {
        "pressure": (pressure, unit),
        "temperature": (temperature or [], temperature_unit),
        "other": (other or [], ""),
    }
    tables = _asked(file.name, columns, path or [])
    names = [table.column for table in tables]
    record = read_timed(file, time_column, names, _moment(epoch), time_unit)
    quiet_s, channels, zero = None, list(record.channels), record.zero
    _refuse_empty(record.channels[: len(pressure)])
    if quiet is not None:
        before = read_timed(quiet, time_column, names, zero, time_unit).channels
        quiet_s, channels = _joined(before, channels, quiet.name)
    loop = watched_loop("under test", fluid)
    onset = date_onset(tables, _with_units(channels, tables), zero, {}, mtbf_days, loops=[loop], quiet_until_s=quiet_s)
    onset = _without_date(onset) if record.undated else onset
    typer.echo(json.dumps(_plain(onset, zero), sort_keys=True) if as_json else _told(onset, zero, unit))


def _joined(before: Any, channels: list[Any], shown: str) -> tuple[float, list[Any]]:
    """When the quiet record ends, and each channel behind its quiet record."""
    from whipple.casefile.channel_sheet import after

    joined = [after(early, late, shown) for early, late in zip(before, channels, strict=True)]
    return max(float(one.t_s[-1]) for one in before), joined


def _without_date(onset: Onset) -> Onset:
    """The answer with a word on its dates, which stand for a start that nobody gave."""
    from dataclasses import replace

    from whipple.casefile.estimate import Caveat

    text = (
        "The times of the record are no dates: its zero is written as 1970-01-01 00:00:00; give --epoch for real ones."
    )
    return replace(onset, caveats=(Caveat("no-dates", text), *onset.caveats))


def _asked(file: str, columns: dict[str, tuple[list[str], str]], paths: list[str]) -> list[Any]:
    """What a case would say of the columns, by what they measure (names, unit). RangeError for one that was named twice."""
    from whipple.errors import RangeError

    tables = [table for what, (names, unit) in columns.items() for table in _tables(names, what, unit, file)]
    named = [table.column for table in tables]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        found = ", ".join(twice) + " a second time"
        raise RangeError("telemetry detect", "columns", found, "each column once", "leave one out")
    return _on_paths(tables, paths)


def _refuse_empty(pressures: Any) -> None:
    """RangeError for a pressure that never is above zero: a dead channel, or no absolute pressure."""
    from whipple.errors import RangeError

    for one in pressures:
        if one.value.size and not one.value.max() > 0:
            found = f"at most {one.value.max():g}"
            remedy = "leave the dead channel out, or add the outside pressure to a gauge pressure"
            raise RangeError(
                "telemetry detect", f"column {one.name!r}", found, "an absolute pressure, above zero", remedy
            )


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
