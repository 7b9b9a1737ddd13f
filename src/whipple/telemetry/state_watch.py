"""Is the system disturbed now? A causal state of a multi-channel record, with limits each channel sets for itself while quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import EvidenceError, RangeError
from whipple.telemetry.state_quiet import SIGNS, gain_of, learn_quiet, quiet_limit

__all__ = ["StateLog", "StateSettings", "StateWatch", "WatchedChannel", "check_record", "learn_state", "watch_state"]

Flags = npt.NDArray[np.bool_]
#: The fewest training rows.
_FEWEST_COUNT = 80


@dataclass(frozen=True)
class WatchedChannel:
    """A channel, the way it moves when something is wrong (`low`, `high`, `either`) and the smallest change that matters, as a share of its level."""

    name: str
    concern: str = "either"
    least_change_frac: float = 0.0

    def __post_init__(self) -> None:
        if self.concern not in SIGNS:
            raise RangeError(f"channel {self.name}", "concern", repr(self.concern), f"one of {', '.join(SIGNS)}")
        if not 0.0 <= self.least_change_frac < np.inf:
            raise RangeError(f"channel {self.name}", "least_change_frac", self.least_change_frac, "0 or more")


@dataclass(frozen=True)
class StateSettings:
    """How the state is judged. Memories are of exponential means; samples count alike, however late they come.

    A channel alarms when its level (one for each of `level_memories_s`) is away from its reference by the limit that quiet behaviour exceeds
    once in `alarm_spacing_s`. It clears `hold_s` after the disturbance fell below `half_ratio` of its largest size, if it is by then
    below `back_ratio` of it or near the reference (`near_ratio` of the limit).
    """

    level_memories_s: tuple[float, ...] = (3.0, 10.0)
    reference_memory_s: float = 200.0
    alarm_spacing_s: float = 10800.0
    near_ratio: float = 0.6
    half_ratio: float = 0.5
    back_ratio: float = 0.3
    hold_s: float = 30.0


@dataclass(frozen=True)
class StateLog:
    """State of every row: `disturbed` (n,), `by_channel` (n, n_channel); `limit_ratio` (n_channel, n_memory) in each channel's unit.

    `healthy` holds the training rows each channel was learned on.
    """

    t_s: Array
    disturbed: Flags
    by_channel: Flags
    limit_ratio: Array
    healthy: tuple[slice, ...]


@dataclass
class StateWatch:
    """The live state, a row at a time; one statistic for each channel and memory (n_statistic,). Made by `learn_state`.

    Values are handled as multiples of the quiet scatter about the quiet middle; `learn_after_count` is the row from which the reference learns.
    """

    source: npt.NDArray[np.int64]
    sign: Array
    middle_ratio: Array
    scatter_ratio: Array
    gain_frac: Array
    reference_gain_frac: Array
    limit_ratio: Array
    near_ratio: Array
    half_ratio: Array
    back_ratio: Array
    hold_s: Array
    learn_after_count: Array
    level_ratio: Array
    reference_ratio: Array
    alarmed: Flags
    peak_ratio: Array
    low_since_s: Array
    seen_count: int = 0

    def step(self, t_s: float, value: Array) -> Flags:
        """Take one row `value` (n_channel,) at `t_s` and return which statistics (n_statistic,) are in alarm after it."""
        z = (value[self.source] - self.middle_ratio) / self.scatter_ratio
        self.level_ratio += self.gain_frac * (z - self.level_ratio)
        off = self.level_ratio - self.reference_ratio
        size = np.where(self.sign == 0.0, np.abs(off), self.sign * off)
        self.peak_ratio = np.where(self.alarmed, np.maximum(self.peak_ratio, size), 0.0)
        near = self.near_ratio * self.limit_ratio
        halved = size < np.maximum(near, self.half_ratio * self.peak_ratio)
        self.low_since_s = np.where(halved, np.minimum(self.low_since_s, t_s), np.inf)
        back = (t_s - self.low_since_s >= self.hold_s) & (size < np.maximum(near, self.back_ratio * self.peak_ratio))
        cleared = self.alarmed & back
        self.alarmed = np.where(self.alarmed, ~back, size > self.limit_ratio)
        self.reference_ratio = np.where(cleared & (size > near), self.level_ratio, self.reference_ratio)
        learning = ~self.alarmed & (size <= near) & (self.seen_count >= self.learn_after_count)
        self.reference_ratio += np.where(learning, self.reference_gain_frac, 0.0) * (z - self.reference_ratio)
        self.seen_count += 1
        return self.alarmed


def check_record(t_s: Array, value: Array, channels: Sequence[WatchedChannel], training_count: int) -> None:
    """Raise when a record `t_s` (n,), `value` (n, n_channel) cannot be judged: shapes, order of time, missing values, too short."""
    if value.ndim != 2 or value.shape != (t_s.size, len(channels)):
        raise RangeError("state of a record", "the shape of its values", value.shape, f"({t_s.size}, {len(channels)})")
    if t_s.size > 1 and not np.all(np.diff(t_s) > 0):
        raise RangeError(
            "state of a record",
            "a time",
            "one not after its forerunner",
            "rising times",
            "sort the rows and drop repeats",
        )
    if not np.all(np.isfinite(value)):
        name = channels[int(np.flatnonzero(~np.isfinite(value).all(axis=0))[0])].name
        raise EvidenceError(
            "is the system disturbed", f"number in some rows of {name}", "leave those rows out, or that channel"
        )
    if not _FEWEST_COUNT <= training_count <= t_s.size:
        raise RangeError(
            "state of a record", "training_count", training_count, f"{_FEWEST_COUNT} to {t_s.size} rows", "a longer record, or fewer quiet rows"
        )  # fmt: skip


def learn_state(
    t_s: Array, value: Array, channels: Sequence[WatchedChannel], settings: StateSettings | None = None
) -> tuple[StateWatch, tuple[slice, ...]]:
    """Learn limits from training rows `t_s` (n,), `value` (n, n_channel): a watch that has seen no row yet, and each channel's healthy rows."""
    told = settings or StateSettings()
    check_record(t_s, value, channels, t_s.size)
    interval_s = float(np.median(np.diff(t_s)))
    slow, healthy, rows = gain_of(interval_s, told.reference_memory_s), [], []
    for c, channel in enumerate(channels):
        quiet, sign = learn_quiet(value[:, c], channel.concern, channel.least_change_frac), SIGNS[channel.concern]
        for memory_s in told.level_memories_s:
            gain = gain_of(interval_s, memory_s)
            limit = max(quiet_limit(quiet, sign, gain, slow, told.alarm_spacing_s / interval_s), quiet.floor_ratio)
            starts = (quiet.healthy.start, quiet.level_ratio, quiet.reference_ratio)
            rows.append((c, sign, quiet.middle_ratio, quiet.scatter_ratio, gain, limit, *starts))
        healthy.append(quiet.healthy)
    source, signs, middle, scatter, gains, limits, after, level, reference = np.array(rows, dtype=np.float64).T.copy()
    same = np.ones(len(rows))
    watch = StateWatch(
        source.astype(np.int64), signs, middle, scatter, gains, slow * same, limits, told.near_ratio * same, told.half_ratio * same,
        told.back_ratio * same, told.hold_s * same, after, level, reference, np.zeros(len(rows), bool), 0.0 * same, np.inf * same,
    )  # fmt: skip
    return watch, tuple(healthy)


