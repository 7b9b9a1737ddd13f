"""The slot of `dynamics`: did the stack feel it, and can it hold attitude."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["Push", "PushSite", "PushSites", "StrikeParticle", "StrikePush"]


@dataclass(frozen=True)
class PushSite:
    """One place of the hull that fits the push, station axes: its part, its probability, and how far the region reaches from it."""

    part: str
    place_m: tuple[float, float, float]
    normal_body: tuple[float, float, float]
    site_prob: float
    reach_m: float


@dataclass(frozen=True)
class PushSites:
    """Where the momentum says the push comes from: every separate site of the 95 % region, most likely first.

    `apart_m` (k, k) are the distances between the sites, `region_m` (n, 3) and `region_prob` (n,) the points of the region, `region_m2` its area.
    `torque_Nm` is the torque at its largest, body axes; `carriers` the parts that were searched.
    """

    sites: tuple[PushSite, ...]
    apart_m: Array
    region_m: Array
    region_prob: Array
    region_m2: float
    torque_Nm: tuple[float, float, float]
    carriers: tuple[str, ...]
    simulated: bool
    sentence: str


@dataclass(frozen=True)
class StrikeParticle:
    """The particle of one kind that hands over what was felt: `from_azimuth_rad` and `from_elevation_rad` say where it came from, LVLH.

    `impulse_lvlh_Ns` one estimate an axis. `misfit_ratio` is chi-square for each component that the particle's mass does not take up.
    """

    kind: str
    impulse_Ns: Estimate
    impulse_lvlh_Ns: tuple[Estimate, ...]
    arm_m: Estimate
    mass_kg: Estimate
    diameter_m: Estimate
    speed_m_s: Estimate
    energy_J: Estimate
    from_azimuth_rad: Estimate
    from_elevation_rad: Estimate
    misfit_ratio: float


@dataclass(frozen=True)
class StrikePush:
    """What the change of speed and of body rates says of the strike itself: which part was pushed, how hard, and by what.

    `felt` in words; `parts` and `part_prob` say where it must have struck if nobody had looked (most likely first); `particles` are for `part`.
    `least_caught_ratio` and `most_thrown_ratio` are the ends of what was taken for the momentum that the wall keeps, and throws back.
    `recalled`: what was felt was remembered by whoever wrote the case, not read.
    """

    felt: tuple[str, ...]
    part: str
    parts: tuple[str, ...]
    part_prob: tuple[float, ...]
    particles: tuple[StrikeParticle, ...]
    sentence: str
    least_caught_ratio: float
    most_thrown_ratio: float
    recalled: bool = False


@dataclass(frozen=True)
class Push:
    """Force, torque and momentum of the jet on the whole stack, in LVLH (X ram, Y starboard, Z nadir).

    `force_lvlh_N` and `torque_lvlh_Nm` hold one estimate an axis (X, Y, Z), at onset. `momentum_Nms` (3, n) are percentiles
    5, 50, 95 of |h| held in the gyros on the clock `t_s` (n,); `capacity_Nms` every published capacity. `accumulates` says
    which axis builds up and which does not; `saturated_prob` is the probability that the peak exceeds the capacity. `saturates_s`
    (seconds after the onset) is given when every draw saturates the smallest capacity; `desaturation_kg` is the propellant to
    unload the peak, `advice` what to do about the torque. `air_torque_Nm` is the torque of the air (its size), `peak_with_air_Nms`
    what jet and air together would ask of the gyros in an LVLH hold that is never unloaded, `managed_peak_Nms` what the jet asks at the
    torque-equilibrium attitude, `sunlight_torque_Nm` an upper bound of the torque of sunlight. `kick` says whether the strike itself
    stepped the body rates, or how small a kick would have shown. `sites` says where on the hull it comes from: None without momentum channels.
    `strike` is the push of the strike itself: None unless the case says what change of speed or of body rates was felt.
    """

    force_N: Estimate | None
    force_lvlh_N: tuple[Estimate, ...]
    arm_m: Estimate | None
    torque_lvlh_Nm: tuple[Estimate, ...]
    peak_momentum_Nms: Estimate | None
    capacity_Nms: tuple[float, ...]
    saturated_prob: float | None
    tilt_rad: Estimate | None
    speed_change_m_s: Estimate | None
    t_s: Array
    momentum_Nms: Array
    accumulates: str
    headline: str
    caveats: tuple[Caveat, ...] = ()
    saturates_s: Estimate | None = None
    desaturation_kg: Estimate | None = None
    advice: str = ""
    air_torque_Nm: Estimate | None = None
    peak_with_air_Nms: Estimate | None = None
    sunlight_torque_Nm: float | None = None
    kick: str = ""
    managed_peak_Nms: Estimate | None = None
    sites: PushSites | None = None
    strike: StrikePush | None = None
