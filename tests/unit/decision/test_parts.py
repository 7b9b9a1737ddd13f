"""Gap, harm, information and the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.estimate import Estimate
from whipple.commands.decision import app
from whipple.decision.columns import column, draw_doubt, return_scenario
from whipple.decision.gap import stretches
from whipple.decision.harm import HALF_HARM, HARM_SHAPE, draw_estimate, heat_harm_prob, scenario_harm
from whipple.decision.rule import best, score
from whipple.errors import RangeError
from whipple.thermal.crew import core_rise_K

DAY_S = 86400.0


def test_seats_that_come_after_the_ship_do_not_help():
    assert stretches(3, 10 * DAY_S, 33 * DAY_S, 1) == stretches(3, 10 * DAY_S, 0.0, 0)


@pytest.mark.parametrize("bad", [(3, -1.0, 0.0, 0), (3, 1.0, -1.0, 0), (3, 1.0, 0.0, 4)])
def test_impossible_stretches_are_refused(bad):
    with pytest.raises(RangeError):
        stretches(*bad)


def test_a_body_nobody_followed_is_not_called_unharmed(heat, case):
    unknown = replace(heat(), scenarios=tuple(replace(one, core_rise_K=None) for one in heat().scenarios))
    doubt = draw_doubt(case.rng("decision"))
    assert scenario_harm(unknown.scenarios[0], doubt) is None
    assert not column(case, case.options[0], unknown, doubt).heat_known


def test_a_shift_of_the_cabin_warms_the_core_as_its_own_range_does(heat, case):
    doubt = draw_doubt(case.rng("decision"))
    shifted, moved = scenario_harm(heat(38.0).scenarios[0], doubt, 2.0), scenario_harm(heat(40.0).scenarios[0], doubt)
    assert np.allclose(shifted, moved)


def test_a_wet_bulb_of_35_degrees_for_six_hours_is_no_small_risk():
    """Plausibility: it is widely quoted as the limit of survival of a resting body; four kelvin below, nobody is at risk."""
    rng = np.random.default_rng(1)
    half, shape = HALF_HARM.draw(rng, 4000), HARM_SHAPE.draw(rng, 4000)
    assert heat_harm_prob(core_rise_K(309.15, 1.0, 6 * 3600.0), half, shape).mean() > 0.4
    assert heat_harm_prob(core_rise_K(305.15, 1.0, 6 * 3600.0), half, shape).mean() < 0.01


@pytest.mark.parametrize(
    "bad", [{"duration_s": 0.0}, {"duration_s": 1e9}, {"humidity_frac": 1.2}, {"metabolic_W": 0.0}, {"air_K": 40.0}]
)
def test_a_body_in_impossible_air_is_refused(bad):
    with pytest.raises(RangeError, match="core of a body"):
        core_rise_K(**({"air_K": 310.0, "humidity_frac": 1.0, "duration_s": 3600.0} | bad))


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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--ready", "73 day", "--seats", "5"], r"found seats = 5, expected 0 to 3 \(the crew\)"),
        (["--ready", "-1 day"], "found ready = -1 days, expected 0 days or more"),
        (["--ready", "73 day", "--interim", "-2 day", "--seats", "1"], "found interim = -2 days"),
        (["--ready", "73 day", "--interim", "33 day"], "--seats = 0, expected at least 1 with --interim '33 day'"),
    ],
)
def test_gap_command_says_what_is_wrong_in_its_own_words(arguments, told):
    result = CliRunner().invoke(app, ["gap", "--crew", "3", *arguments])
    assert isinstance(result.exception, RangeError)
    assert re.search(told, str(result.exception))
    assert "interim_seats" not in str(result.exception)


def test_gap_command_says_when_seats_change_nothing():
    late = CliRunner().invoke(app, ["gap", "--crew", "3", "--ready", "11 day", "--interim", "33 day", "--seats", "1"])
    assert "they change nothing" in late.stdout
    at_once = CliRunner().invoke(app, ["gap", "--crew", "3", "--ready", "11 day", "--seats", "1"])
    assert at_once.stdout.splitlines() == ["2 people for 11 days", "22 crew-days with a degraded ship"]


def test_heat_command():
    answer = json.loads(CliRunner().invoke(app, ["heat", "--peak", "35.5 degC", "--json"]).stdout)
    assert answer["core_rise_K"] == pytest.approx(core_rise_K(308.65, 1.0, 6 * 3600.0), abs=0.1)
    assert 0.1 < answer["harm_prob"] < 0.9
    assert "serious harm" in CliRunner().invoke(app, ["heat", "--peak", "30 degC"]).stdout
    assert isinstance(CliRunner().invoke(app, ["heat", "--peak", "42"]).exception, RangeError)
