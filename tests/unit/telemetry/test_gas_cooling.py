"""A gas that cools by its own expansion: the simulated loop, the learned law, the lines through the readings, the time that is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from whipple.errors import EvidenceError
from whipple.telemetry.emptying import until_lost_s
from whipple.telemetry.gas_cooling import begun_ratio, cooling_s, expanding_K
from whipple.telemetry.gas_law import GasLaw, LoopFacts, learn_gas_law
from whipple.telemetry.leak_bank import Reading, new_bank, stack_laws, step_bank
from whipple.telemetry.leak_posterior import leak_posterior, weighted_quantiles
from whipple.telemetry.leak_window import Binned, Window, fallen_ratio
from whipple.telemetry.rate_lines import Straight, grown_ratio, lost_ratio, straight_lines
from whipple.telemetry.simulate import Leak, Plant, simulate_loop

FACTS = LoopFacts()
COVARIANCE = np.diag([1e-8, 1e-5, 1e-3, 1e-5])
LAW = GasLaw(3e5, 0.0132, 1500.0, np.zeros(3), 400.0, 293.0, np.zeros(4), 0.0, 0.007, 0.1, np.zeros(2), COVARIANCE, 0.4)  # fmt: skip
STILL = replace(Plant(), swing_K=(0.0, 0.0), walk_K=0.0, heat_ratio=1.4, pushed_m3=40e-3)


def balance(rate_per_s: float, until_s: float):
    """Volume and temperature of the gas over those at charge, by the differential equations of an orifice and of the heat of the gas."""

    def slope(_, y):
        volume, warm = y
        grows = rate_per_s * np.sqrt(warm / volume)
        return [grows, (1 - warm) / 1500.0 - 0.4 * warm * grows / volume]

    return solve_ivp(slope, [0, until_s], [1.0, 1.0], rtol=1e-9, atol=1e-11, dense_output=True).sol


@pytest.mark.parametrize("rate_kg_s", [8.4e-4, 8.4e-3])
def test_the_simulated_gas_keeps_its_energy(rate_kg_s: float) -> None:
    made = simulate_loop(0.1, seed=1, plant=STILL, leak=Leak(2000.0, rate_kg_s, "orifice"))
    after = (made.t_s >= 2000.0) & (made.t_s <= 6000.0)
    rate = rate_kg_s / STILL.density_kg_m3 / STILL.gas_m3
    volume, warm = balance(rate, 4000.0)(made.t_s[after] - 2000.0)
    assert 1 + made.lost_kg[after] / STILL.density_kg_m3 / STILL.gas_m3 == pytest.approx(volume, rel=1e-5)
    assert made.gas_K[after] == pytest.approx(293.0 * warm, abs=2e-3)
    assert made.gas_K[after].min() < 285.0


def test_a_gas_at_one_keeps_what_the_sheet_says_of_it() -> None:
    warm = simulate_loop(0.2, seed=2, leak=Leak(3000.0, 1e-4))
    cool = simulate_loop(0.2, seed=2, plant=replace(Plant(), heat_ratio=1.4), leak=Leak(3000.0, 1e-4))
    assert np.array_equal(warm.lost_kg, cool.lost_kg)
    assert np.array_equal(warm.liquid_K, cool.liquid_K)
    assert warm.true_Pa[-1] > cool.true_Pa[-1]


def test_between_warm_and_adiabatic() -> None:
    lost = np.array([0.0, 1.0])
    slow, quick = (expanding_K(LAW, FACTS, np.full(2, 293.0), lost, (293.0, 1.0, step)) for step in (1e7, 1e-3))
    assert slow[1] == pytest.approx(293.0, rel=1e-3)
    assert quick[1] == pytest.approx(293.0 / 2**0.4, rel=1e-6)
    assert begun_ratio(LAW, 0.0, 1e-4) == 1.0
    assert begun_ratio(LAW, 10.0, 1e-4 * 11) == pytest.approx(1 / (1 + 1e-4 * 600.0), rel=1e-2)
    assert cooling_s(replace(LAW, cools_ratio=0.0), np.array([50.0])) == 0.0


def test_a_quiet_day_shows_how_the_gas_answers() -> None:
    plant = replace(Plant(), heat_ratio=1.4)
    loop = simulate_loop(1.0, seed=7, plant=plant)
    law = learn_gas_law(loop.t_s, loop.value[:3], loop.value[3:5], FACTS)
    sigma = np.sqrt(np.diag(law.known_ratio2))
    assert abs(law.cools_ratio - 0.4) < 3 * sigma[3] < 0.05
    assert abs(np.log(law.lag_s / 1500.0)) < 3 * sigma[2] < 0.4
    assert abs(law.couple_per_K / 0.0132 - 1) < 3 * sigma[1] < 0.04


def leaking(rate_per_s: float, seed: int = 1) -> tuple[Window, np.ndarray]:
    """Five hours of readings of an orifice two hours old at the first of them, a gas that cools, and what has gone."""
    rng, t_s = np.random.default_rng(seed), np.arange(0.0, 6 * 3600.0, 10.0)
    liquid = np.full(t_s.size, 293.0)
    window, onset = Window(t_s, liquid, liquid, np.zeros((3, t_s.size))), 3600.0
    binned = Binned(window, LAW, FACTS)
    lost = fallen_ratio("orifice", np.array(rate_per_s), t_s - onset)
    for _ in range(6):
        binned.wind(lost)
        lost = fallen_ratio(
            "orifice",
            np.array(rate_per_s),
            binned.at_clock("orifice", t_s) - binned.at_clock("orifice", np.array(onset)),
        )
    read = binned.lost_Pa(lost) + rng.normal(0, 400.0, (3, t_s.size))
    return replace(window, pressure_Pa=np.round(read / FACTS.step_Pa) * FACTS.step_Pa), lost


def later(window: Window, first: int) -> Window:
    """From a step on."""
    cut = slice(first, None)
    return Window(window.t_s[cut], window.liquid_K[cut], window.gas_K[cut], window.pressure_Pa[:, cut], float(first))


@pytest.mark.parametrize("rate_per_s", [3e-6, 1e-4])
def test_onset_and_rate_of_a_leak_that_cools_its_gas(rate_per_s: float) -> None:
    window, _ = leaking(rate_per_s)
    post = leak_posterior(window, LAW, FACTS, (3900.0, 1.3 * rate_per_s))
    warm = leak_posterior(
        window, replace(LAW, cools_ratio=0.0, known_ratio2=1e-8 * np.eye(4)), FACTS, (3900.0, 1.3 * rate_per_s)
    )
    low, high = weighted_quantiles(post.onset_s, post.weight_prob, np.array([0.005, 0.995]))
    assert low < 3600.0 < high
    assert float(post.rate_per_s @ post.weight_prob) == pytest.approx(rate_per_s, rel=0.03)
    assert float(warm.onset_s @ warm.weight_prob) < low - 20.0  # a gas taken to keep its warmth dates it early
    if rate_per_s > 1e-5:  # a slow one is as likely under either: only what was learned while quiet tells
        assert post.best_nat > warm.best_nat + 5


def test_the_line_of_a_fast_leak_is_straight_and_answers_as_the_pressure_does() -> None:
    window, lost = leaking(1e-4)
    window, lost = later(window, 720), lost[720:]
    straight = Straight(window, LAW, FACTS)
    straight.read(lost)
    binned, grown = straight.binned, grown_ratio("orifice", straight.binned.mean(lost))
    bump = 1e-5 * np.exp(-(((straight.t_s - straight.t_s[40]) / 3000.0) ** 2))
    moved = binned.binned_Pa(lost_ratio("orifice", grown + bump)) - binned.binned_Pa(lost_ratio("orifice", grown))
    told = straight._fall_Pa("orifice", bump)
    assert told[35:90] == pytest.approx(moved[35:90], rel=0.01, abs=0.01 * np.abs(moved).max())
    lines = straight_lines(window, LAW, FACTS, 0.9 * lost)
    assert lines["orifice"].mean[1] == pytest.approx(1e-4, rel=0.01)
    assert lines["orifice"].level_nat > lines["constant"].level_nat + 50


@pytest.mark.parametrize("rate_per_s", [1e-4, 1e-2])
def test_the_time_left_is_that_of_a_gas_that_cools(rate_per_s: float) -> None:
    left = float(until_lost_s(rate_per_s, 0.0, 1.0, 2.0, 0.01, (0.4, 1500.0)))
    assert balance(rate_per_s, 2 * left)(left)[0] == pytest.approx(2.0, rel=1e-3)
    assert left > float(until_lost_s(rate_per_s, 0.0, 1.0, 2.0, 0.01))


def test_a_liquid_said_to_be_hotter_than_the_gas_allows_leaves_the_bank_finite() -> None:
    laws, bank = stack_laws([LAW], FACTS), new_bank([LAW], FACTS, 0.0, np.full(1, 293.0), np.full(1, 293.0))
    for warm_K in (9999.0, 500.0, 0.0, 293.0):
        bank, said = step_bank(bank, laws, FACTS, Reading(np.full((1, 2), warm_K), np.full((1, 3), 3e5)))
        assert np.isfinite(bank.gas_K).all()
        assert np.isfinite(said.level_nat).all()


def test_an_hour_without_thermometers_does_not_spoil_what_is_learned() -> None:
    made = simulate_loop(0.5, seed=930004, plant=Plant(heat_ratio=1.3))
    warm = made.value[3:5].copy()
    warm[:, 1800:2160] = np.nan
    law = learn_gas_law(made.t_s, made.value[:3], warm, FACTS)
    assert law.couple_per_K == pytest.approx(0.0132, rel=0.05)
    assert law.lag_s == pytest.approx(1500.0, rel=0.2)


def test_thermometers_that_never_move_are_told_in_words() -> None:
    made = simulate_loop(0.2, seed=930005, plant=Plant(heat_ratio=1.3))
    with pytest.raises(EvidenceError, match="thermometers that scatter"):
        learn_gas_law(made.t_s, made.value[:3], np.full((2, made.t_s.size), 293.0), FACTS)
