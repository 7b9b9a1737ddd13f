"""Did the rate of a leak change, when, and from what to what? A bend in the line, beside a step and a gas that settles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_window import LAWS, Window
from whipple.telemetry.rate_lines import Line, Straight, lost_ratio
from whipple.telemetry.verdict import GAS_K, SETTLE_S, STEPS_PA

__all__ = ["Bend", "Dated", "bend_at", "date_bend", "find_bend", "over_other_nat"]

#: A bend is tried between bins, at least so many from either end.
_ENDS, _ROUNDS = 3, 2
#: Widths of the prior of a change, each as likely: volume over the gas volume a second.
_CHANGES_PER_S = np.geomspace(1e-7, 1e-2, 11)
_DRAW_COUNT, _FINE_COUNT, _FINE_BINS, _NEVER_PROB = 4000, 61, 240, 1e-4


@dataclass(frozen=True)
class Bend:
    """The likeliest bent line, how much likelier than any straight one [nat], and the straight line of each law."""

    line: Line
    level_nat: float
    tight: dict[str, Line]

    @property
    def at_s(self) -> float:
        """When."""
        return float(self.line.from_s or 0.0)

    @property
    def change_ratio(self) -> float:
        """Change of slope over the larger of the two slopes."""
        before, change = (float(x) for x in self.line.mean[1:])
        return change / max(abs(before), abs(before + change), 1e-30)


@dataclass(frozen=True)
class Dated:
    """Draws (n,): when it bent, volume lost a second over the gas volume just `before_per_s` and just `after_per_s`.

    `grown`, `slope_per_s` and `is_orifice` say where it stands at the end of the window (see `rate_lines`).
    """

    at_s: Array
    before_per_s: Array
    after_per_s: Array
    grown: Array
    slope_per_s: Array
    is_orifice: npt.NDArray[np.bool_]


def find_bend(straight: Straight, guess: Array) -> Bend:
    """The likeliest bend of a window. Any law may be the straight one, any may bend; `guess` (n,) is the volume lost to begin with."""
    lines: list[Line] = []
    lost, at_s = guess, _times(straight)
    for _ in range(_ROUNDS):
        straight.read(lost)
        lines = []
        for name in LAWS:
            size, score = straight.scores(name, straight.ramps(name, at_s))
            lines.append(straight.line(name, float(at_s[np.argmax(score**2 / size)])))
        lost = max(lines, key=lambda line: line.level_nat).lost(straight.binned.window.t_s)
    best = max(lines, key=lambda line: line.level_nat)
    tight = {name: straight.line(name) for name in LAWS}
    return Bend(best, best.level_nat - max(line.level_nat for line in tight.values()), tight)


def over_other_nat(straight: Straight, bend: Bend, law: GasLaw) -> float:
    """How much likelier a bend is than a step of the pressure, or a gas that settles; `straight` as `find_bend` left it."""
    at_s, warm_Pa = _times(straight), float(GAS_K) * law.level_Pa / law.temperature_K
    bent = max(_bent_nat(straight, name, at_s) + line.level_nat for name, line in bend.tight.items())
    other = max(_other_nat(straight, name, at_s, warm_Pa) + line.level_nat for name, line in bend.tight.items())
    return bent - other


def _times(straight: Straight) -> Array:
    return np.asarray(straight.t_s[_ENDS:-_ENDS] - straight.width_s / 2)


def _bent_nat(straight: Straight, law: str, at_s: Array) -> float:
    """Log evidence of a bend over a straight line: any time and any change alike, over many widths of its prior."""
    return _evidence(*straight.scores(law, straight.ramps(law, at_s)), _CHANGES_PER_S)


def _other_nat(straight: Straight, law: str, at_s: Array, warm_Pa: float) -> float:
    """Log evidence of the likelier of a step of the pressure, and of a gas that settles without the liquid showing it."""
    age = np.maximum(straight.t_s[:, None] - at_s, 0.0)
    step = _evidence(*straight.scores(law, straight.white((age > 0).astype(float))), STEPS_PA)
    heat = [
        _evidence(*straight.scores(law, straight.white(-np.expm1(-age / settle))), np.full(1, warm_Pa))
        for settle in SETTLE_S
    ]
    return max(step, float(logsumexp(heat) - np.log(len(heat))))


def _evidence(size: Array, score: Array, sigmas: Array) -> float:
    """Mean over columns and prior widths of the marginal likelihood ratio of one unknown size."""
    wide = size[:, None] + 1 / sigmas**2
    nat = score[:, None] ** 2 / (2 * wide) - 0.5 * np.log(wide * sigmas**2)
    return float(logsumexp(nat) - np.log(nat.size))


def bend_at(window: Window, law: GasLaw, facts: LoopFacts, bend: Bend) -> tuple[float, float]:
    """The bend of `bend`, looked for with other readings: how much likelier than none [nat], and the change of slope a second."""
    straight = Straight(window, law, facts)
    straight.read(bend.line.lost(window.t_s))
    size, score = straight.scores(bend.line.law, straight.ramps(bend.line.law, np.array([bend.at_s])))
    return float(score[0] ** 2 / (2 * size[0])), float(straight.line(bend.line.law, bend.at_s).mean[2])


def date_bend(window: Window, law: GasLaw, facts: LoopFacts, bend: Bend) -> Dated:
    """Draws of when and of the rates, over both laws. Prior: any time alike, a change normal about none with the larger slope for 1-sigma."""
    straight = Straight(window, law, facts, _FINE_BINS)
    straight.read(bend.line.lost(window.t_s))
    first, change = bend.line.mean[1:]
    scale, reach = max(abs(first), abs(first + change)), 1800.0 + 6 * straight.width_s
    times = np.linspace(bend.at_s - reach, bend.at_s + reach, _FINE_COUNT)
    lines, weight = _weighed(straight, times, scale)
    likely = [line.from_s for line, prob in zip(lines, weight, strict=True) if prob > _NEVER_PROB and line.from_s]
    step = times[1] - times[0]
    lines, weight = _weighed(straight, np.linspace(min(likely) - step, max(likely) + step, _FINE_COUNT), scale)
    rng = np.random.default_rng(_DRAW_COUNT)
    pick = rng.choice(weight.size, _DRAW_COUNT, p=weight)
    z, spread = rng.standard_normal((_DRAW_COUNT, 3)), np.diff([line.from_s for line in lines[:2]])[0]
    draws = np.empty((_DRAW_COUNT, 3))
    for i in np.unique(pick):
        draws[pick == i] = lines[i].mean + z[pick == i] @ np.linalg.cholesky(lines[i].cov).T
    from_s = np.array([line.from_s for line in lines])[pick]
    hole = np.array([line.law == "orifice" for line in lines])[pick]
    held = lost_ratio("orifice", draws[:, 0] - draws[:, 1] * straight.since_s("orifice", from_s))
    slow, after = np.where(hole, 1 / np.sqrt(1 + held), 1.0), draws[:, 1] + draws[:, 2]
    at_s = from_s + spread * rng.uniform(-0.5, 0.5, _DRAW_COUNT)
    grown = draws[:, 0] + draws[:, 2] * np.where(hole, straight.since_s("orifice", from_s), straight.end_s - from_s)
    return Dated(at_s, draws[:, 1] * slow, after * slow, grown, after, hole)


def _weighed(straight: Straight, at_s: Array, scale_per_s: float) -> tuple[list[Line], Array]:
    """Lines bent at each of `at_s` inside the window, every law, and the probability of each."""
    times = at_s[(at_s > straight.t_s[1]) & (at_s < straight.t_s[-2])]
    lines = [straight.line(name, float(t), scale_per_s) for name in LAWS for t in times]
    nat = np.array([line.level_nat + 0.5 * np.linalg.slogdet(line.cov / scale_per_s**2)[1] for line in lines])
    return lines, np.exp(nat - logsumexp(nat))
