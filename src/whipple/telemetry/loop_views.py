"""What does each data path of a loop read by itself? Its own pressures and thermometers, as far as these can be believed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_law import GasLaw, LoopFacts

__all__ = ["could_be_K", "views_seen"]

_MOST_FILLED = 0.95


def could_be_K(warm_K: Array, law: GasLaw, facts: LoopFacts) -> npt.NDArray[np.bool_]:
    """Which of these temperatures (n,) the liquid of the loop can have at all: above 0 K, and not so hot that the gas would have no room.

    >>> law = GasLaw(3e5, 0.0132, 1500.0, np.zeros(1), 400.0, 293.0, np.zeros(4), 0.0, 0.004, 0.1, np.zeros(2), np.zeros((4, 4)))
    >>> could_be_K(np.array([-1.0, 293.0, 400.0]), law, LoopFacts()).tolist()
    [False, True, False]
    """
    hottest_K = law.temperature_K + _MOST_FILLED / (max(law.couple_per_K, 0.0) + facts.expansion_per_K)
    return np.asarray((warm_K > 0) & (warm_K <= hottest_K))


def views_seen(
    value: Array, able: npt.NDArray[np.bool_], paths: tuple[tuple[str, ...], tuple[str, ...]], names: Sequence[str]
) -> Array:
    """Readings (n_view, n_channel) of every sensor, then of each data path of `names` alone; NaN what is not of it or cannot be believed.

    `value` (n_channel,) pressures, then thermometers; `able` (n_thermometer,) are those to be believed. A path whose own thermometers are all
    broken reads those of the others.

    >>> views_seen(np.array([1.0, 2.0, 7.0, 8.0]), np.array([False, True]), (("A", "B"), ("A", "B")), ["A", "B"]).tolist()
    [[1.0, 2.0, nan, 8.0], [1.0, nan, nan, 8.0], [nan, 2.0, nan, 8.0]]
    """
    sensors = len(paths[0])
    rows = np.tile(np.concatenate([value[:sensors], np.where(able, value[sensors:], np.nan)]), (1 + len(names), 1))
    for i, name in enumerate(names):
        others = np.array([path != name for path in (*paths[0], *paths[1])])
        if not (able & ~others[sensors:]).any():
            others[sensors:] = False
        rows[i + 1, others] = np.nan
    return rows
