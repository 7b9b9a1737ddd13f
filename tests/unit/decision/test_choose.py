"""The plan as a whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.strikes import PartRate, Strikes
from whipple.decision import choose

DAY_S = 86400.0


def named(plan):
    return {answer.option: answer for answer in plan.options}


def test_a_hot_return_is_refused_and_the_replacement_chosen(case, heat, verdict):
    plan = choose(case, None, heat(40.0), verdict(True))
    assert plan.recommended == "replacement"
    assert named(plan)["crewed-return"].fit_normal.startswith("no")
    assert "yes" in named(plan)["replacement"].fit_normal
    assert named(plan)["crewed-return"].harm_prob.median > 10 * named(plan)["replacement"].harm_prob.median


def test_the_gap_of_ms22_is_179_crew_days(case, heat, verdict):
    answer = named(choose(case, None, heat(), verdict(True)))["replacement"]
    assert answer.degraded_crew_s / DAY_S == pytest.approx(179.0)
    assert answer.absent_crew_s == 0.0


def test_a_deadly_ship_counts_as_no_ship(case, heat, verdict):
    answer = named(choose(case, None, heat(60.0, 60.0), verdict(True)))["replacement"]
    assert answer.absent_crew_s / DAY_S == pytest.approx(179.0)
    assert answer.fit_emergency.startswith("no")


def test_a_cool_return_is_as_good_as_any_and_the_flip_says_where(case, heat, verdict):
    hot = choose(case, None, heat(40.0), verdict(True))
    cooler = next(flip for flip in hot.flips if "cooler" in flip.flips_at)
    assert cooler.then == "Option crewed-return"
    cool = choose(case, None, heat(5.0, 5.0, 0.1), verdict(True))
    assert cool.recommended == "crewed-return"


def test_worst_case_rule_says_why_it_was_used(case, heat, verdict):
    known = choose(case, None, heat(15.0, 15.0, 0.5), verdict(True))
    assert (
        known.worst_case_rule == "Expected harm was ranked: the heat is known well enough and a cause is established."
    )
    unsure = choose(case, None, heat(15.0, 15.0, 0.5), verdict(False))
    assert "no cause is established" in unsure.worst_case_rule
    wide = choose(case, None, heat(42.0, 40.0, 8.0), verdict(True))
    assert "may be anything from below 0.01 % to " in wide.worst_case_rule


def test_heat_is_not_named_where_nobody_rides(case, verdict):
    cargo = replace(
        case,
        crew=case.crew.model_copy(update={"count": 0}),
        options=tuple(o.model_copy(update={"returns": "uncrewed", "interim_seats": 0}) for o in case.options),
    )
    assert (
        choose(cargo, None, None, verdict(True)).worst_case_rule == "Expected harm was ranked: a cause is established."
    )


def test_without_heat_nothing_hot_is_recommended(case, verdict):
    plan = choose(case, None, None, verdict(True))
    assert named(plan)["crewed-return"].harm_prob.bound == "lower"
    assert "heat-unknown" in {note.code for note in plan.caveats}
    assert any("heat model" in line for line in plan.look_next)


def test_options_not_yet_known_are_left_out(case, heat, verdict):
    plan = choose(replace(case, as_of="2022-12-31"), None, heat(), verdict(True))
    assert set(named(plan)) == {"crewed-return", "stay"}
    assert any("11 January 2023" in note.text for note in plan.caveats)
    on_the_day = choose(replace(case, as_of="2023-01-11"), None, heat(), verdict(True))
    assert len(on_the_day.options) == 4


def test_no_options_is_an_empty_plan(case, heat, verdict):
    plan = choose(replace(case, options=()), None, heat(), verdict(True))
    assert plan.options == ()
    assert plan.recommended == ""


def test_the_same_case_gives_the_same_plan(case, heat, verdict):
    assert choose(case, None, heat(), verdict(False)) == choose(case, None, heat(), verdict(False))


def test_headline_is_for_a_manager(case, heat, verdict):
    text = choose(case, None, heat(), verdict(True)).headline
    assert text.startswith("Recommended: Option replacement. Serious harm ")
    assert "26 February 2023 (day 73)" in text
    assert "179 crew-days with a degraded ship" in text


def test_look_next_without_a_verdict_still_speaks_of_heat(case, heat):
    assert len(choose(case, None, heat(), None).look_next) == 1


def test_when_nothing_known_is_fit_it_says_wait(case, heat, verdict):
    plan = choose(replace(case, as_of="2022-12-31"), None, heat(), verdict(True))
    assert plan.headline.startswith("None yet: wait for ")
    assert "no option known at this date is fit for a normal return" in plan.headline
    assert "Least harm of those known, though not recommended: Option stay" in plan.headline
    assert (plan.recommended, plan.least_harm) == ("", "stay")


def repeat_text(plan):
    return next(note.text for note in plan.caveats if note.code == "repeat-strike")


def test_the_next_ship_is_pierced_in_its_tubes_not_over_the_whole_radiator(case, heat, verdict):
    """0.1 of the area leaks: a tenth of the punctures of the part; with a verdict its own updated rate stands instead."""
    rate = PartRate("radiator", "s", 30.0, 1e-9, Estimate.exactly(1.0, "1/s"), Estimate.exactly(1e-7, "1/s"), 2e4, 0.5)
    empty = np.zeros((1, 1, 1))
    strikes = Strikes(
        "radiator", np.array([[0.0, 1.0, 0.0]]), np.ones(1), np.ones((1, 1)), 3.0, empty, ("s",), (), (rate,), np.zeros((1, 0)), 0, ""
    )  # fmt: skip
    text = repeat_text(choose(case, strikes, heat(), verdict(True)))
    assert "the tubes of radiator" in text
    assert f"{1e-8 * 180 * 86400:.2g} times" in text
    known = replace(verdict(True), repeat_per_s=Estimate(1e-9, 5e-10, 4e-9, "1/s"))
    text = repeat_text(choose(case, strikes, heat(), known))
    assert "0.02 times (90 %: 0.008 to 0.06)" in text
    assert "record of earlier ships" not in text, "this case has none"
