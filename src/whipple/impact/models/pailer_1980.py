"""Pailer & Grün 1980 as the ESABASE parametric form, recalled: the branch that carries a velocity exponent of 0.875.

Not re-read in print (grade `recalled`): it is never an oracle, it only widens the spread where tests end at 8 km/s.
"""

from __future__ import annotations

import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot
from whipple.physics.cited import Cited

__all__ = ["thick_wall_m"]

_DEPTH = Cited(0.772, unit="cm-g-km/s form", source="pailer1980", grade="recalled")
_SIZE = Cited(1.2, unit="", source="pailer1980", grade="recalled")
_SPEED = Cited(0.875, unit="", source="pailer1980", grade="recalled")
#: Strain at rupture, as a fraction: 0.10 to 0.18 for the tempers of 2024, 2219 and 6061 in use. Its exponent is only -0.06.
_ELONGATION = Cited(0.15, unit="", source="pyblossum", grade="published")


def thick_wall_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """The smallest particle (m) that perforates this wall: tw = 0.772 d^1.2 e^-0.06 rho_p^0.737 rho_t^-1/2 Vn^0.875.

    >>> thick_wall_m(Shield.single("6061-T6", 0.001), [7000.0, 20000.0], 0.0, 2800.0).round(6).tolist()
    [0.000322, 0.00015]
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3)
    depth = _DEPTH * _ELONGATION**-0.06 * shot.rho**0.737 * shot.rho_w**-0.5 * shot.vn**_SPEED
    return (shot.tw / depth) ** (1 / _SIZE) / 100
