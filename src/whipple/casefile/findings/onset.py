"""The slot of `telemetry`: when it began, what changed, and what did not."""

from __future__ import annotations

from dataclasses import dataclass, field

from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.isolation import Isolation

__all__ = ["ChannelVerdict", "LoopRecord", "Onset", "WatchEvent"]


@dataclass(frozen=True)
class LoopRecord:
    """The fused pressure of one loop, for the rooms that size the hole.

    `t_s` (n,) seconds since the case epoch; `pressure_Pa` (n,) fused over the sensors, with `sigma_Pa` (n,) the
    1-sigma noise of a sample (quantisation included) and `bias_Pa` the 1-sigma common bias; `temperature_K` (n,) of the liquid.
    """

    loop: str
    t_s: Array
    pressure_Pa: Array
    sigma_Pa: Array
    temperature_K: Array
    bias_Pa: float
    simulated: bool


@dataclass(frozen=True)
class ChannelVerdict:
    """One channel: did it change at the onset, by how much, and what is the smallest change that would have been seen.

    `verdict` is "changed", "unchanged" or "too coarse to say". `change` and `smallest_seen` are in `unit`, the unit the
    channel came in. `t_s`, `value` (n,) are a thinned copy for drawing.
    """

    name: str
    unit: str
    verdict: str
    change: Estimate
    smallest_seen: float
    sentence: str
    simulated: bool
    t_s: Array
    value: Array


@dataclass(frozen=True)
class WatchEvent:
    """What `whipple watch` would have said at `t_s` (since the case epoch): `kind` "leak suspected", "leak" and so on, of the loop `about`.

    `values` are named numbers, times since the case epoch too.
    """

    t_s: float
    kind: str
    about: str
    text: str
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Onset:
    """When it began (seconds since the case epoch), how sure, and what moved.

    `density_per_s` (n,) is the posterior density of the onset on the grid `t_s` (n,). `kinds` maps "leak", "sensor fault",
    "common data path", "thermal transient", "pump or valve event", "unknown" to a probability. `step_over_ramp_nat` is the
    natural-log evidence for a sudden start over a slow ramp, None when it was not tested. `alarm_s` is when the causal detector
    would have spoken. With no channels, `onset_s` is None and a caveat says so. `rate_Pa_s` is the first rate of fall (positive down);
    noise and compensation were learned on samples before `quiet_until_s`.

    `watch` is what the live watch would have said of the same record; `watch_onset_s` and `watch_rate_per_s` (share of the inventory lost a
    second) are its own answer, None where it did not say "leak". `rules` says in words which rule spoke when, and whether they agree.
    `isolation` says which segment leaks; None without a graph of the loop in the case.
    """

    onset_s: Estimate | None
    alarm_s: float | None
    t_s: Array
    density_per_s: Array
    kinds: dict[str, float]
    step_over_ramp_nat: float | None
    channels: tuple[ChannelVerdict, ...]
    loops: tuple[LoopRecord, ...]
    simulated: bool
    headline: str
    caveats: tuple[Caveat, ...] = ()
    rate_Pa_s: Estimate | None = None
    quiet_until_s: float | None = None
    watch: tuple[WatchEvent, ...] = ()
    watch_onset_s: Estimate | None = None
    watch_rate_per_s: Estimate | None = None
    rules: str = ""
    isolation: Isolation | None = None
