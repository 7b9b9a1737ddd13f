"""What does a ray meet? One file a ray library, the same two questions each; the NumPy file is the truth."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["Rays"]


class Rays(Protocol):
    """Triangles that rays are cast at: `any_hit` asks whether, `first_hit` asks which triangle (-1 for none).

    Rays are `origin_m` (n, 3) and unit `direction_body` (n, 3); a hit counts at a distance in (0, `length_m`), `length_m` (n,) or a scalar.
    """

    name: str

    def any_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.bool_]:
        """Is there anything on the ray? (n,)"""
        ...

    def first_hit(self, origin_m: Array, direction_body: Array, length_m: Array | float) -> npt.NDArray[np.int64]:
        """The index of the nearest triangle on the ray, -1 for none. (n,)"""
        ...
