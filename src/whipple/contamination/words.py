"""Sentences of the contamination answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.deposit import SurfaceDeposit
from whipple.contamination.residence import Film
from whipple.contamination.spots import Spot
from whipple.physics.cited import Cited

__all__ = [
    "builds_up",
    "duration",
    "handed_on",
    "headline",
    "limit_words",
    "looking",
    "sentence",
    "verdict",
]

#: A film that lasts this long counts as staying.
STAYS_s = Cited(3600.0, unit="s", source="contamination_proposal", grade="proposal")


def headline(
    name: str,
    flashed: Estimate,
    cold: Estimate,
    life: Estimate,
    frozen_frac: float,
    surfaces: Sequence[SurfaceDeposit],
) -> str:
    """The answer for a programme manager; without surfaces the fluid's own fate."""
    share = f"{100 * flashed.median:.0f} % of the {name} flashes to vapour (90 %: {100 * flashed.low:.0f}–{100 * flashed.high:.0f})"
    if not surfaces:
        ice = "freeze, " if frozen_frac > 0.5 else ""
        return (
            f"{share}; droplets {ice}cool to {cold.median:.0f} K ({cold.low:.0f}–{cold.high:.0f}) and are gone in {duration(life.median)} "
            f"({duration(life.low)}–{duration(life.high)})."
        )
    longest = max(surfaces, key=lambda one: one.film_life_s.high)
    worst = max(surfaces, key=lambda one: one.residue_m.high)
    stays = longest.film_life_s.high > STAYS_s or longest.film_life_s.bound == "lower"
    film = f"a 1 µm film {'lasts up to' if stays else 'lasts at most'} {duration(longest.film_life_s.high)} ({longest.surface})"
    can = (
        f"pure {name} can stay on the coldest of them" if stays else f"pure {name} cannot stay on any surface examined"
    )
    return (
        f"{share}; {can}: {film}. What stays is residue, most on {worst.surface}: {_thickness(worst.residue_m.median)} "
        f"(90 %: {_thickness(worst.residue_m.low)} to {_thickness(worst.residue_m.high)})."
    )


def sentence(
    spot: Spot,
    reached: Estimate,
    column: Estimate,
    life: Estimate,
    left: Estimate,
    limit_per_m2: float,
    seen_frac: float,
) -> str:
    """What happens at one surface."""
    off_axis = np.degrees(np.arccos(np.clip(spot.cosine_ratio[0], -1, 1)))
    view = "in view" if spot.seen_frac[0] else f"hidden by the stack ({100 * seen_frac:.0f} % of possible axes see it)"
    where = f"{spot.part.name}: {spot.distance_m:.0f} m away, {off_axis:.0f}° off the hole's axis, {view}."
    arrives = f"{reached.median:.1e} kg/m²/s arrives (90 %: {reached.low:.0e}–{reached.high:.0e})"
    what = (
        f"{arrives if reached.high > 0 else 'Nothing arrives straight from the hole'}; a 1 µm film at "
        f"{spot.part.temperature_K:.0f} K lasts {duration(life.median)}; residue {_thickness(left.median)} (up to {_thickness(left.high)})."
    )
    verdict = "above" if column.low > limit_per_m2 else "below" if column.high < limit_per_m2 else "about"
    return (
        f"{where} {what} Column looking out: {column.median * 1e-4:.0e} per cm², {verdict} the quiescent limit of 10¹⁴."
    )


