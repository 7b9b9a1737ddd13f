"""What do the temperatures mean for people? Sentences for the report."""

from __future__ import annotations

from collections.abc import Sequence

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.heat import HeatScenario
from whipple.casefile.given import Given
from whipple.thermal.crew import core_rate_K_s
from whipple.thermal.humidity import ICE_POINT_K

__all__ = ["celsius", "harm", "headline"]


def celsius(value: Estimate) -> str:
    """A temperature for people.

    >>> celsius(Estimate(303.15, 300.15, 308.15, "K"))
    '30 °C (90 %: 27–35)'
    """
    low, middle, high = (kelvin - ICE_POINT_K for kelvin in (value.low, value.median, value.high))
    return f"{middle:.0f} °C (90 %: {low:.0f}–{high:.0f})"


def _chance(prob: float) -> str:
    """Per cent with the digits of the table beside it, never rounded to a false 0 or 100."""
    if 0 < prob < 0.001 or 0.999 < prob < 1:
        return "below 0.1 %" if prob < 0.5 else "above 99.9 %"
    return f"{100 * prob:.{1 if prob < 0.1 else 0}f} %"


def harm(
    crew_count: int,
    peak_K: Estimate,
    humidity: Estimate | None,
    core_rise: Estimate | None,
    over_prob: float,
    metabolic_W: Given,
) -> str:
    """What the crew, or the equipment, meets; `metabolic_W` is the heat of one of them."""
    if humidity is None or core_rise is None:
        return f"{crew_count or 'Nobody'} aboard; cabin air peaks at {celsius(peak_K)}, above 40 °C with probability {_chance(over_prob)}."
    usual, most = (float(core_rate_K_s(watt)) * 3600 for watt in (metabolic_W.value, metabolic_W.high))
    return (
        f"{crew_count} aboard: cabin air peaks at {celsius(peak_K)}, relative humidity at {100 * humidity.median:.0f} % "
        f"(90 %: {100 * humidity.low:.0f}–{100 * humidity.high:.0f}); sweat that cannot evaporate leaves heat in the body: core "
        f"temperature +{core_rise.median:.1f} K (90 %: {core_rise.low:.1f}–{core_rise.high:.1f}) by the end; where the air is "
        f"saturated above 35 °C and nothing of it can leave, {usual:.1f} K/h (up to {most:.1f}). Above 40 °C with probability {_chance(over_prob)}."
    )


def headline(scenarios: Sequence[HeatScenario]) -> str:
    """The answer in a sentence or two: the crewed flight with most people first, the docked ship beside it."""
    crewed = sorted((one for one in scenarios if one.crew_count), key=lambda one: -one.crew_count)
    empty = [one for one in scenarios if not one.crew_count]
    first = [f"In '{one.name}' cabin air peaks at {celsius(one.peak_cabin_K)}" for one in (crewed or empty)[:1]]
    if crewed and crewed[0].peak_humidity_frac is not None:
        first[0] += f", relative humidity at {100 * crewed[0].peak_humidity_frac.median:.0f} %"
    rest = [f"'{one.name}' {celsius(one.peak_cabin_K)}" for one in [*crewed[1:], *(empty if crewed else empty[1:])]]
    return first[0] + "." + (f" Others: {'; '.join(rest)}." if rest else "")
