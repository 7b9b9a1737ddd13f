"""Boynton (with Simons' angle law): how a continuum jet thins out with the angle from its axis (thermal sheet, section 9)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["limiting_angle_rad", "unnormalised"]


def limiting_angle_rad(heat_capacity_ratio: float) -> float:
    """Prandtl-Meyer limit of an expansion into vacuum: (pi/2)(sqrt((g + 1)/(g - 1)) - 1) [rad].

    Formally beyond pi for a heat capacity ratio below 1.25. RangeError at or below 1.

    >>> round(float(np.degrees(limiting_angle_rad(1.047)))), round(float(np.degrees(limiting_angle_rad(1.4))), 1)
    (504, 130.5)
    """
    if not heat_capacity_ratio > 1:
        raise RangeError("limiting angle", "heat_capacity_ratio", heat_capacity_ratio, "above 1")
    return float(np.pi / 2 * (np.sqrt((heat_capacity_ratio + 1) / (heat_capacity_ratio - 1)) - 1))


def unnormalised(cosine: npt.ArrayLike, heat_capacity_ratio: float) -> Array:
    """[cos(pi theta / (2 theta_max))]^(2/(g - 1)) within the limiting angle, 0 beyond; 1 on the axis.

    RangeError where the limiting angle passes pi (g below 1.25): there the plume wraps round and the law means nothing.

    >>> unnormalised([1.0, 0.0], 1.4).round(4).tolist()
    [1.0, 0.0225]
    """
    limit = limiting_angle_rad(heat_capacity_ratio)
    if limit > np.pi:
        raise RangeError(
            "boynton_1967", "heat_capacity_ratio", heat_capacity_ratio,
            f"1.25 or more (its limiting angle is {np.degrees(limit):.0f} degrees, beyond 180: take the cosine law)",
        )  # fmt: skip
    angle = np.arccos(np.clip(np.asarray(cosine, dtype=float), -1.0, 1.0))
    inside = np.cos(np.pi / 2 * np.minimum(angle / limit, 1.0))
    return np.asarray(np.maximum(inside, 0.0) ** (2 / (heat_capacity_ratio - 1)))
