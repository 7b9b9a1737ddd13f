"""Does the screening find what others found, and everything that brute force finds?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from whipple.environment.read_elements_catalogue import catalogued, read_catalogue
from whipple.environment.screening import Terms, screen
from whipple.environment.screening_error import element_error
from whipple.environment.screening_rehearsal import rehearsal_catalogue
from whipple.environment.screening_sweep import sweep
from whipple.physics.orbit import along_track_m_s
from whipple.physics.read_elements import read_elements
from whipple.physics.time import utc_julian

ROOT = Path(__file__).parents[2]
ISS = ROOT / "src/whipple/cases/soyuz-ms22/iss.tle"
START = datetime(2022, 12, 15, tzinfo=UTC)


def station():
    chosen = next(one for one in read_elements(ISS) if "22350.92995838" in one.line1)
    return catalogued(chosen.line1, chosen.line2, "ISS")


def brute_force(ship, other, start, duration_s, within_m, step_s=1.0):
    """Minima of the range from positions alone: chords between samples 1 s apart, no filter, no velocity."""
    day, fraction = utc_julian(start)
    t = np.arange(0.0, duration_s + step_s / 2, step_s)
    offset = 1e3 * (
        other.sgp4_array(np.full(t.shape, day), fraction + t / 86400)[1]
        - ship.sgp4_array(np.full(t.shape, day), fraction + t / 86400)[1]
    )
    chord = np.diff(offset, axis=0)
    share = np.clip(-np.einsum("ij,ij->i", offset[:-1], chord) / np.einsum("ij,ij->i", chord, chord), 0, 1)
    miss = np.linalg.norm(offset[:-1] + share[:, None] * chord, axis=1)
    padded = np.r_[np.inf, miss, np.inf]
    hits = np.flatnonzero((miss <= within_m) & (miss <= padded[:-2]) & (miss < padded[2:]))
    return [(t[i] + share[i] * step_s, miss[i]) for i in hits]


def test_the_approach_before_the_iridium_cosmos_collision(authority):
    found = read_catalogue(ROOT / "authorities/environment_screening_iridium_cosmos.tle")
    ship = next(one for one in found.objects if one.catalogue_number == 24946)
    answer = screen(ship, found, Terms(datetime(2009, 2, 10, tzinfo=UTC), 86_400.0))
    nearest = answer.passes[0]
    seconds = (nearest.at - datetime(2009, 2, 10, 16, 55, tzinfo=UTC)).total_seconds()
    source = "Bennett et al., A re-analysis of the 2009 Iridium-Cosmos predicted miss distance (abstract)"
    lines = (ROOT / "authorities/environment_screening.csv").read_text().splitlines()[2:]
    for line, ours in zip(lines, (nearest.seen.miss_m, seconds), strict=True):
        what, value, unit, tolerance, why = line.split(",")
        what = f"Iridium 33 and Cosmos 2251 by SGP4: {what}"
        authority("environment", what, ours, float(value), source=source, why=why, atol=float(tolerance), unit=unit)
    assert nearest.miss_m.low < 0.7e3 < nearest.miss_m.high
    assert nearest.strike_prob > 1e-5, "they did collide: the elements must not rule it out"


@pytest.mark.slow
def test_nothing_is_missed_against_brute_force(authority):
    ship = station().satellite
    made = rehearsal_catalogue(3000, START, 7, ship)
    some = [one.satellite for one in made.objects]
    within_m, duration_s = 150e3, 21_600.0
    found = sweep(ship, some, START, duration_s, within_m)
    ours: dict[int, list[tuple[float, float]]] = {}
    for i, seen in found.minima + found.edges:
        ours.setdefault(i, []).append((seen.t_s, seen.miss_m))
    rng = np.random.default_rng(3)
    low = [i for i, one in enumerate(some) if one.altp * 6378.0 < 700.0]
    sample = sorted({*range(6), *rng.choice(low, 350, replace=False).tolist(), *ours})
    missed, worst, seen_count = [], 0.0, 0
    for i in sample:
        for at, miss in brute_force(ship, some[i], START, duration_s, within_m):
            seen_count += 1
            near = [abs(m - miss) for t, m in ours.get(i, []) if abs(t - at) < 30]
            missed += [] if near else [(i, at, miss)]
            worst = max(worst, min(near, default=0.0))
    assert seen_count >= 20, "the sample must hold approaches"
    assert missed == []
    authority(
        "environment",
        f"screening against brute force: worst of {seen_count} miss distances",
        worst,
        0.0,
        source="positions every second, chords between (this test)",
        why="a chord over 1 s cuts an arc of relative acceleration below 20 m/s2 by at most 2.5 m",
        atol=2.5,
        unit="m",
    )


def test_the_error_model_against_sets_of_the_station_months_apart(authority):
    """Two sets of the station, 11.9 days apart and no burn between, disagree by about what the model expects."""
    sets = {one.line1[18:32].strip(): one for one in read_elements(ISS)}
    early, late = sets["22339.03402137"], sets["22350.92995838"]
    moment = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
    along, _ = along_track_m_s(early, late, moment)
    expected = [
        element_error(catalogued(one.line1, one.line2).satellite, (moment - one.epoch).total_seconds() / 86400).along_m
        for one in (early, late)
    ]
    authority(
        "environment",
        "disagreement of two sets of the station along track, in expected errors",
        abs(along) / float(np.hypot(*expected)),
        1.0,
        source="public elements of 5 and 16 Dec 2022",
        why="one draw of a normal error lies between 0.06 and 2 sigma in 90 % of cases",
        atol=0.96,
        unit="sigma",
    )
