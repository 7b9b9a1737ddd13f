"""When does an alarm apply? Comparisons of other parameters, as XTCE writes them, judged with the values of the data's own time."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Comparison", "Custom", "Group", "Match", "comparisons_of", "holds"]

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_WORDS = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True)
class Comparison:
    """`parameter` `test` `value`, or `parameter` `test` `other` when another parameter is named.

    `long_form` says that XTCE wrote it as a Condition. `instance` other than 0 asks for older values, `calibrated` False for raw ones:
    both are kept, neither is evaluated.
    """

    parameter: str
    test: str = "=="
    value: str = ""
    other: str = ""
    long_form: bool = False
    instance: int = 0
    calibrated: bool = True

    @property
    def evaluable(self) -> bool:
        """Can it be judged from the latest engineering values?"""
        return self.instance == 0 and self.calibrated


@dataclass(frozen=True)
class Group:
    """Several matches: all of them ("and", or "list" for a ComparisonList) or any ("or")."""

    word: str
    parts: tuple[Match, ...]


@dataclass(frozen=True)
class Custom:
    """An algorithm named in XTCE: kept word for word, not evaluated."""

    text: str


Match = Comparison | Group | Custom


def comparisons_of(match: Match | None) -> Iterator[Comparison | Custom]:
    """Every comparison in a match, however deep."""
    if isinstance(match, Group):
        for part in match.parts:
            yield from comparisons_of(part)
    elif match is not None:
        yield match


def holds(match: Match, value_of: Callable[[str], float | str | None]) -> bool:
    """Is it true with the latest values? What was never heard, or cannot be evaluated, is not.

    >>> holds(Comparison("MODE", "==", "SAFE"), {"MODE": "SAFE"}.get)
    True
    """
    if isinstance(match, Group):
        parts = (holds(part, value_of) for part in match.parts)
        return any(parts) if match.word == "or" else all(parts)
    if isinstance(match, Custom) or not match.evaluable:
        return False
    left = value_of(match.parameter)
    right: float | str | None = value_of(match.other) if match.other else match.value
    if left is None or right is None:
        return False
    numbers = _number(left), _number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return _TESTS[match.test](*numbers)
    return _TESTS[match.test](str(left), str(right))


def _number(value: float | str) -> float | None:
    """A number, also of texts as XTCE writes them (0x, 0o, 0b, true, false)."""
    if not isinstance(value, str):
        return float(value)
    word = value.strip().lower()
    if word in _WORDS:
        return _WORDS[word]
    try:
        return float(int(word, 0)) if word[:2] in {"0x", "0o", "0b"} else float(word)
    except ValueError:
        return None
