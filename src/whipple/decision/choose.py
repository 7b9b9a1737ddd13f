"""The plan: options side by side, the recommendation, the rule it follows, and what would overturn it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.heat import Heat
from whipple.casefile.findings.plan import OptionAnswer, Plan
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.findings.verdict import Verdict
from whipple.casefile.tables.option import OptionTable
from whipple.decision.columns import Column, column, draw_doubt, somebody_rides
from whipple.decision.flips import flips
from whipple.decision.harm import TRIP_S
from whipple.decision.look_next import information_nat, look_next, nothing_leaks
from whipple.decision.rule import advised, best, rule_reasons
from whipple.decision.sentences import NOBODY_RIDES, fit_for_emergency, fit_for_normal, headline, rule_text, why

__all__ = ["choose", "known_options"]

#: What the harm of people who ride in the ship rests on.
_RIDERS = (
    Caveat(
        "harm-curve-proposed",
        "No published curve gives the harm of heat to a crew in suits: half of those whose core warms by 3 K (2 to 4.5 K) are taken to come to "
        "serious harm (heat stroke is a core above 40 °C), steeply around it (proposals).",
    ),
    Caveat(
        "emergency-rate-thin",
        "No crew has had to leave the station at once in 22 years: the rate used is 1 in 97 years, "
        "90 % from 1 in 11 000 to 1 in 11 years (Jeffreys).",
    ),
    Caveat(
        "entry-risk-proposed",
        "What an option risks apart from heat and waiting (entry and landing) is the range that the case gives, with its source.",
    ),
)
_NO_RIDERS = Caveat(
    "nobody-rides",
    "Nobody depends on this ship or comes home in it: the harm of an option is the one that the case gives for it (to the people of a "
    "station, or to the mission), and options of about equal harm are told apart by what they let be learned.",
)


def choose(case: Case, strikes: Strikes | None, heat: Heat | None, verdict: Verdict | None) -> Plan:
    """Every option known at the date of the case as a column, and the one with the least harm under the rule that is stated.

    With no option the plan is empty and says so; while no option is fit for a normal return none is recommended, and `least_harm` names
    the one that harms least so far; with no heat model the harm of riding the damaged ship is a lower bound and the option
    is never recommended. Deterministic for a case and its seed.
    """
    options, later = known_options(case)
    if not options:
        return Plan(
            (),
            "",
            "",
            (),
            (),
            "No option is described, so nothing can be recommended: add [[option]] tables to the case.",
            _later(later),
        )
    doubt = draw_doubt(case.rng("decision"))
    columns = [column(case, option, heat, doubt) for option in options]
    reasons = rule_reasons(columns, verdict)
    look_nat = information_nat(case, verdict)
    chosen, fit = best(columns, bool(reasons), look_nat), advised(columns, bool(reasons), look_nat)
    recommended, ridden = fit.option.name if fit is not None else "", somebody_rides(case, columns)
    return Plan(
        tuple(_answer(c, ridden) for c in columns),
        recommended,
        rule_text(reasons, chosen, columns, ridden),
        flips(case, options, heat, doubt, verdict, recommended),
        look_next(case, columns, verdict, bool(reasons)),
        headline(case, chosen, columns, bool(reasons)),
        _caveats(case, columns, strikes, verdict) + _stretched(heat) + _later(later),
        chosen.option.name,
        ridden,
    )


def known_options(case: Case) -> tuple[tuple[OptionTable, ...], tuple[OptionTable, ...]]:
    """The options already known at `case.as_of` (all of them when it is empty), and those that came later."""
    if not case.as_of:
        return case.options, ()
    asked = datetime.fromisoformat(case.as_of.replace("Z", "+00:00"))
    if len(case.as_of) <= len("2023-01-11"):
        asked = datetime.combine(asked.date(), time.max)
    asked = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
    known = tuple(option for option in case.options if option.known <= asked)
    return known, tuple(option for option in case.options if option.known > asked)


def _later(options: Sequence[OptionTable]) -> tuple[Caveat, ...]:
    if not options:
        return ()
    listed = ", ".join(f"“{option.title}” (known {option.known:%d %B %Y})" for option in options)
    return (Caveat("option-not-yet-known", f"Left out, because not yet known at the date asked for: {listed}."),)


def _answer(found: Column, ridden: bool) -> OptionAnswer:
    option = found.option
    harm = Estimate.from_samples(
        found.harm_prob,
        "",
        models=("whipple harm by core temperature",) if ridden else (),
        sources=(option.source, "whipple_elicited"),
    )
    if not found.heat_known:
        note = Caveat(
            "heat-unknown",
            "No heat scenario was at hand: the harm by heat is not in this number, which is a lower bound.",
        )
        harm = Estimate(harm.median, harm.low, harm.high, "", "lower", harm.models, harm.sources, (note,))
    return OptionAnswer(
        option.name, option.title, harm, fit_for_normal(found) if ridden else NOBODY_RIDES,
        fit_for_emergency(found) if ridden else NOBODY_RIDES, option.ready_s.estimate(),
        found.gap.degraded_crew_s, found.gap.absent_crew_s, option.waits_for, option.destroys, why(found, ridden),
        float(found.harm_prob.mean()),
    )  # fmt: skip


def _caveats(
    case: Case, columns: Sequence[Column], strikes: Strikes | None, verdict: Verdict | None
) -> tuple[Caveat, ...]:
    notes = list(_RIDERS) if somebody_rides(case, columns) else [_NO_RIDERS]
    if verdict is None or not verdict.decided:
        others = "other craft of its kind are" if nothing_leaks(case) else "the next ship is"
        notes.append(Caveat("cause-open", f"No cause is established: {others} exposed to the same one."))
    repeat = _repeat(case, strikes, verdict)
    if repeat:
        notes.append(Caveat("repeat-strike", repeat))
    if any(not c.heat_known for c in columns):
        notes.append(
            Caveat("heat-unknown", "At least one option was judged without a heat model; it is never recommended.")
        )
    return tuple(notes)


def _stretched(heat: Heat | None) -> tuple[Caveat, ...]:
    """A caveat where a flight is shorter or longer than the curve of harm is meant for."""
    flights = [one for one in (heat.scenarios if heat is not None else ()) if not one.docked and one.crew_count > 0]
    outside = [one for one in flights if not TRIP_S[0] <= one.duration_s <= TRIP_S[1]]
    if not outside:
        return ()
    listed = ", ".join(f"“{one.name}” ({one.duration_s / 3600:.3g} h)" for one in outside)
    text = f"The curve of harm by heat is meant for trips of 0.5 to 24 h; it is stretched for {listed}."
    return (Caveat("harm-curve-stretched", text),)


def _repeat(case: Case, strikes: Strikes | None, verdict: Verdict | None) -> str:
    """How often particles would pierce the tubes of the next ship: as the record leaves it, else from flux and wall alone."""
    part, stay_s = case.vehicle.site_part, 180 * 86400
    if nothing_leaks(case):
        return ""
    if verdict is not None and verdict.repeat_per_s is not None:
        times = verdict.repeat_per_s.scaled(stay_s, "")
        record = ", the record of earlier ships" if case.evidence("history.clean_exposure_s") else ""
        return (
            f"Particles would pierce the tubes of {part} of the next ship {times.median:.1g} times (90 %: {times.low:.1g} to {times.high:.1g}) "
            f"in 180 days, any hole that leaks counted; flux, wall{record} and this loss taken together."
        )
    rates = [
        r.puncture_per_s.median * strikes.site_area_m2 / r.area_m2
        for r in (strikes.parts if strikes else ())
        if strikes is not None and r.part == part and r.puncture_per_s is not None and r.area_m2 > 0
    ]
    if not rates:
        return ""
    return (
        f"From flux and wall alone, particles would pierce the tubes of {part} of the next ship {sum(rates) * stay_s:.2g} times "
        "in 180 days; the record of earlier ships is not weighed in it."
    )
