"""Which particle just gets through a part: the law its wall asks for, looked up by material and shield."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.models.christiansen_1993 import whipple_m
from whipple.impact.models.cour_palais_1969 import aluminium_wall_m
from whipple.impact.models.ryan_2009 import (
    cfrp_wall_m,
    fibreglass_wall_m,
    polycarbonate_wall_m,
    quartz_wall_m,
    rcc_wall_m,
    silica_wall_m,
    steel_wall_m,
    titanium_wall_m,
)
from whipple.impact.models.ryan_2009_heat_shields import ablator_m, avcoat_m
from whipple.impact.models.ryan_schonberg_2024 import whipple_m as thin_bumper_m
from whipple.impact.shield import Shield
from whipple.impact.validity import ENOUGH_RATIO, before_wall_m
from whipple.physics.materials import find_material
from whipple.vehicle.surfaces import Part

__all__ = ["SINGLE_WALL", "behind_foil_m", "critical_diameter_m", "foil_aware_whipple_m", "shield_of"]

#: The single-wall law of each family of materials.
SINGLE_WALL: dict[str, Callable[..., Array]] = {
    "aluminium": aluminium_wall_m,
    "titanium": titanium_wall_m,
    "steel": steel_wall_m,
    "cfrp": cfrp_wall_m,
    "fibreglass": fibreglass_wall_m,
    "glass": silica_wall_m,
    "quartz": quartz_wall_m,
    "polycarbonate": polycarbonate_wall_m,
    "carbon-carbon": rcc_wall_m,
    "PICA": ablator_m,
    "Avcoat": avcoat_m,
}


def shield_of(part: Part) -> Shield | None:
    """The shield of a part, None when its wall is unknown (thickness 0 or a material that is not in the table).

    >>> shield_of(Part("hull", "m", "AMg6", 0.002, 0.001, 0.05, 0.5, 0.5, 290, "s")).standoff_m
    0.05
    """
    wall = find_material(part.material)
    if wall is None or not part.wall_m > 0:
        return None
    bumper_m = part.bumper_m if part.standoff_m > 0 else 0.0
    return Shield(
        wall=wall,
        wall_m=part.wall_m,
        bumper_m=bumper_m,
        bumper_density_kg_m3=wall.density_kg_m3,
        standoff_m=part.standoff_m,
    )


def critical_diameter_m(
    part: Part, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array | None:
    """The smallest particle (m) that perforates a part, broadcast over speed, incidence from the normal and density.

    Whipple NNO where the part has a bumper and an aluminium wall, its family's single wall otherwise. Where the bumper is thinner than 0.15 of
    the particle that NNO names, NNO does not hold (a foil would count as a full bumper): there the lesser of it and Ryan & Schonberg 2024, which
    comes down to the bare wall as the bumper vanishes. None when the wall is not known: that is not the same as safe. Tested below 8 km/s;
    above, the laws are extrapolated. RangeError for impossible input.

    >>> tube = Part("tube", "m", "6061-T6", 0.001, 0.0, 0.0, 0.5, 0.5, 290, "s")
    >>> critical_diameter_m(tube, [7000.0, 20000.0], 0.0, 2800.0).round(6).tolist()
    [0.000317, 0.000163]
    """
    shield = shield_of(part)
    if shield is None:
        return None
    shielded = shield.bumper_m > 0 and shield.wall.yield_Pa is not None
    law = foil_aware_whipple_m if shielded else SINGLE_WALL[shield.wall.family]
    return law(shield, speed_m_s, incidence_rad, density_kg_m3)


def behind_foil_m(
    law: Callable[..., Array],
    shield: Shield,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
) -> Array:
    """A law that is blind to the bumper's thickness, kept to particles that the bumper can break; other arguments as in `critical_diameter_m`.

    Above the size of which all that stands before the wall is 0.15, it counts a foil as a full bumper: there the lesser of it and what that
    size, or the bare wall, stops.

    >>> from dataclasses import replace
    >>> from functools import partial
    >>> foil = replace(Shield.single("6061-T6", 0.002), bumper_m=0.00005, standoff_m=0.1)
    >>> [round(float(one(7e3, 0.0, 2800.0)) * 1e3, 1) for one in (partial(whipple_m, foil), partial(behind_foil_m, partial(whipple_m, foil), foil))]
    [4.2, 0.6]
    """
    limit = np.asarray(law(speed_m_s, incidence_rad, density_kg_m3))
    enough_m = before_wall_m(shield) / float(ENOUGH_RATIO)
    if not (limit > enough_m).any():
        return limit
    alone = SINGLE_WALL.get(shield.wall.family)
    bare = 0.0 if alone is None else alone(shield, speed_m_s, incidence_rad, density_kg_m3)
    return np.where(limit > enough_m, np.minimum(limit, np.maximum(enough_m, bare)), limit)


def foil_aware_whipple_m(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> Array:
    """Whipple NNO, and the lesser of it and the law for thin bumpers where the bumper is too thin for NNO. Arguments as in `critical_diameter_m`.

    >>> from dataclasses import replace
    >>> foil = replace(Shield.single("6061-T6", 0.002), bumper_m=0.00005, standoff_m=0.1)
    >>> [round(float(law(foil, 7e3, 0.0, 2800.0)) * 1e3, 1) for law in (whipple_m, foil_aware_whipple_m)]
    [4.2, 1.0]
    """
    limit = np.asarray(whipple_m(shield, speed_m_s, incidence_rad, density_kg_m3))
    thin = shield.bumper_m < ENOUGH_RATIO * limit
    if not thin.any():
        return limit
    weakened = thin_bumper_m(shield, speed_m_s, incidence_rad, density_kg_m3)
    return np.where(thin, np.minimum(limit, weakened), limit)
