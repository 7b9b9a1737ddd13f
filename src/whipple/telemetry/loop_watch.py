"""One loop on a stream: learn it, suspect a leak, and say "leak" only when two data paths and the shape of the fall agree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import InvestigationError, RangeError
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_bank import LoopBank, LoopLaws, Reading, Stepped, new_bank, stack_laws, step_bank
from whipple.telemetry.leak_posterior import leak_posterior, weighted_quantiles
from whipple.telemetry.leak_window import Window
from whipple.telemetry.liquid_ahead import carried_on
from whipple.telemetry.loop_fall import FALL_COUNT, fallen_Pa, leak_text, paths_agree, too_fast_text, until_fallen
from whipple.telemetry.loop_learn import learn_loop, learned_told
from whipple.telemetry.loop_views import could_be_K, views_seen
from whipple.telemetry.rate_forecast import WatchedLoop, forecast, from_posterior
from whipple.telemetry.rate_rows import KeptRows
from whipple.telemetry.rate_watch import RATE_LIMIT_NAT, Followed, RateWatch, told_leak
from whipple.telemetry.thermometer_law import WarmLaw, blind_walk_K
from whipple.telemetry.thermometer_words import rests_on, thermometer_told
from whipple.telemetry.thermometers import Thermometers
from whipple.telemetry.verdict import Told, weigh_shapes

__all__ = ["LEAK_LIMIT_NAT", "LoopWatch", "WatchedLoop", "leak_limit_nat", "new_loop_watch"]

#: Limit of the bank for one false alarm in 30 days at 10 s, measured on 540 simulated days (docs/theory/telemetry.md); it grows by ln(days).
LEAK_LIMIT_NAT = Cited(9.2, unit="", source="whipple_judgement", grade="computed")
#: The leak must be this much likelier than a step or heat before "leak" is said.
SHAPE_NAT = Cited(5.0, unit="", source="whipple_judgement", grade="proposal")
_EVERY, _BEFORE, _WAIT_S, _GIVE_UP_S, _BACK_NAT = 30, 360, 600.0, 43200.0, 4.0


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
        self.warm_names = tuple(f"thermometer {i + 1}" for i in range(len(paths[1])))
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
        self._warmth: Thermometers | None = None
        self._liquid_K = np.nan
        self.anew: tuple[Array, float] | None = None

    def learn(self, t_s: float, value: Array) -> None:
        """A step of the quiet stretch: pressures, then temperatures (n,), NaN unheard."""
        self._learned_rows.append([t_s, *value.tolist()])

    def settle(self) -> Told:
        """The quiet stretch is over: learn the law; a loop that cannot be learned is told and left alone."""
        rows, self._learned_rows = np.array(self._learned_rows), []
        try:
            quiet = learn_loop(rows, self.sensors, self.facts)
        except (InvestigationError, ValueError, np.linalg.LinAlgError) as error:
            self._state = "not watched"
            reason = str(error).split("\n")[0]
            return Told("not watched", f"loop {self.loop.name} cannot be watched for leaks: {reason}", {})
        self.facts, law = quiet.facts, replace(quiet.law, expands_sigma_ratio=self.loop.expansion_sigma_ratio)
        self.adopt(law, quiet.warm, quiet.liquid_K)
        many = [law] * (1 + len(self._names))
        self._laws = stack_laws(many, self.facts)
        start = np.full((2, len(many)), [[quiet.liquid_K], [quiet.gas_K]])
        self._bank = new_bank(many, self.facts, quiet.end_s + self.facts.cadence_s, *start)
        return learned_told(self.loop, quiet)

    def adopt(self, law: GasLaw, warm: WarmLaw | None = None, liquid_K: float = np.nan) -> None:
        """A law learned elsewhere, for a bank that is stepped elsewhere: `look`, then that bank, then `take`. Without `warm` every thermometer
        is believed and `look` is not to be used."""
        self._law, self._state, self._liquid_K = law, "quiet", liquid_K
        if warm is not None:
            self._warmth = Thermometers((law, self.facts), warm, self.paths)

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
        rows, told = self.look(t_s, value)
        if self.anew is not None:
            bank = carried_on(bank, slice(None), *self.anew)
        if self.blind_count:
            laws = replace(laws, walk_K=np.full(laws.walk_K.size, blind_walk_K(self.facts)))
        self._bank, said = step_bank(bank, laws, self.facts, Reading(rows[:, self.sensors :], rows[:, : self.sensors]))
        return told + self.take(t_s, value, said)

    def look(self, t_s: float, value: Array) -> tuple[Array, list[Told]]:
        """What of these readings counts (n_run, n_channel), NaN what does not, and what was found of the thermometers.

        `anew` is then set where the bank is to go on from another liquid (5,) and gas: all thermometers were wrong together.
        """
        warmth = self._thermometers()
        found = warmth.step(value, self._liquid_K, self._kept)
        told = [thermometer_told(self.loop.name, self.warm_names, one, warmth.trusted) for one in found]
        was, self.anew = self._state, None
        if warmth.wrong_since_s is not None:
            self.anew = self._begun_anew(t_s, warmth.wrong_since_s)
            if was == "suspected" != self._state:
                text = f"loop {self.loop.name}: the fall was seen by thermometers that are not believed"
                told.append(Told("no leak", text, {}))
        able = warmth.believed & could_be_K(value[self.sensors :], self._known(), self.facts)
        return views_seen(value, able, self.paths, self._names), told

    @property
    def blind_count(self) -> int:
        """For how many steps no thermometer could be believed."""
        return self._warmth.blind_count if self._warmth is not None else 0

    def take(self, t_s: float, value: Array, said: Stepped) -> list[Told]:
        """What the bank said of this step, its rows in the order of this watch; what there is to tell."""
        self._kept.put(t_s, said.liquid_K, said.gas_K, value, self.blind_count)
        if self._warmth is not None:
            self._liquid_K = float(said.liquid_K[0])
            self._warmth.ahead.put(t_s, said.state_K[0])
        if self._rate is not None:
            return self._rate.step(t_s, self._kept)
        return self._consider(t_s, said)

    def _consider(self, t_s: float, said: Stepped) -> list[Told]:
        level = float(said.level_nat[0])
        if self._state == "quiet" and level > self.limit:
            self._state, self._suspected_s = "suspected", t_s
            share = self._share(float(said.rate_per_s[0]))
            text = f"loop {self.loop.name}: pressure falls as with a leak of {share:.3g} % of the inventory an hour; cause still open"
            age_s = float(said.age_count[0]) * self.facts.cadence_s
            return [Told("leak suspected", text, {"level_nat": level, "rate_percent_h": share, "age_s": age_s})]
        if self._state in ("suspected", "told") and level < self.limit - _BACK_NAT:
            was, self._state = self._state, "quiet"
            over = Told("no leak", f"loop {self.loop.name}: the fall is over", {"level_nat": level})
            return [over] if was == "suspected" else []
        if self._state not in ("suspected", "told") or self._kept.count % _EVERY:
            return []
        return self._judge(t_s, said)

    def _judge(self, t_s: float, said: Stepped) -> list[Told]:
        whole = self._window(t_s, said)
        window = until_fallen(whole, self._known(), self.facts)
        if window.t_s[-1] < self._suspected_s + _WAIT_S and window.t_s[-1] == t_s:
            return []
        law = self._as_seen()
        nat = weigh_shapes(window, law, self.facts, fallen_Pa(window, law, self.facts))
        lead = nat["leak"] - max(value for name, value in nat.items() if name != "leak")
        shown = bool(self._names) and paths_agree(said.level_nat[1:], said.rate_per_s[1:])
        if shown and lead > float(SHAPE_NAT):
            if self._warmth is not None and self._warmth.doubt(self._kept):
                return []
            self._state = "leak"
            return [self._announce(t_s, window, said)]
        if self._state == "told":
            return []
        if lead < -float(SHAPE_NAT) or t_s - self._suspected_s > _GIVE_UP_S:
            self._state = "told"
            fall_count = window.t_s.size - (whole.t_s.size - float(said.age_count[0]))
            if window.t_s.size < whole.t_s.size and fall_count < FALL_COUNT:
                return [Told("cause open", too_fast_text(self.loop.name, self.facts.cadence_s), nat)]
            best = max(nat, key=lambda name: nat[name]) if shown else "sensor fault or common data path"
            text = f"loop {self.loop.name}: {best} explains the fall better than a leak; while the pressure stays low a leak is not ruled out"
            return [Told("other cause likelier", text, nat)]
        return []

    def _begun_anew(self, t_s: float, since_s: float) -> tuple[Array, float]:
        """Liquid (5,) and gas as they would have gone on since then; what was kept of them is mended."""
        ahead = self._thermometers().ahead
        state = ahead.state_K(t_s - self.facts.cadence_s)
        window = ahead.window(self._kept.window(since_s), self._known())
        self._kept.mend(window)
        self._liquid_K = float(state[[0, 1, 3]].sum())
        self._state = "quiet" if self._rate is None else self._state
        return state, float(window.gas_K[-1])

    def _thermometers(self) -> Thermometers:
        if self._warmth is None:
            raise RuntimeError("thermometers are judged only after the loop was learned")
        return self._warmth

    def _announce(self, now_s: float, window: Window, said: Stepped) -> Told:
        begun_s = min(now_s - float(said.age_count[0]) * self.facts.cadence_s, float(window.t_s[-3]))
        post = leak_posterior(window, self._as_seen(), self.facts, (begun_s, float(said.rate_per_s[0])))
        values, at, how = told_leak(post)
        rate = float(weighted_quantiles(post.rate_per_s, post.weight_prob, np.array([0.5]))[0])
        loop = self._followed()
        self._rate = RateWatch(loop, float(at[1]), float(at[2]), rate, now_s)
        told = forecast(from_posterior(post, now_s), loop.law, self.facts, loop.reserve)
        text = (
            leak_text(self.loop.name, now_s, at, how)
            + told.text
            + (f"; {self.loop.caveat}" if self.loop.caveat else "")
            + (rests_on(self.warm_names, self._warmth.trusted) if self._warmth is not None else "")
        )
        return Told("leak", text, values | told.values)

    def _followed(self) -> Followed:
        law = self._known()
        views = tuple(replace(law, reading_K=law.reading_K * np.sqrt(self._warm[0] / own)) for own in self._warm)
        return Followed(self.loop.name, views, self.facts, self.loop.reserve, self.rate_limit_nat)

    def _window(self, t_s: float, said: Stepped) -> Window:
        begun_s = t_s - (float(said.age_count[0]) + _BEFORE) * self.facts.cadence_s
        return self._kept.window(min(begun_s, self._suspected_s - _BEFORE * self.facts.cadence_s))

    def _known(self) -> GasLaw:
        if self._law is None:
            raise RuntimeError("a loop is judged only after it was learned")
        return self._law

    def _as_seen(self) -> GasLaw:
        """The law with the noise of the thermometers that are left."""
        law = self._known()
        if self._warmth is None or self._warmth.trusted.all():
            return law
        return replace(
            law, reading_K=law.reading_K * float(np.sqrt(len(self.paths[1]) / max(self._warmth.trusted.sum(), 1)))
        )

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
            "warmth": None if self._warmth is None else self._warmth.to_plain() | {"liquid_K": self._liquid_K},
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
            if plain["warmth"] is not None:
                self._warmth = Thermometers.from_plain((self._law, self.facts), self.paths, plain["warmth"])
                self._liquid_K = plain["warmth"]["liquid_K"]
        self._bank = None if plain["bank"] is None else LoopBank.from_plain(plain["bank"])
        self._rate = None if plain["rate"] is None else RateWatch.from_plain(self._followed(), plain["rate"])
        self._suspected_s, self._state = plain["told"]


def new_loop_watch(
    loop: WatchedLoop,
    steps_Pa: list[float],
    paths: tuple[tuple[str, ...], tuple[str, ...]],
    cadence_s: float,
    mtbf_days: float,
    warm_names: tuple[str, ...] = (),
) -> LoopWatch:
    """The watch of a loop: what each pressure counts in, the data paths of its pressures and thermometers, and what those are called.

    Raises RangeError where a sensor that the watch needs is missing.
    """
    if not steps_Pa or len(paths[1]) < 2 or min(steps_Pa) <= 0:
        found = f"{len(steps_Pa)} pressures, {len(paths[1])} temperatures, resolutions {steps_Pa}"
        raise RangeError("watch", f"loop {loop.name}", found, "pressures with a resolution and two liquid temperatures")
    facts = LoopFacts(loop.expansion_per_K, loop.orbit_s, max(steps_Pa), cadence_s)
    watch = LoopWatch(loop, facts, len(steps_Pa), paths, leak_limit_nat(mtbf_days))
    watch.warm_names = warm_names or watch.warm_names
    return watch
