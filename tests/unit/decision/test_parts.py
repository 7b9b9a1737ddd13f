"""Gap, harm, information and the command."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.estimate import Estimate
from whipple.commands.decision import app
from whipple.decision.columns import column, draw_doubt, return_scenario
from whipple.decision.gap import stretches
from whipple.decision.harm import draw_estimate, half_harm_K, scenario_harm
from whipple.decision.rule import best, score
from whipple.errors import RangeError

DAY_S = 86400.0


def test_seats_that_come_after_the_ship_do_not_help():
    assert stretches(3, 10 * DAY_S, 33 * DAY_S, 1) == stretches(3, 10 * DAY_S, 0.0, 0)


@pytest.mark.parametrize("bad", [(3, -1.0, 0.0, 0), (3, 1.0, -1.0, 0), (3, 1.0, 0.0, 4)])
def test_impossible_stretches_are_refused(bad):
    with pytest.raises(RangeError):
        stretches(*bad)


def test_a_trip_must_last():
    with pytest.raises(ValueError, match="duration_s"):
        half_harm_K(np.array([315.0]), 0.0, 1.0)


def test_nobody_aboard_no_harm(heat, case):
    doubt = draw_doubt(case.rng("decision"))
    empty = heat().scenarios[0].__class__(**{**vars(heat(90.0).scenarios[0]), "crew_count": 0})
    assert scenario_harm(empty, doubt).max() == 0.0


def test_draws_follow_the_estimate():
    wide = Estimate(310.0, 305.0, 320.0, "K")
    assert np.allclose(draw_estimate(wide, np.array([0.05, 0.5, 0.95])), [305.0, 310.0, 320.0])
    kept = Estimate.from_samples(np.arange(101.0), "K")
    assert draw_estimate(kept, np.array([0.25]))[0] == pytest.approx(25.0)


def test_the_nearest_return_stands_in(heat):
    found = heat()
    assert return_scenario(found, 2).crew_count == 2
    assert return_scenario(found, 1).crew_count == 2
    assert return_scenario(found, 4) is None
    assert return_scenario(None, 2) is None


def test_harm_is_the_union_of_its_parts(case, heat):
    found = column(case, case.options[0], heat(), draw_doubt(case.rng("decision")))
    survive = (1 - found.heat_prob) * (1 - found.waiting_prob) * (1 - found.other_prob)
    assert np.allclose(found.harm_prob, 1 - survive)
    assert (found.harm_prob >= found.heat_prob).all()


def test_options_of_equal_harm_are_told_apart_by_the_gap(case, heat):
    doubt = draw_doubt(case.rng("decision"))
    cool = [column(case, option, heat(0.0, 0.0, 0.1), doubt) for option in case.options]
    assert best(cool, worst_case=True).option.name == "crewed-return"
    assert score(cool[0], worst_case=True) > score(cool[0], worst_case=False)


def test_gap_command():
    arguments = ["gap", "--crew", "3", "--ready", "73 day", "--interim", "33 day", "--seats", "1"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.stdout.splitlines()[-1] == "179 crew-days with a degraded ship"
    answer = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert answer["degraded_crew_s"] / DAY_S == pytest.approx(179.0)
    absent = json.loads(
        CliRunner().invoke(app, ["gap", "--crew", "3", "--ready", "11 day", "--absent", "--json"]).stdout
    )
    assert absent["absent_crew_s"] / DAY_S == pytest.approx(33.0)


def test_heat_command():
    answer = json.loads(CliRunner().invoke(app, ["heat", "--peak", "42 degC", "--json"]).stdout)
    assert answer["harm_prob"] == pytest.approx(0.5, abs=0.05)
    assert "serious harm" in CliRunner().invoke(app, ["heat", "--peak", "30 degC"]).stdout
    assert isinstance(CliRunner().invoke(app, ["heat", "--peak", "42"]).exception, RangeError)
