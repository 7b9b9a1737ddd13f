"""From a validation error to a problem a person can mend."""

from __future__ import annotations

import re
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from whipple.casefile.mistake import MISTAKE
from whipple.casefile.spelling import near_match
from whipple.casefile.tables.table import Table, keys_of
from whipple.errors import Problem

__all__ = ["keys_of", "near_match", "problems_of"]


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


def _words_of(table: type[Table], key: int | str) -> str:
    """The words that may stand in this key, where only some may; else ""."""
    field = next((f for name, f in table.model_fields.items() if key in (f.alias, name)), None)
    if field is None or get_origin(field.annotation) is not Literal:
        return ""
    return "one of: " + ", ".join(repr(word) for word in get_args(field.annotation))


def _nearest(error: Any) -> str:
    """The value nearest to the one refused that fits the limit it broke, as "write 1 or more"; else ""."""
    for bound, more in (("ge", "more"), ("gt", "more"), ("le", "less"), ("lt", "less")):
        if (limit := error.get("ctx", {}).get(bound)) is not None:
            return f"write {limit:g} or {more}" if bound in ("ge", "le") else f"write a number {more} than {limit:g}"
    return ""


#: What to try where a value is of the wrong kind, by the beginning of pydantic's word for it.
_REMEDIES = {
    "string": 'write it in quotes, as "text"',
    "bool": "write true or false, without quotes",
    "int": "write a whole number, without quotes",
    "float": "write a plain number, without quotes",
    "tuple": "write a list, as [1, 2]",
    "dict": "write a table, as { name = 1 }",
}


def _one(path: str, prefix: str, table: type[Table], error: Any) -> Problem:
    kind, location = error["type"], error["loc"]
    key = _where(prefix, location)
    if kind == "missing":
        last = location[-1]
        remedy = f"add the key {last!r}" if isinstance(last, str) else f"give at least {last + 1} values"
        return Problem(path, key, "nothing", _words_of(_table_at(table, location[:-1]), last) or "a value", remedy)
    if kind == MISTAKE:
        context = error["ctx"]
        return Problem(path, key, context["found"], context["expected"], context["remedy"])
    found, expected = repr(error["input"]), str(error["msg"]).removeprefix("Input should be ")
    if kind == "literal_error":
        words = re.findall("'([^']*)'", expected)
        return Problem(
            path, key, found, f"one of: {expected}", near_match(str(error["input"]), words, "use one of them")
        )
    if kind.startswith("tuple"):
        expected = "a list"
    remedy = next((what for word, what in _REMEDIES.items() if kind.startswith(word)), "")
    if kind.startswith("string") and isinstance(error["input"], int | float):
        remedy = f'write it in quotes, with its unit where it has one: "{error["input"]}"'
    remedy = remedy or _nearest(error) or "correct the value"
    return Problem(path, key, found, expected[0].lower() + expected[1:], remedy)


def problems_of(path: str, prefix: str, table: type[Table], error: ValidationError) -> list[Problem]:
    """Every problem of one table, in the order of the file."""
    return [_one(path, prefix, table, one) for one in error.errors()]
