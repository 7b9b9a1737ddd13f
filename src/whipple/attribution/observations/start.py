"""Did it begin at once, or grow?

    L(kind) = p exp(s) + (1 - p),   p = P(sudden start | kind),   s = ln evidence for a step over a ramp, from telemetry

An impact opens its hole at once; a crack or a defect may grow or burst.
"""

from __future__ import annotations

import numpy as np

from whipple.attribution.elicited import KINDS, Elicited, doubt_nat
from whipple.attribution.row import Exhibits, Row, by_kind
from whipple.casefile.estimate import Caveat, Evidence

__all__ = ["SUDDEN", "shape_of_start", "start_nat"]

SUDDEN = Elicited(
    (0.99, 0.97, 1.0), (0.4, 0.15, 0.8), (0.35, 0.1, 0.7), (0.6, 0.3, 0.9),
    "an impact opens at once; a leaking hose of the station grew for years, a burst would not",
)  # fmt: skip


def start_nat(sudden_prob: float, step_over_ramp_nat: float) -> float:
    """Log-likelihood of the record under a cause that begins suddenly with this probability, the ramp at 0.

    >>> round(start_nat(0.5, 0.0), 6), round(start_nat(1.0, 3.0), 6)
    (0.0, 3.0)
    """
    with np.errstate(divide="ignore"):
        return float(np.logaddexp(np.log(sudden_prob) + step_over_ramp_nat, np.log1p(-sudden_prob)))


def shape_of_start(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row: step or ramp. Simulated channels are shown and count for nothing: they cannot know the real start."""
    onset = exhibits.onset
    if onset is None or onset.step_over_ramp_nat is None:
        return ()
    nat, simulated = onset.step_over_ramp_nat, onset.simulated
    says = f"{'a sudden start' if nat >= 0 else 'a slow ramp'} by {abs(nat):.1f} nat"
    values = {kind: 0.0 if simulated else start_nat(SUDDEN.of(kind)[0], nat) for kind in KINDS}
    tail = "; simulated channels, not counted" if simulated else ""
    because = {kind: f"begins suddenly with probability {SUDDEN.of(kind)[0]:.2g} (elicited){tail}" for kind in KINDS}
    doubt = {kind: 0.0 if simulated else doubt_nat(SUDDEN.of(kind)) for kind in KINDS}
    caveats = (
        (
            Caveat(
                "start-simulated",
                "The pressure record is SIMULATED with a start we chose: its shape says nothing about the cause and is not counted.",
            ),
        )
        if simulated
        else ()
    )
    row = Evidence(
        f"pressure favours {says}",
        "start",
        by_kind(exhibits.hypotheses, values),
        by_kind(exhibits.hypotheses, because),
        (SUDDEN.source,),
        caveats,
    )
    return (Row(row, by_kind(exhibits.hypotheses, doubt)),)
