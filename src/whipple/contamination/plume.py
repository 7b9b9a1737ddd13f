"""How is the flow spread over directions, and how much reaches a surface?

The vapour follows a cosine power law round the hole's axis plus an isotropic floor for what turns back: the continuum
expansion limit of isooctane is formally 503 degrees, so vapour wraps right round (thermal sheet, section 9).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.polynomial.legendre import leggauss

from whipple.casefile.estimate import Array
from whipple.contamination.models import limiting_angle_rad, unnormalised
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = [
    "CONE_HALF_ANGLE_rad",
    "arrival_kg_m2_s",
    "cone_per_sr",
    "effusion_kg_m2_s",
    "expansion_per_sr",
    "shape_per_sr",
]

#: Bulk of a vented liquid lies within 20 degrees of the axis (US-Lab condensate vent).
CONE_HALF_ANGLE_rad = Cited(0.34906585, unit="rad", source="schmidl2006")
_NODE, _WEIGHT = leggauss(400)


def shape_per_sr(cosine: npt.ArrayLike, exponent: npt.ArrayLike, floor_frac: npt.ArrayLike = 0.0) -> Array:
    """Share of the flow per steradian at this cosine from the axis: (1 - f)(k + 1)/(2 pi) cos^k (forward) + f/(4 pi).

    Integrates to 1 over the sphere for every exponent k >= 0 and floor 0 <= f <= 1; with f = 0 over the forward hemisphere.

    >>> round(float(shape_per_sr(1.0, 1.0)) * np.pi, 6)
    1.0
    """
    k, f, cos = np.asarray(exponent, dtype=float), np.asarray(floor_frac, dtype=float), np.asarray(cosine, dtype=float)
    if (k < 0).any() or (f < 0).any() or (f > 1).any():
        raise RangeError("plume", "exponent, floor_frac", "out of range", "exponent of 0 or more, floor from 0 to 1")
    forward = np.where(cos > 0, np.maximum(cos, 0.0) ** k, 0.0)
    return np.asarray((1 - f) * (k + 1) / (2 * np.pi) * forward + f / (4 * np.pi))


def expansion_per_sr(cosine: npt.ArrayLike, heat_capacity_ratio: float, floor_frac: float = 0.0) -> Array:
    """Share of the flow per steradian of a continuum expansion (Boynton-Simons) with an isotropic floor for what turns back.

    Integrates to 1 over the sphere. For a heat capacity ratio of 1.25 or more (water, ammonia, air); RangeError below, where
    the limiting angle passes 180 degrees (isooctane 1.047): take `shape_per_sr`.

    >>> round(float(expansion_per_sr(1.0, 1.4)), 3)
    0.481
    """
    if not 0 <= floor_frac <= 1:
        raise RangeError("plume", "floor_frac", floor_frac, "0 to 1")
    shape = unnormalised(cosine, heat_capacity_ratio)
    limit = limiting_angle_rad(heat_capacity_ratio)
    angle = limit / 2 * (1 + _NODE)
    whole = np.pi * limit * np.sum(_WEIGHT * np.sin(angle) * unnormalised(np.cos(angle), heat_capacity_ratio))
    return np.asarray((1 - floor_frac) * shape / whole + floor_frac / (4 * np.pi))


def cone_per_sr(cosine: npt.ArrayLike, half_angle_rad: float) -> Array:
    """Share per steradian of droplets spread evenly over a cone; 0 outside.

    >>> round(float(cone_per_sr(1.0, np.pi)) * 4 * np.pi, 6)
    1.0
    """
    limit = np.cos(half_angle_rad)
    return np.where(np.asarray(cosine) >= limit, 1.0 / (2 * np.pi * (1 - limit)), 0.0)


def arrival_kg_m2_s(
    flow_kg_s: npt.ArrayLike, per_sr: npt.ArrayLike, distance_m: npt.ArrayLike, facing: npt.ArrayLike = 1.0
) -> Array:
    """What reaches a surface at this distance [kg/m2/s]; `facing` is the cosine between its normal and the way to the source.

    >>> round(float(arrival_kg_m2_s(1.0, 1 / np.pi, 2.0, 0.5)), 6)
    0.039789
    """
    facing_cosine = np.maximum(np.asarray(facing, dtype=float), 0.0)
    return np.asarray(
        np.asarray(flow_kg_s) * np.asarray(per_sr) * facing_cosine / np.asarray(distance_m, dtype=float) ** 2
    )


def effusion_kg_m2_s(flow_kg_s: float, distance_m: float, source_cosine: float, surface_cosine: float) -> float:
    """Effusion through a small hole (Lambert): mdot cos(s) cos(r) / (pi r^2).

    >>> round(effusion_kg_m2_s(1.0, 2.0, 1.0, 0.5), 6)
    0.039789
    """
    return float(arrival_kg_m2_s(flow_kg_s, shape_per_sr(source_cosine, 1.0), distance_m, surface_cosine))
