"""Which samples did not count, and why? Counted by reason and channel, told at the 1st, 10th, 100th ... of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["Refusals"]

_WHY = {
    "late": "time going backwards: {n} samples of {name} are behind the newest by more than {lateness:g} s; they do not count",
    "missing": "{n} samples of {name} are not numbers; they do not count",
    "jumped": "a time stamp of {name} leaps more than {jump:g} s ahead and none follows it; it does not count",
    "contradicted": "{n} samples of {name} contradict another with the same time stamp; the smaller value counts",
    "repeated": "",
}


class Refusals:
    """`count` by reason and channel ("late p1"); `put` gives the sentences for people. A sample that came twice is counted in silence."""

    def __init__(self, lateness_s: float, jump_s: float) -> None:
        self._bounds = {"lateness": lateness_s, "jump": jump_s}
        self.count: dict[str, int] = {}

    def put(self, reason: str, index: npt.NDArray[np.int64], names: Sequence[str]) -> list[str]:
        """Samples of the channels `index` did not count; what is to be told of it.

        >>> Refusals(5.0, 60.0).put("missing", np.array([0, 0]), ["p1"])
        ['2 samples of p1 are not numbers; they do not count']
        """
        out = []
        for i, more in zip(*np.unique(index, return_counts=True), strict=True):
            key = f"{reason} {names[int(i)]}"
            before, now = self.count.get(key, 0), self.count.get(key, 0) + int(more)
            self.count[key] = now
            if _WHY[reason] and (len(str(now)) > len(str(before)) or before == 0):
                out.append(_WHY[reason].format(n=now, name=names[int(i)], **self._bounds))
        return out

    def restore(self, count: Mapping[str, int]) -> None:
        """Go on from an earlier `count`."""
        self.count = dict(count)
