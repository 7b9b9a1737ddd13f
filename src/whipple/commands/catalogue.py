"""`whipple models`, `cases`, `rooms`: what is inside."""

from __future__ import annotations

import json

import typer

__all__ = ["cases", "models", "rooms"]


def rooms(as_json: bool = typer.Option(False, "--json", help="Print as JSON.")) -> None:
    """List the rooms and the question each answers.

    \b
    Example: whipple rooms
    """
    from importlib import import_module

    from whipple.investigation import ROOMS

    asked = {room: (import_module(f"whipple.{room}").__doc__ or "").splitlines()[0] for room in ROOMS}
    typer.echo(
        json.dumps(asked, indent=1)
        if as_json
        else "\n".join(f"{room:14s} {question}" for room, question in asked.items())
    )


def cases(as_json: bool = typer.Option(False, "--json", help="Print as JSON.")) -> None:
    """List the bundled cases.

    \b
    Example: whipple cases
    """
    from whipple.casefile.read_toml import read_toml
    from whipple.commands.folders import BUNDLED, bundled_names

    titles = {name: str(read_toml(BUNDLED / name / "case.toml")["case"]["title"]) for name in bundled_names()}
    typer.echo(
        json.dumps(titles, indent=1) if as_json else "\n".join(f"{name:14s} {title}" for name, title in titles.items())
    )


def models(
    room: str = typer.Argument("", help="Only this room."),
    as_json: bool = typer.Option(False, "--json", help="Print as JSON."),
) -> None:
    """List every published model with its tested range, evidence grade and source.

    \b
    Example: whipple models impact
    """
    from whipple.commands.model_tables import model_rows

    rows = model_rows(room)
    if as_json:
        typer.echo(json.dumps(rows, indent=1, sort_keys=True))
        return
    for row in rows:
        tested = (
            "; ".join(f"{name} {low:g} to {high:g}" for name, (low, high) in row["tested"].items()) or "no stated range"
        )
        typer.echo(
            f"{row['room']}: {row['name']} [{row['grade']}] {row['answers']}\n  tested: {tested}\n  source: {row['source']}"
        )
        if row["note"]:
            typer.echo(f"  note:   {row['note']}")
