"""What to beware of: ends of the range, empty accumulators, volumes that differ, sides that were not read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whipple.casefile.estimate import Estimate
from whipple.casefile.given import Given
from whipple.telemetry.isolation_belief import Belief, believe
from whipple.telemetry.isolation_cells import Trial, candidates
from whipple.telemetry.isolation_plant import plant_of
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
from whipple.telemetry.isolation_words import caveats_of


def believed(rate_per_h: float, look_s: float, measured: Estimate | None = None) -> Belief:
    """What a first look at a leak in s3 leaves, on few plants."""
    loop = ring_loop(8, (0, 4))
    cells = candidates(plant_of(loop), np.random.default_rng(1), 4, measured)
    return believe(cells, [leaking_loop(loop, seed=1, segment=3, rate_per_h=rate_per_h).first_look(look_s)])


def codes_of(belief: Belief, look: Trial) -> set[str]:
    return {caveat.code for caveat in caveats_of(belief, [look], [], [], [], [0.0])}


def test_a_leak_at_the_end_of_the_range_carries_a_caveat() -> None:
    """Slower than any tried: said so; in the middle nothing of it."""
    look = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02).first_look(600.0)
    slow = believed(2e-6, 600.0, Estimate(5e-10, 4e-10, 6e-10, "1/s"))
    assert "rate-at-edge" not in codes_of(slow, look)  # measured: the range goes on beyond it
    assert "rate-at-edge" in codes_of(believed(2e-6, 600.0), look)
    assert "rate-at-edge" not in codes_of(believed(0.02, 1800.0), look)


def test_a_fast_leak_is_inside_the_range() -> None:
    """0.74 inventories an hour, as a hole of 0.8 mm makes: the rate is found, and the truth is not given up."""
    belief = believed(0.74, 300.0)
    low, high = belief.rate_m3_s([0.01, 0.99]) * 3600 / 44e-3
    assert low < 0.74 < high
    assert belief.segment_prob[3] > 0.1


def test_segments_that_hold_more_or_less_than_the_loop_are_noticed() -> None:
    for litres, noticed in ((44e-3, False), (20e-3, True), (90e-3, True)):
        loop = ring_loop(8, (0, 4)).model_copy(update={"inventory_m3": Given(litres, litres, litres, "m**3")})
        found = caveats_of(believe(candidates(plant_of(loop), np.random.default_rng(1), 2)), [], [], [], [], [])
        assert ("volumes-differ" in {c.code for c in found}) == noticed


def test_a_test_whose_fed_side_was_not_read_is_noticed() -> None:
    loop = ring_loop(8, (0, 4))
    trial = leaking_loop(loop, seed=1, segment=3, rate_per_h=0.02).trial(frozenset({"v0", "v4"}), frozenset(), 300.0)
    belief = believe(candidates(plant_of(loop), np.random.default_rng(1), 2))
    assert "fed-piece-unread" not in codes_of(belief, trial)
    start = np.where(np.arange(trial.start_Pa.size) == 1, trial.start_Pa, np.nan)  # of p2 alone, which is shut in
    found = {c.code: c.text for c in caveats_of(belief, [replace(trial, start_Pa=start)], [], [], [], [0.0])}
    assert (
        "'shut v0 and v4' no gauge on the accumulator's side was read both at start and after (p"
        in found["fed-piece-unread"]
    )


def test_an_empty_accumulator_is_noticed() -> None:
    look = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02).first_look(600.0)
    assert "accumulator-empty" in codes_of(believed(0.02, 600.0), replace(look, after_Pa=0.02 * look.before_Pa))
