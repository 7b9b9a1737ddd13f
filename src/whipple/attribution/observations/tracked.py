"""Did a tracked object pass close enough to have struck?

The screening of the catalogue speaks for or against debris only, and only by the tracked share of what pierces a wall (see
`environment/screening_finding.py`): a clear sky rules out a tracked object and hardly touches debris as such.
"""

from __future__ import annotations

from whipple.attribution.row import Exhibits, Row
from whipple.casefile.estimate import Evidence

__all__ = ["passes_of_tracked_objects"]


def passes_of_tracked_objects(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row, only where the case names a catalogue."""
    tracked = exhibits.sky.tracked if exhibits.sky is not None else None
    if tracked is None:
        return ()
    kinds = {table.name: table.kind for table in exhibits.hypotheses}
    values = {name: tracked.debris_log_nat if kind == "debris" else 0.0 for name, kind in kinds.items()}
    words = {
        name: "of the debris that pierces a wall only about 6 in 10 000 are tracked"
        if kind == "debris"
        else "the catalogue says nothing about this cause"
        for name, kind in kinds.items()
    }
    row = Evidence(tracked.headline, "tracked objects", values, words, tracked.sources, tracked.caveats)
    return (Row(row),)
