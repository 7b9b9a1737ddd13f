"""What is learned from quiet rows: the healthy stretch, the scatter, the excursion expected once in a given time."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gumbel_r

from whipple.telemetry.state_quiet import extreme_limit, healthy_stretch, learn_quiet, middle_and_scatter, running_mean


def noise(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(n)


@pytest.mark.parametrize(
    ("concern", "fall_at", "kept"),
    [("low", 150, slice(0, 150)), ("high", 150, slice(150, 400)), ("either", 150, slice(0, 150))],
)
def test_of_two_levels_only_the_healthy_one_is_learned(concern: str, fall_at: int, kept: slice) -> None:
    value = 50.0 + 0.2 * noise(400)
    value[fall_at:] -= 4.0
    found = healthy_stretch(value, concern)
    assert abs(found.start - kept.start) <= 1
    assert abs(found.stop - kept.stop) <= 1


def test_a_small_step_or_a_slow_drift_splits_nothing() -> None:
    small = noise(400)
    small[200:] += 1.0
    assert healthy_stretch(small) == slice(0, 400)
    assert healthy_stretch(0.005 * np.arange(400.0) + noise(400)) == slice(0, 400)


def test_a_short_record_and_a_constant_one_are_kept_whole() -> None:
    assert healthy_stretch(np.r_[np.zeros(40), np.ones(40)]) == slice(0, 80)
    assert healthy_stretch(np.full(400, 7.0)) == slice(0, 400)


def test_the_limit_is_the_gumbel_quantile_of_the_block_maxima() -> None:
    excursion = np.abs(noise(400, 3))
    top = excursion.reshape(10, 40).max(axis=1)
    scale = top.std(ddof=1) * np.sqrt(6) / np.pi
    law = gumbel_r(loc=top.mean() - np.euler_gamma * scale, scale=scale)
    # ln(blocks) is the quantile of 1 - 1/blocks to first order
    assert extreme_limit(excursion, 90 * 40.0) == pytest.approx(law.ppf(np.exp(-1 / 90)), rel=1e-9)


def test_a_longer_spacing_never_lowers_the_limit() -> None:
    excursion = np.abs(noise(400, 4))
    limits = [extreme_limit(excursion, n) for n in (10.0, 400.0, 3600.0, 36000.0)]
    assert limits == sorted(limits)


def test_scatter_of_a_coarse_channel_is_not_zero() -> None:
    value = np.full(400, 32.0)
    value[::10] = 31.0
    middle, scatter = middle_and_scatter(value)
    assert middle == 32.0
    assert scatter == pytest.approx(0.5 * value.std())
    assert middle_and_scatter(np.zeros(10))[1] > 0


def test_running_mean_follows_its_recursion() -> None:
    value, mean, said = noise(50), 0.7, []
    for now in value:
        mean += 0.2 * (now - mean)
        said.append(mean)
    assert np.allclose(running_mean(value, 0.2, 0.7), said)


def test_the_smallest_change_that_matters_is_a_floor_of_the_limit() -> None:
    value = 100.0 + noise(400)
    quiet = learn_quiet(value, "low", 0.05)
    assert quiet.floor_ratio * quiet.scatter_ratio == pytest.approx(0.05 * quiet.middle_ratio)
    assert learn_quiet(value, "low", 0.0).floor_ratio < quiet.floor_ratio
