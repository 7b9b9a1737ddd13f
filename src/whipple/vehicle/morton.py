"""Which of these points are neighbours? The order of their Morton codes: along it, near in the list is near in space."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["morton_order"]

#: Bits an axis, and the masks that spread them three apart.
_BITS = 10
_SPREAD = ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249))


def morton_order(point_m: Array) -> npt.NDArray[np.int64]:
    """The order of points (n, 3) along the Morton curve through their bounding cube, 1024 cells an axis; equal cells keep their order.

    Source: geometry sheet, section 1.3.

    >>> morton_order(np.array([[0.0, 0, 0], [9, 9, 9], [1, 0, 0], [9, 9, 8]])).tolist()
    [0, 2, 3, 1]
    """
    if not len(point_m):
        return np.zeros(0, dtype=np.int64)
    low, span = point_m.min(axis=0), float(np.ptp(point_m, axis=0).max()) or 1.0
    cell = np.minimum((point_m - low) * (2**_BITS / span), 2**_BITS - 1).astype(np.uint32)
    for shift, mask in _SPREAD:
        cell = (cell | (cell << np.uint32(shift))) & np.uint32(mask)
    code = cell[:, 0] | (cell[:, 1] << np.uint32(1)) | (cell[:, 2] << np.uint32(2))
    return np.argsort(code, kind="stable")
