"""Is the leading cause named, or does it only lead?

    likely   P(h), averaged over the joint draws of all inputs, above 66 %
    joint    P(h) above 66 % in at least 8 of 10 of those draws (weighted by how well each explains the leak)
    single   P(h) above 66 % with any single input at either end of its own 90 % range

A cause is "named" when all three hold, "leading" when only the first does, else the case is "undetermined". An average above 66 % can hide
an interval from 0 to 1: on the IPCC scale "likely" says that the probability lies from 66 to 100 %, and "high confidence" is about 8 in 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.attribution.inputs import Input
from whipple.attribution.posterior import Race
from whipple.attribution.row import Row
from whipple.physics.cited import Cited

__all__ = ["AGREEMENT_FRAC", "RULE", "THRESHOLD_PROB", "Standing", "stand"]

#: A cause is named only when it is "likely" on the IPCC scale.
THRESHOLD_PROB = Cited(0.66, unit="", source="atsb2007", grade="published")
#: ... in as many of the joint draws as "high confidence" asks for: about 8 out of 10.
AGREEMENT_FRAC = Cited(0.8, unit="", source="ipcc2007", grade="published")

#: The rule in words.
RULE = (
    f"A cause is named when its probability passes {100 * THRESHOLD_PROB:.0f} % on average, in at least {100 * AGREEMENT_FRAC:.0f} % of the "
    "joint draws of all inputs, and with any single input at either end of its own 90 % range. One that passes only on average leads but is not "
    "robust; where none does, the cause is undetermined."
)


@dataclass(frozen=True)
class Standing:
    """How the most probable cause (`leader`) stands: "named", "leading" or "undetermined".

    `lead_frac`, `pass_frac` (n_h,): the share of the joint draws in which each cause is the most probable one, and in which it passes the
    threshold. `unseating`: the inputs that alone would take a leader above it below, with the probability left, the lowest first.
    """

    leader: int
    word: str
    lead_frac: tuple[float, ...]
    pass_frac: tuple[float, ...]
    unseating: tuple[tuple[str, float], ...]


def stand(race: Race, rows: Sequence[Row], inputs: Sequence[Input]) -> Standing:
    """The standing of the most probable cause of a race.

    >>> from whipple.attribution.posterior import run_race
    >>> sure = run_race(["a", "b"], np.array([[9.0, 1.0], [12.0, 1.0]]), np.random.default_rng(0))
    >>> found = stand(sure, [], [])
    >>> found.word, found.lead_frac, found.pass_frac
    ('named', (1.0, 0.0), (1.0, 0.0))
    >>> stand(run_race(["a", "b"], np.array([[0.5, 1.0], [5.0, 0.1]]), np.random.default_rng(0)), [], []).word
    'leading'
    """
    share, weight = race.joint(rows)
    mean, threshold = weight @ share, float(THRESHOLD_PROB)
    leader = int(np.argmax(mean))
    first = np.argmax(share, axis=1)
    leads = tuple(float(weight[first == h].sum()) for h in range(len(race.names)))
    passes = tuple(float(weight[share[:, h] > threshold].sum()) for h in range(len(race.names)))
    if mean[leader] <= threshold:
        return Standing(leader, "undetermined", leads, passes, ())
    lowest = ((one.name, float(min(one.at_low_prob[leader], one.at_high_prob[leader]))) for one in inputs)
    unseating = tuple(sorted((pair for pair in lowest if pair[1] <= threshold), key=lambda pair: pair[1]))
    word = "named" if passes[leader] >= AGREEMENT_FRAC and not unseating else "leading"
    return Standing(leader, word, leads, passes, unseating)
