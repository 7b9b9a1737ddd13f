"""A third bundled case of another kind: a satellite without crew, loop or leak, told from what it felt when it was struck."""

from __future__ import annotations

import numpy as np
import pytest

from whipple import dynamics, vehicle
from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.push import Push
from whipple.casefile.findings.verdict import HypothesisVerdict, Verdict
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.decision.look_next import information_nat
from whipple.leak import size_hole
from whipple.physics.read_elements import read_elements


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(BUNDLED / "sentinel-1a")


@pytest.fixture(scope="module")
def push(case: Case) -> Push:
    return dynamics.feel_push(case, vehicle.build(case), size_hole(case, None, None))


def test_nothing_that_a_spaceship_has_is_in_the_case(case: Case) -> None:
    assert not case.loops
    assert not case.channels
    assert case.crew.count == 0
    assert case.thermal is None


def test_the_conclusion_is_held_out(case: Case) -> None:
    for about in ("impactor.diameter_m", "cause.leading", "plan.recommended"):
        rows = [claim for claim in case.claims if claim.about == about]
        assert rows
        assert all(claim.use == "check" for claim in rows), about


def test_the_elements_keep_the_repeat_cycle(case: Case) -> None:
    """175 orbits in 12 days from the public set of 13 June 2015: whole orbits later, and the node where a dawn-dusk orbit has it."""
    (made,) = read_elements(case.path(case.orbit.elements))
    assert float(made.line2[8:16]) == pytest.approx(98.18, abs=0.01)
    day = 365 - 164.10430418 + 236.65858989
    assert day * 175 / 12 == pytest.approx(6381, abs=1e-5)
    assert float(made.line2[17:25]) == pytest.approx((171.2383 + day * 0.98564736) % 360, abs=1e-3)


def test_what_was_felt_is_said_to_be_recalled(push: Push) -> None:
    assert push.strike is not None
    assert push.strike.recalled
    assert "RECALLED" in push.headline
    assert "dynamics-strike-recalled" in {note.code for note in push.caveats}


def test_a_satellite_is_not_asked_for_what_it_does_not_have(case: Case) -> None:
    verdict = Verdict(tuple(_half(name) for name in ("debris", "sporadic")), (), (), (), False, 0.66, "", "")
    assert set(information_nat(case, verdict)) == {"preflight pictures", "second view", "ground shots"}
    assert len(information_nat(read_case(BUNDLED / "soyuz-ms22"), verdict)) == 5


def _half(name: str) -> HypothesisVerdict:
    return HypothesisVerdict(name, name, 0.5, Estimate(0.5, 0.2, 0.8, ""), "", "")


def test_the_push_is_what_momentum_asks(case: Case, push: Push) -> None:
    """Slowed by 0.7 mm/s: 2230 kg x 0.7 mm/s = 1.6 N s against the flight; turned either way, so the rest goes to port (struck from starboard)."""
    assert push.strike is not None
    debris = push.strike.particles[0]
    assert debris.kind == "debris"
    forward, starboard, _ = debris.impulse_lvlh_Ns
    assert forward.median == pytest.approx(-2230.0 * 0.7e-3, rel=0.15)
    assert starboard.high < 0
    assert debris.from_azimuth_rad.low > 0
    assert debris.mass_kg.high / debris.mass_kg.low > 5, (
        "what the panel keeps is hardly known, and the interval says so"
    )


def test_the_wings_are_where_it_must_have_struck(push: Push) -> None:
    assert push.strike is not None
    share = dict(zip(push.strike.parts, push.strike.part_prob, strict=True))
    assert share["sentinel.wing_forward"] + share["sentinel.wing_aft"] > 0.7
    assert share["sentinel.wing_forward"] == pytest.approx(share["sentinel.wing_aft"], abs=0.05), "mirror images"


def test_before_the_paper_nothing_was_felt_in_numbers() -> None:
    early = read_case(BUNDLED / "sentinel-1a", as_of="2016-09-01")
    assert dynamics.feel_push(early, vehicle.build(early), size_hole(early, None, None)).strike is None


@pytest.mark.slow
def test_the_whole_case_answers_sensibly(case: Case, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from whipple.investigation import SLOTS, investigate
    from whipple.report.write_report import write_report

    found = investigate(case)
    for slot in SLOTS.values():
        assert getattr(found, slot).headline.endswith("."), slot
    assert found.sky is not None
    assert np.degrees(found.sky.orbit.beta_rad) == pytest.approx(70.7, abs=0.3)
    assert found.impactor is not None
    sources = {one.kind: one for one in found.impactor.sources}
    assert sources["debris"].expected_count.median > 10 * sources["sporadic"].expected_count.median
    assert sources["debris"].expected_count.high < 1.0, "not a thing that happens to every satellite"
    assert sources["debris"].diameter_m is not None
    assert 1e-3 < sources["debris"].diameter_m.low < sources["debris"].diameter_m.high < 30e-3
    page = write_report(case, vehicle.build(case), found, tmp_path).read_text(encoding="utf-8")
    for nonsense in ("crew member", "crew-days", "tubes of", "near the station", "jet alone", "swab", "such holes"):
        assert nonsense not in page, nonsense
    assert "recalled, not read" in page, "whoever opens the page must be told"
    assert found.verdict is not None
    assert not found.verdict.excluded, "what rests on an elicited figure alone is not called excluded"


@pytest.mark.slow
def test_before_the_push_was_known_it_is_too_thin_for_a_verdict() -> None:
    """Only perforations of a thin sheet could be counted, thousands of them: not the one event that was noticed."""
    from whipple.investigation import investigate

    found = investigate(read_case(BUNDLED / "sentinel-1a", as_of="2016-09-01"))
    verdict = found.verdict
    assert verdict is not None
    assert found.plan is not None
    assert found.plan.recommended == "look", "where nothing is known of the cause to look is worth most"
    assert not verdict.hypotheses
    assert not verdict.decided
    assert verdict.result == "Too thin for a verdict"
