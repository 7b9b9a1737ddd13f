"""The slot of `exposure`: how often is each surface struck or pierced, by what, and could it come from there at all."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["PartRate", "ShowerReach", "Strikes"]


@dataclass(frozen=True)
class PartRate:
    """One part and one stream: strikes heavier than `mass_kg` and punctures, per second over the whole part.

    `puncture_per_s` is None when no critical diameter is known for the part.
    """

    part: str
    stream: str
    area_m2: float
    mass_kg: float
    strike_per_s: Estimate
    puncture_per_s: Estimate | None
    mean_speed_m_s: float
    mean_incidence_rad: float


@dataclass(frozen=True)
class ShowerReach:
    """Can this shower reach the suspect site?

    Shares are of the time that the radiant is in view. `reach_frac` is for the site's best-guess normal with the stack's own
    shadow, `reach_frac_range` its interval over the possible normals. `azimuth_rad` (n,) and `by_azimuth_frac` (n,): share for a
    free horizontal plate with each outward azimuth (no stack shadow). `arrival_azimuth_rad`, `arrival_elevation_rad`,
    `relative_speed_m_s`: (lowest, highest) while in view. `best_cosine_ratio`: largest cosine of incidence on the site.
    """

    shower: str
    code: str
    visible_frac: float
    reach_frac: float
    reach_frac_range: tuple[float, float]
    best_cosine_ratio: float
    arrival_azimuth_rad: tuple[float, float]
    arrival_elevation_rad: tuple[float, float]
    relative_speed_m_s: tuple[float, float]
    azimuth_rad: Array
    by_azimuth_frac: Array
    sentence: str


@dataclass(frozen=True)
class Strikes:
    """Who can strike what.

    `site_part` is the suspect part; `site_normal_lvlh` (n_normal, 3) its possible outward normals (best guess first) with
    weights `site_normal_frac` (n_normal,). `site_open` (n_normal, n_dir): for each normal, the share of the site's area that each
    direction cell of the sky reaches, shadows of the stack included. `site_flux_per_m2_s` (n_stream, n_normal, n_speed): face flux heavier than each
    stream's reference mass at the site. `facet_strike_per_m2_s` (n_stream, n_facet): face flux on every triangle of the stack.
    `stream_names` in the order of the sky's streams.
    """

    site_part: str
    site_normal_lvlh: Array
    site_normal_frac: Array
    site_open: Array
    site_area_m2: float
    site_flux_per_m2_s: Array
    stream_names: tuple[str, ...]
    showers: tuple[ShowerReach, ...]
    parts: tuple[PartRate, ...]
    facet_strike_per_m2_s: Array
    rays_cast_count: int
    headline: str
    caveats: tuple[Caveat, ...] = ()
