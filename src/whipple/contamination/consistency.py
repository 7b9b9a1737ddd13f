"""Do published facts about the coolant, its deposits and their limits agree with each other and with physics?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat
from whipple.casefile.given import Given
from whipple.casefile.quoted_figures import BARE_RATIO, Contradiction
from whipple.casefile.tables.loop import LoopTable
from whipple.contamination.film import film_life_s
from whipple.errors import RangeError
from whipple.physics.fluids import FLUIDS, fluid

__all__ = ["Coolant", "Figure", "LoopState", "Stain", "case_contradictions", "contradictions"]

#: Claims of a case that speak of the coolant and of what it left.
_FLUID_SLOT, _STAIN_SLOT = "loop.fluid", "deposit.stain_seen_s"
#: What the eye sees, at a surface colder than any named one: a pure film would last longest there.
_STAIN_m, _COLD_K = 1e-7, 150.0


@dataclass(frozen=True)
class Coolant:
    """Someone says what the fluid is; `pure` when nothing in it stays behind (no additive, no residue)."""

    name: str
    said_by: str
    pure: bool = False


@dataclass(frozen=True)
class LoopState:
    """Someone says at which pressure and temperature the loop held a liquid."""

    pressure_Pa: Given
    temperature_K: Given
    said_by: str


@dataclass(frozen=True)
class Stain:
    """Someone saw a deposit of at least `thickness_m` on a surface at this temperature, so long after the spray ended."""

    thickness_m: float
    temperature_K: Given
    seen_after_s: float
    said_by: str


@dataclass(frozen=True)
class Figure:
    """Someone gives a figure for a thing (`about`), as a value in its SI unit; figures of different periods may differ."""

    about: str
    value: Given
    said_by: str
    period: str = ""


Statement = Coolant | LoopState | Stain | Figure


def contradictions(statements: Sequence[Statement]) -> tuple[Contradiction, ...]:
    """Every pair of these statements that cannot both hold, the widest miss first; () where they agree.

    Coolants that are not the same fluid; a coolant that would boil at the pressure said; a stain that a pure coolant could not leave; two
    figures for one thing and period whose ranges (15 % where none is quoted) do not touch. RangeError for an unknown fluid or a figure
    that is not above 0.

    >>> one = Coolant("isooctane", "agency")
    >>> held = LoopState(Given(3.04e5, 3.04e5, 3.04e5, "Pa"), Given(293.0, 293.0, 293.0, "K"), "wire service")
    >>> contradictions([one, held, Coolant("lz-tk-2", "maker")])
    ()
    >>> [row.between for row in contradictions([Coolant("ammonia", "broadcaster"), held])]
    [('broadcaster', 'wire service')]
    """
    rows = [_pair(one, other) for one, other in combinations(statements, 2)]
    found = [row for row in rows if row is not None]
    return tuple(sorted(found, key=lambda row: (-row.ratio, row.between)))


def _pair(one: Statement, other: Statement) -> Contradiction | None:
    if isinstance(one, Figure) and isinstance(other, Figure):
        return _two_figures(one, other)
    if isinstance(one, Coolant) and isinstance(other, Coolant):
        return _two_coolants(one, other)
    for first, second in ((one, other), (other, one)):
        if isinstance(first, Coolant) and isinstance(second, LoopState):
            return _boils(first, second)
        if isinstance(first, Coolant) and isinstance(second, Stain):
            return _stain_of_pure(first, second)
    return None


def _two_coolants(one: Coolant, other: Coolant) -> Contradiction | None:
    if fluid(one.name) is fluid(other.name):
        return None
    says = f"{one.said_by} says the coolant is {one.name}, {other.said_by} says {other.name}: one of them is wrong."
    return Contradiction((one.said_by, other.said_by), float("inf"), says)


def _boils(coolant: Coolant, held: LoopState) -> Contradiction | None:
    liquid = fluid(coolant.name)
    coldest = max(_low(held.temperature_K), liquid.triple_point_K)
    if coldest > liquid.highest_K:
        return None
    needs, most = liquid.vapour_pressure_Pa(coldest), _high(held.pressure_Pa)
    if needs <= most:
        return None
    says = (
        f"{coolant.said_by} says {coolant.name}, but at {coldest:.0f} K it needs {needs / 1e5:.1f} bar to stay liquid and "
        f"{held.said_by} gives at most {most / 1e5:.1f} bar (factor {needs / most:.1f})."
    )
    return Contradiction((coolant.said_by, held.said_by), needs / most, says)


def _stain_of_pure(coolant: Coolant, stain: Stain) -> Contradiction | None:
    if not coolant.pure:
        return None
    liquid = fluid(coolant.name)
    coldest = min(max(_low(stain.temperature_K), liquid.lowest_solid_K), liquid.highest_K)
    life = film_life_s(liquid, coldest, stain.thickness_m, 0.5)
    if life >= stain.seen_after_s:
        return None
    says = (
        f"{stain.said_by} saw a deposit {stain.seen_after_s / 86400:.3g} days after the spray, but {coolant.said_by} says pure "
        f"{coolant.name}, of which {stain.thickness_m * 1e9:.0f} nm at {coldest:.0f} K is gone in {life:.2g} s: something else was in it."
    )
    return Contradiction((coolant.said_by, stain.said_by), stain.seen_after_s / life, says)


def _two_figures(one: Figure, other: Figure) -> Contradiction | None:
    if one.about != other.about or one.period != other.period:
        return None
    if one.value.unit != other.value.unit or min(one.value.low, other.value.low) <= 0:
        raise RangeError(
            "contradictions", one.about, f"{one.value.low:g} {one.value.unit} and {other.value.low:g} {other.value.unit}",
            "figures above 0 in one unit", "convert them first",
        )  # fmt: skip
    ratio = max(_low(one.value) / _high(other.value), _low(other.value) / _high(one.value))
    if ratio <= 1:
        return None
    says = (
        f"On {one.about}, {one.said_by} says {one.value.value:.3g} {one.value.unit} and {other.said_by} {other.value.value:.3g}: "
        f"they miss each other by a factor {ratio:.2g}."
    )
    return Contradiction((one.said_by, other.said_by), ratio, says)


def _low(given: Given) -> float:
    return given.low if given.high > given.low or given.unit == "K" else given.value / BARE_RATIO


def _high(given: Given) -> float:
    return given.high if given.high > given.low or given.unit == "K" else given.value * BARE_RATIO


def case_contradictions(case: Case, loop: LoopTable) -> tuple[Caveat, ...]:
    """What the case itself and its claims say of the coolant that cannot all be true, as caveats; () where it agrees.

    Read are the loop's fluid, pressure, temperature and residue, every claim about "loop.fluid" that names a known fluid, and claims about
    "deposit.stain_seen_s" (how long after the spray a deposit was still seen).
    """
    statements: list[Statement] = [
        Coolant(loop.fluid, "the case", pure=loop.residue_frac.high <= 0),
        LoopState(loop.pressure_Pa, loop.temperature_K, "the case"),
    ]
    for claim in case.claims:
        if claim.about == _FLUID_SLOT and str(claim.says).strip().lower() in FLUIDS:
            statements.append(Coolant(str(claim.says), claim.said_by))
        if claim.about == _STAIN_SLOT and claim.value is not None:
            statements.append(Stain(_STAIN_m, Given(_COLD_K, _COLD_K, _COLD_K, "K"), claim.value.low, claim.said_by))
    return tuple(Caveat("contamination-contradiction", row.sentence) for row in contradictions(statements))
