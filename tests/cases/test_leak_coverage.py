"""Does the leak room find the truth as often as it says? Simulated loops, truths drawn from the prior."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pytest

from whipple.casefile.findings.onset import LoopRecord
from whipple.casefile.given import Given
from whipple.leak.fit_quality import poor_fit
from whipple.leak.forward import LeakLaw
from whipple.leak.infer import gas_or_spring, weigh_stages
from whipple.leak.prior import POLYTROPIC, LoopPrior
from whipple.leak.record import Bins, gather
from whipple.leak.stage import Stage, facing
from whipple.leak.ways import ways_to_end
from whipple.physics.fluids import fluid

Shows = Literal["first hour", "draining", "emptied"]
ISOOCTANE = fluid("isooctane")
LOOPS = int(os.environ.get("WHIPPLE_LEAK_LOOPS", "40"))
NOISE_PA, STEP_PA, CADENCE_S = 1000.0, 2000.0, 10.0  # 10 mbar, 20 mbar, as the sheet's benchmark (3.5)
PRIOR = LoopPrior(
    "gas", ISOOCTANE, Given(0.70, 0.57, 0.83, ""), Given(0.97, 0.94, 1.0, ""), Given(6e-3, 3e-3, 12e-3, "m**3"),
    Given(25e-3, 15e-3, 40e-3, "m**3"), Given(44e-3, 40e-3, 48e-3, "m**3"), Given(3.0e5, 2.4e5, 3.6e5, "Pa"),
    Given(293.0, 291.0, 295.0, "K"), Given(0.0, -99.0, 99.0, "s"), Given(0.0, 0.0, 0.0, "Pa"), 20e-3,
)  # fmt: skip


@dataclass(frozen=True)
class Truth:
    law: LeakLaw
    onset_s: float
    diameter_m: float

    @property
    def length_m(self) -> float:
        return float(self.law.stiffness_volume_m3 / (self.law.discharge_ratio * self.law.area_m2))


def draw_truth(rng: np.random.Generator) -> Truth:
    """A loop drawn from the prior; a pushed volume above the inventory is drawn again."""

    def one(given: Given) -> float:
        return float(given.draw(rng, 1)[0])

    diameter, pushed, inventory = float(np.exp(rng.uniform(np.log(0.4e-3), np.log(1.6e-3)))), 1.0, 0.0
    while pushed >= inventory:
        pushed, inventory = one(PRIOR.pushed_volume), one(PRIOR.inventory)
    kelvin, area = one(PRIOR.temperature), np.pi / 4 * diameter**2
    law = LeakLaw(
        "gas", area, one(PRIOR.discharge), 0.97, ISOOCTANE.density_kg_m3(kelvin), one(PRIOR.pressure),
        ISOOCTANE.vapour_pressure_Pa(kelvin), inventory, pushed, one(PRIOR.gas_volume), one(POLYTROPIC), 1200.0,
    )  # fmt: skip
    return Truth(law, float(rng.uniform(-20.0, 20.0)), diameter)


def simulate(truth: Truth, rng: np.random.Generator, hours: float) -> LoopRecord:
    t_s = np.arange(-1800.0, hours * 3600.0, CADENCE_S)
    read = truth.law.pressure_at_Pa(t_s - truth.onset_s) + rng.normal(0.0, NOISE_PA, t_s.size)
    coded = np.round(read / STEP_PA) * STEP_PA
    sigma = np.full(t_s.size, np.hypot(NOISE_PA, STEP_PA / np.sqrt(12)))
    return LoopRecord("simulated", t_s, coded, sigma, np.full(t_s.size, 293.0), 0.0, True)


def quantiles(seed: int, hours: float) -> tuple[float, float, float, float]:
    """Where the truth falls among the draws, for K, onset and diameter, and the relative error of K's median."""
    rng = np.random.default_rng([seed, 7])
    truth = draw_truth(rng)
    bins = gather(simulate(truth, rng, hours), 0.0, 60.0)
    (found,) = weigh_stages([Stage("all", "", (), PRIOR, ())], bins, rng)
    law, scored = found.scored.law, found.scored
    length = law.stiffness_volume_m3 / (law.discharge_ratio * law.area_m2)
    ranks = [
        np.mean(length < truth.length_m),
        np.mean(scored.onset_s < truth.onset_s),
        np.mean(scored.diameter_m < truth.diameter_m),
    ]
    return (*(float(rank) for rank in ranks), float(np.median(length) / truth.length_m - 1))


def held(ranks: np.ndarray) -> float:
    return float(np.mean((ranks > 0.05) & (ranks < 0.95)))


@pytest.mark.slow
def test_intervals_hold_as_often_as_they_say() -> None:
    """Half with a record of one hour, half of eight. 88 to 92 % is asked of 90 % intervals; the few loops of a routine run can tell that
    only to their counting error, so the three quantities together are held to three of it. WHIPPLE_LEAK_LOOPS asks for more."""
    found = np.array([quantiles(seed, 1.0 if seed % 2 else 8.0) for seed in range(LOOPS)])
    shares = [held(found[:, column]) for column in range(3)]
    assert abs(np.mean(shares) - 0.9) <= 0.02 + 3 * np.sqrt(0.09 / (3 * LOOPS)), shares
    assert all(abs(share - 0.9) <= 0.02 + 3 * np.sqrt(0.09 / LOOPS) for share in shares), shares
    assert np.median(np.abs(found[:, 3])) < 0.02


def test_one_loop_is_found() -> None:
    """One fast seed: K within 2 % and the truth inside wide quantiles."""
    length, onset, diameter, error = quantiles(3, 8.0)
    assert abs(error) < 0.02
    assert all(0.002 < rank < 0.998 for rank in (length, onset, diameter))


