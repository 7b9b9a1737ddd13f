"""Sharp-edged orifices in thin plate: Encyclopaedia Britannica, 11th edition, article "Hydraulics".

It does not claim anything for holes of less than a centimetre, torn edges, or liquids that flash.
"""

from __future__ import annotations

import math

from whipple.physics.cited import Cited

__all__ = ["sharp_plate_1911", "unwin_1911"]

CONTRACTION_RATIO = Cited(0.64, unit="", source="britannica1911")
VELOCITY_RATIO = Cited(0.97, unit="", source="britannica1911")
FOOT_M = Cited(0.3048, unit="m", source="leak_sheet", grade="official")
INCH_M = Cited(0.0254, unit="m", source="leak_sheet", grade="official")


def unwin_1911(head_m: float, diameter_m: float, wall_over_diameter_ratio: float) -> float:
    """Cd = 0.6075 + 0.0098/sqrt(h_ft) - 0.0037 d_in, circular sharp orifice; tested for heads of 1 to 20 ft.

    >>> round(unwin_1911(head_m=0.3048, diameter_m=0.0127, wall_over_diameter_ratio=0.1), 3)
    0.615
    """
    return 0.6075 + 0.0098 / math.sqrt(head_m / FOOT_M) - 0.0037 * diameter_m / INCH_M


def sharp_plate_1911(head_m: float, diameter_m: float, wall_over_diameter_ratio: float) -> float:
    """Cd = Cc Cv of a sharp thin plate with a free jet.

    >>> round(sharp_plate_1911(10.0, 0.01, 0.1), 2)
    0.62
    """
    return CONTRACTION_RATIO * VELOCITY_RATIO
