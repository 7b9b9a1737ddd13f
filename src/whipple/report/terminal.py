"""The last lines of a run: the verdict, one line a room, the options and where the report is. Complete without colour, at 80 columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whipple.casefile.findings import Findings
from whipple.casefile.findings.plan import OptionAnswer, Plan
from whipple.casefile.findings.verdict import Verdict
from whipple.investigation import SLOTS
from whipple.report.figures.causes import beside
from whipple.report.formats import number, percent, shown

__all__ = ["headline_of", "print_summary"]


def headline_of(room: str, finding: Any) -> str:
    """A room's answer in its own words, or that there is none.

    >>> headline_of("leak", None)
    'not answered in this run'
    """
    return getattr(finding, "headline", "") or "not answered in this run"


def print_summary(findings: Findings, console: Console, report: Path | None = None) -> None:
    """Print the end of a run to a rich console: verdict, rooms, options, checks, the report's path."""
    console.print()
    if findings.verdict is not None:
        _print_causes(findings.verdict, console)
    else:
        _say(console, "No verdict", "the evidence was not weighed in this run.")
    _print_rooms(findings, console)
    if findings.plan is not None and findings.plan.options:
        _print_options(findings.plan, console)
    if findings.checks is not None:
        _say(console, "\nHeld out, then compared", findings.checks.headline)
    if _simulated(findings):
        _say(
            console,
            "\nSIMULATED",
            "telemetry or pictures of this case are simulated; answers that rest on them describe made data.",
        )
    if findings.push is not None and findings.push.strike is not None and findings.push.strike.recalled:
        _say(
            console,
            "\nRECALLED",
            "what the craft felt is remembered, not read; particle, counts and cause rest on it: replace it before use.",
        )
    if report is not None:
        _say(console, "\nReport", "")
        console.print(Text(str(report)), soft_wrap=True)


def _say(console: Console, name: str, text: str) -> None:
    """A bold name and its text; the text is never read as markup ("shower:GEM:" is not a gem)."""
    console.print(Text.assemble((name, "bold"), "  " if text else "", text))


def _simulated(findings: Findings) -> bool:
    return any(getattr(slot, "simulated", False) for slot in (findings.onset, findings.pictures, findings.hole))


def _ruled(*columns: tuple[str, dict[str, Any]]) -> Table:
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name, how in columns:
        table.add_column(name, **how)
    return table


def _print_causes(verdict: Verdict, console: Console) -> None:
    _say(console, "Verdict", verdict.headline)
    if not verdict.hypotheses:
        return
    table = _ruled(
        ("cause", {"min_width": 18}),
        ("probability", {"justify": "right", "no_wrap": True}),
        ("90 % interval", {"no_wrap": True}),
        ("in words", {}),
    )
    out = {row.hypothesis for row in verdict.excluded}
    for row in sorted(verdict.hypotheses, key=lambda h: -h.posterior_prob.median):
        word = "excluded" if row.hypothesis in out else row.word
        table.add_row(
            Text(row.title),
            beside(row.posterior_prob.median, verdict.threshold_prob),
            f"{percent(row.posterior_prob.low)} to {percent(row.posterior_prob.high)}",
            Text(word),
        )
    console.print()
    console.print(table)
    if not verdict.decided:
        console.print(Text(f"{verdict.result or f'Undetermined: no cause passes {percent(verdict.threshold_prob)}'}."))
    if verdict.unseating_count > 1:
        where = "in the report under attribution, in findings.json under assumptions"
        console.print(Text(f"All {verdict.unseating_count} inputs that would each unseat it: {where}."))
    titles = {row.hypothesis: row.title for row in verdict.hypotheses}
    for gone in verdict.excluded:
        title = titles.get(gone.hypothesis, gone.hypothesis)
        console.print(
            Padding(
                Text(
                    f"Excluded: {title}. {_first(gone.why)} What would change it: {_first(gone.what_would_change_it)}"
                ),
                (0, 0, 0, 2),
            )
        )


def _first(text: str) -> str:
    """The first sentence; the page has the rest."""
    return text.split(". ")[0].rstrip(".") + "."


def _print_rooms(findings: Findings, console: Console) -> None:
    _say(console, "\nQuestion by question", "")
    table = _ruled(("room", {"no_wrap": True, "style": "bold"}), ("answer", {"overflow": "fold"}))
    table.show_header = False
    for room, slot in SLOTS.items():
        if room not in ("attribution", "decision"):
            table.add_row(room, Text(headline_of(room, getattr(findings, slot))))
    console.print(table)


def _print_options(plan: Plan, console: Console) -> None:
    _say(console, "\nRecommended", plan.headline.removeprefix("Recommended: "))
    harm, mean, ready, gap = (
        ("serious harm" if plan.ridden else "harm", {"no_wrap": True}),
        ("mean", {"justify": "right", "no_wrap": True}),
        ("ready", {"justify": "right", "no_wrap": True}),
        ("gap, crew-days", {"justify": "right", "no_wrap": True}),
    )
    gaps = (gap,) if plan.ridden else ()
    table = _ruled(("", {}), ("option", {"min_width": 16, "overflow": "fold"}), harm, mean, ready, *gaps)
    for option in plan.options:
        table.add_row(*_option_row(option, option.option == (plan.recommended or plan.least_harm))[: 5 + len(gaps)])
    console.print()
    console.print(table)
    mark = "> recommended" if plan.recommended else "> least harm of those known, not recommended"
    console.print(Text(f"  {mark}; gap: with a degraded ship + without any" if plan.ridden else f"  {mark}"))


def _option_row(option: OptionAnswer, best: bool) -> tuple[str | Text, ...]:
    gap = f"{number(option.degraded_crew_s / 86400, 5.0)} + {number(option.absent_crew_s / 86400, 5.0)}"
    return (
        ">" if best else " ",
        Text(option.title),
        shown(option.harm_prob, "%"),
        "–"
        if option.mean_harm_prob is None
        else f"{number(100 * option.mean_harm_prob, 50 * option.mean_harm_prob)} %",
        f"day {number(option.ready_s.median / 86400, 5.0)}",
        gap,
    )
