"""What can look like a leak? Faults of sensors, multiplexers, heat, pump and valves, for the simulated loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.telemetry.sequential import WatchedChannel

__all__ = ["FAULTS", "Fault", "disturb", "heat_K", "pumped_Pa"]

#: What a fault does to `about` (a channel, a data path, or the loop); the unit of its size.
FAULTS = {
    "sensor step": "the channel jumps by `size`, in its unit",
    "sensor ramp": "the channel drifts to `size` over `lasts_s`, in its unit",
    "sensor stuck": "the channel repeats its last reading for `lasts_s`",
    "sensor noise": "`size` more noise for `lasts_s`, in its unit",
    "multiplexer step": "every channel of the path jumps by `size` times its own reading",
    "multiplexer ramp": "every channel of the path drifts by `size` times its own reading over `lasts_s`",
    "multiplexer stuck": "every channel of the path repeats its last reading for `lasts_s`",
    "thermal transient": "the liquid warms by `size` kelvin, with a time constant of `lasts_s`",
    "gas thermal": "the gas alone warms by `size` kelvin, with a time constant of `lasts_s`",
    "pump": "the head changes by `size` pascal at the first pressure, half at the second, none at the third; the flow with it",
    "valve": "every pressure of the loop jumps by `size` pascal",
}


@dataclass(frozen=True)
class Fault:
    """One fault: `kind` of `FAULTS`, from `at_s`, on `about`, of `size_ratio` (in the unit `FAULTS` names), over `lasts_s`."""

    kind: str
    at_s: float
    about: str = ""
    size_ratio: float = 0.0
    lasts_s: float = 600.0

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise RangeError("simulate_loop", "fault.kind", self.kind, f"one of: {', '.join(FAULTS)}")


def _ramp(fault: Fault, t_s: Array) -> Array:
    return np.clip((t_s - fault.at_s) / fault.lasts_s, 0.0, 1.0)


def heat_K(faults: Sequence[Fault], t_s: Array, kind: str) -> Array:
    """Warming of the liquid ("thermal transient") or of the gas alone ("gas thermal") [K] (n,): an exponential approach.

    >>> heat_K([Fault("gas thermal", 0.0, size_ratio=2.0, lasts_s=100.0)], np.array([0.0, 1e4]), "gas thermal").tolist()
    [0.0, 2.0]
    """
    out = np.zeros(t_s.size)
    for fault in (fault for fault in faults if fault.kind == kind):
        out += fault.size_ratio * -np.expm1(-np.maximum(t_s - fault.at_s, 0.0) / fault.lasts_s)
    return out


def pumped_Pa(faults: Sequence[Fault], t_s: Array) -> Array:
    """What pump and valve events add to the three pressures [Pa], and to the flow [share] (4, n)."""
    out = np.zeros((4, t_s.size))
    for fault in faults:
        after = fault.size_ratio * (t_s >= fault.at_s)
        if fault.kind == "pump":
            out += after * np.array([1.0, 0.5, 0.0, 2e-5])[:, None]
        if fault.kind == "valve":
            out += after * np.array([1.0, 1.0, 1.0, -2e-5])[:, None]
    return out


def disturb(
    value: Array,
    channels: Sequence[WatchedChannel],
    t_s: Array,
    faults: Sequence[Fault],
    rng: np.random.Generator,
) -> Array:
    """Readings (n_channel, n) with the faults of sensors and multiplexers put in."""
    out = value.copy()
    for fault in faults:
        what, how = fault.kind.split(" ")[0], fault.kind.split(" ")[-1]
        if what not in ("sensor", "multiplexer"):
            continue
        for i, channel in enumerate(channels):
            if fault.about == (channel.name if what == "sensor" else channel.data_path):
                size = fault.size_ratio * (1.0 if what == "sensor" else float(value[i].mean()))
                out[i] = _spoilt(out[i], fault, how, size, t_s, rng)
                if channel.resolution_ratio:
                    out[i] = np.round(out[i] / channel.resolution_ratio) * channel.resolution_ratio
    return out


def _spoilt(row: Array, fault: Fault, how: str, size: float, t_s: Array, rng: np.random.Generator) -> Array:
    during = (t_s >= fault.at_s) & (t_s < fault.at_s + fault.lasts_s)
    if how == "step":
        return row + size * (t_s >= fault.at_s)
    if how == "ramp":
        return row + size * _ramp(fault, t_s)
    if how == "noise":
        return row + during * rng.normal(0, abs(size), t_s.size)
    return np.where(during, row[max(int(np.searchsorted(t_s, fault.at_s)) - 1, 0)], row)
