"""Grant and Middleman: how far does a round jet run before it breaks into drops? (recalled; still air, long nozzles)"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["laminar_length_ratio", "turbulent_length_ratio"]

#: Length over diameter = factor We^power (1 + 3 Oh)^power; grade recalled.
_LAMINAR, _TURBULENT = (19.5, 0.5, 0.85), (8.51, 0.32, 0.0)


def laminar_length_ratio(weber: npt.ArrayLike, ohnesorge: npt.ArrayLike) -> Array:
    """Length over jet diameter of a laminar jet: 19.5 We^0.5 (1 + 3 Oh)^0.85.

    >>> round(float(laminar_length_ratio(3084.0, 0.004)))
    1094
    """
    factor, power, thick = _LAMINAR
    return np.asarray(factor * np.asarray(weber) ** power * (1 + 3 * np.asarray(ohnesorge)) ** thick)


def turbulent_length_ratio(weber: npt.ArrayLike, ohnesorge: npt.ArrayLike) -> Array:
    """Length over jet diameter of a turbulent jet: 8.51 We^0.32.

    >>> round(float(turbulent_length_ratio(3084.0, 0.004)))
    111
    """
    factor, power, thick = _TURBULENT
    return np.asarray(factor * np.asarray(weber) ** power * (1 + 3 * np.asarray(ohnesorge)) ** thick)
