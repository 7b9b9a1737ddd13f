"""Can a shower reach a wall? Its track along the orbit against the wall's normal and the stack's shadow, moment by moment."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import ShowerTrack
from whipple.casefile.findings.strikes import ShowerReach
from whipple.errors import RangeError
from whipple.exposure.site import Site
from whipple.exposure.words import Arrival, reach_sentence
from whipple.physics.frames import azimuth_elevation, direction_lvlh

__all__ = ["AZIMUTHS_RAD", "by_azimuth_frac", "shower_reach"]

#: Outward azimuths of the free plates, every 5 degrees from -180.
AZIMUTHS_RAD = np.radians(np.arange(-180.0, 180.0, 5.0))
#: Moments and points of the spot used for each draw of normal and attitude.
DRAW_MOMENTS, DRAW_POINTS = 240, 4


def _weights_s(track: ShowerTrack, t_s: Array) -> Array:
    """Seconds that each moment of the track stands for, 0 while the radiant is not in view."""
    if len(t_s) != len(track.arrival_dir_lvlh):
        raise RangeError(
            f"shower {track.code}",
            "t_s",
            f"{len(t_s)} moments",
            f"{len(track.arrival_dir_lvlh)}, one for each direction of the track",
        )
    spans: Array = (np.gradient(t_s) if len(t_s) > 1 else np.ones(len(t_s))) * (np.asarray(track.visible) > 0)
    return spans


def by_azimuth_frac(track: ShowerTrack, t_s: Array, azimuth_rad: Array = AZIMUTHS_RAD) -> Array:
    """Share of in-view time that the shower can strike a free horizontal plate of each outward azimuth. (n,)"""
    weight = _weights_s(track, t_s)
    if not weight.sum():
        return np.zeros(len(azimuth_rad))
    strikes = direction_lvlh(azimuth_rad, 0.0) @ track.arrival_dir_lvlh.T > 0.0
    share: Array = strikes @ weight / weight.sum()
    return share


def _arc_rad(azimuth_rad: Array) -> tuple[float, float]:
    """The shortest arc that holds every azimuth: (from, to), `to` beyond pi where it crosses the wake."""
    ordered = np.sort(azimuth_rad)
    gaps = np.diff(np.append(ordered, ordered[0] + 2 * np.pi))
    widest = int(gaps.argmax())
    low = float(ordered[(widest + 1) % len(ordered)])
    return low, low + float(2 * np.pi - gaps[widest])


def _range(values: Array) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def shower_reach(
    track: ShowerTrack,
    t_s: Array,
    site: Site,
    *,
    attitudes: Array | None = None,
    rng: np.random.Generator | None = None,
) -> ShowerReach:
    """Can this shower strike this spot, for what share of the time that its radiant is in view, and how squarely?

    `t_s` (n,) is the clock of the track. `attitudes` (k, 3, 3) are draws of body_from_lvlh: with them, and `rng` drawing normals by
    their weights, `reach_frac_range` is the 90 % range over normals and attitude. Raises RangeError when clock and track differ.
    Source: `cases.md` section 7 (the plate is struck while the cosine of incidence is positive).
    """
    weight = _weights_s(track, t_s)
    seen = np.flatnonzero(weight)
    direction = track.arrival_dir_lvlh[seen]
    body = direction @ site.body_from_lvlh.T
    total = float(weight[seen].sum())
    azimuth, elevation = azimuth_elevation(direction)
    arrival = Arrival(
        name=track.name,
        visible_frac=total / float(np.gradient(t_s).sum() if len(t_s) > 1 else 1.0),
        azimuth_rad=_arc_rad(azimuth) if len(seen) else (0.0, 0.0),
        elevation_rad=_range(elevation) if len(seen) else (0.0, 0.0),
        normal_azimuth_rad=float(azimuth_elevation(site.normal_lvlh[0])[0]),
        best_cosine=float((body @ site.normal_body[0]).max()) if len(seen) else -1.0,
        free_frac=float(weight[seen][body @ site.normal_body[0] > 0].sum() / total) if len(seen) else 0.0,
        reach_frac=float(weight[seen] @ site.open_to(0, body) / total) if len(seen) else 0.0,
        by_azimuth_frac=by_azimuth_frac(track, t_s),
    )
    spread = (
        _spread(direction, weight[seen], site, attitudes, rng)
        if len(seen) and attitudes is not None and rng is not None
        else ()
    )
    low, high = (
        (float(x) for x in np.quantile(spread, [0.05, 0.95]))
        if len(spread)
        else (arrival.reach_frac, arrival.reach_frac)
    )
    bounds = (min(low, arrival.reach_frac), max(high, arrival.reach_frac))
    speed = _range(track.speed_m_s[seen]) if len(seen) else (0.0, 0.0)
    return ShowerReach(
        shower=track.name, code=track.code, visible_frac=arrival.visible_frac,
        reach_frac=arrival.reach_frac, reach_frac_range=bounds, best_cosine_ratio=arrival.best_cosine,
        arrival_azimuth_rad=arrival.azimuth_rad, arrival_elevation_rad=arrival.elevation_rad, relative_speed_m_s=speed,
        azimuth_rad=AZIMUTHS_RAD, by_azimuth_frac=arrival.by_azimuth_frac, sentence=reach_sentence(arrival, bounds),
    )  # fmt: skip


def _spread(arrival_lvlh: Array, weight: Array, site: Site, attitudes: Array, rng: np.random.Generator) -> Array:
    """The reach for draws of normal and attitude, on a thinned clock. (k,)"""
    step = max(1, len(arrival_lvlh) // DRAW_MOMENTS)
    thinned, share = arrival_lvlh[::step], weight[::step] / weight[::step].sum()
    normals = rng.choice(len(site.normal_frac), size=len(attitudes), p=site.normal_frac)
    reached = [
        share @ site.open_to(int(normal), thinned @ turn.T, DRAW_POINTS)
        for normal, turn in zip(normals, attitudes, strict=True)
    ]
    return np.array(reached)
