"""How does the stack move under control, what do its gyros hold, and when are they full?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from whipple.casefile.estimate import Array
from whipple.dynamics.control import balanced_attitude_rad, desaturation_kg, turn_of
from whipple.dynamics.inertia import checked_inertia
from whipple.dynamics.managing import managing_law
from whipple.errors import RangeError, SolveError
from whipple.physics.cited import Cited

__all__ = ["Gyros", "Motion", "Torque", "fly_stack"]

#: Torque on the stack (3,) in body axes, from the time [s] and the matrix (3, 3) from LVLH to body.
Torque = Callable[[float, Array], Array]

#: Output torque of one gyro of the station; a total of four is the most the law may ask for.
GYRO_NM = Cited(258.0, unit="N*m", source="leak_sheet", grade="recalled")
#: How fast the fixed-LVLH law brings an error back (three equal poles), well below the structure's bending.
BANDWIDTH_RAD_S = Cited(0.01, unit="rad/s", source="leak_sheet", grade="proposal")
_LAWS = ("free", "lvlh", "equilibrium")
#: Relative accuracy: a free body is compared with published digits; a controlled one forgets its errors.
_FREE_RELATIVE, _RELATIVE = 1e-12, 1e-9
_LONGEST_STEP_S, _MOST_UNLOADS = 50.0, 200
_SMALLEST = np.concatenate([np.full(4, 1e-14), np.full(3, 1e-18), np.full(6, 1e-9)])


@dataclass(frozen=True)
class Gyros:
    """The gyros' spherical envelope and torque; `unload`: thrusters empty them when full, else they lock and attitude is lost."""

    capacity_Nms: float
    torque_Nm: float = 4 * float(GYRO_NM)
    unload: bool = True
    start_Nms: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Motion:
    """The run on `t_s` (n,): tilt from LVLH (n, 3), body rates (n, 3) and momentum in the gyros (n, 3), body axes.

    `full_s` are the times at which the gyros were full, `propellant_kg` what unloading them took.
    """

    t_s: Array
    tilt_rad: Array
    rate_rad_s: Array
    momentum_Nms: Array
    full_s: tuple[float, ...]
    propellant_kg: float


