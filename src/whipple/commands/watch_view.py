"""What `whipple watch` shows on a terminal: the worst channels first, the last events, what was wrong with the input."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from whipple.telemetry.sequential import Event
    from whipple.telemetry.watch import LiveWatch

__all__ = ["Screen", "clock_text", "event_line"]

_COLOURS = ("green", "cyan", "yellow", "dark_orange", "red", "bold magenta")
_LEVELS = ("normal", "watch", "warning", "distress", "critical", "severe")
_EVENTS, _NEWS = 8, 4
#: Before this a time stamp is a count of seconds, not a date.
_DATED_S = 1e8


def clock_text(t_s: float) -> str:
    """A time stamp for people: a date in UTC, or seconds when the record is not dated.

    >>> clock_text(0.0), clock_text(1671065100.25)
    ('0.000 s', '2022-12-15T00:45:00.250Z')
    """
    if not math.isfinite(t_s):
        return "-"
    if abs(t_s) < _DATED_S:
        return f"{t_s:.3f} s"
    return datetime.fromtimestamp(t_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_line(event: Event) -> str:
    """One event as a line of text."""
    return f"{event.number:>6}  {clock_text(event.t_s)}  {event.kind:<8} {event.text}"


@dataclass
class Screen:
    """The state of the screen: where samples come from, the last events and news."""

    source: str
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=_EVENTS))
    news: deque[str] = field(default_factory=lambda: deque(maxlen=_NEWS))
    event_count: int = 0
    _heard: tuple[int, float] = (0, 0.0)

    def heard(self, events: Sequence[Event], news: Sequence[str]) -> None:
        """Take what is new."""
        self.events.extend(events)
        self.event_count += len(events)
        self.news.extend(news)

    def draw(self, watch: LiveWatch, rows: int) -> RenderableType:
        """The picture, `rows` lines high at most."""
        from rich.console import Group
        from rich.text import Text

        now = time.monotonic()
        if watch.sample_count != self._heard[0] or not self._heard[1]:
            self._heard = watch.sample_count, now
        quiet = f"last sample {now - self._heard[1]:.0f} s ago"
        held = f"{watch.held_count} held back for latecomers"
        refused = sum(watch.refused.values())
        head = f"{self.source}   data time {clock_text(watch.now_s)}   {quiet}"
        count = f"{watch.sample_count} samples, {held}, {refused} refused"
        parts: list[Any] = [Text(head, style="bold", overflow="ellipsis", no_wrap=True), Text(count, style="dim")]
        parts.append(self._channels(watch, max(3, rows - _EVENTS - _NEWS - 7)))
        parts.append(Text(f"events ({self.event_count})", style="bold"))
        parts += [Text(event_line(event), overflow="ellipsis", no_wrap=True) for event in self.events]
        parts += [Text(line, style="yellow", overflow="fold") for line in self.news]
        return Group(*parts)

    def _channels(self, watch: LiveWatch, rows: int) -> RenderableType:
        from rich.table import Table
        from rich.text import Text

        glance = watch.glance()
        if glance is None:
            return Text(f"listening for {watch.plan.discover_s:g} s of data to learn the channels", style="dim")
        names, changed, silent = glance.names, glance.changed, glance.silent
        order = sorted(
            range(len(names)), key=lambda i: (-int(glance.level[i]), names[i] not in changed, not silent[i], names[i])
        )
        table = Table(box=None, pad_edge=False, expand=False)
        for title in ("channel", "value", "unit", "limits", "detector", "age"):
            table.add_column(title, justify="right" if title in {"value", "age"} else "left", no_wrap=True)
        for i in order[:rows]:
            limits = watch.book.of(names[i])
            shown = glance.word.get(i, "" if math.isnan(glance.value[i]) else f"{glance.value[i]:.6g}")
            age = watch.now_s - glance.t_s[i]
            word, colour = _LEVELS[glance.level[i]], _COLOURS[glance.level[i]]
            word, colour = ("stale", "dim") if silent[i] else (word, colour) if limits is not None else ("-", "dim")
            detector = Text("changed", style="red") if names[i] in changed else Text("")
            aged = "" if math.isnan(age) else f"{age:.1f} s"
            table.add_row(names[i], shown, limits.unit if limits else "", Text(word, style=colour), detector, aged)
        if len(order) > rows:
            table.add_row(f"... and {len(order) - rows} more", "", "", "", "", "")
        return table
