"""The detector as a stream sees it: put samples in, get events out, the same however the stream was cut."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError
from whipple.telemetry.arrival import Arrival, Samples, Tick
from whipple.telemetry.channel_sums import ChannelSums, learned_limit_ratio, new_sums
from whipple.telemetry.loop_watch import LoopWatch, new_loop_watch
from whipple.telemetry.path_watch import PathWatch, new_path_watch, shared_path
from whipple.telemetry.rate_forecast import WatchedLoop

__all__ = ["Event", "Samples", "WatchSettings", "WatchedChannel", "WatchedLoop", "Watcher"]

_LONGEST_GAP_COUNT, _MOST_AT_ONCE = 8640, 50000
#: A leak pushes: what measures this may move with it, so that it is no sign of a common data path.
_SWAYED = ("momentum", "rate")


@dataclass(frozen=True)
class WatchedChannel:
    """A channel to watch: its `unit`, what it `measures`, the `loop` it belongs to, the `data_path` it shares, what it counts in.

    `resolution_ratio` is the step of its readings in its own unit, 0 when unknown.
    """

    name: str
    unit: str = ""
    measures: str = "other"
    loop: str = ""
    data_path: str = ""
    resolution_ratio: float = 0.0


@dataclass(frozen=True)
class WatchSettings:
    """How to watch: clock step, how late a sample may come, how long the quiet stretch lasts, days between false alarms, when it is stale.

    `loops` (optional) are watched for leaks: their pressures in Pa with a resolution, and two liquid temperatures in K.
    """

    channels: tuple[WatchedChannel, ...]
    cadence_s: float = 10.0
    lateness_s: float = 60.0
    learn_s: float = 86400.0
    mtbf_days: float = 30.0
    stale_s: float = 600.0
    loops: tuple[WatchedLoop, ...] = ()

    def __post_init__(self) -> None:
        for name, least in (("learn_s", 0.0), ("mtbf_days", 0.0), ("stale_s", self.cadence_s)):
            if not getattr(self, name) > least:
                raise RangeError("watch", name, getattr(self, name), f"more than {least:g}")

    def to_plain(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """Back from `to_plain`."""
        channels = tuple(WatchedChannel(**row) for row in plain["channels"])
        return cls(**{**plain, "channels": channels, "loops": tuple(WatchedLoop(**row) for row in plain["loops"])})


@dataclass(frozen=True)
class Event:
    """Something worth telling, at data time `t_s`. `number` counts from 0 without a gap: a reader who knows it repeats nothing.

    `kind`: "learned", "alarm", "cleared", "stale", "fresh" of a channel; "learned", "not watched", "leak suspected", "leak",
    "other cause likelier", "cause open", "no leak" of a loop, and after "leak" "leak update", "rate change suspected", "rate changed",
    "no rate change", "accumulator spent"; "common data path" of a path. `about` is the channel or the loop; `values` are named numbers.
    """

    number: int
    t_s: float
    kind: str
    about: str
    text: str
    values: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON, keys sorted.

        >>> Event(0, 10.0, "stale", "p1", "p1 fell silent").to_json()
        '{"about": "p1", "kind": "stale", "number": 0, "t_s": 10.0, "text": "p1 fell silent", "values": {}}'
        """
        return json.dumps(asdict(self), sort_keys=True)


class Watcher:
    """Watches channels as they come: `update(samples)` gives the events that can no longer change.

    The events do not depend on how the stream was cut into chunks, nor on the order within the lateness bound. `to_json` holds the whole
    state; `Watcher.from_json` goes on from there, event numbers included.

    >>> watch = Watcher(WatchSettings((WatchedChannel("p"),), cadence_s=1.0, lateness_s=0.0, learn_s=60.0))
    >>> t = np.arange(100.0)
    >>> events = watch.update(Samples(["p"] * 100, t, np.sin(7 * t) + np.where(t < 80, 0.0, 9.0)))
    >>> [(event.kind, event.t_s) for event in events]
    [('learned', 61.0), ('alarm', 83.0)]
    """

    def __init__(self, settings: WatchSettings) -> None:
        self.settings = settings
        count, names = len(settings.channels), [channel.name for channel in settings.channels]
        self._arrival = Arrival(names, settings.cadence_s, settings.lateness_s)
        self._sums, self._ready = new_sums(count), np.zeros(count, bool)
        self._last_s, self._stale = np.full(count, np.nan), np.zeros(count, bool)
        self._learn_until_s: float | None = None
        self._learned, self._number = False, 0
        self._limit = learned_limit_ratio(settings.mtbf_days, settings.cadence_s, count)
        self._loops = [_loop_watch(settings, loop) for loop in settings.loops]
        self._loop_step: int | None = None
        self._loop_lag_s = 0.0
        self._sways = np.array([channel.measures in _SWAYED for channel in settings.channels], bool)
        self._path_told = ""
        self._moves = new_path_watch([channel.data_path for channel in settings.channels])

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
            "sums": self._sums.to_plain(),
            "ready": self._ready.tolist(),
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
        out._sums = ChannelSums.from_plain(state["sums"])
        out._ready, out._stale = np.array(state["ready"], bool), np.array(state["stale"], bool)
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
            self._sums.learn(tick.index, tick.value)
            self._moves.step(now_s, tick.index, tick.value, learning=True)
            self._run_loops(tick, now_s, learning=True)
            return out + (self._settle(now_s) if now_s >= self._learn_until_s else [])
        out += self._paths(now_s, tick)
        return out + self._judge(now_s, tick) + self._run_loops(tick, now_s, learning=False)

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
        if not self._moves.step(now_s, tick.index, tick.value, learning=False).size:
            return []
        moved = (now_s - self._moves.moved_s <= self.settings.stale_s) & ~self._sways
        path = shared_path(
            [c.data_path for c in self.settings.channels], [c.loop for c in self.settings.channels], moved
        )
        before, self._path_told = self._path_told, path
        if not path or path == before:
            return []
        names = [channel.name for channel, one in zip(self.settings.channels, moved, strict=True) if one]
        text = f"{', '.join(names)} moved together and share data path {path}; no other path did"
        return [self._tell(now_s, "common data path", path, text, {"channels_count": float(len(names))})]

    def _settle(self, now_s: float) -> list[Event]:
        step = np.array([channel.resolution_ratio for channel in self.settings.channels])
        self._ready, self._learned = self._sums.settle(step / np.sqrt(12)), True
        text = f"{int(self._ready.sum())} of {self._ready.size} channels learned"
        out = [self._tell(now_s, "learned", "", text, {"channels_count": float(self._ready.sum())})]
        for watch, _ in self._loops:
            told = watch.settle()
            out.append(self._tell(now_s, told.kind, watch.loop.name, told.text, told.values))
        return out

    def _judge(self, now_s: float, tick: Tick) -> list[Event]:
        known = self._ready[tick.index]
        index, value = tick.index[known], tick.value[known]
        out = []
        for place in self._sums.step(index, value, self._limit):
            channel, i = self.settings.channels[index[place]], index[place]
            kind = "alarm" if self._sums.alarmed[i] else "cleared"
            side = "above" if self._sums.up_ratio[i] >= self._sums.down_ratio[i] else "below"
            text = f"{channel.name} is {side} its quiet level" if kind == "alarm" else f"{channel.name} is back"
            values = {"value": float(value[place]), "quiet": float(self._sums.mean_ratio[i])}
            out.append(self._tell(now_s, kind, channel.name, text, values))
        return out

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
    return new_loop_watch(loop, steps, paths, settings.cadence_s, settings.mtbf_days), index
