"""What the plume lays down on named surfaces, and for how long."""

from __future__ import annotations

from matplotlib.axes import Axes

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.deposit import Deposit
from whipple.report.formats import clock, number, shown, value_in
from whipple.report.ink import canvas, light, log_ticks, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_deposit"]


def draw_deposit(deposit: Deposit) -> Figure | None:
    """Column density and film life of each surface on logarithmic scales; None without surfaces."""
    rows = deposit.surfaces[::-1]
    if not rows:
        return None
    unit = clock(sorted(row.film_life_s.median for row in rows)[len(rows) // 2])
    with canvas(7.4, 0.95 + 0.28 * len(rows)) as drawing:
        column, life = drawing.subplots(1, 2, sharey=True)
        for y, row in enumerate(rows):
            _dot(column, y, row.column_per_m2, row.line_of_sight)
            _dot(life, y, row.film_life_s.scaled(value_in(1.0, unit), unit), row.line_of_sight)
        if deposit.column_limit_per_m2 > 0:
            column.axvline(deposit.column_limit_per_m2, color=light("red"), linestyle="--", linewidth=1, label="limit")
            column.legend(fontsize=7)
        column.set_yticks(range(len(rows)), [row.surface for row in rows])
        column.set(xlabel="vapour column, molecules per m²", ylim=(-0.6, len(rows) - 0.4))
        life.set(xlabel=f"life of a 1 µm film, {unit}")
        for axes in (column, life):
            log_ticks(axes, "x")
            quiet(axes, "x")
        svg = svg_of(drawing, "deposit")
    seen = [row.surface for row in rows if row.line_of_sight]
    limit = deposit.column_limit_per_m2
    cells = tuple(
        (
            r.surface,
            f"{number(r.distance_m)} m",
            f"{number(r.off_axis_rad * 57.29578)}°",
            "yes" if r.line_of_sight else "no",
            shown(r.arrival_kg_m2_s, "mg/m²/s"),
            shown(r.column_per_m2.scaled(1 / limit, ""), "") if limit > 0 else shown(r.column_per_m2, "per m²"),
            f"{number(r.temperature_K - 273.15, 2)} °C",
            shown(r.film_life_s, clock(r.film_life_s.median)),
            shown(r.residue_m, "nm"),
        )
        for r in deposit.surfaces
    )
    head = (
        "surface",
        "distance",
        "off axis",
        "in sight",
        "arrival",
        "column over the limit (ratio)" if limit > 0 else "column",
        "temperature",
        "film life",
        "residue",
    )
    alt = f"Vapour column and film life on {len(rows)} surfaces; the hole sees {len(seen)}: {', '.join(seen) or 'none'}. Open mark: not in sight."
    return Figure("deposit", "Where the coolant went", alt, svg, Table("Surfaces (90 % intervals)", head, cells))


def _dot(axes: Axes, y: int, value: Estimate, filled: bool) -> None:
    if value.high <= 0:
        return
    low = max(value.low, value.high * 1e-6)
    axes.hlines(y, low, value.high, color=light("teal"), linewidth=4, alpha=0.45)
    axes.plot(
        max(value.median, low),
        y,
        "o",
        color=light("teal") if filled else light("paper"),
        markeredgecolor=light("teal"),
        markersize=6,
    )
