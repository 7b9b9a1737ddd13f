"""Decision against published counts of crew-days, and the heat balance of a body that can shed no heat."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from whipple.decision.columns import EMERGENCY_RATE, NORMAL_LIMIT_PROB
from whipple.decision.gap import crew_gap, stretches
from whipple.decision.harm import HALF_HARM, HARM_SHAPE, heat_harm_prob
from whipple.thermal.crew import core_rise_K

DAY_S = 86400.0
TABLE = Path(__file__).parents[2] / "authorities" / "decision.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_gap_of_historic_cases(authority, row):
    parts = stretches(
        int(row["crew"]), float(row["ready_days"]) * DAY_S, float(row["interim_days"]) * DAY_S, int(row["seats"])
    )
    gap = crew_gap(parts, fit_emergency=row["fit_emergency"] == "yes")
    ours = {"degraded": gap.degraded_crew_s / DAY_S, "absent": gap.absent_crew_s / DAY_S}
    for kind, found in ours.items():
        what = f"crew-days {kind}, {row['case']}"
        printed = float(row[f"{kind}_crew_days"])
        authority("decision", what, found, printed, source=row["source"], why=row["why"], atol=1e-9, unit="crew-days")


def test_the_limit_of_a_normal_return(authority):
    source = "SpaceNews, 29 November 2017 (decision.md section 2)"
    limit = float(NORMAL_LIMIT_PROB)
    authority("decision", "loss-of-crew requirement", limit, 1 / 270, source=source, why="a definition", rtol=1e-12)


def test_forecast_of_january_is_refused_but_kept_for_emergencies():
    """High 30s, humid, six hours: both agencies refused the normal return and kept the ship as a lifeboat (harm below that of no ship)."""
    rng = np.random.default_rng(1)
    rise = core_rise_K(rng.normal(310.15, 1.5, 4000), 0.9, 6 * 3600.0)
    harm = heat_harm_prob(rise, HALF_HARM.draw(rng, 4000), HARM_SHAPE.draw(rng, 4000))
    assert np.median(harm) > NORMAL_LIMIT_PROB
    assert np.median(harm) < 0.5


def test_short_profile_is_milder_than_six_hours():
    """The flown descent took 1 h 48 min: where little sweat can leave, it warms a body by two thirds at most."""
    rise = [float(core_rise_K(310.15, 1.0, hours * 3600.0)) for hours in (1.81, 6.0)]
    assert rise[0] < 0.65 * rise[1]
    assert heat_harm_prob(rise[0], 3.0, 8.0) < 0.25 * heat_harm_prob(rise[1], 3.0, 8.0)


@pytest.mark.parametrize(("end", "quantile"), [("low", 0.00393214), ("value", 0.45493642), ("high", 3.84145882)])
def test_emergency_rate_is_the_jeffreys_posterior_of_none_in_22_years(end, quantile):
    per_year = getattr(EMERGENCY_RATE, end) * 365.25 * DAY_S
    assert per_year == pytest.approx(quantile / 2 / 22, rel=0.02)
