"""Are the coefficients and the scores of the chance of perforation those that the shots give, sources left out one by one?"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

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
def builder() -> ModuleType:
    path = Path(__file__).parents[2] / "builders" / "make_probabilistic_limit.py"
    spec = importlib.util.spec_from_file_location("make_probabilistic_limit", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_probabilistic_limit"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_scores_with_each_laboratory_left_out(shared_data: Path, builder: ModuleType) -> None:
    shots = builder.read_shots(shared_data / builder.SHOTS)
    assert len(shots.perforated) == 568
    for name, groups, ours, best in builder.measured(shots):
        said = MEASURED[name]
        assert groups == said[0]
        assert np.allclose((*ours, *best), said[1:], atol=0.003), "the written scores are those that the shots give"
        assert ours[0] < best[0], f"{name}: log loss must beat every single equation"
        assert ours[1] > best[1], f"{name}: accuracy must beat every single equation"
        assert ours[2] <= 0.03


@pytest.mark.slow
def test_coefficients_are_those_the_shots_give(shared_data: Path, builder: ModuleType) -> None:
    shots = builder.read_shots(shared_data / builder.SHOTS)
    mean, _ = builder.learn(shots, shots.source, np.full(568, True))
    assert mean == pytest.approx(COEFFICIENTS, abs=2e-3)
    assert builder.tested_range(shots, np.full(568, True)) == pytest.approx(np.array(list(TESTED.values())), abs=2e-3)


@pytest.mark.slow
def test_the_learning_finds_nothing_in_shuffled_outcomes(shared_data: Path, builder: ModuleType) -> None:
    """Held-out scores must fall to those of a guess when the outcomes are shuffled: no answer leaks into the folds."""
    shots = builder.read_shots(shared_data / builder.SHOTS)
    order = np.random.default_rng(3).permutation(568)
    mixed = builder.Shots(shots.diameter_m, shots.perforated[order], shots.source, shots.laboratory, shots.terms)
    loss, right, _ = builder.scores(builder.held_out(mixed, mixed.source), mixed.perforated)
    assert loss > 0.65
    assert right < 0.6
