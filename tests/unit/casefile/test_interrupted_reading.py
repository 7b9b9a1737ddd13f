"""Is Ctrl-C while a telemetry file is read still Ctrl-C, and neither a bad file nor a bug?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from whipple.casefile import read_channels


class Stopped:
    """A connection that Ctrl-C stops, as DuckDB tells it."""

    def execute(self, query: str) -> Any:
        raise RuntimeError("Query interrupted")


def test_an_interrupt_is_not_a_bad_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "loop.csv"
    file.write_text("time,p\n0,1\n1,1\n")
    assert read_channels.columns_of(file) == ("time", "p")
    monkeypatch.setattr(read_channels, "_connect", lambda *_: Stopped())
    with pytest.raises(KeyboardInterrupt):
        read_channels.columns_of(file)
    monkeypatch.setattr(read_channels, "_kinds_of", lambda *_: ("t", {"time": "BIGINT", "p": "BIGINT"}))
    with pytest.raises(KeyboardInterrupt):
        read_channels.read_table(file, "time", ["p"])
