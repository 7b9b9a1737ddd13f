"""What to look at next, ranked by what it is worth.

For the choice: expected value of perfect information on the heat, min E[harm] - E[min harm]. For the cause: the expected loss of doubt
(mutual information, natural log) of a look with two outcomes, P(positive | kind) elicited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.findings.verdict import Verdict
from whipple.decision.columns import Column, somebody_rides

__all__ = [
    "LOOKS",
    "Look",
    "expected_information_nat",
    "information_nat",
    "look_next",
    "nothing_leaks",
    "perfect_heat_prob",
]


@dataclass(frozen=True)
class Look:
    """A look that could be taken: P(positive outcome | kind of cause), `name` as in `[[option]] allows`. `[proposal]`

    `of_loop`: it needs a loop, or a tube that can be reached and brought home.
    """

    name: str
    what: str
    why: str
    impact: float
    manufacturing: float
    fatigue: float
    other: float
    debris: float | None = None
    of_loop: bool = False

    def positive_prob(self, kind: str) -> float:
        """P(positive | kind)."""
        if kind == "debris" and self.debris is not None:
            return self.debris
        return {"manufacturing": self.manufacturing, "fatigue": self.fatigue, "other": self.other}.get(
            kind, self.impact
        )


#: Looks any such case could take; likelihoods elicited by this project (source key whipple_elicited).
LOOKS = (
    Look("preflight pictures",
         "pictures and drawings of the spot from before the flight", "a mark that was there on the pad is no hit in flight", 0.02, 0.7, 0.05, 0.1),
    Look("second view",
         "a close view of the hole from a second side, lit along the surface", "lip and spall tell a hit from a crack", 0.8, 0.1, 0.05, 0.3),
    Look("full-rate record",
         "the full-rate pressure record around the onset", "a hit opens at once, a crack may grow", 0.99, 0.4, 0.35, 0.6,
         of_loop=True),
    Look("ground shots",
         "shots at the true wall at several speeds and angles", "shows which particles can make this very hole", 0.9, 0.6, 0.5, 0.6),
    Look("swab",
         "a swab or sample of the rim before the module is lost", "residue is what tells debris from meteoroid", 0.06, 0.02, 0.02, 0.05, 0.6,
         of_loop=True),
)  # fmt: skip


def look_next(case: Case, columns: Sequence[Column], verdict: Verdict | None, worst_case: bool) -> tuple[str, ...]:
    """Sentences, the most valuable look first: what could change the choice, then what could settle the cause."""
    lines = []
    ridden = somebody_rides(case, columns)
    if columns and ridden and all(column.heat_known for column in columns):
        lines.append(_heat_line(*perfect_heat_prob(columns), worst_case))
    elif columns and ridden:
        lines.append("A heat model of the return: without it no option that rides the damaged ship can be judged.")
    if verdict is None or not _posterior(case, verdict):
        return tuple(lines)
    doubt = _entropy(np.array(list(_posterior(case, verdict).values())))
    gains = information_nat(case, verdict)
    ranked = sorted(((gains[look.name], look) for look in LOOKS if look.name in gains), key=lambda pair: -pair[0])
    lines += [
        f"{look.what[:1].upper()}{look.what[1:]}: {look.why}; expected to remove {gain:.2f} of {doubt:.2f} nat of doubt about the cause."
        for gain, look in ranked
    ]
    return tuple(lines)


def information_nat(case: Case, verdict: Verdict | None) -> dict[str, float]:
    """What each look is expected to remove of the doubt about the cause (natural log), by its short name; empty without a verdict.

    Where a craft was pushed and has no loop there is no pressure to record, and no rim that could be swabbed and brought home.
    """
    if verdict is None or not _posterior(case, verdict):
        return {}
    kinds, posterior = {table.name: table.kind for table in case.hypotheses}, _posterior(case, verdict)
    able = (look for look in LOOKS if not (look.of_loop and nothing_leaks(case)))
    return {look.name: expected_information_nat(look, posterior, kinds) for look in able}


def nothing_leaks(case: Case) -> bool:
    """Was a push felt, and is there no loop: a strike on a craft that has no tubes to pierce?"""
    return not case.loops and bool(case.evidence("cause.felt_push"))


def _posterior(case: Case, verdict: Verdict) -> dict[str, float]:
    """What the verdict leaves of each cause; where it weighed none (too thin) every cause of the case alike: to look is worth most then."""
    found = {row.hypothesis: row.posterior_prob.median for row in verdict.hypotheses}
    return found or {table.name: 1.0 / len(case.hypotheses) for table in case.hypotheses}


def _heat_line(now_prob: float, known_prob: float, worst_case: bool) -> str:
    head = "A thermal test of the ship with its crew aboard, powered as for the descent"
    if now_prob - known_prob < 1e-5:
        tail = ", but it could turn off the worst-case rule" if worst_case else ""
        return f"{head}: whatever it showed within the present doubt, the choice would stand{tail}."
    lower = f"lower the expected harm from {100 * now_prob:.2g} % to {100 * known_prob:.2g} %"
    return f"{head}: knowing the heat exactly would {lower}, so it could change the choice."


def perfect_heat_prob(columns: Sequence[Column]) -> tuple[float, float]:
    """Expected harm of the best option as things are known, and if heat and what it does alone were known exactly."""
    spared = [float(np.mean((1.0 - column.waiting_prob) * (1.0 - column.other_prob))) for column in columns]
    harm = np.array([1.0 - (1.0 - column.heat_prob) * rest for column, rest in zip(columns, spared, strict=True)])
    return float(harm.mean(axis=1).min()), float(harm.min(axis=0).mean())


def expected_information_nat(look: Look, posterior_prob: Mapping[str, float], kinds: Mapping[str, str]) -> float:
    """Mutual information between the look's outcome and the cause (natural log), from 0 to ln 2.

    >>> look = Look("x", "x", "y", 1.0, 0.0, 0.0, 0.0)
    >>> round(expected_information_nat(look, {"a": 0.5, "b": 0.5}, {"a": "sporadic", "b": "fatigue"}), 4)
    0.6931
    """
    prior = np.array(list(posterior_prob.values()))
    prior = prior / prior.sum()
    seen = np.array([look.positive_prob(kinds[name]) for name in posterior_prob])
    after = 0.0
    for outcome in (seen, 1.0 - seen):
        joint = prior * outcome
        if joint.sum() > 0:
            after += float(joint.sum()) * _entropy(joint / joint.sum())
    return float(max(_entropy(prior) - after, 0.0))


def _entropy(prob: np.ndarray) -> float:
    kept = prob[prob > 0]
    return float(-(kept * np.log(kept)).sum())
