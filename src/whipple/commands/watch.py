"""`whipple watch`: limits and detector on a live stream, or on a record played again."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whipple.casefile.case import Case as ReadCase
    from whipple.telemetry.watch_plan import WatchPlan

__all__ = ["watch"]

_SOURCE = "- for stdin, tcp://HOST:PORT, yamcs://HOST:PORT/INSTANCE[/PROCESSOR], or a file or folder"
Sources = Annotated[list[str], typer.Argument(help=_SOURCE + "; several are merged by their own time")]
Channel = Annotated[list[str] | None, typer.Option("--channel", help="watch this channel; default all heard at first")]
Limits = Annotated[Path | None, typer.Option(help="an XTCE file with alarms")]
Limit = Annotated[list[str] | None, typer.Option("--limit", help="NAME=RED_LOW,YELLOW_LOW,YELLOW_HIGH,RED_HIGH")]
Persistence = Annotated[int, typer.Option(help="samples in a row that a --limit asks for")]
_STATE = "folder of checkpoint and events: killed and started again, it goes on from there"
State = Annotated[Path | None, typer.Option(help=_STATE)]
Fresh = Annotated[bool, typer.Option("--fresh", help="forget what is in --state")]
JsonLines = Annotated[bool, typer.Option("--json-lines", "--json", help="one JSON object an event on stdout")]
Speed = Annotated[float, typer.Option(min=0.0, help="of a record: seconds of data a second; 0 as fast as it can")]
Step = Annotated[str, typer.Option(help="step of detector and log in data time")]
Lateness = Annotated[str, typer.Option(help="how late a sample may come")]
Jump = Annotated[str, typer.Option(help="how far a time stamp may leap ahead unconfirmed")]
Discover = Annotated[str, typer.Option(help="data time in which the channels are learned")]
Stale = Annotated[str, typer.Option(help="a channel silent for so long is stale")]
Learn = Annotated[
    str,
    typer.Option(
        help="quiet data time that the detector learns on; default 1 h, 24 h with the loops of a case; "
        "below 12 h one false alarm in 30 days is not promised"
    ),
]
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
    source: Sources,
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
    learn: Learn = "",
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
      whipple watch yesterday.parquet tcp://station:9000 --learn "24 h" --state watch/     learn on a quiet record, then go live
      whipple watch pass.bin --xtce spacecraft.xml --packet-time SC_TIME

    Lines are InfluxDB's: p1,unit=bar value=2.98 1671065100000000000. A line in another unit than limits, case or earlier lines say does not
    count. Ends with 4 when nothing was heard.
    """
    _run(SimpleNamespace(**locals()))


def _run(asked: Any) -> None:
    """Everything that was asked for, from the source to the last checkpoint."""
    from whipple.casefile.units import parse_quantity
    from whipple.commands.typed_limits import read_limits
    from whipple.commands.watch_sources import Wanted, expected_units, samples_of
    from whipple.commands.watch_told import conclude, teller
    from whipple.telemetry.line_protocol import LineParser
    from whipple.telemetry.watch import LiveWatch
    from whipple.telemetry.watch_run import follow, resume
    from whipple.telemetry.write_watch import WatchFolder

    book, plan = read_limits(asked.limits or asked.xtce, asked.limit or [], asked.persistence), _plan(asked)
    live, units, name = LiveWatch(plan, book), expected_units(plan.known, book), " + ".join(asked.source)
    patience_s = parse_quantity(asked.give_up, "s", "watch --give-up") if asked.give_up else float("inf")
    every_s = parse_quantity(asked.checkpoint, "s", "watch --checkpoint")
    wanted = Wanted(
        plan.channels, units, asked.precision, asked.time_column, patience_s, asked.xtce, asked.packet_time, asked.speed
    )
    keep = WatchFolder(asked.state, asked.fresh, source=name) if asked.state is not None else None
    if keep is not None and keep.state is not None:
        typer.echo(f"going on from the checkpoint in {asked.state} (--fresh begins anew)", err=True)
    made = _simulated(asked.case, asked.source)
    if made:
        typer.echo(f"SIMULATED: {made}: what is told of it describes made data", err=True)
    tell, end = teller(
        live, name + " · SIMULATED" * bool(made), asked.json_lines, keep.event_file if keep is not None else None
    )
    try:
        position = resume(live, keep, LineParser("inbox", units=units), tell) if keep is not None else None
        follow(live, samples_of(asked.source, wanted, position), keep, tell, position=position, checkpoint_s=every_s)
    finally:
        end()
        if keep is not None:
            keep.close()
    conclude(live, asked.source, asked.give_up, resumed=keep is not None and keep.state is not None)


def _plan(asked: Any) -> WatchPlan:
    from whipple.casefile.units import parse_quantity
    from whipple.telemetry.watch_plan import WatchPlan

    known = _from_case(asked.case)

    def seconds(name: str, default: str = "") -> float:
        return parse_quantity(getattr(asked, name) or default, "s", f"watch --{name}")

    return WatchPlan(
        channels=tuple(asked.channel or ()),
        step_s=seconds("step"),
        lateness_s=seconds("lateness"),
        jump_s=seconds("jump"),
        discover_s=seconds("discover"),
        stale_s=seconds("stale"),
        detect=asked.detect,
        learn_s=seconds("learn", "24 h" if known.get("loops") else "1 h"),
        mtbf_days=asked.mtbf_days,
        **known,
    )


@cache
def _read(folder: Path) -> ReadCase:
    """The case of a folder, read once: for what it says of the channels, and for whether they are simulated."""
    from whipple.casefile.read_case import read_case

    return read_case(folder)


def _simulated(case: str, sources: Sequence[str]) -> str:
    """The source that the case, or the bundled case it lies in, marks as simulated; "" none."""
    from contextlib import suppress

    from whipple.commands.folders import case_folder
    from whipple.errors import InvestigationError

    for path in (Path(source).resolve() for source in sources if Path(source).is_file()):
        folder = case_folder(case) if case else path.parents[1]
        if (folder / "case.toml").is_file():
            with suppress(InvestigationError):  # a case that cannot be read is told of where it is asked for
                read = _read(folder)
                if any(one.simulated and read.path(one.file).resolve() == path for one in read.channels):
                    return path.name
    return ""


def _from_case(case: str) -> dict[str, Any]:
    """What a case says of channels (by column and by name) and loops."""
    if not case:
        return {}
    from whipple.commands.folders import case_folder
    from whipple.telemetry.revolution import revolution
    from whipple.telemetry.watch_plan import Known
    from whipple.telemetry.watched_record import loop_of_case, watched_channel

    read = _read(case_folder(case))
    known = {}
    for one in read.channels:
        for name in (one.name, one.column):
            known[name] = Known(*watched_channel(one.model_copy(update={"name": name})), one.unit)
    orbit_s, assumed = revolution(read)
    if assumed is not None:
        typer.echo(assumed.text, err=True)
    loops = tuple(loop_of_case(loop, orbit_s) for loop in read.loops)
    return {"known": tuple(known.values()), "loops": loops, "orbit_s": orbit_s}
