"""Likelihoods nobody has published: elicited by this project, each with the range it is varied over.

No table of likelihood ratios for image cues or for official statements by cause is known (reference sheet imagery.md, section 6), so
these are proposals. A value is P(observation | kind of cause); only ratios within a row matter. Everything in this file carries the
source key `whipple_elicited` unless the row names another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Z90

__all__ = ["KINDS", "STATEMENTS", "Elicited", "Odds", "doubt_nat", "likelihood_nat"]

KINDS = ("sporadic", "shower", "debris", "manufacturing", "fatigue", "other")
#: (value, low, high) with a 90 % range.
Odds = tuple[float, float, float]


@dataclass(frozen=True)
class Elicited:
    """P(observation | kind) as (value, low, high); `impact` stands for all three impact kinds unless a kind is named in `apart`."""

    impact: Odds
    manufacturing: Odds
    fatigue: Odds
    other: Odds
    why: str
    group: str = ""
    source: str = "whipple_elicited"
    apart: Mapping[str, Odds] | None = None

    def of(self, kind: str) -> Odds:
        """The odds for one kind of cause."""
        if self.apart is not None and kind in self.apart:
            return self.apart[kind]
        return {"manufacturing": self.manufacturing, "fatigue": self.fatigue, "other": self.other}.get(
            kind, self.impact
        )


def likelihood_nat(odds: Odds) -> float:
    """The log-likelihood of elicited odds.

    >>> round(likelihood_nat((0.5, 0.25, 0.8)), 3)
    -0.693
    """
    return float(np.log(odds[0]))


def doubt_nat(odds: Odds) -> float:
    """The 1-sigma doubt of elicited odds in natural log: their 90 % range over 2 x 1.645.

    >>> round(doubt_nat((0.5, 0.25, 1.0)), 3)
    0.421
    """
    return float(np.log(odds[2] / odds[1]) / (2 * Z90))


#: What people may say about the cause: slot of the claim -> what it says -> elicited row. `[proposal]`
STATEMENTS: dict[str, dict[str, Elicited]] = {
    "cause.hypervelocity_test": {
        "reproduced": Elicited(
            (0.9, 0.7, 0.98), (0.6, 0.3, 0.9), (0.5, 0.2, 0.8), (0.6, 0.3, 0.9),
            "a shot that makes the same hole shows that an impact can, not that one did; a laboratory can match many round holes", "inquiry",
        ),
        "not reproduced": Elicited(
            (0.1, 0.03, 0.3), (0.4, 0.15, 0.8), (0.5, 0.2, 0.8), (0.4, 0.15, 0.8),
            "shots that never make this hole speak against an impact", "inquiry",
        ),
    },
    "cause.felt_push": {
        "orbit and attitude changed": Elicited(
            (0.9, 0.7, 0.98), (0.002, 0.0002, 0.02), (0.002, 0.0002, 0.02), (0.02, 0.002, 0.1),
            "what breaks inside moves nothing but itself: to change the orbit of the whole something must come in or be thrown off (a burst cell, a "
            "venting tank)", "felt push",
        ),
        "nothing changed": Elicited(
            (0.5, 0.2, 0.9), (0.95, 0.9, 1.0), (0.95, 0.9, 1.0), (0.9, 0.8, 1.0),
            "most particles that do damage hand over less than is felt", "felt push",
        ),
    },
    "cause.manufacturing_review": {
        "not confirmed": Elicited(
            (0.95, 0.9, 0.99), (0.4, 0.15, 0.8), (0.9, 0.8, 0.98), (0.9, 0.8, 0.98),
            "a review of records misses a good part of real defects; its method was not published", "inquiry",
        ),
        "confirmed": Elicited(
            (0.02, 0.005, 0.08), (0.6, 0.3, 0.9), (0.05, 0.01, 0.2), (0.05, 0.01, 0.2),
            "a defect found in the records names its cause", "inquiry",
        ),
    },
    "cause.designed_feature": {
        "absent before flight": Elicited(
            (0.98, 0.95, 1.0), (0.2, 0.05, 0.5), (0.95, 0.9, 1.0), (0.9, 0.8, 0.98),
            "a mark that was not there on the pad is hardly a feature of manufacture", "pre-flight record",
        ),
        "present before flight": Elicited(
            (0.01, 0.003, 0.05), (0.7, 0.4, 0.95), (0.05, 0.01, 0.2), (0.1, 0.03, 0.3),
            "a mark that was there on the pad is not a hit in flight", "pre-flight record",
        ),
    },
    "cause.residue": {
        "debris": Elicited(
            (0.17, 0.05, 0.4), (0.02, 0.005, 0.1), (0.02, 0.005, 0.1), (0.05, 0.01, 0.2),
            "shuttle radiators of STS-92: three of six sites gave debris, one meteoroid, two nothing", "residue", "spacenews_sts92",
            {"debris": (0.6, 0.4, 0.8), "sporadic": (0.04, 0.01, 0.1), "shower": (0.04, 0.01, 0.1)},
        ),
        "meteoroid": Elicited(
            (0.6, 0.4, 0.8), (0.02, 0.005, 0.1), (0.02, 0.005, 0.1), (0.02, 0.005, 0.1),
            "natural elements in the melt; a third of sites gives nothing even in the laboratory", "residue", "spacenews_sts92",
            {"debris": (0.04, 0.01, 0.1)},
        ),
        "nothing": Elicited(
            (0.33, 0.15, 0.6), (0.95, 0.9, 1.0), (0.95, 0.9, 1.0), (0.9, 0.8, 1.0),
            "a third of impact sites gives no residue even in the laboratory", "residue", "spacenews_sts92",
        ),
    },
}  # fmt: skip
