"""The verdict in words: what a programme manager reads first, and why each cause stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.attribution.exclusions import RARE_PROB
from whipple.attribution.row import Row
from whipple.attribution.words import likelihood_word, lower_title, percent
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.verdict import Assumption, Excluded, HypothesisVerdict, Mover

__all__ = ["headline", "reason"]

#: Causes named beside the leading one when the verdict is undetermined: those above this probability.
_STANDING_PROB = 0.05
#: Causes nearer to the leading one than this stand "about level" with it.
_LEVEL_PROB = 0.1
_FEW = 3
_MOVERS = 2
#: What would tell the leading cause from a rival of this kind.
_DECIDES = {
    "manufacturing": "pictures of the spot from before the flight, or the makers' records of every ship that lost a loop",
    "fatigue": "loops of sister ships examined for cracks, or the full pressure record of the onset",
    "other": "a close view of the hole from a second side",
    "debris": "residue from the rim of the hole",
    "sporadic": "residue from the rim of the hole",
    "shower": "the direction of the hole, seen in a picture with a scale",
}


def headline(
    verdicts: Sequence[HypothesisVerdict],
    kinds: Mapping[str, str],
    out: Sequence[Excluded],
    threshold_prob: float,
    assumptions: Sequence[Assumption],
    movers: Sequence[Mover],
) -> str:
    """The cause or the causes that stand, how firmly, and what is excluded; where none passes, why not and what would decide it."""
    first = verdicts[0]
    shown = f"{percent(first.posterior_prob.median)} ({_interval(first.posterior_prob)})"
    impact = min(sum(v.posterior_prob.median for v in verdicts if kinds[v.hypothesis] in IMPACT_KINDS), 1.0)
    if first.posterior_prob.median >= threshold_prob:
        text = f"{first.title}: {first.word}, {shown}; an impact of any kind {percent(impact)}."
        second = verdicts[1] if len(verdicts) > 1 else None
        if second is not None and second.posterior_prob.median >= 0.01:
            text += f" Next: {lower_title(second.title)}, {percent(second.posterior_prob.median)}."
        text += _not_robust(first, threshold_prob, assumptions)
    else:
        text = f"Undetermined: {_who_leads(verdicts, threshold_prob)}. {_why_open(verdicts, kinds, movers)}"
        text += f" An impact of any kind is {likelihood_word(impact)} ({percent(impact)})."
    return text + _gone(verdicts, out)


def _not_robust(first: HypothesisVerdict, threshold_prob: float, assumptions: Sequence[Assumption]) -> str:
    """Says which single input, within its own 90 % range, would take the leading cause below the threshold."""
    crossing = sorted(
        (min(a.at_low_prob, a.at_high_prob), a.assumption)
        for a in assumptions
        if a.hypothesis == first.hypothesis and min(a.at_low_prob, a.at_high_prob) < threshold_prob
    )
    if not crossing:
        return ""
    lowest, assumption = crossing[0]
    more = f" ({len(crossing) - 1} more would too)" if len(crossing) > 1 else ""
    return (
        f" {first.word[:1].upper()}{first.word[1:]}, but not robust: {assumption} alone, within its 90 % range, would bring it below "
        f"{percent(threshold_prob)}, to {percent(lowest)}{more}."
    )


def _who_leads(verdicts: Sequence[HypothesisVerdict], threshold_prob: float) -> str:
    """The causes at the top and how far apart they are."""
    first = verdicts[0]
    named = [
        f"{lower_title(v.title)} {percent(v.posterior_prob.median)} ({_interval(v.posterior_prob)})" for v in verdicts
    ]
    level = [v for v in verdicts if first.posterior_prob.median - v.posterior_prob.median < _LEVEL_PROB]
    if len(level) > 1:
        return f"{_join(named[: len(level)])} stand about level and none passes {percent(threshold_prob)}"
    rivals = [
        text for v, text in zip(verdicts[1:], named[1:], strict=True) if v.posterior_prob.median >= _STANDING_PROB
    ]
    beside = f"{_join(rivals or named[1:2])} cannot be ruled out" if named[1:] else "nothing else was weighed"
    return f"{named[0]} leads but is not decided, because {beside}"


def _why_open(verdicts: Sequence[HypothesisVerdict], kinds: Mapping[str, str], movers: Sequence[Mover]) -> str:
    """What holds the balance, and what would decide between the leading causes."""
    top = [kinds[v.hypothesis] for v in verdicts[:2]]
    strongest = list({m.observation: m for m in reversed(movers)}.values())[::-1][:_MOVERS]
    hardware = [kind for kind in top if kind not in IMPACT_KINDS]
    return " ".join(
        [*(m.sentence for m in strongest), f"What would decide it: {_DECIDES[(hardware or top[::-1])[0]]}."]
    )


def _gone(verdicts: Sequence[HypothesisVerdict], out: Sequence[Excluded]) -> str:
    """The excluded causes, those that stand on the same condition together."""
    titles = {v.hypothesis: lower_title(v.title) for v in verdicts if v.posterior_prob.median < RARE_PROB}
    held: dict[str, list[str]] = {}
    for item in out:
        if item.hypothesis in titles:
            held.setdefault(item.condition, []).append(titles[item.hypothesis])
    return "".join(
        f" Excluded by direction, {condition}: {_join(names)}." if condition else f" Excluded: {_join(names)}."
        for condition, names in held.items()
    )


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
