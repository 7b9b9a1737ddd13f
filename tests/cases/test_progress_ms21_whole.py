"""Progress MS-21 from end to end: nothing in the code may need a crew, a loop, a channel or a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from whipple import vehicle
from whipple.casefile.findings import Findings
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.investigation import SLOTS, investigate
from whipple.report.write_report import write_report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> Findings:
    return investigate(read_case(BUNDLED / "progress-ms21"))


def test_every_room_answers(found: Findings) -> None:
    for slot in SLOTS.values():
        assert getattr(found, slot).headline.endswith("."), slot


def test_the_sun_stands_where_the_sheet_says(found: Findings) -> None:
    """Reference sheet cases.md 10.1: beta -65.5 deg, azimuth +93 deg, elevation +24 deg, solar longitude 322.07 deg."""
    assert found.sky is not None
    assert found.sky.orbit.beta_rad * 57.29578 == pytest.approx(-65.5, abs=0.06)
    assert not [stream for stream in found.sky.streams if stream.kind == "shower"]


def test_a_particle_for_a_hole_of_12_mm_is_rare(found: Findings) -> None:
    assert found.impactor is not None
    assert found.impactor.hole_diameter_m is not None
    expected = sum(source.expected_count.median for source in found.impactor.sources)
    assert 1e-6 < expected < 1e-3
    assert all(1e-4 < s.diameter_m.median < 12e-3 for s in found.impactor.sources if s.diameter_m is not None)


def test_no_cause_is_out_and_none_is_sure(found: Findings) -> None:
    assert found.verdict is not None
    assert sum(row.posterior_prob.median for row in found.verdict.hypotheses) == pytest.approx(1.0, abs=1e-6)
    assert not found.verdict.excluded
    best = max(found.verdict.hypotheses, key=lambda row: row.posterior_prob.median)
    assert best.posterior_prob.high - best.posterior_prob.low > 0.8
    assert "not robust" in found.verdict.headline or "Undetermined" in found.verdict.headline
    rows = {row.group for row in found.verdict.ledger}
    assert {"sister ship", "hole size", "inquiry", "pre-flight record"} <= rows
    assert not {"direction", "start", "outline"} & rows, "nobody published those"


def test_the_page_reads_without_half_of_the_evidence(found: Findings, tmp_path: Path) -> None:
    case = read_case(BUNDLED / "progress-ms21")
    page = write_report(case, vehicle.build(case), found, tmp_path).read_text(encoding="utf-8")
    assert page.count(">What would answer it<") == 6
    assert "crew-days" not in page
