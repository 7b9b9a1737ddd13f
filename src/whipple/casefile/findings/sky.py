"""The slot of `environment`: what was flying there, from which way. One particle-flux type for every environment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["OrbitFacts", "ShowerTrack", "Sky", "Stream", "TrackedObjects"]


@dataclass(frozen=True)
class OrbitFacts:
    """Where the vehicle was: everything on the clock `t_s` (n,), seconds since the case epoch.

    `elements` says which element set was used and `rejected` why the others were not. `sun_dir_lvlh` (n, 3) points to the
    Sun; `sunlit` (n,) is 1 in sunlight, 0 in the cylindrical shadow. Scalars hold at the epoch. Solar longitude: J2000.
    """

    elements: str
    rejected: tuple[str, ...]
    t_s: Array
    position_gcrs_m: Array
    velocity_gcrs_m_s: Array
    sun_dir_lvlh: Array
    sunlit: Array
    beta_rad: float
    solar_longitude_rad: float
    sun_azimuth_rad: float
    sun_elevation_rad: float
    altitude_m: float
    period_s: float
    eclipse_frac: float


@dataclass(frozen=True)
class Stream:
    """One source of particles, in LVLH, averaged over the window of the sky.

    `flux_per_m2_s` (n_dir, n_speed): cross-sectional flux of particles heavier than `mass_reference_kg` arriving *from* each
    direction cell, with relative speed in each speed bin (per m2 of area normal to the arrival, per second; NOT a face flux:
    a face of unit normal n receives sum(flux * max(0, n.d))). `number_ratio` (n_mass,): cumulative number heavier than `mass_kg`
    (n_mass,) over that at the reference. `density_kg_m3`, `density_frac` (n_density,): bulk-density groups and their shares.
    `level_factor`: 1-sigma log-normal factor on the level (>= 1). `kind`: "sporadic", "shower" or "debris".
    """

    name: str
    kind: str
    hypothesis: str
    flux_per_m2_s: Array
    mass_reference_kg: float
    mass_kg: Array
    number_ratio: Array
    density_kg_m3: Array
    density_frac: Array
    level_factor: float
    models: tuple[str, ...]
    sources: tuple[str, ...]
    caveats: tuple[Caveat, ...] = ()

    def heavier_than(self, mass_kg: npt.ArrayLike) -> Array:
        """Particles heavier than `mass_kg` for one heavier than the reference: log-log between the table's rows.

        Beyond the table the slope of its two outermost rows goes on. Rows without particles are left out.

        >>> none = np.zeros((1, 1))
        >>> row = Stream("x", "debris", "d", none, 1e-6, np.array([1e-7, 1e-6]), np.array([10.0, 1.0]), none, none, 2.0, (), ())
        >>> row.heavier_than([1e-8, 1e-6, 1e-5]).round(3).tolist()
        [100.0, 1.0, 0.1]
        """
        known = self.number_ratio > 0
        x, y = np.log(self.mass_kg[known]), np.log(self.number_ratio[known])
        at = np.log(np.asarray(mass_kg, dtype=float))
        if x.size < 2:
            return np.full(at.shape, float(np.exp(y[0])) if x.size else 0.0)
        lower, upper = (y[1] - y[0]) / (x[1] - x[0]), (y[-1] - y[-2]) / (x[-1] - x[-2])
        outside = lower * np.minimum(at - x[0], 0.0) + upper * np.maximum(at - x[-1], 0.0)
        ratio: Array = np.exp(np.interp(at, x, y) + outside)
        return ratio


@dataclass(frozen=True)
class ShowerTrack:
    """One shower along the orbit, on the clock of the sky: where it seems to come from, how fast, and is it up.

    `arrival_dir_lvlh` (n, 3) unit vectors *from which* it arrives, aberration and gravitational bending included;
    `speed_m_s` (n,) relative speed; `visible` (n,) 1 when not blocked by Earth and atmosphere. `zhr_per_h` at the epoch.
    """

    name: str
    code: str
    right_ascension_rad: float
    declination_rad: float
    zhr_per_h: Estimate
    population_index_ratio: float
    speed_m_s: Array
    arrival_dir_lvlh: Array
    visible: Array
    sources: tuple[str, ...]


@dataclass(frozen=True)
class TrackedObjects:
    """Could a catalogued object have struck at the epoch of the case?

    `nearest_m`: the closest approach around the epoch with its error, None when none was within the threshold. `strikes_count`: strikes
    expected there at the worst scale of the element errors. `unspoken_count`: objects that cannot be spoken for. `ruled_out`: none near,
    and every object that could reach the ship is spoken for. `debris_log_nat`: ln of the likelihood ratio that this is for debris as such
    (near 0: most of what pierces a wall is not tracked).
    """

    nearest_m: Estimate | None
    nearest_object: str
    strikes_count: float
    around_s: float
    unspoken_count: int
    ruled_out: bool
    debris_log_nat: float
    headline: str
    sources: tuple[str, ...] = ()
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class Sky:
    """Everything that could have struck, in LVLH: direction cells, speed bins, sources, showers.

    `direction_lvlh` (n_dir, 3): unit vectors *from which* particles arrive; `solid_angle_sr` (n_dir,); `speed_m_s` (n_speed,)
    bin middles. `debris_limit_azimuth_rad`, `debris_limit_speed_m_s` (n,): the fastest Earth-bound object that can arrive
    horizontally from each azimuth (0 ram, 90 deg starboard). `tracked`: the screening of catalogued objects, None when the case
    names no catalogue.
    """

    orbit: OrbitFacts
    direction_lvlh: Array
    solid_angle_sr: Array
    speed_m_s: Array
    streams: tuple[Stream, ...]
    showers: tuple[ShowerTrack, ...]
    debris_limit_azimuth_rad: Array
    debris_limit_speed_m_s: Array
    headline: str
    caveats: tuple[Caveat, ...] = ()
    tracked: TrackedObjects | None = None
