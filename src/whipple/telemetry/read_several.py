"""Several sources at once: records are merged by their own time, then live sources as they come. One source is handed through as it is."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.read_windows import newest_so_far_s
from whipple.errors import InvestigationError
from whipple.telemetry.clock import Parcel
from whipple.telemetry.read_stream import said

__all__ = ["Source", "read_several"]

Position = Mapping[str, Any]
_BREATH_S, _WAITING = 0.25, 64
_NOTHING = np.zeros(0)


@dataclass(frozen=True)
class Source:
    """A source by `name`: `read(position)` gives its parcels from there on. `live` ones cannot go back and are heard as they come."""

    name: str
    read: Callable[[Position | None], Iterator[Parcel]]
    live: bool = False


def read_several(
    sources: Sequence[Source],
    position: Position | None = None,
    pace: Callable[[Iterator[Parcel]], Iterator[Parcel]] = lambda parcels: parcels,
) -> Iterator[Parcel]:
    """The parcels of every source. Records come first, merged so that no sample precedes one already given; `pace` holds them back.

    Live sources are dialled at once and wait behind the records. One that fails is told and left; the others go on, and only when all
    have failed is the first reason raised. Of two sources with one channel and stamp one sample counts.
    """
    if len(sources) == 1:
        one = sources[0].read(position)
        yield from one if sources[0].live else pace(one)
        return
    recorded, live = [one for one in sources if not one.live], [one for one in sources if one.live]
    ears = _Ears(live)
    try:
        where: Position | None = position
        for parcel in pace(_in_order(recorded, position or {})):
            where = parcel.position
            yield parcel
        yield from (replace(parcel, position=where) for parcel in ears.parcels())
    finally:
        ears.stop()


@dataclass
class _Strand:
    """One record: parcels not handed on yet, each with the newest time of the record up to every sample."""

    name: str
    parcels: Iterator[Parcel]
    at: Position | None
    newest_s: float
    skip_until_s: float
    waiting: deque[tuple[Parcel, Array]] = field(default_factory=deque)
    head_s: float = -np.inf
    ended: bool = False

    def fill(self) -> None:
        """One more parcel, less what an earlier run has handed on."""
        parcel = next(self.parcels, None)
        if parcel is None:
            self.ended = True
            return
        lead = newest_so_far_s(self.newest_s, parcel.t_s)
        self.newest_s = float(lead[-1]) if lead.size else self.newest_s
        low = int(np.searchsorted(lead, self.skip_until_s)) if self.skip_until_s > -np.inf else 0
        self.waiting.append((_part(parcel, low, lead.size), lead[low:]))

    def take(self, until_s: float) -> Iterator[tuple[Parcel, Array]]:
        """What comes before `until_s`; a parcel that is cut stays with its rest."""
        while self.waiting:
            parcel, lead = self.waiting.popleft()
            cut = int(np.searchsorted(lead, until_s))
            yield _part(parcel, 0, cut), lead[:cut]
            if cut < lead.size:
                rest = replace(_part(parcel, cut, lead.size), problems=(), rejected=())
                self.waiting.appendleft((rest, lead[cut:]))
                return
            self.at = parcel.position
            self.head_s = float(lead[-1]) if lead.size else self.head_s

    def position(self, until_s: float) -> dict[str, Any]:
        """Where it goes on: the place before the oldest parcel that waits, the newest time there, and what was handed on since."""
        finite = {key: x for key, x in (("newest_s", self.head_s), ("until_s", until_s)) if np.isfinite(x)}
        return {"at": self.at, **finite}


def _in_order(recorded: Sequence[Source], position: Position) -> Iterator[Parcel]:
    """One parcel for each stretch of time that every record has reached, its samples in the order of their newest time."""
    strands = []
    for one in recorded:
        known = position.get(one.name, {})
        head, skip = (float(known.get(key, -np.inf)) for key in ("newest_s", "until_s"))
        strands.append(_Strand(one.name, one.read(known.get("at")), known.get("at"), head, skip, head_s=head))
    until = -np.inf
    while not all(strand.ended and not strand.waiting for strand in strands):
        for strand in strands:
            while not strand.ended and not strand.waiting:
                strand.fill()
        reached = min((strand.newest_s for strand in strands if not strand.ended), default=np.inf)
        if reached == until and np.isfinite(reached):  # a whole parcel of one stamp: no step without the next
            next(strand for strand in strands if not strand.ended and strand.newest_s == reached).fill()
            continue
        until = reached
        taken = [part for strand in strands for part in strand.take(until)]
        if taken:
            yield _merged(taken, {strand.name: strand.position(until) for strand in strands})


def _part(parcel: Parcel, low: int, high: int) -> Parcel:
    if low == 0 and high == parcel.t_s.size:
        return parcel
    text = {place - low: word for place, word in parcel.text.items() if low <= place < high}
    rows = slice(low, high)
    return replace(parcel, index=parcel.index[rows], t_s=parcel.t_s[rows], value=parcel.value[rows], text=text)


def _merged(taken: Sequence[tuple[Parcel, Array]], position: Position) -> Parcel:
    names: dict[str, int] = {}
    words: dict[int, str] = {}
    index, begin = [np.zeros(0, np.int64)], 0
    for parcel, _ in taken:
        number = np.array([names.setdefault(name, len(names)) for name in parcel.names], np.int64)
        index.append(number[parcel.index])
        words |= {begin + place: word for place, word in parcel.text.items()}
        begin += parcel.t_s.size
    order = np.argsort(np.concatenate([_NOTHING, *(lead for _, lead in taken)]), kind="stable")
    back = np.empty(order.size, np.int64)
    back[order] = np.arange(order.size)
    t_s = np.concatenate([_NOTHING, *(parcel.t_s for parcel, _ in taken)])[order]
    value = np.concatenate([_NOTHING, *(parcel.value for parcel, _ in taken)])[order]
    return Parcel(
        tuple(names), np.concatenate(index)[order], t_s, value, {int(back[k]): word for k, word in words.items()}, position,
        problems=tuple(one for parcel, _ in taken for one in parcel.problems),
        rejected=tuple(one for parcel, _ in taken for one in parcel.rejected),
    )  # fmt: skip


class _Ears:
    """A thread for each live source; what they hear waits in one queue, which holds the senders back when it is full."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._queue: queue.Queue[tuple[str, Parcel | Exception | None]] = queue.Queue(_WAITING)
        self._stopped = threading.Event()
        self._open = len(sources)
        for one in sources:
            threading.Thread(target=self._listen, args=(one,), daemon=True).start()

    def stop(self) -> None:
        """Let the threads end."""
        self._stopped.set()

    def parcels(self) -> Iterator[Parcel]:
        """What is heard until every source has ended; an empty parcel each time it is quiet for a moment."""
        failed: list[Exception] = []
        count = self._open
        while self._open:
            try:
                name, heard = self._queue.get(timeout=_BREATH_S)
            except queue.Empty:
                yield said()
                continue
            if isinstance(heard, Parcel):
                yield heard
                continue
            self._open -= 1
            if heard is not None and not isinstance(heard, InvestigationError):
                raise heard
            if heard is not None:
                failed.append(heard)
                yield said(f"{name}: {heard}".replace("\n", "; ") + "; the other sources go on")
            elif self._open:
                yield said(f"{name} has ended; the other sources go on")
        if failed and len(failed) == count:
            raise failed[0]

    def _listen(self, source: Source) -> None:
        last: Exception | None = None
        try:
            for parcel in source.read(None):
                if not self._hand((source.name, parcel)):
                    return
        except Exception as error:  # whatever it is, it is the watch's to tell: a thread must not die in silence
            last = error
        self._hand((source.name, last))

    def _hand(self, heard: tuple[str, Parcel | Exception | None]) -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(heard, timeout=_BREATH_S)
                return True
            except queue.Full:
                continue
        return False
