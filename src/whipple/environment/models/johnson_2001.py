"""Johnson et al. (2001): the NASA standard breakup model (EVOLVE 4.0), with the 2011 correction of its collision mass.

How many fragments, how heavy for their area, and how fast do they leave? Above 11 cm the area-to-mass law is a weighted sum
of two normal densities in log10(A/M): a fragment belongs to one peak or the other. (Two public codes draw the weighted sum of
two draws instead, which has one peak in between; they agree with each other and not with the paper.)
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = [
    "Parent",
    "area_m2",
    "area_to_mass_density",
    "collision_count",
    "collision_mass_kg",
    "draw_area_to_mass_m2_kg",
    "draw_delta_v_m_s",
    "explosion_count",
    "large_law",
    "small_law",
]

Array = npt.NDArray[np.float64]
#: What broke: the upper stage and the spacecraft have different two-peak laws.
Parent = Literal["rocket body", "spacecraft"]


def _paper(value: float, unit: str = "") -> Cited:
    return Cited(value, unit=unit, source="johnson2001", grade="source")


#: N(> Lc) = 6 S Lc^-1.6 and N(> Lc) = 0.1 M^0.75 Lc^-1.71.
_EXPLOSION, EXPLOSION_SLOPE = _paper(6.0), _paper(-1.6)
_COLLISION, _COLLISION_MASS, COLLISION_SLOPE = _paper(0.1), _paper(0.75), _paper(-1.71)
#: Energy of the projectile per mass of the target above which everything breaks.
CATASTROPHIC_J_kg = _paper(40_000.0, "J/kg")
#: A = 0.540424 Lc^2 below 1.67 mm, 0.556945 Lc^2.0047077 above.
_SMALL_AREA, _LARGE_AREA, _AREA_POWER = _paper(0.540424), _paper(0.556945), _paper(2.0047077)
_AREA_BREAK_m = _paper(1.67e-3, "m")
_SMALL_BELOW_m, _LARGE_ABOVE_m = _paper(0.08, "m"), _paper(0.11, "m")
#: Below 1 mm the plateau of the law would not let a sphere weigh what it weighs: A/M = 1.5 / (rho d) instead.
_PLATEAU_m = _paper(1e-3, "m")
_ALUMINIUM_kg_m3 = Cited(2800.0, unit="kg/m^3", source="nasa_tm_2009_214785", grade="source")
#: log10 of the speed of ejection: mean = slope chi + offset, and its spread.
_SPEED = {"explosion": (_paper(0.2), _paper(1.85)), "collision": (_paper(0.9), _paper(2.9))}
_SPEED_SIGMA = _paper(0.4)
_SMALLEST_m, _LARGEST_m = 1e-5, 100.0


def _sizes(length_m: npt.ArrayLike) -> Array:
    length = np.asarray(length_m, dtype=float)
    if length.size and not (np.isfinite(length).all() and _SMALLEST_m <= length.min() and length.max() <= _LARGEST_m):
        shown = f"{length.min():.3g} to {length.max():.3g} m"
        raise RangeError("johnson_2001", "length_m", shown, f"{_SMALLEST_m:g} to {_LARGEST_m:g} m", "give Lc in metres")
    return length


def explosion_count(length_m: npt.ArrayLike, scale: float = 1.0) -> Array:
    """How many fragments longer than `length_m` an explosion leaves: 6 S Lc^-1.6, Lc in m, S from 0.1 to 1.

    Source: Johnson et al. 2001, equation 2. Raises RangeError outside 10 um to 100 m.

    >>> round(float(explosion_count(0.05)))
    724
    """
    return np.asarray(scale * _EXPLOSION * _sizes(length_m) ** EXPLOSION_SLOPE)


def collision_mass_kg(target_kg: float, projectile_kg: float, speed_m_s: float) -> tuple[float, bool]:
    """The mass M of the count law, and whether the collision is catastrophic (40 J/g of target or more).

    Catastrophic: both masses. Otherwise projectile mass times speed squared, speed in km/s (correction of 2011: the paper of
    2001 prints the first power). Raises RangeError for masses or speeds that are not positive.

    >>> collision_mass_kg(900.0, 560.0, 11_650.0)
    (1460.0, True)
    >>> collision_mass_kg(1000.0, 0.1, 10_000.0)
    (10.0, False)
    """
    if not min(target_kg, projectile_kg, speed_m_s) > 0:
        found = f"{target_kg:g} kg, {projectile_kg:g} kg, {speed_m_s:g} m/s"
        raise RangeError("johnson_2001", "masses and speed", found, "three positive numbers", "give SI values")
    if projectile_kg * speed_m_s**2 / (2 * target_kg) >= CATASTROPHIC_J_kg:
        return target_kg + projectile_kg, True
    return projectile_kg * (speed_m_s / 1e3) ** 2, False


def collision_count(length_m: npt.ArrayLike, mass_kg: float) -> Array:
    """How many fragments longer than `length_m` a collision leaves: 0.1 M^0.75 Lc^-1.71, M from `collision_mass_kg`.

    >>> round(float(collision_count(0.1, 1460.0)))
    1211
    """
    return np.asarray(_COLLISION * mass_kg**_COLLISION_MASS * _sizes(length_m) ** COLLISION_SLOPE)


def area_m2(length_m: npt.ArrayLike) -> Array:
    """Mean cross-section of a fragment of characteristic length Lc; mass = area / (area to mass).

    >>> area_m2([0.001, 0.1]).round(9).tolist()
    [5.4e-07, 0.005509404]
    """
    length = _sizes(length_m)
    return np.where(length < _AREA_BREAK_m, _SMALL_AREA * length**2, _LARGE_AREA * length**_AREA_POWER)


def large_law(length_m: npt.ArrayLike, parent: Parent) -> tuple[Array, Array, Array, Array, Array]:
    """The two peaks above 11 cm: share of the first, then mean and spread of each, of log10(A/M in m^2/kg).

    >>> [round(float(x), 4) for x in large_law(1.0, "spacecraft")]
    [0.78, -0.95, 0.3, -2.0, 0.3]
    >>> [round(float(x), 4) for x in large_law(0.1, "rocket body")]
    [0.8572, -0.45, 0.55, -0.9, 0.28]
    """
    x = np.log10(_sizes(length_m))
    if parent == "rocket body":
        share = np.clip(1 - 0.3571 * (x + 1.4), 0.5, 1.0)
        return (
            share, np.clip(-0.45 - 0.9 * (x + 0.5), -0.9, -0.45), np.full(x.shape, 0.55),
            np.full(x.shape, -0.9), np.clip(0.28 - 0.1636 * (x + 1), 0.1, 0.28),
        )  # fmt: skip
    share = np.where(x <= -1.95, 0.0, np.where(x >= 0.55, 1.0, np.clip(0.3 + 0.4 * (x + 1.2), 0.0, 1.0)))
    return (
        share, np.where(x <= -1.1, -0.6, np.where(x >= 0, -0.95, -0.6 - 0.318 * (x + 1.1))), np.clip(0.1 + 0.2 * (x + 1.3), 0.1, 0.3),
        np.clip(-1.2 - 1.333 * (x + 0.7), -2.0, -1.2), np.clip(0.5 - (x + 0.5), 0.3, 0.5),
    )  # fmt: skip


def small_law(length_m: npt.ArrayLike) -> tuple[Array, Array]:
    """Mean and spread of log10(A/M) below 8 cm; below 1 mm the mean is that of an aluminium sphere, 1.5 / (rho d).

    >>> mean, sigma = small_law([1e-4, 1e-2, 0.05])
    >>> mean.round(3).tolist(), sigma.round(3).tolist()
    ([0.729, -0.3, -0.929], [0.2, 0.4, 0.493])
    """
    length = _sizes(length_m)
    x = np.log10(length)
    mean = np.clip(-0.3 - 1.4 * (x + 1.75), -1.0, -0.3)
    sphere = np.log10(1.5 / (_ALUMINIUM_kg_m3 * length))
    return np.where(length < _PLATEAU_m, sphere, mean), np.maximum(0.2, 0.2 + 0.1333 * (x + 3.5))


def area_to_mass_density(log10_ratio: npt.ArrayLike, length_m: float, parent: Parent) -> Array:
    """Probability density of log10(A/M in m^2/kg) at one length: two peaks above 11 cm, one below 8 cm, both between.

    Between 8 and 11 cm the large law is taken with probability (Lc - 8 cm) / 3 cm: a switch, so the laws are never averaged.

    >>> x = np.linspace(-4, 2, 6001)
    >>> round(float(area_to_mass_density(x, 0.5, "spacecraft").sum() * 1e-3), 6)
    1.0
    """
    x = np.asarray(log10_ratio, dtype=float)
    large = float(np.clip((length_m - _SMALL_BELOW_m) / (_LARGE_ABOVE_m - _SMALL_BELOW_m), 0.0, 1.0))
    share, mean1, sigma1, mean2, sigma2 = (float(value) for value in large_law(length_m, parent))
    mean, sigma = (float(value) for value in small_law(length_m))
    two = share * _normal(x, mean1, sigma1) + (1 - share) * _normal(x, mean2, sigma2)
    return np.asarray(large * two + (1 - large) * _normal(x, mean, sigma))


def _normal(x: Array, mean: float, sigma: float) -> Array:
    return np.asarray(np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi)))


def draw_area_to_mass_m2_kg(length_m: npt.ArrayLike, parent: Parent, rng: np.random.Generator) -> Array:
    """One area-to-mass ratio a fragment (m^2/kg), drawn from the law of its length.

    >>> drawn = draw_area_to_mass_m2_kg(np.full(20_000, 1e-3), "spacecraft", np.random.default_rng(1))
    >>> round(float(np.median(drawn)), 2)
    0.5
    """
    length = _sizes(length_m)
    large = rng.random(length.shape) < (length - _SMALL_BELOW_m) / (_LARGE_ABOVE_m - _SMALL_BELOW_m)
    share, mean1, sigma1, mean2, sigma2 = large_law(length, parent)
    first = rng.random(length.shape) < share
    mean, sigma = small_law(length)
    mean = np.where(large, np.where(first, mean1, mean2), mean)
    sigma = np.where(large, np.where(first, sigma1, sigma2), sigma)
    return np.asarray(10 ** (mean + sigma * rng.standard_normal(length.shape)))


def draw_delta_v_m_s(area_to_mass_m2_kg: npt.ArrayLike, cause: str, rng: np.random.Generator) -> Array:
    """One speed of ejection a fragment (m/s): log10 normal about 0.2 chi + 1.85 (explosion) or 0.9 chi + 2.9 (collision).

    chi = log10(A/M). The direction is isotropic. `cause` is "explosion" or "collision", otherwise RangeError.

    >>> v = draw_delta_v_m_s(np.full(20_000, 0.1), "collision", np.random.default_rng(1))
    >>> round(float(np.log10(v).mean()), 1)
    2.0
    """
    if cause not in _SPEED:
        raise RangeError("johnson_2001", "cause", repr(cause), "explosion or collision", "name one of the two")
    slope, offset = _SPEED[cause]
    chi = np.log10(np.asarray(area_to_mass_m2_kg, dtype=float))
    return np.asarray(10 ** (slope * chi + offset + _SPEED_SIGMA * rng.standard_normal(chi.shape)))
