"""The fused pressure of a loop, handed on to the rooms that size the hole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.findings.onset import LoopRecord
from whipple.casefile.tables.channel import ChannelTable
from whipple.telemetry.loop_signal import LoopSignal
from whipple.telemetry.noise import Noise

__all__ = ["record_loop"]

_BEFORE_S, _DENSE_BEFORE_S, _DENSE_AFTER_S = 7200.0, 900.0, 14400.0
_DENSE, _REST = 950, 550


def record_loop(
    loop: LoopSignal, noise: Noise, tables: Sequence[ChannelTable], onset_s: float, temperature_K: float | None
) -> LoopRecord:
    """From two hours before the onset to the end, thinned to at most 1 500 samples by leaving samples out, never by averaging.

    `sigma_Pa` is the quiet scatter of the fused pressure about its compensation, never below the sensors' rounding. The pressure is not
    compensated: the absolute law needs it as it is. `temperature_K` stands in where the loop has no temperature sensor.
    """
    kept = _thinned(loop.t_s, onset_s)
    pressures = [table for table in tables if table.loop == loop.name and table.measures == "pressure"]
    bias = [(table.bias_Pa.high - table.bias_Pa.low) / 2 / 1.645 for table in pressures]
    sigma = max(noise.total_Pa, loop.quantisation_Pa)
    warmth = np.full(kept.size, temperature_K) if loop.temperature_K is None else loop.temperature_K[kept]
    simulated = any(table.simulated for table in pressures)
    common = float(np.sqrt(np.sum(np.square(bias)))) / max(len(bias), 1)
    return LoopRecord(
        loop.name, loop.t_s[kept], loop.fused_Pa[kept], np.full(kept.size, sigma), warmth, common, simulated
    )


def _thinned(t_s: Array, onset_s: float) -> Array:
    """Indices: every sample (or every few) near the onset, fewer elsewhere."""
    all_kept = np.flatnonzero(t_s >= onset_s - _BEFORE_S)
    since = t_s[all_kept] - onset_s
    near = (since >= -_DENSE_BEFORE_S) & (since <= _DENSE_AFTER_S)
    dense, rest = all_kept[near], all_kept[~near]
    return np.sort(np.concatenate([dense[:: -(-dense.size // _DENSE) or 1], rest[:: -(-rest.size // _REST) or 1]]))
