"""`whipple explain` and `whipple compare`: from a number back to what it rests on, and what differs between two findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

__all__ = ["compare", "explain"]

#: Words, not answers: left out of a comparison unless everything is asked for.
_WORDS = ("caveats", "sources", "models", "sentence", "because", "headline", "why", "note", "schema", "digest")
#: SI unit of a finding -> the unit people say it in.
_SPOKEN = {"m": "mm", "rad": "deg", "Pa": "bar", "m/s": "km/s"}


def _said(value: dict[str, Any]) -> str:
    """An estimate in SI, and in the unit people say it in."""
    from whipple.casefile.units import in_unit

    text = f"{value['median']:.6g} {value['unit']} (90 %: {value['low']:.6g} to {value['high']:.6g}), {value['bound']}"
    if (spoken := _SPOKEN.get(value["unit"])) is None:
        return text
    told = [in_unit(value[key], value["unit"], spoken) for key in ("median", "low", "high")]
    middle, low, high = (0.0 if abs(one) < 1e-9 * max(map(abs, told)) else one for one in told)
    return f"{middle:.4g} {spoken} (90 %: {low:.4g} to {high:.4g} {spoken}), {value['bound']}; in SI {text}"


def _answer(value: Any) -> list[str]:
    from whipple.commands.stored import is_estimate

    if is_estimate(value):
        return [f"  answer:    {_said(value)}"]
    if value is None:
        return ["  answer:    none: the room could not give this; its caveats say why"]
    if isinstance(value, (str, int, float, bool)):
        return [f"  answer:    {value}"]
    text = json.dumps(value, indent=1, ensure_ascii=False).splitlines()
    more = [f"             … {len(text) - 60} more lines (--json shows all)"] if len(text) > 60 else []
    return ["  answer:", *("    " + line for line in text[:60]), *more]


def _case_folder(place: str, name: str) -> Path:
    """Where the case of these results lies: beside them, or bundled; else nowhere, and only the package's bibliography is known."""
    from whipple.commands.folders import BUNDLED

    near = Path(place).resolve()
    tries = [*([near, *near.parents][:3]), BUNDLED / name]
    return next((folder for folder in tries if (folder / "case.toml").is_file()), BUNDLED)


def _origins(value: Any, folder: Path) -> list[str]:
    """Models, sources and caveats that travel with a value."""
    from whipple.casefile.read_toml import load_sources
    from whipple.casefile.sources import cite

    if not isinstance(value, dict):
        return []
    sources = load_sources(folder)
    lines = [f"  model:     {name}" for name in value.get("models") or ()]
    lines += [f"  source:    {cite(key, sources)}" for key in value.get("sources") or () if isinstance(key, str)]
    return lines + [f"  caveat:    {row['text']}" for row in value.get("caveats") or ()]


def explain(
    case: str = typer.Argument(..., help="A case that was investigated, or its out folder."),
    slot: str = typer.Argument(..., help="A dotted slot of the findings, e.g. hole.diameter_m"),
    as_json: bool = typer.Option(False, "--json", help="Print the slot as JSON."),
) -> None:
    """Walk from a number back to its question, the rooms it rests on, its models, sources and caveats.

    \b
    Example: whipple explain soyuz-ms22 hole.diameter_m
    """
    from importlib import import_module

    from whipple.commands.stored import load_findings, walk
    from whipple.investigation import NEEDS, SLOTS

    data = load_findings(case)
    value, top_name = walk(data, slot), slot.split(".")[0]
    room = next((room for room, name in SLOTS.items() if name == top_name), "")
    question = (
        (import_module(f"whipple.{room}").__doc__ or "").splitlines()[0]
        if room
        else "What did people say, beside what we found?"
    )
    rests_on = [f"{SLOTS[need]} ({need})" for need in NEEDS.get(room, ())]
    top = data.get(top_name)
    room_caveats = [row["text"] for row in top.get("caveats", ())] if isinstance(top, dict) and top is not value else []
    if as_json:
        told = {"slot": slot, "question": question, "rests_on": rests_on, "value": value, "room_caveats": room_caveats}
        typer.echo(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False))
        return
    lines = [
        slot,
        f"  question:  {question}",
        f"  rests on:  {', '.join(rests_on) or 'the case alone'}",
        *_answer(value),
        *_origins(value, _case_folder(case, str(data.get("case", "")))),
    ]
    typer.echo("\n".join([*lines, *(f"  room says: {text}" for text in room_caveats)]))


def _shown(value: Any) -> str:
    from whipple.commands.stored import is_estimate

    if is_estimate(value):
        return f"{value['median']:.4g} [{value['low']:.4g}, {value['high']:.4g}] {value['unit']}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def compare(
    one: str = typer.Argument(..., help="Findings: a case, an out folder or a findings.json."),
    other: str = typer.Argument(..., help="The findings to compare it with."),
    everything: bool = typer.Option(False, "--all", help="Also headlines, sentences, sources and caveats."),
    as_json: bool = typer.Option(False, "--json", help="Print the differences as JSON."),
) -> None:
    """Show what differs between two findings, slot by slot (estimates with their 90 % intervals).

    Rows are matched by what they are about (claim, hypothesis, part), not by their place.

    \b
    Example: whipple compare out/then out/now
    """
    from whipple.commands.stored import flat, load_findings

    first, second = flat(load_findings(one)), flat(load_findings(other))
    slots = [slot for slot in sorted(first.keys() | second.keys()) if first.get(slot) != second.get(slot)]
    if not everything:
        slots = [slot for slot in slots if not set(slot.split(".")) & set(_WORDS)]
    if as_json:
        told = {slot: [first.get(slot), second.get(slot)] for slot in slots}
        typer.echo(json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False))
        return
    for slot in slots:
        typer.echo(f"{slot}\n  {_shown(first.get(slot, 'absent'))}\n  {_shown(second.get(slot, 'absent'))}")
    typer.echo(
        f"{len(slots)} slots differ"
        + ("" if everything else " (sentences, sources and caveats left out; --all shows them)")
    )
