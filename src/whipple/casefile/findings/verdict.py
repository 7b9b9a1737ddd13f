"""The slot of `attribution`: which cause survives all the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Caveat, Estimate, Evidence

__all__ = ["Assumption", "Excluded", "HypothesisVerdict", "Measurement", "Mover", "Verdict"]


@dataclass(frozen=True)
class HypothesisVerdict:
    """One cause: prior, posterior with its interval over priors and model spread, and the likelihood word.

    `posterior_prob.median` holds the probability averaged over the doubt, so that the causes add to one. `lead_frac`, `pass_frac`: the share
    of the joint draws of all inputs in which this cause is the most probable one, and in which it passes the threshold.
    """

    hypothesis: str
    title: str
    prior_prob: float
    posterior_prob: Estimate
    word: str
    why: str
    lead_frac: float | None = None
    pass_frac: float | None = None


@dataclass(frozen=True)
class Mover:
    """What the posterior of `hypothesis` would be without this observation."""

    observation: str
    hypothesis: str
    with_prob: float
    without_prob: float
    sentence: str


@dataclass(frozen=True)
class Assumption:
    """An input varied alone over its 90 % range: the probability of `hypothesis` at its low and at its high end."""

    assumption: str
    hypothesis: str
    at_low_prob: float
    at_high_prob: float
    sentence: str


@dataclass(frozen=True)
class Measurement:
    """Inputs that would have to be measured to decide: the best set of so many.

    `right_prob`: the chance that the cause then most probable is the right one, once they are known to a fifth of their ranges;
    `named_prob`: the chance that a cause would then pass the first two of the three conditions (the mean, and 8 of 10 joint draws).
    """

    inputs: tuple[str, ...]
    right_prob: float
    named_prob: float
    sentence: str


@dataclass(frozen=True)
class Excluded:
    """A cause ruled out, the reason in words, and what would bring it back.

    `condition`: what the exclusion stands on where part of the evidence would allow the cause ("if the hole faces as reported").
    """

    hypothesis: str
    why: str
    what_would_change_it: str
    condition: str = ""


@dataclass(frozen=True)
class Verdict:
    """The ledger and what follows. `decided` is True only for a cause that is named: `standing` says "named", "leading" or "undetermined".

    `result` is the verdict in one line, `rule` the rule in words; `unseating_count` inputs would each alone, inside their own range, take the
    most probable cause below the threshold; `measurements`: the best one, two and three inputs to measure, as far as they help.
    `assumptions` are the eight inputs that move the leading cause most when varied alone, the strongest first, and every one that unseats
    it. `repeat_per_s`: how often steady particles would pierce a part like the suspect one (any hole that leaks), with the clean record and
    this loss taken into account.
    """

    hypotheses: tuple[HypothesisVerdict, ...]
    ledger: tuple[Evidence, ...]
    movers: tuple[Mover, ...]
    excluded: tuple[Excluded, ...]
    decided: bool
    threshold_prob: float
    word_scale: str
    headline: str
    caveats: tuple[Caveat, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    repeat_per_s: Estimate | None = None
    standing: str = ""
    result: str = ""
    rule: str = ""
    unseating_count: int = 0
    measurements: tuple[Measurement, ...] = ()
