"""When each rule spoke, as marks on the pressure: the sum over the sensors, and the live watch with its suspicions, verdicts and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from whipple.casefile.findings.onset import ChannelVerdict, Onset
from whipple.report.ink import light

__all__ = ["Mark", "draw_marks", "key_columns", "key_of", "marks_of", "marks_told"]

#: Moments that a row of the key names, and how wide a sign and the mark before the words are in the type of the key, inches.
_TIMES, _SIGN_IN, _HANDLE_IN = 3, 0.06, 0.5

#: Kind of event -> shape and colour of its mark; kinds that are not here (learning, updates of a known leak) get none.
_LOOKS = {
    "alarm": ("^", "orange"),
    "leak suspected": ("v", "olive"),
    "leak": ("o", "red"),
    "other cause likelier": ("X", "teal"),
    "cause open": ("P", "rose"),
    "no leak": ("s", "green"),
    "rate change suspected": ("<", "olive"),
    "no rate change": ("s", "green"),
    "rate changed": ("D", "purple"),
    "accumulator spent": ("s", "rose"),
    "common data path": ("X", "blue"),
    "sensor fault": ("P", "orange"),
    "sensor back": ("P", "green"),
    "sensors differ": ("P", "purple"),
}
_WORDS = {
    "alarm": "alarm of the sum",
    "no leak": "the fall is over",
    "no rate change": "rate as before",
    "sensor fault": "thermometer not believed",
    "sensor back": "thermometer believed again",
    "sensors differ": "thermometers differ",
}


@dataclass(frozen=True)
class Mark:
    """Something said at `t_s` after the epoch: `kind`, and the loop where there are several."""

    t_s: float
    kind: str
    loop: str = ""

    @property
    def words(self) -> str:
        """What it is called in the key."""
        return _WORDS.get(self.kind, self.kind) + (f", {self.loop}" if self.loop else "")


def marks_of(onset: Onset) -> tuple[Mark, ...]:
    """The alarm of the sum over the sensors and what the watch said, in order of time.

    >>> from whipple.casefile.findings.onset import WatchEvent
    >>> said = tuple(WatchEvent(t, kind, "external", "") for t, kind in ((60.0, "leak suspected"), (400.0, "leak"), (700.0, "leak update")))
    >>> [mark.words for mark in marks_of(Onset(None, 30.0, (), (), {}, None, (), (), False, "", (), watch=said))]
    ['alarm of the sum', 'leak suspected', 'leak']
    """
    several = len({event.about for event in onset.watch}) > 1
    said = [Mark(e.t_s, e.kind, e.about if several else "") for e in onset.watch if e.kind in _LOOKS]
    heard = [Mark(onset.alarm_s, "alarm")] if onset.alarm_s is not None else []
    return tuple(sorted((*heard, *said), key=lambda mark: mark.t_s))


def draw_marks(axes: Axes, marks: Sequence[Mark], channel: ChannelVerdict) -> None:
    """Each mark on the line of `channel`, where it was when it was said (x in hours after the epoch)."""
    for mark in marks:
        shape, hue = _LOOKS[mark.kind]
        at = min(int(np.searchsorted(channel.t_s, mark.t_s)), len(channel.t_s) - 1)
        axes.plot(mark.t_s / 3600, channel.value[at], **_look(shape, hue))


def key_of(marks: Sequence[Mark], epoch: datetime) -> list[Line2D]:
    """One row of the key for each thing said, with the times of day at which it was."""
    return [
        Line2D([], [], label=label, **_look(*_LOOKS[same[0].kind]))
        for label, same in zip(_said(marks, epoch), _by_words(marks).values(), strict=True)
    ]


def key_columns(key: Sequence[Line2D], wide_in: float) -> int:
    """How many columns of the key, three at most, fit into a drawing that is `wide_in` inches wide.

    >>> [key_columns([Line2D([], [], label="x" * n)] * 3, 7.4) for n in (20, 40, 90)]
    [3, 2, 1]
    """
    lengths = [len(str(line.get_label())) for line in key]
    for count in (3, 2):
        rows = -(-len(lengths) // count)
        wide = [max(lengths[low : low + rows]) for low in range(0, len(lengths), rows)]
        if _SIGN_IN * sum(wide) + _HANDLE_IN * len(wide) < wide_in:
            return count
    return 1


def marks_told(marks: Sequence[Mark], epoch: datetime) -> str:
    """The marks in words, for a reader who does not see them."""
    return f" Marked on the first channel, UTC: {'; '.join(_said(marks, epoch))}." if marks else ""


def _by_words(marks: Sequence[Mark]) -> dict[str, list[Mark]]:
    rows: dict[str, list[Mark]] = {}
    for mark in marks:
        rows.setdefault(mark.words, []).append(mark)
    return rows


def _said(marks: Sequence[Mark], epoch: datetime) -> list[str]:
    """What was said, and at which moments: each once, the first few where there are many (the table below the figure has them all)."""
    out = []
    for words, same in _by_words(marks).items():
        moments = list(dict.fromkeys(epoch + timedelta(seconds=round(mark.t_s)) for mark in same))
        dates = [epoch.date(), *(moment.date() for moment in moments)]
        clocks = [
            f"{moment:%H:%M:%S}" if moment.date() == before else f"{moment:%d %b %H:%M:%S}"
            for moment, before in zip(moments, dates, strict=False)
        ]
        more = f" and {len(clocks) - _TIMES} more" if len(clocks) > _TIMES else ""
        out.append(f"{words} {', '.join(clocks[:_TIMES])}{more}")
    return out


def _look(shape: str, hue: str) -> dict[str, Any]:
    return {
        "marker": shape, "color": light(hue), "linestyle": "none", "markersize": 6.5,
        "markeredgecolor": light("paper"), "markeredgewidth": 0.8, "zorder": 5,
    }  # fmt: skip
