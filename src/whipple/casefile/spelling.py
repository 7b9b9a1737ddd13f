"""Which right word is a misspelt one close to, if any?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["near_match", "nearest"]

#: How like two words must be (0 to 1, difflib): "presure" is 0.93 like "pressure", "colour" 0.67 like "column", which nobody means.
_CLOSE = 0.75


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is close to this one, or the only one that has it as a part; "" when there is none.

    >>> nearest("presure", ["pressure", "fluid"]), nearest("wall", ["site_wall", "site_area"]), nearest("colour", ["column"])
    ('pressure', 'site_wall', '')
    """
    listed = list(known)
    small = {name.lower(): name for name in reversed(listed)}
    if close := difflib.get_close_matches(word.lower(), small, n=1, cutoff=_CLOSE):
        return small[close[0]]
    parts = [name for name in listed if word.lower() in name.lower().split("_")]
    return parts[0] if len(parts) == 1 else ""


def near_match(
    word: str, known: Iterable[str], otherwise: str = "remove it, or see docs/reference/case.md for the keys"
) -> str:
    """What to try for a misspelt word.

    >>> near_match("presure", ["pressure", "fluid"])
    "rename it to 'pressure'"
    """
    close = nearest(word, known)
    return f"rename it to {close!r}" if close else otherwise
