"""The slot of `dynamics`: did the stack feel it, and can it hold attitude."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["Push"]


@dataclass(frozen=True)
class Push:
    """Force, torque and momentum of the jet on the whole stack, in LVLH (X ram, Y starboard, Z nadir).

    `force_lvlh_N` and `torque_lvlh_Nm` hold one estimate an axis (X, Y, Z), at onset. `momentum_Nms` (3, n) are percentiles
    5, 50, 95 of |h| held in the gyros on the clock `t_s` (n,); `capacity_Nms` every published capacity. `accumulates` says
    which axis builds up and which does not; `saturated_prob` is the probability that the peak exceeds the capacity. `saturates_s`
    (seconds after the onset) is given when every draw saturates the smallest capacity; `desaturation_kg` is the propellant to
    unload the peak, `advice` what to do about the torque.
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
