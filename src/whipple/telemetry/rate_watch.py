"""After "leak": how does it go on? Its rate followed, a change announced, the end of the accumulator noticed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_cooling import begun_ratio
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_posterior import LeakPosterior, leak_posterior, weighted_quantiles
from whipple.telemetry.leak_window import Window, leaking_Pa
from whipple.telemetry.rate_bend import Bend, bend_at, date_bend, find_bend, over_other_nat
from whipple.telemetry.rate_forecast import Grown, Reserve, forecast, from_dated, from_lines, from_posterior
from whipple.telemetry.rate_lines import Line, Straight, straight_lines
from whipple.telemetry.rate_rows import KeptRows
from whipple.telemetry.verdict import Told

__all__ = ["RATE_LIMIT_NAT", "Followed", "RateWatch", "told_leak"]

#: Limit for one false "rate change suspected" in 30 days of a steady leak, looked at every 18 steps; it grows by ln(days). Measured.
RATE_LIMIT_NAT = Cited(8.5, unit="", source="whipple_judgement", grade="computed")
#: Each data path alone must show the change this clearly, in the same direction and within a factor 3, before "rate changed" is said; it
#: must be this much likelier than a step or a settling gas.
PATH_NAT = Cited(4.0, unit="", source="whipple_judgement", grade="proposal")
SHAPE_NAT = Cited(5.0, unit="", source="whipple_judgement", grade="proposal")
#: A leak is known to be there: another cause must be this much likelier before the change is put down to it.
OTHER_NAT = Cited(10.0, unit="", source="whipple_judgement", grade="proposal")
RATE_RATIO = Cited(3.0, unit="", source="whipple_judgement", grade="proposal")
#: A smaller change than this share of the larger rate is not announced: the laws of the leak are not known better.
LEAST_FRAC = Cited(0.1, unit="", source="whipple_judgement", grade="proposal")
#: Onset and first rate are refined only until this much over the gas volume has gone: beyond it a lag of the gas that is not quite what was
#: learned bends the curve more than the readings scatter (docs/theory/telemetry.md).
DATED_RATIO = Cited(0.1, unit="", source="whipple_judgement", grade="proposal")
#: A pressure below this share of what the leak explains fell for another reason: the accumulator is at its stop.
SPENT_FRAC = Cited(0.5, unit="", source="whipple_judgement", grade="proposal")
_EVERY, _FEWEST, _SPAN_STEPS, _BACK_NAT, _GIVE_UP_S, _OLDER = 18, 36, 2160, 4.0, 14400.0, 1.5
_BEFORE_S, _STOPPED_FRAC, _PROBS = 3600.0, 0.2, np.array([0.05, 0.5, 0.95])


@dataclass(frozen=True)
class Followed:
    """The loop that leaks: its name, the learned law as each view sees it (0 every sensor, then each data path alone), facts, the reserve
    of its accumulator, and the limit of a change."""

    name: str
    views: tuple[GasLaw, ...]
    facts: LoopFacts
    reserve: Reserve | None
    limit_nat: float

    @property
    def law(self) -> GasLaw:
        """As every sensor sees it."""
        return self.views[0]

    def percent_h(self, rate_per_s: Array) -> Array:
        """Draws (n,) of a rate in gas volumes a second as % of the inventory an hour: how much the one is of the other was learned, and is drawn."""
        unsure = np.random.default_rng(rate_per_s.size).standard_normal(rate_per_s.size) * self.law.held_sigma_ratio
        return rate_per_s * (1 + unsure) * (self.facts.expansion_per_K / self.law.couple_per_K * 3.6e5)


class RateWatch:
    """The rate of one leak. `step` after every step; what there is to tell.

    `from_s` is where the present rate began at the latest, `cold_ratio` by what share the rate before may have cooled the gas then, `line` the
    line of the last look (bent while a change is suspected), `begun_s` and `rate_per_s` onset and first rate.
    """

    def __init__(self, loop: Followed, begun_s: float, from_s: float, rate_per_s: float, now_s: float) -> None:
        self.loop, self.begun_s, self.from_s, self.rate_per_s = loop, begun_s, from_s, rate_per_s
        self.state, self.suspected_s, self.is_first, self.cold_ratio = "steady", 0.0, True, 0.0
        self.line = Line("orifice", begun_s, None, np.array([0.0, rate_per_s]), np.zeros((2, 2)), 0.0)
        self.next_s = self._older(now_s)

    def step(self, now_s: float, kept: KeptRows) -> list[Told]:
        """Look at the last hours, every 18 steps."""
        if self.state == "spent" or kept.count % _EVERY:
            return []
        heard_s, fallen = self._fallen(kept)
        if fallen.size and fallen[-2:].all():
            return [self._spent(now_s, kept, float(heard_s[np.argmax(fallen)]))]
        window = self._window(now_s, kept)
        if window.t_s.size < _FEWEST or fallen.any():
            return []
        straight = Straight(window, self.loop.law, self.loop.facts)
        bend = find_bend(straight, self.line.lost(window.t_s))
        if self.state == "suspected":
            return self._judge(now_s, kept, bend, straight)
        if bend.level_nat > self.loop.limit_nat and abs(bend.change_ratio) > float(LEAST_FRAC):
            self.state, self.suspected_s, self.line = "suspected", now_s, bend.line
            return [self._suspect(now_s, kept, bend)]
        self.line = max(bend.tight.values(), key=lambda line: line.level_nat)
        return [self._update(now_s, kept, bend.tight)] if now_s >= self.next_s else []

    def _window(self, now_s: float, kept: KeptRows, view: int = 0, until_s: float = np.inf) -> Window:
        """The last hours at the present rate, as one view sees them."""
        window = kept.window(max(self.from_s, now_s - _SPAN_STEPS * self.loop.facts.cadence_s), view, until_s)
        since_s = float(window.t_s[0]) - self.from_s if window.t_s.size else 0.0
        return replace(window, cold_ratio=self.cold_ratio * float(np.exp(-max(since_s, 0.0) / self.loop.law.lag_s)))

    def _older(self, now_s: float) -> float:
        """When the leak, or its present rate, is half as old again."""
        since_s = self.begun_s if self.is_first else self.from_s
        return since_s + _OLDER * max(now_s - since_s, _EVERY * self.loop.facts.cadence_s)

    def _fallen(self, kept: KeptRows) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The times of the last readings, and which of them lie far below what the leak explains."""
        window = kept.window(max(self.from_s, float(kept.rows()[-_EVERY:, 0].min())))
        off = window.pressure_Pa - self.loop.law.bias_Pa[:, None]
        heard = np.isfinite(off).any(0)
        lost = self.line.lost(window.t_s)
        rate = np.gradient(lost, window.t_s) if lost.size > 1 else np.zeros(lost.size)
        gas = window.gas_K * begun_ratio(self.loop.law, lost, rate)
        tight = leaking_Pa(self.loop.law, self.loop.facts, lost, window.liquid_K, gas)
        return window.t_s[heard], np.asarray(np.nanmean(off[:, heard], 0) < float(SPENT_FRAC) * tight[heard])

    def _suspect(self, now_s: float, kept: KeptRows, bend: Bend) -> Told:
        _, values, (at, before, after) = self._dated(now_s, kept, bend)
        how = "faster" if after[1] > before[1] else "more slowly"
        text = (
            f"loop {self.loop.name}: the pressure falls {how} than this leak explains, since {_ago_range(now_s, at)}; as a leak"
            f" {_range(before)} became {_range(after)} % of the inventory an hour; cause still open"
        )
        return Told("rate change suspected", text, {"level_nat": bend.level_nat} | values)

    def _dated(
        self, now_s: float, kept: KeptRows, bend: Bend
    ) -> tuple[Grown, dict[str, float], tuple[Array, Array, Array]]:
        """Draws at the end of the window; when, from what and to what, as an event names them and as 5th, 50th, 95th percentiles."""
        window = self._window(now_s, kept)
        dated = date_bend(window, self.loop.law, self.loop.facts, bend)
        at = np.quantile(dated.at_s, _PROBS)
        before = _rate_quantiles(self.loop.percent_h(dated.before_per_s))
        after = _rate_quantiles(self.loop.percent_h(dated.after_per_s))
        values = _named("at", "s", at) | _named("from", "percent_h", before) | _named("to", "percent_h", after)
        return from_dated(dated, now_s), values, (at, before, after)

    def _judge(self, now_s: float, kept: KeptRows, bend: Bend, straight: Straight) -> list[Told]:
        self.line = bend.line
        if bend.level_nat < self.loop.limit_nat - _BACK_NAT:
            self.state, self.line = "steady", max(bend.tight.values(), key=lambda line: line.level_nat)
            text = f"loop {self.loop.name}: the leak goes on as before"
            return [Told("no rate change", text, {"level_nat": bend.level_nat})]
        over_nat = over_other_nat(straight, bend, self.loop.law)
        if over_nat > float(SHAPE_NAT) and self._agree(kept, bend):
            self.state, self.is_first = "steady", False
            return [self._changed(now_s, kept, bend)]
        given_up = now_s - self.suspected_s > _GIVE_UP_S
        if over_nat > -float(OTHER_NAT) and not given_up:
            return []
        self.state, self.from_s, self.is_first = "steady", now_s, False
        self.cold_ratio, self.line = self._cold(bend, now_s), _straightened(bend)
        why = (
            "no cause is clearly likelier"
            if given_up
            else "a step of the pressure or of its temperature explains it better"
        )
        text = f"loop {self.loop.name}: the rate of the leak may have changed, but {why}; it is followed anew from here"
        values = {"level_nat": bend.level_nat, "over_other_nat": over_nat}
        return [Told("cause open" if given_up else "other cause likelier", text, values)]

    def _agree(self, kept: KeptRows, bend: Bend) -> bool:
        """Does every data path alone show the same change?"""
        last_s = float(kept.rows()[-1, 0])
        alone = [
            bend_at(self._window(last_s, kept, view), self.loop.views[view], self.loop.facts, bend)
            for view in range(1, len(self.loop.views))
        ]
        nat, change = (
            np.array([row[0] for row in alone]),
            np.array([row[1] for row in alone]) * np.sign(bend.line.mean[2]),
        )
        clear = nat.min() > float(PATH_NAT) and change.min() > 0
        return bool(clear and change.max() < float(RATE_RATIO) * change.min())

    def _changed(self, now_s: float, kept: KeptRows, bend: Bend) -> Told:
        grown, values, (at, before, after) = self._dated(now_s, kept, bend)
        self.from_s = float(at[2])
        self.cold_ratio, self.line = self._cold(bend, self.from_s), _straightened(bend)
        self.next_s = self._older(now_s)
        told = forecast(grown, self.loop.law, self.loop.facts, self.loop.reserve)
        if after[0] == 0 and after[2] < _STOPPED_FRAC * before[1]:
            what = f"the leak stopped (less than {after[2]:.2g} % of the inventory an hour is left of {_range(before)})"
        else:
            what = f"the leak went from {_range(before)} to {_range(after)} % of the inventory an hour"
        text = f"loop {self.loop.name}: {what}, {_ago_range(now_s, at)}; {told.text}"
        return Told("rate changed", text, values | told.values)

    def _cold(self, bend: Bend, at_s: float) -> float:
        """By what share the rates before and after a bend may have cooled the gas at `at_s`, at most."""
        near = bend.line.lost(np.array([at_s - 1.0, at_s, bend.at_s - 1.0, bend.at_s]))
        rates = np.maximum(np.array([near[1] - near[0], near[3] - near[2]]), 0.0)
        return float(1 - begun_ratio(self.loop.law, near[[1, 3]], rates).min())

    def _update(self, now_s: float, kept: KeptRows, lines: dict[str, Line]) -> Told:
        """The leak as it stands: from its onset while little has gone, else from the straight line of the last hours."""
        self.next_s = self._older(now_s)
        values: dict[str, float] = {}
        grown = from_lines(lines, now_s)
        young = float(self.line.lost(np.array([now_s]))[0]) < float(DATED_RATIO)
        if self.is_first and young and kept.rows()[0, 0] < self.begun_s - _BEFORE_S / 2:
            window = kept.window(self.begun_s - _BEFORE_S)
            post = leak_posterior(window, self.loop.law, self.loop.facts, (self.begun_s, self.rate_per_s))
            values, grown = told_leak(post)[0], from_posterior(post, now_s)
        rate = np.quantile(self.loop.percent_h(grown.rate_per_s(self.loop.law)), _PROBS)
        told = forecast(grown, self.loop.law, self.loop.facts, self.loop.reserve)
        text = f"loop {self.loop.name} leaks {_range(rate)} % of the inventory an hour now; {told.text}"
        return Told("leak update", text, values | _named("rate_now", "percent_h", rate) | told.values)

    def _spent(self, now_s: float, kept: KeptRows, at_s: float) -> Told:
        """The pressure fell for another reason than the leak; what had gone by then, and what the vapour pressure makes of the rest."""
        self.state = "spent"
        window = self._window(at_s, kept, until_s=at_s - 1.0)
        values, more = {"at_s": at_s}, ""
        if window.t_s.size >= _FEWEST:
            lines = straight_lines(window, self.loop.law, self.loop.facts, self.line.lost(window.t_s))
            told = forecast(from_lines(lines, at_s), self.loop.law, self.loop.facts, self.loop.reserve, is_spent=True)
            values, more = values | told.values, f"; {told.text}"
        text = (
            f"loop {self.loop.name}: {_ago(now_s - at_s)} ago the pressure fell at once to less than half of what this leak explains: the"
            f" accumulator is at its stop, or the loop burst; from here the vapour of the liquid drives the leak, and the pressure no longer"
            f" shows its rate{more}"
        )
        return Told("accumulator spent", text, values)

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        line = {**asdict(self.line), "mean": self.line.mean.tolist(), "cov": self.line.cov.tolist()}
        names = ("begun_s", "from_s", "rate_per_s", "state", "suspected_s", "is_first", "next_s", "cold_ratio")
        return {"line": line, **{name: getattr(self, name) for name in names}}

    @classmethod
    def from_plain(cls, loop: Followed, plain: dict[str, Any]) -> Self:
        """Go on from `to_plain`."""
        line = plain["line"]
        out = cls(loop, plain["begun_s"], plain["from_s"], plain["rate_per_s"], plain["begun_s"])
        out.line = Line(**{**line, "mean": np.array(line["mean"], float), "cov": np.array(line["cov"], float)})
        out.state, out.suspected_s, out.next_s = plain["state"], plain["suspected_s"], plain["next_s"]
        out.is_first, out.cold_ratio = plain["is_first"], plain["cold_ratio"]
        return out


