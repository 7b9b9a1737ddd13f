"""What does heat do to the people aboard?

    P(serious harm) = 1 / (1 + exp(-(T_peak - T_half) / w)),   T_half = T6 + 2.5 K log2(6 h / duration) + 6 K (1 - relative humidity)

T_peak is the hottest cabin air. In saturated air above about 35 degC a resting body can shed no heat and warms by 1.6 K an hour
(reference sheet thermal_and_contamination.md, section 5, computed), so the curve is steep and depends on how long it lasts. No published
curve exists for a crew in suits: centre and width are proposals, varied over their range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.heat import HeatScenario
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = [
    "HALF_HARM",
    "HARM_WIDTH",
    "TRIP_S",
    "Doubt",
    "draw_estimate",
    "half_harm_K",
    "heat_harm_prob",
    "scenario_harm",
]

#: Peak cabin temperature at which half the crews of a 6 h trip in saturated air come to serious harm. `[proposal]`
HALF_HARM = Given(315.15, 311.15, 320.15, "K", "whipple_elicited")
#: Width of the logistic. `[proposal]`
HARM_WIDTH = Given(2.0, 1.0, 3.0, "K", "whipple_elicited")
PER_DOUBLING_K = Cited(2.5, unit="K", source="whipple_elicited", grade="proposal")
PER_HUMIDITY_K = Cited(6.0, unit="K", source="whipple_elicited", grade="proposal")
REFERENCE_TRIP_S = 6 * 3600.0
#: Trips that the curve is meant for.
TRIP_S = (0.5 * 3600.0, 24 * 3600.0)
_Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Doubt:
    """Common draws (n,) of what is not known about harm, the same for every option so that their difference is not noise."""

    half_harm_K: Array
    width_K: Array
    emergency_per_s: Array
    absent_harm_prob: Array
    uniform_frac: Array


def half_harm_K(half_6h_K: Array, duration_s: float, humidity_frac: Array | float) -> Array:
    """Temperature of even odds for a trip of this length and humidity; meant for `TRIP_S` (0.5 to 24 h), RangeError for no time at all.

    >>> half_harm_K(np.array([315.0]), 6 * 3600.0, 1.0).tolist(), half_harm_K(np.array([315.0]), 3 * 3600.0, 1.0).tolist()
    ([315.0], [317.5])
    """
    if not duration_s > 0:
        raise RangeError(
            "harm by heat", "duration_s", f"{duration_s:g}", "a time above zero", "say how long the trip takes"
        )
    longer = np.log2(REFERENCE_TRIP_S / duration_s)
    return np.asarray(half_6h_K + PER_DOUBLING_K * longer + PER_HUMIDITY_K * (1.0 - np.asarray(humidity_frac)))


def heat_harm_prob(peak_K: Array | float, half_K: Array | float, width_K: Array | float) -> Array:
    """The logistic: 0.5 at `half_K`, rising with the peak cabin temperature.

    >>> heat_harm_prob(315.0, 315.0, 2.0).item(), heat_harm_prob(319.0, 315.0, 2.0).round(3).item()
    (0.5, 0.881)
    """
    return np.asarray(1.0 / (1.0 + np.exp(-(np.asarray(peak_K) - half_K) / width_K)))


def scenario_harm(scenario: HeatScenario, doubt: Doubt, shift_K: float = 0.0) -> Array:
    """Draws (n,) of the probability of serious harm in one heat scenario, the cabin shifted by `shift_K`; nobody aboard, no harm."""
    if scenario.crew_count == 0:
        return np.zeros_like(doubt.half_harm_K)
    humidity = 1.0 if scenario.peak_humidity_frac is None else min(scenario.peak_humidity_frac.median, 1.0)
    half = half_harm_K(doubt.half_harm_K, scenario.duration_s, humidity)
    peak = draw_estimate(scenario.peak_cabin_K, doubt.uniform_frac) + shift_K
    return heat_harm_prob(peak, half, doubt.width_K)


def draw_estimate(estimate: Estimate, uniform_frac: Array) -> Array:
    """Draws of an estimate at the given quantiles: its samples if it kept them, else a split normal through its three points."""
    if estimate.samples is not None and estimate.samples.size > 1:
        return np.quantile(estimate.samples, uniform_frac)
    z = ndtri(np.clip(uniform_frac, 1e-9, 1 - 1e-9))
    side = np.where(z > 0, estimate.high - estimate.median, estimate.median - estimate.low) / _Z90
    return np.asarray(estimate.median + side * z)
