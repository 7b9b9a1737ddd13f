"""What would the pressure of a window be under any leak, and how far do its readings lie off? In bins, with the covariance of all that is unsure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import uniform_filter1d

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_cooling import LAG_AS_IT_GROWS, begun_ratio, expanding_K
from whipple.telemetry.gas_law import GasLaw, LoopFacts, volume_ratio
from whipple.telemetry.leak_bank import DRIFT_PA, LEVEL_PA
from whipple.telemetry.quantised import tabled_scores
from whipple.telemetry.thermometer_law import blind_walk_K

__all__ = ["LAWS", "Binned", "Window", "fallen_ratio", "leaking_Pa"]

#: How the leak goes on: at a constant rate, or through an orifice that follows the root of the pressure.
LAWS = ("constant", "orifice")
_MOST_BINS = 240
#: A fit that the running mean of so many bins leaves by this many steps of the sensors is too far off to read codes at.
_SMOOTH, _FAR_STEPS = 5, 0.5
#: A small change of a number of the law, to see what it does.
_NUDGE = 0.01


@dataclass(frozen=True)
class Window:
    """Even steps `t_s` (n,) with the followed temperatures of liquid and gas (n,) and the readings `pressure_Pa` (n_sensor, n), NaN unheard.

    `since_count` steps lie between the end of learning and the first of these; by `cold_ratio` (1 sigma) the gas may have been off the balance
    of a leak at its first rate then, for what went before. `blind_count` (n,): for how many steps no thermometer could be believed, None never.
    """

    t_s: Array
    liquid_K: Array
    gas_K: Array
    pressure_Pa: Array
    since_count: float = 0.0
    cold_ratio: float = 0.0
    blind_count: Array | None = None


def fallen_ratio(law: str, rate_per_s: Array, age_s: Array) -> Array:
    """Volume lost over the gas volume at charge, `age_s` after a hole opens: rate x age, or the closed form of dx/dt = rate/sqrt(1 + x).

    >>> fallen_ratio("orifice", np.array(1e-4), np.array([0.0, 1e4])).round(4).tolist()
    [0.0, 0.842]
    """
    grown = rate_per_s * np.maximum(age_s, 0.0)
    return np.asarray(grown if law == "constant" else (1 + 1.5 * grown) ** (2 / 3) - 1)


def leaking_Pa(law: GasLaw, facts: LoopFacts, lost_ratio: Array, liquid_K: Array, gas_K: Array) -> Array:
    """Pressure when `lost_ratio` (over the gas volume at charge) has gone, at these temperatures; everything broadcasts."""
    return np.asarray(law.level_Pa * gas_K / law.temperature_K / volume_ratio(law, facts, liquid_K, lost_ratio))


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
        return self.binned_Pa(fallen_ratio(name, np.asarray(rate_per_s)[..., None], age_s))

    def each(self, name: str, onset_s: float, rate_per_s: float) -> Array:
        """Pressure (n,) of one leak at every step."""
        age_s = self.at_clock(name, self.window.t_s) - self.at_clock(name, np.asarray(onset_s))
        return self.lost_Pa(fallen_ratio(name, np.asarray(rate_per_s), age_s))

    def compared(self, name: str, point: Array) -> tuple[Array, Array]:
        """`near` the leak of onset and log rate `point` (2,)."""
        fit = self.each(name, point[0], np.exp(point[1]))
        age_s = (self.t_s if name == "constant" else self.clock_s) - self.at_clock(name, np.asarray(point[0]))
        return self.near(fit, self.unknown_Pa(fallen_ratio(name, np.exp(point[1]), age_s)))

    def lost_Pa(self, lost: Array) -> Array:
        """Pressure (n,) when `lost` (n,) over the gas volume at charge has gone."""
        one, step_s = self.window, self.facts.cadence_s
        gas = self._expanded_K(self.law, lost, (one.liquid_K, one.gas_K, step_s))
        return leaking_Pa(self.law, self.facts, lost, one.liquid_K, gas)

    def binned_Pa(self, lost: Array, law: GasLaw | None = None) -> Array:
        """The same in the middle of the bins, of many leaks at once (..., n_bin); as another `law` has it, if told."""
        law = law or self.law
        gas = self._expanded_K(law, lost, (self.liquid_K, self.gas_K, self.step_s))
        return leaking_Pa(law, self.facts, lost, self.liquid_K, gas)

    def push_Pa(self, lost: Array) -> Array:
        """Pascal for one more lost (n_bin,) before the gas cools, when `lost` (n_bin,) has gone."""
        gas = self._expanded_K(self.law, lost, (self.liquid_K, self.gas_K, self.step_s))
        at = [leaking_Pa(self.law, self.facts, lost + more, self.liquid_K, gas) for more in (1e-5, 0.0)]
        return np.asarray((at[0] - at[1]) / 1e-5)

    @property
    def step_s(self) -> float:
        """Width of a bin."""
        return self.size * self.facts.cadence_s

    def _expanded_K(self, law: GasLaw, lost: Array, seen: tuple[Array, Array, float]) -> Array:
        """Temperature of the gas while `lost` goes: what the followed one (of a tight loop) becomes by it, and by another `law`."""
        liquid_K, gas_K, step_s = seen
        tight = np.zeros(liquid_K.size)
        rate = (lost[..., 1] - lost[..., 0]) / step_s
        ratio = begun_ratio(law, lost[..., 0], rate)
        even = expanding_K(self.law, self.facts, liquid_K, tight, (gas_K[0], 1.0, step_s))
        return np.asarray(gas_K + expanding_K(law, self.facts, liquid_K, lost, (gas_K[0], ratio, step_s)) - even)

    def _covariance(self) -> Array:
        """Of the bins, without the codes and the law: temperature error and what the gas makes of it, level and drift."""
        law, walk, reading = self.law, self.law.walk_K, self.law.reading_K
        ahead = (walk**2 + np.sqrt(walk**4 + 4 * walk**2 * reading**2)) / 2
        gain = ahead / (ahead + reading**2)
        liquid = gain * reading**2 * _bin_memory(1 - gain, self.size, self.count)
        if self.window.blind_count is not None:
            liquid = liquid + self._strayed_K2(self.window.blind_count)
        keep = float(np.exp(-self.step_s / law.lag_s))
        lag = np.tril((1 - keep) * keep ** np.abs(np.subtract.outer(np.arange(self.count), np.arange(self.count))))
        tight = self.binned_Pa(np.zeros(self.count))
        warms = law.cools_ratio * law.couple_per_K
        through = np.diag(tight * (law.couple_per_K + warms)) + (tight * (1 / law.temperature_K - warms))[:, None] * lag
        age = self.window.since_count + self.size * np.arange(self.count)
        return np.asarray(through @ liquid @ through.T + LEVEL_PA**2 + DRIFT_PA**2 * np.minimum.outer(age, age))

    def _strayed_K2(self, blind: Array) -> Array:
        """Covariance of what the liquid may have strayed in stretches without a thermometer, `blind` (n,) steps long so far: a walk from the
        first step of each."""
        steps = blind[: self.kept].reshape(self.count, self.size)
        place = self.size - 1 - np.argmax(steps[:, ::-1] > 0, axis=1)
        long = steps[np.arange(self.count), place]
        begun = np.arange(self.count) * self.size + place - long
        return np.asarray(blind_walk_K(self.facts) ** 2 * np.minimum.outer(long, long) * (begun[:, None] == begun))

    def unknown_Pa(self, lost: Array) -> Array:
        """What the errors of the law make of the pressure while `lost` (n_bin,) goes, columns of 1 sigma (n_bin, 4): coupling, lag and cooling as
        they were learned together, and the lag of a gas that expands."""
        law, tight = self.law, np.zeros(self.count)
        nudged = (
            replace(law, couple_per_K=law.couple_per_K * (1 + _NUDGE)),
            replace(law, lag_s=law.lag_s * (1 + _NUDGE)),
            replace(law, cools_ratio=law.cools_ratio + _NUDGE),
        )
        fit = self.binned_Pa(lost)
        slopes = np.stack([(self.binned_Pa(lost, one) - fit) / _NUDGE for one in nudged], 1)
        still = (self.binned_Pa(tight, nudged[1]) - self.binned_Pa(tight)) / _NUDGE
        grows = slopes[:, 1] - still * fit / self.binned_Pa(tight)
        known = np.linalg.cholesky(law.known_ratio2[1:, 1:] + 1e-12 * np.eye(3))
        return np.column_stack([slopes @ known, grows * float(LAG_AS_IT_GROWS)])

    def near(self, fit: Array, unknown_Pa: Array) -> tuple[Array, Array]:
        """`against` the fit; where the readings lie so far off it that codes cannot be read there, read at their own running mean."""
        each = self.window.pressure_Pa - self.law.bias_Pa[:, None] - fit
        heard = np.isfinite(each)
        known = heard.any(0)
        off = np.where(heard, each, 0.0).sum(0)[known] / heard.sum(0)[known]
        if not known.any():
            return self.against(fit, unknown_Pa)
        shift = uniform_filter1d(self.mean(np.interp(self.window.t_s, self.window.t_s[known], off)), _SMOOTH)
        if np.abs(shift).max() < _FAR_STEPS * self.facts.step_Pa:
            return self.against(fit, unknown_Pa)
        rest, factor = self.against(fit + np.interp(self.window.t_s, self.t_s, shift), unknown_Pa)
        return rest + shift, factor

    def against(self, fit: Array, unknown_Pa: Array) -> tuple[Array, Array]:
        """Residual (n_bin,) of the codes against the fit (n,), and the Cholesky factor of its covariance, which shrinks with the pressure;
        `unknown_Pa` (n_bin, m) are 1 sigma each of what else is not known."""
        off = self.window.pressure_Pa - fit - self.law.bias_Pa[:, None]
        heard = np.isfinite(off)
        slope, information = tabled_scores(np.where(heard, off, 0.0), self.facts.step_Pa, self.law.noise_Pa)
        total = np.maximum(self.mean((information * heard).sum(0)) * self.size, 1e-12)
        rest = self.mean((slope * heard).sum(0)) * self.size / total
        less = self.mean(fit) / self.binned_Pa(np.zeros(self.count))
        cov = self.slow * np.outer(less, less) + unknown_Pa @ unknown_Pa.T + np.diag(1 / total)
        return rest, np.asarray(np.linalg.cholesky(cov))


def _bin_memory(stays: float, size: int, count: int) -> Array:
    """Correlation of bin means of a process whose neighbours correlate by `stays`."""
    place = np.arange(size)
    near = float((stays ** np.abs(np.subtract.outer(place, place))).mean())
    reach = float((stays ** (place - (size - 1) / 2)).mean() * (stays ** ((size - 1) / 2 - place)).mean())
    apart = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    return np.where(apart == 0, near, reach * stays ** (apart * float(size)))