def told_leak(post: LeakPosterior) -> tuple[dict[str, float], Array, Array]:
    """Onset and first rate of a leak with their 90 % intervals, as an event names them; onset [s] (3,); % of the inventory an hour (3,)."""
    at = weighted_quantiles(post.onset_s, post.weight_prob, _PROBS)
    how = weighted_quantiles(post.rate_frac_s, post.weight_prob, _PROBS) * 3.6e5
    return _named("onset", "s", at) | _named("rate", "percent_h", how), at, how


def _named(stem: str, unit: str, three: Array) -> dict[str, float]:
    names = (f"{stem}_low_{unit}", f"{stem}_{unit}", f"{stem}_high_{unit}")
    return dict(zip(names, (float(x) for x in three), strict=True))


def _rate_quantiles(draws: Array) -> Array:
    """5th, 50th and 95th percentile of a rate that is not below none; from none up where that is not excluded."""
    kept = draws[draws > 0]
    if kept.size < _FEWEST:
        return np.zeros(3)
    three = np.quantile(kept, _PROBS)
    return three * np.array([0.0 if (draws <= 0).mean() > _PROBS[0] else 1.0, 1.0, 1.0])


def _straightened(bend: Bend) -> Line:
    """The line after the bend alone."""
    line = bend.line
    grown = line.mean[0] + line.mean[2] * (line.end_s - bend.at_s)
    mean = np.array([grown, max(line.mean[1] + line.mean[2], 0.0)])
    return Line(line.law, line.end_s, None, mean, np.zeros((2, 2)), line.level_nat)


def _range(three: Array) -> str:
    return f"{three[1]:.3g} ({three[0]:.3g} to {three[2]:.3g})"


def _ago(s: float) -> str:
    return f"{s / 60:.0f} min"


def _ago_range(now_s: float, at: Array) -> str:
    return f"{_ago(now_s - at[1])} ago ({(now_s - at[2]) / 60:.0f} to {(now_s - at[0]) / 60:.0f})"
