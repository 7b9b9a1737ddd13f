"""`whipple telemetry state`: when was a system disturbed, by channels that set their own limits while it is quiet?"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from whipple.telemetry.level_change import LevelChange
    from whipple.telemetry.state_watch import StateLog, WatchedChannel

__all__ = ["state"]


def state(
    file: Annotated[Path, typer.Argument(help="CSV with a header line, Parquet, HDF5 or netCDF")],
    channel: Annotated[
        list[str], typer.Option(help="COLUMN, COLUMN:low, COLUMN:high or COLUMN:low:1% (concern, smallest change)")
    ],
    quiet: Annotated[
        int, typer.Option(help="how many rows at the start are quiet and set the limits (80 or more)")
    ] = 400,
    time_column: Annotated[str, typer.Option(help="ISO 8601 UTC, or numbers in --time-unit")] = "time",
    time_unit: Annotated[str, typer.Option(help="ns, us, ms, s, min, h or day: of times that are no dates")] = "s",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """When was the system disturbed, and which change was announced when? Each row is judged with what came before it only.

    For slow leaks of a loop use `whipple watch` or `detect`: a disturbance that shrinks below 30 % counts as over here.

    \b
    Example:
      whipple telemetry state pump.csv --channel flow:low:1% --channel vibration:high:25% --quiet 400
    """
    import numpy as np

    from whipple.commands.timed_table import read_timed
    from whipple.errors import EvidenceError
    from whipple.telemetry.level_change import announce_changes
    from whipple.telemetry.state_watch import watch_state

    watched = [_watched(text) for text in channel]
    record = read_timed(file, time_column, [one.name for one in watched], None, time_unit)
    epoch, found = record.zero, record.channels
    t_s = found[0].t_s
    if torn := [one.name for one in found if not np.array_equal(one.t_s, t_s)]:
        raise EvidenceError(
            "is the system disturbed", f"number in some rows of {torn[0]}", "leave those rows out, or that channel"
        )
    value = np.column_stack([one.value for one in found])
    log = watch_state(t_s, value, watched, quiet)
    told = announce_changes(t_s, value, watched, quiet)
    spells, changes = _plain(log, told, watched, quiet, epoch)
    if as_json:
        typer.echo(json.dumps({"disturbed": spells, "changes": changes}, sort_keys=True))
        return
    typer.echo(f"disturbed spells after {quiet} quiet rows: {len(spells)}" if spells else "never disturbed")
    for spell in spells:
        typer.echo(f"  {spell['from']} to {spell['to'] or 'the end of the record'}: {', '.join(spell['channels'])}")
    for change in changes:
        typer.echo(f"  change {change['at']}: {change['channel']} by {change['size']:+.3g} so far")


def _plain(
    log: StateLog, told: tuple[LevelChange, ...], watched: list[WatchedChannel], quiet: int, epoch: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Disturbed spells after the quiet rows, and what was announced, with times as text."""
    import numpy as np

    def stamp(t_s: float) -> str:
        return (epoch + timedelta(seconds=t_s)).isoformat()

    flags = np.concatenate([[0], log.disturbed[quiet:].astype(int), [0]])
    edges = np.flatnonzero(np.diff(flags)).reshape(-1, 2) + quiet
    spells = [
        {
            "from": stamp(log.t_s[first]), "to": stamp(log.t_s[last]) if last < log.t_s.size else None,
            "channels": [one.name for c, one in enumerate(watched) if log.by_channel[first:last, c].any()],
        }
        for first, last in edges.tolist()
    ]  # fmt: skip
    return spells, [{"at": stamp(one.t_s), "channel": one.channel, "size": one.size_ratio} for one in told]


def _watched(text: str) -> WatchedChannel:
    """A channel from COLUMN, COLUMN:concern or COLUMN:concern:share."""
    from whipple.errors import RangeError
    from whipple.telemetry.state_watch import WatchedChannel

    name, _, rest = text.partition(":")
    concern, _, share = rest.partition(":")
    try:
        least = float(share.rstrip("% ")) / (100 if share.strip().endswith("%") else 1) if share else 0.0
    except ValueError:
        raise RangeError(
            "--channel", "smallest change", repr(share), "a share such as 1% or 0.01", "write flow:low:1%"
        ) from None
    return WatchedChannel(name, concern or "either", least)
