"""Is a channel in alarm back at what it did before? Its readings against the expectation that it had then, which no alarm can spoil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.channel_filter import packed, unpacked
from whipple.telemetry.channel_layer import ChannelLayer

__all__ = ["ChannelBack"]

Index = npt.NDArray[np.int64]
#: A few readings on the way back do not count; then so many, over so long, none of which lies further off than this, in standard deviations.
_SKIPPED, _LEAST_COUNT, _LEAST_S, _FAR_RATIO = 5, 10, 600.0, 4.0
#: Their mean and their trend are no further off than this.
_SIGMAS = 2.0


@dataclass
class _Before:
    """Of every channel (n_channel,): its level, swing (n_harmonic, n_channel) and the variance of that level over the noise before the alarm, and the
    decision step of that; of the readings in a row near it how many, and of all but the first few how far off they are in sum,
    that sum weighted with their number, and the first step."""

    level_ratio: Array
    swing_ratio: npt.NDArray[np.complex128]
    spread_ratio: Array
    since_count: Array
    off_ratio: Array
    moment_ratio: Array
    near_count: Array
    first_count: Array


class ChannelBack:
    """`alarmed` keeps what a channel did before; `step` takes readings of channels in alarm and says which are back."""

    def __init__(self, layers: Sequence[ChannelLayer], step_s: float) -> None:
        self._layers, self._step_s, layer = layers, step_s, layers[0]
        zero = np.zeros((7, layer.filter.level_ratio.size))
        self._s = _Before(zero[0], np.zeros_like(layer.filter.swing_ratio), *zero[1:].copy())

    def alarmed(self, step_count: int, channel: int, level_ratio: float) -> None:
        """A channel is in alarm from this step on; it had that level when it was last calm.

        One that only the slow pace heard lies so little off that single readings do not tell whether it is back: it waits for one that is far off.
        """
        s, first = self._s, self._layers[0]
        s.level_ratio[channel], s.since_count[channel] = level_ratio, step_count
        s.near_count[channel] = 0.0 if first.sums.alarmed[channel] else -np.inf
        s.spread_ratio[channel] = first.filter.spread_ratio[channel]
        s.swing_ratio[:, channel] = first.filter.swing_ratio[:, channel]

    def step(self, step_count: int, index: Index, value: Array) -> npt.NDArray[np.bool_]:
        """Which of the channels `index` (n,), all in alarm, are back with this reading: both paces begin anew there."""
        s, made, known = self._s, self._layers[0].filter, self._layers[0].known
        off = value - s.level_ratio[index] - made.swing_at(step_count, index, s.swing_ratio)
        off = np.sign(off) * np.maximum(np.abs(off) - known.slack_ratio[index], 0.0)
        spread = s.spread_ratio[index] + made.walk_ratio[index] * (step_count - s.since_count[index])
        sigma = made.white_ratio[index] * known.widen_ratio[index]
        near, begins = np.abs(off) <= _FAR_RATIO * sigma * np.sqrt(1 + spread), s.near_count[index] == _SKIPPED
        s.first_count[index] = np.where(begins, step_count, s.first_count[index])
        s.near_count[index] = np.where(near, s.near_count[index] + 1, 0.0)
        count = np.maximum(s.near_count[index] - _SKIPPED, 1)
        off = np.where(near, off, 0.0)
        for total, share in ((s.off_ratio, off), (s.moment_ratio, off * count)):
            total[index] = np.where(near & ~begins, total[index], 0.0) + share
        long = (step_count - s.first_count[index] + 1) * self._step_s >= _LEAST_S
        full = (s.near_count[index] >= _SKIPPED + _LEAST_COUNT) & long
        s.near_count[index[full]] = _SKIPPED
        mean, trend, trend_sigma = _line(s.off_ratio[index], s.moment_ratio[index], count, made.walk_ratio[index])
        level = np.abs(mean) <= _SIGMAS * sigma * np.sqrt(spread + 1 / count)
        back = np.asarray(full & level & (np.abs(trend) <= _SIGMAS * sigma * trend_sigma))
        self._begin_anew(index[back], mean[back], spread[back], count[back])
        return back

    def _begin_anew(self, channels: Index, mean: Array, spread: Array, count: Array) -> None:
        """The level before the alarm and the mean of the readings near it, each by how well it is known."""
        s, first = self._s, self._layers[0].filter
        level = s.level_ratio[channels] + mean * spread / (spread + 1 / count)
        variance = first.white_ratio[channels] ** 2 * spread / (1 + spread * count)
        for layer, swing in zip(self._layers, (s.swing_ratio[:, channels], None), strict=False):
            layer.begin_anew(channels, level, variance, swing)

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return packed(self._s)

    def restore(self, plain: dict[str, Any]) -> None:
        """Go on from `to_plain`."""
        self._s = unpacked(_Before, plain)


def _line(total: Array, moment: Array, count: Array, walk: Array) -> tuple[Array, Array, Array]:
    """Mean and trend a reading of `count` readings, from their sum and the sum weighted with their number; and the standard deviation of the trend,
    in that of a reading, where the level walks by `walk` (variance a reading) besides.

    >>> [float(x[0]) for x in _line(np.array([6.0]), np.array([14.0]), np.array([3.0]), np.zeros(1))[:2]]
    [2.0, 1.0]
    """
    spread = np.maximum(count * (count**2 - 1), 1.0) / 12
    return total / count, (moment - total * (count + 1) / 2) / spread, np.sqrt(1 / spread + 1.2 * walk / count)
