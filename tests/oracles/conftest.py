"""The oracle run: every authority's number beside ours, asserted and recorded for docs/validation.md."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
_rows: list[tuple[str, ...]] = []


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the project; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is absent: real data never enters the project")
    return SHARED


@pytest.fixture
def authority() -> Callable[..., None]:
    """`authority(room, what, ours, theirs, source=, why=, rtol= or atol=, unit=)` asserts and records one row.

    `source` names document and place; `why` explains the tolerance. Graded `recalled` values may not be used here.
    """

    def check(
        room: str,
        what: str,
        ours: float,
        theirs: float,
        *,
        source: str,
        why: str,
        rtol: float = 0.0,
        atol: float = 0.0,
        unit: str = "",
    ) -> None:
        tolerance = atol + rtol * abs(theirs)
        shown = f"{rtol:.3g} relative" if rtol else f"{atol:.3g} {unit}".strip()
        verdict = "holds" if abs(ours - theirs) <= tolerance else "FAILS"
        _rows.append((room, what, f"{theirs:.6g}", f"{ours:.6g}", unit, shown, why, source, verdict))
        assert np.isfinite(ours), f"{what}: ours is {ours}"
        assert abs(ours - theirs) <= tolerance, (
            f"{what}: ours {ours:.8g}, {source} says {theirs:.8g}, tolerance {shown} ({why})"
        )

    return check


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write docs/validation.md when asked to (WHIPPLE_WRITE_VALIDATION=1, one process)."""
    if not os.environ.get("WHIPPLE_WRITE_VALIDATION") or not _rows:
        return
    head = (
        (ROOT / "docs" / "validation_head.md").read_text()
        if (ROOT / "docs" / "validation_head.md").exists()
        else "# Validation\n\n"
    )
    lines = [head.rstrip() + "\n"]
    for room in sorted({row[0] for row in _rows}):
        lines += [
            f"\n## {room}\n",
            "| quantity | authority | ours | unit | tolerance | why this tolerance | source | |",
            "|---|--:|--:|---|---|---|---|---|",
        ]
        lines += [
            "| " + " | ".join(cell.replace("|", "\\|") for cell in row[1:]) + " |" for row in _rows if row[0] == room
        ]
    (ROOT / "docs" / "validation.md").write_text("\n".join(lines) + "\n")
