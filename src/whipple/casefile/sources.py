"""The bibliography: every number's source key resolves here."""

from __future__ import annotations

from pathlib import Path

__all__ = ["LIBRARY", "cite"]

#: The library's own bibliography, shipped beside the code.
LIBRARY = Path(__file__).parents[1] / "sources.toml"


def cite(key: str, sources: dict[str, dict[str, str]]) -> str:
    """One line of bibliography for a key, or the key itself when nobody described it.

    >>> cite("x", {"x": {"author": "A. Writer", "title": "On leaks", "year": "1999", "where": "J. Leaks 1", "grade": "source"}})
    'A. Writer (1999). On leaks. J. Leaks 1. [source]'
    """
    entry = sources.get(key)
    if entry is None:
        return key
    who = f"{entry.get('author', '')} ({entry.get('year', 'n.d.')})".strip()
    tail = ". ".join(
        part for part in (who, entry.get("title", ""), entry.get("where", ""), entry.get("link", "")) if part
    )
    return f"{tail}. [{entry.get('grade', 'ungraded')}]"
