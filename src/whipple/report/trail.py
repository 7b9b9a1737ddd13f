"""Which sources, models and caveats does an answer carry, however deep they sit?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from whipple.casefile.estimate import Caveat, Estimate

__all__ = ["caveats_of", "estimates_of", "models_of", "nouns_of", "sources_of"]


def nouns_of(answer: Any) -> Iterator[Any]:
    """The answer and every dataclass inside it, top down; arrays and texts are passed over."""
    if is_dataclass(answer) and not isinstance(answer, type):
        yield answer
        for part in fields(answer):
            yield from nouns_of(getattr(answer, part.name))
    elif isinstance(answer, (tuple, list)):
        for item in answer:
            yield from nouns_of(item)
    elif isinstance(answer, Mapping):
        for item in answer.values():
            yield from nouns_of(item)


def sources_of(*answers: Any) -> tuple[str, ...]:
    """Every source key the answers rest on, in order of first use.

    >>> sources_of(Estimate(1.0, 1.0, 1.0, "m", sources=("grun1985",)), None)
    ('grun1985',)
    """
    keys: dict[str, None] = {}
    for answer in answers:
        for noun in nouns_of(answer):
            keys.update(dict.fromkeys(key for key in getattr(noun, "sources", ()) or () if isinstance(key, str)))
            keys.update(dict.fromkeys([noun.source] if isinstance(getattr(noun, "source", None), str) else []))
    keys.pop("", None)
    return tuple(keys)


def models_of(*answers: Any) -> tuple[str, ...]:
    """Every model that ran, in order of first use."""
    keys: dict[str, None] = {}
    for answer in answers:
        for noun in nouns_of(answer):
            keys.update(dict.fromkeys(getattr(noun, "models", ()) or ()))
    return tuple(keys)


def caveats_of(*answers: Any) -> tuple[Caveat, ...]:
    """Every caveat, each once, in order of first use."""
    found: dict[Caveat, None] = {}
    for answer in answers:
        found.update({noun: None for noun in nouns_of(answer) if isinstance(noun, Caveat)})
    return tuple(found)


def estimates_of(answer: Any) -> tuple[Estimate, ...]:
    """Every estimate inside an answer."""
    return tuple(noun for noun in nouns_of(answer) if isinstance(noun, Estimate))
