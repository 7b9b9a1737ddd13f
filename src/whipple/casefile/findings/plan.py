"""The slot of `decision`: what should be done, by when, and what would change our mind."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Caveat, Estimate

__all__ = ["Flip", "OptionAnswer", "Plan"]


@dataclass(frozen=True)
class OptionAnswer:
    """One option as a column: risk, clock, gap. Days are since the case epoch; the gap is in crew-days.

    `harm_prob`: probability of serious harm to at least one crew member by this option; `mean_harm_prob`: its mean over all that is not
    known, which is the chance to reckon with where the interval is wide. `fit_normal` and `fit_emergency`: is the
    ship it uses fit for a nominal return, and for an emergency ("yes", "no", "only with ...").
    """

    option: str
    title: str
    harm_prob: Estimate
    fit_normal: str
    fit_emergency: str
    ready_s: Estimate
    degraded_crew_s: float
    absent_crew_s: float
    waits_for: str
    destroys: str
    why: str
    mean_harm_prob: float | None = None


@dataclass(frozen=True)
class Flip:
    """An assumption that moves the answer: at which value the recommendation changes. `moves` is False where no value looked at does."""

    assumption: str
    now: str
    flips_at: str
    then: str
    moves: bool = True


@dataclass(frozen=True)
class Plan:
    """The options side by side, the recommendation, and the assumptions that carry it.

    `recommended` is "" when no option known is fit for a normal return: then the advice is to wait. `least_harm` names the option that
    harms least of those known, fit or not. `ridden` is False where nobody depends on the ship: then fitness and gaps say nothing.
    """

    options: tuple[OptionAnswer, ...]
    recommended: str
    worst_case_rule: str
    flips: tuple[Flip, ...]
    look_next: tuple[str, ...]
    headline: str
    caveats: tuple[Caveat, ...] = ()
    least_harm: str = ""
    ridden: bool = True
