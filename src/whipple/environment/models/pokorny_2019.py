"""Pokorny et al. (2019): which orbits strike the Moon, and how fast, from a dynamical model of comets and asteroids.

The model follows dust of short-period, Halley-type and Oort-cloud comets and of the main belt, weighted with the meteor radar
orbits, the mass falling on the Earth and the dust seen by LADEE. It counts mass, not numbers above a mass, from 10 um to 2 mm.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.physics.cited import Cited

__all__ = [
    "ECCENTRICITIES",
    "HIGHEST",
    "INCLINATIONS",
    "LOWEST",
    "PREFERRED",
    "RADIANT_FLUXES",
    "RADIANT_SPEEDS",
    "SEMIMAJOR_AXES",
    "STEP_m_s",
    "moon_radiants",
    "moon_speed_law_s_m",
]

#: Mass flux by speed at the Moon in parts of 10 000, bins of 2 km/s from 0, for the least, preferred and greatest solution
#: (source pokorny2019, Fig5.dat, columns "impact velocity", summed in pairs). The escape speed of the Moon is contained.
LOWEST = (
    1, 228, 606, 896, 982, 888, 786, 712, 644, 573, 517, 477, 429, 362, 286, 222, 171, 127, 91, 62,
    44, 37, 39, 51, 67, 84, 96, 103, 99, 89, 75, 57, 43, 31, 19, 6, 1,
)  # fmt: skip
PREFERRED = (
    1, 285, 659, 881, 916, 845, 744, 668, 607, 553, 509, 477, 439, 382, 317, 258, 205, 159, 117, 83,
    59, 45, 42, 49, 60, 74, 88, 96, 92, 83, 67, 51, 39, 28, 17, 6, 1,
)  # fmt: skip
HIGHEST = (
    1, 279, 620, 775, 868, 842, 746, 654, 584, 533, 502, 479, 452, 407, 355, 305, 255, 205, 157, 115,
    82, 58, 46, 44, 52, 64, 76, 83, 82, 75, 60, 46, 38, 31, 20, 7, 1,
)  # fmt: skip

#: Mean impact speed by radiant in 0.1 km/s: longitude from the Sun in deg (apex 270) to nine ecliptic latitudes 5, 15 ... 85 deg, mean
#: of north and south (source pokorny2019, Fig8.dat, a coarse sample of six of its columns, retyped). Half the sky is its mirror.
RADIANT_SPEEDS = {
    185: (188, 177, 169, 167, 169, 169, 163, 163, 154),
    195: (229, 205, 198, 195, 194, 188, 177, 163, 142),
    229: (237, 223, 187, 193, 216, 223, 221, 189, 165),
    241: (289, 387, 348, 248, 211, 229, 221, 193, 159),
    265: (428, 483, 462, 445, 242, 231, 225, 206, 158),
    279: (430, 496, 490, 416, 224, 225, 204, 208, 159),
}
#: Mass flux at the Moon by orbit, preferred solution, parts of 10 000 (source pokorny2019, Fig5.dat, retyped and rebinned): semimajor
#: axis by edges in au (the last bin is what the totals of the other columns leave beyond 5 au), eccentricity in steps of 0.025,
#: inclination in steps of 4.5 deg.
SEMIMAJOR_AXES = (
    (*(0.5 + 0.05 * i for i in range(30)), *(2 + 0.25 * i for i in range(13)), 40.0),
    (28, 91, 158, 218, 272, 338, 433, 516, 571, 640, 581, 510, 438, 376, 329, 276, 253, 224, 204, 186, 168, 166,
     145, 139, 128, 118, 115, 104, 97, 92, 383, 283, 239, 172, 119, 76, 51, 39, 30, 26, 23, 20, 627),
)  # fmt: skip
ECCENTRICITIES = (
    98, 168, 194, 230, 259, 289, 305, 316, 318, 322, 314, 306, 298, 295, 293, 290, 289, 288, 286, 284,
    282, 282, 278, 281, 281, 289, 283, 280, 265, 254, 240, 224, 210, 199, 186, 176, 174, 173, 150, 50,
)  # fmt: skip
INCLINATIONS = (
    2548, 1785, 1155, 782, 558, 416, 328, 286, 278, 276, 228, 169, 121, 88, 64, 44, 30, 17, 9, 7,
    7, 8, 11, 19, 30, 39, 49, 53, 63, 67, 68, 70, 63, 58, 46, 43, 34, 29, 30, 24,
)  # fmt: skip
#: Mass flux at the Moon by radiant and equal area, parts of 1000 of a kg/day per 2 x 2 deg: longitude from the Sun in deg to ecliptic
#: latitudes 5, 15 ... 75 deg, mean of north and south (source pokorny2019, Fig7c.dat, two of its columns, retyped).
RADIANT_FLUXES = {181: (279, 199, 136, 103, 89, 79, 72, 73), 193: (397, 242, 168, 135, 121, 117, 107, 93)}
STEP_m_s = Cited(2000.0, unit="m/s", source="pokorny2019")


def moon_speed_law_s_m(speed_m_s: npt.ArrayLike, solution: tuple[int, ...] = PREFERRED) -> npt.NDArray[np.float64]:
    """Probability per m/s of an impact speed at the Moon; 0 above 74 km/s.

    >>> v = np.arange(500.0, 80e3, 1e3)
    >>> round(float(v @ moon_speed_law_s_m(v) * 1e3)), round(float(moon_speed_law_s_m(v).sum() * 1e3), 3)
    (19710, 1.0)
    """
    index = (np.asarray(speed_m_s, dtype=float) // STEP_m_s).astype(int)
    table = np.append(np.asarray(solution, dtype=float), 0.0) / (sum(solution) * STEP_m_s)
    return np.asarray(table[np.minimum(index, len(solution))])


def moon_radiants() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Longitudes from the Sun (54,), ecliptic latitudes (54,), rad, and mean impact speeds at the Moon (54,), m/s, by radiant.

    >>> longitude, latitude, speed = moon_radiants()
    >>> np.degrees([longitude[0], latitude[0]]).round(9).tolist(), float(speed[0]), round(float(speed.mean()))
    ([185.0, 5.0], 18800.0, 24224)
    """
    latitude = np.radians(np.tile(np.arange(5.0, 90.0, 10.0), len(RADIANT_SPEEDS)))
    longitude = np.radians(np.repeat(np.array(list(RADIANT_SPEEDS), dtype=float), 9))
    return (
        longitude,
        latitude,
        np.concatenate([np.asarray(row, dtype=float) for row in RADIANT_SPEEDS.values()]) * 100.0,
    )
