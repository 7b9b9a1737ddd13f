"""Can the stack hold attitude against a torque: by tilting, by gyros, or on thrusters, and what does that cost?"""

from __future__ import annotations

import numpy as np
from scipy.optimize import root

from whipple.casefile.estimate import Array
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["advice", "desaturation_kg", "equilibrium_tilt_rad", "first_full_s", "thruster_hold_kg"]

#: A torque-equilibrium attitude is used within this tilt of LVLH.
TILT_LIMIT_RAD = Cited(float(np.radians(15.0)), unit="rad", source="leak_sheet", grade="source")
#: Propellant for one orbit on thrusters (Feb 2005, gyros saturated, Russian thrusters took over).
HOLD_KG_ORBIT = Cited(14.0, unit="kg", source="leak_sheet", grade="source")
#: Unloading: thrusters' lever arm and exhaust speed.
THRUSTER_ARM_M = Cited(15.0, unit="m", source="leak_sheet", grade="proposal")
EXHAUST_M_S = Cited(2_800.0, unit="m/s", source="leak_sheet", grade="proposal")


def _turn(tilt_rad: Array) -> Array:
    """LVLH to body components for small rotations about X, Y, Z by the rotation vector (3,)."""
    angle = float(np.linalg.norm(tilt_rad))
    x, y, z = tilt_rad / angle if angle else np.array([0.0, 0.0, 1.0])
    cross = np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _left_over_Nm(tilt_rad: Array, inertia: Array, torque_body_Nm: Array, rate_rad_s: float) -> Array:
    turn = _turn(tilt_rad)
    up, spin = turn @ np.array([0.0, 0.0, -1.0]), turn @ np.array([0.0, -rate_rad_s, 0.0])
    gravity = 3 * rate_rad_s**2 * np.cross(up, inertia @ up)
    return np.asarray(gravity - np.cross(spin, inertia @ spin) + torque_body_Nm)


def equilibrium_tilt_rad(inertia_body_kg_m2: Array, torque_body_Nm: Array, rate_rad_s: float) -> Array | None:
    """Rotation vector (3,) from LVLH at which gravity, turning with the orbit, and a body-fixed torque balance (sheet 8.1, 8.2).

    3 n^2 u x (J u) - w x (J w) + T = 0. None when there is no such attitude within 15 degrees of the one without the torque.

    >>> tilt = equilibrium_tilt_rad(np.diag([1.02e8, 0.91e8, 1.64e8]), np.array([0.0, 3.0, 0.0]), 1.13115e-3)
    >>> np.degrees(tilt).round(2).tolist()
    [0.0, -0.72, 0.0]
    """
    inertia = np.asarray(inertia_body_kg_m2, dtype=float)
    if inertia.shape != (3, 3) or not np.linalg.eigvalsh((inertia + inertia.T) / 2).min() > 0:
        raise RangeError(
            "equilibrium tilt", "inertia_body_kg_m2", inertia.tolist(), "a 3 x 3 matrix, all moments above zero"
        )
    scale = 3 * rate_rad_s**2 * float(np.trace(inertia)) / 3
    tilts = [np.zeros(3)]
    for torque in (np.zeros(3), np.asarray(torque_body_Nm, dtype=float)):

        def left_over(tilt: Array, torque: Array = torque) -> Array:
            return _left_over_Nm(tilt, inertia, torque, rate_rad_s) / scale

        found = root(left_over, tilts[-1], tol=1e-10)
        if not np.linalg.norm(left_over(found.x)) < 1e-8:
            return None
        tilts.append(found.x)
    off = np.asarray(tilts[2] - tilts[1])
    return off if float(np.linalg.norm(off)) <= TILT_LIMIT_RAD else None


def first_full_s(
    torque_Nm: Array, t_s: Array, rate_rad_s: float, capacity_Nms: float, start_Nms: Array | None = None
) -> float | None:
    """When the gyros are full in a fixed-LVLH hold (seconds after t_s[0]); None if never. Four double-gimbal gyros: a sphere.

    `torque_Nm` (n, 3) in LVLH; `start_Nms` (3,) what they hold at first (turning with the orbit, sheet 8.3).

    >>> t = np.linspace(0.0, 10800.0, 1081)
    >>> pitch = np.broadcast_to(np.array([0.0, 3.0, 0.0]), (1081, 3))
    >>> round(first_full_s(pitch, t, 1.13115e-3, 18970.0) / 3600, 2)
    1.76
    >>> first_full_s(pitch[:, ::-1] * 0 + [3.0, 0.0, 0.0], t, 1.13115e-3, 18970.0) is None
    True
    """
    held = held_momentum_Nms(torque_Nm, t_s, rate_rad_s)
    if start_Nms is not None:
        late = rate_rad_s * (t_s - t_s[0])
        side = (start_Nms[0] + 1j * start_Nms[2]) * np.exp(-1j * late)
        held = held + np.stack([side.real, np.full(late.size, start_Nms[1]), side.imag], axis=-1)
    size = np.linalg.norm(held, axis=-1)
    full = np.flatnonzero(size > capacity_Nms)
    if not full.size:
        return None
    at = int(full[0])
    if at == 0:
        return 0.0
    share = (capacity_Nms - size[at - 1]) / (size[at] - size[at - 1])
    return float(t_s[at - 1] + share * (t_s[at] - t_s[at - 1]) - t_s[0])


def desaturation_kg(momentum_Nms: float) -> float:
    """Propellant to unload this momentum with thrusters [kg]: H / (arm x exhaust speed); arm 15 m and 2.8 km/s are assumed.

    >>> round(desaturation_kg(18970.0), 2)
    0.45
    """
    return abs(momentum_Nms) / (THRUSTER_ARM_M * EXHAUST_M_S)


def thruster_hold_kg(duration_s: float, rate_rad_s: float) -> float:
    """Propellant to hold attitude on thrusters alone [kg]: 14 kg an orbit (ISS, February 2005).

    >>> round(thruster_hold_kg(2 * np.pi / 1.13115e-3, 1.13115e-3), 1)
    14.0
    """
    return HOLD_KG_ORBIT * duration_s * rate_rad_s / (2 * np.pi)


def advice(tilt_rad: float | None, peak_Nms: float, capacity_Nms: tuple[float, ...], full_s: float | None) -> str:
    """What to do, in words: nothing, tilt, or desaturate (upper figures in, so that the advice is on the safe side).

    >>> advice(0.02, 3000.0, (18970.0,), None)
    'Nothing needs doing: the gyros can hold this in LVLH (at most 3000 of 18970 N·m·s). A tilt of 1.1 deg would take it off them.'
    """
    tilt = "" if tilt_rad is None else f"{np.degrees(tilt_rad):.1f} deg"
    if not capacity_Nms:
        return f"A tilt of {tilt} would balance it; no gyro capacity is given." if tilt else ""
    least = min(capacity_Nms)
    if peak_Nms <= least:
        more = f" A tilt of {tilt} would take it off them." if tilt else ""
        return (
            f"Nothing needs doing: the gyros can hold this in LVLH (at most {peak_Nms:.0f} of {least:.0f} N·m·s).{more}"
        )
    when = "" if full_s is None else f" within {full_s / 3600:.1f} h"
    if tilt:
        return f"Tilt by {tilt} to the torque-equilibrium attitude; held in LVLH the gyros could be full{when}."
    cost = desaturation_kg(least)
    return f"Desaturate before the gyros are full{when}: about {cost:.1f} kg of propellant each time; no tilt within 15 deg balances this."
