"""The gyros' momentum against what they can hold."""

from __future__ import annotations

import numpy as np

from whipple.casefile.findings.push import Push
from whipple.report.figures.hole import band
from whipple.report.formats import number, shown
from whipple.report.ink import canvas, light, log_ticks, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_momentum"]


#: A capacity more than this many peaks away needs a logarithmic axis; nearer, the eye compares lengths better.
_FAR = 12.0


def draw_momentum(push: Push) -> Figure | None:
    """Momentum held by the gyros over time beside every published capacity; None when it was not computed."""
    if not len(push.t_s) or push.momentum_Nms.size == 0:
        return None
    hours = push.t_s / 3600
    peak = float(push.momentum_Nms[2].max())
    with canvas(7.4, 2.7) as drawing:
        axes = drawing.subplots()
        band(axes, hours, np.maximum(push.momentum_Nms, 1e-3), "blue", "jet alone, fixed LVLH hold (90 % band)")
        for index, (low, high) in enumerate(_capacities(push.capacity_Nms)):
            axes.axhline(
                low, color=light("red"), linestyle=("--", ":", "-.")[index % 3], label=_capacity_label(low, high)
            )
        together, managed = push.peak_with_air_Nms, push.managed_peak_Nms
        span = float(hours[-1] - hours[0])
        for peak_of, at, mark, colour, what in (
            (managed, hours[-1] + 0.02 * span, "o", "green", "jet alone, momentum managed: peak"),
            (together, hours[-1] + 0.05 * span, "s", "orange", "jet and air, LVLH held and never unloaded"),
        ):
            if peak_of is not None:
                axes.vlines(at, peak_of.low, peak_of.high, color=light(colour), linewidth=4, alpha=0.5)
                axes.plot(at, peak_of.median, mark, color=light(colour), label=f"{what} (90 %)")
        top = max([peak, *push.capacity_Nms, *([together.high] if together is not None else [])])
        axes.set(xlabel="hours after the epoch", ylabel="N m s")
        if top > _FAR * peak:
            axes.set_ylim(max(1.0, top / 3e3), 2 * top)
            log_ticks(axes, "y")
        else:
            axes.set_ylim(0, 1.12 * top)
        axes.legend(loc="upper left")
        quiet(axes)
        svg = svg_of(drawing, "momentum")
    smallest = f"{number(min(push.capacity_Nms))} N m s" if push.capacity_Nms else "not known"
    alt = f"Momentum that the gyros must hold over {number(hours[-1])} hours; "
    alt += f"median peak {number(float(push.momentum_Nms[1].max()))} N m s, smallest published capacity {smallest}."
    if push.peak_with_air_Nms is not None:
        alt += f" Jet and air in an LVLH hold that is never unloaded would ask for {shown(push.peak_with_air_Nms, 'N m s')}."
    if push.managed_peak_Nms is not None:
        alt += f" With momentum managed the jet alone asks for {shown(push.managed_peak_Nms, 'N m s')}."
    picks = [int(i) for i in np.linspace(0, len(hours) - 1, min(len(hours), 10))]
    rows = tuple((number(hours[i]), *(number(push.momentum_Nms[k, i]) for k in range(3))) for i in picks)
    return Figure(
        "momentum",
        "Momentum against the gyros' capacity",
        alt,
        svg,
        Table("Momentum, N m s", ("hours", "5 %", "50 %", "95 %"), rows),
    )


def _capacities(published_Nms: tuple[float, ...]) -> list[tuple[float, float]]:
    """Capacities within 5 % of each other drawn as one line.

    >>> _capacities((19520.0, 18970.0, 9000.0))
    [(9000.0, 9000.0), (18970.0, 19520.0)]
    """
    groups: list[tuple[float, float]] = []
    for capacity in sorted(published_Nms):
        if groups and capacity < 1.05 * groups[-1][0]:
            groups[-1] = (groups[-1][0], capacity)
        else:
            groups.append((capacity, capacity))
    return groups


def _capacity_label(low: float, high: float) -> str:
    return f"capacity {number(low)}" + (f" to {number(high)}" if high > low else "") + " N m s"
