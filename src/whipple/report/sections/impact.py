"""What would a particle do to this wall, and what particle made this hole?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.findings.impactor import SourceImpactor
from whipple.report.figures.impactor import draw_counts, draw_laws
from whipple.report.formats import cell, number
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities

__all__ = ["impact_section"]

_HEAD = ("source", "diameter", "mass", "speed", "incidence", "density", "energy")


def impact_section(case: Case, findings: Findings) -> Section:
    """The particle of each source, and the laws."""
    impactor = findings.impactor
    if impactor is None:
        return answer("impact", None)
    notes = Notes(impactor.caveats)
    wall = [
        ("part", impactor.part),
        ("wall", impactor.wall),
        ("hole diameter used", cell(impactor.hole_diameter_m, "mm", notes)),
        ("exposed for", f"{number(impactor.exposure_s / 86400)} days"),
    ]
    sources = Table(
        f"The particle that {'gives this push' if impactor.of_push else 'makes this hole'}, by source (90 % intervals)",
        (*_HEAD, f"expected number of such {'strikes' if impactor.of_push else 'holes'}"),
        tuple(_row(row, notes) for row in impactor.sources),
    )
    return answer(
        "impact",
        impactor,
        (draw_laws(impactor, [notes.mark(law.caveats) for law in impactor.laws]), draw_counts(impactor)),
        (quantities("Wall and hole", wall), sources),
        notes,
    )


def _row(row: SourceImpactor, notes: Notes) -> tuple[str, ...]:
    if row.diameter_m is None:
        return (row.stream, *("–",) * 6, f"{cell(row.expected_count, '', notes)}: cannot make it here")
    return (
        row.stream,
        cell(row.diameter_m, "mm", notes),
        cell(row.mass_kg, "mg", notes),
        cell(row.speed_m_s, "km/s", notes),
        cell(row.incidence_rad, "deg", notes),
        cell(row.density_kg_m3, "g/cm³", notes),
        cell(row.energy_J, "J", notes),
        cell(row.expected_count, "", notes),
    )
