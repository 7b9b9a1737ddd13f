"""Which laws were published for how a vapour plume spreads?"""

from __future__ import annotations

from whipple.contamination.models.boynton_1967 import limiting_angle_rad, unnormalised
from whipple.physics.models import Model

__all__ = ["MODELS", "limiting_angle_rad", "unnormalised"]

#: `share(cosine, heat_capacity_ratio)`: density law of a continuum expansion, not yet normalised.
MODELS = (
    Model(
        "boynton_1967", unnormalised, "vapour density over angle from the axis", "thermal_sheet", "source",
        {"heat_capacity_ratio": (1.25, 1.67)},
        "continuum expansion into vacuum; below 1.25 the limiting angle passes 180 degrees and the law means nothing",
    ),
)  # fmt: skip
