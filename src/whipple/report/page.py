"""The nouns of the page: a table, a figure, a section, and the notes that stand beside its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from whipple.casefile.estimate import Caveat

__all__ = ["Figure", "Notes", "Section", "Table", "letter"]


_LETTERS = "abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Table:
    """Rows of text under a head; the first column names the row. "⟦key⟧" in a cell becomes a link to that source.

    A `folded` table opens on demand.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    folded: bool = False


@dataclass(frozen=True)
class Figure:
    """A drawing with what a reader who cannot see it needs: `alt` says what it shows and its key numbers, `data` holds them.

    `svg` is the drawing in the light theme, complete; the page swaps its colours for the theme's variables, except on a
    `sheet`: a map or picture that stays light in both themes.
    """

    name: str
    title: str
    alt: str
    svg: str
    data: Table | None = None
    simulated: bool = False
    sheet: bool = False


@dataclass(frozen=True)
class Section:
    """One question with its answer. `template` names an extra part of the page that reads `extra`."""

    room: str
    question: str
    headline: str
    answered: bool = True
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    caveats: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    simulated: bool = False
    template: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def letter(index: int) -> str:
    """The mark of the n-th note: a, b, ... z, aa, ab ... without i, l and o, which read as digits.

    >>> letter(0), letter(8), letter(22), letter(23)
    ('a', 'j', 'z', 'aa')
    """
    return (
        _LETTERS[index]
        if index < len(_LETTERS)
        else letter(index // len(_LETTERS) - 1) + _LETTERS[index % len(_LETTERS)]
    )


class Notes:
    """The caveats of one section, each written once and marked with a letter beside every number it touches."""

    def __init__(self, caveats: Iterable[Caveat] = ()) -> None:
        self._texts: list[str] = []
        self.mark(caveats)

    def mark(self, caveats: Iterable[Caveat]) -> str:
        """The marks of these caveats, which the page turns into links; empty without caveats.

        >>> notes = Notes([Caveat("thin", "One sensor only.")])
        >>> notes.mark([Caveat("thin", "One sensor only."), Caveat("far", "Outside the tested range.")])
        ' ⟦^a⟧⟦^b⟧'
        """
        marks = []
        for caveat in caveats:
            if caveat.text not in self._texts:
                self._texts.append(caveat.text)
            marks.append(f"⟦^{letter(self._texts.index(caveat.text))}⟧")
        return " " + "".join(dict.fromkeys(marks)) if marks else ""

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Every note with its letter, in order of first use."""
        return tuple((letter(index), text) for index, text in enumerate(self._texts))
