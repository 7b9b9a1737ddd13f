"""One loop on a stream: learn it, suspect a leak, and say "leak" only when two data paths and the shape of the fall agree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.signal import medfilt

from whipple.casefile.estimate import Array
from whipple.errors import InvestigationError, RangeError
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts, followed_K, learn_gas_law, predicted_Pa
from whipple.telemetry.leak_bank import LoopBank, LoopLaws, Reading, Stepped, new_bank, stack_laws, step_bank
from whipple.telemetry.leak_posterior import leak_posterior, weighted_quantiles
from whipple.telemetry.leak_window import Window
from whipple.telemetry.quantised import averaged_count
from whipple.telemetry.rate_forecast import WatchedLoop, forecast, from_posterior
from whipple.telemetry.rate_rows import KeptRows
from whipple.telemetry.rate_watch import RATE_LIMIT_NAT, Followed, RateWatch, told_leak
from whipple.telemetry.verdict import Told, weigh_shapes

__all__ = ["LEAK_LIMIT_NAT", "LoopWatch", "WatchedLoop", "leak_limit_nat", "new_loop_watch"]

#: Limit of the bank for one false alarm in 30 days at 10 s, measured on 540 simulated days (docs/theory/telemetry.md); it grows by ln(days).
LEAK_LIMIT_NAT = Cited(9.2, unit="", source="whipple_judgement", grade="computed")
#: A data path alone must show the fall this clearly, and the leak must be this much likelier than a step or heat, before "leak" is said.
PATH_NAT = Cited(8.0, unit="", source="whipple_judgement", grade="proposal")
SHAPE_NAT = Cited(5.0, unit="", source="whipple_judgement", grade="proposal")
#: ... the rates that the paths see differ by no more than this factor, and the weaker path shows at least this share of what the stronger
#: shows: a stray excursion of one does not match a fault of another.
RATE_RATIO = Cited(3.0, unit="", source="whipple_judgement", grade="proposal")
LEVEL_FRAC = Cited(0.2, unit="", source="whipple_judgement", grade="proposal")
#: Sheet telemetry.md 5.1 learns for this long.
LEARN_H = Cited(24.0, unit="h", source="whipple_judgement", grade="proposal")
_EVERY, _BEFORE, _LEAST_BEFORE, _WAIT_S, _GIVE_UP_S, _BACK_NAT = 30, 360, 30, 600.0, 43200.0, 4.0
_FALLEN_FRAC, _FALL_COUNT = 0.2, 10
#: A thermometer that strays so far from the middle of the quiet stretch is broken for that reading.
_STRAY_K = 100.0


def leak_limit_nat(mtbf_days: float) -> float:
    """The limit for one false alarm in `mtbf_days`.

    >>> round(leak_limit_nat(30.0), 2), round(leak_limit_nat(300.0), 2)
    (9.2, 11.5)
    """
    return float(LEAK_LIMIT_NAT) + float(np.log(mtbf_days / 30.0))


class LoopWatch:
    """State of one loop. Rows of the bank: every sensor, then the sensors of each data path alone."""

    def __init__(
        self,
        loop: WatchedLoop,
        facts: LoopFacts,
        sensors: int,
        paths: tuple[tuple[str, ...], tuple[str, ...]],
        limit_nat: float,
    ) -> None:
        self.loop, self.facts, self.sensors, self.paths, self.limit = loop, facts, sensors, paths, limit_nat
        self.rate_limit_nat = float(RATE_LIMIT_NAT) + limit_nat - float(LEAK_LIMIT_NAT)
        names = sorted(set(paths[0]) & set(paths[1]))
        self._names = names if len(names) > 1 else []
        own = np.array([[True] * sensors] + [[path == name for path in paths[0]] for name in self._names])
        self._warm = [len(paths[1]), *(paths[1].count(name) for name in self._names)]
        self._kept = KeptRows(own, sensors + len(paths[1]))
        self._learned_rows: list[list[float]] = []
        self._rate: RateWatch | None = None
        self._law: GasLaw | None = None
        self._laws: LoopLaws | None = None
        self._bank: LoopBank | None = None
        self._suspected_s, self._state = 0.0, "learning"

    def learn(self, t_s: float, value: Array) -> None:
        """A step of the quiet stretch: pressures, then temperatures (n,), NaN unheard."""
        self._learned_rows.append([t_s, *value.tolist()])

    def settle(self) -> Told:
        """The quiet stretch is over: learn the law; a loop that cannot be learned is told and left alone."""
        rows = np.array(self._learned_rows)
        self._learned_rows = []
        try:
            if rows.size == 0 or not np.isfinite(rows[:, 1:]).any(0).all():
                raise ValueError("a sensor was never heard")
            t_s, pressure, warm = rows[:, 0], rows[:, 1 : 1 + self.sensors].T, rows[:, 1 + self.sensors :].T
            warm = np.where(np.abs(warm - np.nanmedian(warm)) < _STRAY_K, warm, np.nan)
            self.facts = replace(self.facts, step_Pa=self.facts.step_Pa / averaged_count(pressure, self.facts.step_Pa))
            self._law = learn_gas_law(t_s, pressure, warm, self.facts)
            liquid, gas = followed_K(t_s, warm, self._law, self.facts)
        except (InvestigationError, ValueError, np.linalg.LinAlgError) as error:
            self._state = "not watched"
            reason = str(error).split("\n")[0]
            return Told("not watched", f"loop {self.loop.name} cannot be watched for leaks: {reason}", {})
        many = [self._law] * (1 + len(self._names))
        self._laws = stack_laws(many, self.facts)
        start = float(t_s[-1]) + self.facts.cadence_s
        self._bank = new_bank(many, self.facts, start, np.full(len(many), liquid[-1]), np.full(len(many), gas[-1]))
        self._state = "quiet"
        hours = (float(t_s[-1]) - float(t_s[0]) + self.facts.cadence_s) / 3600
        law, sigma = self._law, np.sqrt(np.diag(self._law.known_ratio2))
        numbers = {
            "lag_s": law.lag_s, "couple_per_K": law.couple_per_K, "noise_Pa": law.noise_Pa, "cools_ratio": law.cools_ratio,
            "cools_sigma_ratio": float(sigma[3]),
        }  # fmt: skip
        text = (
            f"loop {self.loop.name} learned from {hours:.3g} h: gas lag {law.lag_s / 60:.0f} min, cp/cv of the gas as it answers"
            f" {1 + law.cools_ratio:.3g} (1 sigma {sigma[3]:.1g})"
        )
        if hours < float(LEARN_H):
            text += f"; false alarms and intervals were measured after {float(LEARN_H):.0f} h"
        text += f"; {self.loop.caveat}" if self.loop.caveat else ""
        return Told("learned", text, numbers)

    def adopt(self, law: GasLaw) -> None:
        """A law learned elsewhere, for a bank that is stepped elsewhere: `take` then says what it means."""
        self._law, self._state = law, "quiet"

    def step(self, t_s: float, value: Array) -> list[Told]:
        """One step of the watch (pressures, then temperatures); what there is to tell. Numbers that break down end it for this loop alone."""
        if self._bank is None or self._laws is None:
            return []
        try:
            return self._stepped(self._bank, self._laws, t_s, value)
        except (InvestigationError, ValueError, ArithmeticError, np.linalg.LinAlgError, StopIteration) as error:
            self._bank, self._rate, self._state = None, None, "not watched"
            why = str(error).split("\n")[0] or type(error).__name__
            text = f"loop {self.loop.name} is NOT watched for leaks any more: its readings fit no number ({why}); begin the watch anew"
            return [Told("not watched", text, {})]

    def _stepped(self, bank: LoopBank, laws: LoopLaws, t_s: float, value: Array) -> list[Told]:
        warm = value[self.sensors :]
        broken = (warm <= 0) | (warm > self._hottest_K())  # such a liquid would leave the gas no room
        value = np.concatenate([value[: self.sensors], np.where(broken, np.nan, warm)])
        rows = np.tile(value, (1 + len(self._names), 1))
        for i, name in enumerate(self._names):
            others = [path != name for path in (*self.paths[0], *self.paths[1])]
            rows[i + 1, others] = np.nan
        self._bank, said = step_bank(bank, laws, self.facts, Reading(rows[:, self.sensors :], rows[:, : self.sensors]))
        return self.take(t_s, value, said)

    def take(self, t_s: float, value: Array, said: Stepped) -> list[Told]:
        """What the bank said of this step, its rows in the order of this watch; what there is to tell."""
        self._kept.put(t_s, said.liquid_K, said.gas_K, value)
        if self._rate is not None:
            return self._rate.step(t_s, self._kept)
        return self._consider(t_s, said)

    def _consider(self, t_s: float, said: Stepped) -> list[Told]:
        level = float(said.level_nat[0])
        if self._state == "quiet" and level > self.limit:
            self._state, self._suspected_s = "suspected", t_s
            share = self._share(float(said.rate_per_s[0]))
            text = f"loop {self.loop.name}: pressure falls as with a leak of {share:.3g} % of the inventory an hour; cause still open"
            values = {
                "level_nat": level,
                "rate_percent_h": share,
                "age_s": float(said.age_count[0]) * self.facts.cadence_s,
            }
            return [Told("leak suspected", text, values)]
        if self._state in ("suspected", "told") and level < self.limit - _BACK_NAT:
            was, self._state = self._state, "quiet"
            return (
                [Told("no leak", f"loop {self.loop.name}: the fall is over", {"level_nat": level})]
                if was == "suspected"
                else []
            )
        if self._state not in ("suspected", "told") or self._kept.count % _EVERY:
            return []
        return self._judge(t_s, said)

    def _judge(self, t_s: float, said: Stepped) -> list[Told]:
        whole = self._window(t_s, said)
        window = self._early(whole)
        if window.t_s[-1] < self._suspected_s + _WAIT_S and window.t_s[-1] == t_s:
            return []
        shift = np.asarray(medfilt(self._off(window), 5))
        nat = weigh_shapes(window, self._known(), self.facts, shift)
        lead = nat["leak"] - max(value for name, value in nat.items() if name != "leak")
        shown = bool(self._names) and _agree(said.level_nat[1:], said.rate_per_s[1:])
        if shown and lead > float(SHAPE_NAT):
            self._state = "leak"
            return [self._announce(t_s, window, said)]
        if self._state == "told":
            return []
        if lead < -float(SHAPE_NAT) or t_s - self._suspected_s > _GIVE_UP_S:
            self._state = "told"
            fall_count = window.t_s.size - (whole.t_s.size - float(said.age_count[0]))
            if window.t_s.size < whole.t_s.size and fall_count < _FALL_COUNT:
                return [Told("cause open", self._too_fast(), nat)]
            best = max(nat, key=lambda name: nat[name]) if shown else "sensor fault or common data path"
            text = f"loop {self.loop.name}: {best} explains the fall better than a leak; while the pressure stays low a leak is not ruled out"
            return [Told("other cause likelier", text, nat)]
        return []

    def _too_fast(self) -> str:
        return (
            f"loop {self.loop.name}: a fifth of the pressure went in fewer than {_FALL_COUNT} steps of {self.facts.cadence_s:g} s; so fast a leak"
            " and a sudden event look alike: take it for a leak until shown otherwise, and watch with a shorter step"
        )

    def _announce(self, now_s: float, window: Window, said: Stepped) -> Told:
        begun_s = min(now_s - float(said.age_count[0]) * self.facts.cadence_s, float(window.t_s[-3]))
        post = leak_posterior(window, self._known(), self.facts, (begun_s, float(said.rate_per_s[0])))
        values, at, how = told_leak(post)
        rate = float(weighted_quantiles(post.rate_per_s, post.weight_prob, np.array([0.5]))[0])
        loop = self._followed()
        self._rate = RateWatch(loop, float(at[1]), float(at[2]), rate, now_s)
        told = forecast(from_posterior(post, now_s), loop.law, self.facts, loop.reserve)
        text = (
            f"loop {self.loop.name} leaks {how[1]:.3g} % of the inventory an hour (90 % interval {how[0]:.3g} to {how[2]:.3g}), begun"
            f" {(now_s - at[1]) / 60:.0f} min ago ({(now_s - at[2]) / 60:.0f} to {(now_s - at[0]) / 60:.0f}); {told.text}"
            + (f"; {self.loop.caveat}" if self.loop.caveat else "")
        )
        return Told("leak", text, values | told.values)

    def _followed(self) -> Followed:
        law = self._known()
        views = tuple(replace(law, reading_K=law.reading_K * np.sqrt(self._warm[0] / own)) for own in self._warm)
        return Followed(self.loop.name, views, self.facts, self.loop.reserve, self.rate_limit_nat)

    def _early(self, window: Window) -> Window:
        """The window up to where a fifth of the pressure is gone, if it is: shapes are told apart before the gas has spent itself."""
        low = np.flatnonzero(medfilt(self._off(window), 5) < -_FALLEN_FRAC * self._known().level_Pa)
        if not low.size or low[0] < _LEAST_BEFORE:
            return window
        cut = slice(0, int(low[0]) + 1)
        return Window(
            window.t_s[cut], window.liquid_K[cut], window.gas_K[cut], window.pressure_Pa[:, cut], window.since_count
        )

    def _window(self, t_s: float, said: Stepped) -> Window:
        begun_s = t_s - (float(said.age_count[0]) + _BEFORE) * self.facts.cadence_s
        return self._kept.window(min(begun_s, self._suspected_s - _BEFORE * self.facts.cadence_s))

    def _off(self, window: Window) -> Array:
        tight = predicted_Pa(self._known(), self.facts, window.liquid_K, window.gas_K)
        off = window.pressure_Pa - tight - self._known().bias_Pa[:, None]
        heard = np.isfinite(off)
        return np.asarray(np.where(heard, off, 0.0).sum(0) / np.maximum(heard.sum(0), 1))

    def _hottest_K(self) -> float:
        law = self._known()
        return law.temperature_K + 0.95 / (max(law.couple_per_K, 0.0) + self.facts.expansion_per_K)

    def _known(self) -> GasLaw:
        if self._law is None:
            raise RuntimeError("a loop is judged only after it was learned")
        return self._law

    def _share(self, rate_per_s: float) -> float:
        return rate_per_s * self.loop.expansion_per_K / self._known().couple_per_K * 3.6e5

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {
            "learned_rows": [[None if np.isnan(x) else x for x in row] for row in self._learned_rows],
            "kept": self._kept.to_plain(),
            "law": None if self._law is None else self._law.to_plain(),
            "bank": None if self._bank is None else self._bank.to_plain(),
            "rate": None if self._rate is None else self._rate.to_plain(),
            "told": [self._suspected_s, self._state],
            "step_Pa": self.facts.step_Pa,
        }

    def restore(self, plain: dict[str, Any]) -> None:
        """Go on from `to_plain`."""
        self._learned_rows = [[np.nan if x is None else x for x in row] for row in plain["learned_rows"]]
        self._kept.restore(plain["kept"])
        self.facts = replace(self.facts, step_Pa=plain["step_Pa"])
        if plain["law"] is not None:
            self._law = GasLaw.from_plain(plain["law"])
            self._laws = stack_laws([self._law] * (1 + len(self._names)), self.facts)
        self._bank = None if plain["bank"] is None else LoopBank.from_plain(plain["bank"])
        self._rate = None if plain["rate"] is None else RateWatch.from_plain(self._followed(), plain["rate"])
        self._suspected_s, self._state = plain["told"]


def new_loop_watch(
    loop: WatchedLoop,
    steps_Pa: list[float],
    paths: tuple[tuple[str, ...], tuple[str, ...]],
    cadence_s: float,
    mtbf_days: float,
) -> LoopWatch:
    """The watch of a loop: what each pressure counts in, and the data paths of its pressures and thermometers.

    Raises RangeError where a sensor that the watch needs is missing.
    """
    if not steps_Pa or len(paths[1]) < 2 or min(steps_Pa) <= 0:
        found = f"{len(steps_Pa)} pressures, {len(paths[1])} temperatures, resolutions {steps_Pa}"
        raise RangeError("watch", f"loop {loop.name}", found, "pressures with a resolution and two liquid temperatures")
    facts = LoopFacts(loop.expansion_per_K, loop.orbit_s, max(steps_Pa), cadence_s)
    return LoopWatch(loop, facts, len(steps_Pa), paths, leak_limit_nat(mtbf_days))


def _agree(level_nat: Array, rate_per_s: Array) -> bool:
    """Does every data path alone show the same leak?"""
    clear = level_nat.min() > max(float(PATH_NAT), float(LEVEL_FRAC) * level_nat.max())
    return bool(clear and rate_per_s.max() < float(RATE_RATIO) * rate_per_s.min())
