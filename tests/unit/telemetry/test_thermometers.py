"""Which thermometers are believed: alone and together, step, standstill, drift, single wrong readings, and back again."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_law import GasLaw, LoopFacts, lagged_K, predicted_Pa
from whipple.telemetry.rate_rows import KeptRows
from whipple.telemetry.thermometer_law import WarmLaw, learn_warm_law
from whipple.telemetry.thermometer_words import Judged
from whipple.telemetry.thermometers import Thermometers

FACTS, PATHS = LoopFacts(), (("A", "B", "A"), ("A", "B"))
LAW = GasLaw(
    3e5, 0.0132, 1500.0, np.zeros(3), 400.0, 293.0, np.zeros(4), 0.0, 0.004, 0.1, np.array([-0.1, 0.1]), 1e-4 * np.eye(4)
)  # fmt: skip
WARM = WarmLaw(LAW.offset_K, 0.14, np.full(2, 0.17), np.full(2, 12.0))
COUNT, AT = 500, 120
Spoil = Callable[[Array, Array], Array]


def readings(warm_K: Array, swing_K: float = 3.0) -> tuple[Array, Array, Array]:
    """Liquid, gas and readings (n_step, 5) of a tight loop that warms by `warm_K` (n,) beside its swing."""
    rng, t_s = np.random.default_rng(5), 10.0 * np.arange(COUNT)
    liquid = 293.0 + swing_K * np.sin(2 * np.pi * t_s / FACTS.orbit_s) + warm_K
    gas = lagged_K(liquid, 10.0, LAW.lag_s)
    pressure = predicted_Pa(LAW, FACTS, liquid, gas) + rng.normal(0, 400.0, (3, COUNT))
    warm = liquid + LAW.offset_K[:, None] + rng.normal(0, 0.1, (2, COUNT))
    value = np.concatenate([np.round(pressure / FACTS.step_Pa) * FACTS.step_Pa, np.round(warm / 0.3) * 0.3])
    return liquid, gas, value.T


def run(value: Array, liquid: Array, gas: Array, watch: Thermometers | None = None) -> tuple[list, Thermometers]:
    """What is found, with its step; the liquid is followed as well as those who are believed let it be."""
    watch, kept, found = watch or Thermometers((LAW, FACTS), WARM, PATHS), KeptRows(np.ones((1, 3), bool), 5), []
    state, followed = np.array([293.0, 0.0, 3.0, 0.0, 0.0]), 293.0
    for i in range(COUNT):
        found += [(i, one) for one in watch.step(value[i], followed, kept)]
        angle = 2 * np.pi * 10.0 * i / FACTS.orbit_s
        state[1:3] = 3.0 * np.sin(angle), 3.0 * np.cos(angle)
        seen = (value[i, 3:] - LAW.offset_K)[watch.believed & np.isfinite(value[i, 3:])]
        if seen.size:
            state[0] += 0.3 * (float(seen.mean()) - state[0] - state[1])
        followed = float(state[[0, 1, 3]].sum())
        watch.ahead.put(10.0 * i, state)
        kept.put(10.0 * i, np.array([followed]), np.array([gas[i]]), value[i], watch.blind_count)
    return found, watch


def spoilt(which: tuple[int, ...], how: Spoil) -> list[tuple[int, Judged]]:
    liquid, gas, value = readings(np.zeros(COUNT))
    for i in which:
        value[:, 3 + i] = how(value[:, 3 + i], np.arange(COUNT) - AT)
    return run(value, liquid, gas)[0]


def test_thermometers_of_a_quiet_loop_are_never_doubted() -> None:
    assert spoilt((), lambda row, step: row) == []


@pytest.mark.parametrize(("which", "size_K"), [((0,), 30.0), ((1,), -5.0), ((0, 1), -93.0)])
def test_a_jump_that_the_pressures_do_not_show_is_found_within_two_minutes_and_forgiven(which, size_K) -> None:
    found = spoilt(which, lambda row, step: row + size_K * ((step >= 0) & (step < 200)))
    assert [(one.which, one.kind) for _, one in found] == [(i, "out") for i in which] + [(i, "back") for i in which]
    assert all(at - AT <= 12 for at, one in found if one.kind == "out")
    assert all(AT + 200 < at < AT + 300 for at, one in found if one.kind == "back")
    assert found[0][1].off_K == pytest.approx(size_K, abs=1.0)


def test_single_wrong_readings_are_left_out_without_a_word() -> None:
    assert spoilt((0, 1), lambda row, step: row + 30.0 * (step % 23 == 0)) == []


@pytest.mark.parametrize("which", [0, 1])
def test_one_that_drifts_or_stands_still_is_found_by_the_other_and_the_pressures(which: int) -> None:
    drift = spoilt((which,), lambda row, step: row + 4.0 * np.clip(step / 180, 0, 1))
    stuck = spoilt((which,), lambda row, step: np.where(step < 0, row, row[AT - 1]))
    for found in (drift, stuck):
        assert [(one.which, one.kind) for _, one in found] == [(which, "out")]
        assert found[0][0] - AT < 90


@pytest.mark.parametrize("at", [AT, 250, 350])
def test_a_data_path_that_stands_still_bears_no_witness_for_its_own_thermometer(at: int) -> None:
    """A stuck multiplexer holds pressure 2 and thermometer 2, which fit each other (a false "leak" in 1 of 1 000 faults before)."""
    liquid, gas, value = readings(np.zeros(COUNT))
    value[at:, [1, 4]] = value[at - 1, [1, 4]]
    found, _ = run(value, liquid, gas)
    assert [(one.which, one.kind) for _, one in found] == [(1, "out")]


def test_two_that_drift_together_are_found_by_the_pressures() -> None:
    found = spoilt((0, 1), lambda row, step: row + 8.0 * np.clip(step / 180, 0, 1))
    assert [(one.which, one.kind) for _, one in found[:2]] == [(0, "out"), (1, "out")]
    assert "as the pressures do not show" in found[0][1].why


@pytest.mark.parametrize("later", [0, 20])
def test_what_was_followed_since_the_last_stood_still_is_mended(later: int) -> None:
    liquid, gas, value = readings(np.zeros(COUNT))
    value[AT:, 3], value[AT + later :, 4] = value[AT - 1, 3], value[AT + later - 1, 4]
    found, watch = run(value, liquid, gas)
    assert [one.kind for _, one in found] == ["out", "out"]
    assert {one.why for _, one in found} == {"it stands still while the pressures move"}
    assert COUNT - AT - 2 <= watch.blind_count <= COUNT - AT + 12  # quiet codes may repeat before it stops


def test_a_liquid_that_jumps_itself_is_believed() -> None:
    liquid, gas, value = readings(6.0 * (np.arange(COUNT) >= AT))
    assert run(value, liquid, gas)[0] == []


def test_pressures_that_are_nearly_spent_prove_nothing() -> None:
    liquid, gas, value = readings(np.zeros(COUNT))
    value[:, :3] = 5e3
    value[:, 3:] += 3.0 * np.clip((np.arange(COUNT) - AT) / 180, 0, 1)[:, None]
    assert run(value, liquid, gas)[0] == []


def test_without_readings_nothing_is_believed_to_be_seen() -> None:
    liquid, gas, value = readings(np.zeros(COUNT))
    value[AT : AT + 200, 3:] = np.nan
    found, watch = run(value, liquid, gas)
    assert found == []
    assert watch.blind_count == 0
    blind = Thermometers((LAW, FACTS), WARM, PATHS)
    kept = KeptRows(np.ones((1, 3), bool), 5)
    for _ in range(70):
        blind.step(np.full(5, np.nan), 293.0, kept)
    assert blind.blind_count == 11


def test_the_state_goes_through_json() -> None:
    liquid, gas, value = readings(np.zeros(COUNT))
    value[AT:, 3] += 30.0
    _, watch = run(value, liquid, gas)
    plain = json.loads(json.dumps(watch.to_plain()))
    again = Thermometers.from_plain((LAW, FACTS), PATHS, plain)
    assert again.to_plain() == watch.to_plain()
    assert again.trusted.tolist() == [False, True]


def test_what_is_quiet_is_learned_from_the_quiet_stretch() -> None:
    _, _, value = readings(np.zeros(COUNT))
    warm = learn_warm_law(value[:, 3:].T, LAW)
    assert warm.single_K == pytest.approx(0.1 * np.sqrt(2))
    assert (warm.apart_K > 0.1).all()
    assert (warm.apart_K < 0.5).all()
    assert (warm.still_count >= 1).all()
