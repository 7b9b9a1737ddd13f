"""What does heat do to the people aboard?

    P(serious harm) = 1 / (1 + (half / rise)^shape),   rise: by how much the core of a body has warmed by the end

The rise is the thermal room's: what a body makes and cannot shed, by skin or by sweat, in the air of that cabin. Heat stroke is a core above
40 degC (Bouchama and Knochel 2002), 3 K over the usual 37; people long in orbit begin up to 1 K warmer (Stahn 2017). No published curve
exists for a crew in suits: that half of those who reach heat stroke come to serious harm, and how steeply, are proposals, varied over their range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from whipple.casefile.estimate import Z90, Array, Estimate
from whipple.casefile.findings.heat import HeatScenario
from whipple.casefile.given import Given

__all__ = [
    "HALF_HARM",
    "HARM_SHAPE",
    "TRIP_S",
    "USUAL_CORE_C",
    "Doubt",
    "draw_estimate",
    "heat_harm_prob",
    "scenario_harm",
]

#: Core temperature of somebody at rest in comfort [degC].
USUAL_CORE_C = 37.0
#: Rise of the core at which half the people come to serious harm: heat stroke, from a usual core (3 K) or from a warm one (2 K). `[proposal]`
HALF_HARM = Given(3.0, 2.0, 4.5, "K", "heat_stroke2002")
#: Steepness: at half of that rise 0.4 % (3 to 0.006 %) are harmed. `[proposal]`
HARM_SHAPE = Given(8.0, 5.0, 14.0, "", "whipple_elicited")
#: Trips that the law is meant for: shorter ones have no time to warm a body, on longer ones thirst counts as well.
TRIP_S = (0.5 * 3600.0, 24 * 3600.0)


@dataclass(frozen=True)
class Doubt:
    """Common draws (n,) of what is not known about harm, the same for every option so that their difference is not noise."""

    half_rise_K: Array
    shape: Array
    emergency_per_s: Array
    absent_harm_prob: Array
    uniform_frac: Array


def heat_harm_prob(rise_K: Array | float, half_K: Array | float, shape: Array | float) -> Array:
    """The probability of serious harm after a rise of the core: 0 without any, 0.5 at `half_K`, and steeper with `shape`.

    >>> heat_harm_prob(3.0, 3.0, 8.0).item(), heat_harm_prob(1.5, 3.0, 8.0).round(4).item(), heat_harm_prob(0.0, 3.0, 8.0).item()
    (0.5, 0.0039, 0.0)
    """
    warmer = (np.maximum(rise_K, 0.0) / np.asarray(half_K)) ** shape
    return np.asarray(warmer / (1.0 + warmer))


def scenario_harm(scenario: HeatScenario, doubt: Doubt, shift_K: float = 0.0) -> Array | None:
    """Draws (n,) of the probability of serious harm in one heat scenario, the cabin shifted by `shift_K`; nobody aboard, no harm.

    A warmer cabin warms the core as it does from the cool to the hot end of the scenario's own range. None where people fly and how far
    their bodies warm was not computed.
    """
    if scenario.crew_count == 0:
        return np.zeros_like(doubt.half_rise_K)
    rise, peak = scenario.core_rise_K, scenario.peak_cabin_K
    if rise is None:
        return None
    wide_K = peak.high - peak.low
    per_K = (rise.high - rise.low) / wide_K if wide_K > 0 else 0.0
    return heat_harm_prob(draw_estimate(rise, doubt.uniform_frac) + per_K * shift_K, doubt.half_rise_K, doubt.shape)


def draw_estimate(estimate: Estimate, uniform_frac: Array) -> Array:
    """Draws of an estimate at the given quantiles: its samples if it kept them, else a split normal through its three points."""
    if estimate.samples is not None and estimate.samples.size > 1:
        return np.quantile(estimate.samples, uniform_frac)
    z = ndtri(np.clip(uniform_frac, 1e-9, 1 - 1e-9))
    side = np.where(z > 0, estimate.high - estimate.median, estimate.median - estimate.low) / Z90
    return np.asarray(estimate.median + side * z)
