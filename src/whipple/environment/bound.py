"""How fast can something that is still bound to the Earth arrive from each side?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.environment.focusing import escape_speed_m_s

__all__ = ["fastest_bound_m_s"]


def fastest_bound_m_s(azimuth_rad: npt.ArrayLike, orbit_speed_m_s: float, radius_m: float) -> npt.NDArray[np.float64]:
    """The largest relative speed of an Earth-bound object that arrives horizontally from each azimuth (0 ram).

    |u + w| below the escape speed gives w = u cos A + sqrt(u^2 cos^2 A + v_esc^2 - u^2). What is faster is a meteoroid.

    >>> fastest_bound_m_s(np.radians([90, 135, 180]), 7660.0, 6793e3).round(-2).tolist()
    [7700.0, 4000.0, 3200.0]
    """
    along = orbit_speed_m_s * np.cos(np.asarray(azimuth_rad, dtype=float))
    return np.asarray(along + np.sqrt(along**2 + escape_speed_m_s(radius_m) ** 2 - orbit_speed_m_s**2))
