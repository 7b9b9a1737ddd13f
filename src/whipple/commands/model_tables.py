"""The literal tables of models, room by room."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from whipple.errors import CaseError, Problem

__all__ = ["model_rows"]


def model_rows(room: str = "") -> list[dict[str, Any]]:
    """One row a model: room, name, what it answers, tested ranges (SI), grade, source and note."""
    from whipple.casefile.problems import near_match
    from whipple.casefile.read_toml import load_sources
    from whipple.casefile.sources import cite
    from whipple.investigation import ROOMS

    if room and room not in ROOMS:
        raise CaseError([Problem("models", "", repr(room), f"one of: {', '.join(ROOMS)}", near_match(room, ROOMS))])
    sources = load_sources()
    rows = []
    for name in [room] if room else ROOMS:
        if find_spec(f"whipple.{name}.models") is None:
            continue
        tables = import_module(f"whipple.{name}.models")
        for model in tables.MODELS:
            rows.append(
                {
                    "room": name,
                    "name": model.name,
                    "answers": model.answers,
                    "tested": {key: list(limits) for key, limits in model.tested.items()},
                    "grade": model.grade,
                    "source": cite(model.source, sources),
                    "note": model.note,
                }
            )
    return rows