def watch_state(
    t_s: Array, value: Array, channels: Sequence[WatchedChannel], training_count: int, settings: StateSettings | None = None
) -> StateLog:  # fmt: skip
    """Is the system disturbed, row by row? `t_s` (n,) seconds, rising; `value` (n, n_channel), each column in its own unit.

    The first `training_count` rows (80 or more) set the limits; from then on every row is judged with what came before it only, so a longer
    record never changes an earlier state. States of the training rows are hindsight. Judgement of this project, measured in
    docs/theory/telemetry_skab.md. Raises RangeError or EvidenceError for a record that cannot be judged.

    >>> rng = np.random.default_rng(1)
    >>> flow = 32.0 + 0.3 * rng.standard_normal((900, 1)); flow[600:700] -= 2.0
    >>> log = watch_state(np.arange(900.0), flow, [WatchedChannel("flow", "low", 0.02)], 400)
    >>> (np.flatnonzero(np.diff(log.disturbed.astype(int))) + 1).tolist()
    [600, 737]
    """
    check_record(t_s, value, channels, training_count)
    watch, healthy = learn_state(t_s[:training_count], value[:training_count], channels, settings)
    alarmed = np.array([watch.step(now, row) for now, row in zip(t_s.tolist(), value, strict=True)])
    by_channel = np.asarray(alarmed.reshape(t_s.size, len(channels), -1).any(axis=2))
    limit = (watch.limit_ratio * watch.scatter_ratio).reshape(len(channels), -1)
    return StateLog(t_s, np.asarray(by_channel.any(axis=1)), by_channel, limit, healthy)
