"""How fast does a value change, and what does one value alone say? The parts of an alarm that need the channel itself only."""

from __future__ import annotations

import bisect
import re

from whipple.telemetry.limits import Alarm, Band, Change, Ranges, TypeLimits

__all__ = ["History", "change_level", "value_level"]

#: Seconds in the time units of XTCE; months and years are ambiguous there and taken as 1/12 year and 365.25 days.
_UNIT_S = {"": 1.0, "seconds": 1.0, "picoSeconds": 1e-12, "days": 86400.0, "months": 2629800.0, "years": 31557600.0}


class History:
    """The last samples of one channel, as many as its change alarms look back: `t_s`, `value`."""

    def __init__(self, t_s: list[float] | None = None, value: list[float] | None = None) -> None:
        self.t_s, self.value = t_s or [], value or []

    def put(self, t_s: float, value: float, limits: TypeLimits) -> None:
        """Add a sample; forget what no alarm of the channel can ask for any more."""
        self.t_s.append(t_s)
        self.value.append(value)
        if len(self.t_s) >= 64 and len(self.t_s) % 32 == 0:
            spans = [alarm.change or Change(Ranges(())) for alarm in limits.alarms if alarm.change or alarm.rate]
            needed = min((self.reference(span) for span in spans), default=len(self.t_s))
            if needed > 0:
                del self.t_s[:needed], self.value[:needed]

    def reference(self, change: Change) -> int:
        """The place of the sample that the newest one is compared with, -1 when the span has not passed yet."""
        place = len(self.t_s) - 1 - change.span_count
        if place < 0:
            return -1
        early = bisect.bisect_right(self.t_s, self.t_s[-1] - change.span_s) - 1
        if change.per_sample:
            return place if place <= early else -1
        return min(place, early)


def change_level(alarm: Alarm, past: History) -> int:
    """The level of the newest change: of ChangeAlarmRanges, and of the ChangePerSecondAlarmRanges of a time.

    >>> from whipple.telemetry.limits import Band, Ranges
    >>> alarm = Alarm(change=Change(Ranges((Band(2, high=1.0),)), span_s=10.0))
    >>> change_level(alarm, History([0.0, 10.0], [0.0, 30.0]))
    2
    """
    level = 0
    if alarm.change:
        place = past.reference(alarm.change)
        size = None if place < 0 else _size(alarm.change, past, place)
        if size is not None:
            level = max((band.level for band in alarm.change.ranges.bands if _hit(band, size)), default=0)
    if alarm.rate and len(past.t_s) > 1 and past.t_s[-1] > past.t_s[-2]:
        rate = (past.value[-1] - past.value[-2]) / (past.t_s[-1] - past.t_s[-2])
        level = max(level, alarm.rate.level(rate / _UNIT_S[alarm.rate.time_units]))
    return level


def _size(change: Change, past: History, place: int) -> float | None:
    """The absolute change; None where it is not defined (percent of zero, no time passed)."""
    size = abs(past.value[-1] - past.value[place])
    if change.percent:
        if past.value[place] == 0:
            return None
        size *= 100 / abs(past.value[place])
    if change.per_sample:
        return size
    passed = past.t_s[-1] - past.t_s[place]
    return size / passed if passed > 0 else None


def _hit(band: Band, size: float) -> bool:
    """XTCE compares absolute sizes; an outside band is a change that is too fast, an inside one may be one that is too slow."""
    ends = sorted(abs(end) for end in (band.low, band.high) if end is not None)
    both = len(ends) == 2 and not (band.low is not None and band.high is not None and band.low < 0 < band.high)
    only_low = band.high is None and band.low is not None
    low = ends[0] if both or only_low else 0.0
    high = float("inf") if only_low or not ends else ends[-1]
    above = size > low if band.low_open and low > 0 else size >= low
    below = size < high if band.high_open else size <= high
    return (above and below) == band.inside


def value_level(alarm: Alarm, value: float | str) -> int:
    """The level of one value by ranges, labels and patterns; a word by its label, then the first pattern that matches it whole.

    >>> value_level(Alarm(labels=(("FAIL", 4),)), "FAIL")
    4
    """
    if isinstance(value, str):
        if alarm.labels or alarm.patterns or alarm.default_level:
            for label, level in alarm.labels:
                if label == value:
                    return level
            return next(
                (level for pattern, level in alarm.patterns if re.fullmatch(pattern, value)), alarm.default_level
            )
        return 0
    level = 0
    for ranges in (alarm.static, alarm.multi):
        if ranges:
            level = max(level, ranges.level(value / _UNIT_S[ranges.time_units]))
    return level
