"""One offline page with everything on it, and its figures as files: written to a temporary name, then renamed."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.findings.verdict import Verdict
from whipple.report.figures.causes import draw_causes
from whipple.report.formats import percent, tidy
from whipple.report.ink import css_colours, themed
from whipple.report.page import Figure, Section
from whipple.report.read_sources import bibliography
from whipple.report.sections import cited
from whipple.report.sections.attribution import attribution_section
from whipple.report.sections.checks import calendar, checks_section
from whipple.report.sections.contamination import contamination_section
from whipple.report.sections.decision import crew_days, decision_section, ready_day
from whipple.report.sections.dynamics import dynamics_section
from whipple.report.sections.environment import environment_section
from whipple.report.sections.exposure import exposure_section
from whipple.report.sections.imagery import imagery_section
from whipple.report.sections.impact import impact_section
from whipple.report.sections.leak import leak_section
from whipple.report.sections.telemetry import telemetry_section
from whipple.report.sections.thermal import thermal_section
from whipple.report.trail import models_of, sources_of
from whipple.vehicle.stack import Stack

__all__ = ["sections_of", "write_report"]

_HERE = Path(__file__).parent
_MARK = re.compile(r"⟦(\^?)([^⟧]+)⟧")


def write_report(case: Case, stack: Stack, findings: Findings, out: Path) -> Path:
    """Write report.html and figures/*.svg into `out` and return the page's path.

    Any slot of the findings may be None; its section says so. The same findings give the same bytes.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / "figures").mkdir(exist_ok=True)
    sections = sections_of(case, stack, findings)
    first = draw_causes(findings.verdict) if findings.verdict and findings.verdict.hypotheses else None
    dates, said = calendar(case)
    for figure in (first, dates, *(figure for section in sections for figure in section.figures)):
        if figure is not None:
            _replace(out / "figures" / f"{figure.name}.svg", figure.svg + "\n")
    keys = _Numbers(
        [
            *(key for section in sections for key in section.sources),
            *sources_of(findings),
            *(claim.source for claim in case.claims),
        ]
    )
    page = (
        _environment(keys)
        .get_template("report.html.j2")
        .render(
            case=case,
            findings=findings,
            sections=sections,
            causes=first,
            calendar=dates,
            claims=said,
            first=_first_screen(case, findings),
            references=keys.listed(case),
            models=models_of(findings),
            simulated=_simulated(findings),
            colours=Markup(css_colours()),
            version=version("whipple"),
        )
    )
    _replace(out / "report.html", page)
    return out / "report.html"


def sections_of(case: Case, stack: Stack, findings: Findings) -> tuple[Section, ...]:
    """One section a question, in the investigator's order; what rests on a simulated leak is marked so too."""
    made_up = findings.hole is not None and findings.hole.simulated
    sections = (
        telemetry_section(case, findings),
        imagery_section(case, findings),
        leak_section(case, findings),
        dynamics_section(case, stack, findings),
        environment_section(case, findings),
        exposure_section(case, stack, findings),
        impact_section(case, findings),
        contamination_section(case, stack, findings),
        thermal_section(case, findings),
        attribution_section(case, findings),
        decision_section(case, findings),
        checks_section(case, findings),
    )
    rest_on_leak = {"dynamics", "contamination"}
    return tuple(
        replace(one, simulated=True) if made_up and one.room in rest_on_leak and one.answered else one
        for one in sections
    )


def _replace(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


def _simulated(findings: Findings) -> tuple[str, ...]:
    """What is simulated, in words."""
    telemetry = (findings.onset is not None and findings.onset.simulated) or (
        findings.hole is not None and findings.hole.simulated
    )
    pictures = findings.pictures is not None and findings.pictures.simulated
    return tuple(word for word, yes in (("telemetry", telemetry), ("pictures", pictures)) if yes)


@dataclass(frozen=True)
class _FirstScreen:
    cause: str = ""
    word: str = ""
    probability: str = ""
    rest: str = ""
    excluded: str = ""
    option: str = ""
    advice: str = ""
    ready: str = ""
    gap: str = ""


def _excluded(verdict: Verdict) -> str:
    """Why the excluded cause that was most suspected beforehand is out, in one sentence."""
    prior = {row.hypothesis: row.prior_prob for row in verdict.hypotheses}
    title = {row.hypothesis: row.title for row in verdict.hypotheses}
    gone = max(verdict.excluded, key=lambda row: prior.get(row.hypothesis, 0.0), default=None)
    if gone is None:
        return ""
    return f"{title.get(gone.hypothesis, gone.hypothesis)}: {gone.why.split('. ')[0].rstrip('.')}."


def _first_screen(case: Case, findings: Findings) -> _FirstScreen:
    verdict, plan, screen = findings.verdict, findings.plan, _FirstScreen()
    if verdict and verdict.hypotheses:
        best = max(verdict.hypotheses, key=lambda row: row.posterior_prob.median)
        span = f"{percent(best.posterior_prob.median)} ({percent(best.posterior_prob.low)} to {percent(best.posterior_prob.high)})"
        rest = (
            verdict.headline.split("; ", 1)[-1]
            if verdict.headline.startswith(f"{best.title}: {best.word}")
            else verdict.headline
        )
        rest = rest.removeprefix("Undetermined: ").removeprefix("Leading, not robust: ")
        rest = rest[:1].upper() + rest[1:]
        screen = replace(
            screen, cause=best.title, word=best.word, probability=span, rest=rest, excluded=_excluded(verdict)
        )
    option = (
        next((o for o in plan.options if o.option == (plan.recommended or plan.least_harm)), None) if plan else None
    )
    if plan and option:
        gap = f"{crew_days(option.degraded_crew_s)} with a degraded ship, {crew_days(option.absent_crew_s)} without any"
        ready, title = ready_day(case, option), option.title
        advice = plan.headline.removeprefix("Recommended: ").removeprefix(f"{option.title}. ")
        if not plan.recommended:
            title, _, advice = plan.headline.partition("; ")
            ready, advice = f"{ready} (the least harmful of those known)", advice[:1].upper() + advice[1:]
        screen = replace(screen, option=title, advice=advice, ready=ready, gap=gap if plan.ridden else "")
    return screen


class _Numbers:
    """Source keys numbered in order of first use."""

    def __init__(self, keys: list[str]) -> None:
        self.number = {key: index + 1 for index, key in enumerate(dict.fromkeys(key for key in keys if key))}

    def listed(self, case: Case) -> list[dict[str, object]]:
        entries = {entry["key"]: entry for entry in bibliography(case, self.number)}
        return [entries[key] | {"number": number} for key, number in self.number.items()]

    def linked(self, text: object, room: str = "") -> Markup:
        """Text with its ⟦source⟧ and ⟦^note⟧ marks turned into links."""

        def link(hit: re.Match[str]) -> str:
            note, key = hit[1], hit[2]
            if note:
                return f'<a class="note" href="#{room}-{key}">{key}</a>'
            return f'<a class="ref" href="#ref-{self.number[key]}">{self.number[key]}</a>' if key in self.number else ""

        return Markup(_MARK.sub(link, str(escape(tidy(str(text))))))


def _environment(keys: _Numbers) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = keys.linked
    environment.filters["cited"] = cited
    environment.filters["tidy"] = tidy
    environment.globals["asset"] = lambda name: Markup(
        (_HERE / "assets" / name).read_text(encoding="utf-8").replace("</script", "<\\/script")
    )
    environment.globals["drawing"] = _drawing
    return environment


def _drawing(figure: Figure) -> Markup:
    return Markup(themed(figure.svg, swap=not figure.sheet))
