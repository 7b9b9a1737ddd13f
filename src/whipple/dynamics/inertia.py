"""Can a body have this inertia at all?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["checked_inertia", "is_given"]

#: Rounding allowed in a typed inertia, relative to its largest entry.
_ROUNDING = 1e-6
_REMEDY = "give the inertia about the centre of mass in kg m2, products of inertia with their minus signs"


def is_given(inertia_kg_m2: npt.ArrayLike) -> bool:
    """Is there an inertia at all: not left at zero, nothing missing?

    >>> is_given(np.zeros((3, 3))), is_given(np.eye(3))
    (False, True)
    """
    inertia = np.asarray(inertia_kg_m2, dtype=float)
    return bool(np.isfinite(inertia).all() and np.any(inertia))


def checked_inertia(inertia_kg_m2: npt.ArrayLike, where: str) -> Array:
    """The inertia (3, 3), if a body can have it: symmetric, principal moments above zero, none above the sum of the others.

    Raises RangeError saying which of the three fails. Source: J = sum m (p.p 1 - p p'), a sum of squares.

    >>> float(checked_inertia(np.diag([1.0, 2.0, 3.0]), "a plate").trace())
    6.0
    >>> checked_inertia(np.diag([1.0, 2.0, 9.0]), "a typo")
    Traceback (most recent call last):
    whipple.errors.RangeError: a typo: found inertia_kg_m2 = principal moments 1, 2, 9, expected none above the sum of the other two
      try: give the inertia about the centre of mass in kg m2, products of inertia with their minus signs
    """
    inertia = np.asarray(inertia_kg_m2, dtype=float)
    if inertia.shape != (3, 3) or not np.isfinite(inertia).all():
        raise RangeError(where, "inertia_kg_m2", inertia.tolist(), "a 3 x 3 matrix of numbers", _REMEDY)
    if np.abs(inertia - inertia.T).max() > _ROUNDING * np.abs(inertia).max():
        raise RangeError(where, "inertia_kg_m2", inertia.tolist(), "a symmetric matrix", _REMEDY)
    moments = np.linalg.eigvalsh(inertia)
    found = "principal moments " + ", ".join(f"{moment:.4g}" for moment in moments)
    if not moments[0] > 0:
        raise RangeError(where, "inertia_kg_m2", found, "a 3 x 3 matrix, all principal moments above zero", _REMEDY)
    if moments[2] > (moments[0] + moments[1]) * (1 + _ROUNDING):
        raise RangeError(where, "inertia_kg_m2", found, "none above the sum of the other two", _REMEDY)
    return inertia
