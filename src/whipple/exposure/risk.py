"""The nouns of a look ahead: what is struck and pierced, part by part and source by source, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = [
    "Acceptance", "Assumption", "Doubt", "FacetRates", "FacetRisk", "PartRisk", "Risk", "SourceRisk", "Whole",
]  # fmt: skip


@dataclass(frozen=True)
class SourceRisk:
    """One part and one source: counts over the exposure, and what arrives.

    `puncture_count` None: the wall is not known. Mean and spread (standard deviation) of speed and incidence, of strikes and of punctures.
    `reached_frac`: share of the part's area that the source can reach at all.
    """

    part: str
    source: str
    strike_count: Estimate
    puncture_count: Estimate | None
    strike_speed_m_s: float
    strike_speed_spread_m_s: float
    strike_incidence_rad: float
    strike_incidence_spread_rad: float
    puncture_speed_m_s: float
    puncture_speed_spread_m_s: float
    puncture_incidence_rad: float
    puncture_incidence_spread_rad: float
    reached_frac: float


@dataclass(frozen=True)
class PartRisk:
    """One part: punctures over the exposure, probability of none, its share of the whole risk, and where it comes from.

    `sector_frac` (n_sector,): share of the punctures (of the strikes, where the wall is not known) by sector of arrival. `sheltered_frac`:
    share of the area that nothing reaches. `ray_noise_frac`: 1-sigma noise that the number of rays leaves in the part's count.
    """

    part: str
    module: str
    wall: str
    laws: tuple[str, ...]
    area_m2: float
    strike_count: Estimate
    puncture_count: Estimate | None
    none_prob: Estimate | None
    risk_frac: float
    sector_frac: Array
    sheltered_frac: float
    arrivals: str
    ray_noise_frac: float = 0.0


@dataclass(frozen=True)
class Whole:
    """Several parts together: all of them, or one module. `risk_frac` is their share of the whole."""

    name: str
    area_m2: float
    strike_count: Estimate
    puncture_count: Estimate | None
    none_prob: Estimate | None
    risk_frac: float


@dataclass(frozen=True)
class Doubt:
    """One thing that is not known well: its share of the variance of ln(expected punctures), and what its own 90 % range does to them."""

    name: str
    variance_frac: float
    low_ratio: float
    high_ratio: float
    note: str


@dataclass(frozen=True)
class Assumption:
    """Something assumed, changed alone: expected punctures of the whole vehicle over those of the best guess."""

    name: str
    count_ratio: float
    note: str


@dataclass(frozen=True)
class FacetRisk:
    """One of the triangles most at risk: its part, where it is and which way it faces (at the epoch), rates and what arrives.

    Means are those of the punctures of `source`, which brings most of them (of strikes, where the wall is not known).
    """

    facet: int
    part: str
    area_m2: float
    centre_m: tuple[float, float, float]
    normal_azimuth_rad: float
    normal_elevation_rad: float
    strike_per_m2_s: float
    puncture_per_m2_s: float
    source: str
    source_frac: float
    speed_m_s: float
    incidence_rad: float


@dataclass(frozen=True)
class Acceptance:
    """A required probability of no puncture: `met_prob` is the probability that the true value reaches it, given every doubt."""

    name: str
    parts: tuple[str, ...]
    required_prob: float
    none_prob: Estimate | None
    met_prob: float
    sentence: str


@dataclass(frozen=True)
class FacetRates:
    """Every triangle: rates per m2 and second (n_source, n_facet), means and spreads of what strikes and of what pierces.

    Where nothing arrives the means are 0. `arrival_lvlh` (n_facet, 3): mean direction from which strikes come, its length the share that
    agrees (1: all from one direction).
    """

    strike_per_m2_s: Array
    puncture_per_m2_s: Array
    strike_speed_m_s: Array
    strike_speed_spread_m_s: Array
    strike_incidence_rad: Array
    strike_incidence_spread_rad: Array
    puncture_speed_m_s: Array
    puncture_speed_spread_m_s: Array
    puncture_incidence_rad: Array
    puncture_incidence_spread_rad: Array
    arrival_lvlh: Array


@dataclass(frozen=True)
class Risk:
    """Everything a look ahead found. Counts hold for `duration_s`; rates over a revolution are those of the epoch's day, of an exposure up to
    3 days means over it.

    `phase_t_s`, `phase_sunlit_frac` (n_phase,); `phase_strike_per_s`, `phase_puncture_per_s` (n_phase, n_part). `joint_angle_rad`
    (n_phase, n_joint). `sector_azimuth_rad`, `sector_elevation_rad` (n_sector,) in LVLH. `unreachable`: sentences on what could not
    have been reached. `pose_count`: positions of vehicle and arrays that rays were cast for. `date_s` (n_date,) and `date_frac`
    (n_source, n_date): each source's flux over the dates of an exposure (hours of a short one), over its mean. `ray_count`: origins of rays
    in each position.
    """

    duration_s: float
    source_names: tuple[str, ...]
    source_kinds: tuple[str, ...]
    source_frac: Array
    total: Whole
    modules: tuple[Whole, ...]
    parts: tuple[PartRisk, ...]
    sources: tuple[SourceRisk, ...]
    doubts: tuple[Doubt, ...]
    acceptance: tuple[Acceptance, ...]
    facets: FacetRates
    phase_t_s: Array
    phase_sunlit_frac: Array
    phase_strike_per_s: Array
    phase_puncture_per_s: Array
    joint_names: tuple[str, ...]
    joint_angle_rad: Array
    sector_azimuth_rad: Array
    sector_elevation_rad: Array
    unreachable: tuple[str, ...]
    pose_count: int
    models: tuple[str, ...]
    sources_used: tuple[str, ...]
    headline: str
    caveats: tuple[Caveat, ...] = ()
    worst_facets: tuple[FacetRisk, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    date_s: Array = field(default_factory=lambda: np.zeros(0))
    date_frac: Array = field(default_factory=lambda: np.zeros((0, 0)))
    ray_count: int = 0
