"""Limits as typed or as an XTCE file states them, and the units they want."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whipple.telemetry.limits import LimitBook

__all__ = ["read_limits", "units_of"]


def units_of(book: LimitBook) -> dict[str, str]:
    """The unit that each channel must come in, by path and by last name where only one has it."""
    out = {}
    for path, kind in book.parameters.items():
        limits, last = book.types.get(kind), path.rsplit("/", 1)[-1]
        if limits is not None and limits.unit:
            out[path] = limits.unit
            if book.find(last) == path:
                out[last] = limits.unit
    return out


def read_limits(file: Path | None, limits: list[str], persistence: int) -> LimitBook:
    """The limits of an XTCE file, and those typed as NAME=RED_LOW,YELLOW_LOW,YELLOW_HIGH,RED_HIGH in front of them."""
    from whipple.errors import RangeError
    from whipple.telemetry.limits import LimitBook, TypeLimits, cosmos_alarm
    from whipple.telemetry.read_xtce import read_xtce

    book = LimitBook() if file is None else read_xtce(file)
    typed = {}
    for text in limits:
        name, equals, numbers = text.rpartition("=")
        try:
            four = [float(word) for word in numbers.split(",")]
        except ValueError:
            four = []
        if not equals or len(four) != 4:
            expected = "NAME=RED_LOW,YELLOW_LOW,YELLOW_HIGH,RED_HIGH"
            raise RangeError("watch", "--limit", repr(text), expected, "--limit p1=2.0,2.4,3.4,3.8")
        typed[name] = TypeLimits(default=cosmos_alarm(four[0], four[1], four[2], four[3], persistence))
    made = LimitBook.plain(typed)
    named = {path: kind for path, kind in book.parameters.items() if path.rsplit("/", 1)[-1] not in typed}
    return LimitBook({**book.types, **made.types}, {**named, **made.parameters})
