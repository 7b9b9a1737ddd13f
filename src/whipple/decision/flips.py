"""At which value of an assumption does the recommendation change?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.findings.heat import Heat
from whipple.casefile.findings.plan import Flip
from whipple.casefile.findings.verdict import Verdict
from whipple.casefile.tables.option import OptionTable
from whipple.decision.columns import EMERGENCY_RATE, Column, Shift, column
from whipple.decision.harm import HALF_HARM, USUAL_CORE_C, Doubt
from whipple.decision.look_next import information_nat
from whipple.decision.rule import advised, rule_reasons
from whipple.decision.sentences import WAIT_FOR

__all__ = ["NONE_YET", "flips"]

NONE_YET = f"none yet: {WAIT_FOR}"

_YEAR_S = 365.25 * 86400
_STEPS = 60
_HALVINGS = 12


@dataclass(frozen=True)
class _Lever:
    """One assumption: its scan from "as it is" to `far`, how to read a value, and its 90 % half-range in the same measure."""

    name: str
    shift: Callable[[float], Shift]
    far: float
    half_range: float
    now: str
    read: Callable[[float], str]


def _levers(cabin_C: float) -> tuple[_Lever, ...]:
    half_C = USUAL_CORE_C + HALF_HARM.value
    rate = EMERGENCY_RATE.value * _YEAR_S
    often = float(np.log10(EMERGENCY_RATE.high / EMERGENCY_RATE.value))
    cabin, curve = "peak cabin temperature on the way home", "core temperature at which heat harms half the people"
    now, even = f"{cabin_C:.0f} °C", f"{half_C:.1f} °C"
    return (
        _Lever(
            cabin, lambda x: Shift(cabin_K=-x), 25.0, 5.0, now, lambda x: f"{cabin_C - x:.0f} °C ({x:.0f} K cooler)"
        ),
        _Lever(cabin, lambda x: Shift(cabin_K=x), 25.0, 5.0, now, lambda x: f"{cabin_C + x:.0f} °C ({x:.0f} K hotter)"),
        _Lever(
            curve,
            lambda x: Shift(half_rise_ratio=1 + x / HALF_HARM.value),
            5.0,
            1.25,
            even,
            lambda x: f"{half_C + x:.1f} °C",
        ),
        _Lever(
            curve,
            lambda x: Shift(half_rise_ratio=1 - x / HALF_HARM.value),
            2.5,
            1.25,
            even,
            lambda x: f"{half_C - x:.1f} °C",
        ),
        _Lever(
            "emergencies that need the ship",
            lambda x: Shift(emergency_ratio=10**x),
            4.0,
            often,
            _often(rate),
            lambda x: _often(rate * 10**x),
        ),
        _Lever(
            "delay of the replacement",
            lambda x: Shift(delay_s=x * 86400),
            1500.0,
            60.0,
            "as planned",
            lambda x: f"{x:.0f} days later",
        ),
    )


def _often(per_year: float) -> str:
    return (
        f"one in {1 / per_year:.0f} years"
        if per_year < 0.7
        else f"{per_year:.1f} a year"
        if per_year < 10
        else f"one every {365.25 / per_year:.0f} days"
    )


def flips(
    case: Case, options: Sequence[OptionTable], heat: Heat | None, doubt: Doubt, verdict: Verdict | None, now: str
) -> tuple[Flip, ...]:
    """The assumptions that change the recommendation `now` ("" for none), the one that needs the least stretch first.

    Stretch is counted in units of the assumption's own 90 % range; the rule (expected harm or worst case) is made anew at every value. An
    assumption on which no option depends is left out; one that changes nothing over its whole scan is listed last, saying so.
    """
    hottest = (
        [s.peak_cabin_K.median for s in heat.scenarios if not s.docked and s.crew_count > 0] if heat is not None else []
    )
    thin = Doubt(**{one.name: getattr(doubt, one.name)[::4] for one in fields(doubt)})

    look_nat = information_nat(case, verdict)

    def columns(shift: Shift) -> list[Column]:
        return [column(case, option, heat, thin, shift) for option in options]

    def picks(shift: Shift) -> str:
        shifted = columns(shift)
        found = advised(shifted, bool(rule_reasons(shifted, verdict)), look_nat)
        return found.option.name if found is not None else ""

    still_harm = [c.harm_prob for c in columns(Shift())]
    levers = [
        lever
        for lever in _levers(max(hottest) - 273.15 if hottest else 0.0)
        if any(
            not np.array_equal(c.harm_prob, was)
            for c, was in zip(columns(lever.shift(lever.far)), still_harm, strict=True)
        )
    ]
    found = [(lever, *_first_change(lever, picks, now)) for lever in levers]
    titles = {option.name: option.title for option in options} | {"": NONE_YET}
    changed = sorted((f for f in found if f[1] is not None), key=lambda f: (f[1] or 0.0) / f[0].half_range)
    moved = [
        Flip(lever.name, lever.now, lever.read(x), titles[name])
        for lever, x, name in changed
        if x is not None and name is not None
    ]
    told = {flip.assumption for flip in moved}
    still: dict[str, list[_Lever]] = {}
    for lever, x, _ in found:
        if x is None and lever.name not in told:
            still.setdefault(lever.name, []).append(lever)
    never = (
        Flip(name, both[0].now, "not up to " + " nor ".join(one.read(one.far) for one in both), titles[now], False)
        for name, both in still.items()
    )
    return (*moved, *never)


def _first_change(lever: _Lever, picks: Callable[[Shift], str], now: str) -> tuple[float | None, str | None]:
    """The first value of the scan at which another option is picked, narrowed by halving."""
    grid = np.linspace(0.0, lever.far, _STEPS + 1)
    if picks(lever.shift(0.0)) != now:
        return None, None
    step = next((i for i in range(5, _STEPS + 1, 5) if picks(lever.shift(float(grid[i]))) != now), None)
    if step is None:
        return None, None
    low, high = float(grid[step - 5]), float(grid[step])
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if picks(lever.shift(middle)) != now else (middle, high)
    return high, picks(lever.shift(high))
