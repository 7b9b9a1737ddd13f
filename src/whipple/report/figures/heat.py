"""Temperatures of each scenario with their bands, and the published readings beside ours."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from whipple.casefile.findings.heat import Heat, HeatScenario
from whipple.report.figures.hole import band
from whipple.report.formats import clock, number, shown, value_in
from whipple.report.ink import HUES, canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_readings", "draw_temperatures"]

#: Instants drawn of each scenario.
_DRAWN = 60
_DASHES = ("-", "--", "-.", ":")
#: Nodes drawn with their band; all others as a line (every band is in the table).
#: The parts and kinds that the keys of a network are made of, for people.
_PLACES = {
    "om": "orbital module",
    "dm": "descent module",
    "po": "instrument module",
    "instrument": "instrument module",
    "station": "station",
}
_STUFFS = {"air": "air", "gas": "gas", "structure": "walls and equipment", "skin": "outer insulation"}
_BREATHED = ("air", "gas", "cabin")


def _spelled(node: str) -> str:
    """The key of a node in words; a key without known parts keeps its own.

    >>> _spelled("om_air"), _spelled("po_structure"), _spelled("battery_box")
    ('orbital module, air', 'instrument module, walls and equipment', 'battery box')
    """
    place, _, stuff = node.partition("_")
    if place in _PLACES and stuff in _STUFFS:
        return f"{_PLACES[place]}, {_STUFFS[stuff]}"
    return _PLACES.get(node, node.replace("_", " "))


def draw_temperatures(heat: Heat) -> Figure | None:
    """One panel a scenario: each node's median and 90 % band; the same scale in all panels."""
    rows = [s for s in heat.scenarios if s.temperature_K.size][:6]
    if not rows:
        return None
    columns = min(3, len(rows))
    deep = -(-len(rows) // columns)
    with canvas(7.4, 0.7 + 2.0 * deep) as drawing:
        panels = np.atleast_1d(drawing.subplots(deep, columns, sharey=True, squeeze=False)).ravel()
        for axes, scenario in zip(panels, rows, strict=False):
            _panel(axes, scenario)
        for axes in panels[len(rows) :]:
            axes.axis("off")
        for axes in panels[::columns]:
            axes.set_ylabel("°C")
        handles, labels = panels[0].get_legend_handles_labels()
        drawing.legend(handles, labels, loc="outside lower center", ncol=3, fontsize=7)
        svg = svg_of(drawing, "temperatures")
    alt = "Temperatures by scenario. " + "; ".join(
        f"{s.name}: cabin peaks at {shown(s.peak_cabin_K, '°C')}" for s in rows
    )
    return Figure("temperatures", "How hot does it get?", alt, svg, _at_the_end(rows))


def _at_the_end(rows: list[HeatScenario]) -> Table:
    """Every node at the end of every scenario."""
    nodes = list(dict.fromkeys(node for row in rows for node in row.nodes))
    cells = []
    for node in nodes:
        ends = [row.temperature_K[:, row.nodes.index(node), -1] - 273.15 if node in row.nodes else None for row in rows]
        cells.append(
            (
                _spelled(node),
                *(
                    "–" if end is None else f"{end[1]:.0f} ({end[0]:.0f} to {end[2]:.0f})".replace("-", "−")
                    for end in ends
                ),
            )
        )
    return Table(
        "Temperature at the end of each scenario, °C (90 %)", ("node", *(row.name for row in rows)), tuple(cells)
    )


def _panel(axes: Axes, scenario: HeatScenario) -> None:
    """Air and gas with their bands, solid parts as thin lines."""
    unit = clock(float(scenario.t_s[-1])) if len(scenario.t_s) else "h"
    kept = np.unique(np.linspace(0, len(scenario.t_s) - 1, min(len(scenario.t_s), _DRAWN)).astype(int))
    along = value_in(1.0, unit) * scenario.t_s[kept]
    for index, node in enumerate(scenario.nodes[:6]):
        celsius, dash = scenario.temperature_K[:, index][:, kept] - 273.15, _DASHES[index % 4]
        if any(word in node for word in _BREATHED):
            band(axes, along, celsius, HUES[index % 8], _spelled(node), dash)
        else:
            axes.plot(along, celsius[1], dash, color=light(HUES[index % 8]), linewidth=0.8, label=_spelled(node))
    axes.axhline(40, color=light("muted"), linewidth=0.8, linestyle=":")
    axes.set_title(scenario.name, fontsize=8)
    axes.set_xlabel(unit)
    quiet(axes)


def draw_readings(heat: Heat) -> Figure | None:
    """Every published temperature beside ours; used for calibration or held out."""
    rows = heat.readings[::-1]
    if not rows:
        return None
    with canvas(7.4, 0.85 + 0.3 * len(rows)) as drawing:
        axes = drawing.subplots()
        for y, row in enumerate(rows):
            ours = [value_in(v, "°C") for v in (row.ours_K.low, row.ours_K.median, row.ours_K.high)]
            axes.hlines(y, ours[0], ours[2], color=light("blue"), linewidth=4, alpha=0.45)
            axes.plot(ours[1], y, "o", color=light("blue"), markersize=6, label="ours (90 %)" if y == 0 else None)
            axes.plot(
                value_in(row.said_K, "°C"),
                y,
                "D",
                color=light("paper"),
                markeredgecolor=light("orange"),
                markeredgewidth=1.6,
                markersize=6,
                label="published" if y == 0 else None,
            )
        axes.set_yticks(
            range(len(rows)), [f"{row.claim}, {_spelled(row.node)} ({row.used})" for row in rows], fontsize=7.5
        )
        axes.set(xlabel="°C", ylim=(-0.6, len(rows) - 0.4))
        axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
        quiet(axes, "x")
        svg = svg_of(drawing, "readings")
    agree = sum(row.agrees for row in rows)
    cells = tuple(
        (
            r.claim,
            _spelled(r.node),
            f"{number(value_in(r.said_K, '°C'), 0.5)} °C",
            shown(r.ours_K, "°C"),
            "yes" if r.agrees else "no",
            r.used,
        )
        for r in heat.readings
    )
    return Figure(
        "readings",
        "Published temperatures beside ours",
        f"{agree} of {len(rows)} published temperatures lie inside our 90 % interval.",
        svg,
        Table("Readings", ("claim", "node", "published", "ours (90 %)", "agrees", "used for"), cells),
    )
