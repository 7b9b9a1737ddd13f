"""A shower counts with its activity over all hours of an exposure, not with that of the epoch or of a date that happens to be looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import made_by_hand as hand
import numpy as np
import pytest

from whipple.assessment import skies_of
from whipple.assessment.by_date import cut, with_those_of
from whipple.assessment.other_models import Look
from whipple.assessment.shower_course import courses_of
from whipple.casefile.tables.assess_table import AssessTable
from whipple.environment import what_was_there
from whipple.environment.models.moorhead_activity import SHOWERS
from whipple.environment.showers import shower_flux
from whipple.exposure.phases import joined
from whipple.exposure.read_plan import Plan
from whipple.physics.sun import solar_longitude_rad

DAY_s = 86_400.0


def at(*moment: int):
    """MS-22's case at another epoch, its element set stretched."""
    known = hand.case()
    told = known.case.model_copy(update={"epoch": datetime(*moment, tzinfo=UTC)})
    return replace(known, case=told, orbit=known.orbit.model_copy(update={"valid_days": 9.0, "manoeuvre": ()}))


@pytest.fixture(scope="module")
def sky():
    return what_was_there(at(2022, 12, 13, 12))


def test_six_dates_of_a_month_bring_what_every_quarter_of_a_day_does(sky):
    case = at(2022, 12, 13, 12)
    here = cut(sky.orbit, np.arange(0, 92, 4))
    hours = ((np.arange(120) + 0.5) / 4 * DAY_s).reshape(6, 20)
    courses = courses_of(Look.of(case, Plan()), hours.mean(axis=1), hours)

    def shower(name: str, when_s: float):
        orbit = replace(here, solar_longitude_rad=float(solar_longitude_rad(case.epoch, when_s)))
        return courses.at_its_best(orbit, name)

    def total(streams) -> float:
        return float(sum(stream.flux_per_m2_s.sum() for stream in streams))

    for name in ("Geminids", "Quadrantids", "Ursids", "Comae Berenicids"):
        dates = [(i, hours[i].mean()) for i in range(6) if courses.at_date[name][i] > 0]
        ours = [courses.weighed(shower(name, when), i) for i, when in dates]
        found = total(ours) / 6
        found += sum(ratio * total([shower(one, when)]) for one, when, ratio in courses.between() if one == name)
        each = [
            total([shower(name, when)])
            for when in hours.ravel()
            if courses.level[name].ravel()[hours.ravel() == when] > 0
        ]
        assert found == pytest.approx(sum(each) / 120, rel=0.1), name


def test_a_day_of_the_geminids_is_counted_at_its_own_hours(sky):
    """Rising on 13 December: the exposure has more of them than its epoch, and the curve is that of the activity."""
    case = at(2022, 12, 13, 12)
    skies = skies_of(case, Plan(assess=AssessTable.model_validate({"duration": "1 day", "positions": 1})), sky)
    names = [stream.name for stream in skies.mission]
    course = skies.date_frac[names.index("Geminids")]
    listed = next(one for one in SHOWERS if one.name == "Geminids")
    level = [float(shower_flux(listed, float(solar_longitude_rad(case.epoch, t))).flux_per_m2_s) for t in skies.date_s]
    assert len(skies.date_s) == 24
    assert course == pytest.approx(np.array(level) / np.mean(level), rel=1e-5)
    assert course[-1] > 1.5 * course[0]
    epoch = next(stream for stream in sky.streams if stream.name == "Geminids")
    ratio = skies.mission[names.index("Geminids")].flux_per_m2_s.sum() / epoch.flux_per_m2_s.sum()
    assert ratio == pytest.approx(
        np.mean(level) / float(shower_flux(listed, sky.orbit.solar_longitude_rad).flux_per_m2_s), rel=0.05
    )
    # stretches add up to the mean over the exposure
    assert joined((p.share_frac, p.streams) for p in skies.phases)[1].flux_per_m2_s.sum() == pytest.approx(
        skies.mission[1].flux_per_m2_s.sum(), rel=1e-9
    )


def test_a_shower_that_only_the_window_holds_is_there_and_brings_nothing():
    """Exposed before the epoch, at which it begins: the stretches know it, the exposure does not."""
    late, steady = hand.stream("late", kind="shower"), hand.stream("steady")
    mission, course = with_those_of([hand.phase([steady, late])], (steady,), np.ones((1, 4)))
    assert [one.name for one in mission] == ["steady", "late"]
    assert mission[1].flux_per_m2_s.sum() == 0.0
    assert course.tolist() == [[1.0] * 4, [0.0] * 4]
