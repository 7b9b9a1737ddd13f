"""What does a push cost the gyros where attitude and momentum are managed together, about the torque-equilibrium attitude?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_continuous_are
from scipy.signal import lsim

from whipple.casefile.estimate import Array
from whipple.dynamics.control import balanced_attitude_rad, turn_of
from whipple.dynamics.inertia import checked_inertia
from whipple.errors import SolveError
from whipple.physics.cited import Cited

__all__ = ["ManagingLaw", "managed_momentum_Nms", "managing_law"]

#: What the momentum-managing law counts as equally bad: tilt, momentum held, and control torque.
WORTH_RAD = Cited(0.02, unit="rad", source="leak_sheet", grade="proposal")
WORTH_NMS = Cited(2_000.0, unit="N*m*s", source="leak_sheet", grade="proposal")
WORTH_NM = Cited(3.0, unit="N*m", source="leak_sheet", grade="proposal")


#: A controlled stack that forgets more slowly than this, over the orbit rate, is not controlled.
_SLOWEST = 1e-3


@dataclass(frozen=True)
class ManagingLaw:
    """Linear-quadratic gains about an equilibrium; states: tilt, slip, momentum, sum of momentum (Wie, Byun & Warren 1989).

    `gain` (3, 12) turns the state into the control torque. `closed` (12, 12) and `pushed` (12, 3) are the controlled stack and how an
    outside torque in body axes enters it, for the state over `scale` (12,) and time over the orbit rate.
    """

    gain: Array
    closed: Array
    pushed: Array
    scale: Array


def managing_law(inertia: Array, orbit_rad_s: float, outside: Callable[[Array], Array], balance: Array) -> ManagingLaw:
    """The law about the attitude `balance` (3, 3); `outside` gives the torque (3,) from the matrix (3, 3) from LVLH to body.

    Raises SolveError where no gains exist.
    """
    scale = np.repeat([WORTH_RAD, WORTH_RAD * orbit_rad_s, WORTH_NMS, WORTH_NMS / orbit_rad_s], 3)
    inverse = np.linalg.inv(inertia)

    def slope(x: Array, control: Array) -> Array:
        state = x * scale
        turn = turn_of(state[:3]) @ balance
        spin = turn @ np.array([0.0, -orbit_rad_s, 0.0])
        rate = state[3:6] + spin
        moved = inverse @ (outside(turn) - np.cross(rate, inertia @ rate) + control * WORTH_NM)
        held = -control * WORTH_NM - np.cross(rate, state[6:9])
        return np.concatenate([state[3:6], moved + np.cross(rate, spin), held, state[6:9]]) / scale / orbit_rad_s

    step, none = 1e-4, np.zeros(3)
    plant = np.column_stack([(slope(step * e, none) - slope(-step * e, none)) / (2 * step) for e in np.eye(12)])
    drive = np.column_stack([(slope(np.zeros(12), e) - slope(np.zeros(12), -e)) / 2 for e in np.eye(3)])
    try:
        cost = solve_continuous_are(plant, drive, np.eye(12), np.eye(3))
    except np.linalg.LinAlgError as error:
        raise SolveError("momentum-managing law", float("nan"), f"hold a fixed attitude instead ({error})") from None
    closed = plant - drive @ drive.T @ cost
    slowest = float(np.linalg.eigvals(closed).real.max())
    if slowest > -_SLOWEST:  # gravity has no hold on the body: a sphere
        raise SolveError(
            "momentum-managing law", slowest, "hold a fixed attitude: gravity cannot take momentum off this body"
        )
    pushed = np.zeros((12, 3))
    pushed[3:6] = inverse / (WORTH_RAD * orbit_rad_s) / orbit_rad_s
    return ManagingLaw(WORTH_NM * drive.T @ cost / scale, closed, pushed, scale)


def managed_momentum_Nms(inertia_kg_m2: Array, orbit_rad_s: float, share_frac: Array, t_s: Array) -> Array | None:
    """Momentum in the gyros (3, n, 3), body axes, for 1 N m about each body axis times `share_frac` (n,) on even times `t_s` (n,).

    The stack flies at its torque-equilibrium attitude; gravity and the steady torques are balanced there, so this is what the push
    asks for on top. Linear in the torque (the tilts are a degree or two). None where no such attitude or no law is found.

    >>> held = managed_momentum_Nms(np.diag([1.02e8, 0.91e8, 1.64e8]), 1.13115e-3, np.ones(200), np.linspace(0.0, 40000.0, 200))
    >>> bool(np.abs(held[1, :, 1]).max() < 2000), bool(np.abs(held[:, -1]).max() < 20)  # a steady push costs a peak, then nothing
    (True, True)
    """
    inertia = checked_inertia(inertia_kg_m2, "managed momentum")
    tilt = balanced_attitude_rad(inertia, np.zeros(3), orbit_rad_s)
    if tilt is None:
        return None

    def gravity(turn: Array) -> Array:
        up = turn @ np.array([0.0, 0.0, -1.0])
        return np.asarray(3 * orbit_rad_s**2 * np.cross(up, inertia @ up))

    try:
        law = managing_law(inertia, orbit_rad_s, gravity, turn_of(tilt))
    except SolveError:
        return None
    seen = np.zeros((3, 12))
    seen[:, 6:9] = np.diag(law.scale[6:9])
    late, held = orbit_rad_s * (t_s - t_s[0]), []
    for axis in range(3):
        system = (law.closed, law.pushed[:, [axis]], seen, np.zeros((3, 1)))
        held.append(lsim(system, share_frac, late)[1])
    return np.array(held)
