"""From a hole back to a particle: the depth law says what reaches through the wall, the width law what opens it that wide.

Depth. A pit with effective depth h = 1.8 P (P the Cour-Palais penetration; for Pailer-Grün h is the perforated thickness itself)
is taken as half an ellipsoid; the rear face of a wall of thickness t cuts it in a circle of diameter D = W (1 - (t/h)^2)^(1/2),
with W = P/0.58 the pit's mouth (depth over diameter 0.56-0.60, Love et al. 1995). So h = (t^2 + (1.044 D)^2)^(1/2): for D -> 0 it is
the ballistic limit, for D >> t the mouth of the pit. The cut ellipsoid is this project's assumption (`proposal`).

Width. Thin-plate laws (Maiden; Nysmith-Denardo, both recalled) speak where the particle is wide against the wall. The larger
particle of the two requirements governs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.limits import SINGLE_WALL
from whipple.impact.models import maiden_1963, nysmith_1969
from whipple.impact.models.cour_palais_1969 import FAILURE_RATIO, aluminium_wall_m
from whipple.impact.models.pailer_1980 import thick_wall_m
from whipple.impact.shield import Shield
from whipple.physics.cited import Cited
from whipple.physics.materials import Material

__all__ = ["PIT_RATIO", "WIDTH_LAWS", "depth_laws", "particle_m", "pit_cut_m"]

#: Pit depth over mouth diameter in thick aluminium, mid of 0.56 to 0.60.
PIT_RATIO = Cited(0.58, unit="", source="love1995", grade="source", sigma=0.012)
_PERFORATION = FAILURE_RATIO["perforation"]


def pit_cut_m(wall_m: npt.ArrayLike, hole_m: npt.ArrayLike, pit_ratio: npt.ArrayLike = float(PIT_RATIO)) -> Array:
    """Thickness (m) that the pit could just have pierced, from the hole it left in a wall of `wall_m`.

    >>> float(pit_cut_m(0.001, 0.0)), float(pit_cut_m(0.001, 0.0008).round(6))
    (0.001, 0.001303)
    """
    mouth = _PERFORATION * np.asarray(pit_ratio, dtype=float) * np.asarray(hole_m, dtype=float)
    return np.hypot(np.asarray(wall_m, dtype=float), mouth)


#: Depth laws for aluminium: velocity exponent 2/3 (tested to 8 km/s) and 0.875 (recalled). Neither is tested above 8 km/s.
_ALUMINIUM: dict[str, Callable[..., Array]] = {"Cour-Palais": aluminium_wall_m, "Pailer-Grün": thick_wall_m}

#: Width laws; None leaves the pit alone to decide.
WIDTH_LAWS: dict[str, Callable[..., Array] | None] = {
    "pit only": None,
    "Maiden": maiden_1963.particle_m,
    "Nysmith-Denardo": nysmith_1969.particle_m,
}


def depth_laws(wall: Material) -> dict[str, Callable[..., Array]]:
    """The single-wall laws that speak for a wall material, by name.

    >>> from whipple.physics.materials import material
    >>> list(depth_laws(material("AMg6")))
    ['Cour-Palais', 'Pailer-Grün']
    """
    return _ALUMINIUM if wall.family == "aluminium" else {f"{wall.family} single wall": SINGLE_WALL[wall.family]}


def particle_m(
    shield: Shield,
    hole_m: npt.ArrayLike,
    shot: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    depth: str = "Cour-Palais",
    width: str = "pit only",
    pit_ratio: npt.ArrayLike = float(PIT_RATIO),
) -> Array:
    """The particle (m) that leaves a hole of this diameter in the shield's bare wall; `shot` is (speed, incidence, density) in SI.

    >>> particle_m(Shield.single("6061-T6", 0.001), 0.0008, ([7000.0, 30000.0], 0.0, 2800.0)).round(6).tolist()
    [0.000407, 0.000162]
    """
    pierced = replace(shield, wall_m=pit_cut_m(shield.wall_m, hole_m, pit_ratio))
    through = depth_laws(shield.wall)[depth](pierced, *shot)
    law = WIDTH_LAWS[width]
    return through if law is None else np.maximum(through, law(shield, hole_m, *shot))
