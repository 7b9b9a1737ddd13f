"""Are the coefficients and the scores of the chance of perforation those that the shots give, sources left out one by one?"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from whipple.impact.models.shot_scatter import COEFFICIENTS, MEASURED, TESTED


@pytest.fixture(scope="module")
def shared_data() -> Path:
    """The folder of real data beside the project; the test skips where it is absent."""
    folder = Path(__file__).parents[3] / "shared" / "data"
    if not (folder / "hypervelocity_shots").is_dir():
        pytest.skip("../shared/data is absent: real data never enters the project")
    return folder


@pytest.fixture(scope="module")
def builder() -> Iterator[SimpleNamespace]:
    """The builder's parts, found beside the project's sources."""
    folder = str(Path(__file__).parents[2] / "builders")
    sys.path.insert(0, folder)
    parts = ("shots", "learning", "scores", "contradictions", "other_shields")
    yield SimpleNamespace(**{name: importlib.import_module(f"perforation_chance.{name}") for name in parts})
    sys.path.remove(folder)


@pytest.mark.slow
def test_scores_with_each_laboratory_left_out(shared_data: Path, builder: SimpleNamespace) -> None:
    shots = builder.shots.read_shots(shared_data / builder.shots.SHOTS)
    assert len(shots.perforated) == 568
    for name, groups, ours, best in builder.scores.measured(shots):
        said = MEASURED[name]
        assert groups == said[0]
        assert np.allclose((*ours, *best), said[1:], atol=0.003), "the written scores are those that the shots give"
        assert ours[0] < best[0], f"{name}: log loss must beat every single equation"
        assert ours[1] > best[1], f"{name}: accuracy must beat every single equation"
        assert ours[1] >= 0.80 or "as filed" in name
        assert ours[2] <= 0.03


@pytest.mark.slow
def test_drawing_whole_sources_the_goal_is_met_but_not_passed(shared_data: Path, builder: SimpleNamespace) -> None:
    """Shots of one source are not independent: 80.9 % is 4 points uncertain, and the lead over the best equation may be none."""
    shots = builder.contradictions.sound(builder.shots.read_shots(shared_data / builder.shots.SHOTS))
    for group, error, below in ((shots.source, 0.038, 0.41), (shots.laboratory, 0.054, 0.44)):
        right, lead = builder.scores.accuracy_drawn(shots, group)
        assert right.std() == pytest.approx(error, abs=0.003)
        assert (right < 0.8).mean() == pytest.approx(below, abs=0.03)
        low, high = np.quantile(lead, [0.05, 0.95])
        assert -0.03 < low < 0 < high < 0.06


@pytest.mark.slow
def test_the_source_that_contradicts_itself_kept_and_turned_round(shared_data: Path, builder: SimpleNamespace) -> None:
    filed, said = builder.shots.read_shots(shared_data / builder.shots.SHOTS), {}
    for name, shots, group in builder.scores.other_countings(filed):
        assert len(group) == 568
        said[name] = builder.scores.scores(builder.learning.held_out(shots, group), shots.perforated)[:2]
    assert said["source, kept"] == pytest.approx((0.410, 0.789), abs=0.003)
    assert said["source, turned round"] == pytest.approx((0.400, 0.806), abs=0.003)
    assert said["laboratory, kept"] == pytest.approx((0.411, 0.792), abs=0.003)
    assert said["laboratory, turned round"] == pytest.approx((0.400, 0.806), abs=0.003)


@pytest.mark.slow
def test_one_source_contradicts_itself_and_repeats_bound_every_answer(
    shared_data: Path, builder: SimpleNamespace
) -> None:
    """No equation is in this: the thicker wall of the same shield perforated, the thinner one not, in all eleven pairs of one report."""
    shots, look = builder.shots.read_shots(shared_data / builder.shots.SHOTS), builder.contradictions
    ((name, (agree, contradict, share)),) = look.turned_round(shots).items()
    assert (name, agree, contradict) == ("AFML-TR-70-135", 0, 11)
    assert share < 0.005
    kept = look.sound(shots)
    assert len(kept.perforated) == 545
    assert look.fewest_errors(kept, 0.03) < look.fewest_errors(shots, 0.03) < 30
    (inside, unlike), (between, other) = look.repeats(shots, 0.1, shots.laboratory)
    assert inside > 300
    assert between > 40
    assert 0.25 < unlike < other, "laboratories disagree with each other more than with themselves"


@pytest.mark.slow
def test_turning_sound_outcomes_round_is_noticed(shared_data: Path, builder: SimpleNamespace) -> None:
    """The rule finds a source that is turned round on purpose, and finds none once the one of the table is left out."""
    shots = builder.shots.read_shots(shared_data / builder.shots.SHOTS)
    rest = shots.part(shots.source != "AFML-TR-70-135")
    assert builder.contradictions.turned_round(rest) == {}
    outcome = np.where(rest.source == "Ryan_2011", 1 - rest.perforated, rest.perforated)
    assert list(builder.contradictions.turned_round(replace(rest, perforated=outcome))) == ["Ryan_2011"]


@pytest.mark.slow
def test_seven_shots_that_only_spalled_count_as_held(shared_data: Path, builder: SimpleNamespace) -> None:
    """Filed as perforated at JSC, as spall without a hole in the fuller table of the same author; no other outcome is touched."""
    shots, look = builder.shots.read_shots(shared_data / builder.shots.SHOTS), builder.contradictions
    spalled = np.isin(shots.name, look.SPALLED) & (shots.source == "Ryan_2011")
    assert spalled.sum() == len(look.SPALLED) == 7
    assert shots.perforated[spalled].all()
    kept, changed = look.sound(shots), shots.part(shots.source != "AFML-TR-70-135")
    assert set(kept.name[kept.perforated != changed.perforated]) == set(look.SPALLED)


@pytest.mark.slow
def test_coefficients_are_those_the_shots_give(shared_data: Path, builder: SimpleNamespace) -> None:
    shots = builder.shots.read_shots(shared_data / builder.shots.SHOTS)
    shots = builder.contradictions.sound(shots)
    everything = np.full(len(shots.source), True)
    mean, _ = builder.learning.learn(shots, shots.source, everything)
    assert mean == pytest.approx(COEFFICIENTS, abs=2e-3)
    assert builder.learning.tested_range(shots, everything) == pytest.approx(np.array(list(TESTED.values())), abs=2e-3)


@pytest.mark.slow
def test_the_learning_finds_nothing_in_shuffled_outcomes(shared_data: Path, builder: SimpleNamespace) -> None:
    """Held-out scores must fall to those of a guess when the outcomes are shuffled: no answer leaks into the folds."""
    shots = builder.shots.read_shots(shared_data / builder.shots.SHOTS)
    order = np.random.default_rng(3).permutation(568)
    mixed = replace(shots, perforated=shots.perforated[order])
    loss, right, _ = builder.scores.scores(builder.learning.held_out(mixed, mixed.source), mixed.perforated)
    assert loss > 0.65
    assert right < 0.6


@pytest.mark.slow
def test_other_shields_give_no_chance_that_beats_the_plain_share(shared_data: Path, builder: SimpleNamespace) -> None:
    """Why `perforation_chance` refuses them. Foam comes from one house only, so nothing can be left out that would be another laboratory."""
    said = {
        name: builder.other_shields.scored(read(shared_data)) for name, read in builder.other_shields.READERS.items()
    }
    for name in ("stuffed Whipple", "honeycomb"):
        assert said[name]["regression"][0] > said[name]["share perforated elsewhere"][0], said[name]
    assert {source[:4] for source in builder.other_shields.read_foam(shared_data).source} == {"NASA"}


@pytest.mark.slow
def test_stuffed_whipple_sorts_as_the_sheet_says(shared_data: Path, builder: SimpleNamespace) -> None:
    right = builder.other_shields.accuracy_as_it_stands(builder.other_shields.read_stuffed(shared_data))
    assert right == pytest.approx((0.590, 0.655, 0.556), abs=0.003), "damage sheet section 11, 166 shots"
