"""Does the orbit agree with the case facts and with independent libraries?"""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from whipple.physics.frames import azimuth_elevation, lvlh_from_gcrs
from whipple.physics.orbit import choose_elements, gcrs_from_teme, propagate, propagate_teme
from whipple.physics.read_elements import read_elements
from whipple.physics.sun import beta_rad, eclipse_frac, solar_longitude_rad, sun_dir_gcrs

ROOT = Path(__file__).parents[2]
EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
BURN = (datetime(2022, 12, 21, tzinfo=UTC), "avoidance burn")
SETS = read_elements(ROOT / "src/whipple/cases/soyuz-ms22/iss.tle")
CHOSEN = choose_elements(SETS, EPOCH, [BURN]).chosen


def rows(name: str) -> list[dict[str, str]]:
    lines = (ROOT / "authorities" / f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def ours() -> dict[str, float]:
    position, velocity = propagate(CHOSEN, EPOCH, [0.0])
    teme, teme_speed = propagate_teme(CHOSEN, EPOCH, [0.0])
    sun = sun_dir_gcrs(EPOCH, [0.0])
    azimuth, elevation = azimuth_elevation(lvlh_from_gcrs(position, velocity)[0] @ sun[0])
    found = {"beta": beta_rad(position, velocity, sun)[0], "beta_mixed_frames": beta_rad(teme, teme_speed, sun)[0]}
    found |= {"sun_azimuth": azimuth, "sun_elevation": elevation, "solar_longitude": solar_longitude_rad(EPOCH)}
    found = {name: float(np.degrees(value)) for name, value in found.items()}
    found |= {f"teme_{axis}": float(teme[0, k]) / 1e3 for k, axis in enumerate("xyz")}
    return found | {f"teme_v{axis}": float(teme_speed[0, k]) / 1e3 for k, axis in enumerate("xyz")}


@pytest.mark.parametrize("row", rows("orbit_ms22"), ids=lambda row: row["quantity"])
def test_state_at_the_event(row, authority):
    value = ours()[row["quantity"]]
    authority(
        "orbit",
        row["quantity"],
        value,
        float(row["value"]),
        source=row["source"],
        why=row["why"],
        atol=float(row["atol"]),
        unit=row["unit"],
    )


@pytest.mark.parametrize("row", rows("orbit_beta"), ids=lambda row: row["day"])
def test_beta_through_december(row, authority):
    moment = datetime(2022, 12, int(row["day"]), 0, 45, tzinfo=UTC)
    position, velocity = propagate(CHOSEN, moment, [0.0])
    beta = float(np.degrees(beta_rad(position, velocity, sun_dir_gcrs(moment, [0.0])))[0])
    authority(
        "orbit",
        f"beta on {row['day']} Dec",
        beta,
        float(row["beta_deg"]),
        source="cases sheet 4.2",
        why="printed to 0.1",
        atol=0.06,
        unit="deg",
    )


def test_solar_longitude_asked_by_the_issue(authority):
    value = float(np.degrees(solar_longitude_rad(EPOCH)))
    authority(
        "orbit",
        "solar longitude",
        value,
        262.69,
        source="issue 5, environment sheet 6.8",
        why="as asked",
        atol=0.02,
        unit="deg",
    )


def test_no_eclipse_above_the_limit(authority):
    limit = np.degrees(np.arcsin(6378.137 / (6378.137 + 416.7)))
    assert eclipse_frac(np.radians(limit + 0.1), 416.7e3) == 0 < eclipse_frac(np.radians(limit - 0.1), 416.7e3)
    authority(
        "orbit",
        "beta without eclipse",
        limit,
        69.8,
        source="cases sheet 4.2",
        why="printed to 0.1",
        atol=0.06,
        unit="deg",
    )


@pytest.mark.parametrize(
    ("index", "km", "seconds", "atol_km"), [(0, 50, 6.6, 1.0), (2, 1240, 162, 10), (3, 1630, 213, 10)]
)
def test_other_sets_are_as_far_off_as_the_sheet_says(index, km, seconds, atol_km, authority):
    from whipple.physics.orbit import along_track_m_s

    along_m, along_s = along_track_m_s(SETS[index], CHOSEN, EPOCH)
    name = f"along track, set {SETS[index].line1[18:32]}"
    why = "printed to 10 km; the sheet does not say on which arc it measures"
    authority("orbit", name, along_m / 1e3, km, source="cases sheet 4.1", why=why, atol=atol_km, unit="km")
    assert along_s == pytest.approx(seconds, abs=1.5)


@pytest.mark.slow
def test_sun_and_frames_agree_with_astropy_and_skyfield(authority):
    astropy = pytest.importorskip("astropy")
    pytest.importorskip("skyfield")
    from astropy import units
    from astropy.coordinates import GCRS, TEME, CartesianRepresentation, get_body_barycentric
    from astropy.time import Time
    from astropy.utils import iers
    from skyfield.sgp4lib import EarthSatellite

    iers.conf.auto_download = False
    assert astropy
    for days in (0.0, 180.0):
        moment = EPOCH + timedelta(days=days)
        rotation = gcrs_from_teme(moment, [0.0])[0]
        at = Time(moment.replace(tzinfo=None), scale="utc")
        for axis in range(3):
            point = np.eye(3)[axis] * 7000.0
            there = TEME(CartesianRepresentation(point * units.km), obstime=at).transform_to(GCRS(obstime=at))
            theirs = there.cartesian.xyz.to_value(units.km)
            gap = np.degrees(np.linalg.norm(rotation @ point - theirs) / 7000.0)
            authority(
                "orbit",
                f"TEME to GCRS against astropy, axis {axis}, {moment:%Y-%m-%d}",
                gap,
                0.0,
                source="astropy",
                why="issue: 0.01 deg",
                atol=0.01,
                unit="deg",
            )
        earth, sun = get_body_barycentric("earth", at), get_body_barycentric("sun", at)
        toward = (sun - earth).xyz.to_value(units.km)
        gap = np.degrees(np.linalg.norm(toward / np.linalg.norm(toward) - sun_dir_gcrs(moment, [0.0])[0]))
        authority(
            "orbit",
            f"Sun against astropy, {moment:%Y-%m-%d}",
            gap,
            0.0,
            source="astropy",
            why="issue: 0.01 deg; built-in ephemeris",
            atol=0.01,
            unit="deg",
        )
    from skyfield.api import load

    scale = load.timescale(builtin=True)
    theirs = EarthSatellite(CHOSEN.line1, CHOSEN.line2, ts=scale).at(scale.from_datetime(EPOCH)).position.km
    position, _ = propagate(CHOSEN, EPOCH, [0.0])
    gap = np.degrees(np.linalg.norm(position[0] / 1e3 - theirs) / np.linalg.norm(theirs))
    authority(
        "orbit",
        "ISS position against skyfield",
        gap,
        0.0,
        source="skyfield",
        why="issue: 0.01 deg",
        atol=0.01,
        unit="deg",
    )


@pytest.mark.slow
def test_sun_agrees_with_skyfield(authority):
    pytest.importorskip("skyfield")
    data = pytest.importorskip("skyfield_data")
    from skyfield.api import load, load_file

    planets = load_file(str(Path(data.__file__).parent / "data" / "de421.bsp"))
    scale = load.timescale(builtin=True)
    for days in (0, 91, 182, 273):
        moment = EPOCH + timedelta(days=days)
        at = scale.from_datetime(moment)
        toward = planets["sun"].at(at).position.km - planets["earth"].at(at).position.km
        gap = np.degrees(np.linalg.norm(toward / np.linalg.norm(toward) - sun_dir_gcrs(moment, [0.0])[0]))
        authority(
            "orbit",
            f"Sun against skyfield DE421, {moment:%Y-%m-%d}",
            gap,
            0.0,
            source="skyfield",
            why="issue: 0.01 deg",
            atol=0.01,
            unit="deg",
        )
    planets.close()
