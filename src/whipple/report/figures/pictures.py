"""The measured picture with its outline, and the error budget."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from whipple.casefile.findings.pictures import PictureMeasure
from whipple.report.formats import number, percent, shown
from whipple.report.ink import canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table
from whipple.report.read_picture import read_crop

__all__ = ["draw_measure"]


def draw_measure(measure: PictureMeasure, folder: Path, index: int) -> Figure:
    """A crop round the hole with the measured edge and a scale bar, beside the lines of the error budget."""
    with canvas(7.4, 2.8) as drawing:
        crop, budget = drawing.subplots(1, 2, width_ratios=(1, 1.3))
        _crop(crop, measure, folder)
        terms = measure.budget[::-1]
        budget.barh(
            range(len(terms)), [100 * term.sigma_frac for term in terms], color=light("blue"), alpha=0.7, height=0.6
        )
        budget.set_yticks(range(len(terms)), [term.term for term in terms], fontsize=7.5)
        budget.set(xlabel="1-sigma share of the diameter, %", title="error budget")
        quiet(budget, "x")
        svg = svg_of(drawing, f"picture{index}")
    across = f"{shown(measure.diameter_m, 'mm')} across on {number(measure.across_px)} pixels"
    alt = f"{measure.image}: {across}; long over short axis {number(measure.axis_ratio)}."
    rows = tuple((term.term, percent(term.sigma_frac), term.how) for term in measure.budget)
    return Figure(
        f"picture{index}",
        f"Picture: {measure.image}",
        alt,
        svg,
        Table("Error budget (1 sigma)", ("term", "share of the diameter", "how obtained"), rows),
        measure.simulated,
        sheet=True,
    )


def _crop(axes, measure: PictureMeasure, folder: Path) -> None:  # type: ignore[no-untyped-def]
    outline = measure.outline_px
    axes.set(xticks=[], yticks=[], title=f"{measure.image}: {number(measure.across_px)} px across")
    if not len(outline):
        axes.text(0.5, 0.5, "no edge measured", ha="center", transform=axes.transAxes)
        return
    middle, half = outline.mean(axis=0), max(3.0 * float(np.ptp(outline, axis=0).max()) / 2, 8.0)
    found = read_crop(folder / measure.path, float(middle[0]), float(middle[1]), half)
    if found is not None:
        grey, left, top = found
        extent = (left - 0.5, left + grey.shape[1] - 0.5, top + grey.shape[0] - 0.5, top - 0.5)
        axes.imshow(grey, cmap="gray", vmin=0, vmax=255, extent=extent, interpolation="nearest")
    axes.plot(*np.vstack([outline, outline[:1]]).T, color="#ff8c00", linewidth=1.4)
    axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] + half, middle[1] - half), aspect="equal")
    if measure.scale_m > 0:
        bar = 1e-3 / measure.scale_m
        axes.plot(
            [middle[0] - 0.9 * half, middle[0] - 0.9 * half + bar],
            [middle[1] + 0.85 * half] * 2,
            color="#ffd24a",
            linewidth=3,
            solid_capstyle="butt",
        )
        axes.text(middle[0] - 0.9 * half, middle[1] + 0.8 * half, "1 mm", color="#ffd24a", fontsize=8, va="bottom")
