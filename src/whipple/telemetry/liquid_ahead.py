"""How would the liquid have gone on? Its level and swing of a while ago, carried forward: what no thermometer can spoil later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_cooling import expanding_K
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_bank import LEVEL_PA, LoopBank
from whipple.telemetry.leak_window import Window

__all__ = ["LiquidAhead", "carried_on", "turned"]

_EVERY, _KEPT = 30, 160


def turned(state_K: Array, turns: Array) -> Array:
    """Level and two swings (5,) after `turns` (n,) revolutions: (n, 5).

    >>> turned(np.array([293.0, 1.0, 0.0, 0.0, 0.0]), np.array([0.0, 0.5]))[:, :2].round(6).tolist()
    [[293.0, 1.0], [293.0, -1.0]]
    """
    out = np.empty((turns.size, 5))
    out[:, 0] = state_K[0]
    for k in (1, 3):
        angle = 2 * np.pi * (1 + k // 2) * turns
        sin, cos = np.sin(angle), np.cos(angle)
        out[:, k], out[:, k + 1] = state_K[k] * cos + state_K[k + 1] * sin, state_K[k + 1] * cos - state_K[k] * sin
    return out


class LiquidAhead:
    """What the filter knew of the liquid, every 30 steps of the last 13 h: `put` each step, then what follows from it.

    >>> ahead = LiquidAhead(LoopFacts())
    >>> ahead.put(0.0, np.array([293.0, 1.0, 0.0, 0.0, 0.0]))
    >>> ahead.liquid_K(np.array([2780.0])).round(3).tolist()
    [292.0]
    """

    def __init__(self, facts: LoopFacts) -> None:
        self.facts, self._count = facts, 0
        self._rows: list[list[float]] = []

    def put(self, t_s: float, state_K: Array) -> None:
        """One step: level and swings (5,) as they were followed."""
        if self._count % _EVERY == 0:
            old = self._rows[-_KEPT + 1 :] if self._count else []
            self._rows = [*old, [t_s, *state_K.tolist()]]
        self._count += 1

    def forget(self, since_s: float) -> None:
        """Leave out what was followed after `since_s`, but for the oldest."""
        self._rows = self._rows[:1] + [row for row in self._rows[1:] if row[0] <= since_s]

    def begin_anew(self) -> None:
        """What was followed so far says nothing of what comes: begin with the next step."""
        self._rows, self._count = self._rows[-1:], 0

    def state_K(self, at_s: float, from_s: float = np.inf) -> Array:
        """Level and swings (5,) at `at_s`, from the last that was known at `from_s`."""
        row = self._last(min(from_s, at_s))
        return np.asarray(turned(np.array(row[1:]), np.array([(at_s - row[0]) / self.facts.orbit_s]))[0])

    def liquid_K(self, t_s: Array, from_s: float = np.inf) -> Array:
        """Temperature (n,) of the liquid at `t_s`, from the last that was known at the first of them, or at `from_s`."""
        row = self._last(min(from_s, float(t_s[0])))
        return np.asarray(turned(np.array(row[1:]), (t_s - row[0]) / self.facts.orbit_s)[:, [0, 1, 3]].sum(1))

    def window(self, window: Window, law: GasLaw) -> Window:
        """The same readings, the liquid carried forward from the first of them, and the gas that follows it."""
        liquid = self.liquid_K(window.t_s)
        gas = expanding_K(law, self.facts, liquid, np.zeros(liquid.size), (window.gas_K[0], 1.0, self.facts.cadence_s))
        return Window(window.t_s, liquid, gas, window.pressure_Pa, window.since_count)

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {"count": self._count, "rows": self._rows}

    def restore(self, plain: dict[str, Any]) -> None:
        """Go on from `to_plain`."""
        self._count, self._rows = int(plain["count"]), [list(row) for row in plain["rows"]]

    def _last(self, at_s: float) -> list[float]:
        return next((row for row in reversed(self._rows) if row[0] <= at_s), self._rows[0])


def carried_on(bank: LoopBank, rows: slice, liquid_K: Array, gas_K: float) -> LoopBank:
    """The same bank, the runs `rows` begun anew at a liquid (5,) and gas that are known otherwise; the onsets so far count no more."""
    state, gas, error = bank.liquid_K.copy(), bank.gas_K.copy(), bank.error_K.copy()
    cov, shift = bank.error_K2.copy(), bank.shift_Pa.copy()
    state[rows], gas[rows], error[rows], shift[rows] = liquid_K, gas_K, 0.0, 0.0
    cov[rows, 2, :], cov[rows, :, 2] = 0.0, 0.0
    cov[rows, 2, 2] = LEVEL_PA**2
    marks, pull, weight = bank.mark_per_s.copy(), bank.pull_s.copy(), bank.weight_s2.copy()
    marks[rows], pull[rows], weight[rows] = 0.0, 0.0, 0.0
    return replace(
        bank,
        liquid_K=state,
        gas_K=gas,
        error_K=error,
        error_K2=cov,
        shift_Pa=shift,
        mark_per_s=marks,
        pull_s=pull,
        weight_s2=weight,
    )
