"""Lists of names in a table: what a person gets to read who forgets the brackets, or leaves them empty."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from whipple.casefile.mistake import wrong

__all__ = ["Names", "SomeNames"]


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        raise wrong(repr(value), "a list of names", f'write ["{value}"]')
    return value


def _some(value: Any) -> Any:
    if isinstance(value, list | tuple) and not value:
        raise wrong("an empty list", "at least one name", "name them, or leave the table out")
    return _listed(value)


#: Any number of names.
Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
#: At least one name: a table about nothing is a mistake.
SomeNames = Annotated[tuple[str, ...], BeforeValidator(_some)]
