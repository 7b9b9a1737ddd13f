"""Who hears what `whipple watch` finds: a screen on a terminal, JSON or lines elsewhere; bad input goes to stderr."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whipple.telemetry.sequential import Event
    from whipple.telemetry.watch import LiveWatch

__all__ = ["conclude", "live_notes", "logged", "teller"]


def teller(
    live: LiveWatch, source: str, json_lines: bool, log: Path | None = None
) -> tuple[Callable[[list[Event]], None], Callable[[], None]]:
    """Who is told of events, and what is done at the end: a screen on a terminal, JSON or lines else; bad input goes to stderr.

    `log` are the events of an earlier run: the screen shows how the loops stood.
    """
    if sys.stdout.isatty() and not json_lines:
        return _screen(live, source, logged(log))
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


def conclude(live: LiveWatch, sources: Sequence[str], give_up: str, *, resumed: bool) -> None:
    """The watch is over: EvidenceError when there was nothing to watch (silence must not look like quiet telemetry), else whether it gave up."""
    import numpy as np

    from whipple.errors import EvidenceError

    glance, asked = live.glance(), live.plan.channels
    where, waits = " + ".join(sources), any("://" in one for one in sources)
    if resumed or (live.sample_count and (not asked or glance is None or np.isfinite(glance.t_s).any())):
        if live.plan.detect and live.learned_frac < 1:
            heard, wanted = live.learned_frac * live.plan.learn_s / 3600, live.plan.learn_s / 3600
            said = f"the detector was still learning, {heard:.3g} of {wanted:.3g} h heard: it has judged nothing"
            typer.echo(f"{said}; give it more data, or a shorter --learn", err=True)
        if waits and give_up:
            typer.echo(f"gave up: nothing came for {give_up}", err=True)
        return
    if live.sample_count:
        missing, remedy = f"sample of {', '.join(asked)}", "run it once without --channel to see the names that come"
    elif waits:
        missing, remedy = (
            f"sample in {give_up}",
            "the address, and whether the server sends; a longer --give-up waits on",
        )
    else:
        missing, remedy = (
            "sample that can be read",
            "lines such as: p1,unit=bar value=2.98 1671065100000000000; or another record",
        )
    raise EvidenceError(f"watch {where}", missing, remedy)


def live_notes(live: LiveWatch) -> list[str]:
    """What the limits ask for and cannot be judged."""
    from whipple.telemetry.limit_state import LimitState

    names = sorted(path.rsplit("/", 1)[-1] for path in live.book.parameters)
    return LimitState(names, live.book).not_evaluated


def logged(log: Path | None) -> list[Event]:
    """The events of an earlier run, oldest first."""
    from whipple.telemetry.sequential import Event

    if log is None or not log.is_file():
        return []
    with log.open() as file:
        return [Event(**json.loads(line)) for line in file if line.endswith("\n")]


def _screen(
    live: LiveWatch, source: str, earlier: list[Event]
) -> tuple[Callable[[list[Event]], None], Callable[[], None]]:
    import time

    from rich.console import Console
    from rich.live import Live

    from whipple.commands.watch_view import Screen

    console, screen = Console(), Screen(source)
    screen.heard(earlier, live_notes(live))
    picture = Live(screen.draw(live, console.height, console.width), console=console, auto_refresh=False)
    picture.start()
    drawn = [0.0]

    def tell(events: list[Event]) -> None:
        screen.heard(events, live.news())
        if events or time.monotonic() - drawn[0] >= 0.2:
            drawn[0] = time.monotonic()
            picture.update(screen.draw(live, console.height, console.width), refresh=True)

    def end() -> None:
        screen.heard([], live.news())
        picture.update(screen.draw(live, console.height, console.width), refresh=True)
        picture.stop()

    return tell, end
