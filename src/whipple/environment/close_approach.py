"""When are two objects closest, how close, and from which way? Minima of the range between two sgp4 orbits.

On a grid of 60 s the relative path between two samples is a cubic through both positions and velocities; it errs by less than
h^4/384 |d''''|, about a metre in low orbit. A minimum nearer than a few hundred km is alone in its step: between two minima of the range
lies a time of order pi/sqrt(2 mu/r^3), 15 minutes in low orbit. So each sign change of the range rate holds exactly one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from sgp4.api import Satrec

from whipple.physics.frames import lvlh_from_gcrs
from whipple.physics.time import DAY_S

__all__ = ["STEP_S", "Encounter", "brackets", "encounter", "hermite_miss_m", "refine_s"]

Array = npt.NDArray[np.float64]

#: The grid: see the docstring; a choice of this project.
STEP_S = 60.0
#: No two Earth-bound objects pass each other faster than twice the escape speed at 6400 km.
_FASTEST_m_s = 22.4e3
_BISECTIONS = 28


@dataclass(frozen=True)
class Encounter:
    """One closest approach as seen from the ship. Vectors (3,) from the ship to the object, and its velocity relative to the ship.

    LVLH: X ram, Y starboard, Z nadir; RTN: radial out, along track, orbit normal: (R, T, N) = (-Z, X, -Y). The relative velocity is
    the difference of inertial velocities resolved in those axes. The object comes from azimuth, elevation.
    """

    t_s: float
    miss_m: float
    speed_m_s: float
    miss_lvlh_m: Array
    velocity_lvlh_m_s: Array

    @property
    def miss_rtn_m(self) -> Array:
        """The miss vector in RTN."""
        return rtn_from_lvlh(self.miss_lvlh_m)

    @property
    def velocity_rtn_m_s(self) -> Array:
        """The relative velocity in RTN."""
        return rtn_from_lvlh(self.velocity_lvlh_m_s)

    @property
    def arrival_dir_lvlh(self) -> Array:
        """The unit vector from which the object comes."""
        return np.asarray(-self.velocity_lvlh_m_s / max(self.speed_m_s, 1e-12))


def rtn_from_lvlh(vector_lvlh: npt.ArrayLike) -> Array:
    """Components along radial-out, along-track and orbit normal.

    >>> rtn_from_lvlh([1.0, 2.0, 3.0]).tolist()
    [-3.0, 1.0, -2.0]
    """
    v = np.asarray(vector_lvlh, dtype=float)
    return np.stack([-v[..., 2], v[..., 0], -v[..., 1]], axis=-1)


def brackets(offset_m: Array, rate_m_s: Array, within_m: float) -> npt.NDArray[np.int64]:
    """Rows (object, step) of every step (of `STEP_S`) in which the range may have a minimum below `within_m`.

    `offset_m`, `rate_m_s` (n, t, 3): from ship to object, on the grid. NaN samples open no bracket.

    >>> t = np.arange(0.0, 241.0, 60.0)
    >>> d = np.stack([7e3 * (t - 100.0), 0 * t + 500.0, 0 * t], axis=-1)[None]
    >>> brackets(d, np.broadcast_to([7e3, 0.0, 0.0], d.shape), 1e3).tolist()
    [[0, 1]]
    """
    closing = np.einsum("ntk,ntk->nt", offset_m, rate_m_s)
    range2 = np.einsum("ntk,ntk->nt", offset_m, offset_m)
    reach2 = (within_m + _FASTEST_m_s * STEP_S / 2) ** 2
    near = np.minimum(range2[:, :-1], range2[:, 1:]) <= reach2
    return np.argwhere((closing[:, :-1] < 0) & (closing[:, 1:] >= 0) & near)


def hermite_miss_m(d0: Array, v0: Array, d1: Array, v1: Array, step_s: float = STEP_S) -> tuple[Array, Array]:
    """Seconds into the step (n,) and range (n,) at the minimum of the cubic through both ends. All inputs (n, 3).

    >>> miss = hermite_miss_m(*(np.array([v]) for v in ([-3e5, 40.0, 0], [1e4, 0, 0], [3e5, 40.0, 0], [1e4, 0, 0])))
    >>> [round(float(x[0]), 6) for x in miss]
    [30.0, 40.0]
    """
    low, high = np.zeros(len(d0)), np.ones(len(d0))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        place, motion = _cubic(middle, d0, v0 * step_s, d1, v1 * step_s)
        before = np.einsum("nk,nk->n", place, motion) < 0
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    place, _ = _cubic((low + high) / 2, d0, v0 * step_s, d1, v1 * step_s)
    return (low + high) / 2 * step_s, np.asarray(np.linalg.norm(place, axis=-1))


def _cubic(x: Array, p0: Array, m0: Array, p1: Array, m1: Array) -> tuple[Array, Array]:
    """Value and slope of the cubic Hermite curve at x (n,) in 0..1."""
    x = x[:, None]
    a, b = 2 * (p0 - p1) + m0 + m1, 3 * (p1 - p0) - 2 * m0 - m1
    return ((a * x + b) * x + m0) * x + p0, (3 * a * x + 2 * b) * x + m0


def _relative(ship: Satrec, other: Satrec, day: float, fraction: float) -> tuple[Array, Array, Array, Array]:
    """Ship position and velocity, and object minus ship, TEME, in m and m/s."""
    _, r0, v0 = ship.sgp4(day, fraction)
    _, r1, v1 = other.sgp4(day, fraction)
    here, going = 1e3 * np.array(r0), 1e3 * np.array(v0)
    return here, going, 1e3 * np.array(r1) - here, 1e3 * np.array(v1) - going


def refine_s(ship: Satrec, other: Satrec, start: tuple[float, float], bracket_s: tuple[float, float]) -> float:
    """The time of closest approach in seconds after `start` (Julian day and fraction, UTC): Brent's root of the range rate.

    The bracket must hold one sign change; where rounding takes it away, the end nearer to the minimum is given back.
    """

    def closing(t_s: float) -> float:
        _, _, offset, rate = _relative(ship, other, start[0], start[1] + t_s / DAY_S)
        return float(offset @ rate)

    a, b = bracket_s
    if closing(a) >= 0:
        return a
    if closing(b) <= 0:
        return b
    return float(brentq(closing, a, b, xtol=1e-5))


def encounter(ship: Satrec, other: Satrec, start: tuple[float, float], t_s: float) -> Encounter:
    """What the ship sees of the object at a time, in its local frame."""
    here, going, offset, rate = _relative(ship, other, start[0], start[1] + t_s / DAY_S)
    turn = lvlh_from_gcrs(here, going)[0]
    return Encounter(
        t_s, float(np.linalg.norm(offset)), float(np.linalg.norm(rate)), turn @ offset, np.asarray(turn @ rate)
    )
