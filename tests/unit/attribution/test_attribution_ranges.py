"""No exposure and no rate are said, not divided by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from whipple.attribution import weigh
from whipple.casefile.case import Case
from whipple.casefile.given import Given
from whipple.errors import RangeError


def test_a_case_without_exposure_is_refused(case: Case) -> None:
    wrong = replace(case, case=case.case.model_copy(update={"exposed_since": case.case.epoch}))
    with pytest.raises(RangeError, match=r"before case\.epoch"):
        weigh(wrong, None, None, None, None, None, None)


@pytest.mark.parametrize(
    "rate", [Given(0.0, 0.0, 0.0, "1/s"), Given(-1e-10, -2e-10, 0.0, "1/s"), Given(1e-10, -1e-10, 2e-10, "1/s")]
)
def test_a_cause_without_a_rate_is_refused_by_name(case: Case, rate: Given) -> None:
    tables = tuple(
        table.model_copy(update={"rate_per_s": rate}) if table.name == "fatigue" else table for table in case.hypotheses
    )
    with pytest.raises(RangeError, match="fatigue: found rate"):
        weigh(replace(case, hypotheses=tables), None, None, None, None, None, None)
