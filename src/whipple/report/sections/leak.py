"""How big is the hole, how much has gone, and when will it be empty?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings import Findings
from whipple.report.figures.hole import draw_history, draw_narrowing
from whipple.report.formats import cell, clock, percent
from whipple.report.page import Notes, Section
from whipple.report.sections import answer, quantities

__all__ = ["leak_section"]


def _span(estimate: Estimate | None, notes: Notes) -> str:
    return cell(estimate, clock(estimate.median) if estimate else "h", notes)


def leak_section(case: Case, findings: Findings) -> Section:
    """Diameter, flow, mass gone and the clock of the leak."""
    hole = findings.hole
    if hole is None:
        return answer("leak", None)
    notes = Notes(hole.caveats)
    rows = [
        (
            "identifiable from pressure alone: gas volume over effective area",
            cell(hole.gas_volume_over_area_m, "m", notes),
        ),
        ("hole diameter, all data", cell(hole.diameter_m, "mm", notes)),
        ("flow at onset", cell(hole.flow_kg_s, "g/s", notes)),
        ("jet speed at onset", cell(hole.jet_speed_m_s, "m/s", notes)),
        ("thrust at onset", cell(hole.thrust_N, "N", notes)),
        ("impulse in all", cell(hole.impulse_Ns, "N s", notes)),
        ("coolant gone", cell(hole.mass_gone_kg, "kg", notes)),
        ("most of it gone, after the epoch", _span(hole.majority_gone_s, notes)),
        ("empty, after the epoch", _span(hole.empty_s, notes)),
        *((f"accumulator of {kind} kind", percent(share)) for kind, share in sorted(hole.accumulator.items())),
    ]
    history = draw_history(hole.history, hole.simulated) if hole.history else None
    return answer("leak", hole, (draw_narrowing(hole), history), (quantities(f"The {hole.loop} loop", rows),), notes)
