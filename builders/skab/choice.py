"""Settings for one category chosen on the others: the middle of the plateau, never the best point."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from skab.protocol import CHANNELS, KINDS, TRAIN, Array, Flags, Run, counts, f1_far, nab, quiet_announcements

from whipple.telemetry.level_change import AnnouncementSettings, announce_changes
from whipple.telemetry.state_watch import StateSettings, StateWatch, WatchedChannel, learn_state, watch_state

__all__ = [
    "ANNOUNCEMENTS", "F1_WIDTH", "FAR", "STATES", "WATCHED", "announced", "best", "chosen_announcements", "chosen_states", "middle",
    "state_table", "states", "steps",
]  # fmt: skip

Settings = tuple[tuple[WatchedChannel, ...], StateSettings]
FLOW, *SHAKE = (channel.name for channel in CHANNELS)

#: What the state watches: the concern or either way, the smallest flow change that matters; how it judges: memories, spacing, hold, half.
WATCHED = tuple(
    (WatchedChannel(FLOW, low, least), WatchedChannel(SHAKE[0], high, 0.25), WatchedChannel(SHAKE[1], high, 0.25))
    for (low, high), least in itertools.product((("low", "high"), ("either", "either")), (0.005, 0.01, 0.02))
)
JUDGED = tuple(
    StateSettings(level_memories_s=memory, alarm_spacing_s=3600.0 * hours, hold_s=hold, half_ratio=half)
    for memory, hours, hold, half in itertools.product(
        ((3.0, 10.0), (5.0, 20.0)), (1, 3, 10), (20.0, 30.0, 40.0, 50.0), (0.5, 0.7)
    )
)
STATES = tuple(itertools.product(WATCHED, JUDGED))
#: Settings of the announcements: memory of the reference, spacing, share of the limit, gap.
ANNOUNCEMENTS = tuple(
    AnnouncementSettings(reference_memory_s=memory, alarm_spacing_s=3600.0 * hours, limit_frac=share, gap_s=gap)
    for memory, hours, share, gap in itertools.product((50.0, 100.0), (1, 10), (0.7, 1.0, 1.4), (10.0, 30.0))
)
#: As good as the best: F1 within 0.02 (what the crop test calls no change), NAB within 2 points.
F1_WIDTH, NAB_WIDTH = 0.02, 2.0
#: The false-alarm rate asked, and the most announcements an hour on quiet rows that the choice allows.
FAR, PER_HOUR = 0.12, 6.0


def states(runs: Sequence[Run], told: Settings) -> list[Flags]:
    """The state of each test row."""
    return [watch_state(run.t_s, run.value, told[0], TRAIN, told[1]).disturbed[TRAIN:] for run in runs]


def side_by_side(run: Run, tried: Sequence[Settings]) -> Flags:
    """States of one run's test rows under many settings (n, n_settings): their statistics in one watch, for speed only."""
    alone = [learn_state(run.t_s[:TRAIN], run.value[:TRAIN], *told)[0] for told in tried]
    arrays = [field.name for field in fields(StateWatch) if field.name != "seen_count"]
    together = StateWatch(*(np.concatenate([getattr(watch, name) for watch in alone]) for name in arrays))
    rows = [together.step(now, row) for now, row in zip(run.t_s.tolist(), run.value, strict=True)]
    return np.array(rows[TRAIN:]).reshape(run.t_s.size - TRAIN, len(tried), -1).any(axis=2)


def state_table(runs: Sequence[Run]) -> Array:
    """Counts of all settings (n_settings, n_run, 4)."""
    return np.stack([counts([run] * len(STATES), list(side_by_side(run, STATES).T)) for run in runs], axis=1)


def announced(runs: Sequence[Run], told: AnnouncementSettings) -> list[Array]:
    """The times of the announcements in each test part."""
    return [np.array([c.t_s for c in announce_changes(run.t_s, run.value, CHANNELS, TRAIN, told)]) for run in runs]


def middle(score: Array, allowed: Flags, knobs: Array, width: float) -> int:
    """The settings nearest to all others (sum over knobs of steps apart) among those allowed and within `width` of the best allowed."""
    top = np.flatnonzero(allowed & (score >= score[allowed].max() - width))
    apart = np.abs(knobs[top][:, None] - knobs[top][None]) / np.maximum(np.ptp(knobs, axis=0), 1)
    return int(top[np.lexsort((-score[top], np.round(apart.sum(axis=(1, 2)), 9)))[0]])


def best(score: Array, allowed: Flags, knobs: Array, width: float) -> int:
    """The best allowed settings: for comparison only."""
    return int(np.argmax(np.where(allowed, score, -np.inf)))


def steps(rows: Sequence[tuple[object, ...]]) -> Array:
    """Each knob as the number of its step in the grid (n_settings, n_knob), for rows of what each settings holds."""
    columns = [sorted(set(column)) for column in zip(*rows, strict=True)]
    return np.array(
        [[column.index(x) for x, column in zip(row, columns, strict=True)] for row in rows], dtype=np.float64
    )


def knobs_of(told: Settings) -> tuple[object, ...]:
    """What a settings of the state holds."""
    watched, judged = told
    return (watched[0].concern, watched[0].least_change_frac, *vars(judged).values())


def chosen_states(runs: Sequence[Run], table: Array, quiet: Array, rule=middle) -> dict[str, int]:
    """Number of the settings for each category, chosen on the other two: F1, with 12 % false alarms at most there and on the unlabelled file."""
    kinds, knobs, chosen = np.array([run.kind for run in runs]), steps([knobs_of(told) for told in STATES]), {}
    calm = f1_far(quiet)[1] <= FAR
    for kind in (*KINDS, "none left out"):
        f1, far = f1_far(table[:, kinds != kind])
        chosen[kind] = rule(f1, calm & (far <= FAR), knobs, F1_WIDTH)
    return chosen


def chosen_announcements(runs: Sequence[Run], tried: Sequence[Sequence[Array]]) -> dict[str, int]:
    """Number of the settings for each category, chosen on the other two: NAB, with 6 announcements in a quiet hour at most there."""
    knobs, chosen = steps([tuple(vars(told).values()) for told in ANNOUNCEMENTS]), {}
    for kind in (*KINDS, "none left out"):
        rest = [i for i, run in enumerate(runs) if run.kind != kind]
        others, said = [runs[i] for i in rest], [[one[i] for i in rest] for one in tried]
        score = np.array([nab(others, one)[0] for one in said])
        heard = [quiet_announcements(others, one) for one in said]
        chosen[kind] = middle(score, np.array([n / hours for n, hours in heard]) <= PER_HOUR, knobs, NAB_WIDTH)
    return chosen
