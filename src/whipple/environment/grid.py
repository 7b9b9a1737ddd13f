"""The cells of the sky of every stream: near-equal-area direction bands in LVLH, and bins of relative speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.physics.frames import azimuth_elevation, direction_lvlh

__all__ = ["BAND_rad", "SPEED_STEP_m_s", "SkyGrid", "sky_grid"]

Array = npt.NDArray[np.float64]

#: Width of the elevation bands; one band is centred on the horizon, where debris arrives.
BAND_rad = float(np.radians(5.0))
#: Width of the speed bins: a choice of this project, the same as the outputs of MEM 3.
SPEED_STEP_m_s = 1000.0
_SPEED_BINS = 80


@dataclass(frozen=True)
class SkyGrid:
    """Direction cells (n_dir, 3) with solid angles (n_dir,) and middles of the speed bins (n_speed,).

    `first_cell` and `cell_count` (n_band,) index the bands from nadir to zenith; cell 0 of a band is centred on ram.
    """

    direction_lvlh: Array
    solid_angle_sr: Array
    speed_m_s: Array
    first_cell: npt.NDArray[np.int64]
    cell_count: npt.NDArray[np.int64]

    def cell_of(self, direction: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The cell of each LVLH direction (..., 3).

        >>> grid = sky_grid()
        >>> grid.direction_lvlh[grid.cell_of([0.0, 1.0, 0.0])].round(6).tolist()
        [0.0, 1.0, -0.0]
        """
        azimuth, elevation = azimuth_elevation(direction)
        band = np.rint(elevation / BAND_rad).astype(np.int64) + (len(self.cell_count) - 1) // 2
        count = self.cell_count[band]
        return np.asarray(self.first_cell[band] + np.rint(azimuth / (2 * np.pi) * count).astype(np.int64) % count)

    def bin_of(self, speed_m_s: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The speed bin of each relative speed; the last bin also takes what is faster.

        >>> sky_grid().bin_of([0.0, 1500.0]).tolist()
        [0, 1]
        """
        index = (np.asarray(speed_m_s, dtype=float) // SPEED_STEP_m_s).astype(np.int64)
        return np.minimum(index, len(self.speed_m_s) - 1)


def sky_grid() -> SkyGrid:
    """The grid used by every stream: 5 deg bands, 1652 cells, 80 speed bins of 1 km/s.

    >>> grid = sky_grid()
    >>> len(grid.solid_angle_sr), round(float(grid.solid_angle_sr.sum() / np.pi), 9)
    (1652, 4.0)
    """
    half = round(np.pi / 2 / BAND_rad)
    centre = np.arange(-half, half + 1) * BAND_rad
    low, high = (
        np.sin(np.maximum(centre - BAND_rad / 2, -np.pi / 2)),
        np.sin(np.minimum(centre + BAND_rad / 2, np.pi / 2)),
    )
    count = np.maximum(np.rint(2 * np.pi / BAND_rad * np.cos(centre)), 1).astype(np.int64)
    elevation = np.where(count == 1, centre, np.arcsin((low + high) / 2))
    azimuth = np.concatenate([np.arange(n) * 2 * np.pi / n for n in count])
    solid = np.repeat(2 * np.pi * (high - low) / count, count)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    speed = np.asarray((np.arange(_SPEED_BINS) + 0.5) * SPEED_STEP_m_s, dtype=np.float64)
    return SkyGrid(direction_lvlh(azimuth, np.repeat(elevation, count)), solid, speed, first, count)
