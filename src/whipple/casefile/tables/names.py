"""Lists of names in a table: what a person gets to read who forgets the brackets, or leaves them empty."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

__all__ = ["Names", "SomeNames"]


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        context = {"found": repr(value), "expected": "a list of names", "remedy": f'write ["{value}"]'}
        raise PydanticCustomError("whipple_quantity", "{expected}", context)
    return value


def _some(value: Any) -> Any:
    if isinstance(value, list | tuple) and not value:
        context = {
            "found": "an empty list",
            "expected": "at least one name",
            "remedy": "name them, or leave the table out",
        }
        raise PydanticCustomError("whipple_quantity", "{expected}", context)
    return _listed(value)


#: Any number of names.
Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
#: At least one name: a table about nothing is a mistake.
SomeNames = Annotated[tuple[str, ...], BeforeValidator(_some)]
