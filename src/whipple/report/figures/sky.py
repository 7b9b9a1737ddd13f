"""The sky round the stack: where each stream comes from, what of it the hole can see, and how fast things can be."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from scipy.spatial import cKDTree

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import ShowerTrack, Sky
from whipple.casefile.findings.strikes import Strikes
from whipple.report.formats import number, percent, shown
from whipple.report.ink import HUES, canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["azimuth_elevation", "draw_sky", "draw_speeds", "hammer", "inverse_hammer"]

#: Shade of the sporadic flux, by the square root of its share of the highest.
_PAINTS = LinearSegmentedColormap.from_list("flux", ["#eef1f4", "#9cc3e6", "#2f6fae"])
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.2)), (0, (5, 1.2, 1, 1.2)), (0, (2, 1)))
#: Where the code of each shower stands beside its mark, in points: another way from shower to shower.
_ASIDE = ((0, -17), (0, 11), (-20, 9), (22, -3))


def azimuth_elevation(direction_lvlh: Array) -> tuple[Array, Array]:
    """Azimuth (0 ram, positive to starboard) and elevation (positive to zenith) of LVLH directions (..., 3), rad.

    >>> [round(float(x), 3) for x in azimuth_elevation(np.array([0.0, 1.0, -1.0]))]
    [1.571, 0.785]
    """
    x, y, z = np.moveaxis(np.asarray(direction_lvlh, dtype=float), -1, 0)
    return np.arctan2(y, x), np.arctan2(-z, np.hypot(x, y))


def hammer(azimuth_rad: Array, elevation_rad: Array) -> tuple[Array, Array]:
    """The Hammer equal-area map: x to starboard in [-2.83, 2.83], y to zenith in [-1.41, 1.41].

    >>> [round(float(v), 3) for v in hammer(np.array(np.pi), np.array(0.0))]
    [2.828, 0.0]
    """
    depth = np.sqrt(1 + np.cos(elevation_rad) * np.cos(azimuth_rad / 2))
    return 2 * np.sqrt(2) * np.cos(elevation_rad) * np.sin(azimuth_rad / 2) / depth, np.sqrt(2) * np.sin(
        elevation_rad
    ) / depth


def inverse_hammer(x: Array, y: Array) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Azimuth, elevation and "is on the map" of points of the Hammer map.

    >>> a, e, on = inverse_hammer(*hammer(np.array(1.0), np.array(0.5)))
    >>> round(float(a), 6), round(float(e), 6), bool(on)
    (1.0, 0.5, True)
    """
    on_map = x**2 / 8 + y**2 / 2 < 1
    z = np.sqrt(np.clip(1 - x**2 / 16 - y**2 / 4, 0, None))
    return 2 * np.arctan2(z * x, 2 * (2 * z**2 - 1)), np.arcsin(np.clip(z * y, -1, 1)), on_map


def draw_sky(sky: Sky, strikes: Strikes | None) -> Figure:
    """Map of arrival directions in LVLH: sporadic flux, shower tracks, Sun, and the hemisphere that the suspect site faces."""
    with canvas(7.4, 4.4) as drawing:
        axes = drawing.subplots()
        _background(axes, sky, strikes)
        _graticule(axes)
        for index, track in enumerate(sky.showers):
            _track(axes, track, index)
        _scale(axes)
        _sun(axes, sky)
        if strikes is not None and len(strikes.site_normal_lvlh):
            _horizon(axes, strikes.site_normal_lvlh)
        drawing.legend(loc="outside lower center", ncol=4, fontsize=7, handlelength=2.6)
        axes.set(xlim=(-2.95, 2.95), ylim=(-1.6, 1.55), aspect="equal")
        axes.axis("off")
        svg = svg_of(drawing, "sky")
    return Figure(
        "sky",
        "Where things came from, as seen from the stack",
        _sky_words(sky, strikes),
        svg,
        _track_table(sky),
        sheet=True,
    )


def _sky_words(sky: Sky, strikes: Strikes | None) -> str:
    orbit = sky.orbit
    azimuth, elevation = (number(float(np.degrees(v)), 1.0) for v in (orbit.sun_azimuth_rad, orbit.sun_elevation_rad))
    sun = f"Sun at azimuth {azimuth}°, elevation {elevation}° at the epoch."
    words = [f"Map of arrival directions: middle is ram, right starboard, left port, top zenith, edges wake. {sun}"]
    for track in sky.showers:
        turn, _ = azimuth_elevation(track.arrival_dir_lvlh)
        words.append(
            f"{track.name}: azimuth {number(np.degrees(turn[0]), 1.0)}° at the epoch, "
            f"above the limb {percent(float(np.mean(track.visible)))} of the time."
        )
    words.append("Blue: flux of sporadic meteoroids, darker where more arrive.")
    return " ".join(words) + (" Pale area: directions that the suspect site cannot see." if strikes is not None else "")


