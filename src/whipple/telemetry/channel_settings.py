"""What is watched, how, and what is told of it? Channels, settings and events of the watch on a stream."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from whipple.errors import RangeError
from whipple.telemetry.rate_forecast import WatchedLoop

__all__ = ["Event", "WatchSettings", "WatchedChannel"]


@dataclass(frozen=True)
class WatchedChannel:
    """A channel to watch: its `unit`, what it `measures`, the `loop` it belongs to, the `data_path` it shares, what it counts in.

    `resolution_ratio` is the step of its readings in its own unit, 0 when unknown.
    """

    name: str
    unit: str = ""
    measures: str = "other"
    loop: str = ""
    data_path: str = ""
    resolution_ratio: float = 0.0


@dataclass(frozen=True)
class WatchSettings:
    """How to watch: clock step, how late a sample may come, how long the quiet stretch lasts, days between false alarms, when it is stale.

    `orbit_s` is the revolution that channels may swing with, 0 for none (telemetry.md 5.1: 5560 s).
    `loops` (optional) are watched for leaks: their pressures in Pa with a resolution, and two liquid temperatures in K.
    """

    channels: tuple[WatchedChannel, ...]
    cadence_s: float = 10.0
    lateness_s: float = 60.0
    learn_s: float = 86400.0
    mtbf_days: float = 30.0
    stale_s: float = 600.0
    loops: tuple[WatchedLoop, ...] = ()
    orbit_s: float = 5560.0

    def __post_init__(self) -> None:
        for name, least in (("learn_s", 0.0), ("mtbf_days", 0.0), ("stale_s", self.cadence_s), ("orbit_s", -1e-9)):
            if not getattr(self, name) > least:
                raise RangeError("watch", name, getattr(self, name), f"more than {least:g}")

    def to_plain(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """Back from `to_plain`."""
        channels = tuple(WatchedChannel(**row) for row in plain["channels"])
        return cls(**{**plain, "channels": channels, "loops": tuple(WatchedLoop(**row) for row in plain["loops"])})


@dataclass(frozen=True)
class Event:
    """Something worth telling, at data time `t_s`. `number` counts from 0 without a gap: a reader who knows it repeats nothing.

    `kind`: "learned", "alarm", "cleared", "stale", "fresh" of a channel; "learned", "not watched", "leak suspected", "leak", "other cause likelier",
    "cause open", "no leak" of a loop, and after "leak" "leak update", "rate change suspected", "rate changed", "no rate change", "accumulator
    spent"; of its thermometers "sensor fault", "sensor back", "sensors differ"; "common data path" of a path. `about` is the channel or the loop;
    `values` are named numbers.
    """

    number: int
    t_s: float
    kind: str
    about: str
    text: str
    values: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON, keys sorted.

        >>> Event(0, 10.0, "stale", "p1", "p1 fell silent").to_json()
        '{"about": "p1", "kind": "stale", "number": 0, "t_s": 10.0, "text": "p1 fell silent", "values": {}}'
        """
        return json.dumps(asdict(self), sort_keys=True)
