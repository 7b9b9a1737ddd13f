"""`whipple watch`: limits and detector on a live stream, or on a record played again."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from whipple.telemetry.clock import Parcel
    from whipple.telemetry.limits import LimitBook
    from whipple.telemetry.line_protocol import LineParser
    from whipple.telemetry.sequential import Event
    from whipple.telemetry.watch import LiveWatch, WatchPlan

__all__ = ["read_limits", "units_of", "watch"]

_PACKETS = {".bin", ".ccsds", ".pkts", ".tlm", ".dat"}


_SOURCE = "- for stdin, tcp://HOST:PORT, yamcs://HOST:PORT/INSTANCE[/PROCESSOR], or a file or folder"
Source = Annotated[str, typer.Argument(help=_SOURCE)]
Channel = Annotated[list[str] | None, typer.Option("--channel", help="watch this channel; default all heard at first")]
Limits = Annotated[Path | None, typer.Option(help="an XTCE file with alarms")]
Limit = Annotated[list[str] | None, typer.Option("--limit", help="NAME=RED_LOW,YELLOW_LOW,YELLOW_HIGH,RED_HIGH")]
Persistence = Annotated[int, typer.Option(help="samples in a row that a --limit asks for")]
_STATE = "folder of checkpoint and events: killed and started again, it goes on from there"
State = Annotated[Path | None, typer.Option(help=_STATE)]
Fresh = Annotated[bool, typer.Option("--fresh", help="forget what is in --state")]
JsonLines = Annotated[bool, typer.Option("--json-lines", help="one JSON object an event on stdout")]
Speed = Annotated[float, typer.Option(help="of a record: seconds of data a second; 0 as fast as it can")]
Step = Annotated[str, typer.Option(help="step of detector and log in data time")]
Lateness = Annotated[str, typer.Option(help="how late a sample may come")]
Jump = Annotated[str, typer.Option(help="how far a time stamp may leap ahead unconfirmed")]
Discover = Annotated[str, typer.Option(help="data time in which the channels are learned")]
Stale = Annotated[str, typer.Option(help="a channel silent for so long is stale")]
Learn = Annotated[str, typer.Option(help="quiet data time that the detector learns on")]
Mtbf = Annotated[float, typer.Option(help="mean time between false alarms of the detector, days")]
Case = Annotated[str, typer.Option(help="a case that says what the channels measure, their loops and data paths")]
Detect = Annotated[bool, typer.Option("--detect/--no-detect", help="with or without the change detector")]
TimeColumn = Annotated[str, typer.Option(help="of a record: ISO 8601 UTC, or seconds")]
Precision = Annotated[str, typer.Option(help="of time stamps in lines: ns, us, ms or s")]
Xtce = Annotated[Path | None, typer.Option(help="of packet files: their XTCE definition (its alarms count too)")]
PacketTime = Annotated[str, typer.Option(help="of packet files: the time, COARSE+FINE/65536@2000-01-01T12:00:00Z")]
Checkpoint = Annotated[str, typer.Option(help="wall time between checkpoints")]
GiveUp = Annotated[str, typer.Option(help="stop when a server gave nothing for so long; default never")]


def watch(
    source: Source,
    channel: Channel = None,
    limits: Limits = None,
    limit: Limit = None,
    persistence: Persistence = 1,
    state: State = None,
    fresh: Fresh = False,
    json_lines: JsonLines = False,
    speed: Speed = 0.0,
    step: Step = "1 s",
    lateness: Lateness = "5 s",
    jump: Jump = "1 day",
    discover: Discover = "60 s",
    stale: Stale = "10 min",
    learn: Learn = "1 h",
    mtbf_days: Mtbf = 30.0,
    case: Case = "",
    detect: Detect = True,
    time_column: TimeColumn = "time",
    precision: Precision = "ns",
    xtce: Xtce = None,
    packet_time: PacketTime = "",
    checkpoint: Checkpoint = "30 s",
    give_up: GiveUp = "",
) -> None:
    """Watch telemetry live: limits, stale channels and changes, in the order of the data's own time.

    \b
    Examples:
      nc station 9000 | whipple watch - --limits spacecraft.xml
      whipple watch tcp://station:9000 --state watch/ --limit p1=2.0,2.4,3.4,3.8 --persistence 3
      whipple watch yamcs://localhost:8090/simulator --channel /YSS/SIMULATOR/BatteryVoltage1 --state watch/
      whipple watch archive/ --speed 3600                       a folder of Parquet, an hour a second
      whipple watch loop.csv --json-lines --learn "2 h"         one JSON object an event
      whipple watch loop.csv --case soyuz-ms22 --step "20 s" --learn "12 h"     with the leak watch of its loops
      whipple watch pass.bin --xtce spacecraft.xml --packet-time SC_TIME

    Lines are InfluxDB's: p1,unit=bar value=2.98 1671065100000000000
    """
    _run(SimpleNamespace(**locals()))


def _run(asked: Any) -> None:
    """Everything that was asked for, from the source to the last checkpoint."""
    from whipple.casefile.units import parse_quantity
    from whipple.telemetry.line_protocol import LineParser
    from whipple.telemetry.watch import LiveWatch
    from whipple.telemetry.watch_run import follow, resume
    from whipple.telemetry.write_watch import WatchFolder

    book, plan = read_limits(asked.limits or asked.xtce, asked.limit or [], asked.persistence), _plan(asked)
    live = LiveWatch(plan, book)
    units = units_of(book)
    parser = LineParser(asked.source if asked.source != "-" else "stdin", asked.precision, units)
    patience_s = parse_quantity(asked.give_up, "s", "watch --give-up") if asked.give_up else float("inf")
    every_s = parse_quantity(asked.checkpoint, "s", "watch --checkpoint")
    wanted = {"time_column": asked.time_column, "columns": plan.channels, "speed": asked.speed, "give_up_s": patience_s}
    keep = WatchFolder(asked.state, asked.fresh, source=asked.source) if asked.state is not None else None
    if keep is not None and keep.state is not None:
        typer.echo(f"going on from the checkpoint in {asked.state} (--fresh begins anew)", err=True)
    tell, end = _teller(live, asked.source, asked.json_lines)
    try:
        position = resume(live, keep, parser, tell) if keep is not None else None
        parcels = _source(asked.source, parser, position, wanted, (asked.xtce, asked.packet_time))
        follow(live, parcels, keep, tell, position=position, checkpoint_s=every_s)
    finally:
        end()
        if keep is not None:
            keep.close()


def _plan(asked: Any) -> WatchPlan:
    from whipple.casefile.units import parse_quantity
    from whipple.telemetry.watch import WatchPlan

    def seconds(name: str) -> float:
        return parse_quantity(getattr(asked, name), "s", f"watch --{name}")

    return WatchPlan(
        channels=tuple(asked.channel or ()),
        step_s=seconds("step"),
        lateness_s=seconds("lateness"),
        jump_s=seconds("jump"),
        discover_s=seconds("discover"),
        stale_s=seconds("stale"),
        detect=asked.detect,
        learn_s=seconds("learn"),
        mtbf_days=asked.mtbf_days,
        **_from_case(asked.case),
    )


def _from_case(case: str) -> dict[str, Any]:
    """What a case says of channels (by column and by name) and loops."""
    if not case:
        return {}
    from whipple.casefile.read_case import read_case
    from whipple.casefile.read_channels import scale_to_si
    from whipple.commands.folders import case_folder
    from whipple.telemetry.sequential import WatchedChannel, WatchedLoop
    from whipple.telemetry.watch import Known

    read = read_case(case_folder(case))
    known = {}
    for one in read.channels:
        si = {"pressure": "Pa", "temperature": "K"}.get(one.measures, "")
        factor, offset = scale_to_si(one.unit, si) if si else (1.0, 0.0)
        step = (one.resolution or 0.0) * factor
        for name in (one.name, one.column):
            known[name] = Known(
                WatchedChannel(name, si or one.unit, one.measures, one.loop, one.data_path, step), factor, offset
            )
    loops = tuple(WatchedLoop(loop.name) for loop in read.loops)
    return {"known": tuple(known.values()), "loops": loops}


def units_of(book: LimitBook) -> dict[str, str]:
    """The unit that each channel must come in, by path and by last name where only one has it."""
    out = {}
    for path, kind in book.parameters.items():
        limits, last = book.types.get(kind), path.rsplit("/", 1)[-1]
        if limits is not None and limits.unit:
            out[path] = limits.unit
            if book.find(last) == path:
                out[last] = limits.unit
    return out


def read_limits(file: Path | None, limits: list[str], persistence: int) -> LimitBook:
    """The limits of an XTCE file, and those typed as NAME=RED_LOW,YELLOW_LOW,YELLOW_HIGH,RED_HIGH in front of them."""
    from whipple.errors import RangeError
    from whipple.telemetry.limits import LimitBook, TypeLimits, cosmos_alarm

    book = LimitBook() if file is None else _from_xtce(file)
    typed = {}
    for text in limits:
        name, equals, numbers = text.rpartition("=")
        try:
            four = [float(word) for word in numbers.split(",")]
        except ValueError:
            four = []
        if not equals or len(four) != 4:
            expected = "NAME=RED_LOW,YELLOW_LOW,YELLOW_HIGH,RED_HIGH"
            raise RangeError("watch", "--limit", repr(text), expected, "--limit p1=2.0,2.4,3.4,3.8")
        typed[name] = TypeLimits(default=cosmos_alarm(four[0], four[1], four[2], four[3], persistence))
    made = LimitBook.plain(typed)
    named = {path: kind for path, kind in book.parameters.items() if path.rsplit("/", 1)[-1] not in typed}
    return LimitBook({**book.types, **made.types}, {**named, **made.parameters})


def _from_xtce(file: Path) -> LimitBook:
    from whipple.telemetry.read_xtce import read_xtce

    return read_xtce(file)


def _source(
    source: str,
    parser: LineParser,
    position: Mapping[str, Any] | None,
    wanted: dict[str, Any],
    packets: tuple[Path | None, str],
) -> Iterator[Parcel]:
    from whipple.errors import RangeError
    from whipple.telemetry.read_stream import paced, read_replay, read_stdin, read_tcp

    if source == "-":
        return read_stdin(parser)
    scheme, separator, rest = source.partition("://")
    if separator and scheme == "tcp":
        host, _, port = rest.rpartition(":")
        if not host or not port.isdigit():
            raise RangeError("watch", "source", repr(source), "tcp://HOST:PORT", "tcp://localhost:9000")
        return read_tcp(host, int(port), parser, give_up_s=wanted["give_up_s"])
    if separator and scheme == "yamcs":
        from whipple.telemetry.read_yamcs import read_yamcs_live

        return read_yamcs_live(rest, wanted["columns"], give_up_s=wanted["give_up_s"])
    if separator:
        raise RangeError("watch", "source", repr(source), "-, tcp://, yamcs://, a file or a folder")
    path, (xtce, packet_time) = Path(source), packets
    if path.suffix in _PACKETS or xtce is not None:
        from whipple.telemetry.read_packets import read_packet_parcels

        return paced(read_packet_parcels(path, xtce, packet_time, wanted["columns"], position), wanted["speed"])
    count = 20_000 if wanted["speed"] else 500_000
    return paced(
        read_replay(
            path, parser, position, time_column=wanted["time_column"], columns=wanted["columns"], sample_count=count
        ),
        wanted["speed"],
    )


def _teller(live: LiveWatch, source: str, json_lines: bool) -> tuple[Callable[[list[Event]], None], Callable[[], None]]:
    """Who is told of events, and what is done at the end: a screen on a terminal, JSON or lines else; bad input goes to stderr."""
    if sys.stdout.isatty() and not json_lines:
        return _screen(live, source)
    from whipple.commands.watch_view import clock_text, event_line

    for name in live_notes(live):
        typer.echo(name, err=True)

    def tell(events: list[Event]) -> None:
        for line in live.news():
            typer.echo(line, err=True)
        for event in events:
            sys.stdout.write((event.to_json() if json_lines else event_line(event)) + "\n")
        if events:
            sys.stdout.flush()

    def end() -> None:
        tell([])
        refused = sum(live.refused.values())
        typer.echo(f"{live.sample_count} samples up to {clock_text(live.now_s)}, {refused} refused", err=True)

    return tell, end


def live_notes(live: LiveWatch) -> list[str]:
    """What the limits ask for and cannot be judged."""
    from whipple.telemetry.limit_state import LimitState

    names = sorted(path.rsplit("/", 1)[-1] for path in live.book.parameters)
    return LimitState(names, live.book).not_evaluated


def _screen(live: LiveWatch, source: str) -> tuple[Callable[[list[Event]], None], Callable[[], None]]:
    import time

    from rich.console import Console
    from rich.live import Live

    from whipple.commands.watch_view import Screen

    console, screen = Console(), Screen(source)
    screen.heard([], live_notes(live))
    picture = Live(screen.draw(live, console.height), console=console, auto_refresh=False)
    picture.start()
    drawn = [0.0]

    def tell(events: list[Event]) -> None:
        screen.heard(events, live.news())
        if events or time.monotonic() - drawn[0] >= 0.2:
            drawn[0] = time.monotonic()
            picture.update(screen.draw(live, console.height), refresh=True)

    def end() -> None:
        screen.heard([], live.news())
        picture.update(screen.draw(live, console.height), refresh=True)
        picture.stop()

    return tell, end
