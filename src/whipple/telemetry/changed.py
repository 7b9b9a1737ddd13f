"""Which channels changed at the onset, which did not, and what is the smallest change that would have been seen?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.onset import ChannelVerdict
from whipple.casefile.read_channels import Channel
from whipple.casefile.tables.channel import ChannelTable
from whipple.physics.cited import Cited
from whipple.telemetry.noise import reading_step
from whipple.telemetry.revolution import ORBIT_S

__all__ = ["FAMILY_PROB", "Shift", "judge_channels", "measure_shift"]

#: Probability that any channel at all is wrongly called changed, or wrongly called unchanged.
FAMILY_PROB = Cited(0.05, unit="", source="whipple_judgement", grade="proposal")
#: A change called "would have been seen" is found with this probability.
POWER_PROB = Cited(0.9, unit="", source="whipple_judgement", grade="proposal")
_FEWEST = 5


@dataclass(frozen=True)
class Shift:
    """Mean after minus mean before the onset, as multiples of the channel's unit: `size_ratio`, 1-sigma `sigma_ratio`.

    `dof_count` degrees of freedom of the sigma; `coarse_ratio` what the sensor's steps may hide; `window_s` the stretch used.
    """

    size_ratio: float
    sigma_ratio: float
    dof_count: float
    coarse_ratio: float
    window_s: float


def judge_channels(
    tables: Sequence[ChannelTable],
    channels: Sequence[Channel],
    onset_s: Estimate,
    quiet_until_s: float,
    window_s: float = float(ORBIT_S),
) -> tuple[ChannelVerdict, ...]:
    """A verdict for each channel that has samples on both sides of the onset; `window_s` on each side are compared: one revolution, so that a
    swing cancels.

    Changed: Holm's test over all channels at `FAMILY_PROB`, unless the change is shown to lie within the tolerance of the case.
    Unchanged: the change is shown to lie within the tolerance (two one-sided tests, Bonferroni). Neither: too coarse to say.
    """
    measured = [
        (table, channel, measure_shift(channel, table.resolution, onset_s, quiet_until_s, window_s))
        for table, channel in zip(tables, channels, strict=True)
    ]
    kept = [(table, channel, shift) for table, channel, shift in measured if shift is not None]
    significant = _holm([_p_value(shift) for _, _, shift in kept])
    return tuple(
        _verdict(table, channel, shift, seen, len(kept), onset_s)
        for (table, channel, shift), seen in zip(kept, significant, strict=True)
    )


def measure_shift(
    channel: Channel,
    resolution: float | None,
    onset_s: Estimate,
    quiet_until_s: float,
    window_s: float = float(ORBIT_S),
) -> Shift | None:
    """The shift at the onset: `window_s` after it against as much before, with a sigma from the same difference at every quiet place; None with too
    few samples.

    The placebo differences carry swing, drift and memory of the channel with them, so no noise model is needed.
    """
    gap = onset_s.high - onset_s.low
    window = min(
        window_s,
        channel.t_s[-1] - onset_s.high if channel.t_s.size else 0.0,
        onset_s.low - channel.t_s[0] if channel.t_s.size else 0.0,
    )
    if window <= 0:
        return None
    total, count = np.concatenate([[0.0], np.cumsum(channel.value)]), channel.t_s

    def difference(at: Array) -> tuple[Array, Array]:
        i = [np.searchsorted(count, at + x) for x in (-window, 0.0, gap, gap + window)]
        before, after = i[1] - i[0], i[3] - i[2]
        fewest = np.minimum(before, after)
        return np.where(
            fewest > 0,
            (total[i[3]] - total[i[2]]) / np.maximum(after, 1) - (total[i[1]] - total[i[0]]) / np.maximum(before, 1),
            0.0,
        ), fewest

    size, fewest = difference(np.array([onset_s.low]))
    last = min(quiet_until_s, onset_s.low) - gap - window
    places = np.arange(channel.t_s[0] + window, last + 1e-9, window / 4)
    placebo, filled = difference(places) if places.size else (np.zeros(0), np.zeros(0))
    placebo = placebo[filled >= max(_FEWEST, fewest[0] / 2)]
    quiet = channel.value[channel.t_s < quiet_until_s]
    if fewest[0] < _FEWEST or quiet.size < 2 * _FEWEST or placebo.size < 3:
        return None
    step = reading_step(channel.value) if resolution is None else resolution
    spread = float(np.sqrt(np.mean(placebo**2)))
    least = float(quiet.std() * np.sqrt(2 / fewest[0]))
    dof = max(2.0, 1.5 * (placebo.size + 7) / 8)
    return Shift(float(size[0]), max(spread, least), dof, step / 2 if quiet.std() < step / 3 else 0.0, window)


def _p_value(shift: Shift) -> float:
    beyond = max(abs(shift.size_ratio) - shift.coarse_ratio, 0.0)
    if shift.sigma_ratio == 0:
        return 0.0 if beyond > 0 else 1.0
    return float(2 * student.sf(beyond / shift.sigma_ratio, shift.dof_count))


def _holm(p_values: Sequence[float]) -> list[bool]:
    """Which of the tests are significant with the family's error held at `FAMILY_PROB` (Holm 1979)."""
    order, out, going = np.argsort(p_values), [False] * len(p_values), True
    for rank, i in enumerate(order):
        going = going and p_values[i] <= float(FAMILY_PROB) / (len(p_values) - rank)
        out[i] = going
    return out


