"""The residue of the coolant on the stack, and for how long each surface and a spacewalk are held up."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import NullFormatter

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.deposit import Deposit
from whipple.casefile.findings.hole import Hole
from whipple.report.figures.stack import paint, seen_from
from whipple.report.formats import number, shown
from whipple.report.ink import canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table
from whipple.vehicle.stack import Stack

__all__ = ["draw_residue", "draw_waits"]

#: Pale where little settles, dark where most does; grey facets are never met. This many decades below the thickest are told apart.
_COLOURS, _BARE, _DECADES = ("#f7ecc3", "#f3c06a", "#e27b36", "#b23528", "#5f1030"), (0.76, 0.79, 0.82, 1.0), 4.0
_NEAR_m = 15.0


def draw_residue(stack: Stack, deposit: Deposit, simulated: bool = False) -> Figure | None:
    """The stack coloured by the thickness of residue: all of it, and round the hole; None without a map for this stack."""
    thickness = deposit.facet_residue_m
    if thickness.size != len(stack.surfaces.triangle) or not thickness.any():
        return None
    top = float(thickness.max()) * 1e9
    norm = LogNorm(top / 10**_DECADES, top)
    colours = _colours(thickness * 1e9, norm)
    axis = stack.site_normal_body[0]
    view = seen_from(axis + np.array([0.0, 0.0, 0.55]))
    with canvas(7.4, 3.3) as drawing:
        whole, near = drawing.subplots(1, 2, width_ratios=(1.35, 1))
        for axes in (whole, near):
            paint(axes, stack, colours, view)
        _jet(near, stack, view)
        site = view @ stack.site_m
        near.set(xlim=(site[0] - _NEAR_m, site[0] + _NEAR_m), ylim=(site[1] - _NEAR_m, site[1] + _NEAR_m))
        whole.set_title("the stack, seen from where the jet goes")
        near.set_title(f"within {_NEAR_m:.0f} m; arrows: possible axes")
        _bar(drawing, whole, norm)
        svg = svg_of(drawing, "residue", dpi=100)
    rows = _thickest(stack, thickness)
    reached = ", ".join(f"{name} {thick}" for name, thick, _ in rows[:3])
    alt = f"Mean residue on every face of the stack, middle values, over the possible axes of the hole. Thickest: {reached}. Grey: never met."
    table = Table("Parts with the thickest spot", ("part", "thickest spot, middle value", "area mean"), rows)
    return Figure("residue", "Where residue settles", alt, svg, table, simulated, sheet=True)


def _colours(nanometres: Array, norm: LogNorm) -> Array:
    scale = LinearSegmentedColormap.from_list("residue", _COLOURS)
    colours = np.asarray(scale(np.clip(norm(np.maximum(nanometres, 1e-30)), 0, 1)), dtype=float)
    colours[nanometres <= 0] = _BARE
    return colours


def _jet(axes: Axes, stack: Stack, view: Array) -> None:
    """Arrows along the possible axes, longer where more likely."""
    start = (view @ stack.site_m)[:2]
    for normal, weight in zip(
        stack.site_normal_body, stack.site_normal_frac / stack.site_normal_frac.max(), strict=True
    ):
        x, y = (view @ (stack.site_m + (3 + 5 * weight) * normal))[:2]
        axes.annotate(
            "",
            (float(x), float(y)),
            (float(start[0]), float(start[1])),
            arrowprops={"arrowstyle": "->", "color": light("red"), "linewidth": 1.2},
        )


def _bar(drawing: Drawing, axes: Axes, norm: LogNorm) -> None:
    scale = LinearSegmentedColormap.from_list("residue", _COLOURS)
    bar = drawing.colorbar(
        ScalarMappable(norm, scale), ax=axes, orientation="horizontal", shrink=0.75, aspect=34, pad=0.02
    )
    bar.set_label("mean residue, nm (grey: never met)")
    bar.ax.xaxis.set_minor_formatter(NullFormatter())
    bar.outline.set_visible(False)  # type: ignore[operator]


def _thickest(stack: Stack, thickness: Array) -> tuple[tuple[str, str, str], ...]:
    rows = []
    for index, part in enumerate(stack.surfaces.parts):
        mine = stack.surfaces.part_index == index
        if thickness[mine].any():
            mean = float(np.average(thickness[mine], weights=stack.surfaces.area_m2[mine]))
            rows.append((float(thickness[mine].max()), part.name, mean))
    ranked = sorted(rows, key=lambda row: (-row[0], row[1]))[:12]
    return tuple((name, f"{number(1e9 * top)} nm", f"{number(1e9 * mean)} nm") for top, name, mean in ranked)


def draw_waits(deposit: Deposit, hole: Hole | None, simulated: bool = False) -> Figure | None:
    """For how long after the onset the spray runs, a spacewalk is held up and each surface looks out through too much vapour."""
    rows = _waits(deposit, hole)
    if not any(wait.high > 0 for _, wait, _ in rows):
        return None
    with canvas(7.4, 0.75 + 0.27 * len(rows)) as drawing:
        axes = drawing.subplots()
        for y, (_, wait, colour) in enumerate(rows[::-1]):
            low, middle, high = (max(value, 0.0) / 3600 for value in (wait.low, wait.median, wait.high))
            axes.barh(y, low, height=0.5, color=light(colour))
            axes.barh(y, high - low, left=low, height=0.5, color=light(colour), alpha=0.3)
            axes.plot([middle, middle], [y - 0.32, y + 0.32], color=light("ink"), linewidth=1.4)
        axes.set_yticks(range(len(rows)), [name for name, _, _ in rows[::-1]])
        axes.set(
            xlabel="hours after the onset (solid: at least, pale: up to, line: median; 90 %)",
            ylim=(-0.6, len(rows) - 0.4),
        )
        axes.set_xlim(0, None)
        quiet(axes, "x")
        svg = svg_of(drawing, "waits")
    cells = tuple((name, shown(wait.scaled(1 / 3600, "h"), "") + " h") for name, wait, _ in rows)
    alt = "How long after the onset: " + "; ".join(f"{name} {text}" for name, text in cells[:3])
    return Figure(
        "waits",
        "What is held up, and for how long",
        alt,
        svg,
        Table("Hours after the onset", ("what", "until"), cells),
        simulated,
    )


def _waits(deposit: Deposit, hole: Hole | None) -> list[tuple[str, Estimate, str]]:
    rows = []
    if hole is not None and hole.empty_s is not None and hole.history is not None:
        onset = float(hole.history.t_s[int(np.argmax(hole.history.flow_kg_s[1] > 0))])
        end = hole.empty_s
        middle, low, high = (max(value - onset, 0.0) for value in (end.median, end.low, end.high))
        rows.append(("the hole sprays", Estimate(middle, low, high, "s"), "blue"))
    if deposit.spacewalk_s is not None:
        rows.append(("spacewalk near the plume", deposit.spacewalk_s, "red"))
    timed = [(one.surface, one.over_column_s) for one in deposit.surfaces if one.over_column_s is not None]
    long = sorted(timed, key=lambda row: (-row[1].high, row[0]))
    return rows + [(f"view out from {name}", wait, "teal") for name, wait in long if wait.high > 0][:6]
