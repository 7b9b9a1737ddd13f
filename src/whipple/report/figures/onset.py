"""The loop pressures around the onset, and every channel's change beside the smallest that would have been seen."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from whipple.casefile.findings.onset import ChannelVerdict, Onset
from whipple.report.formats import number, shown
from whipple.report.ink import HUES, canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_channels", "draw_onset"]

_MARKS = {"changed": ("o", "red"), "unchanged": ("s", "blue"), "too coarse to say": ("x", "muted")}


def _leading(onset: Onset) -> list[ChannelVerdict]:
    """The changed channels that share the unit of the first, at most six."""
    changed = [c for c in onset.channels if c.verdict == "changed" and len(c.t_s)] or [
        c for c in onset.channels if len(c.t_s)
    ]
    return [c for c in changed if c.unit == changed[0].unit][:6] if changed else []


def draw_onset(onset: Onset) -> Figure | None:
    """The channels that moved, the onset band and its density; None without any channel."""
    leading = _leading(onset)
    if not leading:
        return None
    with canvas(7.4, 3.4) as drawing:
        record, close = drawing.subplots(1, 2, width_ratios=(2, 1))
        for index, channel in enumerate(leading):
            record.plot(channel.t_s / 3600, channel.value, color=light(HUES[index]), linewidth=1, label=channel.name)
        record.set(xlabel="hours after the epoch of the case", ylabel=leading[0].unit, title="channels that changed")
        record.legend(fontsize=7)
        if onset.onset_s:
            record.axvspan(
                onset.onset_s.low / 3600, onset.onset_s.high / 3600, color=light("red"), alpha=0.35, linewidth=0
            )
        _density(close, onset)
        for axes in (record, close):
            quiet(axes)
        svg = svg_of(drawing, "onset")
    names = ", ".join(channel.name for channel in leading)
    alt = f"Left: {names} against time. Right: probability density of the onset, {shown(onset.onset_s, 's')} after the epoch."
    rows = tuple(
        (f"{channel.name}, {channel.unit}", *(number(channel.value[i]) for i in _tenths(len(channel.t_s))))
        for channel in leading
    )
    head = ("hours", *(number(leading[0].t_s[i] / 3600, 0.5) for i in _tenths(len(leading[0].t_s))))
    return Figure(
        "onset",
        "Pressures around the onset",
        alt,
        svg,
        Table("Channels at ten instants of the record", head, rows),
        onset.simulated,
    )


def _tenths(count: int) -> list[int]:
    return [int(i) for i in np.linspace(0, count - 1, min(count, 10))]


def _density(axes: Axes, onset: Onset) -> None:
    axes.set(title="when did it begin?", xlabel="seconds after the epoch", yticks=[])
    if onset.onset_s is None or not len(onset.t_s):
        axes.text(0.5, 0.5, "no onset found", transform=axes.transAxes, ha="center")
        return
    span = max(onset.onset_s.high - onset.onset_s.low, 1.0)
    axes.fill_between(onset.t_s, onset.density_per_s, color=light("red"), alpha=0.25, linewidth=0)
    axes.plot(onset.t_s, onset.density_per_s, color=light("red"))
    axes.axvspan(onset.onset_s.low, onset.onset_s.high, color=light("red"), alpha=0.12, linewidth=0)
    axes.set_xlim(onset.onset_s.low - 1.5 * span, onset.onset_s.high + 1.5 * span)
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


def draw_channels(onset: Onset) -> Figure | None:
    """Each channel's change in units of the smallest that would have been seen; None without channels."""
    rows = sorted(onset.channels, key=lambda c: (list(_MARKS).index(c.verdict) if c.verdict in _MARKS else 9, c.name))[
        ::-1
    ]
    if not rows:
        return None
    with canvas(7.4, 0.9 + 0.2 * len(rows)) as drawing:
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
