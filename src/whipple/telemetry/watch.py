"""What is happening now? Limits and detector on one stream: parcels in, numbered events out, the same however the stream was cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.telemetry.clock import Block, DataClock, Parcel
from whipple.telemetry.limit_state import LimitState
from whipple.telemetry.limits import LimitBook
from whipple.telemetry.refused import Refusals
from whipple.telemetry.sequential import Event, Samples, WatchedLoop, Watcher
from whipple.telemetry.watch_plan import Glance, WatchPlan, detector_from, detector_of, digests_of, same_digests
from whipple.telemetry.watch_words import idle_limits, limit_event, stranger_event, unheard

__all__ = ["LiveWatch", "WatchPlan"]

_NAMES_AT_MOST, _WORDS_AT_MOST = 20_000, 1000


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
        self._begun_s: float | None = None
        self._told: set[str] = set()
        self._changed: set[str] = set()
        self._refused = Refusals(plan.lateness_s, plan.jump_s)
        self._news: list[str] = []

    @property
    def refused(self) -> dict[str, int]:
        """Samples that did not count so far, by reason and channel: "late p1"."""
        return dict(self._refused.count)

    @property
    def now_s(self) -> float:
        """The newest time stamp, minus infinity before the first."""
        return self._clock.newest_s

    @property
    def held_count(self) -> int:
        """Samples held back until nothing can precede them."""
        return self._clock.held_count

    @property
    def loops(self) -> tuple[WatchedLoop, ...]:
        """The loops that are watched for leaks."""
        return self._detector.settings.loops if self._detector else ()

    @property
    def learned_frac(self) -> float:
        """The share of the quiet stretch that was heard."""
        if self._begun_s is None:
            return 0.0
        return float(np.clip((self.now_s - self._begun_s) / self.plan.learn_s, 0.0, 1.0))

    @cached_property
    def digest(self) -> dict[str, str]:
        """What a saved state was made with: each setting of the plan, and the "limits"."""
        return digests_of(self.plan, self.book)

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
            self._tell_once(f"more than {_NAMES_AT_MOST} names of channels: samples of the others do not count")
            rows = (parcel.t_s[known], parcel.value[known], word[known])
            refused = self._clock.put(index[known], *rows)
        else:
            refused = self._clock.put(index, parcel.t_s, parcel.value, word)
        for reason, (places, _, _) in refused.items():
            self._news += self._refused.put(reason, places, list(self._names))
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
            "begun_s": self._begun_s,
            "number": self._number,
            "sample_count": self.sample_count,
            "told": sorted(self._told),
            "changed": sorted(self._changed),
            "refused": self._refused.count,
        }

    def restore(self, plain: Mapping[str, Any], *, is_clean: bool = False) -> None:
        """Go on from `to_plain`; RangeError when that was made with other settings.

        Other limits are taken only after a clean stop (`is_clean`: no event was told since): their counting starts anew, and what was
        learned stays.
        """
        same_limits = same_digests(plain["digest"], self.digest, is_clean=is_clean)
        if not same_limits:
            self._news.append("the limits have changed since the checkpoint: they count anew, what was learned stays")
        self._clock.restore(plain["clock"])
        self._intern(tuple(plain["names"]))
        self._words = {word: i for i, word in enumerate(plain["words"])}
        if plain["watched"] is not None:
            self._start(tuple(plain["watched"]))
            if self._limits is not None and same_limits:
                self._limits.restore(plain["limits"])
            self._detector = detector_from(plain["detector"]) if plain["detector"] else None
        self._begun_s = plain["begun_s"]
        self._number, self.sample_count = plain["number"], plain["sample_count"]
        self._told = set(plain["told"])
        self._refused.restore(plain["refused"])
        self._changed = set(plain["changed"])

    def _tell_once(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._news.append(sentence)

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
        self._begun_s = first_s if np.isfinite(first_s) else None
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
        self._news += idle_limits(self.book, self._watched or ()) + unheard(self.plan.channels, heard)
        return True

    def _start(self, watched: tuple[str, ...]) -> None:
        self._watched = tuple(sorted(watched))
        self._settle_places(self._watched)
        self._limits = LimitState(self._watched, self.book, self.plan.stale_s)
        if self.plan.detect and self._watched:
            self._detector, self._scale, lacking = detector_of(self.plan, self.book, self._watched)
            self._news += lacking
        count = len(self._watched)
        nothing = np.full(count, np.nan)
        self._glance = Glance(
            self._watched, nothing, nothing.copy(), {}, np.zeros(count, np.int64), np.zeros(count, bool)
        )

    def _settle_places(self, watched: tuple[str, ...]) -> None:
        place = {name: i for i, name in enumerate(watched)}
        self._place = np.array([place.get(name, -1) for name in self._names], np.int64)

    def _through(self, blocks: Iterator[Block]) -> list[Event]:
        out: list[Event] = []
        for block in blocks:
            out += self._block(block)
        for reason, places in self._clock.repeated().items():
            self._news += self._refused.put(reason, places, list(self._names))
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
        names = self._watched or ()
        out += self._numbered(
            [limit_event(one, names[one.index], self.book.of(names[one.index]), self.plan.stale_s) for one in changes]
        )
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
        of = list(self._names)
        new = sorted({of[int(i)] for i in indices} - self._told)
        self._told.update(new)
        return self._numbered([stranger_event(one, t_s, self._watched or (), self.plan.discover_s) for one in new])

    def _numbered(self, events: list[Event]) -> list[Event]:
        out = [replace(event, number=self._number + i) for i, event in enumerate(events)]
        self._number += len(out)
        for event in out:
            if event.kind == "alarm":
                self._changed.add(event.about)
            elif event.kind == "cleared":
                self._changed.discard(event.about)
        return out


def _loud(events: list[Event]) -> list[Event]:
    """Without the detector's word on silence: the limit state tells it, for words as well as numbers."""
    return [event for event in events if event.kind not in {"stale", "fresh"}]
