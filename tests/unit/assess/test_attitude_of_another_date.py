"""A history of another date is called so, and one that stops before it starts is noticed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.read_attitude import read_attitude
from whipple.errors import CaseError

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)


def _aem(folder: Path, day: str, span: str = "") -> Path:
    head = "CCSDS_AEM_VERS = 2.0\nMETA_START\nREF_FRAME_A = LVLH\nREF_FRAME_B = SC_BODY_1\nTIME_SYSTEM = UTC\n"
    head += f"{span}ATTITUDE_TYPE = EULER_ANGLE\nEULER_ROT_SEQ = ZYX\nMETA_STOP\nDATA_START\n"
    path = folder / "history.aem"
    path.write_text(f"{head}{day}T00:45:00 -4 -2 1\n{day}T02:45:00 -4 -2 1\nDATA_STOP\n")
    return path


def test_a_history_outside_the_window_is_of_another_date(tmp_path: Path) -> None:
    history = read_attitude(_aem(tmp_path, "2023-02-15"), EPOCH)
    with pytest.raises(CaseError) as caught:
        history.at(np.array([0.0, 5400.0]))
    (problem,) = caught.value.problems
    assert "2023-02-15 00:45:00 UTC to 2023-02-15 02:45:00 UTC" in problem.found
    assert "2022-12-15 00:45:00 UTC to 2022-12-15 02:15:00 UTC" in problem.expected
    assert "of another date" in problem.remedy
    with pytest.raises(CaseError, match="cut short"):
        read_attitude(_aem(tmp_path, "2022-12-15"), EPOCH).at(np.array([0.0, 9000.0]))


@pytest.mark.parametrize(
    ("start", "stop", "said"),
    [
        ("2022-12-15T02:45:00", "2022-12-15T00:45:00", "before START_TIME"),
        ("noon", "2022-12-15T00:45:00", "two times"),
    ],
)
def test_a_span_that_stops_before_it_starts_is_refused(tmp_path: Path, start: str, stop: str, said: str) -> None:
    path = _aem(tmp_path, "2022-12-15", f"START_TIME = {start}\nSTOP_TIME = {stop}\n")
    with pytest.raises(CaseError, match=said):
        read_attitude(path, EPOCH)
