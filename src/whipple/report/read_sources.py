"""The bibliography: every source key with author, title, year, where, link and grade."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from whipple.casefile.case import Case

__all__ = ["Reference", "bibliography"]

Reference = dict[str, Any]


def bibliography(case: Case, keys: Iterable[str]) -> tuple[Reference, ...]:
    """The entries of these keys, sorted by key; a key that resolves nowhere is listed as such, never dropped.

    The case's own sources go before those of whipple.
    """
    known = tomllib.loads((files("whipple") / "sources.toml").read_text(encoding="utf-8"))
    known.update(case.sources)
    return tuple(_entry(key, known.get(key)) for key in sorted(set(keys)))


def _entry(key: str, found: Reference | None) -> Reference:
    blank = {"author": "", "title": "", "year": "", "where": "", "link": "", "grade": ""}
    if found is None:
        return blank | {"key": key, "title": "no entry in sources.toml for this key", "grade": "placeholder"}
    return blank | found | {"key": key}
