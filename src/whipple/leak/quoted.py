"""Do the quoted figures of one liquid leak agree: coolant, pressure, temperature, charge, hole, duration?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from whipple.casefile.given import Given
from whipple.casefile.quoted_figures import Contradiction, bare_range
from whipple.errors import RangeError
from whipple.leak.orifice import hole_area_m2, liquid_flow_kg_s
from whipple.physics.fluids import Fluid

__all__ = ["Bound", "LoopFigures", "Quoted", "emptying_range_s", "liquid_contradictions"]

Bound = Literal["two-sided", "upper", "lower"]

#: How far a figure quoted without a range may be off (as a ratio), and the gap between "more than" and "less than" worth telling.
_GAP_RATIO = 4.0


@dataclass(frozen=True)
class Quoted:
    """A figure somebody gave: of the hole [m], of how long it sprayed [s], or of when most was gone [s], both from the onset."""

    about: Literal["diameter", "spray", "majority"]
    value: Given
    said_by: str
    bound: Bound = "two-sided"


@dataclass(frozen=True)
class LoopFigures:
    """What is said of the loop; `coolants` are the fluids named, with who names them. What is not said is None."""

    coolants: tuple[tuple[Fluid, str], ...]
    pressure_Pa: Given
    temperature_K: Given
    inventory_m3: Given | None
    discharge: Given
    quoted: tuple[Quoted, ...] = ()


def _span(quoted: Quoted) -> tuple[float, float]:
    given = quoted.value
    low, high = bare_range(given)
    return 0.0 if quoted.bound == "upper" else low, math.inf if quoted.bound == "lower" else high


def _miss(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The ratio between two spans that do not meet, 1 when they do."""
    apart = [low / high for low, high in ((one[0], other[1]), (other[0], one[1])) if high > 0]
    return max(1.0, *apart)


def emptying_range_s(
    figures: LoopFigures, diameter_m: tuple[float, float], share_frac: float = 1.0
) -> tuple[float, float]:
    """Shortest and longest time to lose this share of the charge through this hole, whatever the accumulator.

    Shortest: the start pressure all the way; longest: the vapour pressure all the way. Needs an inventory.

    >>> from whipple.physics.fluids import fluid
    >>> bare = lambda value, unit: Given(value, value, value, unit)
    >>> loop = LoopFigures(((fluid("isooctane"), "press"),), bare(3.04e5, "Pa"), bare(293.15, "K"), bare(44e-3, "m**3"), bare(0.61, ""))
    >>> [round(t / 3600, 1) for t in emptying_range_s(loop, (0.8e-3, 0.8e-3))]
    [1.3, 10.3]
    """
    if figures.inventory_m3 is None:
        raise RangeError("quoted figures", "inventory_m3", "none", "the charge of the loop", "give --inventory")
    fluid, kelvin = figures.coolants[0][0], float(figures.temperature_K.value)
    density = float(fluid.density_kg_m3(kelvin))
    cold = max(float(figures.temperature_K.low), fluid.triple_point_K)
    quick = liquid_flow_kg_s(hole_area_m2(diameter_m[1]), figures.discharge.high, density, figures.pressure_Pa.high)
    weak = min(float(fluid.vapour_pressure_Pa(cold)), figures.pressure_Pa.low)
    slow = liquid_flow_kg_s(hole_area_m2(diameter_m[0]), figures.discharge.low, density, weak)
    low, high = figures.inventory_m3.low * density * share_frac, figures.inventory_m3.high * density * share_frac
    return float(low / quick), float(high / slow) if slow > 0 else math.inf


