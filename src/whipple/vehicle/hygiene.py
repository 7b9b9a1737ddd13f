"""Is this mesh fit for rays? Counted and reported, never repaired silently."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.vehicle.shapes import Triangles

__all__ = [
    "LARGEST_M",
    "MIXED_FRAC",
    "SHIFT_M",
    "SMALLEST_M",
    "WELD_M",
    "MeshHealth",
    "examine",
    "with_backs",
    "without_copies",
]

#: Corners nearer than this are one corner when edges are counted.
WELD_M = Cited(1e-3, unit="m", source="geometry-sheet", grade="measured")
#: A facet of an open mesh is moved this far along its own normal, so that a coincident opposite twin hides its back.
SHIFT_M = Cited(2e-4, unit="m", source="geometry-sheet", grade="measured")
#: An extent outside these bounds is a wrong unit rather than a spacecraft.
SMALLEST_M = Cited(0.05, unit="m", source="whipple_judgement", grade="proposal")
LARGEST_M = Cited(500.0, unit="m", source="whipple_judgement", grade="proposal")
#: Open sheets may meet at a few edges with inconsistent winding (of two public station meshes one has 0.07 %); this share is no accident.
MIXED_FRAC = Cited(0.005, unit="", source="whipple_judgement", grade="proposal")
#: A triangle below this area counts as having none.
NO_AREA_M2 = 1e-9


@dataclass(frozen=True)
class MeshHealth:
    """What a look at a mesh counted, after welding corners.

    `open_edge_count`: edges used once. `crowded_edge_count`: used more than twice. `flipped_edge_count`: used twice in the same direction
    (inconsistent winding), of the `paired_edge_count` used twice. `extent_m` (3,) of its bounding box.
    """

    triangle_count: int
    open_edge_count: int
    crowded_edge_count: int
    flipped_edge_count: int
    no_area_count: int
    same_copy_count: int
    opposite_copy_count: int
    extent_m: tuple[float, float, float]
    volume_m3: float
    paired_edge_count: int = 0

    @property
    def closed(self) -> bool:
        """True when every edge joins two triangles (or more, where solids touch)."""
        return self.open_edge_count == 0 and self.triangle_count > 0

    @property
    def mixed(self) -> bool:
        """True when so many edges are wound inconsistently that no side of the sheets can be trusted."""
        return self.flipped_edge_count > MIXED_FRAC * self.paired_edge_count

    @property
    def implausible(self) -> bool:
        """True when the extent is not that of a spacecraft: the unit is probably wrong."""
        return not SMALLEST_M <= max(self.extent_m) <= LARGEST_M


def _welded(vertex_m: Array) -> npt.NDArray[np.int64]:
    """An index for each vertex, equal for vertices that round to the same place on a grid of `WELD_M`."""
    _, which = np.unique(np.round(vertex_m / WELD_M).astype(np.int64), axis=0, return_inverse=True)
    return which.reshape(-1)


def _areas_m2(shape: Triangles) -> Array:
    corner = shape.vertex_m[shape.triangle]
    area: Array = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1) / 2
    return area


def _wound(faces: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Each triangle turned so that its smallest vertex comes first: equal rows are equal triangles with equal winding."""
    first = faces.argmin(axis=1)
    return np.column_stack([faces[np.arange(len(faces)), (first + step) % 3] for step in range(3)])


def without_copies(shape: Triangles) -> Triangles:
    """The shape without triangles that repeat another with the same winding, and without those of no area."""
    kept = np.flatnonzero(_areas_m2(shape) > NO_AREA_M2)
    faces = shape.triangle[kept]
    _, first = np.unique(_wound(_welded(shape.vertex_m)[faces]), axis=0, return_index=True)
    return Triangles(shape.vertex_m, faces[np.sort(first)])


def with_backs(shape: Triangles, shift_m: float = SHIFT_M) -> Triangles:
    """Both sides of every triangle: each moved `shift_m` along its own normal, and a copy facing the other way.

    For open shells, where a sheet may be struck from behind; where two opposite sheets coincide, each hides the other's back, so
    nothing counts twice. Source: geometry sheet, section 2.3 (closes the silhouette balance to 0.15 %).
    """
    corner = shape.vertex_m[shape.triangle]
    cross = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normal = cross / np.maximum(np.linalg.norm(cross, axis=1), 1e-30)[:, None]
    moved = (corner + shift_m * normal[:, None, :]).reshape(-1, 3)
    front = np.arange(len(moved)).reshape(-1, 3)
    return Triangles(moved, np.vstack([front, front[:, ::-1]]))


def examine(shape: Triangles) -> MeshHealth:
    """Count what is wrong with a mesh.

    >>> from whipple.vehicle.shapes import box
    >>> whole = box([1.0, 1.0, 1.0])
    >>> examine(whole).closed, examine(Triangles(whole.vertex_m, whole.triangle[1:])).open_edge_count
    (True, 3)
    """
    faces = _welded(shape.vertex_m)[shape.triangle]
    sound = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    sound &= _areas_m2(shape) > NO_AREA_M2
    kept = faces[sound]
    directed = np.vstack([kept[:, [0, 1]], kept[:, [1, 2]], kept[:, [2, 0]]])
    _, which, uses = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True, return_counts=True)
    balance = np.bincount(which.reshape(-1), np.where(directed[:, 0] < directed[:, 1], 1.0, -1.0), minlength=len(uses))
    wound = len(np.unique(_wound(kept), axis=0)) if len(kept) else 0
    unwound = len(np.unique(np.sort(kept, axis=1), axis=0)) if len(kept) else 0
    corner = shape.vertex_m[shape.triangle]
    spread = np.ptp(shape.vertex_m[np.unique(shape.triangle)], axis=0) if len(faces) else np.zeros(3)
    return MeshHealth(
        triangle_count=len(faces),
        open_edge_count=int((uses == 1).sum()),
        crowded_edge_count=int((uses > 2).sum()),
        paired_edge_count=int((uses == 2).sum()),
        flipped_edge_count=int(((uses == 2) & (balance != 0)).sum()),
        no_area_count=int((~sound).sum()),
        same_copy_count=len(kept) - wound,
        opposite_copy_count=wound - unwound,
        extent_m=(float(spread[0]), float(spread[1]), float(spread[2])),
        volume_m3=float(np.einsum("ij,ij->", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])) / 6),
    )