def _verdict(
    table: ChannelTable, channel: Channel, shift: Shift, seen: bool, tests: int, onset_s: Estimate
) -> ChannelVerdict:
    strict = float(student.isf(float(FAMILY_PROB) / tests, shift.dof_count)) * shift.sigma_ratio + shift.coarse_ratio
    twice = float(
        student.isf(float(FAMILY_PROB) / tests / 2, shift.dof_count)
        + student.isf(1 - float(POWER_PROB), shift.dof_count)
    )
    smallest = max(twice * shift.sigma_ratio + shift.coarse_ratio, 1e-12 * abs(float(channel.value[0])))
    within = abs(shift.size_ratio) + strict
    if table.equivalence is not None and within <= table.equivalence:
        word = "unchanged"
    elif seen:
        word = "changed"
    else:
        word = "unchanged" if table.equivalence is None else "too coarse to say"
    half = float(student.isf(0.05, shift.dof_count)) * shift.sigma_ratio + shift.coarse_ratio
    change = Estimate(shift.size_ratio, shift.size_ratio - half, shift.size_ratio + half, channel.unit)
    sentence = _sentence(table, channel, shift, word, (within, smallest))
    drawn = _thin(channel.t_s, onset_s.median)
    return ChannelVerdict(
        channel.name,
        channel.unit,
        word,
        change,
        smallest,
        sentence,
        channel.simulated,
        channel.t_s[drawn],
        channel.value[drawn],
    )


def _sentence(table: ChannelTable, channel: Channel, shift: Shift, word: str, limits: tuple[float, float]) -> str:
    within, smallest = limits
    unit = {"degC": "K", "degF": "°F"}.get(channel.unit, channel.unit)
    stretch = f"over {shift.window_s / 60:.0f} min"
    seen = f"a change of {smallest:.2g} {unit} would have been seen".replace("  ", " ")
    if word == "changed":
        pushed = (
            "; a leak pushes the ship, so this speaks for no shared fault"
            if table.measures in ("momentum", "rate")
            else ""
        )
        return f"{'rose' if shift.size_ratio > 0 else 'fell'} by {abs(shift.size_ratio):.3g} {unit} {stretch}; {seen}{pushed}"
    if word == "unchanged":
        untold = "" if table.equivalence is not None else " (the case names no tolerance)"
        return f"unchanged within ±{within:.2g} {unit} {stretch}{untold}; {seen}"
    return f"too coarse to say: the change lies within ±{within:.2g} {unit}, the tolerance is {table.equivalence:g} {unit}; {seen}"


def _thin(t_s: Array, onset_s: float) -> Array:
    """Indices for drawing: about 800 over the whole record and all within half an hour of the onset (at most 400)."""
    near = np.flatnonzero(np.abs(t_s - onset_s) < 1800.0)
    near = near[:: max(1, near.size // 400)]
    return np.unique(np.concatenate([np.arange(0, t_s.size, max(1, t_s.size // 800)), near]))
