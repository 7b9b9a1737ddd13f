"""The leak over time, and the diameter as each datum narrows it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from whipple.casefile.estimate import Array
from whipple.casefile.findings.hole import Datum, Hole, LeakHistory
from whipple.report.formats import number, shown, value_in
from whipple.report.ink import canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["band", "draw_history", "draw_narrowing"]


def band(axes: Axes, x: Array, rows: Array, colour: str, label: str = "", dash: str = "-") -> None:
    """A median line in its 90 % band; `rows` (3, n) are percentiles 5, 50, 95."""
    axes.fill_between(x, rows[0], rows[2], color=light(colour), alpha=0.22, linewidth=0)
    axes.plot(x, rows[1], dash, color=light(colour), label=label or None)


def draw_history(history: LeakHistory, simulated: bool) -> Figure:
    """Pressure, mass gone and thrust with their bands."""
    hours = history.t_s / 3600
    panels = (
        ("loop pressure, bar", history.pressure_Pa * 1e-5, "blue"),
        ("coolant gone, kg", history.mass_gone_kg, "green"),
        ("thrust, N", history.thrust_N, "orange"),
    )
    with canvas(7.4, 2.5) as drawing:
        for axes, (title, rows, colour) in zip(drawing.subplots(1, 3), panels, strict=True):
            band(axes, hours, rows, colour)
            axes.set(title=title, xlabel="hours after the epoch", ylim=(0, None))
            quiet(axes)
        svg = svg_of(drawing, "history")
    picks = [int(i) for i in np.linspace(0, len(hours) - 1, min(len(hours), 10))]
    cells = tuple(
        (
            number(hours[i]),
            *(f"{number(rows[1, i])} ({number(rows[0, i])} to {number(rows[2, i])})" for _, rows, _ in panels),
        )
        for i in picks
    )
    end = f"{number(history.mass_gone_kg[1, -1])} kg are gone and the pressure is {number(history.pressure_Pa[1, -1] * 1e-5)} bar"
    alt = f"Pressure, coolant gone and thrust over {number(hours[-1])} hours with 90 % bands; at the end {end}."
    return Figure(
        "history",
        "How the leak ran",
        alt,
        svg,
        Table("The leak over time (median, 90 %)", ("hours", *(p[0] for p in panels)), cells),
        simulated,
    )


def draw_narrowing(hole: Hole) -> Figure | None:
    """The 90 % interval of the diameter after each datum; None when no absolute datum was used."""
    if not hole.data:
        return None
    rows: tuple[Datum, ...] = hole.data[::-1]
    with canvas(7.4, 0.75 + 0.32 * len(rows)) as drawing:
        axes = drawing.subplots()
        for y, row in enumerate(rows):
            low, middle, high = (
                value_in(v, "mm") for v in (row.diameter_m.low, row.diameter_m.median, row.diameter_m.high)
            )
            axes.hlines(y, low, high, color=light("blue"), linewidth=4, alpha=0.45)
            axes.plot(middle, y, "o", color=light("blue"), markersize=6)
            axes.text(high, y, f"  {shown(row.diameter_m, 'mm')}{_narrower(row)}", va="center", fontsize=8)
        axes.set_yticks(
            range(len(rows)), [("" if y == len(rows) - 1 else "+ ") + row.name for y, row in enumerate(rows)]
        )
        axes.set(
            xlabel="hole diameter, mm (90 % interval with everything down to that line)", ylim=(-0.6, len(rows) - 0.4)
        )
        axes.set_xlim(0, 1.6 * max(value_in(row.diameter_m.high, "mm") for row in rows))
        quiet(axes, "x")
        svg = svg_of(drawing, "narrowing")
    alt = "Diameter interval after each datum: " + "; ".join(
        f"{d.name}: {shown(d.diameter_m, 'mm')}" for d in hole.data
    )
    return Figure(
        "narrowing",
        "What makes the diameter known",
        alt,
        svg,
        Table(
            "Diameter after each datum",
            ("datum", "diameter", "interval narrower by", "what it says"),
            tuple((d.name, shown(d.diameter_m, "mm"), _factor(d) or "–", d.sentence) for d in hole.data),
        ),
        hole.simulated,
    )


def _factor(row: Datum) -> str:
    """How many times narrower this datum made the interval, in words; "" where that is not known."""
    if row.shrinks_ratio is None:
        return ""
    return f"{row.shrinks_ratio:.2g} times" if row.shrinks_ratio >= 1.05 else "hardly"


def _narrower(row: Datum) -> str:
    text = _factor(row)
    return f", {text} narrower" if text else ""
