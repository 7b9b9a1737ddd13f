"""What to shutter or rotate, for how long, and when may a crew work near the plume again?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.deposit import SurfaceDeposit
from whipple.casefile.findings.hole import Hole, LeakHistory
from whipple.contamination.column import column_per_m2
from whipple.contamination.optics import EXTINCTION, STEEPNESS, absorptance_rise, array_power_frac, window_clear_frac
from whipple.contamination.words import duration
from whipple.physics.cited import Cited
from whipple.vehicle.surfaces import Part

__all__ = [
    "WORKSITE_m",
    "YEARLY_LIMIT_m",
    "above_limit_s",
    "advice",
    "dimmed",
    "how_long",
    "onset_of",
    "spacewalk_words",
    "summary",
    "worst_column_per_kg_s",
]

#: SSP 30426: 130 angstrom a year (30 quiescent and 100 non-quiescent).
YEARLY_LIMIT_m = Cited(1.3e-8, unit="m", source="mikatarian2000")
#: A spacewalker at work is taken to be this far from the hole.
WORKSITE_m = Cited(5.0, unit="m", source="contamination_proposal", grade="proposal")
#: What counts as harm: this chance of passing the yearly limit, or this loss of function at the 95 % end.
HARM_prob = Cited(0.05, unit="", source="contamination_proposal", grade="proposal")
HARM_frac = Cited(0.01, unit="", source="contamination_proposal", grade="proposal")
ARRAY, RADIATOR, WINDOW = "array power left", "absorptance rise", "window clear"
_WORDS = {WINDOW: ("cupola", "window"), RADIATOR: ("radiator",), ARRAY: ("solar", "array")}
_DO = {WINDOW: "Shutter {}", RADIATOR: "Turn {} edge-on", ARRAY: "Turn {} edge-on"}


def dimmed(part: Part, residue_m: Array, rng: np.random.Generator) -> tuple[str, Estimate | None]:
    """Which function of the part the residue draws (n,) dim, and by how much; ("", None) where none is known to suffer."""
    named = f"{part.name} {part.material}".lower()
    function = next((what for what, words in _WORDS.items() if any(word in named for word in words)), "")
    if not function:
        return "", None
    k, steep = EXTINCTION.draw(rng, len(residue_m)), STEEPNESS.draw(rng, len(residue_m))
    if function == RADIATOR:
        left = absorptance_rise(residue_m, k, steep, part.solar_absorptance_frac)
    else:
        left = (array_power_frac if function == ARRAY else window_clear_frac)(residue_m, k, steep)
    return function, Estimate.from_samples(left, "", models=("Beer's law",), sources=(EXTINCTION.source,))


def onset_of(history: LeakHistory) -> float:
    """When the flow begins on the clock of the history [s]; its first instant when it always flows."""
    return float(history.t_s[int(np.argmax(history.flow_kg_s[1] > 0))])


def worst_column_per_kg_s(
    speed_m_s: Array, law: Callable[[Array], Array], molar_mass_kg_mol: float, at_m: float = WORKSITE_m
) -> Array:
    """Column of a full line across the axis at this distance ahead of the hole, for 1 kg/s that all turns to vapour (n,) [s/m2/kg].

    `law` turns cosines from the axis (n, 48) into shares per steradian, each row by its own draw.
    """
    axis = np.broadcast_to([0.0, 0.0, 1.0], (len(speed_m_s), 3))
    return column_per_m2(
        1 / speed_m_s,
        molar_mass_kg_mol,
        [-1e6, 0.0, float(at_m)],
        [1.0, 0.0, 0.0],
        axis,
        law=law,
    )


def above_limit_s(history: LeakHistory, per_kg_s: Array, limit_per_m2: float, rng: np.random.Generator) -> Estimate:
    """How long after the onset a column falls below the limit for good; 0 where it never passes it. `per_kg_s` (n,) is the column
    for 1 kg/s leaving the hole: at the worksite, or looking out from a surface.

    Each draw follows one quantile of the flow bands. When the flow is still too strong at the end of the history for some draws,
    the estimate is a lower bound and says so.
    """
    place = np.clip(rng.random(len(per_kg_s)), 0.05, 0.95)
    low = np.where(place < 0.5, (0.5 - place) / 0.45, 0.0)[:, None]
    high = np.where(place > 0.5, (place - 0.5) / 0.45, 0.0)[:, None]
    bands = history.flow_kg_s
    flow = low * bands[0] + (1 - low - high) * bands[1] + high * bands[2]
    over = (per_kg_s[:, None] * flow >= limit_per_m2) & (history.t_s >= onset_of(history))
    last = np.where(over.any(axis=1), history.t_s.size - 1 - np.argmax(over[:, ::-1], axis=1), -1)
    after = history.t_s[np.minimum(last + 1, history.t_s.size - 1)] - onset_of(history)
    draws = np.where(last < 0, 0.0, np.maximum(after, 0.0))
    still = float((last == history.t_s.size - 1).mean())
    answer = Estimate.from_samples(draws, "s", models=("plume law with isotropic floor",))
    if still < 0.05:
        return answer
    text = f"In {100 * still:.0f} % of draws the plume is still above the limit when the history of the leak ends: the wait is a lower bound."
    return answer.with_caveats(Caveat("contamination-spacewalk-open", text))


def advice(surfaces: Sequence[SurfaceDeposit], hole: Hole, droplet_life: Estimate | None) -> dict[str, str]:
    """Which surfaces to shutter or rotate, for how long and why: a sentence for each surface that needs it."""
    long = how_long(hole, droplet_life)
    return {
        one.surface: f"{_DO[one.function].format(one.surface)} {long}: {_why(one)}."
        for one in surfaces
        if one.function and _harmed(one)
    }


def summary(advice: Mapping[str, str], long: str) -> str:
    """The advice in one sentence of the headline; "" where nothing needs turning.

    >>> summary({"array.P4": "Turn ...", "cupola": "Close ..."}, "for 3 h from the onset")
    'Turn edge-on or shutter array.P4, cupola for 3 h from the onset.'
    """
    return f"Turn edge-on or shutter {', '.join(advice)} {long}." if advice else ""


def _harmed(one: SurfaceDeposit) -> bool:
    return one.over_limit_prob > HARM_prob or _loss(one) > HARM_frac


def _loss(one: SurfaceDeposit) -> float:
    """Loss of function at the unfavourable end of its interval."""
    if one.function_frac is None:
        return 0.0
    return one.function_frac.high if one.function == RADIATOR else 1 - one.function_frac.low


def _why(one: SurfaceDeposit) -> str:
    what = {
        ARRAY: "at its worst spot power down by up to",
        RADIATOR: "at its worst spot solar absorptance up by up to",
        WINDOW: "at its worst spot light through it down by up to",
    }[one.function]
    chance = f"{100 * one.over_limit_prob:.0f} % chance that residue alone passes 130 Å, the limit for a year"
    return f"{chance}; {what} {100 * _loss(one):.2g} % (residue's darkness assumed)"


def how_long(hole: Hole, droplet_life: Estimate | None) -> str:
    """Until the hole stops spraying and the last droplets have gone, in words."""
    drops = f" and {duration(droplet_life.high)} more for the last droplets" if droplet_life is not None else ""
    if hole.history is None or hole.empty_s is None:
        return f"until the spray ends{drops}"
    onset = onset_of(hole.history)
    low, median, high = (max(when - onset, 0.0) for when in (hole.empty_s.low, hole.empty_s.median, hole.empty_s.high))
    return f"for {duration(median)} from the onset (90 %: {duration(low)}–{duration(high)}){drops}"


def spacewalk_words(wait: Estimate | None) -> str:
    """When a spacewalk near the plume is acceptable again, as a sentence."""
    if wait is None:
        return ""
    measure = "our own measure, no flight rule"
    if wait.high <= 0:
        return f"A spacewalk near the plume is not held up by vapour ({measure})."
    least = "at least " if wait.caveats else ""
    span = f"90 %: {duration(max(wait.low, 0.0)) if wait.low > 0 else 'at once'} to {duration(wait.high)}"
    middle = duration(wait.median) if wait.median > 0 else "no time in half the draws"
    return f"Vapour stands against a spacewalk near the plume for {least}{middle} from the onset ({span}; {measure})."
