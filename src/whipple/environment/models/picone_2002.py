"""Picone et al. (2002): NRLMSISE-00, averaged over the globe, all local times and seasons, by altitude and solar flux.

The table was made by `builders/make_clouds.py` with pymsis (gtd7, ap 15): log10 of the mean density, so that a mean orbit meets
the mean drag. Storms, the day side and the seasons are averaged away; one month of one orbit can differ by tens of percent.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["LARGEST_sfu", "SMALLEST_sfu", "SOLAR_GRID_sfu", "density_kg_m3"]

Array = npt.NDArray[np.float64]
SMALLEST_sfu = Cited(65.0, unit="sfu", source="picone2002", grade="computed")
LARGEST_sfu = Cited(280.0, unit="sfu", source="picone2002", grade="computed")
_LOWEST_m, _HIGHEST_m = 100e3, 2000e3

_ALTITUDE_km = (
    100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 225, 250, 275, 300, 325, 350, 375, 400, 425, 450, 475, 500,
        550, 600, 650, 700, 750, 800, 850, 900, 950, 1000, 1200, 1400, 1600, 1800, 2000
)  # fmt: skip
#: log10 of the density in kg/m3, one row a solar flux (F10.7 = its 81-day mean, solar flux units).
_LOG10_kg_m3 = {
    65: (-6.268, -7.043, -7.716, -8.162, -8.488, -8.754, -8.985, -9.191, -9.381, -9.557, -9.724, -10.105, -10.449,
        -10.765, -11.059, -11.335, -11.598, -11.851, -12.094, -12.329, -12.557, -12.776, -12.987, -13.375, -13.711,
        -13.985, -14.199, -14.366, -14.502, -14.619, -14.723, -14.820, -14.911, -15.232, -15.495, -15.705, -15.872,
        -16.007),
    80: (-6.270, -7.046, -7.713, -8.159, -8.483, -8.746, -8.971, -9.170, -9.353, -9.521, -9.680, -10.041, -10.366,
        -10.663, -10.940, -11.200, -11.448, -11.685, -11.914, -12.135, -12.349, -12.557, -12.759, -13.138, -13.481,
        -13.777, -14.022, -14.218, -14.375, -14.504, -14.616, -14.717, -14.810, -15.137, -15.414, -15.646, -15.837,
        -15.992),
    100: (-6.273, -7.050, -7.709, -8.155, -8.476, -8.734, -8.952, -9.145, -9.319, -9.479, -9.629, -9.969, -10.272,
        -10.550, -10.809, -11.052, -11.282, -11.503, -11.716, -11.922, -12.121, -12.316, -12.505, -12.866, -13.202,
        -13.507, -13.776, -14.003, -14.190, -14.344, -14.472, -14.582, -14.680, -15.011, -15.294, -15.541, -15.754,
        -15.934),
    125: (-6.277, -7.055, -7.704, -8.150, -8.467, -8.719, -8.931, -9.115, -9.281, -9.433, -9.574, -9.893, -10.176,
        -10.435, -10.675, -10.901, -11.115, -11.320, -11.517, -11.707, -11.892, -12.073, -12.248, -12.586, -12.906,
        -13.206, -13.482, -13.729, -13.944, -14.127, -14.281, -14.411, -14.522, -14.868, -15.148, -15.396, -15.620,
        -15.818),
    150: (-6.280, -7.060, -7.700, -8.144, -8.458, -8.704, -8.910, -9.088, -9.247, -9.392, -9.526, -9.827, -10.094,
        -10.338, -10.564, -10.776, -10.978, -11.170, -11.355, -11.534, -11.708, -11.877, -12.041, -12.360, -12.663,
        -12.951, -13.223, -13.474, -13.702, -13.905, -14.081, -14.232, -14.361, -14.739, -15.019, -15.263, -15.484,
        -15.687),
    175: (-6.283, -7.065, -7.695, -8.138, -8.449, -8.690, -8.889, -9.062, -9.215, -9.354, -9.482, -9.769, -10.023,
        -10.255, -10.470, -10.671, -10.862, -11.045, -11.221, -11.390, -11.555, -11.715, -11.871, -12.173, -12.462,
        -12.738, -13.001, -13.249, -13.480, -13.692, -13.882, -14.050, -14.197, -14.620, -14.908, -15.147, -15.364,
        -15.564),
    200: (-6.287, -7.071, -7.691, -8.132, -8.439, -8.675, -8.870, -9.037, -9.185, -9.319, -9.442, -9.717, -9.961,
        -10.182, -10.388, -10.581, -10.764, -10.939, -11.107, -11.269, -11.427, -11.580, -11.729, -12.018, -12.294,
        -12.559, -12.814, -13.056, -13.285, -13.499, -13.696, -13.875, -14.035, -14.506, -14.810, -15.050, -15.262,
        -15.457),
    240: (-6.292, -7.079, -7.684, -8.123, -8.424, -8.653, -8.839, -8.999, -9.139, -9.266, -9.383, -9.644, -9.873,
        -10.083, -10.277, -10.460, -10.633, -10.798, -10.958, -11.111, -11.260, -11.405, -11.546, -11.819, -12.080,
        -12.331, -12.573, -12.805, -13.027, -13.238, -13.438, -13.624, -13.795, -14.331, -14.675, -14.925, -15.134,
        -15.323),
    280: (-6.297, -7.088, -7.678, -8.113, -8.409, -8.631, -8.810, -8.963, -9.097, -9.219, -9.330, -9.579, -9.799,
        -9.999, -10.186, -10.361, -10.528, -10.687, -10.840, -10.988, -11.131, -11.270, -11.406, -11.667, -11.918,
        -12.159, -12.391, -12.615, -12.830, -13.036, -13.233, -13.420, -13.595, -14.171, -14.558, -14.827, -15.041,
        -15.228),
}  # fmt: skip
#: The solar fluxes of the rows.
SOLAR_GRID_sfu = tuple(_LOG10_kg_m3)


@cache
def _table() -> tuple[Array, Array, Array]:
    height = np.array(_ALTITUDE_km, dtype=float) * 1e3
    return height, np.array(SOLAR_GRID_sfu), np.array(list(_LOG10_kg_m3.values()))


def density_kg_m3(altitude_m: npt.ArrayLike, solar_sfu: float) -> Array:
    """The mean density of the upper atmosphere (any shape), 100 to 2000 km; zero above, for 65 to 280 solar flux units.

    Linear in the logarithm between the rows. Outside the range of solar flux the nearest row holds (the monthly record of 1957
    to 2025 leaves it for two months of 1957, by 3 %). Raises RangeError below 100 km and for a flux outside 50 to 350.

    >>> density_kg_m3([400e3, 800e3, 3000e3], 150.0).tolist()[2]
    0.0
    >>> float(f"{density_kg_m3(400e3, 150.0):.2g}")
    4.4e-12
    """
    altitude = np.asarray(altitude_m, dtype=float)
    if altitude.size and not altitude.min() >= _LOWEST_m:
        low = f"{altitude.min() / 1e3:.1f} km"
        raise RangeError("picone_2002", "altitude", low, "100 km or more", "stop the orbit at 100 km")
    if not 50 <= solar_sfu <= 350:
        raise RangeError("picone_2002", "solar flux", solar_sfu, "50 to 350 solar flux units", "check the column")
    height, solar, rows = _table()
    at = float(np.clip(solar_sfu, solar[0], solar[-1]))
    index = int(np.clip(np.searchsorted(solar, at) - 1, 0, len(solar) - 2))
    part = (at - solar[index]) / (solar[index + 1] - solar[index])
    row = (1 - part) * rows[index] + part * rows[index + 1]
    return np.where(altitude > _HIGHEST_m, 0.0, 10 ** np.interp(altitude, height, row))
