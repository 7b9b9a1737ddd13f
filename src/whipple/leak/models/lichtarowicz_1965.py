"""Short tubes with reattached flow: Lichtarowicz, Duggins & Markland 1965 (recalled, not confirmed in the document).

It does not claim anything for torn edges or liquids that flash inside the hole.
"""

from __future__ import annotations

import numpy as np

__all__ = ["lichtarowicz_1965"]

#: Length over diameter, and discharge coefficient: middles of the ranges of sheet 4.
_RATIO, _DISCHARGE = (2.5, 10.0), (0.81, 0.765)


def lichtarowicz_1965(head_m: float, diameter_m: float, wall_over_diameter_ratio: float) -> float:
    """Discharge coefficient between its values for a length of 2.5 and of 10 diameters.

    >>> round(lichtarowicz_1965(head_m=10.0, diameter_m=0.01, wall_over_diameter_ratio=2.5), 2)
    0.81
    """
    return float(np.interp(wall_over_diameter_ratio, _RATIO, _DISCHARGE))
