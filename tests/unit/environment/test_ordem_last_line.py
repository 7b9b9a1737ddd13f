"""A last number cut in half looks like a flux that grows with size: both causes are named."""

from __future__ import annotations

import pytest

from whipple.environment.read_ordem import cumulative_flux
from whipple.errors import CaseError


def _said(*rows: tuple[str, str]) -> str:
    with pytest.raises(CaseError) as caught:
        cumulative_flux("SIZEFLUX_SC.OUT", [(i, list(words)) for i, words in enumerate(rows, start=1)], "ORDEM")
    return caught.value.problems[0].remedy


def test_a_last_line_cut_short_is_named() -> None:
    assert "the last line is cut short" in _said(("1E-03", "1.0E-02"), ("1E-02", "1.0E-05"), ("1E-01", "1.0"))
    assert "cut short" not in _said(("1E-03", "1.0E-02"), ("1E-02", "1.0"), ("1E-01", "1.0E-05"))