def liquid_contradictions(figures: LoopFigures) -> tuple[Contradiction, ...]:
    """Everything quoted that cannot hold together, worst first (an empty tuple when all agree).

    Two coolants; a coolant that would boil at the quoted pressure; two figures of one thing that do not meet; a duration no accumulator
    could give this hole and charge. Of "more than" and "less than" only a gap above a factor four is told, as an open question.

    >>> from whipple.physics.fluids import fluid
    >>> bare = lambda value, unit: Given(value, value, value, unit)
    >>> named = ((fluid("isooctane"), "a forum"), (fluid("ammonia"), "several media"))
    >>> loop = LoopFigures(named, bare(3.04e5, "Pa"), bare(293.15, "K"), bare(44e-3, "m**3"), bare(0.61, ""))
    >>> [row.between for row in liquid_contradictions(loop)]
    [('several media', 'the quoted pressure'), ('a forum', 'several media')]
    """
    _above_zero(figures)
    rows = [*_boiling(figures), *_coolants(figures.coolants)]
    for one, other in combinations(figures.quoted, 2):
        rows += _pair(one, other)
    holes = [quoted for quoted in figures.quoted if quoted.about == "diameter"]
    if figures.inventory_m3 is not None and figures.coolants:
        rows += [row for hole in holes for said in figures.quoted for row in _duration(figures, hole, said)]
    return tuple(sorted(rows, key=lambda row: -row.ratio))


def _above_zero(figures: LoopFigures) -> None:
    asked = [("pressure", figures.pressure_Pa), ("inventory", figures.inventory_m3), ("discharge", figures.discharge)]
    asked += [(f"{quoted.about} of {quoted.said_by}", quoted.value) for quoted in figures.quoted]
    for name, given in asked:
        if given is not None and not given.low > 0:
            raise RangeError(
                "quoted figures", name, f"{given.low:g} {given.unit}", "a figure above zero", "check the figure"
            )


def _boiling(figures: LoopFigures) -> list[Contradiction]:
    rows = []
    for fluid, said_by in figures.coolants:
        least = float(fluid.vapour_pressure_Pa(max(float(figures.temperature_K.low), fluid.triple_point_K)))
        if least > figures.pressure_Pa.high:
            says = (
                f"{said_by}: {fluid.name} boils at {least / 1e5:.3g} bar at {figures.temperature_K.low:.0f} K, above the quoted "
                f"{figures.pressure_Pa.high / 1e5:.3g} bar: it could not be liquid in this loop."
            )
            rows.append(Contradiction((said_by, "the quoted pressure"), least / figures.pressure_Pa.high, says))
    return rows


def _coolants(coolants: Sequence[tuple[Fluid, str]]) -> list[Contradiction]:
    return [
        Contradiction((by, other_by), 1.0 + 1e-9, f"{by} names {fluid.name}, {other_by} {other.name} as the coolant.")
        for (fluid, by), (other, other_by) in combinations(coolants, 2)
        if fluid.name != other.name
    ]


def _shown(value: float, about: str) -> str:
    return f"{value * 1e3:.3g} mm" if about == "diameter" else f"{value / 3600:.3g} h"


def _pair(one: Quoted, other: Quoted) -> list[Contradiction]:
    lengths = {one.about, other.about} <= {"spray", "majority"}
    if one.about != other.about and not lengths:
        return []
    ratio = _miss(_span(one), _span(other)) if one.about == other.about else 1.0
    said = f"{one.said_by} says {_shown(one.value.value, one.about)}, {other.said_by} {_shown(other.value.value, other.about)}"
    if ratio > 1:
        return [
            Contradiction((one.said_by, other.said_by), ratio, f"{said}: they miss each other by a factor {ratio:.1f}.")
        ]
    gap = max(one.value.value, other.value.value) / min(one.value.value, other.value.value)
    if lengths and {one.bound, other.bound} == {"lower", "upper"} and gap > _GAP_RATIO:
        text = f"{said}: as bounds both can hold, but they leave the length of the leak open by a factor {gap:.1f}."
        return [Contradiction((one.said_by, other.said_by), gap, text)]
    return []


def _duration(figures: LoopFigures, hole: Quoted, said: Quoted) -> list[Contradiction]:
    if said.about == "diameter" or _span(hole)[0] <= 0 or math.isinf(_span(hole)[1]):
        return []
    share = 1.0 if said.about == "spray" else 0.5
    needed = emptying_range_s(figures, _span(hole), share)
    ratio = _miss(_span(said), needed)
    if ratio <= 1:
        return []
    text = (
        f"{said.said_by} says {_shown(said.value.value, said.about)}, but {_shown(hole.value.value, 'diameter')} ({hole.said_by}) empties "
        f"this loop in {needed[0] / 3600:.3g} to {needed[1] / 3600:.3g} h, whatever the accumulator (factor {ratio:.1f})."
    )
    return [Contradiction((said.said_by, hole.said_by), ratio, text)]
