"""Findings that were written: loading them, and walking them by dotted slots with rows named by what they are about."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from whipple.errors import CaseError, Problem, RangeError

__all__ = ["flat", "is_estimate", "load_findings", "walk"]

#: What a row of a list is called, in this order: a row is named by all that it has of the first group that fits.
_LABELS = (
    ("part", "stream"), ("hypothesis", "observation"), ("assumption",), ("measure",), ("hypothesis",), ("claim",), ("name",), ("code",), ("option",),
    ("stream",), ("surface",), ("part",), ("law", "question"), ("about",), ("observation",),
)  # fmt: skip
#: A size in what a law was asked ("leaves a 0.78 mm hole"): no part of its name, or two runs would share no law.
_SIZE = re.compile(r"\b\d[\d.,]* ?[mµn]m ")


def load_findings(place: str) -> dict[str, Any]:
    """findings.json of an out folder, a case folder, a bundled case that was run here, or the file itself."""
    from whipple.commands.folders import bundled_names

    path = Path(place)
    tries = [path, path / "findings.json", path / "out" / "findings.json"]
    if place in bundled_names():
        tries.append(Path("out") / place / "findings.json")
    for candidate in tries:
        if candidate.is_file():
            try:
                data: dict[str, Any] = json.loads(candidate.read_text(encoding="utf-8"))
            except json.JSONDecodeError as error:
                remedy = "run whipple investigate again"
                raise CaseError(
                    [Problem(str(candidate), f"line {error.lineno}", "not JSON", "findings.json", remedy)]
                ) from None
            return data
    remedy = f"whipple investigate {place}"
    raise CaseError([Problem(place, "", "no findings.json there", "a folder with results", remedy)])


def is_estimate(value: Any) -> bool:
    """Is this a stored Estimate?

    >>> is_estimate({"median": 1, "low": 0, "high": 2, "unit": "m"})
    True
    """
    return isinstance(value, dict) and {"median", "low", "high", "unit"} <= value.keys()


def _names(value: Any) -> dict[str, Any]:
    """The children of a node by name; rows of a list by what they are about, or by number when that is not unique."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return {}
    labels = [_label(row) for row in value]
    unique = all(labels) and len(set(labels)) == len(labels)
    return {(label if unique else str(i)): row for i, (label, row) in enumerate(zip(labels, value, strict=True))}


def _label(row: Any) -> str:
    if not isinstance(row, dict):
        return ""
    for keys in _LABELS:
        if all(isinstance(row.get(key), str) for key in keys):
            return "/".join(_SIZE.sub("", row[key]) if key == "question" else row[key] for key in keys)
    return ""


def walk(data: Any, slot: str, walked: str = "") -> Any:
    """The value at a dotted slot; a name may itself contain dots. RangeError with the near match when there is none.

    >>> walk({"parts": [{"name": "a.b", "x": 1}, {"name": "c", "x": 2}]}, "parts.a.b.x")
    1
    """
    if not slot:
        return data
    from whipple.casefile.problems import near_match

    names = _names(data)
    fits = sorted((name for name in names if slot == name or slot.startswith(name + ".")), key=len)
    if not fits:
        step = slot.split(".")[0]
        known = ", ".join(list(names)[:40]) or "nothing below"
        remedy = near_match(step, names, "name one of these")
        raise RangeError(walked.strip(".") or "findings", "slot", repr(step), f"one of: {known}", remedy)
    return walk(names[fits[-1]], slot[len(fits[-1]) + 1 :], f"{walked}.{fits[-1]}")


def flat(value: Any, prefix: str = "") -> dict[str, Any]:
    """Every leaf by its dotted slot; an estimate is one leaf.

    >>> flat({"a": [{"name": "x", "y": 1}]})
    {'a.x.name': 'x', 'a.x.y': 1}
    """
    if is_estimate(value) or not isinstance(value, (dict, list)):
        return {prefix: value}
    return {k: v for name, item in _names(value).items() for k, v in flat(item, f"{prefix}.{name}".strip(".")).items()}
