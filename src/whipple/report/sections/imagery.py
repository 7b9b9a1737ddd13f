"""What do the pictures show, and where should the camera look next?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.report.figures.pictures import draw_measure
from whipple.report.formats import cell, number, shown
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, cited, quantities

__all__ = ["imagery_section"]


def imagery_section(case: Case, findings: Findings) -> Section:
    """Every measured picture with its error budget, and the diameter they agree on."""
    pictures = findings.pictures
    if pictures is None:
        return answer("imagery", None)
    notes = Notes(pictures.caveats)
    rows = tuple(
        (
            f"{m.image}{cited(m.sources)}",
            cell(m.diameter_m, "mm", notes),
            number(m.across_px),
            f"{number(1e3 * m.scale_m)} mm",
            number(m.axis_ratio),
            m.sentence + notes.mark(m.caveats),
        )
        for m in pictures.measures
    )
    table = Table(
        "Pictures", ("picture", "diameter (90 %)", "px across", "one pixel", "long over short", "what it shows"), rows
    )
    agreed = quantities("All pictures together", [("hole diameter", shown(pictures.hole_diameter_m, "mm"))])
    return answer(
        "imagery",
        pictures,
        (draw_measure(m, case.folder, i) for i, m in enumerate(pictures.measures[:4])),
        (agreed, table),
        notes,
    )
