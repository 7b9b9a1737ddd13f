"""The channels that moved around the onset, and every channel's change beside the smallest that would have been seen."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from matplotlib.axes import Axes

from whipple.casefile.findings.onset import ChannelVerdict, Onset
from whipple.report.figures.onset_marks import draw_marks, key_columns, key_of, marks_of, marks_told
from whipple.report.formats import number, shown
from whipple.report.ink import HUES, canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_channels", "draw_onset"]

_WIDE_IN = 7.4
#: Hours on each side of the onset in the close panel.
_CLOSE_H = 3.0
#: What a figure of channels in these units shows.
_QUANTITIES = {
    "Pressures": ("Pa", "hPa", "kPa", "MPa", "bar", "mbar", "mmHg", "torr", "psi", "psia", "atm"),
    "Temperatures": ("K", "degC", "degF"),
}
_MARKS = {"changed": ("o", "red"), "unchanged": ("s", "blue"), "too coarse to say": ("x", "muted")}


def _leading(onset: Onset) -> list[ChannelVerdict]:
    """The changed channels that share the unit of the first, at most six."""
    changed = [c for c in onset.channels if c.verdict == "changed" and len(c.t_s)] or [
        c for c in onset.channels if len(c.t_s)
    ]
    return [c for c in changed if c.unit == changed[0].unit][:6] if changed else []


def draw_onset(onset: Onset, epoch: datetime) -> Figure | None:
    """The channels that moved (whole record, and hours around the onset in UTC), and the onset's density; None without any channel.

    What the alarm and the live watch said is marked on the first channel, with a key below.
    """
    leading = _leading(onset)
    if not leading:
        return None
    marks = marks_of(onset)
    key = key_of(marks, epoch)
    columns = key_columns(key, _WIDE_IN)
    with canvas(_WIDE_IN, 3.2 + (0.2 + 0.16 * -(-len(key) // columns) if key else 0.0)) as drawing:
        record, near, density = drawing.subplots(1, 3, width_ratios=(1.1, 1.3, 1))
        for index, channel in enumerate(leading):
            _line(record, channel, index, -np.inf, np.inf)
        record.set(xlabel="hours after the epoch", ylabel=leading[0].unit, title="channels that changed")
        record.legend(fontsize=7, loc="best", handlelength=1.2, borderaxespad=0.2)
        _near(near, leading, onset, epoch)
        for axes in (record, near):
            held = axes.get_xlim()
            draw_marks(axes, [mark for mark in marks if held[0] <= mark.t_s / 3600 <= held[1]], leading[0])
        if key:
            drawing.legend(
                handles=key,
                loc="outside lower left",
                ncols=columns,
                fontsize=7,
                title="said, UTC",
                title_fontsize=7,
                alignment="left",
            )
        _density(density, onset, epoch)
        for axes in (record, near, density):
            quiet(axes)
        svg = svg_of(drawing, "onset")
    names = ", ".join(channel.name for channel in leading)
    alt = f"Left: {names} over the whole record. Middle: the same within {_CLOSE_H:.0f} h of the onset, in UTC. "
    alt += f"Right: probability density of the onset, {shown(onset.onset_s, 's')} after the epoch.{marks_told(marks, epoch)}"
    rows = tuple(
        (f"{channel.name}, {channel.unit}", *(number(channel.value[i]) for i in _tenths(len(channel.t_s))))
        for channel in leading
    )
    head = ("hours", *(number(leading[0].t_s[i] / 3600, 0.5) for i in _tenths(len(leading[0].t_s))))
    return Figure(
        "onset",
        f"{_quantity(leading[0].unit)} around the onset",
        alt,
        svg,
        Table("Channels at ten instants of the record", head, rows),
        onset.simulated,
    )


def _quantity(unit: str) -> str:
    """What channels in a unit are called together.

    >>> _quantity("bar"), _quantity("degC"), _quantity("deg/s")
    ('Pressures', 'Temperatures', 'Channels')
    """
    return next((name for name, units in _QUANTITIES.items() if unit in units), "Channels")


def _tenths(count: int) -> list[int]:
    return [int(i) for i in np.linspace(0, count - 1, min(count, 10))]


def _line(axes: Axes, channel: ChannelVerdict, index: int, start_s: float, end_s: float) -> None:
    kept = (channel.t_s >= start_s) & (channel.t_s <= end_s)
    axes.plot(
        channel.t_s[kept] / 3600,
        channel.value[kept],
        color=light(HUES[index]),
        linewidth=1,
        linestyle=("-", "--", "-.", ":")[index % 4],
        label=channel.name,
    )


def _near(axes: Axes, leading: list[ChannelVerdict], onset: Onset, epoch: datetime) -> None:
    """The channels within hours of the onset (of the epoch where none was found), with the onset and UTC on the axis."""
    middle_h = onset.onset_s.median / 3600 if onset.onset_s else 0.0
    start_h, end_h = middle_h - _CLOSE_H, middle_h + _CLOSE_H
    for index, channel in enumerate(leading):
        _line(axes, channel, index, 3600 * start_h, 3600 * end_h)
    if onset.onset_s:
        axes.axvline(middle_h, color=light("red"), linewidth=1)
        begun = epoch + timedelta(seconds=round(onset.onset_s.median))
        axes.set_title(f"onset {begun:%H:%M:%S} UTC (red)")
    whole = (epoch + timedelta(hours=start_h)).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    hours = [whole + timedelta(hours=step) for step in range(0, int(2 * _CLOSE_H), 2)]
    ticks = [(hour - epoch).total_seconds() / 3600 for hour in hours]
    axes.set_xticks(ticks, [f"{hour:%H:%M}" for hour in hours])
    axes.set(
        xlim=(start_h, end_h), xlabel=f"UTC, {_days(epoch + timedelta(hours=start_h), epoch + timedelta(hours=end_h))}"
    )


def _days(first: datetime, last: datetime) -> str:
    """The days that a panel shows.

    >>> _days(datetime(2022, 12, 14, 21), datetime(2022, 12, 15, 3)), _days(datetime(2022, 12, 31, 21), datetime(2023, 1, 1, 3))
    ('14 and 15 December 2022', '31 December 2022 and 1 January 2023')
    """
    if first.date() == last.date():
        return f"{last.day} {last:%B %Y}"
    shape = " %B %Y" if first.year != last.year else " %B" if first.month != last.month else ""
    return (
        f"{first.day}{first:{shape}} and {last.day} {last:%B %Y}"
        if shape
        else f"{first.day} and {last.day} {last:%B %Y}"
    )


def _density(axes: Axes, onset: Onset, epoch: datetime) -> None:
    axes.set(title="when did it begin?", xlabel="UTC", yticks=[])
    if onset.onset_s is None or not len(onset.t_s):
        axes.text(0.5, 0.5, "no onset found", transform=axes.transAxes, ha="center")
        return
    span = max(onset.onset_s.high - onset.onset_s.low, 1.0)
    axes.fill_between(onset.t_s, onset.density_per_s, color=light("red"), alpha=0.25, linewidth=0)
    axes.plot(onset.t_s, onset.density_per_s, color=light("red"))
    axes.axvspan(onset.onset_s.low, onset.onset_s.high, color=light("red"), alpha=0.12, linewidth=0)
    axes.set_xlim(onset.onset_s.low - 1.5 * span, onset.onset_s.high + 1.5 * span)
    _three_moments(axes, onset.onset_s.median, max(1.0, float(round(1.2 * span))), epoch)
    if onset.alarm_s is not None and onset.alarm_s < onset.onset_s.high + 1.5 * span:
        axes.axvline(onset.alarm_s, color=light("orange"), linestyle="--")
        axes.text(
            onset.alarm_s,
            axes.get_ylim()[1],
            "alarm",
            color=light("orange"),
            rotation=90,
            va="top",
            ha="right",
            fontsize=7.5,
        )


def _three_moments(axes: Axes, middle_s: float, step_s: float, epoch: datetime) -> None:
    """Three ticks, so that clock times of eight signs stay apart: the middle, and a step before and after it."""
    ticks = [round(middle_s) + step_s * side for side in (-1, 0, 1)]
    axes.set_xticks(ticks, [f"{epoch + timedelta(seconds=tick):%H:%M:%S}" for tick in ticks], fontsize=7)


def draw_channels(onset: Onset) -> Figure | None:
    """Each channel's change in units of the smallest that would have been seen; None without channels."""
    rows = sorted(onset.channels, key=lambda c: (list(_MARKS).index(c.verdict) if c.verdict in _MARKS else 9, c.name))[
        ::-1
    ]
    if not rows:
        return None
    with canvas(_WIDE_IN, 0.9 + 0.2 * len(rows)) as drawing:
        axes = drawing.subplots()
        axes.axvspan(-1, 1, color=light("grid"), alpha=0.6, linewidth=0)
        for y, row in enumerate(rows):
            shape, colour = _MARKS.get(row.verdict, ("x", "muted"))
            unit = row.smallest_seen or 1.0
            axes.hlines(y, row.change.low / unit, row.change.high / unit, color=light(colour), linewidth=3, alpha=0.45)
            axes.plot(row.change.median / unit, y, shape, color=light(colour), markersize=5)
        axes.set_xscale("symlog", linthresh=2, linscale=1)
        ticks = [
            t for t in (-1000, -100, -10, -1, 0, 1, 10, 100, 1000) if axes.get_xlim()[0] <= t <= axes.get_xlim()[1]
        ]
        axes.set_xticks(ticks, [f"{t:d}".replace("-", "−") for t in ticks])
        axes.set_yticks(range(len(rows)), [f"{row.name} · {row.verdict}" for row in rows], fontsize=7.5)
        axes.set(
            xlabel="change ÷ smallest change that would have been seen (grey: too small to be seen)",
            ylim=(-0.7, len(rows) - 0.3),
        )
        quiet(axes, "x")
        svg = svg_of(drawing, "channels")
    changed = [c.name for c in onset.channels if c.verdict == "changed"]
    alt = f"{len(changed)} of {len(rows)} channels changed: {', '.join(changed) or 'none'}. Grey band: changes too small to be seen."
    cells = tuple(
        (
            c.name,
            c.verdict,
            f"{number(c.change.median)} ({number(c.change.low)} to {number(c.change.high)}) {c.unit}",
            f"{number(c.smallest_seen)} {c.unit}",
        )
        for c in reversed(rows)
    )
    return Figure(
        "channels",
        "What changed, and what did not",
        alt,
        svg,
        Table("Every channel", ("channel", "verdict", "change (90 %)", "smallest seen"), cells),
        any(c.simulated for c in rows),
    )
