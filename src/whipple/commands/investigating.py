"""`whipple investigate`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

__all__ = ["investigate_case"]


def _rooms(text: str) -> frozenset[str] | None:
    """The rooms named, with everything their answers rest on; None for all."""
    from whipple.casefile.problems import near_match
    from whipple.errors import CaseError, Problem
    from whipple.investigation import NEEDS, ROOMS

    if not text:
        return None
    wanted: set[str] = set()
    waiting = [name.strip() for name in text.split(",") if name.strip()]
    while waiting:
        room = waiting.pop()
        if room not in NEEDS:
            raise CaseError([Problem("--only", "", repr(room), f"one of: {', '.join(ROOMS)}", near_match(room, ROOMS))])
        if room not in wanted:
            wanted.add(room)
            waiting += NEEDS[room]
    return frozenset(wanted)


def _finish(case: Any, findings: Any, out: Path, as_json: bool, whole: bool) -> None:
    """Write everything, then say the verdict on stdout."""
    from whipple.casefile.write_findings import findings_json, write_findings
    from whipple.report.write_report import write_report
    from whipple.vehicle import build

    write_findings(findings, out)
    page = write_report(case, build(case), findings, out)
    if as_json:
        typer.echo(findings_json(findings).decode(), nl=False)
        return
    from rich.console import Console

    from whipple.report.terminal import print_summary

    print_summary(findings, Console(soft_wrap=False))
    typer.echo(f"\nreport: {page}\nnext:   whipple explain {out} hole.diameter_m")
    if not whole:
        typer.echo("only some rooms were asked (--only); the others stay unanswered", err=True)


def investigate_case(
    case: str = typer.Argument(..., help="A bundled case by name, or a path to a case folder."),
    out: Path | None = typer.Option(
        None, help="Where results go (default: <case>/out, for a bundled case out/<name>)."
    ),
    only: str = typer.Option("", help="Ask only these rooms (comma separated) and what they rest on."),
    again: str = typer.Option("", help="Ask these rooms again even if an earlier run answered them."),
    as_of: str = typer.Option("", "--as-of", help="Use only what was known by this date (2022-12-27)."),
    seed: int | None = typer.Option(None, help="Another seed than the case's own."),
    as_json: bool = typer.Option(False, "--json", help="Print findings.json on stdout instead of the verdict table."),
) -> None:
    """Investigate a case: every question in order, findings and one offline report page.

    A second run resumes: rooms whose inputs did not change are remembered. Exit 4 when the evidence is too thin for a verdict.

    \b
    Example: whipple investigate soyuz-ms22
    """
    from whipple.casefile.notebook import Notebook, code_fingerprint
    from whipple.casefile.read_case import read_case
    from whipple.commands.checking import problems_in
    from whipple.commands.folders import BUNDLED, case_folder, results_folder
    from whipple.commands.progress import Progress
    from whipple.errors import CaseError

    folder, results, chosen = case_folder(case), results_folder(case, out), _rooms(only)
    progress = Progress(chosen)
    if problems := problems_in(folder, as_of):
        raise CaseError(problems)
    the_case = read_case(folder, as_of, seed)
    notebook = Notebook(
        the_case,
        results / ".notebook",
        code_fingerprint(BUNDLED.parent),
        progress.tell,
        chosen,
        _rooms(again) or frozenset(),
    )
    from whipple.investigation import investigate

    with progress:
        findings = investigate(the_case, notebook.ask)
        progress.note("writing the report")
        _finish(the_case, findings, results, as_json, chosen is None)
    decided = findings.verdict is not None and findings.verdict.decided
    raise typer.Exit(0 if decided or "attribution" not in (chosen or {"attribution"}) else 4)
