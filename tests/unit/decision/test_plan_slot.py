"""The slot, the headline, the page and the terminal name the same option, at four dates of the bundled case."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from whipple.casefile.claims import compare_claims
from whipple.casefile.findings import Findings
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.decision import choose
from whipple.decision.columns import column, draw_doubt
from whipple.decision.rule import advised, best
from whipple.report.figures.plan import draw_options
from whipple.report.sections.decision import decision_section
from whipple.report.terminal import print_summary
from whipple.report.write_report import _first_screen

REPLACEMENT = "uncrewed-return-replacement"
DATES = {"2022-12-16": "", "2022-12-22": "", "2023-01-11": REPLACEMENT, "": REPLACEMENT}


@pytest.fixture
def planned(heat, verdict):
    """The bundled case at a date, its plan under a hand-written heat of 40 and 37 °C, and findings that hold the plan alone."""

    def make(as_of: str):
        case = read_case(BUNDLED / "soyuz-ms22", as_of)
        plan = choose(case, None, heat(), verdict(False))
        return case, plan, compare_claims(case, Findings("t", "d", 1, as_of, plan=plan))

    return make


def terminal(findings: Findings) -> str:
    out = io.StringIO()
    print_summary(findings, Console(file=out, width=400, no_color=True))
    return out.getvalue()


@pytest.mark.parametrize(("as_of", "recommended"), DATES.items())
def test_slot_headline_page_and_terminal_agree(planned, as_of, recommended):
    case, plan, findings = planned(as_of)
    assert plan.recommended == recommended
    titles = {option.option: option.title for option in plan.options}
    page, shown = _first_screen(case, findings), terminal(findings)
    columns = next(t for t in decision_section(case, findings).tables if t is not None and "side by side" in t.caption)
    head = " ".join(columns.head)
    figure = draw_options(plan)
    if recommended:
        assert plan.least_harm == recommended
        assert plan.headline.startswith(f"Recommended: {titles[recommended]}")
        assert page.option == titles[recommended]
        assert f"{titles[recommended]} (recommended)" in head
        assert "Filled: recommended" in figure.alt
        assert "> recommended" in shown
    else:
        assert plan.headline.startswith("None yet: wait for ")
        assert page.option.startswith("None yet: wait for ")
        assert titles[plan.least_harm] not in page.option
        assert "(recommended)" not in head
        assert f"{titles[plan.least_harm]} (least harm, not recommended)" in head
        assert "no option is recommended yet" in figure.alt
        assert "Recommended  None yet: wait for" in shown
        assert "> least harm of those known, not recommended" in shown


@pytest.mark.parametrize("as_of", ["2022-12-16", "2022-12-22"])
def test_before_a_replacement_nobody_is_sent_home_on_equal_harm(planned, as_of):
    """Riding home at once and at the normal date harm alike and neither is fit: keep the ship, a better option may come."""
    _, plan, _ = planned(as_of)
    assert plan.least_harm == "stay"
    assert all(option.fit_normal.startswith("no") for option in plan.options)
    assert "delay of the replacement" not in {flip.assumption for flip in plan.flips}
    for flip in plan.flips:
        if flip.flips_at.startswith("not up to"):
            assert flip.then.startswith("none yet")
        else:
            assert flip.then in {option.title for option in plan.options}


def test_the_held_out_decision_is_compared_with_the_slot(planned):
    _, plan, findings = planned("2023-01-11")
    row = next(row for row in findings.checks.claims if row.claim == "decision-uncrewed")
    assert (row.ours.startswith(plan.recommended), row.agrees) == (True, "yes")


def test_nothing_fit_means_nothing_advised(heat, case):
    doubt = draw_doubt(case.rng("decision"))
    columns = [column(case, option, heat(45.0, 45.0), doubt) for option in case.options if option.ship == "damaged"]
    assert advised(columns, worst_case=True) is None
    assert best(columns, worst_case=False).option.ready_s.value == max(c.option.ready_s.value for c in columns)
    with_sound = [column(case, option, heat(45.0, 45.0), doubt) for option in case.options]
    assert advised(with_sound, worst_case=True).option.name == "replacement"


def test_flips_make_the_rule_anew(case, heat, verdict):
    """With a wide heat band the worst-case rule is on; a cabin cool enough turns it off, and the flip is found under the mean rule."""
    plan = choose(case, None, heat(42.0, 40.0, 6.0), verdict(True))
    assert plan.worst_case_rule.startswith("Worst-case rule used")
    cooler = next(flip for flip in plan.flips if "cooler" in flip.flips_at)
    at_K = float(cooler.flips_at.split("(")[1].split(" K")[0])
    there = choose(case, None, heat(42.0 - at_K - 1, 40.0 - at_K - 1, 6.0), verdict(True))
    assert there.recommended == "crewed-return"
    before = choose(case, None, heat(42.0 - at_K + 3, 40.0 - at_K + 3, 6.0), verdict(True))
    assert before.recommended == plan.recommended
    assert np.isfinite(at_K)