def _track_table(sky: Sky) -> Table:
    rows = []
    for track in sky.showers:
        azimuth, elevation = (np.degrees(v) for v in azimuth_elevation(track.arrival_dir_lvlh))
        rows.append(
            (
                f"{track.name} ({track.code})",
                shown(track.zhr_per_h, ""),
                f"{number(azimuth[0], 1.0)}°",
                f"{number(elevation[0], 1.0)}°",
                f"{number(track.speed_m_s[0] / 1e3, 0.5)} km/s",
                percent(float(np.mean(track.visible))),
            )
        )
    return Table(
        "Showers at the epoch",
        ("shower", "ZHR per hour (90 %)", "azimuth", "elevation", "relative speed", "share of time in view"),
        tuple(rows),
    )


def _background(axes: Axes, sky: Sky, strikes: Strikes | None) -> None:
    x, y = np.meshgrid(np.linspace(-2.83, 2.83, 360), np.linspace(-1.415, 1.415, 180))
    azimuth, elevation, on_map = inverse_hammer(x, y)
    flat = np.cos(elevation)
    wanted = np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), -np.sin(elevation)], axis=-1)
    nearest = cKDTree(sky.direction_lvlh).query(wanted)[1]
    sporadic = [stream.flux_per_m2_s.sum(axis=1) for stream in sky.streams if stream.kind == "sporadic"]
    radiance = sum(sporadic, np.zeros(len(sky.solid_angle_sr))) / sky.solid_angle_sr
    level = (radiance / max(float(radiance.max()), 1e-300))[nearest]
    picture = _PAINTS(np.sqrt(level))
    if strikes is not None and strikes.site_open.shape[1] == len(sky.solid_angle_sr):
        closed = (strikes.site_open[0] < 0.02)[nearest]
        picture[closed, :3] = 0.35 * picture[closed, :3] + 0.65
    picture[..., 3] = on_map
    axes.imshow(picture, extent=(-2.83, 2.83, -1.415, 1.415), origin="lower", interpolation="nearest", zorder=0)


def _graticule(axes: Axes) -> None:
    sweep = np.linspace(-np.pi / 2, np.pi / 2, 60)
    for degrees in range(-180, 181, 45):
        axes.plot(*hammer(np.full(60, np.radians(degrees)), sweep), color="#7a8692", linewidth=0.5, alpha=0.7)
    for degrees in (-60, -30, 0, 30, 60):
        axes.plot(*hammer(2 * sweep, np.full(60, np.radians(degrees))), color="#7a8692", linewidth=0.5, alpha=0.7)
    for degrees, name in ((-90, "port"), (0, "ram"), (90, "starboard")):
        x, _ = hammer(np.radians(np.array(float(degrees))), np.array(0.0))
        axes.text(float(x), -0.03, name, ha="center", va="top", fontsize=8, color="#1b2026", weight="bold")
    axes.text(0, 1.45, "zenith", ha="center", va="bottom")
    axes.text(0, -1.46, "nadir", ha="center", va="top")
    axes.text(-2.86, 0, "wake", ha="right", va="center", rotation=90)
    axes.text(2.86, 0, "wake", ha="left", va="center", rotation=90)


def _broken(x: Array, y: Array) -> tuple[Array, Array]:
    """A track with a gap where it leaves one edge of the map and comes back at the other."""
    jump = np.abs(np.diff(x)) > 1.5
    return np.insert(x, np.flatnonzero(jump) + 1, np.nan), np.insert(y, np.flatnonzero(jump) + 1, np.nan)


def _scale(axes: Axes) -> None:
    """What the blue shade means: its ramp with the shares of the highest flux."""
    bar = axes.inset_axes((0.0, 0.02, 0.17, 0.025))
    bar.imshow(_PAINTS(np.linspace(0, 1, 64))[None, :, :], extent=(0, 1, 0, 1), aspect="auto")
    bar.set_xticks([0, 0.5, 1], ["0", "¼", "highest"], fontsize=6.5)
    bar.set_yticks([])
    bar.set_title("sporadic meteoroids per m² and sr", fontsize=6.5, pad=3)


