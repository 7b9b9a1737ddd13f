"""Which channels are out of limits, and which have fallen silent? Fed with samples in the order of their own time; no memory but its state."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.telemetry.limits import LEVELS, Alarm, LimitBook, TypeLimits
from whipple.telemetry.limits_bands import FlatBands
from whipple.telemetry.limits_change import History, change_level, value_level
from whipple.telemetry.limits_match import Comparison, comparisons_of, holds

__all__ = ["LimitChange", "LimitState"]

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LimitChange:
    """At data time `t_s` channel `index` went from `was` to `level` (numbers of LEVELS); or "stale" / "fresh" where `kind` says so."""

    t_s: float
    index: int
    kind: str
    was: int
    level: int
    value: float


@dataclass
class _Count:
    """The counters of one channel: `level` now, samples in a row towards each level, and away from it."""

    level: int
    up: list[int]
    down: list[int]
    alarm: int = -1

    def put(self, raw: int, enter: int, leave: int, cosmos: bool) -> int:
        """Count one sample of level `raw`; the level after it."""
        if cosmos:
            self.up[0] = self.up[0] + 1 if raw != self.level else 0
            if self.up[0] >= enter:
                self.level, self.up[0] = raw, 0
            return self.level
        worst = 0
        for level in range(1, len(LEVELS)):
            if self.level >= level:
                self.down[level] = self.down[level] + 1 if raw < level else 0
                active = self.down[level] < leave
            else:
                self.up[level] = self.up[level] + 1 if raw >= level else 0
                active = self.up[level] >= enter
            if active != (self.level >= level):
                self.up[level] = self.down[level] = 0
            worst = level if active else worst
        self.level = worst
        return worst

    @property
    def steady(self) -> int:
        """The raw level that would change nothing any more, -1 when counting."""
        return -1 if any(self.up) or any(self.down) else self.level


class LimitState:
    """Judges channels `names` (in this order) by a book of limits; `stale_s` is how long each may be silent.

    Channels with static ranges only are judged all at once; those with contexts, conditions, changes or texts sample by sample.
    """

    def __init__(self, names: Sequence[str], book: LimitBook, stale_s: float | Mapping[str, float] = np.inf) -> None:
        self.names = tuple(names)
        self._limits: list[TypeLimits | None] = [book.of(name) for name in self.names]
        silent = [stale_s.get(name, np.inf) if isinstance(stale_s, Mapping) else stale_s for name in self.names]
        self._stale_s = np.array(silent, float)
        if (self._stale_s <= 0).any():
            raise RangeError("watch", "stale", float(self._stale_s.min()), "more than 0 s")
        self._bands = FlatBands(self._limits)
        self._counts: dict[int, _Count] = {}
        self._steady = np.zeros(len(self.names), np.int64)
        self._last_s, self._silent = np.full(len(self.names), np.nan), np.zeros(len(self.names), bool)
        self._slow = np.array(
            [bool(one and one.alarms) and not flat for one, flat in zip(self._limits, self._bands.flat, strict=True)],
            bool,
        )
        self._refs = self._references(book)
        self._asked_for = {i for table in self._refs.values() for i in table.values()}
        self._asked = np.zeros(len(self.names), bool)
        self._asked[sorted(self._asked_for)] = True
        changing = [one is not None and any(alarm.change or alarm.rate for alarm in one.alarms) for one in self._limits]
        self._changing = {i for i, yes in enumerate(changing) if yes}
        self._latest: dict[int, float | str] = {}
        self._history: dict[int, History] = {}

    @property
    def level(self) -> Index:
        """The level of each channel now (n_channel,)."""
        out = np.zeros(len(self.names), np.int64)
        for index, count in self._counts.items():
            out[index] = count.level
        return out

    @property
    def silent(self) -> npt.NDArray[np.bool_]:
        """Which channels are stale (n_channel,)."""
        return self._silent.copy()

    @property
    def not_evaluated(self) -> list[str]:
        """What the book asks for and this state cannot judge, in words."""
        out = []
        for name, limits in zip(self.names, self._limits, strict=True):
            for alarm in limits.alarms if limits else ():
                matches = [part for _, match in alarm.conditions for part in comparisons_of(match)] + list(
                    comparisons_of(alarm.context)
                )
                if alarm.custom or any(not isinstance(part, Comparison) or not part.evaluable for part in matches):
                    out.append(f"{name}: a custom algorithm, a raw or an older value is asked for; kept, not evaluated")
        return out

    def update(
        self, index: Index, t_s: Array, value: Array, text: Mapping[int, str], until_s: float
    ) -> list[LimitChange]:
        """Judge samples sorted by (t_s, index), all up to data time `until_s`; `text` holds the words of samples (by place) that are words."""
        out = self._silence(index, t_s, until_s)
        words = np.zeros(t_s.size, bool)
        words[list(text)] = True
        raw = self._bands.level(index, value)
        judged = ~self._slow[index] & ~words & ~np.isnan(value)
        odd = np.unique(index[(raw != self._steady[index]) & judged])
        if odd.size:
            for place in np.flatnonzero(np.isin(index, odd) & judged).tolist():
                i = int(index[place])
                limits = self._limits[i]
                if limits is not None and limits.default is not None:
                    out += self._count(i, limits.default, int(raw[place]), float(t_s[place]), float(value[place]))
        if self._slow.any():
            out += self._one_by_one(index, t_s, value, text)
        out.sort(key=lambda change: (change.t_s, change.index))
        return out

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {
            "counts": {str(i): [c.level, c.up, c.down, c.alarm] for i, c in sorted(self._counts.items())},
            "last_s": [None if np.isnan(t) else t for t in self._last_s.tolist()],
            "silent": np.flatnonzero(self._silent).tolist(),
            "latest": {str(i): value for i, value in sorted(self._latest.items())},
            "history": {str(i): [past.t_s, past.value] for i, past in sorted(self._history.items())},
        }

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Go on from `to_plain`."""
        self._counts = {int(i): _Count(*row) for i, row in plain["counts"].items()}
        for i, count in self._counts.items():
            self._steady[i] = count.steady
        self._last_s = np.array([np.nan if t is None else t for t in plain["last_s"]], float)
        self._silent[:] = False
        self._silent[plain["silent"]] = True
        self._latest = {int(i): value for i, value in plain["latest"].items()}
        self._history = {int(i): History(*pair) for i, pair in plain["history"].items()}

    def _silence(self, index: Index, t_s: Array, until_s: float) -> list[LimitChange]:
        out, heard = [], np.zeros(0, np.int64)
        if index.size:
            heard, first = np.unique(index, return_index=True)
            late = t_s[first] - self._last_s[heard] > self._stale_s[heard]
            for i in heard[late & ~self._silent[heard]]:
                out.append(self._tell(float(self._last_s[i] + self._stale_s[i]), int(i), "stale", np.nan))
                self._silent[i] = True
            for place in np.flatnonzero(self._silent[heard]):
                i = int(heard[place])
                out.append(self._tell(float(t_s[first[place]]), i, "fresh", np.nan))
                self._silent[i] = False
            self._last_s[index] = t_s
        for i in np.flatnonzero((self._last_s + self._stale_s <= until_s) & ~self._silent):
            out.append(self._tell(float(self._last_s[i] + self._stale_s[i]), int(i), "stale", np.nan))
            self._silent[i] = True
        return out

    def _tell(self, t_s: float, index: int, kind: str, value: float) -> LimitChange:
        level = self._counts[index].level if index in self._counts else 0
        return LimitChange(t_s, index, kind, level, level, value)

    def _count(self, index: int, alarm: Alarm, raw: int, t_s: float, value: float, which: int = 0) -> list[LimitChange]:
        count = self._counts.setdefault(index, _Count(0, [0] * len(LEVELS), [0] * len(LEVELS), which))
        if count.alarm != which:  # another definition took over: what was counted for the old one is void
            count.up, count.down, count.alarm = [0] * len(LEVELS), [0] * len(LEVELS), which
        was, leave = count.level, alarm.min_conformance or alarm.min_violations
        level = count.put(raw, alarm.min_violations, leave, alarm.cosmos)
        self._steady[index] = count.steady
        return [LimitChange(t_s, index, "limit", was, level, value)] if level != was else []

    def _one_by_one(self, index: Index, t_s: Array, value: Array, text: Mapping[int, str]) -> list[LimitChange]:
        """The channels that need more than their own value. At equal times every value counts before any alarm is judged."""
        out: list[LimitChange] = []
        places = np.flatnonzero(self._slow[index] | self._asked[index])
        rows = [(int(index[p]), float(t_s[p]), text.get(p, float(value[p]))) for p in places.tolist()]
        for _, same in itertools.groupby(rows, key=lambda row: row[1]):
            now = list(same)
            self._latest.update({i: one for i, _, one in now if i in self._asked_for})
            for i, at_s, one in now:
                out += self._judge(i, at_s, one) if self._slow[i] else []
        return out

    def _judge(self, index: int, t_s: float, value: float | str) -> list[LimitChange]:
        limits = self._limits[index]
        if limits is None or (isinstance(value, float) and np.isnan(value)):
            return []
        refs = self._refs.get(index, {})

        def value_of(name: str) -> float | str | None:
            return self._latest.get(refs.get(name, -1))

        number = value if isinstance(value, float) else np.nan
        if index in self._changing and isinstance(value, float):
            self._history.setdefault(index, History()).put(t_s, value, limits)
        which, alarm = len(limits.contexts), limits.default
        for place, one in enumerate(limits.contexts):
            if one.context is not None and holds(one.context, value_of):
                which, alarm = place, one
                break
        if alarm is None:
            return self._count(index, Alarm(), 0, t_s, number, which)
        raw = max((level for level, match in alarm.conditions if holds(match, value_of)), default=0)
        raw = max(raw, value_level(alarm, value))
        if index in self._history and not isinstance(value, str):
            raw = max(raw, change_level(alarm, self._history[index]))
        return self._count(index, alarm, raw, t_s, number, which)

    def _references(self, book: LimitBook) -> dict[int, dict[str, int]]:
        """Which channel each name in an alarm of a channel stands for; names of no channel are left out: never heard."""
        path_of = {book.find(name): i for i, name in enumerate(self.names)}
        out: dict[int, dict[str, int]] = {}
        for i, limits in enumerate(self._limits):
            for alarm in limits.alarms if limits else ():
                matches = [alarm.context, *(match for _, match in alarm.conditions)]
                for part in (
                    part for match in matches for part in comparisons_of(match) if isinstance(part, Comparison)
                ):
                    for name in filter(None, (part.parameter, part.other)):
                        path = book.find(name, book.find(self.names[i]) or "")
                        place = path_of.get(path) if path else None
                        place = self.names.index(name) if place is None and name in self.names else place
                        if place is not None:
                            out.setdefault(i, {})[name] = place
        return out
