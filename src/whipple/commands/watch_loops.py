"""How each watched loop stands, in a word a controller reads across the room, and what is known of its leak."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from whipple.telemetry.sequential import Event

__all__ = ["LoopBoard", "LoopState", "short_clock", "span_text"]

_QUIET, _DOUBT, _LEAK, _NONE = "green", "yellow", "red", "bright_black"
#: What an event makes of its loop: the word, and its colour.
_WORDS = {
    "learned": ("QUIET", _QUIET),
    "no leak": ("QUIET AGAIN", _QUIET),
    "not watched": ("NOT WATCHED FOR LEAKS", _NONE),
    "leak suspected": ("LEAK SUSPECTED", _DOUBT),
    "other cause likelier": ("PRESSURE LOW, OTHER CAUSE LIKELIER", _DOUBT),
    "cause open": ("CAUSE OPEN: TAKE IT FOR A LEAK", _LEAK),
    "leak": ("LEAK", _LEAK),
    "leak update": ("LEAK", _LEAK),
    "rate change suspected": ("LEAK, ITS RATE MAY HAVE CHANGED", _LEAK),
    "rate changed": ("LEAK, ITS RATE HAS CHANGED", _LEAK),
    "no rate change": ("LEAK", _LEAK),
    "accumulator spent": ("LEAK, ACCUMULATOR SPENT", _LEAK),
}
#: These are said of the loop's thermometers; how the loop stands is another matter.
_OF_SENSORS = {"sensor fault": _DOUBT, "sensors differ": _DOUBT, "sensor back": _QUIET}
#: These are said of a leak, or of a change of its rate: they do not take the leak back.
_OF_A_LEAK = {"other cause likelier", "cause open"}
#: What is shown for quiet while no thermometer of the loop is believed: then only a fast fall is told from a liquid that strays.
_BLIND = ("NO THERMOMETER: SLOW LEAKS UNSEEN", _DOUBT)
#: A last thermometer that is lost for one of these reasons was wrong before: the watch of the loop begins anew, and what it suspected is dropped
#: without an event. "cause open" is kept: a fall so fast is taken for a leak until the watch says otherwise.
_FOLLOWED_WRONGLY = ("it stands still while the pressures move", "as the pressures do not show")
_DROPPED = ("leak suspected", "other cause likelier")
#: These say how fast it leaks now, which may be not at all.
_OF_ITS_RATE = {"leak update", "rate changed", "no rate change"}
#: These tell all numbers of a leak that can be told then.
_TELLS = {"leak", "leak update", "rate changed", "accumulator spent"}
#: What is shown of a leak: title, named number, how it is shown.
_SHOWN = (
    ("rate now", "rate_now", "percent_h"),
    ("perhaps now", "perhaps_to", "percent_h"),
    ("perhaps since", "perhaps_at", "s"),
    ("rate before", "from", "percent_h"),
    ("changed", "at", "s"),
    ("rate at first", "rate", "percent_h"),
    ("begun", "onset", "s"),
    ("gone", "gone", "percent"),
    ("half is gone", "half_gone", "s"),
    ("empty", "empty", "s"),
)
#: Clauses of a sentence whose numbers stand above it.
_IN_NUMBERS = ("of the inventory", "half is gone", "empty in")
_ENDS = ("_low", "", "_high")


def span_text(seconds: float) -> str:
    """A span for people.

    >>> span_text(42.0), span_text(5400.0), span_text(200000.0)
    ('42 s', '90 min', '56 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 36000 else f"{seconds / 3600:.0f} h"


def short_clock(t_s: float, now_s: float) -> str:
    """A moment beside another: the time of day, with the date where it is another day; seconds where the record is not dated.

    >>> short_clock(1671065100.0, 1671065200.0), short_clock(12.0, 20.0)
    ('00:45:00', '12 s')
    """
    if abs(t_s) < 1e8:
        return f"{t_s:.0f} s"
    at = datetime.fromtimestamp(t_s, UTC)
    same = math.isfinite(now_s) and at.date() == datetime.fromtimestamp(now_s, UTC).date()
    return f"{at:%H:%M:%S}" if same else f"{at:%d %b %H:%M:%S}"


@dataclass
class LoopState:
    """One loop: its word and colour, since when, the last sentence of the watch, the numbers known of the leak (and when the last of them were
    told), the last word on its thermometers (when, what, colour), and since when none of these is believed (NaN: one is)."""

    name: str
    word: str = "LEARNING"
    colour: str = "cyan"
    since_s: float = float("nan")
    text: str = ""
    said_s: float = float("nan")
    values: dict[str, float] = field(default_factory=dict)
    is_leak: bool = False
    leak_s: float = float("nan")
    told_s: float = float("nan")
    sensors: tuple[float, str, str] | None = None
    blind_s: float = float("nan")

    @property
    def shown(self) -> tuple[str, str, float]:
        """Word, colour, since when, as they are shown: quiet that rests on no thermometer is not shown as quiet."""
        if self.colour == _QUIET and math.isfinite(self.blind_s):
            return *_BLIND, self.blind_s
        return self.word, self.colour, self.since_s

    def hear(self, event: Event) -> None:
        """Take what the watch says of this loop."""
        if event.kind in _OF_SENSORS:
            self._hear_of_sensors(event)
            return
        word, colour = _WORDS[event.kind]
        if self.is_leak and event.kind in _OF_A_LEAK:
            word, colour = "LEAK, CHANGE OF ITS RATE OPEN", _LEAK
        if event.kind in ("leak", "no leak", "leak suspected"):
            self.values = {}
        self.is_leak = (self.is_leak and event.kind != "no leak") or event.kind == "leak"
        self._know(event)
        if event.kind in _OF_ITS_RATE and self.values.get("rate_now_low_percent_h") == 0:
            word, colour = "LEAK MAY HAVE STOPPED", _DOUBT
        if event.kind == "leak":
            self.leak_s = event.t_s
        if word != self.word:
            self.since_s = self.leak_s if word == "LEAK" else event.t_s
        self.word, self.colour, self.said_s = word, colour, event.t_s
        told = event.text.removeprefix(f"loop {self.name}").lstrip(": ").split("; ")
        known = "gone_percent" in event.values
        new = [part for part in told if not (known and any(shown in part for shown in _IN_NUMBERS))]
        self.text = "; ".join(new) or ("" if self.values else event.kind)

    def _hear_of_sensors(self, event: Event) -> None:
        """Take what is said of a thermometer; how the loop stands changes only where what was followed is found to be wrong."""
        words = event.text.removeprefix(f"loop {self.name}: ")
        self.sensors = event.t_s, words, _OF_SENSORS[event.kind]
        if event.values.get("believed_count") != 0:
            self.blind_s = float("nan")
            return
        self.blind_s = event.t_s if math.isnan(self.blind_s) else self.blind_s
        suspected = not self.is_leak and self.word in {_WORDS[kind][0] for kind in _DROPPED}
        if suspected and any(why in words for why in _FOLLOWED_WRONGLY):
            self.word, self.colour = _WORDS["no leak"]
            self.since_s = self.said_s = event.t_s
            self.values = {}
            self.text = "what was suspected rested on thermometers that are not believed; the loop is watched anew"

    def _know(self, event: Event) -> None:
        """Take the numbers of an event; those of a change that is only suspected stand apart until it is settled."""
        kept = {name: x for name, x in self.values.items() if not name.startswith("perhaps")}
        if event.kind in _TELLS:
            self.told_s = event.t_s
        if event.kind == "rate change suspected":
            self.values = kept | {f"perhaps_{name}": x for name, x in event.values.items()}
        elif event.kind == "accumulator spent":  # no change of the leak, whose rate the pressure no longer shows
            told = {name: x for name, x in event.values.items() if name != "at_s"}
            self.values = {name: x for name, x in kept.items() if not name.startswith("rate_now")} | told
        else:
            self.values = kept | event.values | ({} if event.kind == "leak" else _first(kept))
        if event.kind == "rate changed":
            self.values |= {f"rate_now{end}_percent_h": self.values.get(f"to{end}_percent_h", 0.0) for end in _ENDS}


def _first(values: Mapping[str, float]) -> dict[str, float]:
    """Onset and first rate as they were told with "leak": later ones rest on hours of decay under one law of the gas."""
    return {
        name: x for name, x in values.items() if name.startswith(("onset", "rate_low", "rate_high", "rate_percent"))
    }


@dataclass
class LoopBoard:
    """Every loop, and the last word on data paths."""

    loops: dict[str, LoopState] = field(default_factory=dict)
    path: str = ""

    def hear(self, event: Event) -> None:
        """Take an event; others than those of loops and data paths are nothing to it."""
        if event.kind == "common data path":
            self.path = event.text
        elif (event.kind in _WORDS or event.kind in _OF_SENSORS) and event.about:
            self.loops.setdefault(event.about, LoopState(event.about)).hear(event)

    def draw(self, now_s: float, learning: Mapping[str, float]) -> list[RenderableType]:
        """A box a loop; `learning` says how much of the quiet stretch is over, by loop, in shares."""
        from rich.console import Group
        from rich.panel import Panel
        from rich.text import Text

        out: list[Any] = []
        for name in dict.fromkeys((*learning, *self.loops)):
            state = self.loops.get(name, LoopState(name))
            word, colour, since_s = state.shown
            ink = "white" if colour == _LEAK else "black"
            title = Text.assemble((f" {word} ", f"bold {ink} on {colour}"), (f"  loop {name}", "bold"))
            if math.isfinite(since_s):
                title.append(f"  since {short_clock(since_s, now_s)}")
            if math.isfinite(now_s - since_s):
                title.append(f" ({span_text(max(now_s - since_s, 0.0))})")
            known = _numbers(state, now_s)
            said = f"{short_clock(state.said_s, now_s)}: {state.text}" if state.text else ""
            if name not in self.loops:
                said = f"learning the quiet loop: {100 * learning.get(name, 0.0):.0f} % of the stretch heard"
            body = [known] if known else []
            if state.sensors is not None:
                at_s, words, ink = state.sensors
                body.append(Text(f"{short_clock(at_s, now_s)}: {words}", style=ink, overflow="fold"))
            if said:
                body.append(Text(said, style="dim" if known else "", overflow="fold"))
            told = (
                f"[dim]as told at {short_clock(state.told_s, now_s)}; in brackets 90 % intervals[/]" if known else None
            )
            out.append(
                Panel(Group(title, *body), border_style=colour, padding=(0, 1), subtitle=told, subtitle_align="right")
            )
        if self.path:
            out.append(Text(f"data path: {self.path}", style="cyan"))
        return out


def _digits(x: float) -> str:
    """Three significant digits, zeros too.

    >>> _digits(1.0), _digits(3.7), _digits(100.0), _digits(0.0)
    ('1.00', '3.70', '100', '0')
    """
    return f"{x:#.3g}".rstrip(".") if x else "0"


def _numbers(state: LoopState, now_s: float) -> Any:
    """What is known of the leak, each with its 90 % interval: as many in a row as the terminal has room for."""
    from rich.columns import Columns
    from rich.text import Text

    cells = []
    for title, name, unit in _SHOWN:
        three = [state.values.get(f"{name}{end}_{unit}") for end in _ENDS]
        if any(x is None for x in three):
            continue
        low, middle, high = (float(x) for x in three if x is not None)
        if unit == "s":
            shown = f"{short_clock(middle, now_s)} ({short_clock(low, now_s)} to {short_clock(high, now_s)})"
            shown += f", in {span_text(middle - now_s)}" if math.isfinite(now_s) and middle > now_s else ""
            title = title.replace("is gone", "was gone") if middle < now_s else title
        else:
            mark = " %/h" if unit == "percent_h" else " %"
            shown = f"{_digits(middle)}{mark} ({_digits(low)} to {_digits(high)})"
        if title == "rate now" and "perhaps_to_percent_h" in state.values:
            title = "rate so far"
        cells.append(Text.assemble((f"{title:<14}", "dim"), (shown, "bold"), no_wrap=True, overflow="ellipsis"))
    return Columns(cells, equal=True, padding=(0, 3)) if cells else None
