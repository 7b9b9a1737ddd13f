"""Mistakes in a table, in the house's form: what was found, what was expected, what to try."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

__all__ = ["MISTAKE", "Location", "Mistake", "all_mistakes", "wrong"]

#: The type under which `problems.py` finds found, expected and remedy again.
MISTAKE = "whipple_quantity"
#: Keys and row numbers from the table down.
Location = tuple[int | str, ...]
Mistake = tuple[Location, PydanticCustomError]


def wrong(found: str, expected: str, remedy: str) -> PydanticCustomError:
    """A mistake in the house's form: found, expected, try.

    >>> wrong("volume = 0 m3", "more than 0", "every segment holds liquid").context["expected"]
    'more than 0'
    """
    return PydanticCustomError(MISTAKE, "{expected}", {"found": found, "expected": expected, "remedy": remedy})


def all_mistakes(title: str, error: ValidationError | None, mistakes: Iterable[Mistake]) -> ValidationError:
    """What the single keys or rows were told, and what is wrong between them, as one error; what is told twice once."""
    rows = [_again(line) for line in (error.errors(include_url=False) if error is not None else ())]
    rows += [InitErrorDetails(type=what, loc=where, input=None) for where, what in mistakes]
    once = {(row.get("loc"), repr(row["type"]), repr(row.get("ctx"))): row for row in reversed(rows)}
    return ValidationError.from_exception_data(title, [*reversed(once.values())])


def _again(line: Any) -> InitErrorDetails:
    """A line of an error, as it was raised."""
    if line["type"] == MISTAKE:
        return InitErrorDetails(type=wrong(**line["ctx"]), loc=line["loc"], input=line["input"])
    return InitErrorDetails(type=line["type"], loc=line["loc"], input=line["input"], ctx=line.get("ctx", {}))
