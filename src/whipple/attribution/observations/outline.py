"""Is the hole round, or long?

Of more than 600 impact craters fewer than 10 % had an axis ratio above 1.5; cracks are long, drilled and cast features mostly round.
"""

from __future__ import annotations

import numpy as np

from whipple.attribution.elicited import KINDS, Elicited, doubt_nat, likelihood_nat
from whipple.attribution.row import Exhibits, Row, by_kind
from whipple.casefile.estimate import Caveat, Evidence
from whipple.physics.cited import Cited

__all__ = ["LONG", "ROUND", "ROUND_LIMIT_RATIO", "shape_of_outline"]

#: Axis ratio that divides round from long; Love et al. 1995 counted the craters above it.
ROUND_LIMIT_RATIO = Cited(1.5, unit="", source="love1995", grade="source")
ROUND = Elicited(
    (0.92, 0.85, 0.97), (0.7, 0.4, 0.95), (0.1, 0.03, 0.3), (0.5, 0.2, 0.8),
    "fewer than 10 % of more than 600 impact craters are longer than 1.5 to 1; cracks are long", source="love1995",
)  # fmt: skip
LONG = Elicited(
    (0.08, 0.03, 0.15), (0.3, 0.1, 0.6), (0.9, 0.7, 0.97), (0.5, 0.2, 0.8),
    "fewer than 10 % of more than 600 impact craters are longer than 1.5 to 1; cracks are long", source="love1995",
)  # fmt: skip


def shape_of_outline(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row from the pictures; a rendered picture is shown and counts for nothing: it was drawn round."""
    if exhibits.pictures is None or not exhibits.pictures.measures:
        return ()
    measured = [measure for measure in exhibits.pictures.measures if not measure.simulated]
    simulated = not measured
    ratio = float(np.median([measure.axis_ratio for measure in measured or exhibits.pictures.measures]))
    table = ROUND if ratio <= ROUND_LIMIT_RATIO else LONG
    tail = "; rendered picture, not counted" if simulated else ""
    values = {kind: 0.0 if simulated else likelihood_nat(table.of(kind)) for kind in KINDS}
    doubt = {kind: 0.0 if simulated else doubt_nat(table.of(kind)) for kind in KINDS}
    because = {kind: f"looks so with probability {table.of(kind)[0]:.2g}: {table.why}{tail}" for kind in KINDS}
    caveats = (
        Caveat(
            "outline-rendered",
            "The picture is RENDERED, round by construction: its outline says nothing about the cause and is not counted.",
        ),
    )
    name = f"the outline is {'round' if table is ROUND else 'long'} (axis ratio {ratio:.2f})"
    named, reasons = by_kind(exhibits.hypotheses, values), by_kind(exhibits.hypotheses, because)
    evidence = Evidence(name, "outline", named, reasons, (table.source,), caveats if simulated else ())
    return (Row(evidence, by_kind(exhibits.hypotheses, doubt)),)
