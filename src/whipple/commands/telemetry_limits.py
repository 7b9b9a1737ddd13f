"""`whipple telemetry limits`: what limits a file states, how a record stands against them, and limits written as XTCE."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from whipple.telemetry.limits import Alarm, Band, LimitBook, TypeLimits
    from whipple.telemetry.sequential import Event

__all__ = ["app"]

app = typer.Typer(help="Which channels are out of limits, and what are the limits?", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Limits = Annotated[Path | None, typer.Option("--limits", help="an XTCE file with alarms")]
Typed = Annotated[list[str] | None, typer.Option("--limit", help="NAME=RED_LOW,YELLOW_LOW,YELLOW_HIGH,RED_HIGH")]
Persistence = Annotated[int, typer.Option(help="samples in a row that a --limit asks for")]


@app.command()
def show(file: Annotated[Path, typer.Argument(help="an XTCE file")], as_json: Json = False) -> None:
    """Every parameter with alarms, and what is kept but not evaluated.

    \b
    Example:
      whipple telemetry limits show spacecraft.xml
    """
    from whipple.telemetry.limit_state import LimitState
    from whipple.telemetry.read_xtce import read_xtce

    book = read_xtce(file)
    rows = {
        path: one for path, kind in book.parameters.items() if (one := book.types.get(kind)) is not None and one.alarms
    }
    notes = LimitState(sorted(rows), book).not_evaluated
    if as_json:
        plain = {path: {"unit": one.unit, "kind": one.kind, "alarms": _told(one)} for path, one in rows.items()}
        typer.echo(json.dumps({"parameters": plain, "not_evaluated": notes}, sort_keys=True))
        return
    for path, one in rows.items():
        typer.echo(f"{path}" + (f" [{one.unit}]" if one.unit else ""))
        for line in _told(one):
            typer.echo(f"  {line}")
    for note in notes:
        typer.echo(f"note: {note}")
    typer.echo(f"{len(rows)} of {len(book.parameters)} parameters have alarms")


@app.command()
def judge(
    record: Annotated[Path, typer.Argument(help="CSV, Parquet (file or folder), HDF5, netCDF or a file of lines")],
    limits: Limits = None,
    limit: Typed = None,
    persistence: Persistence = 1,
    stale: Annotated[str, typer.Option(help="a channel silent for so long is stale")] = "10 min",
    lateness: Annotated[str, typer.Option(help="how far a sample may be out of order")] = "5 s",
    time_column: Annotated[str, typer.Option(help="ISO 8601 UTC, or seconds")] = "time",
    as_json: Json = False,
) -> None:
    """Every change of limit state in a record, as `whipple watch` would have told it.

    \b
    Examples:
      whipple telemetry limits judge loop.csv --limit p1=2.0,2.4,3.4,3.8 --persistence 3
      whipple telemetry limits judge archive/ --limits spacecraft.xml --json
    """
    from whipple.casefile.units import parse_quantity
    from whipple.commands.typed_limits import read_limits, units_of
    from whipple.commands.watch_view import event_line
    from whipple.telemetry.line_protocol import LineParser
    from whipple.telemetry.read_stream import read_replay
    from whipple.telemetry.watch import LiveWatch, WatchPlan

    stale_s, lateness_s = parse_quantity(stale, "s", "--stale"), parse_quantity(lateness, "s", "--lateness")
    plan = WatchPlan(detect=False, stale_s=stale_s, lateness_s=lateness_s)
    book = read_limits(limits, limit or [], persistence)
    watch = LiveWatch(plan, book)
    events: list[Event] = []
    heard: dict[str, None] = {}
    for parcel in read_replay(record, LineParser(record.name, units=units_of(book)), time_column=time_column):
        heard |= dict.fromkeys(parcel.names)
        events += watch.put(parcel)
        for line in watch.news():
            typer.echo(line, err=True)
    _refuse_unheard(book, limit or [], list(heard))
    events += watch.finish()
    if as_json:
        plain = [json.loads(event.to_json()) for event in events]
        typer.echo(
            json.dumps({"events": plain, "refused": watch.refused, "samples_count": watch.sample_count}, sort_keys=True)
        )
        return
    for event in events:
        typer.echo(event_line(event))
    typer.echo(f"{len(events)} changes in {watch.sample_count} samples; refused {sum(watch.refused.values())}")


def _refuse_unheard(book: LimitBook, typed: list[str], heard: list[str]) -> None:
    """RangeError for a --limit on a channel that the whole record does not have: a typing error, and a limit that never speaks."""
    from whipple.casefile.problems import near_match
    from whipple.errors import RangeError

    judged = {book.find(name) for name in heard}
    for name in (text.rpartition("=")[0] for text in typed):
        if book.find(name) not in judged:
            known = ", ".join(heard[:20]) + (f" and {len(heard) - 20} more" if len(heard) > 20 else "")
            remedy = near_match(name, heard, "leave it out, or name a channel of this record")
            raise RangeError(
                "telemetry limits judge", "--limit", repr(name), f"a channel of the record: {known}", remedy
            )


@app.command()
def write(
    out: Annotated[Path, typer.Argument(help="the XTCE file to write")],
    limits: Limits = None,
    limit: Typed = None,
    persistence: Persistence = 1,
    as_json: Annotated[bool, typer.Option("--json", help="print what was written as JSON")] = False,
) -> None:
    """Limits as an XTCE file; with --limits the rest of that file (packets, calibrations) is kept.

    COSMOS counting has no word in XTCE: persistence becomes minViolations.

    \b
    Examples:
      whipple telemetry limits write loop.xml --limit p1=2.0,2.4,3.4,3.8 --persistence 3
      whipple telemetry limits write copy.xml --limits spacecraft.xml
    """
    from whipple.commands.typed_limits import read_limits
    from whipple.telemetry.write_xtce import write_xtce

    book = read_limits(limits, limit or [], persistence)
    write_xtce(out, book, onto=limits if limits is not None and not limit else None)
    count = sum(bool(one.alarms) for one in book.types.values())
    said = json.dumps({"file": str(out), "types_with_alarms": count}, sort_keys=True)
    typer.echo(said if as_json else f"{out}: {count} types with alarms")


def _told(limits: TypeLimits) -> list[str]:
    """Each alarm in a line or more."""
    out = []
    for number, alarm in enumerate(limits.alarms):
        head = "default" if alarm.context is None else f"context {number + 1}"
        counted = f", {alarm.min_violations} in a row" if alarm.min_violations > 1 else ""
        counted += f", {alarm.min_conformance} to leave" if alarm.min_conformance else ""
        out += [f"{head}{counted}: {part}" for part in _parts(alarm)]
    return out


def _parts(alarm: Alarm) -> list[str]:
    from whipple.telemetry.limits import LEVELS

    out = [
        f"{LEVELS[band.level]} {_band(band)}"
        for ranges in (alarm.static, alarm.multi)
        if ranges
        for band in ranges.bands
    ]
    if alarm.change:
        kind = ("percent" if alarm.change.percent else "change") + (
            " a sample" if alarm.change.per_sample else " a second"
        )
        out += [f"{LEVELS[band.level]} {_band(band)} ({kind})" for band in alarm.change.ranges.bands]
    out += [f"{LEVELS[level]} when {word!r}" for word, level in (*alarm.labels, *alarm.patterns)]
    out += [f"{LEVELS[level]} on a condition" for level, _ in alarm.conditions]
    out += [f"{LEVELS[band.level]} {_band(band)} (rate of a time)" for band in (alarm.rate.bands if alarm.rate else ())]
    return out + (["a custom algorithm, not evaluated"] if alarm.custom else [])


def _band(band: Band) -> str:
    low = "-inf" if band.low is None else f"{band.low:g}"
    high = "inf" if band.high is None else f"{band.high:g}"
    ends = ("(" if band.low_open else "[") + f"{low}, {high}" + (")" if band.high_open else "]")
    return f"{'inside' if band.inside else 'outside'} {ends}"
