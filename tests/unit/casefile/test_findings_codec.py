"""Findings survive the notebook bit for bit, and nothing is half written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.claims import contradictions
from whipple.casefile.codec import decode, encode
from whipple.casefile.estimate import Caveat, Estimate, Evidence
from whipple.casefile.findings import Findings
from whipple.casefile.findings.push import Push
from whipple.casefile.notebook import Notebook
from whipple.casefile.read_case import read_case
from whipple.casefile.write_findings import findings_json, write_findings
from whipple.commands.folders import BUNDLED


def push() -> Push:
    estimate = Estimate.from_samples(
        np.random.default_rng(0).random(50), "N", models=("a",), caveats=(Caveat("x", "y"),)
    )
    return Push(
        estimate,
        (estimate,) * 3,
        None,
        (),
        None,
        (1.0, 2.0),
        0.25,
        None,
        None,
        np.arange(3.0),
        np.ones((3, 3)),
        "pitch",
        "headline",
    )


@pytest.fixture
def case() -> Case:
    return read_case(BUNDLED / "soyuz-ms22")


def test_there_and_back_is_exact() -> None:
    arrays: dict[str, Any] = {}
    back = decode(Push, encode(push(), arrays), arrays)
    assert back.force_N == push().force_N
    assert np.array_equal(back.force_N.samples, push().force_N.samples)
    assert back.capacity_Nms == (1.0, 2.0)
    assert findings_json(Findings("a", "b", 1, "", push=back)) == findings_json(Findings("a", "b", 1, "", push=push()))


def feel() -> Push:
    return push()


def test_a_second_run_remembers_and_a_damaged_page_is_answered_again(case: Case, tmp_path: Path) -> None:
    told: list[str] = []

    def tell(room: str, state: str, answer: Any) -> None:
        told.append(state)

    first = Notebook(case, tmp_path, "code", tell).ask("dynamics", feel)
    second = Notebook(case, tmp_path, "code", tell).ask("dynamics", feel)
    assert told == ["asked", "answered", "asked", "remembered"]
    assert findings_json(Findings("a", "b", 1, "", push=first)) == findings_json(Findings("a", "b", 1, "", push=second))
    page = next(tmp_path.glob("dynamics-*.npz"))
    page.write_bytes(page.read_bytes()[:100])
    Notebook(case, tmp_path, "code", tell).ask("dynamics", feel)
    Notebook(case, tmp_path, "other code", tell).ask("dynamics", feel)
    assert told[4:] == ["asked", "answered", "asked", "answered"]


def test_results_are_complete_or_absent(tmp_path: Path) -> None:
    json_path, arrays_path = write_findings(Findings("a", "b", 1, "", push=push()), tmp_path)
    assert json_path.exists()
    assert arrays_path.exists()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("bad", [(1.0, 2.0, 3.0), (float("nan"), 0.0, 1.0)])
def test_an_estimate_is_ordered_and_finite(bad: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="low <= median <= high"):
        Estimate(*bad, "m")


def test_no_single_row_convicts() -> None:
    row = Evidence("x", "g", {"a": 0.0, "b": -100.0}, {"a": "", "b": ""}).floored()
    assert row.log_likelihood_nat["b"] > -7


def test_contradictions_of_the_sheet_are_flagged_and_consistent_facts_are_not(case: Case) -> None:
    flagged = {row.about for row in contradictions(case.claims)}
    assert {
        "cabin.temperature_K",
        "cause.leading",
        "impactor.speed_m_s",
        "onset.noticed_s",
        "return.cabin_temperature_K",
    } <= flagged
    assert "leak.majority_gone_s" not in flagged
    assert "hole.normal_azimuth_rad" not in flagged
