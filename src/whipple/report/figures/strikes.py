"""Which faces a shower can reach, and how often each part is struck."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from whipple.casefile.findings.strikes import PartRate, Strikes
from whipple.report.figures.sky import azimuth_elevation
from whipple.report.formats import number, percent, shown, value_in
from whipple.report.ink import HUES, canvas, light, log_ticks, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_rates", "draw_reach", "most_struck", "weighed"]

#: Units of a particle's mass with their factor from kg, heaviest first.
_MASSES = (("kg", 1.0), ("g", 1e3), ("mg", 1e6), ("µg", 1e9))
_DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))


def weighed(mass_kg: float) -> str:
    """A particle's mass in the unit that reads best.

    >>> weighed(1e-9), weighed(2.5e-6), weighed(3e-3)
    ('1 µg', '2.50 mg', '3 g')
    """
    unit, factor = next((row for row in _MASSES if mass_kg * row[1] >= 0.9995), _MASSES[-1])
    value = mass_kg * factor
    return f"{value:.0f} {unit}" if abs(value - round(value)) < 1e-6 * value else f"{number(value)} {unit}"


def draw_reach(strikes: Strikes) -> Figure | None:
    """Share of the time in view that a free horizontal plate with each outward azimuth is struck, one curve a shower."""
    if not strikes.showers:
        return None
    with canvas(7.4, 2.9) as drawing:
        axes = drawing.subplots()
        _site_azimuths(axes, strikes)
        for index, reach in enumerate(strikes.showers):
            turned = np.degrees(np.mod(reach.azimuth_rad + np.pi, 2 * np.pi)) - 180.0
            order = np.argsort(turned, kind="stable")
            axes.plot(
                np.concatenate([turned[order[-1:]] - 360, turned[order], turned[order[:1]] + 360]),
                100 * reach.by_azimuth_frac[np.concatenate([order[-1:], order, order[:1]])],
                linestyle=_DASHES[index % 6],
                color=light(HUES[index % 8]),
                label=reach.shower,
            )
        axes.set(
            xlim=(-180, 180),
            ylim=(-2, 102),
            xticks=range(-180, 181, 45),
            ylabel="% of time in view",
            xlabel="outward azimuth of the plate, deg (0 ram, 90 starboard, ±180 wake, −90 port)",
        )
        axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
        quiet(axes)
        svg = svg_of(drawing, "reach")
    alt = "Which outward normals each shower can hit. " + " ".join(r.sentence for r in strikes.showers)
    return Figure("reach", "Which faces can each shower hit?", alt, svg, _reach_table(strikes))


def _site_azimuths(axes: Axes, strikes: Strikes) -> None:
    """The azimuths of the site's possible normals, round the edge of the axis where they go beyond the wake."""
    azimuth, _ = azimuth_elevation(strikes.site_normal_lvlh)
    if not len(azimuth):
        return
    best = float(np.degrees(azimuth[0]))
    aside = np.mod(np.degrees(azimuth) - best + 180.0, 360.0) - 180.0
    for turn, label in ((0.0, "possible normals of the site"), (-360.0, None), (360.0, None)):
        low, high = best + aside.min() + turn, best + aside.max() + turn
        if high > -180.0 and low < 180.0:
            axes.axvspan(low, high, color=light("grid"), alpha=0.8, linewidth=0, label=label)
    axes.axvline(best, color=light("ink"), linewidth=1, linestyle=":", label="best guess")


def _reach_table(strikes: Strikes) -> Table:
    head = (
        "shower",
        "in view",
        "can reach the site",
        "over the normals",
        "best cosine",
        "azimuth, deg",
        "elevation, deg",
        "speed, km/s",
    )
    cells = []
    for r in strikes.showers:
        over = f"{percent(r.reach_frac_range[0])} to {percent(r.reach_frac_range[1])}"
        speed = f"{number(r.relative_speed_m_s[0] / 1e3, 1)} to {number(r.relative_speed_m_s[1] / 1e3, 1)}"
        where = (_span(r.arrival_azimuth_rad), _span(r.arrival_elevation_rad))
        name, cosine = f"{r.shower} ({r.code})", number(r.best_cosine_ratio, 0.05)
        cells.append((name, percent(r.visible_frac), percent(r.reach_frac), over, cosine, *where, speed))
    return Table("Showers against the suspect site (shares of the time in view)", head, tuple(cells))


