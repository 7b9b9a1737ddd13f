"""Does this mesh count what is seen from outside once and only once? Exposed area beside the area of its shadow."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import Problem
from whipple.physics.cited import Cited
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.sight import silhouette_m2
from whipple.vehicle.surfaces import Surfaces

__all__ = ["OFF_BY_FRAC", "balance_problem", "directions_around", "silhouette_balance"]

#: Exposed area and shadow may differ by this share of the shadow before a mesh is refused: sampling leaves 0.2 % on the two public station
#: meshes, random winding 34 to 44 %.
OFF_BY_FRAC = Cited(0.02, unit="", source="whipple_judgement", grade="proposal")


def directions_around(count: int) -> Array:
    """`count` unit directions spread evenly over the sphere (Fibonacci spiral). (count, 3)

    >>> directions_around(2).round(3)[:, 2].tolist()
    [0.5, -0.5]
    """
    place = np.arange(count) + 0.5
    height, turn = 1 - 2 * place / count, np.pi * (1 + 5**0.5) * place
    level = np.sqrt(1 - height**2)
    return np.column_stack([level * np.cos(turn), level * np.sin(turn), height])


def silhouette_balance(
    surfaces: Surfaces,
    *,
    count: int = 32,
    across: int = 512,
    origins_per_m2: float = 20.0,
    two_sided: bool = False,
    backend: str = "auto",
) -> float:
    """Exposed area over shadow, summed over `count` directions: 1 for closed solids, and for open sheets that count from both sides.

    The shadow is a grid of `across`**2 parallel rays that only ask hit or miss, so it is blind to normals, ties and twins. Above 1: something
    counts twice (coincident sheets, mixed winding); below: something is seen from behind. Source: geometry sheet, section 2.3 (identity).
    """
    way = directions_around(count)
    wall = np.zeros(len(surfaces.triangle), dtype=np.int64)
    exposed = exposure_sums(surfaces, way, np.ones((1, count, 1, 1)), wall, cos_nodes=[1.0], origins_per_facet=4,
                            origins_per_m2=origins_per_m2, two_sided=two_sided, backend=backend)[:, 0]  # fmt: skip
    shadow = silhouette_m2(
        surfaces, way, across=across, backend="auto" if backend in ("packets", "auto") else backend
    ).sum()
    return float((exposed * surfaces.area_m2).sum() / shadow)


def balance_problem(surfaces: Surfaces, name: str, *, two_sided: bool = False) -> Problem | None:
    """What to say of surfaces whose exposed area is not that of their shadow; None when it is, to 2 %."""
    ratio = silhouette_balance(surfaces, origins_per_m2=4.0, across=384, two_sided=two_sided)
    if abs(ratio - 1) <= OFF_BY_FRAC:
        return None
    found = f"an exposed area of {100 * ratio:.0f} % of its shadow"
    remedy = (
        "wind all triangles the same way; of two equal sheets on one another drop one"
        if ratio > 1
        else "recalculate the normals outward, or accept open sheets with closed = false"
    )
    return Problem(name, "", found, "100 % (to 2 %)", remedy)
