"""Has any channel done what its quiet behaviour does not explain? Cumulative sums of innovations, all channels of a step at once."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.models.page_1954 import threshold_for

__all__ = ["ChannelSums", "new_sums", "sum_limits"]

#: Half the shift that the slow and the quick sums are tuned to, in standard deviations (Lucas 1982: a cumulative sum for small lasting shifts
#: beside one for large ones); alarms hold until all sums are back at this share of their limits.
_REFERENCES, _CALM_FRAC, _CEILING_RATIO = np.array([[0.5], [0.5], [2.0], [2.0]]), 0.25, 2.0
#: An innovation counts for no more than this in the slow and the quick sums: one wild reading alone never gives alarm.
_CLIPS = (5.0, 4.0)


@dataclass
class ChannelSums:
    """The state of every channel: `arm_ratio` (4, n_channel), slow up, slow down, quick up, quick down, over their limits; `alarmed` 1 in alarm."""

    arm_ratio: Array
    alarmed: Array

    def step(
        self, index: npt.NDArray[np.int64] | slice, innovation: Array, tail: Array, limits: Array
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Take innovations (standard deviations) of the channels `index`, whose rare ones lie `tail` times further out than normal ones.

        The positions that changed their alarm, and which of all are calm.
        """
        drive = np.empty((4, innovation.size))
        np.minimum(np.maximum(innovation, -_CLIPS[0], out=drive[0]), _CLIPS[0], out=drive[0])
        np.divide(innovation, tail, out=drive[2])
        np.minimum(np.maximum(drive[2], -_CLIPS[1], out=drive[2]), _CLIPS[1], out=drive[2])
        np.negative(drive[::2], out=drive[1::2])
        drive -= _REFERENCES
        drive /= limits
        drive += self.arm_ratio[:, index]
        arm = np.minimum(np.maximum(drive, 0.0, out=drive), _CEILING_RATIO, out=drive)
        self.arm_ratio[:, index] = arm
        score = arm.max(axis=0)
        was, calm = self.alarmed[index] > 0, score <= _CALM_FRAC
        now = np.where(was, ~calm, score > 1.0)
        self.alarmed[index] = now
        return np.flatnonzero(now != was), calm

    def side(self, channel: int) -> int:
        """1 when the larger arm of a channel is one that rises, else -1."""
        arm = self.arm_ratio[:, channel]
        return 1 if max(arm[0], arm[2]) >= max(arm[1], arm[3]) else -1


def new_sums(channel_count: int) -> ChannelSums:
    """Nothing heard yet.

    >>> new_sums(2).alarmed.tolist()
    [0.0, 0.0]
    """
    return ChannelSums(np.zeros((4, channel_count)), np.zeros(channel_count))


@functools.lru_cache(maxsize=64)
def _limit_pair(mtbf_days: float, step_s: float, channel_count: int) -> tuple[float, float]:
    samples = 2 * mtbf_days * 86400.0 / step_s * channel_count
    return threshold_for(samples, float(_REFERENCES[0, 0])), threshold_for(samples, float(_REFERENCES[2, 0]))


def sum_limits(mtbf_days: float, step_s: float, channel_count: int) -> Array:
    """The limits (4, 1) of the sums for one false alarm in `mtbf_days` over all `channel_count` channels together, half of it by the slow sums.

    Page's integral equation, one step a reading.

    >>> sum_limits(30.0, 10.0, 1).ravel().round(1).tolist()
    [12.0, 12.0, 2.9, 2.9]
    """
    slow, quick = _limit_pair(mtbf_days, step_s, channel_count)
    return np.array([[slow], [slow], [quick], [quick]])
