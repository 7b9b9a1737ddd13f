"""What is happening now? Limits and detector on one stream: parcels in, numbered events out, the same however the stream was cut."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.telemetry.clock import Block, DataClock, Parcel
from whipple.telemetry.limit_state import LimitChange, LimitState
from whipple.telemetry.limits import LEVELS, LimitBook, TypeLimits
from whipple.telemetry.sequential import Event, Samples, WatchedChannel, WatchedLoop, Watcher, WatchSettings

__all__ = ["Known", "LiveWatch", "WatchPlan"]

_NONE = TypeLimits()
_NAMES_AT_MOST, _WORDS_AT_MOST = 20_000, 1000
_WHY = {
    "late": "time going backwards: {n} samples of {name} are behind the newest by more than {lateness:g} s; they do not count",
    "missing": "{n} samples of {name} are not numbers; they do not count",
    "jumped": "a time stamp of {name} leaps more than {jump:g} s ahead and none follows it; it does not count",
}


@dataclass(frozen=True)
class Known:
    """What is known of a channel: as the detector takes it, in SI; its SI value is factor x value + offset."""

    channel: WatchedChannel
    factor: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class WatchPlan:
    """How to watch. `channels` empty means all that are heard in the first `discover_s` of data time.

    `step_s` is the step of the detector's clock and of the log, `lateness_s` how late a sample may come, `jump_s` how far a time stamp
    may leap ahead unconfirmed. `known` says what channels measure, `loops` which are watched for leaks. `detect` switches the detector
    on: it learns for `learn_s` and gives a false alarm in `mtbf_days`.
    """

    channels: tuple[str, ...] = ()
    step_s: float = 1.0
    lateness_s: float = 5.0
    jump_s: float = 86400.0
    discover_s: float = 60.0
    stale_s: float = 600.0
    detect: bool = True
    learn_s: float = 3600.0
    mtbf_days: float = 30.0
    known: tuple[Known, ...] = ()
    loops: tuple[WatchedLoop, ...] = ()

    def __post_init__(self) -> None:
        if not self.stale_s > self.step_s:
            raise RangeError("watch", "stale", self.stale_s, f"more than the step, {self.step_s:g} s")
        if not self.discover_s >= 0:
            raise RangeError("watch", "discover", self.discover_s, "0 s or more")


@dataclass
class Glance:
    """What the terminal shows of each channel (n_channel,): last `t_s` and `value`, `level`, `silent`; `word` where it is one.

    `changed` are the channels and loops that the detector has in alarm.
    """

    names: tuple[str, ...]
    t_s: Array
    value: Array
    word: dict[int, str]
    level: npt.NDArray[np.int64]
    silent: npt.NDArray[np.bool_]
    changed: frozenset[str] = frozenset()


class LiveWatch:
    """`put(parcel)` gives the events that can no longer change; `finish()` the rest. `to_plain`/`restore` hold the whole state.

    Events are numbered from 0 without a gap and do not depend on how the samples were cut into parcels, nor, within the lateness, on
    their order. `notices` are sentences about bad input since the last call of `news`: they are for people and not part of the log.

    >>> watch = LiveWatch(WatchPlan(detect=False, discover_s=0.0, lateness_s=0.0), LimitBook())
    >>> watch.put(Parcel(("p",), np.zeros(3, np.int64), np.array([0.0, 1.0, 700.0]), np.ones(3)))
    []
    >>> [(event.kind, event.t_s) for event in watch.finish()]
    [('stale', 601.0), ('fresh', 700.0)]
    """

    def __init__(self, plan: WatchPlan, book: LimitBook) -> None:
        self.plan, self.book = plan, book
        self._clock = DataClock(plan.step_s, plan.lateness_s, plan.jump_s)
        self._names: dict[str, int] = {}
        self._last: tuple[tuple[str, ...], npt.NDArray[np.int64]] = ((), np.zeros(0, np.int64))
        self._rank, self._place = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._words: dict[str, int] = {}
        self._watched: tuple[str, ...] | None = None
        self._limits: LimitState | None = None
        self._detector: Watcher | None = None
        self._scale = np.zeros((2, 0))
        self._glance: Glance | None = None
        self._number, self.sample_count = 0, 0
        self._told: set[str] = set()
        self._changed: set[str] = set()
        self._refused: dict[str, int] = {}
        self._news: list[str] = []

    @property
    def refused(self) -> dict[str, int]:
        """Samples that did not count so far, by reason and channel: "late p1"."""
        return dict(self._refused)

    @property
    def now_s(self) -> float:
        """The newest time stamp, minus infinity before the first."""
        return self._clock.newest_s

    @property
    def held_count(self) -> int:
        """Samples held back until nothing can precede them."""
        return self._clock.held_count

    @cached_property
    def digest(self) -> str:
        """What a saved state must have been made with."""
        words = (
            json.dumps(asdict(self.plan), sort_keys=True)
            + repr(sorted(self.book.types.items()))
            + repr(sorted(self.book.parameters.items()))
        )
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def news(self) -> list[str]:
        """Sentences about bad input since the last call."""
        out, self._news = self._news, []
        return out

    def glance(self) -> Glance | None:
        """What the terminal shows; None until the channels are known."""
        if self._glance is not None and self._limits is not None:
            self._glance.level, self._glance.silent = self._limits.level, self._limits.silent
            self._glance.changed = frozenset(self._changed)
        return self._glance

    def put(self, parcel: Parcel) -> list[Event]:
        """Take a parcel; the events that follow."""
        self._news += parcel.problems
        self.sample_count += parcel.t_s.size
        mine = self._intern(parcel.names)
        if len(self._words) > _WORDS_AT_MOST:
            self._forget_words()
        word = np.full(parcel.t_s.size, -1, np.int64)
        for place, one in parcel.text.items():
            word[place] = self._words.setdefault(one, len(self._words))
        index = mine[parcel.index]
        known = index >= 0
        if not known.all():
            rows = (parcel.t_s[known], parcel.value[known], word[known])
            refused = self._clock.put(index[known], *rows)
        else:
            refused = self._clock.put(index, parcel.t_s, parcel.value, word)
        for reason, (places, _, _) in refused.items():
            self._refuse(reason, places)
        if self._watched is None and not self._begin():
            return []
        return self._through(self._clock.release(self._rank, list(self._words)))

    def finish(self) -> list[Event]:
        """The end of the record: judge what was held back."""
        if self._watched is None and not self._begin(end=True):
            return []
        out = self._through(self._clock.release(self._rank, list(self._words), np.inf))
        return out + self._numbered(_loud(self._detector.finish()) if self._detector else [])

    def to_plain(self) -> dict[str, Any]:
        """The whole state as plain values for JSON."""
        return {
            "digest": self.digest,
            "clock": self._clock.to_plain(),
            "names": list(self._names),
            "words": list(self._words),
            "watched": self._watched,
            "limits": self._limits.to_plain() if self._limits else None,
            "detector": self._detector.to_json() if self._detector else None,
            "number": self._number,
            "sample_count": self.sample_count,
            "told": sorted(self._told),
            "changed": sorted(self._changed),
            "refused": self._refused,
        }

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Go on from `to_plain`; RangeError when that was made with other settings or limits."""
        if plain["digest"] != self.digest:
            raise RangeError(
                "watch", "state", plain["digest"], f"one made with these settings and limits, {self.digest}", "--fresh"
            )
        self._clock.restore(plain["clock"])
        self._intern(tuple(plain["names"]))
        self._words = {word: i for i, word in enumerate(plain["words"])}
        if plain["watched"] is not None:
            self._start(tuple(plain["watched"]))
            if self._limits is not None:
                self._limits.restore(plain["limits"])
            self._detector = Watcher.from_json(plain["detector"]) if plain["detector"] else None
        self._number, self.sample_count = plain["number"], plain["sample_count"]
        self._told, self._refused = set(plain["told"]), dict(plain["refused"])
        self._changed = set(plain["changed"])

    def _forget_words(self) -> None:
        """Keep only the words of samples held back: a channel that never says the same twice must not fill the memory."""
        held, known = self._clock.held_words(), list(self._words)
        number = np.full(len(known), -1, np.int64)
        number[held] = np.arange(held.size)
        self._clock.renumber_words(number)
        self._words = {known[k]: i for i, k in enumerate(held.tolist())}

    def _intern(self, names: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Our numbers of these channels, -1 for those beyond all reason."""
        if names == self._last[0]:
            return self._last[1]
        before = len(self._names)
        for name in names:
            if name not in self._names and len(self._names) < _NAMES_AT_MOST:
                self._names[name] = len(self._names)
        if len(self._names) > before:
            order = sorted(self._names)
            self._rank = np.empty(len(order), np.int64)
            self._rank[[self._names[name] for name in order]] = np.arange(len(order))
            if self._watched is not None:
                self._settle_places(self._watched)
        self._last = names, np.array([self._names.get(name, -1) for name in names], np.int64)
        return self._last[1]

    def _begin(self, end: bool = False) -> bool:
        """Fix the channels once enough data time has passed; True when they are fixed."""
        first_s = self._clock.earliest_s
        step_s, until_s = self.plan.step_s, np.inf
        if not end:
            until_s = (np.floor((first_s + self.plan.discover_s) / step_s) + 1) * step_s
        if not end and not self._clock.ripe_s >= max(until_s, first_s):
            return False
        numbers = self._clock.heard_before(until_s) if np.isfinite(first_s) else np.zeros(0, np.int64)
        of = list(self._names)
        heard = sorted(of[i] for i in numbers.tolist())
        if not heard and not self._clock.held_count and not end:
            return False
        self._start(self.plan.channels or tuple(heard))
        self._news += self._idle_limits()
        for name in (one for one in self.plan.channels if one not in heard):
            near = difflib.get_close_matches(name, heard, 1)
            self._news.append(
                f"channel {name!r} was asked for and not heard so far"
                + (f"; did you mean {near[0]!r}?" if near else "")
            )
        return True

    def _idle_limits(self) -> list[str]:
        """Limits that no channel has: a typing error here would be a limit that never speaks."""
        used = {self.book.find(name) for name in self._watched or ()}
        idle = [
            path
            for path, kind in self.book.parameters.items()
            if path not in used and self.book.types.get(kind, _NONE).alarms
        ]
        if not idle:
            return []
        names = [path.removeprefix("/limits/") for path in idle]
        near = difflib.get_close_matches(names[0], self._watched or (), 1)
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        return [f"limits without a channel: {shown}" + (f"; did you mean {near[0]!r}?" if near else "")]

    def _start(self, watched: tuple[str, ...]) -> None:
        self._watched = tuple(sorted(watched))
        self._settle_places(self._watched)
        self._limits = LimitState(self._watched, self.book, self.plan.stale_s)
        if self.plan.detect and self._watched:
            self._detector = self._new_detector(self._watched)
        count = len(self._watched)
        nothing = np.full(count, np.nan)
        self._glance = Glance(
            self._watched, nothing, nothing.copy(), {}, np.zeros(count, np.int64), np.zeros(count, bool)
        )

    def _new_detector(self, watched: tuple[str, ...]) -> Watcher:
        """The detector of these channels; a loop that lacks a sensor is told and not watched for leaks."""
        known = {one.channel.name: one for one in self.plan.known}
        units = {name: limits.unit for name in watched if (limits := self.book.of(name)) is not None}
        rows = [known.get(name, Known(WatchedChannel(name, units.get(name, "")))) for name in watched]
        self._scale = np.array([[row.factor for row in rows], [row.offset for row in rows]])
        channels, loops = tuple(row.channel for row in rows), []
        plan = self.plan
        settings = WatchSettings(channels, plan.step_s, 0.0, plan.learn_s, plan.mtbf_days, plan.stale_s)
        for loop in plan.loops:
            try:
                Watcher(replace(settings, loops=(loop,)))
                loops.append(loop)
            except RangeError as error:
                self._news.append(f"not watched for leaks: {error}".split("\n", maxsplit=1)[0])
        return Watcher(replace(settings, loops=tuple(loops)))

    def _settle_places(self, watched: tuple[str, ...]) -> None:
        place = {name: i for i, name in enumerate(watched)}
        self._place = np.array([place.get(name, -1) for name in self._names], np.int64)

    def _through(self, blocks: Iterator[Block]) -> list[Event]:
        out: list[Event] = []
        for block in blocks:
            out += self._block(block)
        return out

    def _block(self, block: Block) -> list[Event]:
        place = self._place[block.index]
        strangers = np.unique(block.index[place < 0]) if (place < 0).any() else ()
        out = self._strangers(strangers, block.until_s)
        text = block.text
        t_s, value = block.t_s, block.value
        if len(strangers):
            kept = np.flatnonzero(place >= 0)
            text = {new: text[old] for new, old in enumerate(kept.tolist()) if old in text}
            place, t_s, value = place[kept], t_s[kept], value[kept]
        if self._limits is None or self._glance is None:
            return out
        changes = self._limits.update(place, t_s, value, text, block.until_s)
        out += self._numbered([self._told_change(change) for change in changes])
        self._glance.t_s[place], self._glance.value[place] = t_s, value
        self._glance.word.update({int(place[i]): word for i, word in text.items()})
        if self._detector is not None:
            if text:
                number = np.ones(place.size, bool)
                number[list(text)] = False
                place, t_s, value = place[number], t_s[number], value[number]
            if place.size:
                scaled = value * self._scale[0][place] + self._scale[1][place]
                out += self._numbered(_loud(self._detector.update(Samples(place, t_s, scaled))))
        return out

    def _strangers(self, indices: Any, t_s: float) -> list[Event]:
        """Channels that came after the start: told once each; ignored where the channels were chosen."""
        if self.plan.channels:
            return []
        of, out = list(self._names), []
        for name in sorted(of[int(i)] for i in indices):
            if name not in self._told:
                self._told.add(name)
                near = difflib.get_close_matches(name, self._watched or (), 1)
                hint = f"; was {near[0]!r} renamed?" if near else ""
                text = f"{name} appeared after the first {self.plan.discover_s:g} s and is not watched{hint}"
                out.append(Event(0, t_s, "unknown", name, text))
        return self._numbered(out)

    def _told_change(self, change: LimitChange) -> Event:
        name = (self._watched or ())[change.index]
        if change.kind != "limit":
            word = f"silent for {self.plan.stale_s:g} s" if change.kind == "stale" else "heard again"
            return Event(0, change.t_s, change.kind, name, f"{name} {word}")
        limits = self.book.of(name)
        unit = f" {limits.unit}" if limits and limits.unit else ""
        values = {"level": float(change.level), "was": float(change.was)}
        shown = "" if np.isnan(change.value) else f" at {change.value:g}{unit}"
        values |= {} if np.isnan(change.value) else {"value": change.value}
        return Event(
            0, change.t_s, "limit", name, f"{name} {LEVELS[change.was]} -> {LEVELS[change.level]}{shown}", values
        )

    def _numbered(self, events: list[Event]) -> list[Event]:
        out = [replace(event, number=self._number + i) for i, event in enumerate(events)]
        self._number += len(out)
        for event in out:
            if event.kind == "alarm":
                self._changed.add(event.about)
            elif event.kind == "cleared":
                self._changed.discard(event.about)
        return out

    def _refuse(self, reason: str, index: npt.NDArray[np.int64]) -> None:
        """Count, and tell at 1, 10, 100, ... of a kind and channel."""
        of = list(self._names)
        for i, more in zip(*np.unique(index, return_counts=True), strict=True):
            key = f"{reason} {of[int(i)]}"
            before, now = self._refused.get(key, 0), self._refused.get(key, 0) + int(more)
            self._refused[key] = now
            if len(str(now)) > len(str(before)) or before == 0:
                words = {"n": now, "name": of[int(i)], "lateness": self.plan.lateness_s, "jump": self.plan.jump_s}
                self._news.append(_WHY[reason].format(**words))


def _loud(events: list[Event]) -> list[Event]:
    """Without the detector's word on silence: the limit state tells it, for words as well as numbers."""
    return [event for event in events if event.kind not in {"stale", "fresh"}]
