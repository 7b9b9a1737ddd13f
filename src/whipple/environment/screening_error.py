"""How wrong are public elements? Their growing error, and what it makes of a miss distance.

No covariance comes with a TLE or OMM. The model is the sum in squares of an error at epoch, one that grows evenly and, along track, one
that grows with the square of the age because drag is not known: 15 % of the drag the set itself carries. One authority gives each of the
first two an order of magnitude, no more; a manoeuvre after the epoch breaks the model altogether.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, qmc
from sgp4.api import Satrec

from whipple.casefile.estimate import Estimate
from whipple.environment.close_approach import Encounter
from whipple.physics.cited import Cited

__all__ = ["ElementError", "SLOW_m_s", "element_error", "mean_strike_prob", "miss_estimate", "strike_prob"]

Array = npt.NDArray[np.float64]

#: "On the order of 1 km within a few days of the epoch" in low orbit.
EPOCH_m = Cited(1e3, unit="m", source="kelso2007", grade="comment")
#: Fits to public sets drift 100 m a day, "approximately a 10-fold improvement" over a single set flown with SGP4.
GROWTH_m_day = Cited(1e3, unit="m/day", source="levit_marshall2011", grade="source")
#: Share of the drag of a set that is not known over the next days (thermosphere models err by about as much).
DRAG_frac = Cited(0.15, unit="", source="whipple_judgement", grade="proposal")
#: Radial and cross-track errors are that much smaller than along track.
ACROSS_frac = Cited(0.3, unit="", source="whipple_judgement", grade="proposal")
#: The error model may be too small or too large by this much.
SCALE_DOUBT_ratio = Cited(3.0, unit="", source="whipple_judgement", grade="proposal")
#: Below this relative speed the objects do not just pass: the whole error counts, not only that across the motion.
SLOW_m_s = Cited(100.0, unit="m/s", source="whipple_judgement", grade="proposal")
_POINTS = 12
_DAY_min = 1440.0


@dataclass(frozen=True)
class ElementError:
    """1-sigma position error of one element set at its age: radial, along track, cross track."""

    age_days: float
    radial_m: float
    along_m: float
    cross_m: float

    def covariance_m2(self, axes: Array) -> Array:
        """The covariance (3, 3) in the frame whose components `axes` (3, 3; rows R, T, N) are given in."""
        sigma = np.array([self.radial_m, self.along_m, self.cross_m])
        return np.asarray(axes.T @ np.diag(sigma**2) @ axes)


def element_error(satellite: Satrec, age_days: float) -> ElementError:
    """The 1-sigma error of a set flown `age_days` from its epoch (either way).

    along = sqrt(e0^2 + (g t)^2 + (0.15 (n'/2) t^2 a)^2), n'/2 the larger of the printed term and that of B*; radial and cross: 0.3 of
    the first two. Sources: in the constants of this module.

    >>> iss = Satrec.twoline2rv("1 25544U 98067A   22350.92995838  .00012052  00000+0  21882-3 0  9998",
    ...                         "2 25544  51.6430 151.3097 0003678 167.7951 338.1576 15.49996899373529")
    >>> [round(element_error(iss, days).along_m / 1e3, 1) for days in (0, 2, 10)]
    [1.0, 3.9, 80.8]
    """
    age = abs(age_days)
    calm = np.hypot(EPOCH_m, GROWTH_m_day * age)
    axis_m = satellite.a * satellite.radiusearthkm * 1e3
    drag = DRAG_frac * _half_decay_rad_min2(satellite) * (age * _DAY_min) ** 2 * axis_m
    return ElementError(age, float(ACROSS_frac * calm), float(np.hypot(calm, drag)), float(ACROSS_frac * calm))


def _half_decay_rad_min2(satellite: Satrec) -> float:
    """Half the rate of the mean motion: the printed term, or what sgp4 makes of B* over a day, whichever is larger."""
    satellite.sgp4_tsince(0.0)
    before = satellite.nm
    failed, _, _ = satellite.sgp4_tsince(_DAY_min)
    of_drag = 0.0 if failed else (satellite.nm - before) / _DAY_min / 2
    return float(max(abs(satellite.ndot), abs(of_drag)))


@cache
def _normal_draws(dimensions: int) -> Array:
    """Evenly spread standard normal draws (4096, dimensions), always the same."""
    points = qmc.Sobol(dimensions, scramble=False).random_base2(_POINTS)
    return np.asarray(norm.ppf((points + 0.5 / 2**_POINTS) * (1 - 1e-9)))


def _across(seen: Encounter) -> Array:
    """Two unit rows across the relative motion."""
    along = seen.velocity_lvlh_m_s / max(seen.speed_m_s, 1e-9)
    first = np.cross(along, np.eye(3)[int(np.argmin(np.abs(along)))])
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(along, first)])


def _span(seen: Encounter) -> Array:
    """What the error of a miss distance lives in: the plane across the motion, or all of space for a slow pass."""
    return np.eye(3) if seen.speed_m_s < SLOW_m_s else _across(seen)


def miss_estimate(seen: Encounter, covariance_lvlh_m2: Array) -> Estimate:
    """The miss distance, elements' errors included: median and 90 % interval.

    >>> pass_by = Encounter(0.0, 5e3, 1e4, np.array([0.0, 0.0, 5e3]), np.array([0.0, 1e4, 0.0]))
    >>> found = miss_estimate(pass_by, np.diag([1e6, 1e6, 1e6]))
    >>> [round(x / 1e3, 1) for x in (found.low, found.median, found.high)]
    [3.5, 5.1, 6.7]
    """
    span = _span(seen)
    spread = span @ covariance_lvlh_m2 @ span.T
    draws = _normal_draws(len(span)) @ np.linalg.cholesky(spread).T
    distance = np.linalg.norm(span @ seen.miss_lvlh_m + draws, axis=-1)
    low, median, high = (float(x) for x in np.quantile(distance, [0.05, 0.5, 0.95]))
    return Estimate(low=low, median=median, high=high, unit="m", models=("sgp4",), sources=_SOURCES)


def strike_prob(seen: Encounter, covariance_lvlh_m2: Array, radius_m: float) -> float:
    """The chance that the miss was below `radius_m` (small beside the error), at the worst scale of the error.

    R^2/(2 k^2 s1 s2) exp(-q/(2 k^2)), q = m' C^-1 m, with the k of 1/3 to 3 that makes it largest (k^2 = q/2): errors larger than
    expected raise it for objects far away, errors smaller than expected for objects nearby. It is the largest of normal errors of
    this shape, no bound for a manoeuvre, a wrong shape or a fat tail. A large error makes the chance small because nothing is
    known, not because the object was far.

    >>> pass_by = Encounter(0.0, 0.0, 1e4, np.zeros(3), np.array([0.0, 1e4, 0.0]))
    >>> f"{strike_prob(pass_by, np.diag([1e6, 1e6, 1e6]), 50.0):.2e}"
    '1.13e-02'
    """
    q, area_m2 = _of_plane(seen, covariance_lvlh_m2)
    k2 = float(np.clip(q / 2, SCALE_DOUBT_ratio**-2, SCALE_DOUBT_ratio**2))
    return float(min(np.exp(-0.5 * q / k2) / k2 * radius_m**2 / area_m2, 1.0))


def mean_strike_prob(seen: Encounter, covariance_lvlh_m2: Array, radius_m: float) -> float:
    """The same chance, not at the worst scale but averaged over all from 1/3 to 3 (even in log k): what a likelihood needs.

    >>> pass_by = Encounter(0.0, 0.0, 1e4, np.zeros(3), np.array([0.0, 1e4, 0.0]))
    >>> f"{mean_strike_prob(pass_by, np.diag([1e6, 1e6, 1e6]), 50.0):.2e}"
    '2.53e-03'
    """
    q, area_m2 = _of_plane(seen, covariance_lvlh_m2)
    k2 = SCALE_DOUBT_ratio ** (2 * (np.arange(400) - 199.5) / 200)
    return float(np.minimum(np.exp(-0.5 * q / k2) / k2 * radius_m**2 / area_m2, 1.0).mean())


def _of_plane(seen: Encounter, covariance_lvlh_m2: Array) -> tuple[float, float]:
    """q = m' C^-1 m across the motion, and 2 s1 s2 (m2)."""
    span = _across(seen)
    spread = span @ covariance_lvlh_m2 @ span.T
    miss = span @ seen.miss_lvlh_m
    return float(miss @ np.linalg.solve(spread, miss)), float(2 * np.sqrt(np.linalg.det(spread)))


_SOURCES = ("kelso2007", "levit_marshall2011", "whipple_judgement")
