"""The slot of `attribution`: which cause survives all the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Caveat, Estimate, Evidence

__all__ = ["Assumption", "Excluded", "HypothesisVerdict", "Mover", "Verdict"]


@dataclass(frozen=True)
class HypothesisVerdict:
    """One cause: prior, posterior with its interval over priors and model spread, and the likelihood word.

    `posterior_prob.median` holds the probability averaged over the doubt, so that the causes add to one.
    """

    hypothesis: str
    title: str
    prior_prob: float
    posterior_prob: Estimate
    word: str
    why: str


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
    """The ledger and what follows. `decided` is False when no cause passes the stated threshold.

    `assumptions` are the inputs that move the leading cause most when varied alone, the strongest first. `repeat_per_s`: how often
    steady particles would pierce a part like the suspect one, with the clean record and this loss taken into account.
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
