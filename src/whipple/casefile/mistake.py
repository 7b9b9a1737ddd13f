"""One mistake in a table, in the house's form: what was found, what was expected, what to try."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

__all__ = ["MISTAKE", "wrong"]

#: The type under which `problems.py` finds found, expected and remedy again.
MISTAKE = "whipple_quantity"


def wrong(found: str, expected: str, remedy: str) -> PydanticCustomError:
    """A mistake in the house's form: found, expected, try.

    >>> wrong("volume = 0 m3", "more than 0", "every segment holds liquid").context["expected"]
    'more than 0'
    """
    return PydanticCustomError(MISTAKE, "{expected}", {"found": found, "expected": expected, "remedy": remedy})
