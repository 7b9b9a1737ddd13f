"""environment: object-years of fragments flown a second, beside sgp4 one object at a time and RK4 in Cartesian coordinates.

Same run, same machine, one process; ratios above 1: ours is faster. sgp4 is sampled once an hour (what a search for crossings of
the ship's heights needs at least); RK4 takes 60 s steps with J2 and drag. Synthetic clouds: no data needed.
"""

from __future__ import annotations

import time
from datetime import date

import numpy as np
from sgp4.api import WGS72, Satrec

from whipple.environment.cloud_crossing import Ship
from whipple.environment.cloud_events import Cloud
from whipple.environment.clouds import CloudModel, fly_clouds
from whipple.environment.models.picone_2002 import density_kg_m3
from whipple.environment.read_f107 import SolarRecord

YEARS = 6
EARTH_m, MU, J2 = 6_378_137.0, 3.986004418e14, 1.0826359e-3


def ours(samples: int) -> float:
    """Object-years a second: breakup, drag, J2, sunlight, decay, and the flux on the ship in the last month."""
    start = date(2016, 1, 1)
    clouds = [Cloud(start, 100, 2017, 2017, height * 1e3, 0.0, np.radians(98.0), 3) for height in (600, 800, 1000)]
    last = 12 * (2016 + YEARS) + 5
    begin = time.perf_counter()
    answer = fly_clouds(
        clouds,
        SolarRecord(12 * 2010, tuple([110.0] * 240)),
        Ship(EARTH_m + 415e3, 0.9),
        (last, last),
        CloudModel(samples=samples),
    )
    seconds = time.perf_counter() - begin
    alive = (answer.sample_count + len(answer.survivors.length_m)) / 2  # a fair mean of start and end
    return alive * YEARS / seconds


def by_sgp4(objects: int = 40) -> float:
    """Object-years a second with one `sgp4_array` a object, hourly."""
    times = np.arange(0.0, 365.25, 1 / 24)
    begin = time.perf_counter()
    for number in range(objects):
        satellite = Satrec()
        satellite.sgp4init(
            WGS72, "i", number + 1, 26000.0, 1e-4, 0.0, 0.0, 0.001, 0.1, 1.7, 0.2, 15.0 * 2 * np.pi / 1440, 0.3
        )
        satellite.sgp4_array(np.full(times.shape, 2459200.5), times)
    return objects / (time.perf_counter() - begin)


def by_rk4(steps: int = 1440) -> float:
    """Object-years a second of plain RK4, 60 s steps, one object."""

    def rate(y: np.ndarray) -> np.ndarray:
        r, v = y[:3], y[3:]
        d = np.sqrt(r @ r)
        up = 5 * (r[2] / d) ** 2
        bulge = 1.5 * J2 * MU * EARTH_m**2 / d**5 * r * np.array([1 - up, 1 - up, 3 - up])
        air = float(density_kg_m3(d - EARTH_m, 110.0)) * 0.5 * np.sqrt(v @ v) * v
        return np.concatenate([v, -MU * r / d**3 - bulge - air])

    y = np.array([EARTH_m + 800e3, 0.0, 0.0, 0.0, 0.0, np.sqrt(MU / (EARTH_m + 800e3))])
    begin = time.perf_counter()
    for _ in range(steps):
        a = rate(y)
        b = rate(y + 30 * a)
        c = rate(y + 30 * b)
        y = y + 10 * (a + 2 * b + 2 * c + rate(y + 60 * c))
    return steps * 60 / 3.15576e7 / (time.perf_counter() - begin)


def main() -> None:
    """Print the figures."""
    ours(2000)
    fast, sgp4, rk4 = ours(20_000), by_sgp4(), by_rk4()
    print(
        f"clouds: {fast:.0f} object-years/s; sgp4 hourly, one object at a time {sgp4:.0f} (ratio {fast / sgp4:.0f}); "
        f"RK4 at 60 s {rk4:.3f} (ratio {fast / rk4:.0f})"
    )


if __name__ == "__main__":
    main()
