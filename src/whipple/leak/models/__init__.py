"""Which discharge coefficients were published for a hole like this?"""

from __future__ import annotations

from whipple.leak.models.britannica_1911 import sharp_plate_1911, unwin_1911
from whipple.leak.models.leung_grolmes_1988 import flux_kg_m2s
from whipple.leak.models.lichtarowicz_1965 import lichtarowicz_1965
from whipple.physics.models import Model

__all__ = ["DISCHARGE", "FLASHING", "MODELS"]

#: `discharge(head_m, diameter_m, wall_over_diameter_ratio)` of a liquid through a hole.
DISCHARGE = (
    Model(
        "unwin_1911", unwin_1911, "discharge coefficient, circular sharp orifice", "britannica1911", "source",
        {"head_m": (0.3, 6.1), "diameter_m": (0.012, 0.03), "wall_over_diameter_ratio": (0.0, 0.5)},
        "no viscosity: too low below a Reynolds number of 1e4",
    ),
    Model(
        "sharp_plate_1911", sharp_plate_1911, "discharge coefficient, sharp thin plate", "britannica1911", "source",
        {"wall_over_diameter_ratio": (0.0, 0.5)}, "contraction 0.64 times velocity 0.97",
    ),
    Model(
        "lichtarowicz_1965", lichtarowicz_1965, "discharge coefficient, short tube with reattached flow", "lichtarowicz1965", "recalled",
        {"wall_over_diameter_ratio": (2.0, 10.0)}, "cold water, no flashing",
    ),
)  # fmt: skip

#: `flux(pressure_Pa, saturation_Pa, density_kg_m3, omega)` of a liquid that flashes inside a long hole [kg/m2/s].
FLASHING = (
    Model(
        "leung_grolmes_1988", flux_kg_m2s, "choked flux of a flashing liquid, homogeneous equilibrium", "leung1988", "source",
        {"omega": (0.5, 1000.0)}, "vapour and liquid at one speed and temperature; too low in thin plates; far from the critical point",
    ),
)  # fmt: skip

MODELS = (*DISCHARGE, *FLASHING)
