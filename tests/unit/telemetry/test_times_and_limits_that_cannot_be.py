"""Milliseconds taken as seconds, a limit for no time between alarms or for ever, one sensor given twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.channel_sheet import Channel
from whipple.cli import app
from whipple.commands.watch_view import clock_text
from whipple.errors import EvidenceError, InvestigationError, RangeError
from whipple.telemetry.loop_signal import gather_loop
from whipple.telemetry.models.page_1954 import threshold_for

_MS = 1671064200000


def test_a_date_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(RangeError, match="1957 to 2100"):
        clock_text(float(_MS))
    assert clock_text(4133980799.0).startswith("2100-12-31")
    file = tmp_path / "ms.csv"
    file.write_text("time,p\n" + "".join(f"{_MS + 1000 * i},{1 + (i > 60)}\n" for i in range(90)))
    judge = CliRunner().invoke(app, ["telemetry", "limits", "judge", str(file), "--limit", "p=0,0.5,1.5,1.8"])
    assert isinstance(judge.exception, InvestigationError)
    assert "milliseconds" in str(judge.exception)


def test_the_state_of_a_system_is_not_dated_by_milliseconds(tmp_path: Path) -> None:
    file = tmp_path / "ms.csv"
    flow = np.random.default_rng(1).standard_normal(200)
    file.write_text("time,flow\n" + "".join(f"{_MS + 1000 * i},{v:.4f}\n" for i, v in enumerate(flow)))
    found = CliRunner().invoke(app, ["telemetry", "state", str(file), "--channel", "flow", "--quiet", "100"])
    assert isinstance(found.exception, RangeError)
    assert "1957 to 2100" in str(found.exception)


@pytest.mark.parametrize("k_ratio", [0.5, 2.0])
@pytest.mark.parametrize("samples", [1e-300, 1e300, np.nan])
def test_a_limit_for_no_time_or_for_ever_is_refused(samples: float, k_ratio: float) -> None:
    with pytest.raises(RangeError, match="false alarms"):
        threshold_for(samples, k_ratio)


def test_two_channels_of_one_name_are_told() -> None:
    one = Channel("p", np.arange(100.0), np.ones(100), "bar", False)
    two = Channel("p", np.arange(100.0), np.zeros(100), "bar", False)
    with pytest.raises(EvidenceError, match="'p' is there 2 times"):
        gather_loop("a", [one, two], [])
