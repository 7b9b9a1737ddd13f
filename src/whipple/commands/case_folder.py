"""`whipple new` and `whipple check`: a folder to fill in, and everything wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import typer

__all__ = ["check", "new"]


def new(
    folder: Path = typer.Argument(..., help="The folder to make; it must not exist yet."),
    like: str = typer.Option("template", help="Start from this bundled case instead of the commented template."),
) -> None:
    """Make a commented case folder to fill in.

    \b
    Example: whipple new my-case && whipple check my-case
    """
    import shutil

    from whipple.commands.folders import BUNDLED, bundled_names
    from whipple.errors import CaseError, Problem

    if like != "template" and like not in bundled_names():
        raise CaseError(
            [Problem("--like", "", repr(like), f"template or one of: {', '.join(bundled_names())}", "whipple cases")]
        )
    if folder.exists():
        raise CaseError(
            [
                Problem(
                    str(folder),
                    "",
                    "a folder or file of that name",
                    "a new name",
                    "choose another name; nothing was changed",
                )
            ]
        )
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(BUNDLED / like, part, ignore=shutil.ignore_patterns("out", "__pycache__"))
    part.rename(folder)
    typer.echo(f"{folder}: edit case.toml (every key is explained there), then: whipple check {folder}")


def check(
    case: str = typer.Argument(..., help="A bundled case by name, or a path to a case folder."),
    as_json: bool = typer.Option(False, "--json", help="Print the problems as JSON."),
) -> None:
    """Report every problem of a case folder in one pass; writes nothing.

    \b
    Example: whipple check my-case
    """
    from dataclasses import asdict

    from whipple.commands.checking import problems_in
    from whipple.commands.folders import case_folder

    problems = problems_in(case_folder(case))
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], indent=1, sort_keys=True))
    elif problems:
        typer.echo("\n".join(str(problem) for problem in problems))
        typer.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found; nothing was written", err=True)
    else:
        typer.echo(f"{case}: no problem found; next: whipple investigate {case}")
    raise typer.Exit(3 if problems else 0)
