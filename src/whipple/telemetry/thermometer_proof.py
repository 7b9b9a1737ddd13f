"""Which of two temperatures do the pressures show? The tight loop under each, a leak allowed to either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_cooling import expanding_K
from whipple.telemetry.gas_law import GasLaw, LoopFacts, predicted_Pa

__all__ = ["AGAINST_NAT", "Shown", "settled", "shown_nat"]

#: Which of two temperatures is right is said from here, and no data path alone may say the contrary this clearly.
PROOF_NAT = Cited(8.0, unit="", source="whipple_judgement", grade="proposal")
AGAINST_NAT = Cited(2.0, unit="", source="whipple_judgement", grade="proposal")
#: That a leak begins in the very window in which a thermometer fails is this much less likely beforehand [nat]: one in a thousand.
LEAK_NAT = Cited(7.0, unit="", source="whipple_judgement", grade="proposal")
#: Codes that hardly move do not average: what is left of the step of a sensor in the mean of a bin.
_CODE_SHARE, _BINS, _LEAST, _HINGES = 1 / 6, 20, 3, (0.0, 0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Shown:
    """A temperature `liquid_K` (n,) as it is told, and its 1-sigma at every step (n,)."""

    liquid_K: Array
    sigma_K: Array


def shown_nat(
    one: Shown, other: Shown, pressure_Pa: Array, paths: Sequence[str], loop: tuple[GasLaw, LoopFacts, float]
) -> Array:
    """Log likelihood ratio [nat] of `one` over `other`, by each data path's pressures alone (n_path,).

    `pressure_Pa` (n_sensor, n) even steps; `loop`: law, facts, temperature of the gas at the first. Only changes count: level is free, and a leak
    from any of a few times on (`LEAK_NAT` less likely). A path that is silent says 0. Fewer than two bins say nothing.

    >>> law = GasLaw(3e5, 0.0132, 1500.0, np.zeros(1), 400.0, 293.0, np.zeros(4), 0.0, 0.004, 0.1, np.zeros(2), np.zeros((4, 4)))
    >>> still, jumped = np.full(60, 293.0), np.where(np.arange(60) < 30, 293.0, 298.0)
    >>> sure = np.full(60, 0.1)
    >>> nat = shown_nat(Shown(still, sure), Shown(jumped, sure), np.full((1, 60), 3e5), ["A"], (law, LoopFacts(), 293.0))
    >>> bool(nat[0] > 100)
    True
    """
    return np.array(
        [
            _likelihood(one, pressure_Pa[_of(paths, name)], loop)
            - _likelihood(other, pressure_Pa[_of(paths, name)], loop)
            for name in dict.fromkeys(paths)
        ]
    )


def _of(paths: Sequence[str], name: str) -> list[int]:
    return [i for i, path in enumerate(paths) if path == name]


def _likelihood(shown: Shown, pressure_Pa: Array, loop: tuple[GasLaw, LoopFacts, float]) -> float:
    """The best log likelihood of these pressures, tight or leaking."""
    law, facts, gas_K = loop
    known = np.isfinite(shown.liquid_K) & np.isfinite(pressure_Pa).any(0)
    if known.sum() < 2 * _LEAST:
        return 0.0
    steps = np.arange(known.size)
    liquid = np.interp(steps, steps[known], shown.liquid_K[known])
    gas = expanding_K(law, facts, liquid, np.zeros(liquid.size), (gas_K, 1.0, facts.cadence_s))
    off = (pressure_Pa - predicted_Pa(law, facts, liquid, gas))[:, known]
    off = off - np.nanmedian(off, axis=1, keepdims=True)
    heard = np.isfinite(off)
    size = max(_LEAST, known.sum() // _BINS)
    count = int(known.sum()) // size
    value = np.where(heard, off, 0.0).sum(0) / heard.sum(0)
    swells = law.level_Pa * ((1 + law.cools_ratio) * law.couple_per_K + 1 / law.temperature_K)
    scatter = (swells * shown.sigma_K[known]) ** 2 + (law.noise_Pa**2 + facts.step_Pa**2 / 12) / heard.sum(0)
    mean, variance = (x[: count * size].reshape(count, size).mean(1) for x in (value, scatter))
    variance = variance / size + (_CODE_SHARE * facts.step_Pa) ** 2
    age = np.arange(count)[:, None] - count * np.array(_HINGES)
    tight = _fitted(mean, variance, np.ones((count, 1)))
    falls = [
        _fitted(mean, variance, np.column_stack([np.ones(count), -np.maximum(a, 0.0)]), falling=True) for a in age.T
    ]
    return max(tight, max(falls) - float(LEAK_NAT))


def _fitted(mean: Array, variance: Array, columns: Array, *, falling: bool = False) -> float:
    """Log likelihood at the least squares of these columns; `falling`: none where the second is not above 0."""
    weight = 1 / np.sqrt(variance)
    fit = np.linalg.lstsq(columns * weight[:, None], mean * weight, rcond=None)[0]
    if falling and fit[1] <= 0:
        return -np.inf
    left = (mean - columns @ fit) * weight
    return float(-0.5 * left @ left + np.log(weight).sum())


def settled(nat: Array) -> bool:
    """Do the pressures say so, and no data path the contrary?

    >>> settled(np.array([6.0, 4.0])), settled(np.array([20.0, -3.0]))
    (True, False)
    """
    return bool(nat.sum() > float(PROOF_NAT) and nat.min() > -float(AGAINST_NAT))
