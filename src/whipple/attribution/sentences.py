"""The verdict in words: what a programme manager reads first, and why each cause stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.attribution.exclusions import RARE_PROB
from whipple.attribution.row import Row
from whipple.attribution.words import likelihood_word, lower_title, percent
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.verdict import Excluded, HypothesisVerdict

__all__ = ["headline", "reason"]

#: Causes named when the verdict is undetermined: those above this probability.
_STANDING_PROB = 0.1
_FEW = 3


def headline(
    verdicts: Sequence[HypothesisVerdict],
    kinds: Mapping[str, str],
    out: Sequence[Excluded],
    decided: bool,
) -> str:
    """One or two sentences: the cause or the causes that stand, with probability and interval, and what is excluded."""
    first = verdicts[0]
    shown = f"{percent(first.posterior_prob.median)} ({_interval(first.posterior_prob)})"
    impact = min(sum(v.posterior_prob.median for v in verdicts if kinds[v.hypothesis] in IMPACT_KINDS), 1.0)
    if decided:
        text = f"{first.title}: {first.word}, {shown}; an impact of any kind {percent(impact)}."
        second = verdicts[1] if len(verdicts) > 1 else None
        if second is not None and second.posterior_prob.median >= 0.01:
            text += f" Next: {lower_title(second.title)}, {percent(second.posterior_prob.median)}."
    else:
        standing = [v for v in verdicts if v.posterior_prob.median >= _STANDING_PROB]
        named = ", ".join(
            f"{lower_title(v.title)} {percent(v.posterior_prob.median)} ({_interval(v.posterior_prob)})"
            for v in standing
        )
        text = f"Undetermined: {named}. An impact of any kind is {likelihood_word(impact)} ({percent(impact)}); no single cause is “likely”."
    ruled = {item.hypothesis for item in out}
    gone = [v.title for v in verdicts if v.hypothesis in ruled and v.posterior_prob.median < RARE_PROB]
    return f"{text} Excluded: {_join([lower_title(title) for title in gone])}." if gone else text


def reason(rate: BaseRate, weights: Sequence[tuple[float, Row]], record_ratio: float) -> str:
    """Why a cause stands where it stands: its base rate, then the observations that speak against it most."""
    text = f"Base rate: {rate.why}."
    if record_ratio < 0.95:
        text += f" The clean record of earlier ships lowers that to {percent(record_ratio)} of its mean."
    against = sorted((weight, row.evidence.observation) for weight, row in weights if weight < -0.5)[:_FEW]
    if against:
        listed = "; ".join(f"“{observation}” ({weight:.1f} nat)" for weight, observation in against)
        return f"{text} Against it: {listed}."
    best = [row.evidence.observation for weight, row in weights if weight == 0.0][:_FEW]
    return f"{text} Explains best: {'; '.join(f'“{name}”' for name in best)}." if best else text


def _interval(estimate: Estimate) -> str:
    return f"90 %: {percent(estimate.low)} to {percent(estimate.high)}"


def _join(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
