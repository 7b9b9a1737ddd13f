"""Sentences of the contamination answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.deposit import SurfaceDeposit
from whipple.contamination.residence import Film
from whipple.contamination.spots import Spot

__all__ = [
    "AFTER",
    "CAVEATS",
    "NO_FLOW",
    "NO_LOOP",
    "builds_up",
    "duration",
    "handed_on",
    "headline",
    "sentence",
    "verdict",
]

NO_LOOP = Caveat("contamination-no-loop", "Where the fluid went cannot be said: the case describes no loop.")
NO_FLOW = Caveat(
    "contamination-no-flow",
    "The flow is not known, so nothing can be said of single surfaces; only the fluid's own fate.",
)
CAVEATS = (
    Caveat(
        "contamination-plume-law",
        "The plume is a cosine law with an isotropic floor: for this vapour continuum theory sets no limiting angle, so what turns "
        "back is assumed (1 to 40 % of the vapour spread evenly) and rates behind the hole are known to a factor of ten at best.",
    ),
    Caveat(
        "contamination-residue",
        "The coolant's additives are not public: residue is a share of 1e-4 to 3e-2 of the fluid, left by droplets and fog; what "
        "fog carries off the jet (0.1 to 10 %) is assumed. Pure coolant leaves nothing.",
    ),
    Caveat(
        "contamination-straight-lines",
        "Molecules fly straight: scattering by the atmosphere or within the plume is left out; vapour handed on from surface to surface "
        "is counted apart, as a mean over the part, as if none stuck. Droplets feel drag. Surface temperatures are those of the shape file.",
    ),
)

AFTER = (
    Caveat(
        "contamination-film-optics",
        "How dark the residue is has not been published: an extinction index of 5e-4 to 0.2 at 550 nm is assumed, and Beer's law, which "
        "fails in the visible for films of 5 to 50 nm. Losses of light are orders of magnitude, not predictions.",
    ),
    Caveat(
        "contamination-spacewalk-measure",
        "No public rule says what vapour column a spacewalk may cross: the quiescent limit of SSP 30426 at 5 m from the hole is taken, "
        "with all that leaves counted as vapour.",
    ),
)


def headline(
    name: str,
    flashed: Estimate,
    cold: Estimate,
    life: Estimate,
    frozen_frac: float,
    surfaces: Sequence[SurfaceDeposit],
    limit_per_m2: float,
) -> str:
    """The answer for a programme manager."""
    ice = "freeze, " if frozen_frac > 0.5 else ""
    text = (
        f"{100 * flashed.median:.0f} % of the {name} flashes to vapour (90 %: {100 * flashed.low:.0f}–{100 * flashed.high:.0f}); "
        f"droplets {ice}cool to {cold.median:.0f} K ({cold.low:.0f}–{cold.high:.0f}) and are gone in {duration(life.median)} "
        f"({duration(life.low)}–{duration(life.high)})."
    )
    if not surfaces:
        return text
    longest = max(surfaces, key=lambda one: one.film_life_s.high)
    worst = max(surfaces, key=lambda one: one.residue_m.high)
    over = [one.surface for one in surfaces if one.column_per_m2.median > limit_per_m2]
    looking = (
        f"the column limit of 10¹⁴ per cm² is passed looking out from {len(over)} of {len(surfaces)} surfaces examined"
    )
    return (
        f"{text} Pure {name} cannot stay: a 1 µm film lasts at most {duration(longest.film_life_s.high)} ({longest.surface}). Most "
        f"residue: {worst.surface}, {_thickness(worst.residue_m.median)} (90 %: {_thickness(worst.residue_m.low)} to "
        f"{_thickness(worst.residue_m.high)}); {looking}."
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
    what = (
        f"{reached.median:.1e} kg/m²/s arrives (90 %: {reached.low:.0e}–{reached.high:.0e}); a 1 µm film at "
        f"{spot.part.temperature_K:.0f} K lasts {duration(life.median)}; residue {_thickness(left.median)} (up to {_thickness(left.high)})."
    )
    verdict = "above" if column.low > limit_per_m2 else "below" if column.high < limit_per_m2 else "about"
    return (
        f"{where} {what} Column looking out: {column.median * 1e-4:.0e} per cm², {verdict} the quiescent limit of 10¹⁴."
    )


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
    'Chance that the residue passes 130 Å, the limit of SSP 30426 for a year: 30 %. Array power left: 99.9 % (90 %: 98.0–100.0).'
    """
    text = f"Chance that the residue passes 130 Å, the limit of SSP 30426 for a year: {100 * over_prob:.0f} %."
    if value is None:
        return text
    return f"{text} {function.capitalize()}: {100 * value.median:.1f} % (90 %: {100 * value.low:.1f}–{100 * value.high:.1f})."


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
