"""How big is the hole, how much has gone, and when will it be empty?"""

from __future__ import annotations

import math
from dataclasses import replace

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings import Findings
from whipple.report.figures.hole import draw_history, draw_narrowing
from whipple.report.formats import cell, clock, percent, shown
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities

__all__ = ["leak_section"]


def _since(estimate: Estimate, origin: Estimate, unit: str) -> str:
    """The time from another moment of the same record; the doubts of both are taken to be independent."""
    middle = estimate.median - origin.median
    low = middle - math.hypot(estimate.median - estimate.low, origin.high - origin.median)
    high = middle + math.hypot(estimate.high - estimate.median, origin.median - origin.low)
    return shown(replace(estimate, low=low, median=middle, high=high), unit)


def _moments(what: str, estimate: Estimate | None, onset: Estimate | None, notes: Notes) -> list[tuple[str, str]]:
    """One moment of the leak from the onset, where one is known, and from the epoch, in one unit."""
    if estimate is None:
        return [(f"{what}, from the epoch", "not known")]
    unit = clock(estimate.median)
    unit = "h" if unit == "min" else unit
    rows = [(f"{what}, from the epoch", cell(estimate, unit, notes))]
    if onset is not None and estimate.bound == "two-sided":
        rows.insert(0, (f"{what}, from the onset", _since(estimate, onset, unit)))
    return rows


def leak_section(case: Case, findings: Findings) -> Section:
    """Diameter, flow, mass gone and the clock of the leak."""
    hole = findings.hole
    if hole is None:
        return answer("leak", None)
    notes = Notes(hole.caveats)
    onset = findings.onset.onset_s if findings.onset is not None else None
    rows = [
        (
            "identifiable from pressure alone: gas volume over effective area",
            cell(hole.gas_volume_over_area_m, "m", notes),
        ),
        ("hole diameter, all data", cell(hole.diameter_m, "mm", notes)),
        ("flow at onset", cell(hole.flow_kg_s, "g/s", notes)),
        ("jet speed at onset", cell(hole.jet_speed_m_s, "m/s", notes)),
        ("thrust at onset, of the liquid alone", cell(hole.thrust_N, "N", notes)),
        ("impulse in all, of the liquid alone", cell(hole.impulse_Ns, "N s", notes)),
        ("coolant gone", cell(hole.mass_gone_kg, "kg", notes)),
        *_moments("half gone", hole.majority_gone_s, onset, notes),
        *_moments("empty", hole.empty_s, onset, notes),
        *((f"accumulator of {kind} kind", percent(share)) for kind, share in sorted(hole.accumulator.items())),
    ]
    history = draw_history(hole.history, hole.simulated) if hole.history else None
    worth = Table(
        "What would narrow the diameter further, best first",
        ("datum not yet at hand",),
        tuple((w,) for w in hole.worth),
    )
    tables = (quantities(f"The {hole.loop} loop", rows), worth)
    return answer("leak", hole, (draw_narrowing(hole), history), tables, notes)
