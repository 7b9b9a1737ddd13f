"""Where the push may come from: the 95 % region and its separate sites, drawn on the stack."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from whipple.casefile.estimate import Array
from whipple.casefile.findings.push import PushSites
from whipple.report.figures.stack import seen_from
from whipple.report.formats import percent
from whipple.report.ink import canvas, light, svg_of
from whipple.report.page import Figure, Table
from whipple.vehicle.stack import Stack

__all__ = ["draw_sites", "likely"]

#: From aft, starboard and above; the close view looks at the likeliest site against its wall's normal.
_EYE = np.array([-0.5, 0.75, -0.45])
_CLOSE_M, _BEFORE_M, _NAMED = 6.0, 1.5, 5
#: Where the labels of the sites stand, in points beside them: not on one another when the sites are near.
_ASIDE = ((14, 22), (-40, 16), (-34, -24), (14, -26), (26, 4))


def likely(prob: float) -> str:
    """The probability of a site, which never reads as certain: walls are only as true as their mesh.

    >>> likely(0.42), likely(1.0)
    ('42 %', '> 99 %')
    """
    return "> 99 %" if prob > 0.99 else percent(prob)


def draw_sites(stack: Stack, found: PushSites, true_m: Array | None = None) -> Figure | None:
    """The whole stack with every point of the region, and the likeliest site seen from outside; None when no point fits.

    `true_m` (3,) marks the true place of a simulated leak. Points on walls that face away from the eye are drawn pale.
    """
    if not found.sites:
        return None
    best = found.sites[0]
    with canvas(7.4, 2.9) as drawing:
        whole, close = drawing.subplots(1, 2, width_ratios=(1.7, 1))
        for axes, eye in ((whole, _EYE), (close, np.array(best.normal_body) + np.array([0.02, 0.03, -0.05]))):
            view = seen_from(eye)
            _grey_stack(axes, stack, view, np.inf if axes is whole else float(view[2] @ best.place_m) + _BEFORE_M)
            _region(axes, found, view, None if axes is whole else 0)
            _marks(axes, found, view, true_m, axes is close)
        middle = seen_from(np.array(best.normal_body) + np.array([0.02, 0.03, -0.05])) @ best.place_m
        close.set(xlim=(middle[0] - _CLOSE_M, middle[0] + _CLOSE_M), ylim=(middle[1] - _CLOSE_M, middle[1] + _CLOSE_M))
        whole.set_title("95 % region, from aft, starboard and above (pale: on the far side)")
        close.set_title(f"1: {best.part}, {2 * _CLOSE_M:.0f} m across")
        svg = svg_of(drawing, "push-sites", dpi=130)
    head = ("site", "part", "X m", "Y m", "Z m", "probability", "reach m", "from site 1, m")
    rows = tuple(
        (
            str(index + 1),
            site.part,
            *(f"{value:.1f}" for value in site.place_m),
            likely(site.site_prob),
            f"{site.reach_m:.1f}",
            f"{float(found.apart_m[0, index]):.1f}" if index else "",
        )
        for index, site in enumerate(found.sites)
    )
    count = len(found.sites)
    alt = f"The stack with {count} place{'s' if count > 1 else ''} that fit the push; likeliest {best.part}, {likely(best.site_prob)}."
    table = Table("All places that fit the push, station axes", head, rows, folded=count > 6)
    return Figure("push-sites", "Where the push may come from", alt, svg, table, sheet=True)


def _grey_stack(axes: Axes, stack: Stack, view: Array, nearest_m: float) -> None:
    """The triangles that face the eye, grey; what stands nearer to the eye than `nearest_m` is left out."""
    surfaces = stack.surfaces
    facing = (surfaces.normal_body @ view[2] > 0) & (surfaces.centroid_m @ view[2] < nearest_m)
    order = np.flatnonzero(facing)[np.argsort(surfaces.centroid_m[facing] @ view[2], kind="stable")]
    shade = 0.70 + 0.24 * np.clip(surfaces.normal_body[order] @ view.T @ np.array([0.4, 0.7, 0.6]), 0, 1)
    colours = np.column_stack([shade, shade, shade, np.ones(shade.size)])
    corners = list(surfaces.vertex_m[surfaces.triangle[order]] @ view[:2].T)
    axes.add_collection(
        PolyCollection(corners, facecolors=colours, edgecolors=colours, linewidths=0.2, rasterized=True)
    )
    axes.autoscale()
    axes.set_aspect("equal")
    axes.axis("off")


def _nearest(found: PushSites) -> Array:
    """Which site each point of the region belongs to: the nearest."""
    middles = np.array([site.place_m for site in found.sites])
    return np.argmin(np.linalg.norm(found.region_m[:, None] - middles, axis=2), axis=1)


def _region(axes: Axes, found: PushSites, view: Array, only: int | None) -> None:
    """The region's points, those on walls that face away pale; `only` one site of it, larger."""
    belongs = _nearest(found)
    toward = np.array([site.normal_body for site in found.sites])[belongs] @ view[2] > 0
    shown = np.full(belongs.size, True) if only is None else belongs == only
    place, size = found.region_m @ view[:2].T, 3.0 if only is None else 12.0
    for seen, colour, alpha in ((~toward & shown, "orange", 0.25), (toward & shown, "red", 0.7)):
        axes.scatter(
            place[seen, 0], place[seen, 1], s=size, color=light(colour), alpha=alpha, linewidths=0, rasterized=True
        )


def _marks(axes: Axes, found: PushSites, view: Array, true_m: Array | None, close: bool) -> None:
    worth = [index for index, site in enumerate(found.sites[:_NAMED]) if site.site_prob >= 0.02 or index == 0]
    for index in worth[:1] if close else worth:
        spot = view[:2] @ found.sites[index].place_m
        axes.annotate(
            f"{index + 1}: {likely(found.sites[index].site_prob)}", (float(spot[0]), float(spot[1])), xytext=_ASIDE[index],
            textcoords="offset points", arrowprops={"arrowstyle": "-", "color": light("ink"), "linewidth": 0.6}, fontsize=7.5,
            bbox={"facecolor": light("paper"), "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        )  # fmt: skip
        axes.plot(*spot, "o", markersize=5, color="none", markeredgecolor=light("ink"), markeredgewidth=1.0)
    if true_m is not None:
        axes.plot(*(view[:2] @ true_m), "x", markersize=7, color=light("blue"), markeredgewidth=1.8)
