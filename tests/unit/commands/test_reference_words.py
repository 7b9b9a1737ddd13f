"""What docs/reference tells a person to write can be written."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from whipple.casefile.tables.outburst import OutburstTable

BUILDER = Path(__file__).parents[3] / "builders" / "make_reference_docs.py"


def test_a_rate_per_hour_is_a_plain_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page asked for "text with a unit, read as 1/hour", which the table refuses."""
    for name in ("COLUMNS", "NO_COLOR", "TERM"):  # the builder sets them for itself
        monkeypatch.setenv(name, "")
    spec = importlib.util.spec_from_file_location("make_reference_docs", BUILDER)
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    assert "| `zhr` | a plain number per hour, as text | needed |" in builder.assess_page()
    assert "| `duration` | text with a unit, read as s |" in builder.assess_page()
    row = {"shower": "GEM", "peak": "2022-12-14T13:00:00Z", "zhr": "30", "source": "example"}
    assert OutburstTable.model_validate(row).zhr_per_h.value == 30
