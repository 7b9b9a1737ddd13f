"""The open sporadic model beside public output of MEM 3 at the Moon (never fitted to it), and the NASA altitude table."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from whipple.environment.faces import FACES_LVLH
from whipple.environment.focusing import MOON
from whipple.environment.grid import sky_grid
from whipple.environment.mem_grid import igloo, igloo_grid
from whipple.environment.models.jones_brown_1993 import SOURCES, lobe_per_sr
from whipple.environment.models.pokorny_2019 import RADIANT_FLUXES, moon_radiants
from whipple.environment.models.ssp30425 import ssp_plate_flux_per_m2_s
from whipple.environment.sporadic import sporadic_around_per_m2_s
from whipple.environment.sporadic_branches import BRANCHES, Branch, mass_limited_weight
from whipple.environment.sporadic_elements import element_sky
from whipple.environment.sporadic_tables import CENTRE_STEP, FAR_STEP_m_s, speed_table
from whipple.physics.constants import OBLIQUITY_J2000_rad

ROOT = Path(__file__).parents[2]
YEAR_S = 3.15576e7
MEM = "LunarEjecta MEM 3 output, environment sheet 5"
GATE = "gate of environment sheet 10, stage E0; two independent models"
BY_NAME = {branch.name: branch for branch in BRANCHES}


def rows(name: str) -> list[dict[str, str]]:
    lines = (ROOT / "authorities" / f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def on_the_moon(branch: Branch) -> dict[str, tuple[float, float]]:
    """Flux (/m2/yr) and mean speed (km/s) on sphere and faces at the lunar equator, mean over a lunation; edges at the horizon."""
    places = 6 if branch.sky else 12 if branch.lobes_counted else 72
    turn = np.arange(places) * 2 * np.pi / places
    tilt = float(OBLIQUITY_J2000_rad)

    def equatorial(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.stack([x, np.cos(tilt) * y, np.sin(tilt) * y], axis=-1)

    position = equatorial(np.cos(turn), np.sin(turn)) * MOON.blocking_radius_m
    velocity = equatorial(-np.sin(turn), np.cos(turn)) * 4.6  # the ground turns with the Moon
    grid = igloo_grid(igloo(), sky_grid().speed_m_s)
    flux = sporadic_around_per_m2_s(grid, position, velocity, 0.3, planet=MOON, branch=branch) * YEAR_S
    weights = {"sphere": np.ones(len(flux))} | {
        face: np.maximum(grid.direction_lvlh @ np.array(normal), 0.0) for face, normal in FACES_LVLH.items()
    }
    found = {}
    for name, weight in weights.items():
        by_speed = weight @ flux
        found[name] = float(by_speed.sum()), float(by_speed @ grid.speed_m_s / max(by_speed.sum(), 1e-300) / 1e3)
    return found


@pytest.mark.parametrize("row", rows("environment_mem_lunar"), ids=lambda row: row["what"])
def test_lunar_fluxes(row, authority):
    ours, _ = on_the_moon(BRANCHES[0])[row["what"]]
    theirs, rtol = float(row["flux_per_m2_yr"]), float(row["flux_rtol"])
    authority(
        "environment",
        f"open model at the Moon, {row['what']}",
        ours,
        theirs,
        source=MEM,
        why=GATE,
        rtol=rtol,
        unit="/m2/yr",
    )


FAST_SIDES = pytest.mark.xfail(
    strict=True,
    reason="one law of speed in all directions of a source: port and starboard stay 3.5 km/s above MEM 3; no branch keeps every line",
)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row["what"], marks=FAST_SIDES if row["what"] in ("port", "starboard") else ())
        for row in rows("environment_mem_lunar")
        if row["mean_km_s"]
    ],
)
def test_lunar_mean_speeds(row, authority):
    _, ours = on_the_moon(BRANCHES[0])[row["what"]]
    theirs, atol = float(row["mean_km_s"]), float(row["speed_atol"])
    what = f"open model at the Moon, mean speed on {row['what']}"
    authority("environment", what, ours, theirs, source=MEM, why=GATE, atol=atol, unit="km/s")


@pytest.mark.parametrize(
    ("name", "zenith", "port"),
    [
        ("limiting mass", 0.2, 3.5),
        ("limiting mass, WMPL speeds", 4.3, 6.0),
        ("limiting mass, early WMPL speeds", 0.4, 2.1),
        ("limiting mass, population weights", -3.1, 0.5),
        ("orbits", -3.3, -3.0),
        ("orbits, WMPL speeds", -0.8, -1.3),
        ("counts to mass", 1.1, 4.0),
        ("elements", -7.3, -8.6),
        ("radar speeds, bound", 5.4, 7.2),
        ("radar speeds", 7.8, 9.3),
        ("radar counts", 11.7, 10.1),
    ],
)
def test_every_branch_is_reported_as_it_is(name, zenith, port):
    """The table of docs/theory/environment_sporadic.md: speed above MEM 3 on zenith and port. No branch keeps every line."""
    found = on_the_moon(BY_NAME[name])
    assert found["zenith"][1] - 27.75 == pytest.approx(zenith, abs=0.15)
    assert found["port"][1] - 27.00 == pytest.approx(port, abs=0.15)


@pytest.mark.parametrize(
    ("name", "rms", "correlation"),
    [("limiting mass", 0.209, 0.80), ("orbits", 0.193, 0.88), ("orbits, WMPL speeds", 0.221, 0.87), ("elements", 0.11, 0.96)],
)  # fmt: skip
def test_speed_by_radiant_beside_the_dust_model(name, rms, correlation):
    """Logarithm of the mean speed at the Moon by radiant against 54 radiants of Pokorny et al. 2019: no MEM in it."""
    longitude, latitude, theirs = moon_radiants()
    ours = by_radiant(BY_NAME[name], longitude, latitude)
    miss = np.log(ours / theirs)
    assert miss.std() == pytest.approx(rms, abs=0.01)
    assert np.corrcoef(np.log(ours), np.log(theirs))[0, 1] == pytest.approx(correlation, abs=0.01)


def unit(lon: np.ndarray | float, lat: np.ndarray | float) -> np.ndarray:
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat) + 0 * lon], axis=-1)


def around(longitude: np.ndarray, latitude: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Flux of the element sky per sr and m/s, mean over four directions 2 deg aside: the middles asked are edges of its cells."""
    aside = np.radians([(2.0, 2.0), (2.0, -2.0), (-2.0, 2.0), (-2.0, -2.0)])
    ways = [unit(longitude + east, latitude + north) for east, north in aside]
    parts = [element_sky().per_sr_s_m(-way[:, 1:2], way[:, :1], way[:, 2:], far) for way in ways]
    return np.mean(parts, axis=0)


