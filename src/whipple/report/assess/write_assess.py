"""What a look ahead found, on disk: one offline page, its figures, the numbers as JSON and the arrays; nothing is ever half written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from whipple.casefile.case import Case
from whipple.casefile.codec import plain
from whipple.casefile.findings.sky import Sky
from whipple.casefile.write_findings import write_arrays, write_atomically
from whipple.exposure.risk import Risk
from whipple.exposure.risk_words import lasting
from whipple.report.assess.figures import draw_arrivals, draw_dates, draw_doubts, draw_parts, draw_sources, draw_times
from whipple.report.assess.maps import draw_maps, map_layers, map_payload, marked_spot
from whipple.report.assess.tables import (
    accepted_table,
    assumption_table,
    cards,
    facet_table,
    joint_table,
    part_tables,
    source_tables,
)
from whipple.report.assess.write_rows import write_rows
from whipple.report.formats import tidy
from whipple.report.ink import css_colours, themed
from whipple.report.page import Figure
from whipple.report.read_sources import bibliography
from whipple.vehicle.stack import Stack

__all__ = ["SCHEMA", "Assessment", "assessment_json", "write_assessment"]

#: Version of the layout of assessment.json; raised when a slot is renamed or removed.
SCHEMA = "whipple-assessment/1"
_REPORT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Assessment:
    """A look ahead with the identity of its run."""

    case: str
    digest: str
    seed: int
    risk: Risk


def assessment_json(assessment: Assessment) -> bytes:
    """assessment.json: sorted keys, no dates, no paths: the same case and seed give the same bytes."""
    data: dict[str, Any] = {"schema": SCHEMA, **plain(assessment)}
    text = json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return (text.replace("see arrays.nc", "see assessment.nc") + "\n").encode()


def write_assessment(case: Case, stack: Stack, sky: Sky | None, risk: Risk, out: Path) -> Path:
    """Write assessment.json, .csv, .nc, figures and assess.html into `out`, each under a temporary name first; the page's path."""
    out.mkdir(parents=True, exist_ok=True)
    record = Assessment(case.case.name, case.digest, case.seed, risk)
    write_atomically(out / "assessment.json", assessment_json(record))
    write_rows(risk, out / "assessment.csv")
    write_arrays(record, out / "assessment.nc")  # type: ignore[arg-type]
    drawn = (
        draw_maps(stack, risk),
        draw_arrivals(risk),
        draw_parts(risk),
        draw_sources(risk),
        draw_times(risk),
        draw_dates(risk),
        draw_doubts(risk),
    )
    named = ("map", "arrivals", "parts", "sources", "times", "dates", "doubts")
    figures: dict[str, Figure | None] = dict.fromkeys(named)
    figures |= {figure.name: figure for figure in drawn if figure is not None}
    for name, figure in figures.items():
        if figure is not None:
            write_atomically(out / "figures" / f"assess_{name}.svg", (figure.svg + "\n").encode())
    page = _environment().get_template("assess.html.j2").render(
        case=case,
        risk=risk,
        duration=lasting(risk.duration_s),
        dates=_dates(case, risk),
        cards=cards(risk),
        accepted=accepted_table(risk),
        figures=figures,
        layers=[name for name, _ in map_layers(risk)],
        payload=map_payload(stack, sky, risk),
        ball=_ball(stack, risk),
        part_tables=part_tables(risk),
        source_tables=source_tables(risk),
        joints=joint_table(risk),
        facets=facet_table(risk),
        assumptions=assumption_table(risk),
        references=bibliography(case, risk.sources_used),
        colours=Markup(css_colours()),
        version=version("whipple"),
    )  # fmt: skip
    return write_atomically(out / "assess.html", page.encode())


def _dates(case: Case, risk: Risk) -> str:
    """Which sky stands behind the page: its first and its last date."""
    if len(risk.date_s) < 2:
        return f"sky of {case.epoch:%d %B %Y %H:%M} UTC"
    first, last = (case.moment(float(risk.date_s[i])) for i in (0, -1))
    return f"its skies looked at {len(risk.date_s)} times, from {first:%d %B %Y %H:%M} to {last:%d %B %Y %H:%M} UTC"


def _ball(stack: Stack, risk: Risk) -> str:
    """What the red ball of the 3-D view marks."""
    _, part, seen = marked_spot(stack, risk)
    kind = "pierced" if risk.total.puncture_count else "struck"
    if seen:
        return f"In the first view a red ball marks {part}, the part that is {kind} most, where that view sees its highest rate."
    return f"A red ball marks {part}, the part that is {kind} most, where its rate is highest; the first view hides it, so turn that."


def _environment() -> Environment:
    folders = [Path(__file__).parent / "templates", _REPORT / "templates"]
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    linked: Callable[..., str] = lambda text, room="": tidy(str(text))  # noqa: E731
    environment.filters["linked"] = linked
    environment.filters["tidy"] = tidy
    environment.globals["asset"] = lambda name: Markup(
        (_REPORT / "assets" / name).read_text(encoding="utf-8").replace("</script", "<\\/script")
    )
    environment.globals["drawing"] = lambda figure: Markup(themed(figure.svg, swap=not figure.sheet))
    return environment
