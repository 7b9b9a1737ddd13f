"""What time is it in the data? Samples of every channel, late and shuffled as they come, leave in blocks of data time, in order."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError

__all__ = ["Block", "DataClock", "Parcel"]

Index = npt.NDArray[np.int64]
Rows = tuple[Index, Array, Array]
_NO_WORD = -1


@dataclass(frozen=True)
class Parcel:
    """What a source hands over at once, in order of arrival: sample i is channel `names[index[i]]` at `t_s[i]` (s since 1970).

    `value` (n,) is in the channel's unit; `text` holds the words of samples (by place) that are words. `position` is where the source
    goes on after this parcel, None when it cannot go back. `raw` are its lines, with nanoseconds, where the source cannot go back.
    `problems` says what could not be read, `rejected` keeps it word for word.
    """

    names: tuple[str, ...]
    index: Index
    t_s: Array
    value: Array
    text: Mapping[int, str] = field(default_factory=dict)
    position: Mapping[str, Any] | None = None
    raw: bytes = b""
    problems: tuple[str, ...] = ()
    rejected: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Block:
    """All samples of one step of data time, ended for good at `until_s`: sorted by time, then by the rank of the channel."""

    until_s: float
    index: Index
    t_s: Array
    value: Array
    text: Mapping[int, str]


class DataClock:
    """Holds samples back until nothing that may still come can precede them: `lateness_s` behind the newest time stamp.

    A sample more than `lateness_s` behind the newest before it is late; one that leaps more than `jump_s` ahead waits until another
    confirms the new time, else it is dropped (one wild stamp would make all others late). What leaves depends on the samples, not on
    how they were cut into parcels, and within the bound not on their order. Of two samples with the same stamp the smaller value stays.
    """

    def __init__(self, block_s: float, lateness_s: float, jump_s: float = np.inf) -> None:
        if not (block_s > 0 and lateness_s >= 0 and jump_s > lateness_s):
            expected = "step above 0, lateness 0 or more, jump above the lateness [s]"
            raise RangeError("watch", "step, lateness, jump", (block_s, lateness_s, jump_s), expected)
        self.block_s, self.lateness_s, self.jump_s = float(block_s), float(lateness_s), float(jump_s)
        self.newest_s = -np.inf
        self._index, self._word = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._t_s, self._value = np.zeros(0), np.zeros(0)
        self._pending: list[tuple[int, float, float, int]] = []
        self._again: dict[str, list[Index]] = {}

    @property
    def earliest_s(self) -> float:
        """The earliest sample still held back, infinity without one."""
        return float(self._t_s.min()) if self._t_s.size else np.inf

    @property
    def ripe_s(self) -> float:
        """Up to here nothing more can come."""
        return float(np.floor((self.newest_s - self.lateness_s) / self.block_s) * self.block_s)

    @property
    def held_count(self) -> int:
        """Samples held back now."""
        return int(self._t_s.size)

    def heard_before(self, until_s: float) -> Index:
        """The channels with a sample before `until_s` among those held back, leaps of the clock not yet confirmed included."""
        pending = [i for i, t_s, _, _ in self._pending if t_s < until_s]
        return np.union1d(self._index[self._t_s < until_s], np.array(pending, np.int64))

    def held_words(self) -> Index:
        """The numbers of the words among the samples held back."""
        pending = [row[3] for row in self._pending]
        return np.setdiff1d(np.concatenate([self._word, np.array(pending, np.int64)]), [_NO_WORD])

    def renumber_words(self, number: Index) -> None:
        """Word k is now word number[k]."""
        self._word = np.where(self._word == _NO_WORD, _NO_WORD, number[self._word])
        self._pending = [(i, t, v, k if k == _NO_WORD else int(number[k])) for i, t, v, k in self._pending]

    def put(self, index: Index, t_s: Array, value: Array, word: Index) -> dict[str, Rows]:
        """Take samples in order of arrival (`word` is -1 for a number); (index, t_s, value) of those not taken, by reason."""
        rows: tuple[Any, ...] = (index, t_s, value, word)
        number = np.isfinite(t_s) & ((word != _NO_WORD) | np.isfinite(value))
        refused: dict[str, Rows] = {}
        if not number.all():
            refused["missing"] = (index[~number], t_s[~number], value[~number])
            rows = tuple(one[number] for one in rows)
        if np.isfinite(self.jump_s):
            rows, jumped = self._without_jumps(rows)
            if jumped[0].size:
                refused["jumped"] = jumped
        index, t_s, value, word = rows
        if t_s.size:
            newest = np.maximum.accumulate(np.concatenate([[self.newest_s], t_s]))
            late = t_s < newest[:-1] - self.lateness_s
            self.newest_s = float(newest[-1])
            if late.any():
                refused["late"] = (index[late], t_s[late], value[late])
                index, t_s, value, word = (one[~late] for one in rows)
            self._add(index, t_s, value, word)
        return refused

    def release(self, rank: Index, words: list[str], until_s: float | None = None) -> Iterator[Block]:
        """Every block that is complete, in order; all of them with `until_s` = infinity. Repeats are left out."""
        until_s = self.ripe_s if until_s is None else until_s
        if until_s == np.inf and self._pending:  # nothing more will contradict it
            last = self._pending.pop()
            self._add(np.array([last[0]]), np.array([last[1]]), np.array([last[2]]), np.array([last[3]]))
            self.newest_s = max(self.newest_s, last[1])
        ripe = self._t_s < until_s
        if not ripe.any():
            return
        rows, again = _in_order(rank, self._index[ripe], self._t_s[ripe], self._value[ripe], self._word[ripe])
        index, t_s, value, word = rows
        for reason, places in again.items():
            self._again.setdefault(reason, []).append(places)
        self._index, self._word = self._index[~ripe], self._word[~ripe]
        self._t_s, self._value = self._t_s[~ripe], self._value[~ripe]
        step = np.floor(t_s / self.block_s)
        edges = [0, *(np.flatnonzero(np.diff(step)) + 1).tolist(), t_s.size]
        for low, high in itertools.pairwise(edges):
            said = np.flatnonzero(word[low:high] != _NO_WORD)
            text = {int(place): words[int(word[low + place])] for place in said}
            until = (float(step[low]) + 1) * self.block_s
            yield Block(until, index[low:high], t_s[low:high], value[low:high], text)

    def repeated(self) -> dict[str, Index]:
        """Channels of samples left out since the last call: "repeated" word for word, "contradicted" by another with the same stamp."""
        out, self._again = {reason: np.concatenate(parts) for reason, parts in self._again.items()}, {}
        return out

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON; arrays as base64."""
        parts = {"index": self._index, "t_s": self._t_s, "value": self._value, "word": self._word}
        packed = {name: base64.b64encode(one.tobytes()).decode() for name, one in parts.items()}
        return packed | {"newest_s": self.newest_s if np.isfinite(self.newest_s) else None, "pending": self._pending}

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Go on from `to_plain`."""
        self._index, self._word = (np.frombuffer(base64.b64decode(plain[name]), np.int64) for name in ("index", "word"))
        self._t_s, self._value = (np.frombuffer(base64.b64decode(plain[name]), float) for name in ("t_s", "value"))
        self.newest_s = -np.inf if plain["newest_s"] is None else float(plain["newest_s"])
        self._pending = [tuple(row) for row in plain["pending"]]

    def _add(self, index: Index, t_s: Array, value: Array, word: Index) -> None:
        self._index, self._t_s = np.concatenate([self._index, index]), np.concatenate([self._t_s, t_s])
        self._value, self._word = np.concatenate([self._value, value]), np.concatenate([self._word, word])

    def _without_jumps(self, rows: tuple[Any, ...]) -> tuple[tuple[Any, ...], Rows]:
        """The rows taken, and those refused. The first sample ever, and each that leaps ahead, waits until a second one is near it."""
        held = 0 if self._pending else -1
        if self._pending:
            first = [
                np.array([one], kind)
                for one, kind in zip(self._pending[0], (np.int64, float, float, np.int64), strict=True)
            ]
            rows = tuple(np.concatenate([one, new]) for one, new in zip(first, rows, strict=True))
        t_s, newest, place = rows[1], self.newest_s, held + 1
        keep = np.ones(t_s.size, bool)
        while place < t_s.size:
            if held < 0 and np.isfinite(newest):
                before = np.maximum.accumulate(np.concatenate([[newest], t_s[place:]]))
                leap = np.flatnonzero(t_s[place:] > before[:-1] + self.jump_s)
                run = int(leap[0]) if leap.size else t_s.size - place
                newest, place = float(before[run]), place + run
                if place == t_s.size:
                    break
            near = np.isfinite(newest) and t_s[place] <= newest + self.jump_s
            if held < 0 and not near:
                held = place
            elif held >= 0 and (near or abs(t_s[place] - t_s[held]) > self.jump_s):
                keep[held], held = False, -1 if near else place
                newest = max(newest, float(t_s[place])) if near else newest
            else:
                newest, held = float(max(newest, t_s[held], t_s[place])), -1
            place += 1
        refused = tuple(one[~keep] for one in rows[:3])
        self._pending = []
        if held >= 0:
            self._pending = [(int(rows[0][held]), float(t_s[held]), float(rows[2][held]), int(rows[3][held]))]
            keep[held] = False
        return tuple(one[keep] for one in rows), (refused[0], refused[1], refused[2])


def _in_order(
    rank: Index, index: Index, t_s: Array, value: Array, word: Index
) -> tuple[tuple[Index, Array, Array, Index], dict[str, Index]]:
    """Sorted by time, rank, value; the second of two with the same channel and stamp left out, and the channels of those."""
    step, place = np.diff(t_s), rank[index]
    if np.all((step > 0) | ((step == 0) & (np.diff(place) > 0))):
        return (index, t_s, value, word), {}
    order = np.lexsort((word, value, place, t_s))
    index, t_s, value, word = index[order], t_s[order], value[order], word[order]
    again = np.zeros(t_s.size, bool)
    again[1:] = (index[1:] == index[:-1]) & (t_s[1:] == t_s[:-1])
    if not again.any():
        return (index, t_s, value, word), {}
    same = again.copy()
    same[1:] &= (value[1:] == value[:-1]) & (word[1:] == word[:-1])
    left = {"repeated": index[same], "contradicted": index[again & ~same]}
    kept = ~again
    return (index[kept], t_s[kept], value[kept], word[kept]), {why: rows for why, rows in left.items() if rows.size}