def by_radiant(branch: Branch, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Mean impact speed at the Moon from these longitudes from the Sun and latitudes, all sources together."""
    radiant = unit(longitude, latitude)
    far = np.arange(1, 321) * FAR_STEP_m_s
    at_moon = np.hypot(far, 2376.0)
    row = np.rint((1 - radiant[:, 1]) / CENTRE_STEP).astype(int)
    flux = np.zeros((len(radiant), len(far)))
    if branch.sky is not None:
        flux = around(longitude, latitude, far) * (at_moon / far) ** 2
    else:
        for source, share, table in zip(SOURCES, branch.shares, speed_table(branch), strict=True):
            lobe = lobe_per_sr(radiant @ unit(source.longitude_rad, source.latitude_rad))
            flux += share * lobe[:, None] * table[row, 1:] * (at_moon / far) ** 2
    return np.asarray(flux @ at_moon / flux.sum(axis=1))


@pytest.mark.parametrize("longitude_deg", RADIANT_FLUXES)
def test_flux_by_latitude_of_the_element_sky_beside_the_dust_model_that_it_was_not_told(longitude_deg):
    """Only laws of a, e, i and speed went in: the map of fluxes (two meridians, eight latitudes) comes out within 15 % rms."""
    latitude = np.radians(np.arange(5.0, 80.0, 10.0))
    far = np.arange(1, 321) * FAR_STEP_m_s
    seen = around(np.full(8, np.radians(longitude_deg)), latitude, far) * (1 + (2376.0 / far) ** 2)
    miss = np.log(seen.sum(axis=1) / np.array(RADIANT_FLUXES[longitude_deg]))
    assert miss.std() < 0.18


@pytest.mark.parametrize(("name", "index"), [("helion", 0), ("north apex", 2), ("north toroidal", 4)])
def test_a_radar_that_watches_the_element_sky_counts_the_published_middles(name, index, authority):
    """No radar speed went in: weighed by ionisation and focusing, the slow sky of the dust model shows a radar 30, 59 and 33 km/s."""
    sky, far = element_sky(), (np.arange(150) + 0.5) * 500.0
    cell = np.radians(np.arange(36) * 5 + 2.5)[:, None], np.radians(np.arange(18) * 5 + 2.5)
    folded = unit(*np.broadcast_arrays(*cell))  # from the apex in longitude, north
    centres = [unit(abs(one.longitude_rad - 1.5 * np.pi), abs(one.latitude_rad)) for one in SOURCES[::2]]
    mine = np.argmax(folded @ np.stack(centres, axis=-1), axis=-1) == index // 2
    counts = np.where(mine[..., None], sky.flux(), 0.0).sum(axis=(0, 1)) / mass_limited_weight(far)
    ours = float(counts @ far / counts.sum() / 1e3)
    wmpl = {"helion": 35.0, "north apex": 60.0, "north toroidal": 35.0}[name]
    why = "the readings of the same paper are 5 to 10 km/s apart (25 to 35, 55 to 60, 30 to 35)"
    what, source = f"radar counts of the element sky, {name}", "WMPL SporadicSourcesModel.py"
    authority("environment", what, ours, wmpl, source=source, why=why, atol=5.0, unit="km/s")


@pytest.mark.parametrize(
    ("name", "missed"),
    [
        ("limiting mass, early WMPL speeds", {"speed port", "speed starboard"}),
        ("orbits, WMPL speeds", {"flux zenith"}),
    ],
)
def test_no_branch_keeps_every_line_and_what_the_two_nearest_miss(name, missed):
    """Early WMPL speeds miss port and starboard by 0.1 km/s; orbits with WMPL speeds miss the zenith flux by 3 points."""
    found = set()
    for row in rows("environment_mem_lunar"):
        flux, speed = on_the_moon(BY_NAME[name])[row["what"]]
        if abs(flux / float(row["flux_per_m2_yr"]) - 1) > float(row["flux_rtol"]):
            found.add("flux " + row["what"])
        if row["mean_km_s"] and abs(speed - float(row["mean_km_s"])) > float(row["speed_atol"]):
            found.add("speed " + row["what"])
    assert found == missed


def test_no_branch_was_fitted_the_best_one_in_speed_is_not_the_default():
    """Another branch is nearer to MEM's mean speeds than the default: nothing was chosen by that match."""
    truth = {row["what"]: float(row["mean_km_s"]) for row in rows("environment_mem_lunar") if row["mean_km_s"]}
    miss = {
        branch.name: np.mean([abs(on_the_moon(branch)[what][1] - speed) for what, speed in truth.items()])
        for branch in BRANCHES
    }
    assert miss["orbits, WMPL speeds"] < miss["limiting mass"]


def test_the_moon_turns_east_and_west_alike_and_hides_what_is_below():
    found = on_the_moon(BRANCHES[0])
    assert found["ram"][0] == pytest.approx(found["wake"][0], rel=3e-3)
    assert found["port"][0] == pytest.approx(found["starboard"][0], rel=3e-3)
    assert found["nadir"][0] == 0.0


@pytest.mark.parametrize("row", rows("environment_mem_plate"), ids=lambda row: row["h_km"])
def test_tumbling_plate_by_altitude(row, authority):
    """Options: Gruen, G = 1 + R/r, cone of Earth and 100 km, recalled SSP speed law at the spacecraft, 1 g/cm3."""
    ours = plate(float(row["h_km"]))
    what = f"SSP meteoroids >= 3 mm, tumbling plate at {row['h_km']} km"
    why = "level as asked; the speed law of BUMPER is not published"
    authority(
        "environment",
        what,
        ours,
        float(row["hb"]),
        source="NASA/TM-2009-214785 Table 2-3",
        why=why,
        rtol=0.06,
        unit="/m2/yr",
    )
    source = "environment sheet 2.4 (computed)"
    authority(
        "environment",
        what + ", chain",
        ours,
        float(row["chain"]),
        source=source,
        why="printed to 4 digits",
        rtol=5e-4,
        unit="/m2/yr",
    )


@pytest.mark.parametrize("h_km", [800.0, 1000.0])
def test_shape_with_altitude(h_km, authority):
    printed = {float(row["h_km"]): float(row["hb"]) for row in rows("environment_mem_plate")}
    ours, theirs = plate(h_km) / plate(400.0), printed[h_km] / printed[400.0]
    what = f"SSP meteoroids, {h_km:g} km over 400 km"
    authority(
        "environment",
        what,
        ours,
        theirs,
        source="NASA/TM-2009-214785 Table 2-3",
        why="shape as asked by the issue",
        rtol=0.01,
    )


@cache
def plate(h_km: float) -> float:
    speed = float(np.sqrt(398600.4418e9 / (6378.137e3 + h_km * 1e3)))
    return ssp_plate_flux_per_m2_s(np.pi / 6 * 1000.0 * 3e-3**3, h_km * 1e3, speed) * YEAR_S