def _cross(a: Array, b: Array) -> Array:
    """The cross product of two vectors, ten times faster than NumPy's general one."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


@dataclass(frozen=True)
class _Body:
    inertia: Array
    inverse: Array
    orbit_rad_s: float
    gravity: bool
    torque: Torque

    def outside_Nm(self, t: float, turn: Array) -> Array:
        up = turn @ np.array([0.0, 0.0, -1.0])
        pull = 3 * self.orbit_rad_s**2 * _cross(up, self.inertia @ up) if self.gravity else np.zeros(3)
        return np.asarray(pull + self.torque(t, turn))

    def spin(self, turn: Array) -> Array:
        return np.asarray(turn @ np.array([0.0, -self.orbit_rad_s, 0.0]))


#: Control torque on the body (3,) from time, turn, body rate, momentum, and the law's own integral (3,); and that integral's rate.
_Law = Callable[[float, Array, Array, Array, Array], tuple[Array, Array]]


def _matrix(q: Array) -> Array:
    v, w = q[:3], q[3]
    cross = np.array([[0.0, v[2], -v[1]], [-v[2], 0.0, v[0]], [v[1], -v[0], 0.0]])
    return np.asarray((w * w - v @ v) * np.eye(3) + 2 * np.outer(v, v) + 2 * w * cross)


def _rotation(turn: Array) -> Array:
    """Rotation vector (3,) of a matrix from one frame to another (below half a turn)."""
    odd = 0.5 * np.array([turn[1, 2] - turn[2, 1], turn[2, 0] - turn[0, 2], turn[0, 1] - turn[1, 0]])
    sine, cosine = float(np.linalg.norm(odd)), 0.5 * (float(np.trace(turn)) - 1)
    return np.asarray(odd * (np.arctan2(sine, cosine) / sine if sine > 1e-12 else 1.0))


def _free(t: float, turn: Array, rate: Array, held: Array, sum_: Array) -> tuple[Array, Array]:
    return np.zeros(3), np.zeros(3)


def _fixed(body: _Body, target: Array) -> _Law:
    """Hold an attitude: what gravity and turning ask for, and three equal poles on the error (its integral takes the rest)."""
    pole = float(BANDWIDTH_RAD_S)

    def law(t: float, turn: Array, rate: Array, held: Array, sum_: Array) -> tuple[Array, Array]:
        error, slip = _rotation(turn @ target.T), rate - body.spin(turn)
        up = turn @ np.array([0.0, 0.0, -1.0])
        known = _cross(rate, body.inertia @ rate)
        if body.gravity:
            known = known - 3 * body.orbit_rad_s**2 * _cross(up, body.inertia @ up)
        pulled = 3 * pole * slip + 3 * pole**2 * error + pole**3 * sum_
        return known - body.inertia @ pulled, error

    return law


def _managed(body: _Body, balance: Array) -> _Law:
    """Let the attitude move to where the torques balance and keep momentum small: linear-quadratic gains about the equilibrium.

    States: tilt from the equilibrium, slip, momentum, sum of momentum (Wie, Byun & Warren 1989: attitude and momentum together).
    """
    gain = managing_law(body.inertia, body.orbit_rad_s, lambda turn: body.outside_Nm(0.0, turn), balance).gain

    def law(t: float, turn: Array, rate: Array, held: Array, sum_: Array) -> tuple[Array, Array]:
        state = np.concatenate([_rotation(turn @ balance.T), rate - body.spin(turn), held, sum_])
        return -gain @ state, held

    return law


def _law(kind: str, body: _Body, attitude_rad: Array | None) -> tuple[_Law, Array]:
    """The law of that name and the attitude (3, 3) from LVLH to body at which it starts."""
    if kind == "equilibrium":
        tilt = balanced_attitude_rad(body.inertia, body.torque(0.0, np.eye(3)), body.orbit_rad_s)
        if tilt is None:
            raise SolveError("torque-equilibrium attitude", float("nan"), "hold LVLH, or make the torque smaller")
        start = turn_of(tilt if attitude_rad is None else np.asarray(attitude_rad, dtype=float))
        return _managed(body, turn_of(tilt)), start
    start = turn_of(np.zeros(3) if attitude_rad is None else np.asarray(attitude_rad, dtype=float))
    return (_fixed(body, start) if kind == "lvlh" else _free), start


def _slope(body: _Body, law: _Law, gyros: Gyros | None, locked: bool) -> Callable[[float, Array], Array]:
    def slope(t: float, y: Array) -> Array:
        q, rate, held, sum_ = y[:4], y[4:7], y[7:10], y[10:]
        turn = _matrix(q / np.linalg.norm(q))
        control, more = law(t, turn, rate, held, sum_)
        gained = -control - _cross(rate, held)
        size = float(np.linalg.norm(gained))
        if gyros is None or locked:
            gained = np.zeros(3)
        elif size > gyros.torque_Nm:
            gained = gained * (gyros.torque_Nm / size)
        push = body.outside_Nm(t, turn) - _cross(rate, body.inertia @ rate + held) - gained
        slip = rate - body.spin(turn)
        moved = np.append(0.5 * (q[3] * slip - _cross(slip, q[:3])), -0.5 * slip @ q[:3])
        return np.concatenate([moved, body.inverse @ push, gained, more])

    return slope


def _quaternion(turn: Array) -> Array:
    angle = _rotation(turn)
    size = float(np.linalg.norm(angle))
    return np.append(angle / size * np.sin(size / 2) if size else np.zeros(3), np.cos(size / 2))


def fly_stack(
    inertia_kg_m2: Array, orbit_rad_s: float, torque: Torque, t_s: Array, *, law: str = "lvlh", gyros: Gyros | None = None,
    attitude_rad: Array | None = None, rate_rad_s: Array | None = None, gravity: bool = True, breaks_s: Sequence[float] = (),
) -> Motion:  # fmt: skip
    """Rigid body, gravity gradient, outside torque and gyros through time: J w' + w x (J w + h) = T_gg + T - h' (sheet 8.1).

    `law`: "free" (no control), "lvlh" (hold the start attitude, LVLH by default) or "equilibrium" (start at the torque-equilibrium
    attitude, keep attitude and momentum small together). `torque(t, body_from_lvlh)` is in body axes (leak, air, thrusters); give
    the times where it jumps in `breaks_s`. `attitude_rad` (3,) is the rotation vector from LVLH at the start, `rate_rad_s` (3,) the
    inertial body rate at the start (turning with LVLH by default). Full gyros are unloaded, or lock: see `Gyros`.
    Raises RangeError for an impossible inertia, law or times, and for a torque above the gyros' own; SolveError when no equilibrium or no
    solution is found.

    >>> t = np.linspace(0.0, 5554.7, 200)
    >>> pitch = fly_stack(np.diag([1.02e8, 0.91e8, 1.64e8]), 1.13115e-3, lambda t, turn: np.array([0.0, 3.0, 0.0]), t,
    ...                   gyros=Gyros(18970.0))
    >>> round(float(pitch.momentum_Nms[-1, 1]) / 1000, 1)
    16.7
    """
    inertia, times = checked_inertia(inertia_kg_m2, "fly_stack"), np.asarray(t_s, dtype=float)
    if law not in _LAWS or times.size < 2 or np.any(np.diff(times) <= 0) or not orbit_rad_s > 0:
        raise RangeError("fly_stack", "law, t_s, orbit_rad_s", f"{law!r}, {times.size} times, {orbit_rad_s:g} rad/s",
                         f"one of {', '.join(_LAWS)}; at least two rising times; a rate above zero")  # fmt: skip
    if law != "free" and gyros is None:
        raise RangeError("fly_stack", "gyros", None, f"gyros for the law {law!r}", "give Gyros(capacity_Nms)")
    if gyros is not None and not (gyros.capacity_Nms > float(np.linalg.norm(gyros.start_Nms)) and gyros.torque_Nm > 0):
        found = f"{gyros.capacity_Nms:g} and {gyros.torque_Nm:g}, {np.linalg.norm(gyros.start_Nms):g} N m s held"
        raise RangeError(
            "fly_stack",
            "gyros",
            found,
            "capacity and torque above zero, and room for what is held",
            "check the figures",
        )
    body = _Body(inertia, np.asarray(np.linalg.inv(inertia), dtype=float), orbit_rad_s, gravity, torque)
    steering, turn = _law(law, body, attitude_rad)
    asked = float(np.linalg.norm(torque(float(times[0]), turn)))
    if law != "free" and gyros is not None and asked > gyros.torque_Nm:
        found, expected = f"{asked:g} N m at the start", f"at most what the gyros can give, {gyros.torque_Nm:g} N m"
        raise RangeError("fly_stack", "torque", found, expected, "no gyros hold this: fly the stack free")
    rate = body.spin(turn) if rate_rad_s is None else np.asarray(rate_rad_s, dtype=float)
    held = np.asarray(gyros.start_Nms if gyros else (0.0, 0.0, 0.0), dtype=float)
    state = np.concatenate([_quaternion(turn), rate, held, np.zeros(3)])
    return _marched(
        body, steering, gyros, state, times, sorted({float(b) for b in breaks_s if times[0] < b < times[-1]})
    )


def _marched(body: _Body, law: _Law, gyros: Gyros | None, state: Array, t_s: Array, breaks_s: list[float]) -> Motion:
    out, spent, locked = np.empty((t_s.size, 13)), 0.0, False
    full: list[float] = []
    now, stops = float(t_s[0]), [*breaks_s, float(t_s[-1])]
    out[0] = state

    def margin(t: float, y: Array) -> float:
        return float(np.linalg.norm(y[7:10])) - gyros.capacity_Nms if gyros else -1.0

    margin.terminal, margin.direction = True, 1.0  # type: ignore[attr-defined]
    while stops:
        at = t_s[(t_s > now) & (t_s <= stops[0])]
        run = solve_ivp(_slope(body, law, gyros, locked), (now, stops[0]), state, "DOP853", np.unique(np.append(at, stops[0])),
                        events=None if locked or gyros is None else margin, rtol=_FREE_RELATIVE if law is _free else _RELATIVE, atol=_SMALLEST,
                        max_step=_LONGEST_STEP_S)  # fmt: skip
        if run.status < 0 or len(full) > _MOST_UNLOADS:
            raise SolveError("controlled stack", float("nan"), run.message if run.status < 0 else "give larger gyros")
        if len(run.t):
            known = np.isin(run.t, at)
            out[np.searchsorted(t_s, run.t[known])] = run.y.T[known]
        if run.status == 0:
            now, state = stops.pop(0), run.y[:, -1]
            continue
        now, state = float(run.t_events[0][0]), run.y_events[0][0].copy()  # type: ignore[index]
        full.append(now)
        if gyros is not None and gyros.unload:
            spent += desaturation_kg(float(np.linalg.norm(state[7:10])))
            state[7:10] = 0.0
        else:
            locked = True
    turns = np.array([_rotation(_matrix(q / np.linalg.norm(q))) for q in out[:, :4]])
    return Motion(t_s, turns, out[:, 4:7], out[:, 7:10], tuple(full), spent)
