"""Which laws were published for how a jet breaks up and how its vapour spreads?"""

from __future__ import annotations

from whipple.contamination.models.boynton_1967 import limiting_angle_rad, unnormalised
from whipple.contamination.models.grant_1966 import laminar_length_ratio, turbulent_length_ratio
from whipple.contamination.models.kitamura_1986 import shatter_by_heat_ratio, shatter_by_inertia_ratio, vapour_weight
from whipple.physics.models import Model

__all__ = [
    "MODELS",
    "laminar_length_ratio",
    "limiting_angle_rad",
    "shatter_by_heat_ratio",
    "shatter_by_inertia_ratio",
    "turbulent_length_ratio",
    "unnormalised",
    "vapour_weight",
]

#: Each answers what its line says; none claims more than its tested range.
MODELS = (
    Model(
        "boynton_1967", unnormalised, "vapour density over angle from the axis", "thermal_sheet", "source",
        {"heat_capacity_ratio": (1.25, 1.67)},
        "continuum expansion into vacuum; below 1.25 the limiting angle passes 180 degrees and the law means nothing",
    ),
    Model(
        "kitamura_1986_inertia", shatter_by_inertia_ratio, "does a boiling jet shatter, by the inertia of its vapour", "leak_sheet",
        "recalled", {}, "water and ethanol jets; above 1 it shatters",
    ),
    Model(
        "kitamura_1986_heat", shatter_by_heat_ratio, "does a boiling jet shatter, by the heat at hand", "kitamura1986", "recalled", {},
        "water and ethanol jets; above 1 it shatters",
    ),
    Model(
        "grant_1966_laminar", laminar_length_ratio, "intact length of a laminar jet over its diameter", "grant1966", "recalled", {},
        "still air, not vacuum",
    ),
    Model(
        "grant_1966_turbulent", turbulent_length_ratio, "intact length of a turbulent jet over its diameter", "grant1966", "recalled", {},
        "still air, not vacuum",
    ),
)  # fmt: skip
