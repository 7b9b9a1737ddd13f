"""What stands in the way of a particle: a wall, and whatever is put in front of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.physics.materials import Material, material

__all__ = ["Shield"]


@dataclass(frozen=True, kw_only=True)
class Shield:
    """A wall and its layers: `second_*` lies between bumper and wall, `stuffing_kg_m2` is fabric in the gap; absent layers are 0.

    `wall_m` may be an array that broadcasts with the shots. `blanket_kg_m2` is multi-layer insulation, `blanket_standoff_m` its
    distance from the bumper. `core_kg_m2` is the foam core of a sandwich (total minus facesheets), `cell_m` the cell of a honeycomb core
    as deep as `standoff_m`. `tile_*` is thermal protection bonded to the wall with felt of `felt_kg_m2`.
    """

    wall: Material
    wall_m: float | Array
    bumper_m: float = 0.0
    bumper_density_kg_m3: float = 2700.0
    standoff_m: float = 0.0
    second_m: float = 0.0
    second_standoff_m: float = 0.0
    stuffing_kg_m2: float = 0.0
    blanket_kg_m2: float = 0.0
    blanket_standoff_m: float = 0.0
    core_kg_m2: float = 0.0
    cell_m: float = 0.0
    tile_m: float = 0.0
    tile_density_kg_m3: float = 144.0
    felt_kg_m2: float = 0.0

    def __post_init__(self) -> None:
        if not np.all(np.asarray(self.wall_m) > 0):
            raise RangeError("Shield", "wall_m", self.wall_m, "a wall thicker than 0", "give the wall thickness")
        if self.bumper_m > 0 and not self.standoff_m > 0:
            raise RangeError(
                "Shield", "standoff_m", self.standoff_m, "a gap > 0 behind a bumper", "give the bumper-to-wall spacing"
            )

    @classmethod
    def single(cls, name: str, wall_m: float) -> Shield:
        """A bare wall of a named material.

        >>> Shield.single("6061-T6", 0.001).wall.brinell_ratio
        95
        """
        return cls(wall=material(name), wall_m=wall_m)