def limit_words(surfaces: Sequence[SurfaceDeposit]) -> str:
    """The verdict against SSP 30426 in one or two sentences: residue against the yearly 130 Å, and for how long the column is passed."""
    if not surfaces:
        return ""
    worst = max(surfaces, key=lambda one: one.over_limit_prob)
    likely = [one for one in surfaces if one.over_limit_prob > 0.05]
    text = (
        f"Against SSP 30426: the yearly 130 Å of deposit may be passed by residue on {len(likely)} of {len(surfaces)} surfaces examined "
        f"(chance above 5 %; most {worst.surface}, {100 * worst.over_limit_prob:.0f} %)"
    )
    timed = [one for one in surfaces if one.over_column_s is not None and one.over_column_s.high > 0]
    longest = max(timed, key=lambda one: one.over_column_s.high if one.over_column_s else 0.0, default=None)
    if longest is None or longest.over_column_s is None:
        return f"{text}."
    span = longest.over_column_s
    return (
        f"{text}; the column of 10¹⁴ per cm² is passed longest looking out from {longest.surface}, for {_or_none(span.median)} "
        f"from the onset (90 %: {_or_none(span.low)} to {duration(span.high)})."
    )


def _or_none(seconds: float) -> str:
    return duration(seconds) if seconds > 0 else "no time"


def looking(toward: Estimate | None) -> tuple[str, ...]:
    """The column between a camera there and the hole, as a sentence; () where the hole is out of sight.

    >>> looking(Estimate(3.4e19, 1e19, 5e19, "1/m**2"))
    ('A camera there looking at the hole sees through 3e+15 per cm² (90 %: 1e+15–5e+15).',)
    """
    if toward is None:
        return ()
    span = f"{toward.median * 1e-4:.0e} per cm² (90 %: {toward.low * 1e-4:.0e}–{toward.high * 1e-4:.0e})"
    return (f"A camera there looking at the hole sees through {span}.",)


def builds_up(least: Film, most: Film) -> str:
    """Does what arrives stay, at the low and at the high end of the arrival, over an hour?

    >>> builds_up(Film(1e-11, False, 1e-6, 1e-7), Film(1e-11, False, 1e-6, 1e-7))
    'It leaves as fast as it comes: no film builds up.'
    """
    if not most.grows:
        return "It leaves as fast as it comes: no film builds up."
    low = f"{_thickness(least.thickness_m)} to " if least.grows else "up to "
    return f"A film builds up: {low}{_thickness(most.thickness_m)} an hour, gone {duration(most.clearing_s)} after an hour's spray ends."


def handed_on(arrival_kg_m2_s: float) -> str:
    """What reaches a part by way of other surfaces.

    >>> handed_on(2.3e-9)
    'About 2e-09 kg/m²/s more is handed on by other surfaces.'
    """
    if not arrival_kg_m2_s > 0:
        return "Too little to count is handed on by other surfaces."
    return f"About {arrival_kg_m2_s:.0e} kg/m²/s more is handed on by other surfaces."


def verdict(over_prob: float, function: str, value: Estimate | None) -> str:
    """The residue against the limit for a year, and what it does to the function of the surface.

    >>> verdict(0.3, "array power left", Estimate(0.999, 0.98, 1.0, ""))
    'Chance that the residue passes 130 Å, the limit of SSP 30426 for a year: 30 %. Array power left at its worst spot: 99.9 % (90 %: 98.0–100.0).'
    """
    text = f"Chance that the residue passes 130 Å, the limit of SSP 30426 for a year: {100 * over_prob:.0f} %."
    if value is None:
        return text
    return f"{text} {function.capitalize()} at its worst spot: {100 * value.median:.1f} % (90 %: {100 * value.low:.1f}–{100 * value.high:.1f})."


def duration(seconds: float) -> str:
    """A duration for people, two digits.

    >>> duration(5.4e-5), duration(0.07), duration(564.0), duration(1e5)
    ('54 µs', '70 ms', '9.4 min', '28 h')
    """
    for scale, unit in ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms")):
        if seconds >= scale * 0.995:
            return f"{_two(seconds / scale)} {unit}"
    return f"{_two(seconds * 1e6)} µs"


def _thickness(metres: float) -> str:
    """A layer for people, two digits.

    >>> _thickness(4.31e-9), _thickness(4.1e-6), _thickness(0.0)
    ('4.3 nm', '4.1 µm', '0 nm')
    """
    return f"{_two(metres * 1e6)} µm" if metres >= 0.995e-6 else f"{_two(metres * 1e9)} nm"


def _two(value: float) -> str:
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"
