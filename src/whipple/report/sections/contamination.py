"""Where did the coolant go, and what did it do there?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.report.figures.deposit import draw_deposit
from whipple.report.formats import cell, clock, times_ten
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities, told

__all__ = ["contamination_section"]


def contamination_section(case: Case, findings: Findings) -> Section:
    """Flash, droplets and what lies on which surface."""
    deposit = findings.deposit
    if deposit is None:
        return answer("contamination", None)
    notes = Notes(deposit.caveats)
    life = deposit.droplet_life_s
    rows = [
        ("share that flashes to vapour", cell(deposit.flash_frac, "%", notes)),
        ("droplet temperature", cell(deposit.droplet_temperature_K, "°C", notes)),
        ("droplet life", cell(life, clock(life.median) if life else "s", notes)),
        ("limit on the vapour column", f"{times_ten(deposit.column_limit_per_m2)} molecules per m²"),
    ]
    words = tuple((s.surface, told(s.surface, s.sentence)) for s in deposit.surfaces)
    said = Table("What each surface meets, in words", ("surface", "answer"), words, folded=True)
    return answer("contamination", deposit, (draw_deposit(deposit),), (quantities("The jet", rows), said), notes)
