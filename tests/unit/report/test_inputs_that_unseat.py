"""Every input that alone unseats the leading cause stands in a table; what is not leaking is asked for only where no verdict stands."""

from __future__ import annotations

from dataclasses import replace

from whipple.casefile.findings.verdict import Assumption, Measurement
from whipple.report.sections.attribution import attribution_section
from whipple.report.sections.decision import decision_section
from whipple.report.sections.wanted import wanted


def test_inputs_that_unseat_are_listed_lowest_first(case, findings) -> None:
    name = findings.verdict.hypotheses[0].hypothesis
    ends = (("one", 0.5, 0.9), ("two", 0.8, 0.1), ("three", 0.7, 0.8), ("four", 0.9, 0.659))
    moved = tuple(Assumption(what, name, low, high, "") for what, low, high in ends)
    measured = (Measurement(("one", "two"), 0.7, 0.4, "said"),)
    verdict = replace(
        findings.verdict, standing="leading", threshold_prob=0.66, assumptions=moved, measurements=measured
    )
    tables = attribution_section(case, replace(findings, verdict=verdict)).tables
    unseating = next(table for table in tables if "unseat" in table.caption)
    assert [row[0] for row in unseating.rows] == ["two", "one", "four"]
    assert unseating.rows[2][1:] == ("90 %", "65.9 %")
    assert unseating.folded
    measure = next(table for table in tables if "measured" in table.caption)
    assert measure.rows == (("one, two", "40 %", "70 %"),)


def test_a_small_mean_is_printed_as_it_is(case, findings) -> None:
    options = tuple(replace(option, mean_harm_prob=8.1e-5) for option in findings.plan.options)
    section = decision_section(case, replace(findings, plan=replace(findings.plan, options=options)))
    assert "0.0081 %" in str(section.tables)


def test_a_push_without_a_leak_is_asked_for_only_without_a_verdict(findings) -> None:
    hole = replace(findings.hole, diameter_m=None, flow_kg_s=None)
    push = replace(findings.push, force_N=None, strike=None)
    assert "strike" not in str(wanted("leak", hole)) + str(wanted("dynamics", push))
    assert wanted("attribution", findings.verdict) is None
    assert "nothing leaked" in str(wanted("attribution", replace(findings.verdict, result="Too thin for a verdict")))
