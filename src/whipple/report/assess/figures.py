"""The drawings of a look ahead: by part and source, over the revolution, by direction, and what is not known."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from whipple.casefile.estimate import Array
from whipple.exposure.risk import Risk
from whipple.physics.constants import YEAR_s
from whipple.report.figures.stack import RATE_COLOURS
from whipple.report.formats import number, percent
from whipple.report.ink import HUES, canvas, light, log_ticks, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["draw_arrivals", "draw_dates", "draw_doubts", "draw_parts", "draw_sources", "draw_times"]

_MOST = 14


def draw_parts(risk: Risk) -> Figure | None:
    """Expected punctures of the parts most at risk with their intervals; of strikes where no wall is known."""
    pierced = [part for part in risk.parts if part.puncture_count is not None and part.puncture_count.high > 0]
    rows = sorted(pierced, key=lambda part: -part.risk_frac)[:_MOST][::-1]
    what = "expected punctures"
    chosen = [(part.part, part.puncture_count) for part in rows]
    if not rows:
        rows = sorted(risk.parts, key=lambda part: -part.strike_count.median)[:_MOST][::-1]
        chosen, what = [(part.part, part.strike_count) for part in rows], "expected strikes"
    chosen = [(name, count) for name, count in chosen if count is not None and count.low > 0]
    if not chosen:
        return None
    with canvas(7.4, 0.9 + 0.24 * len(chosen)) as drawing:
        axes = drawing.subplots()
        for at, (_, count) in enumerate(chosen):
            assert count is not None
            axes.hlines(at, count.low, count.high, color=light("blue"), linewidth=2, alpha=0.6)
            axes.plot(count.median, at, "o", color=light("blue"), markersize=5)
        axes.set_yticks(range(len(chosen)), [name for name, _ in chosen], fontsize=7.5)
        axes.set(ylim=(-0.7, len(chosen) - 0.3), xlabel=f"{what} over the exposure (90 % interval)")
        log_ticks(axes, "x")
        quiet(axes, "x")
        svg = svg_of(drawing, "parts")
    alt = f"{what.capitalize()} by part with 90 % intervals; highest: {chosen[-1][0]}."
    return Figure("parts", f"Which parts? {what.capitalize()}", alt, svg)


def draw_sources(risk: Risk) -> Figure | None:
    """Each source's share of the strikes and of the punctures of the whole vehicle."""
    strikes = np.array(
        [sum(row.strike_count.median for row in risk.sources if row.source == name) for name in risk.source_names]
    )
    if not strikes.sum() > 0:
        return None
    bars = [("strikes", strikes / strikes.sum())]
    if risk.source_frac.sum() > 0:
        bars.append(("punctures", risk.source_frac))
    with canvas(7.4, 0.95 + 0.42 * len(bars)) as drawing:
        axes = drawing.subplots()
        for at, (_, share) in enumerate(bars):
            left = 0.0
            for index, (name, part) in enumerate(zip(risk.source_names, share, strict=True)):
                axes.barh(at, 100 * part, left=100 * left, height=0.6, color=light(HUES[index % 8]), label=name if at == 0 else None,
                          hatch=("", "//", "..", "xx", "\\\\")[index % 5], edgecolor=light("paper"), linewidth=0.4)  # fmt: skip
                left += float(part)
        axes.set_yticks(range(len(bars)), [name for name, _ in bars])
        axes.set(xlim=(0, 100), xlabel="% of the expected number")
        axes.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
        svg = svg_of(drawing, "sources")
    head = ("source", "strikes", "punctures")
    pierced = [percent(float(share)) if len(bars) > 1 else "–" for share in risk.source_frac]
    cells = tuple(zip(risk.source_names, (percent(float(share)) for share in bars[0][1]), pierced, strict=True))
    said = [f"{name} {a} of strikes" + (f", {b} of punctures" if b != "–" else "") for name, a, b in cells]
    alt = "Share of each source: " + "; ".join(said) + "."
    return Figure("sources", "Which source?", alt, svg, Table("Shares by source (best guess)", head, cells))


