"""Rooms that answer with a caveat and no numbers: the page takes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings import Findings
from whipple.casefile.findings.deposit import Deposit
from whipple.casefile.findings.heat import Heat
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.impactor import Impactor
from whipple.casefile.findings.onset import Onset
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.plan import Plan
from whipple.casefile.findings.push import Push
from whipple.casefile.findings.verdict import Verdict
from whipple.report.sections.impact import impact_section
from whipple.report.write_report import sections_of, write_report

NONE = np.zeros(0)
WHY = (Caveat("thin", "There was nothing to go on."),)


def thin(nothing: Findings) -> Findings:
    return replace(
        nothing,
        onset=Onset(None, None, NONE, NONE, {}, None, (), (), False, "No channels were given.", WHY),
        pictures=Pictures((), None, False, "No picture has a scale.", WHY),
        hole=Hole(
            "external",
            None,
            None,
            (),
            {},
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            False,
            "No size without an onset.",
            WHY,
        ),
        push=Push(
            None, (), None, (), None, (), None, None, None, NONE, np.zeros((3, 0)), "", "No push without a hole.", WHY
        ),
        impactor=Impactor("", None, "", 0.0, (), (), "No particle without a hole.", WHY),
        deposit=Deposit(None, None, None, (), 0.0, NONE, "No coolant to follow.", WHY),
        heat=Heat((), (), "No thermal network was given.", WHY),
        verdict=Verdict((), (), (), (), False, 0.66, "none", "No causes were named.", WHY),
        plan=Plan((), "", "", (), (), "No options were named.", WHY),
    )


def test_every_thin_answer_shows_its_headline_and_its_reason(case, stack, nothing: Findings, tmp_path: Path) -> None:
    text = write_report(case, stack, thin(nothing), tmp_path / "thin").read_text(encoding="utf-8")
    for headline in (
        "No channels were given.",
        "No size without an onset.",
        "No thermal network was given.",
        "No options were named.",
    ):
        assert headline in text
    assert text.count("There was nothing to go on.") == 9


def test_thin_sections_draw_nothing(case, stack, nothing: Findings) -> None:
    assert [figure.name for section in sections_of(case, stack, thin(nothing)) for figure in section.figures] == []


def test_no_source_can_reach_the_site(case, findings: Findings) -> None:
    barred = tuple(row for row in findings.impactor.sources if row.diameter_m is None)
    impact = impact_section(case, replace(findings, impactor=replace(findings.impactor, sources=barred, laws=())))
    assert impact.figures == ()
    assert "cannot make it here" in str(impact.tables)
