"""How shall it be watched? Clock, patience, what is known of the channels, and what a screen shows of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.telemetry.limits import LimitBook
from whipple.telemetry.sequential import WatchedChannel, WatchedLoop, Watcher, WatchSettings

__all__ = ["Glance", "Known", "WatchPlan", "detector_from", "detector_of", "digests_of", "same_digests"]


@dataclass(frozen=True)
class Known:
    """What is known of a channel: as the detector takes it, in SI; its SI value is factor x value + offset. `unit` is its own."""

    channel: WatchedChannel
    factor: float = 1.0
    offset: float = 0.0
    unit: str = ""


@dataclass(frozen=True)
class WatchPlan:
    """How to watch. `channels` empty means all that are heard in the first `discover_s` of data time.

    `step_s` is the step of the detector's clock and of the log, `lateness_s` how late a sample may come, `jump_s` how far a time stamp
    may leap ahead unconfirmed. `known` says what channels measure, `loops` which are watched for leaks. `detect` switches the detector
    on: it learns for `learn_s` and gives a false alarm in `mtbf_days`. `orbit_s` is the revolution that channels may swing with, 0 for none.
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
    orbit_s: float = 5560.0

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


def detector_of(plan: WatchPlan, book: LimitBook, watched: Sequence[str]) -> tuple[Watcher, Array, list[str]]:
    """The detector of these channels, factor and offset of each into its unit there (2, n), and which loops lack a sensor."""
    known = {one.channel.name: one for one in plan.known}
    units = {name: limits.unit for name in watched if (limits := book.of(name)) is not None}
    rows = [known.get(name, Known(WatchedChannel(name, units.get(name, "")))) for name in watched]
    scale = np.array([[row.factor for row in rows], [row.offset for row in rows]])
    channels = tuple(row.channel for row in rows)
    settings = WatchSettings(
        channels, plan.step_s, 0.0, plan.learn_s, plan.mtbf_days, plan.stale_s, orbit_s=plan.orbit_s
    )
    loops, lacking = [], []
    for loop in plan.loops:
        try:
            Watcher(replace(settings, loops=(loop,)))
            loops.append(loop)
        except RangeError as error:
            lacking.append(f"not watched for leaks: {error}".split("\n", maxsplit=1)[0])
    return Watcher(replace(settings, loops=tuple(loops))), scale, lacking


def detector_from(text: str) -> Watcher:
    """The detector of a checkpoint; RangeError when another version of whipple wrote it."""
    try:
        return Watcher.from_json(text)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        found = f"a detector that cannot be read ({type(error).__name__}: {error})"
        raise RangeError("watch", "state", found, "one written by this version", "start again with --fresh") from None


def digests_of(plan: WatchPlan, book: LimitBook) -> dict[str, str]:
    """What a state is made with: each setting of the plan by its name, and the "limits"; long ones as a short hash.

    >>> found = digests_of(WatchPlan(step_s=2.0), LimitBook())
    >>> found["step_s"], len(found["limits"])
    ('2.0', 17)
    """
    limits = repr(sorted(book.types.items())) + repr(sorted(book.parameters.items()))
    words = {name: json.dumps(value, sort_keys=True) for name, value in asdict(plan).items()}
    return {name: word if len(word) <= 40 else _hashed(word) for name, word in words.items()} | {
        "limits": _hashed(limits)
    }


def _hashed(word: str) -> str:
    return "#" + hashlib.sha256(word.encode()).hexdigest()[:16]


def same_digests(saved: object, mine: dict[str, str], *, is_clean: bool) -> bool:
    """Are the limits as they were? RangeError naming each other setting, and with other limits unless the stop was clean.

    >>> mine = digests_of(WatchPlan(), LimitBook())
    >>> same_digests(mine | {"step_s": "2.0", "loops": "#12"}, mine, is_clean=True)
    Traceback (most recent call last):
    ...
    whipple.errors.RangeError: watch: found state = a checkpoint made with step_s 2.0 (now 1.0), other loops, expected the settings of now
      try: the settings of before, or --fresh
    """
    if not isinstance(saved, dict) or not mine.keys() <= saved.keys():
        found, expected = "a checkpoint that does not say its settings", "one written by this version"
        raise RangeError("watch", "state", found, expected, "start again with --fresh")
    others = [name for name in mine if name != "limits" and saved[name] != mine[name]]
    if others:
        told = ", ".join(_told(name, str(saved[name]), mine[name]) for name in others)
        found, expected = f"a checkpoint made with {told}", "the settings of now"
        raise RangeError("watch", "state", found, expected, "the settings of before, or --fresh")
    same_limits = bool(saved["limits"] == mine["limits"])
    if not same_limits and not is_clean:
        remedy = "start and stop it once with the limits of before, then change them; or --fresh"
        raise RangeError("watch", "limits", "others than before, after a kill", "those of the checkpoint", remedy)
    return same_limits


def _told(name: str, before: str, now: str) -> str:
    """In words how a setting differs; what is long is only named."""
    return f"other {name}" if "#" in before[:1] + now[:1] else f"{name} {before} (now {now})"
