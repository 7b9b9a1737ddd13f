"""Did the stack feel it, can it hold attitude, and where must the push have come from?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.report.figures.push import draw_momentum
from whipple.report.formats import cell, number, percent
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities

__all__ = ["dynamics_section"]

_AXES = ("X (ram)", "Y (starboard)", "Z (nadir)")


def dynamics_section(case: Case, findings: Findings) -> Section:
    """Force, torque, momentum and what accumulates."""
    push = findings.push
    if push is None:
        return answer("dynamics", None)
    notes = Notes(push.caveats)
    capacity = ", ".join(f"{number(c)} N m s" for c in push.capacity_Nms) or "not given"
    rows = [
        ("force at onset", cell(push.force_N, "N", notes)),
        ("arm about the centre of mass", cell(push.arm_m, "m", notes)),
        ("peak momentum in the gyros", cell(push.peak_momentum_Nms, "N m s", notes)),
        ("published capacities of the gyros", capacity),
        (
            "probability that the peak exceeds the capacity",
            percent(push.saturated_prob) if push.saturated_prob is not None else "not known",
        ),
        ("tilt", cell(push.tilt_rad, "deg", notes)),
        ("speed change", cell(push.speed_change_m_s, "mm/s", notes)),
        ("what accumulates", push.accumulates or "not known"),
    ]
    along = tuple(
        (name, cell(f, "N", notes), cell(t, "N m", notes))
        for name, f, t in zip(_AXES, push.force_lvlh_N, push.torque_lvlh_Nm, strict=False)
    )
    axes = Table("Force and torque in LVLH, at onset", ("axis", "force (90 %)", "torque (90 %)"), along)
    return answer("dynamics", push, (draw_momentum(push),), (quantities("The push", rows), axes), notes)
