"""Has any channel left its quiet behaviour? One cumulative sum a channel, all channels of a step at once."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.models.page_1954 import threshold_for

__all__ = ["ChannelSums", "learned_limit_ratio", "new_sums"]

#: Half the shift, in widened standard deviations, that the sums are tuned to; alarms hold until the sum is back at this share of its limit.
REFERENCE_RATIO, _CALM_FRAC, _CEILING_RATIO = 0.5, 0.25, 2.0
_FEWEST_COUNT = 30.0


@dataclass
class ChannelSums:
    """The state of every channel (n_channel,): moments of the quiet stretch while it lasts, then both arms of the sum.

    `sigma_ratio` is the learned standard deviation, widened for the memory of the noise: sqrt((1 + phi)/(1 - phi)), phi the correlation
    of neighbours. `alarmed` is 1 while the channel is in alarm. Values are in the unit of each channel.
    """

    heard_count: Array
    mean_ratio: Array
    square_ratio: Array
    cross_ratio: Array
    last_ratio: Array
    sigma_ratio: Array
    up_ratio: Array
    down_ratio: Array
    alarmed: Array

    def learn(self, index: npt.NDArray[np.int64], value: Array) -> None:
        """Take quiet values of the channels `index` into the running moments (Welford)."""
        count = self.heard_count[index] + 1
        off = value - self.mean_ratio[index]
        mean = self.mean_ratio[index] + off / count
        before = np.where(count > 1, self.last_ratio[index], value)
        self.cross_ratio[index] += (before - mean) * (value - mean)
        self.square_ratio[index] += off * (value - mean)
        self.heard_count[index], self.mean_ratio[index], self.last_ratio[index] = count, mean, value

    def settle(self, least_ratio: Array) -> npt.NDArray[np.bool_]:
        """End of the quiet stretch: fix sigma, never below the rounding error `least_ratio`; False where too little was heard."""
        count = np.maximum(self.heard_count, 1.0)
        variance = np.maximum(self.square_ratio / count, least_ratio**2)
        phi = np.clip(self.cross_ratio / np.maximum(self.square_ratio, 1e-300), 0.0, 0.98)
        self.sigma_ratio = np.sqrt(variance * (1 + phi) / (1 - phi))
        return (self.heard_count >= _FEWEST_COUNT) & (self.sigma_ratio > 0)

    def step(self, index: npt.NDArray[np.int64], value: Array, limit: float) -> npt.NDArray[np.int64]:
        """One step of both arms for the channels `index` (all learned): the positions in `index` that changed their alarm."""
        z = (value - self.mean_ratio[index]) / self.sigma_ratio[index]
        ceiling = _CEILING_RATIO * limit
        up = np.minimum(np.maximum(self.up_ratio[index] + z - REFERENCE_RATIO, 0.0), ceiling)
        down = np.minimum(np.maximum(self.down_ratio[index] - z - REFERENCE_RATIO, 0.0), ceiling)
        self.up_ratio[index], self.down_ratio[index] = up, down
        was, score = self.alarmed[index] > 0, np.maximum(up, down)
        now = np.where(was, score > _CALM_FRAC * limit, score > limit)
        self.alarmed[index] = now
        return np.flatnonzero(now != was)

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {field.name: getattr(self, field.name).tolist() for field in fields(self)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> ChannelSums:
        """Go on from `to_plain`."""
        return cls(**{field.name: np.array(plain[field.name], float) for field in fields(cls)})


def new_sums(channel_count: int) -> ChannelSums:
    """Nothing heard yet.

    >>> new_sums(2).heard_count.tolist()
    [0.0, 0.0]
    """
    return ChannelSums(*(np.zeros(channel_count) for _ in fields(ChannelSums)))


@functools.lru_cache(maxsize=64)
def learned_limit_ratio(mtbf_days: float, cadence_s: float, channel_count: int) -> float:
    """The limit of each sum for one false alarm in `mtbf_days` over all `channel_count` channels together (Page's integral equation).

    >>> round(learned_limit_ratio(30.0, 10.0, 1), 1)
    11.3
    """
    return threshold_for(mtbf_days * 86400.0 / cadence_s * channel_count, REFERENCE_RATIO)
