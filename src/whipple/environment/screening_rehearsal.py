"""A made-up catalogue to rehearse with: seeded, shaped like the real one, and named so that nobody takes it for real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
from sgp4.api import WGS72, Satrec

from whipple.environment.read_elements_catalogue import Catalogue, CatalogueObject

__all__ = ["rehearsal_catalogue"]

Array = npt.NDArray[np.float64]

#: Shells (share, lowest and highest perigee km, largest eccentricity, inclinations deg): rough picture of the catalogue of 2022, not data.
_SHELLS = (
    (0.22, 540.0, 570.0, 2e-3, (53.0, 53.2, 70.0, 97.6)),
    (0.10, 300.0, 520.0, 8e-3, (51.6, 52.0, 65.0, 97.4)),
    (0.30, 600.0, 1000.0, 2e-2, (65.8, 74.0, 82.9, 86.4, 98.6)),
    (0.12, 1000.0, 1600.0, 4e-2, (52.0, 66.0, 74.0, 82.6, 99.0)),
    (0.08, 200.0, 700.0, 0.12, (28.5, 51.6, 62.8, 90.0, 98.8)),
    (0.08, 180.0, 900.0, 0.74, (7.0, 18.0, 27.0, 47.0, 63.4)),
    (0.04, 18_000.0, 21_000.0, 1e-2, (55.0, 64.8)),
    (0.05, 35_700.0, 36_200.0, 1e-3, (0.05, 8.0, 14.0)),
    (0.01, 400.0, 430.0, 1e-3, (51.6,)),
)
_START = datetime(1949, 12, 31, tzinfo=UTC)
#: WGS-72, as sgp4 has them.
_RADIUS_km = 6378.135
_MU_km3_s2 = 398_600.8


def rehearsal_catalogue(count: int, moment: datetime, seed: int = 1, ship: Satrec | None = None) -> Catalogue:
    """`count` made-up objects with epochs up to 6 days before `moment` (UTC), the same for the same seed.

    With a `ship`, the first 0.2 % of them nearly share its orbit, from its side to half a radian away. All names begin with REHEARSAL.

    >>> from datetime import UTC
    >>> made = rehearsal_catalogue(3, datetime(2022, 12, 15, tzinfo=UTC))
    >>> [str(one) for one in made.objects]
    ['800001 REHEARSAL 1', '800002 REHEARSAL 2', '800003 REHEARSAL 3']
    """
    rng = np.random.default_rng(seed)
    elements = _elements(count, rng)
    near = int(np.ceil(0.002 * count)) if ship is not None else 0
    if ship is not None:
        _beside(elements, ship, near, rng)
    age = rng.gamma(1.2, 0.8, count).clip(0.02, 6.0)
    if ship is not None:
        age[:near] = _julian(moment) - (ship.jdsatepoch + ship.jdsatepochF)
    bstar = 10 ** rng.normal(-3.8, 0.6, count).clip(-6, -2.5)
    objects = tuple(
        _object(i + 1, elements[:, i], float(bstar[i]), moment - timedelta(days=float(age[i]))) for i in range(count)
    )
    return Catalogue(f"made-up catalogue of {count} objects, seed {seed}", objects, ())


def _julian(moment: datetime) -> float:
    return 2_433_281.5 + (moment - _START) / timedelta(days=1)


def _elements(count: int, rng: np.random.Generator) -> Array:
    """Mean motion rad/min, eccentricity, inclination, node, perigee, anomaly (6, n)."""
    shell = rng.choice(len(_SHELLS), size=count, p=[row[0] for row in _SHELLS])
    table = np.array([row[1:4] for row in _SHELLS])[shell].T
    perigee = rng.uniform(table[0], table[1]) + _RADIUS_km
    eccentricity = rng.uniform(0.0, 1.0, count) * table[2]
    chosen = np.array([rng.choice(_SHELLS[k][4]) for k in shell])
    inclination = np.radians(np.abs(chosen + rng.normal(0.0, 0.15, count)))
    motion = 60.0 * np.sqrt(_MU_km3_s2 / (perigee / (1 - eccentricity)) ** 3)
    angles = rng.uniform(0.0, 2 * np.pi, (3, count))
    return np.vstack([motion, eccentricity, inclination, angles])


def _beside(elements: Array, ship: Satrec, near: int, rng: np.random.Generator) -> None:
    """The first `near` objects fly nearly the ship's orbit: companions, leaders and followers."""
    wide = rng.normal(0.0, 1.0, (6, near)) * 10.0 ** rng.uniform(-4, 0, near)
    own = np.array([ship.no_kozai, ship.ecco, ship.inclo, ship.nodeo, ship.argpo, ship.mo])[:, None]
    scale = np.array([2e-4 * ship.no_kozai, 1e-3, 0.01, 0.01, 0.05, 0.05])[:, None]
    elements[:, :near] = own + scale * wide
    elements[1, :near] = np.abs(elements[1, :near])


def _object(number: int, element: Array, bstar: float, epoch: datetime) -> CatalogueObject:
    motion, eccentricity, inclination, node, perigee, anomaly = (float(x) for x in element)
    days = (epoch - _START) / timedelta(days=1)
    satellite = Satrec()
    satellite.sgp4init(
        WGS72, "i", 0, days, bstar, 0.0, 0.0, eccentricity, perigee, inclination, anomaly, motion, node
    )  # fmt: skip
    return CatalogueObject(800_000 + number, f"REHEARSAL {number}", epoch, satellite, f"made up, number {number}")
