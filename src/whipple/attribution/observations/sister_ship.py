"""Another ship lost its loop soon afterwards, or had lost it shortly before: does this loss share a cause with it?

    L(cause of this ship alone) = A = (k + 1/2) / T x t m      L(hardware) = A + s

A: the chance of a second, unconnected loss within t among the m sister ships docked then ("history.sister_count", else two), at the rate of
the record with this loss in it (k = 1 in T; Jeffreys mean). A particle that hit this ship makes no second hit likelier, so A is all it has. A
hardware cause may sit in the sister too (batch, design, ageing); s is the chance that it shows within t, elicited. Which of the two went
first makes no difference, as long as the rates of the hardware causes and the clean record end before both: then the other loss is used here
and nowhere else. Its own high beta angle is not used: the season of sunlight has its own row, so fatigue gets no more here than a
manufacturing defect.
"""

from __future__ import annotations

import numpy as np

from whipple.attribution.base_rate import IMPACT_KINDS
from whipple.attribution.elicited import Odds, doubt_nat
from whipple.attribution.record import clean_exposure_s
from whipple.attribution.row import Exhibits, Row
from whipple.casefile.estimate import Caveat, Evidence
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["SHARED", "SISTER_COUNT", "alone_prob", "loss_of_a_sister"]

#: Sister ships where the case does not say how many: two, as for each of the three that were docked on 14 December 2022 (Progress MS-20 and
#: MS-21, Soyuz MS-22; reference sheet cases.md 5).
SISTER_COUNT = Cited(2.0, unit="", source="whipple_elicited", grade="proposal")
_ASSUMED = Caveat(
    "sister-count-assumed",
    "The case does not say how many sister ships there were: two are assumed, as in the winter of 2022-23 (evidence about "
    '"history.sister_count" would replace it); with twice as many a second loss is twice as likely a coincidence.',
)
#: P(a sister shows the same cause within about two months | kind of cause), over coincidence: one hardware cause in five is shared by batch,
#: design or age; one in three of these shows so soon; the official finding of an outside hit on the sister, contested, leaves a third.
#: `[proposal]`
SHARED: dict[str, Odds] = {
    "manufacturing": (0.02, 0.003, 0.1),
    "fatigue": (0.02, 0.003, 0.1),
    "other": (0.005, 0.0005, 0.03),
}


def alone_prob(clean_s: float, within_s: float, sister_count: float = float(SISTER_COUNT)) -> float:
    """The chance of another, unconnected loss within `within_s` among the sister ships, `clean_s` of record before the first.

    >>> year = 365.25 * 86400
    >>> round(alone_prob(68 * year, 58 * 86400), 4)
    0.007
    """
    return 1.5 / clean_s * within_s * sister_count


def loss_of_a_sister(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row, where the case holds evidence of another loss ("history.sister_loss_s", below 0 if before) and a clean record to compare it with."""
    claims = exhibits.case.evidence("history.sister_loss_s")
    said = [claim for claim in claims if claim.value is not None and claim.value.value]
    clean_s = clean_exposure_s(exhibits.case)
    if not said or said[0].value is None or clean_s <= 0:
        return ()
    within_s = abs(said[0].value.value)
    sisters, counted = _sisters(exhibits)
    alone, count_nat = alone_prob(clean_s, within_s, sisters[0]), doubt_nat(sisters)
    values, because, doubt = {}, {}, {}
    for table in exhibits.hypotheses:
        shared = None if table.kind in IMPACT_KINDS else SHARED[table.kind]
        values[table.name] = float(np.log(alone + (0.0 if shared is None else shared[0])))
        because[table.name] = (
            f"a second, unconnected loss within that time has a chance of {100 * alone:.1f} % at the rate of the record"
            + ("" if shared is None else f"; a shared hardware cause adds {_span(shared)} (elicited)")
        )
        if shared is not None:
            doubt[table.name] = shared[0] / (shared[0] + alone) * float(np.hypot(doubt_nat(shared), count_nat))
    note = Caveat(
        "sister-loss-elicited",
        f"The loss of the sister ship is contested ({said[0].note or 'no cause agreed'}); how likely a hardware cause is to be "
        "shared is elicited over a range of 30, and a common outside cause is not modelled.",
    )
    notes = (note,) if counted else (note, _ASSUMED)
    evidence = Evidence(
        f"a sister ship lost its loop {within_s / 86400:.0f} days {'later' if said[0].value.value > 0 else 'earlier'}",
        "sister ship", values, because, (said[0].source, "whipple_elicited"), notes,
    )  # fmt: skip
    return (Row(evidence, doubt),)


def _sisters(exhibits: Exhibits) -> tuple[Odds, bool]:
    """How many sister ships there were (value, low, high), and whether the case says so; RangeError where that is not more than none."""
    said = [claim for claim in exhibits.case.evidence("history.sister_count") if claim.value is not None]
    if not said or said[0].value is None:
        return (float(SISTER_COUNT),) * 3, False
    count = said[0].value
    if not count.low > 0:
        remedy = "leave out the loss of a sister ship where there was none"
        raise RangeError(f"claim {said[0].id}", "history.sister_count", count.low, "more than 0", remedy)
    return (count.value, count.low, count.high), True


def _span(odds: Odds) -> str:
    return f"{100 * odds[0]:.2g} % ({100 * odds[1]:.2g} to {100 * odds[2]:.2g} %)"
