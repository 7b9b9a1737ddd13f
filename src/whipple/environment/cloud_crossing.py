"""How often does an object on this orbit meet the ship, from which way and how fast?

Öpik and Kessler's encounter rate for a ship on a known, nearly circular orbit and an object whose node, perigee and place are
uniform: the two planes cross along a line; the object's density there is its share of time in the ship's shell of heights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.environment.grid import SkyGrid
from whipple.physics.cited import Cited
from whipple.physics.constants import MU_EARTH_m3_s2

__all__ = ["Encounters", "HALF_SHELL_m", "Ship", "encounters", "shell_frac"]

Array = npt.NDArray[np.float64]

#: Half the thickness of the shell in which density is averaged: less than a scale height of what drag brings down.
HALF_SHELL_m = Cited(10e3, unit="m", source="whipple_judgement", grade="proposal")
#: Planes closer than this (rad) do not cross along a line that is known.
_SMALLEST_ANGLE_rad = 0.02


@dataclass(frozen=True)
class Ship:
    """The ship's orbit: mean radius and inclination; circular."""

    radius_m: float
    inclination_rad: float

    def speed_m_s(self) -> float:
        """Circular speed."""
        return float(np.sqrt(MU_EARTH_m3_s2 / self.radius_m))


@dataclass(frozen=True)
class Encounters:
    """What (m,) encounters bring: which object, flux per unit cross-section for one object (1/m2/s), direction and speed.

    `direction_lvlh` (m, 3) is where it comes from.
    """

    index: npt.NDArray[np.intp]
    flux_per_m2_s: Array
    direction_lvlh: Array
    speed_m_s: Array

    def deposit(self, grid: SkyGrid, weight: Array, tensor: Array, row: npt.NDArray[np.intp]) -> None:
        """Add weight x flux to `tensor` (n_row, n_dir, n_speed), each object (n,) in its row."""
        n_dir, n_speed = tensor.shape[1:]
        speed = np.minimum(grid.bin_of(self.speed_m_s), n_speed - 1)
        place = (row[self.index] * n_dir + grid.cell_of(self.direction_lvlh)) * n_speed + speed
        amount = weight[self.index] * self.flux_per_m2_s
        tensor += np.bincount(place, amount, minlength=tensor.size).reshape(tensor.shape)


def shell_frac(axis_m: npt.ArrayLike, eccentricity: npt.ArrayLike, low_m: float, high_m: float) -> Array:
    """The share of its time that an object spends between two radii.

    (E - e sin E) / pi at each radius, cos E = (1 - r/a) / e; a circle is inside or not.

    >>> shell_frac([7e6, 7e6, 9e6], [0.0, 0.1, 0.0], 6.9e6, 7.1e6).round(4).tolist()
    [1.0, 0.0913, 0.0]
    """
    axis, e = np.asarray(axis_m, dtype=float), np.maximum(np.asarray(eccentricity, dtype=float), 1e-9)

    def below(radius: float) -> Array:
        anomaly = np.arccos(np.clip((1 - radius / axis) / e, -1, 1))
        return np.asarray((anomaly - e * np.sin(anomaly)) / np.pi)

    return below(high_m) - below(low_m)


def encounters(
    axis_m: Array, eccentricity: Array, inclination_rad: Array, ship: Ship, rng: np.random.Generator, nodes: int = 6
) -> Encounters:
    """Every way in which the objects (n,) can meet the ship: `nodes` relative nodes x two crossings x up or down.

    Flux of one object per unit cross-section, averaged over nodes: v_rel p(R) / (2 pi^2 R^2 sin g), with p(R) the density of
    its radius and g the angle of the planes. Source: Opik 1951, Kessler 1981 (Icarus 48, 39), re-derived for a known ship.
    """
    shell = float(HALF_SHELL_m)
    low, high = ship.radius_m - shell, ship.radius_m + shell
    near = np.flatnonzero((axis_m * (1 - eccentricity) < high) & (axis_m * (1 + eccentricity) > low))
    axis, e, tilt = axis_m[near], eccentricity[near], inclination_rad[near]
    density = shell_frac(axis, e, low, high) / (2 * shell)
    radius = np.clip(ship.radius_m, np.maximum(axis * (1 - e), low), np.minimum(axis * (1 + e), high))
    level = np.sqrt(MU_EARTH_m3_s2 * axis * (1 - e**2)) / radius
    climb = np.sqrt(np.maximum(MU_EARTH_m3_s2 * (2 / radius - 1 / axis) - level**2, 0.0))
    turn = (np.arange(nodes) + rng.random((len(near), nodes))) * np.pi / nodes
    cosine = np.cos(tilt)[:, None] * np.cos(ship.inclination_rad)
    cosine = cosine + np.sin(tilt)[:, None] * np.sin(ship.inclination_rad) * np.cos(turn)
    sine = np.maximum(np.sqrt(np.maximum(1 - cosine**2, 0.0)), np.sin(_SMALLEST_ANGLE_rad))
    along = ship.speed_m_s() - level[:, None] * cosine
    across, up = level[:, None] * sine, np.broadcast_to(climb[:, None], sine.shape)
    speed = np.sqrt(along**2 + across**2 + up**2)
    flux = speed * density[:, None] / (2 * np.pi**2 * ship.radius_m**2 * sine) / (4 * nodes)
    directions = np.stack(
        [np.stack([along, side * across, vertical * up], axis=-1) for side in (-1.0, 1.0) for vertical in (-1.0, 1.0)]
    )
    return Encounters(
        index=np.tile(np.repeat(near, nodes), 4),
        flux_per_m2_s=np.tile(flux.ravel(), 4),
        direction_lvlh=directions.reshape(-1, 3) / np.tile(np.maximum(speed, 1e-9).ravel(), 4)[:, None],
        speed_m_s=np.tile(speed.ravel(), 4),
    )
