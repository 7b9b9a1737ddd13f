"""Follow a source to its end: keep, judge, log, tell, checkpoint, in an order that survives a kill at any point."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from whipple.telemetry.clock import Parcel
from whipple.telemetry.line_protocol import LineParser
from whipple.telemetry.sequential import Event
from whipple.telemetry.watch import LiveWatch
from whipple.telemetry.write_watch import WatchFolder

__all__ = ["follow", "resume"]


def resume(
    watch: LiveWatch, folder: WatchFolder, parser: LineParser, tell: Callable[[list[Event]], None]
) -> Mapping[str, Any] | None:
    """Bring a watch back to where it was: the checkpoint, then what had come in since. The position where the source goes on."""
    if folder.state is not None:
        number = folder.state["watch"]["number"]
        watch.restore(folder.state["watch"], is_clean=folder.next_number == number and not folder.has_received)
    for raw in folder.received():
        parcel = parser.parse(raw)
        folder.reject(parcel.rejected)
        tell(folder.log(watch.put(parcel)))
    return None if folder.state is None else folder.state["position"]


def follow(
    watch: LiveWatch,
    parcels: Iterable[Parcel],
    folder: WatchFolder | None,
    tell: Callable[[list[Event]], None],
    *,
    position: Mapping[str, Any] | None = None,
    checkpoint_s: float = 30.0,
    wall: Callable[[], float] = time.monotonic,
) -> None:
    """Put every parcel of the source into the watch; `tell` hears of new events after each, also when there are none.

    A parcel that carries the lines it came from is of a source that cannot go back: these are kept before it is used; events are logged
    before they are told; a checkpoint comes after both. The end of the source ends the record. `position` is where the source begins.
    """
    due = wall() + checkpoint_s
    whole = True  # a checkpoint is of a whole parcel; else the one before and what came in since say the same
    try:
        for parcel in parcels:
            whole = False
            if folder is not None:
                folder.receive(parcel.raw)
                folder.reject(parcel.rejected)
            events = watch.put(parcel)
            tell(events if folder is None else folder.log(events))
            position, whole = parcel.position, True
            if folder is not None and wall() >= due:
                folder.save(watch.to_plain(), position)
                due = wall() + checkpoint_s
        whole = False
        events = watch.finish()
        tell(events if folder is None else folder.log(events))
        whole = True
    finally:
        if folder is not None and whole:
            folder.save(watch.to_plain(), position)
