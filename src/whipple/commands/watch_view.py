"""What `whipple watch` shows on a terminal: loops, the worst channels first, the last events, what was wrong with the input."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

from whipple.commands.watch_loops import LoopBoard, short_clock, span_text
from whipple.errors import RangeError
from whipple.physics.dates import DATED_S, UNIX_ZERO, flown_at

if TYPE_CHECKING:
    from rich.console import RenderableType

    from whipple.telemetry.sequential import Event
    from whipple.telemetry.watch import LiveWatch

__all__ = ["Screen", "clock_text", "event_line"]

_COLOURS = ("green", "cyan", "yellow", "dark_orange", "red", "bold magenta")
_LEVELS = ("normal", "watch", "warning", "distress", "critical", "severe")
_EVENTS, _NEWS = 8, 4
#: As wide as the longest kind of event.
_KIND_WIDTH = 21
#: A source that gives nothing for so long (wall time) is marked.
_SLOW_S, _DEAD_S = 10.0, 60.0
_KIND_STYLES = {
    ("leak", "rate changed", "accumulator spent", "cause open"): "bold red",
    ("leak update", "rate change suspected"): "red",
    (
        "alarm",
        "leak suspected",
        "common data path",
        "other cause likelier",
        "sensor fault",
        "sensors differ",
        "stale",
        "unknown",
    ): "yellow",
    ("learned", "no leak", "no rate change", "sensor back", "fresh", "cleared"): "green",
}


def clock_text(t_s: float) -> str:
    """A time stamp for people: a date in UTC, or seconds when the record is not dated. RangeError for a date that cannot be: not seconds.

    >>> clock_text(0.0), clock_text(1671065100.25)
    ('0.000 s', '2022-12-15T00:45:00.250Z')
    """
    if not math.isfinite(t_s):
        return "-"
    if abs(t_s) < DATED_S:
        return f"{t_s:.3f} s"
    if flown_at(UNIX_ZERO, t_s) is None:
        remedy = "write dates or seconds into the time column; are these milliseconds?"
        raise RangeError("telemetry", "time", f"{t_s:.10g} s after 1970", "a time in the years 1957 to 2100", remedy)
    return datetime.fromtimestamp(t_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_line(event: Event) -> str:
    """One event as a line of text."""
    return f"{event.number:>6}  {clock_text(event.t_s)}  {event.kind:<{_KIND_WIDTH}} {event.text}"


@dataclass
class Screen:
    """The state of the screen: where samples come from, how the loops stand, the last events and news, and what the detector said of the
    channels that are not as they were learned (when; higher, lower, or steady at a new level)."""

    source: str
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=_EVENTS))
    news: deque[str] = field(default_factory=lambda: deque(maxlen=_NEWS))
    event_count: int = 0
    board: LoopBoard = field(default_factory=LoopBoard)
    alarms: dict[str, tuple[float, str]] = field(default_factory=dict)
    _heard: tuple[int, float] = (0, 0.0)

    def heard(self, events: Sequence[Event], news: Sequence[str]) -> None:
        """Take what is new."""
        self.events.extend(events)
        self.event_count += len(events)
        self.news.extend(news)
        for event in events:
            self.board.hear(event)
            if event.kind == "alarm":
                self.alarms[event.about] = event.t_s, "higher" if f"{event.about} is higher" in event.text else "lower"
            elif event.kind == "cleared" and event.text.endswith(" is back"):
                self.alarms.pop(event.about, None)
            elif event.kind == "cleared":
                self.alarms[event.about] = event.t_s, "new level"

    def draw(self, watch: LiveWatch, rows: int, width: int = 100) -> RenderableType:
        """The picture, at most `rows` lines high where they suffice: loops first, then channels, events and what was wrong with the input."""
        from rich.console import Console, Group
        from rich.rule import Rule
        from rich.text import Text

        loops = self.board.draw(watch.now_s, dict.fromkeys((loop.name for loop in watch.loops), watch.learned_frac))
        news = [Text(line, style="yellow", overflow="fold") for line in self.news]
        input_: list[Any] = [Rule(Text("input"), align="left", style="bright_black"), *news] if news else []
        fixed = len(Console(width=width, file=StringIO()).render_lines(Group(*loops, *input_))) if loops or news else 0
        spare = rows - fixed - 6  # two lines of head, the titles of channels and events, "and more", one for the prompt
        shown = list(self.events)[-max(3, min(_EVENTS, spare - 3)) :]
        parts: list[Any] = [*self._head(watch, width), *loops, self._channels(watch, max(3, spare - len(shown)))]
        parts.append(Rule(Text(f"events ({self.event_count})"), align="left", style="bright_black"))
        parts += _event_lines(shown, watch.now_s, len(self.board.loops) < 2)
        return Group(*parts, *input_)

    def _head(self, watch: LiveWatch, width: int) -> list[Any]:
        from rich.text import Text

        now = time.monotonic()
        if watch.sample_count != self._heard[0] or not self._heard[1]:
            self._heard = watch.sample_count, now
        silent = now - self._heard[1]
        style = "bold white on red" if silent > _DEAD_S else "yellow" if silent > _SLOW_S else "green"
        refused = sum(watch.refused.values())
        first = Text.assemble(
            ("whipple watch", "bold"), "  data time ", (clock_text(watch.now_s), "bold"), "  ",
            (f"last sample {silent:.0f} s ago", style),
        )  # fmt: skip
        heard = f"{watch.sample_count:,}".replace(",", " ") + f" samples, {watch.held_count} held back for latecomers, "
        count = Text.assemble((heard, "dim"), (f"{refused} refused", "yellow" if refused else "dim"), "  ")
        room = max(width - len(count), 12)  # of a long path the end is kept: it names the record
        source = self.source if len(self.source) <= room else f"…{self.source[1 - room :]}"
        count.append(source, "bold")
        for line in (first, count):
            line.no_wrap, line.overflow = True, "ellipsis"
        return [first, count]

    def _channels(self, watch: LiveWatch, rows: int) -> RenderableType:
        from rich.table import Table
        from rich.text import Text

        glance = watch.glance()
        if glance is None:
            return Text(f"listening for {watch.plan.discover_s:g} s of data to learn the channels", style="dim")
        names, changed, silent = glance.names, glance.changed, glance.silent
        judged, units = (
            watch.plan.detect and watch.learned_frac >= 1,
            {k.channel.name: k.unit for k in watch.plan.known},
        )
        order = sorted(
            range(len(names)), key=lambda i: (-int(glance.level[i]), names[i] not in changed, not silent[i], names[i])
        )
        table = Table(box=None, pad_edge=False, expand=False, header_style="bright_black")
        for title in ("channel", "value", "unit", "limits", "detector", "age"):
            table.add_column(title, justify="right" if title in {"value", "age"} else "left", no_wrap=True)
        for i in order[:rows]:
            limits = watch.book.of(names[i])
            shown = glance.word.get(i, "" if math.isnan(glance.value[i]) else f"{glance.value[i]:.6g}")
            age = watch.now_s - glance.t_s[i]
            word, colour = _LEVELS[glance.level[i]], _COLOURS[glance.level[i]]
            word, colour = (
                ("STALE", "bold yellow")
                if silent[i]
                else (word, colour)
                if limits is not None
                else ("no limits", "bright_black")
            )
            seen = (
                self._alarm_text(names[i], watch.now_s)
                if names[i] in changed or names[i] in self.alarms
                else Text("as learned" if judged else "", style="bright_black")
            )
            aged = "" if math.isnan(age) else f"{age:.1f} s"
            table.add_row(
                names[i],
                Text(shown, style="bright_black" if silent[i] else ""),
                (limits.unit if limits else "") or units.get(names[i], ""),
                Text(word, style=colour),
                seen,
                aged,
            )
        if len(order) > rows:
            table.add_row(f"... and {len(order) - rows} more", "", "", "", "", "")
        return table

    def _alarm_text(self, name: str, now_s: float) -> Any:
        """What the detector said of a channel, and how long ago: it stays until the detector says that the channel is back."""
        from rich.text import Text

        at_s, side = self.alarms.get(name, (math.nan, "changed"))
        ago = f" {span_text(max(now_s - at_s, 0.0))} ago" if math.isfinite(now_s - at_s) else ""
        return Text(side + ago, style="yellow")


def _event_lines(events: Sequence[Event], now_s: float, is_alone: bool) -> list[Any]:
    """Events in a line each, their kinds in colour; the log has the whole sentence. A loop that `is_alone` need not be named in each."""
    from rich.text import Text

    clocks, out = [short_clock(event.t_s, now_s) for event in events], []
    for event, clock in zip(events, clocks, strict=True):
        style = next((colour for words, colour in _KIND_STYLES.items() if event.kind in words), "")
        if event.kind == "limit":
            style = _COLOURS[int(event.values["level"])]
        text = event.text.removeprefix(f"loop {event.about}").lstrip(": ") if is_alone and event.about else event.text
        line = Text.assemble(
            (f"{event.number:>5}  {clock:>{max(map(len, clocks))}}  ", "bright_black"),
            (f"{event.kind:<{_KIND_WIDTH}} ", style),
            text,
        )
        line.no_wrap, line.overflow = True, "ellipsis"
        out.append(line)
    return out
