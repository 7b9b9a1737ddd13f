"""Published figures side by side: how far one that comes without a range may be off, and two that cannot both hold."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.given import Given

__all__ = ["BARE_RATIO", "Contradiction", "bare_range"]

#: How far a figure quoted without a range may be off (as a ratio): published figures are rounded to one or two digits.
BARE_RATIO = 1.15


@dataclass(frozen=True)
class Contradiction:
    """Figures that cannot all hold: who says them, by what ratio they miss each other, and why, in words."""

    between: tuple[str, ...]
    ratio: float
    sentence: str


def bare_range(given: Given) -> tuple[float, float]:
    """The range of a quoted figure: its own, or without one `BARE_RATIO` either way.

    >>> [round(end, 3) for end in bare_range(Given(1.0, 1.0, 1.0, "kg/s"))]
    [0.87, 1.15]
    """
    if given.high > given.low:
        return given.low, given.high
    return given.value / BARE_RATIO, given.value * BARE_RATIO
