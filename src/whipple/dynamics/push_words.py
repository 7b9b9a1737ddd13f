"""What does the room say about the push: its headline, and which axis builds momentum up?"""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array, Estimate
from whipple.dynamics.momentum import roll_yaw_bound_Nms

__all__ = ["accumulates", "headline"]


def accumulates(held: Array, torque: Array, rate: float) -> str:
    """Which axis builds momentum up and which does not, in words."""
    pitch = Estimate.from_samples(np.abs(held[:, :, 1]).max(axis=1), "N*m*s")
    side = Estimate.from_samples(np.hypot(held[:, :, 0], held[:, :, 2]).max(axis=1), "N*m*s")
    bound = float(np.median(roll_yaw_bound_Nms(np.hypot(torque[:, 0], torque[:, 2]), rate)))
    return (
        f"About pitch (the orbit normal) the torque adds up for as long as it lasts: {pitch.median:.0f} N·m·s at its largest "
        f"(90 %: {pitch.low:.0f} to {pitch.high:.0f}). About roll and yaw the body-fixed torque turns with the orbit and cannot "
        f"build up: {side.median:.0f} N·m·s at its largest ({side.low:.0f} to {side.high:.0f}), never above 2T/n = {bound:.0f} N·m·s."
    )


def _chance(probability: float) -> str:
    return "below 1 %" if probability < 0.01 else f"{probability:.0%}".replace("%", " %")


def headline(
    force: Estimate, moment: Array, peak: Estimate, together: Estimate, capacity: tuple[float, ...], *,
    managed: Estimate | None, simulated: bool,
) -> str:  # fmt: skip
    """The push, what it costs the gyros by itself, and whether they hold it together with the air."""
    torque = Estimate.from_samples(moment, "N*m")
    source = " (thrust from simulated data)" if simulated else ""
    says = (
        f"The jet pushed with {force.median:.2f} N (90 %: {force.low:.2f} to {force.high:.2f} N), a torque of {torque.median:.1f} N·m "
        f"({torque.low:.1f} to {torque.high:.1f} N·m){source}. By itself it costs the gyros "
    )
    held = f"{peak.median:.0f} N·m·s ({peak.low:.0f} to {peak.high:.0f}) in a fixed LVLH hold"
    if managed is not None:
        flown = (
            f"{managed.median:.0f} N·m·s ({managed.low:.0f} to {managed.high:.0f}) at the torque-equilibrium attitude"
        )
        held = f"{flown}, {held.replace(' N·m·s', '')}"
    if not capacity:
        return f"{says}{held}; no gyro capacity is given."
    chance = _over(peak, capacity)
    says += f"{held}, of {min(capacity):.0f} to {max(capacity):.0f}; probability that it fills them {_chance(chance)}"
    with_air = _over(together, capacity)
    if with_air < max(0.05, chance + 0.01):
        return says + "."
    return f"{says}, {_chance(with_air)} with the air if momentum is not managed."


def _over(peak: Estimate, capacity: tuple[float, ...]) -> float:
    """The share of the draws above a capacity, averaged over the capacities."""
    assert peak.samples is not None
    return float(np.mean([np.mean(peak.samples > limit) for limit in capacity]))
