"""How much has gone, when is the majority gone, when is it empty? From draws of a leak, in shares of the inventory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.telemetry.emptying import until_lost_s
from whipple.telemetry.gas_cooling import begun_ratio
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_posterior import LeakPosterior
from whipple.telemetry.rate_bend import Dated
from whipple.telemetry.rate_lines import Line, lost_ratio

__all__ = ["Forecast", "Grown", "Reserve", "WatchedLoop", "forecast", "from_dated", "from_lines", "from_posterior"]

_DRAW_COUNT = 4000
#: Expansion of the liquid in the plant of sheet telemetry.md 5.1, isooctane (an assumption there).
EXPANSION_PER_K = Cited(1.2e-3, unit="1/K", source="whipple_judgement", grade="proposal")
#: The hole is taken for one (the rate follows the root of the pressure) unless the readings leave that law less than this probability.
_LEAST_PROB = 0.01
#: A gas that a leak has cooled by more than this is spoken of.
COLD_K = Cited(3.0, unit="K", source="whipple_judgement", grade="proposal")
#: A draw slower than this share of the middle one may have stopped.
_STILL_FRAC = 1e-3
_PROBS = (0.05, 0.5, 0.95)
_SPANS = (("days", 86400.0, 3 * 86400.0), ("h", 3600.0, 5400.0), ("min", 60.0, -np.inf))


@dataclass(frozen=True)
class Reserve:
    """What the accumulator can push, as a share of the inventory, and the vapour pressure over the pressure at charge: low, likeliest, high.

    The ranges hold 90 %.
    """

    pushed_frac: tuple[float, ...]
    vapour_ratio: tuple[float, ...]


@dataclass(frozen=True)
class WatchedLoop:
    """A loop to watch for leaks: its name as the channels give it, the expansion of its liquid (0: not known; `assumed` then says what is taken
    for it, and so do "learned" and "leak"), and the period of its swing.

    `pushed_frac` is what its accumulator can push, as a share of the inventory, `vapour_ratio` the vapour pressure over the pressure at charge: (low,
    likeliest, high), the range holding 90 %. With both, a leak comes with when half is gone and when all
    is. `expansion_sigma_ratio` is how far the expansion may be off (1 sigma).
    """

    name: str
    expansion_per_K: float = 0.0
    orbit_s: float = 5560.0
    pushed_frac: tuple[float, ...] = ()
    vapour_ratio: tuple[float, ...] = ()
    assumed: str = ""
    expansion_sigma_ratio: float = 0.0

    def __post_init__(self) -> None:
        if not self.expansion_per_K:
            object.__setattr__(self, "expansion_per_K", float(EXPANSION_PER_K))
            object.__setattr__(self, "assumed", self.assumed or "how its liquid expands is not known")
        for name in ("pushed_frac", "vapour_ratio"):
            three = tuple(float(x) for x in getattr(self, name))
            object.__setattr__(self, name, three)
            if three and not (len(three) == 3 and 0 < three[0] <= three[1] <= three[2]):
                raise RangeError(
                    "watch", f"loop {self.name} {name}", three, "nothing, or low, likeliest, high above zero"
                )

    @property
    def caveat(self) -> str:
        """What is assumed of the liquid, as a sentence; empty when it is known."""
        taken = f"taken as {self.expansion_per_K:.3g} per K, as of isooctane; shares of the inventory go with it in proportion"
        return f"{self.assumed}: {taken}" if self.assumed else ""

    @property
    def reserve(self) -> Reserve | None:
        """What drives the leak in the end, when it is known."""
        return Reserve(self.pushed_frac, self.vapour_ratio) if self.pushed_frac and self.vapour_ratio else None


@dataclass(frozen=True)
class Grown:
    """Draws of a leak (n,): what has grown by `now_s` and its slope a second (see `rate_lines`), and whether it goes by the orifice law."""

    now_s: float
    grown: Array
    slope_per_s: Array
    is_orifice: npt.NDArray[np.bool_]

    @property
    def lost(self) -> Array:
        """Volume lost over the gas volume at charge (n,)."""
        return np.where(self.is_orifice, lost_ratio("orifice", self.grown), self.grown)

    def rate_per_s(self, law: GasLaw) -> Array:
        """Volume lost a second, now, over the gas volume at charge (n,)."""
        return self.slope_per_s * np.where(self.is_orifice, np.sqrt(self.warm_ratio(law) / (1 + self.lost)), 1.0)

    def warm_ratio(self, law: GasLaw) -> Array:
        """Temperature of the gas over that in a tight loop (n,), the leak as it now is since it began."""
        return begun_ratio(law, self.lost, self.slope_per_s / np.where(self.is_orifice, np.sqrt(1 + self.lost), 1.0))


@dataclass(frozen=True)
class Forecast:
    """Named numbers for an event and a sentence for people. 5th, 50th and 95th percentile: "x_low", "x", "x_high"."""

    values: dict[str, float]
    text: str


def from_posterior(post: LeakPosterior, now_s: float) -> Grown:
    """Draws of a leak that has gone on unchanged since its onset."""
    rng = np.random.default_rng(_DRAW_COUNT)
    pick = rng.choice(post.weight_prob.size, _DRAW_COUNT, p=post.weight_prob)
    rate, hole = post.rate_per_s[pick], np.array([name == "orifice" for name in post.law])[pick]
    age_s = now_s - post.onset_s[pick] + np.where(hole, post.ahead_s, 0.0)
    return Grown(now_s, rate * age_s, rate, hole)


def from_lines(lines: dict[str, Line], now_s: float) -> Grown:
    """Draws from straight lines, each law as likely as it makes the readings; slopes below none are drawn as none."""
    rng = np.random.default_rng(_DRAW_COUNT)
    nat = np.array([line.level_nat for line in lines.values()])
    prob = np.exp(nat - nat.max())
    pick = rng.choice(prob.size, _DRAW_COUNT, p=prob / prob.sum())
    z = rng.standard_normal((_DRAW_COUNT, 2))
    means = np.array([line.mean for line in lines.values()])[pick]
    factors = np.array([np.linalg.cholesky(line.cov) for line in lines.values()])[pick]
    draws = means + np.einsum("nij,nj->ni", factors, z)
    end_s = np.array([line.end_s for line in lines.values()])[pick]
    hole = np.array([name == "orifice" for name in lines])[pick]
    slope = np.maximum(draws[:, 1], 0.0)
    return Grown(now_s, draws[:, 0] + slope * (now_s - end_s), slope, hole)


def from_dated(dated: Dated, now_s: float) -> Grown:
    """Draws of a leak whose rate has just changed."""
    return Grown(now_s, dated.grown, np.maximum(dated.slope_per_s, 0.0), dated.is_orifice)


def forecast(
    grown: Grown, law: GasLaw, facts: LoopFacts, reserve: Reserve | None, *, is_spent: bool = False
) -> Forecast:
    """Share of the inventory gone and, with a `reserve`, when half is gone and when all is, on the clock of the events.

    The accumulator can push more than has gone so far, or exactly that when it `is_spent`. The inventory over the gas volume comes from
    the learned coupling. Without a reserve, or while the leak may have stopped, only what has gone is said.
    """
    rng = np.random.default_rng(_DRAW_COUNT + 1)
    held = law.couple_per_K / facts.expansion_per_K * (1 + law.held_sigma_ratio * rng.standard_normal(_DRAW_COUNT))
    gone = np.clip(grown.lost / held, 0.0, 1.0)
    values = _three("gone_percent", 100 * gone)
    text = f"{values['gone_percent']:.3g} % of the inventory is gone ({values['gone_low_percent']:.3g} to {values['gone_high_percent']:.3g})"
    cold_K = law.temperature_K * (1 - float(np.median(grown.warm_ratio(law))))
    if cold_K > float(COLD_K) and not is_spent:
        text += f"; the gas of the accumulator is about {cold_K:.2g} K colder for its expansion, which is allowed for"
    moving = grown.slope_per_s > _STILL_FRAC * np.median(grown.slope_per_s)
    if reserve is None or moving.mean() < 1 - _LEAST_PROB:
        return Forecast(values, text)
    hole = moving & grown.is_orifice
    kept = hole if hole.mean() > _LEAST_PROB else moving
    is_hole = bool(hole.mean() > _LEAST_PROB)
    pushed = gone if is_spent else _pushed_frac(reserve, gone, rng)
    vapour = np.minimum(_given(reserve.vapour_ratio).draw(rng, _DRAW_COUNT), 1.0)
    for name, share in (("half_gone", 0.5), ("empty", 1.0)):
        if (gone < share).mean() < 0.05:
            continue
        left = _until(grown, held, share, (pushed, vapour), kept, (law.cools_ratio, law.lag_s) if is_hole else None)
        if (gone >= share).mean() < _PROBS[
            0
        ]:  # a time that may be past already is not dated: what was told before stands
            values |= _three(f"{name}_s", grown.now_s + left)
        word = "half is gone" if name == "half_gone" else "empty"
        text += f"; {word} {_span(np.quantile(left, _PROBS))}"
    return Forecast(values, text)


def _until(
    grown: Grown,
    held: Array,
    share: float,
    drive: tuple[Array, Array],
    kept: npt.NDArray[np.bool_],
    gas: tuple[float, float] | None,
) -> Array:
    """Seconds until `share` of the inventory is gone, of the draws `kept`; `drive`: share that the accumulator pushes, vapour pressure; `gas`:
    cp/cv - 1 and lag of what drives an orifice, None where the rate is constant."""
    goal, lost, rate = share * held[kept], grown.lost[kept], grown.slope_per_s[kept]
    if gas is None:
        return np.asarray(np.maximum(goal - lost, 0.0) / rate)
    return until_lost_s(rate, lost, goal, (drive[0] * held)[kept], drive[1][kept], gas)


def _pushed_frac(reserve: Reserve, gone: Array, rng: np.random.Generator) -> Array:
    """Draws of what the accumulator pushes, knowing that it pushed what has `gone`."""
    beforehand = np.sort(np.minimum(_given(reserve.pushed_frac).draw(rng, _DRAW_COUNT), 1.0))
    below = np.searchsorted(beforehand, gone) / _DRAW_COUNT
    drawn = np.quantile(beforehand, below + (1 - below) * rng.uniform(size=_DRAW_COUNT))
    return np.asarray(np.maximum(drawn, gone))


def _given(three: tuple[float, ...]) -> Given:
    low, value, high = three
    return Given(value, low, high, "")


def _three(name: str, draws: Array) -> dict[str, float]:
    """5th, 50th and 95th percentile: "gone_percent" becomes "gone_low_percent", "gone_percent", "gone_high_percent"."""
    stem, unit = name.rsplit("_", 1)
    names = (f"{stem}_low_{unit}", name, f"{stem}_high_{unit}")
    return dict(zip(names, (float(x) for x in np.quantile(draws, _PROBS)), strict=True))


def _span(left_s: Array) -> str:
    """A time to come, with its 90 % interval."""
    unit, many = next((unit, many) for unit, many, least in _SPANS if left_s[1] >= least)
    low, middle, high = (f"{one:.0f}" if one >= 10 else f"{one:.2g}" for one in left_s / many)
    if left_s[1] <= 0:
        return f"by now, or within {high} {unit}"
    return f"in {middle} {unit} ({low} to {high})"
