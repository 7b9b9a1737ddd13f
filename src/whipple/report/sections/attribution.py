"""Which cause survives all the evidence?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.estimate import FLOOR_NAT, Evidence
from whipple.casefile.findings import Findings
from whipple.casefile.findings.verdict import Verdict
from whipple.report.figures.causes import beside, causes_table, draw_movers
from whipple.report.formats import number, percent
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, cited

__all__ = ["attribution_section", "ledger_rows"]

#: Shade of a ledger cell: (at least this log likelihood, class).
_SHADES = ((-0.05, "for"), (-1.0, "near"), (-2.31, "less"), (-4.61, "against"), (float("-inf"), "far"))


def attribution_section(case: Case, findings: Findings) -> Section:
    """The posterior, the ledger behind it, what moves it, and what is excluded."""
    verdict = findings.verdict
    if verdict is None:
        return answer("attribution", None)
    notes = Notes(verdict.caveats)
    out = Table(
        "Excluded",
        ("cause", "why", "what would bring it back"),
        tuple((_title(verdict, e.hypothesis), e.why, e.what_would_change_it) for e in verdict.excluded),
    )
    why = Table(
        "Why each cause stands where it stands",
        ("cause", "reason"),
        tuple((h.title, h.why + notes.mark(h.posterior_prob.caveats)) for h in verdict.hypotheses),
        folded=True,
    )
    moves = Table(
        "What moves the verdict",
        ("observation", "what it does"),
        tuple((m.observation, m.sentence) for m in verdict.movers),
        folded=True,
    )
    measure = Table(
        "What would have to be measured to decide",
        (
            "inputs, each known to a fifth of its range",
            "chance that a cause then passes the first two of the three conditions",
            "chance that the most probable cause is then the right one",
        ),
        tuple((", ".join(m.inputs), percent(m.named_prob), percent(m.right_prob)) for m in verdict.measurements),
    )
    extra = {
        "causes": [_column(h.title) for h in verdict.hypotheses],
        "rows": ledger_rows(verdict, notes),
        "scale": verdict.word_scale,
        "threshold": percent(verdict.threshold_prob),
        "rule": verdict.rule,
    }
    figures = (
        draw_movers(verdict.movers, {h.hypothesis: h.title for h in verdict.hypotheses}) if verdict.movers else None,
    )
    return answer(
        "attribution",
        verdict,
        figures,
        (causes_table(verdict), out, measure, _unseating(verdict), why, moves),
        notes,
        template="ledger.html.j2",
        extra=extra,
    )


def _unseating(verdict: Verdict) -> Table | None:
    """Every input that alone, within its own range, would take a leading cause below the threshold; none for other standings."""
    if verdict.standing != "leading":
        return None
    ends = ((a.assumption, a.at_low_prob, a.at_high_prob) for a in verdict.assumptions)
    found = sorted((row for row in ends if min(row[1:]) <= verdict.threshold_prob), key=lambda row: min(row[1:]))
    bound, lead = verdict.threshold_prob, _title(verdict, verdict.assumptions[0].hypothesis) if found else ""
    rows = tuple((name, beside(low, bound), beside(high, bound)) for name, low, high in found)
    head = ("input, alone within its 90 % range", f"{lead} at its low end", "at its high end")
    return Table(f"Inputs that would each unseat the leading cause (below {percent(bound)})", head, rows, folded=True)


def _title(verdict: Verdict, name: str) -> str:
    return next((row.title for row in verdict.hypotheses if row.hypothesis == name), name)


def _column(title: str) -> str:
    """A title short enough for the head of a column.

    >>> _column("Hardware: thermal fatigue"), _column("Geminid meteoroid")
    ('thermal fatigue', 'Geminid')
    """
    return title.split(" (")[0].removeprefix("Hardware: ").removesuffix(" meteoroid")


def ledger_rows(verdict: Verdict, notes: Notes) -> list[dict[str, object]]:
    """One row an observation: per cause the floored log likelihood, its shade and its sentence."""
    return [_ledger_row(verdict, row, notes) for row in verdict.ledger]


def _ledger_row(verdict: Verdict, row: Evidence, notes: Notes) -> dict[str, object]:
    held = row.floored().log_likelihood_nat
    tells = min(held.values()) < -0.05
    cells = []
    for cause in verdict.hypotheses:
        value = held.get(cause.hypothesis)
        if value is None:
            cells.append(
                {
                    "cause": cause.title,
                    "text": "silent",
                    "shade": "silent",
                    "because": "not weighed against this observation",
                }
            )
            continue
        shade = next(name for least, name in _SHADES if value >= least)
        shade = shade if tells else "none"
        text = "0" if value > -0.05 else number(value, 0.3) + (" floor" if value <= FLOOR_NAT else "")
        cells.append(
            {"cause": cause.title, "text": text, "shade": shade, "because": row.because.get(cause.hypothesis, "")}
        )
    return {
        "observation": row.observation,
        "group": row.group,
        "cells": cells,
        "marks": cited(row.sources) + notes.mark(row.caveats),
    }
