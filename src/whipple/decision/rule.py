"""Expected harm or the worst case: which rule ranks the options, and why?

Where the physics was not understood the agencies used the worst case, not an expected value (Shenzhou-20: loss of the pane at entry;
Starliner: uncertainty in the margins). The same here: the upper end of each harm is ranked when the heat is not known well enough to
say on which side of the limit it falls, or when no cause is established.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from whipple.casefile.findings.verdict import Verdict
from whipple.decision.columns import NORMAL_LIMIT_PROB, Column
from whipple.decision.sentences import is_fit, percent
from whipple.physics.cited import Cited

__all__ = ["ABSENT_WEIGHT", "UNSURE_PROB", "advised", "best", "rule_reasons", "score"]

#: The heat is "not known well enough" when its 90 % band of harm spans at least this much.
UNSURE_PROB = Cited(0.2, unit="", source="whipple_elicited", grade="proposal")
#: A crew-day without any ship against one with a degraded ship, only to rank options of equal harm.
ABSENT_WEIGHT = Cited(10.0, unit="", source="whipple_elicited", grade="proposal")
_NOTHING: Mapping[str, float] = MappingProxyType({})


def rule_reasons(columns: Sequence[Column], verdict: Verdict | None) -> tuple[str, ...]:
    """Why the worst-case rule is on; empty when expected harm is ranked."""
    reasons = []
    hot = [c for c in columns if c.option.ship == "damaged" and c.option.returns == "crewed"]
    wide = [c for c in hot if c.heat_known and float(np.ptp(np.quantile(c.heat_prob, [0.05, 0.95]))) >= UNSURE_PROB]
    if wide:
        low, high = (percent(float(q)) for q in np.quantile(wide[0].heat_prob, [0.05, 0.95]))
        reasons.append(f"the harm by heat of “{wide[0].option.title}” may be anything from {low} to {high}")
    if any(not c.heat_known for c in columns):
        reasons.append("the heat of at least one option was never computed")
    if verdict is None or not verdict.decided:
        reasons.append("no cause is established, so a repeat on the next of its kind cannot be ruled out")
    return tuple(reasons)


def score(column: Column, worst_case: bool) -> float:
    """What is ranked: the 95 % point of the harm under the worst-case rule, else its mean."""
    return float(np.quantile(column.harm_prob, 0.95) if worst_case else column.harm_prob.mean())


def best(columns: Sequence[Column], worst_case: bool, look_nat: Mapping[str, float] = _NOTHING) -> Column:
    """The option with the least harm; one whose heat was never computed only when there is no other.

    Options whose harm lies within 1 in 270 (what a whole mission may carry) of the least count as equal; of these one that is fit for a
    normal return goes first, then the one with the smallest gap (a day without any ship counting as ten with a degraded one), then the
    one that lets most be learned about the cause (`look_nat`: what each look that it allows is worth), then the earliest. Where none of
    the equals is fit, the one that flies last: waiting costs no harm and a better option may come.
    """
    judged = [c for c in columns if c.heat_known] or list(columns)
    least = min(score(c, worst_case) for c in judged)
    equal = [c for c in judged if score(c, worst_case) <= least + NORMAL_LIMIT_PROB]
    fit = [c for c in equal if is_fit(c)]
    if not fit:
        return max(equal, key=lambda c: c.option.ready_s.value)
    return min(
        fit,
        key=lambda c: (
            c.gap.degraded_crew_s + ABSENT_WEIGHT * c.gap.absent_crew_s,
            -sum(look_nat.get(look, 0.0) for look in c.option.allows),
            c.option.ready_s.value,
        ),
    )


def advised(columns: Sequence[Column], worst_case: bool, look_nat: Mapping[str, float] = _NOTHING) -> Column | None:
    """The option to recommend: the one with the least harm, or None while no option known is fit for a normal return."""
    return best(columns, worst_case, look_nat) if any(is_fit(c) for c in columns) else None
