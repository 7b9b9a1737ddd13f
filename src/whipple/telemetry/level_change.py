"""When did a level change, and by how much, since it was last announced? A causal list of announcements over many channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.state_quiet import gain_of, learn_quiet, quiet_limit
from whipple.telemetry.state_watch import WatchedChannel, check_record

__all__ = ["AnnouncementSettings", "LevelAnnouncer", "LevelChange", "announce_changes", "learn_announcer"]

#: Rows whose mean starts level and reference, and before which nothing is announced.
_START_COUNT = 20


@dataclass(frozen=True)
class AnnouncementSettings:
    """How a change is announced: a channel's level against its mean since the last announcement.

    Levels are exponential means (`level_memories_s`); that mean remembers `reference_memory_s` at most. A change is announced beyond
    `limit_frac` of the excursion that quiet behaviour makes once in `alarm_spacing_s`, and beyond `least_frac` of the smallest change that
    matters in that channel; then every level and mean begins anew, and nothing more is said for `gap_s`.
    """

    level_memories_s: tuple[float, ...] = (3.0, 10.0)
    reference_memory_s: float = 50.0
    alarm_spacing_s: float = 3600.0
    limit_frac: float = 1.0
    least_frac: float = 0.5
    gap_s: float = 30.0


@dataclass(frozen=True)
class LevelChange:
    """One announcement: `t_s` when it was made, the `channel` that moved most (against its limit), `size_ratio` in that channel's unit so far.

    It is made as soon as the change is certain, so the size is mostly less than the whole change.
    """

    t_s: float
    channel: str
    size_ratio: float


@dataclass
class LevelAnnouncer:
    """The live announcer, a row at a time; one statistic for each channel and memory (n_statistic,). Made by `learn_announcer`."""

    settings: AnnouncementSettings
    channels: tuple[WatchedChannel, ...]
    source: npt.NDArray[np.int64]
    middle_ratio: Array
    scatter_ratio: Array
    gain_frac: Array
    reference_gain_frac: float
    limit_ratio: Array
    level_ratio: Array
    reference_ratio: Array
    since_count: int = _START_COUNT
    seen_count: int = 0
    last_s: float = -np.inf

    def step(self, t_s: float, value: Array) -> LevelChange | None:
        """Take one row `value` (n_channel,) at `t_s`; return what there is to announce."""
        z = (value[self.source] - self.middle_ratio) / self.scatter_ratio
        self.since_count += 1
        self.seen_count += 1
        young_frac = 1.0 / self.since_count
        self.level_ratio += np.maximum(self.gain_frac, young_frac) * (z - self.level_ratio)
        off = self.level_ratio - self.reference_ratio
        share = np.abs(off) / self.limit_ratio
        most = int(np.argmax(share))
        if share[most] <= 1.0 or t_s - self.last_s < self.settings.gap_s or self.seen_count <= _START_COUNT:
            self.reference_ratio += max(self.reference_gain_frac, young_frac) * (z - self.reference_ratio)
            return None
        self.since_count, self.last_s = 0, t_s
        return LevelChange(t_s, self.channels[int(self.source[most])].name, float(off[most] * self.scatter_ratio[most]))


def learn_announcer(
    t_s: Array, value: Array, channels: Sequence[WatchedChannel], settings: AnnouncementSettings | None = None
) -> LevelAnnouncer:  # fmt: skip
    """Learn limits from training rows `t_s` (n,), `value` (n, n_channel): an announcer that has seen no row yet."""
    told = settings or AnnouncementSettings()
    check_record(t_s, value, channels, t_s.size)
    interval_s = float(np.median(np.diff(t_s)))
    slow, rows = gain_of(interval_s, told.reference_memory_s), []
    for c, channel in enumerate(channels):
        quiet = learn_quiet(value[:, c], channel.concern, told.least_frac * channel.least_change_frac)
        for memory_s in told.level_memories_s:
            gain = gain_of(interval_s, memory_s)
            limit = told.limit_frac * quiet_limit(quiet, 0, gain, slow, told.alarm_spacing_s / interval_s)
            rows.append(
                (c, quiet.middle_ratio, quiet.scatter_ratio, gain, max(limit, quiet.floor_ratio), quiet.level_ratio)
            )
    source, middle, scatter, gains, limits, level = np.array(rows, dtype=np.float64).T.copy()
    return LevelAnnouncer(
        told, tuple(channels), source.astype(np.int64), middle, scatter, gains, slow, limits, level, level.copy()
    )  # fmt: skip


def announce_changes(
    t_s: Array, value: Array, channels: Sequence[WatchedChannel], training_count: int, settings: AnnouncementSettings | None = None
) -> tuple[LevelChange, ...]:  # fmt: skip
    """What changed, and when was it said? `t_s` (n,) seconds, rising; `value` (n, n_channel), each column in its own unit.

    Limits come from the first `training_count` rows (80 or more); announcements within those rows are left out. From then on each rests on
    what came before it only. Both directions count, whatever the concern: a return is news as well, and a change that goes on is announced again.
    Judgement of this project, measured in docs/theory/telemetry_skab.md. Raises RangeError or EvidenceError for a record that cannot be judged.

    >>> rng = np.random.default_rng(4)
    >>> flow = 32.0 + 0.3 * rng.standard_normal((900, 1)); flow[600:700] -= 2.0
    >>> changes = announce_changes(np.arange(900.0), flow, [WatchedChannel("flow", "low", 0.01)], 400)
    >>> [(change.t_s, change.channel, round(change.size_ratio, 1)) for change in changes]
    [(600.0, 'flow', -0.6), (700.0, 'flow', 0.5)]
    """
    check_record(t_s, value, channels, training_count)
    announcer = learn_announcer(t_s[:training_count], value[:training_count], channels, settings)
    said = [announcer.step(now, row) for now, row in zip(t_s.tolist(), value, strict=True)]
    return tuple(change for change in said[training_count:] if change is not None)