def _span(pair: tuple[float, float]) -> str:
    return f"{number(np.degrees(pair[0]), 1.0)} to {number(np.degrees(pair[1]), 1.0)}"


def most_struck(parts: tuple[PartRate, ...], count: int, always: str = "") -> list[str]:
    """The parts of the suspect's own module (half of `count`) and those struck most often over all streams, most struck first."""
    total: dict[str, float] = {}
    for row in parts:
        total[row.part] = total.get(row.part, 0.0) + row.strike_per_s.median
    ranked = sorted(total, key=lambda part: (-total[part], part))
    module = always.split(".")[0]
    own = [part for part in ranked if part.split(".")[0] == module]
    own = sorted(own, key=lambda part: part != always)[: max(count // 2, 1)]
    chosen = own + [part for part in ranked if part not in own]
    return sorted(chosen[:count], key=lambda part: (-total[part], part))


def draw_rates(strikes: Strikes) -> Figure | None:
    """Strikes per year on the most-struck parts, one mark a stream, with intervals; None without rates."""
    parts = most_struck(strikes.parts, 10, strikes.site_part)[::-1]
    if not parts:
        return None
    streams = list(dict.fromkeys(row.stream for row in strikes.parts))
    with canvas(7.4, 1.0 + (0.16 + 0.04 * len(streams)) * len(parts)) as drawing:
        axes = drawing.subplots()
        for index, stream in enumerate(streams):
            rows = [row for row in strikes.parts if row.stream == stream and row.part in parts]
            _stream_marks(axes, rows, parts, index, 0.75 * (0.5 - (index + 0.5) / len(streams)))
        axes.set_yticks(
            range(len(parts)),
            [f"{part} (suspect)" if part == strikes.site_part else part for part in parts],
            fontsize=7.5,
        )
        axes.set(
            ylim=(-0.6, len(parts) - 0.4),
            xlabel=f"strikes per year by particles heavier than {weighed(strikes.parts[0].mass_kg)}",
        )
        axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
        log_ticks(axes, "x")
        quiet(axes, "x")
        svg = svg_of(drawing, "rates")
    alt = f"Strikes per year on {len(parts)} parts by stream. Most struck: {parts[-1]}. Suspect part: {strikes.site_part}."
    return Figure(
        "rates",
        "How often is each part struck?",
        alt,
        svg,
        _rate_table([row for row in strikes.parts if row.part in parts]),
    )


def _stream_marks(axes: Axes, rows: list[PartRate], parts: list[str], index: int, shift: float) -> None:
    struck = [row for row in rows if row.strike_per_s.median > 0]
    y = [parts.index(row.part) + shift for row in struck]
    low, middle, high = (
        np.array([value_in(getattr(row.strike_per_s, key), "per year") for row in struck])
        for key in ("low", "median", "high")
    )
    axes.hlines(y, low, high, color=light(HUES[index % 8]), linewidth=1.2, alpha=0.55)
    axes.plot(
        middle,
        y,
        "os^Dv<>pX*"[index % 10],
        color=light(HUES[index % 8]),
        markersize=4,
        linestyle="none",
        label=rows[0].stream,
    )


def _rate_table(rows: list[PartRate]) -> Table:
    head = ("part", "stream", "area", "strikes (90 %)", "punctures (90 %)", "mean speed", "mean incidence")
    cells = []
    for row in rows:
        pierced = shown(row.puncture_per_s, "per year") if row.puncture_per_s else "no wall law"
        speed, angle = (
            f"{number(row.mean_speed_m_s / 1e3, 1)} km/s",
            f"{number(float(np.degrees(row.mean_incidence_rad)), 1)}°",
        )
        cells.append(
            (
                row.part,
                row.stream,
                f"{number(row.area_m2)} m²",
                shown(row.strike_per_s, "per year"),
                pierced,
                speed,
                angle,
            )
        )
    return Table("Strike and puncture rates of the parts drawn", head, tuple(cells))
