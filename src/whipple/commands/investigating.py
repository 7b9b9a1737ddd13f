"""`whipple investigate`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

__all__ = ["investigate_case"]


def _named(text: str, option: str) -> frozenset[str]:
    """The rooms a person named; CaseError for a name that is no room."""
    from whipple.casefile.problems import near_match
    from whipple.errors import CaseError, Problem
    from whipple.investigation import ROOMS

    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    wrong = sorted(names - set(ROOMS))
    rooms = ", ".join(ROOMS)
    if wrong:
        raise CaseError(
            [
                Problem(option, "", repr(name), f"one of: {rooms}", near_match(name, ROOMS, "name a room"))
                for name in wrong
            ]
        )
    return names


def _with_needs(names: frozenset[str]) -> frozenset[str] | None:
    """The rooms with everything their answers rest on; None (all) when none was named."""
    from whipple.investigation import NEEDS

    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        room = waiting.pop()
        if room not in wanted:
            wanted.add(room)
            waiting += NEEDS[room]
    return frozenset(wanted) or None


def _example_count(case: Any) -> int:
    """How many lines of the case still cite what `whipple new` wrote as an example."""
    import re

    text = case.path("case.toml").read_text(encoding="utf-8")
    return len(re.findall(r'^[^#\n]*source = "example"', text, re.M))


def _finish(case: Any, findings: Any, out: Path, as_json: bool) -> None:
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

    if count := _example_count(case):
        typer.echo(
            f'EXAMPLE: {count} lines of case.toml still cite the source "example" of the template. The answers below are about an invented '
            "vehicle:\nnothing is decided until you fill in your evidence and replace each of these values."
        )
    print_summary(findings, Console(soft_wrap=False), page)
    typer.echo(f"next:   whipple explain {out} {_slot_with_answer(str(out))}")


def _slot_with_answer(place: str) -> str:
    """A slot worth walking back from: the first of these that was answered."""
    from whipple.commands.stored import load_findings, walk

    data = load_findings(place)
    causes = (data.get("verdict") or {}).get("hypotheses") or ()
    leading = [row["hypothesis"] for row in sorted(causes, key=lambda row: -row["posterior_prob"]["median"])]
    slots = (
        "hole.diameter_m",
        *(f"verdict.hypotheses.{name}.posterior_prob" for name in leading[:1]),
        "sky.orbit.beta_rad",
    )
    answered = (slot for slot in slots if data.get(slot.split(".")[0]) and walk(data, slot) is not None)
    return next(answered, "digest")


def _ask_all(case: Any, results: Path, chosen: frozenset[str] | None, again: frozenset[str], as_json: bool) -> Any:
    """Ask the rooms with progress on stderr; what is answered is kept, so that an interrupted run resumes."""
    from dataclasses import replace

    from whipple.casefile.notebook import Notebook, code_fingerprint
    from whipple.commands.folders import BUNDLED
    from whipple.commands.progress import Progress
    from whipple.investigation import ROOMS, investigate

    order = [room for room in ROOMS if chosen is None or room in chosen]
    with Progress(order) as progress:
        notebook = Notebook(case, results / ".notebook", code_fingerprint(BUNDLED.parent), progress.tell, chosen, again)
        try:
            findings = investigate(case, notebook.ask)
            if chosen is not None:  # claims are compared with a whole investigation only
                findings = replace(findings, checks=None)
            progress.note("writing the report")
            _finish(case, findings, results, as_json)
        except KeyboardInterrupt:
            typer.echo(
                f"interrupted after {len(notebook.answers)} rooms; run the same command again to go on there", err=True
            )
            raise typer.Exit(130) from None
    return findings


def _keep_whole(results: Path, chosen: frozenset[str]) -> None:
    """A part of an investigation may not take the place of a fuller one. Raises RangeError when `results` holds answers of other rooms."""
    import json

    from whipple.errors import RangeError
    from whipple.investigation import SLOTS

    try:
        held = json.loads((results / "findings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    more = [room for room, slot in SLOTS.items() if isinstance(held, dict) and held.get(slot) and room not in chosen]
    if more:
        found, expected = f"{results} with the answers of {', '.join(more)}", "a folder that holds no fuller result"
        raise RangeError("--only", "results", found, expected, f"--out {results / 'part'}, or leave out --only")


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

    A second run resumes: rooms whose inputs did not change are remembered. Exit codes: 0 answered; 2 usage; 3 the case is
    invalid, nothing written; 4 answered, but the evidence is too thin for a verdict, or still the
    example of the template; 130 interrupted, can be resumed.

    \b
    Example: whipple investigate soyuz-ms22
    """
    from whipple.casefile.read_case import read_case
    from whipple.commands.checking import problems_in
    from whipple.commands.folders import case_folder, results_folder
    from whipple.errors import CaseError

    folder, results = case_folder(case), results_folder(case, out)
    chosen, repeated = _with_needs(_named(only, "--only")), _named(again, "--again")
    if problems := problems_in(folder, as_of):
        raise CaseError(problems)
    if chosen is not None:
        _keep_whole(results, chosen)
    read = read_case(folder, as_of, seed)
    findings = _ask_all(read, results, chosen, repeated, as_json)
    if chosen is not None and "attribution" not in chosen:
        return
    told = findings.verdict is not None and findings.verdict.decided and not _example_count(read)
    raise typer.Exit(0 if told else 4)
