"""Why speed goes with direction: at 1 au a radiant and an orbital energy fix the speed, so the law of energy is carried, not of speed.

w is the speed far from the planet, e the angle of the radiant from the apex, V the circular speed at 1 au: the meteoroid's speed
around the Sun is |V - w|, so x = w^2 - 2 V w cos e = V^2 (1 - 1/a). The density in phase space of a steady population depends on
the constants of its orbits alone (Jeans): here on energy, times a lobe of directions. docs/theory/environment_sporadic.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from whipple.environment.models.jones_brown_1993 import SporadicSource, lobe_per_sr
from whipple.physics.cited import Cited
from whipple.physics.constants import ASTRONOMICAL_UNIT_m

__all__ = ["CIRCULAR_m_s", "bound_limit_m_s", "by_energy", "cosine_from_apex", "mean_over_lobe", "speed_at_middle_m_s"]

Array = npt.NDArray[np.float64]
_MU_SUN_m3_s2 = Cited(1.3271244e20, unit="m^3/s^2", source="iau2015", grade="recalled")
#: The circular speed at 1 au.
CIRCULAR_m_s = Cited(
    float(np.sqrt(_MU_SUN_m3_s2 / ASTRONOMICAL_UNIT_m)), unit="m/s", source="iau2015", grade="recalled"
)
_APEX_longitude_rad = 1.5 * np.pi
#: Steps around the apex in the mean over a lobe: a numerical choice.
_TURNS = 180


def bound_limit_m_s(cosine_from_apex: npt.ArrayLike) -> Array:
    """The fastest speed relative to the Earth, from this cosine of the angle to the apex, of an orbit bound to the Sun at 1 au.

    |v + V| below the solar escape speed: w = V c + sqrt(V^2 c^2 + V_esc^2 - V^2), V the circular speed at 1 au.

    >>> bound_limit_m_s([1.0, 0.0, -1.0]).round(-2).tolist()
    [71900.0, 29800.0, 12300.0]
    """
    along = CIRCULAR_m_s * np.asarray(cosine_from_apex, dtype=float)
    return np.asarray(along + np.sqrt(along**2 + CIRCULAR_m_s**2))


def cosine_from_apex(source: SporadicSource) -> float:
    """The cosine of the angle between the middle of a source and the apex (270 deg from the Sun, in the ecliptic)."""
    return float(np.cos(source.latitude_rad) * np.cos(source.longitude_rad - _APEX_longitude_rad))


def speed_at_middle_m_s(far_m_s: npt.ArrayLike, cosine: npt.ArrayLike, middle_cosine: float) -> Array:
    """The speed, at the middle of a source, of the orbital energy that arrives with `far_m_s` from another direction; 0: none.

    `cosine`: of the angle from the apex. Of the two speeds that one energy can have from one direction only the faster counts.

    >>> speed_at_middle_m_s([23.8e3, 35.3e3, 46.3e3], np.cos(np.radians([75, 60, 45])), 0.5).round(-3).tolist()
    [35000.0, 35000.0, 35000.0]
    """
    far, along = np.asarray(far_m_s, dtype=float), CIRCULAR_m_s * np.asarray(cosine, dtype=float)
    middle = CIRCULAR_m_s * middle_cosine
    energy = far * (far - 2 * along) + middle**2
    there = middle + np.sqrt(np.maximum(energy, 0.0))
    return np.where((far > along) & (energy > 0) & (there > 0), there, 0.0)


def by_energy(law: Callable[[SporadicSource, Array], Array]) -> Callable[[SporadicSource, Array, Array], Array]:
    """A law of speed, true at the middle of its source, carried to other directions at constant density in phase space.

    f(w) is proportional to f0(w0) (w / w0)^3, w0 the speed of the same energy at the middle: flux is density times w^3. Only
    energies bound to the Sun.
    """

    def carried(source: SporadicSource, far_m_s: Array, cosine: Array) -> Array:
        middle = cosine_from_apex(source)
        at_middle = speed_at_middle_m_s(far_m_s, cosine, middle)
        bound = (at_middle > 0) & (at_middle <= bound_limit_m_s(middle))
        some = at_middle[bound]
        flux = np.zeros(at_middle.shape)
        flux[bound] = law(source, some) * (np.broadcast_to(far_m_s, flux.shape)[bound] / some) ** 3
        return flux

    return carried


def mean_over_lobe(source: SporadicSource, cosine: Array, value: Array) -> float:
    """Mean over the lobe of a source of what depends on the angle from the apex: `value` (n,) at rising, even cosines (n,).

    >>> from whipple.environment.models.jones_brown_1993 import SOURCES
    >>> even = np.linspace(-1, 1, 201)
    >>> round(mean_over_lobe(SOURCES[0], even, np.ones(201)), 3), round(mean_over_lobe(SOURCES[4], even, even), 2)
    (1.0, 0.46)
    """
    middle = cosine_from_apex(source)
    turn = (np.arange(_TURNS) + 0.5) * 2 * np.pi / _TURNS
    aside = np.sqrt(np.maximum(1 - cosine**2, 0.0) * (1 - middle**2))
    lobe = lobe_per_sr(cosine[:, None] * middle + aside[:, None] * np.cos(turn)).mean(axis=1)
    return float(np.trapezoid(lobe * value, cosine) * 2 * np.pi)
