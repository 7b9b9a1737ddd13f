"""The sky of a day does not depend on how many stretches its revolution is cut into."""

from __future__ import annotations

import made_by_hand as hand
import numpy as np
import pytest

from whipple.assessment import over_time, skies_of
from whipple.assessment.by_date import at_its_hour, cut
from whipple.assessment.other_models import Look
from whipple.casefile.tables.assess_table import AssessTable
from whipple.exposure.phases import stretches
from whipple.exposure.read_plan import Plan

#: Faces toward ram, zenith and nadir.
FACES = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 0, 1.0]])


def received(streams, direction) -> np.ndarray:
    """Sporadic meteoroids, debris and all showers: on a sphere and on each face. (3, 4)"""
    found = np.zeros((3, 4))
    for stream in streams:
        level = stream.flux_per_m2_s.sum(axis=1)
        faces = level @ np.maximum(direction @ FACES.T, 0.0)
        found[["sporadic", "debris", "shower"].index(stream.kind)] += [level.sum(), *faces]
    return found


@pytest.fixture(scope="module")
def day():
    """The sky of the case, and what its first revolution brings, every sample of it counted."""
    sky = hand.sky_of_case()
    turn = np.flatnonzero(sky.orbit.t_s < sky.orbit.period_s - 30.0)
    whole = at_its_hour(Look.of(hand.case(), Plan()), cut(sky.orbit, turn), float(sky.orbit.t_s.mean()))
    return sky, received(whole.streams, sky.direction_lvlh)


@pytest.mark.parametrize("positions", [1, 4, pytest.param(24, marks=pytest.mark.slow)])
def test_the_mean_sky_of_a_day_is_the_same_in_any_number_of_stretches(positions, day):
    sky, want = day
    told = {"duration": f"{sky.orbit.t_s[-1]} s", "positions": positions}
    skies = skies_of(hand.case(), Plan(assess=AssessTable.model_validate(told)), sky)
    got = received(skies.mission, sky.direction_lvlh)
    assert len(skies.phases) == positions
    known, told = (
        next(one.level_factor for one in part if one.kind == "sporadic") for part in (sky.streams, skies.mission)
    )
    assert told == pytest.approx(known, rel=0.01)  # of a single stretch less is known: up to 2.6 instead of 2.2
    assert got[:2] == pytest.approx(want[:2], rel=0.02)
    # the Earth's edge cuts a shower off from one sample to the next: what grazes it is held to 1 % of what a sphere gets
    assert got[2] == pytest.approx(want[2], rel=0.03, abs=0.01 * want[2, 0])


@pytest.mark.parametrize("history", [None, "flown"])
@pytest.mark.parametrize("positions", [1, 2, 3, 5, 24, 90])
def test_samples_of_a_stretch_lie_evenly_in_the_revolution(positions, history, day):
    """Together they leave no gap wider than the samples asked for allow, however the clock beats with the revolution."""
    orbit = day[0].orbit
    rows = stretches(orbit.t_s, orbit.period_s, positions, folded=history is None)
    total = sum(len(row) for row in rows)
    some = [over_time._spread(orbit, row, total, history) for row in rows]
    assert all(set(few) <= set(row) and len(set(few)) == len(few) for few, row in zip(some, rows, strict=True))
    place = np.sort(np.concatenate([orbit.t_s[few] for few in some]) % orbit.period_s) / orbit.period_s
    gaps = np.diff(np.append(place, place[0] + 1.0))
    assert len(place) >= over_time.TURN_SAMPLES
    assert gaps.max() < 2.1 / over_time.TURN_SAMPLES
