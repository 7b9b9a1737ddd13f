"""The dates below a forecast of showers: none stands twice, however short the time."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from whipple.report.figures.shower_year import _dates


@pytest.mark.parametrize("days", [0.5, 1, 2, 4, 6, 7.9, 8.1, 20, 44, 60, 365])
def test_no_date_stands_twice(days: float) -> None:
    axes = Figure().add_subplot()
    _dates(axes, 19339.0, 19339.0 + days)
    ticks = axes.xaxis.get_major_locator()()
    labels = axes.xaxis.get_major_formatter().format_ticks(ticks)
    assert len(labels) >= 2
    assert len(set(labels)) == len(labels)
