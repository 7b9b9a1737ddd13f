"""How do the thermometers of a loop behave while it is quiet, and what may the liquid do that none of them shows?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts

__all__ = ["BLIND_K", "SLOW", "WarmLaw", "blind_walk_K", "learn_warm_law", "mean_of"]

#: Without a thermometer to believe the liquid may stray from its swing by this in an hour (1 sigma, growing as the root of time).
BLIND_K = Cited(4.0, unit="K", source="whipple_judgement", grade="proposal")
#: A share of each new reading: thermometers are compared over 30 steps.
SLOW = 1 / 30
_APART_SIGMAS, _APART_RATIO = 7.0, 1.5


@dataclass(frozen=True)
class WarmLaw:
    """How the thermometers (n,) behave while quiet: 1-sigma of a single reading [K], how far the smoothed reading of each strays from the
    others', the longest standstill in steps."""

    offset_K: Array
    single_K: float
    apart_K: Array
    still_count: Array


def blind_walk_K(facts: LoopFacts) -> float:
    """The walk of the liquid a step [K] where no thermometer shows it.

    >>> round(blind_walk_K(LoopFacts(cadence_s=36.0)), 6)
    0.4
    """
    return float(BLIND_K) * float(np.sqrt(facts.cadence_s / 3600.0))


def learn_warm_law(temperature_K: Array, law: GasLaw) -> WarmLaw:
    """From the quiet stretch (n_thermometer, n), NaN unheard."""
    u, count = temperature_K - law.offset_K[:, None], temperature_K.shape[0]
    single = law.reading_K * float(np.sqrt(count))
    spread = single * float(np.sqrt(count / max(count - 1, 1) * SLOW / (2 - SLOW)))
    apart, still = np.empty(count), np.empty(count)
    for i in range(count):
        off = u[i] - mean_of(np.delete(u, i, 0))
        off = off[np.isfinite(off)]
        smooth = np.abs(lfilter([SLOW], [1, SLOW - 1], off))[3 * int(1 / SLOW) :]
        apart[i] = max(_APART_RATIO * float(smooth.max(initial=0.0)), _APART_SIGMAS * spread)
        heard = temperature_K[i][np.isfinite(temperature_K[i])]
        moves = np.flatnonzero(np.diff(heard) != 0)
        still[i] = float(np.diff(np.concatenate([[-1], moves, [heard.size - 1]])).max())
    return WarmLaw(law.offset_K, single, apart, still)


def mean_of(rows: Array) -> Array:
    """Mean over the rows that are heard, NaN where none is."""
    heard = np.isfinite(rows)
    total = np.where(heard, rows, 0.0).sum(0)
    return np.where(heard.any(0), total / np.maximum(heard.sum(0), 1), np.nan)
