"""What stands in the output files of MEM 3: directions, cubes, and a whole run with its limiting mass and axes. SI inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.environment.mem_grid import Igloo

__all__ = ["CUBE_COLUMNS", "HIGH", "LOW", "CubeFile", "DirectionFile", "MemRun"]

Array = npt.NDArray[np.float64]

#: The density populations, by the name of their folder.
HIGH, LOW = "HiDensity", "LoDensity"
#: The columns of a cube file in their order; the names in the file contain blanks, so they are known by place.
CUBE_COLUMNS = (
    "ram", "wake", "port", "starboard", "zenith", "nadir",
    "earth", "sun", "anti-sun", "rot_x", "rot_y", "rot_z",
)  # fmt: skip


@dataclass(frozen=True)
class DirectionFile:
    """An igloo or flux file: cross-sectional flux (n_dir, n_speed) per cell and speed bin; `speed_m_s` are middles."""

    path: str
    kind: str
    cells: Igloo
    speed_m_s: Array
    flux_per_m2_s: Array


@dataclass(frozen=True)
class CubeFile:
    """A cube file: flux on a sphere per m2 of cross-section, and per m2 of face (12,) with its mean speed (12,)."""

    path: str
    cross_section_per_m2_s: float
    face_per_m2_s: Array
    face_speed_m_s: Array
    speed_m_s: Array
    flux_per_m2_s: Array


@dataclass(frozen=True)
class MemRun:
    """A run: what was found of each population, heavier than `mass_kg` (None: not said), on `axes` ("bo", "eq", "ec", "")."""

    path: str
    mass_kg: float | None
    axes: str
    directions: Mapping[str, DirectionFile]
    cubes: Mapping[str, CubeFile]
