"""How hot and humid will ship and crew get, docked and on the way home?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.report.figures.heat import draw_readings, draw_temperatures
from whipple.report.formats import cell, clock, number, percent, value_in
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer

__all__ = ["thermal_section"]

_HEAD = ("scenario", "crew", "lasts", "peak cabin (90 %)", "peak humidity (90 %)", "above 40 °C")


def thermal_section(case: Case, findings: Findings) -> Section:
    """Every scenario, and the published readings beside ours."""
    heat = findings.heat
    if heat is None:
        return answer("thermal", None)
    notes = Notes(heat.caveats)
    rows = []
    for s in heat.scenarios:
        unit = clock(s.duration_s)
        rows.append(
            (
                s.name,
                str(s.crew_count),
                f"{number(value_in(s.duration_s, unit))} {unit}",
                cell(s.peak_cabin_K, "°C", notes),
                cell(s.peak_humidity_frac, "%", notes),
                percent(s.over_40C_prob),
            )
        )
    harm = Table(
        "What the crew meets", ("scenario", "answer"), tuple((s.name, s.harm) for s in heat.scenarios if s.harm)
    )
    readings = tuple((f"{r.claim} ({r.used})", r.sentence) for r in heat.readings)
    said = Table("Published temperatures, in words", ("claim", "answer"), readings, folded=True)
    return answer(
        "thermal",
        heat,
        (draw_temperatures(heat), draw_readings(heat)),
        (Table("Scenarios", _HEAD, tuple(rows)), harm, said),
        notes,
    )
