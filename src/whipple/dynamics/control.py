"""Can the stack hold attitude against a torque: by tilting, by gyros, or on thrusters, and what does that cost?"""

from __future__ import annotations

import numpy as np
from scipy.optimize import root

from whipple.casefile.estimate import Array
from whipple.dynamics.inertia import checked_inertia
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = [
    "advice",
    "balanced_attitude_rad",
    "desaturation_kg",
    "equilibrium_tilt_rad",
    "first_full_s",
    "left_over_Nm",
    "thruster_hold_kg",
    "turn_of",
]

#: A torque-equilibrium attitude is used within this tilt of LVLH.
TILT_LIMIT_RAD = Cited(float(np.radians(15.0)), unit="rad", source="leak_sheet", grade="source")
#: Propellant for one orbit on thrusters (Feb 2005, gyros saturated, Russian thrusters took over).
HOLD_KG_ORBIT = Cited(14.0, unit="kg", source="leak_sheet", grade="source")
#: Unloading: thrusters' lever arm and exhaust speed.
THRUSTER_ARM_M = Cited(15.0, unit="m", source="leak_sheet", grade="proposal")
EXHAUST_M_S = Cited(2_800.0, unit="m/s", source="leak_sheet", grade="proposal")


def turn_of(tilt_rad: Array) -> Array:
    """The matrix (3, 3) from LVLH to body components for a rotation vector (3,).

    >>> turn_of(np.array([0.0, 0.0, np.pi / 2])).round(6)[0].tolist()
    [0.0, 1.0, 0.0]
    """
    angle = float(np.linalg.norm(tilt_rad))
    x, y, z = tilt_rad / angle if angle else np.array([0.0, 0.0, 1.0])
    cross = np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def left_over_Nm(turn: Array, inertia: Array, torque_body_Nm: Array, rate_rad_s: float) -> Array:
    """Torque (3,) that gravity, turning with the orbit, and an outside torque leave on a body at rest in LVLH, body axes."""
    up, spin = turn @ np.array([0.0, 0.0, -1.0]), turn @ np.array([0.0, -rate_rad_s, 0.0])
    gravity = 3 * rate_rad_s**2 * np.cross(up, inertia @ up)
    return np.asarray(gravity - np.cross(spin, inertia @ spin) + torque_body_Nm)


def balanced_attitude_rad(inertia_body_kg_m2: Array, torque_body_Nm: Array, rate_rad_s: float) -> Array | None:
    """Rotation vector (3,) from LVLH of the torque-equilibrium attitude nearest to LVLH, or None when the search finds none.

    3 n^2 u x (J u) - w x (J w) + T = 0 (sheet 8.1): gravity, turning with the orbit and a body-fixed torque balance.

    >>> station = np.array([[1.02e8, -6.96e6, -5.48e6], [-6.96e6, 0.91e8, 5.90e5], [-5.48e6, 5.90e5, 1.64e8]])
    >>> np.degrees(balanced_attitude_rad(station, np.zeros(3), 1.13115e-3)).round(1).tolist()
    [-0.2, 5.2, 26.3]
    """
    inertia = checked_inertia(inertia_body_kg_m2, "equilibrium tilt")
    scale = rate_rad_s**2 * float(np.trace(inertia))
    tilt = np.zeros(3)
    for share in (0.0, 1.0):  # first the body alone, then with the torque
        torque = share * np.asarray(torque_body_Nm, dtype=float)

        def left_over(tilt: Array, torque: Array = torque) -> Array:
            return left_over_Nm(turn_of(tilt), inertia, torque, rate_rad_s) / scale

        found = root(left_over, tilt, tol=1e-10)
        if not np.linalg.norm(left_over(found.x)) < 1e-8:
            return None
        tilt = found.x
    return np.asarray(tilt)


