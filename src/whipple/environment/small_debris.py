"""What debris is there below 1 mm? An empirical family, tuned only on craters counted on returned hardware, never without its band.

F(> d) = A (d / 0.1 mm)^-s times the NASA91 flux, which lends altitude, Sun and year. A, s and how much paint widens a crater are
weighed on a grid against three counts: two of the WFPC2 radiator of Hubble and the share of debris among the identified
window pits of STS-92. `leave_one_out` predicts each count from the other two. The prior alone (NASA91 with meteoroids) already comes within
a factor 3 of both counts of the radiator, not of STS-92: that they are predicted says little for the tuning itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat, Estimate
from whipple.environment.models.grun_1985 import grun_flux_per_m2_s
from whipple.environment.models.kessler_1991 import debris_flux_per_m2_s
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import YEAR_s

__all__ = [
    "COUNTS",
    "CraterCount",
    "LARGEST_m",
    "Prediction",
    "SMALLEST_m",
    "implied_area_m2",
    "leave_one_out",
    "small_debris_flux",
]

Array = npt.NDArray[np.float64]
SMALLEST_m = Cited(1e-5, unit="m", source="whipple_judgement", grade="proposal")
LARGEST_m = Cited(1e-3, unit="m", source="whipple_judgement", grade="proposal")
_PIVOT_m = 1e-4


def _sheet(value: float, unit: str = "") -> Cited:
    return Cited(value, unit=unit, source="odpo_returned", grade="source")


def _proposal(value: float, unit: str = "") -> Cited:
    return Cited(value, unit=unit, source="whipple_judgement", grade="proposal")


@dataclass(frozen=True)
class CraterCount:
    """One count: pits of at least `feature_m` on `area_m2` in `duration_s`; or, with `among`, debris among identified pits.

    `among` > 0: `count` of `among` identified pits were debris, from particles of `particle_m`; area and time cancel.
    """

    name: str
    count: int
    altitude_m: float
    inclination_rad: float
    year: float
    solar_sfu: float
    area_m2: float = 0.0
    duration_s: float = 0.0
    feature_m: float = 0.0
    among: int = 0
    particle_m: float = 0.0


def _hubble(feature_m: float, count: int) -> CraterCount:
    """A count of the WFPC2 radiator: 2.2 x 0.8 m, 15.45 years in orbit."""
    name = f"WFPC2 radiator, {feature_m * 1e6:.0f} um and more"
    return CraterCount(
        name, count, 590e3, float(np.radians(28.5)), 2001.6, 114.0, _sheet(1.76), 15.45 * YEAR_s, feature_m
    )


#: The sheet's counts whose area (or whose independence of area) is known. Years: the middle of the exposure; Sun: its mean.
COUNTS = (
    _hubble(3e-4, 700),
    _hubble(7e-4, 63),
    CraterCount(
        "STS-92 windows, debris among identified", 9, 380e3, float(np.radians(51.6)), 2000.8, 154.0, among=16, particle_m=7e-5
    ),
)  # fmt: skip

#: Impact speed and density of each kind, and the mean share of it along the normal.
_SPEED_km_s = {"debris": _proposal(10.5), "meteoroid": _proposal(20.0)}
_DENSITY_kg_m3 = {"debris": _proposal(2800.0), "meteoroid": _proposal(2000.0)}
_NORMAL = _proposal(0.7)
#: Cour-Palais depth in 6061-T6 (Brinell 95, 2.713 g/cm3, 5.1 km/s); a pit is 0.58 of its diameter deep.
_DEPTH = Cited(5.24, unit="cm-g-km/s form", source="nasa_tm_2009_214785", grade="source")
_PIT_ratio = Cited(0.58, unit="", source="nasa_tm_2009_214785", grade="source")
#: Meteoroid flux on a random plate in low orbit over that at 1 au (shield x focusing x motion).
_METEOROID_ratio = Cited(0.95, unit="", source="ecss_10_04", grade="computed")
#: Prior: amplitude within a factor 7 (1 sigma), slope within 0.5, paint widens a pit 1 to 2 times; each count's own model error.
_PRIOR_A, _PRIOR_SLOPE, _PAINT = np.log(7.0), 0.5, (1.0, 2.0)
_COUNT_ERROR = np.log(1.7)
#: The sheet's 1-sigma factor for 0.1 to 1 mm is 5 to 10: it stands beside the posterior.
_LEAST_factor = _proposal(5.0)


@dataclass(frozen=True)
class Prediction:
    """What the family says of a count it has not seen: the estimate, its meteoroid part and what was counted.

    `all_count` is what the meteoroid part must stay below: the count itself, or all identified pits where debris were counted.
    """

    name: str
    counted: int
    predicted: Estimate
    meteoroids_count: float
    all_count: int


def _particle_m(feature_m: float, kind: str, paint: Array) -> Array:
    """The sphere whose pit in painted aluminium is this wide."""
    density = _DENSITY_kg_m3[kind]
    power = 0.5 if density / 2713.0 < 1.5 else 2 / 3
    depth_cm = _PIT_ratio * feature_m * 100 / paint
    scale = _DEPTH * 95**-0.25 * (density / 2713.0) ** power * (_SPEED_km_s[kind] * _NORMAL / 5.1) ** (2 / 3)
    return np.asarray((depth_cm / scale) ** (18 / 19) / 100)


def _meteoroids(particle_m: npt.ArrayLike) -> Array:
    """Plate flux of meteoroids (1/m2/s)."""
    mass = np.pi / 6 * _DENSITY_kg_m3["meteoroid"] * np.asarray(particle_m, dtype=float) ** 3
    return np.asarray(_METEOROID_ratio * grun_flux_per_m2_s(mass))


def _base(particle_m: npt.ArrayLike, place: CraterCount) -> Array:
    """Plate flux of NASA91 (1/m2/s) at the place and time of a count."""
    return debris_flux_per_m2_s(
        particle_m, place.altitude_m, place.inclination_rad, year=place.year, solar_sfu=place.solar_sfu
    )


@dataclass(frozen=True)
class _Grid:
    """The grid of ln A, slope and paint factor (all flat), and the log weight of the prior."""

    amplitude: Array
    slope: Array
    paint: Array
    prior: Array


@cache
def _grid() -> _Grid:
    log_a, slope, paint = np.meshgrid(
        np.linspace(-3, 7, 101),
        np.linspace(-1.5, 2.0, 71),
        np.exp(np.linspace(np.log(_PAINT[0]), np.log(_PAINT[1]), 11)),
        indexing="ij",
    )
    prior = -0.5 * (log_a / _PRIOR_A) ** 2 - 0.5 * (slope / _PRIOR_SLOPE) ** 2
    return _Grid(np.exp(log_a).ravel(), slope.ravel(), paint.ravel(), prior.ravel())


def _expected(place: CraterCount) -> tuple[Array, Array]:
    """Expected count and its meteoroid part at every node of the grid."""
    grid = _grid()
    if place.among:
        size = np.full(grid.slope.shape, place.particle_m)
        rest, scale = _meteoroids(size), 1.0
    else:
        size = _particle_m(place.feature_m, "debris", grid.paint)
        rest, scale = (
            _meteoroids(_particle_m(place.feature_m, "meteoroid", grid.paint)),
            place.area_m2 * place.duration_s,
        )
    debris = grid.amplitude * (size / _PIVOT_m) ** -grid.slope * _base(size, place)
    if place.among:
        return np.asarray(place.among * debris / (debris + rest)), np.asarray(place.among * rest / (debris + rest))
    return np.asarray((debris + rest) * scale), np.asarray(rest * scale)


def _weights(counts: Sequence[CraterCount]) -> Array:
    """Posterior weight of every node: log-normal about each expectation, Poisson and model error together."""
    log = _grid().prior.copy()
    for place in counts:
        expected, _ = _expected(place)
        if place.among:
            odds = np.log(expected / (place.among - expected)) - np.log(place.count / (place.among - place.count))
            variance = _COUNT_ERROR**2 + 1 / place.count + 1 / (place.among - place.count)
        else:
            odds, variance = np.log(expected / place.count), _COUNT_ERROR**2 + 1 / place.count
        log -= 0.5 * odds**2 / variance
    weight = np.exp(log - log.max())
    return np.asarray(weight / weight.sum())


def _quantiles(values: Array, weight: Array) -> tuple[float, float, float]:
    order = np.argsort(values)
    share = np.cumsum(weight[order])
    low, middle, high = (float(values[order[np.searchsorted(share, q)]]) for q in (0.05, 0.5, 0.95))
    return low, middle, high


def leave_one_out(*, whole_hardware: bool = False) -> tuple[Prediction, ...]:
    """Each count predicted from the others alone: nothing is checked against itself.

    With `whole_hardware` every count of the same hardware is left out too, which is stricter: both counts of Hubble's radiator
    then rest on nine pits of one Shuttle flight and the prior.

    >>> all(1 / 3 < p.predicted.median / p.counted < 3 and p.meteoroids_count < p.all_count for p in leave_one_out())
    True
    """
    answers = []
    for place in COUNTS:
        others = [
            each
            for each in COUNTS
            if each is not place and not (whole_hardware and _hardware(each) == _hardware(place))
        ]
        weight = _weights(others)
        expected, rest = _expected(place)
        low, middle, high = _quantiles(expected, weight)
        estimate = Estimate(middle, low, high, "", models=("small_debris",), sources=("odpo_returned",))
        meteoroids = _quantiles(rest, weight)[1]
        answers.append(Prediction(place.name, place.count, estimate, meteoroids, place.among or place.count))
    return tuple(answers)


def _hardware(place: CraterCount) -> str:
    return place.name.split(",")[0]


def small_debris_flux(
    diameter_m: float, altitude_m: float, inclination_rad: float, *, year: float, solar_sfu: float
) -> Estimate:
    """Debris larger than `diameter_m` (10 um to 1 mm) on a random plate (1/m2/s), with its 90 % band: never one number.

    The band joins the posterior's with the sheet's least factor 5 (1 sigma) for what no parameter here can say. Altitude,
    Sun and year go as in NASA91. Raises RangeError outside the size range, and where NASA91 does (200 to 1000 km, 28.5 to 120 deg).

    >>> e = small_debris_flux(1e-4, 415e3, np.radians(51.6), year=2022.96, solar_sfu=82.0)
    >>> bool(e.low < e.median / 10 and e.high > 10 * e.median)
    True
    """
    if not SMALLEST_m <= diameter_m <= LARGEST_m:
        found = f"{diameter_m * 1e3:.3g} mm"
        raise RangeError("small_debris", "diameter", found, "0.01 to 1 mm", "take the fragment clouds above 1 mm")
    grid = _grid()
    place = CraterCount("", 0, altitude_m, inclination_rad, year, solar_sfu)
    scaled = grid.amplitude * (diameter_m / _PIVOT_m) ** -grid.slope * float(_base(diameter_m, place))
    low, middle, high = _quantiles(scaled, _weights(COUNTS))
    own = float(np.log(_LEAST_factor)) * 1.645
    low = middle * float(np.exp(-np.hypot(own, np.log(middle / low))))
    high = middle * float(np.exp(np.hypot(own, np.log(high / middle))))
    text = (
        f"Debris below 1 mm is known to a factor {high / middle:.0f} either way (90 %): it rests on three counts of pits on hardware "
        "flown in 1993 to 2009, on the NASA91 law for altitude, Sun and year, and on how pits grow in paint."
    )
    caveats = (Caveat("debris-below-1-mm", text),)
    return Estimate(
        middle,
        low,
        high,
        "1/m^2/s",
        models=("small_debris", "kessler_1991"),
        sources=("odpo_returned",),
        caveats=caveats,
    )


def implied_area_m2(count: int, duration_s: float, feature_m: float, place: CraterCount) -> Estimate:
    """The area that would have collected `count` pits of `feature_m` or more: for counts that are published without area.

    PMA-2 cover (26 pits, 1.6 yr) and airlock shields (58 pits, 8.7 yr) are such: an area far from the hardware's would speak
    against the family, no more can be said.
    """
    unit = CraterCount(
        place.name,
        count,
        place.altitude_m,
        place.inclination_rad,
        place.year,
        place.solar_sfu,
        1.0,
        duration_s,
        feature_m,
    )
    expected, _ = _expected(unit)
    low, middle, high = _quantiles(count / expected, _weights(COUNTS))
    return Estimate(middle, low, high, "m^2", models=("small_debris",), sources=("odpo_returned",))
