"""The igloo of MEM 3: near-equal-area cells with edges on the horizon, and its axes (x ram, y port, z zenith) in LVLH."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.environment.grid import SkyGrid

__all__ = ["LVLH_FROM_MEM", "Igloo", "igloo", "igloo_grid", "lvlh_direction"]

Array = npt.NDArray[np.float64]

#: MEM: x ram, y port, z zenith. LVLH: X ram, Y starboard, Z nadir. The turn is half a revolution about ram.
LVLH_FROM_MEM = (1.0, -1.0, -1.0)


@dataclass(frozen=True)
class Igloo:
    """The cells (n,): band I and place J in it from one, edges in degrees (elevation PHI, azimuth THETA from ram toward port)."""

    band: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    low_phi_deg: Array
    high_phi_deg: Array
    low_theta_deg: Array
    high_theta_deg: Array

    @property
    def phi_deg(self) -> Array:
        """Equal-area elevation: its sine is the mean of those of the edges (-86.47 for the lowest of 5 degrees)."""
        sines = np.sin(np.radians(self.low_phi_deg)) + np.sin(np.radians(self.high_phi_deg))
        return np.asarray(np.degrees(np.arcsin(sines / 2)))

    @property
    def theta_deg(self) -> Array:
        """Middle azimuth."""
        return np.asarray((self.low_theta_deg + self.high_theta_deg) / 2)

    @property
    def solid_angle_sr(self) -> Array:
        """Solid angles of the cells; they add up to 4 pi."""
        sines = np.sin(np.radians(self.high_phi_deg)) - np.sin(np.radians(self.low_phi_deg))
        return np.asarray(np.radians(self.high_theta_deg - self.low_theta_deg) * sines)


def igloo(step_deg: float = 5.0) -> Igloo:
    """The igloo of a resolution: in each band as many cells as fit its area, rounded; 1652 at 5 degrees, as in the files.

    >>> cells = igloo()
    >>> len(cells.band), cells.phi_deg[[0, 3, 12]].round(2).tolist(), int((cells.band == 3).sum())
    (1652, [-86.47, -82.1, -77.26], 16)
    """
    edges = np.linspace(-90.0, 90.0, round(180 / step_deg) + 1)
    area = 2 * np.pi * np.diff(np.sin(np.radians(edges)))
    count = np.maximum(np.rint(area / np.radians(step_deg) ** 2), 1).astype(np.int64)
    band = np.repeat(np.arange(len(count)), count)
    place = np.concatenate([np.arange(n) for n in count])
    width = 360.0 / count[band]
    return Igloo(band + 1, place + 1, edges[band], edges[band + 1], place * width, (place + 1) * width)


def lvlh_direction(phi_deg: npt.ArrayLike, theta_deg: npt.ArrayLike) -> Array:
    """The LVLH unit vector (..., 3) from which something of MEM's elevation and azimuth comes.

    >>> lvlh_direction([0.0, 0.0, 90.0], [0.0, 90.0, 0.0]).round(9).tolist()  # ram, port, zenith
    [[1.0, -0.0, -0.0], [0.0, -1.0, -0.0], [0.0, -0.0, -1.0]]
    """
    phi, theta = np.radians(np.asarray(phi_deg, float)), np.radians(np.asarray(theta_deg, float))
    local = np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=-1)
    return np.asarray(local * LVLH_FROM_MEM)


def igloo_grid(cells: Igloo, speed_m_s: Array) -> SkyGrid:
    """The cells as a grid on which our own sky can be computed; bands from nadir to zenith as in ours.

    >>> grid = igloo_grid(igloo(), np.arange(500.0, 80e3, 1e3))
    >>> round(float(grid.solid_angle_sr.sum() / np.pi), 9), int(grid.cell_count.sum())
    (4.0, 1652)
    """
    _, first, count = np.unique(cells.band, return_index=True, return_counts=True)
    direction = lvlh_direction(cells.phi_deg, cells.theta_deg)
    return SkyGrid(direction, cells.solid_angle_sr, speed_m_s, first.astype(np.int64), count.astype(np.int64))
