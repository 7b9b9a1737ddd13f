"""What was observed, one file an observation; each says how well every cause explains it, or None where it was not observed."""

from __future__ import annotations

from collections.abc import Callable

from whipple.attribution.observations.direction import way_it_faces
from whipple.attribution.observations.hole_size import size_of_hole
from whipple.attribution.observations.outline import shape_of_outline
from whipple.attribution.observations.sister_ship import loss_of_a_sister
from whipple.attribution.observations.start import shape_of_start
from whipple.attribution.observations.statements import what_people_said
from whipple.attribution.observations.sunlight import season_of_sunlight
from whipple.attribution.observations.tracked import passes_of_tracked_objects
from whipple.attribution.row import Exhibits, Row

__all__ = ["OBSERVATIONS", "observe"]

#: Every observation the ledger knows, in the order it is read.
OBSERVATIONS: tuple[Callable[[Exhibits], tuple[Row, ...]], ...] = (
    way_it_faces,
    size_of_hole,
    shape_of_start,
    season_of_sunlight,
    shape_of_outline,
    what_people_said,
    loss_of_a_sister,
    passes_of_tracked_objects,
)


def observe(exhibits: Exhibits) -> tuple[Row, ...]:
    """The rows of the ledger for these exhibits; an observation without evidence writes none."""
    return tuple(row for observation in OBSERVATIONS for row in observation(exhibits))
