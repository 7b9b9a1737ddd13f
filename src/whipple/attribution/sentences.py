"""The verdict in words: what a programme manager reads first, and why each cause stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.attribution.exclusions import RARE_PROB
from whipple.attribution.row import Row
from whipple.attribution.standing import AGREEMENT_FRAC, THRESHOLD_PROB, Standing
from whipple.attribution.words import beside, joined, likelihood_word, lower_title, percent
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.verdict import Excluded, HypothesisVerdict, Measurement, Mover

__all__ = ["headline", "reason", "result", "standing_told"]

#: Causes named beside the leading one when the verdict is undetermined: those above this probability.
_STANDING_PROB = 0.05
#: The second cause is told beside the first when it reaches this.
_NEXT_PROB = 0.01
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
    standing: Standing,
    movers: Sequence[Mover],
    measurements: Sequence[Measurement],
) -> str:
    """The cause or the causes that stand, how firmly, and what is excluded; where none is named, why not and what would decide it."""
    first = verdicts[0]
    impact = min(sum(v.posterior_prob.median for v in verdicts if kinds[v.hypothesis] in IMPACT_KINDS), 1.0)
    shown = f"{_middle(first)} ({_interval(first.posterior_prob)})"
    if standing.word == "named":
        text = f"{first.title}: {first.word}, {shown}; an impact of any kind {percent(impact)}. It passes {percent(THRESHOLD_PROB)} in "
        text += f"{_share(first.pass_frac)} of the joint draws of all inputs, and no single input within its 90 % range takes it below."
        return text + _next(verdicts) + _gone(verdicts, out)
    if standing.word == "leading":
        text = f"Leading, not robust: {lower_title(first.title)}, {shown}; {standing_told(standing)}.{_next(verdicts)} "
        text += f"What would decide it: {_decides(verdicts, kinds)}."
    else:
        text = f"Undetermined: {_who_leads(verdicts)}. {first.title} is {standing_told(standing)}. {_why_open(verdicts, kinds, movers)}"
    text += f" An impact of any kind is {likelihood_word(impact)} ({percent(impact)})."
    return text + _measure(measurements) + _gone(verdicts, out)


def result(verdicts: Sequence[HypothesisVerdict], standing: Standing) -> str:
    """The verdict in one line."""
    first, threshold = verdicts[0], percent(THRESHOLD_PROB)
    middle, passes = _middle(first), _share(first.pass_frac)
    if standing.word == "named":
        return f"{first.title}: {first.word}, {middle}, and above {threshold} in {passes} of the joint draws"
    if standing.word == "leading":
        thin = (first.pass_frac or 0.0) < AGREEMENT_FRAC
        why = (
            f"above {threshold} in only {passes} of the joint draws ({percent(AGREEMENT_FRAC)} are needed)"
            if thin
            else f"{_inputs(standing)} would take it below {threshold}"
        )
        return f"Leading, not robust: {lower_title(first.title)}, {middle} on average, but {why}"
    return f"Undetermined: no cause passes {threshold}"


def _inputs(standing: Standing) -> str:
    count = len(standing.unseating)
    return "one input alone" if count == 1 else f"each of {count} inputs alone"


def _middle(cause: HypothesisVerdict) -> str:
    """The probability of a cause, digits enough to see on which side of the threshold it stands."""
    return beside(cause.posterior_prob.median, THRESHOLD_PROB)


def _share(share_frac: float | None) -> str:
    """A share of the draws in words, digits enough to see whether it is the share needed."""
    return beside(share_frac or 0.0, AGREEMENT_FRAC).replace("above", "more than").replace("below", "less than")


def _next(verdicts: Sequence[HypothesisVerdict]) -> str:
    rest = [v for v in verdicts[1:2] if v.posterior_prob.median >= _NEXT_PROB]
    return "".join(f" Next: {lower_title(v.title)}, {percent(v.posterior_prob.median)}." for v in rest)


def standing_told(standing: Standing) -> str:
    """In how many of the joint draws the most probable cause passes, and which single inputs would take it below the threshold."""
    threshold, needed = percent(THRESHOLD_PROB), percent(AGREEMENT_FRAC)
    leads, passes = (_share(shares[standing.leader]) for shares in (standing.lead_frac, standing.pass_frac))
    text = f"the most probable in {leads} of the joint draws of all inputs and above {threshold} in {passes} ({needed} are needed)"
    if not standing.unseating:
        return text
    name, lowest = standing.unseating[0]
    more = len(standing.unseating) - 1
    others = f" ({more} more would too)" if more else ""
    return f"{text}; {name} alone, within its 90 % range, would bring it below {threshold}, to {beside(lowest, THRESHOLD_PROB)}{others}"


def _measure(measurements: Sequence[Measurement]) -> str:
    """Which inputs would have to be measured, and the chance that this decides."""
    if not measurements:
        return ""
    best = measurements[-1]
    ranges = "its range" if len(best.inputs) == 1 else "their ranges"
    return (
        f" To be measured first: {joined(best.inputs)}; known to a fifth of {ranges}, a cause would pass the first two of the three "
        f"conditions with a chance of {percent(best.named_prob)}."
    )


def _who_leads(verdicts: Sequence[HypothesisVerdict]) -> str:
    """The causes at the top and how far apart they are."""
    first = verdicts[0]
    named = [f"{lower_title(v.title)} {_middle(v)} ({_interval(v.posterior_prob)})" for v in verdicts]
    level = [v for v in verdicts if first.posterior_prob.median - v.posterior_prob.median < _LEVEL_PROB]
    if len(level) > 1:
        return f"{joined(named[: len(level)])} stand about level and none passes {percent(THRESHOLD_PROB)}"
    rivals = [
        text for v, text in zip(verdicts[1:], named[1:], strict=True) if v.posterior_prob.median >= _STANDING_PROB
    ]
    beside = f"{joined(rivals or named[1:2])} cannot be ruled out" if named[1:] else "nothing else was weighed"
    return f"{named[0]} leads but is not decided, because {beside}"


def _why_open(verdicts: Sequence[HypothesisVerdict], kinds: Mapping[str, str], movers: Sequence[Mover]) -> str:
    """What holds the balance, and what would decide between the leading causes."""
    strongest: dict[str, Mover] = {}
    for mover in movers:
        strongest.setdefault(mover.observation, mover)
    told = [mover.sentence for mover in strongest.values()][:_MOVERS]
    return " ".join([*told, f"What would decide it: {_decides(verdicts, kinds)}."])


def _decides(verdicts: Sequence[HypothesisVerdict], kinds: Mapping[str, str]) -> str:
    """The look that tells the two leading causes apart."""
    top = [kinds[v.hypothesis] for v in verdicts[:2]]
    hardware = [kind for kind in top if kind not in IMPACT_KINDS]
    return _DECIDES[(hardware or top[::-1])[0]]


def _gone(verdicts: Sequence[HypothesisVerdict], out: Sequence[Excluded]) -> str:
    """The excluded causes, those that stand on the same condition together."""
    titles = {v.hypothesis: lower_title(v.title) for v in verdicts if v.posterior_prob.median < RARE_PROB}
    held: dict[str, list[str]] = {}
    for item in out:
        if item.hypothesis in titles:
            held.setdefault(item.condition, []).append(titles[item.hypothesis])
    return "".join(
        f" Excluded by direction, {condition}: {joined(names)}." if condition else f" Excluded: {joined(names)}."
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
