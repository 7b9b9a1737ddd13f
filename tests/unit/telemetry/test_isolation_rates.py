"""How fast the leak may be: a wide range without a measurement, about the watch's rate with one."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.onset import Onset, WatchEvent
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.telemetry.isolation_plant import plant_of
from whipple.telemetry.isolation_rates import rate_grid_m3_s, rate_prior_nat, top_rate_m3_s
from whipple.telemetry.isolation_readings import measured_rate
from whipple.telemetry.isolation_simulate import ring_loop

PLANT = plant_of(ring_loop())
LEAK = {"rate_percent_h": 0.72, "rate_low_percent_h": 0.7, "rate_high_percent_h": 0.75}


def onset(*events: WatchEvent, rate: Estimate | None = None) -> Onset:
    none = np.zeros(0)
    return Onset(None, None, none, none, {}, None, (), (), True, "", watch=events, watch_rate_per_s=rate)


def test_the_fastest_leak_empties_the_accumulator_in_a_minute_or_is_the_whole_bore() -> None:
    rate, gas, pushed = top_rate_m3_s(PLANT), 4.4e-3, 4e-3
    assert (1 + 1.5 * rate * 60 / gas) ** (2 / 3) == pytest.approx((gas + pushed) / gas)
    bore = plant_of(ring_loop().model_copy(update={"pipe_m": Given(1e-3, 1e-3, 1e-3, "m")}))
    assert top_rate_m3_s(bore) == pytest.approx(np.pi / 4e6 * np.sqrt(2 * 3e5 / PLANT.density_kg_m3))


def test_a_fast_leak_of_the_soyuz_kind_is_inside() -> None:
    """0.8 mm, Cd 0.61, 3.04 bar (leak_and_dynamics.md 3.3): 0.74 inventories of 44 L an hour."""
    rate = 0.61 * np.pi / 4 * 0.8e-3**2 * np.sqrt(2 * 3.04e5 / 692.0)
    grid = rate_grid_m3_s(PLANT)
    assert grid[0] < rate < grid[-1] / 5


def test_rates_are_alike_in_the_middle_and_rarer_outside() -> None:
    grid = rate_grid_m3_s(PLANT)
    nat = rate_prior_nat(PLANT, grid)
    percent = grid * 3600 / 44e-3
    assert np.exp(nat).sum() == pytest.approx(1.0)
    assert np.ptp(nat[(percent > 2e-4) & (percent < 0.3)]) < 1e-12
    assert nat[-1] - nat[200] == pytest.approx(-np.log(percent[-1] / 0.3))


@pytest.mark.parametrize(
    ("low", "median", "high"), [(1e-9, 2e-9, 3e-9), (1e-2, 2e-2, 3e-2), (0.0, 2e-6, 4e-6), (2e-6, 2e-6, 2e-6)]
)
def test_a_measured_rate_is_always_inside_the_range(low: float, median: float, high: float) -> None:
    told = Estimate(median, low, high, "1/s")
    grid = rate_grid_m3_s(PLANT, told)
    prob = np.exp(rate_prior_nat(PLANT, grid, told))
    assert grid[0] < median * 44e-3 < grid[-1]
    assert prob.sum() == pytest.approx(1.0)
    assert prob[np.argmin(np.abs(grid - median * 44e-3))] > 0.95 * prob.max()


def test_a_measured_rate_may_be_wrong() -> None:
    """One in twenty goes to the wide range: a rate ten times as fast stays alive."""
    told = Estimate(2e-6, 1.9e-6, 2.1e-6, "1/s")
    grid = rate_grid_m3_s(PLANT, told)
    far = np.abs(np.log(grid / (2e-6 * 44e-3))) > 1.5
    assert 0.02 < np.exp(rate_prior_nat(PLANT, grid, told))[far].sum() < 0.05


def test_a_rate_that_is_none_is_refused() -> None:
    with pytest.raises(RangeError, match="leak rate = 0 1/s, expected more than 0"):
        rate_grid_m3_s(PLANT, Estimate(0.0, 0.0, 1e-6, "1/s"))


def test_the_rate_is_that_of_the_loop_that_the_watch_calls_leaking() -> None:
    leak = WatchEvent(100.0, "leak", "external", "", LEAK)
    assert measured_rate(onset(leak), "external") == Estimate(
        2e-6, LEAK["rate_low_percent_h"] / 3.6e5, LEAK["rate_high_percent_h"] / 3.6e5, "1/s"
    )
    assert measured_rate(onset(leak), "internal") is None
    changed = onset(leak, WatchEvent(9e3, "rate changed", "external", ""))
    assert measured_rate(changed, "external") == measured_rate(
        onset(leak), "external"
    )  # the rate at first: what came later is another matter
    rate = Estimate(1e-6, 1e-7, 2e-6, "1/s")
    assert measured_rate(onset(rate=rate), "external", alone=True) == rate
    assert measured_rate(onset(rate=rate), "external") is None
