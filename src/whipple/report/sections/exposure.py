"""How often is each surface struck or pierced, by what, and could it come from there at all?"""

from __future__ import annotations

import re
from dataclasses import replace

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.findings.strikes import Strikes
from whipple.report.figures.stack import draw_stack
from whipple.report.figures.strikes import draw_rates, draw_reach, weighed
from whipple.report.formats import number, shown
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities, told
from whipple.report.stack_view import stack_payload
from whipple.vehicle.stack import Stack

__all__ = ["exposure_section"]


def exposure_section(case: Case, stack: Stack, findings: Findings) -> Section:
    """Showers against the site, rates by part, and the stack itself."""
    strikes = findings.strikes
    if strikes is None:
        return answer("exposure", None)
    notes = Notes(strikes.caveats)
    words = Table(
        "Can each shower reach the suspect site?",
        ("shower", "answer"),
        tuple((r.shower, told(r.shower, r.sentence)) for r in strikes.showers),
    )
    site = quantities("The suspect site", _site(strikes, notes))
    extra = {"json": stack_payload(stack, findings.sky, strikes), "streams": ("all streams", *strikes.stream_names)}
    figures = (draw_reach(strikes), draw_rates(strikes), draw_stack(stack, strikes))
    named = replace(strikes, headline=_in_full(strikes))
    return answer("exposure", named, figures, (words, site), notes, template="stack_view.html.j2", extra=extra)


def _in_full(strikes: Strikes) -> str:
    """The headline with the name of every shower where the room wrote its code."""
    text = strikes.headline
    for reach in strikes.showers:
        text = re.sub(rf"\b{re.escape(reach.code)}\b", reach.shower, text)
    return text


def _areas(strikes: Strikes) -> list[tuple[str, str]]:
    """The whole part, which the rates below count, and the part of it where the hole is looked for."""
    whole = next((row.area_m2 for row in strikes.parts if row.part == strikes.site_part), None)
    rows = [("area of the whole part (strikes and punctures below are on it)", f"{number(whole)} m²")] if whole else []
    return [*rows, ("suspect area on it (no rate below is for it alone)", f"{number(strikes.site_area_m2)} m²")]


def _site(strikes: Strikes, notes: Notes) -> list[tuple[str, str]]:
    rows = [
        ("suspect part", strikes.site_part),
        *_areas(strikes),
        ("rays cast", f"{strikes.rays_cast_count:,}".replace(",", " ")),
    ]
    for row in strikes.parts:
        if row.part == strikes.site_part:
            pierced = (
                f"; punctures {shown(row.puncture_per_s, 'per year')}{notes.mark(row.puncture_per_s.caveats)}"
                if row.puncture_per_s
                else ""
            )
            struck = f"{shown(row.strike_per_s, 'per year')}{notes.mark(row.strike_per_s.caveats)}"
            rows.append(
                (
                    f"{row.stream}, on the whole part",
                    f"strikes heavier than {weighed(row.mass_kg)} {struck}{pierced}",
                )
            )
    return rows
