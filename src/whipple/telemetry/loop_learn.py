"""What is a loop like while it is quiet? Its gas law, its thermometers, and where its temperatures stand at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts, followed_K, learn_gas_law
from whipple.telemetry.quantised import averaged_count
from whipple.telemetry.rate_forecast import WatchedLoop
from whipple.telemetry.thermometer_law import WarmLaw, learn_warm_law
from whipple.telemetry.verdict import Told

__all__ = ["QuietLoop", "learn_loop", "learned_told"]

#: Sheet telemetry.md 5.1 learns for this long.
LEARN_H = Cited(24.0, unit="h", source="whipple_judgement", grade="proposal")
#: A thermometer that strays so far from the middle of the quiet stretch is broken for that reading.
_STRAY_K = 100.0


@dataclass(frozen=True)
class QuietLoop:
    """Law, facts (what a step's mean counts in), thermometers; liquid and gas at the last step `end_s`, and how long it was listened to."""

    law: GasLaw
    facts: LoopFacts
    warm: WarmLaw
    liquid_K: float
    gas_K: float
    end_s: float
    hours: float


def learn_loop(rows: Array, sensors: int, facts: LoopFacts) -> QuietLoop:
    """From the steps of the quiet stretch: rows of time, pressures, thermometers. Raises ValueError or EvidenceError where that cannot be."""
    if rows.size == 0 or not np.isfinite(rows[:, 1:]).any(0).all():
        raise ValueError("a sensor was never heard")
    t_s, pressure, warm = rows[:, 0], rows[:, 1 : 1 + sensors].T, rows[:, 1 + sensors :].T
    warm = np.where(np.abs(warm - np.nanmedian(warm)) < _STRAY_K, warm, np.nan)
    facts = replace(facts, step_Pa=facts.step_Pa / averaged_count(pressure, facts.step_Pa))
    law = learn_gas_law(t_s, pressure, warm, facts)
    liquid, gas = followed_K(t_s, warm, law, facts)
    hours = (float(t_s[-1]) - float(t_s[0]) + facts.cadence_s) / 3600
    return QuietLoop(law, facts, learn_warm_law(warm, law), float(liquid[-1]), float(gas[-1]), float(t_s[-1]), hours)


def learned_told(loop: WatchedLoop, quiet: QuietLoop) -> Told:
    """What was learned, in words and numbers."""
    law, sigma = quiet.law, np.sqrt(np.diag(quiet.law.known_ratio2))
    numbers = {
        "lag_s": law.lag_s, "couple_per_K": law.couple_per_K, "noise_Pa": law.noise_Pa, "cools_ratio": law.cools_ratio,
        "cools_sigma_ratio": float(sigma[3]),
    }  # fmt: skip
    text = (
        f"loop {loop.name} learned from {quiet.hours:.3g} h: gas lag {law.lag_s / 60:.0f} min, cp/cv of the gas as it answers"
        f" {1 + law.cools_ratio:.3g} (1 sigma {sigma[3]:.1g})"
    )
    if quiet.hours < float(LEARN_H):
        text += f"; false alarms and intervals were measured after {float(LEARN_H):.0f} h"
    text += f"; {loop.caveat}" if loop.caveat else ""
    return Told("learned", text, numbers)
