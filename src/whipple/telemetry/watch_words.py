"""How the watch puts into words what it sees: limits that change, channels that nobody knew, limits that nobody has."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np

from whipple.telemetry.limit_state import LimitChange
from whipple.telemetry.limits import LEVELS, LimitBook, TypeLimits
from whipple.telemetry.sequential import Event

__all__ = ["idle_limits", "limit_event", "stranger_event", "unheard"]

_NONE = TypeLimits()


def _meant(name: str, known: Sequence[str], question: str) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; {question.format(near[0])}?" if near else ""


def idle_limits(book: LimitBook, watched: Sequence[str]) -> list[str]:
    """Limits that no channel has: a typing error here would be a limit that never speaks."""
    used = {book.find(name) for name in watched}
    paths = [path for path, kind in book.parameters.items() if path not in used and book.types.get(kind, _NONE).alarms]
    if not paths:
        return []
    names = [path.removeprefix("/limits/") for path in paths]
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return [f"limits without a channel: {shown}{_meant(names[0], watched, 'did you mean {!r}')}"]


def unheard(asked: Sequence[str], heard: Sequence[str]) -> list[str]:
    """Channels that were asked for and are not there.

    >>> unheard(["p1", "pres_2"], ["p1", "press_2"])
    ["channel 'pres_2' was asked for and not heard so far; did you mean 'press_2'?"]
    """
    return [
        f"channel {name!r} was asked for and not heard so far{_meant(name, heard, 'did you mean {!r}')}"
        for name in asked
        if name not in heard
    ]


def stranger_event(name: str, t_s: float, watched: Sequence[str], discover_s: float) -> Event:
    """A channel that came after the start."""
    hint = _meant(name, watched, "was {!r} renamed")
    return Event(0, t_s, "unknown", name, f"{name} appeared after the first {discover_s:g} s and is not watched{hint}")


def limit_event(change: LimitChange, name: str, limits: TypeLimits | None, stale_s: float) -> Event:
    """A change of limit state, or of silence, as an event without a number."""
    if change.kind != "limit":
        word = f"silent for {stale_s:g} s" if change.kind == "stale" else "heard again"
        return Event(0, change.t_s, change.kind, name, f"{name} {word}")
    unit = f" {limits.unit}" if limits and limits.unit else ""
    values = {"level": float(change.level), "was": float(change.was)}
    shown = "" if np.isnan(change.value) else f" at {change.value:g}{unit}"
    values |= {} if np.isnan(change.value) else {"value": change.value}
    text = f"{name} {LEVELS[change.was]} -> {LEVELS[change.level]}{shown}"
    return Event(0, change.t_s, "limit", name, text, values)
