"""`whipple assess`: before a flight, how likely is a puncture, part by part?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

__all__ = ["assess_case"]


def assess_case(
    case: str = typer.Argument(..., help="A bundled case by name, or a path to a case folder."),
    out: Path | None = typer.Option(
        None, help="Where results go (default: <case>/out, for a bundled case out/<name>)."
    ),
    duration: str = typer.Option(
        "", help='Exposure from the epoch on, such as "180 day" (default: assess.toml, or up to the epoch).'
    ),
    positions: int | None = typer.Option(None, min=1, max=240, help="Stretches a revolution is cut into (default 24)."),
    seed: int | None = typer.Option(None, help="Another seed than the case's own."),
    again: bool = typer.Option(False, "--again", help="Do not use what an earlier run found."),
    as_json: bool = typer.Option(False, "--json", help="Print assessment.json on stdout instead of the table."),
) -> None:
    """Assess a vehicle before anything has happened: strikes, punctures and the probability of none, by part and source.

    Needs [vehicle], [orbit], [attitude] and dates of the case; assess.toml beside case.toml adds walls, moving arrays, an attitude
    history (CCSDS AEM) and requirements. Writes assess.html, assessment.json, assessment.nc and figures. Exit codes: 0 answered; 2 usage;
    3 the case is invalid; 4 no puncture could be counted (no wall known); 130 interrupted, run again to go on.

    \b
    Example: whipple assess soyuz-ms22
    Example: whipple assess my-ship --duration "180 day" --positions 12
    """
    from dataclasses import replace

    from whipple.casefile.read_case import read_case
    from whipple.casefile.units import parse_quantity
    from whipple.commands.folders import case_folder, results_folder

    folder, results = case_folder(case), results_folder(case, out)
    length_s = parse_quantity(duration, "s", "--duration") if duration else None
    if length_s is not None and not length_s > 0:
        from whipple.errors import RangeError

        raise RangeError("--duration", "duration", duration, "a time above 0", '--duration "180 day"')
    asked = read_case(folder, seed=seed)
    asked = replace(asked, digest=_keyed(asked.digest, duration, positions))
    risk = _ask(asked, results, length_s, positions, again, as_json)
    raise typer.Exit(0 if risk.total.none_prob is not None else 4)


def _keyed(digest: str, duration: str, positions: int | None) -> str:
    """The digest of the case and of what the command line changes about it."""
    import hashlib

    return hashlib.sha256(f"{digest}|{duration}|{positions}".encode()).hexdigest() if duration or positions else digest


def _ask(case: Any, results: Path, length_s: float | None, positions: int | None, again: bool, as_json: bool) -> Any:
    """Ask with progress on stderr; what is answered is kept, so that an interrupted run goes on there."""
    from whipple.assessment import assess
    from whipple.casefile.notebook import Notebook, code_fingerprint
    from whipple.commands.folders import BUNDLED
    from whipple.commands.progress import Progress
    from whipple.vehicle import build

    with Progress() as steps:
        repeated = frozenset({"environment", "assess"}) if again else frozenset()
        notebook = Notebook(
            case, results / ".notebook-assess", code_fingerprint(BUNDLED.parent), steps.tell, again=repeated
        )
        try:
            steps.note("the vehicle")
            stack = build(case)
            risk = assess(case, notebook.ask, duration_s=length_s, positions=positions, stack=stack, telling=steps.note)
            steps.note("writing the report")
            _finish(case, stack, notebook.answers.get("environment"), risk, results, as_json)
        except KeyboardInterrupt:
            typer.echo("interrupted; run the same command again to go on", err=True)
            raise typer.Exit(130) from None
    return risk


def _finish(case: Any, stack: Any, sky: Any, risk: Any, results: Path, as_json: bool) -> None:
    """Write everything, then say the answer on stdout."""
    from whipple.report.assess.write_assess import Assessment, assessment_json, write_assessment

    page = write_assessment(case, stack, sky, risk, results)
    if as_json:
        typer.echo(assessment_json(Assessment(case.case.name, case.digest, case.seed, risk)).decode(), nl=False)
        return
    from whipple.report.assess.terminal import print_risk

    print_risk(risk, page)
