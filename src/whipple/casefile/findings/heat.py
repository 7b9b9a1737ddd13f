"""The slot of `thermal`: how hot and humid ship and crew get, docked and on the way home."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["Heat", "HeatScenario", "ReadingCheck"]


@dataclass(frozen=True)
class HeatScenario:
    """One state of the ship: temperatures (3, n_node, n) as percentiles 5, 50, 95 on the clock `t_s` (n,), from its start.

    `peak_cabin_K` and `peak_humidity_frac` (relative humidity, 1 = saturated) over the scenario; `harm` is what the crew meets.
    `core_rise_K`: by how much the body's core warms until the end (None with nobody aboard).
    """

    name: str
    crew_count: int
    docked: bool
    duration_s: float
    nodes: tuple[str, ...]
    t_s: Array
    temperature_K: Array
    peak_cabin_K: Estimate
    peak_humidity_frac: Estimate | None
    over_40C_prob: float
    harm: str
    core_rise_K: Estimate | None = None


@dataclass(frozen=True)
class ReadingCheck:
    """A published temperature beside ours. `used` is "calibration" or "held out"."""

    claim: str
    node: str
    said_K: float
    ours_K: Estimate
    agrees: bool
    used: str
    sentence: str


@dataclass(frozen=True)
class Heat:
    """Every scenario, and the published readings beside ours."""

    scenarios: tuple[HeatScenario, ...]
    readings: tuple[ReadingCheck, ...]
    headline: str
    caveats: tuple[Caveat, ...] = ()
