"""Tabulate the globally averaged NRLMSISE-00 density into `environment/models/picone_2002.py`.

Needs pymsis (MIT), which the package itself does not: `pip install pymsis` in a separate environment, then
`python builders/make_clouds.py` prints the two literal tuples of the table.
"""

from __future__ import annotations

import numpy as np
import pymsis

ALTITUDE_km = [*range(100, 200, 10), *range(200, 500, 25), *range(500, 1000, 50), *range(1000, 2001, 200)]
SOLAR_sfu = [65.0, 80.0, 100.0, 125.0, 150.0, 175.0, 200.0, 240.0, 280.0]
DAYS = ("2010-01-15", "2010-04-15", "2010-07-15", "2010-10-15")
#: A planetary index of a moderately disturbed day, as ECSS-E-ST-10-04C takes for its mean profiles.
AP = 15.0


def mean_log10_kg_m3(solar_sfu: float) -> np.ndarray:
    """log10 of the mean over latitude (equal areas), longitude (all local times), season and hour, per altitude."""
    latitude = np.degrees(np.arcsin((np.arange(6) + 0.5) / 3 - 1))
    longitude = np.arange(8) * 45.0
    total = np.zeros(len(ALTITUDE_km))
    for day in DAYS:
        for hour in ("00", "06", "12", "18"):
            moment = np.datetime64(f"{day}T{hour}:00")
            answer = pymsis.calculate(
                moment,
                longitude,
                latitude,
                np.array(ALTITUDE_km, float),
                [solar_sfu],
                [solar_sfu],
                [[AP] * 7],
                version=0,
            )
            total += np.asarray(answer)[..., 0].reshape(-1, len(ALTITUDE_km)).mean(axis=0) / (4 * len(DAYS))
    return np.log10(total)


def main() -> None:
    """Print the table as Python literals."""
    print("_ALTITUDE_km =", tuple(ALTITUDE_km))
    for solar in SOLAR_sfu:
        print(f"    {solar:g}: ({', '.join(f'{x:.3f}' for x in mean_log10_kg_m3(solar))}),")


if __name__ == "__main__":
    main()
