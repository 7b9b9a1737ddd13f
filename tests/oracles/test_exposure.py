"""Does the reach of showers over the orbit agree with the tables of the case sheet, moment by moment and without a vehicle?"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.sky import ShowerTrack
from whipple.exposure import bare_site, shower_reach
from whipple.physics.frames import direction_lvlh, lvlh_from_gcrs
from whipple.physics.orbit import propagate
from whipple.physics.read_elements import read_elements

ROOT = Path(__file__).parents[2]
EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
ESCAPE_m_s = 10_830.0
BLOCKING_m = 6_478_137.0
#: Radiants at solar longitude 262.69 (environment sheet 6.8), speeds of cases sheet 6.1.
RADIANTS = {
    "GEM": (114.1, 32.2, 34.0),
    "HYD": (131.0, 0.8, 58.2),
    "MON": (103.4, 7.6, 41.1),
    "COM": (156.5, 32.8, 62.7),
}


def rows(name: str) -> list[dict[str, str]]:
    lines = (ROOT / "authorities" / f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def flight() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Four revolutions every 30 s from the element set of epoch 22350.93."""
    sets = read_elements(ROOT / "src/whipple/cases/soyuz-ms22/iss.tle")
    chosen = next(one for one in sets if "22350.9299" in one.line1)
    t_s = np.arange(0.0, 4 * 86_400.0 / float(chosen.line2[52:63]), 30.0)
    return t_s, *propagate(chosen, EPOCH, t_s)


def straight_track(code: str, ra_deg: float, dec_deg: float, vg_km_s: float) -> ShowerTrack:
    """A shower by the sheet's own method: direction not bent, blocked below the limb of Earth plus 100 km."""
    _, position, velocity = flight()
    ra, dec = np.radians([ra_deg, dec_deg])
    radiant = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    local = np.hypot(vg_km_s * 1e3, ESCAPE_m_s)
    arrival = local * radiant + velocity
    speed = np.linalg.norm(arrival, axis=1)
    radius = np.linalg.norm(position, axis=1)
    zenith = position @ radiant / radius
    turned = np.einsum("nij,nj->ni", lvlh_from_gcrs(position, velocity), arrival / speed[:, None])
    up = zenith > -np.sqrt(1 - (BLOCKING_m / radius) ** 2)
    return ShowerTrack(code, code, ra, dec, Estimate.exactly(0.0, "1/hour"), 2.0, speed, turned, up.astype(float), ())


def reach_of(track: ShowerTrack, azimuth_deg: float):
    return shower_reach(track, flight()[0], bare_site(direction_lvlh(np.radians(azimuth_deg), 0.0)))


@pytest.mark.parametrize("row", rows("exposure_showers"), ids=lambda row: f"{row['code']} {row['normal_deg']}")
def test_which_normals_a_shower_can_strike(row, authority):
    reach = reach_of(straight_track(row["code"], *RADIANTS[row["code"]]), float(row["normal_deg"]))
    middle = (float(row["low_pct"]) + float(row["high_pct"])) / 2
    half = (float(row["high_pct"]) - float(row["low_pct"])) / 2 + float(row["tol_pct"])
    what = f"{row['code']} on a normal at {row['normal_deg']}°"
    source = "cases sheet 7.3, 7.4"
    authority(
        "exposure",
        f"{what}: share of time in view",
        100 * reach.reach_frac,
        middle,
        source=source,
        why=row["why"],
        atol=half + 1e-9,
        unit="%",
    )
    authority(
        "exposure",
        f"{what}: largest cosine",
        reach.best_cosine_ratio,
        float(row["max_cos"]),
        source=source,
        why="printed to 0.01",
        atol=float(row["cos_tol"]),
    )


@pytest.mark.parametrize("row", rows("exposure_sporadic"), ids=lambda row: row["name"])
def test_sporadic_sources_against_an_aft_starboard_wall(row, authority):
    reach = reach_of(
        straight_track(row["name"], float(row["ra_deg"]), float(row["dec_deg"]), float(row["vg_km_s"])), 135.0
    )
    source, why = "cases sheet 7.5", "printed to 0.01"
    authority(
        "exposure",
        f"{row['name']} at 135°: share",
        reach.reach_frac,
        float(row["share"]),
        source=source,
        why=why,
        atol=float(row["share_tol"]) + 1e-9,
    )
    authority(
        "exposure",
        f"{row['name']} at 135°: largest cosine",
        reach.best_cosine_ratio,
        float(row["max_cos"]),
        source=source,
        why=why,
        atol=0.02,
    )
    low, high = (speed / 1e3 for speed in reach.relative_speed_m_s)
    authority(
        "exposure",
        f"{row['name']}: slowest",
        low,
        float(row["v_low"]),
        source=source,
        why="printed to 1 km/s",
        atol=0.8,
        unit="km/s",
    )
    authority(
        "exposure",
        f"{row['name']}: fastest",
        high,
        float(row["v_high"]),
        source=source,
        why="printed to 1 km/s",
        atol=0.8,
        unit="km/s",
    )


def test_geminids_never_reach_starboard_walls_over_four_revolutions():
    reach = reach_of(straight_track("GEM", *RADIANTS["GEM"]), 135.0)
    inside = (reach.azimuth_rad > np.radians(49.9)) & (reach.azimuth_rad < np.radians(150.1))
    assert inside.sum() == 21
    assert reach.by_azimuth_frac[inside].max() == 0.0
    assert reach.by_azimuth_frac[reach.azimuth_rad < np.radians(-179.9)][0] == pytest.approx(0.41, abs=0.02)
    assert np.degrees(reach.arrival_azimuth_rad) == pytest.approx([-115, -45], abs=1.0)
    assert "excluded by direction" in reach.sentence
    assert "what would change it" in reach.sentence


def test_geminids_in_view_share(authority):
    reach = reach_of(straight_track("GEM", *RADIANTS["GEM"]), 135.0)
    why = "printed as 33 % blocked, straight lines to the limb of Earth plus 100 km"
    authority(
        "exposure",
        "Geminids blocked by the Earth",
        1 - reach.visible_frac,
        0.33,
        source="cases sheet 7.2",
        why=why,
        atol=0.01,
    )
