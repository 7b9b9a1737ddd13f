"""The plan in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.decision.columns import ABSENT_HARM, NORMAL_LIMIT_PROB, Column, somebody_rides

__all__ = [
    "NOBODY_RIDES",
    "WAIT_FOR",
    "fit_for_emergency",
    "fit_for_normal",
    "headline",
    "is_fit",
    "percent",
    "rule_text",
    "why",
]

#: What to wait for while no option is fit.
WAIT_FOR = "wait for a sound ship, seats in one, or proof of a cooler cabin"
#: Fitness of a ship that carries nobody.
NOBODY_RIDES = "nobody rides in it"

_DAY_S = 86400.0


def percent(prob: float) -> str:
    """A probability for people, down to 0.01 %.

    >>> percent(0.314), percent(0.0123), percent(0.00004)
    ('31 %', '1.2 %', 'below 0.01 %')
    """
    if prob < 1e-4:
        return "below 0.01 %"
    return f"{100 * prob:.0f} %" if prob >= 0.0995 else f"{100 * prob:.2g} %"


def _band(draws: Array) -> str:
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return f"{percent(middle)} (mean {percent(float(np.mean(draws)))}; 90 %: {percent(low)} to {percent(high)})"


def fit_for_normal(found: Column) -> str:
    """Is the ship that this option rides home fit for a planned return (harm by heat at most 1 in 270)?"""
    option = found.option
    if option.ship != "damaged" or option.returns == "uncrewed":
        return "yes, in a sound ship"
    if not found.heat_known:
        return "not known: no heat scenario"
    low, middle, high = np.quantile(found.heat_prob, [0.05, 0.5, 0.95])
    limit = float(NORMAL_LIMIT_PROB)
    if high <= limit:
        return "yes"
    if middle <= limit:
        return f"only if the cabin stays cooler than its upper bound (harm by heat up to {percent(high)}, limit {percent(limit)})"
    if low <= limit:
        return (
            f"no: harm by heat {_band(found.heat_prob)}, limit {percent(limit)}; only at the lower bound would it pass"
        )
    return f"no: harm by heat {_band(found.heat_prob)}, limit {percent(limit)}"


def is_fit(found: Column) -> bool:
    """May this option be recommended for a normal return: fit at the upper bound of its harm by heat, not only in the middle?"""
    return fit_for_normal(found).startswith("yes")


def fit_for_emergency(found: Column) -> str:
    """Until the option is carried out the crew depends on the damaged ship: is it better than having none?"""
    if not found.heat_known:
        return "not known: no heat scenario"
    middle, high = (float(q) for q in np.quantile(found.ship_prob, [0.5, 0.95]))
    until = f"until day {found.option.ready_s.value / _DAY_S:.0f} with the damaged ship"
    if high < ABSENT_HARM.value:
        return f"yes, {until} (harm by heat {percent(middle)}, without a ship about {percent(ABSENT_HARM.value)})"
    if middle < ABSENT_HARM.value:
        eased = "only with fewer people aboard, air ducts until the hatch closes and equipment powered down"
        return f"{eased}, {until} (harm by heat {percent(middle)}, up to {percent(high)})"
    return f"no, {until}: harm by heat {percent(middle)}, no better than having no ship"


def rule_text(reasons: Sequence[str], chosen: Column, columns: Sequence[Column], ridden: bool) -> str:
    """Which rule ranked the options, why, and whether the other rule would choose otherwise; heat is named only where somebody rides in the ship."""
    by_mean = min((c for c in columns if c.heat_known), key=lambda c: float(c.harm_prob.mean()), default=chosen)
    if float(chosen.harm_prob.mean() - by_mean.harm_prob.mean()) <= NORMAL_LIMIT_PROB:
        by_mean = chosen  # so close that they count as equal
    if not reasons:
        heat = "the heat is known well enough and " if ridden else ""
        return f"Expected harm was ranked: {heat}a cause is established."
    same = (
        "Expected harm would choose the same"
        if by_mean.option.name == chosen.option.name
        else f"Expected harm would choose “{by_mean.option.title}”"
    )
    return f"Worst-case rule used (the 95 % point of each harm is ranked), because {'; and because '.join(reasons)}. {same}."


def why(found: Column, ridden: bool = True) -> str:
    """The harm of one option in its parts; without anybody who rides only what it does to the people near it."""
    parts = [
        ("heat on the way home", found.heat_prob),
        ("an emergency while waiting", found.waiting_prob),
        ("entry and landing" if ridden else "what the case gives for it", found.other_prob),
    ]
    told = "; ".join(f"{name} {_band(draws)}" for name, draws in parts if float(draws.max()) > 0)
    return f"Harm by {told}." if found.heat_known else f"Harm by {told}; heat is not in this number."


def headline(case: Case, chosen: Column, columns: Sequence[Column], worst_case: bool) -> str:
    """What to do, what it risks against the alternatives, when, and what it leaves open; or to wait, and what harms least so far."""
    told = _told(case, chosen, columns)
    tail = " The worst-case rule was used." if worst_case else ""
    if not any(is_fit(c) for c in columns):
        return (
            f"None yet: {WAIT_FOR}; no option known at this date is fit for a normal return. "
            "Harms within 1 in 270 of each other count as equal, and of equals the last to fly waits for something better. "
            f"Least harm of those known, though not recommended: {told}{tail}"
        )
    if not is_fit(chosen):
        return f"Recommended, though its ship is not fit for a normal return, because waiting would harm more: {told}{tail}"
    return f"Recommended: {told}{tail}"


def _told(case: Case, chosen: Column, columns: Sequence[Column]) -> str:
    """One option: its harm beside that of the ride on the damaged ship, its day and its gap."""
    option, gap = chosen.option, chosen.gap
    title = option.title
    text = f"{title[:1].lower() + title[1:] if title.startswith(('All', 'Keep', 'One')) else title}. "
    text += f"{'Serious harm' if somebody_rides(case, columns) else 'Harm'} {_band(chosen.harm_prob)}"
    others = [c for c in columns if c is not chosen and c.heat_known]
    if others:
        rides = [c for c in others if c.option.ship == "damaged" and c.option.returns == "crewed"]
        worst = min(rides or others, key=lambda c: c.option.ready_s.value)
        text += f", against {_band(worst.harm_prob)} for “{worst.option.title}”"
    date = case.moment(option.ready_s.value)
    day = f"ready {date.day} {date:%B %Y} (day {option.ready_s.value / _DAY_S:.0f})"
    last = (
        _gap(gap.degraded_crew_s, gap.absent_crew_s) if somebody_rides(case, columns) else "nobody depends on this ship"
    )
    return f"{text}; {day}; {last}." + (
        f" It leaves time for a {' and a '.join(option.allows)}." if option.allows else ""
    )


def _gap(degraded_s: float, absent_s: float) -> str:
    told = []
    if degraded_s > 0:
        told.append(f"{degraded_s / _DAY_S:.0f} crew-days with a degraded ship")
    if absent_s > 0:
        told.append(f"{absent_s / _DAY_S:.0f} crew-days without any")
    return " and ".join(told) or "no gap"
