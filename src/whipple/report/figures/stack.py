"""The stack from one side, for paper and for browsers without WebGL."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from whipple.casefile.estimate import Array
from whipple.casefile.findings.strikes import Strikes
from whipple.report.ink import canvas, light, svg_of
from whipple.report.page import Figure
from whipple.report.stack_view import DECADES, shades
from whipple.vehicle.stack import Stack

__all__ = ["RATE_COLOURS", "draw_stack", "paint", "rate_colours", "seen_from"]

#: Low to high; the 3-D view uses the same five.
RATE_COLOURS = ("#3b4a6b", "#3f7fa8", "#5fb58a", "#d9c24a", "#e8743b")


def seen_from(eye_dir_body: Array) -> Array:
    """Rows right, up, toward the eye (3, 3) of a view with zenith (-Z) up.

    >>> seen_from(np.array([0.0, 1.0, 0.0])).round(6).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]
    """
    toward = eye_dir_body / np.linalg.norm(eye_dir_body)
    right = np.cross([0.0, 0.0, -1.0], toward)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(toward, right), toward]) + 0.0


def draw_stack(stack: Stack, strikes: Strikes | None) -> Figure:
    """Every triangle facing the eye, far ones first, coloured by strike rate; the whole stack and the suspect site."""
    rates = (
        strikes.facet_strike_per_m2_s.sum(axis=0)
        if strikes is not None and strikes.facet_strike_per_m2_s.size
        else np.zeros(len(stack.surfaces.triangle))
    )
    level = shades(rates)[0].astype(float)
    view = seen_from(np.array([-0.55, 0.75, 0.45]))
    with canvas(7.4, 2.9) as drawing:
        whole, close = drawing.subplots(1, 2, width_ratios=(1.6, 1))
        for axes in (whole, close):
            paint(axes, stack, rate_colours(level), view)
        site = view @ stack.site_m
        close.set(
            xlim=(site[0] - 8, site[0] + 8),
            ylim=(site[1] - 8, site[1] + 8),
            title="suspect site and its possible normals",
        )
        whole.set_title("the stack from aft, starboard and below")
        for normal in stack.site_normal_body[:: max(1, len(stack.site_normal_body) // 12)]:
            tip = view @ (stack.site_m + 4 * normal)
            close.annotate(
                "", tip[:2], site[:2], arrowprops={"arrowstyle": "->", "color": light("red"), "linewidth": 1.2}
            )
        svg = svg_of(drawing, "stack", dpi=100)
    count = f"{DECADES:.0f} decades, {len(stack.surfaces.parts)} parts"
    alt = f"Drawing of the stack coloured by strikes per m² over {count}; the suspect part is {stack.site_part}."
    return Figure("stack", "The stack", alt, svg, sheet=True)


def rate_colours(level: Array) -> Array:
    """Levels (n,) from 0 to 255 as colours (n, 4).

    >>> rate_colours(np.array([255.0])).round(2).tolist()
    [[0.91, 0.45, 0.23, 1.0]]
    """
    return np.asarray(LinearSegmentedColormap.from_list("rates", RATE_COLOURS)(level / 255.0))


def paint(axes: Axes, stack: Stack, colours: Array, view: Array) -> None:
    """The facets (n_facet, 4 colours) that face the eye of `view` (3, 3), far ones first, shaded, with the suspect site ringed."""
    surfaces = stack.surfaces
    facing = surfaces.normal_body @ view[2] > 0
    order = np.flatnonzero(facing)[np.argsort(surfaces.centroid_m[facing] @ view[2], kind="stable")]
    shade = 0.72 + 0.28 * np.clip(surfaces.normal_body[order] @ view.T @ np.array([0.4, 0.7, 0.6]), 0, 1)
    tinted = colours[order]
    tinted[:, :3] *= shade[:, None]
    axes.add_collection(
        PolyCollection(
            list(surfaces.vertex_m[surfaces.triangle[order]] @ view[:2].T),
            facecolors=tinted,
            edgecolors=tinted,
            linewidths=0.2,
            rasterized=True,
        )
    )
    axes.autoscale()
    axes.plot(
        *(view @ stack.site_m)[:2], "o", markersize=7, color="none", markeredgecolor=light("red"), markeredgewidth=1.8
    )
    axes.set_aspect("equal")
    axes.axis("off")
