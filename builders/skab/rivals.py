"""What knows nothing, or too much: always alarm, the row number, a metronome, chance; the sheet's own sum; the best any alarm could do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from skab.protocol import TRAIN, Array, Flags, Run, nab

from whipple.telemetry.alarm import cusum

__all__ = ["always", "as_many_at_random", "first_sight", "flips", "flow_sum", "metronome", "row_number", "skill"]


def always(runs: Sequence[Run]) -> list[Flags]:
    """Alarm at every row."""
    return [np.ones(run.t_s.size - TRAIN, bool) for run in runs]


def row_number(runs: Sequence[Run]) -> list[Flags]:
    """Alarm between the median first and last anomalous row of the other files."""
    edges = np.array([np.flatnonzero(run.anomaly)[[0, -1]] for run in runs], float)
    out = []
    for i, run in enumerate(runs):
        low, high = np.median(np.delete(edges, i, 0), 0)
        number = np.arange(TRAIN, run.t_s.size)
        out.append((number >= low) & (number <= high))
    return out


def flips(runs: Sequence[Run], states: Sequence[Flags]) -> list[Array]:
    """Times at which a state changes, quiet before the test part."""
    return [
        run.t_s[TRAIN:][np.flatnonzero(np.diff(np.concatenate([[0], s.astype(int)])))] for run, s in zip(runs, states, strict=True)
    ]  # fmt: skip


def flow_sum(runs: Sequence[Run]) -> list[Flags]:
    """The flow's two-sided cumulative sum at k 1, h 10: of the sheet's methods (telemetry.md 4) the one with the best leak runs."""
    out = []
    for run in runs:
        flow, training = run.value[:, 0], run.value[:TRAIN, 0]
        about = training - training.mean()
        phi = np.clip(np.sum(about[1:] * about[:-1]) / np.sum(about**2), 0.0, 0.98)
        up, down = cusum((flow - training.mean()) / training.std() / np.sqrt((1 + phi) / (1 - phi)), 1.0, 30.0)
        out.append(np.maximum(up, down)[TRAIN:] > 10.0)
    return out


def metronome(runs: Sequence[Run], period_s: float, phase_frac: float) -> list[Array]:
    """An announcement at every beat of a clock that looks at no data."""
    out = []
    for run in runs:
        t_s = run.t_s[TRAIN:]
        beat = np.floor((t_s - t_s[0]) / period_s + phase_frac)
        out.append(t_s[1:][np.diff(beat) > 0])
    return out


def as_many_at_random(runs: Sequence[Run], said: Sequence[Array], draws: int = 40) -> float:
    """Mean NAB score of the same number of announcements in each file at random rows."""
    scores = []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        pick = [
            np.sort(rng.choice(run.t_s[TRAIN:], times.size, replace=False))
            for run, times in zip(runs, said, strict=True)
        ]
        scores.append(nab(runs, pick)[0])
    return float(np.mean(scores))


def skill(score: float, by_chance: float) -> float:
    """Share of the way from chance to a perfect 100.

    >>> skill(60.0, 20.0)
    0.5
    """
    return (score - by_chance) / (100.0 - by_chance)


def first_sight(run: Run, sigma: float = 2.0, rows: int = 10) -> int | None:
    """Rows from the onset until the mean of ten rows of any channel is `sigma` away from the hundred rows before the onset, told the onset.

    The sigma is that of ten-row means within those hundred rows. None when the onset is not in the test part, or nothing moves in the block.
    """
    block = np.flatnonzero(run.anomaly)
    if block[0] < TRAIN:
        return None
    before = run.value[block[0] - 100 : block[0]]
    scatter = np.maximum(before.reshape(-1, rows, before.shape[1]).mean(1).std(0, ddof=1), 0.1 * before.std(0))
    total = np.cumsum(np.vstack([np.zeros(run.value.shape[1]), run.value]), 0)
    ends = np.arange(block[0] + 1, block[-1] + 2)
    off = np.abs((total[ends] - total[ends - rows]) / rows - before.mean(0)) / scatter
    seen = np.flatnonzero(
        (off > sigma).any(1) & (np.convolve((off > sigma).any(1), np.ones(rows), "full")[rows - 1 :] >= rows)
    )
    return int(seen[0]) if seen.size else None
