"""`whipple explain` and `whipple compare`: from a number back to what it rests on, and what differs between two findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

__all__ = ["compare", "explain"]


def _load(place: str) -> dict[str, Any]:
    """findings.json of an out folder, a case folder, a bundled case that was run here, or the file itself."""
    from whipple.commands.folders import bundled_names
    from whipple.errors import CaseError, Problem

    path = Path(place)
    tries = [path, path / "findings.json", path / "out" / "findings.json"]
    if place in bundled_names():
        tries.append(Path("out") / place / "findings.json")
    for candidate in tries:
        if candidate.is_file():
            try:
                data: dict[str, Any] = json.loads(candidate.read_text(encoding="utf-8"))
                return data
            except json.JSONDecodeError as error:
                raise CaseError(
                    [
                        Problem(
                            str(candidate),
                            f"line {error.lineno}",
                            "not JSON",
                            "findings.json",
                            "run whipple investigate again",
                        )
                    ]
                ) from None
    raise CaseError(
        [Problem(place, "", "no findings.json there", "a folder with results", f"whipple investigate {place}")]
    )


def _walk(data: Any, slot: str) -> Any:
    from whipple.casefile.problems import near_match
    from whipple.errors import RangeError

    here = data
    walked: list[str] = []
    for step in slot.split("."):
        if isinstance(here, list):
            names = {str(i): row for i, row in enumerate(here)}
            for row in here:
                label = next(
                    (
                        row[key]
                        for key in (
                            "name",
                            "part",
                            "hypothesis",
                            "option",
                            "shower",
                            "stream",
                            "surface",
                            "claim",
                            "code",
                        )
                        if isinstance(row, dict) and key in row
                    ),
                    None,
                )
                if label is not None:
                    names.setdefault(str(label), row)
        else:
            names = here if isinstance(here, dict) else {}
        if step not in names:
            known = ", ".join(list(names)[:40]) or "nothing below"
            raise RangeError(
                ".".join(walked) or "findings", "slot", repr(step), f"one of: {known}", near_match(step, list(names))
            )
        here = names[step]
        walked.append(step)
    return here


def _is_estimate(value: Any) -> bool:
    return isinstance(value, dict) and {"median", "low", "high", "unit"} <= value.keys()


def _lines(slot: str, value: Any, question: str, rests_on: tuple[str, ...]) -> list[str]:
    from whipple.casefile.read_toml import load_sources
    from whipple.casefile.sources import cite
    from whipple.commands.folders import BUNDLED

    sources = load_sources()
    for folder in BUNDLED.iterdir():
        if (folder / "sources.toml").exists():
            sources = load_sources(folder) | sources
    lines = [slot, f"  question:  {question}", f"  rests on:  {', '.join(rests_on) or 'the case alone'}"]
    if _is_estimate(value):
        lines.append(
            f"  answer:    {value['median']:.6g} {value['unit']} (90 %: {value['low']:.6g} to {value['high']:.6g}), {value['bound']}"
        )
    elif isinstance(value, (str, int, float, bool)) or value is None:
        lines.append(f"  answer:    {value}")
    else:
        lines += ["  answer:    " + line for line in json.dumps(value, indent=1, ensure_ascii=False).splitlines()[:60]]
    if isinstance(value, dict):
        lines += [f"  model:     {name}" for name in value.get("models", ()) or ()]
        lines += [
            f"  source:    {cite(key, sources)}" for key in value.get("sources", ()) or () if isinstance(key, str)
        ]
        lines += [f"  caveat:    {row['text']}" for row in value.get("caveats", ()) or ()]
    return lines


def explain(
    case: str = typer.Argument(..., help="A case that was investigated, or its out folder."),
    slot: str = typer.Argument(..., help="A dotted slot of the findings, e.g. hole.diameter_m"),
    as_json: bool = typer.Option(False, "--json", help="Print the slot as JSON."),
) -> None:
    """Walk from a number back to its models, inputs, sources and caveats.

    \b
    Example: whipple explain soyuz-ms22 hole.diameter_m
    """
    from importlib import import_module

    from whipple.investigation import NEEDS, SLOTS

    data = _load(case)
    value = _walk(data, slot)
    if as_json:
        typer.echo(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False))
        return
    room = next((room for room, name in SLOTS.items() if name == slot.split(".")[0]), "")
    question = (
        (import_module(f"whipple.{room}").__doc__ or "").splitlines()[0]
        if room
        else "what did people say, beside what we found"
    )
    lines = _lines(slot, value, question, NEEDS.get(room, ()))
    top = data.get(slot.split(".")[0])
    if isinstance(top, dict) and top is not value:
        lines += [f"  room says: {row['text']}" for row in top.get("caveats", ())]
    typer.echo("\n".join(lines))


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if _is_estimate(value):
        return {prefix: value}
    if isinstance(value, dict):
        return {k: v for key, item in value.items() for k, v in _flat(item, f"{prefix}.{key}".strip(".")).items()}
    if isinstance(value, list):
        return {k: v for i, item in enumerate(value) for k, v in _flat(item, f"{prefix}.{i}").items()}
    return {prefix: value}


def _shown(value: Any) -> str:
    if _is_estimate(value):
        return f"{value['median']:.4g} [{value['low']:.4g}, {value['high']:.4g}] {value['unit']}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def compare(
    one: str = typer.Argument(..., help="Findings: a case, an out folder or a findings.json."),
    other: str = typer.Argument(..., help="The findings to compare it with."),
    as_json: bool = typer.Option(False, "--json", help="Print the differences as JSON."),
) -> None:
    """Show what differs between two findings, slot by slot (estimates with their 90 % intervals).

    \b
    Example: whipple compare out/then out/now
    """
    first, second = _flat(_load(one)), _flat(_load(other))
    slots = [slot for slot in sorted(first.keys() | second.keys()) if first.get(slot) != second.get(slot)]
    if as_json:
        typer.echo(
            json.dumps(
                {slot: [first.get(slot), second.get(slot)] for slot in slots},
                indent=1,
                sort_keys=True,
                ensure_ascii=False,
            )
        )
        return
    for slot in slots:
        typer.echo(f"{slot}\n  {_shown(first.get(slot, 'absent'))}\n  {_shown(second.get(slot, 'absent'))}")
    typer.echo(f"{len(slots)} of {len(first.keys() | second.keys())} slots differ")
