"""Clouds: readers, a small flight, the tensors it leaves, and the stream a Sky takes."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from whipple.casefile.read_case import read_case
from whipple.commands.checking import problems_in
from whipple.commands.folders import BUNDLED
from whipple.environment.cloud_crossing import Ship, encounters, shell_frac
from whipple.environment.cloud_ensemble import cloud_spread, with_spread
from whipple.environment.cloud_events import Cloud
from whipple.environment.clouds import CloudModel, fly_clouds
from whipple.environment.debris_tensors import cloud_stream
from whipple.environment.faces import FACES_LVLH
from whipple.environment.grid import sky_grid
from whipple.environment.read_clouds import read_clouds, read_tensors
from whipple.environment.read_f107 import SolarRecord, read_f107
from whipple.environment.sky import what_was_there
from whipple.environment.write_clouds import write_tensors
from whipple.errors import CaseError, EvidenceError

MONTH = 12 * 2022 + 11
SHIP = Ship(6_378_137.0 + 415e3, np.radians(51.6))
SUN = SolarRecord(12 * 2020, tuple([120.0] * 40))
TABLE = (
    Cloud(date(1982, 9, 16), 300, 2022, 2022, 480e3, 0.006, np.radians(82.6), 3),
    Cloud(date(2020, 1, 15), 100, 2022, 2022, 800e3, 0.01, np.radians(98.0), 7),
)
HEAD = "launch_date,peak_catalogued,peak_year,first_year_seen,median_altitude_km_at_peak,median_eccentricity,median_inclination_deg,object_class\n"


@pytest.fixture(scope="module")
def answer():
    return fly_clouds(TABLE, SUN, SHIP, (MONTH - 1, MONTH), CloudModel(samples=6000))


def test_a_flight_loses_fragments_and_never_gains(answer):
    assert (answer.surviving_count <= answer.released_count).all()
    assert answer.surviving_count[0] < 0.9 * answer.released_count[0]
    assert (np.diff(answer.surviving_count) <= 0).all()


def test_origins_add_up(answer):
    assert sum(answer.share_ratio.values()) == pytest.approx(1.0)
    assert next(iter(answer.share_ratio)) == "Cosmos 1408"
    assert answer.young_ratio == 0.0


def test_a_young_cloud_is_named_as_such():
    fresh = (*TABLE, Cloud(date(2022, 11, 11), 400, 2023, 2023, 450e3, 0.01, np.radians(98.8), 10))
    flown = fly_clouds(fresh, SUN, SHIP, (MONTH, MONTH), CloudModel(samples=3000))
    assert 0.1 < flown.young_ratio < 1.0


def test_the_same_seed_gives_the_same_bytes(answer, tmp_path):
    again = fly_clouds(TABLE, SUN, SHIP, (MONTH - 1, MONTH), CloudModel(samples=6000))
    one, two = write_tensors(answer.tensors, tmp_path / "a.npz"), write_tensors(again.tensors, tmp_path / "b.npz")
    assert one.read_bytes() == two.read_bytes()
    other = fly_clouds(TABLE, SUN, SHIP, (MONTH, MONTH), CloudModel(samples=6000, seed=2))
    assert not np.array_equal(other.tensors.of(MONTH), answer.tensors.of(MONTH))


def test_tensors_come_back(answer, tmp_path):
    path = write_tensors(answer.tensors, tmp_path / "deep" / "tensors.npz")
    back = read_tensors(path)
    assert np.allclose(back.flux_per_m2_s, answer.tensors.flux_per_m2_s, rtol=1e-6)
    assert back.ship == answer.tensors.ship
    assert [each.name for each in path.parent.iterdir()] == ["tensors.npz"], "no temporary file stays"


def test_damaged_tensors_are_refused(answer, tmp_path):
    path = write_tensors(answer.tensors, tmp_path / "tensors.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CaseError, match="expected flux tensors"):
        read_tensors(path)
    path.write_bytes(b"not an archive")
    with pytest.raises(CaseError, match="expected flux tensors"):
        read_tensors(path)
    with np.load(write_tensors(answer.tensors, path)) as held:
        values = dict(held)
    values["flux_per_m2_s"] = -values["flux_per_m2_s"]
    np.savez(path, **values)
    with pytest.raises(CaseError, match="negative"):
        read_tensors(path)
    with pytest.raises(CaseError, match="no such file"):
        read_tensors(tmp_path / "absent.npz")


def test_the_stream_counts_by_size_and_stays_flat_below_a_millimetre(answer):
    stream = cloud_stream(answer.tensors, sky_grid(), MONTH, "debris", 1e-9)
    mass = np.pi / 6 * 2800 * np.array([1e-4, 1e-3, 1e-2]) ** 3
    ratio = stream.heavier_than(mass)
    assert ratio[:2] == pytest.approx([1.0, 1.0])
    above = answer.tensors.of(MONTH)[4:].sum() / answer.tensors.of(MONTH).sum()
    assert ratio[2] == pytest.approx(above, rel=1e-6)
    tracked_elsewhere = cloud_stream(answer.tensors, sky_grid(), MONTH, "debris", 1e-9, below_m=0.1)
    assert tracked_elsewhere.flux_per_m2_s.sum() < stream.flux_per_m2_s.sum()


def test_nothing_comes_from_above_or_below_in_force(answer):
    grid = sky_grid()
    flux = answer.tensors.of(MONTH).sum(axis=(0, 2))
    faces = {name: flux @ np.maximum(grid.direction_lvlh @ np.array(normal), 0) for name, normal in FACES_LVLH.items()}
    assert faces["ram"] > 5 * max(faces["zenith"], faces["nadir"], faces["wake"])
    assert faces["port"] == pytest.approx(faces["starboard"], rel=0.25)


def test_a_flux_never_comes_without_its_band(answer):
    estimate = answer.tensors.plate_flux(MONTH, 1e-3)
    assert estimate.high / estimate.median >= 5.0**1.64
    assert estimate.caveats
    with pytest.raises(EvidenceError, match="size"):
        answer.tensors.plate_flux(MONTH, 2e-3)
    with pytest.raises(EvidenceError, match="2030-01"):
        answer.tensors.of(12 * 2030)


def test_the_ensemble_moves_with_what_is_not_known():
    spread = cloud_spread(TABLE, SUN, SHIP, MONTH, 3, CloudModel(samples=2000))
    assert spread.shape == (3, 7)
    assert np.std(np.log(spread[:, 0])) > 0.05
    few = fly_clouds(TABLE, SUN, SHIP, (MONTH, MONTH), CloudModel(samples=2000))
    assert len(with_spread(few, spread).tensors.spread_ratio) == 3


def test_a_cloud_is_anchored_where_it_was_counted():
    """Born in 2016, counted in 2022: what is left in January 2022 is what was counted, not what it began with."""
    sun = SolarRecord(12 * 2015, tuple([140.0] * 100))
    old = (Cloud(date(2010, 5, 11), 100, 2022, 2017, 800e3, 0.01, np.radians(98.0), 3),)
    january = (12 * 2022, 12 * 2022)
    anchored, recipe = (
        fly_clouds(old, sun, SHIP, january, CloudModel(samples=2000, anchored=on)) for on in (True, False)
    )
    assert anchored.surviving_count[-1] == pytest.approx(130.0, rel=0.03)
    assert recipe.surviving_count[-1] < 0.95 * 130.0
    assert anchored.released_count[-1] > 1.05 * recipe.released_count[-1]
    gone = (replace(old[0], altitude_m=400e3),)
    left = fly_clouds(gone, sun, SHIP, january, CloudModel(samples=1000))
    assert left.released_count[-1] < 5.5 * 130.0, "never raised more than fivefold"


def test_denser_air_leaves_fewer():
    thin, thick = (
        fly_clouds(TABLE, SUN, SHIP, (MONTH, MONTH), CloudModel(samples=2000, air_ratio=ratio)) for ratio in (0.5, 2.0)
    )
    assert thick.surviving_count[0] < thin.surviving_count[0]


def test_a_record_that_does_not_cover_the_flight_is_refused():
    with pytest.raises(EvidenceError, match="2021-11"):
        fly_clouds(
            TABLE[:1], SolarRecord(12 * 2022, tuple([100.0] * 12)), SHIP, (MONTH, MONTH), CloudModel(samples=1000)
        )
    with pytest.raises(EvidenceError, match="break-up"):
        fly_clouds(TABLE, SUN, SHIP, (12 * 1970, 12 * 1970), CloudModel(samples=1000))


def test_encounters_against_counting():
    """Counted brute force: random objects and ships in the same small volume, density times relative speed."""
    rng, count = np.random.default_rng(5), 400_000
    axis, e, tilt, mu = 7.0e6, 0.05, np.radians(82.0), 3.986004418e14
    mean = rng.random(count) * 2 * np.pi
    anomaly = mean.copy()
    for _ in range(12):
        anomaly -= (anomaly - e * np.sin(anomaly) - mean) / (1 - e * np.cos(anomaly))
    true = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(anomaly / 2), np.sqrt(1 - e) * np.cos(anomaly / 2))
    parameter, perigee, node = axis * (1 - e**2), rng.random(count) * 2 * np.pi, rng.random(count) * 2 * np.pi
    radius, along = parameter / (1 + e * np.cos(true)), true + perigee
    turn = np.stack([np.cos(node), np.sin(node)])

    def place(x, y):
        flat = y * np.cos(tilt)
        return np.stack([x * turn[0] - flat * turn[1], x * turn[1] + flat * turn[0], y * np.sin(tilt)], axis=-1)

    position = place(radius * np.cos(along), radius * np.sin(along))
    speed = np.sqrt(mu / parameter)
    velocity = speed * place(-np.sin(along) - e * np.sin(perigee), np.cos(along) + e * np.cos(perigee))
    ship_along = rng.random(count) * 2 * np.pi
    latitude = np.arcsin(np.sin(SHIP.inclination_rad) * np.sin(ship_along))
    half, window = 50e3, np.radians(1.5)
    met = np.abs(radius - SHIP.radius_m) < half
    met &= np.abs(np.arcsin(position[:, 2] / radius) - latitude) < window
    up = position[met] / radius[met][:, None]
    east = np.cross([0, 0, 1.0], up)
    east /= np.linalg.norm(east, axis=1)[:, None]
    heading = np.arcsin(np.clip(np.cos(SHIP.inclination_rad) / np.cos(latitude[met]), -1, 1))
    heading = np.where(np.cos(ship_along[met]) > 0, heading, np.pi - heading)[:, None]
    own = SHIP.speed_m_s() * (np.sin(heading) * east + np.cos(heading) * np.cross(up, east))
    volume = 2 * half * 2 * np.pi * SHIP.radius_m**2 * np.cos(latitude[met]) * 2 * window
    counted = (np.linalg.norm(velocity[met] - own, axis=1) / volume).sum() / count
    ours = encounters(np.array([axis]), np.array([e]), np.array([tilt]), SHIP, rng, nodes=400).flux_per_m2_s.sum()
    assert ours == pytest.approx(counted, rel=0.10)


def test_time_in_a_shell_adds_up_over_shells():
    edges = np.linspace(6.6e6, 8.6e6, 41)
    shares = [shell_frac(7.6e6, 0.1, low, high) for low, high in itertools.pairwise(edges)]
    assert sum(float(share) for share in shares) == pytest.approx(1.0)


def test_reading_the_tables(tmp_path):
    path = tmp_path / "clouds.csv"
    path.write_text(HEAD + "1999-05-10,1350,2020,2008,839.0,0.01116,98.77,3\n")
    (cloud,) = read_clouds(path)
    assert (cloud.name(), cloud.parent_orbit().cause) == ("Fengyun-1C", "collision")
    assert cloud.year() == pytest.approx(2007.03, abs=0.01)
    path.write_text(HEAD + "1999-05-10,many,2020,2008,839.0,0.011,98.8,3\n1999-05-10,5,2020,2008,839.0,1.2,98.8,3\n")
    with pytest.raises(CaseError) as refused:
        read_clouds(path)
    assert [problem.key for problem in refused.value.problems] == ["line 2", "line 3"]
    path.write_text("launch_date,peak\n1999-05-10,1\n")
    with pytest.raises(CaseError, match="peak_catalogued"):
        read_clouds(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("year,month,f107\n", "columns"),
        ("year,month,f107_observed_sfu\n2022,1,100\n2022,3,100\n", "2022-02"),
        ("year,month,f107_observed_sfu\n2022,1,1000\n", "flux 50 to 400"),
        ("year,month,f107_observed_sfu\n2022,1\n", "year, month, flux"),
        ("year,month,f107_observed_sfu\n", "no row"),
    ],
)
def test_a_wrong_solar_record_is_refused(tmp_path, text, found):
    path = tmp_path / "f107.csv"
    path.write_text(text)
    with pytest.raises(CaseError, match=found):
        read_f107(path)


def test_small_debris_clouds_and_catalogue_share_no_size(answer):
    from whipple.environment.debris_streams import debris_populations
    from whipple.environment.flight import fly
    from whipple.physics.orbit import ElementSet

    epoch = datetime(2022, 12, 15, tzinfo=UTC)
    iss = ElementSet(
        "1 25544U 98067A   22350.92995838  .00012052  00000+0  21882-3 0  9998",
        "2 25544  51.6430 151.3097 0003678 167.7951 338.1576 15.49996899373529",
        "ISS", datetime(2022, 12, 16, 22, 19, tzinfo=UTC), 25544,
    )  # fmt: skip
    streams = debris_populations(sky_grid(), fly([iss], epoch), epoch, "debris", tensors=answer.tensors)
    small, clouds = streams
    one_mm = np.pi / 6 * 2800 * 1e-9
    assert small.heavier_than(1.01 * one_mm) < 1e-9 * small.heavier_than(0.1 * one_mm)
    assert clouds.heavier_than(1e-9) == pytest.approx(1.0)
    assert small.level_factor >= 5
    assert clouds.level_factor >= 5
    elsewhere = replace(answer.tensors, ship=Ship(6_378_137.0 + 600e3, SHIP.inclination_rad))
    with pytest.raises(EvidenceError, match="the file is for 600 km"):
        debris_populations(sky_grid(), fly([iss], epoch), epoch, "debris", tensors=elsewhere)


def test_a_case_that_names_tensors_flies_through_clouds_instead_of_nasa91(answer, tmp_path):
    folder = shutil.copytree(BUNDLED / "soyuz-ms22", tmp_path / "case")
    write_tensors(answer.tensors, folder / "clouds.npz")
    text = (folder / "case.toml").read_text()
    (folder / "case.toml").write_text(text.replace("[orbit]\n", '[orbit]\ndebris_tensors = "clouds.npz"\n'))
    names = [stream.name for stream in what_was_there(read_case(folder)).streams if stream.kind == "debris"]
    assert names[0] == "small debris"
    assert len(names) == 2
    assert not problems_in(folder)
    (folder / "clouds.npz").write_bytes(b"no archive")
    assert any(problem.path.endswith("clouds.npz") for problem in problems_in(folder))
