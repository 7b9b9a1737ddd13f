"""A stream of ours as an igloo of MEM 3: the same flux in MEM's cells, axes and units, ready to be written."""

from __future__ import annotations

import numpy as np

from whipple.casefile.findings.sky import Sky, Stream
from whipple.environment.faces import FACES_LVLH
from whipple.environment.grid import BAND_rad, SkyGrid, sky_grid
from whipple.environment.imported import spread_cells
from whipple.environment.mem_files import CubeFile, DirectionFile
from whipple.environment.mem_grid import Igloo, igloo, lvlh_direction
from whipple.errors import RangeError

__all__ = ["as_cube", "as_igloo"]

_STEP_deg = 5.0


def as_igloo(sky: Sky, stream: Stream) -> DirectionFile:
    """The stream's flux (per m2 of cross-section and second) in MEM's near-equal-area cells of 5 degrees.

    Ours are bands centred on the horizon, MEM's have an edge there: each cell of ours is spread by equal parts. The sum is
    kept, directions to half a cell. Raises RangeError for a sky on another grid.
    """
    grid = sky_grid()
    if sky.direction_lvlh.shape != grid.direction_lvlh.shape or not np.allclose(
        sky.direction_lvlh, grid.direction_lvlh
    ):
        raise RangeError(
            "igloo-export", "cells", len(sky.direction_lvlh), "the grid of our own skies", "export the sky of a case"
        )
    cells = igloo(_STEP_deg)
    direction, cell = spread_cells(_as_cells(grid))
    into = np.zeros((len(cells.band), len(sky.speed_m_s)))
    np.add.at(into, _igloo_cell(cells, direction), stream.flux_per_m2_s[cell] / (len(cell) / len(grid.direction_lvlh)))
    return DirectionFile(stream.name, "igloo", cells, sky.speed_m_s, into)


def _as_cells(grid: SkyGrid) -> Igloo:
    """Our own cells by their edges in MEM's angles (azimuth from ram toward port)."""
    count = np.repeat(grid.cell_count, grid.cell_count)
    band = np.repeat(np.arange(len(grid.cell_count)), grid.cell_count)
    place = np.arange(len(band)) - np.repeat(grid.first_cell, grid.cell_count)
    step, half = np.degrees(BAND_rad), (len(grid.cell_count) - 1) // 2
    phi, theta = (band - half) * step, -place * 360.0 / count
    low, high = np.maximum(phi - step / 2, -90.0), np.minimum(phi + step / 2, 90.0)
    return Igloo(band + 1, place + 1, low, high, theta - 180.0 / count, theta + 180.0 / count)


def _igloo_cell(cells: Igloo, direction_lvlh: np.ndarray) -> np.ndarray:
    """The igloo cell of each LVLH direction (n, 3)."""
    phi = np.degrees(np.arcsin(np.clip(-direction_lvlh[:, 2], -1.0, 1.0)))
    theta = np.degrees(np.arctan2(-direction_lvlh[:, 1], direction_lvlh[:, 0])) % 360.0
    count = np.bincount(cells.band - 1)
    band = np.minimum(((phi + 90.0) / _STEP_deg).astype(np.int64), len(count) - 1)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    return np.asarray(first[band] + np.minimum((theta / 360.0 * count[band]).astype(np.int64), count[band] - 1))


def as_cube(file: DirectionFile) -> CubeFile:
    """The cube that belongs to an igloo: six faces of the body; Earth, Sun and rotating plates are left at 0.

    >>> from whipple.environment.grid import sky_grid
    >>> flux = np.zeros((1652, 80)); flux[-1, 20] = 1.0  # next to the zenith
    >>> cube = as_cube(DirectionFile("x", "igloo", igloo(), sky_grid().speed_m_s, flux))
    >>> round(float(cube.face_per_m2_s[4]), 3), float(cube.face_speed_m_s[4])
    (0.998, 20500.0)
    """
    direction = lvlh_direction(file.cells.phi_deg, file.cells.theta_deg)
    normals = np.array(list(FACES_LVLH.values()))
    by_face = np.maximum(normals @ direction.T, 0.0) @ file.flux_per_m2_s
    table = np.zeros((len(file.speed_m_s), 12))
    table[:, :6] = by_face.T
    face = table.sum(axis=0)
    mean = np.divide(file.speed_m_s @ table, face, out=np.zeros(12), where=face > 0)
    return CubeFile(file.path, float(file.flux_per_m2_s.sum()), face, mean, file.speed_m_s, table)
