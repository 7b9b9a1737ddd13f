"""What may have struck the hull, where nobody has computed the flux: shots of debris on circular orbits and of meteoroids."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Z90, Array
from whipple.dynamics.strike import Shots
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import EARTH_RADIUS_m, MU_EARTH_m3_s2
from whipple.vehicle.surfaces import Surfaces

__all__ = ["KINDS", "arrivals", "hull_shots"]

KINDS = ("debris", "meteoroid")
#: Debris near a body's own altitude comes in close to the horizon: 1 sigma of its elevation.
RISE_RAD = Cited(0.09, unit="rad", source="whipple_strike", grade="proposal")
#: Meteoroids far from their pull: median speed beside the Earth, and 90 % of them below the second; they come from anywhere above the horizon.
SPEED_M_S = Cited(20e3, unit="m/s", source="whipple_strike", grade="recalled")
FAST_M_S = Cited(45e3, unit="m/s", source="whipple_strike", grade="recalled")
#: Bulk densities, 5, 50 and 95 %: plastics to steel; porous to stony.
DENSITY_KG_M3 = {"debris": (1200.0, 2700.0, 7900.0), "meteoroid": (800.0, 2500.0, 3800.0)}


def arrivals(kind: str, orbit_rate_rad_s: float, rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Velocities (n, 3) relative to a body on a circular orbit, LVLH (X ram, Y starboard, Z nadir), and how often each comes (n,).

    Debris: circular orbits of the same height that cross at any angle a alike, so at 2 v sin(a/2) from (90 deg - a/2) off the ram.
    Meteoroids: alike from every way above the horizon, plus the body's own motion. Both weighed by speed, as a flux is. A stand-in for the
    flux of the environment room.

    >>> flies, _ = arrivals("debris", 1.06e-3, np.random.default_rng(1), 1000)
    >>> bool((flies[:, 0] <= 0).all()), bool(np.linalg.norm(flies, axis=1).max() < 15.1e3)
    (True, True)
    """
    if kind not in KINDS:
        raise RangeError("arrivals", "kind", repr(kind), f"one of: {', '.join(KINDS)}")
    if not orbit_rate_rad_s > 0:
        raise RangeError("arrivals", "orbit_rate_rad_s", f"{orbit_rate_rad_s:g}", "above zero")
    own = float((MU_EARTH_m3_s2 * orbit_rate_rad_s) ** (1 / 3))
    flies = _debris(own, rng, count) if kind == "debris" else _meteoroids(own, orbit_rate_rad_s, rng, count)
    speed = np.linalg.norm(flies, axis=1)
    return flies, speed / speed.mean()


def _debris(own_m_s: float, rng: np.random.Generator, count: int) -> Array:
    half = rng.uniform(0.0, np.pi / 2, count)
    side = np.where(rng.uniform(size=count) < 0.5, -1.0, 1.0)
    rise = RISE_RAD * rng.standard_normal(count)
    speed, azimuth = 2 * own_m_s * np.sin(half), side * (np.pi / 2 - half)
    came_from = np.column_stack([np.cos(rise) * np.cos(azimuth), np.cos(rise) * np.sin(azimuth), -np.sin(rise)])
    return np.asarray(-speed[:, None] * came_from)


def _meteoroids(own_m_s: float, orbit_rate_rad_s: float, rng: np.random.Generator, count: int) -> Array:
    radius = own_m_s / orbit_rate_rad_s
    highest = np.sqrt(max(1.0 - (EARTH_RADIUS_m / radius) ** 2, 0.0))  # how far down (+Z) a line still clears the Earth
    down, turn = rng.uniform(-1.0, highest, count), rng.uniform(0.0, 2 * np.pi, count)
    flat = np.sqrt(1.0 - down**2)
    came_from = np.column_stack([flat * np.cos(turn), flat * np.sin(turn), down])
    speed = float(SPEED_M_S) * np.exp(np.log(FAST_M_S / SPEED_M_S) / 1.2816 * rng.standard_normal(count))
    return np.asarray(-speed[:, None] * came_from - np.array([own_m_s, 0.0, 0.0]))


def hull_shots(
    surfaces: Surfaces, facets: npt.NDArray[np.int64], centre_m: Array, body_from_lvlh: Array, kind: str, rate_rad_s: float,
    rng: np.random.Generator,
) -> Shots:  # fmt: skip
    """One shot for each row of `facets` (n,), facets drawn by their area, from `kind`: struck at a point of the triangle, if it comes from outside.

    `centre_m` (n, 3) the centre of mass in draws. What shades a facet is left out.
    """
    flies, often = arrivals(kind, rate_rad_s, rng, len(facets))
    velocity = flies @ body_from_lvlh.T
    normal = surfaces.normal_body[facets]
    facing = np.maximum(-np.sum(velocity * normal, axis=1) / np.linalg.norm(velocity, axis=1), 0.0)
    low, middle, high = DENSITY_KG_M3[kind]
    z = rng.standard_normal(len(facets))
    density = middle * np.exp(
        (np.log(high / middle) * np.maximum(z, 0.0) + np.log(middle / low) * np.minimum(z, 0.0)) / Z90
    )
    return Shots(
        velocity, _points(surfaces, facets, rng) - centre_m, normal, often * facing, density,
        surfaces.part_index[facets],
    )  # fmt: skip


def _points(surfaces: Surfaces, facets: npt.NDArray[np.int64], rng: np.random.Generator) -> Array:
    """A point anywhere in each triangle alike."""
    corner = surfaces.vertex_m[surfaces.triangle[facets]]
    one, other = np.sqrt(rng.uniform(size=(len(facets), 1))), rng.uniform(size=(len(facets), 1))
    return np.asarray((1 - one) * corner[:, 0] + one * (1 - other) * corner[:, 1] + one * other * corner[:, 2])
