"""Did channels that share nothing but a data path move together? Jumps, readings that no longer change, and sudden wandering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["PathWatch", "new_path_watch", "shared_path"]

Index = npt.NDArray[np.int64]

#: A step-to-step change beyond this many times the largest quiet one is a jump; as many times the longest quiet standstill is stuck.
_JUMP_RATIO, _STUCK_RATIO, _WANDER_RATIO, _STUCK_MORE = 1.5, 2.0, 1.3, 30.0
#: ... and every channel of a path standing still together beyond this many times the longest such time while quiet, and so many steps more.
_TOGETHER_RATIO, _TOGETHER_MORE = 2.0, 6.0
_FAST, _SLOW, _SLOWER = 0.2, 1 / 60, 1 / 360
#: A drift against the slower mean counts only after so many quiet steps: three of its memories to run in, twelve to learn from.
_RUN_IN_COUNT, _LEARNED_COUNT = 3 * 360.0, 15 * 360.0


@dataclass
class PathWatch:
    """State of every channel (n_channel,), in its own unit: last reading, fast, slow and slower means, standstill in steps; what was largest
    while quiet.

    `moved_s` is when each channel last moved for no reason of its own past, NaN never. `path_count` numbers the data paths, -1 none;
    `together_count` is the longest time in steps that every channel of its path stood still at once while quiet.
    """

    heard_count: Array
    last_ratio: Array
    fast_ratio: Array
    slow_ratio: Array
    slower_ratio: Array
    still_count: Array
    jump_ratio: Array
    wander_ratio: Array
    drift_ratio: Array
    quiet_count: Array
    longest_count: Array
    moved_s: Array
    path_count: Array
    together_count: Array

    def step(self, now_s: float, index: Index, value: Array, *, learning: bool) -> Index:
        """Take one step of the channels `index`; those that moved in it (none while learning)."""
        first = self.heard_count[index] == 0
        jump = np.where(first, 0.0, np.abs(value - self.last_ratio[index]))
        still = np.where(first | (jump > 0), 0.0, self.still_count[index] + 1)
        fast = np.where(first, value, self.fast_ratio[index] + _FAST * (value - self.fast_ratio[index]))
        slow = np.where(first, value, self.slow_ratio[index] + _SLOW * (value - self.slow_ratio[index]))
        slower = np.where(first, value, self.slower_ratio[index] + _SLOWER * (value - self.slower_ratio[index]))
        wander, drift = np.abs(fast - slow), np.abs(fast - slower)
        self.last_ratio[index], self.fast_ratio[index], self.slow_ratio[index] = value, fast, slow
        self.slower_ratio[index] = slower
        self.still_count[index] = still
        self.heard_count[index] += 1
        together = self._together()[index]
        if learning:
            self.together_count[index] = np.maximum(self.together_count[index], together)
            self.jump_ratio[index] = np.maximum(self.jump_ratio[index], jump)
            self.wander_ratio[index] = np.maximum(self.wander_ratio[index], wander)
            run_in = self.heard_count[index] > _RUN_IN_COUNT
            self.drift_ratio[index] = np.where(run_in, np.maximum(self.drift_ratio[index], drift), 0.0)
            self.quiet_count[index] += 1
            self.longest_count[index] = np.maximum(self.longest_count[index], still)
            return np.zeros(0, np.int64)
        stuck = still > _STUCK_RATIO * self.longest_count[index] + _STUCK_MORE
        stuck |= together > _TOGETHER_RATIO * self.together_count[index] + _TOGETHER_MORE
        drifts = (drift > _WANDER_RATIO * self.drift_ratio[index]) & (self.quiet_count[index] >= _LEARNED_COUNT)
        wanders = (wander > _WANDER_RATIO * self.wander_ratio[index]) | drifts
        moved = (jump > _JUMP_RATIO * self.jump_ratio[index]) | wanders | stuck
        new = index[moved]
        self.moved_s[new] = now_s
        return new

    def _together(self) -> Array:
        """How long every channel of the path of each channel (n_channel,) has stood still at once; 0 alone or on no path."""
        path = self.path_count.astype(np.int64)
        least, count = np.full(path.max(initial=-1) + 2, np.inf), np.bincount(path + 1)
        np.minimum.at(least, path + 1, self.still_count)
        return np.where((path >= 0) & (count[path + 1] > 1), least[path + 1], 0.0)

    def to_plain(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {f.name: [None if np.isnan(x) else x for x in getattr(self, f.name).tolist()] for f in fields(self)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> PathWatch:
        """Back from `to_plain`."""
        return cls(
            **{f.name: np.array([np.nan if x is None else x for x in plain[f.name]], float) for f in fields(cls)}
        )


def new_path_watch(paths: Sequence[str]) -> PathWatch:
    """Nothing heard yet of the channels on these data paths (n_channel,), "" none.

    >>> new_path_watch(["A", "", "B"]).path_count.tolist()
    [0.0, -1.0, 1.0]
    """
    names, count = sorted(set(paths) - {""}), len(paths)
    state = {f.name: np.zeros(count) for f in fields(PathWatch)}
    number = np.array([names.index(path) if path else -1 for path in paths], float)
    return PathWatch(**{**state, "moved_s": np.full(count, np.nan), "path_count": number})


def shared_path(paths: Sequence[str], loops: Sequence[str], moved: npt.NDArray[np.bool_]) -> str:
    """The data path that all channels that `moved` (n_channel, bool) share, when no loop ties them together and another path stayed quiet.

    >>> shared_path(("A", "B", "A"), ("x", "x", ""), np.array([True, False, True]))
    'A'
    >>> shared_path(("A", "B", "A"), ("x", "x", "x"), np.array([True, False, True]))
    ''
    """
    names = {path for path, one in zip(paths, moved, strict=True) if one}
    tied = {loop for loop, one in zip(loops, moved, strict=True) if one} in ({loop} for loop in loops if loop)
    others = {path for path in paths if path} - names
    return names.pop() if moved.sum() >= 2 and len(names) == 1 and others and "" not in names and not tied else ""
