"""The published ways to fill the six sporadic sources: strengths and speeds, from what a radar counts to a limiting mass.

A radar sees ionisation, not mass: at one ionisation the mass falls as speed^-3.89 (Peterson 1999), the number above a mass as
mass^-1.17 (Blaauw et al. 2011), so of two speeds the faster is over-counted as speed^4.55. The Earth's gravity has focused the
slow ones on the radar by 1 + (escape speed/speed)^2. And a meteoroid bound to the Sun cannot have any speed from any direction.
Every branch here was written down from publications; none was fitted to model output. docs/theory/environment_sporadic.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from whipple.environment.focusing import EARTH, escape_speed_m_s
from whipple.environment.models.blaauw_2011 import MASS_INDEX
from whipple.environment.models.jones_brown_1993 import DEFAULT, RADAR_COUNTS, SOURCES, SporadicSource, speed_law_s_m
from whipple.environment.models.peterson_1999 import SPEED_POWER
from whipple.environment.sporadic_elements import ElementSky, element_sky
from whipple.environment.sporadic_energy import by_energy
from whipple.physics.cited import Cited

__all__ = ["BRANCHES", "Branch", "mass_limited_weight"]

Array = npt.NDArray[np.float64]
#: A law of speed at the middle of a source, and one that knows the cosine of the angle from the apex.
MiddleLaw = Callable[[SporadicSource, Array], Array]
Law = Callable[[SporadicSource, Array, Array], Array]


def _wmpl(km_s: float, source: str = "wmpl_sporadic") -> Cited:
    return Cited(km_s * 1e3, unit="m/s", source=source)


#: Middle and spread of the speed laws in WMPL (which names Jones and Brown 1993), by the last word of the source's name.
_WMPL_m_s = {
    "helion": (_wmpl(35), _wmpl(10)),
    "apex": (_wmpl(60), _wmpl(5)),
    "toroidal": (_wmpl(35), _wmpl(5)),
}
#: The same in an early version of that file, which names the same paper.
_EARLY = "wmpl_sporadic_early"
_EARLY_WMPL_m_s = {
    "helion": (_wmpl(25, _EARLY), _wmpl(7, _EARLY)),
    "apex": (_wmpl(60, _EARLY), _wmpl(5, _EARLY)),
    "toroidal": (_wmpl(30, _EARLY), _wmpl(5, _EARLY)),
}


@dataclass(frozen=True)
class Branch:
    """One published filling of the sky: shares of six lobes far from Earth in the order of SOURCES, and a speed law by source.

    `law(source, far_m_s, cosine_from_apex)`: proportional to the probability per m/s before the cut; `bound`: cut at the speed
    of orbits bound to the Sun; `mass_limited`: whether the speeds hold at a limiting mass, as they must for strikes;
    `lobes_counted`: whether the lobes are taken as radar counts, that the correction of the speeds changes as well; `sky`: in the
    place of lobes and laws, directions and speeds that follow from orbits (then shares and law are not asked).
    """

    name: str
    shares: tuple[float, ...]
    law: Law
    bound: bool
    mass_limited: bool
    sources: tuple[str, ...]
    note: str
    lobes_counted: bool = False
    sky: Callable[[], ElementSky] | None = None


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


def _radar_as(reading: dict[str, tuple[Cited, Cited]]) -> MiddleLaw:
    """The normal law of another reading of middles and spreads."""

    def law(source: SporadicSource, far_m_s: Array) -> Array:
        middle, spread = reading[source.name.split()[-1].removeprefix("anti")]
        return speed_law_s_m(replace(source, speed_m_s=middle, spread_m_s=spread), far_m_s)

    return law


def _counted(law: MiddleLaw) -> Law:
    """The law of the middle in every direction, as counted."""
    return lambda source, far_m_s, cosine: law(source, far_m_s)


def _weighed(law: MiddleLaw) -> MiddleLaw:
    """A radar law brought to a limiting mass."""
    return lambda source, far_m_s: np.asarray(law(source, far_m_s) * mass_limited_weight(far_m_s))


def _counts_to_mass() -> tuple[float, ...]:
    """Radar counts, each source weighed down by the mean of its speeds: strengths at a limiting mass."""
    speed = np.arange(250.0, 80e3, 250.0)
    law = _weighed(_radar_as(_WMPL_m_s))
    mean = [float(np.trapezoid(law(source, speed), speed)) for source in SOURCES]
    raw = np.asarray(RADAR_COUNTS, dtype=float) * mean
    return tuple((raw / raw.sum()).tolist())


def _by_population() -> tuple[float, ...]:
    """The words beside the coded weights: short-period comets, helion and antihelion 70 %; Halley type, apex and toroidal 21 %."""
    slow, fast = DEFAULT[0] / 2, DEFAULT[2] / 4
    raw = np.array([slow, slow, fast, fast, fast, fast])
    return tuple((raw / raw.sum()).tolist())


def _branches() -> tuple[Branch, ...]:
    weights = tuple(float(share) for share in DEFAULT)
    counts = tuple(float(share) for share in RADAR_COUNTS)
    mass = ("jones_brown1993", "fentzke_janches2008", "rms_flux", "blaauw2011")
    radar, wmpl, early = speed_law_s_m, _radar_as(_WMPL_m_s), _radar_as(_EARLY_WMPL_m_s)
    return (
        Branch("limiting mass", weights, _counted(_weighed(radar)), True, True, mass,
               "dynamical weights; radar speeds within each source corrected to a limiting mass; the default"),
        Branch("limiting mass, WMPL speeds", weights, _counted(_weighed(wmpl)), True, True, (*mass, "wmpl_sporadic"),
               "the same with the middles 35, 60 and 35 km/s"),
        Branch("limiting mass, early WMPL speeds", weights, _counted(_weighed(early)), True, True, (*mass, _EARLY),
               "the same with 25 +- 7, 60 +- 5 and 30 +- 5 km/s, from an early version of the same file"),
        Branch("limiting mass, population weights", _by_population(), _counted(_weighed(radar)), True, True, mass,
               "the same weights read as those of the populations: 70 % and 21 % in all, not of each source"),
        Branch("orbits", weights, by_energy(_weighed(radar)), True, True, mass,
               "one law of orbital energy in all directions of a source; lobes corrected with it", lobes_counted=True),
        Branch("orbits, WMPL speeds", weights, by_energy(_weighed(wmpl)), True, True, (*mass, "wmpl_sporadic"),
               "the same with the middles 35, 60 and 35 km/s", lobes_counted=True),
        Branch("counts to mass", _counts_to_mass(), _counted(_weighed(wmpl)), True, True, ("wmpl_sporadic", "rms_flux", "blaauw2011"),
               "radar counts and speeds, both corrected to a limiting mass"),
        Branch("elements", weights, _counted(radar), True, True, ("pokorny2019",),
               "orbits of a comet and asteroid dust model, by mass flux: directions and speeds follow from a, e and i", sky=element_sky),
        Branch("radar speeds, bound", weights, _counted(radar), True, False, ("jones_brown1993", "fentzke_janches2008"),
               "dynamical weights; radar speeds as observed, cut to orbits bound to the Sun"),
        Branch("radar speeds", weights, _counted(radar), False, False, ("jones_brown1993", "fentzke_janches2008"),
               "dynamical weights; radar speeds as observed; the default before this correction"),
        Branch("radar counts", counts, _counted(radar), False, False, ("wmpl_sporadic", "jones_brown1993"),
               "nothing corrected"),
    )  # fmt: skip


#: Every published branch, the default first.
BRANCHES: tuple[Branch, ...] = _branches()
