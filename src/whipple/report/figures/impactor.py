"""The particle that makes the hole: the laws against speed, the sources on top, and how many such holes to expect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from whipple.casefile.findings.impactor import Impactor, SourceImpactor
from whipple.report.formats import number, shown
from whipple.report.ink import HUES, canvas, light, log_ticks, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_counts", "draw_laws"]


def draw_laws(impactor: Impactor, marks: Sequence[str] = ()) -> Figure | None:
    """Particle diameter against speed, one line a law, with each source's particle as a cross of 90 % intervals.

    `marks` are the marks of each law's caveats, for the table.
    """
    named = [row for row in impactor.sources if row.diameter_m and row.speed_m_s]
    if not impactor.laws and not named:
        return None
    with canvas(7.4, 3.3) as drawing:
        axes = drawing.subplots()
        for index, law in enumerate(impactor.laws):
            dash, name = ("-", "--", "-.", ":", (0, (6, 1, 1, 1)), (0, (1, 3)))[index % 6], f"{law.law}: {law.question}"
            axes.plot(
                law.speed_m_s / 1e3,
                1e3 * law.diameter_m,
                color=light("muted"),
                linewidth=1.1,
                linestyle=dash,
                label=name,
            )
        for index, row in enumerate(named):
            _cross(axes, row, index)
        axes.set(xscale="log", yscale="log", xlabel="speed, km/s", ylabel="particle diameter, mm")
        axes.set_xticks([2, 3, 5, 7, 10, 20, 30, 50, 70], ["2", "3", "5", "7", "10", "20", "30", "50", "70"])
        axes.minorticks_off()
        axes.set_ylim(max(axes.get_ylim()[0], _least(impactor)), None)
        log_ticks(axes, "y")
        axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
        quiet(axes)
        svg = svg_of(drawing, "laws")
    words = "; ".join(f"{row.stream}: {shown(row.diameter_m, 'mm')} at {shown(row.speed_m_s, 'km/s')}" for row in named)
    speeds = (5e3, 7e3, 10e3, 20e3, 30e3, 60e3)
    rows = tuple(
        (law.law + mark, law.question, *(_at(law.speed_m_s, law.diameter_m, v) for v in speeds))
        for law, mark in zip(impactor.laws, marks or [""] * len(impactor.laws), strict=True)
    )
    head = ("law", "answers", *(f"{v / 1e3:.0f} km/s" for v in speeds))
    return Figure(
        "laws",
        "Which particle gives this push?" if impactor.of_push else "Which particle makes this hole?",
        f"Particle diameter against speed for {len(impactor.laws)} published laws. {words}.",
        svg,
        Table("Particle diameter by law, mm, normal incidence (blank: outside what was computed)", head, rows),
    )


def _least(impactor: Impactor) -> float:
    """The smallest diameter worth drawing, mm: a fifth of the smallest that any source needs."""
    lows = [1e3 * row.diameter_m.low for row in impactor.sources if row.diameter_m and row.diameter_m.low > 0]
    return min(lows, default=1e-3) / 5


def _at(speed_m_s: np.ndarray, diameter_m: np.ndarray, wanted: float) -> str:
    if not len(speed_m_s) or not speed_m_s.min() <= wanted <= speed_m_s.max():
        return ""
    return number(1e3 * float(np.interp(wanted, speed_m_s, diameter_m)))


def _cross(axes: Axes, row: SourceImpactor, index: int) -> None:
    assert row.diameter_m is not None
    assert row.speed_m_s is not None
    colour = light(HUES[index % 8])
    axes.plot(
        [row.speed_m_s.low / 1e3, row.speed_m_s.high / 1e3],
        [1e3 * row.diameter_m.median] * 2,
        color=colour,
        linewidth=1.6,
    )
    axes.plot(
        [row.speed_m_s.median / 1e3] * 2,
        [1e3 * row.diameter_m.low, 1e3 * row.diameter_m.high],
        color=colour,
        linewidth=1.6,
    )
    axes.plot(
        row.speed_m_s.median / 1e3,
        1e3 * row.diameter_m.median,
        "os^Dv<>pX*"[index % 10],
        color=colour,
        markersize=6,
        label=row.stream,
    )


def draw_counts(impactor: Impactor) -> Figure | None:
    """Expected number of such holes (or pushes) in the suspect part over the exposure, one line a source; None without sources."""
    what = "strikes" if impactor.of_push else "holes"
    rows = sorted(impactor.sources, key=lambda row: row.expected_count.median)
    if not rows or rows[-1].expected_count.median <= 0:
        return None
    floor = min(row.expected_count.median for row in rows if row.expected_count.median > 0) / 30
    with canvas(7.4, 0.8 + 0.28 * len(rows)) as drawing:
        axes = drawing.subplots()
        for y, row in enumerate(rows):
            count = row.expected_count
            if count.high <= 0:
                axes.text(floor, y, "  cannot reach the site", va="center", fontsize=8, color=light("muted"))
                continue
            axes.hlines(y, max(count.low, floor), count.high, color=light("blue"), linewidth=4, alpha=0.45)
            axes.plot(max(count.median, floor), y, "o", color=light("blue"), markersize=6)
        axes.set_yticks(range(len(rows)), [row.stream for row in rows])
        axes.set(
            xlim=(floor, 2 * rows[-1].expected_count.high),
            ylim=(-0.6, len(rows) - 0.4),
            xlabel=f"expected number of such {what} in {impactor.part} over {number(impactor.exposure_s / 86400)} days",
        )
        log_ticks(axes, "x")
        quiet(axes, "x")
        svg = svg_of(drawing, "counts")
    best = rows[-1]
    alt = f"Expected number of such {what} per source. Largest: {best.stream}, {shown(best.expected_count, '')}."
    return Figure("counts", f"How many such {what} should there be?", alt, svg)
