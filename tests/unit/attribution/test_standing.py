"""Named, leading or undetermined; and which inputs would have to be measured."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.attribution.base_rate import BaseRate
from whipple.attribution.inputs import Input, uncertain_inputs
from whipple.attribution.posterior import run_race
from whipple.attribution.row import Row
from whipple.attribution.sentences import headline, result
from whipple.attribution.standing import Standing, stand
from whipple.attribution.to_measure import inputs_to_measure
from whipple.casefile.estimate import Estimate, Evidence
from whipple.casefile.findings.verdict import HypothesisVerdict, Mover

TITLES = {"a": "A", "b": "B"}
RATES = tuple(BaseRate(name, name, Estimate.exactly(1.0, ""), "") for name in "ab")


def race(odds):
    """Causes a and b, the odds of a in each draw; every draw explains the leak as well as any other."""
    share = np.array(odds) / (1 + np.array(odds))
    return run_race("ab", np.column_stack([share, 1 - share]), np.random.default_rng(0))


def moved(low, high):
    return Input("x", np.zeros(1), np.array([low, 1 - low]), np.array([high, 1 - high]))


@pytest.mark.parametrize(
    ("odds", "ends", "word"),
    [
        ([9.0] * 10, (0.7, 0.95), "named"),
        ([9.0] * 8 + [1.0] * 2, (0.7, 0.95), "named"),
        ([99.0] * 7 + [1.0] * 3, (0.7, 0.95), "leading"),
        ([9.0] * 10, (0.6, 0.95), "leading"),
        ([9.0] * 10, (0.95, 0.6), "leading"),
        ([1.5] * 10, (0.7, 0.95), "undetermined"),
    ],
)
def test_three_conditions_make_a_name(odds, ends, word):
    """66 % on average, in 8 of 10 joint draws, and with the one input at either end."""
    assert stand(race(odds), [], [moved(*ends)]).word == word


def test_the_input_that_unseats_most_stands_first():
    found = stand(race([9.0] * 4), [], [moved(0.6, 0.9), moved(0.9, 0.3), moved(0.7, 0.8)])
    assert [round(left, 3) for _, left in found.unseating] == [0.3, 0.6]


def test_one_input_at_an_end_is_the_race_with_it_held_there():
    count = np.exp(np.random.default_rng(1).normal(0.0, 1.0, (4000, 2)))
    drawn = run_race("ab", count, np.random.default_rng(2))
    row = Row(Evidence("seen", "seen", {"a": 0.0, "b": -0.5}, {}), {"a": 0.8})
    rate, _, likelihood = uncertain_inputs(drawn, RATES, [row], TITLES)
    held = count.copy()
    held[:, 0] = np.quantile(count[:, 0], 0.95)
    again = run_race("ab", held, np.random.default_rng(2))
    assert rate.at_high_prob == pytest.approx(again.probabilities([row]))
    sure = Row(Evidence("seen", "seen", {"a": 0.8 * 1.6449, "b": -0.5}, {}))
    assert likelihood.at_high_prob == pytest.approx(drawn.probabilities([sure]), abs=1e-4)
    assert likelihood.name == "how well “a” explains “seen”"


def test_causes_that_share_their_doubt_are_one_input():
    rates = tuple(BaseRate(kind, kind, Estimate.exactly(1.0, ""), "") for kind in ("sporadic", "debris", "fatigue"))
    drawn = run_race([r.hypothesis for r in rates], np.ones((100, 3)), np.random.default_rng(0), [0, 0, 1])
    row = Row(Evidence("seen", "seen", dict.fromkeys(drawn.names, 0.0), {}), dict.fromkeys(drawn.names, 0.5))
    names = [one.name for one in uncertain_inputs(drawn, rates, [row], {name: name for name in drawn.names})]
    assert names[3:] == ["how well an impact explains “seen”", "how well thermal fatigue explains “seen”"]


def test_the_input_that_decides_is_measured_and_noise_is_not():
    """The odds follow one input; another is noise."""
    rng = np.random.default_rng(4)
    decides, idle = rng.normal(size=20000), rng.normal(size=20000)
    drawn = race(np.exp(3.0 * decides + rng.normal(size=20000)))
    (found,) = inputs_to_measure(drawn, [], [known("idle", idle, 0.0), known("decides", decides, 0.4)])
    assert found.inputs == ("decides",)
    # of five slices the outer ones pass, the middle one stays open
    assert found.named_prob == pytest.approx(0.6, abs=0.01)
    assert found.right_prob == pytest.approx(drawn_right(decides, drawn), abs=0.01)
    assert inputs_to_measure(drawn, [], [known("idle", idle, 0.0)]) == ()
    assert inputs_to_measure(drawn, [], []) == ()


def known(name, draws, moves):
    return Input(name, draws, np.array([0.5 - moves, 0.5 + moves]), np.array([0.5 + moves, 0.5 - moves]))


def drawn_right(draws, drawn):
    """By hand: in each fifth of the draws the more probable of the two causes."""
    share = drawn.joint([])[0]
    fifths = np.array_split(share[np.argsort(draws)], 5)
    return np.mean([fifth.mean(axis=0).max() for fifth in fifths])


def test_two_inputs_that_decide_only_together_are_found():
    """The odds follow the product of two signs: neither alone says anything."""
    rng = np.random.default_rng(5)
    one, two = rng.normal(size=20000), rng.normal(size=20000)
    drawn = race(np.exp(3.0 * np.sign(one * two)))
    (found,) = inputs_to_measure(drawn, [], [known("one", one, 0.1), known("two", two, 0.1)])
    assert found.inputs == ("one", "two")
    assert found.named_prob == pytest.approx(16 / 25, abs=0.01)


def test_the_observation_that_moves_most_is_told_first():
    """Though it also moves another cause, by less than the next observation does."""
    verdicts = [HypothesisVerdict(name, name, 0.5, Estimate(0.5, 0.2, 0.8, ""), "", "") for name in ("one", "two")]
    moves = (("record", "one", 0.1), ("sister", "one", 0.2), ("record", "two", 0.4))
    movers = [Mover(what, name, 0.5, left, f"Without {what}.") for what, name, left in moves]
    open_case = Standing(0, "undetermined", (0.5, 0.5), (0.3, 0.3), ())
    text = headline(verdicts, dict.fromkeys(("one", "two"), "other"), (), open_case, movers, ())
    assert "Without record. Without sister. What would decide it" in text


def test_a_rounded_share_shows_its_side_of_the_threshold():
    """66.2 % leads; "66 % is not above 66 %" reads as a misprint."""
    lead = HypothesisVerdict("a", "A", 0.5, Estimate(0.662, 0.2, 0.9, ""), "likely, not robust", "", 0.7, 0.796)
    held = Standing(0, "leading", (0.7, 0.3), (0.796, 0.2), ())
    told = (
        "Leading, not robust: A, 66.2 % on average, but above 66 % in only 79.6 % of the joint draws (80 % are needed)"
    )
    assert result([lead], held) == told
    assert headline([lead], {"a": "other"}, (), held, (), ()).startswith("Leading, not robust: A, 66.2 % (90 %: ")
