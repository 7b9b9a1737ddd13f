"""What do the pressures of a loop say of one thermometer, and of all of them together?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.liquid_ahead import LiquidAhead
from whipple.telemetry.rate_rows import KeptRows
from whipple.telemetry.thermometer_law import WarmLaw, mean_of
from whipple.telemetry.thermometer_proof import AGAINST_NAT, Shown, shown_nat

__all__ = ["AskedPressures", "Together", "spoken"]

#: All thermometers are wrong together from here: less than what a leak that just cancels their error is held against (`LEAK_NAT`).
COMMON_NAT = Cited(5.0, unit="", source="whipple_judgement", grade="proposal")
#: The pressures are asked while they hold this share of what they had: later they answer temperature less than was learned.
HELD_FRAC = Cited(0.75, unit="", source="whipple_judgement", grade="proposal")
_BEFORE, _LONGEST, _LEAST_COMMON, _LAST = 60, 1080, 90, 10
_COMMON_S, _STRAY_SIGMAS, _STRAY_K = (1800.0, 3600.0, 10800.0), 5.0, 0.3


@dataclass(frozen=True)
class Together:
    """All thermometers are wrong: since when, for how many steps, by how much now, and the evidence of the pressures [nat]."""

    since_s: float
    count: int
    off_K: float
    nat: float


class AskedPressures:
    """The pressures of the last hours, asked which temperature they show; `ahead`: how the liquid would have gone on."""

    def __init__(
        self,
        loop: tuple[GasLaw, LoopFacts],
        warm: WarmLaw,
        paths: tuple[tuple[str, ...], tuple[str, ...]],
        ahead: LiquidAhead,
    ) -> None:
        self.law, self.facts = loop
        self.warm, self._paths, self.ahead = warm, paths, ahead

    def one(self, i: int, others: list[int] | None, kept: KeptRows, count: tuple[float, int]) -> Array:
        """Evidence [nat] of each path's pressures (n_path,) for thermometer `i` over `others`, or (None) over how the liquid would have gone on.

        `count`: steps since it went astray, and at most so many are asked.
        """
        since, most = count
        rows = kept.rows()[-min(int(np.clip(since + _BEFORE, _BEFORE, _LONGEST)), max(most, _BEFORE)) :]
        readings = rows[:, -1 - self.warm.offset_K.size : -1] - self.warm.offset_K
        sigma = np.full(rows.shape[0], self.warm.single_K)
        if others is None:
            strayed = self.law.walk_K * np.sqrt(np.arange(rows.shape[0]) + 30.0)
            other = Shown(self.ahead.liquid_K(rows[:, 0]), strayed)
        else:
            other = Shown(mean_of(readings[:, others].T), sigma / np.sqrt(len(others)))
        gas_K = float(kept.window(float(rows[0, 0])).gas_K[0])
        return self._shown(rows, Shown(readings[:, i], sigma), other, gas_K)

    def together(self, kept: KeptRows, most_count: int) -> Together | None:
        """Did the followed liquid go, within the last `most_count` steps, where the pressures say that it did not? None: no, or not known."""
        for span_s in _COMMON_S:
            steps = max(int(span_s / self.facts.cadence_s), _LEAST_COMMON)
            rows = kept.rows()[-min(steps, max(most_count, 1)) :]
            if rows.shape[0] < _LEAST_COMMON:
                return None
            t_s, liquid_K, gas_K = rows[:, 0], rows[:, 1], float(kept.window(float(rows[0, 0])).gas_K[0])
            ahead = self.ahead.liquid_K(t_s)
            walked = self.law.walk_K * np.sqrt(np.arange(t_s.size) + 30.0)
            limit = max(_STRAY_SIGMAS * float(walked[-1]), _STRAY_K)
            if not abs(float((liquid_K - ahead)[-_LAST:].mean())) >= limit:
                continue
            told = Shown(liquid_K, np.full(t_s.size, self.law.reading_K))
            nat = -self._shown(rows, told, Shown(ahead, walked), gas_K)
            if nat.sum() > float(COMMON_NAT) and nat.min() > -float(AGAINST_NAT):
                right = np.flatnonzero(np.abs(liquid_K - ahead) <= _STRAY_K / 2)
                begun = int(right[-1]) if right.size else 0
                return Together(float(t_s[begun]), t_s.size - begun, float(liquid_K[-1] - ahead[-1]), float(nat.sum()))
        return None

    def _shown(self, rows: Array, one: Shown, other: Shown, gas_K: float) -> Array:
        """Evidence [nat] of each path's pressures for `one`; none once so much is lost that they no longer answer as they were learned."""
        n, paths = self.warm.offset_K.size, self._paths[0]
        pressure = spoken(rows[:, -1 - n - len(paths) : -1], self._paths)[:, : len(paths)].T
        last = pressure[:, -_BEFORE:] - self.law.bias_Pa[:, None]
        if not (np.isfinite(last).any() and np.nanmedian(last) > float(HELD_FRAC) * self.law.level_Pa):
            return np.zeros(len(dict.fromkeys(paths)))
        return shown_nat(one, other, pressure, paths, (self.law, self.facts, gas_K))


def spoken(value: Array, paths: tuple[tuple[str, ...], tuple[str, ...]]) -> Array:
    """Readings (n, n_channel), pressures then thermometers; NaN after the last step at which any reading of its data path was a new one.

    A path of which every reading stands still may be stuck: its pressure then bears out its own thermometer for as long as it lasts, and is no
    witness. Once one of its readings moves, all that it said before counts again.

    >>> spoken(np.array([[3.0, 9.0], [4.0, 9.0], [4.0, 9.0], [4.0, 9.0]]), (("A",), ("A",)))[:, 0].tolist()
    [3.0, 4.0, nan, nan]
    """
    out, names = value.copy(), np.array([*paths[0], *paths[1]])
    last = np.maximum.accumulate(np.where(np.isfinite(value), np.arange(value.shape[0])[:, None], 0), axis=0)
    moved = np.abs(np.diff(np.take_along_axis(value, last, axis=0), axis=0)) > 0
    for name in dict.fromkeys(paths[0]):
        own = names == name
        new = np.flatnonzero(moved[:, own].any(1))
        out[(int(new[-1]) + 2 if new.size else 1) :, own] = np.nan
    return out