def draw_times(risk: Risk) -> Figure | None:
    """Strikes and punctures per day over the stretches of a revolution (or of the attitude history), eclipse shaded."""
    if len(risk.phase_t_s) < 2:
        return None
    minutes, width = (risk.phase_t_s - risk.phase_t_s[0]) / 60.0, float(np.diff(risk.phase_t_s).mean()) / 60.0
    curves = [("strikes per day", risk.phase_strike_per_s.sum(axis=1) * 86_400.0)]
    if risk.phase_puncture_per_s.max() > 0:
        curves.append(("punctures per day", risk.phase_puncture_per_s.sum(axis=1) * 86_400.0))
    with canvas(7.4, 0.6 + 1.3 * len(curves)) as drawing:
        rows = np.atleast_1d(drawing.subplots(len(curves), 1, sharex=True))
        for axes, (name, rate), hue in zip(rows, curves, HUES, strict=False):
            for t, lit in zip(minutes, risk.phase_sunlit_frac, strict=True):
                axes.axvspan(t - width / 2, t + width / 2, color=light("grid"), alpha=float(1 - lit), linewidth=0)
            axes.step(minutes, rate, where="mid", color=light(hue))
            axes.set(ylabel=name, ylim=(0, 1.15 * float(rate.max())))
            quiet(axes)
        whose = "mean of the exposure" if _by_hour(risk) else "the epoch's day"
        rows[-1].set(
            xlabel=f"minutes from the epoch ({whose}; grey: Earth's shadow)",
            xlim=(minutes[0] - width / 2, minutes[-1] + width / 2),
        )
        svg = svg_of(drawing, "times")
    span = [f"{name} from {number(float(rate.min()))} to {number(float(rate.max()))}" for name, rate in curves]
    head = ("minutes", "in sunlight", *(name for name, _ in curves))
    cells = tuple(
        (f"{t:.0f}", percent(float(lit)), *(number(float(rate[i])) for _, rate in curves))
        for i, (t, lit) in enumerate(zip(minutes, risk.phase_sunlit_frac, strict=True))
    )
    alt = "Rates over the revolution: " + "; ".join(span) + "."
    return Figure("times", "When, over the revolution?", alt, svg, Table("Rates by stretch", head, cells, folded=True))


def _by_hour(risk: Risk) -> bool:
    """Whether the course over the exposure is told by the hour."""
    return len(risk.date_s) > 1 and float(risk.date_s[1] - risk.date_s[0]) < 0.1 * 86_400.0


def draw_dates(risk: Risk) -> Figure | None:
    """Punctures per day over the dates of a long exposure or the hours of a short one, by source (strikes where no wall is known)."""
    if len(risk.date_s) < 2:
        return None
    rows = [[row for row in risk.sources if row.source == name] for name in risk.source_names]
    level = np.array([sum(row.puncture_count.median for row in some if row.puncture_count) for some in rows])
    what = "punctures per day"
    if not level.sum() > 0:
        level, what = np.array([sum(row.strike_count.median for row in some) for some in rows]), "strikes per day"
    rate = level[:, None] * risk.date_frac / risk.duration_s * 86_400.0
    word, size = ("hour", 3600.0) if _by_hour(risk) else ("day", 86_400.0)
    days = risk.date_s / size
    with canvas(7.4, 2.6) as drawing:
        axes = drawing.subplots()
        for name, course, hue, dash in zip(risk.source_names, rate, HUES, ("-", "--", ":", "-.") * 2, strict=False):
            axes.plot(days, np.where(course > 0, course, np.nan), dash, color=light(hue), label=name, linewidth=1.3)
        axes.set(xlabel=f"{word}s from the epoch", ylabel=what)
        if (rate > 0).any():
            axes.set_ylim(max(float(rate[rate > 0].min()), 1e-4 * float(rate.max())), 2 * float(rate.max()))
            log_ticks(axes, "y")
        axes.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
        quiet(axes)
        svg = svg_of(drawing, "dates")
    total = rate.sum(axis=0)
    best = int(total.argmax())
    alt = f"{what.capitalize()} over the exposure: from {number(float(total.min()))} to {number(float(total.max()))} on {word} {days[best]:.0f}."
    head = (word, *risk.source_names)
    cells = tuple((f"{day:.1f}", *(number(float(x)) for x in column)) for day, column in zip(days, rate.T, strict=True))
    note = f"{what.capitalize()} by {word} and source (each source's flux on a sphere, scaled to its count)"
    if risk.duration_s > 1.001 * float(YEAR_s):
        note += "; the first year stands for all, debris for the whole exposure drawn together"
    return Figure(
        "dates", f"When, over the exposure? {what.capitalize()}", alt, svg, Table(note, head, cells, folded=True)
    )


