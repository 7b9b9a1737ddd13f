"""What should be done, by when, and what would change our mind?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.findings.plan import OptionAnswer, Plan
from whipple.report.figures.plan import draw_options
from whipple.report.formats import cell, number
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer

__all__ = ["crew_days", "decision_section", "ready_day"]


def decision_section(case: Case, findings: Findings) -> Section:
    """The options as columns, the rule, and the assumptions that carry the choice."""
    plan = findings.plan
    if plan is None:
        return answer("decision", None)
    notes = Notes(plan.caveats)
    flips = Table(
        "What would change our mind",
        ("assumption", "now", "flips at", "then"),
        tuple((f.assumption, f.now, f.flips_at, f.then) for f in plan.flips),
    )
    look = Table(
        "What to look at next", ("", "look"), tuple((str(i + 1), text) for i, text in enumerate(plan.look_next))
    )
    rule = (
        Table("Rule", ("", ""), (("how the options were ranked", plan.worst_case_rule),))
        if plan.worst_case_rule
        else None
    )
    return answer("decision", plan, (draw_options(plan),), (_columns(case, plan, notes), flips, look, rule), notes)


def ready_day(case: Case, option: OptionAnswer) -> str:
    """The date an option is ready, with its 90 % interval."""
    low, middle, high = (case.moment(t) for t in (option.ready_s.low, option.ready_s.median, option.ready_s.high))
    day = f"day {number(option.ready_s.median / 86400, 5.0)}"
    if option.ready_s.low == option.ready_s.high:
        return f"{middle:%d %b %Y} ({day})"
    return f"{middle:%d %b %Y} ({low:%d %b} to {high:%d %b %Y}), {day}"


def crew_days(seconds: float) -> str:
    """Crew-seconds as crew-days."""
    return f"{number(seconds / 86400.0, 5.0)} crew-days"


def _mean(harm_prob: float | None) -> str:
    """A mean probability with two digits, small ones too."""
    return "–" if harm_prob is None else f"{number(100 * harm_prob, 50 * harm_prob)} %"


def _standing(plan: Plan, option: OptionAnswer) -> str:
    """Recommended, or the least harmful while nothing is recommended."""
    if option.option == plan.recommended:
        return " (recommended)"
    return " (least harm, not recommended)" if not plan.recommended and option.option == plan.least_harm else ""


def _columns(case: Case, plan: Plan, notes: Notes) -> Table | None:
    riders = (
        ("fit for a nominal return", lambda o: o.fit_normal),
        ("fit for an emergency", lambda o: o.fit_emergency),
        ("gap: crew with a degraded ship only", lambda o: crew_days(o.degraded_crew_s)),
        ("gap: crew without any ship", lambda o: crew_days(o.absent_crew_s)),
    )
    lines = (
        (
            "serious harm to a crew member (90 %)" if plan.ridden else "harm as the case means it (90 %)",
            lambda o: cell(o.harm_prob, "%", notes),
        ),
        ("its mean over what is not known", lambda o: _mean(o.mean_harm_prob)),
        *(riders[:2] if plan.ridden else ()),
        ("ready (90 %)", lambda o: ready_day(case, o)),
        *(riders[2:] if plan.ridden else ()),
        ("waits for", lambda o: o.waits_for),
        ("destroys", lambda o: o.destroys),
        ("why", lambda o: o.why),
    )
    head = ("", *(o.title + _standing(plan, o) for o in plan.options))
    rows = tuple((name, *(read(option) for option in plan.options)) for name, read in lines)
    return Table("The options side by side", head, rows) if plan.options else None
