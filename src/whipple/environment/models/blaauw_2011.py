"""Blaauw et al. (2011): how the number of sporadic meteoroids falls with mass, measured by the Canadian Meteor Orbit Radar."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.physics.cited import Cited

__all__ = ["MASS_INDEX", "heavier_ratio"]

#: s of dN = m^-s dm near 1e-7 kg, mean over all sporadic sources (which are alike in it).
MASS_INDEX = Cited(2.17, unit="", source="blaauw2011", sigma=0.07)


def heavier_ratio(mass_ratio: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How many particles are heavier than `mass_ratio` times a mass, for one heavier than it: ratio^(1 - s).

    >>> round(float(heavier_ratio(10.0)), 4)
    0.0676
    """
    return np.asarray(np.asarray(mass_ratio, dtype=float) ** (1 - MASS_INDEX))
