"""The risk on the vehicle itself: what the 3-D view of a look ahead needs, and the same as a drawing."""

from __future__ import annotations

import json

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import Sky
from whipple.exposure.risk import Risk
from whipple.report.figures.stack import RATE_COLOURS, seen_from
from whipple.report.formats import number, value_in
from whipple.report.ink import canvas, svg_of
from whipple.report.page import Figure
from whipple.report.stack_view import DECADES, arrows, pack, shades
from whipple.vehicle.sight import blocked
from whipple.vehicle.stack import Stack

__all__ = ["draw_maps", "map_layers", "map_payload", "marked_spot"]

_UNIT = "per m² and year"
#: From where, and how far off, the view "site" of assets/stack_view.js looks at the marked spot (station body axes).
FIRST_EYE, EYE_m = (-0.75, 0.85, 0.1), 36.0
#: The least cosine between a facet's normal and the line of sight at which a ball on it is plain to see, and how far off the facet it is asked.
_SQUARELY, _LIFT_m = 0.3, 1e-3
#: A map is drawn for paper when it colours more than this share of the area; else the next one is.
_WORTH_DRAWING = 0.2
_EYES = (("from forward, port and above", (0.7, -0.6, -0.5)), ("from aft, starboard and below", (-0.6, 0.7, 0.5)))


def map_layers(risk: Risk) -> list[tuple[str, Array]]:
    """Every map by name: punctures and strikes by all sources, then by each; rates per m2 and second. Maps without any rate are left out."""
    rates = risk.facets
    layers = [
        ("punctures, all sources", rates.puncture_per_m2_s.sum(axis=0)),
        ("strikes, all sources", rates.strike_per_m2_s.sum(axis=0)),
    ]
    for index, name in enumerate(risk.source_names):
        layers.append((f"punctures, {name}", rates.puncture_per_m2_s[index]))
        layers.append((f"strikes, {name}", rates.strike_per_m2_s[index]))
    return [(name, rate) for name, rate in layers if rate.size and rate.max() > 0]


def marked_spot(stack: Stack, risk: Risk) -> tuple[Array, str, bool]:
    """Where the red ball goes: a point (3,) on the part that carries most of the risk (of the strikes, where no wall is known), its name, and
    whether the first view of the page shows it.

    Of the facets that the first view looks at squarely enough, with nothing in between, the one with the highest rate; else the highest of all.
    """
    part = max(risk.parts, key=lambda part: (part.risk_frac, part.strike_count.median)).part
    surfaces, facets = stack.surfaces, stack.surfaces.of_part(part)
    rates = map_layers(risk)
    rate = rates[0][1][facets] if rates else np.zeros(len(facets))
    eye = np.array(FIRST_EYE) / np.linalg.norm(FIRST_EYE)
    middle, normal = surfaces.centroid_m[facets], surfaces.normal_body[facets]
    way = np.broadcast_to(eye, middle.shape)
    seen = (normal @ eye > _SQUARELY) & ~blocked(surfaces, middle + _LIFT_m * normal, way, np.full(len(facets), EYE_m))
    best = int(np.argmax(np.where(seen, rate, -1.0) if seen.any() else rate))
    return np.asarray(middle[best]), part, bool(seen.any())


def map_payload(stack: Stack, sky: Sky | None, risk: Risk) -> str:
    """The JSON text that the 3-D view reads: as in the investigation's page, one layer a map."""
    surfaces = stack.surfaces
    low, high = surfaces.vertex_m.min(axis=0), surfaces.vertex_m.max(axis=0)
    step = np.where(high > low, (high - low) / 65535.0, 1.0)
    site, part, _ = marked_spot(stack, risk)
    streams = []
    for name, rate in map_layers(risk):
        level, top = shades(rate)
        streams.append({"name": name, "top": float(f"{value_in(top, _UNIT):.4g}"), "shade": pack(level)})
    whole = {
        "low": [round(float(v), 4) + 0.0 for v in low],
        "step": [float(f"{v:.8g}") for v in step],
        "corners": pack(np.round((surfaces.vertex_m - low) / step).astype("<u2")),
        "triangles": pack(surfaces.triangle.astype("<u4")),
        "part": pack(surfaces.part_index.astype("<u2")),
        "parts": [one.name for one in surfaces.parts],
        "decades": DECADES,
        "streams": streams,
        "arrows": [arrow for arrow in arrows(stack, sky, None) if arrow["kind"] != "normal"],
        "site": [round(float(v), 4) + 0.0 for v in site],
        "sitePart": part,
    }
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")


def draw_maps(stack: Stack, risk: Risk) -> Figure:
    """The first map that colours enough of the vehicle, from two sides, for paper and for browsers without WebGL."""
    area = stack.surfaces.area_m2
    layers = [
        row for row in map_layers(risk)[:2] if area[row[1] > 0].sum() > _WORTH_DRAWING * area.sum()
    ] or map_layers(risk)
    name, rate = layers[0] if layers else ("strikes", np.zeros(len(stack.surfaces.triangle)))
    level, top = shades(rate)
    with canvas(7.4, 3.1) as drawing:
        for axes, (said, eye) in zip(drawing.subplots(1, 2), _EYES, strict=True):
            _paint(axes, stack, level.astype(float), seen_from(np.array(eye)))
            axes.set_title(said)
        svg = svg_of(drawing, "map", dpi=110)
    highest = f"{number(value_in(top, _UNIT))} {_UNIT}"
    alt = f"The vehicle from two sides, coloured by {name} over {DECADES:.0f} decades below {highest}; grey: none."
    return Figure("map", f"Where: {name}, up to {highest}", alt, svg, sheet=True)


def _paint(axes: Axes, stack: Stack, level: Array, view: Array) -> None:
    surfaces = stack.surfaces
    facing = surfaces.normal_body @ view[2] > 0
    order = np.flatnonzero(facing)[np.argsort(surfaces.centroid_m[facing] @ view[2], kind="stable")]
    shade = 0.72 + 0.28 * np.clip(surfaces.normal_body[order] @ view.T @ np.array([0.4, 0.7, 0.6]), 0, 1)
    colours = LinearSegmentedColormap.from_list("rates", RATE_COLOURS)(level[order] / 255.0)
    colours[level[order] == 0] = (0.55, 0.58, 0.62, 1.0)
    colours[:, :3] *= shade[:, None]
    corners = surfaces.vertex_m[surfaces.triangle[order]] @ view[:2].T
    axes.add_collection(
        PolyCollection(list(corners), facecolors=colours, edgecolors=colours, linewidths=0.2, rasterized=True)
    )
    axes.autoscale()
    axes.set_aspect("equal")
    axes.axis("off")
