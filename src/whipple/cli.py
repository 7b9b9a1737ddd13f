"""The command line: verbs on a case folder, and one command group a room.

Exit codes: 0 answered; 1 our bug; 2 usage; 3 the case is invalid; 4 answered, but evidence is too thin for a verdict; 130 interrupted.
stdout carries the result only; everything else goes to stderr. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import typer

from whipple.commands import assess, case_folder, catalogue, investigating, reading, watch
from whipple.errors import CaseError, EvidenceError, InvestigationError, SolveError

__all__ = ["ROOM_COMMANDS", "app", "main"]

#: The command groups, in the investigator's order; each is whipple/commands/<room>.py.
ROOM_COMMANDS = (
    "telemetry",
    "imagery",
    "leak",
    "dynamics",
    "environment",
    "exposure",
    "impact",
    "contamination",
    "thermal",
    "attribution",
    "decision",
)

app = typer.Typer(
    name="whipple",
    help="Investigate a leak or an impact on a spacecraft in orbit.\n\nExample: whipple investigate soyuz-ms22",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"whipple {version('whipple')}")
        raise typer.Exit


@app.callback()
def _options(
    show_version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    pass


app.command("investigate")(investigating.investigate_case)
app.command("assess")(assess.assess_case)
app.command("watch")(watch.watch)
app.command("new")(case_folder.new)
app.command("check")(case_folder.check)
app.command("explain")(reading.explain)
app.command("compare")(reading.compare)
app.command("models")(catalogue.models)
app.command("cases")(catalogue.cases)
app.command("rooms")(catalogue.rooms)
for _room in (*ROOM_COMMANDS, "vehicle", "debris"):
    app.add_typer(import_module(f"whipple.commands.{_room}").app, name=_room)


def _exit_code(error: InvestigationError) -> int:
    if isinstance(error, CaseError):
        return 3
    if isinstance(error, EvidenceError):
        return 4
    return 1 if isinstance(error, SolveError) else 2


def main() -> None:
    """Run the command line; a user's mistake ends in one clear message, never in a traceback."""
    # Before NumPy loads: small products are slower on two threads, and no sum may depend on how many threads there are.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        app()
    except InvestigationError as error:
        typer.echo(str(error), err=True)
        sys.exit(_exit_code(error))
    except KeyboardInterrupt:
        typer.echo("interrupted: run the same command again to resume", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (PermissionError, FileExistsError, NotADirectoryError, FileNotFoundError, IsADirectoryError) as error:
        if error.filename is None:
            raise
        expected = "a file or folder that can be read or written there"
        typer.echo(
            f"{error.filename}: found {(error.strerror or 'an error').lower()}, expected {expected}\n  try: another path",
            err=True,
        )
        sys.exit(3)
