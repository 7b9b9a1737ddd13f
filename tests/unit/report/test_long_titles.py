"""A cause with a long name must not push its bars off the drawing."""

from __future__ import annotations

import textwrap

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.verdict import HypothesisVerdict, Verdict
from whipple.report.figures.causes import draw_causes

LONG = "A part of the mechanism that drives the solar array let go and was thrown off"


def test_a_long_name_is_broken_over_lines() -> None:
    rows = tuple(
        HypothesisVerdict(name, title, 0.5, Estimate(0.5, 0.2, 0.8, ""), "about as likely as not", "")
        for name, title in (("drive", LONG), ("debris", "Orbital debris"))
    )
    drawn = draw_causes(Verdict(rows, (), (), (), False, 0.66, "likely above 66 %", ""))
    assert LONG not in drawn.svg
    assert all(line in drawn.svg for line in textwrap.wrap(LONG, 38)[:-1]), "a long name is broken between its words"
    assert drawn.svg.count("·\u00a050\u00a0%") == 2, "the share stays on one line"
