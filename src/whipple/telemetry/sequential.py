"""The detector as a stream sees it: put samples in, get events out, the same however the stream was cut."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Self

import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError
from whipple.telemetry.arrival import Arrival, Samples, Tick
from whipple.telemetry.channel_settings import Event, WatchedChannel, WatchSettings
from whipple.telemetry.channel_watch import ChannelPlan, ChannelWatch, Moved
from whipple.telemetry.loop_watch import LoopWatch, new_loop_watch
from whipple.telemetry.path_watch import PathWatch, new_path_watch, shared_path
from whipple.telemetry.rate_forecast import WatchedLoop

__all__ = ["Event", "Samples", "WatchSettings", "WatchedChannel", "WatchedLoop", "Watcher"]

_LONGEST_GAP_COUNT, _MOST_AT_ONCE = 8640, 50000
#: A leak pushes: what measures this may move with it, so that it is no sign of a common data path.
_SWAYED = ("momentum", "rate")


class Watcher:
    """Watches channels as they come: `update(samples)` gives the events that can no longer change.

    The events do not depend on how the stream was cut into chunks, nor on the order within the lateness bound. `to_json` holds the whole
    state; `Watcher.from_json` goes on from there, event numbers included.

    >>> watch = Watcher(WatchSettings((WatchedChannel("p"),), cadence_s=1.0, lateness_s=0.0, learn_s=60.0))
    >>> t = np.arange(100.0)
    >>> events = watch.update(Samples(["p"] * 100, t, np.sin(7 * t) + np.where(t < 80, 0.0, 9.0)))
    >>> [(event.kind, event.t_s) for event in events]
    [('learned', 61.0), ('alarm', 82.0)]
    """

    def __init__(self, settings: WatchSettings) -> None:
        self.settings = settings
        count, names = len(settings.channels), [channel.name for channel in settings.channels]
        self._arrival = Arrival(names, settings.cadence_s, settings.lateness_s)
        plan = ChannelPlan(settings.cadence_s, settings.learn_s, settings.mtbf_days, settings.orbit_s)
        self._single = ChannelWatch(plan, [channel.resolution_ratio for channel in settings.channels])
        self._last_s, self._stale = np.full(count, np.nan), np.zeros(count, bool)
        self._learn_until_s: float | None = None
        self._learned, self._number = False, 0
        self._loops = [_loop_watch(settings, loop) for loop in settings.loops]
        self._loop_step: int | None = None
        self._loop_lag_s = 0.0
        self._sways = np.array([channel.measures in _SWAYED for channel in settings.channels], bool)
        self._path_told = ""
        self._path_of = [channel.data_path for channel in settings.channels]
        self._loop_of = [channel.loop for channel in settings.channels]
        self._has_paths = len(set(self._path_of) - {""}) > 1  # one alone is never named
        self._moves = new_path_watch(self._path_of)

    @property
    def dropped(self) -> dict[str, int]:
        """How many samples were left out so far: "late", "missing" (not a number), "repeated"."""
        return self._arrival.dropped

    def update(self, samples: Samples) -> list[Event]:
        """Take samples in order of arrival; the events that follow from them, in order of data time.

        Raises RangeError on a channel nobody named; the state is then as before.
        """
        index = self._arrival.numbers(samples.name)
        t_s, value = np.asarray(samples.t_s, float).ravel(), np.asarray(samples.value, float).ravel()
        if not index.size == t_s.size == value.size:
            raise RangeError(
                "watch", "samples", (index.size, t_s.size, value.size), "as many names as times and values"
            )
        out: list[Event] = []
        for low in range(0, index.size, _MOST_AT_ONCE):
            part = slice(low, low + _MOST_AT_ONCE)
            out += self._through(self._arrival.take(Samples(index[part], t_s[part], value[part])))
        return out

    def finish(self) -> list[Event]:
        """The end of the record: judge what was still held back."""
        return self._through(self._arrival.flush())

    def to_json(self) -> str:
        """Settings and state, complete, one line."""
        state = {
            "settings": self.settings.to_plain(),
            "arrival": self._arrival.to_plain(),
            "single": self._single.to_plain(),
            "last_s": [None if np.isnan(t) else t for t in self._last_s.tolist()],
            "stale": self._stale.tolist(),
            "learn_until_s": self._learn_until_s,
            "learned": self._learned,
            "number": self._number,
            "loops": [watch.to_plain() for watch, _ in self._loops],
            "loop_step": self._loop_step,
            "loop_lag_s": self._loop_lag_s,
            "moves": self._moves.to_plain(),
            "path_told": self._path_told,
        }
        return json.dumps(state, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Go on from `to_json`."""
        state = json.loads(text)
        out = cls(WatchSettings.from_plain(state["settings"]))
        out._arrival.restore(state["arrival"])
        out._single.restore(state["single"])
        out._stale = np.array(state["stale"], bool)
        out._last_s = np.array([np.nan if t is None else t for t in state["last_s"]], float)
        out._learn_until_s, out._learned, out._number = state["learn_until_s"], state["learned"], state["number"]
        out._loop_step, out._loop_lag_s, out._path_told = state["loop_step"], state["loop_lag_s"], state["path_told"]
        out._moves = PathWatch.from_plain(state["moves"])
        for (watch, _), plain in zip(out._loops, state["loops"], strict=True):
            watch.restore(plain)
        return out

    def _through(self, ticks: Iterable[Tick]) -> list[Event]:
        out: list[Event] = []
        for tick in ticks:
            out += self._tick(tick)
        return out

    def _tick(self, tick: Tick) -> list[Event]:
        now_s = (tick.step_count + 1) * self.settings.cadence_s
        out = self._silence(now_s, tick)
        self._last_s[tick.index] = now_s
        if self._learn_until_s is None:
            self._learn_until_s = now_s + self.settings.learn_s
        if not self._learned:
            self._single.learn(tick.step_count, tick.index, tick.value)
            if self._has_paths:
                self._moves.step(now_s, tick.index, tick.value, learning=True)
            self._run_loops(tick, now_s, learning=True)
            return out + (self._settle(now_s) if now_s >= self._learn_until_s else [])
        out += self._paths(now_s, tick)
        out += [self._moved(one) for one in self._single.step(tick.step_count, tick.index, tick.value)]
        return out + self._run_loops(tick, now_s, learning=False)

    def _run_loops(self, tick: Tick, now_s: float, *, learning: bool) -> list[Event]:
        """Every step of the clock up to this one, silent ones too: the loops are filters with a clock, that of the readings in the steps."""
        if not self._loops:
            return []
        row = np.full(len(self.settings.channels), np.nan)
        row[tick.index] = tick.value
        seen_s = tick.seen_s[np.isin(tick.index, np.concatenate([index for _, index in self._loops]))]
        if seen_s.size:
            self._loop_lag_s = now_s - float(seen_s.mean())
        missed = 0 if self._loop_step is None else min(tick.step_count - self._loop_step - 1, _LONGEST_GAP_COUNT)
        self._loop_step, out = tick.step_count, []
        for watch, index in self._loops:
            for behind in range(missed, -1, -1):
                value = row[index] if behind == 0 else np.full(index.size, np.nan)
                at_s = now_s - behind * self.settings.cadence_s
                if learning:
                    watch.learn(at_s - self._loop_lag_s, value)
                else:
                    out += [
                        self._tell(at_s, told.kind, watch.loop.name, told.text, told.values)
                        for told in watch.step(at_s - self._loop_lag_s, value)
                    ]
        return out

    def _paths(self, now_s: float, tick: Tick) -> list[Event]:
        """Two or more channels that share a data path moved within `stale_s`, and nothing on another path did."""
        if not self._has_paths:
            return []
        if not self._moves.step(now_s, tick.index, tick.value, learning=False).size:
            return []
        moved = (now_s - self._moves.moved_s <= self.settings.stale_s) & ~self._sways
        path = shared_path(self._path_of, self._loop_of, moved) if moved.sum() > 1 else ""
        before, self._path_told = self._path_told, path
        if not path or path == before:
            return []
        names = [channel.name for channel, one in zip(self.settings.channels, moved, strict=True) if one]
        text = f"{', '.join(names)} moved together and share data path {path}; no other path did"
        return [self._tell(now_s, "common data path", path, text, {"channels_count": float(len(names))})]

    def _settle(self, now_s: float) -> list[Event]:
        self._single.settle()
        self._learned = True
        out = [
            self._tell(now_s, "learned", "", *self._single.learned_text([one.name for one in self.settings.channels]))
        ]
        for watch, _ in self._loops:
            told = watch.settle()
            out.append(self._tell(now_s, told.kind, watch.loop.name, told.text, told.values))
        return out

    def _moved(self, one: Moved) -> Event:
        """A channel began to do what its quiet behaviour does not explain, or is calm again."""
        name = self.settings.channels[one.channel_count].name
        kind, text = one.words(name)
        return self._tell(one.t_s, kind, name, text, {"value": one.value, "quiet": one.quiet})

    def _silence(self, now_s: float, tick: Tick) -> list[Event]:
        """Channels that fell silent before this step, and those that came back with it."""
        out = []
        due = np.flatnonzero((now_s - self._last_s > self.settings.stale_s) & ~self._stale)
        for i in due[np.argsort(self._last_s[due], kind="stable")]:
            self._stale[i] = True
            at_s = float(self._last_s[i]) + self.settings.stale_s
            out.append(self._channel(at_s, "stale", i, f"silent for {self.settings.stale_s:g} s"))
        for i in tick.index[self._stale[tick.index]]:
            self._stale[i] = False
            out.append(self._channel(now_s, "fresh", i, "heard again"))
        return out

    def _channel(self, t_s: float, kind: str, index: int, what: str) -> Event:
        name = self.settings.channels[index].name
        return self._tell(t_s, kind, name, f"{name} {what}", {})

    def _tell(self, t_s: float, kind: str, about: str, text: str, values: dict[str, float]) -> Event:
        self._number += 1
        return Event(self._number - 1, t_s, kind, about, text, values)


def _loop_watch(settings: WatchSettings, loop: WatchedLoop) -> tuple[LoopWatch, npt.NDArray[np.int64]]:
    """The watch of one loop, and the numbers of its channels: pressures, then temperatures."""

    def place(measures: str) -> list[int]:
        return [i for i, c in enumerate(settings.channels) if c.loop == loop.name and c.measures == measures]

    pressures, warm, known = place("pressure"), place("temperature"), settings.channels
    steps, index = [known[i].resolution_ratio for i in pressures], np.array([*pressures, *warm], np.int64)
    paths = (tuple(known[i].data_path for i in pressures), tuple(known[i].data_path for i in warm))
    names = tuple(known[i].name for i in warm)
    return new_loop_watch(loop, steps, paths, settings.cadence_s, settings.mtbf_days, names), index
