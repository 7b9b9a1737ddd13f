"""The published ways to fill the six sporadic sources: strengths and speeds, from what a radar counts to a limiting mass.

A radar sees ionisation, not mass: at one ionisation the mass falls as speed^-3.89 (Peterson 1999), the number above a mass as
mass^-1.17 (Blaauw et al. 2011), so of two speeds the faster is over-counted as speed^4.55. The Earth's gravity has focused the
slow ones on the radar by 1 + (escape speed/speed)^2. And a meteoroid bound to the Sun cannot have any speed from any direction.
Every branch here was written down from publications; none was fitted to model output. docs/theory/environment_sporadic.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from whipple.environment.focusing import EARTH, MOON, escape_speed_m_s
from whipple.environment.models.blaauw_2011 import MASS_INDEX
from whipple.environment.models.jones_brown_1993 import DEFAULT, RADAR_COUNTS, SOURCES, SporadicSource, speed_law_s_m
from whipple.environment.models.peterson_1999 import SPEED_POWER
from whipple.environment.models.pokorny_2019 import APEX_FROM_m_s, FAST_frac, moon_speed_law_s_m
from whipple.physics.cited import Cited
from whipple.physics.constants import ASTRONOMICAL_UNIT_m

__all__ = ["BRANCHES", "CENTRE_STEP", "Branch", "FAR_STEP_m_s", "bound_limit_m_s", "mass_limited_weight", "speed_table"]

Array = npt.NDArray[np.float64]
_MU_SUN_m3_s2 = Cited(1.3271244e20, unit="m^3/s^2", source="iau2015", grade="recalled")
#: Step of the speed tables in the cosine from the apex: a numerical choice.
CENTRE_STEP = 0.01
#: Step of the speed tables in the speed far from the planet: a numerical choice.
FAR_STEP_m_s = 250.0
_FAR_m_s: Array = np.arange(321, dtype=np.float64) * FAR_STEP_m_s
#: A column is the mean over its step, so that a cut inside it counts in part.
_FINE = (np.arange(10) - 4.5) / 10
#: Middles of the speed laws in WMPL, other than those of the case facts, by the last word of the source's name.
_WMPL_m_s = {
    "helion": Cited(35e3, unit="m/s", source="wmpl_sporadic"),
    "apex": Cited(60e3, unit="m/s", source="wmpl_sporadic"),
    "toroidal": Cited(35e3, unit="m/s", source="wmpl_sporadic"),
}


@dataclass(frozen=True)
class Branch:
    """One published filling of the six sources: shares far from Earth in the order of SOURCES, and a speed law by source.

    `law(source, far_m_s)`: probability per m/s before the cut; `bound`: cut at the speed of orbits bound to the Sun;
    `mass_limited`: whether the speeds hold at a limiting mass, as they must for strikes.
    """

    name: str
    shares: tuple[float, ...]
    law: Callable[[SporadicSource, Array], Array]
    bound: bool
    mass_limited: bool
    sources: tuple[str, ...]
    note: str


def bound_limit_m_s(cosine_from_apex: npt.ArrayLike) -> Array:
    """The fastest speed relative to the Earth, from this cosine of the angle to the apex, of an orbit bound to the Sun at 1 au.

    |v + V| below the solar escape speed: w = V c + sqrt(V^2 c^2 + V_esc^2 - V^2), V the circular speed at 1 au.

    >>> bound_limit_m_s([1.0, 0.0, -1.0]).round(-2).tolist()
    [71900.0, 29800.0, 12300.0]
    """
    circular2 = float(_MU_SUN_m3_s2 / ASTRONOMICAL_UNIT_m)
    along = np.sqrt(circular2) * np.asarray(cosine_from_apex, dtype=float)
    return np.asarray(along + np.sqrt(along**2 + circular2))


def mass_limited_weight(far_m_s: npt.ArrayLike) -> Array:
    """How much one radar meteor of this speed far from Earth counts at a limiting mass in open space (any scale).

    (air speed)^(-3.89 (s - 1)) undoes the ionisation, v^2/(v^2 + v_esc^2) the focusing; v_esc at 100 km height.

    >>> weight = mass_limited_weight([15e3, 30e3])
    >>> round(float(weight[0] / weight[1]), 1)
    8.5
    """
    far2 = np.asarray(far_m_s, dtype=float) ** 2
    air2 = far2 + float(escape_speed_m_s(EARTH.blocking_radius_m)) ** 2
    return np.asarray((np.sqrt(air2) / 1e3) ** (-SPEED_POWER * (MASS_INDEX - 1)) * far2 / air2)


def _radar(source: SporadicSource, far_m_s: Array) -> Array:
    return speed_law_s_m(source, far_m_s)


def _radar_wmpl(source: SporadicSource, far_m_s: Array) -> Array:
    return speed_law_s_m(source, far_m_s + source.speed_m_s - _WMPL_m_s[source.name.split()[-1].removeprefix("anti")])


def _weighed(law: Callable[[SporadicSource, Array], Array]) -> Callable[[SporadicSource, Array], Array]:
    def mass_limited(source: SporadicSource, far_m_s: Array) -> Array:
        return np.asarray(law(source, far_m_s) * mass_limited_weight(far_m_s))

    return mass_limited


def _dynamical(source: SporadicSource, far_m_s: Array) -> Array:
    """The impact speeds at the Moon, brought to far away: the fast hump from the apex, all else from the other sources."""
    lunar2 = float(escape_speed_m_s(MOON.blocking_radius_m, MOON)) ** 2
    at_moon = np.sqrt(far_m_s**2 + lunar2)
    law = moon_speed_law_s_m(at_moon) * far_m_s / at_moon * far_m_s**2 / at_moon**2
    return np.where((at_moon > APEX_FROM_m_s) == source.name.endswith("apex"), law, 0.0)


def _counts_to_mass() -> tuple[float, ...]:
    """Radar counts, each source weighed down by the mean of its speeds: strengths at a limiting mass."""
    mean = [float(_radar_wmpl(source, _FAR_m_s) @ mass_limited_weight(_FAR_m_s) * FAR_STEP_m_s) for source in SOURCES]
    raw = np.asarray(RADAR_COUNTS, dtype=float) * mean
    return tuple((raw / raw.sum()).tolist())


def _dynamical_shares() -> tuple[float, ...]:
    """The fast hump to the two apex sources; the rest to the others, as in the default."""
    slow = np.array(
        [0.0 if source.name.endswith("apex") else float(share) for source, share in zip(SOURCES, DEFAULT, strict=True)]
    )
    shares = slow / slow.sum() * (1 - FAST_frac)
    return tuple(np.where(slow == 0, FAST_frac / 2, shares).tolist())


def _branches() -> tuple[Branch, ...]:
    weights = tuple(float(share) for share in DEFAULT)
    counts = tuple(float(share) for share in RADAR_COUNTS)
    mass = ("jones_brown1993", "fentzke_janches2008", "rms_flux", "blaauw2011")
    return (
        Branch("limiting mass", weights, _weighed(_radar), True, True, mass,
               "dynamical weights; radar speeds within each source corrected to a limiting mass; the default"),
        Branch("limiting mass, WMPL speeds", weights, _weighed(_radar_wmpl), True, True, (*mass, "wmpl_sporadic"),
               "the same with the middles 35, 60 and 35 km/s"),
        Branch("counts to mass", _counts_to_mass(), _weighed(_radar_wmpl), True, True, ("wmpl_sporadic", "rms_flux", "blaauw2011"),
               "radar counts and speeds, both corrected to a limiting mass"),
        Branch("dynamical model", _dynamical_shares(), _dynamical, True, True, ("pokorny2019", "fentzke_janches2008"),
               "speeds of a comet and asteroid dust model at the Moon, by mass flux; directions of the radar sources"),
        Branch("radar speeds, bound", weights, _radar, True, False, ("jones_brown1993", "fentzke_janches2008"),
               "dynamical weights; radar speeds as observed, cut to orbits bound to the Sun"),
        Branch("radar speeds", weights, _radar, False, False, ("jones_brown1993", "fentzke_janches2008"),
               "dynamical weights; radar speeds as observed; the default before this correction"),
        Branch("radar counts", counts, _radar, False, False, ("wmpl_sporadic", "jones_brown1993"),
               "nothing corrected"),
    )  # fmt: skip


#: Every published branch, the default first.
BRANCHES: tuple[Branch, ...] = _branches()


@cache
def speed_table(branch: Branch) -> Array:
    """Probability per m/s (6, n_cosine, n_far) of a far speed, given the direction: rows by cosine from the apex.

    Rows step by CENTRE_STEP from -1 to 1, columns by FAR_STEP_m_s from 0; each row sums to one. Where nothing of a law is
    bound, the radiant gets the fastest bound speed.

    >>> table = speed_table(BRANCHES[0])
    >>> table.shape, bool(np.allclose(table.sum(axis=-1) * FAR_STEP_m_s, 1.0))
    ((6, 201, 321), True)
    """
    cosine = np.linspace(-1.0, 1.0, round(2 / CENTRE_STEP) + 1)
    limit = bound_limit_m_s(cosine)[:, None] if branch.bound else np.full((len(cosine), 1), 1e9)
    fastest = np.floor(limit / FAR_STEP_m_s) == np.arange(len(_FAR_m_s))
    fine = np.maximum(_FAR_m_s[:, None] + _FINE * FAR_STEP_m_s, 1.0)
    open_to = fine <= limit[..., None]
    rows = []
    for source in SOURCES:
        law = np.mean(np.where(open_to, branch.law(source, fine), 0.0), axis=-1)
        law = np.where(law.sum(axis=1, keepdims=True) > 0, law, fastest)
        rows.append(law / (law.sum(axis=1, keepdims=True) * FAR_STEP_m_s))
    return np.stack(rows)
