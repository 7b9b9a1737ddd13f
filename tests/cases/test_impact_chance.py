"""Are the coefficients and the scores of the chance of perforation those that the shots give, sources left out one by one?"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
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
    parts = ("shots", "learning", "scores", "other_shields")
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
        assert ours[2] <= 0.03


@pytest.mark.slow
def test_coefficients_are_those_the_shots_give(shared_data: Path, builder: SimpleNamespace) -> None:
    shots = builder.shots.read_shots(shared_data / builder.shots.SHOTS)
    mean, _ = builder.learning.learn(shots, shots.source, np.full(568, True))
    assert mean == pytest.approx(COEFFICIENTS, abs=2e-3)
    assert builder.learning.tested_range(shots, np.full(568, True)) == pytest.approx(
        np.array(list(TESTED.values())), abs=2e-3
    )


@pytest.mark.slow
def test_the_learning_finds_nothing_in_shuffled_outcomes(shared_data: Path, builder: SimpleNamespace) -> None:
    """Held-out scores must fall to those of a guess when the outcomes are shuffled: no answer leaks into the folds."""
    shots = builder.shots.read_shots(shared_data / builder.shots.SHOTS)
    order = np.random.default_rng(3).permutation(568)
    mixed = builder.shots.Shots(shots.diameter_m, shots.perforated[order], shots.source, shots.laboratory, shots.terms)
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
