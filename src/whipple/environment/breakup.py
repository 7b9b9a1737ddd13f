"""What does a break-up leave in orbit? Weighted fragments: as many samples for the rare large ones as for the common small ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.environment.models.johnson_2001 import (
    COLLISION_SLOPE,
    EXPLOSION_SLOPE,
    Parent,
    draw_area_to_mass_m2_kg,
    draw_delta_v_m_s,
)
from whipple.environment.orbit_decay import Orbits, REENTRY_m
from whipple.errors import RangeError
from whipple.physics.constants import EARTH_RADIUS_m, MU_EARTH_m3_s2

__all__ = ["Fragments", "ParentOrbit", "count_slope", "shatter"]

Array = npt.NDArray[np.float64]
#: Orbits that reach farther belong to no low-orbit cloud for long.
_FARTHEST_m = 100e6


@dataclass(frozen=True)
class ParentOrbit:
    """The orbit that broke: axis, eccentricity, inclination, and what it was."""

    axis_m: float
    eccentricity: float
    inclination_rad: float
    parent: Parent
    cause: str


@dataclass(frozen=True)
class Fragments:
    """Samples (n,): each stands for `weight_count` fragments of this length and area-to-mass ratio on this orbit."""

    length_m: Array
    area_to_mass_m2_kg: Array
    weight_count: Array
    orbits: Orbits

    def part(self, which: npt.NDArray[np.bool_]) -> Fragments:
        """Some of the samples."""
        return Fragments(
            self.length_m[which], self.area_to_mass_m2_kg[which], self.weight_count[which], self.orbits.part(which)
        )


def count_slope(cause: str) -> float:
    """The exponent of N(> Lc): -1.6 for an explosion, -1.71 for a collision.

    >>> count_slope("collision")
    -1.71
    """
    return float(COLLISION_SLOPE if cause == "collision" else EXPLOSION_SLOPE)


def shatter(
    orbit: ParentOrbit,
    count_10cm: float,
    samples: int,
    rng: np.random.Generator,
    *,
    smallest_m: float = 1e-3,
    largest_m: float = 1.0,
) -> Fragments:
    """Weighted fragments of one break-up with `count_10cm` pieces above 10 cm, on their orbits just after it.

    Lengths are stratified evenly in log(Lc) between the two limits (m); a sample's weight is the number of fragments of its
    stratum by the count law of the cause. Area to mass, speed and isotropic direction by the NASA standard model; the parent
    breaks at a random moment of its orbit, its node and perigee are unknown (uniform). Samples that escape, re-enter at once
    (perigee below 120 km) or reach beyond 100 000 km are left out with their weight. Raises RangeError for no samples or
    no count.

    >>> cloud = shatter(ParentOrbit(7.2e6, 0.0, 1.7, "spacecraft", "collision"), 100.0, 4000, np.random.default_rng(1))
    >>> bool(abs(cloud.weight_count[cloud.length_m > 0.1].sum() / 100.0 * (1 / (1 - 10**-1.71)) - 1) < 0.1)
    True
    """
    if samples < 1 or not count_10cm > 0:
        raise RangeError("shatter", "samples and count", f"{samples}, {count_10cm:g}", "both above 0", "name a cloud")
    slope = count_slope(orbit.cause)
    edges = np.linspace(np.log(smallest_m), np.log(largest_m), samples + 1)
    length = np.exp(edges[:-1] + rng.random(samples) * np.diff(edges))
    weight = count_10cm * (np.exp(slope * (edges[:-1] - np.log(0.1))) - np.exp(slope * (edges[1:] - np.log(0.1))))
    area_to_mass = draw_area_to_mass_m2_kg(length, orbit.parent, rng)
    kick = draw_delta_v_m_s(area_to_mass, orbit.cause, rng)[:, None] * _isotropic(samples, rng)
    position, velocity = _parent_states(orbit, samples, rng)
    orbits, bound = _elements(position, velocity + kick, rng)
    apogee = orbits.axis_m * (1 + orbits.eccentricity)
    kept = bound & (orbits.perigee_m() > REENTRY_m) & (apogee < _FARTHEST_m)
    return Fragments(length, area_to_mass, weight, orbits).part(kept)


def _isotropic(count: int, rng: np.random.Generator) -> Array:
    drawn = rng.standard_normal((count, 3))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=-1, keepdims=True))


def _parent_states(orbit: ParentOrbit, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Position and velocity (n, 3) of the parent at random mean anomaly and argument of perigee, node on the x axis."""
    e = orbit.eccentricity
    mean = rng.random(count) * 2 * np.pi
    eccentric = mean.copy()
    for _ in range(20):
        eccentric -= (eccentric - e * np.sin(eccentric) - mean) / (1 - e * np.cos(eccentric))
    true = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(eccentric / 2), np.sqrt(1 - e) * np.cos(eccentric / 2))
    parameter = orbit.axis_m * (1 - e**2)
    radius = parameter / (1 + e * np.cos(true))
    perigee = rng.random(count) * 2 * np.pi
    speed = np.sqrt(MU_EARTH_m3_s2 / parameter)
    along = true + perigee
    first, second = -np.sin(along) - e * np.sin(perigee), np.cos(along) + e * np.cos(perigee)
    tilt, lift = np.cos(orbit.inclination_rad), np.sin(orbit.inclination_rad)
    position = radius[:, None] * np.stack([np.cos(along), np.sin(along) * tilt, np.sin(along) * lift], axis=-1)
    return position, speed * np.stack([first, second * tilt, second * lift], axis=-1)


def _elements(position: Array, velocity: Array, rng: np.random.Generator) -> tuple[Orbits, npt.NDArray[np.bool_]]:
    """Elements from states, with a uniform unknown node added; the second array says which are bound."""
    radius = np.linalg.norm(position, axis=-1)
    axis = 1 / (2 / radius - (velocity**2).sum(axis=-1) / MU_EARTH_m3_s2)
    bound = (axis > 0) & (axis < 10 * _FARTHEST_m)
    axis = np.where(bound, axis, EARTH_RADIUS_m)
    momentum = np.cross(position, velocity)
    vector = np.cross(velocity, momentum) / MU_EARTH_m3_s2 - position / radius[:, None]
    eccentricity = np.where(bound, np.minimum(np.linalg.norm(vector, axis=-1), 0.999), 0.0)
    inclination = np.arccos(np.clip(momentum[:, 2] / np.linalg.norm(momentum, axis=-1), -1, 1))
    node = np.stack([-momentum[:, 1], momentum[:, 0], np.zeros(len(axis))], axis=-1)
    node /= np.maximum(np.linalg.norm(node, axis=-1, keepdims=True), 1e-12)
    side = np.cross(momentum, node) / np.linalg.norm(momentum, axis=-1, keepdims=True)
    perigee = np.arctan2((vector * side).sum(axis=-1), (vector * node).sum(axis=-1))
    turned = (np.arctan2(node[:, 1], node[:, 0]) + rng.random(len(axis)) * 2 * np.pi) % (2 * np.pi)
    return Orbits(axis, eccentricity, inclination, turned, perigee), bound
