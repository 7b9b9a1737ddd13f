"""Measure the sporadic model: the lines at the Moon, what moves them, and what was left out (flights: study_sporadic_flights.py).

python builders/study_sporadic.py moon                 every branch beside public MEM 3 output, and each pair of sources by itself
python builders/study_sporadic.py readings             3 readings of the speeds x 2 of the weights x 2 relations to direction
python builders/study_sporadic.py doubts               what cuts, exponents, lobes, order of corrections and trail radius change
python builders/study_sporadic.py left-out             the antapex source and the seasons, in low orbit on 15 December 2022

The figures go into docs/theory/environment_sporadic.md. Nothing here chooses or fits anything.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np

from whipple.environment import fly, sporadic, sporadic_tables
from whipple.environment.faces import FACES_LVLH
from whipple.environment.focusing import MOON
from whipple.environment.grid import sky_grid
from whipple.environment.mem_grid import igloo, igloo_grid
from whipple.environment.models import jones_brown_1993
from whipple.environment.models.jones_brown_1993 import SOURCES, speed_law_s_m
from whipple.environment.sporadic_branches import BRANCHES, Branch, mass_limited_weight
from whipple.environment.sporadic_energy import by_energy
from whipple.physics.constants import OBLIQUITY_J2000_rad, YEAR_s
from whipple.physics.read_elements import read_elements

ROOT = Path(__file__).parents[1]
BY_NAME = {branch.name: branch for branch in BRANCHES}
PAIRS = {"helion and antihelion": (0, 1), "apex": (2, 3), "toroidal": (4, 5)}


def equatorial(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    tilt = float(OBLIQUITY_J2000_rad)
    return np.stack([x, np.cos(tilt) * y, np.sin(tilt) * y], axis=-1)


def at_the_moon(branch: Branch, places: int = 72) -> dict[str, tuple[float, float]]:
    """Flux (/m2/yr) and mean speed (km/s) on sphere and faces at the lunar equator."""
    turn = np.arange(places) * 2 * np.pi / places
    position = equatorial(np.cos(turn), np.sin(turn)) * MOON.blocking_radius_m
    velocity = equatorial(-np.sin(turn), np.cos(turn)) * 4.6
    grid = igloo_grid(igloo(), sky_grid().speed_m_s)
    flux = sporadic.sporadic_around_per_m2_s(grid, position, velocity, 0.3, planet=MOON, branch=branch) * YEAR_s
    return by_face(grid, flux)


def by_face(grid, flux: np.ndarray) -> dict[str, tuple[float, float]]:
    found = {}
    for name, normal in {"sphere": None, **FACES_LVLH}.items():
        weight = np.ones(len(flux)) if normal is None else np.maximum(grid.direction_lvlh @ np.array(normal), 0.0)
        speeds = weight @ flux
        found[name] = float(speeds.sum()), float(speeds @ grid.speed_m_s / max(speeds.sum(), 1e-300) / 1e3)
    return found


def mem() -> dict[str, tuple[float, float]]:
    lines = (ROOT / "authorities/environment_mem_lunar.csv").read_text().splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["what"]: (float(row["flux_per_m2_yr"]), float(row["mean_km_s"] or "nan")) for row in rows}


def line(name: str, found: dict[str, tuple[float, float]]) -> str:
    parts = [
        f"{what} {100 * (found[what][0] / flux - 1):+.1f} %"
        + ("" if np.isnan(speed) else f" {found[what][1] - speed:+.2f}")
        for what, (flux, speed) in mem().items()
        if what != "starboard"
    ]
    return f"{name:34s} " + " | ".join(parts)


def moon() -> None:
    for branch in BRANCHES:
        print(line(branch.name, at_the_moon(branch)))
    for name in ("limiting mass", "orbits", "orbits, WMPL speeds"):
        for pair, members in PAIRS.items():
            shares = tuple(share if i in members else 0.0 for i, share in enumerate(BY_NAME[name].shares))
            found = at_the_moon(replace(BY_NAME[name], name=f"{name}: {pair}", shares=shares))
            print(
                f"{name}: {pair}",
                {face: (round(found[face][0], 3), round(found[face][1], 1)) for face in ("sphere", "zenith", "port")},
            )


def readings() -> None:
    weights = {
        "of each source": BY_NAME["limiting mass"].shares,
        "in all": BY_NAME["limiting mass, population weights"].shares,
    }
    for relation in ("limiting mass", "orbits"):
        for word, shares in weights.items():
            for speeds in ("", ", WMPL speeds", ", early WMPL speeds"):
                same = BY_NAME["limiting mass" + speeds].law
                law = same if relation != "orbits" else by_energy(lambda source, far, same=same: same(source, far, far))
                branch = replace(BY_NAME[relation], name=f"{relation}{speeds}, {word}", shares=shares, law=law)
                print(line(branch.name, at_the_moon(branch, 24)))


@contextmanager
def changed(target: object, name: str, value: object) -> Iterator[None]:
    sporadic_tables.speed_table.cache_clear()
    with patch.object(target, name, value):
        yield
    sporadic_tables.speed_table.cache_clear()


def cut_at(sigmas: float) -> Callable:
    def law(source, speed):
        z = (np.asarray(speed) - source.speed_m_s) / source.spread_m_s
        return np.where(np.abs(z) <= sigmas, np.exp(-0.5 * z**2), 0.0)

    return law


def trail_radius_counts(speed: np.ndarray, wavelength_m: float = 10.0) -> np.ndarray:
    """Share of echoes left by the initial radius of the trail: r0 = 10^(0.019 h - 1.92) (v/40)^0.6 m (recalled), h by speed (guessed)."""
    air = np.hypot(speed, 11_093.0) / 1e3
    height = 95.0 + 12.0 * np.log(air / 35.0)
    radius = 10 ** (0.019 * height - 1.92) * (air / 40.0) ** 0.6
    return np.exp(-4 * np.pi**2 * radius**2 / wavelength_m**2) ** 1.17


def doubts() -> None:
    def speeds(name: str, law, weight=mass_limited_weight) -> None:
        def true(source, speed):
            return law(source, speed) * weight(speed)

        plain = replace(BY_NAME["limiting mass"], name=name, law=lambda source, far, cosine: true(source, far))
        orbits = replace(BY_NAME["orbits"], name=f"{name} (orbits)", law=by_energy(true))
        with changed(sporadic_tables, "mass_limited_weight", weight):
            for branch in (plain, orbits):
                print(line(branch.name, at_the_moon(branch, 24)))

    speeds("as built", speed_law_s_m)
    for sigmas in (1.5, 2.5):
        speeds(f"cut at {sigmas} sigma", cut_at(sigmas))
    for more in (-0.07, 0.07):
        speeds(
            f"s {more:+.2f}",
            speed_law_s_m,
            lambda v, more=more: mass_limited_weight(v) * np.hypot(v / 1e3, 11.093) ** (-3.89 * more),
        )
    speeds("trail radius at 10 m", speed_law_s_m, lambda v: mass_limited_weight(v) / trail_radius_counts(v))
    for width in (12.0, 20.0):
        with changed(jones_brown_1993, "SPREAD_rad", np.radians(width)):
            speeds(f"lobes of {width:.0f} deg", speed_law_s_m)
    counted = by_energy(speed_law_s_m)
    first = replace(
        BY_NAME["orbits"], name="energy law of the counts, lobes kept", lobes_counted=False,
        law=lambda source, far, cosine: counted(source, far, cosine) * mass_limited_weight(far),
    )  # fmt: skip
    print(line(first.name, at_the_moon(first, 24)))


def left_out() -> None:
    """In low orbit: shares as a radar saw them in December, and an antapex source of 9 % of the flux."""
    orbit = fly(read_elements(ROOT / "src/whipple/cases/soyuz-ms22/iss.tle"), datetime(2022, 12, 15, 0, 45, tzinfo=UTC))
    grid = sky_grid()

    def show(name: str, branch: Branch) -> np.ndarray:
        flux = sporadic.sporadic_flux_per_m2_s(grid, orbit, branch) * YEAR_s
        print(
            f"{name:34s}",
            {face: (round(value, 3), round(speed, 1)) for face, (value, speed) in by_face(grid, flux).items()},
        )
        return flux

    for branch in BRANCHES:
        show(branch.name, branch)
    # day 349 over the mean of the year, as coded in alexchartier/superdarn sporadic_source_model.m (its source is not named)
    december = (0.152 / 0.142, 0.111 / 0.155, 0.202 / 0.245, 0.315 / 0.319, 0.063 / 0.089, 1.0)
    raw = np.array(BRANCHES[0].shares) * december
    show("seasons: 15 December", replace(BRANCHES[0], name="december", shares=tuple((raw / raw.sum()).tolist())))
    antapex = tuple(replace(source, longitude_rad=np.pi / 2, latitude_rad=0.0) for source in SOURCES)
    slow = replace(
        BRANCHES[0], name="antapex alone", shares=(1 / 6,) * 6, law=lambda source, far, cosine: speed_of_antapex(far)
    )
    with changed(jones_brown_1993, "SPREAD_rad", np.radians(35.0)), patch.object(sporadic, "SOURCES", antapex):
        alone = sporadic_of_antapex(grid, orbit, slow)
    with_it = 0.91 * sporadic.sporadic_flux_per_m2_s(grid, orbit) * YEAR_s + 0.09 * alone
    print(
        f"{'9 % antapex of 35 deg, 15 km/s':34s}",
        {f: (round(v, 3), round(s, 1)) for f, (v, s) in by_face(grid, with_it).items()},
    )


def speed_of_antapex(far: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * ((far - 15e3) / 10e3) ** 2) * (far >= 5e3) * mass_limited_weight(far)


def sporadic_of_antapex(grid, orbit, branch: Branch) -> np.ndarray:
    """The apex that the speed table asks for is behind the six equal lobes: turn the cosine round."""
    mirrored = replace(branch, law=branch.law)
    table = np.flip(sporadic_tables.speed_table(mirrored), axis=1)
    with patch.object(sporadic, "speed_table", lambda _: table):
        return sporadic.sporadic_flux_per_m2_s(grid, orbit, mirrored) * YEAR_s


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    verbs = {"moon": moon, "readings": readings, "doubts": doubts, "left-out": left_out}
    if what not in verbs:
        sys.exit(__doc__)
    verbs[what]()
