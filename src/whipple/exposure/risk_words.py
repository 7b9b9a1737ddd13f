"""Saying it: the chance of a puncture, what it comes from, and what could not have been reached."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.estimate import Array, Estimate
from whipple.exposure.risk import Doubt, PartRisk, SourceRisk, Whole
from whipple.exposure.words import compass, two_figures
from whipple.physics.constants import YEAR_s

__all__ = [
    "acceptance_sentence",
    "arrivals",
    "chance",
    "headline",
    "lasting",
    "listed",
    "odds",
    "sureness",
    "unreachable",
]


def lasting(duration_s: float) -> str:
    """A time in words.

    >>> lasting(86400.0 * 85), lasting(3.15576e7), lasting(7200.0)
    ('85 days', '1 year', '2 hours')
    """
    for size, word in ((float(YEAR_s), "year"), (86_400.0, "day"), (3600.0, "hour")):
        if duration_s >= 0.9995 * size:
            number = f"{float(f'{duration_s / size:.3g}'):g}"
            return f"{number} {word}{'' if number == '1' else 's'}"
    return f"{duration_s:.0f} seconds"


def odds(prob: float) -> str:
    """A probability near 1 or 0 without rows of nines.

    >>> odds(0.987654), odds(0.9999912), odds(0.031), odds(4e-9)
    ('0.988', '1 − 8.8e-06', '0.031', 'below 0.001')
    """
    if 0.999 < prob < 1.0:
        return f"1 − {1 - prob:.2g}"
    return f"{prob:.3g}" if prob >= 0.001 else "below 0.001"


def chance(estimate: Estimate) -> str:
    """A probability with its 90 % interval in brackets, without it where both ends read alike.

    >>> chance(Estimate(0.9, 0.8, 0.95, "")), chance(Estimate(1e-9, 0.0, 1e-5, ""))
    ('0.9 (0.8 to 0.95)', 'below 0.001')
    """
    middle, low, high = (odds(x) for x in (estimate.median, estimate.low, estimate.high))
    return middle if low == high == middle else f"{middle} ({low} to {high})"


def sureness(prob: float) -> str:
    """How sure a yes is, in whole per cent, never a false 0 or 100.

    >>> sureness(0.018), sureness(0.9991), sureness(1.0)
    ('2 %', 'above 99 %', '100 %')
    """
    if prob in (0.0, 1.0) or 0.01 <= prob <= 0.99:
        return f"{100 * prob:.0f} %"
    return "below 1 %" if prob < 0.01 else "above 99 %"


def _spread(estimate: Estimate) -> str:
    if odds(estimate.low) == odds(estimate.high):
        return f"{odds(estimate.median)} over the whole 90 % interval"
    return f"{odds(estimate.median)} (90 % interval {odds(estimate.low)} to {odds(estimate.high)})"


def headline(
    duration_s: float,
    total: Whole,
    parts: Sequence[PartRisk],
    sources: Sequence[str],
    source_frac: Array,
    doubts: Sequence[Doubt],
) -> str:
    """The probability of no puncture, what most of the risk comes from, and the doubt that matters most."""
    low, middle, high = (
        two_figures(x) for x in (total.strike_count.low, total.strike_count.median, total.strike_count.high)
    )
    hit = f"about {middle} strikes heavier than 1 µg (90 % interval {low} to {high})"
    known = [part for part in parts if part.none_prob is not None]
    if total.none_prob is None or not known:
        return (
            f"Over {lasting(duration_s)}: {hit} on the whole vehicle; no wall is known, so no puncture can be counted."
        )
    where = (
        "of the whole vehicle"
        if len(known) == len(parts)
        else f"of the {len(known)} parts (of {len(parts)}) whose wall is known"
    )
    if len(known) == 1:
        where = f"of {known[0].part}, the only part whose wall is known,"
    said = [f"Over {lasting(duration_s)} the probability of no puncture {where} is {_spread(total.none_prob)}"]
    if source_frac.sum() > 0:
        worst, main = max(known, key=lambda part: part.risk_frac), int(np.argmax(source_frac))
        said.append(f"{100 * source_frac[main]:.0f} % of the expected punctures come from {sources[main]}")
        if len(known) > 1:
            said.append(f"{100 * worst.risk_frac:.0f} % fall on {worst.part}")
    if doubts:
        said.append(
            f"the largest doubt is the {doubts[0].name} ({100 * doubts[0].variance_frac:.0f} % of the variance)"
        )
    return "; ".join([*said, hit + " on the whole vehicle"]) + "."


def arrivals(share: Array, middle_rad: Array) -> str:
    """The directions most arrivals come from, in words.

    >>> arrivals(np.array([0.7, 0.3]), np.array([[0.0, 0.0], [1.5707963, 0.5]]))
    'ram, near the horizon (70 %); starboard, 29° up (30 %)'
    """
    if not share.sum() > 0:
        return "from nowhere"
    named: dict[str, float] = {}
    for part, middle in zip(share, middle_rad, strict=True):
        where = _where(*middle)
        named[where] = named.get(where, 0.0) + float(part)
    best = [where for where in sorted(named, key=lambda name: -named[name])[:3] if named[where] >= 0.05]
    return "; ".join(f"{where} ({100 * named[where]:.0f} %)" for where in best)


def _where(azimuth: float, elevation: float) -> str:
    degrees = float(np.degrees(elevation))
    if degrees > 60:
        return "from above"
    high = "near the horizon" if abs(degrees) < 1 else f"{abs(degrees):.0f}° {'up' if degrees > 0 else 'down'}"
    return f"{compass(azimuth)}, {high}"


def unreachable(rows: Sequence[SourceRisk], parts: Sequence[PartRisk], sources: Sequence[str]) -> tuple[str, ...]:
    """What could not have been reached: parts that a source never reaches, and parts that nothing reaches."""
    said = []
    dark = [part.part for part in parts if part.sheltered_frac >= 1.0]
    if dark:
        said.append(f"Nothing that flies reaches {listed(dark)}: all of it lies in the shadow of the rest.")
    for source in sources:
        out = [row.part for row in rows if row.source == source and row.reached_frac <= 0.0 and row.part not in dark]
        if out:
            said.append(f"{source}: cannot reach {listed(out)} (direction or shadow).")
    return tuple(said)


def listed(names: Sequence[str], most: int = 8) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more parts" if len(names) > most else "")


def acceptance_sentence(name: str, required: float, found: Estimate | None, met: float, unknown: Sequence[str]) -> str:
    """Whether a required probability of no puncture is met, and how sure that is."""
    if found is None:
        return f"{name}: cannot be judged, no wall of its parts is known."
    word = "met" if met >= 0.95 else "not met" if met <= 0.05 else "open"
    said = f"{name}: {word}. Required {required:g}, found {_spread(found)}; the probability that it is met is {sureness(met)}."
    return said + (f" Not counted, because their walls are not known: {listed(unknown)}." if unknown else "")
