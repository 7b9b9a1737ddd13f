"""Even draws follow the laws that were asked for, and scatter less than plain ones."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.casefile.given import Given
from whipple.contamination.even_draws import EvenDraws

COUNT = 1024


def even(seed: int = 1) -> EvenDraws:
    return EvenDraws(np.random.default_rng(seed), COUNT)


def middle(rng: np.random.Generator) -> float:
    """Median of a product of four doubtful factors, one of them a choice."""
    wide, narrow = Given(1.0, 0.1, 10.0, ""), Given(2.0, 1.0, 4.0, "")
    sides = np.array([1e-3, 1.0, 2.0])[rng.choice(3, COUNT, p=[0.1, 0.5, 0.4])]
    return float(np.median(wide.draw(rng, COUNT) * narrow.draw(rng, COUNT) * rng.uniform(1.0, 2.0, COUNT) * sides))


def test_another_seed_moves_an_answer_several_times_less_than_with_plain_draws() -> None:
    plain = np.std(np.log([middle(np.random.default_rng(seed)) for seed in range(20)]))
    assert np.std(np.log([middle(even(seed)) for seed in range(20)])) < plain / 3


def test_each_call_follows_its_law() -> None:
    rng = even()
    normal, share, two = (
        rng.standard_normal(COUNT),
        rng.choice(3, COUNT, p=[0.25, 0.25, 0.5]),
        rng.standard_normal((2, COUNT)),
    )
    assert normal.std() == pytest.approx(1.0, abs=0.01)
    assert np.bincount(share).tolist() == [256, 256, 512]
    assert np.bincount(rng.integers(4, size=COUNT)).tolist() == [256] * 4
    assert rng.uniform(2.0, 3.5, COUNT).mean() == pytest.approx(2.75, abs=1e-3)
    assert two.shape == (2, COUNT)


def test_calls_are_independent_of_each_other_and_of_their_number() -> None:
    """However many dimensions were asked for, and for another count, draws stay even and uncorrelated."""
    rng = even()
    columns = np.array([rng.random(COUNT) for _ in range(70)])
    assert np.abs(np.corrcoef(columns) - np.eye(70)).max() < 0.15
    assert np.histogram(columns[-1], 8, (0.0, 1.0))[0].tolist() == [128] * 8
    assert np.histogram(rng.random(400), 10, (0.0, 1.0))[0].tolist() == [40] * 10


def test_the_same_seed_draws_the_same_numbers() -> None:
    assert middle(even(5)) == middle(even(5)) != middle(even(6))
