"""The gyros' momentum against what they can hold."""

from __future__ import annotations

import numpy as np

from whipple.casefile.findings.push import Push
from whipple.report.figures.hole import band
from whipple.report.formats import number
from whipple.report.ink import canvas, light, log_ticks, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_momentum"]


def draw_momentum(push: Push) -> Figure | None:
    """Momentum held by the gyros over time beside every published capacity; None when it was not computed."""
    if not len(push.t_s) or push.momentum_Nms.size == 0:
        return None
    hours = push.t_s / 3600
    with canvas(7.4, 2.7) as drawing:
        axes = drawing.subplots()
        band(axes, hours, np.maximum(push.momentum_Nms, 1e-3), "blue", "momentum of the jet (90 % band)")
        for index, capacity in enumerate(sorted(push.capacity_Nms)):
            axes.axhline(
                capacity,
                color=light("red"),
                linestyle=("--", ":", "-.")[index % 3],
                label=f"capacity {number(capacity)} N m s",
            )
        top = max([float(push.momentum_Nms.max()), *push.capacity_Nms])
        axes.set(ylim=(max(1.0, top / 3e3), 2 * top), xlabel="hours after the epoch", ylabel="N m s")
        axes.legend(loc="lower right")
        log_ticks(axes, "y")
        quiet(axes)
        svg = svg_of(drawing, "momentum")
    peak = float(push.momentum_Nms[1].max())
    smallest = f"{number(min(push.capacity_Nms))} N m s" if push.capacity_Nms else "not known"
    alt = f"Momentum that the gyros must hold over {number(hours[-1])} hours; "
    alt += f"median peak {number(peak)} N m s, smallest published capacity {smallest}."
    picks = [int(i) for i in np.linspace(0, len(hours) - 1, min(len(hours), 10))]
    rows = tuple((number(hours[i]), *(number(push.momentum_Nms[k, i]) for k in range(3))) for i in picks)
    return Figure(
        "momentum",
        "Momentum against the gyros' capacity",
        alt,
        svg,
        Table("Momentum, N m s", ("hours", "5 %", "50 %", "95 %"), rows),
    )
