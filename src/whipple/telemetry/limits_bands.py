"""Static limits of many channels judged in one go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.limits import Alarm, Band, TypeLimits

__all__ = ["FlatBands"]

Index = npt.NDArray[np.int64]


class FlatBands:
    """The bands of every channel whose limits are fixed ranges and nothing else, as arrays (n_band, n_channel).

    `flat` says which channels those are; `level` answers 0 for all others.
    """

    def __init__(self, limits: Sequence[TypeLimits | None]) -> None:
        bands = [_flat_bands(one) for one in limits]
        self.flat = np.array([row is not None for row in bands], bool)
        rows = max((len(row) for row in bands if row), default=0)
        shape = (rows, len(limits))
        self._low, self._high = np.full(shape, -np.inf), np.full(shape, np.inf)
        self._inside, self._level = np.zeros(shape, bool), np.zeros(shape, np.int64)
        calm_low, calm_high = np.full(len(limits), -np.inf), np.full(len(limits), np.inf)
        for channel, row in enumerate(bands):
            for place, band in enumerate(row or ()):
                low, high = band.ends
                self._low[place, channel], self._high[place, channel] = low, high
                self._inside[place, channel], self._level[place, channel] = band.inside, band.level
                calm_low[channel] = np.inf if band.inside else max(calm_low[channel], low)
                calm_high[channel] = -np.inf if band.inside else min(calm_high[channel], high)
        self._calm_low, self._calm_high = calm_low, calm_high

    def level(self, index: Index, value: Array) -> Index:
        """The level of each sample (n,) of channels `index`; 0 where the value is not a number."""
        out = np.zeros(value.size, np.int64)
        odd = np.flatnonzero(~((value >= self._calm_low[index]) & (value <= self._calm_high[index])) & ~np.isnan(value))
        if not odd.size:
            return out
        channel, number = index[odd], value[odd]
        for low, high, inside, level in zip(self._low, self._high, self._inside, self._level, strict=True):
            hit = ((number >= low[channel]) & (number <= high[channel])) == inside[channel]
            out[odd] = np.maximum(out[odd], np.where(hit, level[channel], 0))
        return out


def _flat_bands(limits: TypeLimits | None) -> list[Band] | None:
    if limits is None:
        return []
    alarm = limits.default
    if limits.contexts or alarm is None or _more_than_ranges(alarm):
        return None if limits.alarms else []
    bands = [band for ranges in (alarm.static, alarm.multi) if ranges for band in ranges.bands]
    timed = any(ranges.time_units for ranges in (alarm.static, alarm.multi) if ranges)
    return None if timed or any(band.level == 0 for band in bands) else bands


def _more_than_ranges(alarm: Alarm) -> bool:
    return bool(alarm.change or alarm.rate or alarm.conditions or alarm.labels or alarm.patterns or alarm.default_level)