def draw_arrivals(risk: Risk) -> Figure | None:
    """The sky by sectors of arrival, coloured by the share of all punctures (of strikes, where there are none)."""
    pierced = [(part.sector_frac, part.risk_frac) for part in risk.parts if part.risk_frac > 0]
    what = "punctures" if pierced else "strikes"
    rows = pierced or [(part.sector_frac, part.strike_count.median) for part in risk.parts]
    share = np.array(sum((frac * weight for frac, weight in rows), np.zeros(len(risk.sector_azimuth_rad))))
    if not share.sum() > 0:
        return None
    share = share / share.sum()
    with canvas(7.4, 2.7) as drawing:
        axes = drawing.subplots()
        paints = LinearSegmentedColormap.from_list("rates", RATE_COLOURS)
        for low, high, azimuth, value in _tiles(risk, share):
            width = 360.0 / int(np.isclose(risk.sector_elevation_rad, np.radians((low + high) / 2)).sum())
            for turn in (-360.0, 0.0, 360.0):
                tile = Rectangle(
                    (azimuth - width / 2 + turn, low),
                    width,
                    high - low,
                    facecolor=paints(value / share.max()),
                    edgecolor=light("paper"),
                    linewidth=0.8,
                )
                axes.add_patch(tile)
            if value >= 0.02:
                axes.text(azimuth, (low + high) / 2, f"{100 * value:.0f} %", ha="center", va="center", fontsize=7, color="#111111",
                          bbox={"facecolor": "#ffffff", "alpha": 0.75, "linewidth": 0, "pad": 1.0})  # fmt: skip
        axes.set(xlim=(-180, 180), ylim=(-90, 90), xticks=range(-180, 181, 45), yticks=(-90, -45, 0, 45, 90), ylabel="elevation, deg",
                 xlabel="azimuth of arrival, deg (0 ram, 90 starboard, ±180 wake, −90 port)")  # fmt: skip
        svg = svg_of(drawing, "arrivals")
    best = int(share.argmax())
    where = f"azimuth {np.degrees(risk.sector_azimuth_rad[best]):.0f}°, elevation {np.degrees(risk.sector_elevation_rad[best]):.0f}°"
    alt = f"Share of all {what} by direction of arrival; most from the sector around {where} ({percent(float(share[best]))})."
    return Figure("arrivals", f"From where? Share of all {what}", alt, svg, sheet=True)


def _tiles(risk: Risk, share: Array) -> list[tuple[float, float, float, float]]:
    edges = {-53.75: (-90.0, -17.5), 0.0: (-17.5, 17.5), 35.0: (17.5, 52.5), 71.25: (52.5, 90.0)}
    return [
        (*edges[round(float(np.degrees(elevation)), 3)], float(np.degrees(azimuth)), float(value))
        for azimuth, elevation, value in zip(risk.sector_azimuth_rad, risk.sector_elevation_rad, share, strict=True)
    ]


def draw_doubts(risk: Risk) -> Figure | None:
    """What each doubt alone does to the expected punctures: its 90 % range, and its share of the variance."""
    rows = [doubt for doubt in risk.doubts if doubt.variance_frac >= 0.0005][:8][::-1]
    if not rows:
        return None
    with canvas(7.4, 0.8 + 0.3 * len(rows)) as drawing:
        axes = drawing.subplots()
        for at, doubt in enumerate(rows):
            axes.hlines(at, doubt.low_ratio, doubt.high_ratio, color=light("orange"), linewidth=7, alpha=0.7)
            axes.text(doubt.high_ratio * 1.06, at, percent(doubt.variance_frac), va="center", fontsize=7.5)
        axes.axvline(1.0, color=light("ink"), linewidth=0.8)
        axes.set_yticks(range(len(rows)), [doubt.name for doubt in rows], fontsize=7.5)
        low, high = min(d.low_ratio for d in rows), max(d.high_ratio for d in rows)
        axes.set(
            ylim=(-0.7, len(rows) - 0.3),
            xlim=(low / 1.3, high * 2.2),
            xlabel="expected punctures over the best guess (each doubt alone, 90 %); right: share of the variance",
        )
        log_ticks(axes, "x")
        quiet(axes, "x")
        svg = svg_of(drawing, "doubts")
    alt = (
        "What is not known, largest first: "
        + "; ".join(f"{d.name} {percent(d.variance_frac)} of the variance" for d in rows[::-1])
        + "."
    )
    head = ("doubt", "what it is", "share of the variance", "range of the expected number")
    cells = tuple(
        (d.name, d.note, percent(d.variance_frac), f"× {number(d.low_ratio)} to × {number(d.high_ratio)}")
        for d in risk.doubts
    )
    return Figure("doubts", "What is not known?", alt, svg, Table("Each doubt alone", head, cells))
