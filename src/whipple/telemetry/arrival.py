"""In which order do samples count? Late and shuffled arrival within a bound is put right before anything is judged."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["Arrival", "Samples", "Tick"]

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Samples:
    """What arrived, in the order of arrival: channel `name` (n,), `t_s` (n,) since the epoch, `value` (n,) in the channel's unit.

    An integer array `name` holds the numbers of the channels, in the order they were given to the watcher: faster.
    """

    name: Sequence[str] | Index
    t_s: npt.ArrayLike
    value: npt.ArrayLike


@dataclass(frozen=True)
class Tick:
    """One step of the clock, closed for good: number `step_count`, and of the channels `index` (m,) heard in it the mean `value` (m,) and the
    mean time stamp `seen_s` (m,)."""

    step_count: int
    index: Index
    value: Array
    seen_s: Array


class Arrival:
    """Holds samples back by `lateness_s`, then hands them on in steps of `cadence_s`, in the order of their own time.

    What comes out depends on what arrived in which order, never on how it was cut into chunks. A sample more than `lateness_s` behind the
    newest one before it is dropped and counted; so are values that are not numbers, and a second sample of a channel with the same stamp.
    """

    def __init__(self, names: Sequence[str], cadence_s: float, lateness_s: float) -> None:
        if not (cadence_s > 0 and lateness_s >= 0):
            raise RangeError("watch", "cadence, lateness", (cadence_s, lateness_s), "above zero, and zero or more [s]")
        self._names, self._number = tuple(names), {name: i for i, name in enumerate(names)}
        if len(self._number) != len(self._names):
            raise RangeError("watch", "channels", list(names), "every name once", "rename the one that comes twice")
        self._cadence_s, self._lateness_s = float(cadence_s), float(lateness_s)
        self._newest_s = -np.inf
        self._index, self._t_s, self._value = np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
        self._dropped = {"late": 0, "missing": 0, "repeated": 0}

    @property
    def dropped(self) -> dict[str, int]:
        """How many samples were left out: "late", "missing" (not a number), "repeated"."""
        return dict(self._dropped)

    def take(self, samples: Samples) -> Iterator[Tick]:
        """Put samples in; every step that can no longer change comes out. Raises RangeError on a channel nobody named."""
        index = self.numbers(samples.name)
        t_s, value = np.asarray(samples.t_s, float).ravel(), np.asarray(samples.value, float).ravel()
        if not index.size == t_s.size == value.size:
            raise RangeError(
                "watch", "samples", (index.size, t_s.size, value.size), "as many names as times and values"
            )
        number = np.isfinite(t_s) & np.isfinite(value)
        self._dropped["missing"] += int((~number).sum())
        index, t_s, value = index[number], t_s[number], value[number]
        if t_s.size:
            newest = np.maximum.accumulate(np.concatenate([[self._newest_s], t_s]))
            kept = t_s >= newest[:-1] - self._lateness_s
            self._dropped["late"] += int((~kept).sum())
            self._newest_s = float(newest[-1])
            self._index = np.concatenate([self._index, index[kept]])
            self._t_s = np.concatenate([self._t_s, t_s[kept]])
            self._value = np.concatenate([self._value, value[kept]])
        return self._release(self._newest_s - self._lateness_s)

    def flush(self) -> Iterator[Tick]:
        """The end of the record: everything held back comes out."""
        return self._release(np.inf)

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {
            "newest_s": self._newest_s if np.isfinite(self._newest_s) else None,
            "index": self._index.tolist(),
            "t_s": self._t_s.tolist(),
            "value": self._value.tolist(),
            "dropped": self._dropped,
        }

    def restore(self, plain: dict[str, Any]) -> None:
        """Go on from `to_plain`."""
        self._newest_s = -np.inf if plain["newest_s"] is None else plain["newest_s"]
        self._index, self._t_s = np.array(plain["index"], np.int64), np.array(plain["t_s"], float)
        self._value, self._dropped = np.array(plain["value"], float), dict(plain["dropped"])

    def numbers(self, names: Sequence[str] | Index) -> Index:
        """The numbers of channels (n,) given by name or number. Raises RangeError on one nobody named."""
        if isinstance(names, np.ndarray) and np.issubdtype(names.dtype, np.integer):
            if names.size and not 0 <= names.min() <= names.max() < len(self._names):
                raise RangeError("watch", "channel", int(names.max()), f"a number from 0 to {len(self._names) - 1}")
            return np.asarray(names, np.int64)
        unknown = set(names) - self._number.keys()
        if unknown:
            name = min(unknown)
            near = difflib.get_close_matches(name, self._names, 1) or list(self._names[:1])
            raise RangeError("watch", "channel", repr(name), f"one of the {len(self._names)} watched", f"{near[0]!r}?")
        return np.fromiter((self._number[name] for name in names), np.int64, len(names))

    def _release(self, until_s: float) -> Iterator[Tick]:
        ripe = np.floor(self._t_s / self._cadence_s) < np.floor(until_s / self._cadence_s)
        index, t_s, value = self._index[ripe], self._t_s[ripe], self._value[ripe]
        self._index, self._t_s, self._value = self._index[~ripe], self._t_s[~ripe], self._value[~ripe]
        step = np.floor(t_s / self._cadence_s).astype(np.int64)
        cell = (step - (step.min() if step.size else 0)) * len(self._names) + index
        order = np.argsort(cell, kind="stable")
        if (np.diff(cell[order]) == 0).any():
            order = np.lexsort((value, t_s, cell))
        index, t_s, value, step = index[order], t_s[order], value[order], step[order]
        again = np.zeros(t_s.size, bool)
        again[1:] = (index[1:] == index[:-1]) & (t_s[1:] == t_s[:-1])
        self._dropped["repeated"] += int(again.sum())
        return _ticks(index[~again], t_s[~again], value[~again], step[~again])


def _ticks(index: Index, t_s: Array, value: Array, step: Index) -> Iterator[Tick]:
    """Mean of each channel in each step, from samples sorted by step and channel."""
    if not step.size:
        return
    first = np.ones(step.size, bool)
    first[1:] = (step[1:] != step[:-1]) | (index[1:] != index[:-1])
    group = np.cumsum(first) - 1
    count = np.bincount(group)
    mean, seen_s = np.bincount(group, value) / count, np.bincount(group, t_s) / count
    index, step = index[first], step[first]
    edges = [0, *(np.flatnonzero(np.diff(step)) + 1).tolist(), step.size]
    for low, high in itertools.pairwise(edges):
        yield Tick(int(step[low]), index[low:high], mean[low:high], seen_s[low:high])
