"""A falling pressure: is it a leak, a step of pump or valve, or a gas that cools? The same readings under each, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_cooling import cooling_s
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_posterior import compensated
from whipple.telemetry.leak_window import Window

__all__ = ["GAS_K", "SETTLE_S", "SHAPES_TOLD", "STEPS_PA", "Told", "weigh_shapes"]

#: What each alternative says of the pressure after its onset; sizes drawn from these 1-sigma (each as likely) beforehand.
SHAPES_TOLD = ("leak", "pump or valve event", "thermal transient")
_RATES_PER_S = np.geomspace(1e-7, 1e-4, 7)
STEPS_PA = np.geomspace(300.0, 1e5, 6)
#: The gas is taken to warm or cool by no more than this (1-sigma) without the liquid showing it.
GAS_K = Cited(4.0, unit="K", source="whipple_judgement", grade="proposal")
SETTLE_S = (300.0, 600.0, 1200.0, 2000.0, 3000.0, 4500.0)
#: Onsets tried: between all of the last bins, and between every few of those before.
_RECENT, _STRIDE = 90, 5


@dataclass(frozen=True)
class Told:
    """What a loop has to say: `kind` (see `sequential.Event`), a sentence, named numbers."""

    kind: str
    text: str
    values: dict[str, float]


def weigh_shapes(window: Window, law: GasLaw, facts: LoopFacts, shift_Pa: Array) -> dict[str, float]:
    """Log evidence [nat] of each of `SHAPES_TOLD` over no change, `shift_Pa` (n,) a smooth guess of the change the codes are read at.

    Onsets over the window are as likely as each other. A leak falls as the age (and as the gas cools), a step stays, heat settles exponentially.
    """
    t_s, rest, factor, tight_Pa = compensated(window, law, facts, shift_Pa)
    onsets = np.concatenate([t_s[:-_RECENT:_STRIDE], t_s[-_RECENT:-1]]) + (t_s[1] - t_s[0]) / 2
    age = np.maximum(t_s[:, None] - onsets, 0.0)
    pull = solve_triangular(factor, rest, lower=True)
    heat = [-np.expm1(-age / settle) for settle in SETTLE_S]
    warm_Pa = np.full(1, float(GAS_K) * law.level_Pa / law.temperature_K)
    weighed = {
        "leak": [_evidence(pull, factor, -tight_Pa[:, None] * (age + cooling_s(law, age)), _RATES_PER_S, falling=True)],
        "pump or valve event": [_evidence(pull, factor, (age > 0).astype(float), STEPS_PA)],
        "thermal transient": [_evidence(pull, factor, column, warm_Pa) for column in heat],
    }
    return {name: float(logsumexp(parts) - np.log(len(parts))) for name, parts in weighed.items()}


def _evidence(pull: Array, factor: Array, columns: Array, sigmas: Array, *, falling: bool = False) -> float:
    """Mean over onsets and prior widths of the marginal likelihood ratio of one unknown size; `falling`: above zero only."""
    lean = solve_triangular(factor, columns, lower=True)
    size, score = (lean**2).sum(0)[:, None], (lean.T @ pull)[:, None]
    wide = size + 1 / sigmas**2
    nat = score**2 / (2 * wide) - 0.5 * np.log(wide * sigmas**2)
    if falling:
        nat = np.where(score > 0, nat, -0.5 * np.log(wide * sigmas**2))
    return float(logsumexp(nat) - np.log(nat.size))