@pytest.mark.slow
def test_a_spring_bellows_is_told_from_a_gas_charge() -> None:
    """A record made with a spring is given to the spring, one made with gas to the gas."""
    rng = np.random.default_rng(5)
    for kind, stiffness in (("gas", 6e-3), ("spring", 45e-3)):
        law = LeakLaw("gas", 5e-7, 0.7, 0.97, 692.0, 3e5, 5156.0, 44e-3, 30e-3, 6e-3, 1.0, 1200.0)
        made = Truth(LeakLaw(kind, *list(vars(law).values())[1:9], stiffness, 1.0, 1200.0), 0.0, 0.8e-3)  # type: ignore[arg-type]
        bins = gather(simulate(made, rng, 3.0), 0.0, 60.0)
        (found,) = weigh_stages([Stage("all", "", (), PRIOR, ())], bins, rng)
        kinds, _ = gas_or_spring(found, bins, rng)
        assert kinds[kind] > 0.99


def with_ms22_gauge(seed: int, shows: Shows) -> tuple[LeakLaw, Bins, Stage, np.random.Generator]:
    """Law, record in bins and prior of a loop whose gauge is off by up to 16 mbar (90 %) and reads nothing below zero, with liquid of 283 to
    303 K, which is 30 to 83 mbar of vapour. The record shows the first hour, or ends while the loop drains, or after it is empty."""
    rng, kelvin = np.random.default_rng([seed, 4711]), 283.0 + 5.0 * (seed % 5)
    truth = draw_truth(rng)
    density, vapour = float(ISOOCTANE.density_kg_m3(kelvin)), float(ISOOCTANE.vapour_pressure_Pa(kelvin))
    law = replace(truth.law, density_kg_m3=density, vapour_pressure_Pa=vapour)
    stop_s, last_s = float(law.driven_s), 3600.0
    if shows == "draining":
        last_s = stop_s + rng.uniform(0.3, 0.8) * (float(law.empty_s) - stop_s)
    elif shows == "emptied":
        last_s = float(law.empty_s) + rng.uniform(1800.0, 9000.0)
    t_s = np.arange(-3600.0, last_s, 20.0)
    read = law.pressure_at_Pa(t_s - truth.onset_s) + rng.normal(0.0, 1600 / 1.645) + rng.normal(0.0, NOISE_PA, t_s.size)
    coded = np.maximum(np.round(read / STEP_PA) * STEP_PA, 0.0)
    sigma = np.full(t_s.size, np.hypot(NOISE_PA, STEP_PA / np.sqrt(12)))
    record = LoopRecord("simulated", t_s, coded, sigma, np.full(t_s.size, kelvin), 1600 / 1.645, True)
    given = Given(kelvin, kelvin - 2.0, kelvin + 2.0, "K"), Given(0.0, -1600.0, 1600.0, "Pa")
    prior = replace(PRIOR, temperature=given[0], bias=given[1])
    return law, gather(record, 0.0, 60.0), Stage("all", "", (), prior, ()), rng


def told(seed: int, shows: Shows) -> tuple[bool, float, bool]:
    """Whether the time to empty is inside its interval, the share of the answer that is empty by the last reading, and whether the law fits."""
    law, bins, stage, rng = with_ms22_gauge(seed, shows)
    (found,) = weigh_stages([stage], bins, rng)
    lasts = np.ravel(found.scored.law.empty_s)
    over = float(np.mean(np.ravel(found.scored.onset_s) + lasts < bins.to_s[-1]))
    return bool(0.05 < np.mean(lasts < float(law.empty_s)) < 0.95), over, poor_fit([found], bins) is None


@pytest.mark.slow
def test_draining_is_told_from_empty_with_gauges_that_are_off() -> None:
    """At 283 K every draining loop was called empty before the record's own tail was what counts, and at 293 K two in three. One loop a
    temperature; WHIPPLE_LEAK_LOOPS asks for more."""
    count = LOOPS // 8
    draining, emptied = (np.array([told(seed, shows) for seed in range(count)]) for shows in ("draining", "emptied"))
    assert np.all(draining[:, 1] < 0.5), draining[:, 1]
    assert np.mean(emptied[:, 1] > 0.5) >= 0.9
    assert draining[:, 0].mean() >= 0.88 - 3 * np.sqrt(0.09 / count)
    assert emptied[:, 0].mean() >= 0.88 - 3 * np.sqrt(0.09 / count)


@pytest.mark.slow
def test_the_first_hour_is_held_and_fits() -> None:
    """Of 300 such loops 20 ended at a wrong optimum, and 10 of them at one that no record could have come from (seeds 103 to 112: two)."""
    count = LOOPS // 4
    held_, _, fits = np.array([told(seed, "first hour") for seed in range(103, 103 + count)]).T
    assert fits.all()
    assert held_.mean() >= 0.88 - 3 * np.sqrt(0.09 / count)


@pytest.mark.parametrize("seed", [110, 197, 269])
def test_no_search_ends_where_the_record_denies_it(seed: int) -> None:
    """The accumulator still pushes at the last reading (110, 197), or stops between two single samples (269): chi-square 3000 to 16 000 for 75
    bins, where searches could step over the stop of a law and never back."""
    law, bins, stage, _ = with_ms22_gauge(seed, "first hour")
    best = ways_to_end(stage, bins)[0]
    found = facing(stage, bins, best.seen).prior.scored(best.fits[:1])
    assert best.misfit < 1.5 * len(bins.pressure_Pa)
    assert (float(law.driven_s) > bins.to_s[-1]) == (float(np.ravel(found.law.driven_s)[0]) > bins.to_s[-1])