def _track(axes: Axes, track: ShowerTrack, index: int) -> None:
    """A shower's way in one orbit: thick while above the limb, thin and dotted behind the Earth, its place at the epoch marked."""
    colour, shape, drawn = HUES[index % len(HUES)], "os^Dv<>p"[index % 8], _DASHES[index % 4]
    x, y = hammer(*azimuth_elevation(track.arrival_dir_lvlh))
    for seen, width, dash in ((False, 0.7, ":"), (True, 2.0, drawn)):
        keep = (track.visible > 0.5) == seen
        axes.plot(
            *_broken(np.where(keep, x, np.nan), np.where(keep, y, np.nan)),
            linestyle=dash,
            color=light(colour),
            linewidth=width,
        )
    style: dict[str, Any] = {
        "color": light(colour),
        "markersize": 6,
        "markeredgecolor": "white",
        "markeredgewidth": 0.7,
    }
    axes.plot(x[0], y[0], shape, **style)
    axes.plot([], [], shape, linestyle=drawn, linewidth=2.0, label=f"{track.name} ({track.code})", **style)
    axes.annotate(
        track.code,
        (x[0], y[0]),
        xytext=_ASIDE[index % 4],
        textcoords="offset points",
        ha="center",
        fontsize=7,
        color=light(colour),
        arrowprops={"arrowstyle": "-", "color": light(colour), "linewidth": 0.6, "shrinkB": 3},
    )


def _sun(axes: Axes, sky: Sky) -> None:
    x, y = hammer(*azimuth_elevation(sky.orbit.sun_dir_lvlh))
    axes.plot(*_broken(x, y), color="#c98a00", linewidth=1.0, linestyle="-.", label="Sun")
    middle = hammer(np.array(sky.orbit.sun_azimuth_rad), np.array(sky.orbit.sun_elevation_rad))
    axes.plot(*middle, "*", color="#ffcf33", markeredgecolor="#7a5200", markersize=12)


def _horizon(axes: Axes, normals: Array) -> None:
    """The great circle that bounds what a face with the best-guess normal sees, and the normal itself; others thin."""
    turn = np.linspace(0, 2 * np.pi, 240)
    for index, normal in enumerate(normals[:1]):
        aside = np.cross(normal, [0.0, 0.0, 1.0] if abs(normal[2]) < 0.9 else [1.0, 0.0, 0.0])
        aside /= np.linalg.norm(aside)
        circle = np.cos(turn)[:, None] * aside + np.sin(turn)[:, None] * np.cross(normal, aside)
        axes.plot(
            *_broken(*hammer(*azimuth_elevation(circle))),
            color="#1b2026",
            linewidth=1.2,
            linestyle="--",
            label="edge of the site's view" if index == 0 else None,
        )
    axes.plot(
        *hammer(*azimuth_elevation(normals)),
        "x",
        color="#1b2026",
        markersize=5,
        alpha=0.75,
        label="possible outward normals",
    )
    axes.plot(*hammer(*azimuth_elevation(normals[0])), "X", color="#1b2026", markersize=9, markeredgecolor="white")


def draw_speeds(sky: Sky) -> Figure:
    """How fast a bound object can arrive from each azimuth, beside the showers as they arrive while in view."""
    with canvas(7.4, 2.7) as drawing:
        axes = drawing.subplots()
        azimuth, limit = np.degrees(sky.debris_limit_azimuth_rad), sky.debris_limit_speed_m_s / 1e3
        axes.fill_between(azimuth, limit, color=light("muted"), alpha=0.2, linewidth=0)
        axes.plot(azimuth, limit, color=light("ink"), label="fastest Earth-bound object")
        if azimuth.min() >= 0 and azimuth.max() <= 180:
            axes.fill_between(-azimuth, limit, color=light("muted"), alpha=0.2, linewidth=0)
            axes.plot(-azimuth, limit, color=light("ink"))
        for index, track in enumerate(sky.showers):
            seen = track.visible > 0.5
            az, _ = azimuth_elevation(track.arrival_dir_lvlh[seen])
            axes.plot(
                np.degrees(az),
                track.speed_m_s[seen] / 1e3,
                "os^Dv<>p"[index % 8],
                color=light(HUES[index % 8]),
                markersize=2.5,
                label=track.name,
                rasterized=True,
            )
        axes.set(
            xlim=(-180, 180),
            ylim=(0, None),
            xticks=range(-180, 181, 45),
            xlabel="arrival azimuth, deg (0 ram, 90 starboard, ±180 wake, −90 port)",
            ylabel="relative speed, km/s",
        )
        axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
        quiet(axes)
        svg = svg_of(drawing, "speeds")
    picks = [i for i in range(len(azimuth)) if round(float(azimuth[i])) % 15 == 0] or list(range(len(azimuth)))
    rows = tuple((f"{number(azimuth[i], 1.0)}°", f"{number(limit[i], 0.1)} km/s") for i in picks)
    at = {a: float(np.interp(a, azimuth, limit)) for a in (90.0, 135.0)}
    speeds = f"{number(at[90.0], 0.1)} km/s from starboard, {number(at[135.0], 0.1)} km/s from azimuth 135°"
    alt = f"Fastest Earth-bound object by arrival azimuth: {speeds}. Anything faster is a meteoroid."
    return Figure(
        "speeds", "What can arrive how fast", alt, svg, Table("Fastest Earth-bound object", ("azimuth", "speed"), rows)
    )
