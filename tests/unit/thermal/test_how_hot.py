"""Does the room answer the bundled case, and stay calm when evidence is missing?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.findings.heat import Heat
from whipple.thermal import how_hot, scenarios


@pytest.fixture(scope="module", autouse=True)
def few_draws() -> Iterator[None]:
    """Fewer ships than a real run: the tests ask for order and honesty, not for smooth bands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenarios, "_DRAWN", 250)
        patch.setattr(scenarios, "_KEPT", 60)
        patch.setattr(scenarios, "_FREE_STEP_s", 180.0)
        yield


@pytest.fixture(scope="module")
def heat(case: Case, sky: Any, few_draws: None) -> Heat:
    return how_hot(case, sky)


def test_every_scenario_is_answered_in_order(case: Case, heat: Heat) -> None:
    assert case.thermal is not None
    assert [one.name for one in heat.scenarios] == [one.name for one in case.thermal.scenario]
    for one in heat.scenarios:
        assert one.temperature_K.shape == (3, len(one.nodes), len(one.t_s))
        assert (np.diff(one.temperature_K, axis=0) >= 0).all()
        assert (one.peak_humidity_frac is None) == (one.crew_count == 0)
        assert one.duration_s == pytest.approx(one.t_s[-1])


def test_the_readings_are_used_or_held_out_as_marked(heat: Heat) -> None:
    used = {one.claim: one.used for one in heat.readings}
    assert used == {
        "cabin-16dec": "calibration",
        "instrument-40": "calibration",
        "all-30": "calibration",
        "cabin-27": "held out",
    }
    assert "held out" in next(one.sentence for one in heat.readings if one.claim == "cabin-27")


def test_evidence_moves_the_answer_and_held_out_claims_do_not(case: Case, sky: Any, heat: Heat) -> None:
    changed = {"cabin-27": 320.0}
    moved = tuple(
        one.model_copy(update={"value": replace(one.value, value=changed[one.id], low=changed[one.id] - 1, high=changed[one.id] + 1)})
        if one.id in changed and one.value is not None else one
        for one in case.claims
    )  # fmt: skip
    held = how_hot(replace(case, claims=moved), sky)
    assert held.scenarios[0].peak_cabin_K.median == heat.scenarios[0].peak_cabin_K.median
    assert not next(one for one in held.readings if one.claim == "cabin-27").agrees
    without = how_hot(replace(case, claims=()), sky)
    assert any(one.code == "thermal-not-calibrated" for one in without.caveats)
    width = [one.scenarios[0].peak_cabin_K.high - one.scenarios[0].peak_cabin_K.low for one in (heat, without)]
    assert width[0] < width[1], "published temperatures narrow the band"


def test_two_crew_are_cooler_than_three(heat: Heat) -> None:
    three, two = (next(one for one in heat.scenarios if one.crew_count == n) for n in (3, 2))
    assert three.peak_cabin_K.median > two.peak_cabin_K.median
    assert three.core_rise_K is not None
    assert two.core_rise_K is not None
    assert three.core_rise_K.median >= two.core_rise_K.median


def test_no_network_is_a_caveat_and_no_sky_is_one(case: Case) -> None:
    assert [one.code for one in how_hot(replace(case, thermal=None), None).caveats] == ["thermal-no-network"]
    assert any(one.code == "thermal-no-sky" for one in how_hot(case, None).caveats)


def test_same_seed_same_answer(case: Case, sky: Any, heat: Heat) -> None:
    again = how_hot(case, sky)
    assert all((a.temperature_K == b.temperature_K).all() for a, b in zip(heat.scenarios, again.scenarios, strict=True))
