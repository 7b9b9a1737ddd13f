"""One noun for every shape: triangles with normals, areas and a part each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["Part", "Surfaces"]


@dataclass(frozen=True)
class Part:
    """A named part: the module it belongs to, its wall, and how it meets light and heat.

    `wall` is a free name that rooms look up; thicknesses are 0 when unknown. `solar_absorptance_frac` and `emittance_frac` may be
    nan-free defaults of the shape file. `tracks_sun` marks parts that turn with the Sun (drawn and shadowing at one position only).
    `wall_kind` is a sort of wall by its published name ("stuffed Whipple shield") and `layers` what else makes it, by name in SI; a
    look ahead fills both from assess.toml, the shape file knows neither.
    """

    name: str
    module: str
    material: str
    wall_m: float
    bumper_m: float
    standoff_m: float
    solar_absorptance_frac: float
    emittance_frac: float
    temperature_K: float
    source: str
    tracks_sun: bool = False
    wall_kind: str = ""
    layers: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Surfaces:
    """A stack of parts as triangles, in station body axes (X forward, Y starboard, Z nadir), metres.

    `vertex_m` (n_vertex, 3); `triangle` (n, 3) vertex indices, counter-clockwise from outside; `normal_body` (n, 3) outward unit
    normals; `area_m2` (n,); `centroid_m` (n, 3); `part_index` (n,) into `parts`.
    """

    vertex_m: Array
    triangle: npt.NDArray[np.int64]
    normal_body: Array
    area_m2: Array
    centroid_m: Array
    part_index: npt.NDArray[np.int64]
    parts: tuple[Part, ...]

    @classmethod
    def from_triangles(
        cls, vertex_m: npt.ArrayLike, triangle: npt.ArrayLike, part_index: npt.ArrayLike, parts: Sequence[Part]
    ) -> Surfaces:
        """Surfaces from vertices and triangles; normals and areas follow from the winding.

        >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
        >>> one = Surfaces.from_triangles([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], [0], [plate])
        >>> one.area_m2.tolist(), one.normal_body.tolist()
        ([0.5], [[0.0, 0.0, 1.0]])
        """
        vertices, faces = np.asarray(vertex_m, dtype=float), np.asarray(triangle, dtype=np.int64)
        corners = vertices[faces]
        cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.linalg.norm(cross, axis=1)
        normal = cross / np.where(length > 0, length, 1.0)[:, None]
        return cls(
            vertices,
            faces,
            normal,
            length / 2,
            corners.mean(axis=1),
            np.asarray(part_index, dtype=np.int64),
            tuple(parts),
        )

    def of_part(self, name: str) -> npt.NDArray[np.int64]:
        """The triangles of a part (by exact name), as indices.

        >>> plate = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
        >>> one = Surfaces.from_triangles([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], [0], [plate])
        >>> one.of_part("plate")
        array([0])
        """
        wanted = [index for index, part in enumerate(self.parts) if part.name == name]
        return np.flatnonzero(np.isin(self.part_index, wanted))
