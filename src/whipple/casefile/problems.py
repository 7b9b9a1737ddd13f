"""From a validation error to a problem a person can mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import ValidationError

from whipple.casefile.mistake import MISTAKE
from whipple.casefile.tables.table import Table
from whipple.errors import Problem

__all__ = ["keys_of", "near_match", "problems_of"]


def near_match(
    word: str, known: Iterable[str], otherwise: str = "remove it, or see docs/reference/case.md for the keys"
) -> str:
    """What to try for a misspelt word.

    >>> near_match("presure", ["pressure", "fluid"])
    "rename it to 'pressure'"
    """
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"rename it to {close[0]!r}" if close else otherwise


def keys_of(table: type[Table]) -> list[str]:
    """The keys a person may write in this table (what code adds for itself is left out)."""
    hidden = {"centre_of_mass_m", "value"}
    return [field.alias or name for name, field in table.model_fields.items() if name not in hidden]


def _where(prefix: str, location: tuple[int | str, ...]) -> str:
    key = prefix
    for step in location:
        key += f"[{step}]" if isinstance(step, int) else f".{step}"
    return key


def _table_at(table: type[Table], location: tuple[int | str, ...]) -> type[Table]:
    """The table inside this one where an error was found: a table in a key, or one of a list of them."""
    for step in location:
        field = next((f for name, f in table.model_fields.items() if step in (f.alias, name)), None)
        inside = [field.annotation, *get_args(field.annotation)] if field is not None else []
        table = next((kind for kind in inside if isinstance(kind, type) and issubclass(kind, Table)), table)
    return table


def _one(path: str, prefix: str, table: type[Table], error: Any) -> Problem:
    kind, location = error["type"], error["loc"]
    key = _where(prefix, location)
    if kind == "extra_forbidden":
        known = keys_of(_table_at(table, location[:-1]))
        return Problem(path, key, "an unknown key", "one of: " + ", ".join(known), near_match(str(location[-1]), known))
    if kind == "missing":
        return Problem(path, key, "nothing", "a value", f"add the key {location[-1]!r}")
    if kind == MISTAKE:
        context = error["ctx"]
        return Problem(path, key, context["found"], context["expected"], context["remedy"])
    return Problem(path, key, repr(error["input"]), error["msg"][0].lower() + error["msg"][1:], "correct the value")


def problems_of(path: str, prefix: str, table: type[Table], error: ValidationError) -> list[Problem]:
    """Every problem of one table, in the order of the file."""
    return [_one(path, prefix, table, one) for one in error.errors()]
