"""One option as a column: what it risks, in its parts.

    P(harm) = 1 - (1 - p_heat) (1 - p_other) exp(-rate * sum(t_i p_i))

p_heat: the heat of the return it flies; p_other: entry and landing, from the case; the last factor: an emergency that needs the ship
while it is degraded, at a rate per second, for each stretch t_i with the harm p_i of that many people aboard the damaged ship (or of having
no ship at all, where it would serve no better). A ship that carries nobody home has no such stretch: p_other is then all there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.casefile.findings.heat import Heat, HeatScenario
from whipple.casefile.given import Given
from whipple.casefile.tables.option import OptionTable
from whipple.decision.gap import Gap, Stretch, crew_gap, stretches
from whipple.decision.harm import HALF_HARM, HARM_SHAPE, Doubt, scenario_harm
from whipple.physics.cited import Cited

__all__ = [
    "ABSENT_HARM",
    "EMERGENCY_RATE",
    "NORMAL_LIMIT_PROB",
    "Column",
    "Shift",
    "column",
    "draw_doubt",
    "return_scenario",
    "somebody_rides",
]

_DRAWS = 4000
_YEAR_S = 365.25 * 86400
#: How often a crew must leave the station at once: none in 22 years with a crew, Jeffreys gamma(1/2) quantiles. `[proposal]`
EMERGENCY_RATE = Given(0.0103 / _YEAR_S, 0.00009 / _YEAR_S, 0.0873 / _YEAR_S, "1/s", "whipple_elicited")
#: Serious harm when such an emergency finds a crew with no ship at all. `[proposal]`
ABSENT_HARM = Given(0.5, 0.25, 0.9, "", "whipple_elicited")
#: Fit for a normal return: no more risk than a whole commercial crew mission may carry, 1 in 270.
NORMAL_LIMIT_PROB = Cited(1 / 270, unit="", source="spacenews2017", grade="press")


@dataclass(frozen=True)
class Shift:
    """What-if on one assumption at a time: cabin warmer, bodies that bear more heat, emergencies more frequent, replacement later."""

    cabin_K: float = 0.0
    half_rise_ratio: float = 1.0
    emergency_ratio: float = 1.0
    delay_s: float = 0.0


@dataclass(frozen=True)
class Column:
    """One option: draws (n,) of the harm and of its parts, and the gap. `heat_known` is False when its heat was never computed."""

    option: OptionTable
    harm_prob: Array
    heat_prob: Array
    waiting_prob: Array
    other_prob: Array
    ship_prob: Array
    gap: Gap
    heat_known: bool


_AS_IT_IS = Shift()


def draw_doubt(rng: np.random.Generator) -> Doubt:
    """The common draws of one run."""
    return Doubt(
        HALF_HARM.draw(rng, _DRAWS), HARM_SHAPE.draw(rng, _DRAWS), EMERGENCY_RATE.draw(rng, _DRAWS),
        np.minimum(ABSENT_HARM.draw(rng, _DRAWS), 1.0), rng.random(_DRAWS),
    )  # fmt: skip


def return_scenario(heat: Heat | None, crew_count: int, name: str = "") -> HeatScenario | None:
    """The return of that name, else the free-flying scenario with at least that many aboard (the nearest), else None."""
    flights = [s for s in heat.scenarios if not s.docked] if heat is not None else []
    named = [s for s in flights if s.name == name]
    able = sorted((s for s in flights if s.crew_count >= crew_count > 0), key=lambda s: s.crew_count)
    return named[0] if named else able[0] if able else None


def column(case: Case, option: OptionTable, heat: Heat | None, doubt: Doubt, shift: Shift = _AS_IT_IS) -> Column:
    """Draw one option."""
    felt = replace(
        doubt,
        half_rise_K=doubt.half_rise_K * shift.half_rise_ratio,
        emergency_per_s=doubt.emergency_per_s * shift.emergency_ratio,
    )
    none = np.zeros_like(doubt.half_rise_K)
    flown = return_scenario(heat, option.crew_aboard, option.scenario) if _hot(option) else None
    hot = scenario_harm(flown, felt, shift.cabin_K) if flown is not None else None
    p_heat = none if hot is None else hot
    ready_s = option.ready_s.value + (shift.delay_s if option.ship != "damaged" else 0.0)
    waiting = stretches(case.crew.count, ready_s, option.interim_s.value, option.interim_seats)
    parts = tuple(part for part in waiting if part.crew_count > 0)
    in_ship = [_ship_harm(heat, part, felt, shift) for part in parts]
    known = (hot is not None or not _hot(option)) and all(p is not None for p in in_ship)
    worst = felt.absent_harm_prob
    exposed = sum(
        (
            part.duration_s * np.minimum(worst if p is None else p, worst)
            for part, p in zip(parts, in_ship, strict=True)
        ),
        none,
    )
    p_wait = -np.expm1(-felt.emergency_per_s * exposed)
    p_other = option.other_harm_prob.draw(case.rng("decision-entry"), len(none))
    harm = 1.0 - (1.0 - p_heat) * (1.0 - p_wait) * (1.0 - p_other)
    first = none if not in_ship else worst if in_ship[0] is None else in_ship[0]
    return Column(option, harm, p_heat, p_wait, p_other, first, _gap(parts, in_ship, worst), known)


def somebody_rides(case: Case, columns: Sequence[Column]) -> bool:
    """Does anybody depend on the damaged ship, or ride home in it? A cargo ship carries nobody."""
    return case.crew.count > 0 or any(_hot(found.option) for found in columns)


def _hot(option: OptionTable) -> bool:
    """Does somebody ride home in the damaged ship?"""
    return option.ship == "damaged" and option.returns == "crewed"


def _ship_harm(heat: Heat | None, part: Stretch, felt: Doubt, shift: Shift) -> Array | None:
    scenario = return_scenario(heat, part.crew_count)
    return None if scenario is None else scenario_harm(scenario, felt, shift.cabin_K)


def _gap(parts: Sequence[Stretch], in_ship: Sequence[Array | None], worst: Array) -> Gap:
    """Each stretch is degraded if the ship beats having none (by the median), else absent."""
    gaps = [
        crew_gap((part,), p is None or bool(np.median(p) < np.median(worst)))
        for part, p in zip(parts, in_ship, strict=True)
    ]
    return Gap(sum((g.degraded_crew_s for g in gaps), 0.0), sum((g.absent_crew_s for g in gaps), 0.0))
