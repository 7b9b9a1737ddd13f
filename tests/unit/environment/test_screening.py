"""Does the screening speak only for what it can, and list the rest?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from whipple.casefile.read_case import read_case
from whipple.environment.close_approach import Encounter, encounter, refine_s
from whipple.environment.read_elements_catalogue import Catalogue, catalogued
from whipple.environment.screening import Terms, screen
from whipple.environment.screening_error import element_error, mean_strike_prob, miss_estimate, strike_prob
from whipple.environment.screening_finding import ship_from, tracked_objects, was_it_tracked
from whipple.environment.screening_rehearsal import rehearsal_catalogue
from whipple.environment.screening_sweep import sweep
from whipple.errors import EvidenceError, RangeError
from whipple.physics.read_elements import checksum, read_elements
from whipple.physics.time import utc_julian

ROOT = Path(__file__).parents[3]
CASE = ROOT / "src/whipple/cases/soyuz-ms22"
PAIR = ROOT / "authorities/environment_screening_iridium_cosmos.tle"
START = datetime(2022, 12, 15, tzinfo=UTC)
HOURS = 6 * 3600.0


@pytest.fixture(scope="module")
def ship():
    return ship_from(read_elements(CASE / "iss.tle"), START)


@pytest.fixture(scope="module")
def catalogue(ship):
    return rehearsal_catalogue(1500, START, 5, ship.satellite)


@pytest.fixture(scope="module")
def answer(ship, catalogue):
    return screen(ship, catalogue, Terms(START, HOURS, 100e3))


def test_filters_change_nothing_but_the_time(ship, catalogue):
    some = [one.satellite for one in catalogue.objects]
    quick, slow = (sweep(ship.satellite, some, START, HOURS, 100e3, filters=use) for use in (True, False))
    assert [(i, seen.miss_m) for i, seen in quick.minima] == [(i, seen.miss_m) for i, seen in slow.minima]
    assert len(quick.after_path) < len(quick.after_apsis) < len(slow.after_path) == len(some)
    assert len(quick.minima) > 5


@pytest.mark.parametrize("kind", ["transfer orbit", "polar, 800 km", "Molniya"])
def test_filters_change_nothing_for_other_ships(kind):
    some = [one.satellite for one in rehearsal_catalogue(1200, START, 21).objects]
    wanted = {
        "transfer orbit": lambda one: one.ecco > 0.6 and one.inclo < 0.9,
        "polar, 800 km": lambda one: one.inclo > 1.4 and 0.1 < one.altp < 0.15,
        "Molniya": lambda one: one.ecco > 0.5 and one.inclo > 1,
    }[kind]
    ship = next(one for one in some if wanted(one))
    others = [one for one in some if one is not ship]
    quick, slow = (sweep(ship, others, START, HOURS, 400e3, filters=use) for use in (True, False))
    assert [(i, seen.miss_m) for i, seen in quick.minima] == [(i, seen.miss_m) for i, seen in slow.minima]
    assert slow.minima


def test_at_the_closest_the_motion_is_across_the_line_of_sight(answer):
    for one in answer.passes:
        if one.kind == "pass":
            assert abs(one.seen.miss_lvlh_m @ one.seen.velocity_lvlh_m_s) < 1e-2 * one.seen.miss_m * one.seen.speed_m_s
            assert one.miss_m.low <= one.miss_m.median <= one.miss_m.high


def test_rtn_and_lvlh_are_the_same_vector(answer):
    seen = answer.passes[0].seen
    r, t, n = seen.miss_rtn_m
    assert seen.miss_lvlh_m == pytest.approx([t, -n, -r])
    assert np.linalg.norm(seen.velocity_rtn_m_s) == pytest.approx(seen.speed_m_s)


def test_slow_passes_are_marked_and_said(answer):
    slow = [one for one in answer.passes if one.kind == "slow"]
    assert all(one.seen.speed_m_s < 100 for one in slow)
    assert bool(slow) == any(caveat.code == "screening-slow" for caveat in answer.caveats)


def test_companions_are_told_apart_and_never_passes(answer):
    beside = {one.catalogue_number for one in answer.companions}
    assert beside
    assert beside.isdisjoint(one.catalogue_number for one in answer.passes)


def test_everything_is_spoken_for_or_listed(answer, catalogue):
    assert answer.counts["spoken_for"] + len(answer.unspoken) == answer.counts["objects"] == len(catalogue.objects)
    assert "not enough can be said" in answer.headline or not answer.unspoken


def test_the_ship_itself_and_older_sets_are_named(ship, catalogue):
    one = catalogue.objects[50]
    older = replace(one, epoch=one.epoch - timedelta(days=2), place="older")
    more = Catalogue("x", (*catalogue.objects[40:60], ship, older, one), ())
    found = screen(ship, more, Terms(START, 3600.0))
    assert found.counts["itself"] == 1
    assert found.counts["objects"] == 20
    assert any("is nearer" in text for text in found.superseded)
    assert any("the same epoch twice" in text for text in found.superseded)


def test_objects_without_a_number_or_on_another_orbit_are_all_flown(ship, catalogue):
    nameless = [replace(one, catalogue_number=0) for one in catalogue.objects[40:44]]
    mislabelled = [replace(one, catalogue_number=ship.catalogue_number) for one in catalogue.objects[44:46]]
    found = screen(ship, Catalogue("x", (*nameless, *mislabelled, ship), ()), Terms(START, 3600.0))
    assert found.counts["objects"] == 6
    assert found.counts["itself"] == 1


def test_old_and_decayed_objects_are_listed(ship, catalogue):
    old = replace(catalogue.objects[30], epoch=START - timedelta(days=45))
    line1, line2 = (one for one in PAIR.read_text().splitlines() if one.startswith(("1 22675", "2 22675")))
    falling = replace(catalogued(line1.replace("95251-5", "99999+0"), line2), epoch=START)
    found = screen(ship, Catalogue("x", (old, falling, catalogue.objects[31]), ()), Terms(START, 3600.0))
    why = {one.catalogue_number: one.why for one in found.unspoken}
    assert "45 days old" in why[old.catalogue_number]
    assert "window" in why[22675]
    assert found.counts["spoken_for"] == 1


def test_an_orbit_that_meets_with_a_wide_error_is_not_spoken_for(ship, catalogue):
    near = catalogue.objects[0]
    lost = replace(near, epoch=START - timedelta(days=20))
    found = screen(ship, Catalogue("x", (lost,), ()), Terms(START, 3600.0))
    assert "wider than the threshold" in found.unspoken[0].why


def test_nothing_near_is_said_with_its_limits(ship, catalogue):
    found = screen(ship, Catalogue("x", catalogue.objects[30:60], ()), Terms(START, 600.0, 5e3))
    assert "No approach within 5 km" in found.headline
    assert "days old" in found.headline
    assert any("below about 10 cm" in caveat.text for caveat in found.caveats)


@pytest.mark.parametrize(
    "change", [{"duration_s": 0.0}, {"duration_s": 1e7}, {"within_m": 0.0}, {"within_m": 1e6}], ids=str
)
def test_a_window_or_threshold_out_of_range_is_refused(ship, catalogue, change):
    with pytest.raises(RangeError):
        screen(ship, catalogue, replace(Terms(START, 3600.0), **change))


def test_a_window_far_from_the_ships_elements_is_refused(ship, catalogue):
    with pytest.raises(EvidenceError, match="usable elements of the ship"):
        screen(ship, catalogue, Terms(START + timedelta(days=300), 3600.0))


def test_an_object_inside_at_the_edge_of_the_window_is_seen(ship, catalogue):
    some = [one.satellite for one in catalogue.objects]
    index, seen = sweep(ship.satellite, some, START, HOURS, 100e3).minima[0]
    late = START + timedelta(seconds=seen.t_s + 1.0)
    found = sweep(ship.satellite, [some[index]], late, 600.0, 100e3)
    assert [i for i, _ in found.edges] == [0]
    assert found.edges[0][1].t_s == 0.0


def test_refining_finds_the_minimum_between_positions(ship, catalogue):
    some = [one.satellite for one in catalogue.objects]
    index, seen = sweep(ship.satellite, some, START, HOURS, 100e3).minima[0]
    start = utc_julian(START)
    for shift in (-0.05, 0.05):
        assert encounter(ship.satellite, some[index], start, seen.t_s + shift).miss_m > seen.miss_m - 1e-3
    assert refine_s(ship.satellite, some[index], start, (seen.t_s + 1, seen.t_s + 2)) == seen.t_s + 1


def test_errors_grow_with_age_and_are_symmetric(ship):
    days = [element_error(ship.satellite, age).along_m for age in (0, 1, 5, 20)]
    assert days == sorted(days)
    assert element_error(ship.satellite, -5).along_m == element_error(ship.satellite, 5).along_m


def test_a_slow_pass_counts_the_whole_error():
    slow = Encounter(0.0, 1e3, 1.0, np.array([1e3, 0, 0]), np.array([0.0, 1.0, 0]))
    fast = replace(slow, speed_m_s=1e4, velocity_lvlh_m_s=np.array([0.0, 1e4, 0]))
    wide = np.diag([1.0, 1e8, 1.0])
    assert miss_estimate(slow, wide).high > 10 * miss_estimate(fast, wide).high


@pytest.mark.parametrize("scale", [1 / 3, 0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("miss_m", [10.0, 300.0, 1500.0, 6000.0])
def test_the_worst_chance_is_above_that_of_every_scale_of_the_errors(scale, miss_m):
    """Counted in 4e5 random draws of errors a third to three times those expected; the mean lies between least and worst."""
    seen = Encounter(0.0, miss_m, 1e4, np.array([0, 0, miss_m]), np.array([0.0, 1e4, 0]))
    covariance, radius = np.diag([4e4, 1e6, 9e4]), 60.0
    draws = np.random.default_rng(3).normal(size=(400_000, 2)) * scale * np.array([200.0, 300.0])
    hits = float((np.hypot(draws[:, 0], miss_m + draws[:, 1]) < radius).mean())
    worst, mean = strike_prob(seen, covariance, radius), mean_strike_prob(seen, covariance, radius)
    assert hits <= worst * 1.05 + 5e-6
    assert 0 <= mean <= worst


@pytest.mark.parametrize("radius_m", [-5.0, 0.0, 30e3, float("nan")])
def test_a_ship_of_no_size_or_wider_than_the_threshold_is_refused(ship, catalogue, radius_m):
    with pytest.raises(RangeError, match="ship radius"):
        screen(ship, catalogue, Terms(START, HOURS, 25e3, ship_radius_m=radius_m))


def test_chance_is_largest_for_an_error_of_the_size_of_the_miss():
    seen = Encounter(0.0, 1e4, 1e4, np.array([0, 0, 1e4]), np.array([0.0, 1e4, 0]))
    chances = [strike_prob(seen, np.eye(3) * sigma**2, 50.0) for sigma in (1e2, 7e3, 1e7)]
    assert chances[1] > 1e3 * chances[0]
    assert chances[1] > 1e3 * chances[2]


def test_the_finding_for_an_investigation(answer):
    near = was_it_tracked(answer, answer.passes[0].at)
    assert not near.ruled_out
    assert near.nearest_m is not None
    quiet = was_it_tracked(answer, START + timedelta(days=3))
    assert quiet.nearest_m is None
    assert quiet.headline.startswith("None of")
    assert -2e-3 < quiet.debris_log_nat < 0, "a clear sky hardly speaks against debris"


def test_a_case_without_a_catalogue_is_not_screened():
    assert tracked_objects(read_case(CASE)) is None


def test_a_case_with_a_catalogue_is_screened_up_to_its_burns(ship, catalogue):
    from sgp4.exporter import export_tle

    class Case:
        def __init__(self, case, folder):
            orbit = case.orbit.model_copy(update={"catalogue": "catalogue.tle"})
            self.orbit, self.epoch, self.folder, self.case = orbit, case.epoch, folder, case

        def path(self, name):
            return self.folder / name if name == "catalogue.tle" else self.case.path(name)

    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        lines = [line for one in catalogue.objects[20:40] for line in export_tle(one.satellite)]
        numbered = [line[:2] + f"{k // 2 + 1:05d}" + line[7:68] for k, line in enumerate(lines)]
        (Path(folder) / "catalogue.tle").write_text("\n".join(line + str(checksum(line + "0")) for line in numbered))
        found = tracked_objects(Case(read_case(CASE), Path(folder)))
    assert found is not None
    assert found.counts["objects"] == 20
    assert found.terms.duration_s == 86_400.0


def run(*words: str):
    from whipple.commands.screening import screen as verb

    app = typer.Typer()
    app.command()(verb)
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_the_verb_for_people_and_machines():
    words = ["--catalogue", str(PAIR), "--number", "24946", "--from", "2009-02-10T12:00Z", "--hours", "6"]
    people = run(*words)
    assert "22675 COSMOS 2251" in people.stdout
    assert "screening" not in people.stdout.splitlines()[0]
    found = json.loads(run(*words, "--json").stdout)
    assert found["passes"][0]["miss_m"] == pytest.approx(698.0, abs=2.0)
    assert found["passes"][0]["at"].startswith("2009-02-10T16:55:59.79")
    with pytest.raises(RangeError, match="no burn inside the window"):
        run(*words, "--manoeuvre", "2009-02-10T13:00Z")
    with pytest.raises(RangeError, match="--number"):
        run("--catalogue", str(PAIR), "--from", "2009-02-10T12:00Z")
