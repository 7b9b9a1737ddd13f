"""How much momentum must the gyros take to hold attitude against a torque?"""

from __future__ import annotations

from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["held_momentum_Nms", "roll_yaw_bound_Nms", "saturation_time_s"]


def held_momentum_Nms(torque_Nm: Array, t_s: Array, rate_rad_s: float) -> Array:
    """Momentum (..., n, 3) that gyros hold in LVLH axes under a torque (..., n, 3), from zero: h' = T - w x h (sheet 8.3).

    LVLH turns at (0, -n, 0). Pitch: h is the sum of the torque. Roll and yaw: with H = hx + i hz, H' = T - i n H, so
    H = exp(-i n t) times the integral of T exp(i n t): a constant torque never gets past 2T/n. The torque is taken linear
    between the times, which must be a small part of an orbit apart.

    >>> t = np.linspace(0.0, 5554.7, 1001)
    >>> steady = np.broadcast_to(np.array([0.0, 3.0, 0.0]), (1001, 3))
    >>> round(held_momentum_Nms(steady, t, 1.13115e-3)[-1, 1])
    16664
    """
    if np.any(np.diff(t_s) <= 0) or not rate_rad_s > 0:
        raise RangeError("momentum", "t_s or rate_rad_s", f"{rate_rad_s:g} rad/s", "rising times and a rate above zero")
    turn = np.exp(1j * rate_rad_s * t_s)
    cross = (torque_Nm[..., 0] + 1j * torque_Nm[..., 2]) * turn
    side = _summed(cross, t_s) / turn
    return np.stack([side.real, _summed(torque_Nm[..., 1], t_s), side.imag], axis=-1)


def _summed(value: Any, t_s: Array) -> Any:
    steps = (value[..., 1:] + value[..., :-1]) / 2 * np.diff(t_s)
    return np.concatenate([np.zeros_like(value[..., :1]), np.cumsum(steps, axis=-1)], axis=-1)


def roll_yaw_bound_Nms(torque_Nm: Any, rate_rad_s: float) -> Any:
    """Largest momentum that a steady body-fixed roll or yaw torque can build up in LVLH: 2T/n (sheet 8.3).

    >>> round(roll_yaw_bound_Nms(3.0, 1.13115e-3))
    5304
    """
    return 2 * torque_Nm / rate_rad_s


def saturation_time_s(capacity_Nms: float, torque_Nm: float, held_Nms: float = 0.0) -> float:
    """Time until a steady pitch torque (or any, in an inertial hold) fills the gyros: (H - h0)/|T| (sheet 8.3).

    >>> round(saturation_time_s(18970.0, 3.0) / 3600, 2)
    1.76
    """
    if not (capacity_Nms > 0 and 0 <= held_Nms <= capacity_Nms):
        raise RangeError("gyros", "held_Nms", f"{held_Nms:g}", f"0 to the capacity, {capacity_Nms:g} N*m*s")
    return (capacity_Nms - held_Nms) / abs(torque_Nm) if torque_Nm else float("inf")
