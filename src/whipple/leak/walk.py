"""A random walk of many walkers: for posteriors that importance sampling cannot follow, and to check those that it can."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array
from whipple.leak.student import Misfit, log_target

__all__ = ["DRIFTING", "WALKER_COUNT", "drift_ratio", "walk_on"]

#: Walkers that check draws, and how far they go.
WALKER_COUNT, _STEPS = 240, 60
#: Draws whose percentiles move by more than this when they walk are not yet those of the posterior.
DRIFTING = 0.55


def drift_ratio(misfit: Misfit, draws: Array, rng: np.random.Generator, steps: int = _STEPS) -> tuple[float, Array]:
    """Do draws of a posterior stay where they are when they walk? The largest move of the 5th, 50th or 95th percentile of any coordinate,
    in quarters of the 90 % interval's width (about a standard deviation), and the walkers of the second half.

    An independent check of importance sampling: a part of the posterior that its proposals never reached is reached by walking, and the
    percentiles move. Those of draws that are right move by the counting error only, 0.1 to 0.4.

    >>> rng = np.random.default_rng(0)
    >>> target = lambda u: (u / np.array([1.0, 2.0]), np.zeros(len(u)))
    >>> right = rng.standard_normal((2000, 2)) * np.array([1.0, 2.0])
    >>> bool(drift_ratio(target, right, rng)[0] < DRIFTING), bool(drift_ratio(target, right * 0.5, rng)[0] > DRIFTING)
    (True, True)
    """
    walked = walk_on(misfit, draws[rng.permutation(len(draws))[:WALKER_COUNT]], rng, steps)
    before, after = (np.quantile(rows, [0.05, 0.5, 0.95], axis=0) for rows in (draws, walked))
    width = np.maximum(after[2] - after[0], before[2] - before[0]) / 4 + 1e-12
    return float(np.max(np.abs(after - before) / width)), walked


def walk_on(misfit: Misfit, walkers: Array, rng: np.random.Generator, steps: int) -> Array:
    """Differential-evolution Metropolis steps: each half of the walkers moves along differences of the other half.

    For posteriors too bent for importance sampling. Returns the walkers at every twentieth step of the second half.
    """
    count, size = walkers.shape
    half, now, kept = count // 2, log_target(misfit, walkers), []
    for step in range(steps):
        for mine, other in ((slice(0, half), slice(half, 2 * half)), (slice(half, 2 * half), slice(0, half))):
            pairs = rng.permuted(np.tile(np.arange(half), (2, 1)), axis=1)
            gamma = 1.0 if step % 10 == 9 else 2.38 / np.sqrt(2 * size) * rng.uniform(0.5, 1.2)
            difference = walkers[other][pairs[0]] - walkers[other][pairs[1]]
            moved = walkers[mine] + gamma * difference + 1e-6 * rng.standard_normal((half, size))
            there = log_target(misfit, moved)
            taken = np.log(rng.random(half)) < there - now[mine]
            walkers[mine] = np.where(taken[:, None], moved, walkers[mine])
            now[mine] = np.where(taken, there, now[mine])
        if step >= steps // 2 and (step + 1) % 20 == 0:
            kept.append(walkers.copy())
    return np.vstack(kept)
