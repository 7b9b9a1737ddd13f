"""The attempt that was dropped: an alarm that ends when the data after the last excursion show the level back, instead of after a fixed hold.

Wald's sequential test per channel and memory. `d`: the smallest change that matters, or 0.6 of the limit if larger; `m = max(d, 0.3 peak)`.
Every row after the last one whose shortest level is beyond `m` adds `d (d/2 - (x - t)) / v`, "settled at t" against "d further out": `x` the
row's excursion, `t` the level held to 0..m-d, `v` the long-run variance of the quiet rows (AR(1)). The alarm ends at `ln(channels / 0.05)`: 5 %
over all channels, whenever one looks. `longer` adds a third memory, three times as long, at the same false-alarm spacing of all memories together.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from skab.choice import F1_WIDTH, FAR, WATCHED, middle, steps
from skab.protocol import KINDS, TRAIN, Array, Flags, Run, counts, f1_far

from whipple.telemetry.state_quiet import SIGNS, gain_of, learn_quiet, quiet_limit
from whipple.telemetry.state_watch import StateSettings, WatchedChannel

__all__ = ["Attempt", "attempts", "chosen_attempts", "end_rows", "equivalence_states"]

#: Probability of ending an alarm too early, over all channels (stated before any score was looked at, not tried otherwise).
RISK = 0.05
HELD = StateSettings()


@dataclass(frozen=True)
class Attempt:
    """What is watched, how long levels remember, one quiet excursion of each of two memories in `spacing_s`."""

    watched: tuple[WatchedChannel, ...]
    memories_s: tuple[float, ...]
    spacing_s: float


def attempts(longer: bool) -> tuple[Attempt, ...]:
    """The grid: as that of the present rule, less hold and half; `longer` with three memories beside two."""
    memories = ((3.0, 10.0), (5.0, 20.0)) + (((3.0, 10.0, 30.0), (5.0, 20.0, 60.0)) if longer else ())
    return tuple(Attempt(w, m, 3600.0 * h) for w, m, h in itertools.product(WATCHED, memories, (1, 3, 10)))


def learned(run: Run, told: Attempt) -> Array:
    """One row for each channel and memory: see the names where it is unpacked."""
    rows, interval_s = [], float(np.median(np.diff(run.t_s[:TRAIN])))
    slow, count = gain_of(interval_s, HELD.reference_memory_s), len(told.memories_s)
    for c, one in enumerate(told.watched):
        quiet, sign = learn_quiet(run.value[:TRAIN, c], one.concern, one.least_change_frac), SIGNS[one.concern]
        z = quiet.z_ratio[quiet.healthy] - quiet.z_ratio[quiet.healthy].mean()
        phi = float(np.clip((z[1:] * z[:-1]).sum() / (z * z).sum(), 0.0, 0.98))
        for memory_s in told.memories_s:
            gain, spacing = gain_of(interval_s, memory_s), told.spacing_s * count / 2 / interval_s
            limit = max(quiet_limit(quiet, sign, gain, slow, spacing), quiet.floor_ratio)
            least = max(quiet.floor_ratio, HELD.near_ratio * limit)
            gains = (gain, gain_of(interval_s, min(told.memories_s)), slow)
            starts = (quiet.healthy.start, quiet.level_ratio, quiet.reference_ratio)
            need = np.log(len(told.watched) / RISK)
            variance = z.var() * (1 + phi) / (1 - phi)
            rows.append(
                (c, sign, quiet.middle_ratio, quiet.scatter_ratio, *gains, limit, least, variance, *starts, need)
            )
    return np.array(rows, dtype=np.float64)


def end_rows(run: Run, told: Attempt) -> float:
    """How many rows the first statistic's test takes when the level is back at once."""
    *_, least, variance, _, _, _, need = learned(run, told)[0]
    return float(2 * variance * need / least**2)


def equivalence_states(run: Run, tried: Sequence[Attempt]) -> Flags:
    """States of one run's test rows under many attempts (n, n_attempt), side by side."""
    tables = [learned(run, told) for told in tried]
    owner = np.repeat(np.arange(len(tried)), [len(table) for table in tables])
    source, sign, middle_, scatter, gain, short_gain, slow, limit, least, variance, start, level, reference, need = (
        np.concatenate(tables).T.copy()
    )
    source, short, side = source.astype(int), level.copy(), np.where(sign == 0, 1.0, sign)
    alarmed, peak, shown = np.zeros(owner.size, bool), np.zeros(owner.size), np.zeros(owner.size)
    said = np.zeros((run.t_s.size, len(tried)), bool)
    for i, row in enumerate(run.value):
        z = (row[source] - middle_) / scatter
        level += gain * (z - level)
        short += short_gain * (z - short)
        off = level - reference
        size = np.where(sign == 0, np.abs(off), sign * off)
        new = ~alarmed & (size > limit)
        side = np.where(new & (sign == 0), np.sign(off), side)
        now = side * (short - reference)
        peak = np.where(alarmed | new, np.maximum(peak, np.where(new, np.maximum(now, size), now)), 0.0)
        edge = np.maximum(least, HELD.back_ratio * peak)
        settled = np.clip(now, 0.0, edge - least)
        evidence = shown + least * (least / 2 - (side * (z - reference) - settled)) / variance
        shown = np.where(alarmed & (now <= edge), evidence, 0.0)
        back = alarmed & (shown >= need)
        alarmed = (alarmed & ~back) | new
        level = np.where(back, short, level)
        reference = np.where(back & (now > HELD.near_ratio * limit), short, reference)
        learning = ~alarmed & (back | (size <= HELD.near_ratio * limit)) & (i >= start)
        reference += np.where(learning, slow, 0.0) * (z - reference)
        said[i, owner[alarmed]] = True
    return said[TRAIN:]


def chosen_attempts(runs: Sequence[Run], quiet: Sequence[Run], tried: Sequence[Attempt]) -> dict[str, Attempt]:
    """The attempt for each category, chosen on the other two as the present rule's settings are."""
    table, silence = (
        np.stack([counts([run] * len(tried), list(equivalence_states(run, tried).T)) for run in some], axis=1)
        for some in (runs, quiet)
    )
    kinds, calm = np.array([run.kind for run in runs]), f1_far(silence)[1] <= FAR
    knobs = steps([(t.watched[0].concern, t.watched[0].least_change_frac, t.memories_s, t.spacing_s) for t in tried])
    chosen = {}
    for kind in KINDS:
        f1, far = f1_far(table[:, kinds != kind])
        chosen[kind] = tried[middle(f1, calm & (far <= FAR), knobs, F1_WIDTH)]
    return chosen
