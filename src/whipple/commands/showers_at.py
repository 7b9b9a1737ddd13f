"""`whipple environment showers --at`: the showers of one moment along an orbit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from whipple.commands.orbit_at import moment_of, orbit_at
from whipple.commands.showers_asked import refuse_other_hours

if TYPE_CHECKING:
    from whipple.casefile.findings.sky import OrbitFacts, ShowerTrack
    from whipple.environment.models.outburst_years import Outburst

__all__ = ["showers_at"]


def showers_at(
    tle: Path,
    at: str,
    choice: tuple[list[str] | None, float, int | None],
    orbits: float,
    given: tuple[Outburst, ...],
    as_json: bool,
) -> None:
    """The showers active at a time (`whipple environment showers --at`): how strong, from which side, how fast, how long up.

    `choice`: burns, valid days, catalogue number; `given`: outbursts beside those of the table.
    """
    from datetime import timedelta

    from whipple.environment.models.moorhead_activity import active_showers
    from whipple.environment.outbursts import active_outbursts, outburst_track, spoken_outbursts
    from whipple.environment.outbursts_given import known_with
    from whipple.environment.showers import shower_track

    moment, known, day = moment_of(at, "--at"), known_with(given), timedelta(days=1)
    refuse_other_hours(given, moment)
    orbit = orbit_at(tle, moment, choice, orbits)
    tracks = [shower_track(shower, orbit) for shower in active_showers(orbit.solar_longitude_rad)]
    tracks += [outburst_track(one, orbit, moment) for one in active_outbursts(moment, known.outbursts)]
    rows = [_shower_row(track) for track in tracks]
    said = (spoken_outbursts(moment - day, moment + day, known.outbursts), *(one.text for one in known.caveats))
    answer = {
        "elements": orbit.elements, "rejected": list(orbit.rejected), "solar_longitude_rad": orbit.solar_longitude_rad,
        "beta_rad": orbit.beta_rad, "sun_azimuth_rad": orbit.sun_azimuth_rad, "sun_elevation_rad": orbit.sun_elevation_rad,
        "showers": rows, "outbursts": " ".join(said),
    }  # fmt: skip
    typer.echo(
        json.dumps(answer, sort_keys=True)
        if as_json
        else "\n".join([_shower_table(orbit, rows), "", *(f"* {text}" for text in said)])
    )


def _shower_row(track: ShowerTrack) -> dict[str, Any]:
    """One shower: at the time asked, and lowest and highest while it is up (None when it never is)."""
    from whipple.physics.frames import azimuth_elevation

    azimuth, elevation = azimuth_elevation(track.arrival_dir_lvlh)
    up = track.visible > 0

    def over(values: Any) -> list[float] | None:
        return [float(values[up].min()), float(values[up].max())] if up.any() else None

    return {
        "code": track.code, "name": track.name, "zhr_per_h": track.zhr_per_h.median,
        "zhr_per_h_90": [track.zhr_per_h.low, track.zhr_per_h.high], "right_ascension_rad": track.right_ascension_rad,
        "declination_rad": track.declination_rad, "azimuth_rad": float(azimuth[0]), "elevation_rad": float(elevation[0]),
        "speed_m_s": float(track.speed_m_s[0]), "up_at_start": bool(up[0]), "azimuth_range_rad": over(azimuth),
        "elevation_range_rad": over(elevation), "speed_range_m_s": over(track.speed_m_s), "visible_frac": float(up.mean()),
    }  # fmt: skip


def _shower_table(orbit: OrbitFacts, rows: list[dict[str, Any]]) -> str:
    from math import degrees

    head = (
        f"Solar longitude {degrees(orbit.solar_longitude_rad):.2f}°, beta {degrees(orbit.beta_rad):.2f}°, Sun at azimuth "
        f"{degrees(orbit.sun_azimuth_rad):+.1f}°, elevation {degrees(orbit.sun_elevation_rad):+.1f}°"
    )
    titles = f"{'':<4}{'shower':<32}{'ZHR':>6}{'RA':>7}{'Dec':>7}{'az now':>8}{'el':>7}{'km/s':>7}"
    lines = [head, titles + f"{'azimuth °':>14}{'elevation °':>13}{'km/s':>9}{'up %':>6}"]
    for row in rows:
        ranges = [
            _range(row["azimuth_range_rad"], 57.29578),
            _range(row["elevation_range_rad"], 57.29578),
            _range(row["speed_range_m_s"], 1e-3),
        ]
        lines.append(
            f"{row['code']:<4}{row['name'][:31]:<32}{row['zhr_per_h']:>6.1f}{degrees(row['right_ascension_rad']):>7.1f}"
            f"{degrees(row['declination_rad']):>+7.1f}{degrees(row['azimuth_rad']):>+8.1f}{degrees(row['elevation_rad']):>+7.1f}"
            f"{row['speed_m_s'] / 1e3:>7.1f}{ranges[0]:>14}{ranges[1]:>13}{ranges[2]:>9}{100 * row['visible_frac']:>6.0f}"
        )
    return "\n".join(lines if rows else [head, "No shower is active."])


def _range(values: list[float] | None, scale: float) -> str:
    return "never up" if values is None else f"{values[0] * scale:.0f}…{values[1] * scale:.0f}"