def equilibrium_tilt_rad(inertia_body_kg_m2: Array, torque_body_Nm: Array, rate_rad_s: float) -> Array | None:
    """How far (rotation vector, 3) a body-fixed torque moves the torque-equilibrium attitude: the tilt that takes it off the gyros.

    None when there is no such attitude within 15 degrees of the one without the torque (sheet 8.2, 8.4).

    >>> tilt = equilibrium_tilt_rad(np.diag([1.02e8, 0.91e8, 1.64e8]), np.array([0.0, 3.0, 0.0]), 1.13115e-3)
    >>> np.degrees(tilt).round(2).tolist()
    [0.0, -0.72, 0.0]
    """
    alone, pushed = (
        balanced_attitude_rad(inertia_body_kg_m2, torque, rate_rad_s) for torque in (np.zeros(3), torque_body_Nm)
    )
    if alone is None or pushed is None:
        return None
    off = pushed - alone
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
    if not capacity_Nms > 0:
        raise RangeError("gyros", "capacity_Nms", f"{capacity_Nms:g}", "a capacity above zero", "check the figure")
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


def advice(
    tilt_rad: float | None, peak_Nms: float, capacity_Nms: tuple[float, ...], full_s: float | None, *,
    with_air_Nms: float | None = None, managed_Nms: float | None = None,
) -> str:  # fmt: skip
    """What to do, in words: nothing, keep managing momentum, tilt, or desaturate (upper figures in: the advice is on the safe side).

    `peak_Nms` and `with_air_Nms` are those of a fixed LVLH hold that is never unloaded, without and with the air; `managed_Nms` that of
    the push alone at the torque-equilibrium attitude. All are on top of what gravity asks of the stack anyway.

    >>> advice(None, 3000.0, (18970.0,), None)
    'Nothing needs doing: on top of what gravity asks the gyros hold this in LVLH (at most 3000 of 18970 N·m·s).'
    >>> advice(None, 3000.0, (18970.0,), None, with_air_Nms=40000.0).split(":")[0]
    'The push itself needs nothing, but keep managing momentum'
    """
    least = min(capacity_Nms, default=np.inf)
    flies = managed_Nms is None or managed_Nms <= least
    tilt = f"{np.degrees(tilt_rad):.1f} deg" if tilt_rad is not None and flies else ""
    if not capacity_Nms:
        return f"A tilt of {tilt} would balance it; no gyro capacity is given." if tilt else ""
    if peak_Nms <= least:
        more = f" A tilt of {tilt} would take it off them." if tilt else ""
        if with_air_Nms is not None and with_air_Nms > least:
            return _keep_managing(peak_Nms, with_air_Nms, least, managed_Nms if flies else None, tilt)
        what = "this" if with_air_Nms is None else "jet and air"
        held = f"at most {max(peak_Nms, with_air_Nms or 0.0):.0f} of {least:.0f} N·m·s"
        return f"Nothing needs doing: on top of what gravity asks the gyros hold {what} in LVLH ({held}).{more}"
    when = "" if full_s is None else f" within {full_s / 3600:.1f} h"
    if tilt:
        return f"Tilt by {tilt} to the torque-equilibrium attitude; held in LVLH the gyros could be full{when}."
    cost = desaturation_kg(least)
    return f"Desaturate before the gyros are full{when}: about {cost:.1f} kg of propellant each time; no tilt within 15 deg balances this."


def _keep_managing(peak_Nms: float, with_air_Nms: float, least_Nms: float, managed_Nms: float | None, tilt: str) -> str:
    """The push alone does not fill the gyros; push and air would, where nothing takes the air's steady torque off them."""
    flown = (
        ""
        if managed_Nms is None
        else f"at most {managed_Nms:.0f} N·m·s of {least_Nms:.0f} at the torque-equilibrium attitude"
    )
    flown += f", which moves by {tilt}" if flown and tilt else ""
    held = (
        f"at most {peak_Nms:.0f} in a fixed LVLH hold"
        if flown
        else f"at most {peak_Nms:.0f} of {least_Nms:.0f} N·m·s in a fixed LVLH hold"
    )
    return (
        f"The push itself needs nothing, but keep managing momentum: the push costs the gyros {flown + ', and ' if flown else ''}{held}; "
        f"with the air's torque, which is there with or without the leak, such a hold without unloading could ask for {with_air_Nms:.0f} N·m·s."
    )
