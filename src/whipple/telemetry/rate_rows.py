"""What does a loop remember of its last hours? Readings and followed temperatures of its last steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.leak_window import Window

__all__ = ["KeptRows"]

KEPT = 4320


class KeptRows:
    """The last 4 320 steps: time, temperatures of liquid and gas as each view follows them, readings (pressures, then thermometers), and for how
    many steps no thermometer could be believed.

    View 0 follows every sensor, the others the sensors of one data path alone; `pressures` (n_view, n_sensor) says which those are.

    >>> kept = KeptRows(np.ones((1, 2), bool), 4)
    >>> kept.put(10.0, np.array([293.0]), np.array([292.0]), np.array([3e5, 3e5, 293.0, 293.2]))
    >>> kept.window(0.0).pressure_Pa.shape
    (2, 1)
    """

    def __init__(self, pressures: npt.NDArray[np.bool_], channels: int) -> None:
        self.pressures = pressures
        self._views, self._sensors = pressures.shape
        self._rows = np.empty((2 * KEPT, 2 + 2 * self._views + channels))
        self._high, self.count = 0, 0

    def put(self, t_s: float, liquid_K: Array, gas_K: Array, value: Array, blind_count: float = 0.0) -> None:
        """One step more."""
        if self._high == 2 * KEPT:
            self._rows[:KEPT] = self._rows[KEPT:]
            self._high = KEPT
        self._rows[self._high] = np.concatenate([[t_s], liquid_K, gas_K, value, [blind_count]])
        self._high += 1
        self.count += 1

    def rows(self) -> Array:
        """The steps kept, oldest first."""
        return self._rows[max(self._high - KEPT, 0) : self._high]

    def mend(self, window: Window) -> None:
        """The liquid and gas of every view from the first step of `window` on were wrong: take its own, which no thermometer shows."""
        rows = self.rows()[-window.t_s.size :]
        rows[:, 1 : 1 + self._views] = window.liquid_K[:, None]
        rows[:, 1 + self._views : 1 + 2 * self._views] = window.gas_K[:, None]
        rows[:, -1] = np.arange(1, window.t_s.size + 1)

    def window(self, from_s: float, view: int = 0, until_s: float = np.inf) -> Window:
        """The steps from `from_s` to `until_s` as one view follows them, the pressures of others unheard."""
        rows = self.rows()
        low, high = np.searchsorted(rows[:, 0], [from_s, np.nextafter(until_s, np.inf)])
        part, first = rows[low:high], 1 + 2 * self._views
        pressure = np.where(self.pressures[view][:, None], part[:, first : first + self._sensors].T, np.nan)
        since = float(self.count - rows.shape[0] + low)
        blind = part[:, -1] if part[:, -1].any() else None
        return Window(
            part[:, 0], part[:, 1 + view], part[:, 1 + self._views + view], pressure, since, blind_count=blind
        )

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {
            "count": self.count,
            "rows": [[None if np.isnan(x) else x for x in row] for row in self.rows().tolist()],
        }

    def restore(self, plain: dict[str, Any]) -> None:
        """Go on from `to_plain`."""
        rows = np.array(plain["rows"], float).reshape(-1, self._rows.shape[1])
        self._high, self.count = rows.shape[0], int(plain["count"])
        self._rows[: rows.shape[0]] = rows
