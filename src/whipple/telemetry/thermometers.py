"""Which thermometers of a loop can be believed? Each against its own past, against the others, and against what the pressures show."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.liquid_ahead import LiquidAhead
from whipple.telemetry.rate_rows import KeptRows
from whipple.telemetry.thermometer_asked import AskedPressures
from whipple.telemetry.thermometer_law import SLOW, WarmLaw
from whipple.telemetry.thermometer_proof import settled
from whipple.telemetry.thermometer_words import Judged

__all__ = ["Thermometers"]

Mask = npt.NDArray[np.bool_]

#: A thermometer that moves faster than the liquid can is set aside until the pressures are asked: 2 kW into 44 L of isooctane.
FASTEST_K_S = Cited(0.03, unit="K/s", source="whipple_judgement", grade="proposal")
#: A thermometer is believed again within this of what is expected when no other is: at once, more an hour, at most.
_BACK_K, _BACK_K_H, _BACK_MOST_K, _BACK_SIGMAS = 1.0, 2.0, 4.0, 3.0
_QUICK, _SIGMAS = 0.3, 6.0
_ASK_AFTER, _ASK_EVERY, _HELD_AT_MOST, _OPEN_COUNT, _LEAST_OUT = 6, 6, 30, 180, 30
_STILL_RATIO, _STILL_MORE, _SETTLES, _SURE, _COMMON_EVERY = 2.0, 30, 60, 10**6, 36
_SILENT_S, _SILENT_COUNT, _NEAR, _FAR_K = 600.0, 10, 0.1, 5.0


@dataclass
class _State:
    """Of each thermometer (n,): believed or not; steps set aside; its usual place against the followed liquid; how far from the others it reads,
    smoothed; since when that is beyond quiet, steps; standstill, steps; last reading; how far from what is expected, smoothed; steps out;
    steps unheard; how far off when it was found out."""

    out: Array
    held: Array
    usual_K: Array
    apart_K: Array
    apart_count: Array
    still_count: Array
    last_K: Array
    near_K: Array
    out_count: Array
    unheard: Array
    found_K: Array


class Thermometers:
    """Which of the thermometers count. `step` before the bank's; `believed` (n,) are those that do, `blind_count` steps without any.

    `wrong_since_s`: in this step all were found wrong together, and what was followed since then is wrong too; else None.
    """

    def __init__(
        self, loop: tuple[GasLaw, LoopFacts], warm: WarmLaw, paths: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> None:
        self.law, self.facts = loop
        self.warm = warm
        n = warm.apart_K.size
        self._s = _State(*(np.zeros(n) for _ in range(11)))
        self._s.last_K += np.nan
        self.ahead = LiquidAhead(self.facts)
        self._asked = AskedPressures(loop, warm, paths, self.ahead)
        self.blind_count, self._open, self._asks = 0, False, False
        self.wrong_since_s: float | None = None
        self._sure_count = _SURE
        self._jump_K = float(FASTEST_K_S) * self.facts.cadence_s + _SIGMAS * warm.single_K * float(
            np.sqrt(1 + _QUICK / (2 - _QUICK))
        )

    @property
    def believed(self) -> Mask:
        """Those that count at this step (n,)."""
        return (self._s.out == 0) & (self._s.held == 0)

    @property
    def trusted(self) -> Mask:
        """Those that are not known to be broken (n,)."""
        return self._s.out == 0

    def step(self, value: Array, liquid_K: float, kept: KeptRows) -> list[Judged]:
        """One step: all readings, pressures first; `liquid_K` as it is followed so far. What was found."""
        s, warm_K = self._s, value[value.size - self.warm.offset_K.size :]
        u = warm_K - self.warm.offset_K
        heard = np.isfinite(u)
        self._stand(warm_K, heard)
        off = np.where(heard, u - liquid_K, 0.0)
        far = heard & (np.abs(off - s.usual_K) > self._jump_K + float(FASTEST_K_S) * self.facts.cadence_s * s.unheard)
        s.unheard = np.where(heard, 0.0, s.unheard + 1)
        s.held = np.where(s.out > 0, 0.0, np.where(far, s.held + 1, np.where(heard, 0.0, s.held)))
        self._compare(u, heard)
        calm = self.believed & heard
        s.usual_K = s.usual_K + np.where(calm, _QUICK * (off - s.usual_K), 0.0)
        self.wrong_since_s, self._sure_count = None, self._sure_count + 1
        if self._sure_count == _SETTLES:
            self.ahead.begin_anew()
        found = self._ask(off, kept)
        found += self._welcome(off, heard)
        silent = max(_SILENT_S / self.facts.cadence_s, _SILENT_COUNT)
        sighted = bool((self.believed & (s.unheard < silent)).any())
        self.blind_count = 0 if sighted else self.blind_count + 1
        return found

    def _stand(self, warm_K: Array, heard: Mask) -> None:
        s = self._s
        s.still_count = np.where(heard, np.where(warm_K == s.last_K, s.still_count + 1, 0.0), s.still_count)
        s.last_K = np.where(heard, warm_K, s.last_K)

    def _compare(self, u: Array, heard: Mask) -> None:
        """How far each reads from the others that are trusted."""
        s, n = self._s, u.size
        for i in range(n):
            others = [j for j in range(n) if j != i and heard[j] and s.out[j] == 0 and s.held[j] == 0]
            if heard[i] and others and not s.held[i]:
                s.apart_K[i] += SLOW * (u[i] - float(u[others].mean()) - s.apart_K[i])
            elif not others:
                s.apart_K[i] = 0.0
        beyond = np.abs(s.apart_K) > self.warm.apart_K
        s.apart_count = np.where(beyond, s.apart_count + 1, 0.0)

    def _ask(self, off: Array, kept: KeptRows) -> list[Judged]:
        """Ask the pressures about what is set aside, differs, or stands still."""
        s, out = self._s, []
        for i in np.flatnonzero((s.held >= _ASK_AFTER) & (s.held % _ASK_EVERY == 0)):
            out += self._jumped(int(i), float(off[i]), kept)
        if kept.count % _ASK_EVERY and not self._asks:
            return out
        for i in np.flatnonzero((s.still_count > self._too_still()) & self.trusted):
            nat = -self._asked.one(int(i), None, kept, (float(s.still_count[i]), self._sure_count))
            if settled(nat):
                out.append(
                    self._drop(int(i), float(off[i]), float(nat.sum()), "it stands still while the pressures move")
                )
                if not self.trusted.any():
                    self._stood(int(i), kept.rows())
        worst = int(np.argmax(np.where(self.believed, s.apart_count, 0.0)))
        if s.apart_count[worst] > 0 and self.trusted.sum() > 1:
            out += self._differ(worst, off, kept)
        else:
            self._open = False
        due = self._asks or (kept.count > 0 and kept.count % _COMMON_EVERY == 0)
        return out + (self._strayed(kept) if due and self.believed.any() else [])

    def _stood(self, last: int, rows: Array) -> None:
        """The `last` is out because it stands still: what was followed is wrong since it stopped, or since those did that were believed then."""
        s, n = self._s, self.warm.offset_K.size
        reads = rows[:, -1 - n : -1]
        moved = np.isfinite(reads) & (reads != s.last_K)
        since = np.array([float(np.argmax(one)) if one.any() else rows.shape[0] for one in moved[::-1].T])
        with_it = (s.still_count > self._too_still()) & (s.out_count < since[last])
        self.blind_count = int(since[with_it].max())
        self.wrong_since_s = float(rows[-self.blind_count, 0])
        self.ahead.forget(self.wrong_since_s)

    def doubt(self, kept: KeptRows) -> bool:
        """Would all thermometers that are left be found wrong together now? Then they are asked at the next step."""
        self._asks = bool(self.believed.any()) and self._asked.together(kept, self._sure_count - _SETTLES) is not None
        return self._asks

    def _strayed(self, kept: KeptRows) -> list[Judged]:
        """Every thermometer that is left is out when they are wrong together."""
        self._asks, wrong = False, self._asked.together(kept, self._sure_count - _SETTLES)
        if wrong is None:
            return []
        self.wrong_since_s, self.blind_count = wrong.since_s, wrong.count
        self.ahead.forget(wrong.since_s)
        why = f"the liquid would have moved by {wrong.off_K:+.2g} K as the pressures do not show"
        return [self._drop(int(i), wrong.off_K, wrong.nat, why) for i in np.flatnonzero(self.trusted)]

    def _jumped(self, i: int, off_K: float, kept: KeptRows) -> list[Judged]:
        s = self._s
        nat = self._asked.one(i, None, kept, (s.held[i], self._sure_count))
        if settled(nat):
            s.held[i], s.usual_K[i] = 0.0, off_K
            return []
        if settled(-nat) or s.held[i] >= _HELD_AT_MOST:
            why = f"it moved by {off_K - s.usual_K[i]:+.3g} K faster than the liquid can, and the pressures do not show it"
            return [self._drop(i, off_K, float(-nat.sum()), why)]
        return []

    def _differ(self, i: int, off: Array, kept: KeptRows) -> list[Judged]:
        s = self._s
        others = [j for j in np.flatnonzero(self.believed).tolist() if j != i]
        if not others:
            return []
        nat = self._asked.one(i, others, kept, (2 * s.apart_count[i], self._sure_count))
        why = f"it differs by {s.apart_K[i]:+.2g} K from the other{'s' if len(others) > 1 else ''}, which the pressures bear out"
        if settled(-nat):
            return [self._drop(i, float(off[i]), float(-nat.sum()), why)]
        if settled(nat) and len(others) == 1:
            why = why.replace(f"{s.apart_K[i]:+.2g}", f"{-s.apart_K[i]:+.2g}")
            return [self._drop(others[0], float(off[others[0]]), float(nat.sum()), why)]
        if s.apart_count[i] >= _OPEN_COUNT and not self._open:
            self._open = True
            why = f"it differs by {s.apart_K[i]:+.2g} K from the others, and the pressures do not say which is wrong"
            return [Judged(i, "open", float(s.apart_K[i]), float(nat.sum()), why)]
        return []

    def _welcome(self, off: Array, heard: Mask) -> list[Judged]:
        """Those that are out and have read as expected for a while."""
        s, out = self._s, []
        if not s.out.any():
            return []
        away = (s.out > 0) & heard
        s.near_K = s.near_K + np.where(away, _NEAR * (np.minimum(np.abs(off), _FAR_K) - s.near_K), 0.0)
        s.out_count = np.where(s.out > 0, s.out_count + 1, 0.0)
        stray = self._may_stray_K()
        fit = (
            away
            & (s.near_K < self.warm.single_K + stray)
            & (s.out_count >= _LEAST_OUT)
            & (s.still_count <= self._too_still())
        )
        if fit.sum() > 1 and np.ptp(off[fit]) > 2 * _SIGMAS * self.warm.single_K:
            return []
        for i in np.flatnonzero(fit):
            if self.blind_count:
                self._sure_count = 0
                self.ahead.begin_anew()
            s.out[i], s.held[i], s.usual_K[i], s.apart_K[i] = 0.0, 0.0, off[i], 0.0
            out.append(Judged(int(i), "back", float(off[i]), 0.0, "it reads as expected again"))
        return out

    def _may_stray_K(self) -> Array:
        """How far off (n,) one that is believed again may read: nearer than when it was found out, so that none that goes on drifting comes back;
        and where none is believed no further than the liquid may have gone."""
        if not self.blind_count:
            return self.warm.apart_K / 2
        walked = _BACK_SIGMAS * self.law.walk_K * float(np.sqrt(self.blind_count))
        hours = self.blind_count * self.facts.cadence_s / 3600
        return np.minimum(np.maximum(self._s.found_K / 2, walked), min(_BACK_K + _BACK_K_H * hours, _BACK_MOST_K))

    def _drop(self, i: int, off_K: float, nat: float, why: str) -> Judged:
        s = self._s
        s.out[i], s.held[i], s.near_K[i], s.apart_count[:], s.out_count[i] = 1.0, 0.0, _FAR_K, 0.0, 0.0
        s.apart_K[:], s.found_K[i] = 0.0, abs(off_K)
        return Judged(i, "out", off_K, nat, why)

    def _too_still(self) -> Array:
        """Steps (n,) of standing still that are no longer quiet."""
        return _STILL_RATIO * self.warm.still_count + _STILL_MORE

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        state = {k: [None if np.isnan(x) else x for x in v.tolist()] for k, v in vars(self._s).items()}
        warm = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in asdict(self.warm).items()}
        return {
            "state": state,
            "warm": warm,
            "ahead": self.ahead.to_plain(),
            "blind": self.blind_count,
            "open": self._open,
            "asks": self._asks,
            "sure": self._sure_count,
        }

    @classmethod
    def from_plain(
        cls, loop: tuple[GasLaw, LoopFacts], paths: tuple[tuple[str, ...], tuple[str, ...]], plain: dict[str, Any]
    ) -> Self:
        """Go on from `to_plain`."""
        warm = {k: np.array(v, float) if isinstance(v, list) else v for k, v in plain["warm"].items()}
        law = WarmLaw(warm["offset_K"], float(warm["single_K"]), warm["apart_K"], warm["still_count"])
        out = cls(loop, law, paths)
        state = plain["state"]
        out._s = _State(**{k: np.array([np.nan if x is None else x for x in v], float) for k, v in state.items()})
        out.ahead.restore(plain["ahead"])
        out.blind_count, out._open, out._sure_count = int(plain["blind"]), bool(plain["open"]), int(plain["sure"])
        out._asks = bool(plain["asks"])
        return out
