"""One loop as the detector sees it: its pressure sensors and its liquid temperature on one clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.read_channels import Channel, scale_to_si
from whipple.errors import EvidenceError
from whipple.telemetry.noise import reading_step

__all__ = ["LoopSignal", "gather_loop", "on_clock"]

#: A gap longer than this many sampling intervals is left empty, not bridged.
_BRIDGE = 5.0


@dataclass(frozen=True)
class LoopSignal:
    """`pressure_Pa` (n_sensor, n) and `temperature_K` (n,) (None without a sensor) on the even-handed clock `t_s` (n,).

    `step_Pa` (n_sensor,) is what each sensor counts in, 0 when not quantised. `bridged` says that clocks had to be matched. `means_K` are the running
    means (n, n_lag) of the temperature where they went on through samples that are left out here, else None.
    """

    name: str
    t_s: Array
    pressure_Pa: Array
    temperature_K: Array | None
    step_Pa: Array
    bridged: bool = False
    means_K: Array | None = None

    @property
    def cadence_s(self) -> float:
        """The usual time between samples."""
        return float(np.median(np.diff(self.t_s)))

    @property
    def fused_Pa(self) -> Array:
        """The mean over the sensors (n,)."""
        return self.pressure_Pa.mean(axis=0)

    @property
    def quantisation_Pa(self) -> float:
        """1-sigma rounding error of the fused pressure: step/sqrt(12) a sensor, sensors independent."""
        return float(np.sqrt(np.sum(self.step_Pa**2) / 12) / self.step_Pa.size)


def gather_loop(
    name: str,
    pressures: Sequence[Channel],
    temperatures: Sequence[Channel],
    steps: Sequence[float | None] | None = None,
) -> LoopSignal:
    """Bring the channels of one loop onto the clock of the densest pressure sensor, in SI.

    `steps` are resolutions in the file's unit where known. Raises EvidenceError without 40 common samples, or for two channels of one name.
    """
    names = [c.name for c in (*pressures, *temperatures)]
    if twice := sorted({one for one in names if names.count(one) > 1}):
        remedy = f"{twice[0]!r} is there {names.count(twice[0])} times: give each sensor once, under a name of its own"
        raise EvidenceError("When did it begin?", f"different names for the channels of loop {name!r}", remedy)
    usable = [c for c in pressures if c.t_s.size >= 2]
    if not usable:
        raise EvidenceError(
            "When did it begin?", f"pressure samples of loop {name!r}", "give at least one pressure channel with data"
        )
    clock = max(usable, key=lambda c: c.t_s.size).t_s
    rows = [on_clock(c, clock, "Pa") for c in usable]
    warmth = [on_clock(c, clock, "K") for c in temperatures if c.t_s.size >= 2]
    kept = np.isfinite(rows).all(axis=0) & (np.isfinite(warmth).all(axis=0) if warmth else True)
    if kept.sum() < 40:
        raise EvidenceError(
            "When did it begin?", f"40 common samples of loop {name!r}", "give sensors that overlap in time"
        )
    mean_K = _fused_temperature(np.array(warmth)[:, kept]) if warmth else None
    bridged = any(c.t_s.size != clock.size or not np.array_equal(c.t_s, clock) for c in [*usable, *temperatures])
    step = np.array([_step_Pa(c, (steps or [None] * len(pressures))[pressures.index(c)]) for c in usable])
    return LoopSignal(name, clock[kept], np.array(rows)[:, kept], mean_K, step, bridged)


def on_clock(channel: Channel, clock: Array, si_unit: str) -> Array:
    """The channel in SI at the clock's times; NaN outside its own record and inside long gaps."""
    factor, offset = scale_to_si(channel.unit, si_unit)
    value = factor * channel.value + offset
    if np.array_equal(channel.t_s, clock):
        return value
    out = np.interp(clock, channel.t_s, value, left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(channel.t_s, clock), 1, channel.t_s.size - 1)
    gap = channel.t_s[after] - channel.t_s[after - 1]
    return np.where(gap > _BRIDGE * max(np.median(np.diff(channel.t_s)), np.median(np.diff(clock))), np.nan, out)


def _fused_temperature(rows: Array) -> Array:
    """The mean over the sensors, each first brought to the common level, so that one that drops out makes no step."""
    level = np.median(rows, axis=1, keepdims=True)
    return np.asarray((rows - level).mean(axis=0) + level.mean())


def _step_Pa(channel: Channel, given: float | None) -> float:
    factor, _ = scale_to_si(channel.unit, "Pa")
    return factor * (reading_step(channel.value) if given is None else given)
