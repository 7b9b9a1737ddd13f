"""Is the probability of a second hole as often right as it says? Truths drawn from the room's own prior, each case equally likely."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from whipple.casefile.findings.onset import LoopRecord
from whipple.leak.forward import LeakLaw
from whipple.leak.holes import HOLE_PRIORS, RATIO_RANGE, one_or_two

EQUAL = dict.fromkeys(HOLE_PRIORS, 1 / 3)
NAMES = tuple(EQUAL)
BEGIN_S = -7200.0
#: How many loops the slow test takes; more when asked by the environment (the page docs/theory/leak.md says what a long run gave).
LOOPS = int(os.environ.get("WHIPPLE_LEAK_LOOPS", "20"))


@cache
def simulated() -> ModuleType:
    path = Path(__file__).with_name("test_leak_simulated.py")
    spec = importlib.util.spec_from_file_location("leak_simulated_for_holes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _law(truth: dict[str, float], hole_m: float) -> LeakLaw:
    liquid = simulated().ISOOCTANE
    return LeakLaw(
        "gas", np.pi / 4 * hole_m**2, truth["discharge_ratio"], 0.97, liquid.density_kg_m3(293.0), truth["pressure_Pa"],
        liquid.vapour_pressure_Pa(293.0), truth["inventory_m3"], truth["pushed_m3"], truth["gas_m3"], truth["exponent_ratio"], 1200.0,
    )  # fmt: skip


def made(seed: int) -> tuple[str, LoopRecord, LeakLaw]:
    """Which case it is, its record, and the law. A hole from before the record is drawn again until it still pushes after two hours."""
    rng = np.random.default_rng([seed, 23])
    truth, name = simulated().drawn(rng), NAMES[rng.integers(3)]
    hours = float(np.exp(rng.uniform(np.log(0.5), np.log(8.0))))
    ratio = float(np.exp(rng.uniform(*np.log(RATIO_RANGE))))
    law = _law(truth, truth["hole_m"])
    while name == "one before the record" and float(law.driven_s) < -2 * BEGIN_S:
        truth = simulated().drawn(rng)
        law = _law(truth, 0.3 * truth["hole_m"])
    start_s = truth["onset_s"]
    if name == "a second later":
        end = min(float(law.driven_s), hours * 3600)
        law = replace(law, second_s=float(rng.uniform(0.0, end)), second_ratio=ratio)
    elif name == "one before the record":
        law, start_s = replace(law, second_s=start_s - BEGIN_S, second_ratio=ratio), BEGIN_S
    t_s = np.arange(BEGIN_S, hours * 3600, 10.0)
    read = np.maximum(np.round((law.pressure_at_Pa(t_s - start_s) + rng.normal(0, 1000, t_s.size)) / 2000) * 2000, 0)
    warm = 293.0 + rng.normal(0, 0.05, t_s.size)
    return name, LoopRecord("loop", t_s, read, np.full(t_s.size, 1154.7), warm, 0.0, True), law


def told(seed: int) -> tuple[str, dict[str, float]]:
    name, record, _ = made(seed)
    one, bins = simulated().weigh(seed, record)
    return name, dict(one_or_two((one,), bins, np.random.default_rng(seed), EQUAL).probs)


@pytest.mark.slow
def test_said_probabilities_come_true() -> None:
    """In every bin of what is said of each case the share that is true agrees within three counting errors."""
    rows = [told(seed) for seed in range(LOOPS)]
    said = np.array([[probs[name] for name in NAMES] for _, probs in rows]).ravel()
    true = np.array([[name == other for other in NAMES] for name, _ in rows], dtype=float).ravel()
    for low, high in ((0.0, 0.02), (0.02, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 0.98), (0.98, 1.01)):
        inside = (said >= low) & (said < high)
        if inside.any():
            expected, variance = said[inside].sum(), np.sum(said[inside] * (1 - said[inside]))
            assert abs(true[inside].sum() - expected) <= 3 * np.sqrt(variance + 0.25), (low, high, rows)
    right = np.mean([max(probs, key=lambda key: probs[key]) == name for name, probs in rows])
    assert right > 0.75


def test_a_second_hole_that_cannot_be_seen_leaves_the_prior() -> None:
    """A second hole of a twentieth of the first, ten seconds after it: no record tells it, and none may be said to speak against it."""
    _, _, law = made(1)
    t_s = np.arange(BEGIN_S, 3600.0, 10.0)
    law = replace(law, second_s=10.0, second_ratio=0.05)
    read = law.pressure_at_Pa(t_s) + np.random.default_rng(7).normal(0.0, 1000.0, t_s.size)
    record = LoopRecord("loop", t_s, read, np.full(t_s.size, 1000.0), np.full(t_s.size, 293.0), 0.0, True)
    one, bins = simulated().weigh(1, record)
    probs = one_or_two((one,), bins, np.random.default_rng(1), EQUAL).probs
    assert probs["one"] < 0.99
    assert probs["a second later"] > 0.01


@pytest.mark.slow
def test_a_strong_kink_is_found_where_the_one_hole_fit_is_hopeless() -> None:
    """Flow up by 60 % after 35 minutes: the best single hole has an absurd exponent, from which no search starts well."""
    _, _, law = made(1)
    t_s = np.arange(BEGIN_S, 6670.0, 10.0)
    law = replace(law, area_m2=2.5e-7, second_s=2117.0, second_ratio=0.6)
    read = law.pressure_at_Pa(t_s) + np.random.default_rng(8).normal(0.0, 1000.0, t_s.size)
    record = LoopRecord("loop", t_s, read, np.full(t_s.size, 1000.0), np.full(t_s.size, 293.0), 0.0, True)
    one, bins = simulated().weigh(1, record)
    holes = one_or_two((one,), bins, np.random.default_rng(1), EQUAL)
    assert holes.probs["a second later"] > 0.99
    found = holes.weighed["a second later"].scored.law
    low, high = np.quantile(found.second_s, [0.02, 0.98])
    assert low < 2117.0 < high
    assert np.median(found.second_ratio) == pytest.approx(0.6, rel=0.2)
