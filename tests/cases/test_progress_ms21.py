"""A second bundled case, whose evidence is thin and whose ship carries nobody: what each room says when it has nothing to go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from whipple import contamination, dynamics, imagery, leak, telemetry, thermal, vehicle
from whipple.attribution.base_rate import BaseRate
from whipple.attribution.observations.hole_size import hardware_reach_prob
from whipple.attribution.observations.sister_ship import alone_prob, loss_of_a_sister
from whipple.attribution.record import RECORD_SHARE, draw_levels
from whipple.attribution.row import Exhibits
from whipple.attribution.shared_doubt import SharedDoubt
from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.verdict import HypothesisVerdict, Verdict
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED, bundled_names
from whipple.decision import choose
from whipple.report.sections import answer, quantities
from whipple.vehicle.stack import Stack


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(BUNDLED / "progress-ms21")


@pytest.fixture(scope="module")
def stack(case: Case) -> Stack:
    return vehicle.build(case)


def undecided(case: Case) -> Verdict:
    """A verdict that says nothing: every cause alike."""
    share = Estimate(0.2, 0.0, 1.0, "")
    rows = tuple(HypothesisVerdict(table.name, table.title, 0.2, share, "unlikely", "") for table in case.hypotheses)
    return Verdict(rows, (), (), (), False, 0.66, "", "Undetermined.", ())


def test_the_list_of_cases_has_both() -> None:
    assert bundled_names() == ["progress-ms21", "sentinel-1a", "soyuz-ms22"]


def test_nothing_that_was_not_published_is_in_the_case(case: Case) -> None:
    assert not case.loops
    assert not case.channels
    assert not case.images
    assert case.thermal is None


def test_the_station_stands_as_that_day(stack: Stack) -> None:
    names = {part.name for part in stack.surfaces.parts}
    assert "progress.radiator" in names
    assert not {name for name in names if name.startswith("dragon_cargo")}, "CRS-26 had left in January"


def test_a_date_before_the_picture_knows_no_hole() -> None:
    early = read_case(BUNDLED / "progress-ms21", as_of="2023-02-17")
    assert not early.evidence("hole.diameter_m")
    assert early.evidence("history.sister_loss_s"), "the loss of the Soyuz came before"


def test_rooms_without_evidence_say_so_and_the_page_says_what_would_help(case: Case, stack: Stack) -> None:
    onset, pictures = telemetry.find_onset(case), imagery.measure(case)
    hole = leak.size_hole(case, onset, pictures)
    slots = {
        "telemetry": onset,
        "imagery": pictures,
        "leak": hole,
        "dynamics": dynamics.feel_push(case, stack, hole),
        "contamination": contamination.where_it_went(case, stack, hole, None),
        "thermal": thermal.how_hot(case, None),
    }
    for room, slot in slots.items():
        section = answer(room, slot, tables=[quantities("x", [("a", "not known")] * 3)])
        assert [table.caption for table in section.tables] == ["What would answer it"], room
        assert section.headline not in {text for _, text in section.caveats}, room


def test_nobody_rides_so_what_can_be_learned_decides(case: Case) -> None:
    plan = choose(case, None, None, undecided(case))
    assert not plan.ridden
    assert plan.recommended == "leave-and-turn"
    assert "nobody depends on this ship" in plan.headline
    assert all(option.harm_prob.bound == "two-sided" for option in plan.options), (
        "no heat is missing where nobody rides"
    )
    assert all(option.degraded_crew_s == option.absent_crew_s == 0.0 for option in plan.options)
    assert not any("heat" in caveat.code or "crew" in caveat.code for caveat in plan.caveats)
    assert not any("thermal test" in look for look in plan.look_next)


def test_without_anything_to_learn_the_earliest_goes(case: Case) -> None:
    blind = replace(case, options=tuple(option.model_copy(update={"allows": ()}) for option in case.options))
    assert choose(blind, None, None, undecided(case)).recommended == "leave-early"


def test_a_danger_to_the_station_outweighs_what_can_be_learned(case: Case) -> None:
    risky = {"other_harm_prob": replace(case.options[0].other_harm_prob, value=0.05, low=0.04, high=0.06)}
    options = tuple(o.model_copy(update=risky if o.allows else {}) for o in case.options)
    assert choose(replace(case, options=options), None, None, undecided(case)).recommended == "leave-early"


def test_as_of_the_first_day_the_turn_is_not_yet_known(case: Case) -> None:
    early = replace(case, as_of="2023-02-12")
    plan = choose(early, None, None, undecided(case))
    assert {option.option for option in plan.options} == {"leave-early", "leave-as-planned", "keep-docked"}
    assert datetime(2023, 2, 17, tzinfo=UTC) == next(o.known for o in case.options if o.name == "leave-and-turn")


def test_a_sister_that_went_first_counts_as_one_that_goes_later(case: Case) -> None:
    rates = tuple(BaseRate(t.name, t.kind, Estimate(1e-3, 1e-4, 1e-2, ""), "") for t in case.hypotheses)
    (row,) = loss_of_a_sister(Exhibits(case, rates, None, None, None, None, None))
    assert "58 days earlier" in row.evidence.observation
    year = 365.25 * 86400
    assert row.evidence.log_likelihood_nat["debris"] == pytest.approx(np.log(alone_prob(68 * year, 58 * 86400)))


def test_a_hole_beyond_the_elicited_widths_speaks_less_for_hardware() -> None:
    near, far, farther = (hardware_reach_prob(d) for d in (0.8e-3, 12e-3, 100e-3))
    assert near > 0.999 > far > farther
    assert hardware_reach_prob(1e-3 / 12) == pytest.approx(far)


def test_a_clean_record_of_small_holes_hardly_speaks_of_a_large_one() -> None:
    """Against brute force: draws of both counts, weighed with the chance that the record stayed clean."""
    any_nat, with_nat, own_nat, ratio, record = 1.2, 0.33, 0.8, 1000.0, 200.0
    whole_nat = 2.4
    factor = float(np.exp(1.6448536 * np.hypot(whole_nat, own_nat)))
    count = Estimate(1e-4, 1e-4 / factor, 1e-4 * factor, "")
    rate = BaseRate(
        "sporadic", "sporadic", count, "", own_nat=own_nat, any_hole_ratio=ratio, shared=SharedDoubt(any_nat, with_nat)
    )
    rng = np.random.default_rng(3)
    z, rest, own = rng.standard_normal((3, 100_000))
    rho = with_nat / whole_nat
    large = 1e-4 * np.exp(whole_nat * (rho * z + np.sqrt(1 - rho**2) * rest) + own_nat * own)
    clean = np.exp(-float(RECORD_SHARE) * record * ratio * 1e-4 * np.exp(any_nat * z + own_nat * own))
    ours = np.log(draw_levels([rate], record, np.random.default_rng(1), 8_000))
    assert ours.mean() == pytest.approx((np.log(large) * clean).sum() / clean.sum(), abs=0.1)
    assert ours.std() == pytest.approx(np.sqrt(np.cov(np.log(large), aweights=clean)), abs=0.1)
    same = np.log(draw_levels([replace(rate, shared=None)], record, np.random.default_rng(1), 1_000))
    assert same.mean() < ours.mean() - 2.0, "one doubt for both would push a large hole down with the small ones"
