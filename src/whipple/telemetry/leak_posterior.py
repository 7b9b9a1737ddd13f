"""When did the leak begin and how fast is it? Onset and rate from every reading of a window, through the gas law."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_bank import DRIFT_PA, LEVEL_PA
from whipple.telemetry.quantised import tabled_scores

__all__ = [
    "LAWS",
    "Binned",
    "LeakPosterior",
    "Window",
    "compensated",
    "fallen_ratio",
    "leak_posterior",
    "leaking_Pa",
    "weighted_quantiles",
]

#: How the leak goes on: at a constant rate, or through an orifice that follows the root of the pressure.
LAWS = ("constant", "orifice")
_MOST_BINS, _ROUNDS, _WIDE = 240, 8, 5.0
_GRID = (41, 31)


@dataclass(frozen=True)
class Window:
    """Even steps `t_s` (n,) with the followed temperatures of liquid and gas (n,) and the readings `pressure_Pa` (n_sensor, n), NaN unheard.

    `since_count` steps lie between the end of learning and the first of these.
    """

    t_s: Array
    liquid_K: Array
    gas_K: Array
    pressure_Pa: Array
    since_count: float = 0.0


@dataclass(frozen=True)
class LeakPosterior:
    """Weighted points (m,): onset, first rate as volume over the gas volume at charge, and its law; `rate_frac_s` of the inventory.

    `ahead_s` is by how much the clock of the orifice law ran ahead of time from the likeliest onset to the end of the window.
    """

    onset_s: Array
    rate_per_s: Array
    rate_frac_s: Array
    weight_prob: Array
    law: tuple[str, ...]
    best_nat: float
    ahead_s: float = 0.0


def fallen_ratio(law: str, rate_per_s: Array, age_s: Array) -> Array:
    """Volume lost over the gas volume at charge, `age_s` after a hole opens: rate x age, or the closed form of dx/dt = rate/sqrt(1 + x).

    >>> fallen_ratio("orifice", np.array(1e-4), np.array([0.0, 1e4])).round(4).tolist()
    [0.0, 0.842]
    """
    grown = rate_per_s * np.maximum(age_s, 0.0)
    return np.asarray(grown if law == "constant" else (1 + 1.5 * grown) ** (2 / 3) - 1)


def leaking_Pa(law: GasLaw, facts: LoopFacts, lost_ratio: Array, liquid_K: Array, gas_K: Array) -> Array:
    """Pressure when `lost_ratio` (over the gas volume at charge) has gone, at these temperatures; everything broadcasts."""
    warm = liquid_K - law.temperature_K
    swell = law.couple_per_K * warm / (1 - facts.expansion_per_K * warm)
    left = 1 - lost_ratio * facts.expansion_per_K / law.couple_per_K
    return np.asarray(law.level_Pa * gas_K / law.temperature_K / (1 - swell * left + lost_ratio))


def leak_posterior(
    window: Window, law: GasLaw, facts: LoopFacts, start: tuple[float, float], laws: tuple[str, ...] = LAWS
) -> LeakPosterior:
    """Posterior of onset and rate on a grid about the best fit; `start` = (onset [s], rate [1/s]) from the alarm.

    Prior: onset uniform over the window, rate uniform in its logarithm, both laws alike. The likelihood of the codes is taken at the best
    fit; errors of the followed temperature, of the level, of the coupling and of the lag are in the covariance.
    """
    binned = Binned(window, law, facts)
    binned.wind(fallen_ratio("orifice", np.asarray(start[1]), window.t_s - start[0]))
    parts = [_grid(binned, name, np.array([start[0], np.log(start[1])])) for name in laws]
    nat = np.concatenate([part[2] for part in parts])
    rate = np.concatenate([part[1] for part in parts])
    names = tuple(name for name, part in zip(laws, parts, strict=True) for _ in part[0])
    share = facts.expansion_per_K / law.couple_per_K
    weight = np.exp(nat - logsumexp(nat))
    onset = np.concatenate([part[0] for part in parts])
    last, begun = float(window.t_s[-1]), onset[int(np.argmax(nat))]
    ahead_s = last - float(binned.at_clock("orifice", begun)) - (last - begun)
    return LeakPosterior(onset, rate, rate * share, weight, names, float(nat.max()), ahead_s)


def weighted_quantiles(value: Array, weight: Array, probs: Array) -> Array:
    """Quantiles of weighted points, each standing for the middle of its share.

    >>> weighted_quantiles(np.array([1.0, 2.0, 3.0]), np.ones(3), np.array([0.5])).tolist()
    [2.0]
    """
    order = np.argsort(value, kind="stable")
    share = weight[order] / weight.sum()
    return np.asarray(np.interp(probs, np.cumsum(share) - share / 2, value[order]))


class Binned:
    """The window in bins: pressures of any leak, residuals of the codes against a fit, and the factor of their covariance."""

    def __init__(self, window: Window, law: GasLaw, facts: LoopFacts, most_bins: int = _MOST_BINS) -> None:
        self.window, self.law, self.facts = window, law, facts
        self.size = max(1, int(np.ceil(window.t_s.size / most_bins)))
        self.count = window.t_s.size // self.size
        self.kept = self.count * self.size
        self.t_s, self.liquid_K, self.gas_K = (self.mean(x) for x in (window.t_s, window.liquid_K, window.gas_K))
        self.slow = self._covariance()
        self.clock_s, self._clocks_s = self.t_s, window.t_s

    def mean(self, value: Array) -> Array:
        """Bin means of (..., n)."""
        return np.asarray(value[..., : self.kept].reshape(*value.shape[:-1], self.count, self.size).mean(-1))

    def wind(self, lost: Array) -> None:
        """Set the clock that an orifice goes by: time weighed by the root of what the temperatures make of the pressure, when about
        `lost` (n,) has gone. The loss from t to u is then that of a loop of even temperature in clock(u) - clock(t)."""
        even = self.law.level_Pa / (1 + lost)
        drive = np.sqrt(np.maximum(self.lost_Pa(lost) / even, 0.0))
        t_s = self.window.t_s
        steps = (drive[1:] + drive[:-1]) / 2 * np.diff(t_s)
        self._clocks_s = t_s[-1] + np.concatenate([[0.0], np.cumsum(steps)]) - steps.sum()
        self.clock_s = self.mean(self._clocks_s)

    def at_clock(self, name: str, t_s: Array) -> Array:
        """What the clock of a law shows at `t_s`, same shape; outside the window it runs as time does."""
        if name == "constant":
            return np.asarray(t_s, float)
        known = self.window.t_s
        inside = np.interp(t_s, known, self._clocks_s)
        return np.asarray(inside + np.minimum(t_s - known[0], 0.0) + np.maximum(t_s - known[-1], 0.0))

    def pressure(self, name: str, onset_s: Array, rate_per_s: Array) -> Array:
        """Pressure (m, n_bin) of leaks (m,) in the middle of the bins."""
        clock_s = self.t_s if name == "constant" else self.clock_s
        age_s = clock_s - self.at_clock(name, np.asarray(onset_s))[..., None]
        lost = fallen_ratio(name, np.asarray(rate_per_s)[..., None], age_s)
        return leaking_Pa(self.law, self.facts, lost, self.liquid_K, self.gas_K)

    def each(self, name: str, onset_s: float, rate_per_s: float) -> Array:
        """Pressure (n,) of one leak at every step."""
        age_s = self.at_clock(name, self.window.t_s) - self.at_clock(name, np.asarray(onset_s))
        return self.lost_Pa(fallen_ratio(name, np.asarray(rate_per_s), age_s))

    def lost_Pa(self, lost: Array) -> Array:
        """Pressure (n,) when `lost` (n,) over the gas volume at charge has gone."""
        return leaking_Pa(self.law, self.facts, lost, self.window.liquid_K, self.window.gas_K)

    def binned_Pa(self, lost: Array) -> Array:
        """The same in the middle of the bins (n_bin,)."""
        return leaking_Pa(self.law, self.facts, lost, self.liquid_K, self.gas_K)

    def _covariance(self) -> Array:
        """Of the bins, without the codes: temperature error and what the gas makes of it, level and drift, coupling and lag."""
        law, walk, reading = self.law, self.law.walk_K, self.law.reading_K
        ahead = (walk**2 + np.sqrt(walk**4 + 4 * walk**2 * reading**2)) / 2
        gain = ahead / (ahead + reading**2)
        liquid = gain * reading**2 * _bin_memory(1 - gain, self.size, self.count)
        keep = float(np.exp(-self.facts.cadence_s * self.size / law.lag_s))
        lag = np.tril((1 - keep) * keep ** np.abs(np.subtract.outer(np.arange(self.count), np.arange(self.count))))
        tight = self.binned_Pa(np.zeros(1))
        through = np.diag(tight * law.couple_per_K) + (tight / law.temperature_K)[:, None] * lag
        age = self.window.since_count + self.size * np.arange(self.count)
        cov = through @ liquid @ through.T + LEVEL_PA**2 + DRIFT_PA**2 * np.minimum.outer(age, age)
        stiffer = replace(law, couple_per_K=law.couple_per_K * 1.01)
        more = leaking_Pa(stiffer, self.facts, np.zeros(1), self.liquid_K, self.gas_K) - tight
        swing = (self.liquid_K - self.gas_K) * tight / law.temperature_K
        for column in (more * 100 * law.sigma_ratio[1], swing * law.sigma_ratio[2]):
            cov = cov + np.outer(column, column)
        return np.asarray(cov)

    def against(self, fit: Array) -> tuple[Array, Array]:
        """Residual (n_bin,) of the codes against the fit (n,), and the Cholesky factor of its covariance, which shrinks with the pressure."""
        off = self.window.pressure_Pa - fit - self.law.bias_Pa[:, None]
        heard = np.isfinite(off)
        slope, information = tabled_scores(np.where(heard, off, 0.0), self.facts.step_Pa, self.law.noise_Pa)
        total = np.maximum(self.mean((information * heard).sum(0)) * self.size, 1e-12)
        rest = self.mean((slope * heard).sum(0)) * self.size / total
        less = self.mean(fit) / self.binned_Pa(np.zeros(1))
        return rest, np.asarray(np.linalg.cholesky(self.slow * np.outer(less, less) + np.diag(1 / total)))


def _bin_memory(stays: float, size: int, count: int) -> Array:
    """Correlation of bin means of a process whose neighbours correlate by `stays`."""
    place = np.arange(size)
    near = float((stays ** np.abs(np.subtract.outer(place, place))).mean())
    reach = float((stays ** (place - (size - 1) / 2)).mean() * (stays ** ((size - 1) / 2 - place)).mean())
    apart = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    return np.where(apart == 0, near, reach * stays ** (apart * float(size)))


def _grid(binned: Binned, name: str, start: Array) -> tuple[Array, Array, Array]:
    """Onsets, rates and log posterior density times cell of one law, about its best fit."""
    best, cov = _best_fit(binned, name, start)
    fit = binned.pressure(name, best[0], np.exp(best[1]))
    rest, factor = binned.against(binned.each(name, best[0], np.exp(best[1])))
    half = _WIDE * np.sqrt(np.diag(cov))
    onset = np.linspace(best[0] - half[0], best[0] + half[0], _GRID[0])
    rate = np.linspace(best[1] - half[1], best[1] + half[1], _GRID[1])
    onsets, rates = (x.ravel() for x in np.meshgrid(onset, rate, indexing="ij"))
    missed = rest + fit - binned.pressure(name, onsets, np.exp(rates))
    nat = -0.5 * (solve_triangular(factor, missed.T, lower=True) ** 2).sum(0)
    inside = (onsets >= binned.window.t_s[0]) & (onsets <= binned.window.t_s[-1])
    cell = np.log((onset[1] - onset[0]) * (rate[1] - rate[0])) - np.log(np.diag(factor)).sum()
    return onsets, np.exp(rates), np.where(inside, nat + cell, -np.inf)


def _best_fit(binned: Binned, name: str, start: Array) -> tuple[Array, Array]:
    """Gauss-Newton in onset and log rate, steps held short; best point and its covariance."""
    point = start.copy()
    cov = np.eye(2)
    for _ in range(_ROUNDS):
        fit = binned.pressure(name, point[0], np.exp(point[1]))
        rest, factor = binned.against(binned.each(name, point[0], np.exp(point[1])))
        nudge = np.array([binned.facts.cadence_s / 2, 0.01])
        slopes = [(binned.pressure(name, *_moved(point, nudge, i)) - fit) / nudge[i] for i in (0, 1)]
        lean = solve_triangular(factor, np.stack(slopes, 1), lower=True)
        pull = solve_triangular(factor, rest, lower=True)
        cov = np.linalg.inv(lean.T @ lean + np.diag([1e-9, 0.05]))
        step = cov @ (lean.T @ pull)
        step *= min(1.0, 1.0 / max(abs(step[1]), 1e-9), 1800.0 / max(abs(step[0]), 1e-9))
        point = point + step
        point[0] = np.clip(point[0], binned.window.t_s[0], binned.window.t_s[-1] - 2 * binned.facts.cadence_s)
    return point, cov


def _moved(point: Array, nudge: Array, which: int) -> tuple[Array, Array]:
    moved = point.copy()
    moved[which] += nudge[which]
    return moved[0], np.exp(moved[1])


def compensated(window: Window, law: GasLaw, facts: LoopFacts, shift_Pa: Array) -> tuple[Array, Array, Array, Array]:
    """In bins: time, what the codes say beyond the tight loop, the Cholesky factor of its covariance, and the tight pressure.

    `shift_Pa` (n,) is the change that the codes are read at: a smooth guess.
    """
    binned = Binned(window, law, facts)
    tight = binned.each("constant", float(window.t_s[-1]), 0.0)
    rest, factor = binned.against(tight + shift_Pa)
    return binned.t_s, rest + binned.mean(shift_Pa), factor, binned.mean(tight)
