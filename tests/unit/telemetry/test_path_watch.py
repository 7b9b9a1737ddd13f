"""Channels of one data path that drift together so slowly that only a long memory shows it."""

from __future__ import annotations

import json

import numpy as np

from whipple.telemetry.path_watch import PathWatch, new_path_watch, shared_path

PATHS, LOOPS, EVERY = ("A", "A", "B"), ("x", "", ""), np.arange(3)


def moved_after(learned: int) -> np.ndarray:
    """When each channel first moved, in steps, as two of them drift by three of their noise over 400 steps; NaN never."""
    rng, moves = np.random.default_rng(5), new_path_watch(PATHS)
    for i in range(learned):
        moves.step(float(i), EVERY, rng.normal(0, 1.0, 3), learning=True)
    moves = PathWatch.from_plain(json.loads(json.dumps(moves.to_plain())))
    for i in range(500):
        drift = np.array([3.0, 3.0, 0.0]) * min(i / 400, 1.0)
        moves.step(float(learned + i), EVERY, rng.normal(0, 1.0, 3) + drift, learning=False)
    return moves.moved_s - learned


def test_a_slow_drift_of_a_path_is_named_after_a_long_quiet_stretch() -> None:
    moved = moved_after(5500)
    assert np.isfinite(moved[:2]).all()
    assert shared_path(PATHS, LOOPS, np.isfinite(moved)) == "A"


def test_a_short_quiet_stretch_does_not_trust_the_long_memory() -> None:
    assert shared_path(PATHS, LOOPS, np.isfinite(moved_after(3000))) == ""
