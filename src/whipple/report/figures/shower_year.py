"""A year of showers: how much each adds, hour by hour, beside the sporadic background."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from whipple.environment.forecast import Forecast, ShowerHours
from whipple.report.ink import HUES, canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_shower_year", "save_shower_year"]

Array = npt.NDArray[np.float64]
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.2)), (0, (5, 1.2, 1, 1.2)), (0, (2, 1)))
_NAMED = 8


def draw_shower_year(forecast: Forecast, limit: int = 1) -> Figure:
    """The forecast above its limit number `limit`: fluxes by shower on top, enhancement at every limit below."""
    with canvas(7.4, 5.4) as drawing:
        _draw(drawing, forecast, min(limit, len(forecast.limits.value) - 1))
        svg = svg_of(drawing, "shower-year")
    return Figure("shower-year", "Showers over the year", _words(forecast, limit), svg, _table(forecast, limit))


def save_shower_year(forecast: Forecast, path: Path, limit: int = 1) -> None:
    """The same drawing as a file; the ending of the name says which kind (png, svg, pdf)."""
    with canvas(7.4, 5.4) as drawing:
        _draw(drawing, forecast, min(limit, len(forecast.limits.value) - 1))
        drawing.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _draw(drawing: Drawing, forecast: Forecast, limit: int) -> None:
    upper, lower = drawing.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    when = [forecast.start + timedelta(seconds=float(t)) for t in forecast.t_s]
    days = mdates.date2num(when)
    _fluxes(upper, forecast, days, limit)
    _enhancements(lower, forecast, days)
    _dates(lower, float(days[0]), float(days[-1]))
    lower.set_xlabel(f"{forecast.start:%Y} UTC, orbit {forecast.orbit}")


def _dates(axes: Axes, first: float, last: float) -> None:
    """Dates that each stand once: with the hour where the axis is shorter than a week."""
    span = last - first
    axes.set_xlim(first, last)
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=8) if span < 45 else mdates.MonthLocator())
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%d %b\n%H:%M" if span < 8 else "%d %b" if span < 45 else "%b"))


def _fluxes(axes: Axes, forecast: Forecast, days: Array, limit: int) -> None:
    """Each of the strongest showers by colour and dash with its name at its peak; the rest grey; the total with its 90 % band."""
    scale = 3600.0
    low, high = (values[:, limit] * scale for values in (forecast.low_per_m2_s, forecast.high_per_m2_s))
    axes.fill_between(days, low, high, color=light("muted"), alpha=0.22, linewidth=0, label="all showers, 90 %")
    total = np.where(forecast.total_per_m2_s[:, limit] > 0, forecast.total_per_m2_s[:, limit], np.nan) * scale
    axes.plot(days, total, color=light("ink"), linewidth=1.0, label="all showers")
    background = float(forecast.sporadic_per_m2_s[limit]) * scale
    axes.axhline(background, color=light("muted"), linestyle="--", linewidth=1.2, label="sporadic background")
    labelled: list[float] = []
    for rank, row in enumerate(_strongest(forecast, limit)):
        flux = np.where(row.flux_per_m2_s[:, limit] > 0, row.flux_per_m2_s[:, limit], np.nan) * scale
        if rank >= _NAMED:
            axes.plot(
                days, flux, color=light("muted"), linewidth=0.7, alpha=0.7, label="others" if rank == _NAMED else None
            )
            continue
        colour = light(HUES[rank % len(HUES)])
        axes.plot(days, flux, color=colour, linestyle=_DASHES[rank % 4], label=f"{row.name} ({row.code})")
        top = int(np.nanargmax(flux))
        _label(axes, row.code, (float(days[top]), float(flux[top])), colour, labelled)
    axes.set_yscale("log")
    floor = max(float(np.nanmin(total, initial=background)), background * 1e-4)
    axes.set_ylim(floor / 3, max(float(high.max()), background) * 3)
    axes.set_ylabel(f"per m² and hour, above {forecast.limits.labels()[limit]}")
    axes.legend(fontsize=6.5, loc="center left", bbox_to_anchor=(1.0, 0.5))
    quiet(axes)


def _label(axes: Axes, code: str, at: tuple[float, float], colour: str, labelled: list[float]) -> None:
    """The code above the peak; higher where a stronger shower beside it has one already."""
    width = float(np.diff(axes.dataLim.intervalx)[0])
    beside = sum(abs(at[0] - other) < 0.05 * width for other in labelled)
    labelled.append(at[0])
    early = at[0] - float(axes.dataLim.intervalx[0]) < 0.02 * width
    shift, side = (0, 4 + 11 * beside), "left" if early else "center"
    axes.annotate(code, at, shift, textcoords="offset points", ha=side, fontsize=7, color=colour)


def _enhancements(axes: Axes, forecast: Forecast, days: Array) -> None:
    for k, label in enumerate(forecast.limits.labels()):
        ratio = 100 * forecast.enhancement_ratio[:, k]
        axes.plot(days, ratio, color=light(HUES[k % len(HUES)]), linestyle=_DASHES[k % 4], label=f"above {label}")
    axes.set_ylim(0, None)
    axes.set_ylabel("showers, % of\nsporadic background")
    axes.legend(fontsize=6.5, loc="center left", bbox_to_anchor=(1.0, 0.5))
    quiet(axes)


def _strongest(forecast: Forecast, limit: int) -> list[ShowerHours]:
    return sorted(forecast.showers, key=lambda row: -float(row.flux_per_m2_s[:, limit].max()))


def _words(forecast: Forecast, limit: int) -> str:
    ratio = forecast.enhancement_ratio[:, limit]
    top = int(np.argmax(ratio))
    at = forecast.start + timedelta(seconds=float(forecast.t_s[top]))
    names = ", ".join(row.name for row in _strongest(forecast, limit)[:3])
    return (
        f"Shower flux above {forecast.limits.labels()[limit]} by the hour beside the sporadic background. Showers add most, "
        f"{100 * ratio[top]:.0f} %, on {at:%d %b %H:%M} UTC; the strongest are {names}. On the mean they add {100 * ratio.mean():.1f} %."
    )


def _table(forecast: Forecast, limit: int) -> Table:
    rows = []
    for row in _strongest(forecast, limit):
        top = int(np.argmax(row.flux_per_m2_s[:, limit]))
        at = forecast.start + timedelta(seconds=float(forecast.t_s[top]))
        share = row.flux_per_m2_s[top, limit] / forecast.sporadic_per_m2_s[limit]
        cells = (
            f"{at:%d %b %H:%M}",
            f"{row.zhr_per_h[top]:.0f}",
            f"{row.flux_per_m2_s[top, limit] * 3600:.1e}",
            f"{100 * share:.1f} %",
        )
        rows.append((f"{row.name} ({row.code})", *cells))
    head = ("shower", "peak UTC", "ZHR", "per m² and hour", "of the background")
    return Table(f"Peaks above {forecast.limits.labels()[limit]}", head, tuple(rows), folded=True)
