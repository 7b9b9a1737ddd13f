"""Part of the slot of `telemetry`: which segment of the loop leaks, and which valve test would tell."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Caveat, Estimate

__all__ = ["Isolation", "NextTest", "SegmentChance"]


@dataclass(frozen=True)
class SegmentChance:
    """One segment: the probability that it leaks, beforehand and now."""

    name: str
    prior_prob: float
    leaks_prob: float


@dataclass(frozen=True)
class NextTest:
    """A valve test worth making: valves to shut, pumps to stop, how long to hold.

    `gain_nat` is what it tells about the segment on average. `apart` are the leading candidate and the best one that it parts from it; after
    `sure_s` their readings differ 19 times in 20 (None: not within what is allowed). `lost_m3` leaks out meanwhile, `without_flow` are the
    segments that get no flow.
    """

    closed: tuple[str, ...]
    off: tuple[str, ...]
    hold_s: float
    gain_nat: float
    apart: tuple[str, ...]
    sure_s: float | None
    lost_m3: Estimate
    without_flow: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Isolation:
    """The segments of one loop with their probabilities, likeliest first; `alike` are groups that no allowed valve test can part.

    `rate_per_s` is the leak at first, as a share of the inventory at the charged pressure. `trial_count` trials (the running loop is one) went in.
    `would_part` says what would tell the leading two apart where no allowed test does: a valve, meters, gauges; each a sentence.
    """

    loop: str
    segments: tuple[SegmentChance, ...]
    alike: tuple[tuple[str, ...], ...]
    rate_per_s: Estimate
    tests: tuple[NextTest, ...]
    trial_count: int
    headline: str
    caveats: tuple[Caveat, ...] = ()
    would_part: tuple[str, ...] = ()
