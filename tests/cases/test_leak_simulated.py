"""What the issue asks of simulated MS-22 telemetry (10 s, 10 mbar noise, 20 mbar steps), made by the builder's own march, not by our law.

The builder lets the liquid swing with the orbit (0.8 K and 0.3 K of its second harmonic, and a slow walk), the gas of the accumulator
follow late and unmeasured, and the thermometers read in steps of 0.3 K. Truths are drawn from the prior.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from whipple.casefile.findings.onset import LoopRecord
from whipple.casefile.given import Given
from whipple.leak.forward import LeakLaw
from whipple.leak.infer import Weighed, gas_or_spring, weigh_stages
from whipple.leak.prior import POLYTROPIC, LoopPrior, Scored
from whipple.leak.record import Bins, gather
from whipple.leak.stage import Stage
from whipple.leak.terms import Term
from whipple.physics.fluids import fluid

LOOPS = int(os.environ.get("WHIPPLE_LEAK_LOOPS", "40"))
ISOOCTANE, NOISE_PA, STEP_PA = fluid("isooctane"), 1000.0, 2000.0
PRIOR = LoopPrior(
    "gas", ISOOCTANE, Given(0.70, 0.57, 0.83, ""), Given(0.97, 0.94, 1.0, ""), Given(6e-3, 3e-3, 12e-3, "m**3"),
    Given(25e-3, 15e-3, 40e-3, "m**3"), Given(44e-3, 40e-3, 48e-3, "m**3"), Given(3.0e5, 2.4e5, 3.6e5, "Pa"),
    Given(293.0, 291.0, 295.0, "K"), Given(0.0, -99.0, 99.0, "s"), Given(0.0, 0.0, 0.0, "Pa"), 20e-3,
)  # fmt: skip
#: MS-22 with hardly anything known of volumes: what a datum adds, it adds here.
VAGUE = replace(
    PRIOR, gas_volume=Given(6e-3, 0.5e-3, 60e-3, ""), pushed_volume=Given(35e-3, 10e-3, 60e-3, ""), inventory=Given(44e-3, 4e-3, 400e-3, "")
)  # fmt: skip


@cache
def builder() -> ModuleType:
    path = Path(__file__).parents[2] / "builders" / "make_ms22_channels.py"
    spec = importlib.util.spec_from_file_location("make_ms22_channels_for_leak", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Setting:
    """How long the record is quiet and runs on, and whether temperature swings."""

    quiet_h: float = 2.0
    hours: float = 6.0
    swing: bool = False


def record(seed: int, setting: Setting, **truth: float) -> LoopRecord:
    moving = {} if setting.swing else {"swing_K": (0.0, 0.0), "walk_K": 0.0}
    whole = builder().Truth(
        temperature_K=293.0, pressure_bias_Pa=0.0, pressure_noise_Pa=NOISE_PA, pressure_step_Pa=STEP_PA, cadence_s=10.0,
        start_s=-setting.quiet_h * 3600, end_s=setting.hours * 3600, **moving, **truth,
    )  # fmt: skip
    made = builder().simulate_loop(whole, seed)
    warm = (made["temperature_1_K"] + made["temperature_2_K"]) / 2
    sigma = np.full(warm.size, np.hypot(NOISE_PA, STEP_PA / np.sqrt(12)))
    return LoopRecord("simulated", made["t_s"], made["pressure_1_Pa"], sigma, warm, 0.0, True)


def weigh(seed: int, made: LoopRecord, prior: LoopPrior = PRIOR, terms: tuple[Term, ...] = ()) -> tuple[Weighed, Bins]:
    bins = gather(made, 0.0, 60.0)
    prior = replace(prior, pressure=Given(bins.quiet_Pa, 0.8 * bins.quiet_Pa, 1.2 * bins.quiet_Pa, "Pa"))
    (found,) = weigh_stages([Stage("all", "", (), prior, terms)], bins, np.random.default_rng([seed, 1]))
    return found, bins


def length_m(found: Weighed) -> np.ndarray:
    law = found.scored.law
    return np.ravel(law.stiffness_volume_m3 / (law.discharge_ratio * law.area_m2))


def drawn(rng: np.random.Generator) -> dict[str, float]:
    """A loop drawn from the prior; a pushed volume above the inventory is drawn again."""

    def one(given: Given) -> float:
        return float(given.draw(rng, 1)[0])

    pushed, inventory = 1.0, 0.0
    while pushed >= inventory:
        pushed, inventory = one(PRIOR.pushed_volume), one(PRIOR.inventory)
    return {
        "onset_s": float(rng.uniform(-20, 20)), "hole_m": float(np.exp(rng.uniform(np.log(0.4e-3), np.log(1.6e-3)))),
        "discharge_ratio": one(PRIOR.discharge), "inventory_m3": inventory, "pressure_Pa": one(PRIOR.pressure),
        "gas_m3": one(PRIOR.gas_volume), "exponent_ratio": one(POLYTROPIC), "pushed_m3": pushed,
    }  # fmt: skip


def true_law(truth: dict[str, float]) -> LeakLaw:
    area = np.pi / 4 * truth["hole_m"] ** 2
    return LeakLaw(
        "gas", area, truth["discharge_ratio"], 0.97, ISOOCTANE.density_kg_m3(293.0), truth["pressure_Pa"],
        ISOOCTANE.vapour_pressure_Pa(293.0), truth["inventory_m3"], truth["pushed_m3"], truth["gas_m3"], truth["exponent_ratio"], 1200.0,
    )  # fmt: skip


def ranks(seed: int, setting: Setting) -> tuple[float, float, float, float]:
    """Where the truth falls among the draws: K, onset, diameter, time to empty (by the closed form)."""
    truth = drawn(np.random.default_rng([seed, 13]))
    found, _ = weigh(seed, record(seed, setting, **truth))
    area = truth["discharge_ratio"] * np.pi / 4 * truth["hole_m"] ** 2
    scored = found.scored
    return (
        float(np.mean(length_m(found) < truth["gas_m3"] / area)),
        float(np.mean(scored.onset_s < truth["onset_s"])),
        float(np.mean(scored.diameter_m < truth["hole_m"])),
        float(np.mean(np.ravel(scored.law.empty_s) < float(true_law(truth).empty_s))),
    )


@pytest.mark.slow
def test_intervals_hold_over_many_loops() -> None:
    """Half with the temperature swing (12 h quiet), half without (2 h), records of 1 h and 8 h: 88 to 92 % is asked of 90 % intervals.
    A routine run takes 40 loops and holds them to three counting errors; WHIPPLE_LEAK_LOOPS=500 asks what the issue asks (last
    measured: docs/theory/leak.md)."""
    settings = (Setting(12.0, 1.0, True), Setting(12.0, 8.0, True), Setting(2.0, 1.0), Setting(2.0, 8.0))
    found = np.array([ranks(seed, settings[seed % 4]) for seed in range(LOOPS)])
    shares = np.mean((found > 0.05) & (found < 0.95), axis=0)
    assert abs(shares.mean() - 0.9) <= 0.02 + 3 * np.sqrt(0.09 / (4 * LOOPS)), shares
    assert np.all(np.abs(shares - 0.9) <= 0.02 + 3 * np.sqrt(0.09 / LOOPS)), shares


def near(rng: np.random.Generator, value: float, quality: float) -> Given:
    """A measurement of a true value, good to this share (90 %)."""
    middle = value * np.exp(rng.normal(0.0, quality / 1.645))
    return Given(middle, middle / (1 + quality), middle * (1 + quality), "")


@pytest.mark.slow
def test_time_to_empty_holds_where_the_end_is_not_seen() -> None:
    """Inventory to 3 %, thrust to 5 %, the first fifth of the record: the posterior is a bent ridge in times, none in volumes."""
    inside = []
    for seed in range(LOOPS):
        rng = np.random.default_rng([seed, 37])
        truth = drawn(rng)
        law = true_law(truth)
        empty_s, thrust = float(law.empty_s), near(rng, float(law.thrust_at_onset_N), 0.05).value
        made = record(seed, Setting(2.0, 0.2 * empty_s / 3600), **truth)
        prior = replace(
            PRIOR, gas_volume=Given(6e-3, 1.2e-3, 30e-3, ""), inventory=near(rng, truth["inventory_m3"], 0.03)
        )
        terms = (Term("thrust", "", (), partial(_off, thrust)),)
        found, _ = weigh(seed, made, prior, terms)
        lasts, size = np.ravel(found.scored.law.empty_s), found.scored.diameter_m
        inside.append([0.05 < np.mean(lasts < empty_s) < 0.95, 0.05 < np.mean(size < truth["hole_m"]) < 0.95])
    shares = np.mean(inside, axis=0)
    assert np.all(np.abs(shares - 0.9) <= 0.02 + 3 * np.sqrt(0.09 / LOOPS)), shares


def _off(thrust_N: float, scored: Scored) -> np.ndarray:
    return np.ravel(np.log(scored.law.thrust_at_onset_N / thrust_N) / (0.05 / 1.645))


def half_width(values: np.ndarray, share: float = 0.9) -> float:
    low, middle, high = np.quantile(values, [(1 - share) / 2, 0.5, (1 + share) / 2])
    return float((high - low) / 2 / middle)


def ms22(seed: int, setting: Setting, prior: LoopPrior, terms: tuple[Term, ...] = ()) -> tuple[Weighed, Bins]:
    return weigh(seed, record(seed, setting, onset_s=3.0 + seed, discharge_ratio=0.7), prior, terms)


def test_ms22_is_sized_as_asked() -> None:
    """Onset 95 % interval at most 4 s; K within 2 %, with 90 % half-width below 2 %; diameter within 5 % with one datum; 10 s."""
    begun = time.process_time()
    found, bins = ms22(1, Setting(), VAGUE)
    gas_or_spring(found, bins, np.random.default_rng(1))
    assert time.process_time() - begun < 10.0
    onset = np.quantile(found.scored.onset_s, [0.025, 0.975])
    assert onset[1] - onset[0] <= 4.0
    assert onset[0] - 1 <= 4.0 <= onset[1] + 1
    assert half_width(length_m(found)) <= 0.02
    assert np.median(length_m(found)) == pytest.approx(6e-3 / (0.7 * np.pi / 4 * 0.8e-3**2), rel=0.02)
    assert half_width(found.scored.diameter_m) > 0.2  # pressure alone does not give it


@pytest.mark.parametrize("datum", ["inventory", "picture"])
def test_one_absolute_datum_gives_the_diameter(datum: str) -> None:
    """An inventory (3 %) whose end the record shows gives Cd A to 5 %: the diameter to 5 % where Cd is known to 4 %. A picture (5 %)
    gives it whatever Cd is."""
    terms: tuple[Term, ...] = ()
    prior = replace(VAGUE, discharge=Given(0.7, 0.67, 0.73, ""), inventory=Given(44e-3, 42.7e-3, 45.3e-3, ""))
    if datum == "picture":
        prior = VAGUE
        terms = (Term("picture", "", (), lambda scored: np.log(np.ravel(scored.diameter_m) / 0.8e-3) / 0.03),)
    found, _ = ms22(2, Setting(), prior, terms)
    assert half_width(found.scored.diameter_m) <= 0.05
    assert np.median(found.scored.diameter_m) == pytest.approx(0.8e-3, rel=0.05)


@pytest.mark.slow
def test_time_to_empty_from_the_first_fifth() -> None:
    """Within 5 % from the first 20 % of the record. Condition: the accumulator's gas and stroke and the inventory are known to 2 %, and it
    pushes most of the liquid (here 40 of 44 L): otherwise the end is not in the first fifth, and the interval says so."""
    known = replace(
        PRIOR, gas_volume=Given(6e-3, 5.88e-3, 6.12e-3, ""), pushed_volume=Given(40e-3, 39.2e-3, 40.8e-3, ""),
        inventory=Given(44e-3, 43.1e-3, 44.9e-3, ""),
    )  # fmt: skip
    vague = replace(known, gas_volume=PRIOR.gas_volume, pushed_volume=Given(35e-3, 20e-3, 43e-3, ""))
    area = 0.7 * np.pi / 4 * 0.8e-3**2
    density, vapour = ISOOCTANE.density_kg_m3(293.0), ISOOCTANE.vapour_pressure_Pa(293.0)
    law = LeakLaw("gas", area / 0.7, 0.7, 0.97, density, 3.04e5, vapour, 44e-3, 40e-3, 6e-3, 1.0, 1200.0)
    empty_s, errors, widths, vague_widths = float(law.empty_s), [], [], []
    for seed in range(12):
        setting = Setting(2.0, 0.2 * empty_s / 3600)
        found, _ = ms22(seed, setting, known)
        lasts = np.ravel(found.scored.law.empty_s)
        errors.append(abs(np.median(lasts) / empty_s - 1))
        widths.append(half_width(lasts))
        if seed < 3:
            vague_widths.append(half_width(np.ravel(ms22(seed, setting, vague)[0].scored.law.empty_s)))
    assert np.mean(np.array(errors) < 0.05) >= 0.9, errors
    assert np.median(widths) < 0.10  # 90 % half-width; the median itself is within 5 %
    assert min(vague_widths) > 0.15


@pytest.mark.slow
def test_the_accumulator_is_told_at_least_95_times_in_100() -> None:
    """12 gas charges by the builder's march, 12 spring bellows by the closed form, with holes and volumes drawn."""
    right = []
    for seed in range(12):
        found, bins = weigh(seed, record(seed, Setting(2.0, 3.0), **drawn(np.random.default_rng([seed, 17]))))
        kinds, _ = gas_or_spring(found, bins, np.random.default_rng(seed))
        right.append(kinds["gas"] > 0.5)
        rng = np.random.default_rng([seed, 19])
        stiff, hole = float(rng.uniform(35e-3, 60e-3)), float(np.exp(rng.uniform(np.log(0.5e-3), np.log(1.5e-3))))
        pushed = min(30e-3, 0.9 * stiff)
        law = LeakLaw("spring", np.pi / 4 * hole**2, 0.7, 0.97, 692.0, 3e5, 5156.0, 44e-3, pushed, stiff, 1.0, 1200.0)
        t_s = np.arange(-7200.0, 3 * 3600.0, 10.0)
        coded = np.round((law.pressure_at_Pa(t_s) + rng.normal(0, NOISE_PA, t_s.size)) / STEP_PA) * STEP_PA
        sigma = np.full(t_s.size, np.hypot(NOISE_PA, STEP_PA / np.sqrt(12)))
        found, bins = weigh(seed, LoopRecord("spring", t_s, coded, sigma, np.full(t_s.size, 293.0), 0.0, True))
        right.append(gas_or_spring(found, bins, np.random.default_rng(seed))[0]["spring"] > 0.5)
    assert np.mean(right) >= 0.95, right
