"""When may a crew go out again, and what is to be turned away? On a history that falls by halves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.hole import Hole, LeakHistory
from whipple.contamination import where_it_went
from whipple.contamination.aftermath import above_limit_s, dimmed, onset_of, spacewalk_words
from whipple.contamination.exits import exits_of
from whipple.contamination.fates import plume_laws, where_it_flies
from whipple.contamination.release import breakup_draws, leak_draws
from whipple.physics.fluids import fluid
from whipple.vehicle import build
from whipple.vehicle.surfaces import Part

T_S = np.concatenate([[-600.0], np.arange(0.0, 10001.0, 10.0)])
FLOW = np.where(T_S >= 0, 8e-3 * 0.5 ** (T_S / 1000.0), 0.0)
HISTORY = LeakHistory(T_S, *(np.vstack([0.5 * one, one, 2 * one]) for one in (FLOW, FLOW, FLOW, FLOW)))
HOLE = Hole(
    "external", None, Estimate(8e-4, 7e-4, 9e-4, "m"), (), {}, Estimate(7e-3, 5e-3, 9e-3, "kg/s"), None, None, None,
    Estimate(28.0, 20.0, 32.0, "kg"), None, Estimate(1e4, 9e3, 1.1e4, "s"), HISTORY, True, "",
)  # fmt: skip


def test_the_wait_is_when_the_flow_has_fallen_enough() -> None:
    # 1e20 per kg/s: the limit 1e17 is at 1 g/s, three halvings from 8 g/s; the bands give one halving either way
    wait = above_limit_s(HISTORY, np.full(4000, 1e20), 1e17, np.random.default_rng(1))
    assert onset_of(HISTORY) == 0.0
    assert wait.median == pytest.approx(3000, rel=0.03)
    assert wait.low == pytest.approx(2000, rel=0.03)
    assert wait.high == pytest.approx(4000, rel=0.03)
    assert not wait.caveats
    assert "no flight rule" in spacewalk_words(wait)


def test_a_leak_that_never_reaches_the_limit_asks_for_no_wait() -> None:
    wait = above_limit_s(HISTORY, np.full(100, 1e10), 1e17, np.random.default_rng(1))
    assert wait.high == 0
    assert "not held up" in spacewalk_words(wait)
    assert spacewalk_words(None) == ""


def test_a_history_too_short_gives_a_lower_bound() -> None:
    wait = above_limit_s(HISTORY, np.full(100, 1e24), 1e17, np.random.default_rng(1))
    assert wait.caveats[0].code == "contamination-spacewalk-open"
    assert "at least" in spacewalk_words(wait)


def test_what_dims_depends_on_the_surface() -> None:
    residue, rng = np.full(500, 1e-6), np.random.default_rng(2)

    def named(name: str) -> tuple[str, Estimate | None]:
        return dimmed(Part(name, "", "", 0, 0, 0, 0.2, 0.8, 290, "none"), residue, rng)

    assert named("array.P6_aft")[0] == "array power left"
    assert named("radiator.S1_1")[0] == "absorptance rise"
    assert named("cupola")[0] == "window clear"
    assert named("zarya") == ("", None)
    power, rise = named("array.P6_aft")[1], named("radiator.S1_1")[1]
    assert power is not None
    assert power.low < power.median < 1
    assert rise is not None
    assert 0 < rise.high <= 0.8


def test_the_finding_says_what_to_turn_and_when_to_go_out(case: Case, sky: Any) -> None:
    stack = build(case)
    deposit = where_it_went(case, stack, HOLE, sky)
    assert deposit.spacewalk_s is not None
    assert "a spacewalk near the plume" in deposit.headline
    assert deposit.advice
    assert deposit.advice[0].startswith("Turn ")
    assert any(one.sentence.endswith(deposit.advice[0]) for one in deposit.surfaces)
    assert any(one.function == "array power left" for one in deposit.surfaces)
    assert all(0 <= one.over_limit_prob <= 1 for one in deposit.surfaces)
    assert deposit.vapour_escaped_frac is not None
    assert deposit.vapour_escaped_frac + sum(one.vapour_frac for one in deposit.reached) == pytest.approx(1, abs=1e-6)
    assert deposit.droplets_escaped_frac is not None
    assert deposit.droplets_escaped_frac + sum(one.droplet_frac for one in deposit.reached) < 1
    hidden = next(one for one in deposit.surfaces if one.surface == "cupola")
    assert not hidden.line_of_sight
    assert "handed on by other surfaces" in hidden.sentence
    assert max(one.returned_frac for one in deposit.reached) > 0
    none = where_it_went(case, stack, replace(HOLE, history=None), sky)
    assert none.spacewalk_s is None


def test_a_gas_with_a_limiting_angle_takes_the_expansion_too(case: Case) -> None:
    liquid = fluid("isooctane")
    wet = replace(liquid, heat_capacity_ratio=1.33)
    assert len(plume_laws(wet)) == len(plume_laws(liquid)) + 1
    behind = [float(law(np.array([-1.0]))[0]) for law in plume_laws(wet)]
    assert min(behind) == pytest.approx(0.01 / (4 * np.pi))
    assert max(behind) == pytest.approx(0.4 / (4 * np.pi))
    stack, rng = build(case), np.random.default_rng(1)
    drops, jet = breakup_draws(wet, case.loop(), leak_draws(wet, case.loop(), None, rng), rng)
    fates = where_it_flies(stack, exits_of(stack), wet, 0.35, drops, jet, rng)
    assert fates.vapour_escaped_frac + sum(one.vapour_frac for one in fates.parts) == pytest.approx(1, abs=1e-6)
    assert fates.vapour_escaped_range_frac.low < fates.vapour_escaped_frac < fates.vapour_escaped_range_frac.high
