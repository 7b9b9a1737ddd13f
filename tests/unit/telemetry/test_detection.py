"""The parts of the detector: noise, compensation, alarm, posterior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from whipple.casefile.read_channels import Channel
from whipple.errors import EvidenceError
from whipple.telemetry.alarm import cusum, watch
from whipple.telemetry.compensate import learn_compensation, thermal_features_K
from whipple.telemetry.loop_signal import LoopSignal, gather_loop
from whipple.telemetry.models.page_1954 import average_run_length, threshold_for
from whipple.telemetry.noise import Noise, fit_noise, reading_step
from whipple.telemetry.onset_posterior import onset_posterior

Make = Callable[..., LoopSignal]


def test_noise_is_split_into_white_and_wandering() -> None:
    rng = np.random.default_rng(3)
    slow, phi = np.zeros(8000), np.exp(-10 / 300)
    for i in range(1, slow.size):
        slow[i] = phi * slow[i - 1] + rng.normal(0, 3.0 * np.sqrt(1 - phi**2))
    found = fit_noise(slow + rng.normal(0, 2.0, slow.size), 10.0, 0.01)
    assert found.white_Pa == pytest.approx(2.0, rel=0.1)
    assert found.slow_Pa == pytest.approx(3.0, rel=0.25)
    assert found.memory_s == pytest.approx(300.0, rel=0.5)


def test_a_dead_signal_is_never_credited_with_less_than_its_rounding() -> None:
    assert fit_noise(np.zeros(500), 10.0, 5.0).white_Pa >= 5.0


def test_memory_widens_sums() -> None:
    assert Noise(1.0, 1.0, 500.0).inflation(10.0) > Noise(1.0, 1.0, 50.0).inflation(10.0) > 1.0


def test_reading_step_of_an_unrounded_signal_is_zero() -> None:
    assert reading_step(np.random.default_rng(1).normal(size=300)) == 0.0


def test_temperature_with_a_lag_is_taken_out() -> None:
    t_s = np.arange(0.0, 20 * 3600, 20.0)
    warm = 293 + np.sin(2 * np.pi * t_s / 5560) + 0.4 * np.sin(2 * np.pi * t_s / 17000)
    lagged = thermal_features_K(t_s, warm)[:, 3]
    law = learn_compensation(t_s, 3e5 + 2700 * (warm - 293) + 1000 * (lagged - 293), warm, t_s < 12 * 3600)
    assert law.residual_Pa.std() < 0.05 * 2000
    assert law.explained_Pa.std() > 1500


def test_without_a_thermometer_only_the_mean_goes() -> None:
    p = np.array([1.0, 3.0, 2.0, 8.0])
    law = learn_compensation(np.arange(4.0), p, None, np.array([True, True, True, False]))
    assert law.residual_Pa.tolist() == [-1.0, 1.0, 0.0, 6.0]


def test_the_sum_saturates_where_told() -> None:
    up, _ = cusum(np.full(50, 3.0), 0.5, 4.0)
    assert up.max() == 4.0


def test_a_longer_time_between_false_alarms_needs_a_higher_limit() -> None:
    limits = [threshold_for(n, 0.5) for n in (1e3, 1e4, 1e5, 1e6)]
    assert limits == sorted(limits)
    assert average_run_length(0.5, limits[2], sides=2) == pytest.approx(1e5, rel=1e-3)


def test_the_alarm_is_causal(simulated_loop: Make) -> None:
    whole = simulated_loop(5, onset_s=-367.0)
    heard = watch(whole)
    assert heard.alarm is not None
    cut = heard.alarm + 1
    earlier = LoopSignal(
        whole.name, whole.t_s[:cut], whole.pressure_Pa[:, :cut], whole.temperature_K[:cut], whole.step_Pa
    )
    assert watch(earlier).alarm == heard.alarm


def test_a_fast_leak_is_announced_within_two_minutes_and_dated_to_seconds(simulated_loop: Make) -> None:
    loop = simulated_loop(6, onset_s=-367.0)
    heard = watch(loop)
    assert 0 < loop.t_s[heard.alarm] + 367.0 < 120.0
    when = onset_posterior(loop, heard)
    assert abs(when.onset_s.median + 367.0) < 5.0
    assert when.onset_s.high - when.onset_s.low < 8.0
    assert when.sudden_over_slow_nat > 3
    assert when.decay_over_step_nat > 3


def test_the_density_of_the_onset_is_a_density(simulated_loop: Make) -> None:
    loop = simulated_loop(7, hole_m=0.3e-3)
    when = onset_posterior(loop, watch(loop))
    assert np.trapezoid(when.density_per_s, when.t_s) == pytest.approx(1.0, abs=0.02)
    assert (when.density_per_s >= 0).all()


def test_a_quiet_loop_stays_quiet(simulated_loop: Make) -> None:
    heard = watch(simulated_loop(8, hole_m=0.0))
    assert heard.alarm is None
    assert heard.score.max() < heard.limit


def test_a_rise_is_dated_too(simulated_loop: Make) -> None:
    loop = simulated_loop(9, hole_m=0.0)
    rise = 40.0 * np.maximum(loop.t_s - 1000.0, 0.0)
    loop = replace(loop, pressure_Pa=np.round((loop.pressure_Pa + rise) / 2000) * 2000)
    heard = watch(loop)
    assert heard.sign > 0
    assert abs(onset_posterior(loop, heard).onset_s.median - 1000.0) < 60


def channel(name: str, t_s: np.ndarray, value: np.ndarray, unit: str = "bar") -> Channel:
    return Channel(name, t_s, value, unit, False)


def test_sensors_with_their_own_clocks_are_matched() -> None:
    fine, coarse = np.arange(0.0, 2000.0, 10.0), np.arange(5.0, 2000.0, 30.0)
    loop = gather_loop("x", [channel("a", fine, 3 + fine / 1e4), channel("b", coarse, 3 + coarse / 1e4)], [])
    assert loop.bridged
    assert np.allclose(loop.pressure_Pa[0], loop.pressure_Pa[1])
    assert loop.t_s[0] == 10.0


def test_long_gaps_are_not_bridged() -> None:
    fine = np.arange(0.0, 2000.0, 10.0)
    holed = fine[(fine < 500) | (fine > 900)]
    loop = gather_loop(
        "x", [channel("a", fine, np.full(fine.size, 3.0)), channel("b", holed, np.full(holed.size, 3.0))], []
    )
    assert not ((loop.t_s > 500) & (loop.t_s < 900)).any()


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(EvidenceError, match="40 common samples"):
        gather_loop("x", [channel("a", np.arange(10.0), np.ones(10))], [])
